//! A new shop, what it needs before its first PEC, its credits, and what only the operator may do.

use crate::{
    app::{App, Setup, User},
    formes::nobody,
    partenaire::Partenaire,
};
use reqwest::Method;
use serde_json::{Value, json};

/// What is not fulfilled yet.
async fn missing(user: &User) -> Vec<String> {
    let seen = user.get("/v1/magasin/conditions").await.expect(200).body;
    let conditions = seen["conditions"].as_array().unwrap();
    let mut codes: Vec<&str> = conditions.iter().map(|c| c["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CONVENTIONS", "CREDIT", "IDENTITE", "OPTION_PEC"], "each once");
    for condition in conditions {
        assert!(condition["message"].as_str().is_some_and(|m| !m.is_empty()), "{condition}");
        if condition["remplie"] == false {
            assert!(condition["action"].as_str().is_some_and(|a| !a.is_empty()), "what to do about it: {condition}");
        }
    }
    let missing: Vec<String> = conditions.iter().filter(|c| !c["remplie"].as_bool().unwrap()).map(|c| c["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(seen["pret"].as_bool(), Some(missing.is_empty()));
    missing
}

#[tokio::test]
async fn a_new_shop_is_empty_and_says_what_it_lacks() {
    let partenaire = Partenaire::start().await;
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.user("un nom que personne ne connaît", "GERANT").await;
    assert_eq!(app.user("un nom que personne ne connaît", "LECTURE").await.magasin, shop.magasin, "the same name is the same shop");
    let seen = shop.get("/v1/magasin").await.expect(200).body;
    assert_eq!((&seen["id"], &seen["mode"], &seen["option_pec"], &seen["finess"]), (&json!(shop.magasin), &json!("REEL"), &json!(false), &Value::Null));
    let switches: Vec<(String, bool)> = seen["transmission"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.as_bool().unwrap())).collect();
    let expected = [
        ("beneficiaire_nir", true),
        ("beneficiaire_rang_gemellaire", true),
        ("assure_nir", true),
        ("opticien_nom_prenom", true),
        ("opticien_telephone", true),
        ("opticien_email", true),
        ("prescription_ri_ra", false),
        ("prescription_prescripteur", false),
        ("verre_surface", false),
        ("verre_traitement", false),
        ("lentille_par_boite", false),
        ("verre_remise", true),
        ("lentille_remise", true),
        ("monture_remise", true),
    ];
    assert_eq!(switches, expected.map(|(name, on)| (name.to_owned(), on)), "these, in this order");
    for name in ["id", "nom", "finess", "adresse", "opticien", "option_pec", "mode", "transmission", "version"] {
        assert!(seen.get(name).is_some(), "{name}");
    }
    let credits = shop.get("/v1/credits").await.expect(200).body;
    assert_eq!((&credits["disponibles"], &credits["reserves"], &credits["consommes"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!(shop.get("/v1/mutuelles").await.expect(200).body, json!({"mutuelles": [], "suivant": null}));
    assert_eq!(shop.get("/v1/dossiers").await.expect(200).body, json!({"dossiers": [], "suivant": null}));
    assert_eq!(missing(&shop).await.len(), 4);

    let operateur = app.user("exploitation", "OPERATEUR").await;
    let subscription = json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10});
    operateur.send(Method::PUT, &format!("/v1/operateur/magasins/{}", shop.magasin), &[], Some(subscription)).await.expect(200);
    assert!(!missing(&shop).await.contains(&"OPTION_PEC".to_owned()));
    operateur.post("/v1/credits/recharges", json!({"magasin": shop.magasin, "quantite": 1, "reference_paiement": "P"})).await.expect_one_of(&[200, 201]);
    assert!(!missing(&shop).await.contains(&"CREDIT".to_owned()));
    let read = shop.get("/v1/magasin").await;
    let mut body = read.body;
    body["nom"] = "Neuf".into();
    body["finess"] = "750000002".into();
    body["opticien"] = json!({"nom": "Test", "prenom": "Camille", "telephone": "0199000001", "email": "test@example.org"});
    body["adresse"] = json!({"ligne1": "1 rue", "code_postal": "75001", "localite": "Paris"});
    shop.put("/v1/magasin", &read.etag, body).await.expect(200);
    assert_eq!(missing(&shop).await, ["CONVENTIONS"]);
    shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
    assert_eq!(missing(&shop).await, Vec::<String>::new());
    app.system.stop().await;
}

#[tokio::test]
async fn without_a_concentrator_a_real_shop_is_told_so() {
    let app = App::start().await;
    let shop = app.user("réel", "GERANT").await;
    let refused = shop.post("/v1/mutuelles/telechargement", json!({})).await.problem(503);
    assert_eq!(refused.kind(), "/problemes/concentrateur-absent");
    assert_eq!(shop.get("/v1/mutuelles").await.expect(200).body["mutuelles"], json!([]));
    // The same shop in demonstration has the demonstration concentrator.
    let operateur = app.user("réel", "OPERATEUR").await;
    let subscription = json!({"option_pec": true, "mode": "DEMONSTRATION", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10});
    operateur.send(Method::PUT, &format!("/v1/operateur/magasins/{}", shop.magasin), &[], Some(subscription)).await.expect(200);
    shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
    assert!(shop.get("/v1/mutuelles?q=90000001").await.expect(200).body["mutuelles"][0]["nom"].as_str().unwrap().contains("Démo"));
    app.system.stop().await;
}

#[tokio::test]
async fn what_the_subscription_allows_is_the_operators_word() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("exploitation", "OPERATEUR").await;
    let path = format!("/v1/operateur/magasins/{}", shop.magasin);
    let set = |body: Value| operateur.send(Method::PUT, &path, &[], Some(body));
    set(json!({"option_pec": false, "mode": "REEL", "prix": {"PEC": 3, "COTATION": 2}, "seuil_alerte": 100})).await.expect(200);
    let seen = shop.get("/v1/magasin").await.expect(200).body;
    assert_eq!((&seen["option_pec"], &seen["mode"]), (&json!(false), &json!("REEL")));
    let credits = |shop: &User| {
        let shop = shop.clone();
        async move { shop.get("/v1/credits").await.expect(200).body }
    };
    let mut names: Vec<String> = credits(&shop).await.as_object().unwrap().keys().cloned().collect();
    names.truncate(5);
    assert_eq!(names, ["disponibles", "reserves", "consommes", "seuil_alerte", "alerte"]);
    for (threshold, alert) in [(0, false), (99, false), (101, true)] {
        set(json!({"option_pec": true, "mode": "DEMONSTRATION", "prix": {"PEC": 3, "COTATION": 2}, "seuil_alerte": threshold})).await.expect(200);
        let seen = credits(&shop).await;
        assert_eq!((seen["seuil_alerte"].as_u64(), seen["alerte"].as_bool(), seen["disponibles"].as_u64()), (Some(threshold), Some(alert), Some(100)));
    }
    let id = shop.dossier("DEMO-ACCORD").await;
    let cotation = shop.ask(&id, "COTATION").await;
    assert_eq!(shop.until(&cotation, &["ACCORDEE"]).await["credit"], "CONSOMME");
    let pec = shop.ask(&id, "PEC").await;
    shop.until(&pec, &["ACCORDEE"]).await;
    assert_eq!(shop.credits().await, [95, 0, 5], "two for the cotation, three for the PEC");
    operateur
        .send(
            Method::PUT,
            &format!("/v1/operateur/magasins/{}", nobody("mag")),
            &[],
            Some(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 1})),
        )
        .await
        .problem(404);
    app.system.stop().await;
}

#[tokio::test]
async fn a_payment_counts_once_in_the_whole_system() {
    let app = App::start().await;
    let (a, b) = (app.user("magasin a", "GERANT").await, app.user("magasin b", "GERANT").await);
    let (one, two) = (app.user("exploitation", "OPERATEUR").await, app.user("autre exploitation", "OPERATEUR").await);
    let top_up = |by: &User, shop: &User, n: i64, reference: &str| {
        let (by, body) = (by.clone(), json!({"magasin": shop.magasin, "quantite": n, "reference_paiement": reference}));
        async move { by.post("/v1/credits/recharges", body).await }
    };
    top_up(&one, &a, 10, "CHEQUE-1").await.expect_one_of(&[200, 201]);
    for (by, shop, n) in [(&one, &a, 10), (&one, &a, 7), (&one, &b, 10), (&two, &a, 10), (&two, &b, 10)] {
        let again = top_up(by, shop, n, "CHEQUE-1").await;
        assert!(again.status < 500, "{}", again.text);
    }
    assert_eq!((a.credits().await, b.credits().await), ([10, 0, 0], [0, 0, 0]));
    // Spaces around it make no other payment of it.
    top_up(&one, &b, 5, " CHEQUE-1 ").await;
    assert_eq!(b.credits().await, [0, 0, 0]);
    // At the same moment too, through both operators and for both shops.
    let racing = futures::future::join_all((0..8).map(|i| top_up(if i % 2 == 0 { &one } else { &two }, if i % 4 < 2 { &a } else { &b }, 10, "CHEQUE-2"))).await;
    assert_eq!(racing.iter().filter(|r| r.status < 300).count(), 1, "{:?}", racing.iter().map(|r| r.status).collect::<Vec<_>>());
    assert_eq!(a.credits().await[0] + b.credits().await[0], 20);
    // A correction's reference likewise; it is another list than the payments.
    let correct = |by: &User, shop: &User, n: i64, reference: &str| {
        let (by, body) = (by.clone(), json!({"magasin": shop.magasin, "quantite": n, "motif": "Geste commercial", "reference": reference}));
        async move { by.post("/v1/credits/corrections", body).await }
    };
    let before = a.credits().await[0];
    correct(&one, &a, 3, "GESTE-1").await.expect_one_of(&[200, 201]);
    for (by, shop, n) in [(&one, &a, 3), (&two, &b, 3), (&one, &a, -3)] {
        assert!(correct(by, shop, n, "GESTE-1").await.status < 500);
    }
    assert_eq!(a.credits().await[0], before + 3);
    app.system.stop().await;
}

#[tokio::test]
async fn the_ledger_never_goes_below_nothing() {
    let app = App::start().await;
    let shop = app.user("magasin", "GERANT").await;
    let operateur = app.user("exploitation", "OPERATEUR").await;
    let correct = |n: i64, reference: &str| {
        let (operateur, body) = (operateur.clone(), json!({"magasin": shop.magasin, "quantite": n, "motif": "Erreur de saisie", "reference": reference}));
        async move { operateur.post("/v1/credits/corrections", body).await }
    };
    operateur.post("/v1/credits/recharges", json!({"magasin": shop.magasin, "quantite": 10, "reference_paiement": "P-1"})).await.expect_one_of(&[200, 201]);
    for (n, reference) in [(-11, "C-1"), (-1_000_000, "C-2"), (i64::MIN, "C-3")] {
        correct(n, reference).await.refusal();
    }
    assert_eq!(shop.credits().await, [10, 0, 0]);
    // A refused one did not use up its reference.
    correct(-3, "C-1").await.expect_one_of(&[200, 201]);
    correct(-7, "C-4").await.expect_one_of(&[200, 201]);
    assert_eq!(shop.credits().await, [0, 0, 0]);
    correct(5, "C-5").await.expect_one_of(&[200, 201]);
    correct(0, "C-6").await.problem(422);
    for wrong in [0, -1, 1_000_000_000_000_i64] {
        operateur
            .post("/v1/credits/recharges", json!({"magasin": shop.magasin, "quantite": wrong, "reference_paiement": format!("Q{wrong}")}))
            .await
            .problem(422);
    }
    for body in [
        json!({"magasin": shop.magasin, "quantite": 1, "reference_paiement": " "}),
        json!({"magasin": shop.magasin, "quantite": 1}),
        json!({"magasin": shop.magasin, "reference_paiement": "R"}),
        json!({"quantite": 1, "reference_paiement": "R"}),
        json!({"magasin": "mag_x", "quantite": 1, "reference_paiement": "R"}),
    ] {
        operateur.post("/v1/credits/recharges", body).await.problem(422);
    }
    operateur.post("/v1/credits/corrections", json!({"magasin": shop.magasin, "quantite": 1, "reference": "S", "motif": " "})).await.problem(422);
    operateur.post("/v1/credits/recharges", json!({"magasin": nobody("mag"), "quantite": 1, "reference_paiement": "T"})).await.problem_one_of(&[404, 422]);

    let movements = shop.get("/v1/credits/mouvements").await.expect(200).body["mouvements"].clone();
    let told: Vec<_> = movements
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["numero"].as_u64().unwrap(), m["type"].as_str().unwrap(), m["quantite"].as_i64().unwrap(), m["solde"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [(4, "CORRECTION", 5, 5), (3, "CORRECTION", -7, 0), (2, "CORRECTION", -3, 7), (1, "RECHARGE", 10, 10)]);
    for movement in movements.as_array().unwrap() {
        assert_eq!(movement["demande_id"], Value::Null);
        assert!(movement["le"].as_str().unwrap().ends_with('Z'), "an instant in UTC: {movement}");
        assert!(movement["par"].as_str().is_some_and(|p| !p.is_empty()));
    }
    assert_eq!(movements[0]["motif"], "Erreur de saisie");
    app.system.stop().await;
}

#[tokio::test]
async fn every_movement_of_a_pec_is_in_the_ledger() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let granted = shop.dossier("DEMO-ACCORD").await;
    let granted = shop.ask(&granted, "PEC").await;
    shop.until(&granted, &["ACCORDEE"]).await;
    let refused = shop.dossier("DEMO-REJET-PLATEFORME").await;
    let refused = shop.ask(&refused, "PEC").await;
    shop.until(&refused, &["REFUSEE"]).await;
    let movements = shop.get("/v1/credits/mouvements").await.expect(200).body["mouvements"].clone();
    let told: Vec<_> = movements
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["type"].as_str().unwrap(), m["quantite"].as_i64().unwrap(), m["solde"].as_u64().unwrap(), m["demande_id"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("RESTITUTION", 1, 99, Some(refused.as_str())),
            ("RESERVATION", 1, 98, Some(refused.as_str())),
            ("CONSOMMATION", 1, 99, Some(granted.as_str())),
            ("RESERVATION", 1, 99, Some(granted.as_str())),
            ("RECHARGE", 100, 100, None),
        ]
    );
    app.system.stop().await;
}
