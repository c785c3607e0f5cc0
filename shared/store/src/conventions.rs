//! Convention lists: once for all shops, by version, and which one of a concentrator is the newest.
//!
//! What must hold: a list never changes under its version (a version names its content), so it is kept in memory once read. Its rows are
//! stored before anything names them.

use crate::{
    Cursor, R, Store, StoreError, blob,
    item::{
        convention::{ManifesteItem, RejetItem, TeteItem},
        mutuelle::FicheItem,
    },
    read::{Plage, Requete},
    row::{doc, id_after, readable, row, s, with},
    schema::{self, Proprietaire},
    tables::Table,
    transact::{Sens, Si},
};
use optopec_domain::{ids::MagasinId, mutuelle::Fiche};
use std::sync::{Arc, Mutex, PoisonError};

/// Lists kept in memory: the two concentrators' newest, and one that a shop still has.
const EN_MEMOIRE_MAX: usize = 3;

/// Lists in memory, last used last.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Vec<Arc<Convention>>>);

impl Cache {
    fn get(&self, version: &str) -> Option<Arc<Convention>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let i = kept.iter().position(|c| c.version == version)?;
        let found = kept.remove(i);
        kept.push(Arc::clone(&found));
        Some(found)
    }

    fn keep(&self, convention: &Arc<Convention>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|c| c.version != convention.version);
        if kept.len() >= EN_MEMOIRE_MAX {
            kept.remove(0);
        }
        kept.push(Arc::clone(convention));
    }
}

/// A row of a list that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejetImport {
    /// Line in the file, the header being 1.
    pub ligne: u32,
    /// Column.
    pub champ: String,
    /// Why.
    pub raison: String,
}

/// The newest list of a concentrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConventionHead {
    /// Its version, unique over all concentrators: it must be a hash of the content.
    pub version: String,
    /// `ETag` of the concentrator's answer.
    pub etag: Option<String>,
    /// Rows that were not taken.
    pub rejetees: Vec<RejetImport>,
}

/// A convention list; never changes under its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convention {
    /// Its version.
    pub version: String,
    /// Its rows.
    pub fiches: Vec<Fiche>,
}

const WHAT: &str = "convention";
/// The version that a head names.
const LISTE: &str = "liste";

impl Store {
    /// The newest list of a concentrator (`demo` or `reel`).
    pub async fn convention_head(&self, concentrateur: &str) -> R<Option<ConventionHead>> {
        let Some(row) = self.get(Table::Mutuelles, &schema::tete(concentrateur)).await? else { return Ok(None) };
        let tete: TeteItem = doc(&row, WHAT)?;
        let rejets: Vec<RejetItem> = self.contenu(Proprietaire::Commun, WHAT, tete.rejets()).await?;
        Ok(Some(tete.read(rejets.into_iter().map(RejetItem::read).collect())))
    }

    /// A list by version; `NotFound` if there is none.
    pub async fn convention(&self, version: &str) -> R<Arc<Convention>> {
        if let Some(kept) = self.0.conventions.get(version) {
            return Ok(kept);
        }
        let manifeste = self.get(Table::Mutuelles, &schema::manifeste(version)).await?.ok_or(StoreError::NotFound)?;
        let fiches: Vec<FicheItem> = self.contenu(Proprietaire::Commun, WHAT, &doc::<ManifesteItem>(&manifeste, WHAT)?.contenu).await?;
        let fiches = readable(fiches.into_iter().map(FicheItem::read).collect::<Result<_, _>>(), WHAT)?;
        let convention = Arc::new(Convention { version: version.to_owned(), fiches });
        self.0.conventions.keep(&convention);
        Ok(convention)
    }

    /// Makes a list the newest, unless another became it since `seen` (`Stale`).
    pub async fn save_convention(&self, concentrateur: &str, head: &ConventionHead, fiches: &[Fiche], seen: Option<&str>) -> R<()> {
        self.save_rows(&head.version, fiches).await?;
        let rejets = blob::prepare(&head.rejetees.iter().map(RejetItem::of).collect::<Vec<_>>())?;
        self.put_contenu(Proprietaire::Commun, &rejets).await?;
        let newest = with(row(&schema::tete(concentrateur), &TeteItem::of(head, rejets.nom))?, LISTE, s(&head.version));
        let before = seen.map_or(Si::Absent, |version| Si::Texte(LISTE, version.to_owned()));
        match self.write_once(|e| e.put(self, Table::Mutuelles, newest.clone(), &before, Sens::Lu)).await {
            Ok(_) => Ok(()),
            Err(StoreError::NotFound) => Err(StoreError::Stale),
            Err(error) => Err(error),
        }
    }

    /// The rows of a version, unless they are there: whoever was first wrote the same.
    async fn save_rows(&self, version: &str, fiches: &[Fiche]) -> R<()> {
        let cle = schema::manifeste(version);
        if self.get(Table::Mutuelles, &cle).await?.is_some() {
            return Ok(());
        }
        let contenu = blob::prepare(&fiches.iter().map(FicheItem::of).collect::<Vec<_>>())?;
        self.put_contenu(Proprietaire::Commun, &contenu).await?;
        let manifeste = row(&cle, &ManifesteItem { contenu: contenu.nom })?;
        match self.write_once(|e| e.put(self, Table::Mutuelles, manifeste.clone(), &Si::Absent, Sens::Lu)).await {
            Ok(_) | Err(StoreError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The shops that work with a concentrator's list.
    pub async fn adopters(&self, concentrateur: &str, after: Option<Cursor>) -> R<(Vec<MagasinId>, Option<Cursor>)> {
        let requete = Requete::new(Table::Mutuelles, schema::adoptants_pk(concentrateur), Plage::Prefixe(schema::ADOPTE.to_owned()));
        let (rows, next) = self.some(&requete, usize::MAX, after.map(|c| c.0)).await?;
        Ok((rows.iter().map(|row| id_after(row, schema::ADOPTE, WHAT)).collect::<R<_>>()?, next.map(Cursor)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_was_not_used_longest_is_forgotten() {
        let (cache, list) = (Cache::default(), |v: &str| Arc::new(Convention { version: v.into(), fiches: vec![] }));
        for version in ["a", "b", "c"] {
            cache.keep(&list(version));
        }
        assert!(cache.get("a").is_some());
        cache.keep(&list("d"));
        assert!(cache.get("b").is_none());
        assert!(["a", "c", "d"].iter().all(|v| cache.get(v).is_some()));
    }
}
