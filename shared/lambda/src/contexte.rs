//! Who calls, for which shop, and what she may.
//!
//! What must hold: the token alone decides the shop; a handler gets a [`MagasinStore`] of that shop and no way to another (but an operator
//! through [`Deps`]); without claims or after the session's end 401,
//! without the right that the table [`matrice`] asks for the route 403, before anything else is looked at.
//! The claims are the ones that API Gateway's JWT authorizer has checked; signature and expiry are the gateway's, not looked at again here.

use crate::{
    corps::Corps,
    debit::Passage,
    deps::Deps,
    etag,
    idempotence::{CleIdempotence, Idem},
    matrice,
    probleme::Probleme,
    reponse::Reponse,
    routeur::RequestId,
};
use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, Method, request::Parts},
};
use jiff::{SignedDuration, Timestamp};
use lambda_http::request::RequestContext;
use optopec_domain::{
    ids::MagasinId,
    limites,
    role::{Droit, Role},
};
use optopec_store::MagasinStore;
use serde::Serialize;
use std::{collections::HashMap, str::FromStr};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appelant {
    /// Her shop.
    pub magasin: MagasinId,
    /// What she may.
    pub role: Role,
    /// Who she is: the subject of the token.
    pub utilisateur: String,
}

/// A request whose caller is known and may do what it asks: whoever takes it as an argument is guarded.
pub struct Contexte {
    /// Who calls.
    pub appelant: Appelant,
    /// Her shop's things.
    pub store: MagasinStore,
    /// What time it is, once for the whole request.
    pub now: Timestamp,
    /// Its id, as the caller is shown it.
    pub request_id: String,
    /// Its `Idempotency-Key`, if it has one.
    pub idem: Option<CleIdempotence>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Everything else.
    pub deps: Deps,
    methode: Method,
    adresse: String,
}

/// The shop of an operator whose token names none: it keeps her idempotency records and nothing else. No shop is ever given this id.
fn no_shop() -> MagasinId {
    MagasinId::from_ulid(ulid::Ulid::nil())
}

impl Appelant {
    fn of(parts: &Parts, now: Timestamp, session: SignedDuration) -> Result<Self, Probleme> {
        let claims = parts.extensions.get::<RequestContext>().and_then(RequestContext::authorizer).and_then(|a| a.jwt.as_ref()).map(|jwt| &jwt.claims);
        Self::from_claims(claims.ok_or_else(Probleme::non_authentifie)?, now, session)
    }

    fn from_claims(claims: &HashMap<String, String>, now: Timestamp, session: SignedDuration) -> Result<Self, Probleme> {
        let utilisateur = claims.get("sub").filter(|sub| !sub.is_empty()).ok_or_else(Probleme::non_authentifie)?.clone();
        if let Some(seconds) = claims.get("auth_time") {
            in_session(seconds, now, session)?;
        }
        let role: Role = claims.get("custom:role").and_then(|role| role.parse().ok()).ok_or_else(Probleme::interdit)?;
        let magasin = match (claims.get("custom:magasin").map(|id| id.parse::<MagasinId>()), role) {
            (Some(Ok(id)), _) if id != no_shop() => id,
            (None, Role::Operateur) => no_shop(),
            (Some(Ok(_) | Err(_)), _) | (None, Role::Lecture | Role::Opticien | Role::Gerant) => {
                return Err(Probleme::interdit().detail("Votre compte n'est rattaché à aucun magasin."));
            }
        };
        Ok(Self { magasin, role, utilisateur })
    }
}

impl FromRequestParts<Deps> for Contexte {
    type Rejection = Probleme;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Probleme> {
        let now = deps.clock.now();
        let appelant = Appelant::of(parts, now, deps.config.session)?;
        tracing::Span::current().record("utilisateur", &appelant.utilisateur);
        if let (true, Some(passage)) = (deps.config.limites, parts.extensions.get::<Passage>()) {
            passage.take(deps.config.debit, &appelant.magasin, &appelant.utilisateur, now).map_err(Probleme::trop_de_requetes)?;
        }
        if !asked(parts).is_some_and(|droit| appelant.role.may(droit)) {
            return Err(Probleme::interdit());
        }
        Ok(Self {
            store: deps.store.for_magasin(appelant.magasin.clone()),
            now,
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            idem: CleIdempotence::of(&parts.headers)?,
            headers: parts.headers.clone(),
            deps: deps.clone(),
            methode: parts.method.clone(),
            adresse: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            appelant,
        })
    }
}

/// Whether whoever signed in at this moment (`auth_time` of OpenID Connect Core, §2: seconds since 1970) is still in her session, whatever the
/// token's `exp` says: on a shop's shared computer a token that is renewed for ever would keep whoever opened it signed in for ever.
fn in_session(seconds: &str, now: Timestamp, session: SignedDuration) -> Result<(), Probleme> {
    let since = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(Probleme::non_authentifie)?;
    let age = now.duration_since(since);
    if age < -SignedDuration::from_secs(i64::from(limites::SESSION_AVANCE_SECONDES_MAX)) {
        return Err(Probleme::non_authentifie());
    }
    if age >= session { Err(Probleme::session_terminee()) } else { Ok(()) }
}

/// What the route of a request asks of its caller. A forgotten line in the table closes the route to everybody and is an error of ours.
fn asked(parts: &Parts) -> Option<Droit> {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let droit = matrice::droit(parts.method.as_str(), route);
    if droit.is_none() {
        tracing::error!(methode = %parts.method, route, "la matrice des droits ne connaît pas cette route");
    }
    droit
}

impl Contexte {
    /// What became of an earlier request with the same `Idempotency-Key`: its answer again as [`Probleme::Rejouer`], or a refusal when it
    /// was another request. Otherwise the means to remember this one.
    pub async fn idempotent(&self, corps: &Corps) -> Result<Idem, Probleme> {
        let octets = corps.octets()?;
        let Some(cle) = &self.idem else { return Ok(Idem::none()) };
        let idem = Idem::new(cle.clone(), &self.methode, &self.adresse, octets);
        // However old it is: as long as it is there, its key cannot be written again.
        match self.store.idempotence(cle.as_str()).await? {
            Some(record) => Err(self.again(idem.known(record)).await),
            None => Ok(idem),
        }
    }

    /// A refusal, unless its cause is the very effect of the same key (the credit is held, the state has changed): whoever asked twice at the
    /// same moment gets the first one's answer.
    pub async fn unless_known(&self, idem: &Idem, refus: Probleme) -> Probleme {
        let (Some(cle), Probleme::Refus(_)) = (&self.idem, &refus) else { return refus };
        match self.store.idempotence(cle.as_str()).await {
            Ok(Some(record)) => self.again(idem.known(record)).await,
            Ok(None) => refus,
            Err(error) => error.into(),
        }
    }

    /// Whether the body of the answer stays here: then nothing was shown, nor printed.
    pub fn head_only(&self) -> bool {
        self.methode == Method::HEAD
    }

    /// Whether a write may go on: 428 without `If-Match`, 412 when the version is another.
    pub fn if_match(&self, version: u64) -> Result<(), Probleme> {
        etag::if_match(&self.headers, version)
    }

    /// 200 with the thing and its tag, or 304 when the caller has it.
    pub fn respond(&self, tag: String, corps: &impl Serialize) -> Reponse {
        etag::respond(&self.headers, tag, corps)
    }
}

/// An id from the address. A malformed one is like one that does not exist.
pub fn id<T: FromStr>(text: &str) -> Result<T, Probleme> {
    text.parse().map_err(|_| Probleme::introuvable())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    const MAGASIN: &str = "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn read(claims: &[(&str, &str)]) -> Result<Appelant, u16> {
        let claims = claims.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Appelant::from_claims(&claims, now(), SignedDuration::from_hours(12)).map_err(|p| p.into_response().status().as_u16())
    }

    fn now() -> Timestamp {
        "2026-11-21T20:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_token_names_the_shop_and_the_role() {
        let appelant = read(&[("sub", "u1"), ("custom:magasin", MAGASIN), ("custom:role", "OPTICIEN")]).unwrap();
        assert_eq!((appelant.magasin.as_str(), appelant.role, appelant.utilisateur.as_str()), (MAGASIN, Role::Opticien, "u1"));
    }

    #[test]
    fn a_token_without_what_it_needs_is_nobodys() {
        assert_eq!(read(&[]), Err(401));
        assert_eq!(read(&[("sub", "u1"), ("custom:magasin", MAGASIN)]), Err(403));
        assert_eq!(read(&[("sub", "u1"), ("custom:magasin", MAGASIN), ("custom:role", "opticien")]), Err(403));
        assert_eq!(read(&[("sub", "u1"), ("custom:role", "GERANT")]), Err(403));
        assert_eq!(read(&[("sub", "u1"), ("custom:magasin", "mag_1"), ("custom:role", "GERANT")]), Err(403));
        assert_eq!(read(&[("sub", "u1"), ("custom:magasin", no_shop().as_str()), ("custom:role", "GERANT")]), Err(403));
    }

    #[test]
    fn a_session_ends_twelve_hours_after_signing_in() {
        let at = |instant: &str| in_session(instant, now(), SignedDuration::from_hours(12)).map_err(|p| p.into_response().status().as_u16());
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second().to_string();
        for (signed_in, expected) in [
            ("2026-11-21T20:00:00Z", Ok(())),
            ("2026-11-21T08:00:01Z", Ok(())),
            ("2026-11-21T08:00:00Z", Err(401)),
            ("1970-01-01T00:00:00Z", Err(401)),
            ("2026-11-21T20:01:00Z", Ok(())),
            ("2026-11-21T20:01:01Z", Err(401)),
        ] {
            assert_eq!(at(&second(signed_in)), expected, "{signed_in}");
        }
        for unreadable in ["", "hier", "1795291200.5", "2026-11-21T20:00:00Z", "99999999999999999", "null"] {
            assert_eq!(at(unreadable), Err(401), "{unreadable}");
        }
        let claims = [("sub", "u1"), ("custom:magasin", MAGASIN), ("custom:role", "OPTICIEN"), ("auth_time", "0")];
        assert_eq!(read(&claims), Err(401));
        assert!(read(&claims[..3]).is_ok(), "a token of a program has no such claim");
    }

    #[test]
    fn an_operator_needs_no_shop() {
        assert_eq!(read(&[("sub", "op"), ("custom:role", "OPERATEUR")]).map(|a| a.magasin), Ok(no_shop()));
    }
}
