//! How fast one user of one shop may call: a token bucket for each, in the memory of the process.
//!
//! Per instance: an installation with `n` warm Lambda instances lets up to `n` times as much through. That is enough for what it is for, a
//! program gone wild; what must never be exceeded (credits) is a condition in the store, and the gateway's throttling guards the whole.
//! Deliberately absent: floats, a background task, anything that outlives the process.

use jiff::Timestamp;
use optopec_domain::{
    ids::MagasinId,
    limites::{DEBIT_RAFALE_REQUETES, DEBIT_REQUETES_PAR_MINUTE},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// How far a caller may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debit {
    /// Requests in a row.
    pub rafale: u32,
    /// Requests per minute in the long run.
    pub par_minute: u32,
}

impl Debit {
    /// The one of the product, where nothing else is configured.
    pub const PRODUIT: Self = Self { rafale: DEBIT_RAFALE_REQUETES, par_minute: DEBIT_REQUETES_PAR_MINUTE };
}

/// What a request costs, in the unit the buckets count in: with it a millisecond adds exactly `par_minute` units.
const COUT: u64 = 60_000;

/// Buckets kept before the full ones are thrown away.
const SEAUX_MAX: usize = 10_000;

struct Seau {
    unites: u64,
    vu_ms: i64,
}

/// The buckets of this process. Cheap to clone; all clones share them.
#[derive(Clone, Default)]
pub struct Debits(Arc<Mutex<HashMap<(MagasinId, String), Seau>>>);

impl Debits {
    /// Takes one request; the number of seconds to wait when there is none left.
    pub fn take(&self, debit: Debit, magasin: &MagasinId, utilisateur: &str, now: Timestamp) -> Result<(), u64> {
        let full = u64::from(debit.rafale) * COUT;
        let rate = u64::from(debit.par_minute).max(1);
        let now_ms = now.as_millisecond();
        let refilled = |seau: &Seau| {
            let elapsed = u64::try_from(now_ms.saturating_sub(seau.vu_ms)).unwrap_or(0);
            seau.unites.saturating_add(elapsed.saturating_mul(rate)).min(full)
        };
        let mut seaux = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seaux.len() >= SEAUX_MAX {
            seaux.retain(|_, seau| refilled(seau) < full);
        }
        let seau = seaux.entry((magasin.clone(), utilisateur.to_owned())).or_insert(Seau { unites: full, vu_ms: now_ms });
        let unites = refilled(seau);
        seau.vu_ms = now_ms;
        match unites.checked_sub(COUT) {
            Some(rest) => {
                seau.unites = rest;
                Ok(())
            }
            None => {
                seau.unites = unites;
                Err((COUT - unites).div_ceil(rate).div_ceil(1000).max(1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIT: Debit = Debit { rafale: 3, par_minute: 30 };

    fn magasin(c: char) -> MagasinId {
        format!("mag_01ARZ3NDEKTSV4RRFFQ69G5FA{c}").parse().unwrap()
    }

    #[test]
    fn a_burst_then_one_request_every_two_seconds() {
        let (debits, a, t) = (Debits::default(), magasin('A'), Timestamp::from_second(1_000_000).unwrap());
        let after = |ms: i64| t + jiff::SignedDuration::from_millis(ms);
        for _ in 0..3 {
            assert_eq!(debits.take(DEBIT, &a, "u", t), Ok(()));
        }
        assert_eq!(debits.take(DEBIT, &a, "u", t), Err(2));
        assert_eq!(debits.take(DEBIT, &a, "u", after(1_500)), Err(1));
        assert_eq!(debits.take(DEBIT, &a, "u", after(2_000)), Ok(()));
        assert_eq!(debits.take(DEBIT, &a, "u", after(2_000)), Err(2));
    }

    #[test]
    fn nobody_pays_for_somebody_else() {
        let (debits, t) = (Debits::default(), Timestamp::UNIX_EPOCH);
        while debits.take(DEBIT, &magasin('A'), "u", t).is_ok() {}
        assert_eq!(debits.take(DEBIT, &magasin('A'), "v", t), Ok(()));
        assert_eq!(debits.take(DEBIT, &magasin('B'), "u", t), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let (debits, a, t) = (Debits::default(), magasin('A'), Timestamp::from_second(1_000_000).unwrap());
        while debits.take(DEBIT, &a, "u", t).is_ok() {}
        assert!(debits.take(DEBIT, &a, "u", Timestamp::UNIX_EPOCH).is_err());
    }
}
