/**
 * « Ce qui est envoyé »: an example request as the switches of this shop make it. The same fields as the messages to the concentrator; a field that
 * is switched off is not there, as it is in no message.
 */
import type { ChampFacultatif, Magasin, Transmission } from "@/api/types";
import { personne } from "@/format/format";

export interface Donnee {
  nom: string;
  valeur: string;
  /** The switch that governs it; without one it is always sent. */
  champ?: ChampFacultatif;
}

export interface Section {
  titre: string;
  donnees: Donnee[];
}

/** Everything that could be sent, of a client that does not exist. */
function complet({ finess, opticien }: Pick<Magasin, "finess" | "opticien">): Section[] {
  return [
    {
      titre: "Opticien",
      donnees: [
        { nom: "FINESS", valeur: finess ?? "750000001" },
        { nom: "Nom et prénom", valeur: personne(opticien) || "Claire MARTIN", champ: "opticien_nom_prenom" },
        { nom: "Téléphone", valeur: opticien.telephone ?? "01 23 45 67 89", champ: "opticien_telephone" },
        { nom: "Email", valeur: opticien.email ?? "magasin@exemple.fr", champ: "opticien_email" },
      ],
    },
    {
      titre: "Assuré",
      donnees: [
        { nom: "Nom et prénom", valeur: "Fabienne MONTFORT" },
        { nom: "Né(e) le", valeur: "14/05/1978" },
        { nom: "N° de Séc. Soc.", valeur: "2 78 05 2A 004 123 58", champ: "assure_nir" },
      ],
    },
    {
      titre: "Bénéficiaire",
      donnees: [
        { nom: "Nom et prénom", valeur: "Fabienne MONTFORT" },
        { nom: "Né(e) le", valeur: "14/05/1978" },
        { nom: "N° de Séc. Soc.", valeur: "2 78 05 2A 004 123 58", champ: "beneficiaire_nir" },
        { nom: "Rang gémellaire", valeur: "1", champ: "beneficiaire_rang_gemellaire" },
      ],
    },
    {
      titre: "Contrat",
      donnees: [
        { nom: "N° adhérent", valeur: "12345678" },
        { nom: "N° de contrat", valeur: "C-2013-01" },
      ],
    },
    {
      titre: "Prescription",
      donnees: [
        { nom: "Date", valeur: "01/10/2013" },
        { nom: "RI/RA", valeur: "RI", champ: "prescription_ri_ra" },
        { nom: "Prescripteur", valeur: "Docteur Besnainou", champ: "prescription_prescripteur" },
      ],
    },
    {
      titre: "Verre",
      donnees: [
        { nom: "Désignation", valeur: "ESSILOR Advans Orma" },
        { nom: "LPP, qté, prix", valeur: "2203240 · 1 · 250,00 €" },
        { nom: "Remise", valeur: "10 %", champ: "verre_remise" },
        { nom: "Surface", valeur: "ST (standard)", champ: "verre_surface" },
        { nom: "Traitement", valeur: "Antireflet", champ: "verre_traitement" },
      ],
    },
    {
      titre: "Monture",
      donnees: [
        { nom: "Désignation", valeur: "DOLCE GABBANA 339" },
        { nom: "LPP, qté, prix", valeur: "2223342 · 1 · 214,00 €" },
        { nom: "Remise", valeur: "5 %", champ: "monture_remise" },
      ],
    },
    {
      titre: "Ou lentilles",
      donnees: [
        { nom: "Désignation", valeur: "Lentilles mensuelles" },
        { nom: "Qté, prix", valeur: "2 · 30,00 €" },
        { nom: "Lentilles par boîte", valeur: "6", champ: "lentille_par_boite" },
        { nom: "Remise", valeur: "0 %", champ: "lentille_remise" },
      ],
    },
  ];
}

/** The example as it would be sent with these switches. */
export const apercu = (magasin: Pick<Magasin, "finess" | "opticien">, transmission: Transmission): Section[] =>
  complet(magasin).map(({ titre, donnees }) => ({
    titre,
    donnees: donnees.filter(({ champ }) => champ === undefined || transmission[champ]),
  }));

/** What each optional datum is, and what it is good for. */
export const SENS: Record<ChampFacultatif, string> = {
  beneficiaire_nir: "Le n° de la personne équipée ; la mutuelle la reconnaît sans erreur d'homonyme.",
  beneficiaire_rang_gemellaire: "Distingue des jumeaux nés le même jour.",
  assure_nir: "Le n° de la personne qui ouvre les droits.",
  opticien_nom_prenom: "Qui répond de la demande au magasin.",
  opticien_telephone: "Où la mutuelle peut vous joindre.",
  opticien_email: "Où la mutuelle peut vous écrire.",
  prescription_ri_ra: "Renouvellement : RI délivré, RA deuxième paire.",
  prescription_prescripteur: "Le médecin ou l'orthoptiste qui a prescrit.",
  verre_surface: "ST : standard, AS : asphérique, SP : sphérique, TO : torique.",
  verre_traitement: "Antireflet, type de teinte, photochromique, durci, antisalissure.",
  lentille_par_boite: "Combien de lentilles contient une boîte.",
  verre_remise: "La remise accordée sur les verres, en %.",
  lentille_remise: "La remise accordée sur les lentilles, en %.",
  monture_remise: "La remise accordée sur la monture, en %.",
};
