//! Sealing of what was written in clear, before the tables had a key: once, at their first start with one.
//!
//! What must hold: nothing changes but the form (same content, same versions); it may break off and be done again. The answers kept for a key
//! in clear are forgotten: they were kept for two days at most.

use crate::{
    MagasinStore, R, Store, StoreError,
    item::magasin::MagasinItem,
    read::unavailable,
    row::{Row, text, versioned},
    schema,
    tables::Table,
    transact::{Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::ids::DemandeId;

/// In whose name.
const PAR: &str = "optopec";
const WHAT: &str = "item in clear";

impl Store {
    /// Seals every item of a shop that is in clear; how many there were.
    pub async fn seal_old(&self, now: Timestamp) -> R<u64> {
        let (mut sealed, mut place) = (0, None);
        loop {
            let page = self.0.client.scan().table_name(self.table(Table::Dossiers)).consistent_read(true).set_exclusive_start_key(place).send().await;
            let page = page.map_err(|e| unavailable(&e))?;
            for row in page.items.unwrap_or_default() {
                sealed += u64::from(self.seal_one(&row, now).await?);
            }
            place = page.last_evaluated_key.filter(|k| !k.is_empty());
            if place.is_none() {
                return Ok(sealed);
            }
        }
    }

    async fn seal_one(&self, row: &Row, now: Timestamp) -> R<bool> {
        let (pk, sk) = (text(row, "pk", WHAT)?, text(row, "sk", WHAT)?);
        let Some(Ok(magasin)) = pk.strip_prefix("MAG#").filter(|_| row.contains_key("doc")).map(str::parse) else { return Ok(false) };
        let done = self.for_magasin(magasin).seal(sk, now).await;
        match done {
            // Somebody wrote it in between: sealed.
            Err(StoreError::Stale | StoreError::NotFound) => Ok(true),
            other => other,
        }
    }
}

impl MagasinStore {
    async fn seal(&self, sk: &str, now: Timestamp) -> R<bool> {
        let (kind, id) = sk.split_once('#').unwrap_or((sk, ""));
        let damaged = |_| StoreError::corrupt(WHAT, "its key");
        match kind {
            "MAGASIN" => {
                let Some(magasin) = self.magasin().await? else { return Ok(false) };
                let row = versioned(&schema::magasin(self.id()), &*self.sceau().await?, &MagasinItem::of(&magasin), magasin.version)?;
                self.rewrite(row, &Si::Version(magasin.version)).await?;
            }
            "CLI" => {
                let Some(client) = self.client(&id.parse().map_err(damaged)?).await? else { return Ok(false) };
                self.put_client(Some(&client), &client, now, None, None).await?;
            }
            "DOS" => {
                let Some(lu) = self.dossier(&id.parse().map_err(damaged)?).await? else { return Ok(false) };
                self.put_dossier(&lu, &lu.dossier, &[], (PAR, now), None, None).await?;
            }
            "DEM" => {
                let Some(demande) = self.demande(&id.parse().map_err(damaged)?).await? else { return Ok(false) };
                let row = self.demande_row(&demande, &*self.sceau().await?)?;
                self.rewrite(row, &Si::Version(demande.version)).await?;
            }
            "ENV" => {
                let id: DemandeId = id.parse().map_err(damaged)?;
                let (Some(demande), Some(envoi)) = (self.demande(&id).await?, self.envoi(&id).await?) else { return Ok(false) };
                let row = self.envoi_row(&demande, &envoi, &*self.sceau().await?)?;
                self.rewrite(row, &Si::Present).await?;
            }
            "IDEM" => {
                let cle = schema::Cle { pk: schema::magasin_pk(self.id()), sk: sk.to_owned() };
                self.store.write_once(|e| e.delete_always(&self.store, Table::Dossiers, &cle)).await?;
            }
            // What hangs on a dossier says nothing about a person.
            _ => return Ok(false),
        }
        Ok(true)
    }

    async fn rewrite(&self, row: Row, si: &Si) -> R<()> {
        self.store.write_once(|e| e.put(&self.store, Table::Dossiers, row.clone(), si, Sens::Lu)).await?;
        Ok(())
    }
}
