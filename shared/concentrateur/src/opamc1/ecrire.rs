//! Writes the messages that go out.
//!
//! What must hold: whatever a text contains, the message stays well-formed and means that text; empty elements are left out.
//! Deliberately absent: any choice of what is sent. An `Envoi` is minimised when it is made, and has no field for a correction.

use super::{NAMESPACE, VERSION, legal};
use jiff::Timestamp;
use optopec_domain::{
    centimes::Centimes,
    envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    ids::DemandeId,
    nir::Nir,
};
use quick_xml::escape::escape;

/// `OPAMCREQ`.
pub fn request(reference: &DemandeId, envoi: &Envoi, emission: Timestamp, version: &str) -> String {
    message("OPAMCREQ", |out| {
        group(out, "Entete", |out| {
            element(out, "Reference", reference.as_str());
            element(out, "Nature", envoi.nature.as_str());
            element(out, "Emission", &emission.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            out.push_str(&format!("<Logiciel nom=\"optopec\" version=\"{}\"/>", safe(version)));
            element(out, "Essai", boolean(envoi.essai));
            optional(out, "Cotation", envoi.cotation.as_ref().map(DemandeId::as_str));
        });
        group(out, "Routage", |out| {
            element(out, "Plateau", envoi.routage.plateau.as_str());
            element(out, "Identifiant", envoi.routage.identifiant.as_str());
        });
        opticien(out, &envoi.opticien);
        group(out, "Assure", |out| {
            optional(out, "Nir", envoi.assure.nir.as_ref().map(Nir::expose));
            personne(out, &envoi.assure);
        });
        beneficiaire(out, &envoi.beneficiaire);
        group(out, "Contrat", |out| {
            optional(out, "Adherent", envoi.adherent.as_deref());
            optional(out, "Contrat", envoi.contrat.as_deref());
            optional(out, "Groupe", envoi.groupe.as_deref());
        });
        prescription(out, &envoi.prescription);
        equipement(out, &envoi.equipement);
    })
}

/// `OPAMCGET`.
pub fn state(reference: &DemandeId) -> String {
    message("OPAMCGET", |out| element(out, "Reference", reference.as_str()))
}

/// `OPAMCDEL`.
pub fn cancel(reference: &DemandeId, numero_pec: Option<&str>, motif: &str) -> String {
    message("OPAMCDEL", |out| {
        element(out, "Reference", reference.as_str());
        optional(out, "NumeroPec", numero_pec);
        element(out, "Motif", motif);
    })
}

fn opticien(out: &mut String, opticien: &OpticienEnvoi) {
    group(out, "Opticien", |out| {
        element(out, "Finess", opticien.finess.as_str());
        optional(out, "Nom", opticien.nom.as_deref());
        optional(out, "Prenom", opticien.prenom.as_deref());
        optional(out, "Telephone", opticien.telephone.as_deref());
        optional(out, "Email", opticien.email.as_deref());
    });
}

fn beneficiaire(out: &mut String, beneficiaire: &BeneficiaireEnvoi) {
    group(out, "Beneficiaire", |out| {
        optional(out, "Nir", beneficiaire.personne.nir.as_ref().map(Nir::expose));
        shown(out, "RangGemellaire", beneficiaire.rang_gemellaire);
        personne(out, &beneficiaire.personne);
        element(out, "Qualite", beneficiaire.qualite.as_str());
    });
}

fn personne(out: &mut String, personne: &PersonneEnvoi) {
    element(out, "Nom", &personne.nom);
    optional(out, "Prenom", personne.prenom.as_deref());
    shown(out, "Naissance", personne.naissance);
}

fn prescription(out: &mut String, prescription: &PrescriptionEnvoi) {
    group(out, "Prescription", |out| {
        shown(out, "Date", prescription.date);
        optional(out, "Renouvellement", prescription.ri.then_some("RI"));
        optional(out, "Renouvellement", prescription.ra.then_some("RA"));
        if let Some((nom, prenom)) = &prescription.prescripteur {
            group(out, "Prescripteur", |out| {
                optional(out, "Nom", nom.as_deref());
                optional(out, "Prenom", prenom.as_deref());
            });
        }
    });
}

fn equipement(out: &mut String, equipement: &EquipementEnvoi) {
    out.push_str(&format!("<Equipement numero=\"{}\" type=\"{}\">", equipement.numero, equipement.type_equipement));
    element(out, "Risque", equipement.risque.as_str());
    shown(out, "TauxRO", equipement.taux_ro);
    element(out, "Enfant", boolean(equipement.enfant));
    optional(out, "PrismeOD", equipement.prisme_od.map(|p| p.unsigned()).as_deref());
    optional(out, "PrismeOG", equipement.prisme_og.map(|p| p.unsigned()).as_deref());
    for each in &equipement.lignes {
        ligne(out, each);
    }
    out.push_str("</Equipement>");
}

fn ligne(out: &mut String, ligne: &LigneEnvoi) {
    out.push_str(&format!("<Ligne numero=\"{}\">", ligne.numero));
    optional(out, "Reference", ligne.reference.as_deref());
    element(out, "Designation", &ligne.designation);
    element(out, "Categorie", ligne.categorie.as_str());
    optional(out, "CodeLPP", ligne.code_lpp.as_deref());
    shown(out, "Quantite", Some(ligne.quantite));
    element(out, "PrixUnitaire", &ligne.prix_unitaire.to_decimal());
    shown(out, "Remise", ligne.remise);
    element(out, "Valeur", &ligne.valeur.to_decimal());
    optional(out, "MontantRO", ligne.ro.map(Centimes::to_decimal).as_deref());
    optional(out, "Surface", ligne.surface.map(|s| s.as_str()));
    for traitement in &ligne.traitements {
        element(out, "Traitement", traitement);
    }
    shown(out, "ParBoite", ligne.par_boite);
    out.push_str("</Ligne>");
}

const fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn message(root: &str, content: impl FnOnce(&mut String)) -> String {
    let mut out = format!("<{root} xmlns=\"{NAMESPACE}\" version=\"{VERSION}\">");
    content(&mut out);
    out.push_str(&format!("</{root}>"));
    out
}

/// An element around others; left out when they all are.
fn group(out: &mut String, name: &str, content: impl FnOnce(&mut String)) {
    let mut inside = String::new();
    content(&mut inside);
    if !inside.is_empty() {
        out.push_str(&format!("<{name}>{inside}</{name}>"));
    }
}

/// An element around a text; left out when the text is blank.
fn element(out: &mut String, name: &str, text: &str) {
    let blank = text.chars().all(|c| c.is_whitespace() || !legal(c));
    if !blank {
        out.push_str(&format!("<{name}>{}</{name}>", safe(text)));
    }
}

fn optional(out: &mut String, name: &str, text: Option<&str>) {
    element(out, name, text.unwrap_or_default());
}

fn shown(out: &mut String, name: &str, value: Option<impl std::fmt::Display>) {
    if let Some(value) = value {
        element(out, name, &value.to_string());
    }
}

/// Escaped, without the characters that no XML 1.0 document may contain, not even escaped.
fn safe(text: &str) -> String {
    let kept: String = text.chars().filter(|c| legal(*c)).collect();
    escape(kept).into_owned()
}
