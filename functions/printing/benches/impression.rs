//! How long a document takes and what 10,000 of them leave in memory, beside WeasyPrint on the same content in the same run.
//!
//! `make bench-print`, which keeps it on one core. What must hold, or the run fails, for the ordinary case of each document: 15 ms at the median
//! when warm; 60 ms from the start of the process to the first PDF; memory that stays where the first thousand left it, and under 80 MiB. The
//! longest case (40 lines, every text as long as it may be: up to forty-five pages) is printed and has no limit. The content is that of the tests,
//! with other digits, names and products in every document, and the four kinds take turns: what is fast is never the document before. The peer
//! (`pair_weasyprint.py`, whose Python is the only argument) sets the same data in the same face as tagged PDF/A-2a; it is left out when no argument names it. Deliberately absent: HTTP and tables, whose time is in the bench `requetes`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "a benchmark prints times and stops at the first surprise; of the sources of the crate, which shows none of this, it uses a part"
)]

#[path = "../src/consentement.rs"]
mod consentement;
#[path = "../src/devis.rs"]
mod devis;
#[path = "../src/essais.rs"]
mod essais;
#[path = "../src/exemples.rs"]
mod exemples;
#[path = "../src/fax.rs"]
mod fax;
#[path = "../src/moteur.rs"]
mod moteur;
#[path = "../src/reponse.rs"]
mod reponse;
#[path = "../src/texte.rs"]
mod texte;

use essais::{ALL, Monde, longest};
use moteur::{Modele, imprimer};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

const WARM: usize = 200;
const WARM_LONGEST: usize = 50;
const COLD: usize = 20;
const IN_ONE_PROCESS: usize = 10_000;
const PEER_WARM: usize = 25;
const PEER_WARM_LONGEST: usize = 2;
const PEER_COLD: usize = 10;

const WARM_MAX: Duration = Duration::from_millis(15);
const COLD_MAX: Duration = Duration::from_millis(60);
const PEAK_MAX_KIB: u64 = 80 * 1024;

/// What a shop types in the ordinary case, and the name of the person in the longest: other letters in every document.
const TYPED: [&str; 12] = [
    "MONTFORT",
    "Fabienne",
    "BENEFICIAIRE",
    "BESNAINOU",
    "Anne",
    "Optique du test",
    "Camille",
    "Mutuelle Démo",
    "rue de l'Œil",
    "PARIS",
    "ESSILOR Advans Orma Optifog UV Org",
    "DOLCE GABBANA",
];

/// One document, with the data of one turn.
struct Cas {
    modele: Modele,
    longest: bool,
    donnees: Value,
}

/// As long as before: other digits everywhere, other letters in what is typed.
fn other(value: &Value, turn: usize) -> Value {
    let turned = |c: char, i: usize, first: u8, many: usize| {
        let step = (turn * 7 + i * 5 + turn / many) % many;
        char::from(first + u8::try_from((c as usize - usize::from(first) + step) % many).unwrap())
    };
    match value {
        Value::String(text) => {
            let typed = TYPED.iter().fold(text.clone(), |text, typed| {
                let letter = |(i, c): (usize, char)| match c {
                    'A'..='Z' => turned(c, i, b'A', 26),
                    'a'..='z' => turned(c, i, b'a', 26),
                    _ => c,
                };
                text.replace(typed, &typed.chars().enumerate().map(letter).collect::<String>())
            });
            Value::String(typed.chars().enumerate().map(|(i, c)| if c.is_ascii_digit() { turned(c, i, b'0', 10) } else { c }).collect())
        }
        Value::Array(elements) => elements.iter().map(|element| other(element, turn)).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(|(name, field)| (name.clone(), other(field, turn))).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

impl Cas {
    fn of(modele: Modele, is_longest: bool) -> Self {
        let monde = if is_longest { longest() } else { Monde::manual() };
        Self { modele, longest: is_longest, donnees: monde.donnees(modele) }
    }

    fn name(&self) -> String {
        format!("{:?}{}", self.modele, if self.longest { ", longest" } else { "" }).to_lowercase()
    }

    fn print(&self, turn: usize) -> (Duration, usize) {
        let donnees = other(&self.donnees, turn);
        let started = Instant::now();
        let octets = imprimer(self.modele, donnees, exemples::now()).unwrap();
        (started.elapsed(), octets.len())
    }
}

/// Sorted times.
struct Temps(Vec<Duration>);

impl Temps {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    fn show(&self, what: &str) -> Duration {
        println!(
            "{what:<36} median {:>9.2?}   p95 {:>9.2?}   worst {:>9.2?}   ({})",
            self.median(),
            self.0[self.0.len() * 95 / 100],
            self.0[self.0.len() - 1],
            self.0.len()
        );
        self.median()
    }
}

fn ratio(peer: Duration, own: Duration) -> String {
    let tenths = peer.as_micros() * 10 / own.as_micros().max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A line of `/proc/self/status`, in KiB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find(|l| l.starts_with(name)).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// From the start of a process to its end, which is that of its first document.
fn cold(command: &mut Command, times: usize) -> Temps {
    let once = |_| {
        let started = Instant::now();
        let output = command.stderr(Stdio::inherit()).output().unwrap();
        let took = started.elapsed();
        assert!(output.status.success() && output.stdout.starts_with(b"%PDF"), "{command:?}: {}", output.status);
        took
    };
    Temps::of((0..times).map(once).collect())
}

/// In a process of its own: what 10,000 documents leave, and whether that is too much.
fn many() -> ExitCode {
    let cases = ALL.map(|modele| Cas::of(modele, false));
    let (mut first, mut last) = (0, 0);
    for turn in 1..=IN_ONE_PROCESS {
        cases[turn % cases.len()].print(turn);
        if turn % 1_000 == 0 {
            last = memory("VmRSS:");
            println!("memory after {turn:>6} documents       {last:>7} KiB");
            if turn == 1_000 {
                first = last;
            }
        }
    }
    let peak = memory("VmHWM:");
    println!("memory, peak of all of them          {peak:>7} KiB");
    for modele in ALL {
        let (_, octets) = Cas::of(modele, true).print(0);
        println!("memory, peak after the longest {:<12} {:>7} KiB ({octets} bytes)", format!("{modele:?}").to_lowercase(), memory("VmHWM:"));
    }
    if last * 10 <= first * 11 && peak < PEAK_MAX_KIB { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The peer, as it wants its content: files in a folder of ours.
struct Pair {
    python: PathBuf,
    folder: PathBuf,
}

impl Pair {
    fn new(python: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("optopec-impression-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("regular.ttf"), notosans::REGULAR_TTF).unwrap();
        std::fs::write(folder.join("bold.ttf"), notosans::BOLD_TTF).unwrap();
        Self { python: python.into(), folder }
    }

    fn command(&self, cas: &Cas, times: usize) -> Command {
        let file = self.folder.join(format!("{}.json", cas.name()));
        let donnees = other(&cas.donnees, 0);
        std::fs::write(&file, json!({"modele": format!("{:?}", cas.modele).to_lowercase(), "donnees": donnees}).to_string()).unwrap();
        let mut command = Command::new(&self.python);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pair_weasyprint.py")).arg(file).arg(times.to_string());
        command
    }

    /// The times that it took itself, in nanoseconds, one a line.
    fn warm(&self, cas: &Cas, times: usize) -> Temps {
        let output = self.command(cas, times).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "pair_weasyprint.py: {}", output.status);
        Temps::of(String::from_utf8(output.stdout).unwrap().lines().map(|l| Duration::from_nanos(l.parse().unwrap())).collect())
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn main() -> ExitCode {
    // `cargo bench` adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let named = |name: &str| ALL.into_iter().find(|m| format!("{m:?}") == name);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["premier", name] => {
            use std::io::Write;
            let cas = Cas::of(named(name).unwrap(), false);
            std::io::stdout().write_all(&imprimer(cas.modele, other(&cas.donnees, 1), exemples::now()).unwrap()).unwrap();
            ExitCode::SUCCESS
        }
        ["memoire"] => many(),
        [] => compare(None),
        [python] => compare(Some(&Pair::new(python))),
        _ => ExitCode::FAILURE,
    }
}

/// The times of each of the cases, which take turns, after a turn that is not counted.
fn warm(cases: &[Cas], turns: usize) -> Vec<Temps> {
    let mut times = vec![Vec::new(); cases.len()];
    for turn in 0..=turns {
        for (cas, times) in cases.iter().zip(&mut times) {
            let (took, _) = cas.print(turn);
            if turn > 0 {
                times.push(took);
            }
        }
    }
    times.into_iter().map(Temps::of).collect()
}

/// The median of a case, and that of the peer.
fn show_warm(cas: &Cas, own: &Temps, pair: Option<&Pair>, peer: usize) -> Duration {
    let median = own.show(&format!("{}, warm", cas.name()));
    if let Some(pair) = pair {
        println!("  WeasyPrint / optopec {:>18}", ratio(pair.warm(cas, peer).show("  WeasyPrint"), median));
    }
    median
}

fn compare(pair: Option<&Pair>) -> ExitCode {
    println!("{} core(s)", std::thread::available_parallelism().unwrap());
    let mut failed = Vec::new();
    let own = std::env::current_exe().unwrap();
    let cases = ALL.map(|modele| Cas::of(modele, false));
    for (cas, times) in cases.iter().zip(warm(&cases, WARM)) {
        let median = show_warm(cas, &times, pair, PEER_WARM);
        if median > WARM_MAX {
            failed.push(format!("{}, warm: {median:.2?} > {WARM_MAX:?}", cas.name()));
        }
        let median = cold(Command::new(&own).args(["premier", &format!("{:?}", cas.modele)]), COLD).show(&format!("{}, cold", cas.name()));
        if median > COLD_MAX {
            failed.push(format!("{}, cold: {median:.2?} > {COLD_MAX:?}", cas.name()));
        }
        if let Some(pair) = pair {
            println!("  WeasyPrint / optopec {:>18}", ratio(cold(&mut pair.command(cas, 0), PEER_COLD).show("  WeasyPrint"), median));
        }
    }
    if !Command::new(&own).arg("memoire").status().unwrap().success() {
        failed.push(format!("memory: it grows by more than a tenth, or is above {PEAK_MAX_KIB} KiB"));
    }
    let longest = ALL.map(|modele| Cas::of(modele, true));
    for (cas, times) in longest.iter().zip(warm(&longest, WARM_LONGEST)) {
        show_warm(cas, &times, pair, PEER_WARM_LONGEST);
    }
    for failure in &failed {
        println!("LIMIT PASSED: {failure}");
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
