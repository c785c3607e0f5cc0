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

/// Why a ledger and its account do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Inexact {
    /// An entry is missing, or another has its place.
    #[error("le mouvement {0} manque")]
    Manque(u64),
    /// An entry takes more than there was.
    #[error("le mouvement {0} prend plus qu'il n'y a")]
    Impossible(u64),
    /// An entry names another balance than the entries up to it make.
    #[error("le mouvement {0} ne porte pas le solde des mouvements jusqu'à lui")]
    Solde(u64),
    /// The account does not know the last entries.
    #[error("le compte ne connaît pas le mouvement {0}")]
    Inconnu(u64),
    /// The account holds other credits than the sum of its entries.
    #[error("le compte n'est pas la somme de ses mouvements")]
    Somme,
}

impl Compte {
    /// The sum of a ledger up to one entry more: the one that must come next, with the balance that it wrote down.
    pub fn add_up(self, numero: u64, mouvement: TypeMouvement, quantite: i64, solde: u64) -> Result<Self, Inexact> {
        let attendu = self.dernier_mouvement + 1;
        if numero != attendu {
            return Err(Inexact::Manque(attendu));
        }
        match self.apply(mouvement, quantite) {
            Ok(next) if next.disponibles == solde => Ok(next),
            Ok(_) => Err(Inexact::Solde(numero)),
            Err(CreditInsuffisant { .. }) => Err(Inexact::Impossible(numero)),
        }
    }

    /// Whether it is this sum of its ledger. The shop's demandes are numbered in the account and are no movements.
    pub fn is_sum(&self, somme: &Self) -> Result<(), Inexact> {
        if self.dernier_mouvement > somme.dernier_mouvement {
            return Err(Inexact::Manque(somme.dernier_mouvement + 1));
        }
        if self.dernier_mouvement < somme.dernier_mouvement {
            return Err(Inexact::Inconnu(self.dernier_mouvement + 1));
        }
        let credits = |c: &Self| (c.disponibles, c.reserves, c.consommes);
        if credits(self) == credits(somme) { Ok(()) } else { Err(Inexact::Somme) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TypeMouvement::{Consommation, Correction, Recharge, Reservation, Restitution};

    /// Bought 10, one held and used, one held and given back, two taken by a person.
    const LEDGER: [(u64, TypeMouvement, i64, u64); 6] =
        [(1, Recharge, 10, 10), (2, Reservation, 1, 9), (3, Consommation, 1, 9), (4, Reservation, 1, 8), (5, Restitution, 1, 9), (6, Correction, -2, 7)];

    fn sum(ledger: &[(u64, TypeMouvement, i64, u64)]) -> Result<Compte, Inexact> {
        ledger.iter().try_fold(Compte::default(), |sum, &(numero, of, quantite, solde)| sum.add_up(numero, of, quantite, solde))
    }

    #[test]
    fn the_sum_of_a_ledger_is_its_account() {
        let account = Compte { disponibles: 7, reserves: 0, consommes: 1, dernier_mouvement: 6, derniere_demande: 2 };
        assert_eq!(account.is_sum(&sum(&LEDGER).unwrap()), Ok(()));
        assert_eq!(Compte::default().is_sum(&sum(&[]).unwrap()), Ok(()));
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        let with = |i: usize, entry| {
            let mut ledger = LEDGER;
            ledger[i] = entry;
            sum(&ledger)
        };
        assert_eq!(with(1, (3, Reservation, 1, 9)), Err(Inexact::Manque(2)));
        assert_eq!(with(2, (2, Reservation, 1, 9)), Err(Inexact::Manque(3)), "two entries of one number");
        assert_eq!(with(2, (3, Consommation, 2, 9)), Err(Inexact::Impossible(3)));
        assert_eq!(with(0, (1, Recharge, 11, 10)), Err(Inexact::Solde(1)));
        let whole = sum(&LEDGER).unwrap();
        let account = Compte { disponibles: 7, reserves: 0, consommes: 1, dernier_mouvement: 6, derniere_demande: 0 };
        for wrong in [Compte { disponibles: 8, ..account }, Compte { reserves: 1, ..account }, Compte { consommes: 0, ..account }] {
            assert_eq!(wrong.is_sum(&whole), Err(Inexact::Somme), "{wrong:?}");
        }
        assert_eq!(Compte { dernier_mouvement: 7, ..account }.is_sum(&whole), Err(Inexact::Manque(7)));
        assert_eq!(Compte { dernier_mouvement: 4, ..account }.is_sum(&whole), Err(Inexact::Inconnu(5)));
    }
}
