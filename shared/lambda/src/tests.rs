//! The conventions of the HTTP contract that need no table, checked by the public door: events of API Gateway go in, answers come out.

use crate::{
    config::{ConcentrateurConfig, Config},
    contexte::{Contexte, id},
    corps::Corps,
    csv,
    debit::Debit,
    deps::{Clock, Deps, Ids},
    etag::etag,
    openapi::{self, CleRequise, IfMatch, IfNoneMatch},
    page::{self, Pagination},
    probleme::Probleme,
    queues::Queues,
    reponse::Reponse,
    routeur, serve,
};
use axum::{
    Router,
    extract::{Path, State},
};
use jiff::SignedDuration;
use lambda_http::{LambdaEvent, Service, request::LambdaRequest};
use optopec_domain::{conservation::Conservation, ids::DossierId, limites};
use optopec_store::{Coffre, Page, Store, Tables};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

const MAGASIN: &str = "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const DOSSIER: &str = "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// The state of the service.
#[utoipa::path(get, path = "/v1/sante", responses((status = 200, description = "En vie.")))]
async fn sante() -> Reponse {
    Reponse::ok(&json!({"statut": "ok"}))
}

/// One page of what there is.
#[utoipa::path(get, path = "/v1/dossiers", params(Pagination), responses((status = 200, description = "Une page.")))]
async fn list(_: Contexte, page: Pagination) -> Result<Reponse, Probleme> {
    let all = Page { elements: vec![page.limite], suivant: page.suivant };
    Ok(Reponse::ok(&page::body("dossiers", &all, |n| *n)?))
}

/// Makes one.
#[utoipa::path(post, path = "/v1/dossiers", request_body = Value, responses((status = 201, description = "Créé.")))]
async fn create(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let nom = corps.read(|o, e| {
        let nom = o.texte_requis("nom", limites::NOM_CARACTERES_MAX, e);
        let _ = o.centimes("prix_centimes", e);
        Some(nom)
    })?;
    let reponse = Reponse::created(&json!({"id": DOSSIER, "nom": nom})).location(format!("/v1/dossiers/{DOSSIER}")).etag(etag(1, &nom));
    assert!(idem.record(&reponse, ctx.now).is_none(), "without a key nothing is remembered");
    Ok(reponse)
}

fn known(text: &str) -> Result<DossierId, Probleme> {
    let id = id::<DossierId>(text)?;
    if id.as_str() == DOSSIER { Ok(id) } else { Err(Probleme::introuvable()) }
}

/// Shows one.
#[utoipa::path(get, path = "/v1/dossiers/{id}", params(("id" = String, Path), IfNoneMatch), responses((status = 200, description = "Le voici.")))]
async fn show(ctx: Contexte, Path(text): Path<String>) -> Result<Reponse, Probleme> {
    let body = json!({"id": known(&text)?.as_str(), "version": 3});
    Ok(ctx.respond(etag(3, &body), &body))
}

/// Changes one.
#[utoipa::path(put, path = "/v1/dossiers/{id}", params(("id" = String, Path), IfMatch), request_body = Value, responses((status = 200, description = "Changé.")))]
async fn change(ctx: Contexte, Path(text): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    known(&text)?;
    ctx.if_match(3)?;
    let body = corps.valeur()?;
    Ok(Reponse::ok(&body).etag(etag(4, &body)))
}

/// Needs a key.
#[utoipa::path(post, path = "/v1/dossiers/{id}/demandes", params(("id" = String, Path), CleRequise), responses((status = 201, description = "Acceptée.")))]
async fn ask(ctx: Contexte, Path(text): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    known(&text)?;
    ctx.idempotent(&corps).await?.required()?;
    Ok(Reponse::created(&json!({})))
}

/// Takes a file.
#[utoipa::path(post, path = "/v1/mutuelles/import", request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "Lu.")))]
async fn import(_: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let table = csv::read(corps.fichier()?, &["nom"]).map_err(|e| Probleme::csv_illisible(e.message))?;
    Ok(Reponse::ok(&json!({"lus": table.rangs.len(), "rejetes": table.rejets.len()})))
}

/// A file.
#[utoipa::path(get, path = "/v1/mutuelles/export", responses((status = 200, description = "Le fichier.")))]
async fn export(_: Contexte) -> Reponse {
    Reponse::csv("mutuelles.csv", "nom\r\nété\r\n".to_owned())
}

/// The operator's.
#[utoipa::path(put, path = "/v1/referentiel/taux", responses((status = 200, description = "Fait.")))]
async fn operate(ctx: Contexte) -> Reponse {
    Reponse::ok(&json!({"par": ctx.appelant.utilisateur}))
}

/// Anybody's with a token.
#[utoipa::path(get, path = "/v1/referentiel/taux", responses((status = 200, description = "Le voici.")))]
async fn consult(_: Contexte, State(_): State<Deps>) -> Reponse {
    Reponse::ok(&json!({}))
}

/// A bug.
#[utoipa::path(get, path = "/v1/statistiques", responses((status = 200, description = "Jamais.")))]
async fn bug(_: Contexte) -> Reponse {
    panic!("MONTFORT")
}

/// Not in the table of who may call what.
#[utoipa::path(get, path = "/v1/oubliee", responses((status = 200, description = "Jamais.")))]
async fn forgotten(_: Contexte) -> Reponse {
    Reponse::ok(&json!({}))
}

fn deps(limites: bool) -> Deps {
    let nowhere = ConcentrateurConfig { url: "http://127.0.0.1:1".into(), jeton: String::new(), timeout: Duration::from_secs(1) };
    let tables = Tables { mutuelles: "mutuelles".into(), dossiers: "dossiers".into(), credits: "credits".into() };
    let config = Config {
        tables: tables.clone(),
        cle_kms: "cle".into(),
        conservation: Conservation::PRODUIT,
        plafond_lectures: 1,
        transmission_queue_url: String::new(),
        refresh_queue_url: String::new(),
        concentrateur_reel: None,
        concentrateur_demo: nowhere,
        limites,
        debit: Debit::PRODUIT,
        session: SignedDuration::from_hours(12),
        version: Config::VERSION,
    };
    let dynamo = aws_sdk_dynamodb::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_dynamodb::config::Region::new("eu-west-3"))
        .credentials_provider(aws_sdk_dynamodb::config::Credentials::new("test", "test", None, None, "test"))
        .endpoint_url("http://127.0.0.1:1")
        .retry_config(aws_sdk_dynamodb::config::retry::RetryConfig::disabled())
        .build();
    let kms = aws_sdk_kms::Config::builder().behavior_version_latest().region(aws_sdk_kms::config::Region::new("eu-west-3")).build();
    let coffre = Coffre::new(aws_sdk_kms::Client::from_conf(kms), "cle");
    let sqs = aws_sdk_sqs::Config::builder().behavior_version_latest().region(aws_sdk_sqs::config::Region::new("eu-west-3")).build();
    Deps {
        clock: Clock::System,
        ids: Ids::Counter(Arc::default()),
        queues: Queues::new(aws_sdk_sqs::Client::from_conf(sqs), &config),
        config,
        store: Store::new(aws_sdk_dynamodb::Client::from_conf(dynamo), tables, coffre, Conservation::PRODUIT),
    }
}

fn api(limites: bool) -> (Router, OpenApi) {
    let routes = OpenApiRouter::new()
        .routes(routes!(sante))
        .routes(routes!(list, create))
        .routes(routes!(show, change))
        .routes(routes!(ask))
        .routes(routes!(import))
        .routes(routes!(export))
        .routes(routes!(operate, consult))
        .routes(routes!(bug))
        .routes(routes!(forgotten));
    routeur::assemble(routes, deps(limites))
}

struct Client {
    router: Router,
    role: Option<&'static str>,
}

struct Answer {
    status: u64,
    headers: Value,
    body: Value,
}

impl Client {
    fn new(role: &'static str) -> Self {
        Self { router: api(false).0, role: Some(role) }
    }

    async fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers: serde_json::Map<String, Value> = [("host", "api.example")].iter().chain(headers).map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
        let mut event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
            "requestContext": {"accountId": "1", "apiId": "a", "requestId": "r-42", "stage": "$default", "timeEpoch": 0,
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "t"}},
            "isBase64Encoded": false,
        });
        if let Some(role) = self.role {
            event["requestContext"]["authorizer"] = json!({"jwt": {"claims": {"sub": "u1", "custom:magasin": MAGASIN, "custom:role": role}, "scopes": null}});
        }
        if let Some(body) = body {
            event["body"] = json!(body);
        }
        let request: LambdaRequest = serde_json::from_value(event).unwrap();
        let answer = serve::service(self.router.clone()).call(LambdaEvent::new(request, lambda_http::Context::default())).await.unwrap();
        let answer = serde_json::to_value(answer).unwrap();
        let text = answer["body"].as_str().unwrap_or_default();
        Answer {
            status: answer["statusCode"].as_u64().unwrap(),
            headers: answer["headers"].clone(),
            body: serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        }
    }

    async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], None).await
    }
}

impl Answer {
    #[track_caller]
    fn problem(&self, status: u64, genre: &str) -> &Self {
        assert_eq!((self.status, &self.body["type"]), (status, &json!(format!("/problemes/{genre}"))), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!((&self.body["status"], &self.body["instance"]), (&json!(status), &json!("r-42")));
        for field in ["title", "detail"] {
            assert!(self.body[field].as_str().is_some_and(|t| !t.is_empty()), "{field}");
        }
        self
    }

    fn champs(&self) -> Vec<(&str, &str)> {
        self.body["erreurs"].as_array().into_iter().flatten().map(|e| (e["champ"].as_str().unwrap(), e["code"].as_str().unwrap())).collect()
    }
}

#[tokio::test]
async fn without_claims_nothing_is_answered_but_the_public_routes() {
    let nobody = Client { router: api(false).0, role: None };
    assert_eq!(nobody.get("/v1/sante").await.status, 200);
    let answer = nobody.get("/v1/dossiers").await;
    answer.problem(401, "non-authentifie");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn a_role_may_what_the_contract_says() {
    for (role, allowed) in [
        ("LECTURE", [200, 403, 403, 403, 403, 200]),
        ("OPTICIEN", [200, 201, 200, 403, 403, 200]),
        ("GERANT", [200, 201, 200, 200, 403, 200]),
        ("OPERATEUR", [403, 403, 403, 403, 200, 200]),
    ] {
        let client = Client::new(role);
        let put = format!("/v1/dossiers/{DOSSIER}");
        let statuses = [
            client.get("/v1/dossiers").await.status,
            client.send("POST", "/v1/dossiers", &[], Some(r#"{"nom":"a"}"#)).await.status,
            client.send("PUT", &put, &[("if-match", "*")], Some("{}")).await.status,
            client.send("POST", "/v1/mutuelles/import", &[("content-type", "text/csv")], Some("nom\n")).await.status,
            client.send("PUT", "/v1/referentiel/taux", &[], None).await.status,
            client.get("/v1/referentiel/taux").await.status,
        ];
        assert_eq!(statuses, allowed, "{role}");
    }
    Client::new("LECTURE").send("PUT", "/v1/referentiel/taux", &[], None).await.problem(403, "interdit");
}

#[tokio::test]
async fn a_route_that_the_table_forgot_is_nobodys() {
    for role in ["LECTURE", "OPTICIEN", "GERANT", "OPERATEUR"] {
        Client::new(role).get("/v1/oubliee").await.problem(403, "interdit");
    }
    Client { router: api(false).0, role: None }.get("/v1/oubliee").await.problem(401, "non-authentifie");
}

#[tokio::test]
async fn a_head_is_the_get_without_its_body() {
    let answer = Client::new("LECTURE").send("HEAD", "/v1/dossiers", &[], None).await;
    assert_eq!((answer.status, &answer.body), (200, &json!("")));
    assert_eq!(Client::new("OPERATEUR").send("HEAD", "/v1/dossiers", &[], None).await.status, 403);
}

#[tokio::test]
async fn every_refusal_of_the_framework_is_a_problem() {
    let client = Client::new("OPTICIEN");
    client.get("/v1/rien").await.problem(404, "introuvable");
    client.get("/").await.problem(404, "introuvable");
    let answer = client.send("DELETE", "/v1/dossiers", &[], None).await;
    answer.problem(405, "methode-interdite");
    assert!(answer.headers["allow"].as_str().unwrap().contains("POST"), "{}", answer.headers);
    client.get("/v1/dossiers/%FF").await.problem(400, "requete-illisible");
    client.get("/v1/dossiers/%").await.problem(404, "introuvable");
    assert_eq!(client.send("GET", "/v1/dossiers", &[("host", "[ nulle part")], None).await.status, 200);
    client.get("/v1/dossiers?limite=%FF&&=&%").await.problem(422, "champs-invalides");
}

#[tokio::test]
async fn an_address_reaches_the_routes_as_it_was_sent_or_none_of_them() {
    let gerant = Client::new("GERANT");
    gerant.get("/v1/mutuelles/export").await;
    let long = |part: &str| format!("/v1/dossiers/{}", part.repeat(40_000));
    for target in [
        "/v1/dossiers/../mutuelles/export",
        "/v1/dossiers/./../mutuelles/export",
        "/v1/dossiers/%2e%2e/mutuelles/export",
        "/v1/dossiers/.%2E/mutuelles/export",
        "/v1/dossiers/..;/mutuelles/export",
        "/v1\\mutuelles\\export",
        "/v1/dossiers\\..\\mutuelles\\export",
        "/v1/mutuelles/exp\tort",
        "/v1/mutuelles/export\n",
        " /v1/mutuelles/export",
        "/v1/mutuelles/export ",
        "/v1/mutuelles/./export",
        "//v1/mutuelles/export",
        "/v1/mutuelles//export",
        "/v1/mutuelles/export/",
        "/v1/mutuelles/export;a=b",
        "/v1/mutuelles/export%00",
        "/v1/mutuelles/export%2F",
        "/v1%2Fmutuelles/export",
        "http://autre.example/v1/mutuelles/export",
        "@autre.example/v1/mutuelles/export",
        "v1/mutuelles/export",
        "*",
        "",
        "/v1/mutuelles/export#?",
        "/v1/dossiers/é",
        "/v1/mutuelles/export?a b",
        "/v1/mutuelles/export?\u{0}",
        &long("{"),
        &long("\""),
        &long("é"),
        &long("a"),
        &format!("/v1/mutuelles/export?{}", "a".repeat(70_000)),
    ] {
        let answer = gerant.get(target).await;
        assert_eq!((answer.status, &answer.body["type"]), (404, &json!("/problemes/introuvable")), "{target:.40}");
    }
    assert_eq!(gerant.get("/v1/mutuelles/export?a=%FF&b=%00&c=%zz&&;==").await.status, 200);
}

#[tokio::test]
async fn a_panic_is_an_answer_and_tells_nothing() {
    let answer = Client::new("OPTICIEN").get("/v1/statistiques").await;
    answer.problem(500, "interne");
    assert!(!answer.body.to_string().contains("MONTFORT"));
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_told_as_such() {
    let answer = Client::new("OPTICIEN").send("POST", "/v1/dossiers", &[("idempotency-key", "k1")], Some(r#"{"nom":"a"}"#)).await;
    answer.problem(503, "indisponible");
    assert!(answer.headers["retry-after"].is_string());
}

#[tokio::test]
async fn a_malformed_id_is_like_one_that_does_not_exist_whatever_the_body() {
    let client = Client::new("GERANT");
    let too_large = "x".repeat(limites::CORPS_OCTETS_MAX + 1);
    for target in ["/v1/dossiers/x", "/v1/dossiers/dem_01ARZ3NDEKTSV4RRFFQ69G5FAV", "/v1/dossiers/dos_01ARZ3NDEKTSV4RRFFQ69G5FAW"] {
        for body in ["{}", "{", too_large.as_str()] {
            client.send("PUT", target, &[], Some(body)).await.problem(404, "introuvable");
        }
    }
}

#[tokio::test]
async fn a_body_is_refused_by_what_is_wrong_with_it() {
    let client = Client::new("OPTICIEN");
    let post = async |body: &str| client.send("POST", "/v1/dossiers", &[], Some(body)).await;
    post("{").await.problem(400, "json-illisible");
    post("").await.problem(400, "json-illisible");
    assert_eq!(post("[]").await.problem(422, "champs-invalides").champs(), [("", "TYPE")]);
    assert_eq!(post(r#"{"prix_centimes":12.5}"#).await.problem(422, "champs-invalides").champs(), [("/nom", "OBLIGATOIRE"), ("/prix_centimes", "TYPE")]);
    assert_eq!(post(&format!(r#"{{"nom":"{}"}}"#, "é".repeat(61))).await.problem(422, "champs-invalides").champs(), [("/nom", "TROP_LONG")]);
    let answer = post(r#"{"nom":"  Zoé\u0000 ","inconnu":[1],"id":"ignored"}"#).await;
    assert_eq!((answer.status, &answer.body), (201, &json!({"id": DOSSIER, "nom": "Zoé"})));
    assert_eq!(answer.headers["location"], format!("/v1/dossiers/{DOSSIER}"));
}

#[tokio::test]
async fn a_size_limit_is_named_by_its_error() {
    let client = Client::new("GERANT");
    let json_max = limites::CORPS_OCTETS_MAX;
    let body = |n: usize| format!(r#"{{"nom":"a","x":"{}"}}"#, "x".repeat(n - r#"{"nom":"a","x":""}"#.len()));
    assert_eq!(client.send("POST", "/v1/dossiers", &[], Some(&body(json_max))).await.status, 201);
    let answer = client.send("POST", "/v1/dossiers", &[], Some(&body(json_max + 1))).await;
    assert!(answer.problem(413, "trop-grand").body["detail"].as_str().unwrap().contains("256 Kio"));
    let file = |n: usize| format!("nom\n{}", "a".repeat(n - 4));
    let csv = [("content-type", "text/csv; charset=utf-8")];
    assert_eq!(client.send("POST", "/v1/mutuelles/import", &csv, Some(&file(json_max + 1))).await.status, 200);
    assert_eq!(client.send("POST", "/v1/mutuelles/import", &csv, Some(&file(limites::CORPS_CSV_OCTETS_MAX))).await.status, 200);
    let answer = client.send("POST", "/v1/mutuelles/import", &csv, Some(&file(limites::CORPS_CSV_OCTETS_MAX + 1))).await;
    assert!(answer.problem(413, "trop-grand").body["detail"].as_str().unwrap().contains("4 Mio"));
    client.send("POST", "/v1/mutuelles/import", &csv, Some("plateau\n")).await.problem(422, "csv-illisible");
}

#[tokio::test]
async fn a_get_carries_a_tag_and_a_put_needs_it() {
    let client = Client::new("GERANT");
    let target = format!("/v1/dossiers/{DOSSIER}");
    let first = client.get(&target).await;
    let tag = first.headers["etag"].as_str().unwrap().to_owned();
    let again = client.send("GET", &target, &[("if-none-match", &tag)], None).await;
    assert_eq!((again.status, &again.body, &again.headers["etag"]), (304, &json!(""), &json!(tag)));
    client.send("PUT", &target, &[], Some("{}")).await.problem(428, "precondition-requise");
    client.send("PUT", &target, &[("if-match", "\"2-00000000\"")], Some("{}")).await.problem(412, "version-perimee");
    assert_eq!(client.send("PUT", &target, &[("if-match", &tag)], Some("{}")).await.status, 200);
}

#[tokio::test]
async fn a_key_is_checked_and_required_where_the_contract_says() {
    let client = Client::new("OPTICIEN");
    let target = format!("/v1/dossiers/{DOSSIER}/demandes");
    client.send("POST", &target, &[], Some("{}")).await.problem(400, "cle-idempotence-requise");
    for key in ["", &"k".repeat(65)] {
        client.send("POST", &target, &[("idempotency-key", key)], Some("{}")).await.problem(400, "cle-idempotence-invalide");
    }
}

#[tokio::test]
async fn a_list_has_its_bounds() {
    let client = Client::new("LECTURE");
    assert_eq!(client.get("/v1/dossiers").await.body, json!({"dossiers": [50], "suivant": null}));
    assert_eq!(client.get("/v1/dossiers?limite=7&suivant=abc").await.body, json!({"dossiers": [7], "suivant": "abc"}));
    assert_eq!(client.get("/v1/dossiers?limite=101").await.problem(422, "champs-invalides").champs(), [("/limite", "BORNES")]);
}

#[tokio::test]
async fn too_fast_a_caller_is_told_when_to_come_back() {
    let fast = Client { router: api(true).0, role: Some("LECTURE") };
    let mut allowed = 0;
    let refused = loop {
        let answer = fast.get("/v1/referentiel/taux").await;
        if answer.status != 200 {
            break answer;
        }
        allowed += 1;
        assert!(allowed < 5_000, "never held back");
    };
    assert!(allowed >= limites::DEBIT_RAFALE_REQUETES, "{allowed}");
    refused.problem(429, "trop-de-requetes");
    assert!(refused.headers["retry-after"].as_str().is_some_and(|s| s.parse::<u32>().is_ok()));
}

#[tokio::test]
async fn answers_are_kept_by_nobody_and_carry_their_request() {
    let client = Client::new("LECTURE");
    let list = client.get("/v1/dossiers").await;
    assert_eq!((&list.headers["cache-control"], &list.headers["x-request-id"]), (&json!("no-store"), &json!("r-42")));
    assert_eq!(client.get(&format!("/v1/dossiers/{DOSSIER}")).await.headers["cache-control"], "no-store");
    let export = client.get("/v1/mutuelles/export").await;
    assert_eq!((&export.headers["content-type"], &export.body), (&json!("text/csv; charset=utf-8"), &json!("nom\r\nété\r\n")));
}

#[test]
fn the_document_tells_what_every_route_may_answer() {
    let document = serde_json::to_value(api(false).1).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let codes = |path: &str, method: &str| document["paths"][path][method]["responses"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(codes("/v1/sante", "get"), ["200", "500", "503"]);
    assert_eq!(codes("/v1/dossiers/{id}", "get"), ["200", "304", "401", "403", "404", "429", "500", "503"]);
    assert_eq!(codes("/v1/dossiers/{id}", "put"), ["200", "400", "401", "403", "404", "412", "413", "422", "428", "429", "500", "503"]);
    assert_eq!(codes("/v1/dossiers", "post"), ["201", "400", "401", "403", "409", "413", "422", "429", "500", "503"]);
    assert_eq!(document["components"]["securitySchemes"]["jeton"]["scheme"], "bearer");
    assert_eq!(document["paths"]["/v1/sante"]["get"]["security"], json!([]));
    assert_eq!(document["paths"]["/v1/dossiers"]["post"]["security"], Value::Null);
    assert_eq!(document["paths"]["/v1/dossiers"]["post"]["x-roles"], json!(["OPTICIEN", "GERANT"]));
    assert_eq!(document["paths"]["/v1/referentiel/taux"]["put"]["x-roles"], json!(["OPERATEUR"]));
    assert_eq!(document["paths"]["/v1/oubliee"]["get"]["x-roles"], json!([]));
    let keys = |path: &str| {
        document["paths"][path]["post"]["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["name"] == "Idempotency-Key")
            .map(|p| p["required"].as_bool().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((keys("/v1/dossiers"), keys("/v1/dossiers/{id}/demandes")), (vec![false], vec![true]));
    let description = document["info"]["description"].as_str().unwrap();
    for limit in ["4194304", "262144", "| 40 |", "| 6 |", "| 500 |"] {
        assert!(description.contains(limit), "{limit}");
    }
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn parts_join_into_one_document_in_any_order() {
    let (a, b) = (api(false).1, openapi::complete(OpenApiRouter::<Deps>::new().routes(routes!(sante)).into_openapi()));
    let join = |parts: Vec<OpenApi>| serde_json::to_string(&openapi::merge(parts)).unwrap();
    assert_eq!(join(vec![a.clone(), b.clone()]), join(vec![b, a]));
}
