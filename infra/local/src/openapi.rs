//! The description of the whole API: the functions' own documents, made one.

use crate::system;
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    deps::{Clock, Deps, Ids},
    queues::Queues,
};
use optopec_store::{Store, Tables};
use serde_json::Value;
use std::time::Duration;

/// The committed `openapi.json`, as the code says it must be.
pub fn document() -> String {
    let mut whole: Option<Value> = None;
    for (_, part) in system::apis(&unconnected()) {
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => merge(whole, part),
        }
    }
    let mut text = serde_json::to_string_pretty(&whole.unwrap_or_default()).unwrap_or_default();
    text.push('\n');
    text
}

/// Objects are joined, lists extended by what they lack; a value that both have is the same in both.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => {
            for value in from {
                if !into.contains(&value) {
                    into.push(value);
                }
            }
        }
        (into @ Value::Null, from) => *into = from,
        _ => {}
    }
}

/// Means that reach nothing: the document does not depend on where the functions run.
fn unconnected() -> Deps {
    let nowhere = ConcentrateurConfig { url: "http://127.0.0.1:1".into(), jeton: String::new(), timeout: Duration::from_secs(1) };
    let tables = Tables { mutuelles: String::new(), dossiers: String::new(), credits: String::new() };
    let config = Config {
        tables: tables.clone(),
        transmission_queue_url: String::new(),
        refresh_queue_url: String::new(),
        concentrateur_demo: nowhere,
        concentrateur_reel: None,
        limites: false,
        version: env!("CARGO_PKG_VERSION"),
    };
    let sqs =
        aws_sdk_sqs::Client::from_conf(aws_sdk_sqs::Config::builder().behavior_version_latest().region(aws_sdk_sqs::config::Region::new("eu-west-3")).build());
    let dynamo = system::dynamo_client("http://127.0.0.1:1");
    Deps { clock: Clock::System, ids: Ids::Random, queues: Queues::new(sqs, &config), config, store: Store::new(dynamo, tables) }
}
