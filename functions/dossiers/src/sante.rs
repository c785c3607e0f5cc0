//! Whether the service answers, and how to speak to it. Without auth.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use optopec_lambda::{deps::Deps, reponse::Reponse};
use serde::Serialize;
use utoipa::ToSchema;

/// The document as it was generated and committed: what a client was built against is what it is told.
const DOCUMENT: &str = include_str!("../../../openapi.json");

/// Le service répond.
#[derive(Serialize, ToSchema)]
pub struct SanteDto {
    /// Toujours `ok`.
    statut: &'static str,
    /// Version du logiciel.
    version: &'static str,
}

/// Dit si le service répond.
#[utoipa::path(get, path = "/v1/sante", tag = "service", operation_id = "lireSante", responses((status = 200, description = "Le service répond.", body = SanteDto)))]
pub async fn sante(State(deps): State<Deps>) -> Reponse {
    Reponse::ok(&SanteDto { statut: "ok", version: deps.config.version })
}

/// Ce document OpenAPI.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "service", operation_id = "lireOpenapi", responses((status = 200, description = "Le document OpenAPI 3.1.", body = serde_json::Value)))]
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}
