//! Answers that are no problem. The only place of our API's success status codes, beside [`crate::probleme`].
//!
//! What must hold: what is answered and what an `Idempotency-Key` remembers are the same value, so a repeated request gets the same
//! status, body and headers.

use crate::probleme::{Probleme, Refus};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use optopec_store::{Idempotence, Objet};
use serde::Serialize;
use std::sync::Arc;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reponse {
    statut: StatusCode,
    corps: Vec<u8>,
    entetes: Vec<(HeaderName, String)>,
    /// The client or dossier that it shows.
    objet: Option<String>,
    /// A body that could not be written: the answer is our failure, and nothing remembers it.
    echec: Option<Arc<Refus>>,
}

impl Reponse {
    fn json(statut: StatusCode, corps: &impl Serialize) -> Self {
        match serde_json::to_vec(corps) {
            Ok(corps) => Self { statut, corps, entetes: vec![(header::CONTENT_TYPE, "application/json".to_owned())], objet: None, echec: None },
            Err(error) => {
                let echec = match Probleme::interne(error) {
                    Probleme::Refus(refus) => Some(Arc::from(refus)),
                    Probleme::Rejouer(_) => None,
                };
                Self { statut: StatusCode::INTERNAL_SERVER_ERROR, corps: Vec::new(), entetes: Vec::new(), objet: None, echec }
            }
        }
    }

    /// 200 with a body.
    pub fn ok(corps: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, corps)
    }

    /// 201 with the new thing.
    pub fn created(corps: &impl Serialize) -> Self {
        Self::json(StatusCode::CREATED, corps)
    }

    /// 202 with the thing that will change.
    pub fn accepted(corps: &impl Serialize) -> Self {
        Self::json(StatusCode::ACCEPTED, corps)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { statut: StatusCode::NO_CONTENT, corps: Vec::new(), entetes: Vec::new(), objet: None, echec: None }
    }

    /// 304: what the caller has is still right.
    pub fn not_modified(etag: String) -> Self {
        Self { statut: StatusCode::NOT_MODIFIED, corps: Vec::new(), entetes: vec![(header::ETAG, etag)], objet: None, echec: None }
    }

    /// 200 with a CSV file under a name for saving. Without a BOM: programs stumble over one; who saves for a spreadsheet puts it before.
    pub fn csv(nom: &str, texte: String) -> Self {
        Self::file("text/csv; charset=utf-8", nom, texte.into_bytes())
    }

    /// 200 with a file of some type under a name for saving (plain ASCII, chosen by the program).
    pub fn file(content_type: &str, nom: &str, octets: Vec<u8>) -> Self {
        Self { statut: StatusCode::OK, corps: octets, entetes: vec![(header::CONTENT_TYPE, content_type.to_owned())], objet: None, echec: None }.saved_as(nom)
    }

    /// The same with the tag of its version.
    #[must_use]
    pub fn etag(self, etag: String) -> Self {
        self.header(header::ETAG, etag)
    }

    /// The same with the address of the new thing.
    #[must_use]
    pub fn location(self, adresse: String) -> Self {
        self.header(header::LOCATION, adresse)
    }

    /// The same under a name for saving (plain ASCII, chosen by the program).
    #[must_use]
    pub fn saved_as(self, nom: &str) -> Self {
        self.header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{nom}\""))
    }

    /// The same for whoever keeps it and asks each time whether it is still right: nothing in it is about a person.
    #[must_use]
    pub fn revalidated(self) -> Self {
        self.header(header::CACHE_CONTROL, "private, no-cache".to_owned())
    }

    /// The same, known to show a client or a dossier: it is not given again once that is gone.
    #[must_use]
    pub fn about(self, objet: &Objet) -> Self {
        Self { objet: Some(objet.to_string()), ..self }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, nom: HeaderName, valeur: String) -> Self {
        self.entetes.push((nom, valeur));
        self
    }

    /// Whether it tells the caller that what she has is still right.
    pub(crate) fn is_not_modified(&self) -> bool {
        self.statut == StatusCode::NOT_MODIFIED
    }

    /// Whether it is an answer at all, and not a failure to write one.
    pub(crate) const fn is_whole(&self) -> bool {
        self.echec.is_none()
    }

    /// What a key remembers of it. Routes that take a key answer text.
    pub(crate) fn remembered(&self, cle: &str, empreinte: &str, expire_le: Timestamp) -> Idempotence {
        Idempotence {
            cle: cle.to_owned(),
            empreinte: empreinte.to_owned(),
            statut: self.statut.as_u16(),
            corps: String::from_utf8_lossy(&self.corps).into_owned(),
            entetes: self.entetes.iter().map(|(nom, valeur)| (nom.as_str().to_owned(), valeur.clone())).collect(),
            objet: self.objet.clone(),
            clair: false,
            expire_le,
        }
    }

    /// The answer that a key remembers.
    pub(crate) fn again(record: &Idempotence) -> Self {
        let entetes = record.entetes.iter().filter_map(|(nom, valeur)| Some((HeaderName::try_from(nom.as_str()).ok()?, valeur.clone()))).collect();
        Self {
            statut: StatusCode::from_u16(record.statut).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            corps: record.corps.clone().into_bytes(),
            entetes,
            objet: record.objet.clone(),
            echec: None,
        }
    }
}

impl IntoResponse for Reponse {
    fn into_response(self) -> Response {
        if let Some(refus) = self.echec {
            return Probleme::Refus(Box::new(Refus::clone(&refus))).into_response();
        }
        let mut response = Response::new(Body::from(self.corps));
        *response.status_mut() = self.statut;
        for (nom, valeur) in self.entetes {
            // Tags, ids and types of ours are always visible ASCII; a header that is not would be left out, not sent broken.
            if let Ok(valeur) = HeaderValue::try_from(valeur) {
                response.headers_mut().insert(nom, valeur);
            }
        }
        response
    }
}
