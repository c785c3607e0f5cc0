//! Clients, found by the beginning of their name or by their NIR.
//!
//! What must hold: the items that a search reads are written and removed in the transaction of the client they lead to, under the
//! condition of its version.

use crate::{
    Idempotence, MagasinStore, Page, R, StoreError,
    item::client::ClientItem,
    page,
    read::{Plage, Requete},
    row::{Row, VERSION, doc, n, number, readable, text, versioned, with},
    schema::{self, Cle, Quoi},
    tables::Table,
    transact::{Ecriture, Sens, Si},
};
use optopec_domain::{
    client::{Beneficiaire, Client},
    ids::ClientId,
    nir::Nir,
};
use std::{fmt::Display, str::FromStr};

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recherche {
    /// The beginning of « nom prenom »; folded here.
    Nom(String),
    /// A whole NIR.
    Nir(Nir),
}

const WHAT: &str = "client";
const LISTE: &str = "clients";

impl MagasinStore {
    /// One client.
    pub async fn client(&self, id: &ClientId) -> R<Option<Client>> {
        self.store.get(Table::Dossiers, &schema::client(&self.id, id)).await?.map(|row| read(&row, id.clone())).transpose()
    }

    /// Writes a client; without `before` it must not exist, else it must still be at that version.
    pub async fn put_client(&self, before: Option<&Client>, after: &Client, idem: Option<&Idempotence>) -> R<()> {
        let row = versioned(&schema::client(&self.id, &after.id), &ClientItem::of(after), after.version)?;
        let condition = before.map_or(Si::Absent, |b| Si::Version(b.version));
        let places = |c: &Client| self.places(Quoi::Client, &c.personne, c.id.as_str());
        let (old, new) = (before.map(places).unwrap_or_default(), places(after));
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &condition, Sens::Lu)?;
                self.move_places(e, &old, &new)?;
                e.remember(&self.store, &self.id, idem)
            })
            .await?;
        Ok(())
    }

    /// Deletes a client as it was read.
    pub async fn delete_client(&self, before: &Client) -> R<()> {
        let old = self.places(Quoi::Client, &before.personne, before.id.as_str());
        self.store
            .write_once(|e| {
                e.delete(&self.store, Table::Dossiers, &schema::client(&self.id, &before.id), &Si::Version(before.version), Sens::Lu)?;
                self.move_places(e, &old, &[])
            })
            .await?;
        Ok(())
    }

    /// Clients by name or NIR, by name.
    pub async fn search_clients(&self, q: &Recherche, limite: u32, suivant: Option<&str>) -> R<Page<Client>> {
        let after = match page::decode::<ClientId>(LISTE, suivant)? {
            // A place is only an id: the name it stands at is looked up, and a client that is gone stands nowhere.
            Some(id) => Some(self.client(&id).await?.map(|c| self.place(Quoi::Client, q, &c.personne, id.as_str())).ok_or(StoreError::Curseur)?),
            None => None,
        };
        let ids: Page<ClientId> = self.search(LISTE, Quoi::Client, q, limite, after).await?;
        let mut rows = self.store.get_all(Table::Dossiers, ids.elements.iter().map(|id| schema::client(&self.id, id))).await?;
        let found = ids.elements.into_iter().filter_map(|id| rows.remove(&schema::client(&self.id, &id)).map(|row| read(&row, id)));
        Ok(Page { elements: found.collect::<R<_>>()?, suivant: ids.suivant })
    }

    /// Where a person stands in the indexes.
    pub(crate) fn places(&self, quoi: Quoi, personne: &Beneficiaire, id: &str) -> Vec<Cle> {
        let by_name = schema::par_nom(&self.id, quoi, &personne.nom, personne.prenom.as_deref(), id);
        let by_nir = personne.nir.as_ref().map(|nir| schema::par_nir(&self.id, quoi, nir, id));
        std::iter::once(by_name).chain(by_nir).collect()
    }

    /// Where a person stands among what a search reads.
    pub(crate) fn place(&self, quoi: Quoi, q: &Recherche, personne: &Beneficiaire, id: &str) -> Cle {
        match q {
            Recherche::Nom(_) => schema::par_nom(&self.id, quoi, &personne.nom, personne.prenom.as_deref(), id),
            Recherche::Nir(nir) => schema::par_nir(&self.id, quoi, nir, id),
        }
    }

    /// Removes places that are no longer right, adds those that are new.
    pub(crate) fn move_places(&self, e: &mut Ecriture, old: &[Cle], new: &[Cle]) -> R<()> {
        for cle in old.iter().filter(|c| !new.contains(c)) {
            e.delete_always(&self.store, Table::Dossiers, cle)?;
        }
        for cle in new.iter().filter(|c| !old.contains(c)) {
            e.put_always(&self.store, Table::Dossiers, with(cle.attributes(), "v", n(1)))?;
        }
        Ok(())
    }

    /// A page of ids that a search finds.
    pub(crate) async fn search<T: FromStr + Display>(&self, liste: &str, quoi: Quoi, q: &Recherche, limite: u32, after: Option<Cle>) -> R<Page<T>> {
        let prefix = match q {
            Recherche::Nom(debut) => schema::nom_prefix(quoi, debut),
            Recherche::Nir(nir) => schema::nir_prefix(&self.id, quoi, nir),
        };
        if after.as_ref().is_some_and(|place| !place.sk.starts_with(&prefix)) {
            return Err(StoreError::Curseur);
        }
        let requete = Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), Plage::Prefixe(prefix));
        let rows = self.store.first(&requete, limite as usize + 1, after.map(|c| c.attributes())).await?;
        let ids = rows.iter().map(|row| {
            let (_, id) = text(row, "sk", WHAT)?.rsplit_once('#').ok_or_else(|| StoreError::corrupt(WHAT, "its key"))?;
            id.parse().map_err(|_| StoreError::corrupt(WHAT, "its key"))
        });
        Ok(page::cut(liste, ids.collect::<R<Vec<T>>>()?, limite, T::to_string))
    }
}

fn read(row: &Row, id: ClientId) -> R<Client> {
    let version = number(row, VERSION, WHAT)?;
    readable(doc::<ClientItem>(row, WHAT)?.read(id, version), WHAT)
}
