//! Times of whole requests against the system in one process: front door, handler, tables over their wire.
//!
//! The baseline of the same run is `GET /v1/sante`, which reads nothing: what is above it is the handler and its tables. `make bench`.
//! What must hold, or the run fails: an import of 10,000 rows ends before the 29 s after which API Gateway gives up on an answer, and in less
//! than 512 MiB, client and tables included; 95 of 100 searches take less than 20 ms, so that a list keeps up with typing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark prints times and stops at the first surprise"
)]

use optopec_local::system::{Options, System};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;
const SEARCH_P95: Duration = Duration::from_millis(20);
const IMPORT_MAX: Duration = Duration::from_secs(29);
const PEAK_MIB: u64 = 512;

struct Api {
    http: reqwest::Client,
    url: String,
    jeton: String,
}

impl Api {
    async fn get(&self, path: &str) -> String {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.jeton).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
        answer.text().await.unwrap()
    }

    async fn post(&self, path: &str, kind: &str, key: &str, body: String) -> Value {
        let request =
            self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.jeton).header("content-type", kind).header("idempotency-key", key).body(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path} {}", answer.status());
        answer.json().await.unwrap()
    }
}

/// Peak memory of this process, in MiB, emulators and client included.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn csv(rows: usize, wrong_every: usize) -> String {
    let syllables = ["ré", "no", "va", "mu", "tu", "san", "té", "pro", "vi", "dence", "géné", "rale", "ou", "est", "lor", "raine", "al", "pha"];
    let mut csv = String::from("nom;plateau;identifiant;pec;annulation;adresse1;code_postal;localite;telephone\n");
    for n in 0..rows {
        let plateau = if wrong_every > 0 && n % wrong_every == 0 { "12".to_owned() } else { format!("7{n:07}") };
        let word = |k: usize| format!("{}{}{}", syllables[(n * 7 + k) % 18], syllables[(n / 18 + k * 5) % 18], syllables[(n / 324 + k) % 18]);
        csv.push_str(&format!("Mutuelle {} {} {n};{plateau};{plateau};OPT_LEN;oui;{n} rue de la Paix;75002;Paris;0199000000\n", word(1), word(2)));
    }
    csv
}

/// Prints the times and answers the 95th percentile.
fn show(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let p95 = times[times.len() * 95 / 100];
    println!("{what:<58} median {:>8.2?}   p95 {p95:>8.2?}   max {:>8.2?}", times[times.len() / 2], times[times.len() - 1]);
    p95
}

async fn measure(api: &Api, what: &str, path: &str) -> Duration {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        api.get(path).await;
        times.push(start.elapsed());
    }
    show(what, times)
}

#[tokio::main]
async fn main() {
    let system = System::start(Options { tick: Duration::from_secs(60), ..Options::default() }).await.unwrap();
    let http = reqwest::Client::new();
    let body: Value =
        http.post(format!("{}/local/jeton", system.url)).json(&json!({"magasin": "banc", "role": "GERANT"})).send().await.unwrap().json().await.unwrap();
    let api = Api { http, url: system.url.clone(), jeton: body["jeton"].as_str().unwrap().to_owned() };

    let start = Instant::now();
    let report = api.post("/v1/mutuelles/import", "text/csv", "banc-3000", csv(3_000, 0)).await;
    println!("import of {} mutuelles: {:.2?}", report["ajoutees"], start.elapsed());
    measure(&api, "baseline: GET /v1/sante", "/v1/sante").await;
    for (what, path) in [
        ("search over 3,000, whole word", "/v1/mutuelles?q=mutuelle%201234&limite=20"),
        ("search over 3,000, one typing mistake, no accents", "/v1/mutuelles?q=mutuele+santereno&limite=20"),
        ("search over 3,000, a piece of a plateau", "/v1/mutuelles?q=70001&limite=20"),
    ] {
        let p95 = measure(&api, what, path).await;
        assert!(p95 < SEARCH_P95, "{what}: {p95:?}");
    }

    let before = peak_mib();
    let start = Instant::now();
    let report = api.post("/v1/mutuelles/import", "text/csv", "banc-10000", csv(10_000, 100)).await;
    let (took, peak) = (start.elapsed(), peak_mib());
    println!(
        "import of 10,000 rows, {} taken or known, {} rejected: {took:.2?}; peak memory of the whole process {peak} MiB ({before} MiB before)",
        report["ajoutees"].as_u64().unwrap() + report["modifiees"].as_u64().unwrap() + report["inchangees"].as_u64().unwrap(),
        report["rejetees"].as_array().unwrap().len(),
    );
    assert!(took < IMPORT_MAX, "{took:?}");
    assert!(peak < PEAK_MIB, "{peak} MiB");
    system.stop().await;
}
