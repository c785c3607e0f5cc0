//! The tables: dynoxide in this process, over its own HTTP wire, behind the fault injector.
//!
//! Clients get the injector's address. dynoxide keeps its router to itself and only serves a TCP listener, so the
//! injector is a proxy in front of it: a second loopback socket, about half a millisecond a request in a dev build.
//!
//! What must hold: what the SDK sends is what the emulator reads, so that a mistake in our serialization shows here;
//! both listen on 127.0.0.1 only, on ports the system chooses.
//!
//! Deliberately absent: the tables' definitions (the store creates them through the SDK), streams (a write costs a scan
//! of all former ones in this emulator), and expiry by the virtual clock: an expired item leaves in real time, as late as
//! it may in DynamoDB. Nothing may count on an expired item being gone.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use dynoxide::Database;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, Method, StatusCode};
use optopec_store::{Attribut, Definition, Index, definitions};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::faults::Faults;

/// DynamoDB accepts bodies up to 16 MB.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;
/// How often expired items are removed; dynoxide never does it by itself.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// What the tables must look like, for whoever compares it with the template of the cloud.
pub fn described() -> Value {
    let bare = optopec_store::Tables { mutuelles: "mutuelles".to_owned(), dossiers: "dossiers".to_owned(), credits: "credits".to_owned() };
    let index = |index: &Index| {
        let sk_type = match index.sk_type {
            Attribut::S => "S",
            Attribut::N => "N",
        };
        json!({ "nom": index.nom, "pk": index.pk, "sk": index.sk, "sk_type": sk_type })
    };
    let table = |d: Definition| json!({ "nom": d.nom, "index": d.index.iter().map(index).collect::<Vec<_>>(), "ttl": d.ttl });
    Value::Array(definitions(&bare).map(table).into())
}

/// The running tables. Dropped, they stop as soon as they can; [`Tables::stop`] waits for it.
#[derive(Debug)]
pub struct Tables {
    /// Where the SDK finds them: `http://127.0.0.1:…`.
    pub endpoint: String,
    /// In the order in which they end: the injector's requests under way still need the emulator.
    running: [Running; 3],
    kept: Kept,
}

/// The database of the running tables.
struct Kept(Database);

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

/// A task and the way to end it: the sender, used or dropped, lets it finish what it is doing.
#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts the tables over a file, made if missing, or in memory.
///
/// # Errors
/// The file cannot be opened as a database, or no port is free.
pub async fn start(file: Option<PathBuf>, faults: Faults) -> io::Result<Tables> {
    let database = open(file)?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let emulator = format!("http://{}", listener.local_addr()?);
    let served = database.clone();
    let tables = run(|stopped| async move {
        if let Err(error) = dynoxide::server::serve_with_shutdown(listener, served, stopped).await {
            tracing::error!(error, "the tables stopped serving");
        }
    });

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    // No proxy of the environment, no certificates: both ends are this process.
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().map_err(io::Error::other)?;
    let router = Router::new().fallback(forward).with_state(Injector { faults, client, emulator });
    let injector = run(|stopped| async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the fault injector stopped serving");
        }
    });

    let kept = Kept(database.clone());
    let sweeper = run(|stopped| async move {
        tokio::select! {
            () = stopped => {}
            () = sweep(database) => {}
        }
    });
    Ok(Tables { endpoint, running: [injector, tables, sweeper], kept })
}

impl Tables {
    /// Stops: requests under way are answered, then the file is written anew without what was deleted, and closed. Until then what was
    /// deleted may still stand in pages that the file does not use.
    pub async fn stop(self) {
        for Running { stop, task } in self.running {
            drop(stop);
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the tables did not end well");
            }
        }
        let Kept(database) = self.kept;
        match tokio::task::spawn_blocking(move || database.vacuum()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the file of the tables could not be written anew"),
            Err(error) => tracing::warn!(%error, "writing the file of the tables anew broke off"),
        }
    }
}

fn open(file: Option<PathBuf>) -> io::Result<Database> {
    let database = match file {
        None => Database::memory(),
        Some(file) => {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let not_utf8 = || io::Error::new(io::ErrorKind::InvalidInput, "the path of the tables is not UTF-8");
            Database::new(file.to_str().ok_or_else(not_utf8)?)
        }
    };
    database.map_err(|error| io::Error::other(error.to_string()))
}

fn run<F>(task: impl FnOnce(BoxFuture<'static, ()>) -> F) -> Running
where
    F: Future<Output = ()> + Send + 'static,
{
    let (stop, stopped) = oneshot::channel::<()>();
    Running { stop, task: tokio::spawn(task(stopped.map(drop).boxed())) }
}

async fn sweep(database: Database) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let database = database.clone();
        // It works under the database's lock, page by page: not on a thread that serves.
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(items)) => tracing::debug!(items, "expired items are gone"),
            Ok(Err(error)) => tracing::warn!(%error, "expired items could not be removed"),
            Err(error) => tracing::warn!(%error, "the sweep of expired items broke off"),
        }
    }
}

#[derive(Clone)]
struct Injector {
    faults: Faults,
    client: reqwest::Client,
    emulator: String,
}

async fn forward(State(injector): State<Injector>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_REQUEST_BYTES).await else {
        return answer(StatusCode::PAYLOAD_TOO_LARGE).map(Into::into);
    };
    let operation = operation(&parts.headers).to_owned();
    let perform = |body| injector.perform(parts.method, parts.headers, body);
    injector.faults.inject(&operation, body, perform).await
}

/// `DynamoDB_20120810.PutItem` → `PutItem`.
fn operation(headers: &HeaderMap) -> &str {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    target.and_then(|target| target.rsplit_once('.')).map_or("unknown", |(_, operation)| operation)
}

impl Injector {
    async fn perform(&self, method: Method, mut headers: HeaderMap, body: Bytes) -> http::Response<Bytes> {
        remove_hop(&mut headers);
        let sent = self.client.request(method, &self.emulator).headers(headers).body(body).send().await;
        let received = match sent {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                response.bytes().await.map(|body| (status, headers, body))
            }
            Err(error) => Err(error),
        };
        match received {
            Ok((status, mut headers, body)) => {
                remove_hop(&mut headers);
                let mut response = http::Response::new(body);
                (*response.status_mut(), *response.headers_mut()) = (status, headers);
                response
            }
            Err(error) => {
                tracing::error!(%error, "the tables do not answer");
                answer(StatusCode::BAD_GATEWAY)
            }
        }
    }
}

fn answer(status: StatusCode) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// What speaks of one connection, or of a body that may have changed, is said anew on the other one.
fn remove_hop(headers: &mut HeaderMap) {
    for name in [HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(endpoint: &str, operation: &str, body: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let request = client.post(endpoint).header("x-amz-target", format!("DynamoDB_20120810.{operation}"));
        let request = request.header("content-type", "application/x-amz-json-1.0");
        let request = request.header("x-amz-date", "20260101T000000Z");
        let request =
            request.header("authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-3/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
        request.body(body.to_owned()).send().await.unwrap().text().await.unwrap()
    }

    #[tokio::test]
    async fn a_file_keeps_the_tables_over_a_restart() {
        let folder = std::env::temp_dir().join(format!("optopec-tables-{}", std::process::id()));
        let file = folder.join("tables.sqlite");
        let create = r#"{"TableName":"things","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}"#;

        let tables = start(Some(file.clone()), Faults::default()).await.unwrap();
        assert!(tables.endpoint.starts_with("http://127.0.0.1:"));
        call(&tables.endpoint, "CreateTable", create).await;
        tables.stop().await;

        let faults = Faults::default();
        let tables = start(Some(file), faults.clone()).await.unwrap();
        assert_eq!(call(&tables.endpoint, "ListTables", "{}").await, r#"{"TableNames":["things"]}"#);
        assert_eq!(faults.stats()["ListTables"].requests, 1);
        let endpoint = tables.endpoint.clone();
        tables.stop().await;
        assert!(reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap().get(endpoint).send().await.is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
