//! What is remembered of a request, as JSON in the table, so that it survives a restart.
//!
//! What must hold: a reference is recorded once; nothing that names a person is kept.

use crate::{etat::Enregistrement, lire::LigneRecue, scenario::Scenario};
use jiff::Timestamp;
use optopec_domain::centimes::Centimes;
use optopec_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// Version of the shape below.
const FORME: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Item {
    v: u32,
    scenario: String,
    recu_le: String,
    lignes: Vec<LigneItem>,
    #[serde(default)]
    annulation_le: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct LigneItem {
    numero: u16,
    valeur_centimes: u64,
    #[serde(default)]
    ro_centimes: Option<u64>,
}

/// Why something cannot be remembered or called to mind.
#[derive(Debug, thiserror::Error)]
pub enum MemoireErreur {
    /// The table.
    #[error("the table could not be read or written")]
    Store(#[from] StoreError),
    /// What stands there cannot be read.
    #[error("a recorded request cannot be read")]
    Corrompue,
}

/// Records a request, unless its reference is known: then what was recorded first.
pub async fn record(store: &Store, request: Enregistrement) -> Result<Enregistrement, MemoireErreur> {
    if store.demo_put_new(&request.reference, &to_json(&request)?).await? {
        return Ok(request);
    }
    recall(store, &request.reference).await?.ok_or(MemoireErreur::Corrompue)
}

/// What was recorded under a reference.
pub async fn recall(store: &Store, reference: &str) -> Result<Option<Enregistrement>, MemoireErreur> {
    store.demo_get(reference).await?.map(|json| from_json(reference, &json)).transpose()
}

/// Replaces what was recorded; `false` when it moved meanwhile.
pub async fn replace(store: &Store, before: &Enregistrement, after: &Enregistrement) -> Result<bool, MemoireErreur> {
    Ok(store.demo_replace(&before.reference, &to_json(before)?, &to_json(after)?).await?)
}

fn to_json(recorded: &Enregistrement) -> Result<String, MemoireErreur> {
    let item = Item {
        v: FORME,
        scenario: recorded.scenario.numero(),
        recu_le: recorded.recu_le.to_string(),
        lignes: recorded.lignes.iter().map(|l| LigneItem { numero: l.numero, valeur_centimes: l.valeur.get(), ro_centimes: l.ro.map(Centimes::get) }).collect(),
        annulation_le: recorded.annulation_le.map(|le| le.to_string()),
    };
    serde_json::to_string(&item).map_err(|_| MemoireErreur::Corrompue)
}

fn from_json(reference: &str, json: &str) -> Result<Enregistrement, MemoireErreur> {
    let corrupt = || MemoireErreur::Corrompue;
    let item: Item = serde_json::from_str(json).map_err(|_| corrupt())?;
    if item.v != FORME {
        return Err(corrupt());
    }
    let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| corrupt());
    Ok(Enregistrement {
        reference: reference.to_owned(),
        scenario: Scenario::of(Some(&item.scenario)),
        recu_le: instant(&item.recu_le)?,
        lignes: item
            .lignes
            .into_iter()
            .map(|l| LigneRecue { numero: l.numero, valeur: Centimes::of(l.valeur_centimes), ro: l.ro_centimes.map(Centimes::of) })
            .collect(),
        annulation_le: item.annulation_le.as_deref().map(instant).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first shape, which must stay readable for ever.
    const JSON: &str = r#"{"v":1,"scenario":"DEMO-REJET-MUT-05","recu_le":"2026-11-21T11:00:00Z","lignes":[{"numero":1,"valeur_centimes":25000,"ro_centimes":137},{"numero":2,"valeur_centimes":6005,"ro_centimes":null}],"annulation_le":"2026-11-22T11:00:00.5Z"}"#;

    #[test]
    fn what_is_written_is_read_again() {
        let recorded = from_json("dem_1", JSON).unwrap();
        assert_eq!(recorded.scenario, Scenario::Rejet("MUT-05"));
        assert_eq!(recorded.lignes[0], LigneRecue { numero: 1, valeur: Centimes::of(25_000), ro: Some(Centimes::of(137)) });
        assert_eq!(recorded.lignes[1].ro, None);
        assert_eq!(recorded.annulation_le, "2026-11-22T11:00:00.5Z".parse().ok());
        assert_eq!(to_json(&recorded).unwrap(), JSON);
        for broken in ["", "{}", &JSON.replace("\"v\":1", "\"v\":2"), &JSON.replace("2026-11-21", "hier")] {
            assert!(from_json("dem_1", broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_stranger_s_number_is_not_kept() {
        let stranger = Enregistrement {
            reference: "dem_1".into(),
            scenario: Scenario::of(Some("1234567890123")),
            recu_le: Timestamp::UNIX_EPOCH,
            lignes: vec![],
            annulation_le: None,
        };
        let json = to_json(&stranger).unwrap();
        assert!(!json.contains("1234567890123"));
        assert_eq!(from_json("dem_1", &json).unwrap(), stranger);
    }
}
