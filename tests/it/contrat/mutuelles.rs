//! The list of mutuelles: files in and out, the search, what belongs to the shop and what to the convention.

use super::conventions::HEADER;
use crate::app::{Answer, App, Setup, Shop, key};
use crate::partenaire::{Partenaire, Reply};
use reqwest::Method;
use serde_json::{Value, json};

async fn import(shop: &Shop, path: &str, file: impl Into<reqwest::Body>) -> Answer {
    import_as(shop, path, "text/csv", file).await
}

async fn import_as(shop: &Shop, path: &str, form: &str, file: impl Into<reqwest::Body>) -> Answer {
    let key = key();
    shop.raw(Method::POST, path, &[("content-type", form), ("idempotency-key", &key)], file).await
}

fn counts(report: &Value) -> [u64; 4] {
    ["ajoutees", "modifiees", "retirees", "inchangees"].map(|n| report[n].as_u64().unwrap_or_else(|| panic!("{n} in {report}")))
}

async fn find(shop: &Shop, q: &str) -> Vec<Value> {
    shop.get(&format!("/v1/mutuelles?q={q}")).await.expect(200).body["mutuelles"].as_array().unwrap().clone()
}

#[tokio::test]
async fn good_rows_are_taken_and_bad_ones_reported() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let file = format!(
        "{HEADER}Zébulon Santé;83000001;83000001;OPT_LEN;oui;numero_adherent|regime;verre_surface;1 rue;;75001;Paris;01;;;https://example.org;;Note;oui;non;oui\n\
Zoo;12;83000002;OPT;oui;;;;;;;;;;;;;non;non;non\n\
Zoologie;83000003;83000003;PEUTETRE;oui;;;;;;;;;;;;;non;non;non\n\
Zoologique;83000001;83000001;OPT;oui;;;;;;;;;;;;;non;non;non\n\
;83000004;83000004;OPT;oui;;;;;;;;;;;;;non;non;non\n\
Zouave;83000005;83000005;OPT;oui;nom;;;;;;;;;;;;non;non;non\n\
\"Zygote; \"\"la\"\" Mutuelle\";;;NON;non;;;;;;;;;;;;;non;non;non\n"
    );
    let dry = import(&shop, "/v1/mutuelles/import?essai=true", file.clone()).await.expect(200).body;
    assert_eq!(counts(&dry)[..2], [2, 0], "{dry}");
    assert_eq!(find(&shop, "zebulon").await.len(), 0, "a dry run changes nothing");
    let report = import(&shop, "/v1/mutuelles/import", file.clone()).await.expect(200).body;
    assert_eq!((counts(&report), &report["rejetees"]), (counts(&dry), &dry["rejetees"]), "and reports the same");
    let rejected: Vec<(u64, &str)> =
        report["rejetees"].as_array().unwrap().iter().map(|r| (r["ligne"].as_u64().unwrap(), r["champ"].as_str().unwrap())).collect();
    assert_eq!(rejected.iter().map(|r| r.0).collect::<Vec<_>>(), [3, 4, 5, 6, 7], "{report}");
    assert_eq!((rejected[0].1, rejected[1].1, rejected[3].1, rejected[4].1), ("plateau", "pec", "nom", "champs_requis"));
    assert!(report["rejetees"].as_array().unwrap().iter().all(|r| r["raison"].as_str().is_some_and(|t| !t.is_empty())));
    let made = &find(&shop, "zebulon").await[0];
    assert_eq!(
        (&made["nom"], &made["plateau"], &made["champs_requis"], &made["facultatifs_exiges"], &made["top_mutualiste"], &made["tp_externalise"]),
        (&json!("Zébulon Santé"), &json!("83000001"), &json!(["numero_adherent", "regime"]), &json!(["verre_surface"]), &json!(true), &json!(true))
    );
    assert_eq!(find(&shop, "zygote").await[0]["nom"], "Zygote; \"la\" Mutuelle");
    let again = import(&shop, "/v1/mutuelles/import", file).await.expect(200).body;
    assert_eq!((counts(&again)[0], counts(&again)[1]), (0, 0), "{again}");
    for wrong in ["", "nom;plateau\n", "Alpha;81000001\n", "\u{0}\u{0}"] {
        import(&shop, "/v1/mutuelles/import", wrong).await.problem_one_of(&[400, 422]);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn files_come_in_the_encodings_of_the_trade() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let row = |nom: &str| format!("{nom};;;NON;non;;;;;;;;;;;;Côté œuvre;non;non;non\n");
    let utf8 = format!("{HEADER}{}", row("Écureuil Un"));
    assert_eq!(counts(&import(&shop, "/v1/mutuelles/import", utf8).await.expect(200).body)[0], 1);
    let bom = format!("\u{feff}{HEADER}{}", row("Écureuil Deux"));
    assert_eq!(counts(&import(&shop, "/v1/mutuelles/import", bom).await.expect(200).body)[0], 1);
    let windows = |nom: &str| -> Vec<u8> {
        format!("{HEADER}{}", row(nom)).chars().map(|c| if c == 'œ' { 0x9c } else { u8::try_from(u32::from(c)).unwrap() }).collect()
    };
    assert_eq!(counts(&import(&shop, "/v1/mutuelles/import", windows("Écureuil Trois")).await.expect(200).body)[0], 1);
    let bytes = import_as(&shop, "/v1/mutuelles/import", "application/octet-stream", windows("Écureuil Cinq")).await;
    assert_eq!(counts(&bytes.expect(200).body)[0], 1, "and so it is sent where a gateway would read a text as UTF-8");
    let lost = String::from_utf8_lossy(&windows("Écureuil Six")).into_owned();
    assert!(lost.contains('\u{FFFD}'));
    let refused = import(&shop, "/v1/mutuelles/import", lost).await.problem(422);
    assert!(refused.body["detail"].as_str().unwrap().contains("application/octet-stream"), "as such a gateway hands it on: {}", refused.text);
    let commas = format!("{HEADER}{}", row("Écureuil Quatre")).replace(';', ",").replace('\n', "\r\n");
    assert_eq!(counts(&import(&shop, "/v1/mutuelles/import", commas).await.expect(200).body)[0], 1);
    assert!(find(&shop, "cureuil%20six").await.is_empty());
    for n in ["Un", "Deux", "Trois", "Quatre", "Cinq"] {
        let found = find(&shop, &format!("ecureuil%20{n}")).await;
        assert_eq!((&found[0]["nom"], &found[0]["remarque"]), (&json!(format!("Écureuil {n}")), &json!("Côté œuvre")));
    }
    app.system.stop().await;
}

#[tokio::test]
async fn what_is_exported_imports_again_without_a_change() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let nasty = [
        "=1+1",
        "'=1+1",
        "''=1",
        "+33 1 00",
        "-5",
        "@quelquun",
        "'abc",
        "'",
        "''",
        "a;b",
        "a\"b",
        "\"",
        "a,b",
        "|",
        " ",
        "oui",
        "é",
        "'+",
        "'\u{2019}=",
        "=",
        "'@",
    ];
    for (i, text) in nasty.iter().enumerate() {
        let made = shop
            .post(
                "/v1/mutuelles",
                json!({"nom": format!("Mutuelle {i}{text}"), "pec": "NON", "remarque": text, "autre": text, "telephone": text, "adresse": {"ligne1": text}}),
            )
            .await
            .expect(201)
            .body;
        assert_eq!(made["remarque"].as_str().unwrap_or(" "), *text);
    }
    let formula =
        shop.post("/v1/mutuelles", json!({"nom": "=SOMME(A1)", "plateau": "0082000001", "identifiant": "82000001", "pec": "OPT"})).await.expect(201).id();
    // A convention's mutuelle that the shop changed.
    let convention = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let read = shop.get(&format!("/v1/mutuelles/{convention}")).await.expect(200);
    let mut body = read.body;
    body["remarque"] = "=à nous".into();
    body["telephone"] = "0102030405".into();
    shop.put(&format!("/v1/mutuelles/{convention}"), &read.etag, body).await.expect(200);
    let before = shop.walk("/v1/mutuelles", "mutuelles", 100).await;

    let file = shop.get("/v1/mutuelles/export").await.expect(200);
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert!(file.text.trim_start_matches('\u{feff}').starts_with(HEADER.trim_end()), "{}", &file.text[..200]);
    assert!(file.text.contains("'=SOMME(A1)") && file.text.contains("'=à nous"));
    for path in ["/v1/mutuelles/import?essai=true", "/v1/mutuelles/import"] {
        let report = import(&shop, path, file.text.clone()).await.expect(200).body;
        let n = before.len() as u64;
        assert_eq!((counts(&report), &report["rejetees"]), ([0, 0, 0, n], &json!([])), "{path}");
    }
    assert_eq!(shop.walk("/v1/mutuelles", "mutuelles", 100).await, before);
    assert_eq!(shop.get("/v1/mutuelles/export").await.expect(200).text, file.text);
    assert_eq!(shop.get(&format!("/v1/mutuelles/{formula}")).await.expect(200).body["plateau"], "0082000001", "zeros in front stay");

    // Into another shop it brings the same: exported there, it is the same file again but for the origin.
    let other = app.demo_shop("demo2").await;
    import(&other, "/v1/mutuelles/import", file.text.clone()).await.expect(200);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&other.get("/v1/mutuelles/export").await.expect(200).text), sorted(&file.text));
    app.system.stop().await;
}

#[tokio::test]
async fn the_search_forgives() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    for nom in ["Mutuelle Générale de l'Œil", "Harmonie Optique du Léman", "Les Opticiens Mutualistes"] {
        shop.post("/v1/mutuelles", json!({"nom": nom, "pec": "NON"})).await.expect(201);
    }
    shop.post("/v1/mutuelles", json!({"nom": "Quatre-vingt-quatre", "plateau": "84000001", "identifiant": "84000099", "pec": "OPT"})).await.expect(201);
    for (q, nom) in [
        ("generale%20de%20l%27oeil", "Mutuelle Générale de l'Œil"),
        ("L%C3%89MAN", "Harmonie Optique du Léman"),
        ("HARMONIE%20OPTIQUE%20DU", "Harmonie Optique du Léman"),
        ("harmonei%20optique%20du%20leman", "Harmonie Optique du Léman"),
        ("opticiens%20mutualistes", "Les Opticiens Mutualistes"),
        ("84000001", "Quatre-vingt-quatre"),
        ("84000099", "Quatre-vingt-quatre"),
        ("840000", "Quatre-vingt-quatre"),
    ] {
        let found = find(&shop, q).await;
        assert_eq!(found.first().map(|m| m["nom"].as_str().unwrap()), Some(nom), "{q}");
    }
    for pec in ["OPT_LEN", "OPT", "NON"] {
        let found = shop.walk(&format!("/v1/mutuelles?pec={pec}"), "mutuelles", 100).await;
        assert!(!found.is_empty() && found.iter().all(|m| m["pec"] == pec), "{pec}");
    }
    assert_eq!(shop.get("/v1/mutuelles?q=84000001&pec=NON").await.expect(200).body["mutuelles"], json!([]));
    app.system.stop().await;
}

fn row(nom: &str, plateau: &str, pec: &str) -> String {
    format!("{nom};{plateau};{plateau};{pec};oui;;;1 rue;;75001;Paris;01;;;;;;non;non;non\n")
}

#[tokio::test]
async fn what_the_shop_changed_survives_every_download() {
    let partenaire = Partenaire::start().await;
    partenaire.on(
        "CONVENTIONS",
        [Reply::Xml(format!("{HEADER}{}{}{}", row("Alpha", "81000001", "OPT_LEN"), row("Beta", "81000002", "OPT"), row("Gamma", "", "NON")))],
    );
    let app = App::with(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = app.reel_shop("test", 10).await;
    let alpha = shop.mutuelle("81000001").await;
    assert_eq!((&alpha["origine"], &alpha["retiree"]), (&json!("CONVENTION"), &json!(false)));
    for name in [
        "id",
        "nom",
        "plateau",
        "identifiant",
        "adresse",
        "telephone",
        "telephone2",
        "fax",
        "site_web",
        "autre",
        "remarque",
        "pec",
        "annulation",
        "champs_requis",
        "facultatifs_exiges",
        "top_mutualiste",
        "sans_tiers_payant",
        "tp_externalise",
        "regimes",
        "forfaits",
        "origine",
        "retiree",
        "version",
    ] {
        assert!(alpha.get(name).is_some(), "{name}");
    }
    assert!(alpha["forfaits"].as_array().unwrap().iter().any(|f| f["libelle"] == "Variable" && f["type"] == "VARIABLE"), "{alpha}");
    let gamma = find(&shop, "gamma").await.remove(0);
    assert!(!gamma["forfaits"].to_string().contains("VARIABLE") && gamma["pec"] == "NON" && gamma["plateau"].is_null(), "{gamma}");

    let path = format!("/v1/mutuelles/{}", alpha["id"].as_str().unwrap());
    let read = shop.get(&path).await.expect(200);
    let mut body = read.body.clone();
    body["telephone"] = "0102030405".into();
    body["remarque"] = "À rappeler".into();
    body["regimes"] = json!([{"code": "R1", "libelle": "Régime 1"}]);
    body["forfaits"].as_array_mut().unwrap().push(json!({"libelle": "Cent", "type": "FIXE", "montant_centimes": 10_000}));
    shop.put(&path, &read.etag, body).await.expect(200);
    let own = shop.post("/v1/mutuelles", json!({"nom": "À nous", "pec": "NON"})).await.expect(201).id();
    let before = shop.get(&path).await.expect(200).body;
    assert_eq!(
        (&before["telephone"], &before["regimes"][0]["code"], before["forfaits"].as_array().map(Vec::len)),
        (&json!("0102030405"), &json!("R1"), Some(2))
    );

    partenaire.on(
        "CONVENTIONS",
        [Reply::Xml(format!(
            "{HEADER}{}{}{}",
            row("Alpha", "81000001", "OPT").replace(";01;", ";99;"),
            row("Delta", "81000004", "OPT"),
            row("Gamma", "", "NON")
        ))],
    );
    let report = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body;
    assert_eq!((counts(&report), &report["rejetees"]), ([1, 1, 1, 1], &json!([])), "Delta came, Alpha changed, Beta left, Gamma stayed");
    assert!(report["version"].is_string());
    let after = shop.get(&path).await.expect(200).body;
    assert_eq!(
        (&after["pec"], &after["telephone"], &after["remarque"], &after["regimes"], &after["forfaits"]),
        (&json!("OPT"), &json!("0102030405"), &json!("À rappeler"), &before["regimes"], &before["forfaits"])
    );
    assert_eq!(shop.get(&format!("/v1/mutuelles/{own}")).await.expect(200).body["origine"], "MAGASIN");
    let report = shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body;
    assert_eq!(counts(&report), [0, 0, 0, 3], "nothing new");

    // It leaves: still there for old dossiers, with what the shop wrote; it comes back with it.
    partenaire.on("CONVENTIONS", [Reply::Xml(format!("{HEADER}{}", row("Delta", "81000004", "OPT")))]);
    shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
    let gone = shop.get(&path).await.expect(200).body;
    assert_eq!((&gone["retiree"], &gone["nom"], &gone["remarque"]), (&json!(true), &json!("Alpha"), &json!("À rappeler")));
    partenaire.on("CONVENTIONS", [Reply::Xml(format!("{HEADER}{}", row("Alpha", "81000001", "OPT_LEN")))]);
    shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200);
    let back = shop.get(&path).await.expect(200).body;
    assert_eq!(
        (&back["retiree"], &back["pec"], &back["remarque"], &back["forfaits"]),
        (&json!(false), &json!("OPT_LEN"), &json!("À rappeler"), &before["forfaits"])
    );
    app.system.stop().await;
}

#[tokio::test]
async fn the_compact_list_is_whole_and_has_a_version() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let own = shop.post("/v1/mutuelles", json!({"nom": "À nous seuls", "pec": "NON"})).await.expect(201).id();
    let first = shop.get("/v1/mutuelles/index").await.expect(200);
    for mutuelle in shop.walk("/v1/mutuelles", "mutuelles", 100).await {
        assert!(first.text.contains(mutuelle["id"].as_str().unwrap()) && first.text.contains(mutuelle["nom"].as_str().unwrap()), "{mutuelle}");
    }
    assert!(first.text.len() < shop.get("/v1/mutuelles?limite=100").await.text.len() * 2, "compact");
    let again = |etag: String| {
        let shop = &shop;
        async move { shop.send(Method::GET, "/v1/mutuelles/index", &[("if-none-match", &etag)], None).await.status }
    };
    assert_eq!(again(first.etag.clone()).await, 304);
    shop.delete(&format!("/v1/mutuelles/{own}")).await.expect_one_of(&[200, 204]);
    assert_eq!(again(first.etag).await, 200, "another list");
    assert!(!shop.get("/v1/mutuelles/index").await.text.contains("À nous seuls"));
    app.system.stop().await;
}
