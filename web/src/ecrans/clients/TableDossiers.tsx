/** Dossiers as a table: each row leads to its dossier. */
import { Anchor, Table } from "@mantine/core";
import { Link } from "wouter";
import { useIndexMutuelles } from "@/api/requetes";
import type { Dossier } from "@/api/types";
import { TYPES } from "@/ecrans/dossier/libelles";
import { jour, montant, personne, pluriel } from "@/format/format";

interface Props {
  titre: string;
  dossiers: readonly Dossier[];
  /** Whether the person is shown: not where all are hers. */
  avecPersonne: boolean;
}

const equipements = ({ equipements }: Dossier): string => {
  const [premier, ...autres] = equipements;
  if (!premier) return "—";
  return autres.length ? `${TYPES[premier.type]} + ${pluriel(autres.length, "autre")}` : TYPES[premier.type];
};

export function TableDossiers({ titre, dossiers, avecPersonne }: Props) {
  const mutuelles = useIndexMutuelles().data?.value.mutuelles ?? [];
  const noms = new Map(mutuelles.map(({ id, nom }) => [id, nom]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="defile" tabIndex={0} aria-label={`Tableau : ${titre}`}>
      <Table highlightOnHover aria-label={titre} miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{avecPersonne ? "Client" : "Dossier"}</Table.Th>
            <Table.Th scope="col">Date</Table.Th>
            <Table.Th scope="col">Équipements</Table.Th>
            <Table.Th scope="col">Mutuelle</Table.Th>
            <Table.Th scope="col" className="num">
              Total
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {dossiers.map((dossier) => (
            <Table.Tr key={dossier.id}>
              <Table.Td style={{ overflowWrap: "anywhere", minWidth: "10rem" }}>
                <Anchor component={Link} size="sm" href={`/dossiers/${dossier.id}`} data-resultat>
                  {avecPersonne ? personne(dossier.beneficiaire) : `Dossier du ${jour(dossier.date)}`}
                </Anchor>
              </Table.Td>
              <Table.Td>{jour(dossier.date)}</Table.Td>
              <Table.Td>{equipements(dossier)}</Table.Td>
              <Table.Td>{noms.get(dossier.tiers_payant.mutuelle_id ?? "") ?? "—"}</Table.Td>
              <Table.Td className="num">{montant(dossier.totaux.total_centimes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
