//! What the demonstration concentrator remembers of a reference: a text of its own, which this crate does not read.

use crate::{
    R, Store, StoreError,
    row::{Row, n, s, text, with},
    schema,
    tables::Table,
    transact::{Sens, Si},
};

const DOC: &str = "doc";

fn item(reference: &str, json: &str) -> Row {
    with(with(schema::demo(reference).attributes(), "v", n(1)), DOC, s(json))
}

impl Store {
    /// Its state as JSON.
    pub async fn demo_get(&self, reference: &str) -> R<Option<String>> {
        let row = self.get(Table::Dossiers, &schema::demo(reference)).await?;
        row.map(|row| text(&row, DOC, "demo").map(str::to_owned)).transpose()
    }

    /// Writes a first state; `false` if there was one.
    pub async fn demo_put_new(&self, reference: &str, json: &str) -> R<bool> {
        self.demo_put(reference, json, &Si::Absent).await
    }

    /// Replaces a state as it was read; `false` if it moved.
    pub async fn demo_replace(&self, reference: &str, before: &str, json: &str) -> R<bool> {
        self.demo_put(reference, json, &Si::Texte(DOC, before.to_owned())).await
    }

    async fn demo_put(&self, reference: &str, json: &str, before: &Si) -> R<bool> {
        match self.write_once(|e| e.put(self, Table::Dossiers, item(reference, json), before, Sens::Lu)).await {
            Ok(_) => Ok(true),
            Err(StoreError::Stale | StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
