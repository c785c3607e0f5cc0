//! How a paper writes what the domain holds.
//!
//! What must hold: what is not known is said in words, so that nobody reads an absence as nothing at all (a devis with 0 for an unknown part of
//! the mutuelle misleads the client, DGCCRF).

use jiff::{Timestamp, civil::Date};
use optopec_domain::{
    centimes::Centimes,
    client::Qualite,
    date,
    dioptre::Pourcentage,
    dossier::{Categorie, CodeRisque, Dossier, Surface, TypeEquipement},
    magasin::{Adresse, Magasin, Mode},
    nir::Nir,
};
use serde_json::{Value, json};

/// What stands where nobody knows.
pub const NON_CONNU: &str = "non connu";

/// An amount.
pub fn euros(montant: Option<Centimes>) -> String {
    montant.map_or_else(|| NON_CONNU.to_owned(), Centimes::to_french)
}

/// A text that may be missing.
pub fn ou_non_connu(texte: Option<&String>) -> String {
    texte.cloned().unwrap_or_else(|| NON_CONNU.to_owned())
}

/// A day: `26/11/2013`.
pub fn jour(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// A day that may be missing.
pub fn jour_ou_non_connu(day: Option<Date>) -> String {
    day.map_or_else(|| NON_CONNU.to_owned(), jour)
}

/// The day in Paris at an instant.
pub fn jour_de(instant: Timestamp) -> String {
    jour(date::paris_day(instant))
}

/// An instant, on the clock of Paris: `26/11/2013 à 17:30`.
pub fn heure_de(instant: Timestamp) -> String {
    let time = date::paris_time(instant);
    format!("{} à {:02}:{:02}", jour(time.date()), time.hour(), time.minute())
}

/// A NIR in clear, in the groups that a card shows it in: `2 78 05 2A 004 123 58`.
pub fn nir(nir: &Nir) -> String {
    let text = nir.expose();
    [0..1, 1..3, 3..5, 5..7, 7..10, 10..13, 13..15].map(|range| text[range].to_owned()).join(" ")
}

/// A percentage: `12,5 %`.
pub fn pourcent(part: Pourcentage) -> String {
    format!("{}\u{a0}%", part.to_string().replace('.', ","))
}

/// Name and first name.
pub fn nom_prenom(nom: Option<&str>, prenom: Option<&str>) -> String {
    [nom, prenom].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// By what every paper about an equipment is found again.
pub fn reference(dossier: &Dossier, equipement: u16) -> String {
    format!("{}-{equipement}", dossier.id)
}

/// What an equipment is called.
pub const fn type_equipement(kind: TypeEquipement) -> &'static str {
    match kind {
        TypeEquipement::Opt => "Lunettes",
        TypeEquipement::Len => "Lentilles",
    }
}

/// What a category is called.
pub const fn categorie(categorie: Categorie) -> &'static str {
    match categorie {
        Categorie::Ver => "Verre",
        Categorie::Mon => "Monture",
        Categorie::Len => "Lentille",
        Categorie::Sup => "Supplément",
        Categorie::Pre => "Prestation",
        Categorie::Acc => "Accessoire",
        Categorie::Offre => "Offre commerciale",
    }
}

/// Why the health insurance pays.
pub const fn risque(risque: CodeRisque) -> &'static str {
    match risque {
        CodeRisque::Maladie => "Maladie",
        CodeRisque::AccidentTravail => "Accident du travail",
        CodeRisque::Maternite => "Maternité",
        CodeRisque::AccidentDroitCommun => "Accident de droit commun",
    }
}

/// What the beneficiary is to the insured person.
pub const fn qualite(qualite: Qualite) -> &'static str {
    match qualite {
        Qualite::Assure => "Assuré",
        Qualite::Conjoint => "Conjoint",
        Qualite::Enfant => "Enfant",
    }
}

/// What a surface is called.
pub const fn surface(surface: Surface) -> &'static str {
    match surface {
        Surface::Standard => "standard",
        Surface::Aspherique => "asphérique",
        Surface::Spherique => "sphérique",
        Surface::Torique => "torique",
    }
}

fn adresse(adresse: &Adresse) -> Vec<String> {
    let town = [&adresse.code_postal, &adresse.localite].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    [adresse.ligne1.clone(), adresse.ligne2.clone(), Some(town)].into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

/// The head of every paper: the shop, and whether it only shows how things would be.
pub fn magasin(magasin: &Magasin) -> Value {
    let identite = &magasin.identite;
    let opticien = &identite.opticien;
    json!({
        "nom": ou_non_connu(identite.nom.as_ref()),
        "finess": identite.finess.as_ref().map_or(NON_CONNU, |finess| finess.as_str()),
        "adresse": adresse(&identite.adresse),
        "opticien": nom_prenom(opticien.nom.as_deref(), opticien.prenom.as_deref()),
        "telephone": opticien.telephone,
        "email": opticien.email,
        "specimen": magasin.abonnement.mode == Mode::Demonstration,
    })
}

/// A sum; nobody knows it where one of its parts is not known.
pub fn somme(montants: impl Iterator<Item = Option<Centimes>>) -> Option<Centimes> {
    montants.collect::<Option<Vec<_>>>().map(|all| all.into_iter().sum())
}

/// What remains to the client; nobody knows it where a part is not known.
pub fn reste(valeur: Centimes, ro: Option<Centimes>, rc: Option<Centimes>) -> Option<Centimes> {
    ro.zip(rc).map(|(ro, rc)| valeur.minus(ro).minus(rc))
}

/// One line of a list of facts.
pub fn fait(nom: &str, valeur: impl Into<String>) -> Value {
    json!([nom, valeur.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_said_and_nothing_at_all_is_zero() {
        assert_eq!(euros(None), "non connu");
        assert_eq!(euros(Some(Centimes::ZERO)), "0,00\u{a0}€");
        assert_eq!(euros(Some(Centimes::of(123_456))), "1\u{a0}234,56\u{a0}€");
        assert_eq!(jour_ou_non_connu(None), "non connu");
    }

    #[test]
    fn days_and_hours_are_those_of_paris() {
        let instant: Timestamp = "2013-11-26T23:05:59Z".parse().unwrap();
        assert_eq!(heure_de(instant), "27/11/2013 à 00:05");
        assert_eq!(jour_de("2026-07-01T21:59:59Z".parse().unwrap()), "01/07/2026");
    }

    #[test]
    fn a_number_is_written_as_on_the_card() {
        assert_eq!(nir(&"278052A00412358".parse().unwrap()), "2 78 05 2A 004 123 58");
        assert_eq!(pourcent(Pourcentage::parse("12.5", 100).unwrap()), "12,5\u{a0}%");
        assert_eq!(nom_prenom(Some("MONTFORT"), None), "MONTFORT");
    }
}
