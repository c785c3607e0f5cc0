//! `Idempotency-Key`: the same request has its effect once.
//!
//! What must hold: a key belongs to one shop and one request, told by the fingerprint of its method, address and body; only a write that
//! took effect is remembered, in the transaction of the effect itself wherever the store can; so there is no state « still running » that
//! a crash could leave behind: of two at once one wins, and the other is given the winner's answer.
//! Rule: the HTTP contract, and draft-ietf-httpapi-idempotency-key-header.

use crate::{probleme::Probleme, reponse::Reponse};
use axum::http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp};
use optopec_domain::{
    empreinte::hex,
    limites::{CLE_IDEMPOTENCE_CARACTERES_MAX, CLE_IDEMPOTENCE_HEURES},
};
use optopec_store::{Idempotence, StoreError};
use sha2::{Digest, Sha256};

/// A key: 1 to 64 printable characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleIdempotence(String);

impl CleIdempotence {
    /// The key of a request; 400 when it is none.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Probleme> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| Probleme::cle_idempotence_invalide())?;
        let printable = text.chars().all(|c| !c.is_control());
        if printable && (1..=CLE_IDEMPOTENCE_CARACTERES_MAX).contains(&text.chars().count()) {
            Ok(Some(Self(text.to_owned())))
        } else {
            Err(Probleme::cle_idempotence_invalide())
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key and the request that it was first seen with.
#[derive(Debug, Clone)]
pub struct Cle {
    cle: CleIdempotence,
    empreinte: String,
}

impl Cle {
    /// What is remembered of an answer.
    pub fn record(&self, reponse: &Reponse, now: Timestamp) -> Idempotence {
        let expire_le = now.checked_add(SignedDuration::from_hours(CLE_IDEMPOTENCE_HEURES)).unwrap_or(Timestamp::MAX);
        reponse.remembered(&self.cle.0, &self.empreinte, expire_le)
    }
}

/// What a handler needs to have its effect once. Empty for a request without a key.
#[derive(Debug, Clone)]
pub struct Idem(Option<Cle>);

impl Idem {
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    pub(crate) fn new(cle: CleIdempotence, methode: &Method, adresse: &str, corps: &[u8]) -> Self {
        let mut hash = Sha256::new();
        for part in [methode.as_str().as_bytes(), adresse.as_bytes()] {
            hash.update(part);
            hash.update([0]);
        }
        hash.update(corps);
        Self(Some(Cle { cle, empreinte: hex(&hash.finalize()) }))
    }

    /// The key of a route that cannot do without: 400 otherwise.
    pub fn required(&self) -> Result<&Cle, Probleme> {
        self.0.as_ref().ok_or_else(Probleme::cle_idempotence_requise)
    }

    /// What to remember of an answer; nothing for a request without a key.
    pub fn record(&self, reponse: &Reponse, now: Timestamp) -> Option<Idempotence> {
        self.0.as_ref().filter(|_| reponse.is_whole()).map(|cle| cle.record(reponse, now))
    }

    /// A record that was found under the key: the same request gets its answer again.
    pub(crate) fn known(&self, record: Idempotence) -> Probleme {
        match &self.0 {
            Some(cle) if cle.empreinte == record.empreinte => Probleme::Rejouer(Box::new(record)),
            Some(_) | None => Probleme::cle_reutilisee(),
        }
    }

    /// The problem of a failed write: one whose key was faster gets the winner's answer.
    pub fn refuse(&self, error: StoreError) -> Probleme {
        match error {
            StoreError::Deja(record) => self.known(*record),
            other => other.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use serde_json::json;

    fn key(value: &[u8]) -> Result<Option<CleIdempotence>, Probleme> {
        let mut headers = HeaderMap::new();
        headers.insert("idempotency-key", axum::http::HeaderValue::from_bytes(value).unwrap());
        CleIdempotence::of(&headers)
    }

    fn idem(methode: Method, adresse: &str, corps: &str) -> Idem {
        Idem::new(CleIdempotence("k".into()), &methode, adresse, corps.as_bytes())
    }

    #[test]
    fn a_key_is_one_to_sixty_four_printable_characters() {
        for good in ["a".to_owned(), "é".repeat(64), "a b-c:1".to_owned(), "x".repeat(64)] {
            assert_eq!(key(good.as_bytes()).unwrap(), Some(CleIdempotence(good)));
        }
        for bad in [b"".to_vec(), "x".repeat(65).into_bytes(), b"a\tb".to_vec(), b"\xff".to_vec()] {
            assert!(key(&bad).is_err(), "{bad:?}");
        }
        assert_eq!(CleIdempotence::of(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn the_fingerprint_is_of_method_address_and_body() {
        // SHA-256 of `POST`, NUL, `/v1/a`, NUL, `{}` (sha256sum).
        assert_eq!(idem(Method::POST, "/v1/a", "{}").required().unwrap().empreinte, "bd9fcf139b5da891f36a734bebc5eddd3e7fd98151dda4f0c3b9a2c9c310d73b");
    }

    #[test]
    fn the_same_request_gets_the_same_answer_and_another_is_refused() {
        let first = idem(Method::POST, "/v1/a", "{}");
        let answer = Reponse::created(&json!({"id": "dos_1"})).location("/v1/dossiers/dos_1".into()).etag("\"1-aa\"".into());
        let record = first.record(&answer, Timestamp::UNIX_EPOCH).unwrap();
        assert!(record.expire_le >= Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24));
        let again = first.known(record.clone()).into_response();
        assert_eq!(again.status(), 201);
        for (name, value) in [("location", "/v1/dossiers/dos_1"), ("etag", "\"1-aa\""), ("content-type", "application/json")] {
            assert_eq!(again.headers()[name], value);
        }
        for other in
            [idem(Method::POST, "/v1/a", "{} "), idem(Method::POST, "/v1/b", "{}"), idem(Method::PUT, "/v1/a", "{}"), idem(Method::POST, "/v1/a?x=1", "{}")]
        {
            assert_eq!(other.known(record.clone()).into_response().status(), 422);
        }
        assert_eq!(first.refuse(StoreError::Deja(Box::new(record))).into_response().status(), 201);
        assert_eq!(first.refuse(StoreError::Busy).into_response().status(), 503);
    }

    #[test]
    fn a_request_without_a_key_is_not_remembered() {
        assert!(Idem::none().record(&Reponse::no_content(), Timestamp::UNIX_EPOCH).is_none());
        assert_eq!(Idem::none().required().err().map(|p| p.into_response().status().as_u16()), Some(400));
    }
}
