//! The three DynamoDB tables: what is kept, and every condition under which it may change. Concrete, no trait.
//!
//! What must hold: no write without its condition, no read-modify-write, no money decision from an index; a write whose answer was
//! lost recognises itself when it is tried again ([`transact`]); from a [`MagasinStore`] on no key of another shop can be built,
//! because [`schema`] alone makes keys and takes the shop's id from there; what a shop stores about persons is sealed with the shop's own
//! key ([`coffre`], [`sceau`]) and has an end.
//!
//! Deliberately absent: clocks and ids (arguments), HTTP status codes, what a change means (the domain decides it, this crate writes
//! it or says what stood in the way).

mod acces;
mod blob;
mod clients;
mod coffre;
mod conventions;
mod credits;
mod demandes;
mod demo;
mod dossiers;
mod error;
mod idempotence;
mod item;
mod liste;
mod local;
mod magasin;
mod page;
mod read;
mod reference;
mod row;
mod sceau;
mod scellement;
mod schema;
mod settle;
mod submit;
mod tables;
mod transact;

use aws_sdk_dynamodb::Client;
use optopec_domain::{conservation::Conservation, ids::MagasinId};
use std::sync::{Arc, atomic::AtomicU64};

pub use acces::{Objet, Preuve, Trace};
pub use clients::Recherche;
pub use coffre::{Coffre, Rechiffrement};
pub use conventions::{Convention, ConventionHead, RejetImport};
pub use credits::{Mouvement, PourLe};
pub use demandes::{Brut, FiltreDemandes};
pub use dossiers::DossierLu;
pub use error::{Cause, StoreError};
pub use idempotence::Idempotence;
pub use liste::ListeHead;
pub use page::{Cursor, Page};
pub use submit::Submission;
pub use tables::{Attribut, Definition, Index, Tables, definitions};

/// Short for every answer of this crate.
pub type R<T> = Result<T, StoreError>;

/// The tables. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Interne>);

struct Interne {
    client: Client,
    tables: Tables,
    coffre: Coffre,
    conservation: Conservation,
    /// With a count, the mark of each write: see [`transact`].
    origine: String,
    ecritures: AtomicU64,
    conventions: conventions::Cache,
    paquets: liste::Cache,
}

/// The tables as one shop sees them: the only way to anything that belongs to a shop.
#[derive(Clone)]
pub struct MagasinStore {
    store: Store,
    id: MagasinId,
}

impl Store {
    /// How many parts the index of what is due has.
    pub const SHARDS: u8 = schema::SHARDS;

    /// Over a client that is already configured (region, endpoint, retries).
    pub fn new(client: Client, tables: Tables, coffre: Coffre, conservation: Conservation) -> Self {
        Self(Arc::new(Interne {
            client,
            tables,
            coffre,
            conservation,
            origine: transact::origine(),
            ecritures: AtomicU64::new(0),
            conventions: conventions::Cache::default(),
            paquets: liste::Cache::default(),
        }))
    }

    /// As one shop sees it.
    pub fn for_magasin(&self, id: MagasinId) -> MagasinStore {
        MagasinStore { store: self.clone(), id }
    }
}

impl MagasinStore {
    /// The shop.
    pub fn id(&self) -> &MagasinId {
        &self.id
    }
}
