//! Persons and card numbers, as clients and dossiers share them.

use super::{Illisible, maybe, maybe_day, parse, text_of};
use optopec_domain::{
    centimes::Centimes,
    client::{Assure, Beneficiaire, Rattachement},
    nir::Nir,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct BeneficiaireItem {
    nom: String,
    prenom: Option<String>,
    date_naissance: Option<String>,
    nir: Option<String>,
    rang_gemellaire: u8,
    qualite: String,
}

impl BeneficiaireItem {
    pub(crate) fn of(b: &Beneficiaire) -> Self {
        Self {
            nom: b.nom.clone(),
            prenom: b.prenom.clone(),
            date_naissance: text_of(b.date_naissance.as_ref()),
            nir: expose(b.nir.as_ref()),
            rang_gemellaire: b.rang_gemellaire,
            qualite: b.qualite.to_string(),
        }
    }

    pub(crate) fn read(self) -> Result<Beneficiaire, Illisible> {
        Ok(Beneficiaire {
            nom: self.nom,
            prenom: self.prenom,
            date_naissance: maybe_day(self.date_naissance.as_deref())?,
            nir: maybe(self.nir.as_deref())?,
            rang_gemellaire: self.rang_gemellaire,
            qualite: parse(&self.qualite)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct AssureItem {
    nom: Option<String>,
    prenom: Option<String>,
    date_naissance: Option<String>,
    nir: Option<String>,
}

impl AssureItem {
    pub(crate) fn of(a: &Assure) -> Self {
        Self { nom: a.nom.clone(), prenom: a.prenom.clone(), date_naissance: text_of(a.date_naissance.as_ref()), nir: expose(a.nir.as_ref()) }
    }

    pub(crate) fn read(self) -> Result<Assure, Illisible> {
        Ok(Assure { nom: self.nom, prenom: self.prenom, date_naissance: maybe_day(self.date_naissance.as_deref())?, nir: maybe(self.nir.as_deref())? })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct RattachementItem {
    mutuelle_id: Option<String>,
    forfait_id: Option<String>,
    regime: Option<String>,
    numero_adherent: Option<String>,
    numero_contrat: Option<String>,
    numero_groupe: Option<String>,
    type_contrat: Option<String>,
    relation: Option<String>,
    fin_validite: Option<String>,
    maximum_annuel: Option<u64>,
    deja_utilise: Option<u64>,
}

impl RattachementItem {
    pub(crate) fn of(r: &Rattachement) -> Self {
        Self {
            mutuelle_id: text_of(r.mutuelle_id.as_ref()),
            forfait_id: r.forfait_id.clone(),
            regime: r.regime.clone(),
            numero_adherent: r.numero_adherent.clone(),
            numero_contrat: r.numero_contrat.clone(),
            numero_groupe: r.numero_groupe.clone(),
            type_contrat: r.type_contrat.clone(),
            relation: r.relation.clone(),
            fin_validite: text_of(r.fin_validite.as_ref()),
            maximum_annuel: r.maximum_annuel.map(Centimes::get),
            deja_utilise: r.deja_utilise.map(Centimes::get),
        }
    }

    pub(crate) fn read(self) -> Result<Rattachement, Illisible> {
        Ok(Rattachement {
            mutuelle_id: maybe(self.mutuelle_id.as_deref())?,
            forfait_id: self.forfait_id,
            regime: self.regime,
            numero_adherent: self.numero_adherent,
            numero_contrat: self.numero_contrat,
            numero_groupe: self.numero_groupe,
            type_contrat: self.type_contrat,
            relation: self.relation,
            fin_validite: maybe_day(self.fin_validite.as_deref())?,
            maximum_annuel: self.maximum_annuel.map(Centimes::of),
            deja_utilise: self.deja_utilise.map(Centimes::of),
        })
    }
}

/// The table is a place where a NIR must leave its type; it is encrypted at rest.
pub(crate) fn expose(nir: Option<&Nir>) -> Option<String> {
    nir.map(|n| n.expose().to_owned())
}
