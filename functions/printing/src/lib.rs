//! The documents that a shop hands out, faxes and files, each as one PDF: consent, answer, request by fax, devis.
//!
//! What must hold: a paper says nothing that the store does not say, and nothing of another shop; an amount nobody knows is « non connu »,
//! never 0; what a switch withholds and what is hidden from the mutuelle is on no paper that goes to it; a NIR is in clear on that paper
//! only, and its printing leaves an entry; a text that a person typed is data, never markup; the same data give the same bytes.
//! Deliberately absent: files, network and a clock in the typesetter ([`moteur`]), amounts and refusals of our own (`domain` computes them),
//! keeping what was printed: a document is made again whenever it is asked for.

mod consentement;
mod devis;
#[cfg(test)]
mod essais;
#[cfg(test)]
mod exemples;
mod fax;
mod moteur;
mod reponse;
mod routes;
mod texte;

use axum::Router;
use optopec_lambda::{deps::Deps, routeur};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function, and their part of the document.
pub fn api(deps: Deps) -> (Router, OpenApi) {
    let routes =
        OpenApiRouter::new().routes(routes!(routes::consentement)).routes(routes!(routes::devis)).routes(routes!(routes::fax)).routes(routes!(routes::reponse));
    routeur::assemble(routes, deps)
}
