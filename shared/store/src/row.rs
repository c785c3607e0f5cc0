//! Items as the database has them: a key, `v`, a shape as JSON, the mark of the write, and what conditions and indexes need.
//!
//! What must hold: whatever a shop stores about persons is sealed (`v` 2, in `c`); the rest is in clear (`v` 1, in `doc`). Items that were
//! written in clear before there was a seal stay readable, and are sealed by their next write.

use crate::{
    R, StoreError,
    item::{Illisible, from_json, to_json},
    sceau::Sceau,
    schema::Cle,
    tables::TTL,
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// An item.
pub(crate) type Row = HashMap<String, AttributeValue>;

/// The shape versions: in clear, and sealed.
const CLAIR: u64 = 1;
const SCELLE: u64 = 2;
/// The sealed shape.
const CONTENU: &str = "c";
/// The version of a thing that has one: beside the shape, so that a write can raise it without reading the rest.
pub(crate) const VERSION: &str = "ver";
/// The mark of the write that made the item what it is.
pub(crate) const MARQUE: &str = "w";

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// A new item.
pub(crate) fn row(cle: &Cle, shape: &impl Serialize) -> R<Row> {
    let mut row = cle.attributes();
    row.insert("v".to_owned(), n(CLAIR));
    row.insert("doc".to_owned(), s(to_json(shape)?));
    Ok(row)
}

/// The same with an attribute.
pub(crate) fn with(mut row: Row, nom: &str, valeur: AttributeValue) -> Row {
    row.insert(nom.to_owned(), valeur);
    row
}

/// A new item of a shop, that only the shop's key opens.
pub(crate) fn sealed(cle: &Cle, sceau: &Sceau, shape: &impl Serialize) -> R<Row> {
    let mut row = cle.attributes();
    row.insert("v".to_owned(), n(SCELLE));
    row.insert(CONTENU.to_owned(), binary(sceau.seal(cle, CONTENU, to_json(shape)?.into_bytes())?));
    Ok(row)
}

/// The same with a version.
pub(crate) fn versioned(cle: &Cle, sceau: &Sceau, shape: &impl Serialize, version: u64) -> R<Row> {
    Ok(with(sealed(cle, sceau, shape)?, VERSION, n(version)))
}

/// The same, until an instant.
pub(crate) fn until(row: Row, end: Timestamp) -> Row {
    with(row, TTL, n(end.as_second()))
}

/// What an item says beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Whether it is sealed.
    pub(crate) scelle: bool,
    /// Its end, in epoch seconds.
    pub(crate) fin: Option<u64>,
}

impl Meta {
    pub(crate) fn of(row: &Row, what: &'static str) -> R<Self> {
        Ok(Self { scelle: number(row, "v", what)? != CLAIR, fin: number(row, TTL, what).ok() })
    }
}

/// The shape of an item in clear.
pub(crate) fn doc<T: DeserializeOwned>(row: &Row, what: &'static str) -> R<T> {
    match number(row, "v", what)? {
        CLAIR => from_json(what, text(row, "doc", what)?),
        _ => Err(StoreError::corrupt(what, "written by a newer program")),
    }
}

/// The shape of an item of a shop: sealed, or in clear from before there was a seal.
pub(crate) fn open<T: DeserializeOwned>(row: &Row, sceau: &Sceau, what: &'static str) -> R<T> {
    if number(row, "v", what)? != SCELLE {
        return doc(row, what);
    }
    let opened = unseal(row, sceau, CONTENU, what)?;
    from_json(what, std::str::from_utf8(&opened).map_err(|_| StoreError::corrupt(what, "its content is no text"))?)
}

/// A sealed attribute of an item.
pub(crate) fn unseal(row: &Row, sceau: &Sceau, attribut: &str, what: &'static str) -> R<Vec<u8>> {
    let cle = Cle { pk: text(row, "pk", what)?.to_owned(), sk: text(row, "sk", what)?.to_owned() };
    sceau.open(&cle, attribut, bytes(row, attribut, what)?, what)
}

/// A text attribute.
pub(crate) fn text<'a>(row: &'a Row, nom: &str, what: &'static str) -> R<&'a str> {
    match row.get(nom) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(StoreError::corrupt(what, format!("no text {nom}"))),
    }
}

/// A number attribute.
pub(crate) fn number(row: &Row, nom: &str, what: &'static str) -> R<u64> {
    match row.get(nom) {
        Some(AttributeValue::N(number)) => number.parse().map_err(|_| StoreError::corrupt(what, format!("{nom} is not a number"))),
        _ => Err(StoreError::corrupt(what, format!("no number {nom}"))),
    }
}

/// A binary attribute.
pub(crate) fn bytes<'a>(row: &'a Row, nom: &str, what: &'static str) -> R<&'a [u8]> {
    match row.get(nom) {
        Some(AttributeValue::B(bytes)) => Ok(bytes.as_ref()),
        _ => Err(StoreError::corrupt(what, format!("no bytes {nom}"))),
    }
}

pub(crate) fn binary(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// The id at the end of a sort key, after a known beginning.
pub(crate) fn id_after<T: std::str::FromStr>(row: &Row, prefix: &str, what: &'static str) -> R<T> {
    text(row, "sk", what)?.strip_prefix(prefix).and_then(|id| id.parse().ok()).ok_or_else(|| StoreError::corrupt(what, "its key"))
}

/// A domain value from a shape, or what is wrong with it.
pub(crate) fn readable<T>(value: Result<T, Illisible>, what: &'static str) -> R<T> {
    value.map_err(|e| e.of(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    fn sceau() -> Sceau {
        Sceau::of(&[9; 32]).unwrap()
    }

    #[test]
    fn a_sealed_item_shows_nothing_and_one_in_clear_stays_readable() {
        let (cle, shape) = (schema::demo("r"), serde_json::json!({"nir": "278052A00412358"}));
        let item = sealed(&cle, &sceau(), &shape).unwrap();
        assert!(!format!("{item:?}").contains("278052") && !item.contains_key("doc"));
        for stored in [item, row(&cle, &shape).unwrap()] {
            assert_eq!(open::<serde_json::Value>(&stored, &sceau(), "x").unwrap(), shape);
        }
    }

    #[test]
    fn a_sealed_content_opens_at_its_own_item_only() {
        let stolen = sealed(&schema::demo("r"), &sceau(), &1).unwrap();
        let moved = with(stolen.clone(), "pk", s("DEMO#other"));
        assert!(matches!(open::<u32>(&moved, &sceau(), "x"), Err(StoreError::Corrupt { what: "x", .. })));
        assert!(matches!(open::<u32>(&stolen, &Sceau::of(&[8; 32]).unwrap(), "x"), Err(StoreError::Corrupt { what: "x", .. })));
        let later = with(stolen, "v", n(3));
        assert!(matches!(open::<u32>(&later, &sceau(), "x"), Err(StoreError::Corrupt { what: "x", .. })));
    }

    #[test]
    fn an_item_of_a_later_program_is_not_guessed_at() {
        let mut item = row(&schema::demo("r"), &serde_json::json!({"a": 1, "b": null, "c": [null]})).unwrap();
        assert_eq!(item["doc"], s(r#"{"a":1,"c":[null]}"#));
        assert!(doc::<serde_json::Value>(&item, "x").is_ok());
        item.insert("v".into(), n(2));
        assert!(matches!(doc::<serde_json::Value>(&item, "x"), Err(StoreError::Corrupt { what: "x", .. })));
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        let mut item = row(&schema::demo("r"), &1).unwrap();
        item.insert("doc".into(), s(r#"{"nom":"MONTFORT"}"#));
        let error = doc::<u32>(&item, "x").unwrap_err();
        let chain = format!("{error} {error:?}");
        assert!(!chain.contains("MONTFORT"), "{chain}");
    }
}
