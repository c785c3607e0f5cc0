//! What only the local runner has: tokens without a password, the clock, the depth of the queues. No Lambda contains these routes.

use crate::{gateway::Gateway, issuer::Identity, queues::Queues};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use optopec_domain::{ids::MagasinId, magasin::Magasin, role::Role};
use optopec_lambda::deps::Deps;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::Notify;

/// What these routes need.
#[derive(Clone)]
pub struct Local {
    /// The front door, for its issuer and clock.
    pub gateway: Gateway,
    /// The functions' own means.
    pub deps: Deps,
    /// The queues.
    pub queues: Arc<Queues>,
    /// Wakes the schedules when the clock was moved.
    pub wake: Arc<Notify>,
}

/// The routes under `/local`.
pub fn router(local: Local) -> Router {
    Router::new().route("/local/jeton", post(token)).route("/local/horloge", get(time).post(advance)).route("/local/files", get(depths)).with_state(local)
}

/// A refusal of one of these routes, in the form of every other problem.
struct Refusal {
    statut: StatusCode,
    detail: String,
    instance: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { statut, detail, instance } = self;
        let body = json!({"type": "/problemes/local", "title": "Requête locale refusée", "status": statut.as_u16(), "detail": detail, "instance": instance, "erreurs": []});
        (statut, [("content-type", "application/problem+json")], body.to_string()).into_response()
    }
}

impl Local {
    fn refuse(&self, statut: StatusCode, detail: impl Into<String>) -> Refusal {
        Refusal { statut, detail: detail.into(), instance: self.gateway.ids.requete(self.gateway.clock.now()) }
    }

    fn object(&self, body: &Bytes) -> Result<Map<String, Value>, Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(self.refuse(StatusCode::BAD_REQUEST, "Un objet JSON est attendu.")),
        }
    }
}

async fn token(State(local): State<Local>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let fields = local.object(&body)?;
    let nom = fields.get("magasin").and_then(Value::as_str).unwrap_or("demo").trim();
    if nom.is_empty() || nom.chars().count() > 60 {
        return Err(local.refuse(StatusCode::UNPROCESSABLE_ENTITY, "« magasin » est un nom de 1 à 60 caractères."));
    }
    let role: Role = fields
        .get("role")
        .and_then(Value::as_str)
        .unwrap_or("OPTICIEN")
        .parse()
        .map_err(|e: optopec_domain::erreur::Invalide| local.refuse(StatusCode::UNPROCESSABLE_ENTITY, e.message))?;
    let session = match fields.get("session") {
        None => false,
        Some(value) => value.as_bool().ok_or_else(|| local.refuse(StatusCode::UNPROCESSABLE_ENTITY, "« session » est vrai ou faux."))?,
    };
    let internal = |cause: String| {
        tracing::error!(cause, "no token");
        local.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Le jeton n'a pas pu être fait.")
    };
    let magasin = shop(&local.deps, nom).await.map_err(|e| internal(e.to_string()))?;
    let identity = identity(&magasin, role);
    let (issuer, now) = (&local.gateway.issuer, local.gateway.clock.now());
    let jeton = if session { issuer.sign_session(&identity, now) } else { issuer.sign(&identity, now) }.map_err(|e| internal(e.to_string()))?;
    Ok(Json(json!({"jeton": jeton, "magasin": magasin.as_str()})))
}

/// Somebody with a role in a shop: without passwords, there is one for each.
pub(crate) fn identity(magasin: &MagasinId, role: Role) -> Identity {
    Identity { sub: format!("local-{}", role.as_str().to_lowercase()), magasin: magasin.to_string(), role: role.as_str().to_owned() }
}

/// The shop of a name, created empty if the name is new; an id of a shop stands for itself.
pub async fn shop(deps: &Deps, nom: &str) -> Result<MagasinId, optopec_store::StoreError> {
    if let Ok(id) = nom.parse::<MagasinId>()
        && deps.store.for_magasin(id.clone()).magasin().await?.is_some()
    {
        return Ok(id);
    }
    if let Some(id) = deps.store.nom_local(nom).await? {
        return Ok(id);
    }
    let fresh = deps.ids.magasin(deps.clock.now());
    deps.store.for_magasin(fresh.clone()).create_magasin(&Magasin::empty(fresh.clone())).await?;
    deps.store.put_nom_local(nom, &fresh).await
}

async fn time(State(local): State<Local>) -> Json<Value> {
    Json(json!({"maintenant": local.gateway.clock.now().to_string()}))
}

async fn advance(State(local): State<Local>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let seconds = local
        .object(&body)?
        .get("avancer_secondes")
        .and_then(Value::as_i64)
        .ok_or_else(|| local.refuse(StatusCode::UNPROCESSABLE_ENTITY, "« avancer_secondes » est un nombre entier de secondes."))?;
    let now = local.gateway.clock.advance(seconds).map_err(|e| local.refuse(StatusCode::UNPROCESSABLE_ENTITY, e.to_string()))?;
    local.wake.notify_one();
    Ok(Json(json!({"maintenant": now.to_string()})))
}

async fn depths(State(local): State<Local>) -> Json<Value> {
    let files: Map<String, Value> = local
        .queues
        .depths()
        .into_iter()
        .map(|(name, d)| (name, json!({"visibles": d.visible, "en_cours": d.in_flight, "differes": d.delayed, "mortes": d.dead})))
        .collect();
    Json(Value::Object(files))
}
