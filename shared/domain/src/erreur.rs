//! What is wrong with a field, said so that a counter assistant can mend it.

/// One thing at fault: where (JSON pointer), what (stable code), and a French sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErreurChamp {
    /// JSON pointer into the body, the dossier or (`/magasin/…`) the shop.
    pub champ: String,
    /// Stable code, capitals without accents.
    pub code: &'static str,
    /// One French sentence.
    pub message: String,
}

impl ErreurChamp {
    /// Builds one.
    pub fn new(champ: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { champ: champ.into(), code, message: message.into() }
    }
}

/// Why a text is not the thing it should be: a code and a French sentence, without the place (the caller knows it).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalide {
    /// Stable code, capitals without accents.
    pub code: &'static str,
    /// One French sentence; never repeats personal data.
    pub message: String,
}

impl Invalide {
    /// Builds one.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The same, at a place.
    pub fn at(self, champ: impl Into<String>) -> ErreurChamp {
        ErreurChamp { champ: champ.into(), code: self.code, message: self.message }
    }
}
