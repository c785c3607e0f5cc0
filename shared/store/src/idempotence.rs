//! What was answered to an `Idempotency-Key`.
//!
//! What must hold: the record is written in the transaction of the effect it answers for, so the one never exists without the other.

use crate::{
    MagasinStore, R, Store,
    blob::{deflate, inflate},
    item::idempotence::IdempotenceItem,
    row::{Row, binary, bytes, doc, n, readable, row, with},
    schema,
    tables::{TTL, Table},
    transact::{Ecriture, Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::ids::MagasinId;

/// The answer that a key gets from now on (at least until `expire_le`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotence {
    /// The key, unique in a shop.
    pub cle: String,
    /// SHA-256 of method, path and body, in hexadecimal.
    pub empreinte: String,
    /// Status of the answer.
    pub statut: u16,
    /// Body of the answer.
    pub corps: String,
    /// Headers of the answer that belong to it (`etag`, `location`).
    pub entetes: Vec<(String, String)>,
    /// When it may be forgotten.
    pub expire_le: Timestamp,
}

const WHAT: &str = "idempotency record";

/// The record of an item. The body may repeat a whole dossier, so it is deflated.
pub(crate) fn read(row: &Row) -> R<Idempotence> {
    let corps = inflate(WHAT, bytes(row, "corps", WHAT)?)?;
    readable(doc::<IdempotenceItem>(row, WHAT)?.read(corps), WHAT)
}

fn item(magasin: &MagasinId, i: &Idempotence) -> R<Row> {
    let row = row(&schema::idempotence(magasin, &i.cle), &IdempotenceItem::of(i))?;
    Ok(with(with(row, "corps", binary(deflate(i.corps.as_bytes())?)), TTL, n(i.expire_le.as_second())))
}

impl Ecriture {
    /// Remembers an answer in the transaction of its effect.
    pub(crate) fn remember(&mut self, store: &Store, magasin: &MagasinId, idem: Option<&Idempotence>) -> R<()> {
        match idem {
            Some(idem) => self.put(store, Table::Dossiers, item(magasin, idem)?, &Si::Absent, Sens::Idempotence),
            None => Ok(()),
        }
    }
}

impl MagasinStore {
    /// What a key was answered, if it had an effect.
    pub async fn idempotence(&self, cle: &str) -> R<Option<Idempotence>> {
        self.store.get(Table::Dossiers, &schema::idempotence(&self.id, cle)).await?.as_ref().map(read).transpose()
    }

    /// Remembers an answer alone, for a write that cannot carry it in its transaction; `Deja` if another was first.
    pub async fn remember(&self, idempotence: &Idempotence) -> R<()> {
        self.store.write_once(|e| e.remember(&self.store, &self.id, Some(idempotence))).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_with_its_body() {
        let record = Idempotence {
            cle: "a#b c".into(),
            empreinte: "ab".repeat(32),
            statut: 201,
            corps: r#"{"nom":"Été"}"#.into(),
            entetes: vec![("etag".into(), "\"1-abcd\"".into())],
            expire_le: "2026-11-23T10:00:00.123456789Z".parse().unwrap(),
        };
        let row = item(&"mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), &record).unwrap();
        assert_eq!(row["ttl"], n(1_795_428_000));
        assert_eq!(read(&row).unwrap(), record);
    }
}
