//! What a browser asks the local runner for: the files of the web client, and the sign-in page.

use crate::app::{Answer, App, Setup, User, key};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use reqwest::{Method, Response, Url, redirect::Policy};
use serde_json::{Value, json};
use std::{collections::BTreeMap, os::unix::fs::symlink, path::PathBuf};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const HOUR: i64 = 3_600;

// The sign-in page

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The web client, as far as the sign-in page sees it.
struct Client {
    app: App,
    http: reqwest::Client,
    /// What it found by discovery.
    fournisseur: Value,
}

impl Client {
    async fn start() -> Self {
        let app = App::start().await;
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        let configuration: Value = http.get(format!("{}/configuration.json", app.system.url)).send().await.unwrap().json().await.unwrap();
        assert_eq!(configuration, json!({"autorite": format!("{}/local/oidc", app.system.url), "client_id": "optopec-web"}));
        let autorite = configuration["autorite"].as_str().unwrap();
        let fournisseur: Value = http.get(format!("{autorite}/.well-known/openid-configuration")).send().await.unwrap().json().await.unwrap();
        // OpenID Connect Discovery, 4.3: a client refuses anything else.
        assert_eq!(fournisseur["issuer"], autorite);
        Self { app, http, fournisseur }
    }

    fn at(&self, endpoint: &str) -> &str {
        self.fournisseur[endpoint].as_str().unwrap()
    }

    fn retour(&self) -> String {
        format!("{}/connexion/retour", self.app.system.url)
    }

    /// The parameters of a good request, with changes; an empty value takes one away.
    fn asked(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let retour = self.retour();
        let mut parameters: BTreeMap<&str, &str> = BTreeMap::from([
            ("client_id", "optopec-web"),
            ("redirect_uri", &retour),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "état & \"<b>\""),
            ("nonce", "n-1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        parameters.extend(changes.iter().copied());
        parameters.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    async fn page(&self, changes: &[(&str, &str)]) -> Response {
        self.http.get(Url::parse_with_params(self.at("authorization_endpoint"), self.asked(changes)).unwrap()).send().await.unwrap()
    }

    /// Presses a button of the page.
    async fn press(&self, magasin: &str, role: &str, changes: &[(&str, &str)]) -> Response {
        let mut form = self.asked(changes);
        form.extend([("magasin".to_owned(), magasin.to_owned()), ("role".to_owned(), role.to_owned())]);
        self.http.post(self.at("authorization_endpoint")).body(encoded(&form)).send().await.unwrap()
    }

    /// A code, fresh from the page.
    async fn code(&self, magasin: &str, role: &str) -> String {
        let response = self.press(magasin, role, &[]).await;
        assert_eq!(response.status(), 302);
        arguments(&response)["code"].clone()
    }

    async fn token(&self, form: &[(&str, &str)]) -> Answer {
        let response = self.http.post(self.at("token_endpoint")).body(encoded(form)).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // RFC 6749, 5.1.
        assert_eq!(headers["cache-control"], "no-store");
        let text = response.text().await.unwrap();
        Answer { status, etag: String::new(), headers, body: serde_json::from_str(&text).expect("JSON"), text }
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Answer {
        let retour = self.retour();
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "optopec-web"),
            ("code", code),
            ("redirect_uri", &retour),
            ("code_verifier", verifier),
        ])
        .await
    }

    async fn renew(&self, tokens: &Value) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("client_id", "optopec-web"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())]).await
    }

    async fn signed_in(&self, magasin: &str, role: &str) -> Value {
        self.exchange(&self.code(magasin, role).await, VERIFIER).await.expect(200).body
    }

    /// What an id token says, checked as a client checks it: with the published key.
    async fn claims(&self, tokens: &Value) -> Value {
        let keys: JwkSet = self.http.get(self.at("jwks_uri")).send().await.unwrap().json().await.unwrap();
        let token = tokens["id_token"].as_str().unwrap();
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.expect("a key's name");
        let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
        validation.set_audience(&["optopec-web"]);
        validation.set_issuer(&[self.at("issuer")]);
        // The system's clock is ahead of the machine's.
        validation.validate_exp = false;
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(keys.find(&kid).expect("the key")).unwrap(), &validation).unwrap().claims
    }

    fn user(&self, tokens: &Value) -> User {
        User { url: self.app.system.url.clone(), http: self.http.clone(), jeton: tokens["id_token"].as_str().unwrap().to_owned(), magasin: String::new() }
    }
}

/// Parameters as a form sends them.
fn encoded(form: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    Url::parse_with_params("http://formulaire", form).unwrap().query().unwrap_or_default().to_owned()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap_or_else(|| panic!("{name} is missing")).to_str().unwrap()
}

/// What a redirect tells the client.
fn arguments(response: &Response) -> BTreeMap<String, String> {
    let address = Url::parse(header(response, "location")).unwrap();
    address.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn somebody_signs_in_works_and_signs_out() {
    let client = Client::start().await;
    let page = client.page(&[]).await;
    assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (200, "no-store"));
    assert!(header(&page, "content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
    let html = page.text().await.unwrap();
    for name in ["Optique de démonstration — Gérant", "Optique de démonstration — Opticien", "Lunettes de démonstration — Lecture"] {
        assert_eq!(html.matches(&format!("aria-label=\"{name}\"")).count(), 1, "{name}");
    }
    assert!(html.contains("value=\"état &amp; &quot;&lt;b&gt;&quot;\"") && !html.contains("<b>") && !html.contains("<script"), "{html}");

    let response = client.press("demo", "OPTICIEN", &[]).await;
    assert!(response.status() == 302 && header(&response, "location").starts_with(&format!("{}?", client.retour())));
    let told = arguments(&response);
    assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("état & \"<b>\"", client.at("issuer")));
    let tokens = client.exchange(&told["code"], VERIFIER).await.expect(200).body;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(HOUR)));
    let claims = client.claims(&tokens).await;
    let same = client.app.user("demo", "OPTICIEN").await;
    assert_eq!((&claims["nonce"], &claims["custom:role"], &claims["custom:magasin"]), (&json!("n-1"), &json!("OPTICIEN"), &json!(same.magasin)));
    assert_eq!(
        (&claims["auth_time"], claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), &claims["token_use"]),
        (&claims["iat"], HOUR, &json!("id"))
    );
    let person = client.user(&tokens);
    assert_eq!(person.get("/v1/magasin").await.expect(200).body["nom"], "Optique de démonstration");
    let access = User { jeton: tokens["access_token"].as_str().unwrap().to_owned(), ..person.clone() };
    access.get("/v1/magasin").await.problem(401);

    let end = |uri: &str| {
        let parameters = [("post_logout_redirect_uri", uri), ("id_token_hint", &person.jeton), ("state", "s 1")];
        client.http.get(Url::parse_with_params(client.at("end_session_endpoint"), parameters).unwrap())
    };
    for foreign in [
        "https://autre.example/".to_owned(),
        "//autre.example/".to_owned(),
        format!("{}@autre.example/", client.app.system.url),
        format!("{}0/", client.app.system.url),
        format!("{}/\\autre.example", client.app.system.url),
        "javascript:alert(1)".to_owned(),
    ] {
        let response = end(&foreign).send().await.unwrap();
        assert!(response.status() == 400 && !response.headers().contains_key("location"), "{foreign}");
    }
    let another = client.signed_in("demo", "OPTICIEN").await;
    let response = end(&format!("{}/connexion", client.app.system.url)).send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "location")), (302, format!("{}/connexion?state=s+1", client.app.system.url).as_str()));
    assert_eq!(client.renew(&tokens).await.expect(400).body["error"], "invalid_grant");
    client.renew(&another).await.expect(200);
    assert_eq!(client.http.get(client.at("end_session_endpoint")).send().await.unwrap().status(), 200);
    client.app.system.stop().await;
}

#[tokio::test]
async fn a_code_is_worth_one_exchange_by_who_asked_for_it_within_a_minute() {
    let client = Client::start().await;
    let wrong = VERIFIER.replace('d', "e");
    let refused = async |code: &str, verifier: &str| assert_eq!(client.exchange(code, verifier).await.expect(400).body["error"], "invalid_grant", "{verifier}");
    for verifier in [wrong.as_str(), CHALLENGE, "court", &format!("{VERIFIER} ")] {
        let code = client.code("demo", "GERANT").await;
        refused(&code, verifier).await;
        // Whoever tries has one try.
        refused(&code, VERIFIER).await;
    }
    refused("inconnu", VERIFIER).await;

    // Given twice, it ends what it began; the one who has tokens notices at the next renewal.
    let code = client.code("demo", "GERANT").await;
    let tokens = client.exchange(&code, VERIFIER).await.expect(200).body;
    let tokens = client.renew(&tokens).await.expect(200).body;
    refused(&code, VERIFIER).await;
    assert_eq!(client.renew(&tokens).await.expect(400).body["error"], "invalid_grant");

    let code = client.code("demo", "GERANT").await;
    client.app.advance(60).await;
    refused(&code, VERIFIER).await;
    let code = client.code("demo", "GERANT").await;
    client.app.advance(50).await;
    client.exchange(&code, VERIFIER).await.expect(200);

    // Bound to the client and to the address that it was sent to.
    let (code, retour) = (client.code("demo", "GERANT").await, client.retour());
    let form = |client_id, redirect_uri, grant| {
        [("grant_type", grant), ("client_id", client_id), ("code", code.as_str()), ("redirect_uri", redirect_uri), ("code_verifier", VERIFIER)]
    };
    assert_eq!(client.token(&form("autre", &retour, "authorization_code")).await.expect(400).body["error"], "invalid_client");
    assert_eq!(client.token(&form("optopec-web", &retour, "password")).await.expect(400).body["error"], "unsupported_grant_type");
    assert_eq!(client.token(&form("optopec-web", &retour, "authorization_code")[..4]).await.expect(400).body["error"], "invalid_request");
    let twice = [form("optopec-web", &retour, "authorization_code"), form("optopec-web", &retour, "authorization_code")].concat();
    assert_eq!(client.token(&twice).await.expect(400).body["error"], "invalid_request");
    assert_eq!(client.token(&[]).await.expect(400).body["error"], "invalid_client");
    let elsewhere = "http://localhost:5173/connexion/retour";
    assert_eq!(client.token(&form("optopec-web", elsewhere, "authorization_code")).await.expect(400).body["error"], "invalid_grant");
    client.app.system.stop().await;
}

#[tokio::test]
async fn a_session_is_renewed_until_its_hours_are_over() {
    let client = Client::start().await;
    let mut tokens = client.signed_in("demo2", "LECTURE").await;
    let signed_in = client.claims(&tokens).await["auth_time"].as_i64().unwrap();
    for hour in 1..12 {
        client.app.advance(HOUR).await;
        client.user(&tokens).get("/v1/magasin").await.problem(401);
        let fresh = client.renew(&tokens).await.expect(200).body;
        assert_eq!(client.renew(&tokens).await.expect(400).body["error"], "invalid_grant", "a refresh token is worth one exchange");
        tokens = fresh;
        let claims = client.claims(&tokens).await;
        assert_eq!(claims["auth_time"], signed_in);
        assert!(claims["iat"].as_i64().unwrap() >= signed_in + hour * HOUR);
        client.user(&tokens).get("/v1/magasin").await.expect(200);
    }
    client.app.advance(HOUR).await;
    assert_eq!(client.renew(&tokens).await.expect(400).body["error"], "invalid_grant");
    client.user(&tokens).get("/v1/magasin").await.problem(401);
    client.app.system.stop().await;
}

#[tokio::test]
async fn nobody_is_sent_where_the_web_client_is_not() {
    let client = Client::start().await;
    let here = client.app.system.url.clone();
    let own =
        [format!("{here}/connexion/retour?a=b"), format!("{here}/connexion/retour/.."), format!("{here}/"), format!("{here}@autre.example/connexion/retour")];
    let foreign = ["https://autre.example/connexion/retour", "http://localhost:5174/connexion/retour", "/connexion/retour", "data:text/html,x"];
    let cases =
        own.iter().map(String::as_str).chain(foreign).map(|uri| ("redirect_uri", uri)).chain([("redirect_uri", ""), ("client_id", "autre"), ("client_id", "")]);
    for case in cases {
        for response in [client.page(&[case]).await, client.press("demo", "GERANT", &[case]).await] {
            assert_eq!((response.status().as_u16(), header(&response, "content-type")), (400, "text/html; charset=utf-8"), "{case:?}");
            assert!(!response.headers().contains_key("location"), "{case:?}");
            let html = response.text().await.unwrap();
            assert!(html.contains("Connexion impossible") && !html.contains("autre"), "{case:?} {html}");
        }
    }
    for (case, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "email"), "invalid_scope"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("prompt", "none"), "login_required"),
    ] {
        for response in [client.page(&[case]).await, client.press("demo", "GERANT", &[case]).await] {
            assert_eq!(response.status(), 302, "{case:?}");
            let told = arguments(&response);
            assert_eq!((told["error"].as_str(), told["iss"].as_str(), told.get("code")), (error, client.at("issuer"), None), "{case:?}");
            assert_eq!(told["state"], "état & \"<b>\"");
        }
    }
    // Vite's server of the web client, and a client that needs neither state nor nonce.
    let development = "http://localhost:5173/connexion/retour";
    let page = client.page(&[("redirect_uri", development)]).await;
    assert!(header(&page, "content-security-policy").contains("form-action 'self' http://localhost:5173;"));
    let response = client.press("demo", "GERANT", &[("redirect_uri", development), ("state", ""), ("nonce", "")]).await;
    assert!(header(&response, "location").starts_with(&format!("{development}?code=")));
    assert!(!arguments(&response).contains_key("state"));
    // A parameter that two readers would read differently.
    let response = client.http.get(format!("{}?client_id=optopec-web&client_id=autre", client.at("authorization_endpoint"))).send().await.unwrap();
    assert_eq!(response.status(), 400);
    // Another host than this machine.
    for path in ["/configuration.json", "/local/oidc/.well-known/openid-configuration", "/local/oidc/authorize", "/local/oidc/logout"] {
        let response = client.http.get(format!("{here}{path}")).header("host", "autre.example").send().await.unwrap();
        assert_eq!(response.status(), 400, "{path}");
        assert!(!response.text().await.unwrap().contains("autre.example"), "{path}");
    }
    client.app.system.stop().await;
}

#[tokio::test]
async fn another_shop_is_made_on_the_way_or_said_to_be_nameless() {
    let client = Client::start().await;
    let nom = format!("Boutique « {} »", key());
    let tokens = client.exchange(&client.code(&format!("  {nom} "), "GERANT").await, VERIFIER).await.expect(200).body;
    assert_eq!(client.claims(&tokens).await["custom:magasin"], client.app.user(&nom, "GERANT").await.magasin);
    assert_eq!(client.user(&tokens).get("/v1/credits").await.expect(200).body["disponibles"], 0);
    let long = "x".repeat(61);
    for (magasin, role) in [(" ", "GERANT"), (long.as_str(), "GERANT"), ("<b>", "OPERATEUR"), ("demo", ""), ("a\u{1}b", "LECTURE")] {
        let response = client.press(magasin, role, &[]).await;
        assert_eq!(response.status(), 422, "{magasin:?} {role}");
        let html = response.text().await.unwrap();
        assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\"") && !html.contains("<b>"), "{html}");
    }
    client.app.system.stop().await;
}

// The files of the web client

/// A built web client, and something beside it that is nobody's business.
struct Build(PathBuf);

impl Build {
    fn new() -> Self {
        let root = std::env::temp_dir().join(format!("optopec-ecran-{}-{}", key(), std::process::id()));
        let files = [
            ("dist/index.html", "<!DOCTYPE html><title>optopec</title>"),
            ("dist/favicon.svg", "<svg/>"),
            ("dist/assets/index-Bx_3.js", "export {};"),
            ("dist/assets/.map", "SECRET"),
            ("dist/.env", "SECRET"),
            ("dist/.git/config", "SECRET"),
            ("beside/secret.txt", "SECRET"),
        ];
        for (path, text) in files {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        symlink("../beside/secret.txt", root.join("dist/lien.txt")).unwrap();
        symlink("../beside", root.join("dist/dossier")).unwrap();
        symlink(".env", root.join("dist/env.txt")).unwrap();
        Self(root)
    }

    async fn serve(&self) -> (App, User) {
        let app = App::with(Setup { web: Some(self.0.join("dist")), ..Setup::default() }).await;
        let user = app.user("demo", "GERANT").await;
        (app, user)
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const HARDENING: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; frame-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
];

#[tokio::test]
async fn a_screen_is_the_start_page_and_a_file_is_itself() {
    let build = Build::new();
    let (app, user) = build.serve().await;
    let start = "<!DOCTYPE html><title>optopec</title>";
    for (path, kind, kept, contents) in [
        ("/", "text/html; charset=utf-8", "no-cache", start),
        ("/index.html", "text/html; charset=utf-8", "no-cache", start),
        ("/connexion/retour?code=a&state=b", "text/html; charset=utf-8", "no-cache", start),
        ("/dossiers/dos_01ARZ3NDEKTSV4RRFFQ69G5FAV/", "text/html; charset=utf-8", "no-cache", start),
        ("/favicon.svg", "image/svg+xml", "no-cache", "<svg/>"),
        ("/assets/index-Bx_3.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "export {};"),
    ] {
        let answer = user.get(path).await.expect(200);
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!((answer.text.as_str(), header("content-type").as_str(), header("cache-control").as_str()), (contents, kind, kept), "{path}");
        for (name, value) in HARDENING {
            assert_eq!(header(name), value, "{path}");
        }
        let head = user.send(Method::HEAD, path, &[], None).await.expect(200);
        assert_eq!((head.text.as_str(), &head.headers["content-length"]), ("", &answer.headers["content-length"]), "{path}");
    }
    for path in ["/assets/index-ancien.js", "/absent.png", "/assets/index-Bx_3.js/x.js"] {
        let answer = user.get(path).await;
        for (name, value) in HARDENING {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        answer.problem(404);
    }
    // A build that replaces the folder is there at the next request.
    std::fs::remove_dir_all(build.0.join("dist")).unwrap();
    assert_eq!(user.get("/").await.status, 503);
    std::fs::create_dir_all(build.0.join("dist")).unwrap();
    std::fs::write(build.0.join("dist/index.html"), "neuf").unwrap();
    assert_eq!(user.get("/").await.expect(200).text, "neuf");
    app.system.stop().await;
}

/// The answer to a target as it stands, which no client library would send.
async fn raw(app: &App, target: &str) -> String {
    let mut stream = TcpStream::connect(app.system.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn nothing_outside_the_folder_and_nothing_hidden_is_served() {
    let build = Build::new();
    let (app, _) = build.serve().await;
    for target in [
        "/../beside/secret.txt",
        "/assets/../../beside/secret.txt",
        "/%2e%2e/beside/secret.txt",
        "/..%2fbeside%2fsecret.txt",
        "/%252e%252e/beside/secret.txt",
        "/..\\beside\\secret.txt",
        "/....//beside/secret.txt",
        "/lien.txt",
        "/dossier/secret.txt",
        "/env.txt",
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/assets/.map",
        "//beside/secret.txt",
        "/./favicon.svg",
        "/favicon.svg%00",
        "/favicon%2esvg",
        "//favicon.svg",
        &format!("{}/secret.txt", build.0.join("beside").display()),
        &format!("/{}", "a".repeat(5_000)),
        &format!("/{}secret.txt", "../".repeat(500)),
        "file:///etc/passwd",
    ] {
        let answer = raw(&app, target).await;
        let status = answer.get(9..12).unwrap_or_default();
        assert!(["400", "404"].contains(&status), "{target:.80}: {answer:.300}");
        assert!(!answer.contains("SECRET") && !answer.contains("root:") && !answer.contains("<svg"), "{target:.80}: {answer:.300}");
    }
    app.system.stop().await;
}

#[tokio::test]
async fn the_routes_of_the_api_are_never_a_page() {
    let build = Build::new();
    let (app, user) = build.serve().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/magasins",
        "/V1/magasin",
        "/v2/magasin",
        "/v1/index.html",
        "/local",
        "/local/",
        "/local/inconnu",
        "/local/oidc/inconnu",
        "/LOCAL/x",
    ] {
        user.get(path).await.problem(404);
    }
    user.get("/v1/magasin").await.expect(200);
    user.send(Method::POST, "/dossiers", &[], Some(json!({}))).await.problem(404);
    user.send(Method::DELETE, "/index.html", &[], None).await.problem(404);
    app.system.stop().await;
}

#[tokio::test]
async fn without_a_built_client_the_api_works_and_the_page_says_what_is_missing() {
    let app = App::with(Setup { web: Some("nulle/part".into()), ..Setup::default() }).await;
    let user = app.user("demo", "GERANT").await;
    for path in ["/", "/dossiers"] {
        let answer = user.get(path).await.expect(503);
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
        for words in ["lang=\"fr\"", "nulle/part", "Node 20", "make run", "L’API fonctionne"] {
            assert!(answer.text.contains(words), "{words}: {}", answer.text);
        }
    }
    user.get("/assets/index.js").await.problem(404);
    user.get("/v1/magasin").await.expect(200);
    app.system.stop().await;
}

// The clock

#[tokio::test]
async fn an_answer_is_dated_by_the_clock_of_the_system() {
    let app = App::start().await;
    app.advance(48 * HOUR).await;
    let now: Value = reqwest::get(format!("{}/local/horloge", app.system.url)).await.unwrap().json().await.unwrap();
    let answer = reqwest::get(format!("{}/v1/sante", app.system.url)).await.unwrap();
    let date = jiff::fmt::rfc2822::parse(answer.headers()["date"].to_str().unwrap()).unwrap().timestamp();
    let now: jiff::Timestamp = now["maintenant"].as_str().unwrap().parse().unwrap();
    // `Date` has no fraction of a second, and a busy machine takes its time between the two requests.
    assert!((date.as_second() - now.as_second()).abs() < 60, "{date} {now}");
}
