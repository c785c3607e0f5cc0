//! A person who buys, with her mutuelles.

use crate::{
    centimes::Centimes,
    enumeration,
    ids::{ClientId, MutuelleId},
    nir::Nir,
};
use jiff::civil::Date;

enumeration! {
    /// What the beneficiary is to the insured person.
    pub enum Qualite {
        /// The insured person herself.
        Assure = "ASSURE",
        /// Her or his spouse.
        Conjoint = "CONJOINT",
        /// A child.
        Enfant = "ENFANT",
    }
}

/// The insured person, when it is not the beneficiary.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Assure {
    /// Name.
    pub nom: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Date of birth.
    pub date_naissance: Option<Date>,
    /// NIR.
    pub nir: Option<Nir>,
}

/// The person who will wear the equipment.
#[derive(Clone, PartialEq, Eq)]
pub struct Beneficiaire {
    /// Name.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// Date of birth.
    pub date_naissance: Option<Date>,
    /// NIR.
    pub nir: Option<Nir>,
    /// Rank of a twin under the same NIR, 1 to 9.
    pub rang_gemellaire: u8,
    /// What she is to the insured person.
    pub qualite: Qualite,
}

/// What a person is called: enough to know whom a line of a list is about.
#[derive(Clone, PartialEq, Eq)]
pub struct NomPrenom {
    /// Name.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for NomPrenom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Which mutuelle, and the numbers of the card.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Rattachement {
    /// The mutuelle.
    pub mutuelle_id: Option<MutuelleId>,
    /// The forfait of that mutuelle; none means « Variable ».
    pub forfait_id: Option<String>,
    /// Régime.
    pub regime: Option<String>,
    /// N° adhérent.
    pub numero_adherent: Option<String>,
    /// N° de contrat.
    pub numero_contrat: Option<String>,
    /// N° de groupe.
    pub numero_groupe: Option<String>,
    /// Type (Winoptics).
    pub type_contrat: Option<String>,
    /// Relation (Winoptics).
    pub relation: Option<String>,
    /// Last day of validity of the card.
    pub fin_validite: Option<Date>,
    /// Yearly ceiling.
    pub maximum_annuel: Option<Centimes>,
    /// Used already this year.
    pub deja_utilise: Option<Centimes>,
}

/// One mutuelle of a client, by rank.
#[derive(Clone, PartialEq, Eq)]
pub struct MutuelleClient {
    /// 1 is asked first.
    pub rang: u8,
    /// Which, and its numbers.
    pub rattachement: Rattachement,
}

/// A client of a shop. No `Debug`: it is a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Raised by every change.
    pub version: u64,
    /// Who she is.
    pub personne: Beneficiaire,
    /// Through whom she is insured.
    pub assure: Option<Assure>,
    /// Her mutuelles, by rank.
    pub mutuelles: Vec<MutuelleClient>,
}
