//! The documents over HTTP: who gets them, what printing leaves behind, and when there is nothing to print.

use crate::app::{Answer, App, Setup, Shop, dossier};
use reqwest::Method;
use serde_json::{Value, json};

fn is_pdf(answer: &Answer, name: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.starts_with("%PDF-1.7"));
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"{name}\""));
    assert_eq!(header("cache-control"), "no-store");
}

async fn unsigned(shop: &Shop, adherent: &str) -> String {
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    shop.post("/v1/dossiers", dossier(&mutuelle, adherent)).await.expect(201).id()
}

/// Why somebody was shown a NIR of the dossier, newest first.
async fn reasons(shop: &Shop, dossier: &str) -> Vec<Value> {
    let body = shop.get(&format!("/v1/dossiers/{dossier}/acces")).await.expect(200).body;
    body["acces"].as_array().unwrap().iter().map(|acces| acces["motif"].clone()).collect()
}

#[tokio::test]
async fn a_printed_consent_is_marked_and_can_be_matched_and_changes_no_tag() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = unsigned(&shop, "DEMO-ACCORD").await;
    let path = format!("/v1/dossiers/{id}");
    let before = shop.get(&path).await.expect(200);
    is_pdf(&shop.get(&format!("{path}/documents/consentement.pdf")).await, "consentement.pdf");
    let printed = shop.get(&path).await.expect(200);
    assert_eq!(printed.etag, before.etag);
    let consent = &printed.body["consentement"];
    assert!(before.body["consentement"]["imprime_le"].is_null() && consent["imprime_le"].is_string());
    assert_eq!(consent["reference"], format!("{id}-1"));
    let fingerprint = consent["empreinte"].as_str().unwrap().to_owned();
    assert_eq!(fingerprint.len(), 64);
    // The same content a day later has the same fingerprint, another content another.
    app.advance(24 * 3600).await;
    is_pdf(&shop.get(&format!("{path}/documents/consentement.pdf?equipement=1")).await, "consentement.pdf");
    assert_eq!(shop.get(&path).await.body["consentement"]["empreinte"], fingerprint.as_str());
    let magasin = shop.get("/v1/magasin").await.expect(200);
    let mut switches = magasin.body["transmission"].clone();
    switches["assure_nir"] = false.into();
    shop.put("/v1/magasin/transmission", &magasin.etag, switches).await.expect(200);
    is_pdf(&shop.get(&format!("{path}/documents/consentement.pdf")).await, "consentement.pdf");
    assert_ne!(shop.get(&path).await.body["consentement"]["empreinte"], fingerprint.as_str());
    app.system.stop().await;
}

#[tokio::test]
async fn a_signed_paper_is_found_again_whatever_is_printed_after_it() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT", "prenom": "Fabienne"})).await.expect(201).id();
    let mut body = dossier(shop.mutuelle("90000001").await["id"].as_str().unwrap(), "DEMO-ACCORD");
    body["client_id"] = client.clone().into();
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    let path = format!("/v1/dossiers/{id}");
    let print = async || {
        is_pdf(&shop.get(&format!("{path}/documents/consentement.pdf")).await, "consentement.pdf");
        shop.get(&path).await.expect(200).body["consentement"].clone()
    };
    let signed = print().await["empreinte"].clone();
    // A day later, so that the day in UTC is not one before the day in Paris that it was printed on.
    app.advance(24 * 3600).await;
    let day = &shop.get("/local/horloge").await.expect(200).body["maintenant"].as_str().unwrap()[..10].to_owned();
    shop.post(&format!("{path}/consentement"), json!({"signe_le": day, "canal": "PAPIER"})).await.expect(200);
    // Two days later another switch is on, and the paper is another one.
    app.advance(48 * 3600).await;
    let magasin = shop.get("/v1/magasin").await.expect(200);
    let mut switches = magasin.body["transmission"].clone();
    switches["assure_nir"] = false.into();
    shop.put("/v1/magasin/transmission", &magasin.etag, switches).await.expect(200);
    let seen = print().await;
    let fingerprints: Vec<&Value> = seen["papiers"].as_array().unwrap().iter().map(|p| &p["empreinte"]).collect();
    assert_eq!(fingerprints, [&seen["empreinte"], &signed]);
    assert_ne!(seen["empreinte"], signed);
    assert_eq!(seen["papier_signe"], json!({"reference": format!("{id}-1"), "empreinte": signed}));
    let export = shop.get(&format!("/v1/clients/{client}/export")).await.expect(200).body;
    assert_eq!(export["dossiers"][0]["consentements"][0]["papier"], seen["papier_signe"]);
    // The sheet of the first day was signed, whatever lay on the counter when somebody recorded it.
    let recorded = shop.post(&format!("{path}/consentement"), json!({"signe_le": day, "canal": "PAPIER"})).await.expect(200);
    assert_eq!(recorded.body["consentement"]["papier_signe"], seen["papier_signe"]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_signature_agrees_to_what_its_paper_names_and_to_nothing_else() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = unsigned(&shop, "DEMO-ACCORD").await;
    let path = format!("/v1/dossiers/{id}");
    let day = &shop.get("/local/horloge").await.expect(200).body["maintenant"].as_str().unwrap()[..10].to_owned();
    let sign = async || shop.post(&format!("{path}/consentement"), json!({"signe_le": day, "canal": "PAPIER"})).await.expect(200).body["consentement"].clone();
    let print = async || is_pdf(&shop.get(&format!("{path}/documents/consentement.pdf")).await, "consentement.pdf");
    print().await;
    let magasin = shop.get("/v1/magasin").await.expect(200);
    let mut switches = magasin.body["transmission"].clone();
    switches["prescription_prescripteur"] = true.into();
    shop.put("/v1/magasin/transmission", &magasin.etag, switches).await.expect(200);
    // The prescriber is not on the sheet in the client's hands.
    let seen = sign().await;
    assert_eq!(seen["valide"], false);
    assert!(seen["raison"].as_str().unwrap().contains("Une donnée a été ajoutée"), "{seen}");
    print().await;
    assert_eq!(sign().await["valide"], true);
    // Nor does it name the mutuelle that was chosen after it was printed.
    let other = shop.mutuelle("90000002").await["id"].clone();
    let read = shop.get(&path).await.expect(200);
    let mut body = read.body.clone();
    (body["tiers_payant"]["mutuelle_id"], body["tiers_payant"]["forfait_id"]) = (other, Value::Null);
    shop.put(&path, &read.etag, body).await.expect(200);
    let seen = sign().await;
    assert!(seen["raison"].as_str().unwrap().contains("ne nomme pas cette mutuelle"), "{seen}");
    print().await;
    assert_eq!(sign().await["valide"], true);
    app.system.stop().await;
}

#[tokio::test]
async fn asking_for_the_head_of_a_paper_prints_nothing() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = unsigned(&shop, "DEMO-ACCORD").await;
    for name in ["consentement.pdf", "demande-fax.pdf"] {
        let head = shop.send(Method::HEAD, &format!("/v1/dossiers/{id}/documents/{name}"), &[], None).await.expect(200);
        assert_eq!((head.headers["content-type"].to_str().unwrap(), head.text.as_str()), ("application/pdf", ""));
    }
    assert_eq!(reasons(&shop, &id).await, [json!("CREATION")]);
    assert!(shop.get(&format!("/v1/dossiers/{id}")).await.body["consentement"]["imprime_le"].is_null());
    app.system.stop().await;
}

#[tokio::test]
async fn a_fax_with_a_nir_leaves_an_entry_and_no_other_paper_does() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = unsigned(&shop, "DEMO-ACCORD").await;
    let path = format!("/v1/dossiers/{id}/documents");
    for (name, query) in [("consentement.pdf", ""), ("devis.pdf", "?equipement=1")] {
        is_pdf(&shop.get(&format!("{path}/{name}{query}")).await, name);
    }
    assert_eq!(reasons(&shop, &id).await, [json!("CREATION")]);
    is_pdf(&shop.get(&format!("{path}/demande-fax.pdf")).await, "demande-fax.pdf");
    assert_eq!(reasons(&shop, &id).await, [json!("IMPRESSION"), json!("CREATION")]);
    // With both numbers switched off there is none on it.
    let magasin = shop.get("/v1/magasin").await.expect(200);
    let mut switches = magasin.body["transmission"].clone();
    (switches["assure_nir"], switches["beneficiaire_nir"]) = (false.into(), false.into());
    shop.put("/v1/magasin/transmission", &magasin.etag, switches).await.expect(200);
    is_pdf(&shop.get(&format!("{path}/demande-fax.pdf")).await, "demande-fax.pdf");
    assert_eq!(reasons(&shop, &id).await, [json!("IMPRESSION"), json!("CREATION")]);
    app.system.stop().await;
}

#[tokio::test]
async fn beyond_the_ceiling_of_the_day_no_fax_leaves() {
    let app = App::with(Setup { limits: true, plafond: Some(2), ..Setup::default() }).await;
    let shop = app.demo_shop("demo").await;
    let id = unsigned(&shop, "DEMO-ACCORD").await;
    is_pdf(&shop.get(&format!("/v1/dossiers/{id}/documents/demande-fax.pdf")).await, "demande-fax.pdf");
    let refused = shop.get(&format!("/v1/dossiers/{id}/documents/demande-fax.pdf")).await.expect(429);
    assert_eq!(refused.kind(), "/problemes/plafond-lectures");
    is_pdf(&shop.get(&format!("/v1/dossiers/{id}/documents/consentement.pdf")).await, "consentement.pdf");
    app.system.stop().await;
}

#[tokio::test]
async fn an_answer_is_printed_once_it_is_there_and_no_more_once_its_person_is_erased() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let waiting = shop.dossier("DEMO-PERDU").await;
    let waiting = shop.ask(&waiting, "PEC").await;
    shop.until(&waiting, &["SANS_REPONSE"]).await;
    let refused = shop.get(&format!("/v1/demandes/{waiting}/documents/reponse.pdf")).await.expect(409);
    assert!(refused.body["detail"].as_str().unwrap().contains("pas encore répondu"), "{}", refused.text);

    let dossier = shop.dossier("DEMO-INCONNU").await;
    let id = shop.ask(&dossier, "PEC").await;
    let answered = shop.until(&id, &["REFUSEE"]).await;
    let path = format!("/v1/demandes/{id}/documents/reponse.pdf");
    let reader = app.user("demo", "LECTURE").await;
    for user in [&shop.gerant, &reader] {
        is_pdf(&user.get(&path).await, &format!("reponse-{}.pdf", answered["numero"]));
    }
    shop.delete(&format!("/v1/dossiers/{dossier}")).await.expect(204);
    let refused = shop.get(&path).await.expect(409);
    assert!(refused.body["detail"].as_str().unwrap().contains("effacées"), "{}", refused.text);
    app.system.stop().await;
}

#[tokio::test]
async fn a_paper_that_cannot_be_made_says_why() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mut body = dossier("", "A-1");
    body["tiers_payant"] = json!({"part_ro": true});
    let nobody = shop.post("/v1/dossiers", body).await.expect(201).id();
    let path = format!("/v1/dossiers/{nobody}/documents");
    for name in ["consentement.pdf", "demande-fax.pdf"] {
        let refused = shop.get(&format!("{path}/{name}")).await.expect(409);
        assert!(refused.body["detail"].as_str().unwrap().contains("mutuelle"), "{}", refused.text);
    }
    is_pdf(&shop.get(&format!("{path}/devis.pdf")).await, "devis.pdf");
    for (query, champ) in [("equipement=9", "/equipement"), ("equipement=un", "/equipement"), ("offre_sante=9", "/offre_sante")] {
        let refused = shop.get(&format!("{path}/devis.pdf?{query}")).await.expect(422);
        assert_eq!(refused.body["erreurs"][0]["champ"], champ, "{}", refused.text);
    }
    let empty = shop.post("/v1/dossiers", json!({"beneficiaire": {"nom": "MONTFORT"}})).await.expect(201).id();
    shop.get(&format!("/v1/dossiers/{empty}/documents/devis.pdf")).await.expect(409);
    assert!(shop.get(&format!("/v1/dossiers/{nobody}")).await.body["consentement"]["imprime_le"].is_null());
    app.system.stop().await;
}

/// A dossier whose second equipment is of a type and has lines of a class.
async fn with_offer(shop: &Shop, kind: &str, classe: Value) -> String {
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut body = dossier(&mutuelle, "DEMO-ACCORD");
    let mut second = body["equipements"][0].clone();
    (second["numero"], second["type"]) = (2.into(), kind.into());
    for ligne in second["lignes"].as_array_mut().unwrap() {
        ligne["classe"] = classe.clone();
    }
    body["equipements"].as_array_mut().unwrap().push(second);
    shop.post("/v1/dossiers", body).await.expect(201).id()
}

#[tokio::test]
async fn only_another_pair_of_class_a_is_an_offer_100_percent_sante() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let devis = |id: &str, offre: u16| format!("/v1/dossiers/{id}/documents/devis.pdf?equipement=1&offre_sante={offre}");
    let offered = with_offer(&shop, "OPT", json!("A")).await;
    is_pdf(&shop.get(&devis(&offered, 2)).await, "devis.pdf");
    let (of_class_b, unclassed) = (with_offer(&shop, "OPT", json!("B")).await, with_offer(&shop, "OPT", Value::Null).await);
    for (id, offre) in [(&offered, 1), (&of_class_b, 2), (&unclassed, 2)] {
        let refused = shop.get(&devis(id, offre)).await.expect(422);
        assert_eq!(refused.body["erreurs"][0]["code"], "OFFRE_SANTE_INVALIDE", "{}", refused.text);
        assert_eq!(refused.body["erreurs"][0]["champ"], "/offre_sante");
    }
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut body = dossier(&mutuelle, "DEMO-ACCORD");
    let lens = json!({"numero": 1, "designation": "Lentille", "categorie": "LEN", "quantite": 1, "prix_unitaire_centimes": 3_000, "classe": "A"});
    body["equipements"].as_array_mut().unwrap().push(json!({"numero": 2, "type": "LEN", "code_risque": "MALADIE", "lignes": [lens]}));
    let lenses = shop.post("/v1/dossiers", body).await.expect(201).id();
    assert_eq!(shop.get(&devis(&lenses, 2)).await.expect(422).body["erreurs"][0]["code"], "OFFRE_SANTE_INVALIDE");
    app.system.stop().await;
}

#[tokio::test]
async fn a_paper_of_nothing_is_not_made() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut hidden = dossier(&mutuelle, "DEMO-ACCORD");
    for ligne in hidden["equipements"][0]["lignes"].as_array_mut().unwrap() {
        ligne["occulte"] = true.into();
    }
    let mut empty = dossier(&mutuelle, "DEMO-ACCORD");
    empty["equipements"][0]["lignes"] = json!([]);
    for (body, name, why) in [(&hidden, "demande-fax", "occultées"), (&empty, "demande-fax", "pas encore de ligne"), (&empty, "devis", "pas encore de ligne")]
    {
        let id = shop.post("/v1/dossiers", body.clone()).await.expect(201).id();
        let refused = shop.get(&format!("/v1/dossiers/{id}/documents/{name}.pdf")).await.expect(409);
        assert!(refused.body["detail"].as_str().unwrap().contains(why), "{}", refused.text);
        assert_eq!(reasons(&shop, &id).await, [json!("CREATION")]);
    }
    app.system.stop().await;
}
