//! How fast one user of one shop may call: a token bucket for each, in the memory of the process.
//!
//! Per instance: an installation with `n` warm Lambda instances lets up to `n` times as much through. That is enough for what it is for, a
//! program gone wild; what must never be exceeded (credits) is a condition in the store, and the gateway's throttling guards the whole.
//!
//! What must hold: whoever is counted is told what is left, in the words of draft-ietf-httpapi-ratelimit-headers-10 (fields `RateLimit-Policy`
//! and `RateLimit`, §3 and §4), and `Retry-After` never names an earlier moment than `t` (§6).
//! Deliberately absent: floats, a background task, anything that outlives the process.

use jiff::Timestamp;
use optopec_domain::{
    ids::MagasinId,
    limites::{DEBIT_RAFALE_REQUETES, DEBIT_REQUETES_PAR_MINUTE},
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
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

    fn par_minute(self) -> u64 {
        u64::from(self.par_minute).max(1)
    }

    /// The value of `RateLimit-Policy`: `q`, the requests in a row, and `w`, the seconds in which an empty bucket is full again.
    pub fn politique(self) -> String {
        format!("\"{POLITIQUE}\";q={};w={}", self.rafale, (u64::from(self.rafale) * 60).div_ceil(self.par_minute()).max(1))
    }
}

/// The name of the one policy there is.
const POLITIQUE: &str = "utilisateur";

/// What is left to a caller after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Solde {
    /// How far she may go.
    pub debit: Debit,
    /// Requests that she may send at once.
    pub reste: u64,
    /// Seconds until there is one more.
    pub attente: u64,
}

/// The value of `RateLimit`: `r`, what is left, and `t`, the seconds until there is one more.
impl fmt::Display for Solde {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{POLITIQUE}\";r={};t={}", self.reste, self.attente)
    }
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
    /// Takes one request, and tells what is left; `Err` when there was none to take.
    pub fn take(&self, debit: Debit, magasin: &MagasinId, utilisateur: &str, now: Timestamp) -> Result<Solde, Solde> {
        let full = u64::from(debit.rafale) * COUT;
        let rate = debit.par_minute();
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
        let there = refilled(seau);
        let rest = there.checked_sub(COUT);
        seau.vu_ms = now_ms;
        seau.unites = rest.unwrap_or(there);
        let missing = COUT - seau.unites % COUT;
        let solde = Solde { debit, reste: seau.unites / COUT, attente: missing.div_ceil(rate).div_ceil(1000) };
        if rest.is_some() { Ok(solde) } else { Err(solde) }
    }
}

/// The buckets as one request sees them: what it left of its caller's, for the headers of its answer.
#[derive(Clone, Default)]
pub struct Passage {
    debits: Debits,
    solde: Arc<OnceLock<Solde>>,
}

impl Passage {
    /// One request's.
    pub fn new(debits: Debits) -> Self {
        Self { debits, solde: Arc::default() }
    }

    /// Takes the request; the seconds to wait when there was none to take.
    pub fn take(&self, debit: Debit, magasin: &MagasinId, utilisateur: &str, now: Timestamp) -> Result<(), u64> {
        let taken = self.debits.take(debit, magasin, utilisateur, now);
        let (Ok(solde) | Err(solde)) = taken;
        self.solde.get_or_init(|| solde);
        taken.map(|_| ()).map_err(|solde| solde.attente)
    }

    /// What is left, when something was asked for.
    pub fn solde(&self) -> Option<Solde> {
        self.solde.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIT: Debit = Debit { rafale: 3, par_minute: 30 };

    fn magasin(c: char) -> MagasinId {
        format!("mag_01ARZ3NDEKTSV4RRFFQ69G5FA{c}").parse().unwrap()
    }

    fn left(reste: u64, attente: u64) -> Solde {
        Solde { debit: DEBIT, reste, attente }
    }

    #[test]
    fn a_burst_then_one_request_every_two_seconds() {
        let (debits, a, t) = (Debits::default(), magasin('A'), Timestamp::from_second(1_000_000).unwrap());
        let after = |ms: i64| t + jiff::SignedDuration::from_millis(ms);
        let take = |ms| debits.take(DEBIT, &a, "u", after(ms));
        assert_eq!(take(0), Ok(left(2, 2)));
        assert_eq!(take(0), Ok(left(1, 2)));
        assert_eq!(take(0), Ok(left(0, 2)));
        assert_eq!(take(0), Err(left(0, 2)));
        assert_eq!(take(1_500), Err(left(0, 1)));
        assert_eq!(take(2_000), Ok(left(0, 2)));
        assert_eq!(take(2_000), Err(left(0, 2)));
        // 5 s later two requests and a half are there: one is taken, the next comes in half of its two seconds.
        assert_eq!(take(7_000), Ok(left(1, 1)));
        // However long nobody came, no more than the burst.
        assert_eq!(take(3_600_000), Ok(left(2, 2)));
    }

    #[test]
    fn nobody_pays_for_somebody_else() {
        let (debits, t) = (Debits::default(), Timestamp::UNIX_EPOCH);
        while debits.take(DEBIT, &magasin('A'), "u", t).is_ok() {}
        assert_eq!(debits.take(DEBIT, &magasin('A'), "v", t), Ok(left(2, 2)));
        assert_eq!(debits.take(DEBIT, &magasin('B'), "u", t), Ok(left(2, 2)));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let (debits, a, t) = (Debits::default(), magasin('A'), Timestamp::from_second(1_000_000).unwrap());
        while debits.take(DEBIT, &a, "u", t).is_ok() {}
        assert!(debits.take(DEBIT, &a, "u", Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn the_headers_are_structured_fields_with_whole_seconds() {
        // 60 requests at 600 a minute, 10 a second, are there again after 6 s; 3 at 30 a minute likewise; 5 at 7 a minute after 42.86 s.
        for (rafale, par_minute, window) in [(60, 600, 6), (3, 30, 6), (5, 7, 43), (1, 600, 1)] {
            assert_eq!(Debit { rafale, par_minute }.politique(), format!("\"utilisateur\";q={rafale};w={window}"));
        }
        assert_eq!(left(2, 1).to_string(), "\"utilisateur\";r=2;t=1");
    }

    #[test]
    fn a_request_remembers_what_it_left() {
        let passage = Passage::new(Debits::default());
        assert_eq!(passage.solde(), None);
        assert_eq!(passage.take(DEBIT, &magasin('A'), "u", Timestamp::UNIX_EPOCH), Ok(()));
        assert_eq!(passage.solde(), Some(left(2, 2)));
    }
}
