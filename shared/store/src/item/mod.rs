//! The shapes of what is stored (`v` = 1), converted by hand from and to the domain.
//!
//! What must hold: a shape that was ever written stays readable: its fixture in `fixtures/` is read by a test. A changed meaning is
//! a new `v`. What is absent is not written, so a new optional field needs no new `v`. An instant is RFC 3339, a day
//! `AAAA-MM-JJ`, money a number of centimes, everything of a closed list its one spelling.
//!
//! Deliberately absent: keys and attributes of conditions ([`crate::schema`], [`crate::row`]); versions, which live beside the shape.

pub(crate) mod client;
pub(crate) mod commun;
pub(crate) mod convention;
pub(crate) mod credit;
pub(crate) mod demande;
pub(crate) mod dossier;
pub(crate) mod envoi;
pub(crate) mod idempotence;
pub(crate) mod magasin;
pub(crate) mod mutuelle;
pub(crate) mod reference;

use crate::{StoreError, error::Cause};
use jiff::{Timestamp, civil::Date};
use optopec_domain::{erreur::Invalide, dioptre::Pourcentage};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::str::FromStr;

/// The largest percentage that is read back; its bound was checked when it came in.
const POURCENTAGE_MAX: u32 = 9_999;

/// Why a stored shape is not a domain value: the code of what is wrong, never its content.
#[derive(Debug)]
pub(crate) struct Illisible(pub(crate) &'static str);

impl From<Invalide> for Illisible {
    fn from(invalide: Invalide) -> Self {
        Self(invalide.code)
    }
}

impl Illisible {
    /// As an error of this crate.
    pub(crate) fn of(self, what: &'static str) -> StoreError {
        StoreError::Corrupt { what, source: Cause(self.0.to_owned()) }
    }
}

/// A shape as JSON, without what is absent.
pub(crate) fn to_json(shape: &impl Serialize) -> Result<String, StoreError> {
    let mut value = serde_json::to_value(shape).map_err(|e| unreadable("shape", &e))?;
    strip_absent(&mut value);
    Ok(value.to_string())
}

/// A shape from JSON.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|e| unreadable(what, &e))
}

/// The words of `serde_json` repeat the content; its place and category do not.
fn unreadable(what: &'static str, error: &serde_json::Error) -> StoreError {
    StoreError::corrupt(what, format!("{:?} at {}:{}", error.classify(), error.line(), error.column()))
}

/// Elements of a list stay: there `null` has a meaning.
fn strip_absent(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(strip_absent);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip_absent),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

pub(crate) fn parse<T: FromStr<Err = Invalide>>(text: &str) -> Result<T, Illisible> {
    Ok(text.parse()?)
}

pub(crate) fn maybe<T: FromStr<Err = Invalide>>(text: Option<&str>) -> Result<Option<T>, Illisible> {
    text.map(parse).transpose()
}

pub(crate) fn all<T: FromStr<Err = Invalide>>(texts: &[String]) -> Result<Vec<T>, Illisible> {
    texts.iter().map(|t| parse(t)).collect()
}

pub(crate) fn day(text: &str) -> Result<Date, Illisible> {
    text.parse().map_err(|_| Illisible("DATE"))
}

pub(crate) fn maybe_day(text: Option<&str>) -> Result<Option<Date>, Illisible> {
    text.map(day).transpose()
}

pub(crate) fn instant(text: &str) -> Result<Timestamp, Illisible> {
    text.parse().map_err(|_| Illisible("INSTANT"))
}

pub(crate) fn maybe_instant(text: Option<&str>) -> Result<Option<Timestamp>, Illisible> {
    text.map(instant).transpose()
}

pub(crate) fn percentage(text: &str) -> Result<Pourcentage, Illisible> {
    Ok(Pourcentage::parse(text, POURCENTAGE_MAX)?)
}

/// The text of a value, if there is one.
pub(crate) fn text_of<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(T::to_string)
}
