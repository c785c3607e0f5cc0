//! Names of shops in the local runner, where people write `demo` instead of an id.

use crate::{
    R, Store, StoreError,
    row::{Row, n, s, text, with},
    schema,
    tables::Table,
    transact::{Sens, Si},
};
use optopec_domain::ids::MagasinId;

const MAGASIN: &str = "magasin";

impl Store {
    /// The shop of a name.
    pub async fn nom_local(&self, nom: &str) -> R<Option<MagasinId>> {
        self.get(Table::Dossiers, &schema::nom_local(nom)).await?.as_ref().map(read).transpose()
    }

    /// Gives a name to a shop unless it has one; the winner.
    pub async fn put_nom_local(&self, nom: &str, id: &MagasinId) -> R<MagasinId> {
        let item = with(with(schema::nom_local(nom).attributes(), "v", n(1)), MAGASIN, s(id.as_str()));
        match self.write_once(|e| e.put(self, Table::Dossiers, item.clone(), &Si::Absent, Sens::Lu)).await {
            Ok(_) => Ok(id.clone()),
            Err(StoreError::Stale) => self.nom_local(nom).await?.ok_or(StoreError::Busy),
            Err(error) => Err(error),
        }
    }
}

fn read(row: &Row) -> R<MagasinId> {
    text(row, MAGASIN, "name")?.parse().map_err(|_| StoreError::corrupt("name", "its shop"))
}
