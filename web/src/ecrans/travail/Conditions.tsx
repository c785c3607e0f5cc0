/** What the shop needs before its first PEC (manual, « Prérequis »): what is missing, what to do about it, and the button that does it. */
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "wouter";
import { useConditions } from "@/api/requetes";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { rapportEnMots } from "@/ecrans/mutuelles/rapport";
import { useTelechargement } from "@/ecrans/mutuelles/useTelechargement";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import classes from "./Travail.module.css";

/** « Télécharger les conventions », where they are missing. */
function TelechargerConventions() {
  const session = useSession();
  const { mutate, isPending, error } = useTelechargement((rapport) => announce(`Conventions téléchargées : ${rapportEnMots(rapport)}.`));
  return (
    <>
      <Action
        size="compact-sm"
        variant="default"
        empeche={mayManage(session) ? null : RESERVE_GERANT}
        loading={isPending}
        onClick={() => mutate()}
      >
        Télécharger les conventions
      </Action>
      <Erreur error={error} onRetry={() => mutate()} />
    </>
  );
}

function Remede({ code }: { code: string }) {
  switch (code) {
    case "CONVENTIONS":
      return <TelechargerConventions />;
    case "IDENTITE":
      return (
        <Button component={Link} href="/reglages" size="compact-sm" variant="default">
          Compléter l'identité du magasin
        </Button>
      );
    case "CREDIT":
      return (
        <Button component={Link} href="/credits" size="compact-sm" variant="default">
          Voir les crédits
        </Button>
      );
    default:
      return null;
  }
}

/** The conditions that are not met; with `toutes`, the met ones too. Nothing where there is nothing to say. */
export function Conditions({ toutes = false }: { toutes?: boolean }) {
  const { data, error } = useConditions();
  if (error) return <Erreur error={error} />;
  if (!data || (data.pret && !toutes)) return null;
  const shown = data.conditions.filter(({ remplie }) => toutes || !remplie);
  return (
    <section className={data.pret ? undefined : classes.conditions} aria-labelledby="conditions">
      <Text component="h2" fw={650} size="sm" id="conditions" mb={4}>
        {data.pret ? "Le magasin est prêt à demander des prises en charge" : "Avant de pouvoir demander une prise en charge"}
      </Text>
      <ul className={classes.liste}>
        {shown.map(({ code, remplie, message, action }) => (
          <li key={code}>
            {remplie ? (
              <IconCircleCheck size={18} aria-hidden className={classes.remplie} />
            ) : (
              <IconAlertTriangle size={18} aria-hidden className={classes.manque} />
            )}
            <span>
              <span className="invisible">{remplie ? "Remplie : " : "À faire : "}</span>
              {message} {!remplie && action !== message && <span className={classes.doux}>{action}</span>}
            </span>
            {!remplie && (
              <div>
                <Remede code={code} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
