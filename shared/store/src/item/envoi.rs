//! What a demande sends, frozen.

use super::{Illisible, commun::expose, maybe, maybe_day, parse, percentage, text_of};
use optopec_domain::{
    centimes::Centimes,
    envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    mutuelle::Routage,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct EnvoiItem {
    nature: String,
    essai: bool,
    cotation: Option<String>,
    plateau: String,
    identifiant: String,
    opticien: OpticienItem,
    assure: PersonneItem,
    beneficiaire: BeneficiaireItem,
    adherent: Option<String>,
    contrat: Option<String>,
    groupe: Option<String>,
    prescription: PrescriptionItem,
    equipement: EquipementItem,
}

#[derive(Serialize, Deserialize)]
struct OpticienItem {
    finess: String,
    nom: Option<String>,
    prenom: Option<String>,
    telephone: Option<String>,
    email: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct PersonneItem {
    nir: Option<String>,
    nom: String,
    prenom: Option<String>,
    naissance: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct BeneficiaireItem {
    personne: PersonneItem,
    rang_gemellaire: Option<u8>,
    qualite: String,
}

#[derive(Serialize, Deserialize)]
struct PrescriptionItem {
    date: Option<String>,
    ri: bool,
    ra: bool,
    prescripteur: Option<PrescripteurItem>,
}

#[derive(Serialize, Deserialize)]
struct PrescripteurItem {
    nom: Option<String>,
    prenom: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct EquipementItem {
    numero: u16,
    #[serde(rename = "type")]
    type_equipement: String,
    risque: String,
    taux_ro: Option<u8>,
    enfant: bool,
    prisme_od: Option<String>,
    prisme_og: Option<String>,
    lignes: Vec<LigneItem>,
}

#[derive(Serialize, Deserialize)]
struct LigneItem {
    numero: u16,
    reference: Option<String>,
    designation: String,
    categorie: String,
    code_lpp: Option<String>,
    quantite: u32,
    prix_unitaire: u64,
    remise: Option<String>,
    valeur: u64,
    ro: Option<u64>,
    surface: Option<String>,
    traitements: Vec<String>,
    par_boite: Option<u16>,
}

impl EnvoiItem {
    pub(crate) fn of(e: &Envoi) -> Self {
        Self {
            nature: e.nature.to_string(),
            essai: e.essai,
            cotation: text_of(e.cotation.as_ref()),
            plateau: e.routage.plateau.to_string(),
            identifiant: e.routage.identifiant.to_string(),
            opticien: OpticienItem {
                finess: e.opticien.finess.to_string(),
                nom: e.opticien.nom.clone(),
                prenom: e.opticien.prenom.clone(),
                telephone: e.opticien.telephone.clone(),
                email: e.opticien.email.clone(),
            },
            assure: PersonneItem::of(&e.assure),
            beneficiaire: BeneficiaireItem {
                personne: PersonneItem::of(&e.beneficiaire.personne),
                rang_gemellaire: e.beneficiaire.rang_gemellaire,
                qualite: e.beneficiaire.qualite.to_string(),
            },
            adherent: e.adherent.clone(),
            contrat: e.contrat.clone(),
            groupe: e.groupe.clone(),
            prescription: PrescriptionItem {
                date: text_of(e.prescription.date.as_ref()),
                ri: e.prescription.ri,
                ra: e.prescription.ra,
                prescripteur: e.prescription.prescripteur.clone().map(|(nom, prenom)| PrescripteurItem { nom, prenom }),
            },
            equipement: EquipementItem::of(&e.equipement),
        }
    }

    pub(crate) fn read(self) -> Result<Envoi, Illisible> {
        Ok(Envoi {
            nature: parse(&self.nature)?,
            essai: self.essai,
            cotation: maybe(self.cotation.as_deref())?,
            routage: Routage { plateau: parse(&self.plateau)?, identifiant: parse(&self.identifiant)? },
            opticien: OpticienEnvoi {
                finess: parse(&self.opticien.finess)?,
                nom: self.opticien.nom,
                prenom: self.opticien.prenom,
                telephone: self.opticien.telephone,
                email: self.opticien.email,
            },
            assure: self.assure.read()?,
            beneficiaire: BeneficiaireEnvoi {
                personne: self.beneficiaire.personne.read()?,
                rang_gemellaire: self.beneficiaire.rang_gemellaire,
                qualite: parse(&self.beneficiaire.qualite)?,
            },
            adherent: self.adherent,
            contrat: self.contrat,
            groupe: self.groupe,
            prescription: PrescriptionEnvoi {
                date: maybe_day(self.prescription.date.as_deref())?,
                ri: self.prescription.ri,
                ra: self.prescription.ra,
                prescripteur: self.prescription.prescripteur.map(|p| (p.nom, p.prenom)),
            },
            equipement: self.equipement.read()?,
        })
    }
}

impl PersonneItem {
    fn of(p: &PersonneEnvoi) -> Self {
        Self { nir: expose(p.nir.as_ref()), nom: p.nom.clone(), prenom: p.prenom.clone(), naissance: text_of(p.naissance.as_ref()) }
    }

    fn read(self) -> Result<PersonneEnvoi, Illisible> {
        Ok(PersonneEnvoi { nir: maybe(self.nir.as_deref())?, nom: self.nom, prenom: self.prenom, naissance: maybe_day(self.naissance.as_deref())? })
    }
}

impl EquipementItem {
    fn of(e: &EquipementEnvoi) -> Self {
        Self {
            numero: e.numero,
            type_equipement: e.type_equipement.to_string(),
            risque: e.risque.to_string(),
            taux_ro: e.taux_ro,
            enfant: e.enfant,
            prisme_od: text_of(e.prisme_od.as_ref()),
            prisme_og: text_of(e.prisme_og.as_ref()),
            lignes: e.lignes.iter().map(LigneItem::of).collect(),
        }
    }

    fn read(self) -> Result<EquipementEnvoi, Illisible> {
        Ok(EquipementEnvoi {
            numero: self.numero,
            type_equipement: parse(&self.type_equipement)?,
            risque: parse(&self.risque)?,
            taux_ro: self.taux_ro,
            enfant: self.enfant,
            prisme_od: maybe(self.prisme_od.as_deref())?,
            prisme_og: maybe(self.prisme_og.as_deref())?,
            lignes: self.lignes.into_iter().map(LigneItem::read).collect::<Result<_, _>>()?,
        })
    }
}

impl LigneItem {
    fn of(l: &LigneEnvoi) -> Self {
        Self {
            numero: l.numero,
            reference: l.reference.clone(),
            designation: l.designation.clone(),
            categorie: l.categorie.to_string(),
            code_lpp: l.code_lpp.clone(),
            quantite: l.quantite,
            prix_unitaire: l.prix_unitaire.get(),
            remise: text_of(l.remise.as_ref()),
            valeur: l.valeur.get(),
            ro: l.ro.map(Centimes::get),
            surface: text_of(l.surface.as_ref()),
            traitements: l.traitements.clone(),
            par_boite: l.par_boite,
        }
    }

    fn read(self) -> Result<LigneEnvoi, Illisible> {
        Ok(LigneEnvoi {
            numero: self.numero,
            reference: self.reference,
            designation: self.designation,
            categorie: parse(&self.categorie)?,
            code_lpp: self.code_lpp,
            quantite: self.quantite,
            prix_unitaire: Centimes::of(self.prix_unitaire),
            remise: self.remise.as_deref().map(percentage).transpose()?,
            valeur: Centimes::of(self.valeur),
            ro: self.ro.map(Centimes::of),
            surface: maybe(self.surface.as_deref())?,
            traitements: self.traitements,
            par_boite: self.par_boite,
        })
    }
}
