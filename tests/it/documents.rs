//! docs/asvs.md and docs/securite.md: what can be counted is counted, what is named is there.
//!
//! What must hold: every requirement of levels 1 and 2 stands once, with a state; the totals are those of the rows; a file or a test that
//! is named as evidence exists. Deliberately absent: whether the evidence is good, which a person judges.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Requirements of OWASP ASVS 5.0.0 by level, counted in the standard's own CSV.
const EXIGENCES: [(&str, usize); 2] = [("1", 70), ("2", 183)];
const ETATS: [&str; 3] = ["fait", "sans objet", "ouvert"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The cells of every line of every table.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")).map(|line| line.split(" | ").collect()).collect()
}

/// `V1` of `V1.2.3`; nothing of a row that is no requirement.
fn chapter(numero: &str) -> Option<&str> {
    let (chapter, rest) = numero.split_once('.')?;
    (chapter.starts_with('V') && rest.contains('.')).then_some(chapter)
}

#[test]
fn the_totals_of_the_asvs_are_those_of_its_rows() {
    let text = read("docs/asvs.md");
    let rows = rows(&text);
    let mut counted: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let Some(chapter) = chapter(row[0]) else { continue };
        let [numero, niveau, exigence, etat, comment] = row[..] else { panic!("five cells: {row:?}") };
        assert!(seen.insert(numero), "{numero} stands twice");
        assert!(!exigence.is_empty() && !comment.is_empty(), "{numero} says too little");
        assert!(etat != "fait" || comment.contains(['`', '⧗']), "{numero} is done, and nothing shows it");
        let column = ETATS.iter().position(|known| *known == etat).unwrap_or_else(|| panic!("{numero}: {etat}"));
        *levels.entry(niveau).or_default() += 1;
        for key in [chapter, "Total"] {
            let counts = counted.entry(key).or_default();
            counts[column] += 1;
            counts[3] += 1;
        }
    }
    let told: BTreeMap<&str, [usize; 4]> = rows
        .iter()
        .filter(|row| row.len() == 5 && counted.contains_key(row[0]))
        .map(|row| (row[0], std::array::from_fn(|i| row[i + 1].parse().unwrap())))
        .collect();
    assert_eq!(told, counted);
    assert_eq!(levels, BTreeMap::from(EXIGENCES));
}

#[test]
fn what_is_named_as_evidence_exists() {
    for document in ["docs/asvs.md", "docs/securite.md"] {
        let text = read(document);
        let quoted = text.split('`').skip(1).step_by(2);
        let is_file = |path: &str| path.starts_with("docs/") || [".rs", ".ts", ".tsx", ".yaml"].iter().any(|end| path.ends_with(end));
        let named: Vec<(&str, &str)> = quoted.map(|quote| quote.split_once(": ").unwrap_or((quote, ""))).filter(|(path, _)| is_file(path)).collect();
        assert!(!named.is_empty(), "{document} names nothing");
        for (path, test) in named {
            // A test of the web client is called by its title.
            let definition = if path.ends_with(".rs") { format!("fn {test}(") } else { format!("(\"{test}\"") };
            assert!(test.is_empty() || read(path).contains(&definition), "{document} names {test}, which is not in {path}");
            assert!(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path).is_file(), "{document} names {path}");
        }
    }
}
