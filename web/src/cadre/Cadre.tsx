/**
 * The frame of every screen: where one can go, the credits, who one is, the search, and the banners (demonstration, server down, credits low).
 */
import { ActionIcon, Burger, Button, Group, Kbd, NavLink, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBuildingBank,
  IconChartBar,
  IconCoins,
  IconListCheck,
  IconSearch,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { useCredits, useMagasin } from "@/api/requetes";
import { patiently, probe, useReachable } from "@/api/reseau";
import { useATraiter } from "@/api/travail";
import { pluriel } from "@/format/format";
import { useSession } from "@/session/contexte";
import classes from "./Cadre.module.css";
import { Raccourcis, useRaccourcis } from "./raccourcis";

const Recherche = lazy(() => patiently(() => import("./Recherche")));
const MenuCompte = lazy(() => patiently(() => import("./MenuCompte")));
const Aide = lazy(() => patiently(() => import("./Aide")));

/** How the roles are called. */
export const ROLES = { LECTURE: "Lecture", OPTICIEN: "Opticien", GERANT: "Gérant", OPERATEUR: "Opérateur" } as const;

const MENU = [
  { chemin: "/", mot: "Liste de travail", Icone: IconListCheck },
  { chemin: "/clients", mot: "Clients et dossiers", Icone: IconUsers },
  { chemin: "/mutuelles", mot: "Mutuelles", Icone: IconBuildingBank },
  { chemin: "/credits", mot: "Crédits", Icone: IconCoins },
  { chemin: "/tableau-de-bord", mot: "Tableau de bord", Icone: IconChartBar },
  { chemin: "/reglages", mot: "Réglages", Icone: IconSettings },
] as const;

const isHere = (here: string, chemin: string): boolean =>
  chemin === "/"
    ? here === "/" || here.startsWith("/demandes")
    : here.startsWith(chemin) || (chemin === "/clients" && here.startsWith("/dossiers"));

export function Cadre({ children }: { children: ReactNode }) {
  return (
    <Raccourcis>
      <Murs>{children}</Murs>
    </Raccourcis>
  );
}

function Murs({ children }: { children: ReactNode }) {
  const [here, navigate] = useLocation();
  const [menu, { toggle, close }] = useDisclosure(false);
  const [recherche, ouvrirRecherche] = useDisclosure(false);
  const [aide, ouvrirAide] = useDisclosure(false);
  const magasin = useMagasin().data?.value;
  const aTraiter = useATraiter();
  const demonstration = magasin?.mode === "DEMONSTRATION";

  useRaccourcis([
    { touche: "Ctrl+K", quoi: "Aller à un client, un dossier ou une demande", action: ouvrirRecherche.open },
    { touche: "?", quoi: "Montrer les raccourcis", action: ouvrirAide.open },
    { touche: "N", quoi: "Nouveau dossier", action: () => navigate("/dossiers/nouveau") },
    { touche: "L", quoi: "Liste de travail", action: () => navigate("/") },
  ]);

  return (
    <div className={classes.cadre}>
      <a className="evitement" href="#contenu">
        Aller au contenu
      </a>
      <header className={demonstration ? `${classes.tete} ${classes.demonstration}` : classes.tete}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Burger opened={menu} onClick={toggle} className={classes.burger} size="sm" color="#fff" aria-label="Menu" aria-expanded={menu} />
          <Link href="/" className={classes.marque}>
            optopec
          </Link>
          <Text component="span" truncate className={classes.magasin} title={magasin?.nom ?? undefined}>
            {magasin?.nom}
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="white"
            size="xs"
            color="dark"
            leftSection={<IconSearch size={16} aria-hidden />}
            rightSection={<Kbd size="xs">Ctrl K</Kbd>}
            onClick={ouvrirRecherche.open}
            visibleFrom="md"
          >
            Rechercher
          </Button>
          <ActionIcon hiddenFrom="md" variant="transparent" color="#fff" aria-label="Rechercher" onClick={ouvrirRecherche.open}>
            <IconSearch size={20} />
          </ActionIcon>
          <Solde />
          <Moi onAide={ouvrirAide.open} />
        </Group>
      </header>
      <nav className={menu ? `${classes.menu} ${classes.ouvert}` : classes.menu} aria-label="Menu principal">
        {MENU.map(({ chemin, mot, Icone }) => (
          <NavLink
            key={chemin}
            component={Link}
            href={chemin}
            onClick={close}
            active={isHere(here, chemin)}
            aria-current={isHere(here, chemin) ? "page" : undefined}
            label={mot}
            leftSection={<Icone size={18} aria-hidden />}
            rightSection={
              chemin === "/" && aTraiter > 0 ? (
                <span className={classes.compte}>
                  {aTraiter}
                  <span className="invisible"> à traiter</span>
                </span>
              ) : null
            }
          />
        ))}
      </nav>
      <main id="contenu" className={classes.contenu}>
        <Bandeaux demonstration={demonstration} />
        {children}
      </main>
      {recherche && (
        <Suspense>
          <Recherche onClose={ouvrirRecherche.close} />
        </Suspense>
      )}
      {aide && (
        <Suspense>
          <Aide onClose={ouvrirAide.close} />
        </Suspense>
      )}
    </div>
  );
}

function Solde() {
  const credits = useCredits().data;
  const prix = useMagasin().data?.value.prix.PEC;
  if (!credits) return null;
  const { disponibles, reserves, alerte } = credits;
  return (
    <Tooltip
      label={`Le prix d'une PEC${prix === undefined ? "" : ` (${pluriel(prix, "crédit")})`} est réservé à l'envoi, et rendu si la mutuelle n'a rien reçu.`}
    >
      <Link href="/credits" className={alerte ? `${classes.solde} ${classes.bas}` : classes.solde}>
        <IconCoins size={18} aria-hidden />
        <span>
          {pluriel(disponibles, "crédit")}
          {reserves > 0 && <span className={classes.reserve}> + {pluriel(reserves, "réservé")}</span>}
        </span>
      </Link>
    </Tooltip>
  );
}

/** The menu of the account is loaded when it is first asked for: few open it, and never first. */
function Moi({ onAide }: { onAide: () => void }) {
  const { role } = useSession();
  const [demande, setDemande] = useState(false);
  const bouton = (
    <ActionIcon
      variant="transparent"
      color="#fff"
      size="lg"
      aria-label={`Mon compte (${ROLES[role]})`}
      aria-haspopup="menu"
      onClick={() => setDemande(true)}
    >
      <IconUser size={20} aria-hidden />
    </ActionIcon>
  );
  return demande ? (
    <Suspense fallback={bouton}>
      <MenuCompte onAide={onAide} />
    </Suspense>
  ) : (
    bouton
  );
}

function Bandeaux({ demonstration }: { demonstration: boolean }) {
  const reachable = useReachable();
  const client = useQueryClient();
  const credits = useCredits().data;
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    if (reachable) return;
    const timer = setInterval(() => void probe(), 3_000);
    return () => {
      clearInterval(timer);
      // The server is there again: what is on the screen may be old.
      void client.invalidateQueries();
    };
  }, [reachable, client]);

  return (
    <>
      <div role="status" aria-live="polite">
        {!reachable && (
          <div className={`${classes.bandeau} ${classes.panne}`}>
            <strong>Le serveur ne répond pas.</strong> Ce que vous tapez est gardé dans cet onglet ; rien n'est envoyé deux fois.
            <Button
              size="compact-sm"
              variant="white"
              color="dark"
              loading={asking}
              onClick={() => {
                setAsking(true);
                void probe().finally(() => setAsking(false));
              }}
            >
              Réessayer
            </Button>
          </div>
        )}
        {credits?.alerte && (
          <div className={`${classes.bandeau} ${classes.seuil}`}>
            <strong>Il reste {pluriel(credits.disponibles, "crédit")}.</strong> <Link href="/credits">Voir les crédits</Link>
          </div>
        )}
      </div>
      {demonstration && (
        <div className={`${classes.bandeau} ${classes.essai}`}>
          <strong>Mode démonstration.</strong> Rien ne part vers une vraie mutuelle ; les documents portent « SPÉCIMEN ».
        </div>
      )}
    </>
  );
}
