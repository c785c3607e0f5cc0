//! The event source mapping: takes messages from a queue and invokes a handler with them, as Lambda does.
//!
//! What must hold: the handler gets the event AWS documents, up to ten messages of one queue; a message is deleted only
//! after a handler that saw it said so. A panic, an error, or an answer that names a message it was not given deletes
//! nothing; an answer deletes what it does not name as failed. Counting receives and moving a message to the
//! dead-letter queue is the queue's business.
//!
//! Deliberately absent: the function's timeout (a handler limits its own calls), filters, and batching windows.

use std::collections::HashSet;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage, SqsMessageAttribute};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use futures::FutureExt as _;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::queues::{Queue, REGION};

/// How many messages one invocation gets at most.
const BATCH_MESSAGES: i32 = 10;
/// How long one receive waits for a message.
const WAIT_SECONDS: i32 = 1;
/// How long to leave a queue that does not answer alone.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);

/// How a queue is emptied.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many batches are with a handler at the same time, at most.
    pub max_batches: usize,
    /// After how many seconds a failed message comes back. Lambda lets the visibility timeout run out, which is at least
    /// the function's timeout: minutes in which a person trying the product locally, or a test, would see nothing.
    pub retry_seconds: i32,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_batches: 50, retry_seconds: 1 }
    }
}

/// A running mapping. Dropped, it stops by itself; [`Poller::stop`] waits for it.
#[derive(Debug)]
pub struct Poller {
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Poller {
    /// Starts to take messages from `queue` and to invoke `handler` with them.
    pub fn start<H, F, E>(client: Client, queue: Queue, options: Options, handler: H) -> Self
    where
        H: Fn(SqsEvent) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<SqsBatchResponse, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let (stop, stopped) = watch::channel(());
        Self { stop, task: tokio::spawn(poll(Source { client, queue, options }, handler, stopped)) }
    }

    /// Takes no more messages, and waits for the handlers that have some.
    pub async fn stop(self) {
        drop(self.stop);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a poller did not end well");
        }
    }
}

#[derive(Clone)]
struct Source {
    client: Client,
    queue: Queue,
    options: Options,
}

async fn poll<H, F, E>(source: Source, handler: H, mut stopped: watch::Receiver<()>)
where
    H: Fn(SqsEvent) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<SqsBatchResponse, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let mut batches = JoinSet::new();
    loop {
        while batches.try_join_next().is_some() {}
        // Only the end may break off a receive: its messages would stay in flight with nobody.
        let full = batches.len() >= source.options.max_batches.max(1);
        tokio::select! {
            // The sender sends nothing: this is its drop.
            _ = stopped.changed() => break,
            _ = batches.join_next(), if full => {}
            received = source.receive(), if !full => match received {
                Ok(messages) if messages.is_empty() => {}
                Ok(messages) => {
                    let (source, handler) = (source.clone(), handler.clone());
                    batches.spawn(async move { source.invoke(messages, handler).await });
                }
                Err(error) => {
                    tracing::warn!(queue = source.queue.name, error, "the queue does not answer");
                    _ = tokio::time::timeout(PAUSE_AFTER_ERROR, stopped.changed()).await;
                }
            }
        }
    }
    while batches.join_next().await.is_some() {}
}

impl Source {
    async fn receive(&self) -> Result<Vec<Message>, String> {
        let request = self.client.receive_message().queue_url(&self.queue.url);
        let request = request.max_number_of_messages(BATCH_MESSAGES).wait_time_seconds(WAIT_SECONDS);
        let request = request.message_system_attribute_names(MessageSystemAttributeName::All).message_attribute_names("All");
        let received = request.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        Ok(received.messages.unwrap_or_default())
    }

    /// One invocation, and what becomes of its messages.
    async fn invoke<H, F, E>(&self, messages: Vec<Message>, handler: H)
    where
        H: Fn(SqsEvent) -> F,
        F: Future<Output = Result<SqsBatchResponse, E>>,
        E: Display,
    {
        let event = event(&self.queue, &messages);
        // A panic ends one invocation, as it ends one sandbox. The handler's state is not looked at afterwards.
        let outcome = AssertUnwindSafe(async { handler(event).await }).catch_unwind().await;
        let failed = match outcome {
            Ok(Ok(response)) => failures(&messages, &response),
            Ok(Err(error)) => {
                tracing::warn!(queue = self.queue.name, %error, "the handler failed");
                None
            }
            Err(_) => {
                tracing::error!(queue = self.queue.name, "the handler panicked");
                None
            }
        };
        let (retry, done): (Vec<_>, Vec<_>) =
            messages.iter().partition(|message| failed.as_ref().is_none_or(|failed| failed.contains(message.message_id().unwrap_or_default())));
        self.delete(&done).await;
        self.give_back(&retry).await;
    }

    async fn delete(&self, messages: &[&Message]) {
        let entry =
            |(id, message): (usize, &&Message)| DeleteMessageBatchRequestEntry::builder().id(id.to_string()).receipt_handle(handle(message)).build().ok();
        let entries: Vec<_> = messages.iter().enumerate().filter_map(entry).collect();
        if entries.is_empty() {
            return;
        }
        let request = self.client.delete_message_batch().queue_url(&self.queue.url);
        if let Err(error) = request.set_entries(Some(entries)).send().await {
            // They will be delivered again, which handlers must bear anyway.
            tracing::warn!(queue = self.queue.name, error = %DisplayErrorContext(error), "messages could not be deleted");
        }
    }

    async fn give_back(&self, messages: &[&Message]) {
        let entry = |(id, message): (usize, &&Message)| {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(id.to_string()).receipt_handle(handle(message));
            entry.visibility_timeout(self.options.retry_seconds).build().ok()
        };
        let entries: Vec<_> = messages.iter().enumerate().filter_map(entry).collect();
        if entries.is_empty() {
            return;
        }
        let request = self.client.change_message_visibility_batch().queue_url(&self.queue.url);
        if let Err(error) = request.set_entries(Some(entries)).send().await {
            tracing::warn!(queue = self.queue.name, error = %DisplayErrorContext(error), "messages come back at their timeout");
        }
    }
}

fn handle(message: &Message) -> &str {
    message.receipt_handle().unwrap_or_default()
}

/// The ids a response names as failed; `None` if it names one that is empty or not of this batch: Lambda then takes the
/// whole batch as failed.
fn failures(messages: &[Message], response: &SqsBatchResponse) -> Option<HashSet<String>> {
    let given: HashSet<_> = messages.iter().filter_map(Message::message_id).collect();
    let named = response.batch_item_failures.iter().map(|failure| &failure.item_identifier);
    named.map(|id| given.contains(id.as_str()).then(|| id.clone())).collect()
}

fn event(queue: &Queue, messages: &[Message]) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records = messages.iter().map(|message| record(queue, message)).collect();
    event
}

fn record(queue: &Queue, message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = message.message_id.clone();
    record.receipt_handle = message.receipt_handle.clone();
    record.body = message.body.clone();
    record.md5_of_body = message.md5_of_body.clone();
    record.md5_of_message_attributes = message.md5_of_message_attributes.clone();
    let system = message.attributes().into_iter().flatten();
    record.attributes = system.map(|(name, value)| (name.as_str().to_owned(), value.clone())).collect();
    let own = message.message_attributes().into_iter().flatten().map(|(name, value)| {
        let mut attribute = SqsMessageAttribute::default();
        attribute.data_type = Some(value.data_type().to_owned());
        attribute.string_value = value.string_value.clone();
        (name.clone(), attribute)
    });
    record.message_attributes = own.collect();
    record.event_source = Some("aws:sqs".to_owned());
    record.event_source_arn = Some(queue.arn.clone());
    record.aws_region = Some(REGION.to_owned());
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queues::{self, Queues};
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    const AT_ONCE: Options = Options { max_batches: 50, retry_seconds: 0 };

    type Answer = fn(&SqsEvent) -> Result<SqsBatchResponse, &'static str>;

    /// A queue, a poller on it, and what its handler was given: body → how often.
    struct System {
        queues: Queues,
        queue: Queue,
        poller: Poller,
        seen: Arc<Mutex<BTreeMap<String, u32>>>,
    }

    impl System {
        async fn start(answer: Answer) -> Self {
            let queues = queues::start().await.unwrap();
            let queue = queues.create("work", "work-dead", 5, 30).await.unwrap();
            let seen = Arc::<Mutex<BTreeMap<String, u32>>>::default();
            let seen_by_handler = Arc::clone(&seen);
            let poller = Poller::start(queues.client(), queue.clone(), AT_ONCE, move |event: SqsEvent| {
                for record in &event.records {
                    *seen_by_handler.lock().unwrap().entry(record.body.clone().unwrap()).or_default() += 1;
                }
                async move { answer(&event) }
            });
            Self { queues, queue, poller, seen }
        }

        async fn send(&self, bodies: &[&str]) {
            for body in bodies {
                self.queues.client().send_message().queue_url(&self.queue.url).message_body(*body).send().await.unwrap();
            }
        }

        /// Waits for the end of all messages; answers what the handler saw and how many messages are dead.
        async fn end(self) -> (Vec<(String, u32)>, usize) {
            self.queues.settled().await;
            self.poller.stop().await;
            let seen = self.seen.lock().unwrap().clone().into_iter().collect();
            (seen, self.queues.depths()["work"].dead)
        }
    }

    fn seen<const N: usize>(bodies: [(&str, u32); N]) -> Vec<(String, u32)> {
        bodies.map(|(body, times)| (body.to_owned(), times)).into()
    }

    fn naming(ids: impl IntoIterator<Item = String>) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        ids.into_iter().for_each(|id| response.add_failure(id));
        response
    }

    #[tokio::test]
    async fn what_succeeds_is_deleted() {
        let system = System::start(|_| Ok(SqsBatchResponse::default())).await;
        system.send(&["a", "b", "c"]).await;
        assert_eq!(system.end().await, (seen([("a", 1), ("b", 1), ("c", 1)]), 0));
    }

    #[tokio::test]
    async fn a_poison_message_dies_alone() {
        let system = System::start(|event| {
            let poison = event.records.iter().filter(|record| record.body.as_deref() == Some("poison"));
            Ok(naming(poison.filter_map(|record| record.message_id.clone())))
        })
        .await;
        system.send(&["a", "poison", "b"]).await;
        assert_eq!(system.end().await, (seen([("a", 1), ("b", 1), ("poison", 5)]), 1));
    }

    #[tokio::test]
    async fn nothing_is_deleted_unless_the_handler_said_so() {
        let answers: [Answer; 4] = [|_| Err("no"), |_| panic!("no"), |_| Ok(naming(["unknown".to_owned()])), |_| Ok(naming([String::new()]))];
        for answer in answers {
            let system = System::start(answer).await;
            system.send(&["a"]).await;
            assert_eq!(system.end().await, (seen([("a", 5)]), 1));
        }
    }

    #[tokio::test]
    async fn the_event_is_the_one_aws_documents() {
        let queues = queues::start().await.unwrap();
        let queue = queues.create("work", "work-dead", 5, 30).await.unwrap();
        let events = Arc::<Mutex<Vec<SqsEvent>>>::default();
        let kept = Arc::clone(&events);
        let poller = Poller::start(queues.client(), queue.clone(), AT_ONCE, move |event: SqsEvent| {
            kept.lock().unwrap().push(event);
            async { Ok::<_, &str>(SqsBatchResponse::default()) }
        });
        let colour = aws_sdk_sqs::types::MessageAttributeValue::builder().data_type("String").string_value("blue").build().unwrap();
        let sent = queues.client().send_message().queue_url(&queue.url).message_body("a").message_attributes("colour", colour);
        sent.send().await.unwrap();
        queues.settled().await;
        poller.stop().await;
        let events = events.lock().unwrap();
        let record = serde_json::to_value(&events[0]).unwrap()["Records"][0].take();
        assert_eq!(record["body"], "a");
        assert_eq!(record["md5OfBody"], "0cc175b9c0f1b6a831c399e269772661");
        assert_eq!(record["eventSource"], "aws:sqs");
        assert_eq!(record["eventSourceARN"], "arn:aws:sqs:eu-west-3:000000000000:work");
        assert_eq!(record["awsRegion"], "eu-west-3");
        assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
        assert!(record["attributes"]["SentTimestamp"].as_str().unwrap().parse::<i64>().unwrap() > 0);
        assert_eq!(record["messageAttributes"]["colour"]["stringValue"], "blue");
        assert_eq!(record["messageAttributes"]["colour"]["dataType"], "String");
    }

    #[tokio::test]
    async fn batches_run_beside_each_other_up_to_the_limit_and_are_waited_for() {
        let queues = queues::start().await.unwrap();
        let queue = queues.create("work", "work-dead", 5, 30).await.unwrap();
        let (running, most) = (Arc::new(Mutex::new((0, 0))), Arc::new(tokio::sync::Semaphore::new(0)));
        let (counted, gate) = (Arc::clone(&running), Arc::clone(&most));
        let options = Options { max_batches: 3, retry_seconds: 0 };
        let poller = Poller::start(queues.client(), queue.clone(), options, move |_| {
            let (counted, gate) = (Arc::clone(&counted), Arc::clone(&gate));
            async move {
                {
                    let mut counted = counted.lock().unwrap();
                    counted.0 += 1;
                    counted.1 = counted.1.max(counted.0);
                }
                gate.acquire().await.unwrap().forget();
                counted.lock().unwrap().0 -= 1;
                Ok::<_, &str>(SqsBatchResponse::default())
            }
        });
        // One batch at a time until the poller is full: each is received before the next message is sent.
        for batches in 1..=3 {
            queues.client().send_message().queue_url(&queue.url).message_body("a").send().await.unwrap();
            while running.lock().unwrap().0 < batches {
                tokio::task::yield_now().await;
            }
        }
        queues.client().send_message().queue_url(&queue.url).message_body("later").send().await.unwrap();
        let stopping = tokio::spawn(poller.stop());
        most.add_permits(10);
        stopping.await.unwrap();
        assert_eq!(running.lock().unwrap().1, 3);
        let left = queues.depths()["work"];
        assert_eq!(left.in_flight, 0, "a batch that was received is finished before the end");
    }
}
