//! Rows of the reference tables.

use super::{Illisible, day, maybe, maybe_day, parse, text_of};
use optopec_domain::{
    centimes::Centimes,
    lpp::{LigneLpp, LigneTaux},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct LigneLppItem {
    code: Option<String>,
    libelle: String,
    classe: Option<String>,
    valide_du: String,
    valide_au: Option<String>,
    tarif: u64,
}

impl LigneLppItem {
    pub(crate) fn of(l: &LigneLpp) -> Self {
        Self {
            code: l.code.clone(),
            libelle: l.libelle.clone(),
            classe: text_of(l.classe.as_ref()),
            valide_du: l.valide_du.to_string(),
            valide_au: text_of(l.valide_au.as_ref()),
            tarif: l.tarif.get(),
        }
    }

    pub(crate) fn read(self) -> Result<LigneLpp, Illisible> {
        Ok(LigneLpp {
            code: self.code,
            libelle: self.libelle,
            classe: maybe(self.classe.as_deref())?,
            valide_du: day(&self.valide_du)?,
            valide_au: maybe_day(self.valide_au.as_deref())?,
            tarif: Centimes::of(self.tarif),
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct LigneTauxItem {
    risque: String,
    du: String,
    taux: u8,
}

impl LigneTauxItem {
    pub(crate) fn of(l: &LigneTaux) -> Self {
        Self { risque: l.risque.to_string(), du: l.du.to_string(), taux: l.taux }
    }

    pub(crate) fn read(self) -> Result<LigneTaux, Illisible> {
        Ok(LigneTaux { risque: parse(&self.risque)?, du: day(&self.du)?, taux: self.taux })
    }
}

/// Where the current rows of a reference table are kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct TableItem {
    pub(crate) contenu: String,
}
