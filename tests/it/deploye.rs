//! The functions as they are deployed: the built programs under AWS's own Runtime Interface Emulator, given the events that AWS documents.
//!
//! What must hold: nothing is skipped; the programs speak to the tables, queues and keys of the local runner by the settings that the cloud gives them,
//! and by no other way; what each of them asked of the tables is compared with what its role allows (infra/aws/verifier/droits.py).
//! Where the events come from: `evenements/`, after AWS Lambda's Developer Guide, « Working with AWS Lambda proxy integrations for HTTP APIs » (payload
//! 2.0) and « Using Lambda with Amazon SQS »; the schedules' are the `Input` of template.yaml.

use crate::app::{App, User, dossier};
use axum::{Router, body::Bytes, extract::State, http::HeaderMap};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use optopec_local::{
    queues::Queue,
    system::{Options, System},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// What a function asked of the tables: table → operations, as droits.py reads them.
type Operations = Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>;

const INVOKE: &str = "2015-03-31/functions/function/invocations";

/// A folder of tools that infra/aws/verifier/verifier.sh installs.
#[expect(clippy::disallowed_methods, reason = "where the tools are is no setting of the product")]
fn tools() -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".local/share/optopec-tools/aws-sam")
}

/// AWS's emulator, which is in the wheel of aws-sam-cli.
fn emulator() -> PathBuf {
    let versions = fs::read_dir(tools().join("lib")).into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("site-packages/samcli/local/rapid/aws-lambda-rie-x86_64")).find(|path| path.is_file());
    found.expect("the Runtime Interface Emulator is missing: `infra/aws/verifier/verifier.sh installer` installs it")
}

/// The most memory that a function may have held, in KiB: 25 MB. The typesetter is apart.
const MEMORY_MAX_KIB: u64 = 25_000_000 / 1_024;

/// Programs as they are packed, where infra/aws/mesures.py names a folder of them: they are held to their budget.
#[expect(clippy::disallowed_methods, reason = "which programs are tried is no setting of the product")]
fn packed() -> Option<PathBuf> {
    std::env::var_os("OPTOPEC_BINAIRES").map(PathBuf::from)
}

/// The programs, built as they are now; nothing is done when they are.
fn programs() -> PathBuf {
    if let Some(folder) = packed() {
        return folder;
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let built = Command::new(env!("CARGO")).current_dir(root).args(["build", "--workspace", "--locked", "--bins", "--quiet"]).status().expect("cargo");
    assert!(built.success(), "the programs are built");
    // target/debug/deps/it-… → target/debug
    std::env::current_exe().unwrap().parent().and_then(Path::parent).expect("a target folder").to_owned()
}

/// Some free port of this machine, out of those that no connection is given by chance (they begin at 32768): between the look and the emulator's bind
/// nobody takes it.
fn free() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let port = 16_384 + (std::process::id().wrapping_mul(64).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed))) % 16_384;
        if let Ok(listener) = std::net::TcpListener::bind(("127.0.0.1", u16::try_from(port).unwrap())) {
            return listener.local_addr().unwrap().port();
        }
    }
}

/// Everything that all functions are told, as template.yaml tells them.
struct Stage {
    app: App,
    transmission: Queue,
    refresh: Queue,
    demo: String,
    emulator: PathBuf,
    programs: PathBuf,
    folder: PathBuf,
}

/// One function in its sandbox.
struct Function {
    name: &'static str,
    url: String,
    child: Child,
    log: PathBuf,
    operations: Operations,
}

impl Drop for Function {
    fn drop(&mut self) {
        // Its program ends when nobody gives it work any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stage {
    fn start(&self, name: &'static str, program: &str, endpoint: String, operations: Operations) -> Function {
        let (api, front) = (free(), free());
        let log = self.folder.join(format!("{name}.log"));
        let keep = File::create(&log).unwrap();
        let system = &self.app.system;
        let child = Command::new(&self.emulator)
            .args(["--runtime-api-address", &format!("127.0.0.1:{api}"), "--runtime-interface-emulator-address", &format!("127.0.0.1:{front}")])
            .arg(self.programs.join(program))
            .current_dir(&self.folder)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_FUNCTION_NAME", name),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_LAMBDA_FUNCTION_TIMEOUT", "90"),
                ("AWS_REGION", "eu-west-3"),
                ("AWS_ACCESS_KEY_ID", "local"),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_ENDPOINT_URL_DYNAMODB", &endpoint),
                ("AWS_ENDPOINT_URL_SQS", &system.queues.endpoint),
                ("AWS_ENDPOINT_URL_KMS", &system.kms.endpoint),
                ("OPTOPEC_TABLE_MUTUELLES", "optopec-mutuelles"),
                ("OPTOPEC_TABLE_DOSSIERS", "optopec-dossiers"),
                ("OPTOPEC_TABLE_CREDITS", "optopec-credits"),
                ("OPTOPEC_CLE_KMS", &system.kms.cle),
                ("OPTOPEC_FILE_TRANSMISSION", &self.transmission.url),
                ("OPTOPEC_FILE_ACTUALISATION", &self.refresh.url),
                ("OPTOPEC_CONCENTRATEUR_DEMO_URL", &self.demo),
                ("OPTOPEC_CONCENTRATEUR_DEMO_JETON", "secret-de-la-demonstration"),
                ("OPTOPEC_LIMITES", "1"),
            ])
            .stdin(Stdio::null())
            .stdout(keep.try_clone().unwrap())
            .stderr(keep)
            .spawn()
            .expect("the emulator starts");
        Function { name, url: format!("http://127.0.0.1:{front}/{INVOKE}"), child, log, operations }
    }

    /// A function with the tables before it, and somebody between who writes down what it asks them.
    async fn function(&self, name: &'static str, program: &str) -> Function {
        let operations = Operations::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = (self.app.http.clone(), self.app.system.tables.endpoint.clone(), operations.clone());
        let between = Router::new().fallback(between).with_state(state);
        tokio::spawn(async move { axum::serve(listener, between).await });
        self.start(name, program, endpoint, operations)
    }

    /// The one message of a queue, as the event that Lambda makes of it.
    async fn message(&self, queue: &Queue) -> Value {
        for _ in 0..50 {
            let received = self.app.system.queues.client().receive_message().queue_url(&queue.url).wait_time_seconds(1).send().await.unwrap();
            if let Some(message) = received.messages().first() {
                let mut event: Value = serde_json::from_str(include_str!("evenements/sqs.json")).unwrap();
                let record = &mut event["Records"][0];
                record["messageId"] = message.message_id().into();
                record["receiptHandle"] = message.receipt_handle().into();
                record["body"] = message.body().into();
                record["md5OfBody"] = message.md5_of_body().into();
                record["eventSourceARN"] = queue.arn.as_str().into();
                return event;
            }
        }
        panic!("nothing on {}", queue.name);
    }
}

/// Passes a request on to the tables, and notes what it asks.
async fn between(
    State((http, tables, operations)): State<(reqwest::Client, String, Operations)>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::http::Response<axum::body::Body> {
    let operation = headers["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
    note(&operations, &operation, &serde_json::from_slice(&body).unwrap());
    let mut request = http.post(tables).body(body);
    for name in ["x-amz-target", "content-type", "authorization", "x-amz-date"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value.as_bytes());
        }
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = axum::http::Response::new(axum::body::Body::from(answer.bytes().await.unwrap()));
    *response.status_mut() = status;
    for (name, value) in &headers {
        if name.as_str().starts_with("x-amz") || name == "content-type" {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

fn note(operations: &Operations, operation: &str, asked: &Value) {
    let table = |request: &Value| request["TableName"].as_str().unwrap().trim_start_matches("optopec-").to_owned();
    let mut operations = operations.lock().unwrap();
    let mut add = |table: String, what: String| operations.entry(table).or_default().insert(what);
    match operation {
        "TransactWriteItems" => {
            for part in asked["TransactItems"].as_array().unwrap() {
                let (kind, request) = part.as_object().unwrap().iter().next().unwrap();
                add(table(request), format!("TransactWriteItems:{kind}"));
            }
        }
        "BatchGetItem" => {
            for name in asked["RequestItems"].as_object().unwrap().keys() {
                add(name.trim_start_matches("optopec-").to_owned(), operation.to_owned());
            }
        }
        "Query" => {
            let index = asked["IndexName"].as_str().map(|name| format!(":{name}")).unwrap_or_default();
            add(table(asked), format!("Query{index}"));
        }
        other => {
            add(table(asked), other.to_owned());
        }
    }
}

impl Function {
    /// One invocation: what the function answered.
    async fn invoke(&self, event: &Value) -> Value {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let begun = Instant::now();
        loop {
            match http.post(&self.url).json(event).send().await {
                Ok(answer) => {
                    let text = answer.text().await.unwrap();
                    return serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {text}\n{}", self.name, self.lines()));
                }
                // It does not listen yet.
                Err(error) => assert!(error.is_connect() && begun.elapsed() < Duration::from_secs(60), "{}: {error:?}\n{}", self.name, self.lines()),
            }
            tokio::task::yield_now().await;
        }
    }

    /// A request of the gateway, made by somebody; the answer's body.
    async fn call(&self, user: &User, (method, route): (&str, &str), id: &str, query: &str, body: Option<&Value>, status: u64) -> Value {
        let path = route.replace("{id}", id);
        let mut event: Value = serde_json::from_str(include_str!("evenements/api-gateway-v2.json")).unwrap();
        event["rawPath"] = path.as_str().into();
        event["rawQueryString"] = query.into();
        event["headers"]["idempotency-key"] = crate::app::key().into();
        event["requestContext"]["http"]["method"] = method.into();
        event["requestContext"]["http"]["path"] = path.as_str().into();
        event["requestContext"]["authorizer"]["jwt"]["claims"] = claims(user);
        // The template gives each route one event for all methods.
        event["routeKey"] = format!("ANY {route}").into();
        event["requestContext"]["routeKey"] = event["routeKey"].clone();
        if !id.is_empty() {
            event["pathParameters"] = json!({ "id": id });
        }
        if let Some(body) = body {
            event["body"] = body.to_string().into();
        }
        let answer = self.invoke(&event).await;
        assert_eq!(answer["statusCode"], status, "{} {method} {path}: {answer}\n{}", self.name, self.lines());
        let text = answer["body"].as_str().unwrap_or_default();
        if answer["isBase64Encoded"] == true {
            String::from_utf8_lossy(&STANDARD.decode(text).unwrap()).into_owned().into()
        } else {
            serde_json::from_str(text).unwrap_or(Value::Null)
        }
    }

    fn lines(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The most memory that its program has held, as the kernel counts it.
    fn memory_kib(&self) -> u64 {
        let parent = format!(" {} ", self.child.id());
        let programs = fs::read_dir("/proc").unwrap().flatten().filter(|process| {
            let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            // pid (name) state ppid …
            stat.rsplit_once(')').is_some_and(|(_, rest)| rest.get(2..).is_some_and(|rest| rest.starts_with(&parent)))
        });
        let status: String = programs.map(|process| fs::read_to_string(process.path().join("status")).unwrap_or_default()).collect();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most.unwrap_or_else(|| panic!("{}: its program has ended\n{}", self.name, self.lines()))
    }

    /// Nanoseconds that the emulator measured between two words of its log.
    fn measured(&self, before: &str, after: &str) -> Vec<u128> {
        let lines = self.lines();
        let values = lines.lines().filter_map(|line| line.split_once(before)?.1.split_once(after)).map(|(text, _)| {
            let (whole, rest) = text.rsplit_once(' ').map_or(text, |(_, number)| number).split_once('.').unwrap();
            format!("{whole}{rest:0<6}").parse().unwrap()
        });
        values.collect()
    }

    fn report(&self) {
        let init = self.measured("INIT REPORT(durationMs:", ")");
        let mut durations = self.measured("INVOKE RTDONE(status: success, produced bytes: 0, duration:", "ms)");
        let first = durations.remove(0);
        durations.sort_unstable();
        let warm = durations.get(durations.len() / 2).map_or("-".to_owned(), |d| format!("{} µs", d / 1_000));
        let memory = self.memory_kib();
        show(&format!("{:<20} init {:>8} µs  first {:>8} µs  warm {warm:>10}  {memory:>6} KiB", self.name, init[0] / 1_000, first / 1_000));
        assert!(packed().is_none() || self.name == "printing" || memory <= MEMORY_MAX_KIB, "{}: {memory} KiB, {MEMORY_MAX_KIB} at most", self.name);
    }
}

/// The table is to be read where the tests pass too.
#[expect(clippy::explicit_write, reason = "`println!` is shown for tests that fail only")]
fn show(line: &str) {
    writeln!(std::io::stdout(), "{line}").unwrap();
}

/// What a schedule of the template gives its function.
fn scheduled(name: &str) -> Value {
    let inputs = include_str!("../../template.yaml").lines().filter_map(|line| line.trim().strip_prefix("Input: '")?.strip_suffix('\''));
    let mut events = inputs.map(|input| serde_json::from_str::<Value>(input).unwrap());
    events.find(|event| event["horaire"] == name).unwrap_or_else(|| panic!("no schedule {name}"))
}

/// The claims of a token as a JWT authorizer hands them on: all of them texts.
fn claims(user: &User) -> Value {
    let part = user.jeton.split('.').nth(1).unwrap();
    let read: serde_json::Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    read.into_iter()
        .map(|(name, value)| (name, Value::from(value.as_str().map_or_else(|| value.to_string(), str::to_owned))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The API before the demonstration concentrator: requests become events of the built function.
async fn gateway(listener: TcpListener, demo: Arc<Function>) {
    let router = Router::new().fallback(|State(demo): State<Arc<Function>>, request: axum::extract::Request| async move {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let mut event: Value = serde_json::from_str(include_str!("evenements/api-gateway-v2.json")).unwrap();
        event["rawPath"] = parts.uri.path().into();
        event["rawQueryString"] = parts.uri.query().unwrap_or_default().into();
        event["headers"] = parts.headers.iter().map(|(k, v)| (k.to_string(), Value::from(v.to_str().unwrap()))).collect::<serde_json::Map<_, _>>().into();
        event["requestContext"]["http"]["method"] = parts.method.as_str().into();
        event["requestContext"]["http"]["path"] = parts.uri.path().into();
        event["requestContext"].as_object_mut().unwrap().remove("authorizer");
        event["body"] = String::from_utf8(body.to_vec()).unwrap().into();
        let answer = demo.invoke(&event).await;
        let mut response = axum::http::Response::builder().status(u16::try_from(answer["statusCode"].as_u64().unwrap()).unwrap());
        for (name, value) in answer["headers"].as_object().into_iter().flatten().filter(|(name, _)| *name != "content-length") {
            response = response.header(name, value.as_str().unwrap());
        }
        let text = answer["body"].as_str().unwrap_or_default();
        let body = if answer["isBase64Encoded"] == true { STANDARD.decode(text).unwrap() } else { text.as_bytes().to_vec() };
        response.body(axum::body::Body::from(body)).unwrap()
    });
    axum::serve(listener, router.with_state(demo)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_functions_do_the_main_job_under_the_emulator_of_aws_and_ask_only_for_what_their_roles_allow() {
    let folder = std::env::temp_dir().join(format!("optopec-deploye-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let options = Options { tick: Duration::from_secs(86_400), ..Options::default() };
    let app = App { system: System::start(options).await.expect("the system starts"), http: reqwest::Client::builder().no_proxy().build().unwrap() };
    // Queues that the local runner does not empty.
    let transmission = app.system.queues.create("deploye-transmission", "deploye-transmission-mortes", 5, 540).await.unwrap();
    let refresh = app.system.queues.create("deploye-actualisation", "deploye-actualisation-mortes", 5, 540).await.unwrap();
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let demo = format!("http://{}", door.local_addr().unwrap());
    let stage = Stage { app, transmission, refresh, demo, emulator: emulator(), programs: programs(), folder };
    let gerant = stage.app.user("demo", "GERANT").await;

    let concentrateur = Arc::new(stage.function("concentrateur-demo", "concentrateur-demo").await);
    tokio::spawn(gateway(door, concentrateur.clone()));
    let mutuelles = stage.function("mutuelles", "mutuelles").await;
    let dossiers = stage.function("dossiers", "dossiers").await;
    let submission = stage.function("pec-submission", "pec-submission").await;
    let transmission = stage.function("pec-transmission", "pec-transmission").await;
    let refresh = stage.function("status-refresh", "status-refresh").await;
    let credits = stage.function("credits", "credits").await;
    let printing = stage.function("printing", "printing").await;
    let mutuelles_nuit = stage.function("mutuelles-nuit", "mutuelles").await;
    let credits_nuit = stage.function("credits-nuit", "credits").await;

    mutuelles.call(&gerant, ("POST", "/v1/mutuelles/telechargement"), "", "", Some(&json!({})), 200).await;
    let found = mutuelles.call(&gerant, ("GET", "/v1/mutuelles"), "", "q=90000001", None, 200).await;
    let mutuelle = found["mutuelles"][0]["id"].as_str().expect("a mutuelle").to_owned();
    let made = dossiers.call(&gerant, ("POST", "/v1/dossiers"), "", "", Some(&dossier(&mutuelle, "DEMO-ACCORD-LIGNES")), 201).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let signed = json!({"signe_le": "2026-01-02", "canal": "PAPIER"});
    dossiers.call(&gerant, ("POST", "/v1/dossiers/{id}/consentement"), &id, "", Some(&signed), 200).await;
    dossiers.call(&gerant, ("GET", "/v1/dossiers/{id}"), &id, "", None, 200).await;
    // Who she is, the program reads in what the gateway says of her token.
    let (elsewhere, reader) = (stage.app.user("demo2", "GERANT").await, stage.app.user("demo", "LECTURE").await);
    dossiers.call(&elsewhere, ("GET", "/v1/dossiers/{id}"), &id, "", None, 404).await;
    dossiers.call(&reader, ("POST", "/v1/dossiers/{id}/consentement"), &id, "", Some(&signed), 403).await;
    let asked = json!({"nature": "PEC", "equipement": 1});
    let pec = submission.call(&gerant, ("POST", "/v1/dossiers/{id}/demandes"), &id, "", Some(&asked), 201).await;
    let pec = pec["id"].as_str().unwrap().to_owned();

    let event = stage.message(&stage.transmission).await;
    assert_eq!(transmission.invoke(&event).await, json!({"batchItemFailures": []}), "{}", transmission.lines());
    // Delivered once more, as a queue may: nothing is done twice.
    assert_eq!(transmission.invoke(&event).await, json!({"batchItemFailures": []}));
    assert_eq!(refresh.invoke(&event).await, json!({"batchItemFailures": []}));
    assert_eq!(refresh.invoke(&scheduled("balayage")).await, json!({"dues": 0}));

    let known = submission.call(&gerant, ("GET", "/v1/demandes/{id}"), &pec, "", None, 200).await;
    assert_eq!((&known["etat"], &known["credit"], &known["montant_global_centimes"]), (&json!("ACCORDEE"), &json!("CONSOMME"), &json!(30_000)), "{known}");
    submission.call(&gerant, ("GET", "/v1/demandes"), "", "", None, 200).await;
    let balance = credits.call(&gerant, ("GET", "/v1/credits"), "", "", None, 200).await;
    assert_eq!((&balance["disponibles"], &balance["reserves"], &balance["consommes"]), (&json!(99), &json!(0), &json!(1)));
    let ledger = credits.call(&gerant, ("GET", "/v1/credits/mouvements"), "", "", None, 200).await;
    assert_eq!(ledger["mouvements"].as_array().unwrap().len(), 3, "bought, held, used: {ledger}");
    for _ in 0..2 {
        let pdf = printing.call(&gerant, ("GET", "/v1/demandes/{id}/documents/reponse.pdf"), &pec, "", None, 200).await;
        assert!(pdf.as_str().unwrap().starts_with("%PDF-"), "{pdf}");
    }

    assert_eq!(mutuelles_nuit.invoke(&scheduled("conventions")).await, json!({"magasins": 1}), "{}", mutuelles_nuit.lines());
    let verified = credits_nuit.invoke(&scheduled("comptes")).await;
    assert_eq!((&verified["inexacts"], &verified["reste"]), (&json!(0), &Value::Null), "{verified}\n{}", credits_nuit.lines());
    assert!(verified["magasins"].as_u64().unwrap() >= 1, "{verified}");

    let all = [&*concentrateur, &mutuelles, &dossiers, &submission, &transmission, &refresh, &credits, &printing, &mutuelles_nuit, &credits_nuit];
    all.iter().for_each(|function| function.report());
    let seen: BTreeMap<&str, _> = all.iter().map(|function| (function.name, function.operations.lock().unwrap().clone())).collect();
    let file = stage.folder.join("operations.json");
    fs::write(&file, serde_json::to_vec_pretty(&seen).unwrap()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/aws/verifier/droits.py");
    let compared = Command::new(tools().join("bin/python")).arg("-B").arg(script).arg(&file).output().expect("infra/aws/verifier/verifier.sh installer");
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(compared.status.success(), "{said}{}", String::from_utf8_lossy(&compared.stderr));
    show(said.lines().last().unwrap_or_default());
    assert!(seen.values().all(|tables| !tables.is_empty()), "each of them asked the tables for something: {seen:?}");
    drop((mutuelles, dossiers, submission, transmission, refresh, credits, printing, mutuelles_nuit, credits_nuit));
    fs::remove_dir_all(&stage.folder).unwrap();
    stage.app.system.stop().await;
}
