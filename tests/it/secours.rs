//! What goes wrong around the product: contention, throttling, answers of the tables that get lost, unreadable messages, lists that fail.

use crate::{
    app::{App, Setup, Shop, key},
    incertitude::books,
    partenaire::{Partenaire, Reply, granted},
};
use optopec_local::faults::{Fault, Faults, Plan, Rule, When};
use serde_json::json;
use std::time::Duration;

async fn partner() -> Partenaire {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [granted("300.00")]);
    partenaire.on("OPAMCGET", [Reply::Honest]);
    partenaire
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_shops_at_once_under_conflicts_lose_nothing_and_double_nothing() {
    let partenaire = partner().await;
    let faults = Faults::default();
    let app =
        App::with(Setup { reel: Some(partenaire.url.clone()), faults: faults.clone(), answer_timeout: Some(Duration::from_secs(20)), ..Setup::default() })
            .await;
    let mut shops = Vec::new();
    for n in 0..60 {
        let shop = app.reel_shop(&format!("magasin-{n}"), 3).await;
        let dossiers = [shop.dossier_at("81000001", "A-1").await, shop.dossier_at("81000001", "A-2").await];
        shops.push((shop, dossiers));
    }
    faults.set(Plan::percent("TransactWriteItems", 20, Fault::Conflict, 7));
    let asked =
        futures::future::join_all(shops.iter().flat_map(|(shop, dossiers)| dossiers.iter().map(move |d| async move { (shop, shop.ask_until_taken(d).await) })))
            .await;
    for (shop, id) in &asked {
        shop.until_patiently(&app, id, "ACCORDEE").await;
    }
    assert!(faults.injected() > 20, "conflicts were met: {}", faults.injected());
    faults.clear();
    for (shop, _) in &shops {
        assert_eq!(shop.credits().await, [1, 0, 2]);
        assert_eq!(books(shop).await, 3);
        let mut numbers: Vec<i64> = shop.get("/v1/demandes").await.body["demandes"].as_array().unwrap().iter().map(|d| d["numero"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2]);
    }
    assert_eq!(partenaire.calls("OPAMCREQ").len(), 120, "each sent once");
    app.system.stop().await;
}

impl Shop {
    /// As a client does: the same key again while the answer is 409 or 5xx with `Retry-After`, until it is taken.
    async fn ask_until_taken(&self, dossier: &str) -> String {
        let key = key();
        let mut last = String::new();
        for _ in 0..40 {
            let answer = self.post_with(&format!("/v1/dossiers/{dossier}/demandes"), &key, json!({"nature": "PEC", "equipement": 1})).await;
            if answer.status == 201 {
                return answer.id();
            }
            assert!(answer.status >= 500 || answer.status == 409, "{} {}", answer.status, answer.text);
            last = answer.text;
        }
        panic!("never taken: {last}");
    }

    /// Waits for a state, moving the clock on when the demande waits for its next step.
    async fn until_patiently(&self, app: &App, id: &str, etat: &str) {
        for _ in 0..12 {
            for _ in 0..100 {
                let seen = self.get(&format!("/v1/demandes/{id}")).await;
                if seen.status == 200 && seen.body["etat"] == etat {
                    return;
                }
            }
            app.advance(121).await;
        }
        panic!("{id} never {etat}: {}", self.get(&format!("/v1/demandes/{id}")).await.text);
    }
}

/// Fails the n-th call to the tables after the moment of the request, for every n, in each way a call can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_call_to_the_tables_fails_the_credit_and_the_sending_stay_right() {
    for fault in [Fault::AnswerLost, Fault::ConnectionLost, Fault::Refused, Fault::Conflict] {
        let partenaire = partner().await;
        let faults = Faults::default();
        let app =
            App::with(Setup { reel: Some(partenaire.url.clone()), faults: faults.clone(), answer_timeout: Some(Duration::from_secs(20)), ..Setup::default() })
                .await;
        let shop = app.reel_shop("test", 1_000).await;
        let mut expected_used = 0;
        for n in 1_u64..=40 {
            let dossier = shop.dossier_at("81000001", "A-1").await;
            let sent_before = partenaire.calls("OPAMCREQ").len();
            let first: u64 = n;
            // The SDK tries three times by itself: the same call fails often enough for the code to see it.
            faults.set(Plan { seed: 1, rules: vec![Rule { operation: None, when: When::Calls(first..=first + 2), fault }] });
            let id = shop.ask_until_taken(&dossier).await;
            let mut seen = json!(null);
            'wait: for _ in 0..30 {
                for _ in 0..50 {
                    let read = shop.get(&format!("/v1/demandes/{id}")).await;
                    if read.status == 200 {
                        seen = read.body;
                        if ["ACCORDEE", "NON_TRANSMISE"].contains(&seen["etat"].as_str().unwrap()) {
                            break 'wait;
                        }
                    }
                }
                app.advance(121).await;
            }
            faults.clear();
            let sent = partenaire.calls("OPAMCREQ").len() - sent_before;
            match seen["etat"].as_str() {
                Some("ACCORDEE") => {
                    expected_used += 1;
                    assert_eq!(sent, 1, "{fault:?} at {n}");
                    assert_eq!(seen["credit"], "CONSOMME");
                }
                // The mark of the sending was written, its answer lost, and nothing was sent: proven by two state queries.
                Some("NON_TRANSMISE") => {
                    assert_eq!(sent, 0, "{fault:?} at {n}");
                    assert_eq!(seen["credit"], "RENDU");
                }
                other => panic!("{fault:?} at {n}: {other:?} {seen:#}"),
            }
            assert_eq!(shop.credits().await, [1_000 - expected_used, 0, expected_used], "{fault:?} at {n}");
        }
        assert_eq!(books(&shop).await, 1_000);
        app.system.stop().await;
    }
}

/// The beginning, the lease and the outcome are written, and nobody is ever told: nine answers in a row are lost, as many as anybody asks for.
#[tokio::test]
async fn a_write_that_took_effect_without_any_answer_is_found_again() {
    // The SDK tries three times, the store three times that; but an account that no longer holds the credit tells of the outcome by itself.
    for (write, lost, etat, sent, credits) in [(1, 9, "ACCORDEE", 1, [9, 0, 1]), (2, 9, "NON_TRANSMISE", 0, [10, 0, 0]), (3, 3, "ACCORDEE", 1, [9, 0, 1])] {
        let partenaire = partner().await;
        let faults = Faults::default();
        let app = App::with(Setup { reel: Some(partenaire.url.clone()), faults: faults.clone(), ..Setup::default() }).await;
        let shop = app.reel_shop("test", 10).await;
        let dossier = shop.dossier_at("81000001", "A-1").await;
        faults
            .set(Plan { seed: 1, rules: vec![Rule { operation: Some("TransactWriteItems"), when: When::Calls(write..=write + 8), fault: Fault::AnswerLost }] });
        let id = shop.ask_until_taken(&dossier).await;
        while faults.injected() < lost {
            shop.get("/v1/sante").await.expect(200);
        }
        faults.clear();
        shop.until_patiently(&app, &id, etat).await;
        assert_eq!(partenaire.calls("OPAMCREQ").len(), sent, "write {write}");
        assert_eq!(shop.credits().await, credits, "write {write}");
        assert_eq!(books(&shop).await, 10, "write {write}");
        app.system.stop().await;
    }
}

#[tokio::test]
async fn one_unreadable_message_does_not_stop_the_others_and_ends_in_the_dead_letter_queue() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let client = app.system.queues.client();
    let url = &app.system.deps.config.transmission_queue_url;
    for body in ["pas du JSON", "{\"magasin\":\"mag_X\"}"] {
        client.send_message().queue_url(url).message_body(body).send().await.unwrap();
    }
    let id = shop.ask(&dossier, "PEC").await;
    shop.until(&id, &["ACCORDEE"]).await;
    app.system.queues.settled().await;
    let files = shop.get("/local/files").await.body;
    let dead: i64 = files.as_object().unwrap().values().map(|f| f["mortes"].as_i64().unwrap_or(0)).sum();
    assert_eq!(dead, 2, "{files}");
    app.system.stop().await;
}

/// The queue gives up on a demande that cannot be written, then on one that cannot be read; the due index never does.
#[tokio::test]
async fn a_demande_whose_message_died_is_found_again_by_the_due_index() {
    let partenaire = partner().await;
    let faults = Faults::default();
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), faults: faults.clone(), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    let failing = |operation, from, fault| Plan { seed: 1, rules: vec![Rule { operation: Some(operation), when: When::Calls(from..=u64::MAX), fault }] };
    // The first transaction is the request's own; every later one is the worker's lease.
    faults.set(failing("TransactWriteItems", 2, Fault::Conflict));
    let id = shop.ask(&dossier, "PEC").await;
    assert_eq!(dead_messages(&app, &shop).await, 1);
    assert!(faults.injected() >= 5, "five tries: {}", faults.injected());
    faults.set(failing("GetItem", 1, Fault::Refused));
    let again = json!({"magasin": shop.magasin, "demande": id}).to_string();
    app.system.queues.client().send_message().queue_url(&app.system.deps.config.transmission_queue_url).message_body(again).send().await.unwrap();
    assert_eq!(dead_messages(&app, &shop).await, 2);
    assert!(faults.injected() >= 5, "five tries: {}", faults.injected());
    faults.clear();
    let stranded = shop.get(&format!("/v1/demandes/{id}")).await.expect(200).body;
    assert_eq!((&stranded["etat"], &stranded["credit"]), (&json!("EN_TRANSMISSION"), &json!("RESERVE")));
    assert_eq!(partenaire.calls("OPAMCREQ").len(), 0, "no lease, no sending");
    app.advance(121).await;
    shop.until(&id, &["ACCORDEE"]).await;
    assert_eq!(partenaire.calls("OPAMCREQ").len(), 1);
    assert_eq!(shop.credits().await, [9, 0, 1]);
    assert_eq!(books(&shop).await, 10);
    app.system.stop().await;
}

/// How many messages of the transmission are dead once every queue has come to rest.
async fn dead_messages(app: &App, shop: &Shop) -> i64 {
    app.system.queues.settled().await;
    let files = shop.get("/local/files").await.expect(200).body;
    files["optopec-transmission"]["mortes"].as_i64().unwrap()
}

#[tokio::test]
async fn a_download_that_changed_nothing_writes_nothing() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    app.system.queues.settled().await;
    app.system.faults.reset_stats();
    let again = shop.send(reqwest::Method::POST, "/v1/mutuelles/telechargement", &[], Some(json!({}))).await.expect(200).body;
    assert_eq!((&again["ajoutees"], &again["modifiees"], &again["retirees"]), (&json!(0), &json!(0), &json!(0)));
    assert!(again["inchangees"].as_i64().unwrap() > 200);
    let writes: Vec<_> = app
        .system
        .faults
        .stats()
        .into_keys()
        .filter(|op| ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"].contains(&op.as_str()))
        .collect();
    assert!(writes.is_empty(), "{writes:?}");
    app.system.stop().await;
}

#[tokio::test]
async fn a_concentrator_whose_list_makes_no_sense_changes_nothing() {
    let partenaire = partner().await;
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 1).await;
    let before = shop.get("/v1/mutuelles").await.expect(200).body;
    for reply in [
        Reply::Xml("<html>maintenance</html>".into()),
        Reply::Xml(String::new()),
        Reply::Status(500, String::new()),
        Reply::Cut,
        Reply::Xml("x".repeat(5 * 1024 * 1024)),
    ] {
        partenaire.on("CONVENTIONS", [reply]);
        let answer = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(502);
        assert_eq!(answer.kind(), "/problemes/concentrateur-injoignable");
    }
    assert_eq!(shop.get("/v1/mutuelles").await.expect(200).body, before);
    partenaire.on(
        "CONVENTIONS",
        [Reply::Xml(crate::partenaire::CONVENTIONS.replace("Mutuelle Beta;81000002;81000002;OPT;", "Mutuelle Delta;81000004;81000004;OPT;"))],
    );
    let report = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body;
    assert_eq!((&report["ajoutees"], &report["modifiees"], &report["retirees"], &report["inchangees"]), (&json!(1), &json!(0), &json!(1), &json!(2)));
    let retired = shop.mutuelle("81000002").await;
    assert_eq!(retired["retiree"], true);
    app.system.stop().await;
}

#[tokio::test]
async fn ten_thousand_rows_with_a_hundred_wrong_ones() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mut csv = String::from(
        "nom;plateau;identifiant;pec;annulation;champs_requis;facultatifs_exiges;adresse1;adresse2;code_postal;localite;telephone;telephone2;fax;site_web;autre;remarque;top_mutualiste;sans_tiers_payant;tp_externalise\n",
    );
    for n in 0..10_000 {
        // Every hundredth row has a plateau of three digits.
        let plateau = if n % 100 == 50 { "123".to_owned() } else { format!("7{n:07}") };
        csv.push_str(&format!("Mutuelle importée {n};{plateau};{plateau};OPT_LEN;oui;;;1 rue du Test;;75001;Paris;0199000000;;;;;;non;non;non\n"));
    }
    let report = shop
        .raw(reqwest::Method::POST, "/v1/mutuelles/import", &[("content-type", "text/csv"), ("idempotency-key", "import-1")], csv.clone())
        .await
        .expect(200)
        .body;
    assert_eq!(report["ajoutees"], 9_900);
    let rejected = report["rejetees"].as_array().unwrap();
    assert_eq!(rejected.len(), 100);
    // Row 0 stands on line 2 of the file, so the first wrong one (row 50) on line 52.
    assert_eq!((&rejected[0]["ligne"], &rejected[0]["champ"]), (&json!(52), &json!("plateau")));
    assert!(rejected[0]["raison"].as_str().unwrap().len() > 5);
    assert_eq!(rejected[99]["ligne"], 9_952);
    let again = shop.raw(reqwest::Method::POST, "/v1/mutuelles/import", &[("content-type", "text/csv")], csv).await.expect(200).body;
    assert_eq!((&again["ajoutees"], &again["modifiees"], &again["inchangees"]), (&json!(0), &json!(0), &json!(9_900)));
    let found = shop.get("/v1/mutuelles?q=mutuele+importee+9876").await.expect(200).body;
    assert_eq!(found["mutuelles"][0]["nom"], "Mutuelle importée 9876");
    app.system.stop().await;
}

#[tokio::test]
async fn the_nightly_download_reaches_every_shop_that_adopted_a_list() {
    let partenaire = partner().await;
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 1).await;
    partenaire
        .on("CONVENTIONS", [Reply::Xml(format!("{}Mutuelle Epsilon;81000005;81000005;OPT;oui;;;;;;;;;;;;;non;non;non\n", crate::partenaire::CONVENTIONS))]);
    app.advance(24 * 3600).await;
    for _ in 0..2_000 {
        if shop.mutuelle("81000005").await["nom"] == "Mutuelle Epsilon" {
            app.system.stop().await;
            return;
        }
    }
    panic!("the nightly download never came");
}
