//! The same request twice: one effect, one answer, for every POST that writes (docs/api.md, « Idempotency »).

use crate::app::{Answer, App, Shop, User, dossier, key};
use reqwest::Method;
use serde_json::{Value, json};

/// Sends it three times with one key: the same status and body. Then the same key for something else is refused. The first answer.
async fn once(user: &User, path: &str, body: Value) -> Answer {
    let key = key();
    let first = user.post_with(path, &key, body.clone()).await;
    assert!(first.status < 300, "{path}: {} {}", first.status, first.text);
    for _ in 0..2 {
        let again = user.post_with(path, &key, body.clone()).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    }
    let mut other = body.clone();
    other["autre"] = 1.into();
    let refused = user.post_with(path, &key, other).await.problem(422);
    assert_eq!(refused.kind(), "/problemes/cle-reutilisee", "{path}");
    let (elsewhere, body_there) = match path {
        "/v1/credits/recharges" => {
            ("/v1/credits/corrections", json!({"magasin": body["magasin"], "quantite": 1, "motif": "UNE AUTRE ROUTE", "reference": key}))
        }
        "/v1/credits/corrections" => ("/v1/credits/recharges", json!({"magasin": body["magasin"], "quantite": 1, "reference_paiement": key})),
        _ => ("/v1/clients", json!({"nom": "UNE AUTRE ROUTE"})),
    };
    user.post_with(elsewhere, &key, body_there).await.problem(422);
    // Neither refusal made it forget.
    let again = user.post_with(path, &key, body).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    first
}

async fn count(user: &User, list: &str, plural: &str) -> usize {
    user.walk(list, plural, 100).await.len()
}

#[tokio::test]
async fn every_post_that_writes_does_it_once() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("exploitation", "OPERATEUR").await;

    let client = once(&shop, "/v1/clients", json!({"nom": "MONTFORT", "nir": "278052A00412358"})).await;
    assert_eq!((client.status, client.body["nir"].as_str()), (201, Some("278052A00412358")));
    assert_eq!(shop.search("/v1/clients/recherche", "mont", "clients", 10).await.len(), 1);

    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let made = once(&shop, "/v1/dossiers", dossier(&mutuelle, "DEMO-ACCORD-LIGNES")).await.id();
    assert_eq!(count(&shop, "/v1/dossiers", "dossiers").await, 1);
    once(&shop, &format!("/v1/dossiers/{made}/consentement"), json!({"signe_le": "2026-01-02", "canal": "PAPIER"})).await;

    let own = once(&shop, "/v1/mutuelles", json!({"nom": "Une seule fois", "pec": "NON"})).await;
    assert_eq!(own.status, 201);
    let found = shop.get("/v1/mutuelles?q=une%20seule%20fois").await.body;
    assert_eq!(found["mutuelles"].as_array().unwrap().iter().filter(|m| m["nom"] == "Une seule fois").count(), 1);

    let cotation = once(&shop, &format!("/v1/dossiers/{made}/demandes"), json!({"nature": "COTATION", "equipement": 1})).await;
    assert_eq!((cotation.status, cotation.body["etat"].as_str()), (201, Some("EN_TRANSMISSION")), "the answer of then, whatever it became since");
    let cotation = cotation.id();
    shop.until(&cotation, &["ACCORDEE"]).await;
    let pec = once(&shop, &format!("/v1/demandes/{cotation}/transformation"), json!({})).await.expect(201).id();
    shop.until(&pec, &["ACCORDEE"]).await;
    assert_eq!(shop.credits().await, [99, 0, 1]);
    once(&shop, &format!("/v1/demandes/{pec}/actualisation"), json!({})).await.expect(202);
    once(&shop, &format!("/v1/demandes/{pec}/transfert"), json!({})).await.expect(200);
    shop.until(&pec, &["ACCORDEE"]).await;
    once(&shop, &format!("/v1/demandes/{pec}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202);
    shop.until(&pec, &["ANNULEE"]).await;
    assert_eq!(count(&shop, "/v1/demandes", "demandes").await, 2);

    let doubt = shop.dossier("DEMO-STATUT-NOUVEAU").await;
    let doubt = once(&shop, &format!("/v1/dossiers/{doubt}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.id();
    shop.until(&doubt, &["A_VERIFIER"]).await;
    once(&shop, &format!("/v1/demandes/{doubt}/decision"), json!({"issue": "REFUSEE", "motif": "Vu au téléphone", "origine": "PLATEFORME"})).await.expect(200);
    assert_eq!(shop.credits().await, [99, 0, 1]);

    once(&operateur, "/v1/credits/recharges", json!({"magasin": shop.magasin, "quantite": 7, "reference_paiement": "P-7"})).await;
    once(&operateur, "/v1/credits/corrections", json!({"magasin": shop.magasin, "quantite": -2, "motif": "Geste", "reference": "C-2"})).await;
    assert_eq!(shop.credits().await, [104, 0, 1]);
    // Nobody was made by a key that belonged to another route.
    assert_eq!(shop.search("/v1/clients/recherche", "une autre", "clients", 10).await, Vec::<Value>::new());
    app.system.stop().await;
}

#[tokio::test]
async fn files_and_downloads_are_taken_once() {
    let app = App::start().await;
    let shop = Shop { gerant: app.user("demo", "GERANT").await };
    let download = key();
    let first = shop.post_with("/v1/mutuelles/telechargement", &download, json!({})).await.expect(200);
    assert_ne!(first.body["ajoutees"], 0);
    let again = shop.post_with("/v1/mutuelles/telechargement", &download, json!({})).await;
    assert_eq!((again.status, &again.text), (200, &first.text), "the report of then");
    let fresh = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body;
    assert_eq!(fresh["ajoutees"], 0);

    let file = format!(
        "{}Une seule fois;;;NON;non;;;;;;;;;;;;;non;non;non\n",
        "nom;plateau;identifiant;pec;annulation;champs_requis;facultatifs_exiges;adresse1;adresse2;code_postal;localite;telephone;telephone2;fax;site_web;autre;remarque;top_mutualiste;sans_tiers_payant;tp_externalise\n"
    );
    let key = key();
    let send = |path: &'static str| {
        let (shop, key, file) = (&shop, &key, file.clone());
        async move { shop.raw(Method::POST, path, &[("content-type", "text/csv"), ("idempotency-key", key)], file).await }
    };
    // A dry run has no effect, so nothing is remembered of it.
    let dry = send("/v1/mutuelles/import?essai=true").await.expect(200).body;
    assert_eq!(dry["ajoutees"], 1);
    let first = send("/v1/mutuelles/import").await.expect(200);
    assert_eq!(first.body["ajoutees"], 1, "{}", first.text);
    let again = send("/v1/mutuelles/import").await;
    assert_eq!((again.status, &again.text), (200, &first.text));
    assert_eq!(
        shop.raw(Method::POST, "/v1/mutuelles/import", &[("content-type", "text/csv"), ("idempotency-key", &key)], format!("{file}\n"))
            .await
            .problem(422)
            .kind(),
        "/problemes/cle-reutilisee"
    );
    app.system.stop().await;
}

#[tokio::test]
async fn a_demande_needs_a_key_and_a_key_has_a_form() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let made = shop.dossier("DEMO-ACCORD").await;
    let demandes = format!("/v1/dossiers/{made}/demandes");
    let body = json!({"nature": "COTATION", "equipement": 1});
    shop.send(Method::POST, &demandes, &[], Some(body.clone())).await.problem(400);
    assert_eq!(count(&shop, "/v1/demandes", "demandes").await, 0);
    let id = shop.ask(&made, "COTATION").await;
    shop.until(&id, &["ACCORDEE"]).await;
    shop.send(Method::POST, &format!("/v1/demandes/{id}/transformation"), &[], Some(json!({}))).await.problem(400);
    assert_eq!(count(&shop, "/v1/demandes", "demandes").await, 1);
    // Everywhere else it is a choice.
    shop.send(Method::POST, "/v1/clients", &[], Some(json!({"nom": "SANS CLÉ"}))).await.expect(201);
    let long = "x".repeat(64);
    for good in ["a", "~", "!", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "d290f1ee-6c54-4b01-90e6-d701748f0851", long.as_str()] {
        shop.post_with("/v1/clients", good, json!({"nom": "BONNE"})).await.expect(201);
    }
    let too_long = "x".repeat(65);
    for bad in ["", " ", "\t", "a\tb", too_long.as_str()] {
        for (path, body) in [("/v1/clients", json!({"nom": "MAUVAISE"})), (demandes.as_str(), body.clone())] {
            shop.post_with(path, bad, body).await.problem(400);
        }
    }
    assert_eq!(shop.search("/v1/clients/recherche", "mauvaise", "clients", 10).await, Vec::<Value>::new());
    app.system.stop().await;
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("demo", "OPERATEUR").await;
    let key_a = key();
    shop.post_with("/v1/clients", &key_a, json!({"nom": ""})).await.problem(422);
    shop.post_with("/v1/clients", &key_a, json!({"nom": "MONTFORT"})).await.expect(201);

    // The very same request, refused for want of a signature, is taken once that is mended.
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let made = shop.post("/v1/dossiers", dossier(&mutuelle, "DEMO-ACCORD")).await.expect(201).id();
    let (path, body, key_b) = (format!("/v1/dossiers/{made}/demandes"), json!({"nature": "PEC", "equipement": 1}), key());
    shop.post_with(&path, &key_b, body.clone()).await.problem(422);
    shop.sign(&made).await;
    operateur
        .post("/v1/credits/corrections", json!({"magasin": shop.magasin, "quantite": -100, "motif": "Vider", "reference": "V"}))
        .await
        .expect_one_of(&[200, 201]);
    shop.post_with(&path, &key_b, body.clone()).await.problem(402);
    operateur
        .post("/v1/credits/corrections", json!({"magasin": shop.magasin, "quantite": 100, "motif": "Remplir", "reference": "R"}))
        .await
        .expect_one_of(&[200, 201]);
    let taken = shop.post_with(&path, &key_b, body.clone()).await.expect(201);
    shop.until(&taken.id(), &["ACCORDEE"]).await;
    // Without the memory this would be a second PEC, refused.
    let again = shop.post_with(&path, &key_b, body).await;
    assert_eq!((again.status, &again.text), (201, &taken.text));
    assert_eq!(shop.credits().await, [99, 0, 1]);

    let key_c = key();
    operateur.post_with("/v1/credits/recharges", &key_c, json!({"magasin": shop.magasin, "quantite": 0, "reference_paiement": "P"})).await.problem(422);
    operateur
        .post_with("/v1/credits/recharges", &key_c, json!({"magasin": shop.magasin, "quantite": 1, "reference_paiement": "P"}))
        .await
        .expect_one_of(&[200, 201]);
    // A search writes nothing: its key is as good as new.
    let key_d = key();
    for q in ["a", "b"] {
        shop.post_with("/v1/clients/recherche", &key_d, json!({"q": q})).await.expect(200);
    }
    shop.post_with("/v1/clients", &key_d, json!({"nom": "MONTFORT"})).await.expect(201);
    app.system.stop().await;
}

#[tokio::test]
async fn a_key_belongs_to_its_shop() {
    let app = App::start().await;
    let (one, two) = (app.user("demo", "OPTICIEN").await, app.user("demo2", "OPTICIEN").await);
    let colleague = app.user("demo", "GERANT").await;
    let (key, body) = (key(), json!({"nom": "MONTFORT"}));
    let first = one.post_with("/v1/clients", &key, body.clone()).await.expect(201);
    let second = two.post_with("/v1/clients", &key, body.clone()).await.expect(201);
    assert_ne!(first.id(), second.id());
    two.get(&format!("/v1/clients/{}", first.id())).await.problem(404);
    // A colleague of the same shop with the same request gets the same answer.
    assert_eq!(colleague.post_with("/v1/clients", &key, body.clone()).await.expect(201).text, first.text);
    // Whoever may not write gets no stored answer either.
    let reader = app.user("demo", "LECTURE").await;
    assert!(!reader.post_with("/v1/clients", &key, body).await.problem(403).text.contains("MONTFORT"));
    app.system.stop().await;
}

#[tokio::test]
async fn a_day_later_it_is_still_the_same_answer() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let made = shop.dossier("DEMO-ACCORD").await;
    let (client_key, pec_key) = (key(), key());
    let pec_path = format!("/v1/dossiers/{made}/demandes");
    let client = shop.post_with("/v1/clients", &client_key, json!({"nom": "MONTFORT"})).await.expect(201);
    let pec = shop.post_with(&pec_path, &pec_key, json!({"nature": "PEC", "equipement": 1})).await.expect(201);
    shop.until(&pec.id(), &["ACCORDEE"]).await;
    app.advance(24 * 3600).await;
    assert_eq!(shop.post_with("/v1/clients", &client_key, json!({"nom": "MONTFORT"})).await.expect(201).text, client.text);
    assert_eq!(shop.post_with(&pec_path, &pec_key, json!({"nature": "PEC", "equipement": 1})).await.expect(201).text, pec.text);
    shop.post_with("/v1/clients", &client_key, json!({"nom": "AUTRE"})).await.problem(422);
    assert_eq!(shop.credits().await, [99, 0, 1]);
    app.system.stop().await;
}

#[tokio::test]
async fn the_same_request_at_the_same_moment_has_one_effect() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("exploitation", "OPERATEUR").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let made = shop.dossier("DEMO-ACCORD").await;
    let before = count(&shop, "/v1/dossiers", "dossiers").await;
    for (user, path, body) in [
        (&shop.gerant, "/v1/clients".to_owned(), json!({"nom": "MONTFORT"})),
        (&shop.gerant, "/v1/dossiers".to_owned(), dossier(&mutuelle, "A-1")),
        (&shop.gerant, "/v1/mutuelles".to_owned(), json!({"nom": "Une seule fois", "pec": "NON"})),
        (&shop.gerant, format!("/v1/dossiers/{made}/demandes"), json!({"nature": "COTATION", "equipement": 1})),
        (&operateur, "/v1/credits/recharges".to_owned(), json!({"magasin": shop.magasin, "quantite": 7, "reference_paiement": "P-7"})),
        (&operateur, "/v1/credits/corrections".to_owned(), json!({"magasin": shop.magasin, "quantite": -2, "motif": "Geste", "reference": "C-2"})),
    ] {
        let key = key();
        let answers = futures::future::join_all((0..8).map(|_| user.post_with(&path, &key, body.clone()))).await;
        let won: Vec<&Answer> = answers.iter().filter(|a| a.status < 300).collect();
        assert!(!won.is_empty(), "{path}: {:?}", answers.iter().map(|a| (a.status, &a.text)).collect::<Vec<_>>());
        assert!(won.iter().all(|a| a.text == won[0].text && a.status == won[0].status), "{path}: one answer");
        for other in answers.iter().filter(|a| a.status >= 300) {
            assert_eq!(other.status, 409, "{path}: {}", other.text);
            assert!(other.headers.contains_key("retry-after"), "still running says when to come back: {}", other.text);
        }
        assert_eq!(user.post_with(&path, &key, body).await.text, won[0].text, "{path}: and again afterwards");
    }
    assert_eq!(shop.search("/v1/clients/recherche", "mont", "clients", 100).await.len(), 1);
    assert_eq!(count(&shop, "/v1/dossiers", "dossiers").await, before + 1);
    assert_eq!(count(&shop, "/v1/demandes", "demandes").await, 1);
    assert_eq!(shop.credits().await[0], 105);
    let found = shop.get("/v1/mutuelles?q=une%20seule%20fois").await.body;
    assert_eq!(found["mutuelles"].as_array().unwrap().iter().filter(|m| m["nom"] == "Une seule fois").count(), 1);
    app.system.stop().await;
}
