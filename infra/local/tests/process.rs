//! The real process: first start, SIGTERM, `kill -9`, wrong settings, the master key, the demonstration.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so by panicking")]

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_optopec"))
            .env("OPTOPEC_PORT", "0")
            .env("OPTOPEC_DONNEES", data)
            .env_remove("CONCENTRATEUR_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the process says where it listens").unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{first}");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("optopec-process-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Api {
    http: reqwest::Client,
    url: String,
    jeton: String,
}

impl Api {
    async fn open(url: &str) -> Self {
        let http = reqwest::Client::new();
        let body: Value =
            http.post(format!("{url}/local/jeton")).json(&json!({"magasin": "demo", "role": "GERANT"})).send().await.unwrap().json().await.unwrap();
        Self { http, url: url.to_owned(), jeton: body["jeton"].as_str().unwrap().to_owned() }
    }

    async fn get(&self, path: &str) -> Value {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.jeton).send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, key: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.jeton).header("idempotency-key", key).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn dossier(&self, adherent: &str) -> String {
        let mutuelle = self.get("/v1/mutuelles?q=90000001").await["mutuelles"][0]["id"].clone();
        let body = json!({
            "date": "2013-11-26", "beneficiaire": {"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "qualite": "ASSURE"},
            "equipements": [{"numero": 1, "type": "OPT", "code_risque": "MALADIE", "lignes": [{"designation": "Monture", "categorie": "MON", "quantite": 1, "prix_unitaire_centimes": 21_400, "code_lpp": "2223342"}]}],
            "tiers_payant": {"mutuelle_id": mutuelle, "numero_adherent": adherent},
        });
        let id = self.post("/v1/dossiers", adherent, body).await["id"].as_str().unwrap().to_owned();
        self.post(&format!("/v1/dossiers/{id}/consentement"), &format!("{adherent}-c"), json!({"signe_le": "2026-01-02"})).await;
        id
    }

    async fn ask(&self, dossier: &str, key: &str) -> String {
        self.post(&format!("/v1/dossiers/{dossier}/demandes"), key, json!({"nature": "PEC", "equipement": 1})).await["id"].as_str().unwrap().to_owned()
    }

    async fn until(&self, demande: &str, etat: &str) {
        let mut seen = Value::Null;
        for _ in 0..20_000 {
            seen = self.get(&format!("/v1/demandes/{demande}")).await;
            if seen["etat"] == etat {
                return;
            }
        }
        panic!("{etat} expected: {seen:#}");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the offset is measured against the machine's own clock")]
async fn after_kill_9_nothing_that_was_answered_is_lost_and_every_demande_goes_on() {
    let folder = Folder::new("kill");
    let process = Process::start(&folder.0);
    let api = Api::open(&process.url).await;
    api.post("/v1/mutuelles/telechargement", "t", json!({})).await;
    let (waiting, asked) = (api.dossier("DEMO-ATTENTE-48").await, api.dossier("DEMO-ACCORD").await);
    let pending = api.ask(&waiting, "a").await;
    api.until(&pending, "EN_ATTENTE").await;
    let fresh = api.ask(&asked, "b").await;
    // Killed in the very moment of the answer: the message on the queue dies with the process.
    process.kill();

    let process = Process::start(&folder.0);
    let api = Api::open(&process.url).await;
    assert_eq!(api.ask(&asked, "b").await, fresh, "the key is remembered");
    let state = api.get(&format!("/v1/demandes/{fresh}")).await;
    assert_ne!(state["credit"], "RENDU");
    // Either its sending had not begun, or its outcome is asked for once the lease is over.
    api.post("/local/horloge", "h", json!({"avancer_secondes": 125})).await;
    api.until(&fresh, "ACCORDEE").await;
    api.post("/local/horloge", "h", json!({"avancer_secondes": 48 * 3600})).await;
    api.until(&pending, "ACCORDEE").await;
    let credits = api.get("/v1/credits").await;
    assert_eq!((&credits["disponibles"], &credits["reserves"], &credits["consommes"]), (&json!(98), &json!(0), &json!(2)));
    process.kill();

    let process = Process::start(&folder.0);
    let api = Api::open(&process.url).await;
    let now: jiff::Timestamp = api.get("/local/horloge").await["maintenant"].as_str().unwrap().parse().unwrap();
    let real: jiff::Timestamp = std::time::SystemTime::now().try_into().unwrap();
    assert!(now.as_second() - real.as_second() >= 48 * 3600, "the clock's offset survives");
    process.kill();
}

#[test]
fn sigterm_stops_it_cleanly() {
    let folder = Folder::new("term");
    let mut process = Process::start(&folder.0);
    let killed = Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
}

#[test]
fn wrong_settings_are_one_clear_sentence() {
    let folder = Folder::new("wrong");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("OPTOPEC_JOURNAL", "bavard")], "OPTOPEC_JOURNAL"),
        (&[("OPTOPEC_PORT", &port)], "OPTOPEC_PORT"),
        (&[("OPTOPEC_PORT", "abc")], "OPTOPEC_PORT"),
        (&[("CONCENTRATEUR_URL", "http://127.0.0.1:9")], "CONCENTRATEUR_JETON"),
        (&[("CONCENTRATEUR_URL", "http://concentrateur.example"), ("CONCENTRATEUR_JETON", "x"), ("OPTOPEC_PORT", "0")], "https"),
    ];
    for (settings, named) in cases {
        let output = Command::new(env!("CARGO_BIN_EXE_optopec"))
            .env_remove("CONCENTRATEUR_URL")
            .env("OPTOPEC_DONNEES", &folder.0)
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        assert!(!output.status.success());
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains(named) && words.lines().count() == 1, "{words}");
    }
}

#[test]
fn the_master_key_is_changed_by_two_commands() {
    let folder = Folder::new("cle");
    let cle = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_optopec")).arg("cle").args(arguments).env("OPTOPEC_DONNEES", &folder.0).output().unwrap();
    let refused = |arguments: &[&str], named: &str| {
        let output = cle(arguments);
        assert!(!output.status.success());
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains(named) && words.lines().count() == 1, "{words}");
    };
    // A folder without a key file is not the data's folder, or has lost the keys of its data.
    refused(&["nouvelle"], "cle-maitre.json");
    refused(&["oublier"], "cle-maitre.json");
    assert!(!folder.0.exists());
    refused(&[], "cle nouvelle");
    refused(&["autre"], "cle nouvelle");

    std::fs::create_dir_all(&folder.0).unwrap();
    let (file, first) = (folder.0.join("cle-maitre.json"), "cle-00000000000000aa");
    std::fs::write(&file, json!({"actuelle": first, "cles": {first: "A".repeat(43) + "="}}).to_string()).unwrap();
    let kept = || serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()).unwrap();
    let ids = || kept()["cles"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let told = |arguments: &[&str]| {
        let output = cle(arguments);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
        let words = String::from_utf8(output.stdout).unwrap();
        for key in kept()["cles"].as_object().unwrap().values() {
            assert!(!words.contains(key.as_str().unwrap()), "{words}");
        }
        words
    };
    let mut expected = BTreeSet::from([first.to_owned()]);
    for _ in 0..2 {
        let words = told(&["nouvelle"]);
        let id = words.lines().next().unwrap().split_whitespace().last().unwrap().to_owned();
        assert!(words.contains("POST /v1/operateur/cles/rotation") && words.contains("optopec cle oublier"), "{words}");
        assert_eq!(kept()["actuelle"], id.as_str());
        expected.insert(id);
        assert_eq!(ids(), expected);
    }
    assert_eq!(expected.len(), 3);

    let current = kept()["actuelle"].as_str().unwrap().to_owned();
    let words = told(&["oublier"]);
    assert!(words.starts_with("Anciennes clés oubliées : 2."), "{words}");
    assert_eq!((kept()["actuelle"].as_str(), ids()), (Some(current.as_str()), BTreeSet::from([current.clone()])));
    assert!(told(&["oublier"]).starts_with("Anciennes clés oubliées : 0."));
}

/// The story checks every step by itself; its code says whether all came out as they must.
#[test]
fn the_demonstration_tells_its_story_to_the_end() {
    let folder = std::env::temp_dir().join(format!("optopec-demo-{}", std::process::id()));
    let output = Command::new(env!("CARGO_BIN_EXE_optopec")).arg("demo").env("OPTOPEC_DONNEES", &folder).env_remove("CONCENTRATEUR_URL").output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{words}{}", String::from_utf8_lossy(&output.stderr));
    assert!(words.contains("Grand livre des crédits"), "{words}");
    for name in ["consentement.pdf", "reponse.pdf"] {
        let file = folder.join("documents").join(name);
        assert!(words.contains(&file.display().to_string()) && std::fs::read(&file).unwrap().starts_with(b"%PDF-"), "{words}");
    }
    let _ = std::fs::remove_dir_all(folder);
}
