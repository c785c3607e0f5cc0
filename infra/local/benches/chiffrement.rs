//! What encryption costs: a dossier read sealed, beside the same dossier read in clear, through the same store and the same tables.
//!
//! The one in clear is an item as the first version wrote it, which stays readable. The product writes nothing in clear any more, so a write has
//! no peer: beside it stands the sealing alone, by the library that does it, of a content as long as the dossier's. `make bench`.
//! What must hold, or the run fails: encryption adds less than 0.2 ms, at the median, to a read; sealing alone takes less than that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark prints times and stops at the first surprise"
)]

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use optopec_domain::dossier::Dossier;
use optopec_local::system::{self, Options, System};
use std::time::{Duration, Instant};

const ROUNDS: usize = 3_000;
const COST_MAX: Duration = Duration::from_micros(200);
const SHAPE: &str = include_str!("../../../shared/store/fixtures/dossier.json");

/// Prints the times and answers the median.
fn show(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let median = times[times.len() / 2];
    println!("{what:<58} median {median:>9.2?}   p95 {:>9.2?}", times[times.len() * 95 / 100]);
    median
}

#[tokio::main]
async fn main() {
    let system = System::start(Options { tick: Duration::from_secs(60), ..Options::default() }).await.unwrap();
    let (deps, now) = (&system.deps, system.deps.clock.now());
    let magasin = deps.ids.magasin(now);
    let store = deps.store.for_magasin(magasin.clone());
    let (clear, sealed) = (deps.ids.dossier(now), deps.ids.dossier(now));
    let put = system::dynamo_client(&system.tables.endpoint).put_item().table_name("optopec-dossiers");
    let put = put.item("pk", S(format!("MAG#{magasin}"))).item("sk", S(format!("DOS#{clear}"))).item("v", N("1".into())).item("ver", N("1".into()));
    put.item("doc", S(SHAPE.into())).send().await.unwrap();
    let content = store.dossier(&clear).await.unwrap().unwrap().dossier;
    store.create_dossier(&Dossier { id: sealed.clone(), version: 1, client_id: None, ..content }, now, None, None).await.unwrap();

    let (mut open, mut closed) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    // In turn, so that whatever the machine does meanwhile weighs on both.
    for _ in 0..ROUNDS {
        for (id, times) in [(&clear, &mut open), (&sealed, &mut closed)] {
            let start = Instant::now();
            store.dossier(id).await.unwrap().unwrap();
            times.push(start.elapsed());
        }
    }
    let (baseline, with) = (show("baseline: one dossier read in clear", open), show("the same dossier read sealed", closed));
    let added = with.saturating_sub(baseline);
    println!("added by encryption to a read: {added:.2?}");
    assert!(added < COST_MAX, "{added:?}");

    let mut writes = Vec::with_capacity(300);
    let mut lu = store.dossier(&sealed).await.unwrap().unwrap();
    for _ in 0..300 {
        let after = Dossier { version: lu.dossier.version + 1, ..lu.dossier.clone() };
        let start = Instant::now();
        store.put_dossier(&lu, &after, &[], ("banc", now), None, None).await.unwrap();
        writes.push(start.elapsed());
        lu = store.dossier(&sealed).await.unwrap().unwrap();
    }
    show("one dossier written sealed", writes);
    let key = RandomizedNonceKey::new(&AES_256_GCM, &[7; 32]).unwrap();
    let mut seals = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let mut bytes = SHAPE.as_bytes().to_vec();
        let start = Instant::now();
        key.seal_in_place_append_tag(Aad::from(b"MAG#DOS#"), &mut bytes).unwrap();
        seals.push(start.elapsed());
    }
    let alone = show(&format!("sealing alone, {} bytes", SHAPE.len()), seals);
    assert!(alone < COST_MAX, "{alone:?}");
    system.stop().await;
}
