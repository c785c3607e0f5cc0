//! The log: who saw a NIR in clear is in it, and how each call to a concentrator ended. That nothing personal is in it: [`crate::traces`].
//!
//! Where it comes from: docs/api.md, « Client » (each such read is logged); docs/runbook.md, « Concentrateur et demandes » (what the alarms count).

use crate::{
    app::{App, Setup},
    partenaire::{Partenaire, Reply, granted},
};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    io,
    sync::{Arc, Mutex, Once},
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer,
    filter::{Targets, dynamic_filter_fn},
    layer::SubscriberExt,
};

thread_local! {
    /// Who listens to this thread.
    static HERE: RefCell<Option<Journal>> = const { RefCell::new(None) };
}

/// What this test's system logs.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<u8>>>);

/// As long as it is held, the journal listens.
pub struct Ear;

impl Drop for Ear {
    fn drop(&mut self) {
        HERE.with(|here| here.replace(None));
    }
}

/// Gives each line to whoever listens to the thread it was written on.
struct Here;

impl io::Write for Here {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(journal) = HERE.with(|here| here.borrow().clone()) {
            journal.0.lock().unwrap().extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Journal {
    /// Hears this test's thread, on which its whole system runs: our own crates at every level, the libraries as the product lets them.
    ///
    /// One subscriber for all tests: subscribers that come and go on several threads at once lose lines of each other.
    pub fn start(&self) -> Ear {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            let heard = ["aws", "hyper", "reqwest", "lambda", "axum", "tower"]
                .into_iter()
                .fold(Targets::new().with_target("optopec", LevelFilter::TRACE), |t, name| t.with_target(name, LevelFilter::WARN));
            let listened = dynamic_filter_fn(|_, _| HERE.with(|here| here.borrow().is_some()));
            let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(|| Here).with_filter(listened).with_filter(heard);
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines)).expect("nobody else sets one");
        });
        HERE.with(|here| here.replace(Some(self.clone())));
        Ear
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The reads of a NIR in clear.
    fn reads(&self) -> Vec<Value> {
        self.lines().filter(|line| line.to_string().contains("nir_en_clair")).collect()
    }

    pub fn lines(&self) -> impl Iterator<Item = Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>().into_iter()
    }

    /// The calls to a concentrator about a demande.
    fn calls(&self, demande: &str) -> Vec<Value> {
        self.lines().filter(|line| line["message"] == "appel" && line["demande"] == demande).collect()
    }
}

pub fn person() -> Value {
    json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "date_naissance": "1978-05-14", "nir": "278052A00412358", "qualite": "CONJOINT"})
}

#[tokio::test]
async fn whoever_sees_a_nir_in_clear_is_in_the_log() {
    let journal = Journal::default();
    let _guard = journal.start();
    let app = App::start().await;
    let optician = app.user("demo", "OPTICIEN").await;
    let client = optician.post("/v1/clients", person()).await.expect(201).id();
    let made = optician.post("/v1/dossiers", json!({"beneficiaire": person()})).await.expect(201).id();
    let reader = app.user("demo", "LECTURE").await;
    for id in [&client, &made] {
        let path = if id.starts_with("cli") { format!("/v1/clients/{id}") } else { format!("/v1/dossiers/{id}") };
        let before = journal.reads().len();
        reader.get(&path).await.expect(200);
        optician.get("/v1/dossiers").await.expect(200);
        optician.post("/v1/clients/recherche", json!({"q": "montm"})).await.expect(200);
        assert_eq!(journal.reads().len(), before, "a mask is no read");
        optician.get(&path).await.expect(200);
        let reads = journal.reads();
        assert_eq!(reads.len(), before + 1, "{path}");
        let line = reads.last().unwrap().to_string();
        assert!(line.contains(id.as_str()) && line.contains(&optician.magasin) && line.contains("local-opticien"), "who, of which shop, saw whose: {line}");
        optician.get(&path.replace(id.as_str(), &crate::formes::nobody(&id[..3]))).await.problem(404);
        assert_eq!(journal.reads().len(), before + 1);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn each_call_to_a_concentrator_leaves_one_line_that_says_how_it_ended() {
    let journal = Journal::default();
    let _guard = journal.start();
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [Reply::Status(429, String::new()), Reply::Cut]);
    partenaire.on("OPAMCGET", [granted("300.00")]);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let ended = |calls: &[Value]| -> Vec<(String, String, String)> {
        let text = |call: &Value, field: &str| call[field].as_str().unwrap().to_owned();
        calls.iter().map(|call| (text(call, "concentrateur"), text(call, "operation"), text(call, "issue"))).collect()
    };
    let call = |concentrateur: &str, operation: &str, issue: &str| (concentrateur.to_owned(), operation.to_owned(), issue.to_owned());

    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let known = shop.ask(&dossier, "PEC").await;
    shop.until(&known, &["ACCORDEE"]).await;
    let calls = journal.calls(&known);
    assert_eq!(ended(&calls), [call("DEMONSTRATION", "demander", "repondu")]);
    let line = &calls[0];
    assert!(line["age_reserve_s"].as_u64().unwrap() < 60 && line["duree_ms"].is_u64() && line["magasin"] == shop.magasin.as_str(), "{line}");

    let shop = app.reel_shop("test", 10).await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    let unsure = shop.ask(&dossier, "PEC").await;
    partenaire.called("OPAMCREQ", 1).await;
    shop.until(&unsure, &["EN_TRANSMISSION"]).await;
    app.advance(10).await;
    shop.until(&unsure, &["SANS_REPONSE"]).await;
    app.advance(91).await;
    shop.until(&unsure, &["ACCORDEE"]).await;
    let calls = journal.calls(&unsure);
    assert_eq!(ended(&calls), [call("REEL", "demander", "non-recu"), call("REEL", "demander", "sans-reponse"), call("REEL", "consulter", "repondu")]);
    // The credit was held before the clock was moved by 10 and by 91 seconds.
    let ages: Vec<u64> = calls.iter().map(|line| line["age_reserve_s"].as_u64().unwrap()).collect();
    assert!(ages[0] < 10 && (10..101).contains(&ages[1]) && (101..200).contains(&ages[2]), "{ages:?}");

    // A cotation costs nothing, so there is nothing that could be held for too long.
    let dossier = shop.dossier_at("81000001", "A-2").await;
    let free = shop.ask(&dossier, "COTATION").await;
    shop.until(&free, &["SANS_REPONSE"]).await;
    let calls = journal.calls(&free);
    assert_eq!(ended(&calls), [call("REEL", "demander", "sans-reponse")]);
    assert!(calls[0].get("age_reserve_s").is_none(), "{}", calls[0]);
    app.system.stop().await;
}
