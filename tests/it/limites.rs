//! How fast one user may call, and how she is told.

use crate::app::{Answer, App, Setup};
use optopec_lambda::debit::Debit;

fn told<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().unwrap())
}

/// `r` and `t` of `RateLimit`.
fn left(answer: &Answer) -> (u64, u64) {
    let field = told(answer, "ratelimit").unwrap_or_else(|| panic!("no RateLimit: {answer:?}"));
    let [name, r, t] = field.split(';').collect::<Vec<_>>()[..] else { panic!("{field}") };
    assert_eq!(name, "\"utilisateur\"");
    (r.strip_prefix("r=").unwrap().parse().unwrap(), t.strip_prefix("t=").unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_burst_runs_down_for_one_user_only_and_every_answer_says_what_is_left() {
    let app = App::with(Setup { limits: true, debit: Some(Debit { rafale: 3, par_minute: 1 }), ..Setup::default() }).await;
    let (reader, manager, stranger) = (app.user("demo", "LECTURE").await, app.user("demo", "GERANT").await, app.user("demo2", "LECTURE").await);
    // A success, something that is not there, something that she may not: all are counted, all tell it.
    let answers = [
        reader.get("/v1/clients/recherche").await.expect_one_of(&[404, 405]),
        reader.get("/v1/magasin").await.expect(200),
        reader.get("/v1/clients/cli_01ARZ3NDEKTSV4RRFFQ69G5FAV").await.expect(404),
        reader.post("/v1/clients", serde_json::json!({"nom": "MONTFORT"})).await.expect(403),
    ];
    assert_eq!(told(&answers[0], "ratelimit"), None, "what reaches no route is not counted");
    for (answer, rest) in answers[1..].iter().zip([2, 1, 0]) {
        assert_eq!(told(answer, "ratelimit-policy"), Some("\"utilisateur\";q=3;w=180"));
        let (r, t) = left(answer);
        assert_eq!(r, rest);
        assert!((1..=60).contains(&t), "{t}");
    }
    let refused = reader.get("/v1/magasin").await.expect(429);
    assert_eq!(refused.kind(), "/problemes/trop-de-requetes");
    assert!(refused.body["detail"].as_str().unwrap().ends_with('.'), "{}", refused.text);
    let (r, t) = left(&refused);
    assert_eq!((r, told(&refused, "retry-after")), (0, Some(t.to_string().as_str())));
    assert_eq!(told(&refused, "ratelimit-policy"), Some("\"utilisateur\";q=3;w=180"));

    for other in [&manager, &stranger] {
        assert_eq!(left(&other.get("/v1/magasin").await.expect(200)).0, 2);
    }
    app.advance(i64::try_from(t).unwrap()).await;
    assert_eq!(left(&reader.get("/v1/magasin").await.expect(200)).0, 0);

    // Whoever is nobody, and routes without a token, are not counted.
    let nobody = crate::app::User { jeton: "a.b.c".into(), ..reader.clone() };
    for _ in 0..5 {
        assert_eq!(told(&nobody.get("/v1/magasin").await.expect(401), "ratelimit"), None);
        assert_eq!(told(&nobody.get("/v1/sante").await.expect(200), "ratelimit"), None);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn without_limits_nothing_is_told() {
    let app = App::start().await;
    let answer = app.user("demo", "LECTURE").await.get("/v1/magasin").await.expect(200);
    assert_eq!((told(&answer, "ratelimit"), told(&answer, "ratelimit-policy")), (None, None));
    app.system.stop().await;
}
