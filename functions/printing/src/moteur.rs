//! From a template and data to a PDF, in process (typst).
//!
//! What must hold: the typesetter reaches nothing but its templates, the data of one document and the embedded fonts (no file, no package,
//! no network, no clock: the date is data); data is a file of JSON that a template reads, never part of a template's text, so nothing typed
//! can become markup; every document is tagged, PDF/A-2a and PDF/UA-1 at once; memory does not grow with the number of documents.
//!
//! Two traps of typst 0.15. Its cache keeps more than 2 MB of every document until told otherwise: `evict(0)` comes after each, also after one that
//! failed, and through typst's own re-export (a `comemo` of our own would be another cache, issue typst#8628). And a file id is interned
//! for ever, 65,535 of them: the names are fixed.

use serde_json::Value;
use std::{collections::HashMap, sync::LazyLock};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic, SourceResult},
    ecow::EcoVec,
    foundations::{Bytes, Datetime, Duration, Smart},
    layout::Abs,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook, FontInstance, FontVariant, FontVariations},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// The longest text that is set, in characters: beyond it a message of a mutuelle would take pages (and a second for each megabyte).
const TEXTE_CARACTERES_MAX: usize = 4_000;

/// Marks that stand on one letter: two are what a language needs, more would be drawn over the lines above.
const SIGNES_PAR_LETTRE_MAX: u8 = 2;

/// The widest word that every place of every template holds on one line, in thousandths of the size of its type.
const MOT_MILLIEMES_MAX: u32 = 6_000;

/// The same of words that are held together: an amount of nine digits takes eight thousand.
const ENSEMBLE_MILLIEMES_MAX: u32 = 10_000;

/// Stands on both sides of a wider word, which `commun.typ` lets break. Nobody's data hold this or what follows: [`Moteur::drawn`] drops them.
const MOT_LARGE: char = '\u{200B}';

/// Where such a word may break before it breaks anywhere: after each of [`SIGNES`].
const APRES_SIGNE: char = '\u{1}';
const SIGNES: [char; 5] = ['-', '@', '.', '_', '/'];

/// Where it may break at last: every so many letters, no mark parted from its letter.
const PARTOUT: char = '\u{2}';
const LETTRES_ENSEMBLE: usize = 4;

/// One document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modele {
    /// « Consentement ».
    Consentement,
    /// « Réponse de prise en charge ».
    Reponse,
    /// « Demande par fax ».
    Fax,
    /// « Devis ».
    Devis,
}

impl Modele {
    const fn fichier(self) -> &'static str {
        match self {
            Self::Consentement => "/consentement.typ",
            Self::Reponse => "/reponse.typ",
            Self::Fax => "/demande-fax.typ",
            Self::Devis => "/devis.typ",
        }
    }

    /// Sizes of the type in tenths of a point, for a paper that must stand on one page: it is set in the first that makes one, else in the last.
    /// Trying is cheaper than measuring: most papers fit at once.
    const fn tailles(self) -> &'static [u16] {
        match self {
            Self::Consentement => &[90, 85, 80, 75, 70, 65, 60],
            Self::Reponse | Self::Fax | Self::Devis => &[],
        }
    }
}

const SOURCES: [(&str, &str); 5] = [
    ("/commun.typ", include_str!("../modeles/commun.typ")),
    ("/consentement.typ", include_str!("../modeles/consentement.typ")),
    ("/reponse.typ", include_str!("../modeles/reponse.typ")),
    ("/demande-fax.typ", include_str!("../modeles/demande-fax.typ")),
    ("/devis.typ", include_str!("../modeles/devis.typ")),
];
const DONNEES: &str = "/data.json";

/// Why a document could not be made: a failure of ours, in the typesetter's words, which repeat no data but a character that no font has.
#[derive(Debug, PartialEq, Eq)]
pub struct Echec(String);

impl std::fmt::Display for Echec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Echec {}

/// The typesetter with what all documents share: about a millisecond to make, once for a process.
struct Moteur {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// The widest face, which words are measured in.
    gras: Option<FontInstance>,
    /// The first characters of Unicode, which most of a text is made of: each is looked up once, not in four faces at each of its places.
    latins: Vec<Signe>,
    sources: HashMap<FileId, Source>,
}

/// The characters up to `ſ`.
const LATINS: u32 = 0x180;

/// What becomes of a character on paper.
#[derive(Debug, Clone, Copy)]
struct Signe {
    drawn: Option<char>,
    /// How wide that is in the widest face, in thousandths of the size of its type; nothing for a mark that stands on another.
    milliemes: u32,
}

static MOTEUR: LazyLock<Moteur> = LazyLock::new(Moteur::new);

/// The PDF of a document. `le`: the instant that it carries, in UTC.
pub fn imprimer(modele: Modele, donnees: Value, le: jiff::Timestamp) -> Result<Vec<u8>, Echec> {
    MOTEUR.render(modele, donnees, le)
}

#[expect(clippy::expect_used, reason = "names written above")]
fn id(fichier: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(fichier).expect("a path")).intern()
}

impl Moteur {
    fn new() -> Self {
        let faces = [notosans::REGULAR_TTF, notosans::BOLD_TTF, notosans::ITALIC_TTF, notosans::BOLD_ITALIC_TTF];
        let fonts: Vec<Font> = faces.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect();
        let mut moteur = Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            latins: Vec::new(),
            gras: fonts.get(1).map(|font| font.clone().instantiate(FontVariant::default(), Abs::zero(), &FontVariations::default())),
            fonts,
            sources: SOURCES.iter().map(|(name, text)| (id(name), Source::new(id(name), (*text).to_owned()))).collect(),
        };
        moteur.latins = (0..LATINS).filter_map(char::from_u32).map(|c| moteur.look_up(c)).collect();
        moteur
    }

    fn render(&self, modele: Modele, mut donnees: Value, le: jiff::Timestamp) -> Result<Vec<u8>, Echec> {
        self.clean(&mut donnees);
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| Echec(error.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(None),
            timestamp: instant(le).map(Timestamp::new_utc),
            page_ranges: None,
            standards,
            tagged: true,
            pretty: false,
        };
        let made = self.set(modele, donnees).and_then(|paged| typst_pdf::pdf(&paged, &options));
        typst::comemo::evict(0);
        made.map_err(|errors| told(&errors))
    }

    /// The pages, in the size of type that the paper asks for.
    fn set(&self, modele: Modele, mut donnees: Value) -> SourceResult<PagedDocument> {
        let mut tailles = modele.tailles().iter();
        loop {
            if let Some(taille) = tailles.next() {
                donnees["taille"] = (*taille).into();
            }
            let document = Document { moteur: self, main: id(modele.fichier()), donnees: Bytes::from_string(donnees.to_string()) };
            let paged = typst::compile::<PagedDocument>(&document).output?;
            if paged.pages().len() <= 1 || tailles.len() == 0 {
                return Ok(paged);
            }
        }
    }

    /// What no font can draw is an error of PDF/A, and a mark that turns the writing direction would turn the rest of the line on paper.
    fn clean(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.clean_text(text),
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.clean(element)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.clean(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn clean_text(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut room = 0;
        for Signe { drawn, milliemes } in text.chars().take(TEXTE_CARACTERES_MAX).map(|c| self.signe(c)) {
            let Some(c) = drawn else { continue };
            let mark = !c.is_whitespace() && milliemes == 0;
            match (mark, room) {
                (true, 0) => continue,
                (true, _) => room -= 1,
                (false, _) => room = if c.is_whitespace() { 0 } else { SIGNES_PAR_LETTRE_MAX },
            }
            clean.push(c);
        }
        if text.chars().nth(TEXTE_CARACTERES_MAX).is_some() {
            clean.push_str(" […]");
        }
        self.flag_wide_words(&clean)
    }

    /// A space that does not break a line holds an amount together; what it makes too long for a place may break there as well.
    fn flag_wide_words(&self, text: &str) -> String {
        let width = |text: &str| text.chars().map(|c| self.signe(c).milliemes).sum::<u32>();
        let mut flagged = String::with_capacity(text.len());
        for together in text.split_inclusive([' ', '\n']) {
            let breaks = width(together) > ENSEMBLE_MILLIEMES_MAX;
            for part in together.split_inclusive(char::is_whitespace) {
                let word = part.trim_end();
                if width(word) > MOT_MILLIEMES_MAX {
                    self.flag(word, &mut flagged);
                } else {
                    flagged.push_str(word);
                }
                flagged.extend(part.chars().filter(|c| c.is_whitespace()).map(|c| if breaks && c != '\n' { ' ' } else { c }));
            }
        }
        flagged
    }

    fn flag(&self, word: &str, flagged: &mut String) {
        let (mut letters, mut after_sign) = (0, false);
        flagged.push(MOT_LARGE);
        for c in word.chars() {
            let (sign, letter) = (SIGNES.contains(&c), self.signe(c).milliemes > 0);
            if after_sign && !sign {
                letters = 0;
                flagged.push(APRES_SIGNE);
            } else if letter && letters == LETTRES_ENSEMBLE {
                letters = 0;
                flagged.push(PARTOUT);
            }
            letters += usize::from(letter);
            after_sign = sign;
            flagged.push(c);
        }
        flagged.push(MOT_LARGE);
    }

    fn signe(&self, c: char) -> Signe {
        self.latins.get(c as usize).copied().unwrap_or_else(|| self.look_up(c))
    }

    fn look_up(&self, c: char) -> Signe {
        let drawn = self.drawn(c);
        Signe { drawn, milliemes: drawn.map_or(0, |c| self.milliemes(c)) }
    }

    fn milliemes(&self, c: char) -> u32 {
        let Some(font) = &self.gras else { return 0 };
        let (face, units) = (font.ttf(), u32::from(font.ttf().units_per_em().max(1)));
        let advance = face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or_default();
        u32::from(advance) * 1_000 / units
    }

    fn drawn(&self, c: char) -> Option<char> {
        match c {
            '\n' => Some(c),
            '\t' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
            '\'' => Some('’'),
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => None,
            c if c.is_control() => None,
            c if (0..self.fonts.len()).all(|font| self.book.info(font).is_some_and(|info| info.coverage.contains(u32::from(c)))) => Some(c),
            _ => Some('?'),
        }
    }
}

fn told(errors: &EcoVec<SourceDiagnostic>) -> Echec {
    Echec(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join(" ; "))
}

fn instant(le: jiff::Timestamp) -> Option<Datetime> {
    let le = le.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd_hms(le.year().into(), part(le.month())?, part(le.day())?, part(le.hour())?, part(le.minute())?, part(le.second())?)
}

/// All that a template can reach.
struct Document<'a> {
    moteur: &'a Moteur,
    main: FileId,
    donnees: Bytes,
}

impl World for Document<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.moteur.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.moteur.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, file: FileId) -> FileResult<Source> {
        self.moteur.sources.get(&file).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, file: FileId) -> FileResult<Bytes> {
        if file == id(DONNEES) { Ok(self.donnees.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.moteur.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A template of the test, with the world of the product.
    fn compile(source: &str) -> Result<(), String> {
        let mut moteur = Moteur::new();
        let main = id("/devis.typ");
        moteur.sources.insert(main, Source::new(main, source.to_owned()));
        moteur.render(Modele::Devis, json!({"a": 1}), jiff::Timestamp::UNIX_EPOCH).map(drop).map_err(|Echec(text)| text)
    }

    #[test]
    fn a_template_reaches_its_data_and_nothing_else() {
        let begin = "#set document(title: \"t\")\n#set text(lang: \"fr\", font: \"Noto Sans\")\n";
        assert_eq!(compile(&format!("{begin}#json(\"/data.json\").a")), Ok(()));
        for (reach, why) in [
            ("#read(\"/etc/passwd\")", "access denied"),
            ("#read(\"../Cargo.toml\")", "escape"),
            ("#image(\"/x.png\", alt: \"x\")", "access denied"),
            ("#import \"@preview/cetz:0.3.0\": *", "access denied"),
            ("#plugin(\"/x.wasm\")", "access denied"),
            ("#datetime.today().display()", "date"),
        ] {
            let refused = compile(&format!("{begin}{reach}")).unwrap_err();
            assert!(refused.contains(why), "{reach}: {refused}");
        }
    }

    #[test]
    fn no_template_evaluates_a_text() {
        for (name, source) in SOURCES {
            for forbidden in ["eval(", "plugin(", "read(", "sys.inputs", "@preview"] {
                assert!(!source.contains(forbidden), "{name}: {forbidden}");
            }
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_replaced_and_what_turns_the_line_is_dropped() {
        let moteur = &*MOTEUR;
        for (typed, drawn) in [
            ("Łukasz ŒUVRÉ", "Łukasz ŒUVRÉ"),
            ("Ελένη", "Ελένη"),
            ("Юлия", "Юлия"),
            ("a👍b", "a?b"),
            ("a\u{202E}b\u{200F}c\u{FEFF}", "abc"),
            ("a\u{0}\u{7}\u{1B}b\u{7F}", "ab"),
            ("l'œil\tgauche\nici", "l’œil gauche\nici"),
            ("#read(\"/etc/passwd\") *gras* $x$", "#read(\"/etc/passwd\") *gras* $x$"),
        ] {
            assert_eq!(moteur.clean_text(typed).replace([MOT_LARGE, APRES_SIGNE, PARTOUT], ""), drawn, "{typed:?}");
        }
        assert!(moteur.clean_text(&"a ".repeat(TEXTE_CARACTERES_MAX)).ends_with("a  […]"));
        assert_eq!(moteur.clean_text(&"a ".repeat(TEXTE_CARACTERES_MAX / 2)).len(), TEXTE_CARACTERES_MAX);
    }

    #[test]
    fn a_letter_carries_two_marks_and_none_stands_alone() {
        let moteur = &*MOTEUR;
        let marks = |n: usize| "\u{300}\u{301}\u{302}\u{303}".chars().cycle().take(n).collect::<String>();
        assert_eq!(moteur.clean_text(&format!("Z{}a{}", marks(56), marks(2))), format!("Z{}a{}", marks(2), marks(2)));
        assert_eq!(moteur.clean_text(&format!("{}a {}b", marks(3), marks(3))), "a b");
    }

    #[test]
    fn a_word_is_flagged_by_its_width_and_not_by_its_length() {
        let moteur = &*MOTEUR;
        for word in ["anticonst", "iiiiiiiiiiiiiiiiii", "WWWWW", "1\u{a0}234,56\u{a0}€"] {
            assert_eq!(moteur.clean_text(word), word);
        }
        for (word, breaks) in [
            ("WWWWWWWW", "WWWW*WWWW"),
            ("anticonstitutionnellement", "anti*cons*titu*tion*nell*emen*t"),
            ("jo--luc.o@optique-exemple.fr", "jo--+luc.+o@+opti*que-+exem*ple.+fr"),
            ("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}WWWWW", "e\u{301}e\u{301}e\u{301}e\u{301}*e\u{301}WWW*WW"),
        ] {
            let flagged = moteur.clean_text(&format!("un {word}\nici")).replace(APRES_SIGNE, "+").replace(PARTOUT, "*");
            assert_eq!(flagged, format!("un {MOT_LARGE}{breaks}{MOT_LARGE}\nici"));
        }
        assert_eq!(moteur.clean_text("999\u{a0}999\u{a0}999,99\u{a0}€"), "999\u{a0}999\u{a0}999,99\u{a0}€");
        assert_eq!(moteur.clean_text(&"Ma\u{a0}".repeat(9)), "Ma ".repeat(9));
        assert_eq!(moteur.clean_text("a\u{200B}b\u{1}c\u{2}"), "abc");
    }
}
