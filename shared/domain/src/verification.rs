//! The pre-flight check: everything that is wrong, told at once, and what would be sent.

use crate::{credit::Compte, demande::Nature, dossier::Dossier, envoi::Envoi, erreur::ErreurChamp, ids::DemandeId, lpp::Referentiel, magasin::Magasin, mutuelle::Mutuelle};

/// What the check looks at.
pub struct Contexte<'a> {
    /// The shop.
    pub magasin: &'a Magasin,
    /// Its account.
    pub compte: &'a Compte,
    /// It adopted a convention list at least once.
    pub conventions: bool,
    /// The dossier.
    pub dossier: &'a Dossier,
    /// The mutuelle of its third-party payment, if it exists in the shop's list.
    pub mutuelle: Option<&'a Mutuelle>,
    /// Tariffs and rates.
    pub referentiel: &'a Referentiel,
    /// The live PEC of the equipment, if any (its guard).
    pub en_cours: Option<&'a DemandeId>,
}

/// The outcome of the check. No error means `envoi` is there.
pub struct Verification {
    /// What forbids sending.
    pub erreurs: Vec<ErreurChamp>,
    /// What deserves a look.
    pub avertissements: Vec<ErreurChamp>,
    /// Credits.
    pub prix: u32,
    /// What would be sent, as far as it can be built (needs at least a routed mutuelle and a FINESS).
    pub envoi: Option<Envoi>,
}

/// Checks a demande about one equipment of the dossier; `cotation` is the one a PEC would be made of.
pub fn verify(contexte: &Contexte<'_>, equipement: u16, nature: Nature, cotation: Option<&DemandeId>) -> Verification { todo!() }

/// A prerequisite of the shop (`GET /v1/magasin/conditions`).
pub struct Condition {
    /// `OPTION_PEC`, `CREDIT`, `CONVENTIONS` or `IDENTITE`.
    pub code: &'static str,
    /// Whether it is met.
    pub remplie: bool,
    /// What it is, in words.
    pub message: &'static str,
    /// What to do when it is not.
    pub action: &'static str,
}

/// The four prerequisites.
pub fn conditions(magasin: &Magasin, compte: &Compte, conventions: bool) -> [Condition; 4] { todo!() }
