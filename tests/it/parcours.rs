//! The main job, and what must never happen to it.

use crate::app::{App, key};
use serde_json::json;

#[tokio::test]
async fn a_pec_is_granted_and_costs_one_credit() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let before = shop.credits().await;
    let dossier = shop.dossier("DEMO-ACCORD-LIGNES").await;
    let id = shop.ask(&dossier, "PEC").await;
    let pec = shop.until(&id, &["ACCORDEE"]).await;
    assert_eq!(pec["numero"], 1);
    assert_eq!(pec["credit"], "CONSOMME");
    assert_eq!(pec["montant_global_centimes"], 30_000);
    assert_eq!(pec["lignes"], json!([{"numero": 1, "rc_centimes": 10_000}, {"numero": 2, "rc_centimes": 10_000}, {"numero": 3, "rc_centimes": 10_000}]));
    assert_eq!(shop.credits().await, [before[0] - 1, 0, before[2] + 1]);
    app.system.stop().await;
}

#[tokio::test]
async fn the_same_key_at_the_same_moment_makes_one_demande() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let (path, key, body) = (format!("/v1/dossiers/{dossier}/demandes"), key(), json!({"nature": "PEC", "equipement": 1}));
    let answers = futures_all((0..8).map(|_| shop.post_with(&path, &key, body.clone()))).await;
    let created: Vec<_> = answers.iter().filter(|a| a.status == 201).collect();
    assert!(!created.is_empty());
    assert!(created.iter().all(|a| a.text == created[0].text), "the same answer again");
    assert!(answers.iter().all(|a| a.status == 201 || a.status == 409), "{:?}", answers.iter().map(|a| (a.status, &a.text)).collect::<Vec<_>>());
    shop.until(&created[0].id(), &["ACCORDEE"]).await;
    assert_eq!(shop.get("/v1/demandes").await.expect(200).body["demandes"].as_array().unwrap().len(), 1);
    assert_eq!(shop.credits().await, [99, 0, 1]);
    app.system.stop().await;
}

#[tokio::test]
async fn two_keys_at_the_same_moment_make_one_pec_and_one_refusal_that_names_it() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let (path, body) = (format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": "PEC", "equipement": 1}));
    let (ka, kb) = (key(), key());
    let (a, b) = tokio::join!(shop.post_with(&path, &ka, body.clone()), shop.post_with(&path, &kb, body.clone()));
    let (won, lost) = if a.status == 201 { (a, b) } else { (b, a) };
    let won = won.expect(201);
    let lost = lost.expect(409);
    assert_eq!(lost.kind(), "/problemes/pec-en-cours");
    assert_eq!(lost.body["demande_id"], won.body["id"]);
    app.system.stop().await;
}

async fn futures_all<F: std::future::Future<Output = crate::app::Answer>>(calls: impl Iterator<Item = F>) -> Vec<crate::app::Answer> {
    futures::future::join_all(calls).await
}
