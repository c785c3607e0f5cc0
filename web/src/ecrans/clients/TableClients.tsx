/** Clients as a table: each row leads to her file; her number is masked. */
import { Anchor, Table } from "@mantine/core";
import { Link } from "wouter";
import type { Client } from "@/api/types";
import { QUALITES } from "@/ecrans/dossier/libelles";
import { jour, personne } from "@/format/format";

export function TableClients({ clients }: { clients: readonly Client[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="defile" tabIndex={0} aria-label="Tableau : clients trouvés">
      <Table highlightOnHover aria-label="Clients trouvés" miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Client</Table.Th>
            <Table.Th scope="col">Date de naissance</Table.Th>
            <Table.Th scope="col">N° de sécurité sociale</Table.Th>
            <Table.Th scope="col">Qualité</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clients.map((client) => (
            <Table.Tr key={client.id}>
              <Table.Td style={{ overflowWrap: "anywhere", minWidth: "10rem" }}>
                <Anchor component={Link} size="sm" href={`/clients/${client.id}`} data-resultat>
                  {personne(client)}
                </Anchor>
              </Table.Td>
              <Table.Td>{jour(client.date_naissance)}</Table.Td>
              <Table.Td>{client.nir ?? "—"}</Table.Td>
              <Table.Td>{QUALITES[client.qualite]}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
