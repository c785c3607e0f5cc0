//! What every handler needs: the caller and her shop, errors as problems, idempotency, tracing, configuration, clock and ids, queues.
//!
//! What must hold: only this crate knows the HTTP status codes of our API ([`probleme`], [`reponse`]), only [`deps`] reads the clock and
//! makes ids, only [`config`] reads the environment, and only the token decides which shop's [`optopec_store::MagasinStore`] a handler gets.
//! Deliberately absent: rules of the trade (domain), keys of tables (store), routes (the functions).
//!
//! Without the feature `http` only what the queue and schedule functions need is compiled.

pub mod config;
pub mod debit;
pub mod deps;
pub mod mutuelles;
pub mod queues;
pub mod sqs;
pub mod telemetry;

#[cfg(feature = "http")]
pub mod acces;
#[cfg(feature = "http")]
pub mod contexte;
#[cfg(feature = "http")]
pub mod corps;
#[cfg(feature = "http")]
pub mod csv;
#[cfg(feature = "http")]
pub mod dossiers;
#[cfg(feature = "http")]
pub mod dto;
#[cfg(feature = "http")]
pub mod etag;
#[cfg(feature = "http")]
pub mod idempotence;
#[cfg(feature = "http")]
pub mod matrice;
#[cfg(feature = "http")]
pub mod openapi;
#[cfg(feature = "http")]
pub mod page;
#[cfg(feature = "http")]
pub mod probleme;
#[cfg(feature = "http")]
pub mod reponse;
#[cfg(feature = "http")]
pub mod routeur;
#[cfg(feature = "http")]
pub mod serve;

#[cfg(feature = "http")]
#[cfg(test)]
mod tests;
