//! The shop: identity, subscription, and the fourteen switches that decide what is sent.

use crate::{credit::Prix, enumeration, finess::Finess, ids::MagasinId};

enumeration! {
    /// A field of the message that a shop may withhold, in the order of the Winoptics settings page.
    pub enum ChampFacultatif {
        /// NIR of the beneficiary.
        BeneficiaireNir = "beneficiaire_nir",
        /// Rank of a twin.
        BeneficiaireRangGemellaire = "beneficiaire_rang_gemellaire",
        /// NIR of the insured person.
        AssureNir = "assure_nir",
        /// Name and first name of the optician.
        OpticienNomPrenom = "opticien_nom_prenom",
        /// Telephone of the optician.
        OpticienTelephone = "opticien_telephone",
        /// E-mail of the optician.
        OpticienEmail = "opticien_email",
        /// Renewal: RI or RA.
        PrescriptionRiRa = "prescription_ri_ra",
        /// Name and first name of the prescriber.
        PrescriptionPrescripteur = "prescription_prescripteur",
        /// Surface of a lens.
        VerreSurface = "verre_surface",
        /// Treatments of a lens.
        VerreTraitement = "verre_traitement",
        /// Contact lenses per box.
        LentilleParBoite = "lentille_par_boite",
        /// Discount on a lens.
        VerreRemise = "verre_remise",
        /// Discount on a contact lens.
        LentilleRemise = "lentille_remise",
        /// Discount on a frame.
        MontureRemise = "monture_remise",
    }
}

impl ChampFacultatif {
    /// What a person calls it.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::BeneficiaireNir => "Bénéficiaire : n° de sécurité sociale",
            Self::BeneficiaireRangGemellaire => "Bénéficiaire : rang gémellaire",
            Self::AssureNir => "Assuré : n° de sécurité sociale",
            Self::OpticienNomPrenom => "Opticien : nom et prénom",
            Self::OpticienTelephone => "Opticien : téléphone",
            Self::OpticienEmail => "Opticien : e-mail",
            Self::PrescriptionRiRa => "Prescription : information RI/RA",
            Self::PrescriptionPrescripteur => "Prescription : nom et prénom du prescripteur",
            Self::VerreSurface => "Équipement verre : surface",
            Self::VerreTraitement => "Supplément verre : type de traitement",
            Self::LentilleParBoite => "Équipement lentille : nombre de lentilles par boîte",
            Self::VerreRemise => "Équipement verre : remise",
            Self::LentilleRemise => "Équipement lentille : remise",
            Self::MontureRemise => "Équipement monture : remise",
        }
    }
}

/// The fourteen switches. What is off appears in no message, in no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transmission(u16);

impl Transmission {
    /// Everything off.
    pub const NONE: Self = Self(0);

    /// Whether a field is sent.
    pub const fn sends(self, champ: ChampFacultatif) -> bool {
        self.0 & (1 << champ as u16) != 0
    }

    /// The same with one switch set.
    #[must_use]
    pub const fn with(self, champ: ChampFacultatif, on: bool) -> Self {
        let bit = 1 << champ as u16;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    /// What is on, in order.
    pub fn sent(self) -> impl Iterator<Item = ChampFacultatif> {
        ChampFacultatif::ALL.iter().copied().filter(move |c| self.sends(*c))
    }

    /// Whether this sends something that `other` did not.
    pub const fn exceeds(self, other: Self) -> bool {
        self.0 & !other.0 != 0
    }
}

impl Default for Transmission {
    /// A new shop: identity and discounts on; what tells of the eye or the prescriber off (data minimisation,
    /// CNIL position on requests to complementary insurers, 2024).
    fn default() -> Self {
        use ChampFacultatif as C;
        [
            C::BeneficiaireNir,
            C::BeneficiaireRangGemellaire,
            C::AssureNir,
            C::OpticienNomPrenom,
            C::OpticienTelephone,
            C::OpticienEmail,
            C::VerreRemise,
            C::LentilleRemise,
            C::MontureRemise,
        ]
        .into_iter()
        .fold(Self::NONE, |t, c| t.with(c, true))
    }
}

enumeration! {
    /// Which concentrator a shop works against.
    pub enum Mode {
        /// The configured concentrator.
        Reel = "REEL",
        /// The demonstration concentrator; every document is a specimen.
        Demonstration = "DEMONSTRATION",
    }
}

impl Mode {
    /// The name that the list of conventions of its concentrator has in the table.
    pub const fn conventions(self) -> &'static str {
        match self {
            Self::Reel => "reel",
            Self::Demonstration => "demo",
        }
    }
}

/// A postal address; empty parts are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adresse {
    /// First line.
    pub ligne1: Option<String>,
    /// Second line.
    pub ligne2: Option<String>,
    /// Postal code.
    pub code_postal: Option<String>,
    /// Town.
    pub localite: Option<String>,
}

/// The optician who answers for the shop.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Opticien {
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
impl std::fmt::Debug for Opticien {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// What a shop says of itself, and may change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identite {
    /// Name of the shop.
    pub nom: Option<String>,
    /// Its number at the health insurance.
    pub finess: Option<Finess>,
    /// Where it is.
    pub adresse: Adresse,
    /// Who answers for it.
    pub opticien: Opticien,
}

/// What the subscription allows; the operator's to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abonnement {
    /// The option « Installation PEC ».
    pub option_pec: bool,
    /// Which concentrator.
    pub mode: Mode,
    /// Credits per demande.
    pub prix: Prix,
    /// Balance under which the shop is warned.
    pub seuil_alerte: u32,
}

impl Default for Abonnement {
    fn default() -> Self {
        Self { option_pec: false, mode: Mode::Reel, prix: Prix::default(), seuil_alerte: 10 }
    }
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Magasin {
    /// Its id, the tenant.
    pub id: MagasinId,
    /// Raised by every change.
    pub version: u64,
    /// Who it is.
    pub identite: Identite,
    /// What it may.
    pub abonnement: Abonnement,
    /// What it sends.
    pub transmission: Transmission,
}

impl Magasin {
    /// A shop nobody has described yet: mode `REEL`, no option, no identity.
    pub fn empty(id: MagasinId) -> Self {
        Self { id, version: 1, identite: Identite::default(), abonnement: Abonnement::default(), transmission: Transmission::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_shop_sends_identity_and_discounts_only() {
        let sent: Vec<_> = Transmission::default().sent().map(ChampFacultatif::as_str).collect();
        assert_eq!(
            sent,
            [
                "beneficiaire_nir",
                "beneficiaire_rang_gemellaire",
                "assure_nir",
                "opticien_nom_prenom",
                "opticien_telephone",
                "opticien_email",
                "verre_remise",
                "lentille_remise",
                "monture_remise"
            ]
        );
        assert!(Transmission::default().exceeds(Transmission::NONE));
        assert!(!Transmission::default().with(ChampFacultatif::VerreRemise, false).exceeds(Transmission::default()));
    }
}
