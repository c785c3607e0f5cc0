//! Clients, found by the beginning of their name or by their NIR.
//!
//! What must hold: the items that a search reads are written and removed in the transaction of the client they lead to, under the
//! condition of its version, and end with it. A client lives as long as her dossiers change.

use crate::{
    Idempotence, MagasinStore, Page, R, StoreError, Trace,
    item::client::ClientItem,
    page,
    read::{Plage, Requete},
    row::{Meta, Row, VERSION, n, number, open, readable, text, until, versioned, with},
    sceau::Sceau,
    schema::{self, Cle, Quoi},
    tables::Table,
    transact::{Ecriture, Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::{
    client::{Beneficiaire, Client},
    ids::ClientId,
    nir::Nir,
};
use std::{collections::BTreeSet, fmt::Display, str::FromStr};

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recherche {
    /// The beginning of « nom prenom »; folded here.
    Nom(String),
    /// A whole NIR.
    Nir(Nir),
}

/// Where a person stands in the indexes, and until when.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) cles: Vec<Cle>,
    pub(crate) fin: Option<u64>,
}

/// The client of a dossier, and her places where she must be prolonged.
pub(crate) struct ClientVie {
    cle: Cle,
    places: Option<Vec<Cle>>,
}

const WHAT: &str = "client";
const LISTE: &str = "clients";

impl MagasinStore {
    /// One client.
    pub async fn client(&self, id: &ClientId) -> R<Option<Client>> {
        let cle = schema::client(&self.id, id);
        let (sceau, row) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle))?;
        row.map(|row| read(&row, &sceau, id.clone())).transpose()
    }

    /// Writes a client; without `before` it must not exist, else it must still be at that version. `trace`: the answer shows a NIR in
    /// clear (`Plafond`, and nothing written, when the caller has seen too many today).
    pub async fn put_client(&self, before: Option<&Client>, after: &Client, now: Timestamp, trace: Option<&Trace>, idem: Option<&Idempotence>) -> R<()> {
        let (sceau, fin) = (self.sceau().await?, self.store.0.conservation.dossier(now));
        let row = until(versioned(&schema::client(&self.id, &after.id), &sceau, &ClientItem::of(after), after.version)?, fin);
        let condition = before.map_or(Si::Absent, |b| Si::Version(b.version));
        let old = match before {
            Some(b) => self.client_places(&sceau, b, self.client_meta(&b.id).await?.ok_or(StoreError::NotFound)?),
            None => Places::default(),
        };
        let new = self.places(Quoi::Client, &after.personne, after.id.as_str(), &sceau);
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &condition, Sens::Lu)?;
                self.move_places(e, &old, &new, fin)?;
                e.trace(&self.store, &self.id, trace)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    /// Deletes a client as it was read; `trace`: who did it.
    pub async fn delete_client(&self, before: &Client, trace: &Trace) -> R<()> {
        let (sceau, cle) = (self.sceau().await?, schema::client(&self.id, &before.id));
        let old = self.client_places(&sceau, before, self.client_meta(&before.id).await?.ok_or(StoreError::NotFound)?);
        self.store
            .write_once(|e| {
                e.delete(&self.store, Table::Dossiers, &cle, &Si::Version(before.version), Sens::Lu)?;
                old.cles.iter().try_for_each(|place| e.delete_always(&self.store, Table::Dossiers, place))?;
                e.trace(&self.store, &self.id, Some(trace))
            })
            .await?;
        Ok(())
    }

    /// What a write about a dossier must do so that its client is there and lives at least as long; nothing where there is no such client.
    pub(crate) async fn client_vie(&self, sceau: &Sceau, id: &ClientId, fin: Timestamp) -> R<Option<ClientVie>> {
        let cle = schema::client(&self.id, id);
        let Some(row) = self.store.get(Table::Dossiers, &cle).await? else { return Ok(None) };
        let meta = Meta::of(&row, WHAT)?;
        let lives = meta.fin.is_none_or(|f| i64::try_from(f).is_ok_and(|f| f >= fin.as_second()));
        let places = if lives { None } else { Some(self.client_places(sceau, &read(&row, sceau, id.clone())?, meta).cles) };
        Ok(Some(ClientVie { cle, places }))
    }

    /// Demands that the client is there, and lets her live; her places are written again, whatever became of them.
    pub(crate) fn keep_client(&self, e: &mut Ecriture, vie: Option<&ClientVie>, fin: Timestamp) -> R<()> {
        match vie {
            None => Ok(()),
            Some(ClientVie { cle, places: None }) => e.check(&self.store, Table::Dossiers, cle, &Si::Present, Sens::Lu),
            Some(ClientVie { cle, places: Some(places) }) => {
                e.prolong(&self.store, Table::Dossiers, cle, fin, &Si::Present)?;
                places.iter().try_for_each(|place| self.put_place(e, place, fin))
            }
        }
    }

    fn put_place(&self, e: &mut Ecriture, place: &Cle, fin: Timestamp) -> R<()> {
        e.put_always(&self.store, Table::Dossiers, until(with(place.attributes(), "v", n(1)), fin))
    }

    async fn client_meta(&self, id: &ClientId) -> R<Option<Meta>> {
        self.store.get(Table::Dossiers, &schema::client(&self.id, id)).await?.map(|row| Meta::of(&row, WHAT)).transpose()
    }

    fn client_places(&self, sceau: &Sceau, client: &Client, meta: Meta) -> Places {
        self.places_as_written(Quoi::Client, &client.personne, client.id.as_str(), sceau, meta)
    }

    /// Clients by name or NIR, by name.
    pub async fn search_clients(&self, q: &Recherche, limite: u32, suivant: Option<&str>) -> R<Page<Client>> {
        let after = match page::decode::<ClientId>(LISTE, suivant)? {
            // A place is only an id: the name it stands at is looked up, and a client that is gone stands nowhere.
            Some(id) => Some((self.client(&id).await?.ok_or(StoreError::Curseur)?.personne, id)),
            None => None,
        };
        let sceau = self.sceau().await?;
        let ids: Page<ClientId> = self.search(LISTE, Quoi::Client, q, limite, after, &sceau).await?;
        let mut rows = self.store.get_all(Table::Dossiers, ids.elements.iter().map(|id| schema::client(&self.id, id))).await?;
        let found = ids.elements.into_iter().filter_map(|id| rows.remove(&schema::client(&self.id, &id)).map(|row| read(&row, &sceau, id)));
        Ok(Page { elements: found.collect::<R<_>>()?, suivant: ids.suivant })
    }

    /// Where a person stands in the indexes from now on.
    pub(crate) fn places(&self, quoi: Quoi, personne: &Beneficiaire, id: &str, sceau: &Sceau) -> Places {
        Places { cles: self.places_by(quoi, personne, id, |nir| sceau.nir(nir)), fin: None }
    }

    /// Where a person was put by the item that names her.
    pub(crate) fn places_as_written(&self, quoi: Quoi, personne: &Beneficiaire, id: &str, sceau: &Sceau, meta: Meta) -> Places {
        let cles = if meta.scelle {
            self.places_by(quoi, personne, id, |nir| sceau.nir(nir))
        } else {
            self.places_by(quoi, personne, id, |nir| schema::empreinte_v1(&self.id, nir))
        };
        Places { cles, fin: meta.fin }
    }

    fn places_by(&self, quoi: Quoi, personne: &Beneficiaire, id: &str, empreinte: impl FnOnce(&Nir) -> String) -> Vec<Cle> {
        let by_name = schema::par_nom(&self.id, quoi, &personne.nom, personne.prenom.as_deref(), id);
        let by_nir = personne.nir.as_ref().map(|nir| schema::par_nir(&self.id, quoi, &empreinte(nir), id));
        std::iter::once(by_name).chain(by_nir).collect()
    }

    /// Removes places that are no longer right, adds those that are new, and lets all of them end with their item.
    pub(crate) fn move_places(&self, e: &mut Ecriture, old: &Places, new: &Places, fin: Timestamp) -> R<()> {
        let same_end = old.fin.is_some_and(|f| i64::try_from(f) == Ok(fin.as_second()));
        for cle in old.cles.iter().filter(|c| !new.cles.contains(c)) {
            e.delete_always(&self.store, Table::Dossiers, cle)?;
        }
        for cle in new.cles.iter().filter(|c| !same_end || !old.cles.contains(c)) {
            self.put_place(e, cle, fin)?;
        }
        Ok(())
    }

    /// A page of ids that a search finds, after a person and her id.
    pub(crate) async fn search<T: FromStr + Display + Ord>(
        &self,
        liste: &str,
        quoi: Quoi,
        q: &Recherche,
        limite: u32,
        after: Option<(Beneficiaire, T)>,
        sceau: &Sceau,
    ) -> R<Page<T>> {
        match q {
            Recherche::Nom(debut) => {
                let (prefix, after) =
                    (schema::nom_prefix(quoi, debut), after.map(|(p, id)| schema::par_nom(&self.id, quoi, &p.nom, p.prenom.as_deref(), &id.to_string())));
                if after.as_ref().is_some_and(|place| !place.sk.starts_with(&prefix)) {
                    return Err(StoreError::Curseur);
                }
                let requete = Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), Plage::Prefixe(prefix));
                let rows = self.store.first(&requete, limite as usize + 1, after.map(|c| c.attributes())).await?;
                Ok(page::cut(liste, ids_of(&rows)?, limite, T::to_string))
            }
            Recherche::Nir(nir) => {
                if after.as_ref().is_some_and(|(p, _)| p.nir.as_ref() != Some(nir)) {
                    return Err(StoreError::Curseur);
                }
                // One person: few enough to be read at once. Items that were written before there was a key stand under another hash.
                let [keyed, unkeyed] = [sceau.nir(nir), schema::empreinte_v1(&self.id, nir)]
                    .map(|empreinte| Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), Plage::Prefixe(schema::nir_prefix(quoi, &empreinte))));
                let (mut rows, old) = futures::try_join!(self.store.everything(&keyed), self.store.everything(&unkeyed))?;
                rows.extend(old);
                let ids: BTreeSet<T> = ids_of(&rows)?.into_iter().collect();
                let from = after.map(|(_, id)| id);
                let left = ids.into_iter().filter(|id| from.as_ref().is_none_or(|from| id > from)).collect();
                Ok(page::cut(liste, left, limite, T::to_string))
            }
        }
    }
}

fn ids_of<T: FromStr>(rows: &[Row]) -> R<Vec<T>> {
    let id = |row: &Row| -> R<T> {
        let (_, id) = text(row, "sk", WHAT)?.rsplit_once('#').ok_or_else(|| StoreError::corrupt(WHAT, "its key"))?;
        id.parse().map_err(|_| StoreError::corrupt(WHAT, "its key"))
    };
    rows.iter().map(id).collect()
}

fn read(row: &Row, sceau: &Sceau, id: ClientId) -> R<Client> {
    let version = number(row, VERSION, WHAT)?;
    readable(open::<ClientItem>(row, sceau, WHAT)?.read(id, version), WHAT)
}
