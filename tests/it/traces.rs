//! What a run leaves behind: nothing of it is personal, but the folded name by which a person is found.
//!
//! What must hold: whatever the level of the log, whichever way a demande went, no name, number or text that a person typed stands in a line
//! of ours or of a library that we let speak, in an error, an address, a file name, or in clear in a file of the tables. What is on the queues is
//! fixed to the byte by a unit test of `lambda::queues`. Where it comes from: docs/securite.md.

use crate::{
    app::{Answer, App, Setup, dossier, key},
    chiffrement::Folder,
    journal::{Journal, person},
    partenaire::Partenaire,
};
use reqwest::Method;
use serde_json::json;
use std::path::{Path, PathBuf};

const MARKS: [&str; 13] = [
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
    "opticien.marque@example.org",
    "0612345678",
];

#[tokio::test]
async fn nothing_personal_is_left_anywhere() {
    let journal = Journal::default();
    let _guard = journal.start();
    let folder = Folder::new();
    let app = App::with(Setup { data: Some(folder.0.clone()), ..Setup::default() }).await;
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
    shop.put(&path, "\"autre\"", client.clone()).await.problem(412).says_nothing();
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
    let mut printed = Vec::new();
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
        shop.post(&format!("/v1/dossiers/{made}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.problem(422).says_nothing();
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
        let reponse = (etat != "SANS_REPONSE").then(|| format!("{path}/documents/reponse.pdf"));
        let papers = ["consentement", "devis", "demande-fax"].map(|name| format!("/v1/dossiers/{made}/documents/{name}.pdf"));
        for paper in papers.into_iter().chain(reponse) {
            printed.push(shop.get(&paper).await);
        }
    }
    // What is wrong is refused without being written down.
    let broken = r#"{"nom":"MONTMARQUE","nir":"278052A00412358","prenom":"#;
    shop.raw(Method::POST, "/v1/clients", &[("content-type", "application/json")], broken).await.problem(400).says_nothing();
    for wrong in [
        json!({"nom": ["MONTMARQUE"], "nir": "278052A00412359"}),
        json!({"nom": "MONTMARQUE".repeat(10), "date_naissance": "1978-05-14T00:00", "nir": 278_052}),
    ] {
        shop.post("/v1/clients", wrong.clone()).await.problem(422).says_nothing();
        shop.post("/v1/dossiers", json!({"beneficiaire": wrong})).await.problem(422).says_nothing();
    }
    let marked_key = format!("MONTMARQUE-{}", key());
    shop.post_with("/v1/clients", &marked_key, client).await.expect(201);
    shop.get("/v1/clients/MONTMARQUE").await.problem(404).says_nothing();
    app.advance(100).await;
    shop.until(&interrupted, &["ACCORDEE"]).await;
    let export = shop.get(&format!("/v1/clients/{id}/export")).await.expect(200);
    let names: Vec<_> = [export, shop.get("/v1/demandes/export").await, shop.get("/v1/mutuelles/export").await]
        .iter()
        .chain(printed.iter().filter(|answer| answer.status == 200))
        .map(|answer| answer.headers["content-disposition"].to_str().unwrap().to_owned())
        .collect();
    only_the_index_by_name_holds_names(&app).await;
    app.system.stop().await;

    let text = journal.text();
    assert!(text.lines().count() > 10, "the log says something: {text}");
    for mark in MARKS {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(mark)).collect();
        assert!(lines.is_empty(), "{mark} is in the log: {}", lines[0]);
        assert!(!names.iter().any(|name| name.contains(mark)), "{mark} names a file: {names:?}");
    }
    let (mut files, mut found) = (0, Vec::new());
    for (path, bytes) in files_of(&folder.0) {
        files += 1;
        found.extend(MARKS.iter().filter(|mark| holds(&bytes, mark)).map(|mark| format!("{mark} in {}", path.display())));
        assert!(!MARKS.iter().any(|mark| path.to_string_lossy().contains(mark)));
    }
    assert!(files >= 4, "the tables, the keys, the clock: {files}");
    assert_eq!(found, Vec::<String>::new());
}

/// A copy of what a thief would take, write-ahead log included.
fn files_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

/// A search by the beginning of a name needs it: folded, in the sort key of the index, and nowhere else. See docs/securite.md.
async fn only_the_index_by_name_holds_names(app: &App) {
    let tables = optopec_local::system::dynamo_client(&app.system.tables.endpoint);
    let (mut looked_at, mut start) = (0, None);
    loop {
        let page = tables.scan().table_name("optopec-dossiers").set_exclusive_start_key(start).send().await.unwrap();
        for mut item in page.items.unwrap() {
            let sk = item.remove("sk").unwrap();
            let sk = sk.as_s().unwrap();
            assert!(!sk.contains("montmarque") || sk.starts_with("CNOM#montmarque") || sk.starts_with("DNOM#montmarque"), "{sk}");
            assert!(!format!("{item:?}").to_lowercase().contains("montmarque"), "{sk}");
            looked_at += 1;
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    assert!(looked_at > 50, "{looked_at}");
}

#[tokio::test]
async fn the_partner_s_addresses_and_heads_hold_nothing_personal() {
    let partner = Partenaire::start().await;
    let app = App::with(Setup { reel: Some(partner.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("marquee", 5).await;
    let mut body = dossier(shop.mutuelle("81000001").await["id"].as_str().unwrap(), "ADHERENT-MARQUE");
    body["beneficiaire"] = person();
    body["assure"] = json!({"nom": "MONTMARQUE", "prenom": "Prenommarque", "date_naissance": "1955-08-02", "nir": "255081416802538"});
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    shop.sign(&id).await;
    let demande = shop.ask(&id, "PEC").await;
    partner.called("OPAMCREQ", 1).await;
    shop.until(&demande, &["SANS_REPONSE", "ACCORDEE"]).await;
    app.advance(200).await;
    partner.called("OPAMCGET", 1).await;
    let call = &partner.calls("OPAMCREQ")[0];
    assert!(call.body.contains("MONTMARQUE"), "the content travels in the body");
    for call in ["OPAMCREQ", "OPAMCGET"].iter().flat_map(|kind| partner.calls(kind)) {
        for mark in MARKS.iter().chain(&["ADHERENT-MARQUE"]) {
            assert!(!call.headers.contains(mark), "{mark}: {}", call.headers);
        }
    }
    app.system.stop().await;
}

impl Answer {
    /// A refusal does not repeat what was sent.
    #[track_caller]
    fn says_nothing(self) -> Self {
        for mark in MARKS {
            assert!(!self.text.contains(mark), "{mark}: {}", self.text);
        }
        self
    }
}
