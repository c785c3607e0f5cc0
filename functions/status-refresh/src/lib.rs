//! What is due comes back here: a schedule puts it on a queue, and the queue takes each demande one step further.
//!
//! What must hold: whatever is due is found, whoever forgot it (a lost message, a dead worker, a mutuelle's delay that is over); a sweep
//! that runs out of time loses nothing, because what it did not reach stays due.
//! Deliberately absent: rules and calls (`exchange`), and any HTTP framework.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use jiff::{SignedDuration, Timestamp};
use optopec_exchange::{Acces, Avance, Concentrateurs, ExchangeError, ReglageInvalide, advance};
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    deps::Deps,
    queues::{self, QueueError, Travail},
    sqs,
};
use optopec_store::{Store, StoreError};
use serde_json::{Value, json};

/// How long one sweep may take; the function's own timeout is longer.
const DUREE_MAX: SignedDuration = SignedDuration::from_secs(40);

/// The concentrators that a deployment configures, made once per process.
///
/// # Errors
/// A setting cannot be used.
pub fn concentrateurs(config: &Config) -> Result<Concentrateurs, ReglageInvalide> {
    Concentrateurs::new(config.version, acces(&config.concentrateur_demo), config.concentrateur_reel.as_ref().map(acces))
}

fn acces(config: &ConcentrateurConfig) -> Acces<'_> {
    Acces { url: &config.url, jeton: &config.jeton, delai_reponse: config.timeout }
}

/// Why a sweep ended before its end. The next one starts again.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The due index was not read.
    #[error("the due index was not read")]
    Store(#[from] StoreError),
    /// The queue did not take what is due.
    #[error("the queue did not take what is due")]
    Queue(#[from] QueueError),
}

/// A schedule's event starts a sweep, a queue's event is worked off. They are told apart by their shape: only a queue's has records.
pub async fn dispatch(deps: &Deps, concentrateurs: &Concentrateurs, event: Value) -> Result<Value, lambda_runtime::Error> {
    if event.get("Records").is_some() {
        return Ok(serde_json::to_value(handle(deps, concentrateurs, serde_json::from_value(event)?).await)?);
    }
    Ok(json!({ "dues": sweep(deps).await? }))
}

/// Puts everything that is due on the refresh queue; how many there were.
pub async fn sweep(deps: &Deps) -> Result<usize, SweepError> {
    let start = deps.clock.now();
    let mut found = 0;
    for shard in shards_from(start) {
        let mut after = None;
        loop {
            let (due, next) = deps.store.due(shard, start, after).await?;
            deps.queues.send_refresh(&due, 0).await?;
            found += due.len();
            if deps.clock.now().duration_since(start) > DUREE_MAX {
                tracing::warn!(found, shard, "the sweep ran out of time; what is left stays due");
                return Ok(found);
            }
            if next.is_none() {
                break;
            }
            after = next;
        }
    }
    tracing::info!(found, "swept");
    Ok(found)
}

/// Every shard once, from another one each minute, so that sweeps that run out of time do not starve the same shards.
fn shards_from(now: Timestamp) -> impl Iterator<Item = u8> {
    let first = (now.as_second() / 60).rem_euclid(i64::from(Store::SHARDS));
    let first = u8::try_from(first).unwrap_or(0);
    (0..Store::SHARDS).map(move |n| (first + n) % Store::SHARDS)
}

/// One batch of the refresh queue.
pub async fn handle(deps: &Deps, concentrateurs: &Concentrateurs, event: SqsEvent) -> SqsBatchResponse {
    sqs::each_record(event, |travail| step(deps.clone(), concentrateurs.clone(), travail)).await
}

async fn step(deps: Deps, concentrateurs: Concentrateurs, travail: Travail) -> Result<(), ExchangeError> {
    let clock = || deps.clock.now();
    match advance(&deps.store, &concentrateurs, &clock, &travail.magasin, &travail.demande).await? {
        Avance::Faite { echeance } => {
            if let Some(delay_s) = echeance.and_then(|due| queues::delay(deps.clock.now(), due)) {
                // Its loss costs precision only: the due index has the same time.
                if let Err(error) = deps.queues.send_refresh(&[(travail.magasin, travail.demande)], delay_s).await {
                    tracing::warn!(%error, "the next step waits for the due index");
                }
            }
        }
        Avance::RienAFaire | Avance::Occupee => tracing::debug!("nothing to do now"),
        Avance::Introuvable => tracing::warn!("a message names a demande that does not exist"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sweep_sees_every_shard_once_and_starts_elsewhere() {
        let mut firsts = BTreeSet::new();
        for minute in 0..i64::from(Store::SHARDS) {
            let shards: Vec<u8> = shards_from(Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()).collect();
            firsts.insert(shards[0]);
            assert_eq!(shards.iter().copied().collect::<BTreeSet<_>>(), (0..Store::SHARDS).collect());
            assert_eq!(shards.len(), usize::from(Store::SHARDS));
        }
        assert_eq!(firsts.len(), usize::from(Store::SHARDS));
    }
}
