//! An answered key, but for the body of the answer, which is kept deflated beside it.

use super::{Illisible, instant};
use crate::Idempotence;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct IdempotenceItem {
    cle: String,
    empreinte: String,
    statut: u16,
    entetes: Vec<(String, String)>,
    objet: Option<String>,
    clair: Option<bool>,
    expire_le: String,
}

impl IdempotenceItem {
    pub(crate) fn of(i: &Idempotence) -> Self {
        Self {
            cle: i.cle.clone(),
            empreinte: i.empreinte.clone(),
            statut: i.statut,
            entetes: i.entetes.clone(),
            objet: i.objet.clone(),
            clair: i.clair.then_some(true),
            expire_le: i.expire_le.to_string(),
        }
    }

    pub(crate) fn read(self, corps: String) -> Result<Idempotence, Illisible> {
        Ok(Idempotence {
            cle: self.cle,
            empreinte: self.empreinte,
            statut: self.statut,
            corps,
            entetes: self.entetes,
            objet: self.objet,
            clair: self.clair == Some(true),
            expire_le: instant(&self.expire_le)?,
        })
    }
}
