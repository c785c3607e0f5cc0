/** A screen: its title in the tab (after the number of demandes that need a person) and as its heading, and the focus there when one arrives from another screen. */
import { Group, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useATraiter } from "@/api/travail";

let first = true;

export function Page({ titre, actions, children }: { titre: string; actions?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);

  const aTraiter = useATraiter();

  useEffect(() => {
    document.title = `${aTraiter > 0 ? `(${aTraiter}) ` : ""}${titre} · optopec`;
  }, [titre, aTraiter]);

  useEffect(() => {
    // Whoever reads the screen aloud hears where she is; at the first load the browser says it by itself, and a field that took the focus keeps it.
    if (!first && (document.activeElement === null || document.activeElement === document.body))
      heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);

  return (
    <>
      <Group justify="space-between" align="center" mb="md" gap="sm">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: "none" }}>
          {titre}
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </>
  );
}
