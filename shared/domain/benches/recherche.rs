//! How long a search takes over 3,000 mutuelles, beside a plain `contains` over the same folded names in the same run.
//!
//! `make bench`. The limit that a person feels is that of the whole request, 20 ms, which the bench `requetes` asserts; nothing is asserted here.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and may stop")]

use optopec_domain::{
    liste::{compose, parse_row},
    mutuelle::Ajouts,
    recherche::Index,
    texte,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const MUTUELLES: usize = 3_000;
const TURNS: usize = 201;

fn main() {
    let debuts = ["Mutuelle", "Prévoyance", "Assurances", "Santé", "Caisse", "Groupe", "Union", "Institution", "Société", "Complémentaire"];
    let milieux = [
        "Générale",
        "Familiale",
        "Nationale",
        "des Cheminots",
        "de l'Œil",
        "Atlantique",
        "Interprofessionnelle",
        "du Bâtiment",
        "Solidarité",
        "Étudiante",
        "Rhône-Alpes",
    ];
    let fiches: Vec<_> = (0..MUTUELLES)
        .map(|i| {
            // A word of its own for each name: the worst case for an index of words.
            let own: String = (0..6)
                .scan(i + 7, |n, _| {
                    let c = b"aeioulmnrstdpcv"[*n % 15];
                    *n = *n / 2 + i / 15 + 3;
                    Some(char::from(c))
                })
                .collect();
            let (nom, plateau) = (format!("{} {} {own} {i}", debuts[i % debuts.len()], milieux[i / 7 % milieux.len()]), format!("{:08}", 10_000_000 + i));
            parse_row(|c| match c {
                "nom" => Some(nom.as_str()),
                "plateau" | "identifiant" => Some(plateau.as_str()),
                "pec" => Some("OPT_LEN"),
                _ => None,
            })
            .unwrap()
        })
        .collect();
    let mutuelles = compose(&fiches, &Ajouts::default());
    let started = Instant::now();
    let index = Index::new(&mutuelles);
    println!("{MUTUELLES} mutuelles, index en {:?}", started.elapsed());
    let folded: Vec<String> = mutuelles.iter().map(|m| texte::fold(&m.fiche.nom)).collect();
    for q in ["", "m", "mutuelle", "generale fam", "mutuele genrale", "interprofesionelle", "10001", "zzzzzz", "solidarite cheminots 2"] {
        let search = median(|| index.search(black_box(q), None, 50).len());
        let plain = median(|| folded.iter().filter(|nom| nom.contains(texte::fold(black_box(q)).as_str())).take(50).count());
        println!("{q:>24} : {search:>10?} médiane (contains seul : {plain:?}), {} résultats", index.search(q, None, 50).len());
    }
}

fn median(run: impl Fn() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..TURNS)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed()
        })
        .collect();
    times.sort();
    times[TURNS / 2]
}
