//! Reference tables: LPP tariffs and RO rates, each with the dates it holds. Replaceable at run time; the shipped ones are the seed.

use crate::{centimes::Centimes, dossier::{Classe, CodeRisque}};
use jiff::civil::Date;

/// A row of the LPP table; without a code it is the default of its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneLpp {
    /// Seven digits, or none for the default of a class.
    pub code: Option<String>,
    /// Label.
    pub libelle: String,
    /// Class.
    pub classe: Option<Classe>,
    /// First day.
    pub valide_du: Date,
    /// Last day; none: still valid.
    pub valide_au: Option<Date>,
    /// « Tarif de responsabilité ».
    pub tarif: Centimes,
}

/// An RO rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneTaux {
    /// For which risk.
    pub risque: CodeRisque,
    /// First day.
    pub du: Date,
    /// Percent, 0 to 100.
    pub taux: u8,
}

/// Both tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referentiel {
    /// LPP rows.
    pub lpp: Vec<LigneLpp>,
    /// RO rates.
    pub taux: Vec<LigneTaux>,
}
