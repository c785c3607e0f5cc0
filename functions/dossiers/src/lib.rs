//! The dossiers and what they rest on: the shop with its switches, the clients, the reference tables, and what the operator sets.
//!
//! What must hold, in this order in every route: the role (403), the ids of the address (404), `If-Match` (428, 412), the body (400, 413,
//! 422). An equipment with a live PEC or an open cotation stays as it is. Deliberately absent: demandes and amounts of mutuelles, which
//! other functions own; this one shows what the domain computes.

mod acces;
mod clients;
mod consentement;
mod dossiers;
mod effacement;
mod engagement;
mod export;
mod magasin;
mod operateur;
mod recherche;
mod referentiel;
mod sante;
mod tarifs;

use axum::Router;
use optopec_lambda::{deps::Deps, routeur};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How often a write without `If-Match` is decided again when somebody else wrote in between.
const ESSAIS: u32 = 4;

/// The routes of this function, and their part of the document.
pub fn api(deps: Deps) -> (Router, OpenApi) {
    let routes = OpenApiRouter::new()
        .routes(routes!(sante::sante))
        .routes(routes!(sante::document))
        .routes(routes!(magasin::read, magasin::put))
        .routes(routes!(magasin::put_transmission))
        .routes(routes!(magasin::conditions))
        .routes(routes!(clients::create))
        .routes(routes!(clients::read, clients::put, clients::delete))
        .routes(routes!(clients::search))
        .routes(routes!(acces::client))
        .routes(routes!(export::export))
        .routes(routes!(dossiers::create, dossiers::list))
        .routes(routes!(dossiers::read, dossiers::put, dossiers::delete))
        .routes(routes!(dossiers::search))
        .routes(routes!(acces::dossier))
        .routes(routes!(consentement::sign))
        .routes(routes!(referentiel::read_lpp, referentiel::put_lpp))
        .routes(routes!(referentiel::read_taux, referentiel::put_taux))
        .routes(routes!(operateur::put))
        .routes(routes!(operateur::rewrap));
    routeur::assemble(routes, deps)
}
