//! Personal data: who saw what, the ceiling of the day, what a person may ask for, and what ends by itself.
//!
//! Expectations come from docs/api.md (« Client », the routes) and docs/securite.md.

use crate::{
    app::{App, Setup, Shop, User, dossier, key},
    chiffrement::Folder,
    formes::nobody,
    journal::Journal,
};
use serde_json::{Value, json};

pub const NIR: &str = "278052A00412358";
const MASQUE: &str = "2 78 05 ** *** *** **";

/// The entries about something, newest first: why, by whom.
async fn acces(gerant: &User, path: &str) -> Vec<(String, String)> {
    let entries = gerant.get(&format!("{path}/acces")).await.expect(200).body["acces"].clone();
    entries.as_array().unwrap().iter().map(|e| (e["motif"].as_str().unwrap().to_owned(), e["utilisateur"].as_str().unwrap().to_owned())).collect()
}

fn entry(motif: &str, role: &str) -> (String, String) {
    (motif.to_owned(), format!("local-{role}"))
}

fn person() -> Value {
    json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": NIR})
}

#[tokio::test]
async fn every_answer_in_clear_leaves_an_entry_that_the_manager_reads() {
    let app = App::start().await;
    let (optician, reader, gerant) = (app.user("demo", "OPTICIEN").await, app.user("demo", "LECTURE").await, app.user("demo", "GERANT").await);
    for (route, body) in [("/v1/clients", person()), ("/v1/dossiers", json!({"beneficiaire": person()}))] {
        let first = key();
        let id = optician.post_with(route, &first, body.clone()).await.expect(201).id();
        let path = format!("{route}/{id}");
        let mut expected = vec![entry("CREATION", "opticien")];
        assert_eq!(acces(&gerant, &path).await, expected);

        let read = optician.get(&path).await.expect(200);
        expected.insert(0, entry("LECTURE", "opticien"));
        // Masked, unchanged, in a list, found by a search: nothing was seen.
        reader.get(&path).await.expect(200);
        optician.send(reqwest::Method::GET, &path, &[("if-none-match", &read.etag)], None).await.expect(304);
        optician.get("/v1/dossiers").await.expect(200);
        optician.post(&format!("{route}/recherche"), json!({"q": NIR})).await.expect(200);
        assert_eq!(acces(&gerant, &path).await, expected);

        let changed = optician.put(&path, &read.etag, body.clone()).await.expect(200);
        assert!(changed.text.contains(NIR));
        expected.insert(0, entry("MODIFICATION", "opticien"));
        // The same request again: the same answer, which shows the number once more.
        let again_body = body.clone();
        let again = optician.post_with(route, &first, body).await.expect(201);
        assert!(again.text.contains(NIR));
        expected.insert(0, entry("REPETITION", "opticien"));
        gerant.get(&path).await.expect(200);
        expected.insert(0, entry("LECTURE", "gerant"));
        assert_eq!(acces(&gerant, &path).await, expected);

        // A write that is refused shows nothing.
        optician.put(&path, "\"99-x\"", person()).await.problem(412);
        // In pages, like every list.
        let mut pages = Vec::new();
        let mut url = format!("{path}/acces?limite=2");
        loop {
            let page = gerant.get(&url).await.expect(200).body;
            pages.extend(page["acces"].as_array().unwrap().iter().map(|e| e["motif"].as_str().unwrap().to_owned()));
            let Some(next) = page["suivant"].as_str() else { break };
            url = format!("{path}/acces?limite=2&suivant={next}");
        }
        assert_eq!(pages, expected.iter().map(|(motif, _)| motif.clone()).collect::<Vec<_>>());
        optician.get(&format!("{path}/acces")).await.problem(403);

        // Who erases it does not erase who saw it; and what was answered about it is not said again.
        optician.delete(&path).await.expect(204);
        optician.post_with(route, &first, again_body).await.problem(404);
        expected.insert(0, entry("EFFACEMENT", "opticien"));
        assert_eq!(acces(&gerant, &path).await, expected);
        let stranger = app.user("demo2", "GERANT").await;
        let absent = stranger.get(&format!("{route}/{}/acces", nobody(&id[..3]))).await.problem(404).said();
        assert_eq!(stranger.get(&format!("{path}/acces")).await.said(), absent);
    }
    // Where there is no number, nothing is in clear.
    let id = optician.post("/v1/clients", json!({"nom": "SANS"})).await.expect(201).id();
    optician.get(&format!("/v1/clients/{id}")).await.expect(200);
    assert_eq!(acces(&gerant, &format!("/v1/clients/{id}")).await, []);
    app.system.stop().await;
}

#[tokio::test]
async fn beyond_the_ceiling_nothing_more_is_shown_and_the_work_goes_on() {
    let journal = Journal::default();
    let _guard = journal.start();
    let app = App::with(Setup { limits: true, plafond: Some(3), ..Setup::default() }).await;
    let (optician, gerant) = (app.user("demo", "OPTICIEN").await, app.user("demo", "GERANT").await);
    let first = key();
    let id = optician.post_with("/v1/clients", &first, person()).await.expect(201).id();
    let path = format!("/v1/clients/{id}");
    let read = optician.get(&path).await.expect(200);
    optician.get(&path).await.expect(200);
    let refused = optician.get(&path).await.problem(429);
    assert_eq!(refused.kind(), "/problemes/plafond-lectures");
    assert!(!refused.text.contains("27805"));
    // The operator learns of it: who, of which shop.
    let alarm = journal.text().lines().find(|line| line.contains(r#""alarme":"plafond-lectures""#)).expect("an alarm").to_owned();
    assert!(alarm.contains("local-opticien") && alarm.contains(&optician.magasin), "{alarm}");
    let line = journal.text().lines().find(|line| line.contains("refus") && line.contains("plafond-lectures")).expect("the refusal").to_owned();
    assert!(line.contains(r#""utilisateur":"local-opticien""#), "{line}");
    let seconds: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");

    // What she has is still right, she finds, writes and asks; only the number stays hidden.
    optician.send(reqwest::Method::GET, &path, &[("if-none-match", &read.etag)], None).await.expect(304);
    optician.post("/v1/clients/recherche", json!({"q": "mont"})).await.expect(200);
    let written = optician.put(&path, &read.etag, json!({"nom": "MONTFORT-DURAND", "nir": MASQUE})).await.expect(200);
    assert_eq!((written.body["nir"].as_str(), written.body["nom"].as_str()), (Some(MASQUE), Some("MONTFORT-DURAND")));
    let (again, body) = (key(), json!({"client_id": id}));
    let made = optician.post_with("/v1/dossiers", &again, body.clone()).await.expect(201);
    assert_eq!(made.body["beneficiaire"]["nir"], MASQUE);
    assert_eq!(optician.post_with("/v1/dossiers", &again, body).await.expect(201).body, made.body);
    optician.get(&format!("/v1/dossiers/{}", made.id())).await.problem(429);
    // An answer that was lost is given again, without the number that she may see no more.
    let repeated = optician.post_with("/v1/clients", &first, person()).await.expect(201);
    assert_eq!((repeated.body["id"].as_str(), repeated.body["nir"].as_str()), (Some(id.as_str()), Some(MASQUE)));
    // The number itself was kept.
    assert_eq!(gerant.get(&path).await.expect(200).body["nir"], NIR);
    assert_eq!(acces(&gerant, &format!("/v1/dossiers/{}", made.id())).await, []);

    app.advance(seconds).await;
    assert_eq!(optician.get(&path).await.expect(200).body["nir"], NIR);
    app.system.stop().await;
}

/// A client with one dossier at the first demonstration mutuelle.
async fn client_with_dossier(shop: &Shop, adherent: &str) -> (String, String) {
    let client = shop.post("/v1/clients", person()).await.expect(201).id();
    let mutuelle = shop.mutuelle("90000001").await["id"].as_str().unwrap().to_owned();
    let mut body = dossier(&mutuelle, adherent);
    body["client_id"] = client.clone().into();
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    shop.sign(&id).await;
    (client, id)
}

#[tokio::test]
async fn a_person_gets_everything_that_is_held_about_her() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (client, id) = client_with_dossier(&shop, "DEMO-ACCORD-LIGNES").await;
    let other = shop.dossier("DEMO-ACCORD").await;
    let pec = shop.ask(&id, "PEC").await;
    shop.until(&pec, &["ACCORDEE"]).await;
    let unreadable = shop.post("/v1/dossiers", {
        let mut body = dossier(shop.mutuelle("90000001").await["id"].as_str().unwrap(), "DEMO-ILLISIBLE");
        body["client_id"] = client.clone().into();
        body
    });
    let unreadable = unreadable.await.expect(201).id();
    shop.sign(&unreadable).await;
    let lost = shop.ask(&unreadable, "PEC").await;
    shop.until(&lost, &["SANS_REPONSE"]).await;

    let path = format!("/v1/clients/{client}/export");
    for role in ["LECTURE", "OPTICIEN", "OPERATEUR"] {
        app.user("demo", role).await.get(&path).await.problem(403);
    }
    app.user("demo2", "GERANT").await.get(&path).await.problem(404);
    let answer = shop.get(&path).await.expect(200);
    let name = answer.headers["content-disposition"].to_str().unwrap();
    assert_eq!(name, format!("attachment; filename=\"export-{client}.json\""));
    let export = answer.body;
    assert_eq!((export["client"]["nir"].as_str(), export["client"]["nom"].as_str()), (Some(NIR), Some("MONTFORT")));
    let dossiers = export["dossiers"].as_array().unwrap();
    assert_eq!(dossiers.len(), 2, "hers, and no other's: {other}");
    let one = dossiers.iter().find(|d| d["dossier"]["id"] == id.as_str()).unwrap();
    assert_eq!(one["dossier"]["beneficiaire"]["nir"], NIR);
    assert_eq!(one["dossier"]["prescription"]["od"]["loin"]["sphere"], "+2.00");
    let proofs = one["consentements"].as_array().unwrap();
    assert_eq!(
        (proofs.len(), &proofs[0]["signe_le"], &proofs[0]["canal"], &proofs[0]["par"]),
        (1, &json!("2026-01-02"), &json!("PAPIER"), &json!("local-gerant"))
    );
    assert!(proofs[0]["transmission"].as_array().unwrap().contains(&json!("beneficiaire_nir")));
    let sent = &one["demandes"][0];
    assert_eq!((&sent["demande"]["id"], &sent["envoi"]["beneficiaire"]["nir"]), (&json!(pec), &json!(NIR)));
    assert!(sent["demande"]["evenements"].as_array().is_some_and(|e| e.len() > 1));
    assert_eq!(one["acces"][0]["motif"], "EXPORT");
    assert_eq!(export["acces"][0]["motif"], "EXPORT");
    let raw = dossiers.iter().find(|d| d["dossier"]["id"] == unreadable.as_str()).unwrap()["demandes"][0]["reponse_brute"].clone();
    assert!(raw.as_str().is_some_and(|text| !text.is_empty()), "{raw}");
    app.system.stop().await;
}

#[tokio::test]
async fn an_erased_person_is_nowhere_and_the_accounts_stay_true() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (client, id) = client_with_dossier(&shop, "DEMO-ACCORD-LIGNES").await;
    let (refused_client_dossier, path) = (
        shop.post("/v1/dossiers", {
            let mut body = dossier(shop.mutuelle("90000001").await["id"].as_str().unwrap(), "DEMO-INCONNU");
            body["client_id"] = client.clone().into();
            body
        }),
        format!("/v1/clients/{client}"),
    );
    let second = refused_client_dossier.await.expect(201).id();
    shop.sign(&second).await;
    let (pec, refused) = (shop.ask(&id, "PEC").await, shop.ask(&second, "PEC").await);
    shop.until(&pec, &["ACCORDEE"]).await;
    let before = shop.until(&refused, &["REFUSEE"]).await;
    assert!(before["message_mutuelle"].is_string() && before["effacee_le"].is_null());
    assert_eq!(before["beneficiaire"]["nom"], "MONTFORT");

    // A live PEC binds the mutuelle: nothing is erased, not even the dossier that could be.
    let engaged = shop.delete(&path).await.problem(409);
    assert_eq!((engaged.kind(), &engaged.body["demande_id"]), ("/problemes/equipement-engage", &json!(pec)));
    assert_eq!(shop.get(&format!("/v1/dossiers/{second}")).await.expect(200).body["beneficiaire"]["nir"], NIR);
    assert_eq!(shop.get(&format!("/v1/demandes/{refused}")).await.expect(200).body["message_mutuelle"], before["message_mutuelle"]);

    let (order, cancel, again) = (format!("/v1/demandes/{pec}/annulation"), json!({"motif": "Elle le demande"}), key());
    let cancelling = shop.post_with(&order, &again, cancel.clone()).await.expect(202);
    assert_eq!(cancelling.body["beneficiaire"]["nom"], "MONTFORT");
    shop.until(&pec, &["ANNULEE"]).await;
    let (ledger, credits) = (shop.walk("/v1/credits/mouvements", "mouvements", 100).await, shop.credits().await);
    assert_eq!(shop.post_with(&order, &again, cancel.clone()).await.expect(202).text, cancelling.text);
    shop.delete(&path).await.expect(204);
    shop.delete(&path).await.problem(404);
    // What was answered about her is not said again.
    shop.post_with(&order, &again, cancel).await.problem(404);
    for gone in
        [path.clone(), format!("{path}/export"), format!("/v1/dossiers/{id}"), format!("/v1/dossiers/{second}"), format!("/v1/dossiers?client_id={client}")]
    {
        shop.get(&gone).await.problem(404);
    }
    for q in ["mont", NIR] {
        assert_eq!(shop.search("/v1/clients/recherche", q, "clients", 10).await, Vec::<Value>::new());
        assert_eq!(shop.search("/v1/dossiers/recherche", q, "dossiers", 10).await, Vec::<Value>::new());
    }
    let store = app.system.deps.store.for_magasin(shop.magasin.parse().ok().unwrap());
    for (demande, etat) in [(&pec, "ANNULEE"), (&refused, "REFUSEE")] {
        let left = shop.get(&format!("/v1/demandes/{demande}")).await.expect(200).body;
        assert_eq!((left["etat"].as_str(), left["actions"].clone()), (Some(etat), json!([])));
        assert!(left["effacee_le"].is_string());
        for field in ["beneficiaire", "message_plateforme", "message_mutuelle", "numero_pec", "reference_dossier", "texte_brut"] {
            assert_eq!(left[field], Value::Null, "{field}");
        }
        assert!(left["evenements"].as_array().unwrap().iter().all(|e| e["detail"].is_null()), "{left:#}");
        assert_eq!(left["evenements"].as_array().unwrap().last().unwrap()["quoi"], "EFFACEE");
        assert!(!left.to_string().contains("Elle le demande") && !left.to_string().contains("MONTFORT"));
        assert!(store.envoi(&demande.parse().ok().unwrap()).await.unwrap().is_none(), "what was sent is gone");
        for (order, body) in [("actualisation", json!({})), ("annulation", json!({"motif": "x"})), ("transfert", json!({}))] {
            shop.post(&format!("/v1/demandes/{demande}/{order}"), body).await.problem(409);
        }
        let decision = json!({"issue": "REFUSEE", "motif": "x", "origine": "MUTUELLE"});
        shop.post(&format!("/v1/demandes/{demande}/decision"), decision).await.problem(409);
    }
    let listed = shop.walk("/v1/demandes", "demandes", 100).await;
    assert!(listed.len() == 2 && listed.iter().all(|d| d["beneficiaire"].is_null()), "{listed:#?}");
    assert_eq!(shop.walk("/v1/credits/mouvements", "mouvements", 100).await, ledger);
    assert_eq!(shop.credits().await, credits);
    // The sweep and the clock find nothing left to do.
    app.advance(8 * 24 * 3600).await;
    assert_eq!(shop.get(&format!("/v1/demandes/{pec}")).await.expect(200).body["etat"], "ANNULEE");
    assert_eq!(acces(&shop, &path).await[0], entry("EFFACEMENT", "gerant"));
    app.system.stop().await;
}

#[tokio::test]
async fn a_raw_answer_is_kept_for_the_manager_for_ninety_days() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop.dossier("DEMO-ILLISIBLE").await;
    let demande = shop.ask(&id, "PEC").await;
    shop.until(&demande, &["SANS_REPONSE"]).await;
    let path = format!("/v1/demandes/{demande}/brut");
    for role in ["LECTURE", "OPTICIEN"] {
        app.user("demo", role).await.get(&path).await.problem(403);
    }
    let raw = shop.get(&path).await.expect(200);
    assert!(raw.headers["content-type"].to_str().unwrap().starts_with("text/plain") && !raw.text.is_empty());
    assert_eq!(acces(&shop, &format!("/v1/dossiers/{id}")).await[0], entry("REPONSE_BRUTE", "gerant"));
    app.user("demo2", "GERANT").await.get(&path).await.problem(404);
    // Other answers come and can be used; the raw one stays until its own end.
    let granted = shop.dossier("DEMO-ACCORD").await;
    let granted = shop.ask(&granted, "PEC").await;
    shop.until(&granted, &["ACCORDEE"]).await;
    shop.get(&format!("/v1/demandes/{granted}/brut")).await.problem(404);
    app.advance(24 * 3600).await;
    let gerant = app.user("demo", "GERANT").await;
    gerant.get(&path).await.expect(200);
    for _ in 0..4 {
        app.advance(28 * 24 * 3600).await;
    }
    app.user("demo", "GERANT").await.get(&path).await.problem(404);
    app.system.stop().await;
}

#[tokio::test]
async fn what_is_about_a_person_is_sealed_and_has_an_end() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (client, id) = client_with_dossier(&shop, "DEMO-ACCORD").await;
    let (refused, unreadable) = (shop.dossier("DEMO-INCONNU").await, shop.dossier("DEMO-ILLISIBLE").await);
    shop.get(&format!("/v1/dossiers/{id}")).await.expect(200);
    for (dossier, state) in [(&id, "ACCORDEE"), (&refused, "REFUSEE"), (&unreadable, "SANS_REPONSE")] {
        let demande = shop.ask(dossier, "PEC").await;
        shop.until(&demande, &[state]).await;
    }
    let client_row = format!("CLI#{client}");
    let items = optopec_local::system::dynamo_client(&app.system.tables.endpoint).scan().table_name("optopec-dossiers").send().await.unwrap().items.unwrap();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for item in &items {
        let text = |name: &str| item.get(name).and_then(|v| v.as_s().ok()).cloned().unwrap_or_default();
        let (pk, sk) = (text("pk"), text("sk"));
        let kind = if pk.contains("#ACC#") {
            "ACCES".to_owned()
        } else if pk.contains("#PREUVE#") {
            "PREUVE".to_owned()
        } else {
            sk.split('#').next().unwrap().to_owned()
        };
        let (sealed, ends) = (item.contains_key("c"), item.contains_key("ttl"));
        let expected = match kind.as_str() {
            "MAGASIN" => (true, false),
            "CLI" | "DOS" | "ENV" | "BRUT" | "IDEM" | "IMPRIME" | "PREUVE" => (true, true),
            // A live demande has no end.
            "DEM" if !pk.contains("#DOS#") => (true, text("tr_pk").ends_with("#REFUSEE")),
            // Places in the indexes, entries, counts: nothing but ids and a folded name.
            "CNOM" | "CNIR" | "DNOM" | "DNIR" | "DCLI" | "ACCES" | "LECTURES" => (false, true),
            // Which demande hangs on which dossier, keys, the demonstration's memory.
            "DEM" | "GARDE" | "COT" | "TRF" | "TEMOIN" | "MAG" | "DEMO" | "NOM" => (false, false),
            other => panic!("nobody said how {other} is kept"),
        };
        assert_eq!((sealed, ends), expected, "{pk} {sk}");
        assert!(!sealed || !item.contains_key("doc"), "{pk} {sk} is sealed and in clear");
        *seen.entry(kind).or_default() += 1;
    }
    for kind in ["MAGASIN", "CLI", "DOS", "ENV", "BRUT", "IDEM", "DEM", "CNIR", "DNIR", "DCLI", "ACCES", "PREUVE", "GARDE", "MAG"] {
        assert!(seen.contains_key(kind), "{kind} was not looked at: {seen:?}");
    }
    assert!(items.iter().any(|i| i["sk"].as_s().unwrap() == &client_row));
    app.system.stop().await;
}

#[tokio::test]
async fn not_even_the_name_of_an_erased_person_stays_in_the_file_of_a_stopped_system() {
    let folder = Folder::new();
    let app = App::with(Setup { data: Some(folder.0.clone()), ..Setup::default() }).await;
    let optician = app.user("demo", "OPTICIEN").await;
    let ids: Vec<String> = futures::future::join_all((0..40).map(|_| optician.post("/v1/clients", json!({"nom": "ZORGLUBEFF", "nir": NIR}))))
        .await
        .into_iter()
        .map(|answer| answer.expect(201).id())
        .collect();
    for id in ids {
        optician.delete(&format!("/v1/clients/{id}")).await.expect(204);
    }
    app.system.stop().await;
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(10).any(|window| window.eq_ignore_ascii_case(b"zorglubeff")), "{}", path.display());
    }
}

/// When the items about a dossier, its client, and what was sent for it end, by the kind of the item.
async fn ends(app: &App) -> std::collections::BTreeMap<String, Vec<i64>> {
    let items = optopec_local::system::dynamo_client(&app.system.tables.endpoint).scan().table_name("optopec-dossiers").send().await.unwrap().items.unwrap();
    let mut ends = std::collections::BTreeMap::<String, Vec<i64>>::new();
    for item in &items {
        let sk = item["sk"].as_s().unwrap();
        let kind = sk.split('#').next().unwrap();
        if ["CLI", "CNOM", "CNIR", "DOS", "DNOM", "DNIR", "DCLI", "ENV"].contains(&kind) {
            ends.entry(kind.to_owned()).or_default().push(item["ttl"].as_n().unwrap().parse().unwrap());
        }
    }
    ends
}

/// The first second of a year in Paris.
fn first_second(year: i16) -> i64 {
    let eve = format!("{}-12-31T23:00:00Z", year - 1);
    eve.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[tokio::test]
async fn a_dossier_its_client_and_their_places_live_on_together() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let year = app.system.clock.now().to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap()).year();
    let (_, id) = client_with_dossier(&shop, "DEMO-INCONNU").await;
    let all = |year: i16, kinds: &[&str]| kinds.iter().map(|kind| ((*kind).to_owned(), vec![first_second(year)])).collect::<std::collections::BTreeMap<_, _>>();
    let mut kinds = vec!["CLI", "CNOM", "CNIR", "DOS", "DNOM", "DNIR", "DCLI"];
    // The current year and two more: the end is the first second after them.
    assert_eq!(ends(&app).await, all(year + 3, &kinds));

    // A year later somebody asks for a PEC: whatever the demande hangs on lives as long as it does.
    app.advance(366 * 24 * 3600).await;
    let gerant = app.user("demo", "GERANT").await;
    let shop = Shop { gerant };
    let refused = shop.ask(&id, "PEC").await;
    shop.until(&refused, &["REFUSEE"]).await;
    kinds.push("ENV");
    assert_eq!(ends(&app).await, all(year + 4, &kinds));

    // Another year, and somebody changes the dossier: the client lives on with it, what was sent does not.
    app.advance(366 * 24 * 3600).await;
    let gerant = app.user("demo", "GERANT").await;
    let path = format!("/v1/dossiers/{id}");
    let read = gerant.get(&path).await.expect(200);
    let mut body = read.body.clone();
    body["prescription"]["ri_delivre"] = true.into();
    gerant.put(&path, &read.etag, body).await.expect(200);
    kinds.pop();
    let mut expected = all(year + 5, &kinds);
    expected.insert("ENV".into(), vec![first_second(year + 4)]);
    assert_eq!(ends(&app).await, expected);
    app.system.stop().await;
}

#[tokio::test]
async fn no_dossier_is_born_for_a_client_who_is_gone() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let id = shop.post("/v1/clients", person()).await.expect(201).id();
    let store = app.system.deps.store.for_magasin(shop.magasin.parse().ok().unwrap());
    let made = shop.post("/v1/dossiers", json!({"client_id": id})).await.expect(201).id();
    let mut late = store.dossier(&made.parse().ok().unwrap()).await.unwrap().unwrap().dossier;
    shop.delete(&format!("/v1/clients/{id}")).await.expect(204);
    // As if the request had read the client the moment before.
    late.id = app.system.deps.ids.dossier(app.system.clock.now());
    let refused = store.create_dossier(&late, app.system.clock.now(), None, None).await;
    assert_eq!(refused.unwrap_err().to_string(), "not found");
    shop.get(&format!("/v1/dossiers/{}", late.id)).await.problem(404);
    app.system.stop().await;
}
