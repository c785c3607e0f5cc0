//! Items as the database has them: a key, `v`, `doc` (a shape as JSON), the mark of the write, and what conditions and indexes need.

use crate::{
    R, StoreError,
    item::{Illisible, from_json, to_json},
    schema::Cle,
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// An item.
pub(crate) type Row = HashMap<String, AttributeValue>;

/// The shape version that this program writes, and the only one there is so far.
const V: &str = "1";
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
    row.insert("v".to_owned(), n(V));
    row.insert("doc".to_owned(), s(to_json(shape)?));
    Ok(row)
}

/// The same with an attribute.
pub(crate) fn with(mut row: Row, nom: &str, valeur: AttributeValue) -> Row {
    row.insert(nom.to_owned(), valeur);
    row
}

/// A new item with a version.
pub(crate) fn versioned(cle: &Cle, shape: &impl Serialize, version: u64) -> R<Row> {
    Ok(with(row(cle, shape)?, VERSION, n(version)))
}

/// The shape of an item.
pub(crate) fn doc<T: DeserializeOwned>(row: &Row, what: &'static str) -> R<T> {
    if number(row, "v", what)? != 1 {
        return Err(StoreError::corrupt(what, "written by a newer program"));
    }
    from_json(what, text(row, "doc", what)?)
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
