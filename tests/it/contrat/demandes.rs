//! A demande: its shape, what may be done with it and when, the figures and files made of all of them.

use crate::{
    app::{App, Shop},
    formes::{ids, nobody},
};
use serde_json::{Value, json};

async fn granted(shop: &Shop, nature: &str) -> (String, String) {
    let dossier = shop.dossier("DEMO-ACCORD").await;
    let id = shop.ask(&dossier, nature).await;
    shop.until(&id, &["ACCORDEE"]).await;
    (dossier, id)
}

fn actions(demande: &Value) -> Vec<&str> {
    demande["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_demande_has_the_shape_of_the_contract() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ACCORD-LIGNES").await;
    let made = shop.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": "PEC", "equipement": 1})).await.expect(201).body;
    assert_eq!(
        (&made["etat"], &made["credit"], &made["numero"], &made["nature"], &made["equipement"], &made["issue_de"]),
        (&json!("EN_TRANSMISSION"), &json!("RESERVE"), &json!(1), &json!("PEC"), &json!(1), &Value::Null)
    );
    assert_eq!((&made["reference"], &made["dossier_id"]), (&made["id"], &json!(dossier)));
    let id = made["id"].as_str().unwrap().to_owned();
    let seen = shop.until(&id, &["ACCORDEE"]).await;
    let named = json!({"nom": "MONTFORT", "prenom": "Fabienne"});
    let listed = shop.get("/v1/demandes").await.expect(200).body["demandes"][0].clone();
    assert_eq!([&made["beneficiaire"], &seen["beneficiaire"], &listed["beneficiaire"]], [&named; 3]);
    for name in [
        "id",
        "dossier_id",
        "equipement",
        "nature",
        "issue_de",
        "numero",
        "etat",
        "version",
        "reference",
        "reference_dossier",
        "numero_pec",
        "date_pec",
        "expire_le",
        "delai_heures",
        "message_plateforme",
        "message_mutuelle",
        "que_faire",
        "code_rejet",
        "champ_a_corriger",
        "montant_global_centimes",
        "montant_non_reparti_centimes",
        "lignes",
        "credit",
        "creee_le",
        "repondue_le",
        "derniere_actualisation",
        "prochaine_actualisation",
        "actions",
        "evenements",
    ] {
        assert!(made.get(name).is_some(), "{name} in the answer to the POST");
        assert!(seen.get(name).is_some(), "{name}");
    }
    assert!(seen["numero_pec"].is_string() && seen["reference_dossier"].is_string() && seen["repondue_le"].as_str().unwrap().ends_with('Z'));
    let events = seen["evenements"].as_array().unwrap();
    assert!(!events.is_empty());
    for event in events {
        assert!(event["le"].is_string() && event["quoi"].is_string() && event["par"].is_string() && event.get("detail").is_some(), "{event}");
    }
    // A cotation counts on in the same numbers, holds no guard, and may be repeated.
    let second = shop.ask(&dossier, "COTATION").await;
    let third = shop.ask(&dossier, "COTATION").await;
    assert_eq!((shop.until(&second, &["ACCORDEE"]).await["numero"].as_u64(), shop.until(&third, &["ACCORDEE"]).await["numero"].as_u64()), (Some(2), Some(3)));
    // Another shop counts from one.
    let other = app.demo_shop("demo2").await;
    let dossier = other.dossier("DEMO-ACCORD").await;
    let id = other.ask(&dossier, "PEC").await;
    assert_eq!(other.get(&format!("/v1/demandes/{id}")).await.expect(200).body["numero"], 1);
    app.system.stop().await;
}

#[tokio::test]
async fn the_work_list_of_several_states_comes_newest_first_in_pages() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let mut all = Vec::new();
    for (adherent, nature, etat) in [
        ("DEMO-INCONNU", "PEC", "REFUSEE"),
        ("DEMO-STATUT-NOUVEAU", "PEC", "A_VERIFIER"),
        ("DEMO-ACCORD", "PEC", "ACCORDEE"),
        ("DEMO-INCONNU", "COTATION", "REFUSEE"),
        ("DEMO-INCONNU", "PEC", "REFUSEE"),
        ("DEMO-STATUT-NOUVEAU", "PEC", "A_VERIFIER"),
        ("DEMO-ACCORD", "COTATION", "ACCORDEE"),
        ("DEMO-INCONNU", "PEC", "REFUSEE"),
    ] {
        let dossier = shop.dossier(adherent).await;
        let id = shop.ask(&dossier, nature).await;
        shop.until(&id, &[etat]).await;
        all.insert(0, (id, dossier, nature, etat));
    }
    let fit = |etats: &[&str], nature: &str| -> Vec<String> {
        all.iter().filter(|(_, _, n, e)| etats.contains(e) && (nature.is_empty() || *n == nature)).map(|(id, ..)| id.clone()).collect()
    };
    let last = &all[0];
    for limite in [1, 2, 3, 5, 100] {
        for (etats, nature) in [
            (&["REFUSEE", "A_VERIFIER"][..], ""),
            (&["A_VERIFIER", "REFUSEE"], "PEC"),
            (&["REFUSEE", "A_VERIFIER"], "COTATION"),
            (&["EXPIREE", "ACCORDEE", "REFUSEE", "A_VERIFIER"], ""),
            (&["REFUSEE"], ""),
            (&["EXPIREE", "ANNULEE"], ""),
        ] {
            let url = format!("/v1/demandes?etat={}&nature={nature}", etats.join(","));
            assert_eq!(ids(&shop.walk(&url, "demandes", limite).await), fit(etats, nature), "{url} by {limite}");
        }
        let of_one = |etats: &str| format!("/v1/demandes?etat={etats}&dossier_id={}", last.1);
        assert_eq!(ids(&shop.walk(&of_one("REFUSEE,ACCORDEE"), "demandes", limite).await), std::slice::from_ref(&last.0));
        assert_eq!(shop.walk(&of_one("A_VERIFIER,ACCORDEE"), "demandes", limite).await, Vec::<Value>::new());
    }
    let file = shop.get("/v1/demandes/export?etat=REFUSEE,A_VERIFIER").await.expect(200).text;
    let references: Vec<String> = file.lines().skip(1).filter(|l| !l.is_empty()).map(|line| cells(line)[1].to_owned()).collect();
    assert_eq!(references, fit(&["REFUSEE", "A_VERIFIER"], ""));
    for path in ["/v1/demandes", "/v1/demandes/export"] {
        assert_eq!(shop.get(&format!("{path}?etat=ENVOYEE")).await.problem(422).champs(), ["/etat"]);
        assert_eq!(shop.get(&format!("{path}?etat=REFUSEE,ENVOYEE,")).await.problem(422).champs(), ["/etat/1", "/etat/2"]);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn actions_are_those_that_the_state_and_the_role_allow() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (_, pec) = granted(&shop, "PEC").await;
    let (_, cotation) = granted(&shop, "COTATION").await;
    let refused = shop.dossier("DEMO-INCONNU").await;
    let refused = shop.ask(&refused, "PEC").await;
    shop.until(&refused, &["REFUSEE"]).await;
    let doubt = shop.dossier("DEMO-STATUT-NOUVEAU").await;
    let doubt = shop.ask(&doubt, "PEC").await;
    shop.until(&doubt, &["A_VERIFIER"]).await;
    let waiting = shop.dossier("DEMO-ATTENTE-48").await;
    let waiting = shop.ask(&waiting, "PEC").await;
    shop.until(&waiting, &["EN_ATTENTE"]).await;

    let reader = app.user("demo", "LECTURE").await;
    let optician = app.user("demo", "OPTICIEN").await;
    for (id, has, has_not) in [
        (&pec, vec!["ANNULER", "TRANSFERER"], vec!["TRANSFORMER", "DECIDER"]),
        (&cotation, vec!["TRANSFERER", "TRANSFORMER"], vec!["ANNULER", "DECIDER"]),
        (&refused, vec![], vec!["ANNULER", "TRANSFERER", "TRANSFORMER", "DECIDER", "ACTUALISER"]),
        (&doubt, vec!["DECIDER"], vec!["ANNULER", "TRANSFERER", "TRANSFORMER"]),
        (&waiting, vec!["ANNULER", "ACTUALISER"], vec!["TRANSFERER", "TRANSFORMER", "DECIDER"]),
    ] {
        let path = format!("/v1/demandes/{id}");
        let seen = shop.get(&path).await.expect(200).body;
        for action in has {
            assert!(actions(&seen).contains(&action), "{action} not in {seen}");
        }
        for action in &has_not {
            assert!(!actions(&seen).contains(action), "{action} in {seen}");
        }
        let body = reader.get(&path).await.expect(200).body;
        assert!(actions(&body).iter().all(|a| *a == "IMPRIMER_REPONSE"), "a reader reads: {body}");
        assert!(!actions(&optician.get(&path).await.expect(200).body).contains(&"DECIDER"), "a manager decides");
        // What is not offered is refused.
        for action in has_not {
            let (route, body) = match action {
                "ANNULER" => ("annulation", json!({"motif": "x"})),
                "TRANSFERER" => ("transfert", json!({})),
                "TRANSFORMER" => ("transformation", json!({})),
                "DECIDER" => ("decision", json!({"issue": "REFUSEE", "motif": "x", "origine": "MUTUELLE"})),
                _ => continue,
            };
            shop.post(&format!("{path}/{route}"), body).await.problem(409);
        }
    }
    for (body, champ) in [
        (json!({"issue": "ACCORDEE"}), "/motif"),
        (json!({"motif": "x"}), "/issue"),
        (json!({"issue": "EN_ATTENTE", "motif": "x"}), "/issue"),
        (json!({"issue": "REFUSEE", "motif": "x"}), "/origine"),
        (json!({"issue": "REFUSEE", "motif": "x", "origine": "AMO"}), "/origine"),
        (json!({"issue": "ACCORDEE", "motif": "x", "montant_global_centimes": 12.5}), "/montant_global_centimes"),
    ] {
        let refused = shop.post(&format!("/v1/demandes/{doubt}/decision"), body.clone()).await.problem(422);
        assert!(refused.champs().contains(&champ.to_owned()), "{body}: {}", refused.text);
    }
    app.system.stop().await;
}

#[tokio::test]
async fn a_granted_cotation_becomes_a_pec() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (dossier, cotation) = granted(&shop, "COTATION").await;
    assert_eq!(shop.credits().await, [100, 0, 0]);
    let made = shop.post(&format!("/v1/demandes/{cotation}/transformation"), json!({})).await.expect(201).body;
    assert_eq!(
        (&made["nature"], &made["issue_de"], &made["dossier_id"], &made["etat"]),
        (&json!("PEC"), &json!(cotation), &json!(dossier), &json!("EN_TRANSMISSION"))
    );
    assert_eq!(made["beneficiaire"], json!({"nom": "MONTFORT", "prenom": "Fabienne"}));
    let id = made["id"].as_str().unwrap().to_owned();
    assert_ne!(id, cotation);
    shop.until(&id, &["ACCORDEE"]).await;
    assert_eq!(shop.credits().await, [99, 0, 1], "the price of any PEC");
    let again = shop.post(&format!("/v1/demandes/{cotation}/transformation"), json!({})).await.problem(409);
    assert_eq!((again.kind(), again.body["demande_id"].as_str()), ("/problemes/pec-en-cours", Some(id.as_str())));
    // The pre-flight check of any PEC.
    let (dossier, cotation) = granted(&shop, "COTATION").await;
    let path = format!("/v1/dossiers/{dossier}");
    let read = shop.get(&path).await.expect(200);
    let mut body = read.body;
    body["equipements"][0]["lignes"][1]["code_lpp"] = Value::Null;
    shop.put(&path, &read.etag, body).await.expect(200);
    let refused = shop.post(&format!("/v1/demandes/{cotation}/transformation"), json!({})).await.problem(422);
    assert_eq!((refused.kind(), refused.codes()), ("/problemes/demande-incomplete", vec!["CODE_LPP".to_owned()]));
    assert_eq!(shop.credits().await, [99, 0, 1]);
    app.system.stop().await;
}

/// A field of a CSV row, quotes taken off; none of the values of these tests holds a separator.
fn cells(line: &str) -> Vec<&str> {
    line.trim_end().split(';').map(|c| c.trim_matches('"')).collect()
}

#[tokio::test]
async fn the_work_list_is_exported_as_csv() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let (_, pec) = granted(&shop, "PEC").await;
    let (_, cotation) = granted(&shop, "COTATION").await;
    let answer = shop.get("/v1/demandes/export").await.expect(200);
    let form = answer.headers["content-type"].to_str().unwrap().to_owned();
    assert!(form.starts_with("text/csv"), "{form}");
    let text = answer.text.trim_start_matches('\u{feff}').to_owned();
    let lines: Vec<&str> = text.lines().filter(|l| !l.is_empty()).collect();
    assert_eq!(lines.len(), 3, "a header and two demandes: {text}");
    assert!(lines.iter().all(|l| cells(l).len() == cells(lines[0]).len()), "{text}");
    assert!(lines[1].contains(&cotation) && lines[2].contains(&pec), "newest first: {text}");
    assert!(lines[1].contains("COTATION") && lines[2].contains("ACCORDEE"));
    assert!(!text.contains("MONTFORT") && !text.contains("Fabienne"), "numbers and mutuelles, nobody's name: {text}");
    app.system.stop().await;
}

#[tokio::test]
async fn cells_that_would_start_a_formula_are_disarmed() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let own = shop
        .post("/v1/mutuelles", json!({"nom": "=HYPERLINK(\"http://example.org\")", "plateau": "82000001", "identifiant": "82000001", "pec": "OPT_LEN"}))
        .await
        .expect(201)
        .id();
    let id = shop.post("/v1/dossiers", crate::app::dossier(&own, "DEMO-ACCORD")).await.expect(201).id();
    shop.sign(&id).await;
    let demande = shop.ask(&id, "PEC").await;
    shop.until(&demande, &["ACCORDEE"]).await;
    for path in ["/v1/demandes/export", "/v1/mutuelles/export"] {
        let text = shop.get(path).await.expect(200).text;
        for line in text.lines() {
            for cell in line.trim_start_matches('\u{feff}').split(';') {
                let inside = cell.trim_start_matches('"');
                assert!(!inside.starts_with(['=', '+', '-', '@', '\t']), "{path}: {line}");
            }
        }
        assert!(text.contains("'=HYPERLINK"), "{path}: {text}");
    }
    app.system.stop().await;
}

#[tokio::test]
async fn the_figures_are_those_of_the_demandes() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let nom = shop.mutuelle("90000001").await["nom"].as_str().unwrap().to_owned();
    let dossier = shop.dossier("DEMO-ACCORD-LIGNES").await;
    let id = shop.ask(&dossier, "PEC").await;
    shop.until(&id, &["ACCORDEE"]).await;
    let dossier = shop.dossier("DEMO-REJET-MUT-05").await;
    let id = shop.ask(&dossier, "PEC").await;
    shop.until(&id, &["REFUSEE"]).await;
    let today = &shop.get(&format!("/v1/demandes/{id}")).await.body["creee_le"].as_str().unwrap()[..10].to_owned();
    let year = &today[..4];
    let seen = shop.get(&format!("/v1/statistiques?du={year}-01-01&au={year}-12-31")).await.expect(200);
    for there in [nom.as_str(), "MUT-05", "30000"] {
        assert!(seen.text.contains(there), "{there} not in {}", seen.text);
    }
    let nothing = shop.get("/v1/statistiques?du=2001-01-01&au=2001-12-31").await.expect(200);
    assert!(!nothing.text.contains(&nom), "{}", nothing.text);
    for wrong in ["du=x&au=2026-01-01", "du=2026-01-01&au=2026-02-30", "du=2026-02-01&au=2026-01-01"] {
        shop.get(&format!("/v1/statistiques?{wrong}")).await.problem_one_of(&[400, 422]);
    }
    let stranger = app.demo_shop("demo2").await;
    assert!(!stranger.get(&format!("/v1/statistiques?du={year}-01-01&au={year}-12-31")).await.expect(200).text.contains("MUT-05"));
    app.system.stop().await;
}

#[tokio::test]
async fn a_refresh_is_asked_for_and_answers_at_once() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let dossier = shop.dossier("DEMO-ATTENTE-48").await;
    let id = shop.ask(&dossier, "PEC").await;
    let waiting = shop.until(&id, &["EN_ATTENTE"]).await;
    assert_eq!(waiting["delai_heures"], 48);
    assert!(waiting["prochaine_actualisation"].is_string());
    let asked = shop.post(&format!("/v1/demandes/{id}/actualisation"), json!({})).await.expect(202).body;
    assert_eq!(asked["id"], id.as_str());
    app.advance(48 * 3600 + 60).await;
    shop.until(&id, &["ACCORDEE"]).await;
    shop.post(&format!("/v1/demandes/{}/actualisation", nobody("dem")), json!({})).await.problem(404);
    assert_eq!(shop.credits().await, [99, 0, 1], "a question is free");
    app.system.stop().await;
}

#[tokio::test]
async fn a_person_ends_what_nobody_knows() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    // (decision, state, credit, whether the equipment is free again, what is available then)
    let cases = [
        (json!({"issue": "NON_TRANSMISE", "motif": "Rien reçu"}), "NON_TRANSMISE", "RENDU", true, 100),
        (json!({"issue": "REFUSEE", "motif": "Vu au téléphone", "origine": "PLATEFORME"}), "REFUSEE", "RENDU", true, 100),
        (json!({"issue": "REFUSEE", "motif": "Vu au téléphone", "origine": "MUTUELLE"}), "REFUSEE", "CONSOMME", true, 99),
        (json!({"issue": "ACCORDEE", "motif": "Vu au téléphone", "numero_pec": "T-1", "montant_global_centimes": 10_000}), "ACCORDEE", "CONSOMME", false, 98),
    ];
    for (decision, etat, credit, free, available) in cases {
        let dossier = shop.dossier("DEMO-STATUT-NOUVEAU").await;
        let id = shop.ask(&dossier, "PEC").await;
        shop.until(&id, &["A_VERIFIER"]).await;
        let path = format!("/v1/dossiers/{dossier}/demandes");
        let ask = || shop.post(&path, json!({"nature": "PEC", "equipement": 1}));
        ask().await.problem(409);
        let decided = shop.post(&format!("/v1/demandes/{id}/decision"), decision.clone()).await.expect(200).body;
        assert_eq!((&decided["etat"], &decided["credit"]), (&json!(etat), &json!(credit)), "{decision}");
        assert_eq!(shop.credits().await[0], available, "{decision}");
        assert_eq!(shop.credits().await[1], 0);
        assert!(decided["evenements"].to_string().contains(decision["motif"].as_str().unwrap()), "the reason is kept: {decided}");
        if decision["origine"] == "PLATEFORME" {
            assert!(decided["message_plateforme"].is_string() && decided["message_mutuelle"].is_null(), "{decided}");
        }
        if decision["origine"] == "MUTUELLE" {
            assert!(decided["message_mutuelle"].is_string() && decided["message_plateforme"].is_null(), "{decided}");
        }
        shop.post(&format!("/v1/demandes/{id}/decision"), decision.clone()).await.problem(409);
        if free {
            let codes = shop.get(&format!("/v1/dossiers/{dossier}/verification?equipement=1&nature=PEC")).await.expect(200).codes();
            assert_eq!(codes, Vec::<String>::new(), "{decision}: the equipment is free again");
        } else {
            ask().await.problem(409);
            // 100.00 over three lines in proportion to what remains after RO.
            let lines: Vec<_> = decided["lignes"].as_array().unwrap().iter().map(|l| l["rc_centimes"].as_u64()).collect();
            assert_eq!(lines, [Some(3_504), Some(3_504), Some(2_992)]);
        }
    }
    app.system.stop().await;
}
