/** For the manager: who saw the client's social security number in clear, exported it or erased it. Read only when it is asked for. */
import { Button, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "@/api/client";
import type { Acces as EntreeAcces, Role } from "@/api/types";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import classes from "@/ecrans/dossier/dossier.module.css";
import { instant } from "@/format/format";

const MOTIFS: Record<EntreeAcces["motif"], string> = {
  LECTURE: "Lecture",
  CREATION: "Création",
  MODIFICATION: "Modification",
  REPETITION: "Réponse répétée",
  EXPORT: "Export",
  REPONSE_BRUTE: "Réponse brute",
  IMPRESSION: "Impression",
  EFFACEMENT: "Effacement",
};
const ROLES: Record<Role, string> = { LECTURE: "Lecture", OPTICIEN: "Opticien", GERANT: "Gérant", OPERATEUR: "Opérateur" };

export function Acces({ id }: { id: string }) {
  const [ouvert, setOuvert] = useState(false);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["clients", "acces", id],
    enabled: ouvert,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/v1/clients/{id}/acces", { params: { path: { id }, query: pageParam ? { suivant: pageParam } : {} } })),
    getNextPageParam: (page) => page.suivant ?? undefined,
  });
  const entrees = data?.pages.flatMap(({ acces }) => acces as EntreeAcces[]) ?? [];
  return (
    <section className={classes.bloc} aria-labelledby="titre-acces">
      <h2 id="titre-acces">Accès</h2>
      <Button size="compact-sm" variant="default" aria-expanded={ouvert} onClick={() => setOuvert(!ouvert)}>
        {ouvert ? "Masquer les accès" : "Voir qui a lu le numéro de sécurité sociale"}
      </Button>
      {ouvert && (
        <>
          <Erreur error={error} onRetry={() => void refetch()} />
          {isFetching && entrees.length === 0 && <Attente />}
          {data && entrees.length === 0 && <p>Personne ne l'a lu en clair.</p>}
          {entrees.length > 0 && (
            <Table aria-label="Accès au numéro de sécurité sociale" mt="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Le</Table.Th>
                  <Table.Th scope="col">Pourquoi</Table.Th>
                  <Table.Th scope="col">Rôle</Table.Th>
                  <Table.Th scope="col">Utilisateur</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {entrees.map(({ le, motif, role, utilisateur }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two reads in one second differ in nothing else
                  <Table.Tr key={`${le} ${motif} ${utilisateur} ${index - entrees.length}`}>
                    <Table.Td>{instant(le)}</Table.Td>
                    <Table.Td>{MOTIFS[motif]}</Table.Td>
                    <Table.Td>{ROLES[role as Role] ?? role}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{utilisateur}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
          {hasNextPage && (
            <Button mt="xs" size="compact-sm" variant="default" onClick={() => void fetchNextPage()} loading={isFetching}>
              Accès plus anciens
            </Button>
          )}
        </>
      )}
    </section>
  );
}
