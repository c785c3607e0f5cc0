//! Every route of the contract: who may call it, and that nobody else reaches what is behind it.
//!
//! The table is written by hand from docs/api.md. A route of the product that is not in it, or the reverse, is a failing test, so that
//! nothing is published whose guards nobody checked. Documents (`.pdf`) have their own tests.

use crate::{
    app::{Answer, App, Setup, User, dossier, key},
    formes::nobody,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ALL_ROLES: [&str; 4] = ["LECTURE", "OPTICIEN", "GERANT", "OPERATEUR"];
const OUVERTE: &[&str] = &[];
const LIRE: &[&str] = &["LECTURE", "OPTICIEN", "GERANT"];
const SERVIR: &[&str] = &["OPTICIEN", "GERANT"];
const GERER: &[&str] = &["GERANT"];
const OPERER: &[&str] = &["OPERATEUR"];
const TOUS: &[&str] = &ALL_ROLES;

/// Method, template, and the roles that may; none means without a token.
const ROUTES: &[(&str, &str, &[&str])] = &[
    ("GET", "/v1/sante", OUVERTE),
    ("GET", "/v1/openapi.json", OUVERTE),
    ("GET", "/v1/magasin", LIRE),
    ("PUT", "/v1/magasin", GERER),
    ("PUT", "/v1/magasin/transmission", GERER),
    ("GET", "/v1/magasin/conditions", LIRE),
    ("POST", "/v1/mutuelles/telechargement", GERER),
    ("POST", "/v1/mutuelles/import", GERER),
    ("GET", "/v1/mutuelles/export", LIRE),
    ("GET", "/v1/mutuelles", LIRE),
    ("GET", "/v1/mutuelles/index", LIRE),
    ("POST", "/v1/mutuelles", GERER),
    ("GET", "/v1/mutuelles/{id}", LIRE),
    ("PUT", "/v1/mutuelles/{id}", GERER),
    ("DELETE", "/v1/mutuelles/{id}", GERER),
    ("POST", "/v1/clients", SERVIR),
    ("GET", "/v1/clients/{id}", LIRE),
    ("PUT", "/v1/clients/{id}", SERVIR),
    ("DELETE", "/v1/clients/{id}", SERVIR),
    ("POST", "/v1/clients/recherche", LIRE),
    ("POST", "/v1/dossiers", SERVIR),
    ("GET", "/v1/dossiers", LIRE),
    ("GET", "/v1/dossiers/{id}", LIRE),
    ("PUT", "/v1/dossiers/{id}", SERVIR),
    ("DELETE", "/v1/dossiers/{id}", SERVIR),
    ("POST", "/v1/dossiers/recherche", LIRE),
    ("POST", "/v1/dossiers/{id}/consentement", SERVIR),
    ("GET", "/v1/dossiers/{id}/verification", LIRE),
    ("POST", "/v1/dossiers/{id}/demandes", SERVIR),
    ("GET", "/v1/demandes", LIRE),
    ("GET", "/v1/demandes/export", LIRE),
    ("GET", "/v1/demandes/{id}", LIRE),
    ("POST", "/v1/demandes/{id}/actualisation", SERVIR),
    ("POST", "/v1/demandes/{id}/annulation", SERVIR),
    ("POST", "/v1/demandes/{id}/transfert", SERVIR),
    ("POST", "/v1/demandes/{id}/transformation", SERVIR),
    ("POST", "/v1/demandes/{id}/decision", GERER),
    ("GET", "/v1/statistiques", LIRE),
    ("GET", "/v1/credits", LIRE),
    ("GET", "/v1/credits/mouvements", LIRE),
    ("POST", "/v1/credits/recharges", OPERER),
    ("POST", "/v1/credits/corrections", OPERER),
    ("PUT", "/v1/operateur/magasins/{id}", OPERER),
    ("GET", "/v1/referentiel/lpp", TOUS),
    ("PUT", "/v1/referentiel/lpp", OPERER),
    ("GET", "/v1/referentiel/taux", TOUS),
    ("PUT", "/v1/referentiel/taux", OPERER),
];

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

fn without_names(template: &str) -> String {
    template.split('/').map(|s| if s.starts_with('{') { "{id}" } else { s }).collect::<Vec<_>>().join("/")
}

fn published(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(template, item)| item.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), without_names(template))));
    all.filter(|(method, template)| ["GET", "POST", "PUT", "DELETE", "PATCH"].contains(&method.as_str()) && !template.ends_with(".pdf")).collect()
}

fn committed_text() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json")).expect("openapi.json is committed (make openapi)")
}

fn committed() -> Value {
    serde_json::from_str(&committed_text()).unwrap()
}

#[test]
fn the_committed_document_is_the_one_the_code_writes() {
    let (written, committed) = (optopec_local::openapi::document(), committed_text());
    let differs = written.trim_end().lines().zip(committed.trim_end().lines()).find(|(ours, theirs)| ours != theirs);
    assert!(written.trim_end() == committed.trim_end(), "openapi.json is out of date (make openapi): {differs:?}");
}

#[test]
fn the_committed_document_and_this_table_name_the_same_routes() {
    let ours: BTreeSet<_> = ROUTES.iter().map(|(method, template, _)| ((*method).to_owned(), (*template).to_owned())).collect();
    assert_eq!(ours.len(), ROUTES.len(), "a route stands twice in the table");
    let theirs = published(&committed());
    let only = |a: &BTreeSet<(String, String)>, b: &BTreeSet<(String, String)>| a.difference(b).map(|(m, t)| format!("{m} {t}")).collect::<Vec<_>>();
    assert_eq!(only(&ours, &theirs), Vec::<String>::new(), "in the contract, not in openapi.json");
    assert_eq!(only(&theirs, &ours), Vec::<String>::new(), "in openapi.json, not in the table of this test");
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

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding, as a token writes its parts.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..=three.len() {
            text.push(char::from(ALPHABET[(n >> (18 - 6 * i)) as usize & 63]));
        }
    }
    text
}

fn decode(text: &str) -> Value {
    let (mut bytes, mut n, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes() {
        n = n << 6 | u32::try_from(ALPHABET.iter().position(|a| *a == c).unwrap()).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((n >> bits) as u8);
            n &= (1 << bits) - 1;
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn nobody_and_forgers_stay_outside_of_every_route() {
    let app = App::start().await;
    let honest = app.user("demo", "LECTURE").await.jeton;
    let parts: Vec<&str> = honest.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    assert_eq!(encode(claims.to_string().as_bytes()), encode(serde_json::to_vec(&claims).unwrap().as_slice()));
    assert_eq!(
        (claims["custom:role"].as_str(), claims["custom:magasin"].as_str().map(|m| &m[..4])),
        (Some("LECTURE"), Some("mag_")),
        "the claims of the contract"
    );

    // Another installation has another key, and names it otherwise.
    let data = std::env::temp_dir().join(format!("optopec-it-{}-{}", key(), std::process::id()));
    let elsewhere = App::with(Setup { data: Some(data.clone()), ..Setup::default() }).await;
    let foreign = elsewhere.user("demo", "GERANT").await.jeton;
    elsewhere.system.stop().await;
    let _ = std::fs::remove_dir_all(data);
    let foreign_parts: Vec<&str> = foreign.split('.').collect();

    let mut better = claims.clone();
    better["custom:role"] = "GERANT".into();
    let better = encode(better.to_string().as_bytes());
    let alg = |name: &str| {
        let mut header = header.clone();
        header["alg"] = name.into();
        encode(header.to_string().as_bytes())
    };
    let forged = vec![
        None,
        Some(String::new()),
        Some("Bearer".into()),
        Some("Bearer ".into()),
        Some("Bearer a.b.c".into()),
        Some(format!("Basic {honest}")),
        Some(honest.clone()),
        Some(format!("Bearer {}.{}.", parts[0], parts[1])),
        Some(format!("Bearer {}.{}", parts[0], parts[1])),
        Some(format!("Bearer {}.{better}.{}", parts[0], parts[2])),
        Some(format!("Bearer {}.{}.", alg("none"), parts[1])),
        Some(format!("Bearer {}.{better}.", alg("None"))),
        Some(format!("Bearer {}.{}.{}", alg("none"), parts[1], parts[2])),
        Some(format!("Bearer {}.{better}.{}", alg("HS256"), parts[2])),
        Some(format!("Bearer {}.{}.{}", alg("RS512"), parts[1], parts[2])),
        Some(format!("Bearer {foreign}")),
        Some(format!("Bearer {}.{}.{}", parts[0], foreign_parts[1], foreign_parts[2])),
        Some(format!("Bearer {}.{}.{}", parts[0], parts[1], foreign_parts[2])),
    ];
    for (method, template, roles) in ROUTES {
        if roles.is_empty() {
            continue;
        }
        let path = path(template, &prefix(template).map(nobody).unwrap_or_default());
        for authorization in &forged {
            let answer = anonymous(&app, method, &path, authorization.as_deref(), body(method, template)).await;
            assert_eq!(answer.status, 401, "{method} {template} with {authorization:?}: {}", answer.text);
            answer.problem(401);
        }
    }
    // Thirty days later the same honest token is worth nothing.
    let honest = format!("Bearer {honest}");
    app.advance(30 * 24 * 3600 - 60).await;
    anonymous(&app, "GET", "/v1/magasin", Some(&honest), None).await.expect(200);
    app.advance(60).await;
    for (method, template, roles) in ROUTES {
        if !roles.is_empty() {
            let path = path(template, &prefix(template).map(nobody).unwrap_or_default());
            anonymous(&app, method, &path, Some(&honest), body(method, template)).await.problem(401);
        }
    }
    app.system.stop().await;
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
        for (method, template, roles) in ROUTES.iter().filter(|r| !r.2.is_empty() && !r.2.contains(&role)) {
            let id = prefix(template).map(|p| things.of(p)).unwrap_or_default();
            for body in [body(method, template).map(|b| b.to_string()), Some("{".into()), None] {
                let answer = call(&user, method, &path(template, id), Some("*"), body.clone()).await;
                assert_eq!(answer.status, 403, "{role} {method} {template} {body:?} (allowed: {roles:?}): {}", answer.text);
                answer.problem(403);
            }
        }
        assert_eq!(user.get("/v1/demandes").await.body["demandes"], before);
    }
    // Who may is not refused: things that do not exist are not found, bodies that make no sense are told so.
    for role in ALL_ROLES {
        let user = app.user("demo", role).await;
        for (method, template, _) in ROUTES.iter().filter(|r| r.2.contains(&role)) {
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
    for (method, template, roles) in ROUTES {
        let Some(prefix) = prefix(template) else { continue };
        let user = if *roles == OPERER { &operateur } else { &stranger.gerant };
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

#[test]
fn a_token_is_written_as_rfc_4648_says() {
    assert_eq!(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|t| encode(t.as_bytes())), ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"]);
    assert_eq!(decode(&encode(r#"{"é":"ÿ>?"}"#.as_bytes())), json!({"é": "ÿ>?"}));
}
