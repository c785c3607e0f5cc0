//! Things that several tests of this crate look at.

use crate::creation::new_demande;
use optopec_domain::{
    centimes::Centimes,
    client::Qualite,
    demande::{Demande, Etat, Nature},
    dioptre::Pourcentage,
    dossier::{Categorie, CodeRisque, Equipement, Ligne, TypeEquipement},
    envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    ids::MutuelleId,
    mutuelle::{Coordonnees, Fiche, Mutuelle, OrigineMutuelle, Pec, Routage},
};

/// The price of the equipment of [`envoi`]: two lines.
pub const TOTAL: Centimes = Centimes::of(35_000);

fn ligne(numero: u16, valeur: u64) -> LigneEnvoi {
    LigneEnvoi {
        numero,
        reference: None,
        designation: "Verre".into(),
        categorie: Categorie::Ver,
        code_lpp: Some("2203240".into()),
        quantite: 1,
        prix_unitaire: Centimes::of(valeur),
        remise: None,
        valeur: Centimes::of(valeur),
        ro: Some(Centimes::of(137)),
        surface: None,
        traitements: Vec::new(),
        par_boite: None,
    }
}

/// What a PEC about one equipment of two lines sends.
pub fn envoi() -> Envoi {
    let personne = || PersonneEnvoi { nir: None, nom: "MONTFORT".into(), prenom: None, naissance: None };
    Envoi {
        nature: Nature::Pec,
        essai: true,
        cotation: None,
        routage: Routage { plateau: "90000001".parse().unwrap(), identifiant: "90000001".parse().unwrap() },
        opticien: OpticienEnvoi { finess: "750000002".parse().unwrap(), nom: None, prenom: None, telephone: None, email: None },
        assure: personne(),
        beneficiaire: BeneficiaireEnvoi { personne: personne(), rang_gemellaire: None, qualite: Qualite::Assure },
        adherent: None,
        contrat: None,
        groupe: None,
        prescription: PrescriptionEnvoi { date: None, ri: false, ra: false, prescripteur: None },
        equipement: EquipementEnvoi {
            numero: 1,
            type_equipement: TypeEquipement::Opt,
            risque: CodeRisque::Maladie,
            taux_ro: Some(60),
            enfant: false,
            prisme_od: None,
            prisme_og: None,
            lignes: vec![ligne(1, 25_000), ligne(3, 10_000)],
        },
    }
}

/// The equipment that [`envoi`] was made of, a hidden line in the middle.
pub fn equipement() -> Equipement {
    let ligne = |numero, prix: u64, occulte| Ligne {
        numero,
        reference: None,
        designation: "Verre".into(),
        categorie: Categorie::Ver,
        cote: None,
        quantite: 1,
        prix_unitaire: Centimes::of(prix),
        remise: Pourcentage::ZERO,
        code_lpp: Some("2203240".into()),
        code_regroupement: None,
        classe: None,
        surface: None,
        traitements: Vec::new(),
        par_boite: None,
        fabricant: None,
        marque: None,
        modele: None,
        matiere: None,
        indice: None,
        fabrique_en: None,
        occulte,
        ro_manuel: None,
    };
    Equipement {
        numero: 1,
        type_equipement: TypeEquipement::Opt,
        vision: None,
        deuxieme_paire: false,
        code_risque: CodeRisque::Maladie,
        taux_ro_manuel: None,
        enfant_manuel: None,
        prisme_od: None,
        prisme_og: None,
        rc_manuel: None,
        lignes: vec![ligne(1, 25_000, false), ligne(2, 500, true), ligne(3, 10_000, false)],
        transfert: None,
    }
}

/// The demande that [`envoi`] begins, in a state.
pub fn demande(etat: Etat) -> Demande {
    let mutuelle = Mutuelle {
        id: MutuelleId::derived(&["exemple"]),
        fiche: Fiche {
            nom: "Mutuelle Démo".into(),
            routage: None,
            pec: Pec::OptLen,
            annulation: true,
            champs_requis: Vec::new(),
            facultatifs_exiges: Vec::new(),
            coordonnees: Coordonnees::default(),
            top_mutualiste: false,
            sans_tiers_payant: false,
            tp_externalise: false,
        },
        regimes: Vec::new(),
        forfaits: Vec::new(),
        origine: OrigineMutuelle::Convention,
        retiree: false,
        version: 1,
    };
    let (id, dossier) = ("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap());
    Demande { etat, ..new_demande(id, dossier, &mutuelle, &envoi(), 1, "u1", "2026-11-21T10:00:00Z".parse().unwrap()) }
}
