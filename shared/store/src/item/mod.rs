//! The shapes of what is stored, converted by hand from and to the domain.
//!
//! What must hold: a shape that was ever written stays readable: its fixture in `fixtures/` is read by a test. A changed meaning is
//! a new `v`. What is absent is not written, so a new optional field needs no new `v`. An instant is RFC 3339, a day
//! `AAAA-MM-JJ`, money a number of centimes, everything of a closed list its one spelling.
//!
//! Deliberately absent: keys and attributes of conditions ([`crate::schema`], [`crate::row`]); versions, which live beside the shape.

pub(crate) mod acces;
pub(crate) mod cle;
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
use optopec_domain::{dioptre::Pourcentage, erreur::Invalide};
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

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::mutuelle::Fiche;

    /// What a text becomes when it goes through the domain and back; `None` when it is refused.
    type Through = fn(&str) -> Option<Value>;

    fn through<I: Serialize + DeserializeOwned, D>(text: &str, read: fn(I) -> Result<D, Illisible>, of: fn(&D) -> I) -> Option<Value> {
        let domain = read(from_json("fixture", text).ok()?).ok()?;
        Some(serde_json::from_str(&to_json(&of(&domain)).unwrap()).unwrap())
    }

    fn each<I, D>(items: Vec<I>, read: fn(I) -> Result<D, Illisible>) -> Result<Vec<D>, Illisible> {
        items.into_iter().map(read).collect()
    }

    fn id<T: FromStr<Err = Invalide>>(prefix: &str) -> T {
        format!("{prefix}01ARZ3NDEKTSV4RRFFQ69G5FAV").parse().unwrap()
    }

    const SHAPES: &[(&str, &str, Through)] = &[
        ("magasin", include_str!("../../fixtures/magasin.json"), |t| through(t, |i: magasin::MagasinItem| i.read(id("mag_"), 1), magasin::MagasinItem::of)),
        ("client", include_str!("../../fixtures/client.json"), |t| through(t, |i: client::ClientItem| i.read(id("cli_"), 1), client::ClientItem::of)),
        ("dossier", include_str!("../../fixtures/dossier.json"), |t| through(t, |i: dossier::DossierItem| i.read(id("dos_"), 1), dossier::DossierItem::of)),
        ("transfert", include_str!("../../fixtures/transfert.json"), |t| through(t, dossier::TransfertItem::read, dossier::TransfertItem::of)),
        ("imprime", include_str!("../../fixtures/imprime.json"), |t| {
            through(t, dossier::ImprimeItem::read, |(le, impressions)| dossier::ImprimeItem::of(*le, impressions))
        }),
        ("demande", include_str!("../../fixtures/demande.json"), |t| through(t, |i: demande::DemandeItem| i.read(id("dem_"), 1), demande::DemandeItem::of)),
        ("envoi", include_str!("../../fixtures/envoi.json"), |t| through(t, envoi::EnvoiItem::read, envoi::EnvoiItem::of)),
        ("compte", include_str!("../../fixtures/compte.json"), |t| through(t, |i: credit::CompteItem| Ok(i.read()), credit::CompteItem::of)),
        ("mouvement", include_str!("../../fixtures/mouvement.json"), |t| through(t, credit::MouvementItem::read, credit::MouvementItem::of)),
        ("idempotence", include_str!("../../fixtures/idempotence.json"), |t| {
            through(t, |i: idempotence::IdempotenceItem| i.read(String::new()), idempotence::IdempotenceItem::of)
        }),
        ("paquet", include_str!("../../fixtures/paquet.json"), |t| through(t, mutuelle::PaquetItem::read, mutuelle::PaquetItem::of)),
        ("fiches", include_str!("../../fixtures/fiches.json"), |t| {
            through(t, |i| each(i, mutuelle::FicheItem::read), |d: &Vec<Fiche>| d.iter().map(mutuelle::FicheItem::of).collect::<Vec<_>>())
        }),
        ("lpp", include_str!("../../fixtures/lpp.json"), |t| {
            through(t, |i| each(i, reference::LigneLppItem::read), |d: &Vec<_>| d.iter().map(reference::LigneLppItem::of).collect::<Vec<_>>())
        }),
        ("taux", include_str!("../../fixtures/taux.json"), |t| {
            through(t, |i| each(i, reference::LigneTauxItem::read), |d: &Vec<_>| d.iter().map(reference::LigneTauxItem::of).collect::<Vec<_>>())
        }),
        ("tete", include_str!("../../fixtures/tete.json"), |t| {
            through(
                t,
                |i: convention::TeteItem| {
                    let rejets = i.rejets().to_owned();
                    Ok((i.read(vec![]), rejets))
                },
                |(head, rejets)| convention::TeteItem::of(head, rejets.clone()),
            )
        }),
        ("rejets", include_str!("../../fixtures/rejets.json"), |t| {
            through(t, |i| each(i, |r: convention::RejetItem| Ok(r.read())), |d: &Vec<_>| d.iter().map(convention::RejetItem::of).collect::<Vec<_>>())
        }),
        ("liste", include_str!("../../fixtures/liste.json"), |t| through(t, |i: convention::ListeItem| Ok(i.read(1)), convention::ListeItem::of)),
        ("cle", include_str!("../../fixtures/cle.json"), |t| through(t, cle::CleItem::read, |octets: &Vec<u8>| cle::CleItem::of(octets))),
        ("acces", include_str!("../../fixtures/acces.json"), |t| through(t, acces::AccesItem::read, acces::AccesItem::of)),
        ("preuve", include_str!("../../fixtures/preuve.json"), |t| through(t, acces::PreuveItem::read, acces::PreuveItem::of)),
        ("brut", include_str!("../../fixtures/brut.json"), |t| through(t, demande::BrutItem::read, demande::BrutItem::of)),
        ("reference", include_str!("../../fixtures/reference.json"), |t| {
            through(
                t,
                |i: credit::ReferenceItem| Ok((i.magasin, i.mouvement)),
                |(magasin, mouvement)| credit::ReferenceItem { magasin: magasin.clone(), mouvement: *mouvement },
            )
        }),
        ("contenu", include_str!("../../fixtures/contenu.json"), |t| {
            through(t, |i: convention::ManifesteItem| Ok(i.contenu), |contenu| convention::ManifesteItem { contenu: contenu.clone() })?;
            through(t, |i: reference::TableItem| Ok(i.contenu), |contenu| reference::TableItem { contenu: contenu.clone() })
        }),
    ];

    /// Every way to a field or an element, as JSON pointers.
    fn pointers(value: &Value, here: &str, into: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), v)).collect(),
            Value::Array(elements) => elements.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for (name, child) in children {
            let pointer = format!("{here}/{name}");
            pointers(child, &pointer, into);
            into.push(pointer);
        }
    }

    fn all_pointers(value: &Value) -> Vec<String> {
        let mut all = Vec::new();
        pointers(value, "", &mut all);
        all
    }

    #[test]
    fn every_shape_ever_written_is_read_and_written_back_the_same() {
        for (name, fixture, through) in SHAPES {
            let wanted: Value = serde_json::from_str(fixture).unwrap();
            assert_eq!(through(fixture).as_ref(), Some(&wanted), "{name}");
        }
    }

    #[test]
    fn without_any_optional_field_it_still_comes_back_the_same() {
        let mut optional = 0;
        for (name, fixture, through) in SHAPES {
            let whole: Value = serde_json::from_str(fixture).unwrap();
            for pointer in all_pointers(&whole) {
                let (parent, field) = pointer.rsplit_once('/').unwrap();
                let mut without = whole.clone();
                let Some(Value::Object(fields)) = without.pointer_mut(parent) else { continue };
                fields.remove(field);
                if let Some(back) = through(&without.to_string()) {
                    assert_eq!(back, without, "{name} without {pointer}");
                    optional += 1;
                }
            }
        }
        assert!(optional > 120, "{optional}");
    }

    #[test]
    fn a_damaged_text_is_refused_or_kept_but_never_changed() {
        for (name, fixture, through) in SHAPES {
            let whole: Value = serde_json::from_str(fixture).unwrap();
            for pointer in all_pointers(&whole) {
                let mut damaged = whole.clone();
                if let Some(text @ Value::String(_)) = damaged.pointer_mut(&pointer) {
                    *text = Value::String("~".into());
                    assert!(through(&damaged.to_string()).is_none_or(|back| back == damaged), "{name} {pointer}");
                }
            }
        }
    }
}
