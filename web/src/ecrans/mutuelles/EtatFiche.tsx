/** Above a form over one thing of the API: what was typed came back, somebody else was faster (412), or what the server refused. */
import { Alert } from "@mantine/core";
import type { Versioned } from "@/api/client";
import { Probleme } from "@/api/problemes";
import type { Formulaire } from "./brouillon";
import { ChampsRefuses } from "./ChampsRefuses";
import { Depassee } from "./Depassee";

interface Props {
  form: Pick<Formulaire<unknown>, "repris" | "oublier" | "rebaser">;
  /** The save, over the version with this tag. */
  enregistrement: { error: unknown; reset: () => void; mutate: (etag: string) => void };
  /** Reads what the server has now. */
  relire: () => Promise<Pick<Versioned<unknown>, "etag">>;
  enregistrer: () => void;
  /** What giving up leads back to. */
  revenir: string;
}

export function EtatFiche({ form, enregistrement, relire, enregistrer, revenir }: Props) {
  const { error } = enregistrement;
  return (
    <>
      {form.repris && (
        <Alert color="cyan" mb="md" role="status" title="Votre saisie non enregistrée a été reprise">
          Enregistrez-la, ou abandonnez-la pour revenir à {revenir}.
        </Alert>
      )}
      {error instanceof Probleme && error.status === 412 ? (
        <Depassee
          onReprendre={() =>
            relire().then(() => {
              form.oublier();
              enregistrement.reset();
            })
          }
          onRemplacer={() =>
            relire().then(({ etag }) => {
              form.rebaser(etag);
              enregistrement.mutate(etag);
            })
          }
        />
      ) : (
        <ChampsRefuses error={error} onRetry={enregistrer} />
      )}
    </>
  );
}
