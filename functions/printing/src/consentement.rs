//! « Consentement »: what the client agrees to, before anything is sent.
//!
//! What must hold: the paper names who sends what to whom and why, the exact data that the switches of the shop let through, which of them are
//! optional and what happens without them, how long they are kept, the rights and how to withdraw (art. 7 and 13 GDPR; express consent before
//! any transmission to a third party and information on a paper other than the devis: DGCCRF,
//! <https://www.frequenceoptic.fr/actualites/codes-lpp-ordonnances-les-precisions-de-la-dgccrf.html>). The same content has the same fingerprint,
//! whenever it is printed, so that a signed paper is matched by what stands on it.
//! Deliberately absent: a NIR and any value of a health datum. The paper tells what is sent, not its value.

use crate::texte::{self, NON_CONNU, fait, jour_ou_non_connu};
use jiff::Timestamp;
use optopec_domain::{
    client::Qualite,
    consentement::PapierImprime,
    conservation::Conservation,
    dossier::{Dossier, Equipement, TypeEquipement},
    empreinte::sha256,
    magasin::{ChampFacultatif, Magasin},
    mutuelle::Mutuelle,
};
use serde_json::{Value, json};

/// What every request says: without it there is none. Held against [`optopec_domain::verification::Contenu`] by a test.
const TOUJOURS: [(&str, &str); 6] = [
    ("Opticien", "numéro FINESS du magasin"),
    ("Bénéficiaire", "nom, prénom, date de naissance, qualité (assuré, conjoint ou enfant)"),
    ("Assuré(e)", "nom, prénom, date de naissance"),
    ("Carte de mutuelle", "numéros d’adhérent, de contrat et de groupe, s’ils y figurent"),
    ("Ordonnance", "sa date, si elle est saisie"),
    (
        "Équipement",
        "type, code risque, taux de remboursement, adulte ou enfant, prismes ; pour chaque ligne : référence, désignation, catégorie, code LPP ou de regroupement, quantité, prix et part de la sécurité sociale",
    ),
];

/// What the template of a consent reads, and what tells the paper from any other.
pub fn donnees(
    magasin: &Magasin,
    dossier: &Dossier,
    equipement: &Equipement,
    mutuelle: &Mutuelle,
    duree: Conservation,
    now: Timestamp,
) -> (Value, PapierImprime) {
    let (envoyes, retenus): (Vec<_>, Vec<_>) = ChampFacultatif::ALL.iter().copied().partition(|champ| magasin.transmission.sends(*champ));
    let exige = |champ: &ChampFacultatif| mutuelle.fiche.facultatifs_exiges.contains(champ);
    let libelles = |champs: &[ChampFacultatif]| champs.iter().map(|c| json!({"libelle": c.libelle(), "exige": exige(c)})).collect::<Vec<_>>();
    let (opticien, reference) = (&magasin.identite.opticien, texte::reference(dossier, equipement.numero));
    let contact = [opticien.telephone.as_deref(), opticien.email.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut donnees = json!({
        "magasin": texte::magasin(magasin),
        "mutuelle": mutuelle.fiche.nom,
        "personnes": personnes(dossier),
        "beneficiaire": texte::nom_prenom(Some(&dossier.beneficiaire.nom), dossier.beneficiaire.prenom.as_deref()),
        "equipement": match equipement.type_equipement {
            TypeEquipement::Opt => format!("lunettes (équipement n° {})", equipement.numero),
            TypeEquipement::Len => format!("lentilles (équipement n° {})", equipement.numero),
        },
        "toujours": TOUJOURS.map(|(nom, valeur)| fait(nom, valeur)),
        "facultatives": libelles(&envoyes),
        "retenues": libelles(&retenus),
        "contact": if contact.is_empty() { "au magasin".to_owned() } else { contact },
        "dossier_annees": duree.dossier_annees,
        "preuve_annees": duree.preuve_annees,
        "reference": reference,
    });
    let papier = PapierImprime { reference, empreinte: sha256(donnees.to_string().as_bytes()) };
    donnees["empreinte"] = papier.empreinte.clone().into();
    donnees["imprime_le"] = texte::jour_de(now).into();
    (donnees, papier)
}

fn personnes(dossier: &Dossier) -> Value {
    let beneficiaire = &dossier.beneficiaire;
    let mut faits = vec![
        fait("Bénéficiaire", texte::nom_prenom(Some(&beneficiaire.nom), beneficiaire.prenom.as_deref())),
        fait("Né(e) le", jour_ou_non_connu(beneficiaire.date_naissance)),
    ];
    if beneficiaire.qualite != Qualite::Assure {
        let assure = dossier.assure.as_ref();
        let nom = texte::nom_prenom(assure.and_then(|a| a.nom.as_deref()), assure.and_then(|a| a.prenom.as_deref()));
        faits.push(fait("Assuré(e)", if nom.is_empty() { NON_CONNU.to_owned() } else { nom }));
    }
    Value::Array(faits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;

    fn made(change: impl FnOnce(&mut Magasin, &mut Dossier, &mut Mutuelle)) -> (Value, PapierImprime) {
        let (mut magasin, mut dossier, mut mutuelle) = (exemples::magasin(), exemples::dossier(), exemples::mutuelle());
        change(&mut magasin, &mut dossier, &mut mutuelle);
        donnees(&magasin, &dossier, &dossier.equipements[0], &mutuelle, Conservation::PRODUIT, exemples::now())
    }

    #[test]
    fn the_paper_names_the_fourteen_fields_each_on_its_side() {
        let (seen, _) = made(|magasin, _, mutuelle| {
            magasin.transmission = magasin.transmission.with(ChampFacultatif::VerreSurface, true).with(ChampFacultatif::AssureNir, false);
            mutuelle.fiche.facultatifs_exiges = vec![ChampFacultatif::VerreSurface];
        });
        let (sent, kept) = (seen["facultatives"].as_array().unwrap(), seen["retenues"].as_array().unwrap());
        assert_eq!(sent.len() + kept.len(), 14);
        assert!(sent.contains(&json!({"libelle": "Équipement verre : surface", "exige": true})));
        assert!(kept.contains(&json!({"libelle": "Assuré : n° de sécurité sociale", "exige": false})));
    }

    #[test]
    fn the_fingerprint_is_of_the_content_and_not_of_the_day() {
        let (seen, papier) = made(|_, _, _| {});
        assert_eq!(papier.empreinte.len(), 64);
        assert_eq!(seen["empreinte"], papier.empreinte.as_str());
        let (magasin, dossier) = (exemples::magasin(), exemples::dossier());
        let later = exemples::now() + jiff::SignedDuration::from_hours(50);
        let (other, again) = donnees(&magasin, &dossier, &dossier.equipements[0], &exemples::mutuelle(), Conservation::PRODUIT, later);
        assert_eq!(again, papier);
        assert_ne!(other["imprime_le"], seen["imprime_le"]);
        let changes: [fn(&mut Magasin, &mut Dossier, &mut Mutuelle); 3] = [
            |magasin, _, _| magasin.transmission = magasin.transmission.with(ChampFacultatif::VerreSurface, true),
            |_, dossier, _| dossier.beneficiaire.nom = "AUTRE".into(),
            |_, _, mutuelle| mutuelle.fiche.nom = "Une autre".into(),
        ];
        for change in changes {
            assert_ne!(made(change).1.empreinte, papier.empreinte);
        }
    }

    #[test]
    fn no_value_of_a_number_or_of_the_eye_is_on_it() {
        let (seen, _) = made(|_, _, _| {});
        for value in ["2 78 05", "278052", "+2.00", "BESNAINOU", "ADH-1", "ESSILOR"] {
            assert!(!seen.to_string().contains(value), "{value}");
        }
    }
}
