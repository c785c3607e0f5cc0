//! Credits: prices, the account, and the arithmetic of the ledger.
//!
//! What must hold: `recharges + corrections = disponibles + reserves + consommes` at any moment; nothing is ever negative; a hold
//! is resolved at most once; movements are numbered without gaps and never changed.

use crate::{demande::Nature, enumeration};

/// Credits that a demande costs, by nature; a setting of the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prix {
    /// A PEC.
    pub pec: u32,
    /// A cotation.
    pub cotation: u32,
}

impl Default for Prix {
    fn default() -> Self {
        Self { pec: 1, cotation: 0 }
    }
}

impl Prix {
    /// The price of one demande.
    pub const fn of(self, nature: Nature) -> u32 {
        match nature {
            Nature::Pec => self.pec,
            Nature::Cotation => self.cotation,
        }
    }
}

enumeration! {
    /// What became of a demande's credits.
    pub enum EtatCredit {
        /// Held until the outcome is known.
        Reserve = "RESERVE",
        /// Used.
        Consomme = "CONSOMME",
        /// Given back.
        Rendu = "RENDU",
        /// The demande was free.
        Aucun = "AUCUN",
    }
}

/// What an outcome does to the credits of a demande, whatever was done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effet {
    /// Nothing.
    Aucun,
    /// The mutuelle was reached: the credits are due.
    Consommer,
    /// It never was: they are given back.
    Rendre,
}

enumeration! {
    /// A movement of the ledger.
    pub enum TypeMouvement {
        /// Bought.
        Recharge = "RECHARGE",
        /// Held.
        Reservation = "RESERVATION",
        /// A hold became due.
        Consommation = "CONSOMMATION",
        /// A hold was given back.
        Restitution = "RESTITUTION",
        /// A person's, or the return of what had been consumed.
        Correction = "CORRECTION",
    }
}

impl EtatCredit {
    /// The new state, and the movement that leads there. Total: doing a thing twice does nothing the second time, and what was given
    /// back is never taken again (the error, if there was one, was not the shop's).
    pub const fn apply(self, effet: Effet) -> (Self, Option<TypeMouvement>) {
        match (self, effet) {
            (Self::Reserve, Effet::Consommer) => (Self::Consomme, Some(TypeMouvement::Consommation)),
            (Self::Reserve, Effet::Rendre) => (Self::Rendu, Some(TypeMouvement::Restitution)),
            (Self::Consomme, Effet::Rendre) => (Self::Rendu, Some(TypeMouvement::Correction)),
            (Self::Consomme, Effet::Consommer) | (Self::Rendu, Effet::Consommer | Effet::Rendre) => (self, None),
            (Self::Aucun, Effet::Consommer | Effet::Rendre) | (_, Effet::Aucun) => (self, None),
        }
    }
}

/// A shop's account. The sum of its movements, at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compte {
    /// May be spent.
    pub disponibles: u64,
    /// Held.
    pub reserves: u64,
    /// Used.
    pub consommes: u64,
    /// Number of the last movement; 0 before the first.
    pub dernier_mouvement: u64,
    /// Number of the shop's last demande; 0 before the first.
    pub derniere_demande: u64,
}

/// The account does not hold what a movement takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Crédit insuffisant : {disponibles} disponible(s), {demandes} nécessaire(s).")]
pub struct CreditInsuffisant {
    /// What there is.
    pub disponibles: u64,
    /// What is asked.
    pub demandes: u64,
}

impl Compte {
    /// The account after one movement of `quantite` credits (negative only for a `CORRECTION`).
    pub fn apply(self, mouvement: TypeMouvement, quantite: i64) -> Result<Self, CreditInsuffisant> {
        let n = quantite.unsigned_abs();
        let take = |from: u64| from.checked_sub(n).ok_or(CreditInsuffisant { disponibles: from, demandes: n });
        let mut next = Self { dernier_mouvement: self.dernier_mouvement + 1, ..self };
        match mouvement {
            TypeMouvement::Correction if quantite < 0 => next.disponibles = take(self.disponibles)?,
            TypeMouvement::Recharge => next.disponibles += n,
            TypeMouvement::Correction => next.disponibles += n,
            TypeMouvement::Reservation => (next.disponibles, next.reserves) = (take(self.disponibles)?, self.reserves + n),
            TypeMouvement::Consommation => (next.reserves, next.consommes) = (take(self.reserves)?, self.consommes + n),
            TypeMouvement::Restitution => (next.reserves, next.disponibles) = (take(self.reserves)?, self.disponibles + n),
        }
        Ok(next)
    }
}
