/**
 * The six things that can be done with a demande: all in view, each off with its reason where the server does not allow it.
 *
 * Every order has a key that stays the same when it is repeated: for those without a form it follows from what is on the screen, for the others it is
 * made when the form opens, and kept with what is typed there.
 */
import { Anchor, Button, Group, Modal, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconArrowRight, IconFileImport, IconGavel, IconPrinter, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { newKey, type Versioned } from "@/api/client";
import { showDocument } from "@/api/documents";
import { byField, Probleme } from "@/api/problemes";
import { useDemandesDuDossier, useVerification } from "@/api/requetes";
import type { Demande, Dossier, Envoi, Equipement } from "@/api/types";
import { ChampMontant } from "@/champs/champs";
import { fieldId } from "@/champs/pointeur";
import { montrerIllisible } from "@/champs/Saisie";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { usePresent } from "@/composants/usePresent";
import { ChampsRefuses } from "@/ecrans/mutuelles/ChampsRefuses";
import { instant, montant } from "@/format/format";
import { dropDraft, keepDraft, readDraft } from "@/session/brouillons";
import { useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { depuis, envoye, equipementDe, valeur } from "./envoye";
import { Fautes } from "./Fautes";
import { A_CHANGE, avecPrix, compteEncore, empechement, enEnvoi, LaDemande, laDemande } from "./mots";
import { actualiser, annuler, decider, type Enregistrer, enregistre, noteDemande, noteDossier, transferer, transformer } from "./ordres";
import { cleTransformation, deLEquipement, pecVivante } from "./suivi";
import { useNonEnregistre } from "./useNonEnregistre";

type Ordre = "ANNULER" | "DECIDER";

interface BrouillonOrdre<T> {
  ordre: Ordre;
  key: string;
  saisie: T;
}

/** What is typed in the form of an order about the demande `id`. */
export const nomDuBrouillon = (id: string): string => `ordre:${id}`;

interface Props {
  demande: Demande;
  dossier: Versioned<Dossier> | undefined;
  /** Saves what is typed in the dossier that is on the screen. */
  enregistrer?: Enregistrer;
  onChamp?: (pointeur: string) => void;
  /** A PEC was made of this cotation. */
  onNouvelle: (demande: Demande) => void;
}

export function Actions({ demande, dossier, enregistrer, onChamp, onNouvelle }: Props) {
  const session = useSession();
  const client = useQueryClient();
  const present = usePresent();
  const [form, setForm] = useState<Ordre | null>(() => {
    const ordre = readDraft<BrouillonOrdre<unknown>>(nomDuBrouillon(demande.id))?.ordre;
    return ordre && demande.actions.includes(ordre) ? ordre : null;
  });
  const opener = useRef<Element | null>(null);
  const open = (which: Ordre) => {
    opener.current = document.activeElement;
    setForm(which);
  };
  const close = () => {
    dropDraft(nomDuBrouillon(demande.id));
    setForm(null);
    // The dialog is gone only after this event.
    setTimeout(() => opener.current instanceof HTMLElement && opener.current.focus());
  };
  const { id, version } = demande;
  // A form that the demande does not allow any more: nobody could give the order, or give it up.
  useEffect(() => {
    if (form === null) dropDraft(nomDuBrouillon(id));
  }, [form, id]);
  const demandes = deLEquipement(useDemandesDuDossier(demande.dossier_id).data ?? [], demande.equipement);
  const prix = useVerification(dossier, demande.equipement, "PEC", demande.actions.includes("TRANSFORMER")).data?.prix;

  const actualisation = useMutation({
    mutationFn: () => actualiser(id, `actualisation-${id}-${version}`),
    onSuccess: async (next) => {
      announce("Actualisation demandée.");
      await noteDemande(client, next);
    },
  });
  const transfert = useMutation({
    mutationFn: () => transferer(id, `transfert-${id}-${version}`),
    onSuccess: async (next) => {
      announce("Montants transférés vers le dossier.");
      await noteDossier(client, next);
      await client.invalidateQueries({ queryKey: ["demandes"] });
    },
  });
  // What would be sent instead of what the cotation was about, until the person has said so.
  const [question, setQuestion] = useState<Equipement | null>(null);
  const transformation = useMutation({
    mutationFn: async ({ key, confirme }: { key: string; confirme: boolean }) => {
      const saved = enregistrer ? await enregistre(enregistrer) : dossier;
      const equipement = saved && equipementDe(demande, saved.value);
      if (!confirme && equipement && depuis(demande, equipement) !== "MEME") {
        setQuestion(equipement);
        return null;
      }
      return transformer(id, key);
    },
    onSuccess: async (next) => {
      if (next === null) return;
      announce(`${LaDemande(next.value)} est enregistrée et part.`);
      await noteDemande(client, next);
      if (present.current) onNouvelle(next.value);
    },
  });
  const impression = useMutation({ mutationFn: () => showDocument(`/v1/demandes/${id}/documents/reponse.pdf`) });
  useNonEnregistre(dossier, transformation);

  const mutations = [actualisation, transfert, transformation, impression];
  const busy = mutations.some(({ isPending }) => isPending);
  const echec = mutations.find(({ error }) => error !== null);
  const run = (mutation: (typeof mutations)[number], start: () => void) => {
    if (busy) return;
    for (const other of mutations) if (other !== mutation) other.reset();
    start();
  };
  const off = (action: Demande["actions"][number]) => empechement(action, demande, session);
  const change = depuis(demande, dossier && equipementDe(demande, dossier.value)) === "CHANGE";
  const sansTransfert = off("TRANSFERER") ?? (change ? A_CHANGE : null);
  const transfereLe = demande.evenements?.findLast(({ quoi }) => quoi === "TRANSFEREE")?.le;
  const autre = demandes.find(({ etat }) => etat === "EN_TRANSMISSION");
  const vivante = pecVivante(demandes);
  const sansTransformation =
    off("TRANSFORMER") ?? (autre ? enEnvoi(autre) : vivante ? compteEncore(vivante, session) : dossier ? null : "Le dossier se charge.");
  const enPec = (confirme: boolean) =>
    run(transformation, () => {
      setQuestion(null);
      transformation.mutate({ key: transformation.variables?.key ?? cleTransformation(id, demandes), confirme });
    });

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would ask for a legend in view */}
      <div role="group" aria-label={`Actions sur ${laDemande(demande)}`} className={classes.boutons}>
        <Action
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          empeche={off("ACTUALISER")}
          loading={actualisation.isPending}
          onClick={() => run(actualisation, actualisation.mutate)}
        >
          {demande.nature === "PEC" ? "Actualiser la prise en charge" : "Actualiser la cotation"}
        </Action>
        <Action
          size="xs"
          variant={sansTransfert === null && !transfereLe ? "filled" : "default"}
          leftSection={<IconFileImport size={16} aria-hidden />}
          empeche={sansTransfert}
          loading={transfert.isPending}
          onClick={() => run(transfert, transfert.mutate)}
        >
          Transférer vers le dossier
        </Action>
        <Action
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={16} aria-hidden />}
          empeche={off("IMPRIMER_REPONSE")}
          loading={impression.isPending}
          onClick={() => run(impression, impression.mutate)}
        >
          Imprimer la réponse
        </Action>
        <Action
          size="xs"
          variant="default"
          leftSection={<IconArrowRight size={16} aria-hidden />}
          empeche={sansTransformation}
          loading={transformation.isPending}
          onClick={() => enPec(false)}
        >
          {avecPrix("Transformer en PEC", prix)}
        </Action>
        <Action
          size="xs"
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          empeche={off("ANNULER")}
          onClick={() => open("ANNULER")}
        >
          Annuler la demande
        </Action>
        <Action
          size="xs"
          variant="default"
          leftSection={<IconGavel size={16} aria-hidden />}
          empeche={off("DECIDER")}
          onClick={() => open("DECIDER")}
        >
          Décider
        </Action>
      </div>
      {transfereLe && (
        <p className={classes.quand} style={{ margin: 0 }}>
          Montants transférés vers le dossier le {instant(transfereLe)}.
        </p>
      )}
      {echec && (
        <>
          <Erreur
            error={echec.error}
            onRetry={
              echec === transformation
                ? () => enPec(transformation.variables?.confirme ?? false)
                : () => run(echec, () => echec.mutate(undefined as never))
            }
          />
          {echec.error instanceof Probleme && echec.error.document.demande_id && (
            <Anchor component={Link} href={`/demandes/${echec.error.document.demande_id}`} underline="always">
              Voir la demande en cours
            </Anchor>
          )}
          {echec.error instanceof Probleme && echec.error.erreurs.length > 0 && (
            <Fautes erreurs={echec.error.erreurs} dossier={demande.dossier_id} equipement={demande.equipement} onChamp={onChamp} />
          )}
        </>
      )}
      {question && (
        <Dialogue titre={`Transformer ${laDemande(demande)} en PEC ?`} onClose={() => setQuestion(null)}>
          <Text size="sm">{ecart(demande, question)}</Text>
          <Group mt="md" justify="flex-end">
            <Button variant="default" onClick={() => setQuestion(null)}>
              Ne pas envoyer
            </Button>
            <Button data-autofocus onClick={() => enPec(true)}>
              {avecPrix("Envoyer la PEC", prix)}
            </Button>
          </Group>
        </Dialogue>
      )}
      {form === "ANNULER" && <FormulaireAnnulation demande={demande} onClose={close} />}
      {form === "DECIDER" && <FormulaireDecision demande={demande} onClose={close} />}
    </>
  );
}

/** What a PEC would ask for that the cotation did not. */
function ecart(cotation: Demande, maintenant: Equipement): string {
  const copie = envoye(cotation, maintenant);
  const prix = montant(valeur(maintenant));
  const combien = copie && valeur(copie) !== valeur(maintenant) ? ` : ${montant(valeur(copie))} alors, ${prix} maintenant` : "";
  const suite = `La PEC porte sur ce qui est dans le dossier maintenant : ${prix}.`;
  return depuis(cotation, maintenant) === "CHANGE"
    ? `L'équipement a changé depuis la cotation${combien}. ${suite}`
    : `L'équipement a pu changer depuis la cotation : comparez avec sa réponse imprimée. ${suite}`;
}

/** What is typed in the form of an order, kept in the tab until the order is given or given up. */
function useSaisie<T extends object>(demande: Demande, ordre: Ordre, vide: T) {
  const nom = nomDuBrouillon(demande.id);
  const [brouillon, setBrouillon] = useState<BrouillonOrdre<T>>(() => {
    const garde = readDraft<BrouillonOrdre<T>>(nom);
    return garde?.ordre === ordre ? garde : { ordre, key: newKey(), saisie: vide };
  });
  const poser = (change: Partial<T>) => {
    const next = { ...brouillon, saisie: { ...brouillon.saisie, ...change } };
    keepDraft(nom, next);
    setBrouillon(next);
  };
  return { ...brouillon, poser };
}

/** A dialog whose heading is no `<header>`: in a portal that would be a second banner of the page. */
function Dialogue({ titre, onClose, children }: { titre: string; onClose: () => void; children: ReactNode }) {
  return (
    <Modal.Root opened onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body pt="md">
          <Modal.Title mb="xs" fz="lg" fw={650}>
            {titre}
          </Modal.Title>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function FormulaireAnnulation({ demande, onClose }: { demande: Demande; onClose: () => void }) {
  const client = useQueryClient();
  const { key, saisie, poser } = useSaisie(demande, "ANNULER", { motif: "" });
  const { motif } = saisie;
  const [vide, setVide] = useState(false);
  const ordre = useMutation({
    mutationFn: () => annuler(demande.id, motif.trim(), key),
    onSuccess: async (next) => {
      announce("Annulation demandée.");
      onClose();
      await noteDemande(client, next);
    },
  });
  const fautes = ordre.error instanceof Probleme ? byField(ordre.error.erreurs) : new Map<string, string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setVide(motif.trim() === "");
    if (motif.trim() !== "" && !ordre.isPending) ordre.mutate();
  };
  return (
    <Dialogue titre={`Annuler ${laDemande(demande)}`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Text size="sm" mb="sm">
          L'annulation est demandée à la mutuelle. Si elle l'accepte, la prise en charge ne vaut plus et ses montants quittent le dossier ;
          le crédit reste consommé.
        </Text>
        <ChampsRefuses error={ordre.error} />
        <TextInput
          data-autofocus
          id={fieldId("/motif")}
          label="Motif"
          required
          maxLength={500}
          value={motif}
          error={vide ? "Écrivez pourquoi la demande est annulée." : fautes.get("/motif")}
          onChange={(event) => poser({ motif: event.currentTarget.value })}
        />
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Ne pas annuler
          </Button>
          <Button type="submit" color="red" loading={ordre.isPending}>
            Confirmer l'annulation
          </Button>
        </Group>
      </form>
    </Dialogue>
  );
}

type Issue = Envoi<"DecisionDto">["issue"];
type OrigineRefus = NonNullable<Envoi<"DecisionDto">["origine"]>;

const ISSUES: { value: Issue; label: string }[] = [
  { value: "ACCORDEE", label: "Accordée" },
  { value: "REFUSEE", label: "Refusée" },
  { value: "NON_TRANSMISE", label: "Jamais reçue" },
];
const ORIGINES: { value: OrigineRefus; label: string }[] = [
  { value: "MUTUELLE", label: "La mutuelle" },
  { value: "PLATEFORME", label: "La plateforme (la mutuelle n'a rien reçu)" },
];

interface SaisieDecision {
  issue: Issue | "";
  origine: OrigineRefus;
  motif: string;
  numero: string;
  global: number | null;
}

const SANS_DECISION: SaisieDecision = { issue: "", origine: "MUTUELLE", motif: "", numero: "", global: null };

function FormulaireDecision({ demande, onClose }: { demande: Demande; onClose: () => void }) {
  const client = useQueryClient();
  const { key, saisie, poser } = useSaisie(demande, "DECIDER", SANS_DECISION);
  const { issue, origine, motif, numero, global } = saisie;
  const [submitted, setSubmitted] = useState(false);
  const ordre = useMutation({
    mutationFn: (body: Envoi<"DecisionDto">) => decider(demande.id, body, key),
    onSuccess: async (next) => {
      announce("Décision enregistrée.");
      onClose();
      await noteDemande(client, next);
    },
  });
  const fautes = ordre.error instanceof Probleme ? byField(ordre.error.erreurs) : new Map<string, string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSubmitted(true);
    if (montrerIllisible(event.currentTarget) || issue === "" || motif.trim() === "" || ordre.isPending) return;
    const accord = issue === "ACCORDEE" ? { numero_pec: numero.trim() || null, montant_global_centimes: global } : {};
    ordre.mutate({ issue, motif: motif.trim(), ...accord, ...(issue === "REFUSEE" ? { origine } : {}) });
  };
  return (
    <Dialogue titre={`Décider de ${laDemande(demande)}`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Text size="sm" mb="sm">
          Appelez la mutuelle ou la plateforme avec la référence {demande.reference}, puis notez ce qu'elle a dit. La décision est
          définitive.
        </Text>
        <ChampsRefuses error={ordre.error} />
        <NativeSelect
          data-autofocus
          id={fieldId("/issue")}
          label="Issue"
          required
          data={[{ value: "", label: "Choisir…" }, ...ISSUES]}
          value={issue}
          error={submitted && issue === "" ? "Choisissez ce qu'il est advenu de la demande." : fautes.get("/issue")}
          onChange={(event) => poser({ issue: ISSUES.find(({ value }) => value === event.currentTarget.value)?.value ?? "" })}
        />
        {issue === "REFUSEE" && (
          <NativeSelect
            mt="sm"
            id={fieldId("/origine")}
            label="Qui a refusé"
            data={ORIGINES}
            value={origine}
            error={fautes.get("/origine")}
            onChange={(event) => poser({ origine: ORIGINES.find(({ value }) => value === event.currentTarget.value)?.value ?? "MUTUELLE" })}
          />
        )}
        {issue === "ACCORDEE" && (
          <>
            <TextInput
              mt="sm"
              id={fieldId("/numero_pec")}
              label="N° de PEC"
              maxLength={60}
              value={numero}
              error={fautes.get("/numero_pec")}
              onChange={(event) => poser({ numero: event.currentTarget.value })}
            />
            <ChampMontant
              mt="sm"
              id={fieldId("/montant_global_centimes")}
              label="Montant global"
              description="Vide s'il n'est pas connu."
              valeur={global}
              error={fautes.get("/montant_global_centimes")}
              onValeur={(centimes) => poser({ global: centimes })}
            />
          </>
        )}
        <TextInput
          mt="sm"
          id={fieldId("/motif")}
          label="Motif"
          description="Qui l'a dit, quand et comment."
          required
          maxLength={500}
          value={motif}
          error={submitted && motif.trim() === "" ? "Notez qui l'a dit, quand et comment." : fautes.get("/motif")}
          onChange={(event) => poser({ motif: event.currentTarget.value })}
        />
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Fermer sans décider
          </Button>
          <Button type="submit" loading={ordre.isPending}>
            Enregistrer la décision
          </Button>
        </Group>
      </form>
    </Dialogue>
  );
}
