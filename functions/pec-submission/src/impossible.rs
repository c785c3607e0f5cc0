//! Why an order is not possible now, in words that say what to do instead.
//!
//! What must hold: a sentence for exactly the states in which the domain does not allow the order; `Demande::allows` decides, this
//! module only explains.

use optopec_domain::demande::{Demande, Etat, Nature};
use optopec_lambda::probleme::Probleme;

/// The refusal of an order, in the words of `pourquoi`; whatever its state, nothing more can be done with a demande that was erased.
pub fn refuse(demande: &Demande, pourquoi: fn(&Demande) -> &'static str) -> Probleme {
    Probleme::action_impossible(if demande.effacee_le.is_some() { ERASED } else { pourquoi(demande) })
}

/// Why it cannot be cancelled.
pub fn cancel(demande: &Demande) -> &'static str {
    if demande.nature == Nature::Cotation {
        return "Une cotation n'engage personne et ne s'annule pas : faites-en simplement une autre si le dossier a changé.";
    }
    match demande.etat {
        Etat::EnTransmission | Etat::SansReponse => "La réponse de la mutuelle n'est pas encore connue : attendez-la avant d'annuler.",
        Etat::AVerifier(_) => "Le résultat de cette demande doit d'abord être vérifié auprès de la mutuelle et enregistré (« Décider »).",
        Etat::AnnulationEnCours(_) => "L'annulation est déjà demandée : attendez que la mutuelle la confirme.",
        Etat::Annulee => "Cette demande est déjà annulée.",
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => "Cette demande a été refusée : il n'y a rien à annuler.",
        Etat::NonTransmise => "Cette demande n'est jamais arrivée : il n'y a rien à annuler.",
        Etat::Expiree => "Cet accord n'est plus valable : il n'y a rien à annuler.",
        Etat::EnAttente | Etat::Accordee | Etat::AccordeeSousReserve => {
            "Cette mutuelle n'accepte pas l'annulation électronique : appelez-la, et notez la référence et la date de l'appel."
        }
    }
}

/// Why there is nothing to ask the concentrator.
pub fn refresh(demande: &Demande) -> &'static str {
    match demande.etat {
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => "Cette demande a été refusée : son état ne changera plus.",
        Etat::NonTransmise => "Cette demande n'est jamais arrivée : refaites une demande.",
        Etat::Annulee => "Cette demande est annulée : son état ne changera plus.",
        Etat::Expiree => "Cet accord n'est plus valable : refaites une demande.",
        Etat::EnTransmission
        | Etat::SansReponse
        | Etat::EnAttente
        | Etat::Accordee
        | Etat::AccordeeSousReserve
        | Etat::AVerifier(_)
        | Etat::AnnulationEnCours(_) => "Cette demande ne peut pas être actualisée maintenant.",
    }
}

/// Why there are no amounts to put into the dossier.
pub fn transfer(demande: &Demande) -> &'static str {
    match demande.etat {
        Etat::EnTransmission | Etat::SansReponse | Etat::EnAttente => "La mutuelle n'a pas encore répondu : il n'y a pas de montant à transférer.",
        Etat::AVerifier(_) => "Le résultat de cette demande doit d'abord être vérifié auprès de la mutuelle et enregistré (« Décider »).",
        Etat::AnnulationEnCours(_) => "Une annulation est demandée : les montants ne peuvent plus être transférés.",
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => "Cette demande a été refusée : il n'y a pas de montant à transférer.",
        Etat::NonTransmise => "Cette demande n'est jamais arrivée : il n'y a pas de montant à transférer.",
        Etat::Annulee => "Cette demande est annulée : ses montants ne valent plus.",
        Etat::Expiree => "Cet accord n'est plus valable : ses montants ne valent plus.",
        Etat::Accordee | Etat::AccordeeSousReserve => "La mutuelle n'a pas donné de montant : saisissez la part mutuelle dans le dossier.",
    }
}

/// Why no PEC can be made of it.
pub fn transform(demande: &Demande) -> &'static str {
    if demande.nature == Nature::Pec {
        return "Cette demande est déjà une prise en charge : seule une cotation se transforme.";
    }
    match demande.etat {
        Etat::EnTransmission | Etat::SansReponse | Etat::EnAttente => "La mutuelle n'a pas encore répondu à cette cotation : attendez sa réponse.",
        Etat::AVerifier(_) => "Le résultat de cette cotation doit d'abord être vérifié auprès de la mutuelle et enregistré (« Décider »).",
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => "Cette cotation a été refusée : corrigez le dossier et faites une nouvelle demande.",
        Etat::NonTransmise => "Cette cotation n'est jamais arrivée : faites une nouvelle demande.",
        Etat::Annulee | Etat::AnnulationEnCours(_) => "Cette cotation est annulée : faites une nouvelle demande.",
        Etat::Expiree => "Cette cotation n'est plus valable : faites une nouvelle demande.",
        Etat::Accordee | Etat::AccordeeSousReserve => "Cette cotation ne peut pas être transformée maintenant.",
    }
}

/// What it held about a person is gone.
pub const ERASED: &str = "Les données personnelles de cette demande ont été effacées : plus rien ne peut être fait avec elle.";
/// Why there is nothing to decide.
pub const DECIDE: &str = "Seule une demande à vérifier se décide ; celle-ci suit son cours ou est terminée.";
/// The equipment is gone, or is not what was asked about.
pub const CHANGED: &str = "L'équipement a changé depuis la demande : ses montants ne correspondent plus, refaites une demande.";
/// The dossier is gone.
pub const NO_DOSSIER: &str = "Le dossier de cette demande n'existe plus.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::demande::{Action, AvantAnnulation, Doute};

    #[test]
    fn a_person_reads_one_sentence_and_what_allows_an_order_is_not_explained_away() {
        for etat in [
            Etat::EnTransmission,
            Etat::SansReponse,
            Etat::EnAttente,
            Etat::Accordee,
            Etat::AccordeeSousReserve,
            Etat::RefuseePlateforme,
            Etat::RefuseeMutuelle,
            Etat::NonTransmise,
            Etat::AVerifier(Doute::Muette),
            Etat::AnnulationEnCours(AvantAnnulation::Accordee),
            Etat::Annulee,
            Etat::Expiree,
        ] {
            let pec = exemples::demande(etat);
            let cotation = Demande { nature: Nature::Cotation, ..pec.clone() };
            for text in [cancel(&pec), cancel(&cotation), refresh(&pec), transfer(&pec), transform(&pec), transform(&cotation), DECIDE, CHANGED, NO_DOSSIER] {
                assert!(text.ends_with('.'), "{text}");
            }
            // The sentence about a mutuelle without cancellations is for exactly the states in which others may be cancelled.
            assert_eq!(cancel(&pec).contains("n'accepte pas"), pec.allows(Action::Annuler), "{etat:?}");
            assert!(cancel(&cotation).contains("cotation"));
        }
    }
}
