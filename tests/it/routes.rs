//! Every route of the contract: who may call it, and that nobody else reaches what is behind it.
//!
//! The routes and their rights are those of the one table ([`MATRICE`]); what it must say in any case is written here by hand from docs/api.md.
//! A route of the product that is not in it, or the reverse, is a failing test, so that nothing is published whose guards nobody checked.

use crate::{
    app::{Answer, App, Setup, User, dossier, key},
    formes::nobody,
};
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rsa::KeyPair,
    signature::KeyPair as _,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use optopec_lambda::matrice::{self, MATRICE, Regle};
use reqwest::Method;
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf};

const ALL_ROLES: [&str; 4] = ["LECTURE", "OPTICIEN", "GERANT", "OPERATEUR"];

/// What docs/api.md says of the roles, in the lines that matter most. Written by hand: whoever changes the table by mistake finds it here.
const DECISIVE: &[(&str, &str, &[&str])] = &[
    ("GET", "/v1/magasin", &["LECTURE", "OPTICIEN", "GERANT"]),
    ("PUT", "/v1/magasin", &["GERANT"]),
    ("PUT", "/v1/magasin/transmission", &["GERANT"]),
    ("POST", "/v1/mutuelles/import", &["GERANT"]),
    ("GET", "/v1/clients/{id}", &["LECTURE", "OPTICIEN", "GERANT"]),
    ("POST", "/v1/clients", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/clients/recherche", &["LECTURE", "OPTICIEN", "GERANT"]),
    ("DELETE", "/v1/clients/{id}", &["OPTICIEN", "GERANT"]),
    ("GET", "/v1/dossiers/{id}", &["LECTURE", "OPTICIEN", "GERANT"]),
    ("PUT", "/v1/dossiers/{id}", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/dossiers/{id}/consentement", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/dossiers/{id}/demandes", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/demandes/{id}/annulation", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/demandes/{id}/transfert", &["OPTICIEN", "GERANT"]),
    ("POST", "/v1/demandes/{id}/decision", &["GERANT"]),
    ("POST", "/v1/credits/recharges", &["OPERATEUR"]),
    ("POST", "/v1/credits/corrections", &["OPERATEUR"]),
    ("PUT", "/v1/operateur/magasins/{id}", &["OPERATEUR"]),
    ("PUT", "/v1/referentiel/lpp", &["OPERATEUR"]),
    ("GET", "/v1/referentiel/lpp", &ALL_ROLES),
    ("GET", "/v1/clients/{id}/export", &["GERANT"]),
    ("GET", "/v1/clients/{id}/acces", &["GERANT"]),
    ("GET", "/v1/dossiers/{id}/acces", &["GERANT"]),
    ("GET", "/v1/demandes/{id}/brut", &["GERANT"]),
    ("POST", "/v1/operateur/cles/rotation", &["OPERATEUR"]),
    ("GET", "/v1/dossiers/{id}/documents/consentement.pdf", &["OPTICIEN", "GERANT"]),
    ("GET", "/v1/dossiers/{id}/documents/demande-fax.pdf", &["OPTICIEN", "GERANT"]),
    ("GET", "/v1/dossiers/{id}/documents/devis.pdf", &["LECTURE", "OPTICIEN", "GERANT"]),
    ("GET", "/v1/demandes/{id}/documents/reponse.pdf", &["LECTURE", "OPTICIEN", "GERANT"]),
];

/// The rules of all routes that want a token.
fn guarded() -> impl Iterator<Item = &'static Regle> {
    MATRICE.iter().filter(|regle| !regle.ouverte())
}

/// What a route with an id is about: the prefix of the id.
fn prefix(template: &str) -> Option<&'static str> {
    template.contains('{').then(|| match template.split('/').nth(2).unwrap() {
        "mutuelles" => "mut",
        "clients" => "cli",
        "dossiers" => "dos",
        "demandes" => "dem",
        "operateur" => "mag",
        other => panic!("whose id is in /v1/{other}/…?"),
    })
}

fn path(template: &str, id: &str) -> String {
    let query = match template {
        "/v1/dossiers/{id}/verification" => "?equipement=1&nature=PEC",
        "/v1/statistiques" => "?du=2026-01-01&au=2026-12-31",
        "/v1/referentiel/lpp" => "?code=2203240&date=2013-11-26",
        _ => "",
    };
    template.replace("{id}", id) + query
}

/// A body that the route would take.
fn body(method: &str, template: &str) -> Option<Value> {
    if !matches!(method, "POST" | "PUT") {
        return None;
    }
    Some(match template {
        "/v1/magasin" => json!({"nom": "Optique"}),
        "/v1/clients" | "/v1/clients/{id}" => json!({"nom": "MONTFORT"}),
        "/v1/dossiers" | "/v1/dossiers/{id}" => dossier(&nobody("mut"), "A-1"),
        "/v1/mutuelles" | "/v1/mutuelles/{id}" => json!({"nom": "Mutuelle à nous", "pec": "NON"}),
        "/v1/clients/recherche" | "/v1/dossiers/recherche" => json!({"q": "mont"}),
        "/v1/dossiers/{id}/consentement" => json!({"signe_le": "2026-01-02", "canal": "PAPIER"}),
        "/v1/dossiers/{id}/demandes" => json!({"nature": "PEC", "equipement": 1}),
        "/v1/demandes/{id}/annulation" => json!({"motif": "Changement d'avis"}),
        "/v1/demandes/{id}/decision" => json!({"issue": "REFUSEE", "motif": "Vu au téléphone", "origine": "MUTUELLE"}),
        "/v1/credits/recharges" => json!({"magasin": nobody("mag"), "quantite": 1, "reference_paiement": "P-1"}),
        "/v1/credits/corrections" => json!({"magasin": nobody("mag"), "quantite": 1, "motif": "Geste", "reference": "C-1"}),
        "/v1/operateur/magasins/{id}" => json!({"option_pec": true, "mode": "DEMONSTRATION", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10}),
        "/v1/referentiel/taux" => json!([{"risque": "MALADIE", "du": "2011-05-02", "taux": 60}]),
        _ => json!({}),
    })
}

fn verb(method: &str) -> Method {
    method.parse().unwrap()
}

fn published(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(template, item)| item.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), template.clone()))).collect()
}

fn committed_file(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_else(|e| panic!("{name} is committed (make openapi): {e}"))
}

fn committed() -> Value {
    serde_json::from_str(&committed_file("openapi.json")).unwrap()
}

#[test]
fn the_committed_documents_are_the_ones_the_code_writes() {
    for (name, written) in [("openapi.json", optopec_local::openapi::document()), ("docs/droits.md", matrice::table_markdown())] {
        let committed = committed_file(name);
        let differs = written.lines().zip(committed.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(written == committed, "{name} is out of date (make openapi): {differs:?}");
    }
}

#[test]
fn the_committed_document_and_the_table_name_the_same_routes_and_roles() {
    let document = committed();
    let ours: BTreeSet<_> = MATRICE.iter().map(|regle| (regle.methode.to_owned(), regle.chemin.to_owned())).collect();
    let theirs = published(&document);
    let only = |a: &BTreeSet<(String, String)>, b: &BTreeSet<(String, String)>| a.difference(b).map(|(m, t)| format!("{m} {t}")).collect::<Vec<_>>();
    assert_eq!(only(&ours, &theirs), Vec::<String>::new(), "in the table, not in openapi.json");
    assert_eq!(only(&theirs, &ours), Vec::<String>::new(), "in openapi.json, not in the table");
    for regle in MATRICE {
        let operation = &document["paths"][regle.chemin][regle.methode.to_lowercase()];
        assert_eq!(operation["x-roles"], json!(regle.roles()), "{} {}", regle.methode, regle.chemin);
        assert_eq!(operation["security"] == json!([]), regle.ouverte(), "{} {}", regle.methode, regle.chemin);
    }
}

#[test]
fn the_table_says_what_the_contract_says() {
    for (method, template, roles) in DECISIVE {
        let regle = matrice::regle_de(method, template).unwrap_or_else(|| panic!("{method} {template} is not in the table"));
        assert_eq!((regle.roles().as_slice(), regle.ouverte()), (*roles, false), "{method} {template}");
    }
    let open: Vec<_> = MATRICE.iter().filter(|regle| regle.ouverte()).map(|regle| regle.chemin).collect();
    assert_eq!(open, ["/v1/sante", "/v1/openapi.json"]);
    for regle in guarded() {
        let (roles, name) = (regle.roles(), format!("{} {}", regle.methode, regle.chemin));
        let reads = regle.methode == "GET" || regle.chemin.ends_with("/recherche");
        assert!(reads || !roles.contains(&"LECTURE"), "{name}: LECTURE only reads");
        assert!(roles.contains(&"GERANT") || roles == ["OPERATEUR"], "{name}: a GERANT may everything in her shop");
        let reference = reads && regle.chemin.starts_with("/v1/referentiel/");
        assert!(reference || roles == ["OPERATEUR"] || !roles.contains(&"OPERATEUR"), "{name}: an OPERATEUR has nothing of a shop's");
    }
}

/// Every object of the document that describes a property of this name.
fn described<'a>(document: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match document {
        Value::Object(fields) => {
            found.extend(fields.get("properties").and_then(|p| p.get(name)));
            fields.values().for_each(|value| described(value, name, found));
        }
        Value::Array(values) => values.iter().for_each(|value| described(value, name, found)),
        _ => {}
    }
}

#[test]
fn the_document_shows_the_limits() {
    let document = committed();
    for (name, keyword, limit) in [
        ("designation", "maxLength", 200),
        ("remarque", "maxLength", 500),
        ("motif", "maxLength", 500),
        ("prenom", "maxLength", 60),
        ("lignes", "maxItems", 40),
        ("equipements", "maxItems", 6),
    ] {
        let mut found = Vec::new();
        described(&document, name, &mut found);
        assert!(found.iter().any(|schema| schema[keyword] == limit), "{name} has no {keyword} {limit}");
    }
    for limit in ["262144", "4194304"] {
        assert!(document.to_string().contains(limit), "{limit}");
    }
}

#[tokio::test]
async fn health_and_description_need_no_token() {
    let app = App::start().await;
    for jeton in [None, Some("Bearer quelque-chose")] {
        let health = anonymous(&app, "GET", "/v1/sante", jeton, None).await.expect(200).body;
        assert_eq!(health["statut"], "ok");
        assert!(health["version"].as_str().is_some_and(|v| !v.is_empty()));
        let document = anonymous(&app, "GET", "/v1/openapi.json", jeton, None).await.expect(200).body;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document, committed(), "what is served is what is committed");
    }
    app.system.stop().await;
}

async fn anonymous(app: &App, method: &str, path: &str, authorization: Option<&str>, body: Option<Value>) -> Answer {
    let mut request = app.http.request(verb(method), format!("{}{path}", app.system.url)).header("idempotency-key", key());
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer { status, etag: String::new(), headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// A system with a data folder, and the key that its tokens are signed with.
pub async fn with_key() -> (App, PathBuf, String) {
    let data = std::env::temp_dir().join(format!("optopec-it-{}-{}", key(), std::process::id()));
    let app = App::with(Setup { data: Some(data.clone()), ..Setup::default() }).await;
    let pem = std::fs::read_to_string(data.join("cle-jetons.pem")).unwrap();
    (app, data, pem)
}

pub fn signed(pem: &str, header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

/// What everybody may know of a key, as bytes that somebody could take for a shared secret.
fn public_forms(pem: &str) -> [Vec<u8>; 2] {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = KeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap();
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let text = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    [format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")).into_bytes(), der.as_ref().to_vec()]
}

#[tokio::test]
async fn nobody_and_forgers_stay_outside_of_every_route() {
    let (app, data, ours) = with_key().await;
    let honest = app.user("demo", "LECTURE").await.jeton;
    let parts: Vec<&str> = honest.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    assert_eq!(
        (claims["custom:role"].as_str(), claims["custom:magasin"].as_str().map(|m| &m[..4])),
        (Some("LECTURE"), Some("mag_")),
        "the claims of the contract"
    );

    // Another installation has another key, and names it otherwise.
    let (elsewhere, other_data, theirs) = with_key().await;
    let foreign = elsewhere.user("demo", "GERANT").await.jeton;
    elsewhere.system.stop().await;
    let _ = std::fs::remove_dir_all(other_data);
    let foreign_parts: Vec<&str> = foreign.split('.').collect();

    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let better = encode(with("custom:role", "GERANT".into()).to_string());
    let other_shop = encode(with("custom:magasin", nobody("mag").into()).to_string());
    let alg = |name: &str| {
        let mut header = header.clone();
        header["alg"] = name.into();
        encode(header.to_string())
    };
    let named = |algorithm: Algorithm| Header { kid: header["kid"].as_str().map(str::to_owned), ..Header::new(algorithm) };
    let rs256 = named(Algorithm::RS256);
    let now = claims["iat"].as_i64().unwrap();
    // What follows is judged by its content alone: with the honest content the same key and header open the door.
    let answer = anonymous(&app, "GET", "/v1/magasin", Some(&format!("Bearer {}", signed(&ours, &rs256, &claims))), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    let mut tokens: Vec<String> = [
        with("aud", "optopec-autre".into()),
        without("aud"),
        with("iss", "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_autre".into()),
        without("iss"),
        with("exp", json!(now - 1)),
        with("exp", "demain".into()),
        without("exp"),
        with("iat", json!(now + 3_600)),
        with("nbf", json!(now + 3_600)),
        without("sub"),
        with("sub", "".into()),
    ]
    .iter()
    .map(|claims| signed(&ours, &rs256, claims))
    .collect();
    tokens.extend([
        signed(&ours, &Header::new(Algorithm::RS256), &claims),
        signed(&ours, &named(Algorithm::RS384), &claims),
        signed(&ours, &named(Algorithm::PS256), &claims),
        signed(&theirs, &rs256, &claims),
        signed(&theirs, &Header::new(Algorithm::RS256), &claims),
        foreign.clone(),
    ]);
    for secret in public_forms(&ours) {
        tokens.push(jsonwebtoken::encode(&named(Algorithm::HS256), &claims, &EncodingKey::from_secret(&secret)).unwrap());
    }
    tokens.extend([
        String::new(),
        "a.b.c".into(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{better}.{}", parts[0], parts[2]),
        format!("{}.{other_shop}.{}", parts[0], parts[2]),
        format!("{}.{}.", alg("none"), parts[1]),
        format!("{}.{better}.", alg("None")),
        format!("{}.{}.{}", alg("none"), parts[1], parts[2]),
        format!("{}.{better}.{}", alg("HS256"), parts[2]),
        format!("{}.{}.{}", alg("RS512"), parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], foreign_parts[1], foreign_parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], foreign_parts[2]),
    ]);
    let mut forged: Vec<Option<String>> = tokens.into_iter().map(|token| Some(format!("Bearer {token}"))).collect();
    forged.extend([None, Some(String::new()), Some("Bearer".into()), Some(format!("Basic {honest}")), Some(honest.clone())]);
    for Regle { methode, chemin, .. } in guarded() {
        let path = path(chemin, &prefix(chemin).map(nobody).unwrap_or_default());
        for authorization in &forged {
            let answer = anonymous(&app, methode, &path, authorization.as_deref(), body(methode, chemin)).await;
            assert_eq!(answer.status, 401, "{methode} {chemin} with {authorization:?}: {}", answer.text);
            answer.problem(401);
        }
    }
    // Thirty days later the same honest token is worth nothing.
    let honest = format!("Bearer {honest}");
    app.advance(30 * 24 * 3600 - 60).await;
    anonymous(&app, "GET", "/v1/magasin", Some(&honest), None).await.expect(200);
    app.advance(60).await;
    for Regle { methode, chemin, .. } in guarded() {
        let path = path(chemin, &prefix(chemin).map(nobody).unwrap_or_default());
        anonymous(&app, methode, &path, Some(&honest), body(methode, chemin)).await.problem(401);
    }
    app.system.stop().await;
    let _ = std::fs::remove_dir_all(data);
}

/// One thing of each kind in the shop `demo`.
struct Things {
    mutuelle: String,
    client: String,
    dossier: String,
    demande: String,
    magasin: String,
}

impl Things {
    async fn new(app: &App) -> Self {
        let shop = app.demo_shop("demo").await;
        let mutuelle = shop.post("/v1/mutuelles", json!({"nom": "Mutuelle à nous", "pec": "NON"})).await.expect(201).id();
        let client = shop.post("/v1/clients", json!({"nom": "MONTFORT", "nir": "278052A00412358"})).await.expect(201).id();
        let dossier = shop.dossier("DEMO-STATUT-NOUVEAU").await;
        let demande = shop.ask(&dossier, "PEC").await;
        shop.until(&demande, &["A_VERIFIER"]).await;
        Self { mutuelle, client, dossier, demande, magasin: shop.magasin.clone() }
    }

    /// All of them, as their owner sees them.
    async fn seen(&self, app: &App) -> Vec<Value> {
        let owner = app.user("demo", "GERANT").await;
        let mut seen = Vec::new();
        for path in [
            "/v1/magasin".to_owned(),
            format!("/v1/mutuelles/{}", self.mutuelle),
            format!("/v1/clients/{}", self.client),
            format!("/v1/dossiers/{}", self.dossier),
            format!("/v1/demandes/{}", self.demande),
        ] {
            seen.push(owner.get(&path).await.expect(200).body);
        }
        seen
    }

    fn of(&self, prefix: &str) -> &str {
        match prefix {
            "mut" => &self.mutuelle,
            "cli" => &self.client,
            "dos" => &self.dossier,
            "dem" => &self.demande,
            "mag" => &self.magasin,
            other => panic!("{other}"),
        }
    }
}

/// Calls a route with everything it wants but the `If-Match`, which is only what the caller says.
async fn call(user: &User, method: &str, path: &str, if_match: Option<&str>, body: Option<String>) -> Answer {
    let key = key();
    let mut headers = vec![("content-type", if path.ends_with("/import") || path.ends_with("referentiel/lpp") { "text/csv" } else { "application/json" })];
    if method == "POST" {
        headers.push(("idempotency-key", &key));
    }
    if let Some(etag) = if_match {
        headers.push(("if-match", etag));
    }
    user.raw(verb(method), path, &headers, body.unwrap_or_default()).await
}

#[tokio::test]
async fn a_role_does_what_it_may_and_nothing_else() {
    let app = App::start().await;
    let things = Things::new(&app).await;
    for role in ALL_ROLES {
        let user = app.user("demo", role).await;
        let before = user.get("/v1/demandes").await.body["demandes"].clone();
        for regle in guarded().filter(|regle| !regle.roles().contains(&role)) {
            let Regle { methode: method, chemin: template, .. } = regle;
            let id = prefix(template).map(|p| things.of(p)).unwrap_or_default();
            for body in [body(method, template).map(|b| b.to_string()), Some("{".into()), None] {
                let answer = call(&user, method, &path(template, id), Some("*"), body.clone()).await;
                assert_eq!(answer.status, 403, "{role} {method} {template} {body:?} (allowed: {:?}): {}", regle.roles(), answer.text);
                answer.problem(403);
            }
        }
        assert_eq!(user.get("/v1/demandes").await.body["demandes"], before);
    }
    // Who may is not refused: things that do not exist are not found, bodies that make no sense are told so.
    for role in ALL_ROLES {
        let user = app.user("demo", role).await;
        for Regle { methode: method, chemin: template, .. } in guarded().filter(|regle| regle.roles().contains(&role)) {
            let path = path(template, &prefix(template).map(nobody).unwrap_or_default());
            let answer = call(&user, method, &path, None, Some("{".into())).await;
            assert!(![401, 403].contains(&answer.status) && answer.status < 500, "{role} {method} {template}: {} {}", answer.status, answer.text);
        }
    }
    app.system.stop().await;
}

#[tokio::test]
async fn a_foreign_id_answers_like_one_that_does_not_exist() {
    let app = App::start().await;
    let things = Things::new(&app).await;
    let before = things.seen(&app).await;
    let stranger = app.demo_shop("demo2").await;
    let operateur = app.user("demo2", "OPERATEUR").await;
    for regle in guarded() {
        let Regle { methode: method, chemin: template, .. } = regle;
        let Some(prefix) = prefix(template) else { continue };
        let user = if regle.roles() == ["OPERATEUR"] { &operateur } else { &stranger.gerant };
        let absent = nobody(prefix);
        let real = things.of(prefix);
        let ulid = real.split_once('_').unwrap().1;
        let mut names = vec![
            absent.clone(),
            format!("{prefix}_"),
            ulid.to_owned(),
            "1".to_owned(),
            format!("{prefix}_{}", ulid.to_lowercase()),
            format!("{prefix}_8ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
        ];
        names.extend([format!("{real}0"), format!("{prefix}_%00"), "%C3%A9".to_owned(), format!("zzz_{ulid}")]);
        // An operator's shops belong to nobody else.
        if prefix != "mag" {
            names.push(real.to_owned());
        }
        let bodies = match body(method, template) {
            Some(valid) => vec![Some(valid.to_string()), Some("{".to_owned()), Some("[1]".to_owned()), Some(r#"{"nom": 3, "motif": []}"#.to_owned()), None],
            None => vec![None],
        };
        for body in bodies {
            for if_match in [None, Some("*"), Some("\"1-00000000\"")] {
                let expected = call(user, method, &path(template, &absent), if_match, body.clone()).await;
                assert_eq!(expected.status, 404, "{method} {template} {body:?} {if_match:?}: {}", expected.text);
                let expected = expected.problem(404).said();
                for name in &names {
                    let answer = call(user, method, &path(template, name), if_match, body.clone()).await;
                    assert_eq!(answer.said(), expected, "{method} {template} with {name}, {body:?}, {if_match:?}");
                }
            }
        }
    }
    // Nothing of it touched what is there.
    assert_eq!(things.seen(&app).await, before);
    app.system.stop().await;
}

#[tokio::test]
async fn a_foreign_id_inside_a_request_answers_like_one_that_does_not_exist() {
    let app = App::start().await;
    let things = Things::new(&app).await;
    let stranger = app.demo_shop("demo2").await;
    let list = |client: &str| format!("/v1/dossiers?client_id={client}");
    let (a, b) = (stranger.get(&list(&things.client)).await, stranger.get(&list(&nobody("cli"))).await);
    assert_eq!(a.said(), b.said());
    let from = |client: &str| json!({"client_id": client});
    let (a, b) = (stranger.post("/v1/dossiers", from(&things.client)).await, stranger.post("/v1/dossiers", from(&nobody("cli"))).await);
    assert_eq!(a.said(), b.said());
    assert!(!a.text.contains("MONTFORT"));
    a.refusal();
    for mutuelle in [&things.mutuelle, &nobody("mut")] {
        let id = stranger.post("/v1/dossiers", dossier(mutuelle, "A-1")).await;
        if id.status != 201 {
            id.refusal();
            continue;
        }
        let id = id.id();
        stranger.sign(&id).await;
        let seen = stranger.get(&format!("/v1/dossiers/{id}/verification?equipement=1&nature=PEC")).await.expect(200);
        assert_eq!(seen.codes(), ["MUTUELLE_ABSENTE"], "{}", seen.text);
        assert!(!seen.text.contains("Mutuelle à nous"));
    }
    app.system.stop().await;
}

#[tokio::test]
async fn what_is_no_route_is_said_in_the_same_form() {
    let app = App::start().await;
    let user = app.user("demo", "GERANT").await;
    for path in ["/v1", "/v1/", "/v2/magasin", "/v1/magasins", "/v1/dossiers/", "/v1/clients/a/b", "/v1/operateur/magasins", "/V1/magasin"] {
        user.get(path).await.problem(404);
    }
    for (method, path) in
        [("PATCH", "/v1/magasin"), ("DELETE", "/v1/magasin"), ("PUT", "/v1/clients"), ("DELETE", "/v1/credits/mouvements"), ("POST", "/v1/credits")]
    {
        user.raw(verb(method), path, &[("content-type", "application/json")], "{}").await.problem_one_of(&[404, 405]);
    }
    app.system.stop().await;
}
