//! One call, one answer, and what is known afterwards.
//!
//! What must hold: *not received* is said only where no byte of the request can have left (no connection was made) or where the
//! concentrator itself says that it did not take it; everything later is *unknown*. The client never repeats by itself: no idle
//! connection, no retry, no redirect, no proxy from the environment. Causes are French, without personal data, address or secret.
//! Deliberately absent: any second try.
//! Where it comes from: docs/concentrateur.md, « Transport ».

#[cfg(test)]
mod tests;

use crate::dialecte::{Dialecte, Illisible};
use jiff::Timestamp;
use optopec_domain::{
    envoi::Envoi,
    ids::DemandeId,
    limites,
    reponse::{Avis, Issue, Reponse},
};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH},
};
use std::{fmt, net::IpAddr, time::Duration};

/// How long each part of a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delais {
    /// Connection, TLS included.
    pub connexion: Duration,
    /// The whole answer, from the first byte sent to the last one read.
    pub reponse: Duration,
    /// The same for the convention list.
    pub conventions: Duration,
}

impl Default for Delais {
    fn default() -> Self {
        Self { connexion: Duration::from_secs(3), reponse: Duration::from_secs(60), conventions: Duration::from_secs(20) }
    }
}

/// What a deployment says about its concentrator; never a user.
pub struct Reglages {
    /// Base address, e.g. `https://concentrateur.example/v1`.
    pub url: String,
    /// Bearer secret.
    pub jeton: String,
    /// How it writes and reads.
    pub dialecte: Dialecte,
    /// Version of this program, told in every request.
    pub version: String,
    /// How long a call may take.
    pub delais: Delais,
}

/// A setting that cannot be used: whoever deploys must mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReglageInvalide(&'static str);

/// The convention list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conventions {
    /// The list that the caller already has.
    NotModified,
    /// A list.
    List {
        /// Its entity tag, to be given at the next call.
        etag: Option<String>,
        /// Its bytes.
        csv: Vec<u8>,
    },
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recu<R> {
    /// What is known after it.
    pub issue: Issue<R>,
    /// The body of the answer, whether it could be read or not; nothing where none came.
    pub corps: Vec<u8>,
}

/// Why there is no convention list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConventionsErreur {
    /// No answer, or not now: later.
    #[error("{0}")]
    Injoignable(String),
    /// The secret is not accepted, or the answer is no list: whoever deploys must look.
    #[error("{0}")]
    Inutilisable(String),
}

/// One concentrator, spoken to through one HTTP client. Made once per process; clones share the client.
#[derive(Clone)]
pub struct Concentrateur {
    client: Client,
    base: String,
    autorisation: HeaderValue,
    dialecte: Dialecte,
    version: String,
    delais: Delais,
}

/// The address may hold a secret in its path, and the header does.
impl fmt::Debug for Concentrateur {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concentrateur").field("dialecte", &self.dialecte).finish_non_exhaustive()
    }
}

/// A call without an answer that could be read.
enum Echec {
    NonRecu(String),
    SansReponse(String),
}

impl Concentrateur {
    /// Checks the settings; calls nobody.
    pub fn new(reglages: &Reglages) -> Result<Self, ReglageInvalide> {
        let mut autorisation = match reglages.jeton.trim() {
            "" => return Err(ReglageInvalide("Le secret du concentrateur est vide.")),
            jeton => {
                HeaderValue::from_str(&format!("Bearer {jeton}")).map_err(|_| ReglageInvalide("Le secret du concentrateur contient un caractère interdit."))?
            }
        };
        autorisation.set_sensitive(true);
        let client = Client::builder()
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(reglages.delais.connexion)
            .build()
            .map_err(|_| ReglageInvalide("Le client HTTP ne démarre pas : les certificats racine de la machine manquent peut-être."))?;
        Ok(Self { client, base: base(&reglages.url)?, autorisation, dialecte: reglages.dialecte, version: reglages.version.clone(), delais: reglages.delais })
    }

    /// Asks for a PEC or a cotation. The caller must have written down before that it is about to.
    pub async fn request(&self, reference: &DemandeId, envoi: &Envoi, emission: Timestamp) -> Recu<Reponse> {
        let message = self.dialecte.build_request(reference, envoi, emission, &self.version);
        understand(self.post(message).await, |bytes| self.dialecte.read_answer(bytes, reference))
    }

    /// Asks what became of a demande.
    pub async fn state(&self, reference: &DemandeId) -> Recu<Reponse> {
        let message = self.dialecte.build_state(reference);
        understand(self.post(message).await, |bytes| self.dialecte.read_answer(bytes, reference))
    }

    /// Cancels a demande.
    pub async fn cancel(&self, reference: &DemandeId, numero_pec: Option<&str>, motif: &str) -> Recu<Avis> {
        let message = self.dialecte.build_cancel(reference, numero_pec, motif);
        understand(self.post(message).await, |bytes| self.dialecte.read_ack(bytes, reference))
    }

    /// The convention list, unless it still is the one that the caller has.
    pub async fn conventions(&self, etag: Option<&str>) -> Result<Conventions, ConventionsErreur> {
        let mut request = self.client.get(format!("{}/conventions", self.base)).timeout(self.delais.conventions);
        let etag = etag.and_then(|etag| HeaderValue::from_str(etag).ok());
        if let Some(etag) = &etag {
            request = request.header(IF_NONE_MATCH, etag.clone());
        }
        let response = self.send(request).await.map_err(|echec| match echec {
            Echec::NonRecu(cause) | Echec::SansReponse(cause) => ConventionsErreur::Injoignable(cause),
        })?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Conventions::NotModified),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => return Err(ConventionsErreur::Inutilisable(denied(status))),
            status => return Err(ConventionsErreur::Injoignable(failed(status))),
        }
        let etag = response.headers().get(ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
        match read(response, limites::CONVENTIONS_OCTETS_MAX).await {
            Ok(csv) => Ok(Conventions::List { etag, csv }),
            Err(Lecture::TropLongue) => Err(ConventionsErreur::Inutilisable("La liste des conventions du concentrateur est trop longue.".into())),
            Err(Lecture::Coupee(cause)) => Err(ConventionsErreur::Injoignable(cause)),
        }
    }

    async fn post(&self, message: String) -> Result<Vec<u8>, Echec> {
        let request =
            self.client.post(format!("{}/opamc", self.base)).header(CONTENT_TYPE, "application/xml; charset=utf-8").body(message).timeout(self.delais.reponse);
        let response = self.send(request).await?;
        match response.status() {
            StatusCode::OK => {}
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => return Err(Echec::NonRecu(denied(status))),
            status @ StatusCode::TOO_MANY_REQUESTS => {
                return Err(Echec::NonRecu(format!("Le concentrateur reçoit trop de demandes en ce moment (HTTP {}).", status.as_u16())));
            }
            status => return Err(Echec::SansReponse(failed(status))),
        }
        read(response, limites::REPONSE_OCTETS_MAX).await.map_err(|lecture| match lecture {
            Lecture::TropLongue => Echec::SansReponse("La réponse du concentrateur est trop longue.".into()),
            Lecture::Coupee(cause) => Echec::SansReponse(cause),
        })
    }

    /// Until the head of the answer.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Echec> {
        request.header(AUTHORIZATION, self.autorisation.clone()).send().await.map_err(|error| {
            let echec = classify(&error);
            tracing::warn!(error = ?error.without_url(), "the concentrator did not answer");
            echec
        })
    }
}

/// A connection error is the only one from before the first byte: the client opens a new connection for each call, and writes
/// nothing before it stands, TLS included.
fn classify(error: &reqwest::Error) -> Echec {
    match (error.is_connect(), error.is_timeout()) {
        (true, _) if error.is_dns() => Echec::NonRecu("L'adresse du concentrateur est introuvable.".into()),
        (true, true) => Echec::NonRecu("Le concentrateur n'a pas ouvert la connexion à temps.".into()),
        (true, false) => Echec::NonRecu("La connexion au concentrateur n'a pas pu être ouverte.".into()),
        (false, _) => Echec::SansReponse(silence(error)),
    }
}

fn silence(error: &reqwest::Error) -> String {
    let words = if error.is_timeout() {
        "Le concentrateur n'a pas répondu à temps."
    } else {
        "La connexion au concentrateur a été coupée avant la fin de la réponse."
    };
    words.into()
}

fn denied(status: StatusCode) -> String {
    format!("Le concentrateur n'accepte pas l'accès de ce logiciel (HTTP {}).", status.as_u16())
}

fn failed(status: StatusCode) -> String {
    format!("Le concentrateur a répondu par une erreur (HTTP {}).", status.as_u16())
}

fn understand<R>(call: Result<Vec<u8>, Echec>, read: impl FnOnce(&[u8]) -> Result<R, Illisible>) -> Recu<R> {
    let nothing = |issue| Recu { issue, corps: Vec::new() };
    match call {
        Ok(corps) => {
            let issue = match read(&corps) {
                Ok(answer) => Issue::Repondu(answer),
                Err(illisible) => Issue::SansReponse { cause: format!("La réponse du concentrateur est illisible : {illisible}.") },
            };
            Recu { issue, corps }
        }
        Err(Echec::NonRecu(cause)) => nothing(Issue::NonRecu { cause }),
        Err(Echec::SansReponse(cause)) => nothing(Issue::SansReponse { cause }),
    }
}

enum Lecture {
    TropLongue,
    Coupee(String),
}

/// The body, given up as soon as it is longer than allowed, whatever its announced length.
async fn read(mut response: Response, max: usize) -> Result<Vec<u8>, Lecture> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > max => return Err(Lecture::TropLongue),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(Lecture::Coupee(silence(&error))),
        }
    }
}

/// The base address without a slash at its end: TLS everywhere but on this machine.
fn base(url: &str) -> Result<String, ReglageInvalide> {
    let parsed = Url::parse(url.trim()).map_err(|_| ReglageInvalide("L'adresse du concentrateur n'est pas une URL."))?;
    let host = parsed.host_str().unwrap_or_default();
    let loopback = host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match parsed.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(ReglageInvalide("L'adresse du concentrateur doit commencer par https (http n'est admis que sur cette machine).")),
        _ => return Err(ReglageInvalide("L'adresse du concentrateur doit commencer par https.")),
    }
    if !parsed.username().is_empty() || parsed.password().is_some() || parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(ReglageInvalide("L'adresse du concentrateur ne porte ni identifiants, ni paramètres."));
    }
    Ok(parsed.as_str().trim_end_matches('/').to_owned())
}
