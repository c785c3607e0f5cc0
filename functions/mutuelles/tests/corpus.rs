//! The corpus of the fuzzers, through the same functions that they call, at every `make test`.
//!
//! It stands here because this crate alone knows every reader that is fuzzed. Where the files come from: `make fuzz`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so by panicking")]

#[path = "../../../fuzz/src/proprietes.rs"]
mod proprietes;

use optopec_lambda::csv;
use optopec_mutuelles::lignes;
use std::{fs, path::Path};

/// All files together: bytes.
const CORPUS_OCTETS_MAX: usize = 200_000;

fn corpus(cible: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(cible);
    let files: Vec<Vec<u8>> = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!((5..=100).contains(&files.len()), "{cible}: {} files", files.len());
    files
}

#[test]
fn what_must_hold_of_each_reader_holds_for_the_corpus() {
    let mut octets = 0;
    for (cible, property) in [("xml", proprietes::xml as fn(&[u8])), ("csv", proprietes::csv), ("nir", proprietes::nir), ("montant", proprietes::montant)] {
        for file in corpus(cible) {
            octets += file.len();
            property(&file);
        }
    }
    assert!(octets <= CORPUS_OCTETS_MAX, "{octets} bytes: the corpus is kept small (cargo fuzz cmin)");
}
