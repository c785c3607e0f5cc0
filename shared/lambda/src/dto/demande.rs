//! A demande and the preview of what would be sent, as the API shows them.
//!
//! What must hold: an amount nobody knows is `null`; a NIR is masked here, always (docs/api.md, « Client »); what a switch of the shop
//! withholds has no field in the preview; `actions` come from the function that the routes obey.
//! Deliberately absent: reading. A demande is made by the program and changed by orders, never by a body of this shape.

use super::listes::{Action, Categorie, CodeRisque, EtatCredit, EtatPublic, Nature, Qualite, Quoi, Surface, TypeEquipement};
use optopec_domain::{
    centimes::Centimes,
    client::NomPrenom,
    demande::{Demande, Evenement},
    envoi::{Envoi, LigneEnvoi, PersonneEnvoi},
    nir::Nir,
    rejets,
    role::Role,
    suivi,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Une demande.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandeDto {
    /// Son identifiant.
    pub id: String,
    /// Le dossier.
    pub dossier_id: String,
    /// Numéro de l'équipement dans le dossier.
    pub equipement: u16,
    /// PEC ou cotation.
    pub nature: Nature,
    /// La cotation dont cette PEC est issue.
    #[schema(required = true)]
    pub issue_de: Option<String>,
    /// Compte les demandes d'un magasin à partir de 1.
    pub numero: u64,
    /// Où elle en est.
    pub etat: EtatPublic,
    /// Augmente à chaque modification.
    pub version: u64,
    /// À quelle mutuelle.
    pub mutuelle_id: String,
    /// Son nom quand la demande a été faite.
    pub mutuelle_nom: String,
    /// La personne pour qui elle est faite, telle qu'elle se nommait alors ; `null` une fois effacée, ou si la demande est plus ancienne que ce champ.
    #[schema(required = true)]
    pub beneficiaire: Option<NomPrenomDto>,
    /// Sa référence chez le concentrateur : l'identifiant.
    pub reference: String,
    /// « Référence dossier » de la mutuelle.
    #[schema(required = true)]
    pub reference_dossier: Option<String>,
    /// « N° de PEC ».
    #[schema(required = true)]
    pub numero_pec: Option<String>,
    /// « Date de PEC ».
    #[schema(format = Date, required = true)]
    pub date_pec: Option<String>,
    /// Dernier jour de validité.
    #[schema(format = Date, required = true)]
    pub expire_le: Option<String>,
    /// Le délai annoncé par la mutuelle, en heures.
    #[schema(required = true)]
    pub delai_heures: Option<u32>,
    /// « Message plateforme », mot pour mot.
    #[schema(required = true)]
    pub message_plateforme: Option<String>,
    /// « Message mutuelle », mot pour mot.
    #[schema(required = true)]
    pub message_mutuelle: Option<String>,
    /// « Que faire ? ».
    #[schema(required = true)]
    pub que_faire: Option<&'static str>,
    /// Code du message.
    #[schema(required = true)]
    pub code_rejet: Option<String>,
    /// Pointeur JSON vers ce qu'un refus demande de corriger, dans le dossier ou, sous `/magasin`, dans le magasin.
    #[schema(required = true)]
    pub champ_a_corriger: Option<&'static str>,
    /// Texte brut d'une réponse incompréhensible, pour la personne qui décide.
    #[schema(required = true)]
    pub texte_brut: Option<String>,
    /// Montant global accordé.
    #[schema(required = true)]
    pub montant_global_centimes: Option<u64>,
    /// Ce qui n'a pu être réparti sur les lignes.
    #[schema(required = true)]
    pub montant_non_reparti_centimes: Option<u64>,
    /// Montants par ligne envoyée.
    pub lignes: Vec<LigneDemandeDto>,
    /// Crédits qu'elle coûte.
    pub prix: u32,
    /// Ce que ces crédits sont devenus.
    pub credit: EtatCredit,
    /// Quand elle a été faite.
    #[schema(format = DateTime)]
    pub creee_le: String,
    /// Première réponse exploitable.
    #[schema(format = DateTime, required = true)]
    pub repondue_le: Option<String>,
    /// Dernière interrogation qui a reçu une réponse.
    #[schema(format = DateTime, required = true)]
    pub derniere_actualisation: Option<String>,
    /// Prochaine interrogation du concentrateur, tant que l'issue est ouverte.
    #[schema(format = DateTime, required = true)]
    pub prochaine_actualisation: Option<String>,
    /// Quand ses données personnelles ont été effacées ; rien n'est plus possible depuis.
    #[schema(format = DateTime, required = true)]
    pub effacee_le: Option<String>,
    /// Ce que l'appelant peut en faire maintenant.
    pub actions: Vec<Action>,
    /// Ce qui s'est passé, le plus ancien d'abord ; absent dans une liste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evenements: Option<Vec<EvenementDto>>,
}

/// Le nom d'une personne.
#[derive(Serialize, ToSchema)]
pub struct NomPrenomDto {
    /// Nom.
    pub nom: String,
    /// Prénom.
    #[schema(required = true)]
    pub prenom: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for NomPrenomDto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl From<&NomPrenom> for NomPrenomDto {
    fn from(personne: &NomPrenom) -> Self {
        Self { nom: personne.nom.clone(), prenom: personne.prenom.clone() }
    }
}

/// Montant d'une ligne.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneDemandeDto {
    /// Numéro de la ligne dans l'équipement.
    pub numero: u16,
    /// Part RC ; `null` tant que personne ne la connaît.
    #[schema(required = true)]
    pub rc_centimes: Option<u64>,
}

/// Un événement d'une demande.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvenementDto {
    /// Quand.
    #[schema(format = DateTime)]
    pub le: String,
    /// Quoi.
    pub quoi: Quoi,
    /// Qui : l'identifiant d'un utilisateur, ou `optopec`.
    pub par: String,
    /// En toutes lettres.
    #[schema(required = true)]
    pub detail: Option<String>,
}

impl DemandeDto {
    /// A demande with its timeline, as a role sees it.
    pub fn new(demande: &Demande, role: Role) -> Self {
        Self { evenements: Some(demande.evenements.iter().map(EvenementDto::from).collect()), ..Self::in_list(demande, role) }
    }

    /// A demande without its timeline.
    pub fn in_list(demande: &Demande, role: Role) -> Self {
        let reponse = &demande.reponse;
        Self {
            id: demande.id.to_string(),
            dossier_id: demande.dossier_id.to_string(),
            equipement: demande.equipement,
            nature: demande.nature.into(),
            issue_de: demande.issue_de.as_ref().map(ToString::to_string),
            numero: demande.numero,
            etat: demande.etat.public().into(),
            version: demande.version,
            mutuelle_id: demande.mutuelle_id.to_string(),
            mutuelle_nom: demande.mutuelle_nom.clone(),
            beneficiaire: demande.beneficiaire.as_ref().map(NomPrenomDto::from),
            reference: demande.id.to_string(),
            reference_dossier: reponse.reference_dossier.clone(),
            numero_pec: reponse.numero_pec.clone(),
            date_pec: reponse.date_pec.map(|d| d.to_string()),
            expire_le: reponse.expire_le.map(|d| d.to_string()),
            delai_heures: reponse.delai_heures,
            message_plateforme: reponse.message_plateforme.clone(),
            message_mutuelle: reponse.message_mutuelle.clone(),
            que_faire: suivi::advice(demande),
            code_rejet: reponse.code_rejet.clone(),
            champ_a_corriger: field_to_correct(demande),
            texte_brut: reponse.texte_brut.clone(),
            montant_global_centimes: reponse.montant_global.map(Centimes::get),
            montant_non_reparti_centimes: reponse.montant_non_reparti.map(Centimes::get),
            lignes: reponse.lignes.iter().map(|(numero, rc)| LigneDemandeDto { numero: *numero, rc_centimes: rc.map(Centimes::get) }).collect(),
            prix: demande.prix,
            credit: demande.credit.into(),
            creee_le: demande.creee_le.to_string(),
            repondue_le: demande.repondue_le.map(|t| t.to_string()),
            derniere_actualisation: demande.derniere_actualisation.map(|t| t.to_string()),
            prochaine_actualisation: demande.next_query().map(|t| t.to_string()),
            effacee_le: demande.effacee_le.map(|t| t.to_string()),
            actions: demande.actions(role).into_iter().map(Action::from).collect(),
            evenements: None,
        }
    }
}

impl From<&Evenement> for EvenementDto {
    fn from(evenement: &Evenement) -> Self {
        Self { le: evenement.le.to_string(), quoi: evenement.quoi.into(), par: evenement.par.clone(), detail: evenement.detail.clone() }
    }
}

/// Only a refusal asks to correct something; a refused cancellation has a code too, and nothing in the dossier to correct.
fn field_to_correct(demande: &Demande) -> Option<&'static str> {
    demande.origine_refus()?;
    demande.reponse.code_rejet.as_deref().and_then(rejets::find)?.champ
}

/// Ce qui serait envoyé, déjà réduit au nécessaire : ce qui est retenu ou vide est absent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApercuDto {
    /// PEC ou cotation.
    pub nature: Nature,
    /// Vrai pour un magasin en mode démonstration.
    pub essai: bool,
    /// La cotation dont cette PEC serait issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cotation: Option<String>,
    /// Où elle irait.
    pub routage: RoutageApercuDto,
    /// Le magasin.
    pub opticien: OpticienApercuDto,
    /// L'assuré.
    pub assure: PersonneApercuDto,
    /// Le bénéficiaire.
    pub beneficiaire: BeneficiaireApercuDto,
    /// N° adhérent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_adherent: Option<String>,
    /// N° de contrat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_contrat: Option<String>,
    /// N° de groupe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_groupe: Option<String>,
    /// La prescription.
    pub prescription: PrescriptionApercuDto,
    /// L'équipement.
    pub equipement: EquipementApercuDto,
}

/// Où une demande irait.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutageApercuDto {
    /// Plateau.
    pub plateau: String,
    /// Identifiant sur ce plateau.
    pub identifiant: String,
}

/// Le magasin, tel qu'il serait envoyé.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpticienApercuDto {
    /// FINESS.
    pub finess: String,
    /// Nom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nom: Option<String>,
    /// Prénom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
    /// Téléphone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// Adresse électronique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Une personne, telle qu'elle serait envoyée ; son NIR est masqué ici.
#[derive(Serialize, ToSchema)]
pub struct PersonneApercuDto {
    /// NIR masqué ; absent quand il n'est pas transmis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nir: Option<String>,
    /// Nom.
    pub nom: String,
    /// Prénom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
    /// Date de naissance.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_naissance: Option<String>,
}

/// Le bénéficiaire, tel qu'il serait envoyé.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeneficiaireApercuDto {
    /// Qui est cette personne.
    #[serde(flatten)]
    pub personne: PersonneApercuDto,
    /// Rang gémellaire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rang_gemellaire: Option<u8>,
    /// Sa qualité envers l'assuré.
    pub qualite: Qualite,
}

/// La prescription, telle qu'elle serait envoyée.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionApercuDto {
    /// Sa date.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Ce qui est dit d'un renouvellement : `RI`, `RA`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renouvellement: Vec<&'static str>,
    /// Le prescripteur.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescripteur: Option<PrescripteurApercuDto>,
}

/// Le prescripteur, tel qu'il serait envoyé.
#[derive(Serialize, ToSchema)]
pub struct PrescripteurApercuDto {
    /// Nom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nom: Option<String>,
    /// Prénom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for PrescripteurApercuDto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// L'équipement, tel qu'il serait envoyé.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipementApercuDto {
    /// Son numéro dans le dossier.
    pub numero: u16,
    /// Lunettes ou lentilles.
    #[serde(rename = "type")]
    pub type_equipement: TypeEquipement,
    /// « Code risque ».
    pub code_risque: CodeRisque,
    /// Taux de la part RO, en pour cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taux_ro: Option<u8>,
    /// Vrai pour un équipement d'enfant.
    pub enfant: bool,
    /// Prisme de l'œil droit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prisme_od: Option<String>,
    /// Prisme de l'œil gauche.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prisme_og: Option<String>,
    /// Les lignes qu'une mutuelle voit.
    pub lignes: Vec<LigneApercuDto>,
}

/// Une ligne, telle qu'elle serait envoyée.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneApercuDto {
    /// Son numéro dans l'équipement.
    pub numero: u16,
    /// Référence du catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Désignation.
    pub designation: String,
    /// Catégorie.
    pub categorie: Categorie,
    /// Code LPP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_lpp: Option<String>,
    /// Quantité.
    pub quantite: u32,
    /// Prix d'une unité.
    pub prix_unitaire_centimes: u64,
    /// Remise, en pour cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remise_pourcent: Option<String>,
    /// Ce que coûte la ligne.
    pub valeur_centimes: u64,
    /// Part RO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ro_centimes: Option<u64>,
    /// Surface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// Traitements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub traitements: Vec<String>,
    /// Lentilles par boîte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub par_boite: Option<u16>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for PersonneApercuDto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl From<&Envoi> for ApercuDto {
    fn from(envoi: &Envoi) -> Self {
        let (opticien, prescription, equipement) = (&envoi.opticien, &envoi.prescription, &envoi.equipement);
        Self {
            nature: envoi.nature.into(),
            essai: envoi.essai,
            cotation: envoi.cotation.as_ref().map(ToString::to_string),
            routage: RoutageApercuDto { plateau: envoi.routage.plateau.to_string(), identifiant: envoi.routage.identifiant.to_string() },
            opticien: OpticienApercuDto {
                finess: opticien.finess.to_string(),
                nom: opticien.nom.clone(),
                prenom: opticien.prenom.clone(),
                telephone: opticien.telephone.clone(),
                email: opticien.email.clone(),
            },
            assure: PersonneApercuDto::from(&envoi.assure),
            beneficiaire: BeneficiaireApercuDto {
                personne: PersonneApercuDto::from(&envoi.beneficiaire.personne),
                rang_gemellaire: envoi.beneficiaire.rang_gemellaire,
                qualite: envoi.beneficiaire.qualite.into(),
            },
            numero_adherent: envoi.adherent.clone(),
            numero_contrat: envoi.contrat.clone(),
            numero_groupe: envoi.groupe.clone(),
            prescription: PrescriptionApercuDto {
                date: prescription.date.map(|d| d.to_string()),
                renouvellement: [(prescription.ri, "RI"), (prescription.ra, "RA")].into_iter().filter_map(|(said, what)| said.then_some(what)).collect(),
                prescripteur: prescription.prescripteur.clone().map(|(nom, prenom)| PrescripteurApercuDto { nom, prenom }),
            },
            equipement: EquipementApercuDto {
                numero: equipement.numero,
                type_equipement: equipement.type_equipement.into(),
                code_risque: equipement.risque.into(),
                taux_ro: equipement.taux_ro,
                enfant: equipement.enfant,
                prisme_od: equipement.prisme_od.map(|p| p.unsigned()),
                prisme_og: equipement.prisme_og.map(|p| p.unsigned()),
                lignes: equipement.lignes.iter().map(LigneApercuDto::from).collect(),
            },
        }
    }
}

impl From<&PersonneEnvoi> for PersonneApercuDto {
    fn from(personne: &PersonneEnvoi) -> Self {
        Self {
            nir: personne.nir.as_ref().map(Nir::masked),
            nom: personne.nom.clone(),
            prenom: personne.prenom.clone(),
            date_naissance: personne.naissance.map(|d| d.to_string()),
        }
    }
}

impl From<&LigneEnvoi> for LigneApercuDto {
    fn from(ligne: &LigneEnvoi) -> Self {
        Self {
            numero: ligne.numero,
            reference: ligne.reference.clone(),
            designation: ligne.designation.clone(),
            categorie: ligne.categorie.into(),
            code_lpp: ligne.code_lpp.clone(),
            quantite: ligne.quantite,
            prix_unitaire_centimes: ligne.prix_unitaire.get(),
            remise_pourcent: ligne.remise.map(|r| r.to_string()),
            valeur_centimes: ligne.valeur.get(),
            ro_centimes: ligne.ro.map(Centimes::get),
            surface: ligne.surface.map(Into::into),
            traitements: ligne.traitements.clone(),
            par_boite: ligne.par_boite,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use optopec_domain::{
        credit, demande,
        demande::{Etat, ReponseRecue},
    };
    use serde_json::json;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn demande(etat: Etat) -> Demande {
        Demande {
            id: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            dossier_id: "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            equipement: 1,
            nature: demande::Nature::Pec,
            issue_de: None,
            numero: 373,
            version: 4,
            mutuelle_id: "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            mutuelle_nom: "Mutuelle Démo".into(),
            beneficiaire: Some(NomPrenom { nom: "MONTFORT".into(), prenom: Some("Fabienne".into()) }),
            annulable: true,
            etat,
            prix: 1,
            credit: credit::EtatCredit::Reserve,
            creee_le: at("2026-11-21T10:00:00Z"),
            envoyee_le: None,
            echecs: 0,
            consultations: 0,
            inconnue_depuis: None,
            attente_depuis: None,
            repondue_le: None,
            derniere_actualisation: None,
            echeance: Some(at("2026-11-21T10:02:00Z")),
            bail: None,
            annulation: None,
            reponse: ReponseRecue { lignes: vec![(1, None), (2, None)], ..ReponseRecue::default() },
            evenements: vec![Evenement { le: at("2026-11-21T10:00:00Z"), quoi: demande::Quoi::Creee, par: "u1".into(), detail: None }],
            effacee_le: None,
        }
    }

    fn show(demande: &Demande, role: Role) -> serde_json::Value {
        serde_json::to_value(DemandeDto::new(demande, role)).unwrap()
    }

    #[test]
    fn every_field_of_the_contract_is_there_and_what_nobody_knows_is_null() {
        let shown = show(&demande(Etat::EnTransmission), Role::Opticien);
        for field in [
            "issue_de",
            "reference_dossier",
            "numero_pec",
            "date_pec",
            "expire_le",
            "delai_heures",
            "message_plateforme",
            "message_mutuelle",
            "que_faire",
            "code_rejet",
            "champ_a_corriger",
            "montant_global_centimes",
            "montant_non_reparti_centimes",
            "repondue_le",
            "derniere_actualisation",
            "prochaine_actualisation",
        ] {
            assert_eq!(shown.as_object().unwrap().get(field), Some(&json!(null)), "{field}");
        }
        for (field, value) in [
            ("id", json!("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
            ("reference", json!("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
            ("nature", json!("PEC")),
            ("etat", json!("EN_TRANSMISSION")),
            ("numero", json!(373)),
            ("beneficiaire", json!({"nom": "MONTFORT", "prenom": "Fabienne"})),
            ("version", json!(4)),
            ("equipement", json!(1)),
            ("credit", json!("RESERVE")),
            ("lignes", json!([{"numero": 1, "rc_centimes": null}, {"numero": 2, "rc_centimes": null}])),
            ("creee_le", json!("2026-11-21T10:00:00Z")),
            ("actions", json!(["ACTUALISER"])),
            ("evenements", json!([{"le": "2026-11-21T10:00:00Z", "quoi": "CREEE", "par": "u1", "detail": null}])),
        ] {
            assert_eq!(shown[field], value, "{field}");
        }
    }

    #[test]
    fn whom_a_demande_is_about_is_null_where_nobody_knows_and_never_in_a_log() {
        let named = demande(Etat::Accordee);
        assert_eq!(show(&Demande { beneficiaire: None, ..named.clone() }, Role::Lecture).get("beneficiaire"), Some(&json!(null)));
        let first = |prenom: Option<&str>| Some(NomPrenom { nom: "MONTFORT".into(), prenom: prenom.map(str::to_owned) });
        assert_eq!(show(&Demande { beneficiaire: first(None), ..named.clone() }, Role::Lecture)["beneficiaire"], json!({"nom": "MONTFORT", "prenom": null}));
        let logged = format!("{named:?} {:?}", DemandeDto::new(&named, Role::Gerant));
        assert!(!logged.contains("MONTFORT") && !logged.contains("Fabienne"), "{logged}");
    }

    #[test]
    fn a_list_has_no_timelines() {
        let shown = serde_json::to_value(DemandeDto::in_list(&demande(Etat::EnTransmission), Role::Opticien)).unwrap();
        assert_eq!(shown.get("evenements"), None);
    }

    #[test]
    fn only_an_open_outcome_has_a_next_query() {
        let next = |etat| show(&demande(etat), Role::Lecture)["prochaine_actualisation"].clone();
        assert_eq!(next(Etat::SansReponse), json!("2026-11-21T10:02:00Z"));
        assert_eq!(next(Etat::EnAttente), json!("2026-11-21T10:02:00Z"));
        assert_eq!(next(Etat::Accordee), json!(null));
    }

    #[test]
    fn only_a_refusal_names_a_field_to_correct() {
        let coded = |etat| Demande { reponse: ReponseRecue { code_rejet: Some("MUT-05".into()), ..ReponseRecue::default() }, ..demande(etat) };
        let refused = show(&coded(Etat::RefuseeMutuelle), Role::Opticien);
        assert_eq!((&refused["etat"], &refused["champ_a_corriger"]), (&json!("REFUSEE"), &json!("/tiers_payant/numero_adherent")));
        assert!(refused["que_faire"].is_string());
        let granted = show(&coded(Etat::Accordee), Role::Opticien);
        assert_eq!((&granted["code_rejet"], &granted["champ_a_corriger"]), (&json!("MUT-05"), &json!(null)));
    }

    #[test]
    fn a_role_sees_only_what_it_may_do() {
        let actions = |role| show(&Demande { repondue_le: Some(at("2026-11-21T10:00:05Z")), ..demande(Etat::Accordee) }, role)["actions"].clone();
        assert_eq!(actions(Role::Lecture), json!(["IMPRIMER_REPONSE"]));
        assert_eq!(actions(Role::Opticien), json!(["ACTUALISER", "ANNULER", "TRANSFERER", "IMPRIMER_REPONSE"]));
        assert_eq!(show(&demande(Etat::AVerifier(demande::Doute::Muette)), Role::Gerant)["actions"], json!(["ACTUALISER", "DECIDER"]));
        assert_eq!(show(&demande(Etat::AVerifier(demande::Doute::Muette)), Role::Opticien)["actions"], json!(["ACTUALISER"]));
    }
}
