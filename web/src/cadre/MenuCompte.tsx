/** The menu of the account: open as soon as it is there, since it was asked for. Signing out saves first, and asks about what cannot be saved. */
import { ActionIcon, Button, Group, Menu, Modal, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconMoon, IconSun, IconUser } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { announce } from "@/composants/Annonce";
import { dropAllDrafts, saveAll, unsaved } from "@/session/brouillons";
import { useSession } from "@/session/contexte";
import { signOut } from "@/session/jeton";
import { ROLES } from "./Cadre";

export default function MenuCompte({ onAide }: { onAide: () => void }) {
  const session = useSession();
  const client = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const [reste, setReste] = useState(false);

  const enCours = useRef(false);

  const quitter = async () => {
    if (enCours.current) return;
    enCours.current = true;
    if (unsaved()) announce("Enregistrement avant la déconnexion…");
    const saved = await saveAll();
    enCours.current = false;
    if (saved) partir();
    else setReste(true);
  };
  const partir = () => {
    dropAllDrafts();
    client.clear();
    void signOut();
  };

  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false} defaultOpened>
        <Menu.Target>
          <ActionIcon variant="transparent" color="#fff" size="lg" aria-label={`Mon compte (${ROLES[session.role]})`}>
            <IconUser size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{ROLES[session.role]}</Menu.Label>
          <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onAide}>
            Raccourcis clavier
          </Menu.Item>
          <Menu.Item
            leftSection={dark ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
            onClick={() => setColorScheme(dark ? "light" : "dark")}
          >
            {dark ? "Écran clair" : "Écran sombre"}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void quitter()}>Se déconnecter</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={reste} onClose={() => setReste(false)} title="Se déconnecter sans enregistrer ?">
        <Text mb="md">Une partie de ce que vous avez tapé n'est pas enregistrée ; vous déconnecter l'effacera.</Text>
        <Group justify="end">
          <Button variant="default" data-autofocus onClick={() => setReste(false)}>
            Rester connecté
          </Button>
          <Button color="red" onClick={partir}>
            Se déconnecter et le perdre
          </Button>
        </Group>
      </Modal>
    </>
  );
}
