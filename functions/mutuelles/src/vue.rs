//! A shop's list, composed and indexed once per version of it and kept in the process.
//!
//! What must hold: every request reads the head of the list, so nobody is shown a list that was changed; a version composes one list
//! only, so what is kept can never be wrong, only unused. Deliberately absent: any expiry by time.

use optopec_domain::{
    ids::{MagasinId, MutuelleId},
    liste,
    mutuelle::{Ajouts, Fiche, Mutuelle},
    recherche::Index,
};
use optopec_store::{Convention, ListeHead, MagasinStore, R, Store};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Shops whose list one process keeps; a list of 3,000 mutuelles takes about 3 MB.
const MAGASINS_MAX: usize = 16;

/// A shop's list at one version.
pub struct Vue {
    /// The version, and what it is made of.
    pub head: ListeHead,
    /// What the shop keeps beside the conventions.
    pub ajouts: Ajouts,
    /// What the shop sees, by name.
    pub mutuelles: Vec<Mutuelle>,
    /// Search over them.
    pub index: Index,
    convention: Option<Arc<Convention>>,
    positions: HashMap<MutuelleId, usize>,
}

impl Vue {
    /// The list at a version.
    pub async fn read(store: &Store, magasin: &MagasinStore, head: ListeHead) -> R<Self> {
        let convention = match &head.convention {
            Some(version) => Some(store.convention(version).await?),
            None => None,
        };
        let ajouts = magasin.ajouts(&head).await?;
        let mutuelles = liste::compose(convention.as_deref().map_or(&[], |c| c.fiches.as_slice()), &ajouts);
        let positions = mutuelles.iter().enumerate().map(|(position, m)| (m.id.clone(), position)).collect();
        Ok(Self { index: Index::new(&mutuelles), head, ajouts, mutuelles, convention, positions })
    }

    /// The rows of the adopted conventions.
    pub fn fiches(&self) -> &[Fiche] {
        self.convention.as_deref().map_or(&[], |c| c.fiches.as_slice())
    }

    /// One mutuelle.
    pub fn get(&self, id: &MutuelleId) -> Option<&Mutuelle> {
        self.positions.get(id).and_then(|position| self.mutuelles.get(*position))
    }
}

/// The lists that this process keeps. Clones share them.
#[derive(Clone, Default)]
pub struct Vues(Arc<Mutex<HashMap<MagasinId, Arc<Vue>>>>);

impl Vues {
    /// The shop's list as it is now.
    pub async fn get(&self, store: &Store, magasin: &MagasinStore) -> R<Arc<Vue>> {
        let head = magasin.liste().await?;
        if let Some(kept) = self.kept(magasin.id()).filter(|vue| vue.head == head) {
            return Ok(kept);
        }
        let vue = Arc::new(Vue::read(store, magasin, head).await?);
        let mut vues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Which shop gives way matters little: a process serves few shops at a time.
        if vues.len() >= MAGASINS_MAX && !vues.contains_key(magasin.id()) {
            let first = vues.keys().next().cloned();
            first.and_then(|id| vues.remove(&id));
        }
        vues.insert(magasin.id().clone(), Arc::clone(&vue));
        Ok(vue)
    }

    fn kept(&self, id: &MagasinId) -> Option<Arc<Vue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}
