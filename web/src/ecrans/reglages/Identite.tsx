/** Who the shop is: what every demande says of it. What the subscription sets is shown beside, and cannot be changed here. */
import { Button, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api, unwrapVersioned } from "@/api/client";
import { byField, Probleme } from "@/api/problemes";
import { cles, useConditions } from "@/api/requetes";
import type { Magasin } from "@/api/types";
import { at, fieldId } from "@/champs/pointeur";
import { announce } from "@/composants/Annonce";
import { pluriel } from "@/format/format";
import { mayManage, useSession } from "@/session/contexte";
import type { Formulaire } from "../mutuelles/brouillon";
import { EtatFiche } from "../mutuelles/EtatFiche";
import fiche from "../mutuelles/Fiche.module.css";
import classes from "./Reglages.module.css";

export function Identite({ magasin, form }: { magasin: Magasin; form: Formulaire<Magasin> }) {
  const client = useQueryClient();
  const lecture = !mayManage(useSession());
  const conditions = useConditions().data?.conditions ?? [];
  const value = form.value ?? magasin;

  const enregistrement = useMutation({
    mutationFn: (etag: string) =>
      unwrapVersioned<Magasin>(api.PUT("/v1/magasin", { params: { header: { "If-Match": etag } }, body: value })),
    onSuccess: (ecrit) => {
      client.setQueryData(cles.magasin, ecrit);
      void client.invalidateQueries({ queryKey: cles.conditions });
      void client.invalidateQueries({ queryKey: ["dossiers", "verification"] });
      form.oublier();
      announce("Magasin enregistré.");
    },
  });
  const relire = () =>
    client.fetchQuery({ queryKey: cles.magasin, staleTime: 0, queryFn: () => unwrapVersioned<Magasin>(api.GET("/v1/magasin")) });
  const fautes = byField(enregistrement.error instanceof Probleme ? enregistrement.error.erreurs : []);
  const enregistrer = (event?: FormEvent) => {
    event?.preventDefault();
    if (!lecture && !enregistrement.isPending) enregistrement.mutate(form.etag);
  };

  const texte = (pointeur: string, label: string, maxLength = 60, large = false, type = "text") => (
    <TextInput
      id={fieldId(pointeur)}
      className={large ? fiche.large : undefined}
      label={label}
      type={type}
      value={String(at(value, pointeur) ?? "")}
      maxLength={maxLength}
      autoComplete="off"
      readOnly={lecture}
      variant={lecture ? "filled" : "default"}
      error={fautes.get(pointeur)}
      onChange={(event) => form.poser(pointeur, event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  );

  const { PEC: pec, COTATION: cotation } = magasin.prix;
  return (
    <>
      <EtatFiche
        form={form}
        enregistrement={enregistrement}
        relire={relire}
        enregistrer={() => enregistrer()}
        revenir="ce qui est enregistré"
      />
      <form onSubmit={enregistrer} noValidate>
        <div className={fiche.grille}>
          <section className={fiche.bloc} aria-label="Magasin">
            <div className={fiche.champs}>
              {texte("/nom", "Nom du magasin", 60, true)}
              {texte("/finess", "FINESS", 9)}
              <span />
              {texte("/adresse/ligne1", "Adresse", 60, true)}
              {texte("/adresse/ligne2", "Adresse 2", 60, true)}
              <div className={fiche.postal}>
                {texte("/adresse/code_postal", "Code postal", 10)}
                {texte("/adresse/localite", "Localité")}
              </div>
            </div>
          </section>
          <div className={fiche.colonne}>
            <section className={fiche.bloc} aria-label="Opticien">
              <Text component="h2" fw={650} mb={6}>
                Opticien
              </Text>
              <div className={fiche.champs}>
                {texte("/opticien/nom", "Nom")}
                {texte("/opticien/prenom", "Prénom")}
                {texte("/opticien/telephone", "Téléphone", 60, false, "tel")}
                {texte("/opticien/email", "Email", 200, false, "email")}
              </div>
            </section>
            <section className={fiche.bloc} aria-label="Abonnement">
              <Text component="h2" fw={650} mb={6}>
                Abonnement{" "}
                <Text span size="sm" c="dimmed" fw={400}>
                  réglé par optopec
                </Text>
              </Text>
              <dl className={classes.fixes}>
                <dt>Option « Installation PEC »</dt>
                <dd>{magasin.option_pec ? "activée" : "non activée"}</dd>
                <dt>Mode</dt>
                <dd>{magasin.mode === "DEMONSTRATION" ? "démonstration : rien ne part vers une vraie mutuelle" : "réel"}</dd>
                <dt>Prix d'une PEC</dt>
                <dd>{pluriel(pec, "crédit")}</dd>
                <dt>Prix d'une cotation</dt>
                <dd>{cotation === 0 ? "gratuite" : pluriel(cotation, "crédit")}</dd>
                <dt>Alerte</dt>
                <dd>sous {pluriel(magasin.seuil_alerte, "crédit")}</dd>
              </dl>
            </section>
            {conditions.length > 0 && (
              <section className={fiche.bloc} aria-label="Conditions pour demander une PEC">
                <Text component="h2" fw={650} mb={6}>
                  Pour demander une PEC
                </Text>
                <ul className={fiche.lignes}>
                  {conditions.map(({ code, remplie, message, action }) => (
                    <li key={code} className={fiche.drapeau}>
                      {remplie ? (
                        <IconCircleCheck size={18} aria-hidden className={classes.ok} style={{ flexShrink: 0 }} />
                      ) : (
                        <IconAlertTriangle size={18} aria-hidden className={classes.manque} style={{ flexShrink: 0 }} />
                      )}
                      <span>
                        {message} {!remplie && action}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </div>
        </div>
        {!lecture && (
          <div className={fiche.barre}>
            <Button type="submit" loading={enregistrement.isPending}>
              Enregistrer
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
          </div>
        )}
      </form>
    </>
  );
}
