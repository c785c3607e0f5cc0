//! Small pieces that several readers of bodies need, beside the field-by-field reading of [`super::lecture`].
//!
//! What must hold: everything at fault is collected before anything is refused.

use optopec_domain::erreur::{ErreurChamp, Invalide};
use serde_json::{Map, Value};

/// Collects what is at fault, field by field.
#[derive(Debug, Default)]
pub struct Champs(Vec<ErreurChamp>);

impl Champs {
    /// Nothing at fault so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value, or a note of what is wrong at this JSON pointer.
    pub fn take<T>(&mut self, champ: impl Into<String>, lu: Result<T, Invalide>) -> Option<T> {
        lu.map_err(|faute| self.0.push(faute.at(champ))).ok()
    }

    /// One more thing at fault.
    pub fn push(&mut self, erreur: ErreurChamp) {
        self.0.push(erreur);
    }

    /// Where readers of [`super::lecture`] note what they find.
    pub fn erreurs(&mut self) -> &mut Vec<ErreurChamp> {
        &mut self.0
    }

    /// Everything at fault, if anything is.
    pub fn finish(self) -> Result<(), Vec<ErreurChamp>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Whether a field was given: « leave it », « empty it » and « make it this » are three orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence<'a> {
    /// The field is absent.
    Absent,
    /// The field is `null`.
    Nul,
    /// The field has a value.
    Valeur(&'a Value),
}

/// What an object says about one field.
pub fn presence<'a>(objet: &'a Map<String, Value>, nom: &str) -> Presence<'a> {
    match objet.get(nom) {
        None => Presence::Absent,
        Some(Value::Null) => Presence::Nul,
        Some(valeur) => Presence::Valeur(valeur),
    }
}

/// A decimal number as it was written, from a text or a JSON number: `"12,5"`, `12.5`, `12`. The digits never pass through a float.
pub fn decimal(valeur: &Value) -> Result<String, Invalide> {
    match valeur {
        Value::String(text) => Ok(text.trim().to_owned()),
        // The shortest writing of a JSON number of at most a few digits is the one that was sent; an exponent is refused by whoever parses it.
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(Invalide::new("TYPE", "Un nombre décimal est attendu.")),
    }
}

/// A name of a field as a part of a JSON pointer (RFC 6901).
pub fn escape(nom: &str) -> String {
    nom.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_at_fault_is_kept() {
        let mut champs = Champs::new();
        assert_eq!(champs.take("/a", Ok(1)), Some(1));
        assert_eq!(champs.take::<u8>("/b", Err(Invalide::new("VALEUR", "Non."))), None);
        champs.push(ErreurChamp::new("/c", "OBLIGATOIRE", "Il le faut."));
        let erreurs = champs.finish().unwrap_err();
        assert_eq!(erreurs.iter().map(|e| (e.champ.as_str(), e.code)).collect::<Vec<_>>(), [("/b", "VALEUR"), ("/c", "OBLIGATOIRE")]);
        assert_eq!(Champs::new().finish(), Ok(()));
    }

    #[test]
    fn null_is_not_absent_where_the_difference_counts() {
        let value = json!({"nul": null, "faux": false});
        let objet = value.as_object().unwrap();
        assert_eq!(presence(objet, "rien"), Presence::Absent);
        assert_eq!(presence(objet, "nul"), Presence::Nul);
        assert_eq!(presence(objet, "faux"), Presence::Valeur(&json!(false)));
    }

    #[test]
    fn decimals_keep_their_digits() {
        for (value, expected) in [(json!("12,5"), "12,5"), (json!(12.5), "12.5"), (json!(12), "12"), (json!(33.33), "33.33"), (json!(0.1), "0.1")] {
            assert_eq!(decimal(&value).as_deref(), Ok(expected));
        }
        assert!(decimal(&json!(true)).is_err());
    }

    #[test]
    fn a_pointer_escapes_its_own_signs() {
        assert_eq!(escape("a/b~c"), "a~1b~0c");
    }
}
