//! Search of a mutuelle as a counter assistant types it: part of the name, of the plateau or of the identifiant, without accents or
//! capitals, with a typing mistake forgiven.
//!
//! What must hold: every word of the query is found in the mutuelle; the best come first (beginning of the name, beginning of a word,
//! inside a word, beginning then part of a number, words run together, a mistake), those that left the conventions last; nothing is
//! allocated per mutuelle while searching. Each word of the names is looked at once per query, however many names have it.
//!
//! Deliberately absent: any ranking by use, and every language but the spelling itself. The rule is that of the mutuelle window of
//! the MyEasyOptic manual (« tapez le nom (ou en partie) de la mutuelle ou du plateau »).

use crate::{
    limites::RECHERCHE_CARACTERES_MAX,
    mutuelle::{Mutuelle, Pec},
    texte,
};
use std::collections::HashMap;

/// Letters up to which a word may carry mistakes; longer ones must be spelt right.
const FAUTE_LETTRES_MAX: usize = 40;
/// Mistakes forgiven at most, see [`forgiven`].
const FAUTES_MAX: usize = 2;
/// From this length on a mistake is also forgiven in a word that is still being typed.
const DEBUT_LETTRES_MIN: usize = 5;

/// How well something matches; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Accord {
    Nom,
    DebutDuNom,
    DebutDeMot,
    DansUnMot,
    DebutDeNumero,
    DansUnNumero,
    MotsColles,
    Faute,
    FauteAuDebut,
}

/// A word that at least one name has.
struct Mot {
    texte: Box<str>,
    lettres: Box<[char]>,
    masque: u32,
}

struct Entree {
    nom: Box<str>,
    sans_espaces: Box<str>,
    mots: Box<[usize]>,
    plateau: Box<str>,
    identifiant: Box<str>,
    pec: Pec,
    retiree: bool,
    /// Place in the order of names.
    rang: usize,
}

/// What is searched, made once from a list.
pub struct Index {
    entrees: Vec<Entree>,
    mots: Vec<Mot>,
}

impl Index {
    /// Over a list; results are positions in it.
    pub fn new(mutuelles: &[Mutuelle]) -> Self {
        let (mut mots, mut known) = (Vec::new(), HashMap::<String, usize>::new());
        let mut entrees = Vec::with_capacity(mutuelles.len());
        for mutuelle in mutuelles {
            let nom = texte::fold(&mutuelle.fiche.nom);
            let ids = nom
                .split(' ')
                .map(|mot| {
                    *known.entry(mot.to_owned()).or_insert_with(|| {
                        let lettres: Box<[char]> = mot.chars().collect();
                        mots.push(Mot { texte: mot.into(), masque: mask(&lettres), lettres });
                        mots.len() - 1
                    })
                })
                .collect();
            let numero = |part: fn(&crate::mutuelle::Routage) -> &crate::mutuelle::Plateau| {
                mutuelle.fiche.routage.as_ref().map(|r| part(r).as_str().into()).unwrap_or_default()
            };
            entrees.push(Entree {
                sans_espaces: nom.replace(' ', "").into(),
                mots: ids,
                plateau: numero(|r| &r.plateau),
                identifiant: numero(|r| &r.identifiant),
                pec: mutuelle.fiche.pec,
                retiree: mutuelle.retiree,
                rang: 0,
                nom: nom.into(),
            });
        }
        let mut order: Vec<usize> = (0..entrees.len()).collect();
        order.sort_by(|a, b| entrees[*a].nom.cmp(&entrees[*b].nom).then(a.cmp(b)));
        for (rang, position) in order.into_iter().enumerate() {
            entrees[position].rang = rang;
        }
        Self { entrees, mots }
    }

    /// The positions of the best `limit` mutuelles, best first; an empty query gives all of them by name.
    pub fn search(&self, q: &str, pec: Option<Pec>, limit: usize) -> Vec<usize> {
        let q: String = texte::fold(&q.chars().take(RECHERCHE_CARACTERES_MAX).collect::<String>());
        let mut words: Vec<&str> = q.split(' ').filter(|w| !w.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        let matches: Vec<(&str, Vec<Option<Accord>>)> = words.into_iter().map(|word| (word, self.match_words(word))).collect();
        let together = q.replace(' ', "");
        let mut found: Vec<_> = (0..)
            .zip(&self.entrees)
            .filter(|(_, entree)| pec.is_none_or(|pec| pec == entree.pec))
            .filter_map(|(position, entree)| {
                let (worst, sum) = entree.score(&q, &together, &matches)?;
                Some((entree.retiree, worst, sum, entree.rang, position))
            })
            .collect();
        found.sort_unstable();
        found.into_iter().take(limit).map(|(.., position)| position).collect()
    }

    /// How one word of the query matches each known word.
    fn match_words(&self, word: &str) -> Vec<Option<Accord>> {
        let lettres: Vec<char> = word.chars().collect();
        let (masque, fautes) = (mask(&lettres), forgiven(lettres.len()));
        let one = |mot: &Mot| {
            if mot.texte.starts_with(word) {
                return Some(Accord::DebutDeMot);
            }
            if mot.texte.contains(word) {
                return Some(Accord::DansUnMot);
            }
            // Each mistake brings at most one letter that the other word does not have.
            let strange = (masque & !mot.masque).count_ones() as usize;
            let too_long = mot.lettres.len() > lettres.len() + fautes && lettres.len() < DEBUT_LETTRES_MIN;
            if fautes == 0 || strange > fautes || lettres.len() > mot.lettres.len() + fautes || too_long {
                return None;
            }
            let (whole, start) = distances(&lettres, &mot.lettres, fautes)?;
            if whole <= fautes {
                return Some(Accord::Faute);
            }
            (start <= fautes && lettres.len() >= DEBUT_LETTRES_MIN).then_some(Accord::FauteAuDebut)
        };
        self.mots.iter().map(one).collect()
    }
}

impl Entree {
    /// The worst and the sum of the matches of all words; `None` when one is missing.
    fn score(&self, q: &str, together: &str, matches: &[(&str, Vec<Option<Accord>>)]) -> Option<(Accord, usize)> {
        if *self.nom == *q {
            return Some((Accord::Nom, 0));
        }
        if self.nom.starts_with(q) {
            return Some((Accord::DebutDuNom, 0));
        }
        let (mut worst, mut sum) = (Accord::Nom, 0);
        for (word, accords) in matches {
            let by_name = self.mots.iter().filter_map(|mot| accords.get(*mot).copied().flatten()).min();
            let Some(accord) = by_name.into_iter().chain(self.numero(word)).min() else {
                // « mgen » for « M.G.E.N. », « mutu elle » for « mutuelle ».
                return (together.len() >= 3 && self.sans_espaces.contains(together)).then_some((Accord::MotsColles, 0));
            };
            worst = worst.max(accord);
            sum += accord as usize;
        }
        Some((worst, sum))
    }

    fn numero(&self, word: &str) -> Option<Accord> {
        if self.plateau.starts_with(word) || self.identifiant.starts_with(word) {
            Some(Accord::DebutDeNumero)
        } else if self.plateau.contains(word) || self.identifiant.contains(word) {
            Some(Accord::DansUnNumero)
        } else {
            None
        }
    }
}

/// Mistakes forgiven in a word of so many letters.
const fn forgiven(letters: usize) -> usize {
    match letters {
        3..=7 => 1,
        8..=FAUTE_LETTRES_MAX => FAUTES_MAX,
        _ => 0,
    }
}

/// A set of letters in 32 bits; different letters may share one.
fn mask(letters: &[char]) -> u32 {
    letters.iter().fold(0, |mask, letter| mask | 1 << (*letter as u32 & 31))
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) from `typed` to the whole of `word`, and
/// to its nearest beginning; `None` when both are more than `max`, which bounds the columns looked at.
fn distances(typed: &[char], word: &[char], max: usize) -> Option<(usize, usize)> {
    const COLUMNS: usize = FAUTE_LETTRES_MAX + FAUTES_MAX + 2;
    let columns = word.len().min(typed.len() + max + 1).min(COLUMNS - 1);
    let word_seen = &word[..columns];
    let (mut before, mut above, mut row) = ([0; COLUMNS], [0; COLUMNS], [0; COLUMNS]);
    for (j, cell) in above.iter_mut().enumerate() {
        *cell = j;
    }
    for (i, letter) in typed.iter().enumerate() {
        row[0] = i + 1;
        let mut least = row[0];
        for (j, other) in word_seen.iter().enumerate() {
            let mut cost = (above[j] + usize::from(letter != other)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == word_seen[j - 1] && typed[i - 1] == *other {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if least > max {
            return None;
        }
        (before, above, row) = (above, row, before);
    }
    let start = above[..=columns].iter().copied().min().unwrap_or(usize::MAX);
    let whole = if columns == word.len() { above[columns] } else { usize::MAX };
    Some((whole, start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        liste::{compose, parse_row},
        mutuelle::{Ajouts, Fiche},
    };
    use proptest::prelude::*;

    fn fiche(nom: &str, plateau: &str) -> Fiche {
        parse_row(|c| match c {
            "nom" => Some(nom),
            "plateau" | "identifiant" => Some(plateau),
            "pec" if !plateau.is_empty() => Some(if plateau.ends_with('2') { "OPT" } else { "OPT_LEN" }),
            _ => None,
        })
        .unwrap()
    }

    fn list() -> Vec<Mutuelle> {
        let fiches = [
            fiche("ADPR", "75809426"),
            fiche("AG2R LA MONDIALE", "00401737"),
            fiche("ALPTIS ASSURANCES", ""),
            fiche("Harmonie Mutuelle", "00403222"),
            fiche("La Mutuelle Générale", ""),
            fiche("M.G.E.N.", ""),
            fiche("Malakoff Humanis", ""),
            fiche("Mutuelle Générale de l'Œil", "12345678"),
        ];
        compose(&fiches, &Ajouts::default())
    }

    fn check(q: &str, expected: &[&str]) {
        let list = list();
        let found: Vec<_> = Index::new(&list).search(q, None, 100).into_iter().map(|i| list[i].fiche.nom.clone()).collect();
        assert_eq!(found, expected, "{q}");
    }

    #[test]
    fn by_part_of_the_name_best_first() {
        check("mutuelle", &["Mutuelle Générale de l'Œil", "Harmonie Mutuelle", "La Mutuelle Générale"]);
        check("MUTUELLE GENERALE", &["Mutuelle Générale de l'Œil", "La Mutuelle Générale"]);
        check("générale mutuelle", &["La Mutuelle Générale", "Mutuelle Générale de l'Œil"]);
        check("oeil", &["Mutuelle Générale de l'Œil"]);
        check("monde", &["AG2R LA MONDIALE"]);
        check("ssur", &["ALPTIS ASSURANCES"]);
        check("mgen", &["M.G.E.N."]);
        check("harmonie générale", &[]);
        check("zzz", &[]);
    }

    #[test]
    fn by_plateau_or_identifiant() {
        check("75809426", &["ADPR"]);
        check("0040", &["AG2R LA MONDIALE", "Harmonie Mutuelle"]);
        check("9426", &["ADPR"]);
        check("harmonie 00403222", &["Harmonie Mutuelle"]);
    }

    #[test]
    fn one_typing_mistake_is_forgiven() {
        for q in ["adrp", "apdr", "adpe", "adppr", "adr"] {
            check(q, &["ADPR"]);
        }
        for q in ["harmnoie", "harmoni e", "armonie", "harmonnie", "harmomie", "hramonei"] {
            check(q, &["Harmonie Mutuelle"]);
        }
        // Still being typed.
        check("malalof", &["Malakoff Humanis"]);
        // Two mistakes in a short word are another word.
        check("darp", &[]);
    }

    #[test]
    fn an_empty_query_gives_all_by_name() {
        check(
            "  ",
            &[
                "ADPR",
                "AG2R LA MONDIALE",
                "ALPTIS ASSURANCES",
                "Harmonie Mutuelle",
                "La Mutuelle Générale",
                "M.G.E.N.",
                "Malakoff Humanis",
                "Mutuelle Générale de l'Œil",
            ],
        );
        assert_eq!(Index::new(&list()).search("", None, 3).len(), 3);
        assert!(Index::new(&[]).search("a", None, 3).is_empty());
    }

    #[test]
    fn the_pec_column_filters() {
        let list = list();
        let names = |pec| Index::new(&list).search("", Some(pec), 100).into_iter().map(|i| list[i].fiche.nom.clone()).collect::<Vec<_>>();
        assert_eq!(names(Pec::Opt), ["Harmonie Mutuelle"]);
        assert_eq!(names(Pec::OptLen), ["ADPR", "AG2R LA MONDIALE", "Mutuelle Générale de l'Œil"]);
    }

    #[test]
    fn what_left_the_conventions_comes_last() {
        let mut list = list();
        list[0].retiree = true;
        let found = Index::new(&list).search("", None, 100);
        assert_eq!(found.last(), Some(&0));
    }

    proptest! {
        #[test]
        fn distances_agree_with_the_definition(typed in "[abc]{1,9}", word in "[abc]{1,12}") {
            let (t, w): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
            let whole = strsim::osa_distance(&typed, &word);
            let start = (0..=w.len()).map(|n| strsim::osa_distance(&typed, &w[..n].iter().collect::<String>())).min().unwrap();
            for max in 1..=FAUTES_MAX {
                match distances(&t, &w, max) {
                    Some(found) => {
                        prop_assert_eq!(found.0 <= max, whole <= max);
                        prop_assert_eq!(found.1 <= max, start <= max);
                    }
                    None => prop_assert!(start > max && whole > max),
                }
            }
        }
    }
}
