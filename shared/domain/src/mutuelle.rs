//! Mutuelles: what a convention says, what a shop adds, and how the two make what the shop sees.
//!
//! A convention list is the same for every shop and never edited; a shop's own changes are kept apart ([`Retouche`]) and laid
//! over it, so they survive every download. The key is `plateau` + `identifiant`, or the folded name where there is no plateau.

use crate::{
    centimes::Centimes,
    dioptre::Pourcentage,
    enumeration,
    erreur::Invalide,
    ids::MutuelleId,
    magasin::{Adresse, ChampFacultatif},
    texte,
};
use std::{collections::BTreeMap, fmt, str::FromStr};

enumeration! {
    /// Which electronic PEC a mutuelle takes (column « PEC » of the trade's programs).
    pub enum Pec {
        /// Spectacles and contact lenses (« OPT/LEN »).
        OptLen = "OPT_LEN",
        /// Spectacles only.
        Opt = "OPT",
        /// None.
        Non = "NON",
    }
}

enumeration! {
    /// A number on the card that a mutuelle cannot do without.
    pub enum ChampRequis {
        /// N° adhérent.
        NumeroAdherent = "numero_adherent",
        /// N° de contrat.
        NumeroContrat = "numero_contrat",
        /// N° de groupe.
        NumeroGroupe = "numero_groupe",
        /// Régime.
        Regime = "regime",
    }
}

enumeration! {
    /// How a forfait's amount is found.
    pub enum TypeForfait {
        /// Only the mutuelle knows: waits for an answer.
        Variable = "VARIABLE",
        /// A fixed amount.
        Fixe = "FIXE",
        /// A part of the tariff or of what remains.
        Pourcentage = "POURCENTAGE",
    }
}

enumeration! {
    /// What a percentage is of.
    pub enum Assiette {
        /// The tariff, the RO part included in it.
        Tarif = "TARIF",
        /// What remains after RO.
        Reste = "RESTE",
    }
}

/// Address of an organism at the concentrator: eight to ten digits, zeros in front kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plateau(String);

impl Plateau {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Plateau {
    type Err = Invalide;
    fn from_str(s: &str) -> Result<Self, Invalide> {
        if (8..=10).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(s.to_owned()))
        } else {
            Err(Invalide::new("PLATEAU", "8 à 10 chiffres sont attendus."))
        }
    }
}

impl fmt::Display for Plateau {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an organism is reached: plateau and identifiant always together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Routage {
    /// Plateau.
    pub plateau: Plateau,
    /// Identifiant on that plateau.
    pub identifiant: Plateau,
}

/// What makes an organism itself in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cle {
    /// Plateau and identifiant.
    Routage(Routage),
    /// The folded name.
    Nom(String),
}

/// Address, telephones and remarks: what a shop may change of a convention's mutuelle, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coordonnees {
    /// Postal address.
    pub adresse: Adresse,
    /// Telephone.
    pub telephone: Option<String>,
    /// Second telephone.
    pub telephone2: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Web site.
    pub site_web: Option<String>,
    /// « Autre ».
    pub autre: Option<String>,
    /// Remark.
    pub remarque: Option<String>,
}

enumeration! {
    /// One field of [`Coordonnees`].
    pub enum ChampCoordonnee {
        /// First line of the address.
        Adresse1 = "adresse1",
        /// Second line of the address.
        Adresse2 = "adresse2",
        /// Postal code.
        CodePostal = "code_postal",
        /// Town.
        Localite = "localite",
        /// Telephone.
        Telephone = "telephone",
        /// Second telephone.
        Telephone2 = "telephone2",
        /// Fax.
        Fax = "fax",
        /// Web site.
        SiteWeb = "site_web",
        /// « Autre ».
        Autre = "autre",
        /// Remark.
        Remarque = "remarque",
    }
}

impl Coordonnees {
    /// One field.
    pub const fn get(&self, champ: ChampCoordonnee) -> &Option<String> {
        match champ {
            ChampCoordonnee::Adresse1 => &self.adresse.ligne1,
            ChampCoordonnee::Adresse2 => &self.adresse.ligne2,
            ChampCoordonnee::CodePostal => &self.adresse.code_postal,
            ChampCoordonnee::Localite => &self.adresse.localite,
            ChampCoordonnee::Telephone => &self.telephone,
            ChampCoordonnee::Telephone2 => &self.telephone2,
            ChampCoordonnee::Fax => &self.fax,
            ChampCoordonnee::SiteWeb => &self.site_web,
            ChampCoordonnee::Autre => &self.autre,
            ChampCoordonnee::Remarque => &self.remarque,
        }
    }

    /// One field, to change.
    pub const fn get_mut(&mut self, champ: ChampCoordonnee) -> &mut Option<String> {
        match champ {
            ChampCoordonnee::Adresse1 => &mut self.adresse.ligne1,
            ChampCoordonnee::Adresse2 => &mut self.adresse.ligne2,
            ChampCoordonnee::CodePostal => &mut self.adresse.code_postal,
            ChampCoordonnee::Localite => &mut self.adresse.localite,
            ChampCoordonnee::Telephone => &mut self.telephone,
            ChampCoordonnee::Telephone2 => &mut self.telephone2,
            ChampCoordonnee::Fax => &mut self.fax,
            ChampCoordonnee::SiteWeb => &mut self.site_web,
            ChampCoordonnee::Autre => &mut self.autre,
            ChampCoordonnee::Remarque => &mut self.remarque,
        }
    }
}

/// What a row of a convention list (or of an imported file) says of an organism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fiche {
    /// Name.
    pub nom: String,
    /// Where its requests go; `None` means `pec` is `Non`.
    pub routage: Option<Routage>,
    /// Which electronic PEC it takes.
    pub pec: Pec,
    /// Whether a PEC can be cancelled electronically.
    pub annulation: bool,
    /// Numbers it cannot do without.
    pub champs_requis: Vec<ChampRequis>,
    /// Optional fields it demands.
    pub facultatifs_exiges: Vec<ChampFacultatif>,
    /// Where it is found.
    pub coordonnees: Coordonnees,
    /// « Pratique du TOP Mutualiste ».
    pub top_mutualiste: bool,
    /// « Ne gère pas le Tiers Payant ».
    pub sans_tiers_payant: bool,
    /// « TP externalisé ».
    pub tp_externalise: bool,
}

impl Fiche {
    /// What makes it itself.
    pub fn cle(&self) -> Cle {
        self.routage.clone().map_or_else(|| Cle::Nom(texte::fold(&self.nom)), Cle::Routage)
    }
}

/// A régime of a mutuelle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Code.
    pub code: String,
    /// Label.
    pub libelle: String,
}

/// How a forfait is computed, with just what that way needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calcul {
    /// Waits for an answer.
    Variable,
    /// A fixed amount.
    Fixe(Centimes),
    /// A part of something.
    Pourcentage(Pourcentage, Assiette),
}

/// What a mutuelle gives, as the shop knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forfait {
    /// Unique in its mutuelle.
    pub id: String,
    /// Label.
    pub libelle: String,
    /// How it is computed.
    pub calcul: Calcul,
}

impl Forfait {
    /// The id of the forfait that every convention mutuelle with PEC has.
    pub const VARIABLE: &'static str = "variable";

    /// « Variable ».
    pub fn variable() -> Self {
        Self { id: Self::VARIABLE.into(), libelle: "Variable".into(), calcul: Calcul::Variable }
    }
}

enumeration! {
    /// Where a mutuelle of the shop's list comes from.
    pub enum OrigineMutuelle {
        /// The concentrator's list.
        Convention = "CONVENTION",
        /// The shop itself.
        Magasin = "MAGASIN",
    }
}

/// A mutuelle as a shop sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutuelle {
    /// Its id in this shop.
    pub id: MutuelleId,
    /// What it is.
    pub fiche: Fiche,
    /// Régimes, the shop's.
    pub regimes: Vec<Regime>,
    /// « Variable » where due, then the shop's.
    pub forfaits: Vec<Forfait>,
    /// Where it comes from.
    pub origine: OrigineMutuelle,
    /// It left the conventions.
    pub retiree: bool,
    /// Raised by every change of the shop's; 1 for an untouched convention.
    pub version: u64,
}

/// What a shop changed of a convention's mutuelle; everything else follows the convention.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retouche {
    /// Raised by every change.
    pub version: u64,
    /// Fields the shop wrote (`None`: emptied on purpose).
    pub coordonnees: BTreeMap<ChampCoordonnee, Option<String>>,
    /// The shop's régimes.
    pub regimes: Vec<Regime>,
    /// The shop's forfaits, without « Variable ».
    pub forfaits: Vec<Forfait>,
    /// The last convention row of an organism that left the conventions.
    pub retiree: Option<Box<Fiche>>,
}

/// A mutuelle that only this shop has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Propre {
    /// Raised by every change.
    pub version: u64,
    /// What it is.
    pub fiche: Fiche,
    /// Régimes.
    pub regimes: Vec<Regime>,
    /// Forfaits.
    pub forfaits: Vec<Forfait>,
}

/// All that a shop keeps beside the conventions, by mutuelle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ajouts {
    /// Changes of convention mutuelles (and the last row of those that left).
    pub retouches: BTreeMap<MutuelleId, Retouche>,
    /// Mutuelles of the shop's own.
    pub propres: BTreeMap<MutuelleId, Propre>,
}
