//! The log: who saw a NIR in clear is in it. That nothing personal is in it: [`crate::traces`].
//!
//! Where it comes from: docs/api.md, « Client » (each such read is logged).

use crate::app::App;
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
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).filter(|line: &Value| line.to_string().contains("nir_en_clair")).collect()
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
