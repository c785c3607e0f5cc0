//! Who saw what in clear: an entry for each answer, a count for each user and day; and the proofs of consents.
//!
//! What must hold: an entry and its count are written together, and where the answer is about a write, with that write: no answer in clear
//! without its entry. Entries and proofs outlive what they are about, and name nobody but who looked. A proof is sealed: the fingerprint of the
//! signed paper would tell a birth date to whoever knows the rest of it.

use crate::{
    MagasinStore, Page, R, Store,
    item::acces::{AccesItem, PreuveItem},
    page,
    read::{Plage, Requete},
    row::{doc, open, readable, row, sealed, text, until},
    sceau::Sceau,
    schema,
    tables::Table,
    transact::Ecriture,
};
use jiff::{Timestamp, civil::Date};
use optopec_domain::{
    acces::Acces,
    consentement::Signature,
    date,
    dossier::Dossier,
    ids::{ClientId, DossierId, MagasinId},
};
use std::fmt;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objet {
    /// A client.
    Client(ClientId),
    /// A dossier.
    Dossier(DossierId),
}

impl fmt::Display for Objet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(id) => id.fmt(f),
            Self::Dossier(id) => id.fmt(f),
        }
    }
}

/// An answer in clear, about to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// What it shows.
    pub objet: Objet,
    /// To whom, when and why.
    pub acces: Acces,
    /// Name of the entry: sorts by time, differs from every other.
    pub entree: String,
    /// How many a user may be given in a day, where there is a ceiling and this answer counts.
    pub plafond: Option<u32>,
}

/// A consent that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preuve {
    /// When.
    pub enregistree_le: Timestamp,
    /// By whom: the subject of the token.
    pub par: String,
    /// What was signed, for which mutuelle, with which switches, on which paper.
    pub signature: Signature,
}

const WHAT: &str = "access entry";
const LISTE: &str = "acces";

impl Ecriture {
    /// Writes down an answer in clear, and counts it.
    pub(crate) fn trace(&mut self, store: &Store, magasin: &MagasinId, trace: Option<&Trace>) -> R<()> {
        let Some(Trace { objet, acces, entree, plafond }) = trace else { return Ok(()) };
        let fin = store.0.conservation.acces(acces.le);
        let item = until(row(&schema::acces(magasin, &objet.to_string(), entree), &AccesItem::of(acces))?, fin);
        self.put_always(store, Table::Dossiers, item)?;
        match plafond {
            Some(plafond) => {
                let jour: Date = date::paris_day(acces.le);
                // The day after is enough: nobody asks about a count of yesterday.
                let end = date::end_of_paris_day(jour.tomorrow().unwrap_or(jour));
                self.count(store, Table::Dossiers, &schema::lectures(magasin, jour, &acces.utilisateur), *plafond, end)
            }
            None => Ok(()),
        }
    }
}

impl MagasinStore {
    /// Writes down answers in clear that go with no write; `Plafond`, and nothing written, when one too many. At most 50 at once.
    pub async fn note(&self, traces: &[Trace]) -> R<()> {
        self.store.write_once(|e| traces.iter().try_for_each(|trace| e.trace(&self.store, &self.id, Some(trace)))).await?;
        Ok(())
    }

    /// Who saw it in clear, newest first.
    pub async fn acces(&self, objet: &Objet, limite: u32, suivant: Option<&str>) -> R<Page<Acces>> {
        let objet = objet.to_string();
        let place = page::decode::<String>(LISTE, suivant)?.map(|entree| schema::acces(&self.id, &objet, &entree).attributes());
        let requete = Requete::new(Table::Dossiers, schema::acces_pk(&self.id, &objet), Plage::Tout).newest_first();
        let rows = self.store.first(&requete, limite as usize + 1, place).await?;
        let read = |row: &crate::row::Row| Ok((text(row, "sk", WHAT)?.to_owned(), readable(doc::<AccesItem>(row, WHAT)?.read(), WHAT)?));
        let page = page::cut(LISTE, rows.iter().map(read).collect::<R<Vec<_>>>()?, limite, |(entree, _)| entree.clone());
        Ok(Page { elements: page.elements.into_iter().map(|(_, acces)| acces).collect(), suivant: page.suivant })
    }

    /// The consents ever recorded for a dossier, oldest first.
    pub async fn preuves(&self, dossier: &DossierId) -> R<Vec<Preuve>> {
        let requete = Requete::new(Table::Dossiers, schema::preuves_pk(&self.id, dossier), Plage::Tout);
        let (sceau, rows) = futures::try_join!(self.sceau(), self.store.everything(&requete))?;
        rows.iter().map(|row| readable(open::<PreuveItem>(row, &sceau, "proof")?.read(), "proof")).collect()
    }

    pub(crate) fn preuve_row(&self, after: &Dossier, preuve: &Preuve, sceau: &Sceau) -> R<crate::row::Row> {
        let fin = self.store.0.conservation.preuve(preuve.enregistree_le);
        Ok(until(sealed(&schema::preuve(&self.id, &after.id, after.version), sceau, &PreuveItem::of(preuve))?, fin))
    }
}
