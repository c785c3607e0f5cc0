//! The queues: winterbaume's SQS state in this process, spoken to over SQS's own JSON wire.
//!
//! The state (visibility, receive counts, redrive, receipt handles) is the emulator's. The wire is ours, because its own
//! one neither wakes a waiting receiver, nor refuses what SQS refuses (size, delay, number of entries), nor counts a
//! message that came back after a failed receive — and a queue that looks empty while it is not makes tests lie.
//!
//! What must hold: what SQS refuses is refused here with the same error; a message that can be received wakes a waiting
//! receiver at once; a count is exact at the moment it is taken.
//!
//! Deliberately absent: FIFO queues (the emulator does not hold a group back), retention, tags, policies, purging, and any
//! persistence: the due index of the tables is the source of truth, and a sweep puts lost messages back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::QueueAttributeName;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use winterbaume_sqs::state::{SqsError, SqsState};
use winterbaume_sqs::types::{Message, MessageAttribute};

/// The region in every address and event of the local system.
pub const REGION: &str = "eu-west-3";
/// The account in every address and event of the local system.
pub const ACCOUNT: &str = "000000000000";

/// The limits of SQS for standard queues.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
const MAX_DELAY_SECONDS: u32 = 900;
const MAX_VISIBILITY_SECONDS: u32 = 43_200;
const MAX_WAIT_SECONDS: u32 = 20;
const MAX_BATCH_ENTRIES: usize = 10;

/// How often a waiting receiver looks for messages whose delay or visibility timeout has run out, which wakes nobody.
const LOOK_AGAIN_EVERY: Duration = Duration::from_millis(20);

/// A queue that was created, with its dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// What the SDK addresses it by.
    pub url: String,
    /// What events name it by.
    pub arn: String,
}

/// How many messages a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Ready to be received.
    pub visible: usize,
    /// Received and neither deleted nor returned yet.
    pub in_flight: usize,
    /// Sent with a delay that still runs.
    pub delayed: usize,
    /// In its dead-letter queue.
    pub dead: usize,
}

impl Depth {
    /// Whether every message was dealt with, well or not.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.visible + self.in_flight + self.delayed == 0
    }
}

/// The running queues. They end with this value, and their messages with them.
#[derive(Debug)]
pub struct Queues {
    /// Where the SDK finds them: `http://127.0.0.1:…`.
    pub endpoint: String,
    client: Client,
    broker: Arc<Broker>,
    /// Queue → dead-letter queue.
    names: Mutex<BTreeMap<String, String>>,
    server: JoinHandle<()>,
}

/// Starts with no queue.
///
/// # Errors
/// No port is free.
pub async fn start() -> io::Result<Queues> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let broker = Arc::<Broker>::default();
    // A whole batch of the largest size, with room to say that it is too large.
    let limit = DefaultBodyLimit::max(4 * MAX_MESSAGE_BYTES);
    let router = Router::new().fallback(serve).layer(limit).with_state(Arc::clone(&broker));
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the queues stopped serving");
        }
    });
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(&endpoint)
        // The emulators are on this machine: a proxy of the environment must not come between.
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Ok(Queues { endpoint, client: Client::from_conf(config), broker, names: Mutex::default(), server })
}

impl Queues {
    /// The SDK's client for these queues.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Creates a queue and its dead-letter queue: a message received `max_receive` times
    /// without being deleted moves over at the next receive.
    ///
    /// # Errors
    /// What SQS answers.
    pub async fn create(&self, name: &str, dlq_name: &str, max_receive: u32, visibility_seconds: u32) -> io::Result<Queue> {
        let (_, dead_letter_arn) = self.create_one(dlq_name, HashMap::new()).await?;
        let redrive = json!({"deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": max_receive});
        let attributes =
            HashMap::from([(QueueAttributeName::VisibilityTimeout, visibility_seconds.to_string()), (QueueAttributeName::RedrivePolicy, redrive.to_string())]);
        let (url, arn) = self.create_one(name, attributes).await?;
        self.names().insert(name.to_owned(), dlq_name.to_owned());
        Ok(Queue { name: name.to_owned(), url, arn })
    }

    async fn create_one(&self, name: &str, attributes: HashMap<QueueAttributeName, String>) -> io::Result<(String, String)> {
        let refused = |error: &dyn std::error::Error| io::Error::other(format!("queue {name}: {}", DisplayErrorContext(error)));
        let created = self.client.create_queue().queue_name(name).set_attributes(Some(attributes)).send().await;
        let url = created.map_err(|error| refused(&error))?.queue_url.unwrap_or_default();
        let asked = self.client.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::QueueArn).send().await;
        let mut answered = asked.map_err(|error| refused(&error))?.attributes.unwrap_or_default();
        Ok((url, answered.remove(&QueueAttributeName::QueueArn).unwrap_or_default()))
    }

    /// How many messages each queue holds, by the name of the queue.
    #[must_use]
    pub fn depths(&self) -> BTreeMap<String, Depth> {
        let names = self.names();
        let state = self.broker.state();
        let depth = |(name, dlq): (&String, &String)| {
            let mut depth = Depth { dead: messages(&state, dlq).len(), ..Depth::default() };
            for message in messages(&state, name) {
                match message {
                    message if message.is_visible() => depth.visible += 1,
                    message if message.approximate_receive_count > 0 => depth.in_flight += 1,
                    _ => depth.delayed += 1,
                }
            }
            (name.clone(), depth)
        };
        names.iter().map(depth).collect()
    }

    /// Waits until every message of every queue was dealt with. Never ends while nobody receives them.
    pub async fn settled(&self) {
        loop {
            let changed = self.broker.changed.notified();
            if self.depths().values().all(Depth::is_settled) {
                return;
            }
            _ = tokio::time::timeout(LOOK_AGAIN_EVERY, changed).await;
        }
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Queues {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn messages<'a>(state: &'a SqsState, queue: &str) -> &'a [Message] {
    state.queues.get(queue).map_or(&[], |queue| &queue.messages)
}

/// The state and who waits for it to change.
#[derive(Debug, Default)]
struct Broker {
    state: Mutex<SqsState>,
    changed: Notify,
}

impl Broker {
    fn state(&self) -> MutexGuard<'_, SqsState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error as SQS names it.
struct Refused {
    code: &'static str,
    message: String,
}

impl Refused {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn parameter(value: impl std::fmt::Display, name: &str, rule: &str) -> Self {
        Self::new("InvalidParameterValueException", format!("Value {value} for parameter {name} is invalid. Reason: {rule}"))
    }
}

impl From<SqsError> for Refused {
    fn from(error: SqsError) -> Self {
        let code = match error {
            SqsError::NonExistentQueue => "QueueDoesNotExist",
            SqsError::QueueAlreadyExists => "QueueNameExists",
            SqsError::InvalidReceiptHandle { .. } => "ReceiptHandleIsInvalid",
            _ => "InvalidParameterValueException",
        };
        Self::new(code, error.to_string())
    }
}

async fn serve(State(broker): State<Arc<Broker>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix("AmazonSQS.")).unwrap_or_default();
    let answer = match serde_json::from_slice(&body) {
        Ok(request) if operation == "ReceiveMessage" => receive(&broker, &request).await,
        Ok(request) => {
            let answer = perform(&mut broker.state(), operation, &request);
            broker.changed.notify_waiters();
            answer
        }
        Err(error) => Err(Refused::new("InvalidParameterValueException", error.to_string())),
    };
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(Refused { code, message }) => (StatusCode::BAD_REQUEST, json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": message})),
    };
    (status, [(CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}

async fn receive(broker: &Broker, request: &Value) -> Result<Value, Refused> {
    let queue = queue(request);
    let wait = number(request, "WaitTimeSeconds", 0..=MAX_WAIT_SECONDS)?.unwrap_or(0);
    let most = number(request, "MaxNumberOfMessages", 1..=10)?.unwrap_or(1);
    let visibility = number(request, "VisibilityTimeout", 0..=MAX_VISIBILITY_SECONDS)?;
    let deadline = Instant::now() + Duration::from_secs(wait.into());
    loop {
        // Before looking, so that a message that arrives in between is not missed.
        let changed = broker.changed.notified();
        let messages = broker.state().receive_message(queue, most as usize, visibility)?;
        if !messages.is_empty() {
            let messages: Vec<_> = messages.iter().map(|message| received(request, message)).collect();
            return Ok(json!({"Messages": messages}));
        }
        let now = Instant::now();
        if now >= deadline {
            return Ok(json!({}));
        }
        _ = tokio::time::timeout_at(deadline.min(now + LOOK_AGAIN_EVERY), changed).await;
    }
}

fn received(request: &Value, message: &Message) -> Value {
    let asked = |lists: &[&str], name: &str| {
        let names = lists.iter().filter_map(|list| request[*list].as_array()).flatten();
        names.filter_map(Value::as_str).any(|asked| asked == "All" || asked == ".*" || asked == name)
    };
    let system = [
        ("SenderId", message.sender_id.clone()),
        ("SentTimestamp", message.sent_timestamp.to_string()),
        ("ApproximateReceiveCount", message.approximate_receive_count.to_string()),
        ("ApproximateFirstReceiveTimestamp", message.approximate_first_receive_timestamp.unwrap_or_default().to_string()),
    ];
    let mut fields = json!({
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipt_handle,
        "Body": message.body,
        "MD5OfBody": message.body_md5,
    });
    let system = system.into_iter().filter(|(name, _)| asked(&["MessageSystemAttributeNames", "AttributeNames"], name));
    let system: Map<String, Value> = system.map(|(name, value)| (name.to_owned(), value.into())).collect();
    if !system.is_empty() {
        fields["Attributes"] = system.into();
    }
    let own = message.message_attributes.iter().filter(|(name, _)| asked(&["MessageAttributeNames"], name));
    let own: Map<String, Value> = own.map(|(name, value)| (name.clone(), json!({"DataType": value.data_type, "StringValue": value.string_value}))).collect();
    if !own.is_empty() {
        fields["MessageAttributes"] = own.into();
    }
    fields
}

fn perform(state: &mut SqsState, operation: &str, request: &Value) -> Result<Value, Refused> {
    let queue = queue(request);
    match operation {
        "CreateQueue" => {
            let name = text(request, "QueueName");
            if name.ends_with(".fifo") {
                return Err(Refused::new("UnsupportedOperation", "FIFO queues are not part of the local system."));
            }
            let attributes = request["Attributes"].as_object().into_iter().flatten();
            let attributes = attributes.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
            let created = state.create_queue(name, REGION, ACCOUNT, &attributes, None)?;
            Ok(json!({"QueueUrl": created.url}))
        }
        "GetQueueUrl" => Ok(json!({"QueueUrl": state.get_queue_url(text(request, "QueueName"))?})),
        "GetQueueAttributes" => {
            let mut attributes = state.get_queue_attributes(queue)?;
            // The emulator leaves out what was received once and came back.
            let visible = messages(state, queue).iter().filter(|message| message.is_visible()).count();
            attributes.insert("ApproximateNumberOfMessages".to_owned(), visible.to_string());
            Ok(json!({"Attributes": attributes}))
        }
        "SendMessage" => {
            check_size("InvalidParameterValueException", size(request))?;
            send(state, queue, request)
        }
        "SendMessageBatch" => {
            check_size("BatchRequestTooLong", entries(request).iter().map(size).sum())?;
            batch(request, |entry| send(state, queue, entry))
        }
        "DeleteMessage" => delete(state, queue, request),
        "DeleteMessageBatch" => batch(request, |entry| delete(state, queue, entry)),
        "ChangeMessageVisibility" => change_visibility(state, queue, request),
        "ChangeMessageVisibilityBatch" => batch(request, |entry| change_visibility(state, queue, entry)),
        _ => Err(Refused::new("UnsupportedOperation", format!("{operation} is not part of the local system."))),
    }
}

fn send(state: &mut SqsState, queue: &str, entry: &Value) -> Result<Value, Refused> {
    let body = text(entry, "MessageBody");
    if body.is_empty() {
        return Err(Refused::new("MissingParameter", "The request must contain the parameter MessageBody."));
    }
    let delay = number(entry, "DelaySeconds", 0..=MAX_DELAY_SECONDS)?;
    let attributes = attributes(entry).map(|(name, value)| {
        let text = |field| value[field].as_str().map(str::to_owned);
        let attribute = MessageAttribute { data_type: text("DataType").unwrap_or_default(), string_value: text("StringValue"), binary_value: None };
        (name.clone(), attribute)
    });
    let sent = state.send_message(queue, body, delay, attributes.collect(), None, None)?;
    Ok(json!({"MessageId": sent.message_id, "MD5OfMessageBody": sent.body_md5}))
}

fn delete(state: &mut SqsState, queue: &str, entry: &Value) -> Result<Value, Refused> {
    state.delete_message(queue, text(entry, "ReceiptHandle"))?;
    Ok(json!({}))
}

fn change_visibility(state: &mut SqsState, queue: &str, entry: &Value) -> Result<Value, Refused> {
    let visibility = number(entry, "VisibilityTimeout", 0..=MAX_VISIBILITY_SECONDS)?.unwrap_or(0);
    state.change_message_visibility(queue, text(entry, "ReceiptHandle"), visibility)?;
    Ok(json!({}))
}

/// One call for up to ten entries: each of them succeeds or fails by itself.
fn batch(request: &Value, mut each: impl FnMut(&Value) -> Result<Value, Refused>) -> Result<Value, Refused> {
    let entries = entries(request);
    let ids: BTreeSet<_> = entries.iter().map(|entry| text(entry, "Id")).collect();
    if entries.is_empty() {
        return Err(Refused::new("EmptyBatchRequest", "There should be at least one entry in the request."));
    }
    if entries.len() > MAX_BATCH_ENTRIES {
        return Err(Refused::new("TooManyEntriesInBatchRequest", format!("Maximum number of entries per request are {MAX_BATCH_ENTRIES}.")));
    }
    if ids.len() < entries.len() {
        return Err(Refused::new("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id."));
    }
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        match each(entry) {
            Ok(mut done) => {
                done["Id"] = entry["Id"].clone();
                successful.push(done);
            }
            Err(Refused { code: code @ "QueueDoesNotExist", message }) => return Err(Refused { code, message }),
            Err(Refused { code, message }) => failed.push(json!({"Id": entry["Id"], "SenderFault": true, "Code": code, "Message": message})),
        }
    }
    Ok(json!({"Successful": successful, "Failed": failed}))
}

fn entries(request: &Value) -> &[Value] {
    request["Entries"].as_array().map_or(&[], Vec::as_slice)
}

/// `https://sqs.eu-west-3.amazonaws.com/000000000000/name` → `name`; the SDK sends it whole, to our endpoint.
fn queue(request: &Value) -> &str {
    text(request, "QueueUrl").rsplit('/').next().unwrap_or_default()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn number(value: &Value, field: &str, range: std::ops::RangeInclusive<u32>) -> Result<Option<u32>, Refused> {
    let given = &value[field];
    if given.is_null() {
        return Ok(None);
    }
    match given.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| range.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(Refused::parameter(given, field, &format!("Must be >= {} and <= {}.", range.start(), range.end()))),
    }
}

fn attributes(entry: &Value) -> impl Iterator<Item = (&String, &Value)> {
    entry["MessageAttributes"].as_object().into_iter().flatten()
}

/// What counts towards the limit: the body and, of each attribute, its name, type and value.
fn size(entry: &Value) -> usize {
    let of_attributes = attributes(entry).map(|(name, value)| name.len() + text(value, "DataType").len() + text(value, "StringValue").len());
    text(entry, "MessageBody").len() + of_attributes.sum::<usize>()
}

fn check_size(code: &'static str, bytes: usize) -> Result<(), Refused> {
    if bytes <= MAX_MESSAGE_BYTES {
        return Ok(());
    }
    Err(Refused::new(code, format!("Messages must be shorter than {MAX_MESSAGE_BYTES} bytes. You have sent {bytes} bytes.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::error::{ProvideErrorMetadata as _, SdkError};
    use aws_sdk_sqs::types::{MessageSystemAttributeName, SendMessageBatchRequestEntry};

    async fn one() -> (Queues, Queue, Client) {
        let queues = start().await.unwrap();
        let queue = queues.create("work", "work-dead", 5, 30).await.unwrap();
        let client = queues.client();
        (queues, queue, client)
    }

    fn code<E: aws_sdk_sqs::error::ProvideErrorMetadata, T: std::fmt::Debug>(answer: Result<T, SdkError<E>>) -> String {
        answer.err().unwrap().code().unwrap().to_owned()
    }

    #[tokio::test]
    async fn counts_every_message_wherever_it_is() {
        let (queues, queue, client) = one().await;
        assert_eq!(queue.arn, "arn:aws:sqs:eu-west-3:000000000000:work");
        let depth = |visible, in_flight, delayed| BTreeMap::from([("work".to_owned(), Depth { visible, in_flight, delayed, dead: 0 })]);
        client.send_message().queue_url(&queue.url).message_body("a").send().await.unwrap();
        client.send_message().queue_url(&queue.url).message_body("b").delay_seconds(900).send().await.unwrap();
        assert_eq!(queues.depths(), depth(1, 0, 1));
        let received = client.receive_message().queue_url(&queue.url).send().await.unwrap();
        assert_eq!(queues.depths(), depth(0, 1, 1));
        // Returned by hand: received once, and there for the next one.
        let handle = received.messages()[0].receipt_handle().unwrap();
        client.change_message_visibility().queue_url(&queue.url).receipt_handle(handle).visibility_timeout(0).send().await.unwrap();
        assert_eq!(queues.depths(), depth(1, 0, 1));
        let attributes = client.get_queue_attributes().queue_url(&queue.url).attribute_names(QueueAttributeName::All).send().await.unwrap();
        assert_eq!(attributes.attributes().unwrap()[&QueueAttributeName::ApproximateNumberOfMessages], "1");
        client.delete_message().queue_url(&queue.url).receipt_handle(handle).send().await.unwrap();
        assert_eq!(queues.depths(), depth(0, 0, 1));
    }

    #[tokio::test]
    async fn a_message_wakes_who_waits_for_it() {
        let (_queues, queue, client) = one().await;
        let waiting = client.receive_message().queue_url(&queue.url).wait_time_seconds(20);
        let waiting = waiting.message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount);
        let (received, sent) = tokio::join!(waiting.send(), client.send_message().queue_url(&queue.url).message_body("a").send());
        let (received, sent) = (received.unwrap(), sent.unwrap());
        let message = &received.messages()[0];
        assert_eq!((message.body(), message.message_id()), (Some("a"), sent.message_id()));
        // What was asked for, and no more.
        let attributes = message.attributes().unwrap();
        assert_eq!(attributes.len(), 1);
        assert_eq!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount], "1");
        // Without a wait, an empty queue answers at once.
        let empty = client.receive_message().queue_url(&queue.url).send().await.unwrap();
        assert!(empty.messages().is_empty());
    }

    #[tokio::test]
    async fn refuses_what_sqs_refuses() {
        let (queues, queue, client) = one().await;
        let send = |body: usize| client.send_message().queue_url(&queue.url).message_body("x".repeat(body));
        send(MAX_MESSAGE_BYTES).send().await.unwrap();
        assert_eq!(code(send(MAX_MESSAGE_BYTES + 1).send().await), "InvalidParameterValueException");
        assert_eq!(code(send(1).delay_seconds(901).send().await), "InvalidParameterValueException");
        assert_eq!(code(client.send_message().queue_url(format!("{}-else", queue.url)).message_body("x").send().await), "QueueDoesNotExist");
        assert_eq!(code(client.purge_queue().queue_url(&queue.url).send().await), "UnsupportedOperation");
        assert_eq!(code(client.receive_message().queue_url(&queue.url).max_number_of_messages(11).send().await), "InvalidParameterValueException");

        let entry = |id: usize, body: usize| SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body("x".repeat(body));
        let batch = |entries| client.send_message_batch().queue_url(&queue.url).set_entries(Some(entries)).send();
        let built = |n: usize, body| (0..n).map(|id| entry(id, body).build().unwrap()).collect::<Vec<_>>();
        assert_eq!(code(batch(built(11, 1)).await), "TooManyEntriesInBatchRequest");
        assert_eq!(code(batch(built(0, 1)).await), "EmptyBatchRequest");
        assert_eq!(code(batch(built(2, MAX_MESSAGE_BYTES / 2 + 1)).await), "BatchRequestTooLong");
        assert_eq!(code(batch(vec![entry(1, 1).build().unwrap(), entry(1, 1).build().unwrap()]).await), "BatchEntryIdsNotDistinct");
        // A bad entry beside a good one.
        let mixed = batch(vec![entry(1, 1).build().unwrap(), entry(2, 1).delay_seconds(901).build().unwrap()]).await.unwrap();
        assert_eq!((mixed.successful()[0].id(), mixed.failed()[0].id()), ("1", "2"));
        assert_eq!(queues.depths()["work"].visible, 2);
    }
}
