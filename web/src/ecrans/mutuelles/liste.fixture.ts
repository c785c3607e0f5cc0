/**
 * A list of mutuelles as large as a real one, for tests and benchmarks: made from a seed, so that every run searches the same 3,000 names.
 */
import type { EntreeMutuelle } from "@/api/types";

const GENRES = [
  "Mutuelle",
  "Mutuelle",
  "Mutuelle générale",
  "Union mutualiste",
  "Caisse",
  "Prévoyance",
  "Assurances",
  "Groupe",
  "Institution de prévoyance",
  "Société de secours mutuels",
  "Complémentaire santé",
  "Mutualité",
  "Fonds social",
];
const PUBLICS = [
  "des cheminots",
  "de l'Éducation nationale",
  "des hospitaliers",
  "du bâtiment",
  "des travaux publics",
  "des commerçants",
  "des artisans",
  "familiale",
  "interprofessionnelle",
  "des agents territoriaux",
  "de la métallurgie",
  "des marins",
  "du spectacle",
  "des retraités",
  "de l'Œuvre laïque",
  "des employés de banque",
  "des pharmaciens",
  "agricole",
  "des transports",
  "de la boulangerie",
];
const LIEUX = [
  "Bretagne",
  "Île-de-France",
  "Haute-Savoie",
  "Nord",
  "Pas-de-Calais",
  "Hérault",
  "Gironde",
  "Rhône",
  "Côte d'Or",
  "Alsace",
  "Lorraine",
  "Vendée",
  "Finistère",
  "Corrèze",
  "Drôme",
  "Ardèche",
  "Bouches-du-Rhône",
  "Loire-Atlantique",
  "Puy-de-Dôme",
  "Réunion",
  "Guyane",
  "Paris",
  "Orléans",
  "Béziers",
  "Saint-Étienne",
  "Besançon",
  "Angoulême",
  "Nîmes",
];
const NOMS = [
  "Harmonie",
  "Éovi",
  "Radiance",
  "Adréa",
  "Viasanté",
  "Solimut",
  "Apréva",
  "Intégrance",
  "Miltis",
  "Ociane",
  "Précocia",
  "Mutami",
];

/** Park and Miller's generator: enough for names. */
function hasard(graine: number): (max: number) => number {
  let etat = graine;
  return (max) => {
    etat = (etat * 48_271) % 2_147_483_647;
    return etat % max;
  };
}

/** `combien` mutuelles; one in eight without plateau, a few that left the conventions. */
export function listeDEssai(combien = 3_000, graine = 20_261_121): EntreeMutuelle[] {
  const tirer = hasard(graine);
  const de = (mots: readonly string[]): string => mots[tirer(mots.length)] ?? "";
  return Array.from({ length: combien }, (_, i) => {
    const nom = [
      tirer(3) === 0 ? de(NOMS) : "",
      de(GENRES),
      tirer(4) > 0 ? de(PUBLICS) : "",
      tirer(5) > 1 ? de(LIEUX) : "",
      tirer(9) === 0 ? String(i) : "",
    ]
      .filter(Boolean)
      .join(" ");
    const plateau = tirer(8) === 0 ? null : String(10_000_000 + tirer(89_999_999));
    const sorte = tirer(3);
    return {
      id: `mut_${String(i).padStart(26, "0")}`,
      nom,
      plateau,
      identifiant: plateau && (tirer(2) === 0 ? plateau : String(10_000_000 + tirer(89_999_999))),
      pec: plateau === null ? "NON" : sorte === 0 ? "OPT" : "OPT_LEN",
      retiree: tirer(60) === 0,
    };
  });
}

/** What is typed at a counter, key by key, with the mistakes that are made there. */
export const FRAPPES: readonly string[] = [
  "harmonie",
  "mutuelle generale",
  "harmoine",
  "mutuele des cheminots",
  "bretagne",
  "prevoyance hopsitaliers",
  "oeuvre",
  "1234",
  "saint etienne",
  "caisse agricole gironde",
  "zzzz",
  "interprofesionnelle",
  "m",
].flatMap((phrase) => Array.from(phrase, (_, i) => phrase.slice(0, i + 1)));
