//! Mutuelles: conventions downloaded on demand and at night, import and export of files, search, one mutuelle.
//!
//! What must hold: a shop sees the conventions it adopted with its own changes laid over them (`domain::liste` has the rules, here they
//! only meet the table and HTTP); reading a list costs one small read once its version is known to the process.
//! Deliberately absent: what a mutuelle means for a demande.

pub mod conventions;
pub mod dto;
pub mod lignes;
pub mod routes;
pub mod vue;

use axum::{Extension, Router};
use lambda_runtime::{Error, LambdaEvent, Service};
use optopec_lambda::{deps::Deps, routeur, serve};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

pub use conventions::nightly;

/// The routes, and their part of the description of the API.
pub fn api(deps: Deps) -> (Router, OpenApi) {
    let etat = routes::Etat { vues: vue::Vues::default(), concentrateurs: conventions::Concentrateurs::new(&deps.config) };
    let (router, document) = routeur::assemble(routes::routes(), deps);
    (router.layer(Extension(etat)), document)
}

/// One Lambda, two events: a request of the gateway is answered, the schedule's starts the night. They are told apart by their shape:
/// only a request has a `requestContext`.
///
/// # Errors
/// The event is neither, or some lists were not brought up to date.
pub async fn dispatch(deps: &Deps, router: Router, event: LambdaEvent<Value>) -> Result<Value, Error> {
    if event.payload.get("requestContext").is_some() {
        let request = LambdaEvent::new(serde_json::from_value(event.payload)?, event.context);
        let answer = Box::pin(serve::service(router).call(request)).await?;
        return Ok(serde_json::to_value(answer)?);
    }
    let nuit = Box::pin(nightly(deps)).await?;
    Ok(json!({ "magasins": nuit.magasins }))
}
