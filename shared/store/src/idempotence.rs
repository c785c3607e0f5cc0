//! What was answered to an `Idempotency-Key`.
//!
//! What must hold: the record is written in the transaction of the effect it answers for, so the one never exists without the other; it is
//! sealed, because the answer may repeat a whole dossier.

use crate::{
    MagasinStore, R, Store,
    blob::{deflate, inflate},
    item::idempotence::IdempotenceItem,
    row::{Row, binary, open, readable, sealed, unseal, until, with},
    sceau::Sceau,
    schema,
    tables::Table,
    transact::{Ecriture, Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::ids::MagasinId;
use std::sync::Arc;

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
    /// The client or dossier that the body shows, if it does: once it is gone, nothing of it is given again.
    pub objet: Option<String>,
    /// Whether a NIR in it is in clear: giving it again is an access.
    pub clair: bool,
    /// When it may be forgotten.
    pub expire_le: Timestamp,
}

const WHAT: &str = "idempotency record";

/// The body, deflated and then sealed, beside the rest.
const CORPS: &str = "corps";

/// The record of an item.
pub(crate) fn read(row: &Row, sceau: &Sceau) -> R<Idempotence> {
    let corps = inflate(WHAT, &unseal(row, sceau, CORPS, WHAT)?)?;
    readable(open::<IdempotenceItem>(row, sceau, WHAT)?.read(corps), WHAT)
}

fn item(magasin: &MagasinId, sceau: &Sceau, i: &Idempotence) -> R<Row> {
    let cle = schema::idempotence(magasin, &sceau.cle_idempotence(&i.cle));
    let corps = sceau.seal(&cle, CORPS, deflate(i.corps.as_bytes())?)?;
    Ok(until(with(sealed(&cle, sceau, &IdempotenceItem::of(i))?, CORPS, binary(corps)), i.expire_le))
}

impl Ecriture {
    /// Remembers an answer in the transaction of its effect.
    pub(crate) fn remember(&mut self, store: &Store, magasin: &MagasinId, sceau: &Arc<Sceau>, idem: Option<&Idempotence>) -> R<()> {
        let Some(idem) = idem else { return Ok(()) };
        self.sceau = Some(Arc::clone(sceau));
        self.put(store, Table::Dossiers, item(magasin, sceau, idem)?, &Si::Absent, Sens::Idempotence)
    }
}

impl MagasinStore {
    /// What a key was answered, if it had an effect.
    pub async fn idempotence(&self, cle: &str) -> R<Option<Idempotence>> {
        let sceau = self.sceau().await?;
        let row = self.store.get(Table::Dossiers, &schema::idempotence(&self.id, &sceau.cle_idempotence(cle))).await?;
        row.map(|row| read(&row, &sceau)).transpose()
    }

    /// Remembers an answer alone, for a write that cannot carry it in its transaction; `Deja` if another was first.
    pub async fn remember(&self, idempotence: &Idempotence) -> R<()> {
        let sceau = self.sceau().await?;
        self.store.write_once(|e| e.remember(&self.store, &self.id, &sceau, Some(idempotence))).await?;
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
            objet: Some("dos_1".into()),
            clair: true,
            expire_le: "2026-11-23T10:00:00.123456789Z".parse().unwrap(),
        };
        let sceau = Sceau::of(&[1; 32]).unwrap();
        let row = item(&"mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), &sceau, &record).unwrap();
        assert_eq!(row["ttl"], crate::row::n(1_795_428_000));
        assert_eq!(read(&row, &sceau).unwrap(), record);
    }
}
