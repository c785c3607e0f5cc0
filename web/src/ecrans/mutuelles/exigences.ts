/** What a mutuelle requires and allows, as sentences for the counter: the same rules as the check before sending, told when she is chosen. */
import type { ChampFacultatif, Mutuelle, Transmission, TypeEquipement } from "@/api/types";
import { enumerer, FACULTATIFS, prend, REQUIS } from "./mots";

/** One sentence; `rouge` refuses a demande, `orange` warns. */
export interface Exigence {
  quoi: "retiree" | "pec" | "tiers-payant" | "externalise" | "numeros" | "transmis" | "non-transmis" | "annulation";
  ton: "vert" | "rouge" | "orange" | "gris";
  texte: string;
}

function pecPossible({ pec }: Mutuelle, type: TypeEquipement): Exigence {
  if (pec === "NON")
    return { quoi: "pec", ton: "rouge", texte: "N'accepte pas les PEC électroniques : imprimez la demande par fax (« Imprimer »)." };
  if (!prend(pec, type))
    return {
      quoi: "pec",
      ton: "rouge",
      texte: "PEC électroniques pour l'optique seulement : imprimez la demande par fax pour ces lentilles.",
    };
  return {
    quoi: "pec",
    ton: "vert",
    texte: `OPTOAMC : accepte les PEC électroniques ${pec === "OPT" ? "pour l'optique, pas pour les lentilles" : "pour l'optique et les lentilles"}.`,
  };
}

/** Everything worth knowing, what stops a demande first. `transmission` is `null` until the shop's switches are known. */
export function exigences(mutuelle: Mutuelle, type: TypeEquipement, transmission: Transmission | null): Exigence[] {
  const { retiree, sans_tiers_payant, tp_externalise, champs_requis, facultatifs_exiges, annulation, pec } = mutuelle;
  const all: Exigence[] = [];
  if (retiree)
    all.push({ quoi: "retiree", ton: "rouge", texte: "Retirée : elle a quitté les conventions, toute nouvelle demande sera refusée." });
  all.push(pecPossible(mutuelle, type));
  if (sans_tiers_payant)
    all.push({
      quoi: "tiers-payant",
      ton: "rouge",
      texte: "Ne gère pas le tiers payant : faites payer le client et remettez-lui une facture.",
    });
  if (tp_externalise)
    all.push({
      quoi: "externalise",
      ton: "orange",
      texte: "TP externalisé : un autre organisme s'en charge, vérifiez sur la carte que c'est bien le bon.",
    });
  if (pec === "NON") return all;

  all.push({
    quoi: "numeros",
    ton: "gris",
    texte:
      champs_requis.length > 0
        ? `Exige ${enumerer(champs_requis.map((champ) => `le ${REQUIS[champ]}`))}.`
        : "N'exige aucun numéro en particulier : recopiez ceux de la carte.",
  });
  const phrase = (champs: readonly ChampFacultatif[]) => enumerer(champs.map((champ) => `«\u00a0${FACULTATIFS[champ]}\u00a0»`));
  if (transmission) {
    const transmis = facultatifs_exiges.filter((champ) => transmission[champ]);
    const tus = facultatifs_exiges.filter((champ) => !transmission[champ]);
    if (tus.length > 0)
      all.push({ quoi: "non-transmis", ton: "rouge", texte: `Exige aussi ${phrase(tus)}, que votre magasin ne transmet pas.` });
    if (transmis.length > 0)
      all.push({
        quoi: "transmis",
        ton: "vert",
        texte: `Exige aussi ${phrase(transmis)} : votre magasin ${transmis.length > 1 ? "les" : "le"} transmet.`,
      });
  } else if (facultatifs_exiges.length > 0)
    all.push({ quoi: "transmis", ton: "gris", texte: `Exige aussi ${phrase(facultatifs_exiges)}.` });
  all.push({
    quoi: "annulation",
    ton: "gris",
    texte: annulation
      ? "Une PEC accordée peut être annulée par voie électronique."
      : "Une PEC accordée ne s'annule pas par voie électronique : appelez la mutuelle.",
  });
  return all;
}
