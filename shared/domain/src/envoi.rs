//! What one demande tells the mutuelle: already minimised, frozen when it is made, kept with the demande.
//!
//! What must hold: a hidden line and a field whose switch is off have no place here, so no dialect can send them. Corrections
//! (sphere, cylinder, axis) have no field at all.

use crate::{
    centimes::Centimes,
    client::Qualite,
    demande::Nature,
    dioptre::{Dioptre, Pourcentage},
    dossier::{Categorie, CodeRisque, Surface, TypeEquipement},
    finess::Finess,
    ids::DemandeId,
    mutuelle::Routage,
    nir::Nir,
};
use jiff::civil::Date;

/// The content of an `OPAMCREQ`, but for its reference and its instant.
#[derive(Clone, PartialEq, Eq)]
pub struct Envoi {
    /// PEC or cotation.
    pub nature: Nature,
    /// From a shop in demonstration mode.
    pub essai: bool,
    /// The cotation that this PEC comes from.
    pub cotation: Option<DemandeId>,
    /// Where it goes.
    pub routage: Routage,
    /// The shop.
    pub opticien: OpticienEnvoi,
    /// The insured person.
    pub assure: PersonneEnvoi,
    /// The beneficiary.
    pub beneficiaire: BeneficiaireEnvoi,
    /// N° adhérent.
    pub adherent: Option<String>,
    /// N° de contrat.
    pub contrat: Option<String>,
    /// N° de groupe.
    pub groupe: Option<String>,
    /// The prescription.
    pub prescription: PrescriptionEnvoi,
    /// The equipment.
    pub equipement: EquipementEnvoi,
}

/// The shop, as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct OpticienEnvoi {
    /// FINESS.
    pub finess: Finess,
    /// Name.
    pub nom: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for OpticienEnvoi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A person, as she is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonneEnvoi {
    /// NIR.
    pub nir: Option<Nir>,
    /// Name.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// Date of birth.
    pub naissance: Option<Date>,
}

/// The beneficiary, as she is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct BeneficiaireEnvoi {
    /// Who she is.
    pub personne: PersonneEnvoi,
    /// Rank of a twin.
    pub rang_gemellaire: Option<u8>,
    /// What she is to the insured person.
    pub qualite: Qualite,
}

/// The prescription, as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct PrescriptionEnvoi {
    /// Its date.
    pub date: Option<Date>,
    /// RI: renewal as prescribed.
    pub ri: bool,
    /// RA: renewal with adaptation.
    pub ra: bool,
    /// Name and first name of the prescriber.
    pub prescripteur: Option<(Option<String>, Option<String>)>,
}

/// The equipment, as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct EquipementEnvoi {
    /// Its number in the dossier.
    pub numero: u16,
    /// Spectacles or contact lenses.
    pub type_equipement: TypeEquipement,
    /// Why the health insurance pays.
    pub risque: CodeRisque,
    /// RO rate in percent.
    pub taux_ro: Option<u8>,
    /// A child's equipment.
    pub enfant: bool,
    /// Prism of the right eye.
    pub prisme_od: Option<Dioptre>,
    /// Prism of the left eye.
    pub prisme_og: Option<Dioptre>,
    /// The visible lines.
    pub lignes: Vec<LigneEnvoi>,
}

/// A line, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneEnvoi {
    /// Its number in the equipment.
    pub numero: u16,
    /// Reference of the catalogue.
    pub reference: Option<String>,
    /// Designation.
    pub designation: String,
    /// Category.
    pub categorie: Categorie,
    /// LPP code.
    pub code_lpp: Option<String>,
    /// How many.
    pub quantite: u32,
    /// Price of one.
    pub prix_unitaire: Centimes,
    /// Discount in percent; absent when its switch is off.
    pub remise: Option<Pourcentage>,
    /// What the line costs.
    pub valeur: Centimes,
    /// RO part; absent when nobody knows it.
    pub ro: Option<Centimes>,
    /// Surface.
    pub surface: Option<Surface>,
    /// Treatments.
    pub traitements: Vec<String>,
    /// Contact lenses per box.
    pub par_boite: Option<u16>,
}
