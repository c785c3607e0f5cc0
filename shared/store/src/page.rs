//! Pages of lists, and the places where they go on.
//!
//! What must hold: a `suivant` names a place by an id or a number of the same shop, never by a name or a key; the keys are built again
//! from it, so a forged one reaches nothing.

use crate::{R, StoreError, row::Row};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub elements: Vec<T>,
    /// Where the next one begins: opaque, URL-safe, free of personal data.
    pub suivant: Option<String>,
}

/// Where a sweep inside one process goes on.
#[derive(Debug, Clone)]
pub struct Cursor(pub(crate) Row);

/// The page of at most `limite` out of what was read (one more, if there is more).
pub(crate) fn cut<T>(liste: &str, mut read: Vec<T>, limite: u32, place: impl Fn(&T) -> String) -> Page<T> {
    let limite = limite as usize;
    let more = read.len() > limite;
    read.truncate(limite);
    let suivant = read.last().filter(|_| more).map(|last| encode(liste, &place(last)));
    Page { elements: read, suivant }
}

/// A `suivant` of a list.
pub(crate) fn encode(liste: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{liste}:{place}"))
}

/// The place in this list that a `suivant` names.
pub(crate) fn decode<T: std::str::FromStr>(liste: &str, suivant: Option<&str>) -> R<Option<T>> {
    let Some(suivant) = suivant else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(suivant).map_err(|_| StoreError::Curseur)?;
    let text = String::from_utf8(bytes).map_err(|_| StoreError::Curseur)?;
    let place = text.strip_prefix(liste).and_then(|rest| rest.strip_prefix(':')).ok_or(StoreError::Curseur)?;
    place.parse().map(Some).map_err(|_| StoreError::Curseur)
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::ids::ClientId;

    const ID: &str = "cli_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn a_place_comes_back() {
        let suivant = encode("clients", ID);
        assert!(suivant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(decode::<ClientId>("clients", Some(&suivant)).unwrap().unwrap().as_str(), ID);
        assert!(decode::<ClientId>("clients", None).unwrap().is_none());
    }

    #[test]
    fn garbage_and_places_of_other_lists_are_refused() {
        let other = encode("dossiers", ID);
        let not_an_id = encode("clients", "MONTFORT");
        let not_text = URL_SAFE_NO_PAD.encode([0xff, 0xfe]);
        for bad in ["", "!", "é", "AAAA", &other, &not_an_id, &not_text, &format!("{}=", encode("clients", ID))] {
            assert!(matches!(decode::<ClientId>("clients", Some(bad)), Err(StoreError::Curseur)), "{bad}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let place = |n: &u32| n.to_string();
        assert_eq!(cut("l", vec![1, 2], 2, place), Page { elements: vec![1, 2], suivant: None });
        assert_eq!(cut("l", vec![1, 2, 3], 2, place), Page { elements: vec![1, 2], suivant: Some(encode("l", "2")) });
        assert_eq!(cut("l", Vec::new(), 2, place), Page { elements: vec![], suivant: None });
    }
}
