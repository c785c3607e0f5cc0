//! The local identity provider: issues and checks tokens as Cognito and API Gateway's JWT authorizer would.
//!
//! In AWS no code of ours signs or checks a token: Cognito issues it and the gateway refuses a bad one before a Lambda
//! runs. This module stands for both, so that handlers only ever see claims that were checked.
//!
//! What must hold: one algorithm, RS256, the only family an API Gateway authorizer accepts, whatever the token's header
//! asks for; the key is named by `kid`; issuer and audience are ours; the times are compared with the *virtual* clock,
//! never the machine's.
//!
//! Deliberately absent: passwords, and whatever happens between a page and a token, which is [`crate::oidc`]. The private
//! key never leaves this machine and opens nothing outside it.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use base64::Engine as _;
use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use optopec_domain::limites::SESSION_JETON_MINUTES;
use serde_json::{Map, Value, json};

/// Name of the file that keeps the private key, in the data folder.
pub const KEY_FILE: &str = "cle-jetons.pem";
/// The `iss` of every token that no page gave.
pub const ISSUER: &str = "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_local";
/// Where the sign-in page is, behind the origin of the front door: the two together are the `iss` of its tokens.
pub const PAGE: &str = "/local/oidc";
/// The `aud` of every token: the client id of the web application.
pub const AUDIENCE: &str = "optopec-web";
/// How long a token is valid: 30 days of the system's clock.
pub const TOKEN_LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;

const ALGORITHM: Algorithm = Algorithm::RS256;

/// Whom a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person, `sub`.
    pub sub: String,
    /// The shop, `custom:magasin`.
    pub magasin: String,
    /// What the person may do there, `custom:role`.
    pub role: String,
}

impl Identity {
    fn claims(&self, now: Timestamp, lifetime_seconds: i64) -> Value {
        let issued = now.as_second();
        json!({
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": issued,
            "exp": issued.saturating_add(lifetime_seconds),
            "sub": self.sub,
            "token_use": "id",
            "custom:magasin": self.magasin,
            "custom:role": self.role,
        })
    }
}

/// How a person signed in at the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connexion {
    /// The `iss` of her tokens: the page's address as she knows it.
    pub autorite: String,
    /// When, `auth_time`.
    pub le: Timestamp,
    /// What all tokens of one sign-in have in common, `origin_jti` as at Cognito.
    pub id: String,
}

/// Whether a `host[:port]` can only be this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Whether we are who issued: the page is the same one under each name of this machine.
fn is_ours(issuer: &str) -> bool {
    let page = || issuer.strip_prefix("http://")?.strip_suffix(PAGE).map(is_loopback);
    issuer == ISSUER || page() == Some(true)
}

/// Why a token is refused. The caller of the gateway gets a 401 in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not three parts of JSON and a signature, or a required claim is missing or of another type.
    #[error("the token is malformed")]
    Malformed,
    /// Another algorithm, another key, or content that was changed after signing.
    #[error("the token is not signed by a known key")]
    Untrusted,
    /// Issued by somebody else.
    #[error("the token does not have a valid issuer")]
    WrongIssuer,
    /// Issued for somebody else.
    #[error("the token does not have a valid audience")]
    WrongAudience,
    /// `exp` is reached.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

/// The issuer and its one key.
#[derive(Clone)]
pub struct Issuer {
    private: EncodingKey,
    public: DecodingKey,
    jwk: Jwk,
    kid: String,
    validation: Validation,
}

impl Issuer {
    /// An issuer whose key lives as long as the process, and is the same for all of its systems: making an RSA key takes
    /// longer than most tests.
    ///
    /// # Errors
    /// No key could be generated.
    pub fn memory() -> io::Result<Self> {
        static SHARED: OnceLock<Issuer> = OnceLock::new();
        if let Some(issuer) = SHARED.get() {
            return Ok(issuer.clone());
        }
        let issuer = Self::from_pem(&generate()?)?;
        Ok(SHARED.get_or_init(|| issuer).clone())
    }

    /// The issuer of a data folder. The key is made at the first start, readable by its owner only.
    ///
    /// # Errors
    /// The folder cannot be used, or its key is not an RSA key. A bad key is not replaced: every token out there
    /// depends on it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let file = folder.join(KEY_FILE);
        match std::fs::read_to_string(&file) {
            Ok(pem) => Self::from_pem(&pem),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let pem = generate()?;
                crate::clock::replace_file(&file, pem.as_bytes())?;
                Self::from_pem(&pem)
            }
            Err(error) => Err(error),
        }
    }

    fn from_pem(pem: &str) -> io::Result<Self> {
        let read = || {
            let private = EncodingKey::from_rsa_pem(pem.as_bytes())?;
            let public = Jwk::from_encoding_key(&private, ALGORITHM)?;
            // The RFC 7638 thumbprint: another key cannot carry this name by accident.
            let kid = public.thumbprint(ThumbprintHash::SHA256)?;
            Ok(Self { public: DecodingKey::from_jwk(&public)?, jwk: public, private, kid, validation: validation() })
        };
        read()
            .map_err(|error: jsonwebtoken::errors::Error| io::Error::new(io::ErrorKind::InvalidData, format!("{KEY_FILE} is not an RSA private key: {error}")))
    }

    /// A token for this person, valid from `now` for [`TOKEN_LIFETIME_SECONDS`].
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(&self, identity: &Identity, now: Timestamp) -> jsonwebtoken::errors::Result<String> {
        self.seal(&identity.claims(now, TOKEN_LIFETIME_SECONDS))
    }

    /// A token as a sign-in page gets it: it says when the person signed in (`auth_time`) and is valid for [`SESSION_JETON_MINUTES`].
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign_session(&self, identity: &Identity, now: Timestamp) -> jsonwebtoken::errors::Result<String> {
        let mut claims = identity.claims(now, i64::from(SESSION_JETON_MINUTES) * 60);
        claims["auth_time"] = now.as_second().into();
        self.seal(&claims)
    }

    /// The same for somebody who signed in at the page; her client knows by the `nonce` that it asked for this token itself.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign_in(&self, identity: &Identity, connexion: &Connexion, nonce: Option<&str>, now: Timestamp) -> jsonwebtoken::errors::Result<String> {
        let mut claims = identity.claims(now, i64::from(SESSION_JETON_MINUTES) * 60);
        claims["iss"] = connexion.autorite.as_str().into();
        claims["auth_time"] = connexion.le.as_second().into();
        claims["origin_jti"] = connexion.id.as_str().into();
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        self.seal(&claims)
    }

    /// The key that everybody may know, as a set (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> Value {
        let mut key = serde_json::to_value(&self.jwk).unwrap_or_default();
        key["kid"] = self.kid.as_str().into();
        key["use"] = "sig".into();
        key["alg"] = "RS256".into();
        json!({"keys": [key]})
    }

    fn seal(&self, claims: &Value) -> jsonwebtoken::errors::Result<String> {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(ALGORITHM) };
        jsonwebtoken::encode(&header, claims, &self.private)
    }

    /// The claims of a token that the gateway would let in at `now`.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies: form, key and signature before content.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Map<String, Value>, Refusal> {
        let claims = self.issued(token)?;
        let now = now.as_second();
        if seconds(&claims, "exp")?.ok_or(Refusal::Malformed)? <= now {
            return Err(Refusal::Expired);
        }
        for begins in ["nbf", "iat"] {
            if seconds(&claims, begins)?.is_some_and(|begin| begin > now) {
                return Err(Refusal::NotYetValid);
            }
        }
        Ok(claims)
    }

    /// The claims of a token of ours, whether or not it still opens anything.
    ///
    /// # Errors
    /// As [`Issuer::verify`], but for the times.
    pub fn issued(&self, token: &str) -> Result<Map<String, Value>, Refusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Malformed)?;
        if header.kid.as_ref() != Some(&self.kid) {
            return Err(Refusal::Untrusted);
        }
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &self.public, &self.validation).map_err(|error| refusal(error.kind()))?.claims;
        match claims.get("iss").and_then(Value::as_str).is_some_and(is_ours) {
            true => Ok(claims),
            false => Err(Refusal::WrongIssuer),
        }
    }
}

fn validation() -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_audience(&[AUDIENCE]);
    validation.required_spec_claims = HashSet::from(["aud"].map(String::from));
    // The library compares with the machine's clock; `verify` compares with ours.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

fn refusal(kind: &ErrorKind) -> Refusal {
    match kind {
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => Refusal::Untrusted,
        ErrorKind::InvalidAudience => Refusal::WrongAudience,
        ErrorKind::MissingRequiredClaim(claim) if claim == "aud" => Refusal::WrongAudience,
        _ => Refusal::Malformed,
    }
}

fn seconds(claims: &Map<String, Value>, claim: &str) -> Result<Option<i64>, Refusal> {
    claims.get(claim).map(|value| value.as_i64().ok_or(Refusal::Malformed)).transpose()
}

fn generate() -> io::Result<String> {
    let unspecified = |_| io::Error::other("no RSA key could be generated");
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).map_err(unspecified)?;
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().map_err(unspecified)?;
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn now() -> Timestamp {
        "2031-05-04T10:00:00Z".parse().unwrap()
    }

    fn identity() -> Identity {
        Identity { sub: "usr_1".into(), magasin: "mag_demo".into(), role: "OPTICIEN".into() }
    }

    fn claims(change: impl FnOnce(&mut Value)) -> Value {
        let begin = now().as_second();
        let mut claims = json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "usr_1", "iat": begin, "exp": begin + 60});
        change(&mut claims);
        claims
    }

    #[test]
    fn a_token_carries_the_person_for_thirty_days_of_the_virtual_clock() {
        let issuer = Issuer::memory().unwrap();
        let token = issuer.sign(&identity(), now()).unwrap();
        let read = issuer.verify(&token, now()).unwrap();
        assert_eq!(read["sub"], "usr_1");
        assert_eq!(read["custom:magasin"], "mag_demo");
        assert_eq!(read["custom:role"], "OPTICIEN");
        assert_eq!(read["iat"], now().as_second());

        let at = |seconds: i64| Timestamp::from_second(now().as_second() + seconds).unwrap();
        assert!(issuer.verify(&token, at(TOKEN_LIFETIME_SECONDS - 1)).is_ok());
        assert_eq!(issuer.verify(&token, at(TOKEN_LIFETIME_SECONDS)), Err(Refusal::Expired));
        assert_eq!(issuer.verify(&token, at(-1)), Err(Refusal::NotYetValid));
    }

    #[test]
    fn a_token_of_a_session_is_short_and_says_when_she_signed_in() {
        let issuer = Issuer::memory().unwrap();
        let read = |token: jsonwebtoken::errors::Result<String>| issuer.verify(&token.unwrap(), now()).unwrap();
        let session = read(issuer.sign_session(&identity(), now()));
        assert_eq!((session["auth_time"].as_i64(), session["exp"].as_i64()), (Some(now().as_second()), Some(now().as_second() + 3_600)));
        assert_eq!(read(issuer.sign(&identity(), now())).get("auth_time"), None);
    }

    #[test]
    fn the_page_issues_under_the_names_of_this_machine_only() {
        let issuer = Issuer::memory().unwrap();
        let from = |autorite: &str| {
            let connexion = Connexion { autorite: autorite.into(), le: now(), id: "1".into() };
            issuer.verify(&issuer.sign_in(&identity(), &connexion, Some("n"), now()).unwrap(), now())
        };
        for ours in ["http://127.0.0.1:3000/local/oidc", "http://localhost:5173/local/oidc", "http://localhost/local/oidc", "http://[::1]:3000/local/oidc"] {
            let claims = from(ours).unwrap();
            assert_eq!((claims["iss"].as_str(), claims["nonce"].as_str(), claims["auth_time"].as_i64()), (Some(ours), Some("n"), Some(now().as_second())));
        }
        for another in [
            "https://127.0.0.1:3000/local/oidc",
            "http://autre.example/local/oidc",
            "http://127.0.0.1.autre.example/local/oidc",
            "http://localhost:3000@autre.example/local/oidc",
            "http://localhost:99999/local/oidc",
            "http://localhost:/local/oidc",
            "http://127.0.0.1:3000/local/oidc/",
            "http://127.0.0.1:3000",
            "",
        ] {
            assert_eq!(from(another), Err(Refusal::WrongIssuer), "{another}");
        }
    }

    #[test]
    fn refuses_what_the_gateway_refuses() {
        let issuer = Issuer::memory().unwrap();
        let check = |change: fn(&mut Value), expected: Option<Refusal>| {
            let token = issuer.seal(&claims(change)).unwrap();
            assert_eq!(issuer.verify(&token, now()).err(), expected, "{}", claims(change));
        };
        check(|_| {}, None);
        check(|c| c["aud"] = json!([AUDIENCE, "another"]), None);
        check(|c| c["aud"] = json!("another"), Some(Refusal::WrongAudience));
        check(|c| drop(c.as_object_mut().unwrap().remove("aud")), Some(Refusal::WrongAudience));
        check(|c| c["iss"] = json!("https://another"), Some(Refusal::WrongIssuer));
        check(|c| drop(c.as_object_mut().unwrap().remove("iss")), Some(Refusal::WrongIssuer));
        check(|c| c["exp"] = json!(now().as_second()), Some(Refusal::Expired));
        check(|c| c["exp"] = json!("2040-01-01"), Some(Refusal::Malformed));
        check(|c| drop(c.as_object_mut().unwrap().remove("exp")), Some(Refusal::Malformed));
        check(|c| c["nbf"] = json!(now().as_second() + 1), Some(Refusal::NotYetValid));
        check(|c| c["iat"] = json!(now().as_second() + 1), Some(Refusal::NotYetValid));
    }

    #[test]
    fn refuses_another_key_and_another_algorithm() {
        let (issuer, stranger) = (Issuer::memory().unwrap(), Issuer::from_pem(&generate().unwrap()).unwrap());
        let refused = |token: &str| issuer.verify(token, now()).unwrap_err();
        let token = issuer.sign(&identity(), now()).unwrap();

        assert_eq!(refused(&stranger.sign(&identity(), now()).unwrap()), Refusal::Untrusted);
        // The stranger's key under our key's name.
        let header = Header { kid: Some(issuer.kid.clone()), ..Header::new(ALGORITHM) };
        let forged = jsonwebtoken::encode(&header, &claims(|_| {}), &stranger.private).unwrap();
        assert_eq!(refused(&forged), Refusal::Untrusted);
        // Our public key used as a shared secret.
        let header = Header { kid: Some(issuer.kid.clone()), ..Header::new(Algorithm::HS256) };
        let confused = EncodingKey::from_secret(issuer.kid.as_bytes());
        assert_eq!(refused(&jsonwebtoken::encode(&header, &claims(|_| {}), &confused).unwrap()), Refusal::Untrusted);
        // The right key, another algorithm of the same family.
        let header = Header { kid: Some(issuer.kid.clone()), ..Header::new(Algorithm::RS512) };
        assert_eq!(refused(&jsonwebtoken::encode(&header, &claims(|_| {}), &issuer.private).unwrap()), Refusal::Untrusted);
        // No key name.
        assert_eq!(refused(&jsonwebtoken::encode(&Header::new(ALGORITHM), &claims(|_| {}), &issuer.private).unwrap()), Refusal::Untrusted);

        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        for none in ["none", "None", "NONE"] {
            let header = part(&json!({"alg": none, "typ": "JWT", "kid": issuer.kid}));
            assert_eq!(refused(&format!("{header}.{}.", part(&claims(|_| {})))), Refusal::Malformed);
        }
        // Content changed after signing.
        let mut parts: Vec<&str> = token.split('.').collect();
        let changed = part(&claims(|c| c["custom:magasin"] = json!("mag_autre")));
        parts[1] = &changed;
        assert_eq!(refused(&parts.join(".")), Refusal::Untrusted);
        for broken in ["", ".", "..", "a.b.c", "é.é.é", &token[..token.len() / 2]] {
            assert_eq!(refused(broken), Refusal::Malformed, "{broken:?}");
        }
    }

    #[test]
    fn the_key_of_a_folder_stays_and_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("optopec-jetons-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let token = Issuer::open(&folder).unwrap().sign(&identity(), now()).unwrap();
        assert!(Issuer::open(&folder).unwrap().verify(&token, now()).is_ok());
        let file = folder.join(KEY_FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&file, "not a key").unwrap();
        assert_eq!(Issuer::open(&folder).err().unwrap().kind(), io::ErrorKind::InvalidData);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
