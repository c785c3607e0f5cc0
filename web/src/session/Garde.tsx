/**
 * The door of the screens: nobody signed in → the sign-in page; a session that ends → a dialog over the screen, which stays as it is under it.
 *
 * Whoever signs out in another tab of the browser leaves this one too: it hides what it shows, saves what was typed, then forgets its tokens.
 *
 * After thirty minutes without a key or a click the tab forgets its tokens and hides what it shows: a counter is a public place. A page that the
 * browser kept from before (its « back » button) is loaded anew: somebody else may have signed in since, and nothing of it may be seen or go on.
 * Whoever closes the tab while something is not saved is asked.
 */
import { Button, type ButtonProps, Center, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ComponentProps, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { validerSaisie } from "@/champs/valider";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { ownDrafts, saveAll, unsaved } from "./brouillons";
import { Session } from "./contexte";
import { remaining, useInactivite } from "./inactivite";
import { forget, type Identite, identity, onSessionEnd, signIn } from "./jeton";
import { surDeconnexion } from "./onglets";

type Etat =
  | { quoi: "cherche" }
  | { quoi: "absente" }
  | { quoi: "presente"; qui: Identite; finie: boolean }
  | { quoi: "panne"; error: unknown };

/** Over every other dialog: one of them may be open when the session ends. */
const DESSUS = 500;

const here = () => location.pathname + location.search;

export function Garde({ children }: { children: ReactNode }) {
  const [etat, setEtat] = useState<Etat>({ quoi: "cherche" });
  const client = useQueryClient();
  const kept = useRef(false);

  const chercher = useCallback(async () => {
    try {
      // A tab that the browser opens again after a night still holds its tokens.
      if (remaining() <= 0) await forget();
      const qui = await identity();
      if (qui) ownDrafts(qui.sub, qui.magasin);
      setEtat(qui ? { quoi: "presente", qui, finie: false } : { quoi: "absente" });
    } catch (error) {
      setEtat({ quoi: "panne", error });
    }
  }, []);

  useEffect(() => {
    void chercher();
    const back = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      kept.current = true;
      document.documentElement.hidden = true;
      location.reload();
    };
    addEventListener("pageshow", back);
    const stop = onSessionEnd(() => setEtat((avant) => (avant.quoi === "presente" ? { ...avant, finie: true } : { quoi: "absente" })));
    return () => {
      removeEventListener("pageshow", back);
      stop();
    };
  }, [chercher]);

  const abandonner = useCallback(() => {
    forget().catch(() => {});
    client.clear();
    setEtat((avant) => (avant.quoi === "presente" ? { ...avant, finie: true } : avant));
  }, [client]);
  useEffect(() => {
    const suivre = async (sub: string) => {
      if ((await identity())?.sub !== sub) return;
      validerSaisie();
      setEtat((avant) => (avant.quoi === "presente" ? { ...avant, finie: true } : avant));
      await saveAll();
      abandonner();
    };
    return surDeconnexion((sub) => void suivre(sub).catch(abandonner));
  }, [abandonner]);

  const active = etat.quoi === "presente" && !etat.finie;
  useInactivite(active, abandonner);

  const finie = useRef(false);
  finie.current = etat.quoi === "presente" && etat.finie;
  // Escape would close a dialog under this one and give up what was typed there. Dialogs listen at the window too: whoever registers first hears first.
  useEffect(() => {
    const retenir = (event: KeyboardEvent) => {
      if (finie.current && event.key === "Escape") event.stopImmediatePropagation();
    };
    addEventListener("keydown", retenir, { capture: true });
    return () => removeEventListener("keydown", retenir, { capture: true });
  }, []);

  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => {
      // What stands in a field counts once the field is left.
      validerSaisie();
      if (!kept.current && unsaved()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [active]);

  switch (etat.quoi) {
    case "cherche":
      return <Attente quoi="Ouverture" />;
    case "panne":
      return (
        <Center mih="100vh" p="md">
          <Erreur error={etat.error} onRetry={() => location.reload()} />
        </Center>
      );
    case "absente":
      return <Accueil />;
    case "presente":
      return (
        <Session.Provider value={etat.qui}>
          {children}
          <Modal
            opened={etat.finie}
            onClose={() => {}}
            withCloseButton={false}
            closeOnEscape={false}
            closeOnClickOutside={false}
            overlayProps={{ color: "var(--mantine-color-body)", backgroundOpacity: 1 }}
            title="Votre session est terminée"
            zIndex={DESSUS}
          >
            <Stack>
              <Text>Ce que vous avez tapé est gardé dans cet onglet. Reconnectez-vous pour reprendre où vous en étiez.</Text>
              <Connexion mot="Se reconnecter" data-autofocus />
            </Stack>
          </Modal>
        </Session.Provider>
      );
  }
}

/** The button to the provider's page; the page that cannot be reached is said under it. */
function Connexion({ mot, ...rest }: { mot: string } & ButtonProps & Pick<ComponentProps<"button">, "autoFocus">) {
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      <Button {...rest} onClick={() => void signIn(here()).catch(setError)}>
        {mot}
      </Button>
      <Erreur error={error} />
    </>
  );
}

function Accueil() {
  useEffect(() => {
    document.title = "Connexion · optopec";
  }, []);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" radius="md" maw={420}>
        <Stack>
          <img src="/lunettes.svg" alt="" width={56} height={56} />
          <Title order={1} size="h2">
            optopec
          </Title>
          <Text>Les prises en charge de votre magasin : demandées, suivies, expliquées.</Text>
          <Connexion mot="Se connecter" size="md" autoFocus />
        </Stack>
      </Paper>
    </Center>
  );
}
