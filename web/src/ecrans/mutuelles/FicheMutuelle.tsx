/** One mutuelle (Winoptics, « Edition des mutuelles »): where it is, what its convention fixes, its régimes and its forfaits. */
import { Alert, Anchor, Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconLock, IconMinus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, unwrap, unwrapVersioned, type Versioned } from "@/api/client";
import { byField, Probleme } from "@/api/problemes";
import { cles, useMutuelle } from "@/api/requetes";
import type { ChampFacultatif, ChampRequis, Forfait, Mutuelle } from "@/api/types";
import { at, fieldId } from "@/champs/pointeur";
import { announce } from "@/composants/Annonce";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import { useBrouillon } from "./brouillon";
import { ChampsForfait } from "./ChampsForfait";
import { Editable } from "./Editable";
import { EtatFiche } from "./EtatFiche";
import classes from "./Fiche.module.css";
import listes from "./Mutuelles.module.css";
import { enumerer, FACULTATIFS, PEC, REQUIS, valeurForfait } from "./mots";

/** What a new one of the shop's own begins as. */
const NEUVE: Versioned<Mutuelle> = {
  etag: "",
  value: {
    id: "",
    nom: "",
    plateau: null,
    identifiant: null,
    adresse: { ligne1: null, ligne2: null, code_postal: null, localite: null },
    telephone: null,
    telephone2: null,
    fax: null,
    site_web: null,
    autre: null,
    remarque: null,
    pec: "NON",
    annulation: false,
    champs_requis: [],
    facultatifs_exiges: [],
    top_mutualiste: false,
    sans_tiers_payant: false,
    tp_externalise: false,
    regimes: [],
    forfaits: [],
    origine: "MAGASIN",
    retiree: false,
    version: 0,
  },
};
const FORFAIT_NEUF: Forfait = { id: "", libelle: "", type: "FIXE", montant_centimes: null, pourcentage: null, assiette: null };
/** The forfait that a convention gives by itself. */
const VARIABLE = "variable";
/** Régimes and forfaits of one mutuelle. */
const LIGNES_MAX = 50;

const DE_LA_CONVENTION = "Fixé par la convention : un téléchargement le met à jour.";

export default function FicheMutuelle({ id }: { id: string }) {
  const nouvelle = id === "nouvelle";
  const { data, error, refetch } = useMutuelle(nouvelle ? null : id);
  const lue = nouvelle ? NEUVE : data;
  if (lue) return <Edition id={id} lue={lue} nouvelle={nouvelle} />;
  return (
    <Page titre="Mutuelle">
      {error ? (
        <Erreur error={error} onRetry={error instanceof Probleme && error.status === 404 ? undefined : () => void refetch()} />
      ) : (
        <Attente quoi="Chargement de la mutuelle" />
      )}
      {error && (
        <Anchor component={Link} href="/mutuelles">
          Toutes les mutuelles
        </Anchor>
      )}
    </Page>
  );
}

function Edition({ id, lue, nouvelle }: { id: string; lue: Versioned<Mutuelle>; nouvelle: boolean }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const gerant = mayManage(useSession());
  const form = useBrouillon<Mutuelle>(`mutuelle:${id}`, lue);
  const [suppression, setSuppression] = useState(false);
  const mutuelle = form.value ?? lue.value;
  const propre = mutuelle.origine === "MAGASIN";
  // What a convention fixes, and what this person may not change.
  const lecture = !gerant;
  const fixe = lecture || !propre;

  const enregistrement = useMutation({
    mutationFn: (etag: string) => {
      // An empty id asks for a new one.
      const body = { ...mutuelle, forfaits: mutuelle.forfaits.map(({ id, ...forfait }) => (id ? { id, ...forfait } : forfait)) };
      return nouvelle
        ? unwrapVersioned<Mutuelle>(api.POST("/v1/mutuelles", { params: { header: { "Idempotency-Key": form.cle } }, body }))
        : unwrapVersioned<Mutuelle>(api.PUT("/v1/mutuelles/{id}", { params: { path: { id }, header: { "If-Match": etag } }, body }));
    },
    onSuccess: (ecrite) => {
      client.setQueryData(cles.mutuelle(ecrite.value.id), ecrite);
      void client.invalidateQueries({ queryKey: cles.index });
      form.oublier();
      announce("Mutuelle enregistrée.");
      if (nouvelle) navigate(`/mutuelles/${ecrite.value.id}`, { replace: true });
    },
  });
  const effacement = useMutation({
    mutationFn: () => unwrap(api.DELETE("/v1/mutuelles/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      form.oublier();
      client.removeQueries({ queryKey: cles.mutuelle(id) });
      void client.invalidateQueries({ queryKey: cles.index });
      announce(`« ${mutuelle.nom} » est supprimée.`);
      navigate("/mutuelles", { replace: true });
    },
  });
  const relire = () =>
    client.fetchQuery({
      queryKey: cles.mutuelle(id),
      staleTime: 0,
      queryFn: () => unwrapVersioned<Mutuelle>(api.GET("/v1/mutuelles/{id}", { params: { path: { id } } })),
    });

  const fautes = byField(enregistrement.error instanceof Probleme ? enregistrement.error.erreurs : []);
  const fautif = (prefixe: string) => [...fautes.keys()].some((champ) => champ === prefixe || champ.startsWith(`${prefixe}/`));
  const enregistrer = (event?: FormEvent) => {
    event?.preventDefault();
    if (!lecture && !enregistrement.isPending) enregistrement.mutate(form.etag);
  };

  const texte = (pointeur: string, label: string, fige: boolean, maxLength: number, autres: { large?: boolean; requis?: boolean } = {}) => (
    <TextInput
      id={fieldId(pointeur)}
      className={autres.large ? classes.large : undefined}
      label={label}
      required={autres.requis && !fige}
      withAsterisk={false}
      value={String(at(mutuelle, pointeur) ?? "")}
      maxLength={maxLength}
      autoComplete="off"
      readOnly={fige}
      variant={fige ? "filled" : "default"}
      error={fautes.get(pointeur)}
      onChange={(event) => form.poser(pointeur, event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  );
  const coche = (pointeur: keyof Mutuelle & string, label: string) => (
    <Coche
      label={label}
      checked={mutuelle[pointeur] === true}
      fige={fixe}
      id={fieldId(`/${pointeur}`)}
      onChange={(oui) => form.poser(`/${pointeur}`, oui)}
    />
  );

  return (
    <Page
      titre={nouvelle ? mutuelle.nom || "Nouvelle mutuelle" : mutuelle.nom || lue.value.nom}
      actions={
        <Button variant="default" component={Link} href="/mutuelles">
          Toutes les mutuelles
        </Button>
      }
    >
      {mutuelle.retiree && (
        <Alert color="orange" mb="md" title="Retirée">
          Elle a quitté les conventions : les anciens dossiers la montrent encore, toute nouvelle demande sera refusée.
        </Alert>
      )}
      {lecture && (
        <Text size="sm" c="dimmed" mb="md">
          <IconLock size={14} aria-hidden /> Lecture seule. {RESERVE_GERANT}
        </Text>
      )}
      <EtatFiche form={form} enregistrement={enregistrement} relire={relire} enregistrer={() => enregistrer()} revenir="la fiche" />
      <form onSubmit={enregistrer} noValidate>
        <div className={classes.grille}>
          <div className={classes.colonne}>
            <section className={classes.bloc} aria-label="Identité">
              {!propre && (
                <Text size="sm" c="dimmed" mb={6}>
                  <IconLock size={14} aria-hidden /> Nom, plateau et identifiant sont fixés par la convention.
                </Text>
              )}
              <div className={classes.champs}>
                {texte("/nom", "Nom", fixe, 60, { large: true, requis: true })}
                {texte("/plateau", "Plateau", fixe, 10)}
                {texte("/identifiant", "Identifiant", fixe, 10)}
              </div>
            </section>
            <section className={classes.bloc} aria-label="Coordonnées">
              <div className={classes.champs}>
                {texte("/adresse/ligne1", "Adresse", lecture, 60, { large: true })}
                {texte("/adresse/ligne2", "Adresse 2", lecture, 60, { large: true })}
                <div className={classes.postal}>
                  {texte("/adresse/code_postal", "Code postal", lecture, 10)}
                  {texte("/adresse/localite", "Localité", lecture, 60)}
                </div>
                {texte("/site_web", "Site Web", lecture, 200, { large: true })}
                {texte("/telephone", "Tél.", lecture, 60)}
                {texte("/fax", "Fax", lecture, 60)}
                {texte("/telephone2", "Tél. 2", lecture, 60)}
                {texte("/autre", "Autre", lecture, 60)}
                <Textarea
                  id={fieldId("/remarque")}
                  className={classes.large}
                  label="Remarque"
                  autosize
                  maxRows={6}
                  maxLength={500}
                  value={mutuelle.remarque ?? ""}
                  readOnly={lecture}
                  variant={lecture ? "filled" : "default"}
                  error={fautes.get("/remarque")}
                  onChange={(event) => form.poser("/remarque", event.currentTarget.value === "" ? null : event.currentTarget.value)}
                />
              </div>
            </section>
          </div>
          <div className={classes.colonne}>
            <section className={classes.bloc} aria-label="Tiers payant">
              {!propre && (
                <Text size="sm" c="dimmed" mb={6}>
                  <IconLock size={14} aria-hidden /> {DE_LA_CONVENTION}
                </Text>
              )}
              <div className={classes.coches}>
                {coche("top_mutualiste", "Pratique du TOP Mutualiste")}
                {coche("sans_tiers_payant", "Ne gère pas le Tiers Payant")}
                {coche("tp_externalise", "TP externalisé")}
                <Coche
                  label={fixe && mutuelle.pec !== "NON" ? `Optoamc : ${PEC[mutuelle.pec].sens}` : "Optoamc"}
                  checked={mutuelle.pec !== "NON"}
                  fige={fixe}
                  id={fixe ? fieldId("/pec") : undefined}
                  onChange={(oui) => form.poser("/pec", oui ? "OPT_LEN" : "NON")}
                />
                {!fixe && mutuelle.pec !== "NON" && (
                  <NativeSelect
                    id={fieldId("/pec")}
                    label="PEC"
                    description="Une mutuelle qui accepte les PEC électroniques a un plateau et un identifiant."
                    data={[
                      { value: "OPT_LEN", label: "OPT/LEN : optique et lentilles" },
                      { value: "OPT", label: "OPT : optique seulement" },
                    ]}
                    value={mutuelle.pec}
                    error={fautes.get("/pec")}
                    onChange={(event) => form.poser("/pec", event.currentTarget.value)}
                  />
                )}
                {mutuelle.pec !== "NON" && (
                  <>
                    {coche("annulation", "Annulation des PEC par voie électronique")}
                    <Exige
                      titre="Numéros exigés"
                      mots={REQUIS}
                      choisis={mutuelle.champs_requis}
                      fige={fixe}
                      onChoisis={(choisis: ChampRequis[]) => form.poser("/champs_requis", choisis)}
                    />
                    <Exige
                      titre="Données facultatives exigées"
                      mots={FACULTATIFS}
                      choisis={mutuelle.facultatifs_exiges}
                      fige={fixe}
                      onChoisis={(choisis: ChampFacultatif[]) => form.poser("/facultatifs_exiges", choisis)}
                    />
                  </>
                )}
              </div>
            </section>
            <Editable
              titre="Forfaits"
              vide="Aucun forfait."
              items={mutuelle.forfaits}
              neuf={FORFAIT_NEUF}
              onItems={(forfaits) => form.poser("/forfaits", forfaits)}
              nommer={({ libelle }) => `le forfait « ${libelle || "nouveau"} »`}
              montrer={(forfait) => (
                <>
                  <strong>{forfait.libelle || "Sans libellé"}</strong>{" "}
                  <Text span c="dimmed" size="sm">
                    {valeurForfait(forfait)}
                  </Text>
                </>
              )}
              fixe={({ id }) => (!propre && id === VARIABLE ? "Donné par la convention." : null)}
              fautif={(index) => fautif(`/forfaits/${index}`)}
              champs={(forfait, index, poser) => (
                <ChampsForfait forfait={forfait} pointeur={`/forfaits/${index}`} fautes={fautes} onForfait={poser} />
              )}
              lectureSeule={lecture}
              max={LIGNES_MAX}
            />
            <Editable
              titre="Régimes associés"
              vide="Aucun régime."
              items={mutuelle.regimes}
              neuf={{ code: "", libelle: "" }}
              onItems={(regimes) => form.poser("/regimes", regimes)}
              nommer={({ libelle, code }) => `le régime « ${libelle || code || "nouveau"} »`}
              montrer={({ code, libelle }) => (
                <>
                  <strong>{code || "Sans code"}</strong> {libelle}
                </>
              )}
              fautif={(index) => fautif(`/regimes/${index}`)}
              champs={(regime, index, poser) => (
                <>
                  <TextInput
                    id={fieldId(`/regimes/${index}/code`)}
                    label="Code"
                    maxLength={60}
                    value={regime.code}
                    error={fautes.get(`/regimes/${index}/code`)}
                    onChange={(event) => poser({ ...regime, code: event.currentTarget.value })}
                  />
                  <TextInput
                    id={fieldId(`/regimes/${index}/libelle`)}
                    label="Libellé"
                    maxLength={60}
                    value={regime.libelle}
                    error={fautes.get(`/regimes/${index}/libelle`)}
                    onChange={(event) => poser({ ...regime, libelle: event.currentTarget.value })}
                  />
                </>
              )}
              lectureSeule={lecture}
              max={LIGNES_MAX}
            />
          </div>
        </div>
        {!lecture && (
          <div className={classes.barre}>
            <Button type="submit" loading={enregistrement.isPending}>
              {nouvelle ? "Créer la mutuelle" : "Enregistrer"}
            </Button>
            {form.modifie && (
              <Button
                variant="default"
                onClick={() => {
                  form.oublier();
                  enregistrement.reset();
                }}
              >
                Abandonner la saisie
              </Button>
            )}
            <Text size="sm" c="dimmed" role="status">
              {form.modifie ? "Modifications non enregistrées, gardées sur ce poste." : ""}
            </Text>
            {propre && !nouvelle && (
              <Button variant="subtle" color="red" ml="auto" onClick={() => setSuppression(true)}>
                Supprimer…
              </Button>
            )}
          </div>
        )}
      </form>
      <Modal opened={suppression} onClose={() => setSuppression(false)} title={`Supprimer « ${lue.value.nom} » ?`}>
        <Stack gap="sm">
          <Text>
            Elle disparaît de la liste, avec ses régimes et ses forfaits. Un dossier qui la nomme ne pourra plus faire de demande.
          </Text>
          <Erreur error={effacement.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setSuppression(false)}>
              Garder
            </Button>
            <Button color="red" loading={effacement.isPending} onClick={() => effacement.mutate()}>
              Supprimer
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Page>
  );
}

/** A box to tick, or, where it is fixed, what it is: a greyed box would be hard to read and could not say so aloud. */
function Coche(props: { label: string; checked: boolean; fige: boolean; id?: string; onChange: (oui: boolean) => void }) {
  const { label, checked, fige, id, onChange } = props;
  if (!fige) return <Checkbox id={id} label={label} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />;
  return (
    <span className={classes.drapeau} id={id}>
      {checked ? <IconCheck size={18} aria-hidden className={listes.coche} /> : <IconMinus size={18} aria-hidden className={listes.vide} />}
      <span>
        {label}
        <span className="invisible"> : {checked ? "oui" : "non"}</span>
      </span>
    </span>
  );
}

/** What a mutuelle demands among some things: boxes, or a sentence where a convention fixes it. */
function Exige<K extends string>(props: {
  titre: string;
  mots: Record<K, string>;
  choisis: readonly K[];
  fige: boolean;
  onChoisis: (choisis: K[]) => void;
}): ReactNode {
  const { titre, mots, choisis, fige, onChoisis } = props;
  if (fige)
    return (
      <Text size="sm">
        <strong>{titre}</strong> : {choisis.length > 0 ? enumerer(choisis.map((cle) => mots[cle])) : "aucun"}.
      </Text>
    );
  const cles = Object.keys(mots) as K[];
  return (
    <details>
      <summary>
        {titre} ({choisis.length})
      </summary>
      <div className={classes.coches} style={{ paddingBlock: "0.5rem" }}>
        {cles.map((cle) => (
          <Checkbox
            key={cle}
            size="sm"
            label={mots[cle]}
            checked={choisis.includes(cle)}
            onChange={(event) => {
              const oui = event.currentTarget.checked;
              onChoisis(cles.filter((autre) => (autre === cle ? oui : choisis.includes(autre))));
            }}
          />
        ))}
      </div>
    </details>
  );
}
