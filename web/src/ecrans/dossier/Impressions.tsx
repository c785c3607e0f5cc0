/** « Imprimer » : the devis, with or without the offer « 100 % Santé », and the request by fax. What is typed is saved before. */
import { Button, Menu, Modal, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { showDocument } from "@/api/documents";
import { EquipementRetire } from "@/api/problemes";
import type { Dossier } from "@/api/types";
import { Erreur } from "@/composants/Erreur";
import { type Enregistrer, enregistre } from "@/ecrans/demande/ordres";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import { numeroEnregistre } from "./modele";

interface Props {
  dossier: Dossier;
  index: number;
  enregistrer: Enregistrer;
}

export function Impressions({ dossier, index, enregistrer }: Props) {
  const [error, setError] = useState<unknown>(null);
  const sell = maySell(useSession());
  const autres = dossier.equipements.map((equipement, i) => ({ equipement, i })).filter(({ i }) => i !== index);

  const pathOf = async (document: string, offre?: number): Promise<string> => {
    const source = sell ? (await enregistre(enregistrer)).value : dossier;
    const numero = (place: number): string => {
      const enregistre = numeroEnregistre(dossier, place, source);
      if (enregistre === null) throw new EquipementRetire();
      return String(enregistre);
    };
    const query = new URLSearchParams({ equipement: numero(index) });
    if (offre !== undefined) query.set("offre_sante", numero(offre));
    return `/v1/dossiers/${source.id}/documents/${document}.pdf?${query}`;
  };

  const print = (document: string, offre?: number) => {
    setError(null);
    showDocument(pathOf(document, offre)).catch(setError);
  };

  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />}>
            Imprimer
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => print("devis")}>Devis{autres.length > 0 && ` de l'équipement n° ${index + 1}`}</Menu.Item>
          {autres.map(({ equipement, i }) => (
            <Menu.Item key={equipement.numero} onClick={() => print("devis", i)}>
              Devis, offre 100 % Santé : équipement n° {i + 1}
            </Menu.Item>
          ))}
          <Menu.Item disabled={!sell} onClick={() => print("demande-fax")}>
            Demande par fax
            {!sell && (
              <Text size="xs" component="span" display="block">
                {RESERVE_OPTICIEN}
              </Text>
            )}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={error !== null} onClose={() => setError(null)} title="Imprimer">
        <Erreur error={error} />
      </Modal>
    </>
  );
}
