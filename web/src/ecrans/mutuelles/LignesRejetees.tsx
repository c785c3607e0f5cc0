/** The rows of a file at fault: where, what, why. */
import { Table, Text } from "@mantine/core";
import type { Rapport } from "@/api/types";
import { nombre } from "@/format/format";

export function LignesRejetees({ rapport }: { rapport: Rapport }) {
  const { rejetees, rejetees_total } = rapport;
  if (rejetees.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself
    <section className="defile" aria-label="Lignes rejetées" tabIndex={0}>
      <Table striped captionSide="top" verticalSpacing={4}>
        <Table.Caption ta="left" fw={600}>
          {rejetees_total > rejetees.length
            ? `Lignes rejetées : les ${nombre(rejetees.length)} premières sur ${nombre(rejetees_total)}`
            : "Lignes rejetées"}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className="num">
              Ligne
            </Table.Th>
            <Table.Th scope="col">Champ</Table.Th>
            <Table.Th scope="col">Raison</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rejetees.map(({ ligne, champ, raison }) => (
            <Table.Tr key={`${ligne}${champ}`}>
              <Table.Td className="num">{ligne}</Table.Td>
              <Table.Td>
                <Text span ff="monospace" size="sm">
                  {champ}
                </Text>
              </Table.Td>
              <Table.Td>{raison}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
