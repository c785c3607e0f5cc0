/** The dossiers that name a client. */
import { Erreur } from "@/composants/Erreur";
import classes from "@/ecrans/dossier/dossier.module.css";
import { useDossiersDuClient } from "@/ecrans/dossier/requetes";
import { TableDossiers } from "./TableDossiers";

export function DossiersDuClient({ id }: { id: string }) {
  const { data, error, refetch } = useDossiersDuClient(id);
  return (
    <section className={classes.bloc} aria-labelledby="titre-dossiers">
      <h2 id="titre-dossiers">Dossiers</h2>
      <Erreur error={error} onRetry={() => void refetch()} />
      {data?.length === 0 && <p style={{ margin: 0 }}>Aucun dossier pour l'instant.</p>}
      {data && data.length > 0 && <TableDossiers titre="Dossiers du client" dossiers={data} avecPersonne={false} />}
    </section>
  );
}
