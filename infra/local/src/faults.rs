//! The fault injector between the handlers and the tables, and the counter of what they ask for.
//!
//! The emulator never conflicts, never throttles and never loses an answer; DynamoDB does all three. Here a test says
//! which request meets which fault, and the SDK sees the bytes AWS would have sent.
//!
//! What must hold: nothing is injected unless a plan asks for it; the same plan over the same sequence of requests
//! injects the same faults; a fault named "lost" comes after the effect, any other one instead of it.
//!
//! Deliberately absent: delays (a test that waits proves the patience of the test), and stale reads, which no answer of
//! the emulator can be turned into.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// The error shapes of the DynamoDB API live in this namespace.
const NAMESPACE: &str = "com.amazonaws.dynamodb.v20120810#";

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction holds one of the items: nothing is done. A transaction answers
    /// `TransactionCanceledException` with one reason per item, a single write `TransactionConflictException`. No other
    /// request meets this fault, nor counts for its rule.
    Conflict,
    /// Nothing is done: `ProvisionedThroughputExceededException`.
    ThroughputExceeded,
    /// Nothing is done: `ThrottlingException`.
    Throttled,
    /// Nothing is done: 500 `InternalServerError`.
    Refused,
    /// The request takes effect, and answers 500 `InternalServerError`.
    AnswerLost,
    /// The request takes effect, and the connection closes without an answer.
    ConnectionLost,
}

/// Which of the matching requests meet the fault. Every attempt counts as one: the SDK repeats what fails.
#[derive(Clone, Debug)]
pub enum When {
    /// All of them.
    Always,
    /// These ones, counted from 1. To outlast the SDK's retries, name as many as it makes attempts.
    Calls(RangeInclusive<u64>),
    /// This many in a hundred, drawn from the plan's seed.
    Percent(u8),
}

/// One fault and whom it meets.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The operation as DynamoDB names it, `"PutItem"`; `None` for any.
    pub operation: Option<&'static str>,
    /// Which calls of it.
    pub when: When,
    /// What happens to them.
    pub fault: Fault,
}

/// What a test wants to go wrong. Where several rules meet a request, the first one decides.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Where the draws of [`When::Percent`] come from.
    pub seed: u64,
    /// The faults.
    pub rules: Vec<Rule>,
}

impl Plan {
    /// A plan of one fault that meets the `n`-th request of any kind, counted from 1.
    #[must_use]
    pub fn nth(n: u64, fault: Fault) -> Self {
        Self { seed: 0, rules: vec![Rule { operation: None, when: When::Calls(n..=n), fault }] }
    }

    /// A plan of one fault that meets this many in a hundred requests of an operation.
    #[must_use]
    pub fn percent(operation: &'static str, percent: u8, fault: Fault, seed: u64) -> Self {
        Self { seed, rules: vec![Rule { operation: Some(operation), when: When::Percent(percent), fault }] }
    }
}

/// What one operation was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests on the wire, the SDK's retries and those that met a fault included.
    pub requests: u64,
    /// Write units they consumed, indexes included; stays 0 unless [`Faults::measure`] is on.
    pub write_units: u64,
}

/// The injector. Cheap to clone; all clones share one plan and one count.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    plan: Plan,
    /// How many requests each rule has matched.
    matched: Vec<u64>,
    injected: u64,
    measure: bool,
    stats: BTreeMap<String, Usage>,
}

impl Faults {
    /// Replaces the plan and starts its counters again.
    pub fn set(&self, plan: Plan) {
        let mut state = self.state();
        state.matched = vec![0; plan.rules.len()];
        state.injected = 0;
        state.plan = plan;
    }

    /// Nothing goes wrong any more. [`Faults::injected`] keeps its count.
    pub fn clear(&self) {
        self.state().plan = Plan::default();
    }

    /// How many requests have met a fault since the plan was set. A test that expects a fault checks it: a plan that
    /// never fired proves nothing.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.state().injected
    }

    /// Whether to ask the tables what each request consumes. Off, requests pass byte for byte.
    pub fn measure(&self, on: bool) {
        self.state().measure = on;
    }

    /// What was asked for since the start or [`Faults::reset_stats`], by operation.
    #[must_use]
    pub fn stats(&self) -> BTreeMap<String, Usage> {
        self.state().stats.clone()
    }

    /// Starts counting again from nothing.
    pub fn reset_stats(&self) {
        self.state().stats.clear();
    }

    /// Lets one request through to `perform`, or not, as the plan says.
    pub(crate) async fn inject<F>(&self, operation: &str, request: Bytes, perform: impl FnOnce(Bytes) -> F) -> Response
    where
        F: Future<Output = http::Response<Bytes>>,
    {
        let (fault, measure) = self.admit(operation);
        match fault {
            Some((Fault::Conflict, draw)) => return conflict(operation, &request, draw),
            Some((Fault::ThroughputExceeded, _)) => {
                let message = "The level of configured provisioned throughput for the table was exceeded.";
                return refusal("ProvisionedThroughputExceededException", message);
            }
            Some((Fault::Throttled, _)) => {
                return refusal("ThrottlingException", "Rate of requests exceeds the allowed throughput.");
            }
            Some((Fault::Refused, _)) => return internal_error(),
            Some((Fault::AnswerLost | Fault::ConnectionLost, _)) | None => {}
        }
        let answer = perform(if measure { asking_for_consumption(operation, request) } else { request }).await;
        self.add_write_units(operation, answer.body());
        match fault {
            Some((Fault::AnswerLost, _)) => internal_error(),
            Some((Fault::ConnectionLost, _)) => connection_lost(),
            _ => answer.map(Body::from),
        }
    }

    /// Counts a request; answers the fault it meets with a draw for it, and whether to measure.
    fn admit(&self, operation: &str) -> (Option<(Fault, u64)>, bool) {
        let mut state = self.state();
        let State { plan, matched, injected, measure, stats } = &mut *state;
        stats.entry(operation.to_owned()).or_default().requests += 1;
        let mut met = None;
        // Every rule counts every request it matches, met or not: the n-th call stays the n-th whatever else is planned.
        for (index, (rule, seen)) in plan.rules.iter().zip(matched).enumerate() {
            let concerned = rule.operation.is_none_or(|named| named == operation);
            if !concerned || (rule.fault == Fault::Conflict && !can_conflict(operation)) {
                continue;
            }
            *seen += 1;
            let draw = draw(plan.seed, index as u64, *seen);
            let hit = match &rule.when {
                When::Always => true,
                When::Calls(calls) => calls.contains(seen),
                When::Percent(percent) => draw % 100 < u64::from(*percent),
            };
            if hit && met.is_none() {
                met = Some((rule.fault, draw));
            }
        }
        *injected += u64::from(met.is_some());
        (met, *measure)
    }

    fn add_write_units(&self, operation: &str, answer: &[u8]) {
        let mut state = self.state();
        if !state.measure || !writes(operation) {
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
            return;
        };
        // One object for a single write, one per table for a batch or a transaction.
        let consumed = match &answer["ConsumedCapacity"] {
            Value::Array(tables) => tables.iter().collect(),
            one => vec![one],
        };
        // Write units are whole; JSON carries them as `2.0`.
        let units = consumed.iter().filter_map(|table| table["CapacityUnits"].as_f64()).map(|units| units as u64).sum::<u64>();
        state.stats.entry(operation.to_owned()).or_default().write_units += units;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No invariant spans two fields, so a panicking test leaves nothing half done here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What DynamoDB answers with a conflict; a batch is no transaction, and a lone read waits for nobody.
fn can_conflict(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" | "TransactGetItems")
}

fn writes(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems")
}

/// A well mixed number for the `n`-th match of a rule (splitmix64): repeatable, and no dependency.
fn draw(seed: u64, rule: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(rule << 32).wrapping_add(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The request with `ReturnConsumedCapacity`, unless its author asked already or made none that has it.
fn asking_for_consumption(operation: &str, request: Bytes) -> Bytes {
    if !writes(operation) {
        return request;
    }
    match serde_json::from_slice::<Value>(&request) {
        Ok(Value::Object(mut fields)) if !fields.contains_key("ReturnConsumedCapacity") => {
            fields.insert("ReturnConsumedCapacity".into(), "TOTAL".into());
            Value::Object(fields).to_string().into()
        }
        _ => request,
    }
}

fn conflict(operation: &str, request: &[u8], draw: u64) -> Response {
    if !operation.starts_with("Transact") {
        return refusal("TransactionConflictException", "Transaction is ongoing for the item");
    }
    let items = serde_json::from_slice::<Value>(request).ok().and_then(|body| body["TransactItems"].as_array().map(Vec::len)).unwrap_or(0);
    let conflicting = usize::try_from(draw % items.max(1) as u64).unwrap_or(0);
    let (mut codes, mut reasons) = (Vec::new(), Vec::new());
    for item in 0..items {
        if item == conflicting {
            codes.push("TransactionConflict");
            reasons.push(json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}));
        } else {
            codes.push("None");
            reasons.push(json!({"Code": "None"}));
        }
    }
    let codes = codes.join(", ");
    error(
        StatusCode::BAD_REQUEST,
        &json!({
            "__type": format!("{NAMESPACE}TransactionCanceledException"),
            "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"),
            "CancellationReasons": reasons,
        }),
    )
}

fn refusal(name: &str, message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, &json!({"__type": format!("{NAMESPACE}{name}"), "message": message}))
}

fn internal_error() -> Response {
    let body = json!({"__type": format!("{NAMESPACE}InternalServerError"), "message": "Internal server error"});
    error(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

fn error(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}

/// A body that fails before its first byte makes the server close the connection before it has sent anything.
fn connection_lost() -> Response {
    let lost = std::io::Error::other("injected: the connection is lost");
    Response::new(Body::from_stream(stream::iter([Err::<Bytes, _>(lost)])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{self, Tables};
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::config::retry::RetryConfig;
    use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
    use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
    use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
    use aws_sdk_dynamodb::types::{AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put, ScalarAttributeType, TransactWriteItem};

    async fn client(tables: &Tables, attempts: u32) -> Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-3"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .retry_config(RetryConfig::standard().with_max_attempts(attempts).with_initial_backoff(std::time::Duration::ZERO))
            .endpoint_url(&tables.endpoint)
            .build();
        Client::from_conf(config)
    }

    async fn start(attempts: u32) -> (Faults, Tables, Client) {
        let faults = Faults::default();
        let tables = tables::start(None, faults.clone()).await.unwrap();
        let client = client(&tables, attempts).await;
        client
            .create_table()
            .table_name("things")
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S).build().unwrap())
            .key_schema(KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap())
            .send()
            .await
            .unwrap();
        faults.reset_stats();
        (faults, tables, client)
    }

    async fn put(client: &Client, key: &str) -> Result<(), SdkError<aws_sdk_dynamodb::operation::put_item::PutItemError>> {
        client.put_item().table_name("things").item("pk", AttributeValue::S(key.into())).send().await.map(drop)
    }

    async fn exists(client: &Client, key: &str) -> bool {
        let got = client.get_item().table_name("things").key("pk", AttributeValue::S(key.into())).send().await.unwrap();
        got.item.is_some()
    }

    async fn transact(client: &Client, keys: &[&str]) -> Result<(), SdkError<TransactWriteItemsError>> {
        let item = |key: &&str| {
            let put = Put::builder().table_name("things").item("pk", AttributeValue::S((*key).into())).build().unwrap();
            TransactWriteItem::builder().put(put).build()
        };
        let items = keys.iter().map(item).collect();
        client.transact_write_items().set_transact_items(Some(items)).send().await.map(drop)
    }

    fn on(operation: &'static str, when: When, fault: Fault) -> Plan {
        Plan { seed: 1, rules: vec![Rule { operation: Some(operation), when, fault }] }
    }

    #[tokio::test]
    async fn the_sdk_sees_a_conflict_with_one_reason_per_item() {
        let (faults, tables, client) = start(3).await;
        faults.set(on("TransactWriteItems", When::Always, Fault::Conflict));
        let error = transact(&client, &["a", "b", "c"]).await.unwrap_err().into_service_error();
        let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { panic!("{error:?}") };
        let mut codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["None", "None", "TransactionConflict"]);
        // The SDK does not repeat a conflict by itself.
        assert_eq!(faults.injected(), 1);

        faults.set(Plan { seed: 1, rules: vec![Rule { operation: None, when: When::Always, fault: Fault::Conflict }] });
        assert_eq!(put(&client, "a").await.unwrap_err().code(), Some("TransactionConflictException"));
        // A read of one item does not conflict.
        assert!(!exists(&client, "a").await);
        assert_eq!(faults.injected(), 1);
        faults.clear();
        transact(&client, &["a", "b", "c"]).await.unwrap();
        assert!(exists(&client, "a").await);
        tables.stop().await;
    }

    #[tokio::test]
    async fn a_lost_answer_comes_after_the_effect_and_any_other_fault_instead_of_it() {
        let (faults, tables, client) = start(1).await;
        for (fault, effect, code) in [
            (Fault::ThroughputExceeded, false, Some("ProvisionedThroughputExceededException")),
            (Fault::Throttled, false, Some("ThrottlingException")),
            (Fault::Refused, false, Some("InternalServerError")),
            (Fault::AnswerLost, true, Some("InternalServerError")),
            (Fault::ConnectionLost, true, None),
        ] {
            let key = format!("{fault:?}");
            faults.set(on("PutItem", When::Always, fault));
            let error = put(&client, &key).await.unwrap_err();
            assert_eq!(error.code(), code, "{fault:?}");
            assert_eq!(matches!(error, SdkError::DispatchFailure(_)), code.is_none(), "{error:?}");
            assert_eq!((exists(&client, &key).await, faults.injected()), (effect, 1), "{fault:?}");
        }
        tables.stop().await;
    }

    #[tokio::test]
    async fn the_nth_call_is_the_nth_on_the_wire() {
        let (faults, tables, client) = start(3).await;
        faults.set(Plan::nth(2, Fault::Refused));
        for key in ["a", "b", "c"] {
            put(&client, key).await.unwrap();
        }
        assert_eq!(faults.injected(), 1);
        // The second one was repeated by the SDK.
        assert_eq!(faults.stats()["PutItem"].requests, 4);

        // All attempts of the second one: now the caller sees it.
        faults.set(on("PutItem", When::Calls(2..=4), Fault::Refused));
        put(&client, "d").await.unwrap();
        put(&client, "e").await.unwrap_err();
        assert!(!exists(&client, "e").await);
        tables.stop().await;
    }

    #[tokio::test]
    async fn a_fraction_is_the_same_every_time() {
        let (faults, tables, client) = start(1).await;
        let mut runs = Vec::new();
        for _ in 0..2 {
            faults.set(Plan::percent("PutItem", 30, Fault::Refused, 42));
            let mut run = Vec::new();
            for _ in 0..50 {
                run.push(put(&client, "a").await.is_ok());
            }
            runs.push(run);
        }
        assert_eq!(runs[0], runs[1]);
        let failed = runs[0].iter().filter(|ok| !**ok).count();
        assert!((5..=25).contains(&failed), "{failed} of 50 for 30 %");
        tables.stop().await;
    }

    #[tokio::test]
    async fn measures_requests_and_write_units() {
        let (faults, tables, client) = start(3).await;
        put(&client, "a").await.unwrap();
        assert_eq!(faults.stats()["PutItem"], Usage { requests: 1, write_units: 0 });
        faults.reset_stats();
        faults.measure(true);
        put(&client, "b").await.unwrap();
        transact(&client, &["c", "d"]).await.unwrap();
        assert!(exists(&client, "d").await);
        let stats = faults.stats();
        assert_eq!(stats["PutItem"], Usage { requests: 1, write_units: 1 });
        // A transaction costs twice: it is prepared, then committed.
        assert_eq!(stats["TransactWriteItems"], Usage { requests: 1, write_units: 4 });
        assert_eq!(stats["GetItem"], Usage { requests: 1, write_units: 0 });
        tables.stop().await;
    }
}
