//! Parameters of the address, and lists in pages.
//!
//! What must hold: a page has 1 to 100 things, 50 where nothing is said; `suivant` is opaque. Parameters are read leniently in form and
//! strictly in value, and everything at fault is told at once.

use crate::probleme::Probleme;
use axum::{extract::FromRequestParts, http::request::Parts};
use optopec_domain::{
    erreur::{ErreurChamp, Invalide},
    limites::{LISTE_DEFAUT, LISTE_MAX},
};
use optopec_store::Page;
use serde::Serialize;
use serde_json::{Map, Value};
use std::{convert::Infallible, str::FromStr};
use utoipa::IntoParams;

/// The parameters of an address. A name given twice counts once, the first time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parametres(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parametres {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Parametres {
    /// Reads a query; what cannot be decoded becomes a replacement character and is refused by whoever reads its value.
    pub fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// One parameter; empty counts as absent.
    pub fn get(&self, nom: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == nom).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// One parameter as a type that reads itself from text; a note of what is wrong with it otherwise.
    pub fn code<T: FromStr<Err = Invalide>>(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        self.parse_with(nom, str::parse, erreurs)
    }

    /// One parameter read by `parse`.
    pub fn parse_with<T>(&self, nom: &str, parse: impl FnOnce(&str) -> Result<T, Invalide>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        parse(self.get(nom)?).map_err(|faute| erreurs.push(faute.at(format!("/{nom}")))).ok()
    }

    /// `true` or `false`.
    pub fn booleen(&self, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<bool> {
        self.parse_with(nom, |text| text.parse().map_err(|_| Invalide::new("TYPE", "true ou false est attendu.")), erreurs)
    }

    /// Which page.
    pub fn pagination(&self, erreurs: &mut Vec<ErreurChamp>) -> Pagination {
        let read = |text: &str| match text.parse::<u32>() {
            Ok(n) if (1..=LISTE_MAX).contains(&n) && text.bytes().all(|b| b.is_ascii_digit()) => Ok(n),
            _ => Err(Invalide::new("BORNES", format!("Un nombre entier de 1 à {LISTE_MAX} est attendu."))),
        };
        Pagination { limite: self.parse_with("limite", read, erreurs).unwrap_or(LISTE_DEFAUT), suivant: self.get("suivant").map(str::to_owned) }
    }
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Pagination {
    /// Nombre d'éléments au plus.
    #[param(required = false, minimum = 1, maximum = 100, default = 50)]
    pub limite: u32,
    /// Où la page précédente s'est arrêtée : sa valeur `suivant`.
    pub suivant: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Pagination {
    type Rejection = Probleme;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Probleme> {
        let mut erreurs = Vec::new();
        let page = Parametres::parse(parts.uri.query().unwrap_or_default()).pagination(&mut erreurs);
        if erreurs.is_empty() { Ok(page) } else { Err(Probleme::champs_invalides(erreurs)) }
    }
}

/// A page as it is answered: the things under their plural noun, and where the next page begins.
pub fn body<T, D: Serialize>(nom: &'static str, page: &Page<T>, show: impl FnMut(&T) -> D) -> Result<Value, Probleme> {
    let elements = serde_json::to_value(page.elements.iter().map(show).collect::<Vec<_>>()).map_err(Probleme::interne)?;
    let suivant = page.suivant.clone().map_or(Value::Null, Value::String);
    Ok(Value::Object(Map::from_iter([(nom.to_owned(), elements), ("suivant".to_owned(), suivant)])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pagination(query: &str) -> Result<(u32, Option<String>), Vec<ErreurChamp>> {
        let mut erreurs = Vec::new();
        let page = Parametres::parse(query).pagination(&mut erreurs);
        if erreurs.is_empty() { Ok((page.limite, page.suivant)) } else { Err(erreurs) }
    }

    #[test]
    fn a_page_has_one_to_a_hundred_things() {
        for (query, expected) in [("", 50), ("limite=", 50), ("limite=1", 1), ("limite=100", 100), ("limite=3&limite=x", 3), ("autre=5", 50)] {
            assert_eq!(pagination(query), Ok((expected, None)), "{query}");
        }
        for query in ["limite=0", "limite=101", "limite=-1", "limite=%2B5", "limite=dix", "limite=5.0", "limite=1e1", "limite=99999999999"] {
            let erreurs = pagination(query).unwrap_err();
            assert_eq!(erreurs.iter().map(|e| (e.champ.as_str(), e.code)).collect::<Vec<_>>(), [("/limite", "BORNES")], "{query}");
        }
        assert_eq!(pagination("suivant=abc_-1"), Ok((50, Some("abc_-1".into()))));
    }

    #[test]
    fn a_page_is_told_under_its_plural_noun() {
        let page = Page { elements: vec![1, 2], suivant: None };
        assert_eq!(body("dossiers", &page, |n| n * 10).ok(), Some(json!({"dossiers": [10, 20], "suivant": null})));
        let page = Page { elements: Vec::<u8>::new(), suivant: Some("x".into()) };
        assert_eq!(body("clients", &page, |n| *n).ok(), Some(json!({"clients": [], "suivant": "x"})));
    }

    #[test]
    fn parameters_are_decoded_and_never_fail() {
        let p = Parametres::parse("q=MGEN+%C3%A9t%C3%A9&pec=true&%FF=%FF&vide=");
        let mut erreurs = Vec::new();
        assert_eq!((p.get("q"), p.get("vide"), p.booleen("pec", &mut erreurs)), (Some("MGEN été"), None, Some(true)));
        assert_eq!(Parametres::parse("pec=oui").booleen("pec", &mut erreurs), None);
        assert_eq!(erreurs.len(), 1);
    }
}
