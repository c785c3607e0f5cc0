//! Scenarios against the whole system in one process, spoken to over HTTP; and checks of the tree itself.
//!
//! What must hold: tests go in by the public door; expectations come from the contracts (docs/api.md, docs/concentrateur.md); nothing sleeps: a test
//! waits for a state, and a state that does not come is a failure that says what was there instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc, missing_docs, reason = "a failing test says so by panicking")]

mod app;
mod arrows;
mod chiffrement;
mod comptes;
mod concurrence;
mod contrat;
mod cout;
mod demonstration;
mod deploye;
mod documents;
mod ecran;
mod formes;
mod hostile;
mod idempotence;
mod impression;
mod incertitude;
mod journal;
mod limites;
mod parcours;
mod partenaire;
mod personnes;
mod routes;
mod secours;
mod session;
mod traces;
