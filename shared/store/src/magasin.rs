//! The shop itself: identity, subscription, switches. It and its account begin together.

use crate::{
    Idempotence, MagasinStore, R, StoreError, credits,
    item::magasin::MagasinItem,
    row::{VERSION, number, open, readable, versioned},
    schema,
    tables::Table,
    transact::{Sens, Si},
};
use optopec_domain::{credit::Compte, magasin::Magasin};

const WHAT: &str = "magasin";

impl MagasinStore {
    /// The shop.
    pub async fn magasin(&self) -> R<Option<Magasin>> {
        let cle = schema::magasin(&self.id);
        let (sceau, row) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle))?;
        let Some(row) = row else { return Ok(None) };
        let version = number(&row, VERSION, WHAT)?;
        readable(open::<MagasinItem>(&row, &sceau, WHAT)?.read(self.id.clone(), version), WHAT).map(Some)
    }

    /// Makes the shop and its empty account; `false` if it was there.
    pub async fn create_magasin(&self, magasin: &Magasin) -> R<bool> {
        let shop = versioned(&schema::magasin(&self.id), &*self.sceau().await?, &MagasinItem::of(magasin), magasin.version)?;
        let account = credits::compte_row(&self.id, &Compte::default())?;
        let written = self
            .store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, shop.clone(), &Si::Absent, Sens::Lu)?;
                e.put(&self.store, Table::Credits, account.clone(), &Si::Absent, Sens::Lu)
            })
            .await;
        match written {
            Ok(_) => Ok(true),
            Err(StoreError::Stale) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes the shop, its version already raised by one; `Stale` unless the stored one is the version before.
    pub async fn put_magasin(&self, magasin: &Magasin, idem: Option<&Idempotence>) -> R<()> {
        let sceau = self.sceau().await?;
        let row = versioned(&schema::magasin(&self.id), &sceau, &MagasinItem::of(magasin), magasin.version)?;
        let before = Si::Version(magasin.version.saturating_sub(1));
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &before, Sens::Lu)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }
}
