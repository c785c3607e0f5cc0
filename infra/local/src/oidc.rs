//! The local sign-in page: OpenID Connect as Cognito does it in the cloud, without a password.
//!
//! The web client signs in here exactly as it does there: code flow with PKCE (RFC 6749, RFC 7636, RFC 9207, OpenID Connect Core and Discovery,
//! RP-Initiated Logout), refresh tokens that change with each use (RFC 9700), and tokens whose `auth_time` never moves.
//!
//! What must hold: a code is worth one exchange, for sixty seconds of the system's clock, by whoever made its challenge, for the address that it was
//! sent to; a code given twice ends what it began; nobody is sent to an address that is not the web client's on this machine; no session outlives
//! its hours by renewal; a request that names another host than this machine gets nothing, so that no page elsewhere can pass for ours.
//!
//! Deliberately absent: passwords, cookies (each visit chooses anew), consent, client secrets (the web client could keep none), and memory: after a
//! restart whoever is signed in signs in again.

use crate::{
    gateway::Gateway,
    issuer::{self, Connexion, Identity},
    kms, local_routes,
    page::{escape, harden, page},
    seed,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use optopec_domain::{limites::SESSION_JETON_MINUTES, role::Role};
use optopec_lambda::deps::Deps;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How long a code may wait for its exchange.
const CODE_SECONDS: i64 = 60;
/// No form of this page, nor an exchange, is longer.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// Where the web client takes the code, behind its origin.
const RETOUR: &str = "/connexion/retour";
/// Where Vite's development server gives the web client from.
const DEVELOPMENT: [&str; 2] = ["http://localhost:5173", "http://127.0.0.1:5173"];
/// What somebody may be in a shop, and how it is said.
const ROLES: [(Role, &str); 3] = [(Role::Gerant, "Gérant"), (Role::Opticien, "Opticien"), (Role::Lecture, "Lecture")];

/// The sign-in page and what it remembers.
#[derive(Clone)]
pub struct Oidc {
    gateway: Gateway,
    deps: Deps,
    session: SignedDuration,
    etat: Arc<Mutex<Etat>>,
}

#[derive(Default)]
struct Etat {
    codes: HashMap<String, Code>,
    /// By refresh token.
    sessions: HashMap<String, Session>,
}

#[derive(Clone)]
struct Session {
    identity: Identity,
    connexion: Connexion,
}

struct Code {
    session: Session,
    redirect_uri: String,
    nonce: Option<String>,
    challenge: String,
    expire: Timestamp,
    used: bool,
}

/// What the web client asks for.
#[derive(Debug, PartialEq, Eq)]
struct Demande {
    redirect_uri: String,
    state: Option<String>,
    nonce: Option<String>,
    challenge: String,
}

/// Why it does not get it.
#[derive(Debug, PartialEq, Eq)]
enum Refus {
    /// Said here: nobody knows where else.
    Ici(&'static str),
    /// Said to the client.
    Retour { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

/// Parameters of a request, each given once.
type Parametres = BTreeMap<String, String>;

/// The routes of the sign-in page, and what the web client reads to find it.
pub fn router(oidc: Oidc) -> Router {
    let under = |path: &str| format!("{}{path}", issuer::PAGE);
    Router::new()
        .route("/configuration.json", get(configuration))
        .route(&under("/.well-known/openid-configuration"), get(discovery))
        .route(&under("/authorize"), get(ask).post(enter))
        .route(&under("/token"), post(token))
        .route(&under("/jwks"), get(jwks))
        .route(&under("/logout"), get(leave))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(oidc)
}

impl Oidc {
    /// A page that nobody has signed in at.
    #[must_use]
    pub fn new(gateway: Gateway, deps: Deps, session: SignedDuration) -> Self {
        Self { gateway, deps, session, etat: Arc::default() }
    }

    /// What is remembered, without what is over.
    fn etat(&self, now: Timestamp) -> MutexGuard<'_, Etat> {
        let mut etat = self.etat.lock().unwrap_or_else(PoisonError::into_inner);
        etat.codes.retain(|_, code| code.expire > now);
        etat.sessions.retain(|_, session| now < self.end(session));
        etat
    }

    fn end(&self, session: &Session) -> Timestamp {
        session.connexion.le.checked_add(self.session).unwrap_or(Timestamp::MAX)
    }

    /// The tokens of a session, and a refresh token that is worth one exchange.
    fn tokens(&self, etat: &mut Etat, session: Session, nonce: Option<&str>, now: Timestamp) -> Result<Value, String> {
        let id_token = self.gateway.issuer.sign_in(&session.identity, &session.connexion, nonce, now).map_err(|error| error.to_string())?;
        let (access, refresh) = (secret()?, secret()?);
        etat.sessions.insert(refresh.clone(), session);
        Ok(json!({
            "id_token": id_token,
            // As at Cognito it does not open our API, which reads the id token.
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": SESSION_JETON_MINUTES * 60,
            "scope": "openid",
        }))
    }
}

/// 256 bits of chance, as a URL may hold them.
fn secret() -> Result<String, String> {
    kms::random::<32>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).map_err(|error| error.to_string())
}

/// The origin that the caller speaks to; none where the name is not this machine's.
fn origin(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (host, None) = (hosts.next()?.to_str().ok()?, hosts.next()) else { return None };
    issuer::is_loopback(host).then(|| format!("http://{host}"))
}

fn parametres(form: &[u8]) -> Option<Parametres> {
    let mut parametres = Parametres::new();
    for (name, value) in form_urlencoded::parse(form) {
        if parametres.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(parametres)
}

/// JSON that everybody may read.
fn public(value: Value) -> Response {
    let mut response = ([(header::CACHE_CONTROL, "no-cache")], Json(value)).into_response();
    harden(&mut response, "default-src 'none'; frame-ancestors 'none'");
    response
}

/// An error of RFC 6749, 5.2.
fn oauth_error(error: &'static str, description: &'static str) -> Response {
    let status = if error == "server_error" { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
    private((status, Json(json!({"error": error, "error_description": description}))).into_response())
}

fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    harden(&mut response, "default-src 'none'; frame-ancestors 'none'");
    response
}

fn unknown_host() -> Response {
    refused("L’adresse par laquelle vous venez n’est pas celle de ce poste : passez par http://127.0.0.1 ou http://localhost.")
}

fn refused(why: &str) -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "Connexion impossible",
        &format!("<section>\n<p>{}</p>\n<p><a href=\"/\">Retour à l’accueil</a></p>\n</section>\n", escape(why)),
        "'none'",
    )
}

async fn configuration(headers: HeaderMap) -> Response {
    match origin(&headers) {
        Some(origin) => public(json!({"autorite": format!("{origin}{}", issuer::PAGE), "client_id": issuer::AUDIENCE})),
        None => unknown_host(),
    }
}

async fn discovery(headers: HeaderMap) -> Response {
    let Some(origin) = origin(&headers) else { return unknown_host() };
    let autorite = format!("{origin}{}", issuer::PAGE);
    public(json!({
        "issuer": autorite,
        "authorization_endpoint": format!("{autorite}/authorize"),
        "token_endpoint": format!("{autorite}/token"),
        "jwks_uri": format!("{autorite}/jwks"),
        "end_session_endpoint": format!("{autorite}/logout"),
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "claims_supported": ["iss", "aud", "sub", "iat", "exp", "auth_time", "nonce", "custom:magasin", "custom:role"],
    }))
}

async fn jwks(State(oidc): State<Oidc>) -> Response {
    public(oidc.gateway.issuer.jwks())
}

/// Reads what the client asks for. First whom it is sent back to: until that is sure, no error leaves this page.
fn demande(parametres: &Parametres, origin: &str) -> Result<Demande, Refus> {
    let get = |name: &str| parametres.get(name).map(String::as_str);
    if get("client_id") != Some(issuer::AUDIENCE) {
        return Err(Refus::Ici("Le programme qui demande la connexion n’est pas connu (client_id)."));
    }
    let known = |uri: &&str| uri.strip_suffix(RETOUR).is_some_and(|base| base == origin || DEVELOPMENT.contains(&base));
    let redirect_uri =
        get("redirect_uri").filter(known).ok_or(Refus::Ici("L’adresse de retour n’est pas celle de l’écran de ce poste (redirect_uri)."))?.to_owned();
    let state = get("state").map(str::to_owned);
    let refuse = |error, description| Err(Refus::Retour { redirect_uri: redirect_uri.clone(), state: state.clone(), error, description });
    if get("response_type") != Some("code") {
        return refuse("unsupported_response_type", "response_type must be code");
    }
    if !get("scope").is_some_and(|scope| scope.split(' ').any(|s| s == "openid")) {
        return refuse("invalid_scope", "scope must contain openid");
    }
    if get("code_challenge_method") != Some("S256") {
        return refuse("invalid_request", "code_challenge_method must be S256");
    }
    // SHA-256 in base64url is 43 characters, whatever was hashed.
    let sha256 = |challenge: &&str| challenge.len() == 43 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let Some(challenge) = get("code_challenge").filter(sha256) else {
        return refuse("invalid_request", "code_challenge must be the SHA-256 of the verifier in base64url");
    };
    if get("prompt").is_some_and(|prompt| prompt.split(' ').any(|p| p == "none")) {
        return refuse("login_required", "nobody stays signed in here");
    }
    Ok(Demande { challenge: challenge.to_owned(), nonce: get("nonce").map(str::to_owned), redirect_uri, state })
}

impl Refus {
    fn answer(self, autorite: &str) -> Response {
        match self {
            Self::Ici(why) => refused(why),
            Self::Retour { redirect_uri, state, error, description } => {
                back(&redirect_uri, state.as_deref(), autorite, &[("error", error), ("error_description", description)])
            }
        }
    }
}

/// Sends the person back to the client; `iss` tells it from whom (RFC 9207).
fn back(redirect_uri: &str, state: Option<&str>, autorite: &str, parameters: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters).extend_pairs(state.map(|state| ("state", state))).append_pair("iss", autorite);
    found(&format!("{redirect_uri}?{}", query.finish()))
}

fn found(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => private((StatusCode::FOUND, [(header::LOCATION, location)]).into_response()),
        Err(_) => refused("L’adresse de retour est illisible."),
    }
}

async fn ask(State(oidc): State<Oidc>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let Some(origin) = origin(&headers) else { return unknown_host() };
    let Some(parametres) = parametres(query.unwrap_or_default().as_bytes()) else {
        return refused("Un paramètre de la demande de connexion est donné deux fois.");
    };
    match demande(&parametres, &origin) {
        Ok(demande) => choice(&demande, "", None, oidc.session),
        Err(refus) => refus.answer(&format!("{origin}{}", issuer::PAGE)),
    }
}

/// The page: a button for each demonstration shop and role, and a form for any other shop.
fn choice(demande: &Demande, nom: &str, error: Option<&str>, session: SignedDuration) -> Response {
    let mut hidden = String::new();
    let always = [
        ("response_type", "code"),
        ("scope", "openid"),
        ("client_id", issuer::AUDIENCE),
        ("redirect_uri", &demande.redirect_uri),
        ("code_challenge", &demande.challenge),
        ("code_challenge_method", "S256"),
    ];
    let given = [("state", &demande.state), ("nonce", &demande.nonce)];
    for (name, value) in always.into_iter().chain(given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))) {
        hidden += &format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value));
    }
    let form = format!("<form method=\"post\" action=\"{}/authorize\">\n{hidden}", issuer::PAGE);
    let mut body = format!(
        "<p>Poste local&nbsp;: aucun mot de passe. Choisissez un magasin et un rôle&nbsp;; la session dure {} heures au plus.</p>\n\
         <p class=\"doux\">Le gérant peut tout, réglages compris&nbsp;; l’opticien tient les clients, les dossiers et les demandes&nbsp;; la lecture consulte sans rien changer.</p>\n",
        session.as_hours()
    );
    for (alias, sign, town) in seed::signs() {
        body += &format!(
            "<section aria-labelledby=\"{alias}\">\n<h2 id=\"{alias}\">{sign} <span class=\"doux\">({town})</span></h2>\n{form}\
             <input type=\"hidden\" name=\"magasin\" value=\"{alias}\">\n<div class=\"choix\">\n"
        );
        for (role, said) in ROLES {
            body += &format!("<button name=\"role\" value=\"{}\" aria-label=\"{sign} — {said}\">{said}</button>\n", role.as_str());
        }
        body += "</div>\n</form>\n</section>\n";
    }
    let (told, marks) = match error {
        Some(error) => (
            format!("<p class=\"alerte\" id=\"magasin-erreur\" role=\"alert\">{}</p>\n", escape(error)),
            " aria-invalid=\"true\" aria-describedby=\"magasin-erreur magasin-aide\" autofocus",
        ),
        None => (String::new(), " aria-describedby=\"magasin-aide\""),
    };
    body += &format!(
        "<section aria-labelledby=\"autre\">\n<h2 id=\"autre\">Autre magasin</h2>\n<p class=\"doux\" id=\"magasin-aide\">Un nom inconnu crée un magasin vide&nbsp;: sans option PEC, sans crédit, sans mutuelle.</p>\n\
         {told}{form}<div class=\"champs\">\n<div><label for=\"magasin\">Nom du magasin</label>\n\
         <input id=\"magasin\" name=\"magasin\" value=\"{}\" maxlength=\"60\" required autocomplete=\"off\"{marks}></div>\n\
         <div><label for=\"role\">Rôle</label>\n<select id=\"role\" name=\"role\">\n",
        escape(nom)
    );
    for (role, said) in ROLES {
        body += &format!("<option value=\"{}\">{said}</option>\n", role.as_str());
    }
    body += "</select></div>\n<button>Se connecter</button>\n</div>\n</form>\n</section>\n";
    // A browser holds the answer to a form to the same rule: it may lead where the code goes.
    let elsewhere = demande.redirect_uri.strip_suffix(RETOUR).filter(|base| DEVELOPMENT.contains(base)).unwrap_or_default();
    let action = format!("'self' {elsewhere}");
    page(if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, "Se connecter", &body, &action)
}

async fn enter(State(oidc): State<Oidc>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(origin) = origin(&headers) else { return unknown_host() };
    let Some(parametres) = parametres(&body) else { return refused("Un paramètre de la demande de connexion est donné deux fois.") };
    let autorite = format!("{origin}{}", issuer::PAGE);
    let demande = match demande(&parametres, &origin) {
        Ok(demande) => demande,
        Err(refus) => return refus.answer(&autorite),
    };
    let get = |name: &str| parametres.get(name).map_or("", |value| value.trim());
    let nom = get("magasin");
    let Some((role, _)) = ROLES.into_iter().find(|(role, _)| role.as_str() == get("role")) else {
        return choice(&demande, nom, Some("Choisissez un rôle de la liste."), oidc.session);
    };
    if nom.is_empty() || nom.chars().count() > 60 || nom.chars().any(char::is_control) {
        return choice(&demande, nom, Some("Saisissez le nom du magasin, en 60 caractères au plus."), oidc.session);
    }
    match oidc.code(&demande, nom, role, &autorite).await {
        Ok(code) => back(&demande.redirect_uri, demande.state.as_deref(), &autorite, &[("code", &code)]),
        Err(cause) => {
            tracing::error!(cause, "nobody was signed in");
            back(&demande.redirect_uri, demande.state.as_deref(), &autorite, &[("error", "server_error")])
        }
    }
}

impl Oidc {
    /// Signs somebody in: a code for her client.
    async fn code(&self, demande: &Demande, nom: &str, role: Role, autorite: &str) -> Result<String, String> {
        let magasin = local_routes::shop(&self.deps, nom).await.map_err(|error| error.to_string())?;
        let now = self.gateway.clock.now();
        let connexion = Connexion { autorite: autorite.to_owned(), le: now, id: self.gateway.ids.entree(now) };
        let code = Code {
            session: Session { identity: local_routes::identity(&magasin, role), connexion },
            redirect_uri: demande.redirect_uri.clone(),
            nonce: demande.nonce.clone(),
            challenge: demande.challenge.clone(),
            expire: now.checked_add(SignedDuration::from_secs(CODE_SECONDS)).unwrap_or(Timestamp::MAX),
            used: false,
        };
        let secret = secret()?;
        self.etat(now).codes.insert(secret.clone(), code);
        Ok(secret)
    }
}

async fn token(State(oidc): State<Oidc>, body: Bytes) -> Response {
    let Some(parametres) = parametres(&body) else { return oauth_error("invalid_request", "a parameter is given twice") };
    let get = |name: &str| parametres.get(name).map(String::as_str);
    if get("client_id") != Some(issuer::AUDIENCE) {
        return oauth_error("invalid_client", "client_id is not known");
    }
    let now = oidc.gateway.clock.now();
    let answer = match get("grant_type") {
        Some("authorization_code") => match (get("code"), get("redirect_uri"), get("code_verifier")) {
            (Some(code), Some(redirect_uri), Some(verifier)) => oidc.exchange(code, redirect_uri, verifier, now),
            _ => return oauth_error("invalid_request", "code, redirect_uri and code_verifier are required"),
        },
        Some("refresh_token") => match get("refresh_token") {
            Some(refresh) => oidc.renew(refresh, now),
            None => return oauth_error("invalid_request", "refresh_token is required"),
        },
        Some(_) => return oauth_error("unsupported_grant_type", "grant_type must be authorization_code or refresh_token"),
        None => return oauth_error("invalid_request", "grant_type is required"),
    };
    match answer {
        Ok(Some(tokens)) => private(Json(tokens).into_response()),
        Ok(None) => oauth_error("invalid_grant", "the code or the refresh token is not valid, not valid any more or not yours"),
        Err(cause) => {
            tracing::error!(cause, "no token");
            oauth_error("server_error", "the tokens could not be made")
        }
    }
}

impl Oidc {
    /// A code for tokens. Whoever shows it once with something wrong has lost it: it is in hands that it was not made for.
    fn exchange(&self, secret: &str, redirect_uri: &str, verifier: &str, now: Timestamp) -> Result<Option<Value>, String> {
        let mut etat = self.etat(now);
        let Some(code) = etat.codes.get_mut(secret) else { return Ok(None) };
        let (session, nonce) = (code.session.clone(), code.nonce.clone());
        let first = !std::mem::replace(&mut code.used, true);
        if !first {
            etat.sessions.retain(|_, other| other.connexion.id != session.connexion.id);
            return Ok(None);
        }
        if code.redirect_uri != redirect_uri || !is_verifier(verifier) || code.challenge != challenge(verifier) {
            return Ok(None);
        }
        self.tokens(&mut etat, session, nonce.as_deref(), now).map(Some)
    }

    /// A refresh token for new tokens of the same sign-in.
    fn renew(&self, refresh: &str, now: Timestamp) -> Result<Option<Value>, String> {
        let mut etat = self.etat(now);
        let Some(session) = etat.sessions.remove(refresh) else { return Ok(None) };
        self.tokens(&mut etat, session, None, now).map(Some)
    }
}

/// RFC 7636, 4.1.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// RFC 7636, 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes()))
}

/// Ends a sign-in, and sends the person to where the client wants her.
async fn leave(State(oidc): State<Oidc>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let Some(origin) = origin(&headers) else { return unknown_host() };
    let Some(parametres) = parametres(query.unwrap_or_default().as_bytes()) else { return refused("Un paramètre de la déconnexion est donné deux fois.") };
    let get = |name: &str| parametres.get(name).map(String::as_str);
    if let Some(claims) = get("id_token_hint").and_then(|token| oidc.gateway.issuer.issued(token).ok()) {
        let id = claims.get("origin_jti").and_then(Value::as_str);
        let mut etat = oidc.etat(oidc.gateway.clock.now());
        etat.sessions.retain(|_, session| id != Some(session.connexion.id.as_str()));
    }
    let Some(uri) = get("post_logout_redirect_uri") else {
        let body = "<section>\n<p>Vous êtes déconnecté de ce poste.</p>\n<p><a href=\"/\">Se connecter à nouveau</a></p>\n</section>\n";
        return page(StatusCode::OK, "À bientôt", body, "'none'");
    };
    let within = |base: &str| uri.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // What a browser reads otherwise than it is written is no address of ours.
    let plain = uri.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if !plain || !(within(&origin) || DEVELOPMENT.into_iter().any(within)) {
        return refused("L’adresse de retour n’est pas celle de l’écran de ce poste (post_logout_redirect_uri).");
    }
    match get("state") {
        None => found(uri),
        Some(state) => {
            let separator = if uri.contains('?') { '&' } else { '?' };
            let mut query = form_urlencoded::Serializer::new(String::new());
            found(&format!("{uri}{separator}{}", query.append_pair("state", state).finish()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://127.0.0.1:3000";

    fn asked(changes: &[(&str, Option<&str>)]) -> Result<Demande, Refus> {
        let mut parametres: Parametres = [
            ("client_id", "optopec-web"),
            ("redirect_uri", "http://127.0.0.1:3000/connexion/retour"),
            ("response_type", "code"),
            ("scope", "openid"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        for (name, value) in changes {
            match value {
                Some(value) => parametres.insert((*name).to_owned(), (*value).to_owned()),
                None => parametres.remove(*name),
            };
        }
        demande(&parametres, ORIGIN)
    }

    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        // RFC 7636, appendix B.
        assert_eq!(challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        for (verifier, good) in [("a".repeat(42), false), ("a".repeat(43), true), ("a".repeat(128), true), ("a".repeat(129), false), ("é".repeat(43), false)] {
            assert_eq!(is_verifier(&verifier), good, "{verifier}");
        }
    }

    #[test]
    fn a_code_goes_to_the_web_client_of_this_machine_only() {
        for known in ["http://127.0.0.1:3000/connexion/retour", "http://localhost:5173/connexion/retour", "http://127.0.0.1:5173/connexion/retour"] {
            assert_eq!(asked(&[("redirect_uri", Some(known))]).unwrap().redirect_uri, known);
        }
        for foreign in [
            "http://localhost:3000/connexion/retour",
            "https://127.0.0.1:3000/connexion/retour",
            "http://127.0.0.1:3000/connexion/retour/",
            "http://127.0.0.1:3000/connexion/retour?x",
            "http://127.0.0.1:3000//connexion/retour",
            "http://127.0.0.1:3000/x/connexion/retour",
            "http://127.0.0.1:3000@autre.example/connexion/retour",
            "http://autre.example/connexion/retour",
            "http://127.0.0.1:30000/connexion/retour",
            "/connexion/retour",
            "javascript:/connexion/retour",
            "",
        ] {
            assert!(matches!(asked(&[("redirect_uri", Some(foreign))]), Err(Refus::Ici(_))), "{foreign}");
        }
        assert!(matches!(asked(&[("redirect_uri", None)]), Err(Refus::Ici(_))));
        assert!(matches!(asked(&[("client_id", Some("autre"))]), Err(Refus::Ici(_))));
    }

    #[test]
    fn what_the_client_asks_wrongly_is_told_to_the_client() {
        let error = |name: &str, value: Option<&str>| match asked(&[("state", Some("s")), (name, value)]) {
            Err(Refus::Retour { state, error, .. }) => (state, error),
            other => panic!("{name} {value:?}: {other:?}"),
        };
        let expect = |name: &str, value: Option<&str>, expected: &str| assert_eq!(error(name, value), (Some("s".to_owned()), expected), "{name} {value:?}");
        expect("response_type", Some("token"), "unsupported_response_type");
        expect("response_type", None, "unsupported_response_type");
        expect("scope", Some("email"), "invalid_scope");
        expect("code_challenge_method", Some("plain"), "invalid_request");
        expect("code_challenge_method", None, "invalid_request");
        expect("code_challenge", None, "invalid_request");
        expect("code_challenge", Some("court"), "invalid_request");
        expect("prompt", Some("none"), "login_required");
        assert_eq!(asked(&[]).unwrap().state, None);
    }

    #[test]
    fn only_this_machine_has_an_origin() {
        let origin_of = |hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
            }
            origin(&headers)
        };
        assert_eq!(origin_of(&["127.0.0.1:3000"]).as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(origin_of(&["localhost:3000"]).as_deref(), Some("http://localhost:3000"));
        for hosts in [vec![], vec!["autre.example"], vec!["127.0.0.1.autre.example:3000"], vec!["127.0.0.1:3000", "127.0.0.1:3000"], vec!["127.0.0.1:3000/x"]] {
            assert_eq!(origin_of(&hosts), None, "{hosts:?}");
        }
    }
}
