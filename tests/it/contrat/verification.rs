//! The pre-flight check: each code alone, then all at once; the check and the refusal of a demande say the same.

use crate::{
    app::{Answer, App, Setup, Shop, dossier},
    partenaire::{Partenaire, Reply, granted},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::conventions::HEADER;

/// A row of a convention list: name, plateau (the identifiant too), PEC, required, demanded, without third-party payment, externalised.
fn row(nom: &str, plateau: &str, pec: &str, requis: &str, exiges: &str, sans: &str, externalise: &str) -> String {
    format!("{nom};{plateau};{plateau};{pec};oui;{requis};{exiges};;;;;;;;;;;non;{sans};{externalise}\n")
}

fn conventions(with_iota: bool) -> String {
    let mut list = String::from(HEADER);
    list += &row("Mutuelle Alpha", "81000001", "OPT_LEN", "", "", "non", "non");
    list += &row("Mutuelle Beta", "81000002", "OPT", "", "", "non", "non");
    list += &row("Mutuelle Delta", "81000004", "OPT_LEN", "numero_adherent|numero_contrat|numero_groupe|regime", "", "non", "non");
    list += &row("Mutuelle Epsilon", "81000005", "OPT_LEN", "", "prescription_prescripteur|verre_surface", "non", "non");
    list += &row("Mutuelle Zeta", "81000006", "OPT_LEN", "", "", "oui", "non");
    list += &row("Mutuelle Eta", "81000007", "OPT_LEN", "", "", "non", "oui");
    list += &row("Mutuelle Theta", "", "NON", "", "", "non", "non");
    if with_iota {
        list += &row("Mutuelle Iota", "81000009", "OPT_LEN", "", "", "non", "non");
    }
    list
}

struct Scene {
    app: App,
    partenaire: Partenaire,
    shop: Shop,
}

async fn scene() -> Scene {
    let partenaire = Partenaire::start().await;
    partenaire.on("CONVENTIONS", [Reply::Xml(conventions(true))]);
    partenaire.on("OPAMCREQ", [granted("100.00")]);
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    Scene { app, partenaire, shop }
}

impl Scene {
    async fn operator(&self, body: Value) {
        let operateur = self.app.user("test", "OPERATEUR").await;
        operateur.send(Method::PUT, &format!("/v1/operateur/magasins/{}", self.shop.magasin), &[], Some(body)).await.expect(200);
    }

    async fn correct(&self, quantite: i64, reference: &str) {
        let operateur = self.app.user("test", "OPERATEUR").await;
        operateur
            .post("/v1/credits/corrections", json!({"magasin": self.shop.magasin, "quantite": quantite, "motif": "Essai", "reference": reference}))
            .await
            .expect_one_of(&[200, 201]);
    }

    async fn end(self) {
        self.app.system.stop().await;
    }
}

async fn check(shop: &Shop, id: &str, nature: &str) -> Answer {
    shop.get(&format!("/v1/dossiers/{id}/verification?equipement=1&nature={nature}")).await.expect(200)
}

async fn ask(shop: &Shop, id: &str, nature: &str) -> Answer {
    shop.post(&format!("/v1/dossiers/{id}/demandes"), json!({"nature": nature, "equipement": 1})).await
}

fn pairs(answer: &Answer) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = answer.erreurs().collect();
    pairs.sort();
    pairs
}

/// The check says exactly this, the demande is refused for exactly this, and nothing is held or made.
async fn refused(shop: &Shop, id: &str, expected: &[(&str, &str)]) -> Answer {
    let (credits, before) = (shop.credits().await, shop.walk("/v1/demandes", "demandes", 100).await.len());
    let seen = check(shop, id, "PEC").await;
    let mut expected: Vec<_> = expected.iter().map(|(champ, code)| ((*champ).to_owned(), (*code).to_owned())).collect();
    expected.sort();
    assert_eq!(pairs(&seen), expected, "{}", seen.text);
    assert_eq!(seen.body["pret"], false);
    assert!(seen.body["avertissements"].is_array());
    let answer = ask(shop, id, "PEC").await.refusal();
    if answer.status == 422 {
        assert_eq!(answer.kind(), "/problemes/demande-incomplete");
        assert_eq!(pairs(&answer), expected, "{}", answer.text);
    }
    assert_eq!(shop.credits().await, credits, "a refusal holds nothing");
    assert_eq!(shop.walk("/v1/demandes", "demandes", 100).await.len(), before, "a refusal makes nothing");
    answer
}

async fn ready(shop: &Shop, id: &str) -> Value {
    let seen = check(shop, id, "PEC").await;
    assert_eq!((seen.body["pret"].as_bool(), &seen.body["erreurs"]), (Some(true), &json!([])), "{}", seen.text);
    assert_eq!(seen.body["prix"], 1);
    assert!(seen.body["apercu"].is_object());
    seen.body
}

/// A dossier at the mutuelle of this name, edited before it is made and signed.
async fn made(shop: &Shop, nom: &str, edit: impl FnOnce(&mut Value)) -> String {
    let found = shop.get(&format!("/v1/mutuelles?q={nom}")).await.expect(200).body;
    let mut body = dossier(found["mutuelles"][0]["id"].as_str().unwrap_or_else(|| panic!("no {nom}")), "A-1");
    edit(&mut body);
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    shop.sign(&id).await;
    id
}

async fn identity(shop: &Shop, field: &str, value: Value) {
    let read = shop.get("/v1/magasin").await.expect(200);
    let mut body = read.body;
    body[field] = value;
    shop.put("/v1/magasin", &read.etag, body).await.expect(200);
}

#[tokio::test]
async fn what_the_shop_lacks_is_told_alone() {
    let scene = scene().await;
    let shop = &scene.shop;
    let id = made(shop, "Alpha", |_| {}).await;
    ready(shop, &id).await;

    scene.operator(json!({"option_pec": false, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10})).await;
    let answer = refused(shop, &id, &[("/magasin/option_pec", "OPTION_PEC")]).await;
    assert_eq!((answer.status, answer.kind()), (403, "/problemes/option-inactive"));
    scene.operator(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10})).await;

    scene.correct(-10, "vider").await;
    let seen = check(shop, &id, "PEC").await;
    assert_eq!(seen.codes(), ["CREDIT"]);
    let answer = ask(shop, &id, "PEC").await.problem(402);
    assert_eq!(answer.kind(), "/problemes/credit-insuffisant");
    assert_eq!(shop.credits().await, [0, 0, 0]);
    // A cotation costs nothing, and nothing is what there is.
    let seen = check(shop, &id, "COTATION").await;
    assert_eq!((seen.body["pret"].as_bool(), seen.body["prix"].as_u64()), (Some(true), Some(0)), "{}", seen.text);
    let cotation = ask(shop, &id, "COTATION").await.expect(201).body;
    assert_eq!(cotation["credit"], "AUCUN");
    scene.correct(10, "remplir").await;

    // The price is a setting: two credits for a PEC, and a cotation that costs.
    scene.operator(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 11, "COTATION": 1}, "seuil_alerte": 10})).await;
    assert_eq!(check(shop, &id, "PEC").await.codes(), ["CREDIT"]);
    ask(shop, &id, "PEC").await.problem(402);
    assert_eq!(check(shop, &id, "COTATION").await.body["prix"], 1);
    scene.operator(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10})).await;

    let finess = shop.get("/v1/magasin").await.body["finess"].clone();
    identity(shop, "finess", Value::Null).await;
    assert_eq!(refused(shop, &id, &[("/magasin/finess", "IDENTITE_MAGASIN")]).await.status, 422);
    // A wrong key is a doubt, not an error: 75000000 + 2 would be right.
    identity(shop, "finess", json!("750000003")).await;
    let seen = ready(shop, &id).await;
    assert!(seen["avertissements"].as_array().unwrap().iter().any(|a| a["champ"] == "/magasin/finess"), "{seen}");
    identity(shop, "finess", finess).await;

    // A PEC on its way: the second is refused alone with its own status, a cotation is not.
    let first = ask(shop, &id, "PEC").await.expect(201).id();
    let second = ask(shop, &id, "PEC").await.problem(409);
    assert_eq!((second.kind(), second.body["demande_id"].as_str()), ("/problemes/pec-en-cours", Some(first.as_str())));
    shop.until(&first, &["ACCORDEE"]).await;
    ask(shop, &id, "PEC").await.problem(409);
    ask(shop, &id, "COTATION").await.expect(201);
    assert_eq!(check(shop, &id, "COTATION").await.body["pret"], true);
    assert_eq!(check(shop, &id, "PEC").await.body["pret"], false);

    // Not alone any more: one answer that tells both.
    scene.operator(json!({"option_pec": false, "mode": "REEL", "prix": {"PEC": 100, "COTATION": 0}, "seuil_alerte": 10})).await;
    let both = ask(shop, &made(shop, "Alpha", |_| {}).await, "PEC").await.problem(422);
    assert_eq!((both.kind(), both.codes()), ("/problemes/demande-incomplete", vec!["CREDIT".to_owned(), "OPTION_PEC".to_owned()]));
    scene.end().await;
}

#[tokio::test]
async fn conventions_that_nobody_downloaded_are_told_alone() {
    let partenaire = Partenaire::start().await;
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("autre", 1).await;
    let fresh = app.user("neuf", "GERANT").await;
    let operateur = app.user("neuf", "OPERATEUR").await;
    operateur
        .send(
            Method::PUT,
            &format!("/v1/operateur/magasins/{}", fresh.magasin),
            &[],
            Some(json!({"option_pec": true, "mode": "REEL", "prix": {"PEC": 1, "COTATION": 0}, "seuil_alerte": 10})),
        )
        .await
        .expect(200);
    operateur.post("/v1/credits/recharges", json!({"magasin": fresh.magasin, "quantite": 1, "reference_paiement": "neuf"})).await.expect_one_of(&[200, 201]);
    let fresh = Shop { gerant: fresh };
    let read = fresh.get("/v1/magasin").await.expect(200);
    let mut body = shop.get("/v1/magasin").await.body;
    body["nom"] = "Neuf".into();
    fresh.put("/v1/magasin", &read.etag, body).await.expect(200);
    fresh.post("/v1/mutuelles", json!({"nom": "À nous", "plateau": "82000001", "identifiant": "82000001", "pec": "OPT_LEN"})).await.expect(201);
    let id = made(&fresh, "nous", |_| {}).await;
    let seen = check(&fresh, &id, "PEC").await;
    assert_eq!(seen.codes(), ["CONVENTIONS"], "{}", seen.text);
    let answer = ask(&fresh, &id, "PEC").await.problem(422);
    assert_eq!((answer.kind(), answer.codes()), ("/problemes/demande-incomplete", vec!["CONVENTIONS".to_owned()]));
    assert_eq!(fresh.credits().await, [1, 0, 0]);
    fresh.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
    ready(&fresh, &id).await;
    app.system.stop().await;
}

#[tokio::test]
async fn what_the_dossier_lacks_is_told_alone() {
    let scene = scene().await;
    let shop = &scene.shop;
    const MUTUELLE: &str = "/tiers_payant/mutuelle_id";

    let found = shop.mutuelle("81000001").await["id"].as_str().unwrap().to_owned();
    let unsigned = shop.post("/v1/dossiers", dossier(&found, "A-1")).await.expect(201).id();
    refused(shop, &unsigned, &[("/consentement", "CONSENTEMENT")]).await;

    refused(shop, &made(shop, "Alpha", |d| d["tiers_payant"]["mutuelle_id"] = Value::Null).await, &[(MUTUELLE, "MUTUELLE_ABSENTE")]).await;
    refused(shop, &made(shop, "Theta", |_| {}).await, &[(MUTUELLE, "MUTUELLE_SANS_PEC")]).await;
    refused(shop, &made(shop, "Zeta", |_| {}).await, &[(MUTUELLE, "MUTUELLE_SANS_TIERS_PAYANT")]).await;
    let lenses = |d: &mut Value| d["equipements"][0] = json!({"type": "LEN", "lignes": [{"designation": "Lentilles", "categorie": "LEN", "quantite": 1, "prix_unitaire_centimes": 3_000, "code_lpp": "2203240", "par_boite": 6}]});
    refused(shop, &made(shop, "Beta", lenses).await, &[(MUTUELLE, "MUTUELLE_SANS_LENTILLES")]).await;
    ready(shop, &made(shop, "Beta", |_| {}).await).await;
    ready(shop, &made(shop, "Alpha", lenses).await).await;

    let card = ["numero_adherent", "numero_contrat", "numero_groupe", "regime"];
    for missing in card {
        let id = made(shop, "Delta", |d| {
            for name in card {
                d["tiers_payant"][name] = if name == missing { Value::Null } else { json!("X-1") };
            }
        })
        .await;
        refused(shop, &id, &[(&format!("/tiers_payant/{missing}"), "CHAMP_REQUIS")]).await;
    }
    ready(shop, &made(shop, "Delta", |d| card.iter().for_each(|name| d["tiers_payant"][*name] = json!("X-1"))).await).await;
    for (missing, pointer) in [("nom", "/assure/nom"), ("prenom", "/assure/prenom"), ("date_naissance", "/assure/date_naissance")] {
        let id = made(shop, "Alpha", |d| {
            d["beneficiaire"]["qualite"] = "ENFANT".into();
            d["assure"] = json!({"nom": "MONTFORT", "prenom": "Paul", "date_naissance": "1955-08-02"});
            d["assure"][missing] = Value::Null;
        })
        .await;
        refused(shop, &id, &[(pointer, "CHAMP_REQUIS")]).await;
    }

    refused(
        shop,
        &made(shop, "Epsilon", |_| {}).await,
        &[("/magasin/transmission/prescription_prescripteur", "FACULTATIF_EXIGE"), ("/magasin/transmission/verre_surface", "FACULTATIF_EXIGE")],
    )
    .await;
    let read = shop.get("/v1/magasin").await;
    let mut switches = read.body["transmission"].clone();
    switches["prescription_prescripteur"] = true.into();
    shop.put("/v1/magasin/transmission", &read.etag, switches.clone()).await.expect(200);
    refused(shop, &made(shop, "Epsilon", |_| {}).await, &[("/magasin/transmission/verre_surface", "FACULTATIF_EXIGE")]).await;
    switches["verre_surface"] = true.into();
    let etag = shop.get("/v1/magasin").await.etag;
    shop.put("/v1/magasin/transmission", &etag, switches).await.expect(200);
    ready(shop, &made(shop, "Epsilon", |_| {}).await).await;

    refused(
        shop,
        &made(shop, "Alpha", |d| d["equipements"][0]["lignes"][1]["code_lpp"] = Value::Null).await,
        &[("/equipements/0/lignes/1/code_lpp", "CODE_LPP")],
    )
    .await;
    ready(
        shop,
        &made(shop, "Alpha", |d| {
            d["equipements"][0]["lignes"][1]["code_lpp"] = Value::Null;
            d["equipements"][0]["lignes"][1]["occulte"] = true.into();
        })
        .await,
    )
    .await;

    let iota = made(shop, "Iota", |_| {}).await;
    ready(shop, &iota).await;
    scene.partenaire.on("CONVENTIONS", [Reply::Xml(conventions(false))]);
    let report = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body;
    assert_eq!((report["ajoutees"].as_u64(), report["modifiees"].as_u64(), report["retirees"].as_u64()), (Some(0), Some(0), Some(1)), "{report}");
    refused(shop, &iota, &[(MUTUELLE, "MUTUELLE_RETIREE")]).await;

    // An equipment that is not there.
    let id = made(shop, "Alpha", |_| {}).await;
    for wrong in [2, 7] {
        shop.post(&format!("/v1/dossiers/{id}/demandes"), json!({"nature": "PEC", "equipement": wrong})).await.problem_one_of(&[404, 422]);
    }
    scene.end().await;
}

#[tokio::test]
async fn a_doubt_is_told_and_stops_nothing() {
    let scene = scene().await;
    let shop = &scene.shop;
    let warnings = |seen: &Value| -> Vec<(String, String)> {
        seen["avertissements"].as_array().unwrap().iter().map(|a| (a["champ"].as_str().unwrap().to_owned(), a["code"].as_str().unwrap().to_owned())).collect()
    };
    assert_eq!(warnings(&ready(shop, &made(shop, "Alpha", |_| {}).await).await), []);
    let id = made(shop, "Alpha", |d| d["equipements"][0]["lignes"][1]["code_lpp"] = "9999999".into()).await;
    assert_eq!(warnings(&ready(shop, &id).await), [("/equipements/0/lignes/1/code_lpp".to_owned(), "TARIF_INCONNU".to_owned())]);
    let seen = ready(shop, &made(shop, "Eta", |_| {}).await).await;
    assert_eq!(warnings(&seen).iter().map(|w| w.0.as_str()).collect::<Vec<_>>(), ["/tiers_payant/mutuelle_id"], "third-party payment is somebody else's");
    // 2203240 is a lens of an adult, and this person is nine years old on the day of the dossier.
    let child = made(shop, "Alpha", |d| {
        d["beneficiaire"]["date_naissance"] = "2004-05-14".into();
        d["beneficiaire"]["nir"] = Value::Null;
    })
    .await;
    let seen = ready(shop, &child).await;
    assert!(warnings(&seen).iter().any(|w| w.0 == "/equipements/0/lignes/0/code_lpp"), "{seen}");
    // What is only doubtful is sent.
    let demande = ask(shop, &id, "PEC").await.expect(201).id();
    shop.until(&demande, &["ACCORDEE"]).await;
    scene.end().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once() {
    let app = App::start().await;
    let gerant = app.user("rien", "GERANT").await;
    let shop = Shop { gerant };
    let own = json!({"nom": "À nous", "pec": "NON", "sans_tiers_payant": true, "champs_requis": ["numero_adherent"], "facultatifs_exiges": ["prescription_prescripteur"]});
    let own = shop.post("/v1/mutuelles", own).await.expect(201).id();
    let mut body = dossier(&own, "A-1");
    body["tiers_payant"]["numero_adherent"] = Value::Null;
    for line in body["equipements"][0]["lignes"].as_array_mut().unwrap() {
        line["code_lpp"] = Value::Null;
    }
    let id = shop.post("/v1/dossiers", body.clone()).await.expect(201).id();
    let expected = [
        ("/consentement", "CONSENTEMENT"),
        ("/equipements/0/lignes/0/code_lpp", "CODE_LPP"),
        ("/equipements/0/lignes/1/code_lpp", "CODE_LPP"),
        ("/equipements/0/lignes/2/code_lpp", "CODE_LPP"),
        ("/magasin/transmission/prescription_prescripteur", "FACULTATIF_EXIGE"),
        ("/tiers_payant/mutuelle_id", "MUTUELLE_SANS_PEC"),
        ("/tiers_payant/mutuelle_id", "MUTUELLE_SANS_TIERS_PAYANT"),
        ("/tiers_payant/numero_adherent", "CHAMP_REQUIS"),
    ];
    let shop_wide = ["CONVENTIONS", "CREDIT", "IDENTITE_MAGASIN", "OPTION_PEC"];
    for answer in [check(&shop, &id, "PEC").await, ask(&shop, &id, "PEC").await.problem(422)] {
        let told = pairs(&answer);
        for (champ, code) in expected {
            assert!(told.contains(&(champ.to_owned(), code.to_owned())), "{champ} {code} not in {told:?}");
        }
        for code in shop_wide {
            assert!(told.iter().any(|(champ, c)| c == code && champ.starts_with("/magasin/")), "{code} not in {told:?}");
        }
        let known: Vec<&str> = expected.iter().map(|e| e.1).chain(shop_wide).collect();
        assert!(told.iter().all(|(_, code)| known.contains(&code.as_str())), "{told:?}");
    }
    assert_eq!(ask(&shop, &id, "PEC").await.kind(), "/problemes/demande-incomplete");
    body["tiers_payant"]["mutuelle_id"] = Value::Null;
    body["equipements"][0]["type"] = "LEN".into();
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    let codes = ask(&shop, &id, "PEC").await.problem(422).codes();
    for code in ["MUTUELLE_ABSENTE", "CONSENTEMENT", "CODE_LPP", "OPTION_PEC", "CREDIT", "CONVENTIONS", "IDENTITE_MAGASIN"] {
        assert!(codes.contains(&code.to_owned()), "{code} not in {codes:?}");
    }
    assert_eq!(shop.get("/v1/demandes").await.expect(200).body, json!({"demandes": [], "suivant": null}));
    assert_eq!(shop.get("/v1/credits/mouvements").await.expect(200).body, json!({"mouvements": [], "suivant": null}));
    app.system.stop().await;
}

#[tokio::test]
async fn the_preview_holds_what_would_be_sent_and_nothing_else() {
    let scene = scene().await;
    let shop = &scene.shop;
    let read = shop.get("/v1/magasin").await;
    let off: Value = read.body["transmission"].as_object().unwrap().keys().map(|k| (k.clone(), Value::Bool(false))).collect::<serde_json::Map<_, _>>().into();
    shop.put("/v1/magasin/transmission", &read.etag, off).await.expect(200);
    let id = made(shop, "Alpha", |d| {
        d["equipements"][0]["lignes"][0]["remise_pourcent"] = "7".into();
        d["equipements"][0]["lignes"]
            .as_array_mut()
            .unwrap()
            .push(json!({"designation": "LIGNE-CACHEE", "categorie": "OFFRE", "quantite": 1, "prix_unitaire_centimes": 1_000}));
    })
    .await;
    let preview = ready(shop, &id).await["apercu"].to_string();
    for hidden in ["278052", "2 78 05", "0199000001", "test@example.org", "Camille", "BESNAINOU", "ANTIREFLET", "LIGNE-CACHEE", "+2.00", "+1.00"] {
        assert!(!preview.contains(hidden), "{hidden} in {preview}");
    }
    for there in ["81000001", "750000002", "A-1", "CONTRAT-1", "2203240", "23250", "MONTFORT", "1978-05-14"] {
        assert!(preview.contains(there), "{there} not in {preview}");
    }
    scene.end().await;
}
