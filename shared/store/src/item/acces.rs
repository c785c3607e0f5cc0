//! Who saw what in clear, and what proves a consent: both outlive what they are about, so neither holds anything about a person.

use super::{Illisible, dossier::SignatureItem, instant, parse};
use optopec_domain::{acces::Acces, consentement::Signature};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct AccesItem {
    le: String,
    utilisateur: String,
    role: String,
    motif: String,
}

impl AccesItem {
    pub(crate) fn of(a: &Acces) -> Self {
        Self { le: a.le.to_string(), utilisateur: a.utilisateur.clone(), role: a.role.as_str().to_owned(), motif: a.motif.to_string() }
    }

    pub(crate) fn read(self) -> Result<Acces, Illisible> {
        Ok(Acces { le: instant(&self.le)?, utilisateur: self.utilisateur, role: parse(&self.role)?, motif: parse(&self.motif)? })
    }
}

/// A recorded signature, and who recorded it when.
#[derive(Serialize, Deserialize)]
pub(crate) struct PreuveItem {
    enregistree_le: String,
    par: String,
    signature: SignatureItem,
}

impl PreuveItem {
    pub(crate) fn of(p: &crate::Preuve) -> Self {
        Self { enregistree_le: p.enregistree_le.to_string(), par: p.par.clone(), signature: SignatureItem::of(&p.signature) }
    }

    pub(crate) fn read(self) -> Result<crate::Preuve, Illisible> {
        let signature: Signature = self.signature.read()?;
        Ok(crate::Preuve { enregistree_le: instant(&self.enregistree_le)?, par: self.par, signature })
    }
}
