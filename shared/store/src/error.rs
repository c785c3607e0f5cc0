//! What can stand in the way, by what the reader does about it.
//!
//! What must hold: neither the text nor the chain of causes repeats what was stored (persons, amounts): causes are reduced to codes,
//! places and the database's own words.

use crate::idempotence::Idempotence;
use optopec_domain::{credit::CreditInsuffisant, ids::DemandeId};

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing in this shop.
    #[error("not found")]
    NotFound,
    /// It is not what the caller had read: read again and decide again.
    #[error("changed since it was read")]
    Stale,
    /// Others write the same things all the time: try later. Nothing was written.
    #[error("contention outlived the retries")]
    Busy,
    /// This `Idempotency-Key` had its effect already.
    #[error("this idempotency key had its effect already")]
    Deja(Box<Idempotence>),
    /// A live demande stands in the way.
    #[error("the equipment has a live demande")]
    Engage(DemandeId),
    /// The account does not hold enough.
    #[error("not enough credits")]
    Credit(CreditInsuffisant),
    /// This payment or correction was counted already.
    #[error("this reference was counted already")]
    ReferenceConnue,
    /// A `suivant` that this list never gave, or whose place is gone.
    #[error("not a cursor of this list")]
    Curseur,
    /// The database did not answer; a write may have taken effect.
    #[error("the database did not answer")]
    Unavailable(#[source] Cause),
    /// The key that seals what is stored cannot be had, or is not the one of these tables. Nothing was written.
    #[error("the key cannot be had or is another one")]
    Cle(#[source] Cause),
    /// The caller was shown as much in clear as one may in a day.
    #[error("the ceiling of clear reads is reached")]
    Plafond,
    /// Something stored cannot be read.
    #[error("stored {what} cannot be read")]
    Corrupt {
        /// What.
        what: &'static str,
        /// Why, without its content.
        #[source]
        source: Cause,
    },
}

impl StoreError {
    pub(crate) fn corrupt(what: &'static str, why: impl Into<String>) -> Self {
        Self::Corrupt { what, source: Cause(why.into()) }
    }

    pub(crate) fn key(why: impl Into<String>) -> Self {
        Self::Cle(Cause(why.into()))
    }
}

/// A cause in words, free of what was stored.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Cause(pub(crate) String);
