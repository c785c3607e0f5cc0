//! A demande, but for what it sends.

use super::{Illisible, instant, maybe, maybe_day, maybe_instant, parse, text_of};
use optopec_domain::{
    centimes::Centimes,
    client::NomPrenom,
    demande::{Annulation, AvantAnnulation, Demande, Doute, Etat, Evenement, ReponseRecue},
    ids::DemandeId,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct DemandeItem {
    dossier_id: String,
    equipement: u16,
    nature: String,
    issue_de: Option<String>,
    numero: u64,
    mutuelle_id: String,
    mutuelle_nom: String,
    beneficiaire: Option<NomPrenomItem>,
    annulable: bool,
    etat: String,
    prix: u32,
    credit: String,
    creee_le: String,
    envoyee_le: Option<String>,
    echecs: u8,
    consultations: u16,
    inconnue_depuis: Option<String>,
    attente_depuis: Option<String>,
    repondue_le: Option<String>,
    derniere_actualisation: Option<String>,
    echeance: Option<String>,
    bail: Option<String>,
    annulation: Option<AnnulationItem>,
    reponse: ReponseItem,
    evenements: Vec<EvenementItem>,
    effacee_le: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct NomPrenomItem {
    nom: String,
    prenom: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct AnnulationItem {
    motif: String,
    demandee_le: String,
    envoyee_le: Option<String>,
    echecs: u8,
}

#[derive(Serialize, Deserialize)]
struct ReponseItem {
    reference_dossier: Option<String>,
    numero_pec: Option<String>,
    date_pec: Option<String>,
    expire_le: Option<String>,
    delai_heures: Option<u32>,
    message_plateforme: Option<String>,
    message_mutuelle: Option<String>,
    code_rejet: Option<String>,
    montant_global: Option<u64>,
    montant_non_reparti: Option<u64>,
    lignes: Vec<(u16, Option<u64>)>,
    texte_brut: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct EvenementItem {
    le: String,
    quoi: String,
    par: String,
    detail: Option<String>,
}

/// The name of a state, with what it carries after a stroke.
const fn name_of(etat: Etat) -> &'static str {
    match etat {
        Etat::EnTransmission => "EN_TRANSMISSION",
        Etat::SansReponse => "SANS_REPONSE",
        Etat::EnAttente => "EN_ATTENTE",
        Etat::Accordee => "ACCORDEE",
        Etat::AccordeeSousReserve => "ACCORDEE_SOUS_RESERVE",
        Etat::RefuseePlateforme => "REFUSEE/PLATEFORME",
        Etat::RefuseeMutuelle => "REFUSEE/MUTUELLE",
        Etat::NonTransmise => "NON_TRANSMISE",
        Etat::AVerifier(Doute::Muette) => "A_VERIFIER/MUETTE",
        Etat::AVerifier(Doute::Attente) => "A_VERIFIER/ATTENTE",
        Etat::AVerifier(Doute::Annulation) => "A_VERIFIER/ANNULATION",
        Etat::AVerifier(Doute::Contradiction) => "A_VERIFIER/CONTRADICTION",
        Etat::AnnulationEnCours(AvantAnnulation::EnAttente) => "ANNULATION_EN_COURS/EN_ATTENTE",
        Etat::AnnulationEnCours(AvantAnnulation::Accordee) => "ANNULATION_EN_COURS/ACCORDEE",
        Etat::AnnulationEnCours(AvantAnnulation::AccordeeSousReserve) => "ANNULATION_EN_COURS/ACCORDEE_SOUS_RESERVE",
        Etat::Annulee => "ANNULEE",
        Etat::Expiree => "EXPIREE",
    }
}

fn state(name: &str) -> Result<Etat, Illisible> {
    Ok(match name {
        "EN_TRANSMISSION" => Etat::EnTransmission,
        "SANS_REPONSE" => Etat::SansReponse,
        "EN_ATTENTE" => Etat::EnAttente,
        "ACCORDEE" => Etat::Accordee,
        "ACCORDEE_SOUS_RESERVE" => Etat::AccordeeSousReserve,
        "REFUSEE/PLATEFORME" => Etat::RefuseePlateforme,
        "REFUSEE/MUTUELLE" => Etat::RefuseeMutuelle,
        "NON_TRANSMISE" => Etat::NonTransmise,
        "A_VERIFIER/MUETTE" => Etat::AVerifier(Doute::Muette),
        "A_VERIFIER/ATTENTE" => Etat::AVerifier(Doute::Attente),
        "A_VERIFIER/ANNULATION" => Etat::AVerifier(Doute::Annulation),
        "A_VERIFIER/CONTRADICTION" => Etat::AVerifier(Doute::Contradiction),
        "ANNULATION_EN_COURS/EN_ATTENTE" => Etat::AnnulationEnCours(AvantAnnulation::EnAttente),
        "ANNULATION_EN_COURS/ACCORDEE" => Etat::AnnulationEnCours(AvantAnnulation::Accordee),
        "ANNULATION_EN_COURS/ACCORDEE_SOUS_RESERVE" => Etat::AnnulationEnCours(AvantAnnulation::AccordeeSousReserve),
        "ANNULEE" => Etat::Annulee,
        "EXPIREE" => Etat::Expiree,
        _ => return Err(Illisible("ETAT")),
    })
}

impl DemandeItem {
    pub(crate) fn of(d: &Demande) -> Self {
        Self {
            dossier_id: d.dossier_id.to_string(),
            equipement: d.equipement,
            nature: d.nature.to_string(),
            issue_de: text_of(d.issue_de.as_ref()),
            numero: d.numero,
            mutuelle_id: d.mutuelle_id.to_string(),
            mutuelle_nom: d.mutuelle_nom.clone(),
            beneficiaire: d.beneficiaire.as_ref().map(NomPrenomItem::of),
            annulable: d.annulable,
            etat: name_of(d.etat).to_owned(),
            prix: d.prix,
            credit: d.credit.to_string(),
            creee_le: d.creee_le.to_string(),
            envoyee_le: text_of(d.envoyee_le.as_ref()),
            echecs: d.echecs,
            consultations: d.consultations,
            inconnue_depuis: text_of(d.inconnue_depuis.as_ref()),
            attente_depuis: text_of(d.attente_depuis.as_ref()),
            repondue_le: text_of(d.repondue_le.as_ref()),
            derniere_actualisation: text_of(d.derniere_actualisation.as_ref()),
            echeance: text_of(d.echeance.as_ref()),
            bail: text_of(d.bail.as_ref()),
            annulation: d.annulation.as_ref().map(AnnulationItem::of),
            reponse: ReponseItem::of(&d.reponse),
            evenements: d.evenements.iter().map(EvenementItem::of).collect(),
            effacee_le: text_of(d.effacee_le.as_ref()),
        }
    }

    pub(crate) fn read(self, id: DemandeId, version: u64) -> Result<Demande, Illisible> {
        Ok(Demande {
            id,
            dossier_id: parse(&self.dossier_id)?,
            equipement: self.equipement,
            nature: parse(&self.nature)?,
            issue_de: maybe(self.issue_de.as_deref())?,
            numero: self.numero,
            version,
            mutuelle_id: parse(&self.mutuelle_id)?,
            mutuelle_nom: self.mutuelle_nom,
            beneficiaire: self.beneficiaire.map(NomPrenomItem::read),
            annulable: self.annulable,
            etat: state(&self.etat)?,
            prix: self.prix,
            credit: parse(&self.credit)?,
            creee_le: instant(&self.creee_le)?,
            envoyee_le: maybe_instant(self.envoyee_le.as_deref())?,
            echecs: self.echecs,
            consultations: self.consultations,
            inconnue_depuis: maybe_instant(self.inconnue_depuis.as_deref())?,
            attente_depuis: maybe_instant(self.attente_depuis.as_deref())?,
            repondue_le: maybe_instant(self.repondue_le.as_deref())?,
            derniere_actualisation: maybe_instant(self.derniere_actualisation.as_deref())?,
            echeance: maybe_instant(self.echeance.as_deref())?,
            bail: maybe_instant(self.bail.as_deref())?,
            annulation: self.annulation.map(AnnulationItem::read).transpose()?,
            reponse: self.reponse.read()?,
            evenements: self.evenements.into_iter().map(EvenementItem::read).collect::<Result<_, _>>()?,
            effacee_le: maybe_instant(self.effacee_le.as_deref())?,
        })
    }
}

impl NomPrenomItem {
    fn of(p: &NomPrenom) -> Self {
        Self { nom: p.nom.clone(), prenom: p.prenom.clone() }
    }

    fn read(self) -> NomPrenom {
        NomPrenom { nom: self.nom, prenom: self.prenom }
    }
}

impl AnnulationItem {
    fn of(a: &Annulation) -> Self {
        Self { motif: a.motif.clone(), demandee_le: a.demandee_le.to_string(), envoyee_le: text_of(a.envoyee_le.as_ref()), echecs: a.echecs }
    }

    fn read(self) -> Result<Annulation, Illisible> {
        Ok(Annulation {
            motif: self.motif,
            demandee_le: instant(&self.demandee_le)?,
            envoyee_le: maybe_instant(self.envoyee_le.as_deref())?,
            echecs: self.echecs,
        })
    }
}

impl ReponseItem {
    fn of(r: &ReponseRecue) -> Self {
        Self {
            reference_dossier: r.reference_dossier.clone(),
            numero_pec: r.numero_pec.clone(),
            date_pec: text_of(r.date_pec.as_ref()),
            expire_le: text_of(r.expire_le.as_ref()),
            delai_heures: r.delai_heures,
            message_plateforme: r.message_plateforme.clone(),
            message_mutuelle: r.message_mutuelle.clone(),
            code_rejet: r.code_rejet.clone(),
            montant_global: r.montant_global.map(Centimes::get),
            montant_non_reparti: r.montant_non_reparti.map(Centimes::get),
            lignes: r.lignes.iter().map(|(n, c)| (*n, c.map(Centimes::get))).collect(),
            texte_brut: r.texte_brut.clone(),
        }
    }

    fn read(self) -> Result<ReponseRecue, Illisible> {
        Ok(ReponseRecue {
            reference_dossier: self.reference_dossier,
            numero_pec: self.numero_pec,
            date_pec: maybe_day(self.date_pec.as_deref())?,
            expire_le: maybe_day(self.expire_le.as_deref())?,
            delai_heures: self.delai_heures,
            message_plateforme: self.message_plateforme,
            message_mutuelle: self.message_mutuelle,
            code_rejet: self.code_rejet,
            montant_global: self.montant_global.map(Centimes::of),
            montant_non_reparti: self.montant_non_reparti.map(Centimes::of),
            lignes: self.lignes.into_iter().map(|(n, c)| (n, c.map(Centimes::of))).collect(),
            texte_brut: self.texte_brut,
        })
    }
}

impl EvenementItem {
    fn of(e: &Evenement) -> Self {
        Self { le: e.le.to_string(), quoi: e.quoi.to_string(), par: e.par.clone(), detail: e.detail.clone() }
    }

    fn read(self) -> Result<Evenement, Illisible> {
        Ok(Evenement { le: instant(&self.le)?, quoi: parse(&self.quoi)?, par: self.par, detail: self.detail })
    }
}

/// The body of an answer that nobody could use.
#[derive(Serialize, Deserialize)]
pub(crate) struct BrutItem {
    recu_le: String,
    texte: String,
}

impl BrutItem {
    pub(crate) fn of(b: &crate::Brut) -> Self {
        Self { recu_le: b.recu_le.to_string(), texte: b.texte.clone() }
    }

    pub(crate) fn read(self) -> Result<crate::Brut, Illisible> {
        Ok(crate::Brut { recu_le: instant(&self.recu_le)?, texte: self.texte })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{from_json, to_json};
    use optopec_domain::demande::EtatPublic;

    #[test]
    fn a_demande_from_before_it_named_anybody_is_still_read() {
        let mut shape: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/demande.json")).unwrap();
        let read = |shape: &serde_json::Value| {
            from_json::<DemandeItem>("demande", &shape.to_string()).unwrap().read("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), 1).unwrap()
        };
        assert_eq!(read(&shape).beneficiaire, Some(NomPrenom { nom: "MONTFORT".into(), prenom: Some("Fabienne".into()) }));
        shape.as_object_mut().unwrap().remove("beneficiaire");
        let old = read(&shape);
        assert_eq!(old.beneficiaire, None);
        assert!(!to_json(&DemandeItem::of(&old)).unwrap().contains("beneficiaire"));
    }

    #[test]
    fn every_state_has_a_name_of_its_own_that_begins_with_its_public_one() {
        use AvantAnnulation as A;
        let states = [
            Etat::EnTransmission,
            Etat::SansReponse,
            Etat::EnAttente,
            Etat::Accordee,
            Etat::AccordeeSousReserve,
            Etat::RefuseePlateforme,
            Etat::RefuseeMutuelle,
            Etat::NonTransmise,
            Etat::AVerifier(Doute::Muette),
            Etat::AVerifier(Doute::Attente),
            Etat::AVerifier(Doute::Annulation),
            Etat::AVerifier(Doute::Contradiction),
            Etat::AnnulationEnCours(A::EnAttente),
            Etat::AnnulationEnCours(A::Accordee),
            Etat::AnnulationEnCours(A::AccordeeSousReserve),
            Etat::Annulee,
            Etat::Expiree,
        ];
        for etat in states {
            assert_eq!(state(name_of(etat)).ok(), Some(etat));
            let public: EtatPublic = name_of(etat).split('/').next().unwrap().parse().unwrap();
            assert_eq!(public, etat.public());
        }
        assert!(state("A_VERIFIER").is_err());
    }
}
