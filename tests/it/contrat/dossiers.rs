//! A dossier: numbers that are given once, equipments that freeze, consent that stops counting, amounts that follow.

use crate::{
    app::{Answer, App, Shop, User, dossier},
    formes::{ids, nobody},
};
use reqwest::Method;
use serde_json::{Value, json};

/// Reads, edits, writes back.
async fn change(user: &User, id: &str, edit: impl FnOnce(&mut Value)) -> Answer {
    let path = format!("/v1/dossiers/{id}");
    let read = user.get(&path).await.expect(200);
    let mut body = read.body;
    edit(&mut body);
    user.put(&path, &read.etag, body).await
}

async fn read(user: &User, id: &str) -> Value {
    user.get(&format!("/v1/dossiers/{id}")).await.expect(200).body
}

fn numbers(dossier: &Value) -> Vec<u64> {
    dossier["equipements"].as_array().unwrap().iter().map(|e| e["numero"].as_u64().unwrap()).collect()
}

fn rc(dossier: &Value) -> Vec<Option<u64>> {
    dossier["equipements"][0]["lignes"].as_array().unwrap().iter().map(|l| l["rc_centimes"].as_u64()).collect()
}

#[tokio::test]
async fn the_dossier_of_the_manual_has_the_amounts_of_the_manual() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop.dossier("A-1").await;
    let seen = read(&shop, &id).await;
    assert_eq!(
        seen["totaux"],
        json!({"total_centimes": 71_400, "ro_centimes": 444, "reste_apres_ro_centimes": 70_956, "rc_centimes": null, "reste_a_charge_centimes": null})
    );
    let equipement = &seen["equipements"][0];
    assert_eq!((&equipement["taux_ro"], &equipement["enfant"]), (&json!(60), &json!(false)));
    let lines: Vec<_> = equipement["lignes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["valeur_centimes"].as_u64(), l["ro_centimes"].as_u64(), l["rc_centimes"].as_u64()))
        .collect();
    assert_eq!(lines, [(Some(25_000), Some(137), None), (Some(25_000), Some(137), None), (Some(21_400), Some(170), None)]);
    for name in ["id", "version", "client_id", "date", "beneficiaire", "assure", "prescription", "equipements", "tiers_payant", "consentement", "totaux"] {
        assert!(seen.get(name).is_some(), "{name}");
    }
    for name in [
        "numero",
        "type",
        "vision",
        "deuxieme_paire",
        "code_risque",
        "taux_ro",
        "taux_ro_manuel",
        "enfant",
        "enfant_manuel",
        "prisme_od",
        "prisme_og",
        "rc_manuel_centimes",
        "lignes",
    ] {
        assert!(equipement.get(name).is_some(), "{name}");
    }
    for name in [
        "numero",
        "reference",
        "designation",
        "categorie",
        "cote",
        "quantite",
        "prix_unitaire_centimes",
        "remise_pourcent",
        "code_lpp",
        "code_regroupement",
        "classe",
        "surface",
        "traitements",
        "par_boite",
        "fabricant",
        "marque",
        "modele",
        "matiere",
        "indice",
        "fabrique_en",
        "occulte",
        "ro_manuel_centimes",
        "valeur_centimes",
        "ro_centimes",
        "rc_centimes",
    ] {
        assert!(equipement["lignes"][0].get(name).is_some(), "{name}");
    }
    app.system.stop().await;
}

#[tokio::test]
async fn amounts_are_those_of_the_contract() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let line = |code: Value, quantity: u32, price: u64, discount: &str| json!({"designation": "x", "categorie": "VER", "code_lpp": code, "quantite": quantity, "prix_unitaire_centimes": price, "remise_pourcent": discount});
    let make = |date: &str, risk: &str, lines: Value, card: Value| json!({"date": date, "beneficiaire": {"nom": "MONTFORT", "date_naissance": "1978-05-14"}, "equipements": [{"code_risque": risk, "lignes": lines}], "tiers_payant": card});
    // Tariff of 2203240: 2.29 €. (date, risk, line, value, RO)
    let known = json!("2203240");
    let cases = [
        ("2013-11-26", "MALADIE", line(known.clone(), 1, 25_000, "0"), 25_000, Some(137)),
        // 2 × 2.29 × 60 % = 2.748: half up, on the line as a whole.
        ("2013-11-26", "MALADIE", line(known.clone(), 2, 25_000, "0"), 50_000, Some(275)),
        // 2.29 × 65 % = 1.4885.
        ("2011-05-01", "MALADIE", line(known.clone(), 1, 25_000, "0"), 25_000, Some(149)),
        ("2011-05-02", "ACCIDENT_DROIT_COMMUN", line(known.clone(), 1, 25_000, "0"), 25_000, Some(137)),
        ("2011-05-02", "ACCIDENT_TRAVAIL", line(known.clone(), 1, 25_000, "0"), 25_000, Some(229)),
        ("2011-05-02", "MATERNITE", line(known.clone(), 1, 25_000, "0"), 25_000, Some(229)),
        // Never above its value: 1.00 € at 60 %.
        ("2013-11-26", "MALADIE", line(known.clone(), 1, 100, "0"), 100, Some(60)),
        // 3 × 33.33 × 87.5 % = 87.49125.
        ("2013-11-26", "MALADIE", line(known.clone(), 3, 3_333, "12.5"), 8_749, Some(412)),
        // Half a centime goes up: 0.05 × 50 % = 0.025.
        ("2013-11-26", "MALADIE", line(known.clone(), 1, 5, "50"), 3, Some(2)),
        ("2013-11-26", "MALADIE", line(known.clone(), 1, 25_000, "100"), 0, Some(0)),
        ("2013-11-26", "MALADIE", line(json!("9999999"), 1, 25_000, "0"), 25_000, None),
        ("2020-01-01", "MALADIE", line(known, 1, 25_000, "0"), 25_000, None),
    ];
    for (date, risk, line, value, ro) in cases {
        let made = shop.post("/v1/dossiers", make(date, risk, json!([line]), Value::Null)).await.expect(201).body;
        let seen = &made["equipements"][0]["lignes"][0];
        assert_eq!((seen["valeur_centimes"].as_u64(), seen["ro_centimes"].as_u64()), (Some(value), ro), "{date} {risk} {line}");
        assert_eq!((made["totaux"]["total_centimes"].as_u64(), made["totaux"]["ro_centimes"].as_u64()), (Some(value), ro));
        assert_eq!(made["totaux"]["reste_apres_ro_centimes"].as_u64(), ro.map(|ro| value - ro));
    }
    // Class B from 2020 on: 0.05 € × 60 % = 0.03 €; an unknown tariff stays unknown.
    for (date, classe, ro) in [("2020-01-01", "B", Some(3)), ("2019-12-31", "B", None), ("2020-01-01", "A", None)] {
        let lines = json!([{"designation": "x", "categorie": "VER", "classe": classe, "quantite": 1, "prix_unitaire_centimes": 10_000}]);
        let made = shop.post("/v1/dossiers", make(date, "MALADIE", lines, Value::Null)).await.expect(201).body;
        assert_eq!(made["equipements"][0]["lignes"][0]["ro_centimes"].as_u64(), ro, "{date} {classe}");
    }
    // By hand wins over both; a caisse that pays nothing wins over all; one unknown line makes the total unknown.
    let mut lines = json!([line(json!("2203240"), 1, 25_000, "0"), line(json!("9999999"), 1, 1_000, "0")]);
    let made = shop.post("/v1/dossiers", make("2013-11-26", "MALADIE", lines.clone(), Value::Null)).await.expect(201).body;
    assert_eq!(
        (made["totaux"]["ro_centimes"].as_u64(), made["totaux"]["reste_apres_ro_centimes"].as_u64(), made["totaux"]["total_centimes"].as_u64()),
        (None, None, Some(26_000))
    );
    lines[0]["ro_manuel_centimes"] = 500.into();
    lines[1]["ro_manuel_centimes"] = 0.into();
    let made = shop.post("/v1/dossiers", make("2013-11-26", "MALADIE", lines.clone(), Value::Null)).await.expect(201).body;
    assert_eq!(made["totaux"]["ro_centimes"], 500);
    let made = shop.post("/v1/dossiers", make("2013-11-26", "MALADIE", lines, json!({"part_ro": false}))).await.expect(201).body;
    assert_eq!(made["totaux"]["ro_centimes"], 0);

    // Forfaits. Reste after RO of the three lines: 248.63, 248.63 and 212.30, together 709.56.
    let mutuelle = shop.post("/v1/mutuelles", json!({"nom": "À forfaits", "pec": "NON", "forfaits": [
        {"libelle": "Cent", "type": "FIXE", "montant_centimes": 10_000}, {"libelle": "Trop", "type": "FIXE", "montant_centimes": 99_999}, {"libelle": "Moitié", "type": "POURCENTAGE", "pourcentage": "50", "assiette": "RESTE"}]})).await.expect(201).body;
    let forfait =
        |i: usize| mutuelle["forfaits"].as_array().unwrap().iter().find(|f| f["libelle"] == ["Cent", "Trop", "Moitié"][i]).expect("the forfait")["id"].clone();
    let with = |forfait: Value, card: Value| {
        let mut body = dossier(mutuelle["id"].as_str().unwrap(), "A-1");
        body["tiers_payant"]["forfait_id"] = forfait;
        for (name, value) in card.as_object().unwrap() {
            body["tiers_payant"][name] = value.clone();
        }
        body
    };
    let cases = [
        // 100.00 in proportion: 35.040…, 35.040…, 29.919…; one centime is left, and the third has the largest remainder.
        (forfait(0), json!({}), [3_504, 3_504, 2_992], 10_000),
        (forfait(1), json!({}), [24_863, 24_863, 21_230], 70_956),
        (forfait(2), json!({}), [12_432, 12_431, 10_615], 35_478),
        // What is left of the year caps it: 60.00 − 10.00.
        (forfait(0), json!({"maximum_annuel_centimes": 6_000, "deja_utilise_centimes": 1_000}), [1_752, 1_752, 1_496], 5_000),
        (forfait(0), json!({"maximum_annuel_centimes": 1_000, "deja_utilise_centimes": 6_000}), [0, 0, 0], 0),
    ];
    for (forfait, card, expected, total) in cases {
        let made = shop.post("/v1/dossiers", with(forfait, card.clone())).await.expect(201).body;
        assert_eq!(rc(&made), expected.map(Some), "{card}");
        assert_eq!((made["totaux"]["rc_centimes"].as_u64(), made["totaux"]["reste_a_charge_centimes"].as_u64()), (Some(total), Some(70_956 - total)), "{card}");
    }
    // What the shop learned by telephone is split the same way, and no ceiling touches it.
    let mut body = with(Value::Null, json!({"maximum_annuel_centimes": 1, "deja_utilise_centimes": 1}));
    body["equipements"][0]["rc_manuel_centimes"] = 10_000.into();
    let made = shop.post("/v1/dossiers", body).await.expect(201).body;
    assert_eq!(rc(&made), [Some(3_504), Some(3_504), Some(2_992)]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_child_is_younger_than_eighteen_then_than_sixteen() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    for (date, birth, child) in [
        ("2019-12-31", "2002-01-01", true),
        ("2019-12-31", "2001-12-31", false),
        ("2020-01-01", "2004-01-02", true),
        ("2020-01-01", "2004-01-01", false),
        ("2020-01-01", "2002-01-02", false),
    ] {
        let made = shop
            .post("/v1/dossiers", json!({"date": date, "beneficiaire": {"nom": "MONTFORT", "date_naissance": birth}, "equipements": [{"lignes": []}]}))
            .await
            .expect(201)
            .body;
        assert_eq!(made["equipements"][0]["enfant"], child, "{birth} on {date}");
    }
    let made = shop.post("/v1/dossiers", json!({"date": "2020-01-01", "beneficiaire": {"nom": "MONTFORT", "date_naissance": "1950-01-01"}, "equipements": [{"enfant_manuel": true, "lignes": []}]})).await.expect(201).body;
    assert_eq!((&made["equipements"][0]["enfant"], &made["equipements"][0]["enfant_manuel"]), (&json!(true), &json!(true)));
    app.system.stop().await;
}

#[tokio::test]
async fn an_offer_is_always_hidden_and_carries_no_code() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut body = dossier(&mutuelle, "DEMO-ACCORD-LIGNES");
    body["equipements"][0]["lignes"].as_array_mut().unwrap().push(json!({"numero": 4, "designation": "Offre", "categorie": "OFFRE", "code_lpp": "2203240", "occulte": false, "quantite": 1, "prix_unitaire_centimes": 1_000}));
    let made = shop.post("/v1/dossiers", body).await.expect(201).body;
    let offer = &made["equipements"][0]["lignes"][3];
    assert_eq!((&offer["occulte"], &offer["code_lpp"]), (&json!(true), &Value::Null));
    assert_eq!((made["totaux"]["total_centimes"].as_u64(), made["totaux"]["ro_centimes"].as_u64()), (Some(72_400), Some(444)), "in the total, not in the RO");
    let id = made["id"].as_str().unwrap();
    shop.sign(id).await;
    let seen = shop.get(&format!("/v1/dossiers/{id}/verification?equipement=1&nature=PEC")).await.expect(200).body;
    assert_eq!(seen["pret"], true, "{seen}");
    let sent: Vec<u64> = seen["apercu"]["equipement"]["lignes"].as_array().unwrap().iter().map(|l| l["numero"].as_u64().unwrap()).collect();
    assert_eq!(sent, [1, 2, 3]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_client_brings_what_the_dossier_does_not_say() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let client = json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "278052A00412358", "qualite": "CONJOINT", "assure": {"nom": "MONTFORT", "prenom": "Paul"},
        "mutuelles": [{"rang": 2, "numero_adherent": "deux"}, {"rang": 1, "mutuelle_id": mutuelle, "numero_adherent": "un", "regime": "R"}]});
    let client = shop.post("/v1/clients", client).await.expect(201).id();
    let made = shop.post("/v1/dossiers", json!({"client_id": client})).await.expect(201).body;
    assert_eq!(
        (&made["beneficiaire"]["prenom"], &made["beneficiaire"]["nir"], &made["beneficiaire"]["qualite"], &made["assure"]["prenom"]),
        (&json!("Fabienne"), &json!("278052A00412358"), &json!("CONJOINT"), &json!("Paul"))
    );
    assert_eq!(
        (&made["tiers_payant"]["mutuelle_id"], &made["tiers_payant"]["numero_adherent"], &made["tiers_payant"]["regime"]),
        (&json!(mutuelle), &json!("un"), &json!("R")),
        "the first by rank"
    );
    assert_eq!(made["client_id"], client.as_str());
    let own = json!({"client_id": client, "beneficiaire": {"nom": "AUTRE"}, "tiers_payant": {"numero_adherent": "à part"}});
    let made = shop.post("/v1/dossiers", own).await.expect(201).body;
    assert_eq!(
        (&made["beneficiaire"]["nom"], &made["beneficiaire"]["nir"], &made["tiers_payant"]["numero_adherent"], &made["tiers_payant"]["mutuelle_id"]),
        (&json!("AUTRE"), &Value::Null, &json!("à part"), &Value::Null)
    );
    shop.post("/v1/dossiers", json!({"client_id": nobody("cli")})).await.refusal();
    shop.post("/v1/dossiers", json!({})).await.problem(422);
    app.system.stop().await;
}

#[tokio::test]
async fn a_number_of_an_equipment_is_never_given_again() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop
        .post("/v1/dossiers", json!({"beneficiaire": {"nom": "MONTFORT"}, "equipements": [{"lignes": []}, {"lignes": []}, {"lignes": []}]}))
        .await
        .expect(201);
    assert_eq!(numbers(&id.body), [1, 2, 3]);
    let id = id.id();
    // The middle one, then the last one goes.
    let after = change(&shop, &id, |d| {
        d["equipements"].as_array_mut().unwrap().remove(1);
    })
    .await
    .expect(200);
    assert_eq!(numbers(&after.body), [1, 3]);
    let after = change(&shop, &id, |d| {
        d["equipements"].as_array_mut().unwrap().truncate(1);
    })
    .await
    .expect(200);
    assert_eq!(numbers(&after.body), [1]);
    let after = change(&shop, &id, |d| d["equipements"].as_array_mut().unwrap().push(json!({"lignes": []}))).await.expect(200);
    assert_eq!(numbers(&after.body), [1, 4]);
    for old in [2, 3] {
        let again = change(&shop, &id, |d| d["equipements"].as_array_mut().unwrap().push(json!({"numero": old, "lignes": []}))).await;
        if again.status == 200 {
            assert!(!numbers(&again.body).contains(&old), "{old} was given before: {}", again.text);
        } else {
            assert_eq!(again.problem(422).champs(), ["/equipements/2/numero"]);
        }
    }
    // All go, one comes: still a new number.
    change(&shop, &id, |d| d["equipements"] = json!([])).await.expect(200);
    let after = change(&shop, &id, |d| d["equipements"] = json!([{"lignes": []}])).await.expect(200);
    assert!(numbers(&after.body)[0] >= 5, "{:?}", numbers(&after.body));
    app.system.stop().await;
}

#[tokio::test]
async fn an_equipment_with_a_live_demande_is_frozen() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop.dossier("DEMO-ACCORD").await;
    change(&shop, &id, |d| {
        d["equipements"]
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "OPT", "lignes": [{"designation": "x", "categorie": "MON", "prix_unitaire_centimes": 100, "code_lpp": "2223342"}]}))
    })
    .await
    .expect(200);
    shop.sign(&id).await;
    let pec = shop.ask(&id, "PEC").await;
    let frozen = |answer: Answer| {
        let refused = answer.problem(409);
        assert_eq!(refused.kind(), "/problemes/equipement-engage");
    };
    for live in [["EN_TRANSMISSION", "ACCORDEE"], ["ACCORDEE", "ACCORDEE"]] {
        shop.until(&pec, &live).await;
        frozen(change(&shop, &id, |d| d["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = 1.into()).await);
        frozen(change(&shop, &id, |d| d["equipements"][0]["code_risque"] = "MATERNITE".into()).await);
        frozen(
            change(&shop, &id, |d| {
                d["equipements"][0]["lignes"].as_array_mut().unwrap().pop();
            })
            .await,
        );
        frozen(
            change(&shop, &id, |d| {
                d["equipements"].as_array_mut().unwrap().remove(0);
            })
            .await,
        );
        frozen(change(&shop, &id, |d| d["equipements"] = json!([])).await);
        shop.delete(&format!("/v1/dossiers/{id}")).await.problem(409);
    }
    // The other equipment and the rest of the dossier are free; the frozen one as it was is no change.
    change(&shop, &id, |d| d["equipements"][1]["lignes"][0]["prix_unitaire_centimes"] = 200.into()).await.expect(200);
    change(&shop, &id, |d| d["beneficiaire"]["prenom"] = "Anne".into()).await.expect(200);
    change(&shop, &id, |d| {
        d["equipements"].as_array_mut().unwrap().pop();
    })
    .await
    .expect(200);
    // Once it is cancelled, it is free again, and the dossier may go; what was sent stays.
    shop.post(&format!("/v1/demandes/{pec}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202);
    shop.until(&pec, &["ANNULEE"]).await;
    change(&shop, &id, |d| d["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = 1.into()).await.expect(200);
    shop.delete(&format!("/v1/dossiers/{id}")).await.expect_one_of(&[200, 204]);
    shop.get(&format!("/v1/dossiers/{id}")).await.problem(404);
    assert_eq!(shop.get(&format!("/v1/demandes/{pec}")).await.expect(200).body["etat"], "ANNULEE");
    assert_eq!(ids(&shop.walk("/v1/demandes", "demandes", 10).await), [pec]);
    app.system.stop().await;
}

async fn consent(user: &User, id: &str) -> (bool, bool) {
    let seen = read(user, id).await["consentement"].clone();
    let (valide, raison) = (seen["valide"].as_bool().unwrap(), seen["raison"].is_string());
    assert_eq!(valide, !raison, "a reason if and only if it is not valid: {seen}");
    let codes = user.get(&format!("/v1/dossiers/{id}/verification?equipement=1&nature=PEC")).await.expect(200).codes();
    assert_eq!(codes.contains(&"CONSENTEMENT".to_owned()), !valide, "{codes:?}");
    (valide, seen["imprime_le"].is_string())
}

async fn switch(shop: &Shop, name: &str, on: bool) {
    let read = shop.get("/v1/magasin").await.expect(200);
    let mut switches = read.body["transmission"].clone();
    switches[name] = on.into();
    shop.put("/v1/magasin/transmission", &read.etag, switches).await.expect(200);
}

#[tokio::test]
async fn a_consent_counts_for_the_mutuelle_and_the_data_it_names() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let all = shop.walk("/v1/mutuelles?pec=OPT_LEN", "mutuelles", 100).await;
    let (first, other) = (shop.mutuelle("90000001").await["id"].clone(), all.iter().find(|m| m["plateau"] != "90000001").expect("another one")["id"].clone());
    let id = shop.post("/v1/dossiers", dossier(first.as_str().unwrap(), "A-1")).await.expect(201).id();
    assert_eq!(consent(&shop, &id).await, (false, false));
    shop.sign(&id).await;
    assert_eq!(consent(&shop, &id).await, (true, true), "a signature says that it was printed");
    assert_eq!(read(&shop, &id).await["consentement"]["signe_le"], "2026-01-02");

    let path = format!("/v1/dossiers/{id}");
    change(&shop, &id, |d| d["tiers_payant"]["mutuelle_id"] = other).await.expect(200);
    assert!(!consent(&shop, &id).await.0, "another mutuelle");
    shop.sign(&id).await;
    assert!(consent(&shop, &id).await.0);
    change(&shop, &id, |d| d["tiers_payant"]["mutuelle_id"] = Value::Null).await.expect(200);
    assert!(!consent(&shop, &id).await.0, "no mutuelle any more");
    change(&shop, &id, |d| d["tiers_payant"]["mutuelle_id"] = first).await.expect(200);
    shop.sign(&id).await;

    switch(&shop, "verre_surface", true).await;
    assert!(!consent(&shop, &id).await.0, "a switch was turned on");
    let refused = shop.post(&format!("{path}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.problem(422);
    assert_eq!((refused.kind(), refused.champs()), ("/problemes/demande-incomplete", vec!["/consentement".to_owned()]));
    shop.sign(&id).await;
    assert!(consent(&shop, &id).await.0, "signed again");
    switch(&shop, "verre_surface", false).await;
    switch(&shop, "beneficiaire_nir", false).await;
    assert!(consent(&shop, &id).await.0, "less than was agreed to");
    switch(&shop, "beneficiaire_nir", true).await;
    assert!(consent(&shop, &id).await.0, "what was agreed to");

    // It names the mutuelle and the data sent, nothing else: other edits leave it.
    change(&shop, &id, |d| d["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = 1.into()).await.expect(200);
    assert!(consent(&shop, &id).await.0);
    for wrong in [
        json!({}),
        json!({"signe_le": "2999-01-01", "canal": "PAPIER"}),
        json!({"signe_le": "hier", "canal": "PAPIER"}),
        json!({"signe_le": "2026-01-02", "canal": "SMS"}),
    ] {
        shop.post(&format!("{path}/consentement"), wrong).await.problem(422);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn transferred_amounts_stay_until_the_lines_change_or_the_pec_is_cancelled() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop.dossier("DEMO-ACCORD-LIGNES").await;
    let cotation = shop.ask(&id, "COTATION").await;
    shop.until(&cotation, &["ACCORDEE"]).await;
    let transfer = |demande: String| {
        let shop = &shop;
        async move { shop.post(&format!("/v1/demandes/{demande}/transfert"), json!({})).await }
    };
    let written = transfer(cotation.clone()).await.expect(200).body;
    assert_eq!((written["id"].as_str(), rc(&written)), (Some(id.as_str()), vec![Some(10_000); 3]));
    assert_eq!((&written["totaux"]["rc_centimes"], &written["totaux"]["reste_a_charge_centimes"]), (&json!(30_000), &json!(71_400 - 444 - 30_000)));
    change(&shop, &id, |d| d["beneficiaire"]["prenom"] = "Anne".into()).await.expect(200);
    assert_eq!(rc(&read(&shop, &id).await), [Some(10_000); 3], "the lines are the same");
    let listed = shop.walk("/v1/dossiers", "dossiers", 10).await;
    assert_eq!(rc(&listed[0]), [Some(10_000); 3], "a list shows the same amounts");
    change(&shop, &id, |d| d["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = 24_999.into()).await.expect(200);
    let seen = read(&shop, &id).await;
    assert_eq!((rc(&seen), &seen["totaux"]["rc_centimes"]), (vec![None; 3], &Value::Null), "the lines changed");
    change(&shop, &id, |d| d["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = 25_000.into()).await.expect(200);
    assert_eq!(rc(&read(&shop, &id).await), [None; 3], "dropped amounts do not come back by themselves");

    let pec = shop.ask(&id, "PEC").await;
    shop.until(&pec, &["ACCORDEE"]).await;
    assert_eq!(rc(&transfer(pec.clone()).await.expect(200).body), [Some(10_000); 3]);
    shop.post(&format!("/v1/demandes/{pec}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202);
    shop.until(&pec, &["ANNULEE"]).await;
    assert_eq!(rc(&read(&shop, &id).await), [None; 3], "the PEC was cancelled");
    transfer(pec).await.problem(409);
    app.system.stop().await;
}

#[tokio::test]
async fn tariffs_and_rates_change_without_a_release() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("demo", "OPERATEUR").await;
    let id = shop.dossier("A-1").await;
    let path = format!("/v1/dossiers/{id}");
    let first = shop.get(&path).await.expect(200);
    let ro = |body: &Value| -> Vec<Option<u64>> { body["equipements"][0]["lignes"].as_array().unwrap().iter().map(|l| l["ro_centimes"].as_u64()).collect() };
    assert_eq!(ro(&first.body), [Some(137), Some(137), Some(170)]);

    let rates = json!([{"risque": "MALADIE", "du": "2000-01-01", "taux": 70}, {"risque": "MALADIE", "du": "2011-05-02", "taux": 50}, {"risque": "MALADIE", "du": "2013-11-27", "taux": 10}]);
    operateur.send(Method::PUT, "/v1/referentiel/taux", &[], Some(rates)).await.expect_one_of(&[200, 204]);
    // 2.29 × 50 % = 1.145 and 2.84 × 50 % = 1.42.
    let second = shop.send(Method::GET, &path, &[("if-none-match", &first.etag)], None).await.expect(200);
    assert_eq!((ro(&second.body), second.body["equipements"][0]["taux_ro"].as_u64()), (vec![Some(115), Some(115), Some(142)], Some(50)));
    // Nobody wrote the dossier: whoever read it before may write it now.
    shop.put(&path, &first.etag, first.body.clone()).await.expect(200);

    let known = shop.get("/v1/referentiel/lpp?code=2203240&date=2013-11-26").await.expect(200).body;
    assert_eq!((known["code"].as_str(), known["tarif_centimes"].as_u64()), (Some("2203240"), Some(229)));
    assert!(known["libelle"].is_string() && known.get("classe").is_some(), "{known}");
    shop.get("/v1/referentiel/lpp?code=2203240&date=2020-01-01").await.problem(404);
    shop.get("/v1/referentiel/lpp?code=0000000&date=2013-11-26").await.problem(404);

    let table = "code;libelle;classe;valide_du;valide_au;tarif\n2203240;Verre;;2010-01-01;2013-11-26;10,00\n2203240;Verre;;2013-11-27;2025-12-31;20,00\n2203240;Verre;;2026-01-01;;30.00\n;Défaut;A;2000-01-01;;4,00\n";
    let put = |text: &'static str| operateur.raw(Method::PUT, "/v1/referentiel/lpp", &[("content-type", "text/csv")], text);
    put(table).await.expect_one_of(&[200, 204]);
    // 10.00 × 50 %; the frame's code has no tariff any more.
    assert_eq!(ro(&read(&shop, &id).await), [Some(500), Some(500), None]);
    for (date, tariff) in [("2013-11-26", 1_000), ("2013-11-27", 2_000), ("2025-12-31", 2_000), ("2026-01-01", 3_000)] {
        assert_eq!(shop.get(&format!("/v1/referentiel/lpp?code=2203240&date={date}")).await.expect(200).body["tarif_centimes"], tariff, "{date}");
    }
    change(&shop, &id, |d| d["equipements"][0]["lignes"][2]["classe"] = "A".into()).await.expect(200);
    assert_eq!(ro(&read(&shop, &id).await), [Some(500), Some(500), Some(200)], "the default of class A: 4.00 × 50 %");

    // A table with a fault is not taken at all, and the refusal names the row.
    for wrong in [
        "",
        "x",
        "code;libelle\n",
        "code;libelle;classe;valide_du;valide_au;tarif\n2203240;Verre;;2010-01-01;;1,00\n22;Verre;;2010-01-01;;1,00\n",
        "code;libelle;classe;valide_du;valide_au;tarif\n2203240;V;;hier;;1,00\n",
        "code;libelle;classe;valide_du;valide_au;tarif\n2203240;V;;2010-01-01;;-1\n",
        "code;libelle;classe;valide_du;valide_au;tarif\n;V;;2010-01-01;;1\n",
    ] {
        put(wrong).await.problem_one_of(&[400, 422]);
    }
    for wrong in [
        json!({}),
        json!([{"risque": "RHUME", "du": "2011-05-02", "taux": 60}]),
        json!([{"risque": "MALADIE", "du": "2011-05-02", "taux": 101}]),
        json!([{"risque": "MALADIE", "du": "2011-05-02", "taux": 59.5}]),
        json!([{"risque": "MALADIE", "taux": 60}]),
    ] {
        operateur.send(Method::PUT, "/v1/referentiel/taux", &[], Some(wrong)).await.problem(422);
    }
    assert_eq!(ro(&read(&shop, &id).await), [Some(500), Some(500), Some(200)]);
    app.system.stop().await;
}
