/** The menu of the account: open as soon as it is there, since it was asked for. */
import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconMoon, IconSun, IconUser } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { dropAllDrafts } from "@/session/brouillons";
import { useSession } from "@/session/contexte";
import { signOut } from "@/session/jeton";
import { ROLES } from "./Cadre";

export default function MenuCompte({ onAide }: { onAide: () => void }) {
  const session = useSession();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
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
          leftSection={colorScheme === "dark" ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
          onClick={() => setColorScheme(colorScheme === "dark" ? "light" : "dark")}
        >
          {colorScheme === "dark" ? "Écran clair" : "Écran sombre"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            dropAllDrafts();
            client.clear();
            void signOut();
          }}
        >
          Se déconnecter
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
