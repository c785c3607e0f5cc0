/**
 * The six things that can be done with a demande: all in view, each off with its reason where the server does not allow it.
 *
 * Every order has a key that stays the same when it is repeated: for those without a form it follows from what is on the screen, for the others it is
 * made when the form opens.
 */
import { Anchor, Button, Group, Modal, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconArrowRight, IconFileImport, IconGavel, IconPrinter, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Link } from "wouter";
import { newKey, type Versioned } from "@/api/client";
import { showDocument } from "@/api/documents";
import { byField, Probleme } from "@/api/problemes";
import { useDemandesDuDossier, useVerification } from "@/api/requetes";
import type { Demande, Dossier, Envoi } from "@/api/types";
import { ChampMontant } from "@/champs/champs";
import { fieldId } from "@/champs/pointeur";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { ChampsRefuses } from "@/ecrans/mutuelles/ChampsRefuses";
import { useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { Fautes } from "./Fautes";
import { avecPrix, empechement, nomDemande } from "./mots";
import { actualiser, annuler, decider, noteDemande, noteDossier, transferer, transformer } from "./ordres";
import { cleTransformation, deLEquipement } from "./suivi";

interface Props {
  demande: Demande;
  dossier: Versioned<Dossier> | undefined;
  onChamp?: (pointeur: string) => void;
  /** A PEC was made of this cotation. */
  onNouvelle: (demande: Demande) => void;
}

export function Actions({ demande, dossier, onChamp, onNouvelle }: Props) {
  const session = useSession();
  const client = useQueryClient();
  const [form, setForm] = useState<"ANNULER" | "DECIDER" | null>(null);
  const opener = useRef<Element | null>(null);
  const open = (which: "ANNULER" | "DECIDER") => {
    opener.current = document.activeElement;
    setForm(which);
  };
  const close = () => {
    setForm(null);
    // The dialog is gone only after this event.
    setTimeout(() => opener.current instanceof HTMLElement && opener.current.focus());
  };
  const { id, version } = demande;
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
  const transformation = useMutation({
    mutationFn: (key: string) => transformer(id, key),
    onSuccess: async (next) => {
      announce(`${nomDemande(next.value)} envoyée.`);
      await noteDemande(client, next);
      onNouvelle(next.value);
    },
  });
  const impression = useMutation({ mutationFn: () => showDocument(`/v1/demandes/${id}/documents/reponse.pdf`) });

  const mutations = [actualisation, transfert, transformation, impression];
  const busy = mutations.some(({ isPending }) => isPending);
  const echec = mutations.find(({ error }) => error !== null);
  const run = (mutation: (typeof mutations)[number], start: () => void) => {
    if (busy) return;
    for (const other of mutations) if (other !== mutation) other.reset();
    start();
  };
  const off = (action: Demande["actions"][number]) => empechement(action, demande, session);
  const enPec = () => run(transformation, () => transformation.mutate(transformation.variables ?? cleTransformation(id, demandes)));

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would ask for a legend in view */}
      <div role="group" aria-label={`Actions sur ${nomDemande(demande)}`} className={classes.boutons}>
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
          variant={off("TRANSFERER") === null ? "filled" : "default"}
          leftSection={<IconFileImport size={16} aria-hidden />}
          empeche={off("TRANSFERER")}
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
          empeche={off("TRANSFORMER")}
          loading={transformation.isPending}
          onClick={enPec}
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
      {echec && (
        <>
          <Erreur
            error={echec.error}
            onRetry={echec === transformation ? enPec : () => run(echec, () => echec.mutate(undefined as never))}
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
      {form === "ANNULER" && <FormulaireAnnulation demande={demande} onClose={close} />}
      {form === "DECIDER" && <FormulaireDecision demande={demande} onClose={close} />}
    </>
  );
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
  const [key] = useState(newKey);
  const [motif, setMotif] = useState("");
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
    <Dialogue titre={`Annuler ${nomDemande(demande)}`} onClose={onClose}>
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
          onChange={(event) => setMotif(event.currentTarget.value)}
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

function FormulaireDecision({ demande, onClose }: { demande: Demande; onClose: () => void }) {
  const client = useQueryClient();
  const [key] = useState(newKey);
  const [issue, setIssue] = useState<Issue | "">("");
  const [origine, setOrigine] = useState<OrigineRefus>("MUTUELLE");
  const [motif, setMotif] = useState("");
  const [numero, setNumero] = useState("");
  const [global, setGlobal] = useState<number | null>(null);
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (issue === "" || motif.trim() === "" || ordre.isPending) return;
    const accord = issue === "ACCORDEE" ? { numero_pec: numero.trim() || null, montant_global_centimes: global } : {};
    ordre.mutate({ issue, motif: motif.trim(), ...accord, ...(issue === "REFUSEE" ? { origine } : {}) });
  };
  return (
    <Dialogue titre={`Décider de ${nomDemande(demande)}`} onClose={onClose}>
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
          onChange={(event) => setIssue(ISSUES.find(({ value }) => value === event.currentTarget.value)?.value ?? "")}
        />
        {issue === "REFUSEE" && (
          <NativeSelect
            mt="sm"
            id={fieldId("/origine")}
            label="Qui a refusé"
            data={ORIGINES}
            value={origine}
            error={fautes.get("/origine")}
            onChange={(event) => setOrigine(ORIGINES.find(({ value }) => value === event.currentTarget.value)?.value ?? "MUTUELLE")}
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
              onChange={(event) => setNumero(event.currentTarget.value)}
            />
            <ChampMontant
              mt="sm"
              id={fieldId("/montant_global_centimes")}
              label="Montant global"
              description="Vide s'il n'est pas connu."
              valeur={global}
              error={fautes.get("/montant_global_centimes")}
              onValeur={setGlobal}
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
          onChange={(event) => setMotif(event.currentTarget.value)}
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
