//! A new demande, before anybody was asked.
//!
//! What must hold: it is due before anybody works on it, so that a lost message loses nothing; every line that is sent is there with
//! an amount nobody knows.

use jiff::Timestamp;
use optopec_domain::{
    client::NomPrenom,
    demande::{Demande, Etat, Evenement, Quoi, ReponseRecue},
    envoi::Envoi,
    ids::{DemandeId, DossierId},
    mutuelle::Mutuelle,
    suivi,
};

/// The demande that a checked sending begins. The store gives its number.
pub fn new_demande(id: DemandeId, dossier_id: DossierId, mutuelle: &Mutuelle, envoi: &Envoi, prix: u32, par: &str, now: Timestamp) -> Demande {
    let personne = &envoi.beneficiaire.personne;
    Demande {
        id,
        dossier_id,
        equipement: envoi.equipement.numero,
        nature: envoi.nature,
        issue_de: envoi.cotation.clone(),
        numero: 0,
        version: 1,
        mutuelle_id: mutuelle.id.clone(),
        mutuelle_nom: mutuelle.fiche.nom.clone(),
        beneficiaire: Some(NomPrenom { nom: personne.nom.clone(), prenom: personne.prenom.clone() }),
        annulable: mutuelle.fiche.annulation,
        etat: Etat::EnTransmission,
        prix,
        credit: suivi::initial_credit(prix),
        creee_le: now,
        envoyee_le: None,
        echecs: 0,
        consultations: 0,
        inconnue_depuis: None,
        attente_depuis: None,
        repondue_le: None,
        derniere_actualisation: None,
        echeance: Some(now.checked_add(suivi::BAIL).unwrap_or(Timestamp::MAX)),
        bail: None,
        annulation: None,
        reponse: ReponseRecue { lignes: envoi.equipement.lignes.iter().map(|l| (l.numero, None)).collect(), ..ReponseRecue::default() },
        evenements: vec![Evenement { le: now, quoi: Quoi::Creee, par: par.to_owned(), detail: None }],
        effacee_le: None,
    }
}

#[cfg(test)]
mod tests {
    use crate::exemples;
    use optopec_domain::{
        credit::EtatCredit,
        demande::{Etat, Quoi},
        suivi::{self, Operation, Prise},
    };

    #[test]
    fn a_new_demande_is_due_when_its_message_is_lost_and_can_be_sent_at_once() {
        let demande = exemples::demande(Etat::EnTransmission);
        assert_eq!(demande.echeance.map(|e| e.to_string()).as_deref(), Some("2026-11-21T10:02:00Z"));
        assert_eq!((demande.credit, demande.version, demande.evenements[0].quoi), (EtatCredit::Reserve, 1, Quoi::Creee));
        assert_eq!(demande.reponse.lignes, [(1, None), (3, None)]);
        assert_eq!(demande.beneficiaire.as_ref().map(|b| (b.nom.as_str(), b.prenom.as_deref())), Some(("MONTFORT", None)));
        assert!(matches!(suivi::take_lease(&demande, demande.creee_le), Prise::Faire(_, Operation::Demander)));
    }
}
