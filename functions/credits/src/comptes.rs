//! Every night: does each shop's ledger still add up to its account, and how long has the oldest credit been held?
//!
//! What must hold: it reads and never writes; a hold that nobody decides about is seen though nothing calls for it any more; one shop whose ledger
//! cannot be read does not keep the others from theirs; memory is bounded by a page of one ledger and its open holds; a night that runs out of time
//! says where it stopped, and the next one begins elsewhere, so that no shop is passed over for good.
//! Deliberately absent: mending. A ledger that does not add up is for a person (docs/runbook.md, « credits-inexacts »).

use jiff::{SignedDuration, Timestamp};
use optopec_domain::ids::MagasinId;
use optopec_lambda::deps::Deps;
use optopec_store::{Store, StoreError};

/// How long one night may take; the function's own timeout is longer by more than one shop takes.
const DUREE_MAX: SignedDuration = SignedDuration::from_secs(780);

/// Longer than a demande without certainty is followed (seven days): somebody should have decided.
const RESERVE_LONGUE: SignedDuration = SignedDuration::from_hours(8 * 24);

/// What a night found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nuit {
    /// Shops whose ledger was added up.
    pub magasins: usize,
    /// Those of them whose account is not the sum of its ledger; the log names them.
    pub inexacts: usize,
    /// Shops that could not be read; the log names them.
    pub echecs: usize,
    /// The part of the shops in which the time was over, if it was.
    pub reste: Option<u8>,
    /// Since when the oldest credit of all of them is held, if one is.
    pub reserve_depuis: Option<Timestamp>,
}

/// Not every ledger was read.
#[derive(Debug, thiserror::Error)]
pub enum NuitIncomplete {
    /// The shops were not listed.
    #[error("the shops were not listed")]
    Liste(#[from] StoreError),
    /// Some could not be read.
    #[error("{echecs} ledger(s) could not be read")]
    Echecs {
        /// How many.
        echecs: usize,
    },
}

/// Adds up every shop's ledger; `depuis`: the part of the shops to begin with, where a person says so.
///
/// # Errors
/// Something could not be read, after everything else was.
pub async fn nightly(deps: &Deps, depuis: Option<u8>) -> Result<Nuit, NuitIncomplete> {
    let start = deps.clock.now();
    let mut nuit = Nuit::default();
    'parts: for shard in parts(depuis.unwrap_or_else(|| of_the_day(start))) {
        let mut after = None;
        loop {
            let (magasins, next) = deps.store.magasins(shard, after).await?;
            for id in magasins {
                if deps.clock.now().duration_since(start) > DUREE_MAX {
                    nuit.reste = Some(shard);
                    break 'parts;
                }
                look(deps, id, &mut nuit).await;
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    let Nuit { magasins, inexacts, echecs, reste, reserve_depuis } = nuit;
    let age_reserve_s = reserve_depuis.map(|depuis| deps.clock.now().duration_since(depuis).as_secs());
    tracing::info!(magasins, inexacts, echecs, reste, age_reserve_s, "accounts verified");
    if echecs == 0 { Ok(nuit) } else { Err(NuitIncomplete::Echecs { echecs }) }
}

async fn look(deps: &Deps, id: MagasinId, nuit: &mut Nuit) {
    let shop = deps.store.for_magasin(id);
    match shop.verify_credits().await {
        Ok(verified) => {
            nuit.magasins += 1;
            match verified {
                Ok(reserve_depuis) => {
                    nuit.reserve_depuis = nuit.reserve_depuis.into_iter().chain(reserve_depuis).min();
                    let age = reserve_depuis.map(|depuis| deps.clock.now().duration_since(depuis));
                    if let Some(age) = age.filter(|age| *age >= RESERVE_LONGUE) {
                        tracing::warn!(magasin = %shop.id(), age_reserve_s = age.as_secs(), "a credit has been held for long");
                    }
                }
                Err(inexact) => {
                    nuit.inexacts += 1;
                    tracing::error!(alarme = "credits-inexacts", magasin = %shop.id(), ecart = %inexact, "an account is not the sum of its ledger");
                }
            }
        }
        Err(error) => {
            tracing::error!(magasin = %shop.id(), error = &error as &dyn std::error::Error, "a ledger could not be read");
            nuit.echecs += 1;
        }
    }
}

/// Every part of the shops once, beginning with one.
fn parts(first: u8) -> impl Iterator<Item = u8> {
    let first = first % Store::SHARDS;
    (0..Store::SHARDS).map(move |n| (first + n) % Store::SHARDS)
}

/// Another part each day.
fn of_the_day(now: Timestamp) -> u8 {
    let day = (now.as_second() / 86_400).rem_euclid(i64::from(Store::SHARDS));
    u8::try_from(day).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_night_sees_every_part_once_and_begins_elsewhere() {
        let mut firsts = BTreeSet::new();
        for day in 0..i64::from(Store::SHARDS) {
            let seen: Vec<u8> = parts(of_the_day(Timestamp::from_second(1_790_000_000 + 86_400 * day).unwrap())).collect();
            firsts.insert(seen[0]);
            assert_eq!(seen.len(), usize::from(Store::SHARDS));
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (0..Store::SHARDS).collect());
        }
        assert_eq!(firsts.len(), usize::from(Store::SHARDS));
    }

    #[test]
    fn a_person_says_where_to_begin() {
        assert_eq!(parts(5).next(), Some(5));
        assert_eq!(parts(5).last(), Some(4));
        assert!(parts(255).all(|part| part < Store::SHARDS));
    }
}
