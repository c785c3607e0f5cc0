//! How long it takes to refuse an answer meant to harm, beside reading an ordinary one in the same run.
//!
//! `make bench`. Ends with code 1 when the slowest refusal took more than 50 ms, or when something was read that must not be.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and may stop")]

mod documents;

use documents::{HOSTILES, grant};
use optopec_concentrateur::Dialecte;
use optopec_domain::ids::DemandeId;
use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

const REFERENCE: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const TURNS: usize = 31;
const LIMIT: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    let reference: DemandeId = REFERENCE.parse().unwrap();
    let ordinary = grant(REFERENCE, r#"<Ligne numero="1"><MontantRC>1.00</MontantRC></Ligne><Message code="MUT-01">Accord</Message>"#);
    let [median, worst] = times(|| Dialecte::Opamc1.read_answer(black_box(ordinary.as_bytes()), &reference).is_ok());
    println!("{:>12} {:>12}  refus, médiane et pire de {TURNS}", "médiane", "pire");
    println!("{median:>12.1?} {worst:>12.1?}  une réponse ordinaire, lue ({} octets)", ordinary.len());
    let mut slowest = Duration::ZERO;
    for (what, make) in HOSTILES {
        let document = make(REFERENCE);
        let answer = times(|| Dialecte::Opamc1.read_answer(black_box(&document), &reference).is_err());
        let ack = times(|| Dialecte::Opamc1.read_ack(black_box(&document), &reference).is_err());
        let [median, worst] = [answer[0].max(ack[0]), answer[1].max(ack[1])];
        println!("{median:>12.1?} {worst:>12.1?}  {what} ({} octets)", document.len());
        slowest = slowest.max(worst);
    }
    println!("{} documents, le plus lent en {slowest:.1?} ; limite {LIMIT:?}", HOSTILES.len());
    if slowest <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Median and worst. What is timed must say that it did what it should.
fn times(run: impl Fn() -> bool) -> [Duration; 2] {
    let mut times: Vec<Duration> = (0..TURNS)
        .map(|_| {
            let started = Instant::now();
            let done = black_box(run());
            let time = started.elapsed();
            assert!(done, "a hostile document was read, or an ordinary one was not");
            time
        })
        .collect();
    times.sort();
    [times[TURNS / 2], times[TURNS - 1]]
}
