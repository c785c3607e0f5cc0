//! What holds on every route: versions, sizes, lists, texts, errors that name their field.

use crate::{
    app::{App, Setup, Shop, User, dossier, key},
    formes::ids,
};
use reqwest::Method;
use serde_json::{Value, json};

/// `GET` and `PUT` of one thing: 304, 428, 412, and two writers of whom one loses.
async fn etag_rules(user: &User, read: &str, write: &str, body: impl Fn(&Value, u32) -> Value) {
    let first = user.get(read).await.expect(200);
    assert!(first.etag.starts_with('"') && first.etag.ends_with('"') && first.etag.len() > 2, "{read}: ETag {:?}", first.etag);
    for matching in [first.etag.clone(), format!("\"autre\", {}", first.etag), format!("W/{}", first.etag), "*".into()] {
        let same = user.send(Method::GET, read, &[("if-none-match", &matching)], None).await.expect(304);
        assert_eq!((same.text.as_str(), &same.etag), ("", &first.etag), "{read} with {matching}");
    }
    assert_eq!(user.send(Method::GET, read, &[("if-none-match", "\"autre\"")], None).await.expect(200).body, first.body);

    user.send(Method::PUT, write, &[], Some(body(&first.body, 1))).await.problem(428);
    for stale in ["\"autre\"", "\"999999-00000000\"", "\"\"", "x"] {
        user.put(write, stale, body(&first.body, 1)).await.problem(412);
    }
    assert_eq!(user.get(read).await.etag, first.etag, "a refused PUT changes nothing");

    user.put(write, &first.etag, body(&first.body, 2)).await.expect(200);
    let second = user.get(read).await.expect(200);
    assert_ne!(second.etag, first.etag, "{write}");
    assert_eq!(second.body["version"].as_u64(), first.body["version"].as_u64().map(|v| v + 1), "{write}");
    user.put(write, &first.etag, body(&first.body, 3)).await.problem(412);
    user.send(Method::GET, read, &[("if-none-match", &first.etag)], None).await.expect(200);

    let (a, b) = tokio::join!(user.put(write, &second.etag, body(&second.body, 4)), user.put(write, &second.etag, body(&second.body, 5)));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{write}: two writers with one ETag");
}

#[tokio::test]
async fn versions_are_checked_where_a_thing_is_read_and_written() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let with = |field: &'static str| {
        move |body: &Value, n: u32| {
            let mut body = body.clone();
            body[field] = format!("Valeur {n}").into();
            body
        }
    };
    etag_rules(&shop, "/v1/magasin", "/v1/magasin", with("nom")).await;
    let switches = |body: &Value, n: u32| {
        let mut switches = body["transmission"].clone();
        for (i, name) in ["verre_surface", "verre_traitement", "prescription_ri_ra"].iter().enumerate() {
            switches[*name] = (n >> i & 1 == 1).into();
        }
        switches
    };
    etag_rules(&shop, "/v1/magasin", "/v1/magasin/transmission", switches).await;
    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT"})).await.expect(201).id();
    let client = format!("/v1/clients/{client}");
    etag_rules(&shop, &client, &client, with("prenom")).await;
    let id = shop.post("/v1/dossiers", json!({"beneficiaire": {"nom": "MONTFORT"}})).await.expect(201).id();
    let path = format!("/v1/dossiers/{id}");
    let renamed = |body: &Value, n: u32| {
        let mut body = body.clone();
        body["beneficiaire"]["prenom"] = format!("Prénom {n}").into();
        body
    };
    etag_rules(&shop, &path, &path, renamed).await;
    let own = shop.post("/v1/mutuelles", json!({"nom": "Mutuelle à nous", "pec": "NON"})).await.expect(201).id();
    let convention = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    for id in [own, convention] {
        let path = format!("/v1/mutuelles/{id}");
        etag_rules(&shop, &path, &path, with("telephone")).await;
    }
    // What has no PUT has an ETag all the same.
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let demande = shop.ask(&dossier, "COTATION").await;
    shop.until(&demande, &["ACCORDEE"]).await;
    for path in [format!("/v1/demandes/{demande}"), "/v1/mutuelles/index".to_owned()] {
        let seen = shop.get(&path).await.expect(200);
        assert!(!seen.etag.is_empty(), "{path}");
        let same = shop.send(Method::GET, &path, &[("if-none-match", &seen.etag)], None).await.expect(304);
        assert_eq!(same.text, "");
    }
    app.system.stop().await;
}

#[tokio::test]
async fn what_a_get_shows_a_put_reads_back_and_nothing_changes() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let card = json!({"rang": 1, "mutuelle_id": mutuelle, "forfait_id": null, "regime": "R1", "numero_adherent": "0012", "numero_contrat": "C", "numero_groupe": "G", "type": "T", "relation": "R",
        "fin_validite": "2027-12-31", "maximum_annuel_centimes": 30_000, "deja_utilise_centimes": 0});
    let client = json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "278052A00412358", "rang_gemellaire": 2, "qualite": "CONJOINT",
        "assure": {"nom": "MONTFORT", "prenom": "Paul", "date_naissance": "1955-08-02", "nir": "255081416802538"}, "mutuelles": [card]});
    let client_id = shop.post("/v1/clients", client.clone()).await.expect(201).id();

    let mut full = dossier(&mutuelle, "A-1");
    full["client_id"] = client_id.clone().into();
    full["beneficiaire"] = json!({"nom": "MONTFORT", "prenom": "Léa", "date_naissance": "2005-05-14", "nir": null, "rang_gemellaire": 1, "qualite": "ENFANT"});
    full["assure"] = client["assure"].clone();
    full["prescription"]["prescripteur"]["rpps"] = "10001234567".into();
    let eye = json!({"loin": {"sphere": "+2.00", "cylindre": "+1.00", "axe": 90, "addition": null, "prisme": "2.00", "base": "INTERNE"}, "intermediaire": {"sphere": "-0.25"},
        "pres": {"sphere": "-10.75", "addition": "+2.50"}, "ecart_loin": "32.0", "ecart_pres": "30.5", "hauteur": "18.0"});
    full["prescription"]["od"] = eye.clone();
    full["prescription"]["og"] = eye;
    let equipement = &mut full["equipements"][0];
    for (name, value) in [
        ("deuxieme_paire", json!(true)),
        ("taux_ro_manuel", json!(55)),
        ("enfant_manuel", json!(true)),
        ("prisme_od", json!("1.50")),
        ("prisme_og", json!("2.00")),
        ("rc_manuel_centimes", json!(12_345)),
    ] {
        equipement[name] = value;
    }
    let ligne = &mut equipement["lignes"][0];
    for (name, value) in [
        ("remise_pourcent", json!("12.5")),
        ("code_regroupement", json!("2203240")),
        ("classe", json!("B")),
        ("par_boite", json!(6)),
        ("fabricant", json!("Fabricant")),
        ("marque", json!("Marque")),
        ("modele", json!("Modèle")),
        ("matiere", json!("Organique")),
        ("indice", json!("1.6")),
        ("fabrique_en", json!("France")),
        ("ro_manuel_centimes", json!(99)),
    ] {
        ligne[name] = value;
    }
    equipement["lignes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"numero": 4, "designation": "Deuxième paire offerte", "categorie": "OFFRE", "quantite": 1, "prix_unitaire_centimes": 0}));
    full["equipements"].as_array_mut().unwrap().push(json!({"numero": 2, "type": "LEN", "vision": "MULTIFOCALE", "code_risque": "ACCIDENT_TRAVAIL", "lignes": [
        {"numero": 1, "designation": "Lentilles", "categorie": "LEN", "cote": "OD", "quantite": 2, "prix_unitaire_centimes": 3_333, "par_boite": 30, "surface": "TO"}]}));
    full["tiers_payant"] = card.clone();
    full["tiers_payant"].as_object_mut().unwrap().remove("rang");
    full["tiers_payant"]["part_ro"] = true.into();
    full["tiers_payant"]["tiers_payant_ro"] = false.into();
    let dossier_id = shop.post("/v1/dossiers", full.clone()).await.expect(201).id();
    shop.sign(&dossier_id).await;

    let own = json!({"nom": "Mutuelle à nous", "plateau": "82000001", "identifiant": "82000002", "pec": "OPT", "annulation": true, "champs_requis": ["numero_adherent", "regime"], "facultatifs_exiges": ["verre_surface"],
        "adresse": {"ligne1": "1 rue", "ligne2": "Bât. B", "code_postal": "06000", "localite": "Nice"}, "telephone": "01", "telephone2": "02", "fax": "03", "site_web": "https://example.org", "autre": "Autre", "remarque": "Remarque",
        "top_mutualiste": true, "sans_tiers_payant": false, "tp_externalise": true, "regimes": [{"code": "R1", "libelle": "Régime 1"}],
        "forfaits": [{"libelle": "Fixe", "type": "FIXE", "montant_centimes": 10_000, "pourcentage": null, "assiette": null}, {"libelle": "Part", "type": "POURCENTAGE", "montant_centimes": null, "pourcentage": "30", "assiette": "RESTE"}]});
    let own_answer = shop.post("/v1/mutuelles", own.clone()).await.expect(201);
    for name in [
        "nom",
        "plateau",
        "identifiant",
        "pec",
        "annulation",
        "champs_requis",
        "facultatifs_exiges",
        "adresse",
        "telephone",
        "telephone2",
        "fax",
        "site_web",
        "autre",
        "remarque",
        "top_mutualiste",
        "tp_externalise",
        "regimes",
    ] {
        assert_eq!(own_answer.body[name], own[name], "{name}");
    }
    let magasin = json!({"nom": "Optique du Port", "finess": "750000002", "adresse": {"ligne1": "1 quai", "ligne2": "Port", "code_postal": "06000", "localite": "Nice"},
        "opticien": {"nom": "RENARD", "prenom": "Luc", "telephone": "0493000000", "email": "luc@example.org"}});
    let etag = shop.get("/v1/magasin").await.etag;
    shop.put("/v1/magasin", &etag, magasin.clone()).await.expect(200);

    for (path, typed) in [
        ("/v1/magasin".to_owned(), &magasin),
        (format!("/v1/clients/{client_id}"), &client),
        (format!("/v1/dossiers/{dossier_id}"), &full),
        (format!("/v1/mutuelles/{}", own_answer.id()), &Value::Null),
        (format!("/v1/mutuelles/{mutuelle}"), &Value::Null),
    ] {
        let first = shop.get(&path).await.expect(200);
        shows(&path, &first.body, typed);
        let put = shop.put(&path, &first.etag, first.body.clone()).await.expect(200);
        let second = shop.get(&path).await.expect(200);
        let without_version = |body: &Value| {
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove("version");
            body
        };
        assert_eq!(without_version(&second.body), without_version(&first.body), "{path}");
        assert_eq!(put.body, second.body, "{path}: a PUT answers what a GET shows");
    }
    app.system.stop().await;
}

/// Whatever was typed is shown as it was typed.
fn shows(place: &str, shown: &Value, typed: &Value) {
    match typed {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| shows(&format!("{place}/{name}"), &shown[name], value)),
        Value::Array(values) => {
            assert_eq!(shown.as_array().map(Vec::len), Some(values.len()), "{place}");
            values.iter().enumerate().for_each(|(i, value)| shows(&format!("{place}/{i}"), &shown[i], value));
        }
        Value::Null => {}
        value => assert_eq!(shown, value, "{place}"),
    }
}

#[tokio::test]
async fn a_body_too_large_is_refused_and_the_limit_named() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let padded = |bytes: usize| {
        let empty = json!({"nom": "MONTFORT", "inconnu": ""}).to_string();
        json!({"nom": "MONTFORT", "inconnu": "x".repeat(bytes - empty.len())}).to_string()
    };
    assert_eq!(padded(256 * 1024).len(), 262_144);
    shop.raw(Method::POST, "/v1/clients", &[("content-type", "application/json")], padded(256 * 1024)).await.expect(201);
    for path in ["/v1/clients", "/v1/dossiers", "/v1/mutuelles", "/v1/clients/recherche"] {
        let key = key();
        let refused =
            shop.raw(Method::POST, path, &[("content-type", "application/json"), ("idempotency-key", &key)], padded(256 * 1024 + 1)).await.problem(413);
        assert!(refused.text.contains("256"), "the limit is named: {}", refused.text);
    }
    let etag = shop.get("/v1/magasin").await.etag;
    shop.raw(Method::PUT, "/v1/magasin", &[("content-type", "application/json"), ("if-match", &etag)], padded(1024 * 1024)).await.problem(413);

    let row = |i: usize| format!("Mutuelle {i};;;NON;non;;;;;;;;;;;;{};non;non;non\n", "x".repeat(490));
    let file = |rows: usize| format!("{HEADER}{}", (0..rows).map(row).collect::<String>());
    let csv = |key: &str| vec![("content-type".to_owned(), "text/csv; charset=utf-8".to_owned()), ("idempotency-key".to_owned(), key.to_owned())];
    let send = |path: &'static str, text: String, key: String| {
        let (shop, headers) = (&shop, csv(&key));
        async move { shop.raw(Method::POST, path, &headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>(), text).await }
    };
    let medium = file(700);
    assert!(medium.len() > 300 * 1024, "more than another body may have");
    let report = send("/v1/mutuelles/import?essai=true", medium, key()).await.expect(200).body;
    assert_eq!((report["ajoutees"].as_u64(), report["rejetees"].as_array().map(Vec::len)), (Some(700), Some(0)));
    let mut large = file(7_500);
    assert!(large.len() < 4 * 1024 * 1024);
    large.push_str(&"\n".repeat(4 * 1024 * 1024 + 1 - large.len()));
    let refused = send("/v1/mutuelles/import?essai=true", large.clone(), key()).await.problem(413);
    assert!(refused.body["detail"].as_str().unwrap().contains('4'), "the limit is named: {}", refused.text);
    large.pop();
    send("/v1/mutuelles/import?essai=true", large.clone(), key()).await.expect(200);
    let operateur = app.user("demo", "OPERATEUR").await;
    operateur.raw(Method::PUT, "/v1/referentiel/lpp", &[("content-type", "text/csv")], "x".repeat(4 * 1024 * 1024 + 1)).await.problem(413);
    app.system.stop().await;
}

pub const HEADER: &str = "nom;plateau;identifiant;pec;annulation;champs_requis;facultatifs_exiges;adresse1;adresse2;code_postal;localite;telephone;telephone2;fax;site_web;autre;remarque;top_mutualiste;sans_tiers_payant;tp_externalise\n";

#[tokio::test]
async fn every_list_comes_in_pages_newest_first() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("demo", "OPERATEUR").await;
    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT", "prenom": "0"})).await.expect(201).id();
    let mut clients = vec![client.clone()];
    let (mut dossiers, mut of_client) = (Vec::new(), Vec::new());
    for n in 1..7 {
        clients.push(shop.post("/v1/clients", json!({"nom": "MONTFORT", "prenom": n.to_string()})).await.expect(201).id());
        let from_client = n % 2 == 0;
        let body = if from_client { json!({"client_id": client}) } else { json!({"beneficiaire": {"nom": "MONTFORT"}}) };
        let id = shop.post("/v1/dossiers", body).await.expect(201).id();
        if from_client {
            of_client.insert(0, id.clone());
        }
        dossiers.insert(0, id);
        operateur
            .post("/v1/credits/recharges", json!({"magasin": shop.magasin, "quantite": n, "reference_paiement": format!("page-{n}")}))
            .await
            .expect_one_of(&[200, 201]);
    }
    let asked = shop.dossier("DEMO-ACCORD").await;
    dossiers.insert(0, asked.clone());
    let mut demandes = Vec::new();
    for _ in 0..5 {
        demandes.insert(0, shop.ask(&asked, "COTATION").await);
    }
    let pec = shop.ask(&asked, "PEC").await;
    demandes.insert(0, pec.clone());
    for id in &demandes {
        shop.until(id, &["ACCORDEE"]).await;
    }
    for limite in [1, 2, 3, 7, 100] {
        assert_eq!(ids(&shop.walk("/v1/dossiers", "dossiers", limite).await), dossiers, "by {limite}");
        assert_eq!(ids(&shop.walk(&format!("/v1/dossiers?client_id={client}"), "dossiers", limite).await), of_client, "by {limite}");
        assert_eq!(ids(&shop.walk("/v1/demandes", "demandes", limite).await), demandes, "by {limite}");
        assert_eq!(ids(&shop.walk("/v1/demandes?etat=ACCORDEE&nature=COTATION", "demandes", limite).await), demandes[1..], "by {limite}");
        assert_eq!(ids(&shop.walk("/v1/demandes?nature=PEC", "demandes", limite).await), std::slice::from_ref(&pec), "by {limite}");
        assert_eq!(shop.walk("/v1/demandes?etat=REFUSEE", "demandes", limite).await, Vec::<Value>::new());
        let movements = shop.walk("/v1/credits/mouvements", "mouvements", limite).await;
        let numbers: Vec<u64> = movements.iter().map(|m| m["numero"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=9).rev().collect::<Vec<_>>(), "one top-up of the shop, six more, a hold and its consumption");
        let mut found = ids(&shop.search("/v1/clients/recherche", "mont", "clients", limite).await);
        found.sort();
        assert_eq!(
            found,
            {
                clients.sort();
                clients.clone()
            },
            "by {limite}"
        );
        let mut found = ids(&shop.search("/v1/dossiers/recherche", "Montf", "dossiers", limite).await);
        found.sort();
        let mut expected = dossiers.clone();
        expected.sort();
        assert_eq!(found, expected, "by {limite}");
    }
    let all = shop.walk("/v1/mutuelles", "mutuelles", 100).await;
    assert!(all.len() > 100, "the demonstration has the public names: {}", all.len());
    assert_eq!(shop.walk("/v1/mutuelles", "mutuelles", 37).await.len(), all.len());
    assert_eq!(shop.get("/v1/mutuelles").await.expect(200).body["mutuelles"].as_array().map(Vec::len), Some(50), "fifty when nobody says");

    for path in ["/v1/mutuelles", "/v1/dossiers", "/v1/demandes", "/v1/credits/mouvements"] {
        for wrong in
            ["limite=0", "limite=101", "limite=-1", "limite=x", "limite=1.5", "limite=99999999999999999999", "suivant=x", "suivant=%00", "suivant=eyJhIjoxfQ"]
        {
            shop.get(&format!("{path}?{wrong}")).await.problem_one_of(&[400, 422]);
        }
    }
    for wrong in ["etat=ENVOYEE", "nature=DEVIS"] {
        shop.get(&format!("/v1/demandes?{wrong}")).await.problem_one_of(&[400, 422]);
    }
    // A cursor of one list is nothing in another, and another shop's says nothing of it.
    let page = shop.get("/v1/dossiers?limite=2").await.body;
    let stranger = app.demo_shop("demo2").await;
    let stolen = stranger.get(&format!("/v1/dossiers?limite=2&suivant={}", page["suivant"].as_str().unwrap())).await;
    assert!(stolen.status == 200 && stolen.body["dossiers"] == json!([]) || [400, 422].contains(&stolen.status), "{}", stolen.text);
    assert!(!page["suivant"].as_str().unwrap().to_uppercase().contains("MONTFORT"));
    app.system.stop().await;
}

#[tokio::test]
async fn texts_are_cleaned_at_entry() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let client = shop
        .post("/v1/clients", json!({"nom": "  Zoe\u{301}\u{0}\u{7} D'ORÉE\n ", "prenom": "\u{9}", "mutuelles": [{"numero_adherent": " 00\u{1b}12 "}]}))
        .await
        .expect(201);
    let read = shop.get(&format!("/v1/clients/{}", client.id())).await.expect(200).body;
    assert_eq!((&read["nom"], &read["prenom"], &read["mutuelles"][0]["numero_adherent"]), (&json!("Zoé D'ORÉE"), &Value::Null, &json!("0012")));
    let body = json!({"beneficiaire": {"nom": " E\u{301}LISE "}, "equipements": [{"lignes": [{"designation": "\u{7}Verre\u{9}progressif\u{85} ", "categorie": "VER", "prix_unitaire_centimes": 1}]}]});
    let made = shop.post("/v1/dossiers", body).await.expect(201).body;
    assert_eq!((&made["beneficiaire"]["nom"], &made["equipements"][0]["lignes"][0]["designation"]), (&json!("ÉLISE"), &json!("Verreprogressif")));
    let made = shop.post("/v1/mutuelles", json!({"nom": " Mutuelle\r\n a\u{300} nous ", "pec": "NON", "remarque": "a\u{0}b"})).await.expect(201).body;
    assert_eq!((&made["nom"], &made["remarque"]), (&json!("Mutuelle à nous"), &json!("ab")));
    // Only signs: nothing is left of it.
    let refused = shop.post("/v1/clients", json!({"nom": "\u{0}\u{7} "})).await.problem(422);
    assert_eq!(refused.champs(), ["/nom"]);
    app.system.stop().await;
}

#[tokio::test]
async fn lengths_and_counts_have_their_limits() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    // Counted as a person counts: a letter and its accent are one.
    let sixty = "e\u{301}".repeat(60);
    shop.post("/v1/clients", json!({"nom": sixty, "prenom": sixty})).await.expect(201);
    let refused = shop.post("/v1/clients", json!({"nom": "é".repeat(61), "prenom": "x".repeat(61), "assure": {"nom": "x".repeat(61)}})).await.problem(422);
    assert_eq!(refused.champs(), ["/assure/nom", "/nom", "/prenom"]);
    assert!(refused.text.contains("60"), "the limit is named: {}", refused.text);

    let line = |length: usize| json!({"designation": "x".repeat(length), "categorie": "VER"});
    let with = |equipements: Value| json!({"beneficiaire": {"nom": "MONTFORT"}, "equipements": equipements});
    shop.post("/v1/dossiers", with(json!([{"lignes": [line(200)]}]))).await.expect(201);
    let refused = shop.post("/v1/dossiers", with(json!([{"lignes": [line(1), line(201)]}]))).await.problem(422);
    assert_eq!(refused.champs(), ["/equipements/0/lignes/1/designation"]);
    assert!(refused.text.contains("200"), "{}", refused.text);

    let most = shop.post("/v1/dossiers", with(json!(vec![json!({"lignes": vec![line(3); 40]}); 6]))).await.expect(201).body;
    assert_eq!(most["equipements"].as_array().map(Vec::len), Some(6));
    assert!(most["equipements"].as_array().unwrap().iter().all(|e| e["lignes"].as_array().unwrap().len() == 40));
    let refused = shop.post("/v1/dossiers", with(json!(vec![json!({"lignes": vec![line(3); 41]})]))).await.problem(422);
    assert_eq!(refused.champs(), ["/equipements/0/lignes"]);
    assert!(refused.text.contains("40"), "{}", refused.text);
    let refused = shop.post("/v1/dossiers", with(json!(vec![json!({"lignes": []}); 7]))).await.problem(422);
    assert_eq!(refused.champs(), ["/equipements"]);
    assert!(refused.text.contains('6'), "{}", refused.text);

    let own = |length: usize| json!({"nom": format!("Mutuelle {length}"), "pec": "NON", "remarque": "x".repeat(length)});
    shop.post("/v1/mutuelles", own(500)).await.expect(201);
    assert_eq!(shop.post("/v1/mutuelles", own(501)).await.problem(422).champs(), ["/remarque"]);
    let id = shop.dossier("DEMO-ACCORD").await;
    let id = shop.ask(&id, "PEC").await;
    shop.until(&id, &["ACCORDEE"]).await;
    let refused = shop.post(&format!("/v1/demandes/{id}/annulation"), json!({"motif": "x".repeat(501)})).await.problem(422);
    assert_eq!(refused.champs(), ["/motif"]);
    shop.post(&format!("/v1/demandes/{id}/annulation"), json!({"motif": "x".repeat(500)})).await.expect(202);
    app.system.stop().await;
}

#[tokio::test]
async fn what_is_unknown_or_computed_is_ignored_at_entry() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let honest = shop.post("/v1/dossiers", dossier(&mutuelle, "A-1")).await.expect(201).body;
    let mut body = dossier(&mutuelle, "A-1");
    body["id"] = honest["id"].clone();
    body["version"] = 77.into();
    body["inconnu"] = json!({"a": [1, {"b": null}]});
    body["beneficiaire"]["surnom"] = 3.into();
    body["consentement"] = json!({"imprime_le": "2026-01-01T00:00:00Z", "signe_le": "2026-01-01", "valide": true, "raison": null});
    body["totaux"] = json!({"total_centimes": 1, "ro_centimes": "deux", "rc_centimes": 3.5});
    body["equipements"][0]["taux_ro"] = 12.into();
    body["equipements"][0]["enfant"] = "oui".into();
    body["equipements"][0]["lignes"][0]["valeur_centimes"] = 1.5.into();
    body["equipements"][0]["lignes"][0]["ro_centimes"] = (-1).into();
    body["equipements"][0]["lignes"][0]["rc_centimes"] = 9_999.into();
    let mut made = shop.post("/v1/dossiers", body.clone()).await.expect(201).body;
    assert_ne!(made["id"], honest["id"]);
    made["id"] = honest["id"].clone();
    assert_eq!(made, honest);
    let path = format!("/v1/dossiers/{}", honest["id"].as_str().unwrap());
    let read = shop.get(&path).await.expect(200);
    body["id"] = "dos_x".into();
    body["beneficiaire"]["prenom"] = "Anne".into();
    let written = shop.put(&path, &read.etag, body).await.expect(200).body;
    let mut expected = honest.clone();
    expected["version"] = 2.into();
    expected["beneficiaire"]["prenom"] = "Anne".into();
    assert_eq!(written, expected);

    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT", "id": "cli_x", "version": "x", "inconnu": 1})).await.expect(201).body;
    assert_eq!((client["id"].as_str().map(str::len), client["version"].as_u64()), (Some(30), Some(1)));
    let before = shop.get("/v1/magasin").await.expect(200);
    let mut body = before.body.clone();
    body["option_pec"] = false.into();
    body["mode"] = "REEL".into();
    body["transmission"]["verre_surface"] = true.into();
    body["id"] = "mag_x".into();
    body["version"] = 5000.into();
    body["inconnu"] = "x".into();
    let after = shop.put("/v1/magasin", &before.etag, body).await.expect(200).body;
    for name in ["id", "option_pec", "mode", "transmission"] {
        assert_eq!(after[name], before.body[name], "{name}");
    }
    app.system.stop().await;
}

#[tokio::test]
async fn everything_at_fault_is_told_at_once_with_its_place() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let bad = json!({"date": "26/11/2013", "beneficiaire": {"nom": " ", "nir": "278052A00412359", "date_naissance": "2999-01-01", "qualite": "AMI", "rang_gemellaire": 1.5},
        "prescription": {"date": "2013-02-30", "ri_delivre": "oui", "od": {"loin": {"sphere": 2.0, "axe": 181}}},
        "equipements": [{"type": "XXX", "lignes": [{"designation": 4, "categorie": "XXX", "quantite": 1.5, "prix_unitaire_centimes": 250.5, "occulte": "oui"}, {"categorie": "VER", "prix_unitaire_centimes": "25000", "quantite": 0}, 7]}],
        "tiers_payant": {"mutuelle_id": "dos_1", "fin_validite": "demain", "part_ro": 1, "maximum_annuel_centimes": -1}});
    let refused = shop.post("/v1/dossiers", bad).await.problem(422);
    assert_eq!(
        refused.champs(),
        [
            "/beneficiaire/date_naissance",
            "/beneficiaire/nir",
            "/beneficiaire/nom",
            "/beneficiaire/qualite",
            "/beneficiaire/rang_gemellaire",
            "/date",
            "/equipements/0/lignes/0/categorie",
            "/equipements/0/lignes/0/designation",
            "/equipements/0/lignes/0/occulte",
            "/equipements/0/lignes/0/prix_unitaire_centimes",
            "/equipements/0/lignes/0/quantite",
            "/equipements/0/lignes/1/prix_unitaire_centimes",
            "/equipements/0/lignes/1/quantite",
            "/equipements/0/lignes/2",
            "/equipements/0/type",
            "/prescription/date",
            "/prescription/od/loin/axe",
            "/prescription/od/loin/sphere",
            "/prescription/ri_delivre",
            "/tiers_payant/fin_validite",
            "/tiers_payant/maximum_annuel_centimes",
            "/tiers_payant/mutuelle_id",
            "/tiers_payant/part_ro",
        ]
    );
    assert!(!refused.text.contains("278052"), "no NIR in an error");
    let refused = shop
        .post("/v1/clients", json!({"nom": 3, "prenom": [], "nir": "12", "mutuelles": [{"rang": "1", "maximum_annuel_centimes": 12.5}, "x"]}))
        .await
        .problem(422);
    assert_eq!(refused.champs(), ["/mutuelles/0/maximum_annuel_centimes", "/mutuelles/0/rang", "/mutuelles/1", "/nir", "/nom", "/prenom"]);
    let refused = shop.post("/v1/mutuelles", json!({"nom": "", "plateau": "12", "identifiant": 5, "pec": "OUI", "annulation": "oui", "champs_requis": ["nom"], "facultatifs_exiges": "verre_surface", "top_mutualiste": 1,
        "adresse": {"ligne1": 3}, "forfaits": [{"libelle": "F", "type": "FIXE", "montant_centimes": 10.5}, {"libelle": "P", "type": "PART"}], "regimes": [{"code": 3}]})).await.problem(422);
    for champ in [
        "/nom",
        "/plateau",
        "/identifiant",
        "/pec",
        "/annulation",
        "/champs_requis",
        "/facultatifs_exiges",
        "/top_mutualiste",
        "/adresse/ligne1",
        "/forfaits/0/montant_centimes",
        "/forfaits/1/type",
        "/regimes/0/code",
    ] {
        assert!(refused.champs().iter().any(|c| c == champ), "{champ} not in {:?}", refused.champs());
    }
    let etag = shop.get("/v1/magasin").await.etag;
    let refused = shop.put("/v1/magasin", &etag, json!({"nom": 3, "finess": "75000000", "adresse": [], "opticien": {"email": true}})).await.problem(422);
    assert_eq!(refused.champs(), ["/adresse", "/finess", "/nom", "/opticien/email"]);
    let mut switches = shop.get("/v1/magasin").await.body["transmission"].clone();
    switches["verre_surface"] = "true".into();
    switches["assure_nir"] = 1.into();
    switches["monture_remise"] = Value::Null;
    let refused = shop.put("/v1/magasin/transmission", &etag, switches.clone()).await.problem(422);
    assert_eq!(refused.champs(), ["/assure_nir", "/monture_remise", "/verre_surface"]);
    let id = shop.dossier("DEMO-ACCORD").await;
    let refused = shop.post(&format!("/v1/dossiers/{id}/demandes"), json!({"nature": "DEVIS", "equipement": "1"})).await.problem(422);
    assert_eq!(refused.champs(), ["/equipement", "/nature"]);
    let refused = shop.post(&format!("/v1/dossiers/{id}/consentement"), json!({"signe_le": 3, "canal": "SMS"})).await.problem(422);
    assert_eq!(refused.champs(), ["/canal", "/signe_le"]);
    let operateur = app.user("demo", "OPERATEUR").await;
    let refused = operateur.post("/v1/credits/recharges", json!({"magasin": 1, "quantite": 1.5})).await.problem(422);
    assert_eq!(refused.champs(), ["/magasin", "/quantite", "/reference_paiement"]);
    let refused = operateur.post("/v1/credits/corrections", json!({"quantite": "3"})).await.problem(422);
    assert_eq!(refused.champs(), ["/magasin", "/motif", "/quantite", "/reference"]);
    let refused = operateur
        .send(
            Method::PUT,
            &format!("/v1/operateur/magasins/{}", shop.magasin),
            &[],
            Some(json!({"option_pec": "oui", "mode": "TEST", "prix": {"PEC": 1.5, "COTATION": -1}, "seuil_alerte": "10"})),
        )
        .await
        .problem(422);
    assert_eq!(refused.champs(), ["/mode", "/option_pec", "/prix/COTATION", "/prix/PEC", "/seuil_alerte"]);
    app.system.stop().await;
}

/// Bodies that nobody writes on purpose.
fn nonsense() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let nested = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let mut all: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "[]",
        "1",
        "\"x\"",
        "true",
        "{",
        "{}",
        "{\"nom\":}",
        "[1e400]",
        "{\"quantite\":1e400}",
        "{\"nom\":\"\\ud800\"}",
        "NaN",
        "{\"nom\":\"a\",\"nom\":\"b\"}",
        "<xml/>",
    ]
    .map(|t| t.as_bytes().to_vec())
    .into();
    all.extend([
        deep.into_bytes(),
        nested.into_bytes(),
        b"\xff\xfe".to_vec(),
        b"{\"nom\":\"\xff\"}".to_vec(),
        b"\xef\xbb\xbf{\"nom\":\"x\"}".to_vec(),
        vec![0; 64],
    ]);
    for wrong in [
        json!(null),
        json!([]),
        json!({}),
        json!(-1),
        json!(18_446_744_073_709_551_615_u64),
        json!(1e300),
        json!("\u{0}"),
        json!(true),
        json!("x".repeat(10_000)),
    ] {
        let fields = [
            "nom",
            "magasin",
            "quantite",
            "reference_paiement",
            "reference",
            "motif",
            "q",
            "nature",
            "equipement",
            "equipements",
            "beneficiaire",
            "tiers_payant",
            "client_id",
            "signe_le",
            "issue",
            "prix",
            "mode",
            "regimes",
            "forfaits",
        ];
        all.push(Value::Object(fields.into_iter().map(|f| (f.to_owned(), wrong.clone())).collect()).to_string().into_bytes());
    }
    all
}

#[tokio::test]
async fn no_body_makes_the_product_fail() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let operateur = app.user("demo", "OPERATEUR").await;
    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT"})).await.expect(201).id();
    let own = shop.post("/v1/mutuelles", json!({"nom": "Mutuelle à nous", "pec": "NON"})).await.expect(201).id();
    let dossier = shop.dossier("DEMO-STATUT-NOUVEAU").await;
    let demande = shop.ask(&dossier, "PEC").await;
    shop.until(&demande, &["A_VERIFIER"]).await;
    let routes: Vec<(&User, Method, String)> = vec![
        (&shop, Method::PUT, "/v1/magasin".into()),
        (&shop, Method::PUT, "/v1/magasin/transmission".into()),
        (&shop, Method::POST, "/v1/mutuelles".into()),
        (&shop, Method::POST, "/v1/mutuelles/import".into()),
        (&shop, Method::PUT, format!("/v1/mutuelles/{own}")),
        (&shop, Method::POST, "/v1/clients".into()),
        (&shop, Method::POST, "/v1/clients/recherche".into()),
        (&shop, Method::PUT, format!("/v1/clients/{client}")),
        (&shop, Method::POST, "/v1/dossiers".into()),
        (&shop, Method::POST, "/v1/dossiers/recherche".into()),
        (&shop, Method::PUT, format!("/v1/dossiers/{dossier}")),
        (&shop, Method::POST, format!("/v1/dossiers/{dossier}/consentement")),
        (&shop, Method::POST, format!("/v1/dossiers/{dossier}/demandes")),
        (&shop, Method::POST, format!("/v1/demandes/{demande}/annulation")),
        (&shop, Method::POST, format!("/v1/demandes/{demande}/transformation")),
        (&shop, Method::POST, format!("/v1/demandes/{demande}/transfert")),
        (&shop, Method::POST, format!("/v1/demandes/{demande}/decision")),
        (&operateur, Method::POST, "/v1/credits/recharges".into()),
        (&operateur, Method::POST, "/v1/credits/corrections".into()),
        (&operateur, Method::PUT, format!("/v1/operateur/magasins/{}", shop.magasin)),
        (&operateur, Method::PUT, "/v1/referentiel/taux".into()),
        (&operateur, Method::PUT, "/v1/referentiel/lpp".into()),
    ];
    for (user, method, path) in routes {
        for (i, body) in nonsense().into_iter().enumerate() {
            // What the body is called makes no difference to what it is: each other name with some of them.
            let other = ["text/csv", "application/x-www-form-urlencoded", ""][i % 3];
            for form in ["application/json", other] {
                let key = key();
                let answer = user.raw(method.clone(), &path, &[("content-type", form), ("idempotency-key", &key), ("if-match", "*")], body.clone()).await;
                let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
                assert!(answer.status < 500, "{method} {path} {form} {shown}: {}", answer.text);
                if answer.status >= 400 {
                    answer.refusal();
                }
            }
        }
    }
    for path in [
        "/v1/dossiers?client_id=",
        "/v1/dossiers?client_id=x",
        "/v1/mutuelles?q=%00&pec=x",
        "/v1/mutuelles?q=%FF",
        "/v1/referentiel/lpp",
        "/v1/referentiel/lpp?code=x&date=y",
        "/v1/statistiques",
        "/v1/statistiques?du=x&au=2026-13-40",
        "/v1/statistiques?du=2026-12-31&au=2026-01-01",
        "/v1/demandes?etat=&nature=",
        "/v1/demandes/export?etat=x",
    ] {
        let answer = shop.get(path).await;
        assert!(answer.status < 500, "{path}: {}", answer.text);
        if answer.status >= 400 {
            answer.refusal();
        }
    }
    for query in ["", "?equipement=0&nature=PEC", "?equipement=99999&nature=PEC", "?equipement=1&nature=X", "?equipement=-1", "?equipement=x&nature=PEC"] {
        let answer = shop.get(&format!("/v1/dossiers/{dossier}/verification{query}")).await;
        assert!(answer.status < 500, "{query}: {}", answer.text);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn a_thing_that_was_deleted_is_gone() {
    let app = App::start().await;
    let shop: Shop = app.demo_shop("demo").await;
    let client = shop.post("/v1/clients", json!({"nom": "DURAND", "nir": "278052A00412358"})).await.expect(201).id();
    let made = shop.post("/v1/dossiers", json!({"beneficiaire": {"nom": "DURAND"}})).await.expect(201).id();
    let own = shop.post("/v1/mutuelles", json!({"nom": "Mutuelle éphémère", "pec": "NON"})).await.expect(201).id();
    for path in [format!("/v1/clients/{client}"), format!("/v1/dossiers/{made}"), format!("/v1/mutuelles/{own}")] {
        shop.delete(&path).await.expect_one_of(&[200, 204]);
        shop.get(&path).await.problem(404);
        shop.put(&path, "*", json!({"nom": "x"})).await.problem(404);
        shop.delete(&path).await.problem(404);
    }
    for q in ["dur", "278052A00412358"] {
        assert_eq!(shop.search("/v1/clients/recherche", q, "clients", 10).await, Vec::<Value>::new());
        assert_eq!(shop.search("/v1/dossiers/recherche", q, "dossiers", 10).await, Vec::<Value>::new());
    }
    assert_eq!(shop.walk("/v1/dossiers", "dossiers", 10).await, Vec::<Value>::new());
    assert!(!shop.get("/v1/mutuelles?q=ephemere").await.expect(200).text.contains("éphémère"));
    app.system.stop().await;
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let app = App::with(Setup { limits: true, ..Setup::default() }).await;
    let (hasty, other) = (app.user("demo", "GERANT").await, app.user("demo2", "GERANT").await);
    let answers = futures::future::join_all((0..400).map(|_| hasty.get("/v1/magasin"))).await;
    let (served, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 200);
    assert!(!served.is_empty() && !refused.is_empty(), "{} served", served.len());
    for answer in refused {
        let seconds = answer.headers.get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
        assert!(seconds.is_some_and(|s| s > 0), "{:?}", answer.headers);
        answer.problem(429);
    }
    other.get("/v1/magasin").await.expect(200);
    app.advance(3600).await;
    hasty.get("/v1/magasin").await.expect(200);
    app.system.stop().await;
    // Off, nobody is refused.
    let app = App::start().await;
    let user = app.user("demo", "GERANT").await;
    let answers = futures::future::join_all((0..400).map(|_| user.get("/v1/magasin"))).await;
    assert!(answers.iter().all(|a| a.status == 200));
    app.system.stop().await;
}
