//! What the usual requests ask of the tables: requests on the wire, and write units.
//!
//! What must hold: a bound is what the design explains (the items of a transaction twice, an entry of an index once per change), with
//! the arithmetic beside it; a bound that breaks is a bill that grew.

use crate::{
    app::{App, User, key},
    partenaire::{Partenaire, granted},
};
use optopec_lambda::config::ConcentrateurConfig;
use optopec_local::{
    faults::{Faults, Usage},
    system::{Options, System},
};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};

/// Without a schedule that ticks: only what the test does is counted.
async fn app(reel: &str) -> App {
    let concentrateur_reel = ConcentrateurConfig { url: reel.to_owned(), jeton: "secret-du-concentrateur".into(), timeout: Duration::from_secs(2) };
    let options =
        Options { reel: Some(concentrateur_reel), faults: Faults::default(), tick: Duration::from_secs(86_400), retry_seconds: 0, ..Options::default() };
    App { system: System::start(options).await.expect("the system starts"), http: reqwest::Client::new() }
}

/// What was asked for since the last time; prints it.
#[expect(clippy::print_stdout, reason = "the table is what one reads")]
fn spent(app: &App, what: &str) -> BTreeMap<String, Usage> {
    let stats = app.system.faults.stats();
    let each: Vec<String> = stats.iter().map(|(operation, usage)| format!("{operation} {}", usage.requests)).collect();
    let units: u64 = stats.values().map(|u| u.write_units).sum();
    println!("{what:<40} {:>3} requests {units:>3} write units   {}", requests(&stats), each.join(", "));
    app.system.faults.reset_stats();
    stats
}

fn requests(stats: &BTreeMap<String, Usage>) -> u64 {
    stats.values().map(|u| u.requests).sum()
}

fn of(stats: &BTreeMap<String, Usage>, operation: &str) -> Usage {
    stats.get(operation).copied().unwrap_or_default()
}

async fn found(user: &User, path: &str) {
    assert_eq!(user.get(path).await.expect(200).body["mutuelles"][0]["nom"], "Mutuelle Alpha");
}

#[tokio::test]
async fn the_usual_requests_ask_for_what_the_design_explains() {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [granted("300.00")]);
    let app = app(&partenaire.url).await;
    let shop = app.reel_shop("test", 10).await;
    // Once before, so that what a process keeps in memory (the conventions) is there.
    let warm = shop.dossier_at("81000001", "A-1").await;
    shop.ask(&warm, "PEC").await;
    app.system.queues.settled().await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    app.system.faults.measure(true);
    app.system.faults.reset_stats();

    let path = format!("/v1/dossiers/{dossier}/demandes");
    let answer = shop.post_with(&path, &key(), json!({"nature": "PEC", "equipement": 1})).await.expect(201);
    app.system.queues.settled().await;
    let pec = spent(&app, "POST …/demandes to a granted PEC");

    let read = shop.get(&format!("/v1/demandes/{}", answer.id())).await.expect(200);
    assert_eq!(read.body["etat"], "ACCORDEE");
    let one = spent(&app, "GET /v1/demandes/{id}");

    found(&shop, "/v1/mutuelles?q=alpha").await;
    let search = spent(&app, "GET /v1/mutuelles?q=");

    shop.get("/v1/demandes?limite=100").await.expect(200);
    let list = spent(&app, "GET /v1/demandes");

    shop.get("/v1/demandes?etat=ACCORDEE,REFUSEE&limite=100").await.expect(200);
    let states = spent(&app, "GET /v1/demandes?etat=,");

    app.advance(1).await;
    for _ in 0..10_000 {
        if of(&app.system.faults.stats(), "Query").requests >= 16 {
            break;
        }
        tokio::task::yield_now().await;
    }
    shop.get("/v1/sante").await.expect(200);
    let sweep = spent(&app, "an idle sweep");
    app.system.stop().await;

    // HTTP: key, dossier and what hangs on it, shop, account, head of the list, heads of the reference tables, and the beginning; worker:
    // demande and what it sends, the lease, account again, the outcome.
    assert_eq!((of(&pec, "GetItem").requests, of(&pec, "Query").requests, of(&pec, "TransactWriteItems").requests), (8, 2, 3));
    assert_eq!(requests(&pec), 13, "nothing else");
    // Beginning 8 items, lease 1, outcome 3, each twice for the transaction: 24; demande (three times) and what it sends reach into a second
    // kilobyte: 8 more; the dossier that is looked at: up to 4; entries of the two indexes, made and moved: up to 6.
    assert!(of(&pec, "TransactWriteItems").write_units <= 24 + 8 + 4 + 6);
    assert_eq!((requests(&one), of(&one, "GetItem").requests), (1, 1));
    // The head of the list tells that the index in memory still holds.
    assert_eq!((requests(&search), of(&search, "GetItem").requests), (1, 1));
    assert_eq!((requests(&list), of(&list, "Query").requests), (1, 1));
    // The work list of each state for the ids, and the demandes themselves.
    assert_eq!((requests(&states), of(&states, "Query").requests, of(&states, "BatchGetItem").requests), (3, 2, 1));
    // One for each part of the index.
    assert_eq!((requests(&sweep), of(&sweep, "Query").requests), (16, 16));
}
