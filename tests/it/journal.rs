//! The log: who saw a NIR in clear is in it, personal data never is.
//!
//! What must hold: whatever the level, whichever way a demande went, no name, number or text that a person typed stands in a line of ours or
//! of a library that we let speak. The rule is that of docs/api.md (« each such read is logged ») and of ARCHITECTURE.md (ids only).

use crate::app::{App, dossier, key};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt};

/// What the system of one test said.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<u8>>>);

impl io::Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Journal {
    /// Hears this test's thread, on which its whole system runs: our own crates at every level, the libraries as the product lets them.
    pub fn start(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let heard = ["aws", "hyper", "reqwest", "lambda", "axum", "tower"]
            .into_iter()
            .fold(Targets::new().with_target("optopec", LevelFilter::TRACE), |t, name| t.with_target(name, LevelFilter::WARN));
        let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(move || writer.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(lines).with(heard))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The reads of a NIR in clear.
    fn reads(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).filter(|line: &Value| line.to_string().contains("nir_en_clair")).collect()
    }
}

const MARKS: [&str; 14] = [
    "278052A00412358",
    "2 78 05",
    "255081416802538",
    "MONTMARQUE",
    "Prenommarque",
    "1978-05-14",
    "CONTRAT-MARQUE",
    "GROUPE-MARQUE",
    "MEDECINMARQUE",
    "MOTIF-MARQUE",
    "DESIGNATION-MARQUE",
    "REMARQUE-MARQUE",
    "opticien.marque@example.org",
    "0612345678",
];

fn person() -> Value {
    json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "date_naissance": "1978-05-14", "nir": "278052A00412358", "qualite": "CONJOINT"})
}

#[tokio::test]
async fn no_personal_data_is_in_the_log() {
    let journal = Journal::default();
    let _guard = journal.start();
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let read = shop.get("/v1/magasin").await;
    let mut body = read.body;
    body["opticien"] = json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "telephone": "0612345678", "email": "opticien.marque@example.org"});
    shop.put("/v1/magasin", &read.etag, body).await.expect(200);
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut client = person();
    client["assure"] = json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "nir": "255081416802538"});
    client["mutuelles"] = json!([{"mutuelle_id": mutuelle, "numero_contrat": "CONTRAT-MARQUE", "numero_groupe": "GROUPE-MARQUE"}]);
    let id = shop.post("/v1/clients", client.clone()).await.expect(201).id();
    let path = format!("/v1/clients/{id}");
    let read = shop.get(&path).await.expect(200);
    shop.put(&path, &read.etag, client.clone()).await.expect(200);
    shop.put(&path, "\"autre\"", client.clone()).await.problem(412);
    for q in ["MONTMARQUE", "montm", "278052A00412358", "2 78 05 2A 004 123 58"] {
        for path in ["/v1/clients/recherche", "/v1/dossiers/recherche"] {
            shop.post(path, json!({"q": q})).await.expect(200);
        }
    }
    shop.post("/v1/mutuelles", json!({"nom": "Une", "pec": "NON", "remarque": "REMARQUE-MARQUE"})).await.expect(201);

    let full = |adherent: &str| {
        let mut body = dossier(&mutuelle, adherent);
        body["client_id"] = id.clone().into();
        body["beneficiaire"] = person();
        body["assure"] = json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "date_naissance": "1955-08-02", "nir": "255081416802538"});
        body["prescription"]["prescripteur"] = json!({"nom": "MEDECINMARQUE", "prenom": "Prenommarque"});
        body["tiers_payant"]["numero_contrat"] = "CONTRAT-MARQUE".into();
        body["tiers_payant"]["numero_groupe"] = "GROUPE-MARQUE".into();
        body["equipements"][0]["lignes"][0]["designation"] = "DESIGNATION-MARQUE".into();
        body
    };
    // Every way a demande can go, the ones that end in an error of ours or of the concentrator included.
    let mut interrupted = String::new();
    for (adherent, etat) in [
        ("DEMO-ACCORD-LIGNES", "ACCORDEE"),
        ("DEMO-ATTENTE-48", "EN_ATTENTE"),
        ("DEMO-INCONNU", "REFUSEE"),
        ("DEMO-REJET-PLATEFORME", "REFUSEE"),
        ("DEMO-PERDU", "SANS_REPONSE"),
        ("DEMO-COUPE", "SANS_REPONSE"),
        ("DEMO-500", "SANS_REPONSE"),
        ("DEMO-ILLISIBLE", "SANS_REPONSE"),
        ("DEMO-AUTRE-REFERENCE", "SANS_REPONSE"),
        ("DEMO-STATUT-NOUVEAU", "A_VERIFIER"),
    ] {
        let made = shop.post("/v1/dossiers", full(adherent)).await.expect(201).id();
        shop.post(&format!("/v1/dossiers/{made}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.problem(422);
        shop.sign(&made).await;
        shop.get(&format!("/v1/dossiers/{made}/verification?equipement=1&nature=PEC")).await.expect(200);
        let demande = shop.ask(&made, "PEC").await;
        shop.until(&demande, &[etat]).await;
        let path = format!("/v1/demandes/{demande}");
        if adherent == "DEMO-COUPE" {
            interrupted.clone_from(&demande);
        }
        match etat {
            "ACCORDEE" => {
                shop.post(&format!("{path}/transfert"), json!({})).await.expect(200);
                shop.post(&format!("{path}/annulation"), json!({"motif": "MOTIF-MARQUE"})).await.expect(202);
                shop.until(&demande, &["ANNULEE"]).await;
            }
            "A_VERIFIER" => {
                shop.post(&format!("{path}/decision"), json!({"issue": "NON_TRANSMISE", "motif": "MOTIF-MARQUE"})).await.expect(200);
            }
            _ => {}
        }
        shop.get(&format!("/v1/dossiers/{made}")).await.expect(200);
    }
    // What is wrong is refused without being written down.
    let broken = r#"{"nom":"MONTMARQUE","nir":"278052A00412358","prenom":"#;
    shop.raw(Method::POST, "/v1/clients", &[("content-type", "application/json")], broken).await.problem(400);
    for wrong in [
        json!({"nom": ["MONTMARQUE"], "nir": "278052A00412359"}),
        json!({"nom": "MONTMARQUE".repeat(10), "date_naissance": "1978-05-14T00:00", "nir": 278_052}),
    ] {
        shop.post("/v1/clients", wrong.clone()).await.problem(422);
        shop.post("/v1/dossiers", json!({"beneficiaire": wrong})).await.problem(422);
    }
    let marked_key = format!("MONTMARQUE-{}", key());
    shop.post_with("/v1/clients", &marked_key, client).await.expect(201);
    shop.get("/v1/clients/MONTMARQUE").await.problem(404);
    app.advance(100).await;
    shop.until(&interrupted, &["ACCORDEE"]).await;
    app.system.stop().await;

    let text = journal.text();
    assert!(text.lines().count() > 10, "the log says something: {text}");
    for mark in MARKS {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(mark)).collect();
        assert!(lines.is_empty(), "{mark} is in the log: {}", lines[0]);
    }
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
