//! How long an import of 10,000 rows takes from bytes to decision, 100 of them wrong, with the peak of memory; beside it the bare reading
//! of the same bytes by the `csv` crate, in the same run.
//!
//! `make bench`. The limit is 20,000 rows and 4 MiB (`domain::limites`).

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and may stop")]

use optopec_domain::{ids::MagasinId, liste, mutuelle::Ajouts};
use optopec_mutuelles::lignes;
use std::{fmt::Write, fs, hint::black_box, time::Instant};

const LIGNES: usize = 10_000;
const FAUSSES: usize = 100;
const TURNS: usize = 5;

fn main() {
    let mut csv = liste::COLONNES.join(";");
    csv.push('\n');
    for i in 0..LIGNES {
        let plateau = if i % (LIGNES / FAUSSES) == 0 { "12".to_owned() } else { format!("{:08}", 10_000_000 + i) };
        writeln!(
            csv,
            "Mutuelle d'essai n° {i};{plateau};{plateau};OPT_LEN;oui;numero_adherent;;{i} rue de l'Œil;;99000;Exempleville;01 99 00 00 00;;;;;Rien;non;non;non"
        )
        .unwrap();
    }
    let magasin: MagasinId = "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
    println!("{LIGNES} lignes dont {FAUSSES} fausses, {} Kio, mémoire de départ {} Kio", csv.len() / 1024, peak_kio());
    for _ in 0..TURNS {
        let started = Instant::now();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_bytes());
        let cells: usize = reader.records().map(|row| row.unwrap().iter().map(str::len).sum::<usize>()).sum();
        let bare = started.elapsed();
        black_box(cells);
        let started = Instant::now();
        let fichier = lignes::read(csv.as_bytes()).unwrap();
        let parsed = started.elapsed();
        let (ajouts, rapport) = liste::import(&[], &Ajouts::default(), &magasin, fichier.lignes, &fichier.absentes);
        let all = started.elapsed();
        assert_eq!((rapport.ajoutees, rapport.rejetees.len(), ajouts.propres.len()), (LIGNES - FAUSSES, FAUSSES, LIGNES - FAUSSES));
        println!("lecture {parsed:?}, avec décision {all:?} (csv seul : {bare:?}), pic {} Kio", peak_kio());
    }
}

/// The most memory this process ever had (Linux).
fn peak_kio() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
