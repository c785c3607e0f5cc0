//! Where a NIR is shown in clear, and where it never is.

use crate::app::{App, Shop, User};
use serde_json::{Value, json};

const NIR: &str = "278052A00412358";
const MASK: &str = "2 78 05 ** *** *** **";
const NIR_ASSURE: &str = "255081416802538";
const MASK_ASSURE: &str = "2 55 08 ** *** *** **";

fn person() -> Value {
    json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": NIR, "qualite": "CONJOINT", "assure": {"nom": "MONTFORT", "prenom": "Paul", "date_naissance": "1955-08-02", "nir": NIR_ASSURE}})
}

async fn shop_with_things(app: &App) -> (Shop, String, String) {
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let client = shop.post("/v1/clients", person()).await.expect(201);
    assert_eq!((&client.body["nir"], &client.body["assure"]["nir"]), (&json!(NIR), &json!(NIR_ASSURE)), "the answer to a POST shows it");
    let mut body = crate::app::dossier(&mutuelle, "DEMO-ACCORD-LIGNES");
    body["client_id"] = client.id().into();
    body["beneficiaire"] = person();
    body["assure"] = person()["assure"].clone();
    let dossier = shop.post("/v1/dossiers", body).await.expect(201);
    assert_eq!((&dossier.body["beneficiaire"]["nir"], &dossier.body["assure"]["nir"]), (&json!(NIR), &json!(NIR_ASSURE)));
    shop.sign(&dossier.id()).await;
    (shop, client.id(), dossier.id())
}

#[track_caller]
fn masked(path: &str, text: &str) {
    for clear in [NIR, NIR_ASSURE, "2A00412358", "1416802538", "2A 004 123", "14 168 025"] {
        assert!(!text.contains(clear), "{path} shows {clear}: {text}");
    }
}

#[tokio::test]
async fn it_is_in_clear_only_where_the_contract_says() {
    let app = App::start().await;
    let (shop, client, dossier) = shop_with_things(&app).await;
    let demande = shop.ask(&dossier, "PEC").await;
    shop.until(&demande, &["ACCORDEE"]).await;
    let own_paths = [(format!("/v1/clients/{client}"), ""), (format!("/v1/dossiers/{dossier}"), "beneficiaire")];
    for role in ["OPTICIEN", "GERANT", "LECTURE"] {
        let user = app.user("demo", role).await;
        for (path, place) in &own_paths {
            let body = user.get(path).await.expect(200).body;
            let person = if place.is_empty() { &body } else { &body[place] };
            let expected = if role == "LECTURE" { (MASK, MASK_ASSURE) } else { (NIR, NIR_ASSURE) };
            assert_eq!((person["nir"].as_str().unwrap(), body["assure"]["nir"].as_str().unwrap()), expected, "{role} {path}");
        }
        for path in [
            "/v1/dossiers".to_owned(),
            format!("/v1/dossiers?client_id={client}"),
            format!("/v1/dossiers/{dossier}/verification?equipement=1&nature=PEC"),
            format!("/v1/dossiers/{dossier}/verification?equipement=1&nature=COTATION"),
            "/v1/demandes".to_owned(),
            format!("/v1/demandes/{demande}"),
            "/v1/demandes/export".to_owned(),
            "/v1/statistiques?du=2026-01-01&au=2026-12-31".to_owned(),
        ] {
            masked(&path, &user.get(&path).await.expect(200).text);
        }
        for path in ["/v1/clients/recherche", "/v1/dossiers/recherche"] {
            for q in ["mont", NIR, "2 78 05 2A 004 123 58"] {
                let found = user.post(path, json!({"q": q})).await.expect(200);
                masked(path, &found.text);
                assert!(found.text.contains(MASK), "{role} finds her by {q} at {path}: {}", found.text);
            }
        }
    }
    let preview = shop.get(&format!("/v1/dossiers/{dossier}/verification?equipement=1&nature=COTATION")).await.expect(200).body;
    assert!(preview["apercu"].to_string().contains(MASK), "the preview says that it would be sent: {preview}");
    let operateur = app.user("demo", "OPERATEUR").await;
    for (path, _) in &own_paths {
        masked(path, &operateur.get(path).await.problem(403).text);
    }
    // A transfer is neither a POST of a dossier nor its GET.
    masked("transfert", &shop.post(&format!("/v1/demandes/{demande}/transfert"), json!({})).await.expect(200).text);
    masked(
        "consentement",
        &shop.post(&format!("/v1/dossiers/{dossier}/consentement"), json!({"signe_le": "2026-01-03", "canal": "PAPIER"})).await.expect(200).text,
    );
    app.system.stop().await;
}

async fn change(user: &User, path: &str, edit: impl Fn(&mut Value)) -> crate::app::Answer {
    let read = user.get(path).await.expect(200);
    let mut body = read.body;
    edit(&mut body);
    user.put(path, &read.etag, body).await
}

#[tokio::test]
async fn the_mask_leaves_it_as_it_was() {
    let app = App::start().await;
    let (shop, client, dossier) = shop_with_things(&app).await;
    let client = format!("/v1/clients/{client}");
    let dossier = format!("/v1/dossiers/{dossier}");
    let answer = change(&shop, &client, |b| {
        b["nir"] = MASK.into();
        b["assure"]["nir"] = MASK_ASSURE.into();
        b["prenom"] = "Anne".into();
    })
    .await
    .expect(200);
    assert_eq!(
        (&answer.body["nir"], &answer.body["assure"]["nir"], &answer.body["prenom"]),
        (&json!(NIR), &json!(NIR_ASSURE), &json!("Anne")),
        "the answer to a PUT shows it"
    );
    let answer = change(&shop, &dossier, |b| {
        b["beneficiaire"]["nir"] = MASK.into();
        b["assure"]["nir"] = MASK_ASSURE.into();
    })
    .await
    .expect(200);
    assert_eq!((&answer.body["beneficiaire"]["nir"], &answer.body["assure"]["nir"]), (&json!(NIR), &json!(NIR_ASSURE)));
    // What a reader sees, a writer may send back.
    let reader = app.user("demo", "LECTURE").await;
    for path in [&client, &dossier] {
        let seen = reader.get(path).await.expect(200);
        let clear = shop.get(path).await.expect(200);
        assert!(seen.text.contains(MASK) && seen.text.contains(MASK_ASSURE));
        shop.put(path, &clear.etag, seen.body).await.expect(200);
        let after = shop.get(path).await.expect(200).body;
        assert!(after.to_string().contains(NIR) && after.to_string().contains(NIR_ASSURE), "{after}");
    }
    // The search still finds her by it, and a number that was taken away is gone.
    assert_eq!(shop.search("/v1/clients/recherche", NIR, "clients", 10).await.len(), 1);
    change(&shop, &client, |b| b["nir"] = Value::Null).await.expect(200);
    assert_eq!(shop.get(&client).await.body["nir"], Value::Null);
    assert_eq!(shop.search("/v1/clients/recherche", NIR, "clients", 10).await, Vec::<Value>::new());
    // A mask where there is nothing stands for nothing.
    assert_eq!(change(&shop, &client, |b| b["nir"] = MASK.into()).await.problem(422).champs(), ["/nir"]);
    assert_eq!(shop.post("/v1/clients", json!({"nom": "MONTFORT", "nir": MASK})).await.problem(422).champs(), ["/nir"]);
    app.system.stop().await;
}

#[tokio::test]
async fn it_has_a_form_and_a_key() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    // Keys computed with Python: 97 - int(n) % 97, with 2A as 19 and 2B as 18.
    for good in ["255081416802538", "185027511600111", "278052A00412358", "180032B03304586", "2 78 05 2a 004 123 58"] {
        shop.post("/v1/clients", json!({"nom": "MONTFORT", "nir": good})).await.expect(201);
    }
    for bad in ["255081416802539", "278052B00412358", "2550814168025", "555081416802538", "27805200412358", "abc", "278052C00412358"] {
        let refused = shop.post("/v1/clients", json!({"nom": "MONTFORT", "nir": bad})).await.problem(422);
        assert_eq!(refused.champs(), ["/nir"], "{bad}");
        assert!(!refused.text.contains(bad), "a refusal does not repeat it");
    }
    app.system.stop().await;
}
