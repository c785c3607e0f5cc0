//! What the tests of several modules start from: the dossier of the Winoptics manual. Not part of the product.

use crate::{
    centimes::Centimes,
    client::{Beneficiaire, Qualite, Rattachement},
    consentement::Consentement,
    dioptre::Pourcentage,
    dossier::{Categorie, CodeRisque, Dossier, Equipement, Ligne, TiersPayant, TypeEquipement},
    ids::MutuelleId,
    mutuelle::{Calcul, Coordonnees, Fiche, Forfait, Mutuelle, OrigineMutuelle, Pec, Routage},
};
use jiff::civil::Date;

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// An amount.
pub const fn c(centimes: u64) -> Centimes {
    Centimes::of(centimes)
}

/// A visible lens without discount.
pub fn line(numero: u16, centimes: u64, code: Option<&str>) -> Ligne {
    Ligne {
        numero,
        reference: None,
        designation: String::new(),
        categorie: Categorie::Ver,
        cote: None,
        quantite: 1,
        prix_unitaire: c(centimes),
        remise: Pourcentage::ZERO,
        code_lpp: code.map(Into::into),
        code_regroupement: None,
        classe: None,
        surface: None,
        traitements: vec![],
        par_boite: None,
        fabricant: None,
        marque: None,
        modele: None,
        matiere: None,
        indice: None,
        fabrique_en: None,
        occulte: false,
        ro_manuel: None,
    }
}

/// Spectacles for an illness.
pub fn equipment(numero: u16, lignes: Vec<Ligne>) -> Equipement {
    Equipement {
        numero,
        type_equipement: TypeEquipement::Opt,
        vision: None,
        deuxieme_paire: false,
        code_risque: CodeRisque::Maladie,
        taux_ro_manuel: None,
        enfant_manuel: None,
        prisme_od: None,
        prisme_og: None,
        rc_manuel: None,
        lignes,
        transfert: None,
    }
}

/// The equipment of the Winoptics manual: two lenses at 250.00 and a frame at 214.00.
pub fn manual() -> Vec<Ligne> {
    vec![line(1, 25_000, Some("2203240")), line(2, 25_000, Some("2203240")), line(3, 21_400, Some("2223342"))]
}

/// The dossier of the manual, with other equipments; its card names the forfait `f`.
pub fn dossier(equipements: Vec<Equipement>) -> Dossier {
    Dossier {
        id: "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        version: 1,
        client_id: None,
        date: day("2013-11-26"),
        beneficiaire: Beneficiaire {
            nom: "MONTFORT".into(),
            prenom: Some("Fabienne".into()),
            date_naissance: Some(day("1978-05-14")),
            nir: None,
            rang_gemellaire: 1,
            qualite: Qualite::Assure,
        },
        assure: None,
        prescription: None,
        equipements,
        dernier_equipement: 9,
        tiers_payant: TiersPayant { rattachement: Rattachement { forfait_id: Some("f".into()), ..Rattachement::default() }, ..TiersPayant::default() },
        consentement: Consentement::default(),
    }
}

/// A mutuelle with every capability and no demand; its forfait `f` is computed as said.
pub fn mutuelle(calcul: Calcul) -> Mutuelle {
    Mutuelle {
        id: MutuelleId::derived(&["m"]),
        fiche: Fiche {
            nom: "Mutuelle Démo".into(),
            routage: Some(Routage { plateau: "90000001".parse().unwrap(), identifiant: "90000002".parse().unwrap() }),
            pec: Pec::OptLen,
            annulation: true,
            champs_requis: vec![],
            facultatifs_exiges: vec![],
            coordonnees: Coordonnees::default(),
            top_mutualiste: false,
            sans_tiers_payant: false,
            tp_externalise: false,
        },
        regimes: vec![],
        forfaits: vec![Forfait::variable(), Forfait { id: "f".into(), libelle: "F".into(), calcul }],
        origine: OrigineMutuelle::Convention,
        retiree: false,
        version: 1,
    }
}
