/** The way back from the provider's page. */
import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Attente } from "@/composants/Attente";
import { finishSignIn } from "./jeton";

export function Retour() {
  const [, navigate] = useLocation();
  const [refused, setRefused] = useState(false);
  // The code counts once: a second run of the effect must not spend it again.
  const begun = useRef(false);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    finishSignIn().then(
      (path) => navigate(path, { replace: true }),
      () => setRefused(true),
    );
  }, [navigate]);

  if (!refused) return <Attente quoi="Connexion" />;
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack>
        <Title order={1} size="h2">
          Connexion
        </Title>
        <Text role="alert">La connexion n'a pas abouti : le lien a déjà servi ou a expiré.</Text>
        <Button onClick={() => navigate("/", { replace: true })}>Recommencer</Button>
      </Stack>
    </Center>
  );
}
