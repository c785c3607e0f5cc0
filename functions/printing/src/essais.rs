//! The PDFs themselves, looked at with other people's tools (poppler, qpdf: `tests/prepare` installs them).
//!
//! What must hold for every document: what it says, in reading order, is the text that is committed; it is tagged, in French, PDF/A-2a and
//! PDF/UA-1 by its own words; where something is signed stands on the page of what is signed; whatever was typed, it is made, says what was
//! typed, and nothing runs off the page. Deliberately absent: a conformance checker (veraPDF is Java, and in no registry of ours).

use crate::{
    consentement, devis, exemples, fax,
    moteur::{Modele, imprimer},
    reponse,
};
use optopec_domain::{
    centimes::Centimes,
    conservation::Conservation,
    demande::{Demande, Etat, ReponseRecue},
    dossier::{Categorie, Dossier, Equipement, Ligne},
    limites::{COURT_CARACTERES_MAX, DESIGNATION_CARACTERES_MAX, LIGNES_PAR_EQUIPEMENT_MAX, NOM_CARACTERES_MAX, REMARQUE_CARACTERES_MAX},
    lpp::Referentiel,
    magasin::{ChampFacultatif, Magasin, Mode, Transmission},
    montants,
    mutuelle::Mutuelle,
};
use serde_json::Value;
use std::{
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
};

/// A document in a file, as long as the test looks at it.
struct Papier(PathBuf);

impl Drop for Papier {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Everything that the four documents are made of.
pub struct Monde {
    magasin: Magasin,
    mutuelle: Mutuelle,
    dossier: Dossier,
    offre_sante: Option<Equipement>,
    demande: Demande,
}

impl Monde {
    pub fn manual() -> Self {
        Self {
            magasin: exemples::magasin(),
            mutuelle: exemples::mutuelle(),
            dossier: exemples::dossier(),
            offre_sante: None,
            demande: exemples::demande(Etat::Accordee),
        }
    }

    pub fn donnees(&self, modele: Modele) -> Value {
        let Self { magasin, mutuelle, dossier, offre_sante, demande } = self;
        let equipement = &dossier.equipements[0];
        let contenu = exemples::contenu(magasin, dossier);
        match modele {
            Modele::Consentement => consentement::donnees(magasin, dossier, equipement, mutuelle, Conservation::PRODUIT, exemples::now()).0,
            Modele::Reponse => reponse::donnees(magasin, demande, &exemples::envoi_of(contenu), exemples::now()),
            Modele::Fax => fax::donnees(magasin, dossier, mutuelle, &contenu, exemples::now()),
            Modele::Devis => {
                let whole = Dossier { equipements: dossier.equipements.iter().chain(offre_sante).cloned().collect(), ..dossier.clone() };
                let amounts = montants::compute(&whole, &Referentiel::initial(), Some(mutuelle));
                devis::donnees(magasin, dossier, (equipement, offre_sante.as_ref()), Some(&mutuelle.fiche.nom), &amounts, exemples::now())
            }
        }
    }

    fn print(&self, modele: Modele) -> Papier {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let octets = imprimer(modele, self.donnees(modele), exemples::now()).unwrap_or_else(|error| panic!("{modele:?}: {error}"));
        let name = format!("optopec-{modele:?}-{}-{}.pdf", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let papier = Papier(std::env::temp_dir().join(name));
        std::fs::write(&papier.0, octets).unwrap();
        papier
    }
}

pub const ALL: [Modele; 4] = [Modele::Consentement, Modele::Reponse, Modele::Fax, Modele::Devis];

impl Papier {
    fn tool(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(program).args(before).arg(&self.0).args(after).output().unwrap_or_else(|e| panic!("{program} (tests/prepare): {e}"));
        assert!(output.status.success(), "{program}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The text of each page, one space between words.
    fn pages(&self) -> Vec<String> {
        let text = self.tool("pdftotext", &["-layout"], &["-"]);
        let lines =
            |page: &str| page.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
        text.trim_end_matches('\u{c}').split('\u{c}').map(lines).collect()
    }

    /// The text of each page without any space: a long word is broken wherever its place ends.
    fn dense_pages(&self) -> Vec<String> {
        let text = self.tool("pdftotext", &["-raw"], &["-"]);
        assert!(!text.contains(['\u{200B}', '\u{1}', '\u{2}']), "who copies a word gets no more than the word");
        let dense = |page: &str| page.chars().filter(|c| !c.is_whitespace()).collect();
        text.trim_end_matches('\u{c}').split('\u{c}').map(dense).collect()
    }

    fn dense(&self) -> String {
        self.dense_pages().concat()
    }
}

/// Compares with the committed text; a fingerprint is that of the template too, and has a test of its own.
fn golden(name: &str, papier: &Papier) {
    let print = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let line = |line: &str| line.split(' ').map(|word| if print(word) { "<empreinte>" } else { word }).collect::<Vec<_>>().join(" ");
    let text = papier.pages().join("\n---- page ----\n").lines().map(line).collect::<Vec<_>>().join("\n") + "\n";
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/textes")).join(name).with_extension("txt");
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    if text != wanted {
        let seen = std::env::temp_dir().join(format!("optopec-{name}.txt"));
        std::fs::write(&seen, &text).unwrap();
        let differs = wanted.lines().zip(text.lines()).find(|(a, b)| a != b);
        panic!("{} is another text than {}: {differs:?}", seen.display(), path.display());
    }
}

#[test]
fn each_paper_says_what_it_must() {
    let manual = Monde::manual();
    golden("consentement", &manual.print(Modele::Consentement));
    golden("reponse", &manual.print(Modele::Reponse));
    golden("demande-fax", &manual.print(Modele::Fax));
    golden("devis", &manual.print(Modele::Devis));
    let refused = Monde { demande: exemples::demande(Etat::RefuseeMutuelle), ..Monde::manual() };
    golden("reponse-refusee", &refused.print(Modele::Reponse));
}

#[test]
fn a_devis_says_which_part_of_the_mutuelle_is_to_be_asked_for() {
    let mut monde = Monde::manual();
    monde.offre_sante = Some(Equipement { numero: 2, ..exemples::equipement() });
    let said = |monde: &Monde| monde.print(Modele::Devis).dense().contains("PartRCdecetteoffreàdemander.");
    assert!(!said(&monde));
    monde.dossier.equipements[0].rc_manuel = Some(Centimes::of(30_000));
    assert!(said(&monde));
}

#[test]
fn a_paper_of_the_manual_has_one_page() {
    for modele in ALL {
        assert_eq!(Monde::manual().print(modele).pages().len(), 1, "{modele:?}");
    }
}

#[test]
fn each_paper_is_tagged_in_french_and_meant_to_be_kept_and_read_aloud() {
    for modele in ALL {
        let papier = Monde::manual().print(modele);
        papier.tool("qpdf", &["--check"], &[]);
        let info = papier.tool("pdfinfo", &[], &[]);
        let has = |name: &str, value: &str| info.lines().any(|l| l.strip_prefix(name).is_some_and(|l| l.trim_start_matches(':').trim().starts_with(value)));
        assert!(has("Tagged", "yes") && has("Page size", "595.2") && has("Author", "Optique du test"), "{modele:?}: {info}");
        assert!(info.lines().any(|l| l.starts_with("Title:") && l.len() > 20), "{modele:?}: {info}");
        let xmp = papier.tool("pdfinfo", &["-meta"], &[]);
        for identifier in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
            assert!(xmp.contains(identifier), "{modele:?}: no {identifier} in {xmp}");
        }
        let body = papier.tool("qpdf", &["--qdf", "--object-streams=disable"], &["-"]);
        assert!(body.contains("/Lang (fr-FR)") && body.contains("/DisplayDocTitle true"), "{modele:?}");
        let fonts = papier.tool("pdffonts", &[], &[]);
        for font in fonts.lines().skip(2) {
            assert!(font.contains("NotoSans") && font.contains(" yes yes yes "), "embedded, a subset, with its characters: {font}");
        }
    }
}

/// What the typesetter keeps of a document is only what it would set again just so.
#[test]
fn the_same_data_give_the_same_bytes_whatever_was_printed_before() {
    let mut other = Monde::manual();
    other.magasin.identite.nom = Some("Lunettes d'en face".into());
    other.dossier.beneficiaire.nom = "ABITBOL".into();
    other.dossier.equipements[0].lignes.truncate(2);
    let mondes = [Monde::manual(), other];
    for modele in ALL {
        let made = |monde: &Monde| imprimer(modele, monde.donnees(modele), exemples::now()).unwrap();
        let alone = mondes.each_ref().map(|monde| {
            typst::comemo::evict(0);
            made(monde)
        });
        assert_ne!(alone[0], alone[1], "{modele:?}");
        assert!(mondes.each_ref().map(made) == alone, "{modele:?}");
    }
}

#[test]
fn a_shop_in_demonstration_prints_specimens_only() {
    for modele in ALL {
        let mut monde = Monde::manual();
        assert!(!monde.print(modele).dense().contains("SPÉCIMEN"), "{modele:?}");
        monde.magasin.abonnement.mode = Mode::Demonstration;
        let one = monde.dossier.equipements[0].lignes[0].clone();
        monde.dossier.equipements[0].lignes = (1..=40).map(|numero| Ligne { numero, ..one.clone() }).collect();
        for page in monde.print(modele).dense_pages() {
            assert!(page.contains("SPÉCIMEN"), "{modele:?}: {page}");
        }
    }
}

/// Every text as long as it may be, 40 lines, amounts of a million.
pub fn longest() -> Monde {
    longest_of("Wœ", LIGNES_PAR_EQUIPEMENT_MAX)
}

/// The same of words, which begin and are parted by what is repeated.
fn longest_of(repeated: &str, lignes: usize) -> Monde {
    let text = |begin: &str, length: usize| {
        let parted = if repeated.starts_with(' ') { " " } else { "" };
        format!("{begin}{parted}{}", repeated.trim_start().to_owned() + &repeated.repeat(length)).chars().take(length).collect::<String>()
    };
    let name = |begin: &str| Some(text(begin, NOM_CARACTERES_MAX));
    let short = |begin: &str| Some(text(begin, COURT_CARACTERES_MAX));
    let mut monde = Monde::manual();
    let identite = &mut monde.magasin.identite;
    identite.nom = name("MAGASIN");
    identite.adresse.ligne1 = name("RUE");
    identite.adresse.ligne2 = name("BATIMENT");
    identite.adresse.localite = name("VILLE");
    (identite.opticien.nom, identite.opticien.prenom, identite.opticien.email) = (name("OPTICIEN"), name("CAMILLE"), name("EMAIL"));
    monde.mutuelle.fiche.nom = text("MUTUELLE", 120);
    (monde.mutuelle.fiche.coordonnees.fax, monde.mutuelle.fiche.coordonnees.telephone) = (short("FAX"), short("TELEPHONE"));
    let dossier = &mut monde.dossier;
    (dossier.beneficiaire.nom, dossier.beneficiaire.prenom) = (text("BENEFICIAIRE", NOM_CARACTERES_MAX), name("PRENOM"));
    let card = &mut dossier.tiers_payant.rattachement;
    (card.numero_adherent, card.numero_contrat, card.numero_groupe) = (short("ADHERENT"), short("CONTRAT"), short("GROUPE"));
    dossier.equipements[0].lignes = (1..=lignes)
        .map(|n| {
            let begin = |what: &str| format!("{what}{n}X");
            let field = |what: &str| short(&begin(what));
            Ligne {
                fabricant: field("FABRICANT"),
                marque: field("MARQUE"),
                modele: field("MODELE"),
                matiere: field("MATIERE"),
                indice: field("INDICE"),
                fabrique_en: field("PAYS"),
                reference: field("REFERENCE"),
                code_regroupement: Some("2223342".into()),
                quantite: 999,
                ..exemples::ligne(n.try_into().unwrap(), &text(&begin("DESIGNATION"), DESIGNATION_CARACTERES_MAX), Categorie::Ver, 100_000_000, "2203240")
            }
        })
        .collect();
    monde.offre_sante = Some(Equipement { numero: 2, ..dossier.equipements[0].clone() });
    monde.demande.mutuelle_nom = monde.mutuelle.fiche.nom.clone();
    monde.demande.reponse = ReponseRecue {
        reference_dossier: short("REFERENCEDOSSIER"),
        numero_pec: short("NUMEROPEC"),
        message_mutuelle: Some(text("MESSAGE", 2 * REMARQUE_CARACTERES_MAX)),
        message_plateforme: Some(text("PLATEFORME", 2 * REMARQUE_CARACTERES_MAX)),
        montant_global: Some(Centimes::MAX),
        montant_non_reparti: Some(Centimes::MAX),
        lignes: (1..=40).map(|n| (n, Some(Centimes::MAX))).collect(),
        ..ReponseRecue::default()
    };
    monde
}

/// Every string of a value.
fn strings<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(all) => all.iter().for_each(|v| strings(v, into)),
        Value::Object(all) => all.values().for_each(|v| strings(v, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The words of a page with their boxes, `(x0, y0, x1, y1, word)` in points, and the width and height of the page.
type Page = (Vec<(i64, i64, i64, i64, String)>, i64, i64);

fn words(papier: &Papier) -> Vec<Page> {
    let html = papier.tool("pdftotext", &["-bbox"], &["-"]);
    let number = |line: &str, name: &str| -> i64 {
        let text = line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or_else(|| panic!("{name} in {line}"))
    };
    let mut pages = Vec::new();
    for line in html.lines().map(str::trim) {
        if line.starts_with("<page ") {
            pages.push((Vec::new(), number(line, "width"), number(line, "height")));
        } else if line.starts_with("<word ") {
            let word = line.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned();
            let place = (number(line, "xMin"), number(line, "yMin"), number(line, "xMax"), number(line, "yMax"), word);
            pages.last_mut().expect("a page before its words").0.push(place);
        }
    }
    pages
}

/// Nothing runs off the page, and no word stands on another.
fn is_neat(papier: &Papier, what: &str) {
    for (number, (words, width, height)) in words(papier).into_iter().enumerate() {
        for (x0, y0, x1, y1, word) in &words {
            assert!(*x0 >= 40 && *x1 <= width - 40 && *y0 >= 20 && *y1 <= height - 10, "{what} page {}: {word} at {x0},{y0}-{x1},{y1}", number + 1);
        }
        for (i, a) in words.iter().enumerate() {
            for b in &words[i + 1..] {
                // Poppler takes a backtick for the accent of its neighbour, and gives them one place.
                if a.4.contains('`') || b.4.contains('`') {
                    continue;
                }
                let (wide, high) = (a.2.min(b.2) - a.0.max(b.0), a.3.min(b.3) - a.1.max(b.1));
                // The boxes of two lines touch by the height of an accent.
                assert!(wide <= 1 || high <= 5, "{what} page {}: {} on {}", number + 1, a.4, b.4);
            }
        }
    }
}

/// The places to sign and the words that are signed.
const SIGNE: [(Modele, &str, &str); 4] = [
    (Modele::Consentement, "Signatureduclient", "J’ailucedocument"),
    (Modele::Reponse, "cachetetsignaturedel’opticien", "Accordportéàlaconnaissance"),
    (Modele::Fax, "cachetetsignaturedelamutuelle", "Réponsedelamutuelleàlademandedos_"),
    (Modele::Devis, "Dateetsignatureduclient", "Devisreçuavantl’achat"),
];

#[test]
fn what_is_signed_stands_on_the_page_of_its_signature() {
    // As many lines as it takes for the end of the page to fall before, into and after the places to sign.
    for lines in [1, 11, 13, 15, 17, 19, 40] {
        let mut monde = Monde::manual();
        let one = monde.dossier.equipements[0].lignes[0].clone();
        monde.dossier.equipements[0].lignes = (1..=lines).map(|numero| Ligne { numero, ..one.clone() }).collect();
        for (modele, place, text) in SIGNE.into_iter().filter(|(modele, _, _)| lines == 1 || *modele != Modele::Consentement) {
            let pages = monde.print(modele).dense_pages();
            let signed: Vec<usize> = (0..pages.len()).filter(|i| pages[*i].contains(place)).collect();
            assert_eq!(signed.len(), 1, "{modele:?} with {lines} lines");
            assert!(pages[signed[0]].contains(text), "{modele:?} with {lines} lines: {}", pages[signed[0]]);
        }
    }
}

fn lines(n: u16) -> Monde {
    let mut monde = Monde::manual();
    let one = monde.dossier.equipements[0].lignes[0].clone();
    monde.dossier.equipements[0].lignes = (1..=n).map(|numero| Ligne { numero, ..one.clone() }).collect();
    monde
}

#[test]
fn no_row_is_cut_in_two_and_no_total_stands_alone() {
    for n in 10..=18 {
        for (modele, total) in [(Modele::Reponse, "Ensemble des lignes"), (Modele::Fax, "Total 6"), (Modele::Devis, "Total de l’offre")] {
            let pages = lines(n).print(modele).pages();
            let row = if modele == Modele::Reponse { "code 2203240" } else { "1545116" };
            let (mut names, mut ends) = (0, 0);
            for page in &pages {
                names += page.matches("ESSILOR").count();
                ends += page.matches(row).count();
                assert_eq!(page.matches("ESSILOR").count(), page.matches(row).count(), "{modele:?}, {n} lines: {page}");
                let alone = page.contains(total) && !page.contains("ESSILOR");
                assert!(!alone, "{modele:?}, {n} lines: {page}");
            }
            assert_eq!((names, ends), (usize::from(n), usize::from(n)), "{modele:?}");
        }
    }
}

#[test]
fn the_page_that_the_mutuelle_signs_says_which_request_it_answers_and_no_name() {
    for n in [3, 9, 10, 11, 12, 16, 40] {
        let pages = lines(n).print(Modele::Fax).pages();
        for page in &pages {
            assert!(page.contains("dos_01ARZ3NDEKTSV4RRFFQ69G5FAV-1"), "{n} lines: {page}");
        }
        let last = &pages[pages.len() - 1];
        assert!(pages.len() == 1 || !last.contains("MONTFORT"), "{n} lines: {last}");
        assert!(last.contains("Réponse de la mutuelle à la demande dos_01ARZ3NDEKTSV4RRFFQ69G5FAV-1"), "{n} lines: {last}");
    }
}

fn switched(monde: &mut Monde, on: bool) {
    monde.magasin.transmission = ChampFacultatif::ALL.iter().fold(Transmission::NONE, |t, champ| t.with(*champ, on));
    monde.mutuelle.fiche.facultatifs_exiges = ChampFacultatif::ALL.to_vec();
}

#[test]
fn whoever_signs_a_consent_sees_all_of_it_on_one_page() {
    for monde in [Monde::manual(), longest(), longest_of(" WWWWWWWWWWWWWWWWWWWWWWWW", 1), longest_of("W", 1)] {
        let mut monde = monde;
        for on in [false, true] {
            switched(&mut monde, on);
            let pages = monde.print(Modele::Consentement).pages();
            assert_eq!(pages.len(), 1, "{}", pages.join("\n---- page ----\n"));
        }
    }
}

#[test]
fn where_nothing_is_sent_or_nothing_kept_the_consent_says_none_on_a_line_of_its_own() {
    for on in [false, true] {
        let mut monde = Monde::manual();
        switched(&mut monde, on);
        let text = monde.print(Modele::Consentement).pages().concat();
        let title = if on { "Jamais transmises par ce magasin" } else { "Transmises par ce magasin" };
        assert!(text.contains(&format!("\n{title}\nAucune.\n")), "{text}");
    }
}

#[test]
fn words_of_every_length_break_where_their_place_ends() {
    for (letter, length) in [("W", 8), ("W", 12), ("M", 18), ("W", 24)] {
        let mut monde = longest_of(&format!(" {}", letter.repeat(length)), 2);
        switched(&mut monde, true);
        for modele in ALL {
            let papier = monde.print(modele);
            is_neat(&papier, &format!("{modele:?}, {length} {letter}"));
            assert!(papier.dense().contains(&letter.repeat(length)), "{modele:?}");
        }
    }
}

#[test]
fn a_word_breaks_after_a_sign_first_and_is_copied_whole() {
    let mut monde = Monde::manual();
    let email = "contact.clientele-professionnelle@optique-du-centre-ville-de-montpellier.example.org";
    monde.magasin.identite.opticien.email = Some(email.into());
    monde.dossier.beneficiaire.nom = "ANTICONSTITUTIONNELLEMENT".into();
    for modele in ALL {
        let papier = monde.print(modele);
        let text = papier.tool("pdftotext", &["-raw"], &["-"]);
        // A fax has larger type in narrower places.
        assert!(modele == Modele::Fax || text.contains("ANTICONSTITUTIONNELLEMENT"), "{modele:?}: {text}");
        assert!(papier.dense().contains("ANTICONSTITUTIONNELLEMENT"), "{modele:?}: {text}");
        for part in ["contact.", "clientele-", "professionnelle@", "optique-", "montpellier."] {
            assert!(text.contains(part), "{modele:?}: {part} in {text}");
        }
    }
}

#[test]
fn the_longest_texts_are_there_and_nothing_overlaps() {
    let monde = longest();
    for modele in ALL {
        let papier = monde.print(modele);
        papier.tool("qpdf", &["--check"], &[]);
        let (donnees, dense) = (monde.donnees(modele), papier.dense());
        let mut texts = Vec::new();
        strings(&donnees, &mut texts);
        // A cell that goes on over two pages is interrupted by what stands at their edges: its beginning must be there.
        for text in texts.into_iter().filter(|t| t.len() > 30) {
            let begin: String = text.replace('\'', "’").chars().filter(|c| !c.is_whitespace()).take(10).collect();
            assert!(dense.contains(&begin), "{modele:?}: {begin} is not in {dense}");
        }
        is_neat(&papier, &format!("{modele:?}"));
    }
}

/// What somebody may type, by mistake or on purpose.
const TYPED: [&str; 18] = [
    "Ελένη Παπαδοπούλου",
    "Юлия Щёкина",
    "N\u{303}an\u{303}ez Łukasz",
    "#read(\"/etc/passwd\")",
    "= Titre",
    "*gras* _italique_ $x^2$ @ref <lbl>",
    "// commentaire /* fin */ \\ ` code `",
    "#{1+1} #panic() #import \"@preview/a:1.0.0\": *",
    "[crochets] {accolades} \"guillemets\" ~ -- ---",
    "https://example.org/a?b=c",
    "- liste",
    "1. numero",
    "\u{202E}droite à gauche\u{202C}",
    "a\u{0}b\u{7}c\u{1B}[31md",
    "👍🏽 ✓ 中文 עברית",
    "\u{E000}\u{FFFD}\u{10FFFF}",
    "l'œil\u{A0}: « ça »\u{202F}!",
    "Z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{301}\u{302}\u{303}\u{304}",
];

#[test]
fn what_was_typed_is_text_whatever_it_looks_like() {
    for at_once in TYPED.chunks(6) {
        let of = |i: usize| at_once[i % at_once.len()].to_owned();
        let mut monde = Monde::manual();
        monde.magasin.identite.nom = Some(of(0));
        monde.mutuelle.fiche.nom = of(1);
        monde.demande.mutuelle_nom = of(1);
        monde.demande.reponse.message_mutuelle = Some(at_once.join("\n"));
        monde.dossier.beneficiaire.nom = of(2);
        monde.dossier.beneficiaire.prenom = Some(of(3));
        monde.dossier.tiers_payant.rattachement.numero_adherent = Some(of(4));
        monde.magasin.identite.opticien.email = Some(of(5));
        let one = monde.dossier.equipements[0].lignes[0].clone();
        let lines = at_once.iter().zip(1..).map(|(typed, numero)| Ligne { numero, designation: (*typed).to_owned(), ..one.clone() });
        monde.dossier.equipements[0].lignes = lines.collect();
        for modele in ALL {
            let papier = monde.print(modele);
            papier.tool("qpdf", &["--check"], &[]);
            is_neat(&papier, &format!("{modele:?} {at_once:?}"));
            let dense = papier.dense();
            // What every font draws is there as it was typed; a consent shows no lines.
            for typed in at_once.iter().filter(|t| modele != Modele::Consentement && t.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'`')) {
                let wanted: String = typed.chars().filter(|c| *c != ' ').collect();
                assert!(dense.contains(&wanted), "{modele:?}: {wanted} is not in {dense}");
            }
        }
    }
}
