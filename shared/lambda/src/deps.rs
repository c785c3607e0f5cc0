//! What comes in from outside and would make a handler impossible to repeat: the clock, ids, settings, tables, queues.
//!
//! What must hold: nobody else asks for the time or makes an id. Closed enums instead of traits: two clocks exist, and no third is wanted.

use crate::{config::Config, queues::Queues};
use jiff::{SignedDuration, Timestamp};
use optopec_domain::ids::{ClientId, DemandeId, DossierId, MagasinId, MutuelleId};
use optopec_store::{Coffre, Store};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};
use ulid::Ulid;

/// How long one try of a call to a table or a queue may take. The SDK waits for ever by itself, and a write that hangs beside a call to a
/// concentrator must not outlast the lease.
const ESSAI_MAX: Duration = Duration::from_secs(5);

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine.
    System,
    /// The machine, so many seconds ahead: the local runner's, moved by hand.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// What time it is, to the millisecond: all that anybody shows, indexes or compares.
    #[expect(clippy::disallowed_methods, reason = "the one place of the product that asks the machine for the time")]
    pub fn now(&self) -> Timestamp {
        let machine = Timestamp::now();
        let machine = Timestamp::from_millisecond(machine.as_millisecond()).unwrap_or(machine);
        match self {
            Self::System => machine,
            Self::Shifted(seconds) => machine.checked_add(SignedDuration::from_secs(seconds.load(Ordering::SeqCst))).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Where ids come from.
#[derive(Clone, Debug)]
pub enum Ids {
    /// Chance.
    Random,
    /// A counter, for runs that must be repeatable.
    Counter(Arc<AtomicU64>),
}

impl Ids {
    #[expect(clippy::disallowed_methods, reason = "the one place of the product that makes ids")]
    fn ulid(&self, now: Timestamp) -> Ulid {
        match self {
            Self::Random => Ulid::from_datetime(SystemTime::from(now)),
            Self::Counter(last) => Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), u128::from(last.fetch_add(1, Ordering::SeqCst) + 1)),
        }
    }

    /// A new demande.
    pub fn demande(&self, now: Timestamp) -> DemandeId {
        DemandeId::from_ulid(self.ulid(now))
    }

    /// A new dossier.
    pub fn dossier(&self, now: Timestamp) -> DossierId {
        DossierId::from_ulid(self.ulid(now))
    }

    /// A new client.
    pub fn client(&self, now: Timestamp) -> ClientId {
        ClientId::from_ulid(self.ulid(now))
    }

    /// A new mutuelle of a shop's own.
    pub fn mutuelle(&self, now: Timestamp) -> MutuelleId {
        MutuelleId::from_ulid(self.ulid(now))
    }

    /// A new shop.
    pub fn magasin(&self, now: Timestamp) -> MagasinId {
        MagasinId::from_ulid(self.ulid(now))
    }

    /// An entry of a log: sorts by time.
    pub fn entree(&self, now: Timestamp) -> String {
        self.ulid(now).to_string()
    }

    /// A request that came without an id.
    pub fn requete(&self, now: Timestamp) -> String {
        format!("req_{}", self.ulid(now))
    }
}

/// All of it.
#[derive(Clone)]
pub struct Deps {
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
    /// Settings.
    pub config: Config,
    /// Tables.
    pub store: Store,
    /// Queues.
    pub queues: Queues,
}

impl Deps {
    /// The ones of a deployed function: settings from the environment, SDK clients from the instance's role.
    ///
    /// # Errors
    /// A setting is missing or unreadable.
    pub async fn from_env() -> Result<Self, crate::config::ConfigError> {
        let config = Config::from_env()?;
        let timeouts = aws_config::timeout::TimeoutConfig::builder().operation_attempt_timeout(ESSAI_MAX).build();
        let sdk = aws_config::defaults(aws_config::BehaviorVersion::latest()).timeout_config(timeouts).load().await;
        let coffre = Coffre::new(aws_sdk_kms::Client::new(&sdk), config.cle_kms.clone());
        let store = Store::new(aws_sdk_dynamodb::Client::new(&sdk), config.tables.clone(), coffre, config.conservation);
        let queues = Queues::new(aws_sdk_sqs::Client::new(&sdk), &config);
        Ok(Self { clock: Clock::System, ids: Ids::Random, config, store, queues })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_the_time_it_was_made() {
        let now = Timestamp::from_millisecond(1_384_819_200_123).unwrap();
        for ids in [Ids::Random, Ids::Counter(Arc::default())] {
            let id = ids.demande(now);
            let ulid = Ulid::from_string(id.as_str().trim_start_matches("dem_")).unwrap();
            assert_eq!(ulid.timestamp_ms(), 1_384_819_200_123);
            assert_ne!(id, ids.demande(now));
        }
    }

    #[test]
    fn a_counter_gives_the_same_ids_again() {
        let run = || {
            let ids = Ids::Counter(Arc::default());
            (ids.dossier(Timestamp::UNIX_EPOCH), ids.client(Timestamp::UNIX_EPOCH))
        };
        assert_eq!(run(), run());
        assert_eq!(run().0.as_str(), "dos_00000000000000000000000001");
    }

    #[test]
    fn a_shifted_clock_follows_its_offset() {
        let offset = Arc::new(AtomicI64::new(0));
        let clock = Clock::Shifted(Arc::clone(&offset));
        let before = clock.now();
        offset.store(172_800, Ordering::SeqCst);
        assert!(clock.now().duration_since(before) >= SignedDuration::from_secs(172_800));
        offset.store(i64::MAX, Ordering::SeqCst);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
