//! The demandes of a shop over HTTP: check, ask, read, cancel, transfer, transform, decide, count.
//!
//! What must hold: nothing is held and nothing is sent unless everything was checked at the version that was read; the hold, the guard
//! and the demande are one write; what a route accepts is what `actions` shows. The queue is told afterwards and may be lost: the due
//! index is the outbox.
//! Deliberately absent: calls to a concentrator (`pec-transmission`, `status-refresh`), rules (`domain`), keys of tables (`store`).
//! The order of every handler: role → replay of a known `Idempotency-Key` → existence → key where it is required → body → rules.

mod creation;
mod decision;
#[cfg(test)]
mod exemples;
mod impossible;
mod lecture;
mod liste;
mod ordres;
mod soumission;
mod statistiques;
mod transfert;

use axum::Router;
use optopec_lambda::{deps::Deps, routeur};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How often an order that meets another writer is decided again.
const ESSAIS: u32 = 5;

/// The routes, and the document that describes them.
pub fn api(deps: Deps) -> (Router, OpenApi) {
    let routes = OpenApiRouter::new()
        .routes(routes!(soumission::verify))
        .routes(routes!(soumission::create))
        .routes(routes!(soumission::transform))
        .routes(routes!(liste::list))
        .routes(routes!(liste::export))
        .routes(routes!(lecture::get))
        .routes(routes!(lecture::raw))
        .routes(routes!(ordres::refresh))
        .routes(routes!(ordres::cancel))
        .routes(routes!(ordres::decide))
        .routes(routes!(transfert::transfer))
        .routes(routes!(statistiques::get));
    routeur::assemble(routes, deps)
}
