//! CSV as shops exchange it: read leniently in form, written in one form.
//!
//! Read: UTF-8 with or without BOM, else Windows-1252; `;` or `,`, told from the header; a header, in any order; quotes as in RFC 4180.
//! Written: UTF-8, `;`, CRLF.
//! What must hold: a cell that a spreadsheet would take for a formula is written with a leading `'`, and reading takes exactly that away,
//! so that what was written is read again unchanged; a bad row is reported with its line and hurts no other row; a file costs no more than
//! its columns and rows are allowed to be, whatever its bytes are spent on.
//! Deliberately absent: what the columns mean.

use optopec_domain::{
    erreur::Invalide,
    limites::{COLONNES_CSV_MAX, LIGNES_IMPORT_MAX},
};
use std::borrow::Cow;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tableau {
    colonnes: Vec<String>,
    /// The good rows.
    pub rangs: Vec<Rang>,
    /// The rows that are no rows.
    pub rejets: Vec<Rejet>,
}

/// A row, and the line of the file that it begins on (the header is line 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rang {
    /// Line of the file.
    pub ligne: u64,
    cellules: Vec<String>,
}

/// A row that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejet {
    /// Line of the file.
    pub ligne: u64,
    /// Why, in French.
    pub raison: String,
}

impl Tableau {
    /// Whether the file has a column.
    pub fn has(&self, colonne: &str) -> bool {
        self.colonnes.iter().any(|c| c == colonne)
    }

    /// A cell of a row, without its guard; `None` when the file has no such column.
    pub fn cellule<'a>(&self, rang: &'a Rang, colonne: &str) -> Option<&'a str> {
        let index = self.colonnes.iter().position(|c| c == colonne)?;
        rang.cellules.get(index).map(String::as_str)
    }
}

/// Reads a file. Column names are compared without case and surrounding space; unknown columns are kept and ignored. Rows without any
/// text are skipped. Reading ends with the row that is one more than [`LIGNES_IMPORT_MAX`]: enough for a caller to see that there are too many.
///
/// # Errors
/// The header is missing, has too many columns, repeats one, or lacks one of `requises`.
pub fn read(octets: &[u8], requises: &[&str]) -> Result<Tableau, Invalide> {
    let texte = decode(octets);
    let mut reader = ::csv::ReaderBuilder::new().delimiter(sniff(&texte)).has_headers(false).flexible(true).from_reader(texte.as_bytes());
    let mut rows = reader.records();
    let bad = |raison: String| Invalide::new("CSV", raison);
    let header = rows.next().and_then(Result::ok).ok_or_else(|| bad("Le fichier est vide : une ligne d'en-tête est attendue.".into()))?;
    if header.len() > COLONNES_CSV_MAX {
        return Err(bad(format!("L'en-tête ne dépasse pas {COLONNES_CSV_MAX} colonnes.")));
    }
    let colonnes: Vec<String> = header.iter().map(|c| c.trim().to_lowercase()).collect();
    if let Some(double) = colonnes.iter().enumerate().find(|(i, c)| !c.is_empty() && colonnes[..*i].contains(c)) {
        return Err(bad(format!("La colonne « {} » figure deux fois dans l'en-tête.", shown(double.1))));
    }
    let missing: Vec<&str> = requises.iter().copied().filter(|r| !colonnes.iter().any(|c| c == r)).collect();
    if !missing.is_empty() {
        return Err(bad(format!("Il manque dans l'en-tête : {}.", missing.join(", "))));
    }
    let (mut rangs, mut rejets) = (Vec::new(), Vec::new());
    let mut lines = Lines { octets: texte.as_bytes(), at: 0, ligne: 1 };
    for row in rows {
        let Ok(row) = row else { continue };
        if rangs.len() + rejets.len() > LIGNES_IMPORT_MAX {
            break;
        }
        let ligne = lines.line_of(row.position().map_or(0, ::csv::Position::byte));
        if row.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if row.len() != colonnes.len() {
            rejets
                .push(Rejet { ligne, raison: format!("{} cellules au lieu de {} : vérifiez les séparateurs et les guillemets.", row.len(), colonnes.len()) });
            continue;
        }
        rangs.push(Rang { ligne, cellules: row.iter().map(|c| unguard(c).to_owned()).collect() });
    }
    Ok(Tableau { colonnes, rangs, rejets })
}

/// Writes a file: the header, then the rows, each cell guarded.
pub fn write<'a>(colonnes: &[&str], rangs: impl IntoIterator<Item = Vec<Cow<'a, str>>>) -> String {
    let mut texte = colonnes.join(";");
    texte.push_str("\r\n");
    for rang in rangs {
        for (i, cellule) in rang.iter().enumerate() {
            if i > 0 {
                texte.push(';');
            }
            push_quoted(&mut texte, &guard(cellule));
        }
        texte.push_str("\r\n");
    }
    texte
}

fn push_quoted(texte: &mut String, cellule: &str) {
    // A cell that begins or ends with a space keeps it only in quotes; a comma would mislead whoever guesses the separator.
    if cellule.contains([';', ',', '"', '\r', '\n']) || cellule.starts_with(' ') || cellule.ends_with(' ') {
        texte.push('"');
        texte.push_str(&cellule.replace('"', "\"\""));
        texte.push('"');
    } else {
        texte.push_str(cellule);
    }
}

/// What comes after any number of `'` begins a formula. The full-width signs are those of an East Asian keyboard, which some spreadsheets
/// take for the others (OWASP, « CSV Injection »).
fn formula(cellule: &str) -> bool {
    cellule.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell as it is written. One that looks guarded already is guarded once more, or reading would take away what is its own.
pub fn guard(cellule: &str) -> Cow<'_, str> {
    if formula(cellule) { Cow::Owned(format!("'{cellule}")) } else { Cow::Borrowed(cellule) }
}

/// A cell as it was meant.
pub fn unguard(cellule: &str) -> &str {
    match cellule.strip_prefix('\'') {
        Some(rest) if formula(rest) => rest,
        Some(_) | None => cellule,
    }
}

fn decode(octets: &[u8]) -> Cow<'_, str> {
    let octets = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
    match std::str::from_utf8(octets) {
        Ok(texte) => Cow::Borrowed(texte),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(octets).0,
    }
}

/// The separator that the header has more of, outside of quotes.
fn sniff(texte: &str) -> u8 {
    let (mut semicolons, mut commas, mut quoted) = (0_usize, 0_usize, false);
    for byte in texte.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b';' if !quoted => semicolons += 1,
            b',' if !quoted => commas += 1,
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
    }
    if commas > semicolons { b',' } else { b';' }
}

/// Counts lines as an editor does. The parser's own count stops before a line end that it has not consumed, and before blank lines.
struct Lines<'a> {
    octets: &'a [u8],
    at: usize,
    ligne: u64,
}

impl Lines<'_> {
    /// The line of the first text at or after a place; places are asked for in order.
    fn line_of(&mut self, byte: u64) -> u64 {
        let place = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(octet) = self.octets.get(self.at) {
            let end = match octet {
                b'\n' => true,
                b'\r' => self.octets.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            if self.at >= place && !matches!(octet, b'\n' | b'\r') {
                break;
            }
            self.ligne += u64::from(end);
            self.at += 1;
        }
        self.ligne
    }
}

fn shown(colonne: &str) -> String {
    colonne.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(octets: &[u8]) -> Vec<(u64, String, String)> {
        let t = read(octets, &["nom", "plateau"]).unwrap();
        t.rangs.iter().map(|r| (r.ligne, t.cellule(r, "nom").unwrap().to_owned(), t.cellule(r, "plateau").unwrap().to_owned())).collect()
    }

    #[test]
    fn every_form_of_the_contract_is_read_the_same() {
        let expected = vec![(2, "Santé €".to_owned(), "A1".to_owned())];
        let utf8 = "nom;plateau\nSanté €;A1\n".as_bytes().to_vec();
        let bom = [b"\xEF\xBB\xBF", utf8.as_slice()].concat();
        // é is E9 and € is 80 in Windows-1252.
        let cp1252 = b"nom;plateau\r\nSant\xE9 \x80;A1\r\n".to_vec();
        let comma = "Plateau, NOM \nA1,Santé €".as_bytes().to_vec();
        let quoted = "\"nom\";\"plateau\"\r\n\"Santé €\";\"A1\"\r\n\r\n;\r\n".as_bytes().to_vec();
        for octets in [utf8, bom, cp1252, comma, quoted] {
            assert_eq!(cells(&octets), expected, "{octets:?}");
        }
    }

    #[test]
    fn quotes_hold_separators_quotes_and_line_ends() {
        assert_eq!(
            cells(b"nom;plateau\n\"a;b\"\"c\"\"\nd\";x\ne,f;y\n"),
            [(2, "a;b\"c\"\nd".to_owned(), "x".to_owned()), (4, "e,f".to_owned(), "y".to_owned())]
        );
    }

    #[test]
    fn a_bad_row_is_reported_with_its_line_and_the_others_are_taken() {
        let t = read(b"nom;plateau\na;1\nb\nc;2;3\n\nd;4\n", &["nom"]).unwrap();
        assert_eq!(t.rangs.iter().map(|r| r.ligne).collect::<Vec<_>>(), [2, 6]);
        assert_eq!(t.rejets.iter().map(|r| r.ligne).collect::<Vec<_>>(), [3, 4]);
        for end in ["\r\n", "\n", "\r"] {
            let file = ["", "nom;plateau", "\"a", "b\";1", "", "c", "d;4"].join(end);
            let t = read(file.as_bytes(), &["nom"]).unwrap();
            assert_eq!(t.rangs.iter().map(|r| r.ligne).collect::<Vec<_>>(), [3, 7], "{end:?}");
            assert_eq!(t.rejets[0].ligne, 6, "{end:?}");
        }
    }

    #[test]
    fn a_header_is_required() {
        for octets in [b"".as_slice(), b"\n\n", b"nom\na\n", b"nom;plateau;nom\na;b;c\n", b"\xFF\xFEn\0o\0m\0"] {
            assert!(read(octets, &["nom", "plateau"]).is_err(), "{octets:?}");
        }
        let e = read(b"nom\n", &["nom", "plateau", "pec"]).unwrap_err();
        assert!(e.message.contains("plateau, pec"), "{}", e.message);
    }

    #[test]
    fn a_file_costs_no_more_than_its_columns_and_rows_may_be() {
        let header = |columns: usize| (0..columns).map(|n| format!("c{n}")).collect::<Vec<_>>().join(";");
        assert!(read(format!("{}\n", header(100)).as_bytes(), &["c0"]).is_ok());
        for columns in [101, 100_000] {
            let refused = read(header(columns).as_bytes(), &["c0"]).unwrap_err().message;
            assert!(refused.contains("100 colonnes"), "{refused}");
        }
        // Rows that are none count too: each of them would be named.
        for row in ["a;b\n", "a\n"] {
            let t = read(format!("nom;plateau\n{}", row.repeat(1_000_000)).as_bytes(), &["nom"]).unwrap();
            assert_eq!(t.rangs.len() + t.rejets.len(), 20_001, "{row:?}");
        }
    }

    #[test]
    fn a_formula_is_guarded_and_comes_back_as_it_was() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+33 1", "'+33 1"),
            ("-x", "'-x"),
            ("@a", "'@a"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠a", "'＠a"),
            ("'＝1", "''＝1"),
            ("'=1", "''=1"),
            ("l'été", "l'été"),
            ("'n", "'n"),
            ("", ""),
            ("a=1", "a=1"),
        ] {
            assert_eq!(guard(cell), written);
            assert_eq!(unguard(written), cell);
        }
        assert_eq!(unguard("'bonjour"), "'bonjour");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let odd = ["=cmd|' /C calc'!A0", "a;b", "c,d", "e\"f", "\"", "g\nh", "''=x", " x ", "été"];
        let rows: Vec<Vec<Cow<'_, str>>> = odd.iter().map(|c| vec![Cow::Borrowed(*c), Cow::Borrowed("p")]).collect();
        let text = write(&["nom", "plateau"], rows);
        assert!(text.starts_with("nom;plateau\r\n'=cmd|' /C calc'!A0;p\r\n\"a;b\";p\r\n\"c,d\";p\r\n\"e\"\"f\";p\r\n\"\"\"\";p\r\n"), "{text}");
        assert_eq!(cells(text.as_bytes()).into_iter().map(|(_, nom, _)| nom).collect::<Vec<_>>(), odd);
    }
}
