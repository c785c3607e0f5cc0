//! What a concentrator may do wrong, and what must come of it: no crash, no credit wrongly moved, a state that the contract names.

use crate::{
    app::{App, Setup, Shop},
    partenaire::{Partenaire, Reply, acknowledged, answer, granted, refused, status},
};
use serde_json::{Value, json};
use std::time::Duration;

struct Scene {
    app: App,
    partenaire: Partenaire,
    shop: Shop,
}

/// A shop of ten credits in front of a concentrator that answers its one request with `replies`.
async fn scene(replies: impl IntoIterator<Item = Reply>) -> Scene {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", replies);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), answer_timeout: Some(Duration::from_millis(400)), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    Scene { app, partenaire, shop }
}

impl Scene {
    /// Asks for a PEC: its id.
    async fn pec(&self) -> String {
        let dossier = self.shop.dossier_at("81000001", "A-1").await;
        self.shop.ask(&dossier, "PEC").await
    }

    /// The ledger agrees with the account, and says what is expected.
    async fn ledger(&self, credits: [i64; 3]) {
        assert_eq!(self.shop.credits().await, credits);
        let sum = books(&self.shop).await;
        assert_eq!(sum, credits.iter().sum::<i64>(), "top-ups and corrections make the account");
    }

    async fn end(self) {
        self.app.system.stop().await;
    }
}

/// Top-ups and corrections of the whole ledger; numbers without gaps, balances that follow.
pub async fn books(shop: &Shop) -> i64 {
    let mut movements: Vec<Value> = Vec::new();
    let mut page = "/v1/credits/mouvements?limite=100".to_owned();
    loop {
        let body = shop.get(&page).await.expect(200).body;
        movements.extend(body["mouvements"].as_array().unwrap().iter().cloned());
        match body["suivant"].as_str() {
            Some(next) => page = format!("/v1/credits/mouvements?limite=100&suivant={next}"),
            None => break,
        }
    }
    movements.reverse();
    let (mut available, mut total) = (0, 0);
    for (i, m) in movements.iter().enumerate() {
        assert_eq!(m["numero"], i + 1, "numbers without gaps");
        let n = m["quantite"].as_i64().unwrap();
        match m["type"].as_str().unwrap() {
            "RECHARGE" | "CORRECTION" => (available, total) = (available + n, total + n),
            "RESERVATION" => available -= n,
            "RESTITUTION" => available += n,
            "CONSOMMATION" => {}
            other => panic!("unknown movement {other}"),
        }
        assert!(available >= 0, "never negative");
        assert_eq!(m["solde"], available, "the balance follows");
    }
    total
}

#[tokio::test]
async fn answers_that_cannot_be_used_leave_the_outcome_unknown_and_the_credit_held() {
    let long = "x".repeat(300 * 1024);
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let cases: Vec<(&str, Reply)> = vec![
        ("not XML", Reply::Xml("<html>erreur".into())),
        ("empty", Reply::Xml(String::new())),
        (
            "another reference",
            Reply::Xml(answer("<Statut>ACCORDEE</Statut><MontantGlobal>10.00</MontantGlobal>").replace("{reference}", "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ),
        (
            "a DOCTYPE",
            Reply::Xml(format!(
                "<!DOCTYPE x [<!ENTITY e \"y\">]>{}",
                answer("<Statut>ACCORDEE</Statut><MontantGlobal>10.00</MontantGlobal>").split_once("?>").unwrap().1
            )),
        ),
        ("300 kB", Reply::Xml(answer(&format!("<Statut>ACCORDEE</Statut><MontantGlobal>10.00</MontantGlobal><Message>{long}</Message>")))),
        ("10,000 levels", Reply::Xml(answer(&format!("<Statut>ACCORDEE</Statut><MontantGlobal>10.00</MontantGlobal>{deep}")))),
        ("a grant without any amount", Reply::Xml(answer("<Statut>ACCORDEE</Statut>"))),
        ("a refusal without origin", Reply::Xml(answer("<Statut>REFUSEE</Statut><Message>non</Message>"))),
        ("an unknown line", Reply::Xml(answer("<Statut>ACCORDEE</Statut><Ligne numero=\"9\"><MontantRC>1.00</MontantRC></Ligne>"))),
        ("a negative amount", Reply::Xml(answer("<Statut>ACCORDEE</Statut><MontantGlobal>-1.00</MontantGlobal>"))),
        ("an amount above the line's value", Reply::Xml(answer("<Statut>ACCORDEE</Statut><Ligne numero=\"1\"><MontantRC>250.01</MontantRC></Ligne>"))),
        ("another namespace", Reply::Xml(answer("<Statut>ACCORDEE</Statut><MontantGlobal>10.00</MontantGlobal>").replace("urn:optopec:opamc:1", "urn:autre"))),
        ("a cut connection", Reply::Cut),
        ("half an answer", Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n<OPAMCRSP xmlns=\"urn:optopec:opamc:1\"".to_vec())),
        ("status 500", Reply::Status(500, String::new())),
        ("a redirect", Reply::Bytes(b"HTTP/1.1 302 Found\r\nlocation: /ailleurs\r\ncontent-length: 0\r\n\r\n".to_vec())),
        ("silence", Reply::Held(String::new())),
    ];
    for (what, reply) in cases {
        let scene = scene([reply]).await;
        scene.partenaire.on("OPAMCGET", [granted("300.00")]);
        let id = scene.pec().await;
        let unknown = scene.shop.until(&id, &["SANS_REPONSE"]).await;
        assert_eq!(unknown["credit"], "RESERVE", "{what}");
        assert!(unknown["prochaine_actualisation"].is_string(), "{what}");
        scene.ledger([9, 1, 0]).await;
        assert_eq!(scene.partenaire.calls("OPAMCGET").len(), 0, "{what}: no state query before 90 s");
        scene.app.advance(91).await;
        let known = scene.shop.until(&id, &["ACCORDEE"]).await;
        assert_eq!(known["montant_global_centimes"], 30_000, "{what}");
        assert_eq!(scene.partenaire.calls("OPAMCREQ").len(), 1, "{what}: never sent twice");
        scene.ledger([9, 0, 1]).await;
        scene.end().await;
    }
}

#[tokio::test]
async fn a_global_amount_beyond_the_lines_is_taken_and_what_they_cannot_hold_is_told() {
    let scene = scene([granted("800.00")]).await;
    let id = scene.pec().await;
    let seen = scene.shop.until(&id, &["ACCORDEE"]).await;
    // 714.00 less 1.37 + 1.37 + 1.70 of RO can be held.
    assert_eq!((&seen["montant_global_centimes"], &seen["montant_non_reparti_centimes"]), (&json!(80_000), &json!(9_044)));
    let held: Vec<_> = seen["lignes"].as_array().unwrap().iter().map(|l| l["rc_centimes"].as_i64().unwrap()).collect();
    assert_eq!(held, [24_863, 24_863, 21_230]);
    scene.ledger([9, 0, 1]).await;
    scene.end().await;
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_for_a_person() {
    let scene = scene([status("PEUT_ETRE")]).await;
    let id = scene.pec().await;
    let doubt = scene.shop.until(&id, &["A_VERIFIER"]).await;
    assert_eq!(doubt["credit"], "RESERVE");
    assert!(doubt["evenements"].to_string().contains("PEUT_ETRE"), "the raw text is kept");
    assert!(doubt["actions"].as_array().unwrap().contains(&json!("DECIDER")));
    scene.ledger([9, 1, 0]).await;
    let decided = scene
        .shop
        .post(
            &format!("/v1/demandes/{id}/decision"),
            json!({"issue": "ACCORDEE", "motif": "Mutuelle jointe au téléphone", "numero_pec": "T-1", "montant_global_centimes": 12_000}),
        )
        .await
        .expect(200)
        .body;
    assert_eq!(decided["etat"], "ACCORDEE");
    assert_eq!(decided["numero_pec"], "T-1");
    assert_eq!(decided["montant_global_centimes"], 12_000);
    scene.ledger([9, 0, 1]).await;
    scene.end().await;
}

#[tokio::test]
async fn not_received_is_tried_again_at_the_named_times_then_given_back() {
    let scene = scene([Reply::Status(429, String::new())]).await;
    let id = scene.pec().await;
    for (tries, wait) in [(1, 10), (2, 30), (3, 60), (4, 180), (5, 300)] {
        scene.partenaire.called("OPAMCREQ", tries).await;
        let seen = scene.shop.until(&id, &["EN_TRANSMISSION"]).await;
        assert_eq!(seen["credit"], "RESERVE");
        scene.app.advance(wait).await;
    }
    let given_back = scene.shop.until(&id, &["NON_TRANSMISE"]).await;
    assert_eq!(given_back["credit"], "RENDU");
    assert_eq!(scene.partenaire.calls("OPAMCREQ").len(), 6);
    scene.ledger([10, 0, 0]).await;
    // The guard is free again.
    scene.partenaire.on("OPAMCREQ", [granted("100.00")]);
    let dossier = given_back["dossier_id"].as_str().unwrap().to_owned();
    let again = scene.shop.ask(&dossier, "PEC").await;
    scene.shop.until(&again, &["ACCORDEE"]).await;
    scene.ledger([9, 0, 1]).await;
    scene.end().await;
}

#[tokio::test]
async fn a_concentrator_that_is_not_there_was_not_reached() {
    // A port that nobody listens on any more.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let data = std::env::temp_dir().join(format!("optopec-it-{}", ulid()));
    let partner = Partenaire::start().await;
    let app = App::with(Setup { reel: Some(partner.url.clone()), data: Some(data.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    app.system.stop().await;
    let app = App::with(Setup { reel: Some(url), data: Some(data.clone()), ..Setup::default() }).await;
    let shop = Shop { gerant: app.user("test", "GERANT").await };
    let id = shop.ask(&dossier, "PEC").await;
    for (tries, seconds) in [(1, 10), (2, 30), (3, 60), (4, 180), (5, 300)] {
        wait_for_tries(&shop, &id, tries).await;
        app.advance(seconds).await;
    }
    assert_eq!(shop.until(&id, &["NON_TRANSMISE"]).await["credit"], "RENDU");
    app.system.stop().await;
    let _ = std::fs::remove_dir_all(data);
}

fn ulid() -> String {
    crate::app::key() + &std::process::id().to_string()
}

/// Waits until a sending was proven not received so many times.
async fn wait_for_tries(shop: &Shop, id: &str, tries: usize) {
    for _ in 0..3_000 {
        let seen = shop.get(&format!("/v1/demandes/{id}")).await.expect(200).body;
        if seen["evenements"].as_array().unwrap().iter().filter(|e| e["quoi"] == "NON_RECUE").count() == tries {
            return;
        }
    }
    panic!("not tried {tries} times");
}

#[tokio::test]
async fn inconnue_proves_something_only_twice_and_far_apart() {
    let scene = scene([Reply::Cut]).await;
    scene.partenaire.on("OPAMCGET", [status("INCONNUE")]);
    let id = scene.pec().await;
    scene.shop.until(&id, &["SANS_REPONSE"]).await;
    scene.app.advance(91).await;
    scene.partenaire.called("OPAMCGET", 1).await;
    scene.app.advance(181).await;
    scene.partenaire.called("OPAMCGET", 2).await;
    let seen = scene.shop.until(&id, &["SANS_REPONSE"]).await;
    assert_eq!(seen["credit"], "RESERVE", "three minutes apart proves nothing");
    scene.app.advance(601).await;
    let proven = scene.shop.until(&id, &["NON_TRANSMISE"]).await;
    assert_eq!(proven["credit"], "RENDU");
    scene.ledger([10, 0, 0]).await;
    scene.end().await;
}

#[tokio::test]
async fn a_grant_that_comes_after_the_proof_is_for_a_person() {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [Reply::Held(answer("<Statut>ACCORDEE</Statut><NumeroPec>26-1</NumeroPec><MontantGlobal>100.00</MontantGlobal>"))]);
    partenaire.on("OPAMCGET", [status("INCONNUE")]);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), answer_timeout: Some(Duration::from_secs(60)), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    let id = shop.ask(&dossier, "PEC").await;
    partenaire.called("OPAMCREQ", 1).await;
    app.advance(121).await;
    partenaire.called("OPAMCGET", 1).await;
    app.advance(601).await;
    shop.until(&id, &["NON_TRANSMISE"]).await;
    assert_eq!(shop.credits().await, [10, 0, 0]);
    partenaire.release();
    let doubt = shop.until(&id, &["A_VERIFIER"]).await;
    assert_eq!(doubt["credit"], "RENDU");
    assert_eq!(shop.credits().await, [10, 0, 0]);
    let second = shop.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.expect(409);
    assert_eq!(second.body["demande_id"], id.as_str(), "it holds its equipment again");
    app.system.stop().await;
}

#[tokio::test]
async fn a_late_answer_after_the_same_news_changes_nothing() {
    let partenaire = Partenaire::start().await;
    partenaire.on("OPAMCREQ", [Reply::Held(answer("<Statut>ACCORDEE</Statut><NumeroPec>26-1</NumeroPec><MontantGlobal>100.00</MontantGlobal>"))]);
    partenaire.on("OPAMCGET", [granted("100.00")]);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), answer_timeout: Some(Duration::from_secs(60)), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    let dossier = shop.dossier_at("81000001", "A-1").await;
    let id = shop.ask(&dossier, "PEC").await;
    partenaire.called("OPAMCREQ", 1).await;
    app.advance(121).await;
    let first = shop.until(&id, &["ACCORDEE"]).await;
    partenaire.release();
    app.system.queues.settled().await;
    let after = shop.get(&format!("/v1/demandes/{id}")).await.expect(200).body;
    assert_eq!(after["version"], first["version"]);
    assert_eq!(shop.credits().await, [9, 0, 1]);
    assert_eq!(books(&shop).await, 10);
    app.system.stop().await;
}

#[tokio::test]
async fn the_platforms_refusal_gives_back_and_the_mutuelles_does_not() {
    let scene = scene([refused("PLATEFORME", "PLT-14", "Identifiant du magasin inconnu"), refused("MUTUELLE", "MUT-05", "N° adhérent absent")]).await;
    let dossier = scene.shop.dossier_at("81000001", "A-1").await;
    let id = scene.shop.ask(&dossier, "PEC").await;
    let platform = scene.shop.until(&id, &["REFUSEE"]).await;
    assert_eq!(
        (&platform["message_plateforme"], &platform["message_mutuelle"], &platform["credit"]),
        (&json!("Identifiant du magasin inconnu"), &Value::Null, &json!("RENDU"))
    );
    assert_eq!(platform["champ_a_corriger"], "/magasin/finess");
    scene.ledger([10, 0, 0]).await;
    let id = scene.shop.ask(&dossier, "PEC").await;
    let mutuelle = scene.shop.until(&id, &["REFUSEE"]).await;
    assert_eq!(
        (&mutuelle["message_mutuelle"], &mutuelle["message_plateforme"], &mutuelle["credit"]),
        (&json!("N° adhérent absent"), &Value::Null, &json!("CONSOMME"))
    );
    assert_eq!(mutuelle["champ_a_corriger"], "/tiers_payant/numero_adherent");
    assert!(mutuelle["que_faire"].as_str().unwrap().contains("adhérent"));
    scene.ledger([9, 0, 1]).await;
    scene.end().await;
}

#[tokio::test]
async fn a_platform_refusal_after_a_wait_is_returned_by_a_correction() {
    let scene = scene([Reply::Xml(answer("<Statut>EN_ATTENTE</Statut><DelaiHeures>48</DelaiHeures>"))]).await;
    scene.partenaire.on("OPAMCGET", [refused("PLATEFORME", "PLT-11", "Refus technique")]);
    let id = scene.pec().await;
    let waiting = scene.shop.until(&id, &["EN_ATTENTE"]).await;
    assert_eq!(waiting["delai_heures"], 48);
    assert!(waiting["message_mutuelle"].as_str().unwrap().contains("48"), "the delay in words");
    scene.ledger([9, 0, 1]).await;
    scene.app.advance(47 * 3600).await;
    scene.app.system.queues.settled().await;
    assert_eq!(scene.partenaire.calls("OPAMCGET").len(), 0, "not before the mutuelle's own delay");
    scene.app.advance(3601).await;
    let refused = scene.shop.until(&id, &["REFUSEE"]).await;
    assert_eq!(refused["credit"], "RENDU");
    // One top-up of 10 and one correction of 1 make eleven credits, one of them used and given back.
    assert_eq!(scene.shop.credits().await, [10, 0, 1]);
    assert_eq!(books(&scene.shop).await, 11);
    let last = &scene.shop.get("/v1/credits/mouvements?limite=1").await.body["mouvements"][0];
    assert_eq!((&last["type"], &last["quantite"], &last["demande_id"]), (&json!("CORRECTION"), &json!(1), &json!(id)));
    scene.end().await;
}

#[tokio::test]
async fn a_refusal_after_a_grant_is_for_a_person() {
    let scene = scene([granted("100.00")]).await;
    scene.partenaire.on("OPAMCGET", [refused("MUTUELLE", "MUT-01", "Bénéficiaire inconnu")]);
    let id = scene.pec().await;
    scene.shop.until(&id, &["ACCORDEE"]).await;
    scene.shop.post(&format!("/v1/demandes/{id}/actualisation"), json!({})).await.expect(202);
    let doubt = scene.shop.until(&id, &["A_VERIFIER"]).await;
    assert_eq!(doubt["credit"], "CONSOMME");
    scene.ledger([9, 0, 1]).await;
    scene.end().await;
}

#[tokio::test]
async fn inconnue_about_something_acknowledged_is_for_a_person() {
    let scene = scene([Reply::Xml(answer("<Statut>EN_ATTENTE</Statut><DelaiHeures>48</DelaiHeures>"))]).await;
    scene.partenaire.on("OPAMCGET", [status("INCONNUE")]);
    let id = scene.pec().await;
    scene.shop.until(&id, &["EN_ATTENTE"]).await;
    scene.shop.post(&format!("/v1/demandes/{id}/actualisation"), json!({})).await.expect(202);
    let doubt = scene.shop.until(&id, &["A_VERIFIER"]).await;
    assert_eq!(doubt["credit"], "CONSOMME");
    scene.end().await;
}

#[tokio::test]
async fn news_of_an_end_after_a_grant_is_taken() {
    for (statut, etat) in [("ANNULEE", "ANNULEE"), ("EXPIREE", "EXPIREE")] {
        let scene = scene([granted("100.00")]).await;
        scene.partenaire.on("OPAMCGET", [status(statut)]);
        let id = scene.pec().await;
        scene.shop.until(&id, &["ACCORDEE"]).await;
        scene.shop.post(&format!("/v1/demandes/{id}/actualisation"), json!({})).await.expect(202);
        assert_eq!(scene.shop.until(&id, &[etat]).await["credit"], "CONSOMME");
        scene.end().await;
    }
}

#[tokio::test]
async fn seven_days_of_silence_are_for_a_person() {
    let scene = scene([Reply::Cut]).await;
    scene.partenaire.on("OPAMCGET", [Reply::Cut]);
    let id = scene.pec().await;
    scene.shop.until(&id, &["SANS_REPONSE"]).await;
    scene.app.advance(7 * 24 * 3600 + 60).await;
    let doubt = scene.shop.until(&id, &["A_VERIFIER"]).await;
    assert_eq!(doubt["credit"], "RESERVE");
    scene.ledger([9, 1, 0]).await;
    let decided = scene
        .shop
        .post(&format!("/v1/demandes/{id}/decision"), json!({"issue": "NON_TRANSMISE", "motif": "La plateforme ne trouve rien"}))
        .await
        .expect(200)
        .body;
    assert_eq!((&decided["etat"], &decided["credit"]), (&json!("NON_TRANSMISE"), &json!("RENDU")));
    scene.ledger([10, 0, 0]).await;
    scene.end().await;
}

#[tokio::test]
async fn the_agreements_own_date_ends_it() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-EXPIRE").await;
    let id = shop.ask(&dossier, "PEC").await;
    let granted = shop.until(&id, &["ACCORDEE"]).await;
    assert!(granted["expire_le"].is_string());
    app.advance(59 * 24 * 3600).await;
    app.system.queues.settled().await;
    shop_until(&app, &id, "ACCORDEE").await;
    app.advance(3 * 24 * 3600).await;
    assert_eq!(shop_until(&app, &id, "EXPIREE").await["credit"], "CONSOMME");
    app.system.stop().await;
}

/// After a jump past thirty days the token has expired with it.
async fn shop_until(app: &App, id: &str, etat: &str) -> Value {
    app.user("demo", "GERANT").await.until(id, &[etat]).await
}

#[tokio::test]
async fn a_cancellation_is_acknowledged_refused_or_waited_for() {
    for (reply, etat) in [(acknowledged("ANNULEE"), "ANNULEE"), (acknowledged("REFUSEE"), "ACCORDEE")] {
        let scene = scene([granted("100.00")]).await;
        scene.partenaire.on("OPAMCDEL", [reply]);
        let id = scene.pec().await;
        scene.shop.until(&id, &["ACCORDEE"]).await;
        let asked = scene.shop.post(&format!("/v1/demandes/{id}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202).body;
        assert_eq!(asked["etat"], "ANNULATION_EN_COURS");
        let seen = scene.shop.until(&id, &[etat]).await;
        assert_eq!(scene.partenaire.calls("OPAMCDEL").len(), 1);
        assert!(
            scene.partenaire.calls("OPAMCDEL")[0].body.contains("<NumeroPec>26-000001</NumeroPec><Motif>Changement d'avis</Motif>")
                || scene.partenaire.calls("OPAMCDEL")[0].body.contains("Changement d&apos;avis")
        );
        if etat == "ACCORDEE" {
            assert_eq!(seen["message_mutuelle"], "message du concentrateur");
        }
        scene.ledger([9, 0, 1]).await;
        scene.end().await;
    }
    let scene = scene([granted("100.00")]).await;
    scene.partenaire.on("OPAMCDEL", [Reply::Cut]);
    scene.partenaire.on("OPAMCGET", [granted("100.00"), status("ANNULEE")]);
    let id = scene.pec().await;
    scene.shop.until(&id, &["ACCORDEE"]).await;
    scene.shop.post(&format!("/v1/demandes/{id}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202);
    scene.partenaire.called("OPAMCDEL", 1).await;
    scene.app.advance(91).await;
    scene.partenaire.called("OPAMCGET", 1).await;
    assert_eq!(scene.shop.until(&id, &["ANNULATION_EN_COURS"]).await["credit"], "CONSOMME");
    scene.app.advance(3600).await;
    scene.shop.until(&id, &["ANNULEE"]).await;
    assert_eq!(scene.partenaire.calls("OPAMCDEL").len(), 1);
    scene.end().await;
}

#[tokio::test]
async fn what_is_switched_off_or_hidden_never_leaves() {
    let scene = scene([granted("100.00")]).await;
    let read = scene.shop.get("/v1/magasin").await;
    let all_off: Value =
        read.body["transmission"].as_object().unwrap().keys().map(|k| (k.clone(), Value::Bool(false))).collect::<serde_json::Map<_, _>>().into();
    scene.shop.put("/v1/magasin/transmission", &read.etag, all_off).await.expect(200);
    let mutuelle = scene.shop.mutuelle("81000001").await["id"].as_str().unwrap().to_owned();
    let mut body = crate::app::dossier(&mutuelle, "A-1");
    body["equipements"][0]["lignes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"numero": 4, "designation": "LIGNE-CACHEE", "categorie": "OFFRE", "quantite": 1, "prix_unitaire_centimes": 1_000}));
    body["equipements"][0]["lignes"][0]["remise_pourcent"] = "7".into();
    let dossier = scene.shop.post("/v1/dossiers", body).await.expect(201).id();
    scene.shop.sign(&dossier).await;
    let id = scene.shop.ask(&dossier, "PEC").await;
    scene.shop.until(&id, &["ACCORDEE"]).await;
    let sent = scene.partenaire.calls("OPAMCREQ").remove(0);
    for hidden in [
        "278052A00412358",
        "<Nir",
        "RangGemellaire",
        "Telephone",
        "Email",
        "Camille",
        "Renouvellement",
        "BESNAINOU",
        "Prescripteur",
        "Surface",
        "ANTIREFLET",
        "Traitement",
        "Remise",
        "LIGNE-CACHEE",
        "2.00</",
        "Sphere",
        "Axe",
    ] {
        assert!(!sent.body.contains(hidden), "{hidden} in {}", sent.body);
    }
    for there in [
        "<Reference>dem_",
        "<Nature>PEC</Nature>",
        "<Essai>false</Essai>",
        "<Plateau>81000001</Plateau>",
        "<Finess>750000002</Finess>",
        "<Adherent>A-1</Adherent>",
        "<Contrat>CONTRAT-1</Contrat>",
        "<CodeLPP>2203240</CodeLPP>",
        "<Valeur>232.50</Valeur>",
        "<MontantRO>1.37</MontantRO>",
        "<TauxRO>60</TauxRO>",
        "<Enfant>false</Enfant>",
    ] {
        assert!(sent.body.contains(there), "{there} not in {}", sent.body);
    }
    assert!(sent.headers.to_lowercase().contains("authorization: bearer secret-du-concentrateur"), "{}", sent.headers);
    assert!(sent.headers.to_lowercase().contains("content-type: application/xml; charset=utf-8"), "{}", sent.headers);
    scene.end().await;
}
