//! The demonstration concentrator: a product of its own, not a test double.
//!
//! What must hold: it speaks docs/concentrateur.md from the other side of the wire and knows nothing of the program that calls it; what
//! happens is chosen by the member number alone ([`scenario`]); a reference is remembered, so that the same request twice has one
//! answer and one PEC; its state survives a restart; nothing that names a person is kept.
//! Deliberately absent: chance, and any claim about a real insurer.

mod coupure;
mod ecrire;
pub mod etat;
pub mod lire;
mod memoire;
pub mod scenario;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use etat::{Annulation, Enregistrement};
use lire::{LigneRecue, Message};
use memoire::MemoireErreur;
use optopec_domain::{
    limites,
    reponse::{Details, Reponse, Statut},
};
use optopec_lambda::deps::Clock;
use optopec_store::Store;
use scenario::{Appel, Scenario};
use std::{io, time::Duration};
use tokio::{net::TcpListener, time::sleep};

/// The convention list: invented organisms, one per capability and per requirement, then real public names without plateau.
const CONVENTIONS: &str = include_str!("conventions.csv");
/// `DEMO-LENT`: within the 60 s that a caller waits.
const LENTEUR: Duration = Duration::from_secs(50);
/// How long a call that is never answered is held: longer than any caller waits.
const MUTISME: Duration = Duration::from_secs(70);
/// Somebody else's reference.
const AUTRE_REFERENCE: &str = "dem_00000000000000000000000000";
/// How often a cancellation that meets another one is decided again.
const ESSAIS: u32 = 5;

/// What it needs.
#[derive(Clone)]
pub struct DemoDeps {
    /// Where it remembers.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// The secret that every call must carry.
    pub jeton: String,
}

/// Serves it on a listener, broken connections included.
pub async fn serve(listener: TcpListener, deps: DemoDeps) -> io::Result<()> {
    axum::serve(listener, router(deps)).await
}

/// Its two routes, behind the secret.
pub fn router(deps: DemoDeps) -> Router {
    Router::new()
        .route("/opamc", post(opamc))
        .route("/conventions", get(conventions))
        .layer(DefaultBodyLimit::max(limites::REPONSE_OCTETS_MAX))
        .layer(from_fn_with_state(deps.clone(), authorize))
        .with_state(deps)
}

/// The same behind a gateway, where no connection can be cut or held: HTTP 500 instead, which leaves the caller as uncertain.
pub fn router_behind_gateway(deps: DemoDeps) -> Router {
    router(deps).layer(from_fn(coupure::without_cuts))
}

async fn authorize(State(deps): State<DemoDeps>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).map(|v| v.as_bytes()).and_then(|v| v.strip_prefix(b"Bearer "));
    match given {
        Some(given) if same(given, deps.jeton.as_bytes()) => next.run(request).await,
        _ => plain(StatusCode::UNAUTHORIZED, "Le secret manque ou n'est pas le bon."),
    }
}

/// Compares without telling by its duration where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

async fn conventions(headers: HeaderMap) -> Response {
    let etag = format!("\"{:016x}\"", fingerprint(CONVENTIONS));
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    if known.map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response();
    }
    ([(ETAG, etag), (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned())], CONVENTIONS).into_response()
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

async fn opamc(State(deps): State<DemoDeps>, body: Bytes) -> Response {
    let answered = match lire::message(&body) {
        Err(illisible) => return plain(StatusCode::BAD_REQUEST, &illisible.to_string()),
        Ok(Message::Demande { reference, adherent, lignes }) => demande(&deps, reference, Scenario::of(adherent.as_deref()), lignes).await,
        Ok(Message::Consultation { reference }) => consultation(&deps, &reference).await,
        Ok(Message::Annulation { reference }) => annulation(&deps, &reference).await,
    };
    answered.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "the demonstration concentrator cannot remember");
        plain(StatusCode::SERVICE_UNAVAILABLE, "Le concentrateur de démonstration est indisponible.")
    })
}

async fn demande(deps: &DemoDeps, reference: String, scenario: Scenario, lignes: Vec<LigneRecue>) -> Result<Response, MemoireErreur> {
    match scenario.appel() {
        Appel::Perdu => return Ok(coupure::no_answer()),
        Appel::Erreur => return Ok(plain(StatusCode::INTERNAL_SERVER_ERROR, "Erreur de démonstration.")),
        Appel::Repondu | Appel::Muet | Appel::Coupe | Appel::Lent | Appel::Illisible | Appel::AutreReference => {}
    }
    let request = Enregistrement { reference, scenario, recu_le: deps.clock.now(), lignes, annulation_le: None };
    let recorded = memoire::record(&deps.store, request).await?;
    let answer = etat::request(&recorded);
    let message = ecrire::rsp(&recorded.reference, &answer);
    Ok(match recorded.scenario.appel() {
        Appel::Repondu | Appel::Perdu | Appel::Erreur => xml(message),
        Appel::Muet => silence().await,
        Appel::Coupe => coupure::half(&message),
        Appel::Lent => {
            sleep(LENTEUR).await;
            xml(message)
        }
        Appel::Illisible => plain(StatusCode::OK, "Réponse de démonstration : ceci n'est pas du XML."),
        Appel::AutreReference => xml(ecrire::rsp(AUTRE_REFERENCE, &answer)),
    })
}

async fn consultation(deps: &DemoDeps, reference: &str) -> Result<Response, MemoireErreur> {
    let reponse = match memoire::recall(&deps.store, reference).await? {
        Some(recorded) => etat::query(&recorded, deps.clock.now()),
        None => Reponse { statut: Statut::Inconnue, details: Details::default() },
    };
    Ok(xml(ecrire::rsp(reference, &reponse)))
}

async fn annulation(deps: &DemoDeps, reference: &str) -> Result<Response, MemoireErreur> {
    for _ in 0..ESSAIS {
        let Some(recorded) = memoire::recall(&deps.store, reference).await? else { return Ok(xml(ecrire::adv(reference, &etat::rien_a_annuler()))) };
        match etat::cancel(&recorded, deps.clock.now()) {
            Annulation::Dite(avis) => return Ok(xml(ecrire::adv(reference, &avis))),
            Annulation::Muette => return Ok(silence().await),
            Annulation::Prise(avis, cancelled) => {
                if memoire::replace(&deps.store, &recorded, &cancelled).await? {
                    return Ok(xml(ecrire::adv(reference, &avis)));
                }
            }
        }
    }
    Ok(plain(StatusCode::SERVICE_UNAVAILABLE, "Trop d'annulations de la même demande à la fois."))
}

/// Held without an answer, then closed, so that nothing stays open for ever.
async fn silence() -> Response {
    sleep(MUTISME).await;
    coupure::no_answer()
}

fn xml(message: String) -> Response {
    ([(CONTENT_TYPE, "application/xml; charset=utf-8")], message).into_response()
}

fn plain(status: StatusCode, text: &str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text.to_owned()).into_response()
}

#[cfg(test)]
mod tests;
