/** Something is being loaded. */
import { Center, Loader } from "@mantine/core";

export function Attente({ quoi = "Chargement" }: { quoi?: string }) {
  return (
    <Center mih={160} role="status" aria-label={quoi}>
      <Loader aria-hidden />
    </Center>
  );
}
