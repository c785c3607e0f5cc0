//! Amounts of a dossier: value, RO, RC, totals.

use crate::{centimes::Centimes, dossier::Dossier, lpp::Referentiel, mutuelle::Mutuelle};

/// Amounts of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MontantsLigne {
    /// Its number.
    pub numero: u16,
    /// What it costs.
    pub valeur: Centimes,
    /// RO; `None` when no tariff is known.
    pub ro: Option<Centimes>,
    /// RC; `None` as long as nobody knows it.
    pub rc: Option<Centimes>,
}

/// Amounts of one equipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MontantsEquipement {
    /// Its number.
    pub numero: u16,
    /// RO rate in percent; `None` when none is known for the risk and date.
    pub taux_ro: Option<u8>,
    /// A child's.
    pub enfant: bool,
    /// By line, hidden ones included.
    pub lignes: Vec<MontantsLigne>,
}

/// Totals of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totaux {
    /// All lines.
    pub total: Centimes,
    /// RO.
    pub ro: Option<Centimes>,
    /// Total less RO.
    pub reste_apres_ro: Option<Centimes>,
    /// RC.
    pub rc: Option<Centimes>,
    /// What the client pays.
    pub reste_a_charge: Option<Centimes>,
}

/// All computed amounts of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Montants {
    /// By equipment, in the dossier's order.
    pub equipements: Vec<MontantsEquipement>,
    /// Totals.
    pub totaux: Totaux,
}

/// Computes every amount of a dossier. `mutuelle` is the one of its third-party payment.
pub fn compute(dossier: &Dossier, referentiel: &Referentiel, mutuelle: Option<&Mutuelle>) -> Montants { todo!() }

/// Splits a global amount over what remains of each line, largest remainder; the second value is what the lines cannot hold.
pub fn repartir(global: Centimes, restes: &[(u16, Centimes)]) -> (Vec<(u16, Centimes)>, Centimes) { todo!() }
