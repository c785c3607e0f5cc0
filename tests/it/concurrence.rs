//! Requests at the same moment: several counters of one shop, or one impatient finger.

use crate::{
    app::{Answer, App, Setup, Shop, key},
    incertitude::books,
    partenaire::{Partenaire, granted, status},
};
use futures::future::join_all;
use serde_json::{Value, json};

/// The same request with one key from twelve callers who start one small request after each other, so that some arrive while the first
/// is half done: every one gets the first one's answer, or is told to come back.
async fn impatient(shop: &Shop, path: &str, body: &Value) -> Answer {
    let key = &key();
    let caller = |late: usize| async move {
        for _ in 0..late {
            shop.get("/v1/credits").await;
        }
        shop.post_with(path, key, body.clone()).await
    };
    let answers = join_all((0..12).map(caller)).await;
    for answer in &answers {
        assert!(answer.status < 300 || answer.headers.contains_key("retry-after"), "{path}: {} {}", answer.status, answer.text);
    }
    let mut taken = answers.into_iter().filter(|a| a.status < 300);
    let first = taken.next().expect("one of them is taken");
    assert!(taken.all(|a| a.text == first.text), "{path}: one answer");
    first
}

async fn shop_before(reply: crate::partenaire::Reply, credits: u32) -> (App, Partenaire, Shop) {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [reply]);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", credits).await;
    (app, partenaire, shop)
}

#[tokio::test]
async fn an_impatient_finger_begins_one_pec_and_is_always_answered_alike() {
    let (app, partenaire, shop) = shop_before(granted("100.00"), 4).await;
    for _ in 0..4 {
        let dossier = shop.dossier_at("81000001", "A-1").await;
        let pec = impatient(&shop, &format!("/v1/dossiers/{dossier}/demandes"), &json!({"nature": "PEC", "equipement": 1})).await;
        shop.until(&pec.id(), &["ACCORDEE"]).await;
        impatient(&shop, &format!("/v1/demandes/{}/annulation", pec.id()), &json!({"motif": "Changement d'avis"})).await;
    }
    assert_eq!(partenaire.calls("OPAMCREQ").len(), 4);
    assert_eq!(shop.credits().await, [0, 0, 4]);
    app.system.stop().await;
}

#[tokio::test]
async fn an_impatient_finger_decides_once() {
    let (app, _partenaire, shop) = shop_before(status("PEUT_ETRE"), 3).await;
    for _ in 0..3 {
        let dossier = shop.dossier_at("81000001", "A-1").await;
        let pec = shop.ask(&dossier, "PEC").await;
        shop.until(&pec, &["A_VERIFIER"]).await;
        impatient(&shop, &format!("/v1/demandes/{pec}/decision"), &json!({"issue": "NON_TRANSMISE", "motif": "Rien reçu"})).await;
    }
    assert_eq!(shop.credits().await, [3, 0, 0]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_crowd_spends_what_there_is_and_not_more() {
    let (app, partenaire, shop) = shop_before(granted("100.00"), 10).await;
    let mut dossiers = Vec::new();
    for _ in 0..30 {
        dossiers.push(shop.dossier_at("81000001", "A-1").await);
    }
    let shop = &shop;
    let ask = |dossier: String| async move { shop.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": "PEC", "equipement": 1})).await };
    let answers = join_all(dossiers.into_iter().map(ask)).await;
    let mut numbers: Vec<u64> = answers.iter().filter(|a| a.status == 201).map(|a| a.body["numero"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>(), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    for other in answers.iter().filter(|a| a.status != 201) {
        assert_eq!((other.status, other.kind()), (402, "/problemes/credit-insuffisant"), "{}", other.text);
    }
    for pec in answers.iter().filter(|a| a.status == 201) {
        shop.until(&pec.id(), &["ACCORDEE"]).await;
    }
    assert_eq!(partenaire.calls("OPAMCREQ").len(), 10);
    assert_eq!(shop.credits().await, [0, 0, 10]);
    assert_eq!(books(shop).await, 10);
    app.system.stop().await;
}
