/** What was answered: a refusal with its words and what to do, a wait with its delay, an agreement with its amounts. */
import { Anchor, Button, Table, Title } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { saveFile } from "@/api/documents";
import type { Demande, Equipement } from "@/api/types";
import { Action } from "@/composants/Action";
import { Erreur } from "@/composants/Erreur";
import { instant, jour, montant } from "@/format/format";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { depuis, envoye } from "./envoye";
import { aDesMontants, montants } from "./montants";
import { motDuCredit } from "./mots";
import { cheminDuChamp, cible } from "./suivi";

interface Props {
  demande: Demande;
  /** The equipment as it stands in the dossier; `null` if it is not there any more, `undefined` without the dossier. */
  equipement: Equipement | null | undefined;
  onChamp?: (pointeur: string) => void;
}

export function Reponse({ demande, equipement, onChamp }: Props) {
  const { etat } = demande;
  return (
    <>
      {(etat === "REFUSEE" || etat === "NON_TRANSMISE") && <Refus demande={demande} onChamp={onChamp} />}
      {(etat === "EN_ATTENTE" || etat === "A_VERIFIER" || etat === "ANNULATION_EN_COURS") && <Attente demande={demande} />}
      {demande.effacee_le && (
        <p>
          Les données personnelles de cette demande ont été effacées le {instant(demande.effacee_le)} : il n'en reste que les montants et
          les dates.
        </p>
      )}
      {(aDesMontants(demande) || demande.repondue_le) && etat !== "REFUSEE" && etat !== "NON_TRANSMISE" && (
        <Accord demande={demande} equipement={equipement} />
      )}
      <Brut demande={demande} />
    </>
  );
}

function Messages({ demande }: { demande: Demande }) {
  const { message_plateforme, message_mutuelle, que_faire, code_rejet } = demande;
  if (!message_plateforme && !message_mutuelle && !que_faire) return null;
  const code = code_rejet ? ` (${code_rejet})` : "";
  return (
    <dl className={classes.messages}>
      {message_plateforme && (
        <div>
          <dt>Message plateforme{code}</dt>
          <dd className={classes.mot}>{message_plateforme}</dd>
        </div>
      )}
      {message_mutuelle && (
        <div>
          <dt>Message mutuelle{code}</dt>
          <dd className={classes.mot}>{message_mutuelle}</dd>
        </div>
      )}
      {que_faire && (
        <div>
          <dt>Que faire ?</dt>
          <dd>{que_faire}</dd>
        </div>
      )}
    </dl>
  );
}

function titreDuRefus({ etat, message_plateforme, message_mutuelle }: Demande): string {
  if (etat === "NON_TRANSMISE") return "La demande n'est pas arrivée : vous pouvez la refaire";
  if (message_plateforme) return "Refusée par la plateforme : la mutuelle n'a rien reçu";
  return message_mutuelle ? "Refusée par la mutuelle" : "Refusée";
}

function Refus({ demande, onChamp }: { demande: Demande; onChamp?: (pointeur: string) => void }) {
  const [, navigate] = useLocation();
  const { champ_a_corriger: champ, effacee_le } = demande;
  const lieu = champ && !effacee_le ? cible(champ) : null;
  const go = () => {
    if (!lieu) return;
    if (lieu.ou === "page") navigate(lieu.chemin);
    else if (onChamp) onChamp(lieu.pointeur);
    else navigate(cheminDuChamp(demande.dossier_id, demande.equipement, lieu.pointeur));
  };
  return (
    <section className={`${classes.bloc} ${classes.refus}`} aria-label="Refus">
      <Title order={2} size="h5">
        {titreDuRefus(demande)}
      </Title>
      <Messages demande={demande} />
      <p>{motDuCredit(demande)}</p>
      {lieu && (
        <Button mt="xs" size="xs" rightSection={<IconArrowRight size={16} aria-hidden />} onClick={go}>
          Aller au champ à corriger
        </Button>
      )}
    </section>
  );
}

function Attente({ demande }: { demande: Demande }) {
  const { etat, delai_heures, prochaine_actualisation, evenements } = demande;
  const doute = evenements?.findLast(({ quoi }) => quoi === "A_VERIFIER")?.detail;
  return (
    <section className={`${classes.bloc} ${classes.attente}`} aria-label="Attente">
      {etat === "EN_ATTENTE" && (
        <p>
          La mutuelle étudie la demande{delai_heures === null ? "" : ` et annonce un délai de ${delai_heures} h`}. Passé ce délai, sa
          réponse finale s'obtient par « Actualiser ».
        </p>
      )}
      {etat === "A_VERIFIER" && (
        <p>
          {doute ?? "Aucune certitude automatique n'est possible : une personne doit vérifier auprès de la mutuelle."}
          {!demande.que_faire && " Le gérant enregistre ensuite sa réponse (« Décider »). Ne renvoyez pas la demande."}
        </p>
      )}
      {etat === "ANNULATION_EN_COURS" && (
        <p>L'annulation est demandée ; tant que la mutuelle ne l'a pas confirmée, la prise en charge compte encore.</p>
      )}
      {prochaine_actualisation && <p className={classes.quand}>Prochaine vérification automatique : {instant(prochaine_actualisation)}.</p>}
      <Messages demande={demande} />
    </section>
  );
}

function Accord({ demande, equipement }: { demande: Demande; equipement: Equipement | null | undefined }) {
  const { etat, montant_global_centimes, montant_non_reparti_centimes } = demande;
  const granted = etat === "ACCORDEE" || etat === "ACCORDEE_SOUS_RESERVE";
  // Today's prices say nothing of what was answered.
  const copie = envoye(demande, equipement);
  const somme = montants(demande, copie);
  return (
    <section className={granted ? `${classes.bloc} ${classes.accord}` : classes.bloc} aria-label="Réponse de la mutuelle">
      {etat === "ACCORDEE_SOUS_RESERVE" && (
        <p>
          <strong>Accord sous réserve :</strong> la mutuelle attend encore des pièces.
        </p>
      )}
      {granted && <Messages demande={demande} />}
      <dl className={classes.faits}>
        <Fait nom="Référence dossier" valeur={demande.reference_dossier} />
        <Fait nom="N° de PEC" valeur={demande.numero_pec} />
        <Fait nom="Date de PEC" valeur={jour(demande.date_pec)} />
        <Fait nom="Valable jusqu'au" valeur={jour(demande.expire_le)} />
        <Fait nom="Montant global" valeur={montant_global_centimes === null ? null : montant(montant_global_centimes)} />
        <Fait
          nom="Montant non réparti"
          valeur={
            montant_non_reparti_centimes ? `${montant(montant_non_reparti_centimes)} : plus que ce que les lignes peuvent recevoir` : null
          }
        />
      </dl>
      {aDesMontants(demande) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section className="defile" tabIndex={0} aria-label="Montants par ligne">
          <Table mt="sm" verticalSpacing={4} fz="sm">
            <Table.Caption>
              {granted ? "Montants accordés" : "Montants de la réponse"}, lignes envoyées à la mutuelle (les lignes occultées n'y sont pas)
            </Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Désignation</Table.Th>
                {copie && (
                  <>
                    <Table.Th scope="col" className="num">
                      Total
                    </Table.Th>
                    <Table.Th scope="col" className="num">
                      Sécu
                    </Table.Th>
                  </>
                )}
                <Table.Th scope="col" className="num">
                  Compl.
                </Table.Th>
                {copie && (
                  <Table.Th scope="col" className="num">
                    Reste à charge
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {somme.lignes.map(({ numero, designation, valeur, ro, rc, reste }) => (
                <Table.Tr key={numero}>
                  <Table.Td>{designation}</Table.Td>
                  {copie && <Table.Td className="num">{montant(valeur)}</Table.Td>}
                  {copie && <Table.Td className="num">{montant(ro)}</Table.Td>}
                  <Table.Td className="num">{montant(rc)}</Table.Td>
                  {copie && <Table.Td className="num">{montant(reste)}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
            <Table.Tfoot>
              <Table.Tr>
                <Table.Th scope="row">Total</Table.Th>
                {copie && <Table.Th className="num">{montant(somme.valeur)}</Table.Th>}
                {copie && <Table.Th className="num">{montant(somme.ro)}</Table.Th>}
                <Table.Th className="num">{montant(somme.rc)}</Table.Th>
                {copie && <Table.Th className="num">{montant(somme.reste)}</Table.Th>}
              </Table.Tr>
            </Table.Tfoot>
          </Table>
        </section>
      )}
      {!demande.effacee_le && depuis(demande, equipement) === "CHANGE" && <p>L'équipement a changé depuis cette demande.</p>}
      {!demande.effacee_le && !copie && aDesMontants(demande) && (
        <p className={classes.quand}>Le prix des lignes envoyées et le reste à charge sont sur la réponse imprimée.</p>
      )}
    </section>
  );
}

function Fait({ nom, valeur }: { nom: string; valeur: string | null }) {
  if (!valeur) return null;
  return (
    <div>
      <dt>{nom}</dt>
      <dd>{valeur}</dd>
    </div>
  );
}

function Brut({ demande }: { demande: Demande }) {
  const session = useSession();
  const [error, setError] = useState<unknown>(null);
  // An answer that nobody could use left one of these behind.
  const strange = demande.evenements?.some(({ quoi }) => quoi === "SANS_REPONSE" || quoi === "A_VERIFIER" || quoi === "REPONSE_ECARTEE");
  if (demande.effacee_le || (!demande.texte_brut && !strange)) return null;
  return (
    <details className={classes.depli}>
      <summary>Réponse brute de la plateforme</summary>
      {demande.texte_brut && <pre className={classes.brut}>{demande.texte_brut}</pre>}
      <Action
        size="xs"
        mt="xs"
        variant="default"
        empeche={mayManage(session) ? null : RESERVE_GERANT}
        onClick={() => {
          setError(null);
          saveFile(`/v1/demandes/${demande.id}/brut`).catch(setError);
        }}
      >
        Voir la réponse brute
      </Action>
      <Erreur error={error} />
    </details>
  );
}

/** Where one comes from and goes to: the cotation that a PEC was made of. */
export function Origine({ demande }: { demande: Demande }) {
  if (!demande.issue_de) return null;
  return (
    <p>
      Issue d'une cotation :{" "}
      <Anchor component={Link} href={`/demandes/${demande.issue_de}`} underline="always" fz="inherit">
        voir la cotation
      </Anchor>
      .
    </p>
  );
}
