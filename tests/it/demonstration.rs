//! The demonstration concentrator through the whole system: what a shop sees for each member number of docs/concentrateur.md whose story takes time.
//!
//! The pure tests of the demonstration concentrator say what it answers; here the same numbers are clicked, sent, waited for and read again.

use crate::app::{App, Shop, User};
use serde_json::{Value, json};

/// Asks for one PEC for each member number: their ids, in the same order.
async fn ask_all<'a>(shop: &Shop, numbers: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut ids = Vec::new();
    for number in numbers {
        let dossier = shop.dossier(number).await;
        ids.push(shop.ask(&dossier, "PEC").await);
    }
    ids
}

/// Each of these demandes comes to the state named beside it.
async fn all_reach<'a>(user: &User, expected: impl IntoIterator<Item = (&'a String, &'a str)>) -> Vec<Value> {
    let mut seen = Vec::new();
    for (id, etat) in expected {
        seen.push(user.until(id, &[etat]).await);
    }
    seen
}

#[tokio::test]
async fn what_waits_is_decided_at_its_own_time() {
    /// At once, after 48 h, 72 h and 96 h.
    const STORIES: [(&str, Option<u32>, [&str; 4]); 4] = [
        ("DEMO-RESERVE", None, ["ACCORDEE_SOUS_RESERVE", "ACCORDEE_SOUS_RESERVE", "ACCORDEE_SOUS_RESERVE", "ACCORDEE_SOUS_RESERVE"]),
        ("DEMO-ATTENTE-REFUS", Some(48), ["EN_ATTENTE", "REFUSEE", "REFUSEE", "REFUSEE"]),
        ("DEMO-ATTENTE-72", Some(72), ["EN_ATTENTE", "EN_ATTENTE", "ACCORDEE", "ACCORDEE"]),
        ("DEMO-ATTENTE-LONGUE", Some(48), ["EN_ATTENTE", "EN_ATTENTE", "EN_ATTENTE", "ACCORDEE"]),
    ];
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let [available, held, used] = shop.credits().await;
    let ids = ask_all(&shop, STORIES.iter().map(|(number, ..)| *number)).await;
    let mut last = Vec::new();
    for day in 0..4 {
        match day {
            0 => {}
            1 => app.advance(48 * 3600 + 60).await,
            _ => app.advance(24 * 3600).await,
        }
        all_reach(&shop, ids.iter().zip(STORIES.map(|(_, _, states)| states[day]))).await;
        // What changes has changed: nothing is on its way any more, and what must wait still does.
        app.system.queues.settled().await;
        last = all_reach(&shop, ids.iter().zip(STORIES.map(|(_, _, states)| states[day]))).await;
        for (demande, (number, delay, _)) in last.iter().zip(STORIES) {
            assert_eq!(demande["credit"], "CONSOMME", "{number}");
            assert_eq!(demande["delai_heures"].as_u64(), delay.map(u64::from), "{number}");
        }
    }
    assert!(last[0]["message_mutuelle"].as_str().is_some_and(|m| m.contains("sous réserve")), "{}", last[0]["message_mutuelle"]);
    assert!(last[1]["que_faire"].is_string(), "a refusal is explained");
    assert!(last[2]["montant_global_centimes"].as_u64().is_some_and(|n| n > 0));
    assert_eq!(shop.credits().await, [available - 4, held, used + 4]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_call_that_is_not_answered_in_time_is_asked_about() {
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let [available, held, used] = shop.credits().await;
    // The caller of these tests waits two seconds: fifty are as good as never.
    let ids = ask_all(&shop, ["DEMO-MUET", "DEMO-LENT"]).await;
    for unknown in all_reach(&shop, ids.iter().map(|id| (id, "SANS_REPONSE"))).await {
        assert_eq!(unknown["credit"], "RESERVE");
    }
    assert_eq!(shop.credits().await, [available - 2, held + 2, used]);
    app.advance(91).await;
    for granted in all_reach(&shop, ids.iter().map(|id| (id, "ACCORDEE"))).await {
        assert_eq!(granted["credit"], "CONSOMME");
    }
    assert_eq!(shop.credits().await, [available - 2, held, used + 2]);
    app.system.stop().await;
}

#[tokio::test]
async fn a_cancellation_is_refused_acknowledged_later_or_never_answered() {
    /// Once asked, after 24 h, after seven days more.
    const STORIES: [(&str, [&str; 3]); 3] = [
        ("DEMO-ANNULATION-REFUSEE", ["ACCORDEE", "ACCORDEE", "ACCORDEE"]),
        ("DEMO-ANNULATION-ATTENTE", ["ANNULATION_EN_COURS", "ANNULEE", "ANNULEE"]),
        ("DEMO-ANNULATION-MUETTE", ["ANNULATION_EN_COURS", "ANNULATION_EN_COURS", "A_VERIFIER"]),
    ];
    let app = App::start().await;
    let shop = app.demo_shop("demo").await;
    let [available, held, used] = shop.credits().await;
    let ids = ask_all(&shop, STORIES.map(|(number, _)| number)).await;
    all_reach(&shop, ids.iter().map(|id| (id, "ACCORDEE"))).await;
    for id in &ids {
        let asked = shop.post(&format!("/v1/demandes/{id}/annulation"), json!({"motif": "Changement d'avis"})).await.expect(202).body;
        assert_eq!(asked["etat"], "ANNULATION_EN_COURS");
    }
    let refused = &all_reach(&shop, ids.iter().zip(STORIES.map(|(_, states)| states[0]))).await[0];
    assert!(refused["message_mutuelle"].as_str().is_some_and(|m| m.contains("déjà facturée")), "{}", refused["message_mutuelle"]);
    for (moment, seconds) in [(1, 24 * 3600 + 60), (2, 7 * 24 * 3600)] {
        app.advance(seconds).await;
        all_reach(&shop, ids.iter().zip(STORIES.map(|(_, states)| states[moment]))).await;
    }
    // A cancellation gives no credit back: the mutuelle was reached.
    assert_eq!(shop.credits().await, [available - 3, held, used + 3]);
    app.system.stop().await;
}
