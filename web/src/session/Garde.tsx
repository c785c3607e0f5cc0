/**
 * The door of the screens: nobody signed in → the sign-in page; a session that ends → a dialog over the screen, which stays as it is under it.
 *
 * After thirty minutes without a key or a click the tab forgets its tokens and hides what it shows: a counter is a public place. A page that the
 * browser kept from before (its « back » button) is looked at anew: whoever signed out there left it.
 */
import { Button, Center, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { ownDrafts } from "./brouillons";
import { Session } from "./contexte";
import { remaining, useInactivite } from "./inactivite";
import { forget, type Identite, identity, onSessionEnd, signIn } from "./jeton";

type Etat =
  | { quoi: "cherche" }
  | { quoi: "absente" }
  | { quoi: "presente"; qui: Identite; finie: boolean }
  | { quoi: "panne"; error: unknown };

const here = () => location.pathname + location.search;

export function Garde({ children }: { children: ReactNode }) {
  const [etat, setEtat] = useState<Etat>({ quoi: "cherche" });
  const client = useQueryClient();

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
      setEtat({ quoi: "cherche" });
      void chercher();
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
  useInactivite(etat.quoi === "presente" && !etat.finie, abandonner);

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
          >
            <Stack>
              <Text>Ce que vous avez tapé est gardé sur ce poste. Reconnectez-vous pour reprendre où vous en étiez.</Text>
              <Button onClick={() => void signIn(here())} data-autofocus>
                Se reconnecter
              </Button>
            </Stack>
          </Modal>
        </Session.Provider>
      );
  }
}

function Accueil() {
  const [error, setError] = useState<unknown>(null);
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
          <Button size="md" autoFocus onClick={() => void signIn(here()).catch(setError)}>
            Se connecter
          </Button>
          <Erreur error={error} />
        </Stack>
      </Paper>
    </Center>
  );
}
