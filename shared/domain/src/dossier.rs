//! A dossier: who, what was prescribed, what is sold, who pays. Amounts are computed elsewhere ([`crate::montants`]).

use crate::{
    centimes::Centimes,
    client::{Assure, Beneficiaire, Rattachement},
    consentement::Consentement,
    dioptre::{Dioptre, Millimetres, Pourcentage},
    enumeration,
    ids::{ClientId, DemandeId, DossierId},
};
use jiff::civil::Date;

enumeration! {
    /// What an equipment is.
    pub enum TypeEquipement {
        /// Spectacles.
        Opt = "OPT",
        /// Contact lenses.
        Len = "LEN",
    }
}

enumeration! {
    /// What an equipment is for.
    pub enum Vision {
        /// Far.
        Loin = "LOIN",
        /// Between.
        Intermediaire = "INTERMEDIAIRE",
        /// Near.
        Pres = "PRES",
        /// Several at once.
        Multifocale = "MULTIFOCALE",
    }
}

enumeration! {
    /// « Code risque »: why the health insurance pays.
    pub enum CodeRisque {
        /// Illness.
        Maladie = "MALADIE",
        /// Accident at work.
        AccidentTravail = "ACCIDENT_TRAVAIL",
        /// Maternity.
        Maternite = "MATERNITE",
        /// Accident with a third party.
        AccidentDroitCommun = "ACCIDENT_DROIT_COMMUN",
    }
}

enumeration! {
    /// Category of a line.
    pub enum Categorie {
        /// Lens of spectacles.
        Ver = "VER",
        /// Frame.
        Mon = "MON",
        /// Contact lens.
        Len = "LEN",
        /// Supplement of a lens.
        Sup = "SUP",
        /// Prestation.
        Pre = "PRE",
        /// Accessory.
        Acc = "ACC",
        /// Commercial offer: always hidden, without LPP code.
        Offre = "OFFRE",
    }
}

enumeration! {
    /// Which eye.
    pub enum Cote {
        /// Right.
        Od = "OD",
        /// Left.
        Og = "OG",
    }
}

enumeration! {
    /// Class of an equipment since 2020 (arrêté of 2018-12-03).
    pub enum Classe {
        /// 100 % Santé.
        A = "A",
        /// Free price.
        B = "B",
    }
}

enumeration! {
    /// Surface of a lens (Winoptics manual).
    pub enum Surface {
        /// Standard.
        Standard = "ST",
        /// Aspheric.
        Aspherique = "AS",
        /// Spheric.
        Spherique = "SP",
        /// Toric.
        Torique = "TO",
    }
}

/// A line of an equipment as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// Unique in its equipment, from 1.
    pub numero: u16,
    /// Reference of the catalogue.
    pub reference: Option<String>,
    /// Designation.
    pub designation: String,
    /// Category.
    pub categorie: Categorie,
    /// Which eye.
    pub cote: Option<Cote>,
    /// How many, 1 to 999.
    pub quantite: u32,
    /// Price of one.
    pub prix_unitaire: Centimes,
    /// Discount, 0 to 100 %.
    pub remise: Pourcentage,
    /// LPP code: seven digits.
    pub code_lpp: Option<String>,
    /// « Code de regroupement », the only one that a devis shows.
    pub code_regroupement: Option<String>,
    /// Class.
    pub classe: Option<Classe>,
    /// Surface of a lens.
    pub surface: Option<Surface>,
    /// Treatments of a lens.
    pub traitements: Vec<String>,
    /// Contact lenses per box.
    pub par_boite: Option<u16>,
    /// Maker.
    pub fabricant: Option<String>,
    /// Brand.
    pub marque: Option<String>,
    /// Model.
    pub modele: Option<String>,
    /// Material.
    pub matiere: Option<String>,
    /// Refractive index.
    pub indice: Option<String>,
    /// Where it was made.
    pub fabrique_en: Option<String>,
    /// Hidden from the mutuelle and from the split.
    pub occulte: bool,
    /// RO typed by hand: wins over the computed one.
    pub ro_manuel: Option<Centimes>,
}

/// Amounts that came with a granted demande, kept until the lines change or the PEC is cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfert {
    /// The demande.
    pub demande_id: DemandeId,
    /// RC by line number.
    pub lignes: Vec<(u16, Centimes)>,
}

/// One equipment: what one demande is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equipement {
    /// Unique in the dossier for ever.
    pub numero: u16,
    /// Spectacles or contact lenses.
    pub type_equipement: TypeEquipement,
    /// What for.
    pub vision: Option<Vision>,
    /// « 2e paire ».
    pub deuxieme_paire: bool,
    /// Why the health insurance pays.
    pub code_risque: CodeRisque,
    /// RO rate typed by hand, in percent.
    pub taux_ro_manuel: Option<u8>,
    /// « Enfant » typed by hand.
    pub enfant_manuel: Option<bool>,
    /// Prism of the right eye.
    pub prisme_od: Option<Dioptre>,
    /// Prism of the left eye.
    pub prisme_og: Option<Dioptre>,
    /// RC learned by telephone or fax.
    pub rc_manuel: Option<Centimes>,
    /// The lines, by number.
    pub lignes: Vec<Ligne>,
    /// Amounts of a granted demande; never typed.
    pub transfert: Option<Transfert>,
}

impl Equipement {
    /// The lines a mutuelle sees.
    pub fn visibles(&self) -> impl Iterator<Item = &Ligne> {
        self.lignes.iter().filter(|l| !l.occulte)
    }
}

/// One correction of one eye at one distance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correction {
    /// Sphere.
    pub sphere: Option<Dioptre>,
    /// Cylinder.
    pub cylindre: Option<Dioptre>,
    /// Axis, 0 to 180 degrees.
    pub axe: Option<u16>,
    /// Addition.
    pub addition: Option<Dioptre>,
    /// Prism.
    pub prisme: Option<Dioptre>,
    /// Base of the prism.
    pub base: Option<String>,
}

/// What was prescribed for one eye.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oeil {
    /// Far.
    pub loin: Option<Correction>,
    /// Between.
    pub intermediaire: Option<Correction>,
    /// Near.
    pub pres: Option<Correction>,
    /// Pupillary distance, far.
    pub ecart_loin: Option<Millimetres>,
    /// Pupillary distance, near.
    pub ecart_pres: Option<Millimetres>,
    /// Fitting height.
    pub hauteur: Option<Millimetres>,
}

/// Who prescribed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Prescripteur {
    /// Name.
    pub nom: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// RPPS: eleven digits.
    pub rpps: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for Prescripteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The prescription. Never sent, but for its date, RI/RA and prescriber.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prescription {
    /// Its date.
    pub date: Option<Date>,
    /// RI: renewal as prescribed.
    pub ri_delivre: bool,
    /// RA: renewal with adaptation.
    pub ra_deuxieme_paire: bool,
    /// Who prescribed.
    pub prescripteur: Option<Prescripteur>,
    /// Right eye.
    pub od: Option<Oeil>,
    /// Left eye.
    pub og: Option<Oeil>,
}

/// Third-party payment of a dossier.
#[derive(Clone, PartialEq, Eq)]
pub struct TiersPayant {
    /// A caisse reimburses at all.
    pub part_ro: bool,
    /// It pays the shop instead of the client.
    pub tiers_payant_ro: bool,
    /// The mutuelle and the numbers of the card.
    pub rattachement: Rattachement,
}

impl Default for TiersPayant {
    fn default() -> Self {
        Self { part_ro: true, tiers_payant_ro: true, rattachement: Rattachement::default() }
    }
}

/// A dossier. No `Debug`: it is about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its id.
    pub id: DossierId,
    /// Raised by every change, printing a consent excepted.
    pub version: u64,
    /// The client it was made from.
    pub client_id: Option<ClientId>,
    /// The day that decides tariffs, rates and ages.
    pub date: Date,
    /// Who will wear it.
    pub beneficiaire: Beneficiaire,
    /// Through whom she is insured, when not through herself.
    pub assure: Option<Assure>,
    /// What was prescribed.
    pub prescription: Option<Prescription>,
    /// What is sold.
    pub equipements: Vec<Equipement>,
    /// Highest equipment number ever given here.
    pub dernier_equipement: u16,
    /// Who pays.
    pub tiers_payant: TiersPayant,
    /// The signed consent.
    pub consentement: Consentement,
}

impl Dossier {
    /// One equipment.
    pub fn equipement(&self, numero: u16) -> Option<&Equipement> {
        self.equipements.iter().find(|e| e.numero == numero)
    }
}
