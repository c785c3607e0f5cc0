//! The description of the whole API: the functions' own documents, made one.

use crate::{kms, system};
use jiff::SignedDuration;
use optopec_domain::conservation::Conservation;
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    debit::Debit,
    deps::{Clock, Deps, Ids},
    openapi,
    queues::Queues,
};
use optopec_store::{Coffre, Store, Tables};
use std::time::Duration;

/// The committed `openapi.json`, as the code says it must be.
pub fn document() -> String {
    let whole = openapi::merge(system::apis(&unconnected()).into_iter().map(|(_, part)| part));
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

/// Means that reach nothing: the document does not depend on where the functions run.
fn unconnected() -> Deps {
    let nowhere = ConcentrateurConfig { url: system::NOWHERE.into(), jeton: String::new(), timeout: Duration::from_secs(1) };
    let tables = Tables { mutuelles: String::new(), dossiers: String::new(), credits: String::new() };
    let config = Config {
        tables: tables.clone(),
        cle_kms: String::new(),
        conservation: Conservation::PRODUIT,
        plafond_lectures: 1,
        transmission_queue_url: String::new(),
        refresh_queue_url: String::new(),
        concentrateur_demo: nowhere,
        concentrateur_reel: None,
        limites: false,
        debit: Debit::PRODUIT,
        session: SignedDuration::from_hours(12),
        version: env!("CARGO_PKG_VERSION"),
    };
    let sqs =
        aws_sdk_sqs::Client::from_conf(aws_sdk_sqs::Config::builder().behavior_version_latest().region(aws_sdk_sqs::config::Region::new("eu-west-3")).build());
    let dynamo = system::dynamo_client(system::NOWHERE);
    let coffre = Coffre::new(kms::client(system::NOWHERE), "");
    Deps { clock: Clock::System, ids: Ids::Random, queues: Queues::new(sqs, &config), config, store: Store::new(dynamo, tables, coffre, Conservation::PRODUIT) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn parsed() -> Value {
        serde_json::from_str(&document()).unwrap()
    }

    /// Every object and list of the document, the whole first.
    fn parts(whole: &Value) -> Vec<&Value> {
        let mut found = vec![whole];
        let mut next = 0;
        while next < found.len() {
            match found[next] {
                Value::Object(fields) => found.extend(fields.values()),
                Value::Array(values) => found.extend(values),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
            next += 1;
        }
        found
    }

    fn said(value: &Value, field: &str) -> bool {
        value[field].as_str().is_some_and(|text| !text.trim().is_empty())
    }

    #[test]
    fn every_operation_has_its_own_name_a_lower_case_tag_and_words_for_itself_and_its_parameters_and_answers() {
        let whole = parsed();
        let mut names = BTreeSet::new();
        for (path, item) in whole["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap_or_default();
                assert!(!name.is_empty() && names.insert(name), "{method} {path}: {name:?} is missing or given twice");
                let tags = operation["tags"].as_array().unwrap();
                assert!(!tags.is_empty() && tags.iter().all(|tag| tag.as_str().is_some_and(|tag| tag == tag.to_lowercase())), "{method} {path}: {tags:?}");
                assert!(said(operation, "summary") || said(operation, "description"), "{method} {path}");
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    assert!(said(parameter, "description"), "{method} {path}: {}", parameter["name"]);
                }
                for (status, answer) in operation["responses"].as_object().unwrap() {
                    assert!(said(answer, "description") || answer.get("$ref").is_some(), "{method} {path}: {status}");
                }
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let whole = parsed();
        for part in parts(&whole) {
            if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').unwrap_or_default();
                assert!(whole.pointer(pointer).is_some_and(|target| target.is_object()), "{reference}");
            }
        }
    }

    #[test]
    fn a_request_needs_nothing_that_is_computed() {
        let whole = parsed();
        for part in parts(&whole) {
            let Some(properties) = part.get("properties").and_then(Value::as_object) else { continue };
            for required in part.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                assert_ne!(properties[required]["readOnly"], true, "{required} of {}", part["description"]);
            }
        }
    }
}
