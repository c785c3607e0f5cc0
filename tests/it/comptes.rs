//! At night every ledger is added up; one that is not its account is named, once, and stops nobody.
//!
//! Where it comes from: ARCHITECTURE.md, « Invariants of a demande and of credits »; docs/runbook.md, « credits-inexacts ».

use crate::{
    app::{App, Shop},
    journal::Journal,
};
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use optopec_local::system;
use serde_json::Value;

const TABLE: &str = "optopec-credits";

/// Moves the clock over a night, and waits until its accounts are verified: that line.
async fn night(app: &App, journal: &Journal) -> Value {
    let verified = || journal.lines().filter(|line| line["message"] == "accounts verified").collect::<Vec<_>>();
    let before = verified().len();
    app.advance(86_400).await;
    let reader = app.user("demo", "LECTURE").await;
    for _ in 0..3_000 {
        if let Some(line) = verified().into_iter().nth(before) {
            return line;
        }
        reader.get("/v1/credits").await.expect(200);
    }
    panic!("the night does not come: {}", journal.text());
}

/// The alarms so far: shop and what is wrong.
fn alarms(journal: &Journal) -> Vec<(String, String)> {
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    journal.lines().filter(|line| line["alarme"] == "credits-inexacts").map(|line| (text(&line, "magasin"), text(&line, "ecart"))).collect()
}

async fn item(client: &Client, magasin: &str, sk: &str) -> std::collections::HashMap<String, AttributeValue> {
    let key = [("pk", format!("MAG#{magasin}")), ("sk", sk.to_owned())];
    let mut request = client.get_item().table_name(TABLE);
    for (name, value) in key {
        request = request.key(name, AttributeValue::S(value));
    }
    request.send().await.unwrap().item.expect("it is there")
}

/// Writes past the program, as nobody may: one number of an item becomes another.
async fn forge(client: &Client, magasin: &str, sk: &str, from: &str, to: &str) {
    let mut row = item(client, magasin, sk).await;
    let doc = row["doc"].as_s().unwrap().clone();
    assert!(doc.contains(from), "{doc}");
    row.insert("doc".to_owned(), AttributeValue::S(doc.replacen(from, to, 1)));
    client.put_item().table_name(TABLE).set_item(Some(row)).send().await.unwrap();
}

#[tokio::test]
async fn the_age_of_the_oldest_hold_is_told_though_nothing_calls_for_it() {
    let journal = Journal::default();
    let _guard = journal.start();
    let app = App::start().await;
    let (shop, other) = (app.demo_shop("demo").await, app.demo_shop("demo2").await);
    let wait = async |shop: &Shop| {
        let dossier = shop.dossier("DEMO-STATUT-NOUVEAU").await;
        let id = shop.ask(&dossier, "PEC").await;
        shop.until(&id, &["A_VERIFIER"]).await;
    };
    wait(&shop).await;
    let first = night(&app, &journal).await;
    assert!((86_400..90_000).contains(&first["age_reserve_s"].as_i64().unwrap_or_default()), "{first}");
    wait(&other).await;
    let second = night(&app, &journal).await;
    assert!((2 * 86_400..180_000).contains(&second["age_reserve_s"].as_i64().unwrap_or_default()), "the older of two: {second}");
    let long = || journal.lines().filter(|line| line["message"] == "a credit has been held for long").collect::<Vec<_>>();
    assert!(long().is_empty());
    app.advance(6 * 86_400).await;
    night(&app, &journal).await;
    let named: Vec<_> = long().iter().map(|line| line["magasin"].as_str().unwrap().to_owned()).collect();
    assert!(named.contains(&shop.magasin), "whose it is: {named:?}");
    app.system.stop().await;
}

#[tokio::test]
async fn an_account_that_is_not_the_sum_of_its_ledger_is_named_and_the_others_are_read() {
    let journal = Journal::default();
    let _guard = journal.start();
    let app = App::start().await;
    let (shop, other) = (app.demo_shop("demo").await, app.demo_shop("demo2").await);
    for shop in [&shop, &other] {
        let dossier = shop.dossier("DEMO-ACCORD").await;
        let id = shop.ask(&dossier, "PEC").await;
        shop.until(&id, &["ACCORDEE"]).await;
    }
    let line = night(&app, &journal).await;
    assert_eq!((line["inexacts"].as_u64(), line["echecs"].as_u64(), line.get("reste")), (Some(0), Some(0), None), "{line}");
    assert!(line["magasins"].as_u64().unwrap() >= 2, "{line}");
    assert_eq!(line.get("age_reserve_s"), None, "no credit is held: {line}");
    assert!(alarms(&journal).is_empty(), "{:?}", alarms(&journal));

    let client = system::dynamo_client(&app.system.tables.endpoint);
    forge(&client, &shop.magasin, "COMPTE", "\"disponibles\":99", "\"disponibles\":100").await;
    let line = night(&app, &journal).await;
    assert_eq!((line["inexacts"].as_u64(), line["echecs"].as_u64()), (Some(1), Some(0)), "{line}");
    let (magasin, ecart) = alarms(&journal).remove(0);
    assert_eq!(magasin, shop.magasin);
    assert!(ecart.contains("somme"), "{ecart}");

    // A hole in the ledger of the other, and an entry that nobody can read in the first.
    let mut hole = client.delete_item().table_name(TABLE);
    for (name, value) in [("pk", format!("MAG#{}", other.magasin)), ("sk", "MVT#000000000002".to_owned())] {
        hole = hole.key(name, AttributeValue::S(value));
    }
    hole.send().await.unwrap();
    forge(&client, &shop.magasin, "MVT#000000000001", "RECHARGE", "CADEAU").await;
    let line = night(&app, &journal).await;
    assert_eq!((line["inexacts"].as_u64(), line["echecs"].as_u64()), (Some(1), Some(1)), "{line}");
    let (magasin, ecart) = alarms(&journal).remove(1);
    assert_eq!(magasin, other.magasin);
    assert!(ecart.contains('2'), "{ecart}");
    assert!(journal.lines().any(|line| line["message"] == "a ledger could not be read" && line["magasin"] == shop.magasin.as_str()));
    app.system.stop().await;
}
