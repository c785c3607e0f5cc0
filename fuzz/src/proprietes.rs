//! What must hold of each reader, whatever bytes come in.
//!
//! Each function panics where it does not hold. The fuzz targets call them with what libFuzzer makes up; `functions/mutuelles/tests/corpus.rs`
//! calls them with the committed corpus at every `make test`, so that the corpus and these functions stay true without a fuzzer.

use crate::{csv as fichier, lignes};
use optopec_concentrateur::Dialecte;
use optopec_domain::{
    centimes::Centimes,
    dioptre::{Dioptre, Millimetres, Pourcentage},
    ids::DemandeId,
    limites,
    liste::{COLONNES, read_rows},
    nir::{Nir, is_mask},
    reponse::Reponse,
};
use std::{borrow::Cow, str::FromStr};

const REFERENCE: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const AUTRE: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAW";

fn demande(texte: &str) -> DemandeId {
    texte.parse().expect("a valid id")
}

/// An answer that is read is about the demande asked about and no other, is of one kind, within its limits, and reads the same twice.
pub fn xml(octets: &[u8]) {
    let (reponse, avis) = (Dialecte::Opamc1.read_answer(octets, &demande(REFERENCE)), Dialecte::Opamc1.read_ack(octets, &demande(REFERENCE)));
    assert_eq!(reponse, Dialecte::Opamc1.read_answer(octets, &demande(REFERENCE)));
    assert!(reponse.is_err() || avis.is_err(), "a document is an answer or an acknowledgement");
    if reponse.is_ok() || avis.is_ok() {
        assert!(octets.len() <= limites::REPONSE_OCTETS_MAX);
        assert!(Dialecte::Opamc1.read_answer(octets, &demande(AUTRE)).is_err(), "it is about one demande");
        assert!(Dialecte::Opamc1.read_ack(octets, &demande(AUTRE)).is_err(), "it is about one demande");
    }
    let textes = match (&reponse, &avis) {
        (Ok(Reponse { details, .. }), _) => {
            assert!(details.montant_global.is_none_or(|m| m <= Centimes::MAX));
            assert!(details.lignes.iter().all(|(numero, montant)| *numero > 0 && *montant <= Centimes::MAX));
            assert!(details.lignes.windows(2).all(|deux| deux[0].0 < deux[1].0), "each line once");
            vec![(&details.message, 500), (&details.code, 30), (&details.numero_pec, 60), (&details.reference_dossier, 60)]
        }
        (_, Ok(avis)) => vec![(&avis.message, 500), (&avis.code, 30)],
        (Err(_), Err(_)) => vec![],
    };
    for (texte, max) in textes {
        let Some(texte) = texte else { continue };
        assert!(!texte.is_empty() && texte.chars().count() <= max && !texte.chars().any(char::is_control), "{texte:?}");
    }
}

/// What was read of a file is written and read again the same, in general and as a list of mutuelles; nothing written starts a formula.
pub fn csv(octets: &[u8]) {
    let entete = COLONNES.join(";");
    for octets in [octets, &[entete.as_bytes(), b"\n", octets].concat(), &[b"nom,pec\r\n".as_slice(), octets].concat()] {
        general(octets);
        mutuelles(octets);
    }
}

fn general(octets: &[u8]) {
    let Ok(tableau) = fichier::read(octets, &["nom"]) else { return };
    assert!(tableau.rangs.len() + tableau.rejets.len() <= limites::LIGNES_IMPORT_MAX + 1);
    assert!(tableau.rangs.windows(2).all(|deux| deux[0].ligne < deux[1].ligne), "lines grow");
    let noms: Vec<&str> = tableau.rangs.iter().filter_map(|rang| tableau.cellule(rang, "nom")).collect();
    assert_eq!(noms.len(), tableau.rangs.len());
    for nom in &noms {
        let garde = fichier::guard(nom);
        assert!(!garde.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{garde:?}");
        assert_eq!(fichier::unguard(&garde), *nom);
    }
    let ecrit = fichier::write(&["nom", "temoin"], noms.iter().map(|nom| vec![Cow::Borrowed(*nom), Cow::Borrowed("t")]));
    let relu = fichier::read(ecrit.as_bytes(), &["nom"]).expect("what is written is a file");
    assert!(relu.rejets.is_empty(), "{:?}", relu.rejets);
    assert_eq!(relu.rangs.iter().filter_map(|rang| relu.cellule(rang, "nom")).collect::<Vec<_>>(), noms);
}

fn mutuelles(octets: &[u8]) {
    let Ok(fichier) = lignes::read(octets) else { return };
    let (fiches, _) = read_rows(fichier.lignes);
    let ecrit = lignes::write(&fiches);
    let Ok(relu) = lignes::read(ecrit.as_bytes()) else { panic!("what is written is a list: {ecrit}") };
    let (relues, rejetees) = read_rows(relu.lignes);
    assert!(rejetees.is_empty(), "{rejetees:?} in {ecrit}");
    assert_eq!(relues, fiches, "{ecrit}");
}

/// A number that parses has fifteen characters, parses to itself, and its mask hides the last ten.
pub fn nir(octets: &[u8]) {
    let Ok(texte) = std::str::from_utf8(octets) else { return };
    let nir = match texte.parse::<Nir>() {
        Ok(nir) => nir,
        Err(invalide) => {
            // The same words whatever the number: they repeat nothing of it.
            assert!(["", "255081416802539"].into_iter().any(|faux| faux.parse::<Nir>().as_ref() == Err(&invalide)), "{invalide:?}");
            return;
        }
    };
    let clair = nir.expose();
    assert!(clair.len() == 15 && clair.bytes().all(|b| b.is_ascii_digit() || b == b'A' || b == b'B'), "{clair}");
    assert_eq!(clair.parse::<Nir>().as_ref(), Ok(&nir));
    let masque = nir.masked();
    let montre: String = masque.chars().filter(|c| !matches!(c, ' ' | '*')).collect();
    assert_eq!(montre, clair[..5], "{masque}");
    assert_eq!(masque.matches('*').count(), 10, "{masque}");
    assert!(is_mask(&masque) && masque.parse::<Nir>().is_err());
    assert_eq!(format!("{nir:?}"), "***");
}

/// A text that is a value is written as a text that is the same value, within its bounds; the dialect reads the same amounts.
pub fn montant(octets: &[u8]) {
    let Ok(texte) = std::str::from_utf8(octets) else { return };
    let montant = texte.parse::<Centimes>();
    if let Ok(montant) = montant {
        assert!(montant <= Centimes::MAX);
        stable(montant, Centimes::to_decimal);
        let chiffres: String = montant.to_french().chars().filter(char::is_ascii_digit).collect();
        assert_eq!(chiffres.parse::<u64>(), Ok(montant.get()));
        assert_eq!(montant.ratio(1, 1), montant);
        assert!(montant.ratio(9_999, 10_000) <= montant && montant.plus(montant).minus(montant) == montant);
    }
    for max in [100, limites::POURCENTAGE_DU_TARIF_MAX] {
        if let Ok(part) = Pourcentage::parse(texte, max) {
            assert!(part.centiemes() <= max * 100);
            assert_eq!(Pourcentage::parse(&part.to_string(), max), Ok(part));
        }
    }
    if let Ok(puissance) = texte.parse::<Dioptre>() {
        assert!((-160..=160).contains(&puissance.quarts()));
        stable(puissance, |p| p.to_string());
        assert_eq!(puissance.unsigned().parse::<Dioptre>().map(Dioptre::quarts), Ok(puissance.quarts().abs()));
    }
    if let Ok(longueur) = texte.parse::<Millimetres>() {
        stable(longueur, |l| l.to_string());
    }
    dialecte(texte);
}

fn stable<T: FromStr + PartialEq + Copy>(valeur: T, ecrire: impl Fn(T) -> String) {
    let texte = ecrire(valeur);
    assert!(texte.parse::<T>().is_ok_and(|relue| relue == valeur), "{texte}");
}

fn dialecte(texte: &str) {
    let sur = texte.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let message = format!(
        r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>{REFERENCE}</Reference><Statut>ACCORDEE</Statut><MontantGlobal>{sur}</MontantGlobal><Ligne numero="1"><MontantRC>{sur}</MontantRC></Ligne></OPAMCRSP>"#
    );
    let Ok(reponse) = Dialecte::Opamc1.read_answer(message.as_bytes(), &demande(REFERENCE)) else { return };
    // XML gives a line feed for every end of a line; around an amount all blanks are one.
    let attendu = match texte.trim() {
        "" => None,
        texte => Some(texte.parse::<Centimes>().expect("an amount that the dialect reads is one")),
    };
    assert_eq!(reponse.details.montant_global, attendu);
    assert_eq!(reponse.details.lignes, attendu.map(|montant| (1, montant)).into_iter().collect::<Vec<_>>());
}
