import { Button, Text } from "@mantine/core";
import { Link } from "wouter";
import { Page } from "@/composants/Page";

/** An address that leads nowhere. */
export default function Introuvable() {
  return (
    <Page titre="Page introuvable">
      <Text mb="md">Cette adresse ne mène à rien, ou ce qu'elle montrait a été effacé.</Text>
      <Button component={Link} href="/">
        Liste de travail
      </Button>
    </Page>
  );
}
