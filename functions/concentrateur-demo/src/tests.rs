//! By the public door, as far as nothing is remembered; what is remembered is tested with the whole system.

use super::{DemoDeps, router};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode},
};
use http_body_util::BodyExt;
use optopec_domain::conservation::Conservation;
use optopec_lambda::deps::Clock;
use optopec_store::{Coffre, Store, Tables};
use tower::ServiceExt;

/// A table that nobody serves: a request that asks it fails its test.
fn demo() -> Router {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new("eu-west-3"))
        .endpoint_url("http://127.0.0.1:1")
        .build();
    let tables = Tables { mutuelles: "m".into(), dossiers: "d".into(), credits: "c".into() };
    let kms = aws_sdk_kms::Config::builder().behavior_version_latest().region(aws_sdk_kms::config::Region::new("eu-west-3")).build();
    let coffre = Coffre::new(aws_sdk_kms::Client::from_conf(kms), "cle");
    let store = Store::new(aws_sdk_dynamodb::Client::from_conf(config), tables, coffre, Conservation::PRODUIT);
    router(DemoDeps { store, clock: Clock::System, jeton: "secret-1".into() })
}

async fn call(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    demo().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

const SECRET: (&str, &str) = ("authorization", "Bearer secret-1");

fn req(adherent: &str) -> String {
    format!(
        r#"<OPAMCREQ xmlns="urn:optopec:opamc:1" version="1"><Entete><Reference>dem_1</Reference></Entete><Contrat><Adherent>{adherent}</Adherent></Contrat><Equipement numero="1" type="OPT"><Ligne numero="1"><Valeur>250.00</Valeur></Ligne></Equipement></OPAMCREQ>"#
    )
}

#[tokio::test]
async fn without_the_secret_nothing_is_said() {
    for headers in [
        vec![],
        vec![("authorization", "Bearer secret-2")],
        vec![("authorization", "Bearer secret-12")],
        vec![("authorization", "secret-1")],
        vec![("authorization", "Basic secret-1")],
    ] {
        for (method, path) in [(Method::POST, "/opamc"), (Method::GET, "/conventions")] {
            assert_eq!(call(method, path, &headers, &req("DEMO-ACCORD")).await.status(), StatusCode::UNAUTHORIZED, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn an_unreadable_message_is_a_400_and_a_long_one_a_413() {
    for body in ["", "{}", "<html/>", "<OPAMCREQ/>", &format!("<!DOCTYPE x>{}", req("DEMO-ACCORD"))] {
        assert_eq!(call(Method::POST, "/opamc", &[SECRET], body).await.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(call(Method::POST, "/opamc", &[SECRET], &"a".repeat(300_000)).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(call(Method::GET, "/opamc", &[SECRET], "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(call(Method::GET, "/", &[SECRET], "").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_recorded_is_a_500_or_no_answer() {
    assert_eq!(call(Method::POST, "/opamc", &[SECRET], &req("DEMO-500")).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let lost = call(Method::POST, "/opamc", &[SECRET], &req("DEMO-PERDU")).await;
    assert!(lost.into_body().collect().await.is_err());
}

#[tokio::test]
async fn conventions_are_sent_once() {
    let first = call(Method::GET, "/conventions", &[SECRET], "").await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(first.headers()["content-type"], "text/csv; charset=utf-8");
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let list = text(first).await;
    assert!(list.starts_with("nom;plateau;identifiant;pec;annulation;"));
    for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".into()] {
        let again = call(Method::GET, "/conventions", &[SECRET, ("if-none-match", &known)], "").await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(again.headers()["etag"].to_str().unwrap(), etag);
        assert_eq!(text(again).await, "");
    }
    assert_eq!(call(Method::GET, "/conventions", &[SECRET, ("if-none-match", "\"autre\"")], "").await.status(), StatusCode::OK);
}

#[test]
fn the_list_claims_nothing_about_a_real_insurer() {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(super::CONVENTIONS.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|c| c == name).unwrap();
    let (nom, plateau, pec) = (at("nom"), at("plateau"), at("pec"));
    let mut plateaux = std::collections::BTreeSet::new();
    let mut real = 0;
    for row in reader.records() {
        let row = row.unwrap();
        if row[nom].starts_with("Mutuelle Démo") {
            assert!(row[plateau].starts_with("9000") && plateaux.insert(row[plateau].to_owned()), "{row:?}");
        } else {
            real += 1;
            assert_eq!((&row[plateau], &row[pec]), ("", "NON"), "{row:?}");
        }
    }
    assert!(plateaux.contains("90000001") && real > 100);
}
