/** The fourteen optional data: each sent or not, saved at once, beside an example of what leaves the shop. */
import { Checkbox, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrapVersioned, type Versioned } from "@/api/client";
import { Probleme } from "@/api/problemes";
import { cles } from "@/api/requetes";
import type { ChampFacultatif, Magasin, Transmission } from "@/api/types";
import { fieldId } from "@/champs/pointeur";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { mayManage, useSession } from "@/session/contexte";
import type { Formulaire } from "../mutuelles/brouillon";
import { FACULTATIFS } from "../mutuelles/mots";
import { apercu, SENS } from "./apercu";
import classes from "./Reglages.module.css";

interface Changement {
  champ: ChampFacultatif;
  envoye: boolean;
}

const CHAMPS = Object.keys(FACULTATIFS) as ChampFacultatif[];

export function Transmis({ magasin, form }: { magasin: Magasin; form: Formulaire<Magasin> }) {
  const client = useQueryClient();
  const fige = !mayManage(useSession());
  // What is being saved shows as it was clicked; what could not be saved goes back by itself.
  const [enCours, setEnCours] = useState<Partial<Transmission>>({});

  const ecrire = async ({ champ, envoye }: Changement): Promise<Versioned<Magasin>> => {
    const lire = () => unwrapVersioned<Magasin>(api.GET("/v1/magasin"));
    const poser = ({ value, etag }: Versioned<Magasin>) =>
      unwrapVersioned<Magasin>(
        api.PUT("/v1/magasin/transmission", {
          params: { header: { "If-Match": etag } },
          body: { ...value.transmission, [champ]: envoye },
        }),
      );
    const connu = client.getQueryData<Versioned<Magasin>>(cles.magasin) ?? (await lire());
    try {
      const ecrit = await poser(connu);
      // The identity being typed in the other tab is of this shop still: only its switches changed.
      form.rebaser(ecrit.etag, connu.etag);
      return ecrit;
    } catch (error) {
      // Somebody changed the shop meanwhile: this one switch is set over what stands there now.
      if (error instanceof Probleme && error.status === 412) return poser(await lire());
      throw error;
    }
  };
  const reglage = useMutation({
    mutationFn: ecrire,
    // One after the other: each needs the version that the one before it made.
    scope: { id: "transmission" },
    onMutate: ({ champ, envoye }) => setEnCours((avant) => ({ ...avant, [champ]: envoye })),
    onSuccess: (ecrit, { champ, envoye }) => {
      client.setQueryData(cles.magasin, ecrit);
      void client.invalidateQueries({ queryKey: ["dossiers"] });
      announce(`« ${FACULTATIFS[champ]} » ${envoye ? "est transmis" : "n'est plus transmis"}.`);
    },
    onSettled: (_ecrit, _error, { champ }) =>
      setEnCours((avant) => Object.fromEntries(Object.entries(avant).filter(([cle]) => cle !== champ))),
  });

  const transmission: Transmission = { ...magasin.transmission, ...enCours };
  const envoyes = CHAMPS.filter((champ) => transmission[champ]).length;
  return (
    <>
      <Text mb="sm" maw={900}>
        Ces données sont facultatives, mais certaines mutuelles en ont besoin pour une demande de prise en charge : le choix de la mutuelle
        et la fiche de la demande le disent. Chaque case est enregistrée aussitôt. Transmettre une donnée de plus demande un nouveau
        consentement signé.
      </Text>
      <Erreur error={reglage.error} onRetry={() => reglage.variables && reglage.mutate(reglage.variables)} />
      <div className={classes.deux}>
        <Table className={classes.transmis} verticalSpacing={3} highlightOnHover>
          <Table.Caption className="invisible">Les quatorze données facultatives</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Champ</Table.Th>
              <Table.Th scope="col">Transmis</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {CHAMPS.map((champ) => {
              const id = fieldId(`/magasin/transmission/${champ}`);
              return (
                <Table.Tr key={champ}>
                  <Table.Th scope="row" fw={400}>
                    <label htmlFor={id} className={classes.champ} data-fige={fige || undefined}>
                      {FACULTATIFS[champ]}
                    </label>
                    <Text size="xs" c="dimmed" id={`${id}-sens`}>
                      {SENS[champ]}
                    </Text>
                  </Table.Th>
                  <Table.Td>
                    <Checkbox
                      id={id}
                      aria-describedby={`${id}-sens`}
                      checked={transmission[champ]}
                      disabled={fige}
                      onChange={(event) => reglage.mutate({ champ, envoye: event.currentTarget.checked })}
                    />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        <section className={classes.apercu} aria-label="Ce qui est envoyé, sur un exemple">
          <Text component="h2" fw={650}>
            Ce qui est envoyé
          </Text>
          <Text size="sm" c="dimmed" role="status">
            Exemple d'une cliente imaginaire : {envoyes} données facultatives sur {CHAMPS.length}.
          </Text>
          <div className={classes.sections}>
            {apercu(magasin, transmission).map(({ titre, donnees }) => (
              <div key={titre} className={classes.section}>
                <h3>{titre}</h3>
                <dl>
                  {donnees.map(({ nom, valeur, champ }) => (
                    <div
                      key={nom}
                      className={champ && champ === reglage.variables?.champ ? `${classes.donnee} ${classes.change}` : classes.donnee}
                    >
                      <dt>{nom}</dt>
                      <dd>{valeur}</dd>
                    </div>
                  ))}
                </dl>
              </div>
            ))}
          </div>
          <Text size="xs" c="dimmed" mt="sm">
            Les corrections (sphère, cylindre, axe) et les lignes occultées ne sont jamais envoyées.
          </Text>
        </section>
      </div>
    </>
  );
}
