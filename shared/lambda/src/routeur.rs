//! What surrounds every route: the request id, one line of log, and no answer that is not in the contract's form.
//!
//! What must hold: every error that leaves is `application/problem+json` with the request id as `instance`, also what the framework refuses
//! by itself (unknown route, wrong method, unreadable address) and, where panics unwind (not in what is deployed: docs/adr/0012), a panic; a
//! failure is logged once, here, with its cause; the log holds the route's template, never the address or a body. A caller who hangs up does not
//! stop what she started.

use crate::{
    debit::{Debits, Passage, Solde},
    deps::Deps,
    openapi,
    probleme::{Probleme, Refus, chain},
};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use lambda_http::request::RequestContext;
use std::{sync::Arc, time::Instant};
use tracing::Instrument;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The id of a request: the gateway's where there is one, so that its log and ours name the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The router of a function and its part of the description of the API, from one list of routes, so that they cannot disagree.
pub fn assemble(routes: OpenApiRouter<Deps>, deps: Deps) -> (Router, OpenApi) {
    let (router, api) = routes.split_for_parts();
    (surround(router, deps), openapi::complete(api))
}

/// Puts a router into its surroundings.
pub fn surround(router: Router<Deps>, deps: Deps) -> Router {
    router.with_state(deps.clone()).layer(middleware::from_fn_with_state((deps, Debits::default()), answer))
}

async fn answer(State((deps, debits)): State<(Deps, Debits)>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let RequestId(id) = request_id(&request, &deps);
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("requete", request_id = id, methode = %request.method(), route, utilisateur = tracing::field::Empty);
    request.extensions_mut().insert(RequestId(id.clone()));
    let passage = Passage::new(debits);
    request.extensions_mut().insert(passage.clone());
    // Its own task: a panic stays in it, and it goes on when the caller has gone.
    let response = match tokio::spawn(next.run(request).instrument(span.clone())).await {
        Ok(response) => response,
        Err(error) => Probleme::interne(if error.is_panic() { "panique" } else { "interrompu" }).into_response(),
    };
    span.in_scope(|| {
        let mut response = in_form(response, &id);
        if let Some(solde) = passage.solde() {
            tell_what_is_left(&mut response, solde);
        }
        tracing::info!(statut = response.status().as_u16(), duree_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), "requête");
        response
    })
}

fn request_id(request: &Request, deps: &Deps) -> RequestId {
    let gateway = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    };
    let lambda = || request.extensions().get::<lambda_http::Context>().map(|context| context.request_id.clone()).filter(|id| !id.is_empty());
    RequestId(gateway.filter(|id| !id.is_empty()).or_else(lambda).unwrap_or_else(|| deps.ids.requete(deps.clock.now())))
}

fn in_form(mut response: Response, id: &str) -> Response {
    let refus = response.extensions_mut().remove::<Arc<Refus>>().or_else(|| framework(&response));
    if let Some(refus) = refus {
        log(&refus);
        response = refus.to_response(id);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        // What is about persons is kept nowhere, a shop's shared computer included; a route that shows none may say otherwise.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn tell_what_is_left(response: &mut Response, solde: Solde) {
    for (name, value) in [("ratelimit-policy", solde.debit.politique()), ("ratelimit", solde.to_string())] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// The problem of an error that the framework answered in its own words.
fn framework(response: &Response) -> Option<Arc<Refus>> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    match Probleme::of_status(status) {
        Probleme::Refus(mut refus) => {
            refus.allow = response.headers().get(header::ALLOW).cloned();
            Some(Arc::from(refus))
        }
        Probleme::Rejouer(_) => None,
    }
}

fn log(refus: &Refus) {
    let cause = refus.cause.as_deref().map(|cause| chain(cause));
    // Without a cause it is an answer that the contract foresees (no concentrator for this shop, too many at once), and nobody is called for it.
    if refus.statut.is_server_error() && cause.is_some() {
        tracing::error!(genre = refus.genre, cause, "échec");
    } else {
        let codes: Vec<&str> = refus.erreurs.iter().map(|e| e.code).collect();
        tracing::info!(genre = refus.genre, codes = codes.join(","), cause, "refus");
    }
}
