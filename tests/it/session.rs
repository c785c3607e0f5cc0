//! How long a person stays signed in on a shop's shared computer.

use crate::{
    app::{App, User},
    routes::{decode, signed, with_key},
};
use jsonwebtoken::Header;
use serde_json::{Value, json};

const HOUR: i64 = 3_600;

/// What the sign-in page gets from the local issuer.
async fn sign_in(app: &App, session: Value) -> reqwest::Response {
    let body = json!({"magasin": "demo", "role": "OPTICIEN", "session": session});
    app.http.post(format!("{}/local/jeton", app.system.url)).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_token_of_a_session_is_worth_one_hour() {
    let app = App::start().await;
    let body: Value = sign_in(&app, json!(true)).await.json().await.unwrap();
    let jeton = body["jeton"].as_str().unwrap().to_owned();
    let claims = decode(jeton.split('.').nth(1).unwrap());
    assert_eq!((&claims["auth_time"], claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()), (&claims["iat"], HOUR));
    let person = User { jeton, ..app.user("demo", "OPTICIEN").await };
    app.advance(59 * 60).await;
    person.get("/v1/magasin").await.expect(200);
    app.advance(60).await;
    person.get("/v1/magasin").await.problem(401);

    // Without a session the token of a program stays what it was.
    let program = app.user("demo", "OPTICIEN").await;
    assert_eq!(decode(program.jeton.split('.').nth(1).unwrap()).get("auth_time"), None);
    app.advance(13 * HOUR).await;
    program.get("/v1/magasin").await.expect(200);
    assert_eq!(sign_in(&app, json!("oui")).await.status(), 422);
    app.system.stop().await;
}

#[tokio::test]
async fn a_renewed_token_does_not_prolong_a_session_for_ever() {
    let (app, data, pem) = with_key().await;
    let person = app.user("demo", "OPTICIEN").await;
    let parts: Vec<&str> = person.jeton.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    let now = claims["iat"].as_i64().unwrap();
    // The token is our own, and its `exp` is a month away.
    let signed_in_at = |auth_time: Value| {
        let mut claims = claims.clone();
        claims["auth_time"] = auth_time;
        let header = Header { kid: header["kid"].as_str().map(str::to_owned), ..Header::new(jsonwebtoken::Algorithm::RS256) };
        User { jeton: signed(&pem, &header, &claims), ..person.clone() }
    };
    for (auth_time, kind) in [
        (json!(now - 12 * HOUR), "/problemes/session-terminee"),
        (json!((now - 12 * HOUR).to_string()), "/problemes/session-terminee"),
        (json!(0), "/problemes/session-terminee"),
        (json!(now + HOUR), "/problemes/non-authentifie"),
        (json!("hier"), "/problemes/non-authentifie"),
        (json!(true), "/problemes/non-authentifie"),
        (Value::Null, "/problemes/non-authentifie"),
    ] {
        let answer = signed_in_at(auth_time.clone()).get("/v1/magasin").await;
        assert_eq!((answer.status, answer.kind()), (401, kind), "{auth_time}: {}", answer.text);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        answer.problem(401);
    }
    let answer = signed_in_at(json!(now - 12 * HOUR)).get("/v1/magasin").await;
    assert_eq!(answer.body["detail"], "La session est terminée : reconnectez-vous.");

    let late = signed_in_at(json!(now - 11 * HOUR));
    late.get("/v1/magasin").await.expect(200);
    app.advance(HOUR).await;
    late.get("/v1/magasin").await.problem(401);
    app.system.stop().await;
    let _ = std::fs::remove_dir_all(data);
}
