//! Things that several tests of this crate look at: the dossier of the Winoptics manual and what became of it.

use jiff::Timestamp;
use optopec_domain::{
    centimes::Centimes,
    client::{Beneficiaire, NomPrenom, Qualite, Rattachement},
    consentement::Consentement,
    credit::EtatCredit,
    demande::{Demande, Etat, Nature, ReponseRecue},
    dioptre::Pourcentage,
    dossier::{Categorie, CodeRisque, Cote, Dossier, Equipement, Ligne, Prescripteur, Prescription, Surface, TiersPayant, TypeEquipement},
    envoi::{Envoi, OpticienEnvoi},
    ids::MutuelleId,
    lpp::Referentiel,
    magasin::{Abonnement, Adresse, Identite, Magasin, Mode, Opticien, Transmission},
    montants,
    mutuelle::{Coordonnees, Fiche, Forfait, Mutuelle, OrigineMutuelle, Pec, Routage},
    verification::{self, Contenu},
};

/// When everything is printed.
pub fn now() -> Timestamp {
    "2013-11-26T16:30:59Z".parse().unwrap()
}

/// A shop in real mode with the switches of a new one.
pub fn magasin() -> Magasin {
    Magasin {
        id: "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        version: 1,
        identite: Identite {
            nom: Some("Optique du test".into()),
            finess: Some("750000002".parse().unwrap()),
            adresse: Adresse { ligne1: Some("3 rue de l'Œil".into()), ligne2: None, code_postal: Some("75011".into()), localite: Some("PARIS".into()) },
            opticien: Opticien {
                nom: Some("Test".into()),
                prenom: Some("Camille".into()),
                telephone: Some("0199000001".into()),
                email: Some("test@example.org".into()),
            },
        },
        abonnement: Abonnement { option_pec: true, mode: Mode::Reel, ..Abonnement::default() },
        transmission: Transmission::default(),
    }
}

fn routage() -> Routage {
    Routage { plateau: "90000001".parse().unwrap(), identifiant: "90000001".parse().unwrap() }
}

/// Her mutuelle.
pub fn mutuelle() -> Mutuelle {
    Mutuelle {
        id: MutuelleId::derived(&["exemple"]),
        fiche: Fiche {
            nom: "Mutuelle Démo".into(),
            routage: Some(routage()),
            pec: Pec::OptLen,
            annulation: true,
            champs_requis: Vec::new(),
            facultatifs_exiges: Vec::new(),
            coordonnees: Coordonnees { fax: Some("0199000009".into()), telephone: Some("0199000008".into()), ..Coordonnees::default() },
            top_mutualiste: false,
            sans_tiers_payant: false,
            tp_externalise: false,
        },
        regimes: Vec::new(),
        forfaits: vec![Forfait::variable()],
        origine: OrigineMutuelle::Convention,
        retiree: false,
        version: 1,
    }
}

/// One line.
pub fn ligne(numero: u16, designation: &str, categorie: Categorie, prix: u64, code: &str) -> Ligne {
    Ligne {
        numero,
        reference: Some("1545116".into()),
        designation: designation.into(),
        categorie,
        cote: None,
        quantite: 1,
        prix_unitaire: Centimes::of(prix),
        remise: Pourcentage::ZERO,
        code_lpp: Some(code.into()),
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
        occulte: false,
        ro_manuel: None,
    }
}

/// The equipment of the manual.
pub fn equipement() -> Equipement {
    let verre = |numero, cote| Ligne {
        cote: Some(cote),
        surface: Some(Surface::Standard),
        traitements: vec!["ANTIREFLET".into()],
        ..ligne(numero, "ESSILOR Advans Orma Optifog UV Org 60", Categorie::Ver, 25_000, "2203240")
    };
    let monture = ligne(3, "DOLCE GABBANA 339 720 51*19", Categorie::Mon, 21_400, "2223342");
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
        lignes: vec![verre(1, Cote::Od), verre(2, Cote::Og), Ligne { reference: Some("9".into()), ..monture }],
        transfert: None,
    }
}

/// The dossier of the manual.
pub fn dossier() -> Dossier {
    Dossier {
        id: "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        version: 1,
        client_id: None,
        date: "2013-11-26".parse().unwrap(),
        beneficiaire: Beneficiaire {
            nom: "MONTFORT".into(),
            prenom: Some("Fabienne".into()),
            date_naissance: Some("1978-05-14".parse().unwrap()),
            nir: Some("278052A00412358".parse().unwrap()),
            rang_gemellaire: 1,
            qualite: Qualite::Assure,
        },
        assure: None,
        prescription: Some(Prescription {
            date: Some("2013-10-01".parse().unwrap()),
            ri_delivre: true,
            prescripteur: Some(Prescripteur { nom: Some("BESNAINOU".into()), prenom: Some("Anne".into()), rpps: None }),
            ..Prescription::default()
        }),
        equipements: vec![equipement()],
        dernier_equipement: 1,
        tiers_payant: TiersPayant {
            rattachement: Rattachement {
                mutuelle_id: Some(mutuelle().id),
                numero_adherent: Some("ADH-1".into()),
                numero_contrat: Some("CONTRAT-1".into()),
                ..Rattachement::default()
            },
            ..TiersPayant::default()
        },
        consentement: Consentement::default(),
    }
}

/// What a mutuelle is told of the first equipment of a dossier.
pub fn contenu(magasin: &Magasin, dossier: &Dossier) -> Contenu {
    let amounts = montants::compute(dossier, &Referentiel::initial(), None);
    verification::content(magasin, dossier, &dossier.equipements[0], &amounts.equipements[0])
}

/// What was sent of the dossier of the manual.
pub fn envoi() -> Envoi {
    envoi_of(contenu(&magasin(), &dossier()))
}

/// What was sent.
pub fn envoi_of(contenu: Contenu) -> Envoi {
    let Contenu { opticien, assure, beneficiaire, adherent, contrat, groupe, prescription, equipement } = contenu;
    Envoi {
        nature: Nature::Pec,
        essai: false,
        cotation: None,
        routage: routage(),
        opticien: OpticienEnvoi {
            finess: "750000002".parse().unwrap(),
            nom: opticien.nom,
            prenom: opticien.prenom,
            telephone: opticien.telephone,
            email: opticien.email,
        },
        assure,
        beneficiaire,
        adherent,
        contrat,
        groupe,
        prescription,
        equipement,
    }
}

/// PEC n° 373 in a state, answered with 100.00 € for each of its three lines, or with a message where it was refused.
pub fn demande(etat: Etat) -> Demande {
    let asked: Timestamp = "2013-11-26T16:29:30Z".parse().unwrap();
    let demande = Demande {
        id: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        dossier_id: dossier().id,
        equipement: 1,
        nature: Nature::Pec,
        issue_de: None,
        numero: 373,
        version: 3,
        mutuelle_id: mutuelle().id,
        mutuelle_nom: mutuelle().fiche.nom,
        beneficiaire: Some(NomPrenom { nom: "MONTFORT".into(), prenom: Some("Fabienne".into()) }),
        annulable: true,
        etat,
        prix: 1,
        credit: EtatCredit::Consomme,
        creee_le: asked,
        envoyee_le: Some(asked),
        echecs: 0,
        consultations: 0,
        inconnue_depuis: None,
        attente_depuis: None,
        repondue_le: Some(now()),
        derniere_actualisation: None,
        echeance: None,
        bail: None,
        annulation: None,
        reponse: ReponseRecue::default(),
        evenements: Vec::new(),
        effacee_le: None,
    };
    let reponse = if demande.origine_refus().is_some() {
        ReponseRecue { message_mutuelle: Some("Adhérent de démonstration inconnu".into()), ..ReponseRecue::default() }
    } else {
        ReponseRecue {
            reference_dossier: Some("REF-26".into()),
            numero_pec: Some("PEC-0373".into()),
            date_pec: Some("2013-11-26".parse().unwrap()),
            expire_le: Some("2014-01-25".parse().unwrap()),
            montant_global: Some(Centimes::of(30_000)),
            lignes: (1..=3).map(|numero| (numero, Some(Centimes::of(10_000)))).collect(),
            ..ReponseRecue::default()
        }
    };
    Demande { reponse, ..demande }
}
