/** Ctrl+K: to a client, a dossier or a demande, by name, social security number or number of the demande. */
import { Combobox, Modal, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import { useTravail } from "@/api/travail";
import type { Client, Dossier } from "@/api/types";
import { Erreur } from "@/composants/Erreur";
import { ETATS, NATURES } from "@/composants/etats";
import { jour, personne } from "@/format/format";

interface Resultat {
  chemin: string;
  groupe: "Clients" | "Dossiers" | "Demandes";
  mot: string;
  precision: string;
}

export default function Recherche({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [texte, setTexte] = useState("");
  const [q] = useDebouncedValue(texte.trim(), 200);
  const demandes = useTravail().data ?? [];
  const combobox = useCombobox({ opened: true });

  const {
    data: trouves = [],
    error,
    isFetching,
  } = useQuery({
    queryKey: ["recherche", q],
    enabled: q.length >= 2,
    // What was searched is a name or a number of a person: it stays nowhere.
    gcTime: 0,
    queryFn: async (): Promise<Resultat[]> => {
      const query = { limite: 8 };
      const [{ clients }, { dossiers }] = await Promise.all([
        unwrap(api.POST("/v1/clients/recherche", { params: { query }, body: { q } })),
        unwrap(api.POST("/v1/dossiers/recherche", { params: { query }, body: { q } })),
      ]);
      return [
        ...(clients as Client[]).map((client) => ({
          chemin: `/clients/${client.id}`,
          groupe: "Clients" as const,
          mot: personne(client),
          precision: client.date_naissance ? `né(e) le ${jour(client.date_naissance)}` : "",
        })),
        ...(dossiers as Dossier[]).map((dossier) => ({
          chemin: `/dossiers/${dossier.id}`,
          groupe: "Dossiers" as const,
          mot: personne(dossier.beneficiaire),
          precision: `dossier du ${jour(dossier.date)}`,
        })),
      ];
    },
  });

  const numero = /^n?°?\s*(\d{1,9})$/i.exec(texte.trim())?.[1];
  const parNumero = demandes
    .filter((demande) => numero !== undefined && String(demande.numero).startsWith(numero))
    .slice(0, 8)
    .map((demande) => ({
      chemin: `/demandes/${demande.id}`,
      groupe: "Demandes" as const,
      mot: `${NATURES[demande.nature]} n° ${demande.numero} · ${personne(demande.beneficiaire)}`,
      precision: `${ETATS[demande.etat].mot} · ${demande.mutuelle_nom}`,
    }));
  const resultats: Resultat[] = [...parNumero, ...trouves];
  const groupes = (["Demandes", "Clients", "Dossiers"] as const).map((nom) => ({ nom, lignes: resultats.filter((r) => r.groupe === nom) }));

  return (
    <Modal.Root opened onClose={onClose} size="lg" yOffset="8vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Rechercher">
        <Modal.Body p="xs">
          <Combobox
            store={combobox}
            onOptionSubmit={(chemin) => {
              onClose();
              navigate(chemin);
            }}
          >
            <Combobox.EventsTarget withExpandedAttribute>
              <TextInput
                data-autofocus
                size="md"
                role="combobox"
                onKeyDown={(event) => {
                  // The list is always open here: Escape is meant for the window.
                  if (event.key === "Escape") onClose();
                }}
                aria-label="Nom, n° de sécurité sociale ou n° de demande"
                placeholder="Nom, n° de sécurité sociale ou n° de demande"
                leftSection={<IconSearch size={18} aria-hidden />}
                value={texte}
                maxLength={100}
                onChange={(event) => {
                  setTexte(event.currentTarget.value);
                  combobox.resetSelectedOption();
                }}
              />
            </Combobox.EventsTarget>
            <Combobox.Options mt="xs" mah="60vh" style={{ overflowY: "auto" }} aria-label="Résultats">
              {groupes.map(
                ({ nom, lignes }) =>
                  lignes.length > 0 && (
                    <Combobox.Group key={nom} label={nom}>
                      {lignes.map(({ chemin, mot, precision }) => (
                        <Combobox.Option key={chemin} value={chemin}>
                          <Text component="span" fw={600}>
                            {mot}
                          </Text>{" "}
                          <Text component="span" c="dimmed" size="sm">
                            {precision}
                          </Text>
                        </Combobox.Option>
                      ))}
                    </Combobox.Group>
                  ),
              )}
            </Combobox.Options>
          </Combobox>
          <Text size="sm" c="dimmed" role="status" p="xs">
            {q.length >= 2 && !isFetching && resultats.length === 0 && !error
              ? "Rien à ce nom. Les noms se cherchent par leur début."
              : "Deux lettres suffisent. Entrée ouvre, Échap ferme."}
          </Text>
          <Erreur error={error} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
