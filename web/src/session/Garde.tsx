/**
 * The door of the screens: nobody signed in → the sign-in page; a session that ends → a dialog over the screen, which stays as it is under it.
 *
 * After thirty minutes without a key or a click the tab forgets its tokens: a counter is a public place.
 */
import { Button, Center, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useIdle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { ownDrafts } from "./brouillons";
import { Session } from "./contexte";
import { forget, type Identite, identity, onSessionEnd, signIn } from "./jeton";

const INACTIVITE_MS = 30 * 60_000;

type Etat =
  | { quoi: "cherche" }
  | { quoi: "absente" }
  | { quoi: "presente"; qui: Identite; finie: boolean }
  | { quoi: "panne"; error: unknown };

const here = () => location.pathname + location.search;

export function Garde({ children }: { children: ReactNode }) {
  const [etat, setEtat] = useState<Etat>({ quoi: "cherche" });
  const client = useQueryClient();
  const idle = useIdle(INACTIVITE_MS, { initialState: false });

  useEffect(() => {
    identity().then(
      (qui) => {
        if (qui) ownDrafts(qui.sub, qui.magasin);
        setEtat(qui ? { quoi: "presente", qui, finie: false } : { quoi: "absente" });
      },
      (error: unknown) => setEtat({ quoi: "panne", error }),
    );
    return onSessionEnd(() => setEtat((avant) => (avant.quoi === "presente" ? { ...avant, finie: true } : { quoi: "absente" })));
  }, []);

  useEffect(() => {
    if (!idle) return;
    void forget();
    client.clear();
    setEtat((avant) => (avant.quoi === "presente" ? { ...avant, finie: true } : avant));
  }, [idle, client]);

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
