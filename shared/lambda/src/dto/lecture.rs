//! Reading of a JSON body, field by field, so that everything at fault is told at once.
//!
//! What must hold: `null` and an absent field are the same; a field of the wrong type is named, never guessed at; a text is cleaned
//! before anybody looks at it; no message repeats what was typed. Deliberately absent: floats (an amount is whole centimes) and any
//! refusal of unknown fields. The rules are those of the HTTP contract, chapter « Conventions ».

use optopec_domain::{
    centimes::Centimes,
    date,
    erreur::{ErreurChamp, Invalide},
    texte,
};
use serde_json::{Map, Value};
use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

/// One JSON object of a body, and where it stands in it.
pub struct Objet<'a> {
    champs: &'a Map<String, Value>,
    chemin: String,
}

/// « This must be there. »
pub fn obligatoire() -> Invalide {
    Invalide::new("OBLIGATOIRE", "Cette donnée est obligatoire.")
}

fn wrong_type(expected: &str) -> Invalide {
    Invalide::new("TYPE", format!("{expected} est attendu."))
}

impl<'a> Objet<'a> {
    /// The whole body.
    pub fn racine(corps: &'a Value, erreurs: &mut Vec<ErreurChamp>) -> Option<Self> {
        Self::at(corps, String::new(), erreurs)
    }

    /// A value that must be an object, at a known place.
    pub fn at(valeur: &'a Value, chemin: String, erreurs: &mut Vec<ErreurChamp>) -> Option<Self> {
        match valeur {
            Value::Object(champs) => Some(Self { champs, chemin }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                erreurs.push(wrong_type("Un objet JSON").at(chemin));
                None
            }
        }
    }

    /// The JSON pointer of a field of this object.
    pub fn pointeur(&self, nom: &str) -> String {
        format!("{}/{nom}", self.chemin)
    }

    /// A field as it came; `null` counts as absent.
    pub fn valeur(&self, nom: &str) -> Option<&'a Value> {
        self.champs.get(nom).filter(|v| !v.is_null())
    }

    /// Notes what is wrong with a field.
    pub fn refuse(&self, nom: &str, faute: Invalide, erreurs: &mut Vec<ErreurChamp>) {
        erreurs.push(faute.at(self.pointeur(nom)));
    }

    /// The value of a reading, or a note of what was wrong with it.
    pub fn accept<T>(&self, nom: &str, lu: Result<T, Invalide>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        lu.map_err(|faute| self.refuse(nom, faute, erreurs)).ok()
    }

    fn brut(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<&'a str> {
        let texte = self.valeur(nom)?.as_str();
        if texte.is_none() {
            self.refuse(nom, wrong_type("Un texte"), erreurs);
        }
        texte
    }

    /// A cleaned text of at most `max` characters; empty is absent.
    pub fn texte(&self, nom: &str, max: usize, erreurs: &mut Vec<ErreurChamp>) -> Option<String> {
        let brut = self.brut(nom, erreurs)?;
        self.accept(nom, texte::optional(Some(brut), max), erreurs).flatten()
    }

    /// A cleaned text that must be there; empty after an error was noted.
    pub fn texte_requis(&self, nom: &str, max: usize, erreurs: &mut Vec<ErreurChamp>) -> String {
        match self.valeur(nom) {
            Some(Value::String(brut)) => self.accept(nom, texte::required(Some(brut), max), erreurs).unwrap_or_default(),
            Some(_) => {
                self.refuse(nom, wrong_type("Un texte"), erreurs);
                String::new()
            }
            None => {
                self.refuse(nom, obligatoire(), erreurs);
                String::new()
            }
        }
    }

    /// A text that means something: cleaned, then read by `parse`; empty is absent.
    pub fn parse_with<T>(&self, nom: &str, parse: impl FnOnce(&str) -> Result<T, Invalide>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        let propre = texte::clean(self.brut(nom, erreurs)?);
        if propre.is_empty() {
            return None;
        }
        self.accept(nom, parse(&propre), erreurs)
    }

    /// A text that a type of the domain reads: an id, a code of a closed list, a power.
    pub fn code<T: FromStr<Err = Invalide>>(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        self.parse_with(nom, str::parse, erreurs)
    }

    /// A calendar day.
    pub fn date(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<jiff::civil::Date> {
        self.parse_with(nom, date::parse, erreurs)
    }

    /// A reading that must give something: absent and empty are noted, a fault that was noted already is not doubled.
    pub fn require<T>(&self, nom: &str, read: impl FnOnce(&Self, &str, &mut Vec<ErreurChamp>) -> Option<T>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        let faults = erreurs.len();
        let lu = read(self, nom, erreurs);
        if lu.is_none() && erreurs.len() == faults {
            self.refuse(nom, obligatoire(), erreurs);
        }
        lu
    }

    /// `true` or `false`.
    pub fn booleen(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<bool> {
        let lu = self.valeur(nom)?.as_bool();
        if lu.is_none() {
            self.refuse(nom, wrong_type("true ou false"), erreurs);
        }
        lu
    }

    /// A whole number within bounds.
    pub fn entier<T: TryFrom<i64> + PartialOrd + Display>(&self, nom: &str, bornes: RangeInclusive<T>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        let valeur = self.valeur(nom)?;
        if !(valeur.is_i64() || valeur.is_u64()) {
            self.refuse(nom, wrong_type("Un nombre entier"), erreurs);
            return None;
        }
        let lu = valeur.as_i64().and_then(|n| T::try_from(n).ok()).filter(|n| bornes.contains(n));
        if lu.is_none() {
            self.refuse(nom, Invalide::new("BORNES", format!("Un nombre entier de {} à {} est attendu.", bornes.start(), bornes.end())), erreurs);
        }
        lu
    }

    /// An amount in whole centimes.
    pub fn centimes(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<Centimes> {
        let valeur = self.valeur(nom)?;
        if !(valeur.is_i64() || valeur.is_u64()) {
            self.refuse(nom, Invalide::new("TYPE", "Un montant en centimes, sans virgule ni guillemets, est attendu."), erreurs);
            return None;
        }
        self.accept(nom, Centimes::new(valeur.as_i64().unwrap_or(i64::MAX)), erreurs)
    }

    /// An object.
    pub fn objet(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<Self> {
        Self::at(self.valeur(nom)?, self.pointeur(nom), erreurs)
    }

    /// An array of at most `max` values, each with its place; one that is too long is refused as a whole.
    pub fn tableau(&self, nom: &str, max: usize, erreurs: &mut Vec<ErreurChamp>) -> Vec<(String, &'a Value)> {
        match self.valeur(nom) {
            Some(Value::Array(valeurs)) if valeurs.len() <= max => {
                valeurs.iter().enumerate().map(|(i, v)| (format!("{}/{i}", self.pointeur(nom)), v)).collect()
            }
            Some(Value::Array(_)) => {
                self.refuse(nom, Invalide::new("LIMITE", format!("{max} au plus.")), erreurs);
                Vec::new()
            }
            Some(_) => {
                self.refuse(nom, Invalide::new("TYPE", "Une liste est attendue."), erreurs);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(erreurs: &[ErreurChamp]) -> Vec<(&str, &str)> {
        erreurs.iter().map(|e| (e.champ.as_str(), e.code)).collect()
    }

    #[test]
    fn everything_at_fault_is_told_with_its_place() {
        let corps =
            json!({"nom": 3, "prix": 12.5, "texte": "250", "n": 0, "grand": 18_446_744_073_709_551_615_u64, "oui": "true", "liste": [1, 2, 3], "o": []});
        let mut e = Vec::new();
        let o = Objet::racine(&corps, &mut e).unwrap();
        assert_eq!(o.texte("nom", 60, &mut e), None);
        assert_eq!(o.centimes("prix", &mut e), None);
        assert_eq!(o.centimes("texte", &mut e), None);
        assert_eq!(o.centimes("grand", &mut e), None);
        assert_eq!(o.entier("n", 1_u16..=9, &mut e), None);
        assert_eq!(o.booleen("oui", &mut e), None);
        assert!(o.tableau("liste", 2, &mut e).is_empty());
        assert!(o.objet("o", &mut e).is_none());
        assert_eq!(o.texte_requis("absent", 60, &mut e), "");
        assert_eq!(
            codes(&e),
            [
                ("/nom", "TYPE"),
                ("/prix", "TYPE"),
                ("/texte", "TYPE"),
                ("/grand", "MONTANT"),
                ("/n", "BORNES"),
                ("/oui", "TYPE"),
                ("/liste", "LIMITE"),
                ("/o", "TYPE"),
                ("/absent", "OBLIGATOIRE")
            ]
        );
    }

    #[test]
    fn null_empty_and_absent_are_the_same_and_texts_are_cleaned() {
        let corps = json!({"a": null, "b": "  ", "c": "  Zoe\u{301}\u{0} "});
        let mut e = Vec::new();
        let o = Objet::racine(&corps, &mut e).unwrap();
        assert_eq!((o.texte("a", 5, &mut e), o.texte("b", 5, &mut e), o.texte("z", 5, &mut e)), (None, None, None));
        assert_eq!(o.texte("c", 5, &mut e).as_deref(), Some("Zoé"));
        assert_eq!(o.date("b", &mut e), None);
        assert!(e.is_empty());
    }
}
