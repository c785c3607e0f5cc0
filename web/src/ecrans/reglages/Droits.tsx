/** Who may do what: the role of the person, and what each role of the shop allows. */
import { Table, Text } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { Fragment } from "react";
import { ROLES } from "@/cadre/Cadre";
import { useSession } from "@/session/contexte";
import { DROITS, peut, ROLES_DU_MAGASIN } from "./droits";
import classes from "./Reglages.module.css";

export function Droits() {
  const { role } = useSession();
  return (
    <>
      <Text mb="md">
        Vous êtes connecté comme <strong>{ROLES[role]}</strong>. Les comptes et leurs rôles sont ouverts par optopec, à la demande du
        gérant.
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself */}
      <section className="defile" aria-label="Ce que chaque rôle peut faire" tabIndex={0}>
        <Table verticalSpacing={4} maw={900} miw={520}>
          <Table.Caption className="invisible">Ce que chaque rôle peut faire</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Action</Table.Th>
              {ROLES_DU_MAGASIN.map((colonne) => (
                <Table.Th key={colonne} scope="col" className={`${classes.marque} ${colonne === role ? classes.moi : ""}`}>
                  {ROLES[colonne]}
                  {colonne === role && <span className="invisible"> (vous)</span>}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {DROITS.map(({ groupe, droits }) => (
              <Fragment key={groupe}>
                <Table.Tr>
                  <Table.Th scope="rowgroup" colSpan={4} c="dimmed" fz="sm" pt="sm">
                    {groupe}
                  </Table.Th>
                </Table.Tr>
                {droits.map(({ quoi, precision }) => (
                  <Table.Tr key={quoi}>
                    <Table.Th scope="row" fw={400}>
                      {quoi}
                      {precision && (
                        <Text span size="sm" c="dimmed">
                          {" "}
                          ({precision})
                        </Text>
                      )}
                    </Table.Th>
                    {ROLES_DU_MAGASIN.map((colonne) => (
                      <Table.Td key={colonne} className={`${classes.marque} ${colonne === role ? classes.moi : ""}`}>
                        {peut(colonne, groupe) ? (
                          <IconCheck size={18} role="img" aria-label="oui" className={classes.ok} />
                        ) : (
                          <IconMinus size={18} role="img" aria-label="non" />
                        )}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Text size="sm" c="dimmed" mt="md">
        Les opérateurs d'optopec règlent l'abonnement et les crédits ; ils ne voient ni vos clients ni vos dossiers.
      </Text>
    </>
  );
}
