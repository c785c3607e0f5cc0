//! The main job, step by step, in words that an optician understands: `make demo`.
//!
//! It starts a system of its own (in memory), speaks to it only through the API, leaves the documents that it printed in a folder, and ends with code 0
//! only if every step came out as it must.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the demonstration is what it prints")]

use crate::system::{Options, System};
use optopec_domain::centimes::Centimes;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// Why the demonstration stopped.
type Echec = String;

/// Runs it all; what is printed goes into `documents`.
pub async fn run(documents: &Path) -> ExitCode {
    let options = Options { tick: Duration::from_millis(200), ..Options::default() };
    let system = match System::start(options).await {
        Ok(system) => system,
        Err(error) => {
            eprintln!("Le système ne démarre pas : {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("optopec — démonstration sur {}\n", system.url);
    let outcome = story(&system.url, documents).await;
    system.stop().await;
    match outcome {
        Ok(()) => {
            println!("\nTout s'est déroulé comme il le devait.");
            ExitCode::SUCCESS
        }
        Err(echec) => {
            eprintln!("\nÉCHEC : {echec}");
            ExitCode::FAILURE
        }
    }
}

/// A client of the API, with one person's token.
struct Api {
    http: reqwest::Client,
    url: String,
    jeton: String,
    cles: std::cell::Cell<u32>,
}

/// An answer: status, ETag, body.
struct Recu {
    statut: u16,
    etag: String,
    corps: Value,
}

impl Recu {
    fn expect(self, statut: u16, quoi: &str) -> Result<Self, Echec> {
        if self.statut == statut { Ok(self) } else { Err(format!("{quoi} : {statut} attendu, {} reçu : {}", self.statut, self.corps)) }
    }
}

impl Api {
    async fn open(url: &str, magasin: &str, role: &str) -> Result<Self, Echec> {
        let mut api = Self { http: reqwest::Client::new(), url: url.to_owned(), jeton: String::new(), cles: std::cell::Cell::new(0) };
        let token = api.post("/local/jeton", json!({"magasin": magasin, "role": role})).await?.expect(200, "jeton")?;
        api.jeton = text(&token.corps["jeton"]);
        Ok(api)
    }

    async fn get(&self, path: &str) -> Result<Recu, Echec> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Recu, Echec> {
        self.cles.set(self.cles.get() + 1);
        self.send(self.http.post(format!("{}{path}", self.url)).header("Idempotency-Key", format!("demo-{}", self.cles.get())).json(&body)).await
    }

    async fn put(&self, path: &str, etag: &str, body: Value) -> Result<Recu, Echec> {
        self.send(self.http.put(format!("{}{path}", self.url)).header("If-Match", etag).json(&body)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Recu, Echec> {
        let response = request.bearer_auth(&self.jeton).send().await.map_err(|e| e.to_string())?;
        let statut = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let body = response.bytes().await.map_err(|e| e.to_string())?;
        Ok(Recu { statut, etag, corps: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    /// Prints a document into a folder and says where it is.
    async fn print(&self, path: &str, folder: &Path, name: &str) -> Result<(), Echec> {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.jeton);
        let response = request.send().await.map_err(|e| e.to_string())?;
        let is_pdf = response.status().is_success() && response.headers().get("content-type").is_some_and(|kind| kind == "application/pdf");
        let document = response.bytes().await.map_err(|e| e.to_string())?;
        must(is_pdf && document.starts_with(b"%PDF-"), &format!("{name} devait être un PDF"))?;
        let file: PathBuf = folder.join(name);
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, document)).map_err(|e| format!("{} : {e}", file.display()))?;
        println!("     imprimé : {}", file.display());
        Ok(())
    }

    /// Asks for a demande about equipment 1, and waits until it leaves the states that end by themselves.
    async fn demande(&self, dossier: &str, nature: &str) -> Result<Value, Echec> {
        let created = self.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": nature, "equipement": 1})).await?.expect(201, nature)?;
        self.until(&text(&created.corps["id"]), |etat| etat != "EN_TRANSMISSION").await
    }

    async fn until(&self, demande: &str, reached: impl Fn(&str) -> bool) -> Result<Value, Echec> {
        for _ in 0..600 {
            let seen = self.get(&format!("/v1/demandes/{demande}")).await?.expect(200, "lecture de la demande")?.corps;
            if reached(seen["etat"].as_str().unwrap_or_default()) {
                return Ok(seen);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("la demande {demande} n'avance pas"))
    }

    async fn credits(&self) -> Result<[i64; 3], Echec> {
        let c = self.get("/v1/credits").await?.expect(200, "crédits")?.corps;
        let of = |name: &str| c[name].as_i64().unwrap_or(-1);
        let credits = [of("disponibles"), of("reserves"), of("consommes")];
        println!("     crédits : {} disponibles, {} réservés, {} consommés", credits[0], credits[1], credits[2]);
        Ok(credits)
    }

    /// Writes the member number of the card into the dossier.
    async fn adherent(&self, dossier: &str, numero: &str) -> Result<(), Echec> {
        let read = self.get(&format!("/v1/dossiers/{dossier}")).await?.expect(200, "dossier")?;
        let mut body = read.corps;
        body["tiers_payant"]["numero_adherent"] = numero.into();
        self.put(&format!("/v1/dossiers/{dossier}"), &read.etag, body).await?.expect(200, "n° d'adhérent")?;
        Ok(())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn euros(value: &Value) -> String {
    value.as_u64().map_or_else(|| "non connu".to_owned(), |c| Centimes::of(c).to_french())
}

fn step(number: u32, title: &str) {
    println!("{number:>2}. {title}");
}

fn must(condition: bool, what: &str) -> Result<(), Echec> {
    if condition { Ok(()) } else { Err(what.to_owned()) }
}

fn show(demande: &Value) {
    println!("     {} n° {} — {}", text(&demande["nature"]), demande["numero"], text(&demande["etat"]));
    for (label, field) in [
        ("référence dossier", "reference_dossier"),
        ("n° de PEC", "numero_pec"),
        ("message plateforme", "message_plateforme"),
        ("message mutuelle", "message_mutuelle"),
        ("que faire ?", "que_faire"),
    ] {
        if let Some(words) = demande[field].as_str() {
            println!("     {label} : {words}");
        }
    }
    if !demande["montant_global_centimes"].is_null() {
        let lignes: Vec<String> = demande["lignes"].as_array().into_iter().flatten().map(|l| euros(&l["rc_centimes"])).collect();
        println!("     montant accordé : {} ({} par ligne)", euros(&demande["montant_global_centimes"]), lignes.join(", "));
    }
}

fn totals(dossier: &Value) {
    let t = &dossier["totaux"];
    println!(
        "     total {}, Sécu {}, mutuelle {}, reste à charge {}",
        euros(&t["total_centimes"]),
        euros(&t["ro_centimes"]),
        euros(&t["rc_centimes"]),
        euros(&t["reste_a_charge_centimes"])
    );
}

/// The dossier of the Winoptics manual: 26/11/2013, two lenses 2203240 and a frame 2223342.
fn dossier(mutuelle: &str, client: &str) -> Value {
    let verre = |cote: &str| json!({"reference": "1545116", "designation": "ESSILOR Advans Orma Optifog UV Org 60", "categorie": "VER", "cote": cote, "quantite": 1, "prix_unitaire_centimes": 25_000, "code_lpp": "2203240", "surface": "ST", "traitements": ["ANTIREFLET"]});
    let oeil = json!({"loin": {"sphere": "+2.00", "cylindre": "+1.00", "axe": 90}, "ecart_loin": "32.0"});
    json!({
        "client_id": client, "date": "2013-11-26",
        "prescription": {"date": "2013-10-01", "ri_delivre": false, "ra_deuxieme_paire": false, "prescripteur": {"nom": "Besnainou", "prenom": "Anne"}, "od": oeil.clone(), "og": oeil},
        "equipements": [{"numero": 1, "type": "OPT", "vision": "LOIN", "code_risque": "MALADIE", "lignes": [
            verre("OD"), verre("OG"),
            {"reference": "9", "designation": "DOLCE GABBANA 339 720 51*19", "categorie": "MON", "quantite": 1, "prix_unitaire_centimes": 21_400, "code_lpp": "2223342"},
        ]}],
        "tiers_payant": {"part_ro": true, "tiers_payant_ro": true, "mutuelle_id": mutuelle, "numero_adherent": "DEMO-ACCORD-LIGNES", "numero_contrat": "C-1"},
    })
}

async fn story(url: &str, documents: &Path) -> Result<(), Echec> {
    let gerant = Api::open(url, "demo", "GERANT").await?;
    let api = Api::open(url, "demo", "OPTICIEN").await?;
    api.cles.set(1_000);

    step(1, "Téléchargement des conventions");
    let rapport = gerant.post("/v1/mutuelles/telechargement", json!({})).await?.expect(200, "téléchargement")?.corps;
    println!(
        "     {} mutuelles ajoutées, {} modifiées, {} retirées, {} lignes rejetées",
        rapport["ajoutees"],
        rapport["modifiees"],
        rapport["retirees"],
        rapport["rejetees"].as_array().map_or(0, Vec::len)
    );
    must(rapport["ajoutees"].as_u64().is_some_and(|n| n > 200), "plus de 200 mutuelles étaient attendues")?;
    let debut = api.credits().await?;

    step(2, "Choix de la mutuelle : « demo optique » tapé sans accents");
    let trouvees = api.get("/v1/mutuelles?q=demo%20optique&pec=OPT_LEN").await?.expect(200, "recherche")?.corps;
    let mutuelle = &trouvees["mutuelles"][0];
    println!(
        "     {} — plateau {}, PEC {}, forfait {}",
        text(&mutuelle["nom"]),
        text(&mutuelle["plateau"]),
        text(&mutuelle["pec"]),
        text(&mutuelle["forfaits"][0]["libelle"])
    );
    must(mutuelle["plateau"] == "90000001", "la première mutuelle de démonstration était attendue en tête")?;
    let mutuelle = text(&mutuelle["id"]);

    step(3, "Fiche de la cliente et dossier du 26/11/2013 (deux verres 2203240, une monture 2223342)");
    let client = api.post("/v1/clients", json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "278052A00412358", "rang_gemellaire": 1, "qualite": "ASSURE"})).await?.expect(201, "cliente")?.corps;
    let cree = api.post("/v1/dossiers", dossier(&mutuelle, &text(&client["id"]))).await?.expect(201, "dossier")?.corps;
    let id = text(&cree["id"]);
    let secu: Vec<String> = cree["equipements"][0]["lignes"].as_array().into_iter().flatten().map(|l| euros(&l["ro_centimes"])).collect();
    println!("     part Sécu par ligne : {}", secu.join(", "));
    totals(&cree);
    must(cree["totaux"]["total_centimes"] == 71_400 && cree["totaux"]["ro_centimes"] == 444, "total 714,00 € et Sécu 4,44 € étaient attendus")?;

    step(4, "Demande de PEC sans consentement signé : refusée, rien n'est réservé");
    let refus = api.post(&format!("/v1/dossiers/{id}/demandes"), json!({"nature": "PEC", "equipement": 1})).await?.expect(422, "PEC sans consentement")?.corps;
    println!("     {}", text(&refus["erreurs"][0]["message"]));
    must(refus["erreurs"][0]["code"] == "CONSENTEMENT", "le consentement devait manquer")?;
    must(api.credits().await? == debut, "les crédits ne devaient pas bouger")?;

    step(5, "Consentement imprimé et signé");
    api.print(&format!("/v1/dossiers/{id}/documents/consentement.pdf?equipement=1"), documents, "consentement.pdf").await?;
    let maintenant = text(&api.get("/local/horloge").await?.corps["maintenant"]);
    let signe = api
        .post(&format!("/v1/dossiers/{id}/consentement"), json!({"signe_le": maintenant.get(..10), "canal": "PAPIER"}))
        .await?
        .expect(200, "consentement")?
        .corps;
    must(signe["consentement"]["valide"] == true, "le consentement devait être valide")?;
    println!("     signé le {}", text(&signe["consentement"]["signe_le"]));

    step(6, "Demande de cotation (gratuite)");
    let cotation = api.demande(&id, "COTATION").await?;
    show(&cotation);
    must(cotation["etat"] == "ACCORDEE" && cotation["credit"] == "AUCUN", "la cotation devait être accordée sans crédit")?;
    must(api.credits().await? == debut, "une cotation ne devait rien coûter")?;

    step(7, "Demande de PEC : accordée, 100,00 € par ligne");
    let pec = api.demande(&id, "PEC").await?;
    show(&pec);
    must(
        pec["etat"] == "ACCORDEE" && pec["lignes"].as_array().is_some_and(|l| l.len() == 3 && l.iter().all(|l| l["rc_centimes"] == 10_000)),
        "100,00 € par ligne étaient attendus",
    )?;
    must(api.credits().await? == [debut[0] - 1, 0, debut[2] + 1], "un crédit devait être consommé")?;

    step(8, "Seconde PEC pendant que la première vit : refusée");
    let seconde = api.post(&format!("/v1/dossiers/{id}/demandes"), json!({"nature": "PEC", "equipement": 1})).await?.expect(409, "seconde PEC")?.corps;
    println!("     {}", text(&seconde["detail"]));
    must(seconde["demande_id"] == pec["id"], "la réponse devait nommer la PEC en cours")?;

    step(9, "Annulation de la PEC");
    api.post(&format!("/v1/demandes/{}/annulation", text(&pec["id"])), json!({"motif": "Le client a changé d'avis"})).await?.expect(202, "annulation")?;
    let annulee = api.until(&text(&pec["id"]), |etat| etat != "ANNULATION_EN_COURS").await?;
    show(&annulee);
    must(annulee["etat"] == "ANNULEE", "la PEC devait être annulée")?;
    api.credits().await?;

    step(10, "PEC refusée par la mutuelle");
    api.adherent(&id, "DEMO-INCONNU").await?;
    let refusee = api.demande(&id, "PEC").await?;
    show(&refusee);
    must(
        refusee["etat"] == "REFUSEE" && refusee["message_mutuelle"] == "Adhérent de démonstration inconnu" && refusee["que_faire"].is_string(),
        "un refus de la mutuelle expliqué était attendu",
    )?;
    must(api.credits().await? == [debut[0] - 2, 0, debut[2] + 2], "la mutuelle a été jointe : un crédit devait être consommé")?;

    step(11, "PEC refusée par la plateforme : le crédit est rendu");
    api.adherent(&id, "DEMO-REJET-PLATEFORME").await?;
    let rejetee = api.demande(&id, "PEC").await?;
    show(&rejetee);
    must(
        rejetee["etat"] == "REFUSEE" && rejetee["message_plateforme"].is_string() && rejetee["credit"] == "RENDU",
        "un refus de la plateforme, crédit rendu, était attendu",
    )?;
    must(api.credits().await? == [debut[0] - 2, 0, debut[2] + 2], "le crédit devait être rendu")?;

    step(12, "PEC en attente : la mutuelle annonce 48 heures");
    api.adherent(&id, "DEMO-ATTENTE-48").await?;
    let attente = api.demande(&id, "PEC").await?;
    show(&attente);
    println!("     prochaine vérification automatique : {}", text(&attente["prochaine_actualisation"]));
    must(attente["etat"] == "EN_ATTENTE" && attente["delai_heures"] == 48, "une attente de 48 h était attendue")?;
    api.credits().await?;

    step(13, "Quarante-huit heures plus tard : l'actualisation automatique relève l'accord");
    api.post("/local/horloge", json!({"avancer_secondes": 48 * 3600 + 1})).await?.expect(200, "horloge")?;
    let accord = api.until(&text(&attente["id"]), |etat| etat != "EN_ATTENTE").await?;
    show(&accord);
    must(accord["etat"] == "ACCORDEE", "un accord était attendu")?;
    api.print(&format!("/v1/demandes/{}/documents/reponse.pdf", text(&accord["id"])), documents, "reponse.pdf").await?;
    must(api.credits().await? == [debut[0] - 3, 0, debut[2] + 3], "trois crédits devaient être consommés en tout")?;

    step(14, "Transfert des montants vers le dossier");
    let transfere = api.post(&format!("/v1/demandes/{}/transfert", text(&accord["id"])), json!({})).await?.expect(200, "transfert")?.corps;
    totals(&transfere);
    must(transfere["totaux"]["rc_centimes"] == accord["montant_global_centimes"], "le dossier devait porter le montant accordé")?;

    step(15, "Grand livre des crédits");
    let livre = api.get("/v1/credits/mouvements").await?.expect(200, "mouvements")?.corps;
    let mouvements = livre["mouvements"].as_array().cloned().unwrap_or_default();
    for m in mouvements.iter().rev() {
        println!(
            "     {:>3}  {:<13} {:>4}  solde {:>4}  {}",
            m["numero"].to_string(),
            text(&m["type"]),
            m["quantite"].to_string(),
            m["solde"].to_string(),
            m["demande_id"].as_str().unwrap_or_default()
        );
    }
    let types: Vec<&str> = mouvements.iter().rev().filter_map(|m| m["type"].as_str()).collect();
    must(
        types == ["RECHARGE", "RESERVATION", "CONSOMMATION", "RESERVATION", "CONSOMMATION", "RESERVATION", "RESTITUTION", "RESERVATION", "CONSOMMATION"],
        &format!("le grand livre n'a pas les mouvements attendus : {types:?}"),
    )?;
    api.credits().await?;
    Ok(())
}
