//! A demande and the preview of what would be sent, as the API shows them.
//!
//! What must hold: an amount nobody knows is `null`; a NIR is masked here, always (docs/api.md, « Client »); what a switch of the shop
//! withholds has no field in the preview; `actions` come from the function that the routes obey.
//! Deliberately absent: reading. A demande is made by the program and changed by orders, never by a body of this shape.

use super::listes::{Action, Categorie, CodeRisque, EtatCredit, EtatPublic, Nature, Qualite, Quoi, Surface, TypeEquipement};
use optopec_domain::{
    centimes::Centimes,
    demande::{Demande, Etat, Evenement},
    envoi::{Envoi, LigneEnvoi, PersonneEnvoi},
    nir::Nir,
    rejets,
    role::Role,
    suivi,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A demande.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandeDto {
    /// Its id.
    pub id: String,
    /// The dossier.
    pub dossier_id: String,
    /// Number of the equipment in the dossier.
    pub equipement: u16,
    /// PEC or cotation.
    pub nature: Nature,
    /// The cotation that this PEC was made of.
    pub issue_de: Option<String>,
    /// Counts a shop's demandes from 1.
    pub numero: u64,
    /// Where it stands.
    pub etat: EtatPublic,
    /// Raised by every change.
    pub version: u64,
    /// To whom.
    pub mutuelle_id: String,
    /// Its name when the demande was made.
    pub mutuelle_nom: String,
    /// Its reference at the concentrator: the id.
    pub reference: String,
    /// « Référence dossier » of the mutuelle.
    pub reference_dossier: Option<String>,
    /// « N° de PEC ».
    pub numero_pec: Option<String>,
    /// « Date de PEC ».
    #[schema(format = Date)]
    pub date_pec: Option<String>,
    /// Last day of validity.
    #[schema(format = Date)]
    pub expire_le: Option<String>,
    /// How long the mutuelle needs, in hours.
    pub delai_heures: Option<u32>,
    /// « Message plateforme », word for word.
    pub message_plateforme: Option<String>,
    /// « Message mutuelle », word for word.
    pub message_mutuelle: Option<String>,
    /// « Que faire ? ».
    pub que_faire: Option<&'static str>,
    /// Code of the message.
    pub code_rejet: Option<String>,
    /// JSON pointer to what a refusal asks to correct, into the dossier or, below `/magasin`, into the shop.
    pub champ_a_corriger: Option<&'static str>,
    /// Raw text of an answer nobody understands, for the person who decides.
    pub texte_brut: Option<String>,
    /// Global amount granted.
    pub montant_global_centimes: Option<u64>,
    /// What the lines cannot hold of it.
    pub montant_non_reparti_centimes: Option<u64>,
    /// Amounts by line that was sent.
    pub lignes: Vec<LigneDemandeDto>,
    /// Credits it costs.
    pub prix: u32,
    /// What became of them.
    pub credit: EtatCredit,
    /// When it was made.
    #[schema(format = DateTime)]
    pub creee_le: String,
    /// First usable answer.
    #[schema(format = DateTime)]
    pub repondue_le: Option<String>,
    /// Last state query that was answered.
    #[schema(format = DateTime)]
    pub derniere_actualisation: Option<String>,
    /// When the concentrator will be asked again, while the outcome is open.
    #[schema(format = DateTime)]
    pub prochaine_actualisation: Option<String>,
    /// What the caller may do with it now.
    pub actions: Vec<Action>,
    /// What happened, oldest first; only where one demande is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evenements: Option<Vec<EvenementDto>>,
}

/// Amount of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneDemandeDto {
    /// Number of the line in the equipment.
    pub numero: u16,
    /// RC; `null` as long as nobody knows it.
    pub rc_centimes: Option<u64>,
}

/// One line of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvenementDto {
    /// When.
    #[schema(format = DateTime)]
    pub le: String,
    /// What.
    pub quoi: Quoi,
    /// Who: a user's id, or `optopec`.
    pub par: String,
    /// In words.
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
            prochaine_actualisation: next_query(demande).map(|t| t.to_string()),
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

/// While the outcome is open, the due time is that of a query; elsewhere it is the lease of a worker or the end of a validity.
fn next_query(demande: &Demande) -> Option<jiff::Timestamp> {
    match demande.etat {
        Etat::SansReponse | Etat::EnAttente | Etat::AnnulationEnCours(_) => demande.echeance,
        Etat::EnTransmission
        | Etat::Accordee
        | Etat::AccordeeSousReserve
        | Etat::RefuseePlateforme
        | Etat::RefuseeMutuelle
        | Etat::NonTransmise
        | Etat::AVerifier(_)
        | Etat::Annulee
        | Etat::Expiree => None,
    }
}

/// What would be sent: already minimised. What is withheld or empty is left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApercuDto {
    /// PEC or cotation.
    pub nature: Nature,
    /// From a shop in demonstration mode.
    pub essai: bool,
    /// The cotation that this PEC would be made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cotation: Option<String>,
    /// Where it would go.
    pub routage: RoutageApercuDto,
    /// The shop.
    pub opticien: OpticienApercuDto,
    /// The insured person.
    pub assure: PersonneApercuDto,
    /// The beneficiary.
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
    /// The prescription.
    pub prescription: PrescriptionApercuDto,
    /// The equipment.
    pub equipement: EquipementApercuDto,
}

/// Where a demande would go.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutageApercuDto {
    /// Plateau.
    pub plateau: String,
    /// Identifiant on that plateau.
    pub identifiant: String,
}

/// The shop, as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpticienApercuDto {
    /// FINESS.
    pub finess: String,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nom: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A person, as she would be sent; her NIR is masked here.
#[derive(Serialize, ToSchema)]
pub struct PersonneApercuDto {
    /// NIR, masked; left out when its switch is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nir: Option<String>,
    /// Name.
    pub nom: String,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
    /// Date of birth.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_naissance: Option<String>,
}

/// The beneficiary, as she would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeneficiaireApercuDto {
    /// Who she is.
    #[serde(flatten)]
    pub personne: PersonneApercuDto,
    /// Rank of a twin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rang_gemellaire: Option<u8>,
    /// What she is to the insured person.
    pub qualite: Qualite,
}

/// The prescription, as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescriptionApercuDto {
    /// Its date.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What is said of a renewal: `RI`, `RA`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renouvellement: Vec<&'static str>,
    /// The prescriber.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescripteur: Option<PrescripteurApercuDto>,
}

/// The prescriber, as he would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrescripteurApercuDto {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nom: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prenom: Option<String>,
}

/// The equipment, as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipementApercuDto {
    /// Its number in the dossier.
    pub numero: u16,
    /// Spectacles or contact lenses.
    #[serde(rename = "type")]
    pub type_equipement: TypeEquipement,
    /// « Code risque ».
    pub code_risque: CodeRisque,
    /// RO rate in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taux_ro: Option<u8>,
    /// A child's equipment.
    pub enfant: bool,
    /// Prism of the right eye.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prisme_od: Option<String>,
    /// Prism of the left eye.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prisme_og: Option<String>,
    /// The lines that a mutuelle sees.
    pub lignes: Vec<LigneApercuDto>,
}

/// A line, as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneApercuDto {
    /// Its number in the equipment.
    pub numero: u16,
    /// Reference of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Designation.
    pub designation: String,
    /// Category.
    pub categorie: Categorie,
    /// LPP code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_lpp: Option<String>,
    /// How many.
    pub quantite: u32,
    /// Price of one.
    pub prix_unitaire_centimes: u64,
    /// Discount in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remise_pourcent: Option<String>,
    /// What the line costs.
    pub valeur_centimes: u64,
    /// RO part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ro_centimes: Option<u64>,
    /// Surface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// Treatments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub traitements: Vec<String>,
    /// Contact lenses per box.
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
    use optopec_domain::{credit, demande, demande::ReponseRecue};
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
