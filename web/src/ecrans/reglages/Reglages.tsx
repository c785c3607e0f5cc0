/** The settings: the shop, what it transmits (Winoptics, « Outils › Option › Services › OptoAMC »), who may do what, the colours of the screen. */
import { Tabs, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useEffect } from "react";
import { useSearchParams } from "wouter";
import { useMagasin } from "@/api/requetes";
import type { Magasin } from "@/api/types";
import { allerAuChamp } from "@/brouillon/allerAuChamp";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import { useBrouillon } from "../mutuelles/brouillon";
import { Affichage } from "./Affichage";
import { Droits } from "./Droits";
import { Identite } from "./Identite";
import { ouEst } from "./ou";
import { Transmis } from "./Transmis";

const ONGLETS = ["magasin", "transmission", "droits", "affichage"] as const;
type Onglet = (typeof ONGLETS)[number];
const estOnglet = (texte: string | null): texte is Onglet => ONGLETS.some((onglet) => onglet === texte);

export default function Reglages() {
  const [params, setParams] = useSearchParams();
  const gerant = mayManage(useSession());
  const { data: magasin, error, refetch } = useMagasin();
  const form = useBrouillon<Magasin>("magasin", magasin ?? null);

  const demande = params.get("onglet");
  const champ = params.get("champ");
  const onglet = estOnglet(demande) ? demande : champ ? ouEst(champ).onglet : "magasin";
  const lu = magasin !== undefined;
  useEffect(() => {
    if (champ && lu) allerAuChamp(ouEst(champ).candidats);
  }, [champ, lu]);
  const reserve = !gerant && (
    <Text size="sm" c="dimmed" mb="sm">
      <IconLock size={14} aria-hidden /> Lecture seule. {RESERVE_GERANT}
    </Text>
  );
  return (
    <Page titre="Réglages">
      <Tabs value={onglet} onChange={(vers) => setParams({ onglet: vers ?? "magasin" })} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Réglages">
          <Tabs.Tab value="magasin">Magasin</Tabs.Tab>
          <Tabs.Tab value="transmission">Transmission</Tabs.Tab>
          <Tabs.Tab value="droits">Droits</Tabs.Tab>
          <Tabs.Tab value="affichage">Affichage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="magasin">
          <Erreur error={error} onRetry={() => void refetch()} />
          {reserve}
          {magasin ? <Identite magasin={magasin.value} form={form} /> : !error && <Attente />}
        </Tabs.Panel>
        <Tabs.Panel value="transmission">
          <Erreur error={error} onRetry={() => void refetch()} />
          {reserve}
          {magasin ? <Transmis magasin={magasin.value} form={form} /> : !error && <Attente />}
        </Tabs.Panel>
        <Tabs.Panel value="droits">
          <Droits />
        </Tabs.Panel>
        <Tabs.Panel value="affichage">
          <Affichage />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
