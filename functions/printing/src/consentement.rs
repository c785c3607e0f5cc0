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
    consentement::{Accord, PapierImprime},
    conservation::Conservation,
    dossier::{Dossier, Equipement, TypeEquipement},
    empreinte::{digest_of, hex},
    magasin::{ChampFacultatif, Magasin},
    mutuelle::Mutuelle,
};
use serde_json::{Value, json};

const MODELE: &str = include_str!("../modeles/consentement.typ");

/// What every request says: without it there is none. Held against [`optopec_domain::envoi::Envoi`] by a test.
const TOUJOURS: [(&str, &str); 7] = [
    ("Demande", "sa nature (cotation ou prise en charge), sa référence et celle de la cotation dont elle vient"),
    ("Opticien", "numéro FINESS du magasin ; par télécopie, aussi son nom et son adresse"),
    ("Bénéficiaire", "nom, prénom, date de naissance, qualité (assuré, conjoint ou enfant)"),
    ("Assuré(e)", "nom, prénom, date de naissance"),
    ("Carte de mutuelle", "numéros d’adhérent, de contrat et de groupe, s’ils y figurent"),
    ("Ordonnance", "sa date, si elle est saisie"),
    (
        "Équipement",
        "numéro, type, code risque, taux de remboursement, adulte ou enfant, prismes ; pour chaque ligne : référence, désignation, catégorie, code LPP ou de regroupement, quantité, prix, total, part de la sécurité sociale et, pour une prestation ou un accessoire, remise",
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
        "remise_deduite": retenus.iter().any(|champ| matches!(champ, ChampFacultatif::VerreRemise | ChampFacultatif::LentilleRemise | ChampFacultatif::MontureRemise)),
        "dossier_annees": annees(duree.dossier_annees),
        "preuve_annees": annees(duree.preuve_annees),
        "reference": reference,
    });
    let accord = Accord { mutuelle_id: mutuelle.id.clone(), transmission: magasin.transmission };
    let papier = PapierImprime { reference, empreinte: empreinte(&donnees), accord: Some(accord) };
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

fn annees(n: u16) -> String {
    if n < 2 { format!("{n} année") } else { format!("{n} années") }
}

/// The words of the template are part of what was agreed to.
fn empreinte(donnees: &Value) -> String {
    hex(&digest_of(&[MODELE, &donnees.to_string()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::{
        empreinte::sha256,
        envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    };

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
    fn the_words_of_the_template_are_in_the_fingerprint() {
        let (mut seen, papier) = made(|_, _, _| {});
        for after in ["empreinte", "imprime_le"] {
            seen.as_object_mut().unwrap().remove(after);
        }
        assert_ne!(papier.empreinte, sha256(seen.to_string().as_bytes()));
        assert_eq!(papier.empreinte, empreinte(&seen));
    }

    /// Taken apart without « .. »: a field that the request gains does not compile until the consent names it here.
    #[test]
    fn everything_that_a_request_says_is_named_on_the_consent() {
        let Envoi {
            nature: _,
            essai: _,
            cotation: _,
            routage: _,
            opticien: OpticienEnvoi { finess: _, nom: _, prenom: _, telephone: _, email: _ },
            assure: PersonneEnvoi { nir: _, nom: _, prenom: _, naissance: _ },
            beneficiaire: BeneficiaireEnvoi { personne: _, rang_gemellaire: _, qualite: _ },
            adherent: _,
            contrat: _,
            groupe: _,
            prescription: PrescriptionEnvoi { date: _, ri: _, ra: _, prescripteur: _ },
            equipement: EquipementEnvoi { numero: _, type_equipement: _, risque: _, taux_ro: _, enfant: _, prisme_od: _, prisme_og: _, lignes },
        } = exemples::envoi();
        for ligne in lignes {
            let LigneEnvoi {
                numero: _,
                reference: _,
                designation: _,
                categorie: _,
                code_lpp: _,
                quantite: _,
                prix_unitaire: _,
                remise: _,
                valeur: _,
                ro: _,
                surface: _,
                traitements: _,
                par_boite: _,
            } = ligne;
        }
        let (seen, _) = made(|_, _, _| {});
        let says = |what: &str, word: &str| seen["toujours"].as_array().unwrap().iter().any(|f| f[0] == what && f[1].as_str().unwrap().contains(word));
        for (what, words) in [
            ("Demande", &["nature", "référence", "cotation"] as &[_]),
            ("Opticien", &["FINESS"]),
            ("Bénéficiaire", &["nom", "prénom", "naissance", "qualité"]),
            ("Assuré(e)", &["nom", "prénom", "naissance"]),
            ("Carte de mutuelle", &["adhérent", "contrat", "groupe"]),
            ("Ordonnance", &["date"]),
            ("Équipement", &["numéro", "type", "code risque", "taux", "adulte ou enfant", "prismes"]),
            (
                "Équipement",
                &[
                    "chaque ligne",
                    "référence",
                    "désignation",
                    "catégorie",
                    "LPP",
                    "quantité",
                    "prix",
                    "total",
                    "sécurité sociale",
                    "prestation",
                    "accessoire",
                    "remise",
                ],
            ),
        ] {
            for word in words {
                assert!(says(what, word), "{what}: {word}");
            }
        }
        assert_eq!(seen["remise_deduite"], false);
        let (without, _) = made(|magasin, _, _| magasin.transmission = magasin.transmission.with(ChampFacultatif::MontureRemise, false));
        assert_eq!(without["remise_deduite"], true);
    }

    #[test]
    fn years_agree_with_their_number() {
        assert_eq!((annees(1), annees(2)), ("1 année".to_owned(), "2 années".to_owned()));
    }

    #[test]
    fn no_value_of_a_number_or_of_the_eye_is_on_it() {
        let (seen, _) = made(|_, _, _| {});
        for value in ["2 78 05", "278052", "+2.00", "BESNAINOU", "ADH-1", "ESSILOR"] {
            assert!(!seen.to_string().contains(value), "{value}");
        }
    }
}
