//! The system under test, and people who use it.

use optopec_lambda::{config::ConcentrateurConfig, debit::Debit};
use optopec_local::{
    faults::Faults,
    system::{Options, System},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A started system.
pub struct App {
    pub system: System,
    pub http: reqwest::Client,
}

/// How a test wants its system.
#[derive(Default)]
pub struct Setup {
    pub reel: Option<String>,
    pub data: Option<PathBuf>,
    pub web: Option<PathBuf>,
    pub faults: Faults,
    pub answer_timeout: Option<Duration>,
    pub limits: bool,
    pub plafond: Option<u32>,
    pub debit: Option<Debit>,
}

impl App {
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let answer_timeout = setup.answer_timeout.unwrap_or(Duration::from_secs(2));
        let options = Options {
            plafond_lectures: setup.plafond.unwrap_or(Options::default().plafond_lectures),
            data: setup.data,
            web: setup.web,
            reel: setup.reel.map(|url| ConcentrateurConfig { url, jeton: "secret-du-concentrateur".into(), timeout: answer_timeout }),
            faults: setup.faults,
            limits: setup.limits,
            debit: setup.debit.unwrap_or(Debit::PRODUIT),
            tick: Duration::from_millis(400),
            retry_seconds: 0,
            answer_timeout,
            ..Options::default()
        };
        Self { system: System::start(options).await.expect("the system starts"), http: reqwest::Client::new() }
    }

    /// Somebody with a token of a shop.
    pub async fn user(&self, magasin: &str, role: &str) -> User {
        let answer = self.http.post(format!("{}/local/jeton", self.system.url)).json(&json!({"magasin": magasin, "role": role})).send().await.unwrap();
        let body: Value = answer.json().await.unwrap();
        User {
            url: self.system.url.clone(),
            http: self.http.clone(),
            jeton: body["jeton"].as_str().expect("a token").to_owned(),
            magasin: body["magasin"].as_str().unwrap().to_owned(),
        }
    }

    /// Moves the clock of the whole system.
    pub async fn advance(&self, seconds: i64) {
        let answer = self.http.post(format!("{}/local/horloge", self.system.url)).json(&json!({"avancer_secondes": seconds})).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    /// A shop that may ask for PECs of the configured concentrator, with conventions, credits and an identity.
    pub async fn reel_shop(&self, nom: &str, credits: u32) -> Shop {
        let gerant = self.user(nom, "GERANT").await;
        let operateur = self.user(nom, "OPERATEUR").await;
        operateur
            .send(
                Method::PUT,
                &format!("/v1/operateur/magasins/{}", gerant.magasin),
                &[],
                Some(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10})),
            )
            .await
            .expect(200);
        if credits > 0 {
            operateur
                .post(
                    "/v1/credits/recharges",
                    json!({"magasin": gerant.magasin, "quantite": credits, "reference_paiement": format!("paiement-{}", gerant.magasin)}),
                )
                .await
                .expect_one_of(&[200, 201]);
        }
        let read = gerant.get("/v1/magasin").await.expect(200);
        let mut body = read.body.clone();
        body["nom"] = "Optique du test".into();
        body["finess"] = "750000002".into();
        body["opticien"] = json!({"nom": "Test", "prenom": "Camille", "telephone": "0199000001", "email": "test@example.org"});
        gerant.put("/v1/magasin", &read.etag, body).await.expect(200);
        gerant.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
        Shop { gerant }
    }

    /// One of the two demonstration shops, its conventions downloaded.
    pub async fn demo_shop(&self, nom: &str) -> Shop {
        let gerant = self.user(nom, "GERANT").await;
        gerant.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
        Shop { gerant }
    }
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct User {
    pub url: String,
    pub http: reqwest::Client,
    pub jeton: String,
    pub magasin: String,
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn expect_one_of(self, statuses: &[u16]) -> Self {
        assert!(statuses.contains(&self.status), "{} {}", self.status, self.text);
        self
    }

    /// The codes of the errors, sorted.
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.body["erreurs"].as_array().into_iter().flatten().map(|e| e["code"].as_str().unwrap_or_default().to_owned()).collect();
        codes.sort();
        codes
    }

    pub fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_default().to_owned()
    }
}

/// A key that no other request of this process has.
pub fn key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("cle-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl User {
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.jeton);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Self::read(request).await
    }

    /// Any body, as it is.
    pub async fn raw(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.jeton).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::read(request).await
    }

    async fn read(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the front door answers");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let etag = headers.get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let text = response.text().await.unwrap();
        Answer { status, etag, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with(path, &key(), body).await
    }

    pub async fn post_with(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    pub async fn put(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &[("if-match", etag)], Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// Credits: available, held, used.
    pub async fn credits(&self) -> [i64; 3] {
        let c = self.get("/v1/credits").await.expect(200).body;
        ["disponibles", "reserves", "consommes"].map(|n| c[n].as_i64().unwrap())
    }

    /// Waits until a demande is in one of these states.
    pub async fn until(&self, demande: &str, states: &[&str]) -> Value {
        let mut seen = Value::Null;
        for _ in 0..3_000 {
            seen = self.get(&format!("/v1/demandes/{demande}")).await.expect(200).body;
            if states.contains(&seen["etat"].as_str().unwrap()) {
                return seen;
            }
        }
        panic!("{states:?} expected, still {}: {seen:#}", seen["etat"]);
    }
}

/// A shop ready to work, through its manager.
pub struct Shop {
    pub gerant: User,
}

impl std::ops::Deref for Shop {
    type Target = User;
    fn deref(&self) -> &User {
        &self.gerant
    }
}

impl Shop {
    /// The mutuelle on a plateau.
    pub async fn mutuelle(&self, plateau: &str) -> Value {
        let found = self.get(&format!("/v1/mutuelles?q={plateau}")).await.expect(200).body;
        found["mutuelles"][0].clone()
    }

    /// A dossier with one frame and two lenses, consent signed, for a member number at the mutuelle of a plateau.
    pub async fn dossier_at(&self, plateau: &str, adherent: &str) -> String {
        let mutuelle = self.mutuelle(plateau).await["id"].as_str().expect("a mutuelle").to_owned();
        let id = self.post("/v1/dossiers", dossier(&mutuelle, adherent)).await.expect(201).id();
        self.sign(&id).await;
        id
    }

    /// The same at the first demonstration mutuelle.
    pub async fn dossier(&self, adherent: &str) -> String {
        self.dossier_at("90000001", adherent).await
    }

    pub async fn sign(&self, dossier: &str) {
        self.post(&format!("/v1/dossiers/{dossier}/consentement"), json!({"signe_le": "2026-01-02", "canal": "PAPIER"})).await.expect(200);
    }

    /// Asks for a demande about equipment 1: its id.
    pub async fn ask(&self, dossier: &str, nature: &str) -> String {
        self.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": nature, "equipement": 1})).await.expect(201).id()
    }
}

/// The dossier of the Winoptics manual, for an adult without a client record.
pub fn dossier(mutuelle: &str, adherent: &str) -> Value {
    json!({
        "date": "2013-11-26",
        "beneficiaire": {"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "278052A00412358", "rang_gemellaire": 1, "qualite": "ASSURE"},
        "prescription": {"date": "2013-10-01", "ri_delivre": true, "ra_deuxieme_paire": false, "prescripteur": {"nom": "BESNAINOU", "prenom": "Anne"},
            "od": {"loin": {"sphere": "+2.00", "cylindre": "+1.00", "axe": 90}}, "og": {"loin": {"sphere": "+2.00", "cylindre": "+1.00", "axe": 90}}},
        "equipements": [{"numero": 1, "type": "OPT", "vision": "LOIN", "code_risque": "MALADIE", "lignes": [
            {"numero": 1, "reference": "1545116", "designation": "ESSILOR Advans Orma Optifog UV Org 60", "categorie": "VER", "cote": "OD", "quantite": 1, "prix_unitaire_centimes": 25_000, "remise_pourcent": "0", "code_lpp": "2203240", "surface": "ST", "traitements": ["ANTIREFLET"]},
            {"numero": 2, "reference": "1545116", "designation": "ESSILOR Advans Orma Optifog UV Org 60", "categorie": "VER", "cote": "OG", "quantite": 1, "prix_unitaire_centimes": 25_000, "remise_pourcent": "0", "code_lpp": "2203240", "surface": "ST", "traitements": ["ANTIREFLET"]},
            {"numero": 3, "reference": "9", "designation": "DOLCE GABBANA 339 720 51*19", "categorie": "MON", "quantite": 1, "prix_unitaire_centimes": 21_400, "remise_pourcent": "0", "code_lpp": "2223342"},
        ]}],
        "tiers_payant": {"part_ro": true, "tiers_payant_ro": true, "mutuelle_id": mutuelle, "numero_adherent": adherent, "numero_contrat": "CONTRAT-1"},
    })
}
