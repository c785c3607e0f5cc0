/** The keys that work on the present screen. */
import { Kbd, Modal, Table, Text } from "@mantine/core";
import { useTousLesRaccourcis } from "./raccourcis";

export default function Aide({ onClose }: { onClose: () => void }) {
  const tous = useTousLesRaccourcis();
  return (
    <Modal opened onClose={onClose} title="Raccourcis clavier">
      <Table aria-label="Raccourcis clavier">
        <Table.Tbody>
          {tous().map(({ touche, quoi }) => (
            <Table.Tr key={touche + quoi}>
              <Table.Th scope="row">
                <Kbd>{touche.replace("Delete", "Suppr")}</Kbd>
              </Table.Th>
              <Table.Td>{quoi}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Une lettre seule n'agit que hors des champs de saisie.
      </Text>
    </Modal>
  );
}
