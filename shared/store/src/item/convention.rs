//! The newest list of a concentrator, where the rows of a version are, and what a shop's list is made of.

use crate::{
    ListeHead,
    conventions::{ConventionHead, RejetImport},
};
use serde::{Deserialize, Serialize};

/// The newest list; the rows that were not taken are kept apart, because they can be many.
#[derive(Serialize, Deserialize)]
pub(crate) struct TeteItem {
    version: String,
    etag: Option<String>,
    rejets: String,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct RejetItem {
    ligne: u32,
    champ: String,
    raison: String,
}

impl RejetItem {
    pub(crate) fn of(r: &RejetImport) -> Self {
        Self { ligne: r.ligne, champ: r.champ.clone(), raison: r.raison.clone() }
    }

    pub(crate) fn read(self) -> RejetImport {
        RejetImport { ligne: self.ligne, champ: self.champ, raison: self.raison }
    }
}

impl TeteItem {
    pub(crate) fn of(head: &ConventionHead, rejets: String) -> Self {
        Self { version: head.version.clone(), etag: head.etag.clone(), rejets }
    }

    pub(crate) fn rejets(&self) -> &str {
        &self.rejets
    }

    pub(crate) fn read(self, rejetees: Vec<RejetImport>) -> ConventionHead {
        ConventionHead { version: self.version, etag: self.etag, rejetees }
    }
}

/// Where the rows of a version are.
#[derive(Serialize, Deserialize)]
pub(crate) struct ManifesteItem {
    pub(crate) contenu: String,
}

/// What a shop's list is made of.
#[derive(Serialize, Deserialize)]
pub(crate) struct ListeItem {
    convention: Option<String>,
    concentrateur: Option<String>,
    paquets: Vec<(u8, String)>,
}

impl ListeItem {
    pub(crate) fn of(head: &ListeHead) -> Self {
        Self { convention: head.convention.clone(), concentrateur: head.concentrateur.clone(), paquets: head.paquets.clone() }
    }

    pub(crate) fn read(self, version: u64) -> ListeHead {
        ListeHead { version, convention: self.convention, concentrateur: self.concentrateur, paquets: self.paquets }
    }
}
