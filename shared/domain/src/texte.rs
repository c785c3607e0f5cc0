//! Text typed by people: cleaned at entry, folded for comparison.

use crate::erreur::Invalide;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// NFC, control characters and bidirectional overrides removed, trimmed.
pub fn clean(text: &str) -> String {
    let kept: String = text.nfc().filter(|c| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')).collect();
    kept.trim().to_owned()
}

/// A cleaned text of at most `max` characters; empty becomes `None`.
pub fn optional(text: Option<&str>, max: usize) -> Result<Option<String>, Invalide> {
    let Some(text) = text else { return Ok(None) };
    let text = clean(text);
    if text.chars().count() > max {
        return Err(Invalide::new("TROP_LONG", format!("{max} caractères au plus.")));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// A cleaned text of 1 to `max` characters.
pub fn required(text: Option<&str>, max: usize) -> Result<String, Invalide> {
    optional(text, max)?.ok_or_else(|| Invalide::new("OBLIGATOIRE", "Cette donnée est obligatoire."))
}

/// For comparison and search: lower case, without accents, every run of other signs one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            c if c.is_alphanumeric() => folded.push(c),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_and_folding() {
        assert_eq!(clean("  Zoe\u{301}\u{0}\n l'Œil\u{202e} "), "Zoé l'Œil");
        assert_eq!(fold("Mutuelle  GÉNÉRALE de l'Œil (ex-Santé)"), "mutuelle generale de l oeil ex sante");
        assert_eq!(fold("  ...  "), "");
        assert_eq!(required(Some(" \t"), 5).map_err(|e| e.code), Err("OBLIGATOIRE"));
        assert_eq!(optional(Some("éééééé"), 5).map_err(|e| e.code), Err("TROP_LONG"));
        assert_eq!(optional(Some("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}"), 5), Ok(Some("ééééé".into())));
    }
}
