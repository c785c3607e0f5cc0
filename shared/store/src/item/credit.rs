//! An account and an entry of its ledger.

use super::{Illisible, instant, maybe, parse, text_of};
use crate::Mouvement;
use optopec_domain::credit::Compte;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct CompteItem {
    disponibles: u64,
    reserves: u64,
    consommes: u64,
    dernier_mouvement: u64,
    derniere_demande: u64,
}

impl CompteItem {
    pub(crate) fn of(c: &Compte) -> Self {
        Self {
            disponibles: c.disponibles,
            reserves: c.reserves,
            consommes: c.consommes,
            dernier_mouvement: c.dernier_mouvement,
            derniere_demande: c.derniere_demande,
        }
    }

    pub(crate) fn read(self) -> Compte {
        Compte {
            disponibles: self.disponibles,
            reserves: self.reserves,
            consommes: self.consommes,
            dernier_mouvement: self.dernier_mouvement,
            derniere_demande: self.derniere_demande,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct MouvementItem {
    numero: u64,
    #[serde(rename = "type")]
    type_mouvement: String,
    quantite: i64,
    solde: u64,
    demande_id: Option<String>,
    le: String,
    par: String,
    motif: Option<String>,
}

impl MouvementItem {
    pub(crate) fn of(m: &Mouvement) -> Self {
        Self {
            numero: m.numero,
            type_mouvement: m.type_mouvement.to_string(),
            quantite: m.quantite,
            solde: m.solde,
            demande_id: text_of(m.demande_id.as_ref()),
            le: m.le.to_string(),
            par: m.par.clone(),
            motif: m.motif.clone(),
        }
    }

    pub(crate) fn read(self) -> Result<Mouvement, Illisible> {
        Ok(Mouvement {
            numero: self.numero,
            type_mouvement: parse(&self.type_mouvement)?,
            quantite: self.quantite,
            solde: self.solde,
            demande_id: maybe(self.demande_id.as_deref())?,
            le: instant(&self.le)?,
            par: self.par,
            motif: self.motif,
        })
    }
}

/// A payment or correction that was counted, and where.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReferenceItem {
    pub(crate) magasin: String,
    pub(crate) mouvement: u64,
}
