/**
 * « Consentement de prise en charge » in the three steps of the manual: print, have it signed, tick.
 *
 * What is printed and signed is the saved dossier, so it is saved before. A signature is never taken back here: it ends by itself when the mutuelle or the
 * data sent change, and the server says so (`raison`).
 */
import "@mantine/core/styles/InlineInput.css";
import { Checkbox, Group, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, newKey, unwrapVersioned, type Versioned } from "@/api/client";
import { showDocument } from "@/api/documents";
import { maintenant } from "@/api/horloge";
import { byField, Probleme } from "@/api/problemes";
import type { Dossier } from "@/api/types";
import { ChampDate } from "@/champs/champs";
import { fieldId } from "@/champs/pointeur";
import { montrerIllisible } from "@/champs/Saisie";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { dateParis, instant, jour } from "@/format/format";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { type Enregistrer, enregistre, noteDossier } from "./ordres";
import { useNonEnregistre } from "./useNonEnregistre";

/** The id of the box, to which « ce qui manque » leads. */
export const CHAMP_CONSENTEMENT = fieldId("/consentement");

interface Props {
  dossier: Versioned<Dossier>;
  equipement: number;
  enregistrer: Enregistrer;
  /** Whether a PEC can still be asked for this equipment: else nothing more is to be signed for it. */
  demandable: boolean;
}

export function Consentement({ dossier, equipement, enregistrer, demandable }: Props) {
  const session = useSession();
  const client = useQueryClient();
  const { id, consentement, tiers_payant } = dossier.value;
  const [signe, setSigne] = useState<string | null>(() => dateParis(new Date(maintenant())));
  const [imprime, setImprime] = useState<string | null>(null);
  const [key, setKey] = useState(newKey);
  const etapes = useRef<HTMLOListElement>(null);
  const imprimeLe = imprime ?? consentement.imprime_le;

  const impression = useMutation({
    mutationFn: () => {
      const path = `/v1/dossiers/${id}/documents/consentement.pdf?equipement=${equipement}`;
      return showDocument(enregistre(enregistrer).then(() => path));
    },
    // The dossier's version does not change by printing: that it was printed is noted here until the dossier is read for another reason.
    onSuccess: () => setImprime(new Date(maintenant()).toISOString()),
  });
  const signature = useMutation({
    mutationFn: async () => {
      await enregistre(enregistrer);
      const params = { path: { id }, header: { "Idempotency-Key": key } };
      const body = { signe_le: signe ?? dateParis(new Date(maintenant())), canal: "PAPIER" as const };
      return unwrapVersioned<Dossier>(api.POST("/v1/dossiers/{id}/consentement", { params, body }));
    },
    onSuccess: async (next) => {
      setKey(newKey());
      announce("Consentement enregistré.");
      await noteDossier(client, next);
    },
  });

  useNonEnregistre(dossier, impression, signature);

  const fautes = signature.error instanceof Probleme ? byField(signature.error.erreurs) : new Map<string, string>();
  const dateLue = () => etapes.current !== null && !montrerIllisible(etapes.current);
  const vendeur = maySell(session) ? null : RESERVE_OPTICIEN;
  const empeche = vendeur ?? (tiers_payant?.mutuelle_id ? null : "Choisissez d'abord la mutuelle : le consentement la nomme.");
  const { valide } = consentement;
  return (
    <section className={classes.bloc} aria-label="Consentement de prise en charge">
      <Title order={2} size="h5">
        Consentement de prise en charge
      </Title>
      <ol ref={etapes} className={classes.etapes}>
        <li>
          <div>
            <Action
              size="xs"
              variant={imprimeLe || valide ? "default" : "filled"}
              leftSection={<IconPrinter size={16} aria-hidden />}
              empeche={empeche}
              loading={impression.isPending}
              onClick={() => !impression.isPending && impression.mutate()}
            >
              Imprimer le consentement
            </Action>
            {imprimeLe && <div className={classes.quand}>Imprimé le {instant(imprimeLe)}</div>}
            {consentement.reference && <div className={classes.quand}>Référence du papier : {consentement.reference}</div>}
          </div>
        </li>
        <li>
          <span>Faites signer le client ; gardez le papier.</span>
        </li>
        <li>
          <Group gap="md" align="center" mih={28}>
            <Checkbox
              id={CHAMP_CONSENTEMENT}
              label="Consentement signé"
              checked={valide || signature.isPending}
              aria-disabled={valide || empeche !== null}
              error={fautes.get("/consentement") ?? fautes.get("/canal")}
              onChange={() => !valide && empeche === null && !signature.isPending && dateLue() && signature.mutate()}
            />
            {!valide && empeche === null && (
              <ChampDate
                label="Signé le"
                classNames={{ root: classes.enLigne }}
                size="xs"
                valeur={signe}
                onValeur={setSigne}
                error={fautes.get("/signe_le")}
                id={fieldId("/signe_le")}
              />
            )}
          </Group>
        </li>
      </ol>
      <div role="status">
        {valide && consentement.signe_le && <p className={classes.pret}>Signé le {jour(consentement.signe_le)} : vous pouvez demander.</p>}
        {!valide && demandable && consentement.raison && <p style={{ margin: 0 }}>{consentement.raison}</p>}
      </div>
      <Erreur error={impression.error} onRetry={() => impression.mutate()} />
      <Erreur error={signature.error} onRetry={() => signature.mutate()} />
    </section>
  );
}
