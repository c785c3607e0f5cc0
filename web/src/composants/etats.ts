/** The states of a demande in words and colours that opticians know: green granted, red refused, orange waiting. */
import {
  IconAlertTriangle,
  IconBan,
  IconCalendarOff,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHelpCircle,
  IconLoader,
  IconPlugConnectedX,
  type TablerIcon,
} from "@tabler/icons-react";
import type { EtatDemande, Nature } from "@/api/types";

interface Presentation {
  mot: string;
  couleur: "vert" | "rouge" | "orange" | "gris";
  Icone: TablerIcon;
}

/** How each state is shown. */
export const ETATS: Record<EtatDemande, Presentation> = {
  EN_TRANSMISSION: { mot: "en cours d'envoi", couleur: "gris", Icone: IconLoader },
  SANS_REPONSE: { mot: "réponse inconnue", couleur: "orange", Icone: IconPlugConnectedX },
  EN_ATTENTE: { mot: "en attente", couleur: "orange", Icone: IconClock },
  ACCORDEE: { mot: "accordée", couleur: "vert", Icone: IconCircleCheck },
  ACCORDEE_SOUS_RESERVE: { mot: "accordée sous réserve", couleur: "vert", Icone: IconAlertTriangle },
  REFUSEE: { mot: "refusée", couleur: "rouge", Icone: IconCircleX },
  NON_TRANSMISE: { mot: "non transmise", couleur: "rouge", Icone: IconBan },
  A_VERIFIER: { mot: "à vérifier", couleur: "orange", Icone: IconHelpCircle },
  ANNULATION_EN_COURS: { mot: "annulation en cours", couleur: "orange", Icone: IconClock },
  ANNULEE: { mot: "annulée", couleur: "gris", Icone: IconBan },
  EXPIREE: { mot: "expirée", couleur: "gris", Icone: IconCalendarOff },
};

/** What opticians call the two kinds. */
export const NATURES: Record<Nature, string> = { PEC: "PEC", COTATION: "Cotation" };
