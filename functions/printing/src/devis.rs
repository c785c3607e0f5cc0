//! « Devis »: the 100 % Santé offer, then what the client chose.
//!
//! What must hold: the offer of class A stands before the chosen one, and its place says so when none was proposed; each line has its maker,
//! brand, model, materials and where it was made as far as they are known, and the code de regroupement, never the code of the maker's
//! product (CNIL); an amount nobody knows is « non connu », never 0; where the part of the mutuelle is known for the chosen offer and not for the
//! 100 % Santé one, the paper says that it must be asked for (DGCCRF: known for the one, it must be known for the other,
//! <http://frequenceoptic.fr./actualites/controles-dgccrf-les-points-que-les-opticiens-doivent-surveiller.html>); nothing of a request to a mutuelle is on it (that is the consent's paper).
//! Where it comes from: arrêté du 28 avril 2017 modifié par celui du 29 août 2019;
//! <https://www.acuite.fr/actualite/profession/171184/devis-normalise-questions-reponses-sur-sa-mise-en-place-des-janvier-2020>. The wording of the
//! model annexed to the arrêté was not at hand.

use crate::texte::{self, NON_CONNU, euros, fait, jour_ou_non_connu};
use jiff::{Span, Timestamp};
use optopec_domain::{
    centimes::Centimes,
    date,
    dossier::{Cote, Dossier, Equipement, Ligne},
    magasin::Magasin,
    montants::{Montants, MontantsLigne},
};
use serde_json::{Value, json};

/// How long a devis holds, and again from its signature: two months are the least it may
/// (<http://acuite.fr/actualite/profession/79767/exclu-opticiens-attention-nouvelle-vague-de-controles-de-la-repression>; from the signature:
/// <https://www.opticiensparconviction.fr/comprendre-un-devis-d-opticien>).
const VALIDITE_MOIS: i64 = 2;

/// What the template of a devis reads. `mutuelle`: her name.
pub fn donnees(
    magasin: &Magasin,
    dossier: &Dossier,
    (choisi, offre_sante): (&Equipement, Option<&Equipement>),
    mutuelle: Option<&str>,
    montants: &Montants,
    now: Timestamp,
) -> Value {
    let beneficiaire = &dossier.beneficiaire;
    let today = date::paris_day(now);
    let until = today.checked_add(Span::new().months(VALIDITE_MOIS)).unwrap_or(today);
    json!({
        "magasin": texte::magasin(magasin),
        "reference": texte::reference(dossier, choisi.numero),
        "identite": [
            fait("Client", texte::nom_prenom(Some(&beneficiaire.nom), beneficiaire.prenom.as_deref())),
            fait("Né(e) le", jour_ou_non_connu(beneficiaire.date_naissance)),
            fait("Ordonnance du", jour_ou_non_connu(dossier.prescription.as_ref().and_then(|p| p.date))),
            fait("Mutuelle", mutuelle.unwrap_or(NON_CONNU)),
        ],
        "dates": [
            fait("Devis établi le", texte::jour(today)),
            fait("Valable jusqu’au", texte::jour(until)),
            fait("Référence", texte::reference(dossier, choisi.numero)),
        ],
        "mois": VALIDITE_MOIS,
        "rc_a_demander": offre_sante.is_some_and(|sante| knows_some_rc(choisi, montants) && total_rc(sante, montants).is_none()),
        "offre_sante": offre_sante.map(|equipement| offre(equipement, montants)),
        "choisi": offre(choisi, montants),
    })
}

fn amounts_of<'a>(equipement: &Equipement, montants: &'a Montants) -> &'a [MontantsLigne] {
    montants.equipements.iter().find(|m| m.numero == equipement.numero).map_or(&[], |m| &m.lignes)
}

fn total_rc(equipement: &Equipement, montants: &Montants) -> Option<Centimes> {
    texte::somme(amounts_of(equipement, montants).iter().map(|m| m.rc))
}

/// A line hidden from the mutuelle does not count: that she pays nothing for it tells nothing about her.
fn knows_some_rc(equipement: &Equipement, montants: &Montants) -> bool {
    let hidden = |numero| equipement.lignes.iter().any(|l| l.numero == numero && l.occulte);
    amounts_of(equipement, montants).iter().any(|m| m.rc.is_some() && !hidden(m.numero))
}

fn offre(equipement: &Equipement, montants: &Montants) -> Value {
    let amounts = amounts_of(equipement, montants);
    let reste = |m: &MontantsLigne| texte::reste(m.valeur, m.ro, m.rc);
    json!({
        "nom": format!("{} — équipement n° {}", texte::type_equipement(equipement.type_equipement), equipement.numero),
        "lignes": equipement.lignes.iter().map(|l| ligne(l, amounts.iter().find(|m| m.numero == l.numero))).collect::<Vec<_>>(),
        "total": euros(Some(amounts.iter().map(|m| m.valeur).sum::<Centimes>())),
        "ro": euros(texte::somme(amounts.iter().map(|m| m.ro))),
        "rc": euros(total_rc(equipement, montants)),
        "reste": euros(texte::somme(amounts.iter().map(reste))),
    })
}

fn ligne(ligne: &Ligne, montants: Option<&MontantsLigne>) -> Value {
    let cote = ligne.cote.map_or("", |cote| match cote {
        Cote::Od => " OD",
        Cote::Og => " OG",
    });
    let of = |name: &str, value: Option<&String>| value.map(|value| format!("{name} : {value}"));
    let details = [
        of("fabricant", ligne.fabricant.as_ref()),
        of("marque", ligne.marque.as_ref()),
        of("modèle", ligne.modele.as_ref()),
        of("référence", ligne.reference.as_ref()),
        of("matière", ligne.matiere.as_ref()),
        of("indice", ligne.indice.as_ref()),
        (!ligne.traitements.is_empty()).then(|| format!("traitements : {}", ligne.traitements.join(", "))),
        of("fabriqué en", ligne.fabrique_en.as_ref()),
        ligne.classe.map(|classe| format!("classe {classe}")),
    ];
    json!({
        "categorie": format!("{}{cote}", texte::categorie(ligne.categorie)),
        "designation": ligne.designation,
        "details": details.into_iter().flatten().collect::<Vec<_>>().join("\u{a0}; "),
        "code": ligne.code_regroupement.clone().unwrap_or_else(|| "—".to_owned()),
        "quantite": ligne.quantite.to_string(),
        "prix": euros(Some(ligne.prix_unitaire)),
        "remise": if ligne.remise.centiemes() == 0 { "—".to_owned() } else { texte::pourcent(ligne.remise) },
        "valeur": euros(montants.map(|m| m.valeur)),
        "ro": euros(montants.and_then(|m| m.ro)),
        "rc": euros(montants.and_then(|m| m.rc)),
        "reste": euros(montants.and_then(|m| texte::reste(m.valeur, m.ro, m.rc))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::{lpp::Referentiel, montants};

    fn made(dossier: &Dossier, offre_sante: Option<&Equipement>) -> Value {
        let amounts = montants::compute(dossier, &Referentiel::initial(), None);
        donnees(&exemples::magasin(), dossier, (&dossier.equipements[0], offre_sante), Some("Mutuelle Démo"), &amounts, exemples::now())
    }

    #[test]
    fn what_the_mutuelle_pays_is_not_known_before_it_answered_and_never_zero() {
        let seen = made(&exemples::dossier(), None);
        let chosen = &seen["choisi"];
        assert_eq!((&chosen["total"], &chosen["ro"]), (&json!("714,00\u{a0}€"), &json!("4,44\u{a0}€")));
        assert_eq!((&chosen["rc"], &chosen["reste"], &chosen["lignes"][0]["rc"]), (&json!("non connu"), &json!("non connu"), &json!("non connu")));
        let mut known = exemples::dossier();
        known.equipements[0].rc_manuel = Some(Centimes::of(30_000));
        let seen = made(&known, None);
        assert_eq!((&seen["choisi"]["rc"], &seen["choisi"]["reste"]), (&json!("300,00\u{a0}€"), &json!("409,56\u{a0}€")));
    }

    #[test]
    fn it_shows_the_code_of_the_group_and_never_the_other() {
        let mut dossier = exemples::dossier();
        dossier.equipements[0].lignes[0].code_regroupement = Some("2200001".into());
        let seen = made(&dossier, None);
        assert_eq!(seen["choisi"]["lignes"][0]["code"], "2200001");
        assert_eq!(seen["choisi"]["lignes"][2]["code"], "—");
        assert!(!seen.to_string().contains("2203240") && !seen.to_string().contains("2223342"), "{seen}");
    }

    #[test]
    fn an_offer_of_100_percent_sante_is_there_or_said_to_be_missing() {
        let dossier = exemples::dossier();
        assert_eq!(made(&dossier, None)["offre_sante"], Value::Null);
        assert_eq!(made(&dossier, Some(&dossier.equipements[0]))["offre_sante"]["nom"], "Lunettes — équipement n° 1");
    }

    #[test]
    fn where_only_the_chosen_offer_has_a_part_of_the_mutuelle_the_other_is_to_be_asked_for() {
        let mut dossier = exemples::dossier();
        dossier.equipements.push(Equipement { numero: 2, ..exemples::equipement() });
        let to_ask = |chosen: Option<u64>, sante: Option<u64>| {
            let mut dossier = dossier.clone();
            dossier.equipements[0].rc_manuel = chosen.map(Centimes::of);
            dossier.equipements[1].rc_manuel = sante.map(Centimes::of);
            // What is hidden from the mutuelle has no part of hers, whether she was asked or not.
            dossier.equipements[0].lignes[2].occulte = true;
            let sante = dossier.equipements[1].clone();
            let seen = made(&dossier, Some(&sante));
            (seen["rc_a_demander"].clone(), seen["offre_sante"]["rc"].clone())
        };
        assert_eq!(to_ask(Some(30_000), None), (json!(true), json!("non connu")));
        assert_eq!(to_ask(Some(30_000), Some(0)), (json!(false), json!("0,00\u{a0}€")));
        assert_eq!(to_ask(None, None), (json!(false), json!("non connu")));
        assert_eq!(to_ask(None, Some(10_000)).0, false);
        dossier.equipements[0].rc_manuel = Some(Centimes::of(30_000));
        assert_eq!(made(&dossier, None)["rc_a_demander"], false);
    }

    #[test]
    fn it_holds_for_two_months() {
        assert_eq!(made(&exemples::dossier(), None)["dates"][1], json!(["Valable jusqu’au", "26/01/2014"]));
    }
}
