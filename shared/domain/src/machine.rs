//! The state machine of a demande: state → fact → (state, effect on credit), one total function.
//!
//! What must hold: unknown is not no — no timer and no silence leads to a refusal or a return of credit, only evidence or a person;
//! a grant once read is never forgotten; an illegal order (cancel what is refused) is a value, not a panic.
//! The table of all pairs is a snapshot in the tests of this module.

use crate::{credit::Effet, demande::{AvantAnnulation, Doute, Etat}, reponse::Origine};

/// What became known, or was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fait {
    /// Proven not received, and tried often enough.
    NonRecu,
    /// No usable answer.
    SansReponse,
    /// The mutuelle needs time.
    EnAttente,
    /// Granted.
    Accord,
    /// Granted, documents to send.
    AccordSousReserve,
    /// Refused.
    Refus(Origine),
    /// Cancelled.
    Annulation,
    /// No longer valid.
    Expiration,
    /// A status that the contract does not list.
    StatutNouveau,
    /// The concentrator does not know the reference, said for the first time or too soon to count.
    Inconnue,
    /// Said twice, far enough apart, long enough after the sending.
    InconnueConfirmee,
    /// Seven days without certainty.
    DelaiDepasse,
    /// The shop asks to cancel.
    AnnulationDemandee,
    /// The cancellation was refused, or could not be delivered.
    AnnulationRefusee,
    /// A person decides: granted.
    DecisionAccordee,
    /// A person decides: refused.
    DecisionRefusee(Origine),
    /// A person decides: never received.
    DecisionNonTransmise,
}

impl Fait {
    /// Every fact.
    pub const ALL: [Self; 19] = [
        Self::NonRecu,
        Self::SansReponse,
        Self::EnAttente,
        Self::Accord,
        Self::AccordSousReserve,
        Self::Refus(Origine::Plateforme),
        Self::Refus(Origine::Mutuelle),
        Self::Annulation,
        Self::Expiration,
        Self::StatutNouveau,
        Self::Inconnue,
        Self::InconnueConfirmee,
        Self::DelaiDepasse,
        Self::AnnulationDemandee,
        Self::AnnulationRefusee,
        Self::DecisionAccordee,
        Self::DecisionRefusee(Origine::Plateforme),
        Self::DecisionRefusee(Origine::Mutuelle),
        Self::DecisionNonTransmise,
    ];
}

/// What a fact does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// A new state (or the same, with news worth keeping) and what the credits do.
    Vers(Etat, Effet),
    /// Known already, or too late to count: nothing changes.
    Ecartee,
    /// The order makes no sense in this state.
    Interdit,
}

const fn refused(origine: Origine) -> Suite {
    match origine {
        Origine::Plateforme => Suite::Vers(Etat::RefuseePlateforme, Effet::Rendre),
        Origine::Mutuelle => Suite::Vers(Etat::RefuseeMutuelle, Effet::Consommer),
    }
}

const fn doubt(doute: Doute) -> Suite {
    Suite::Vers(Etat::AVerifier(doute), Effet::Aucun)
}

/// The sending is under way or its outcome unknown: any clear answer is believed.
const fn unanswered(etat: Etat, fait: Fait) -> Suite {
    match fait {
        Fait::NonRecu | Fait::InconnueConfirmee => Suite::Vers(Etat::NonTransmise, Effet::Rendre),
        Fait::SansReponse | Fait::Inconnue => match etat {
            Etat::EnTransmission => Suite::Vers(Etat::SansReponse, Effet::Aucun),
            _ => Suite::Ecartee,
        },
        Fait::EnAttente => Suite::Vers(Etat::EnAttente, Effet::Consommer),
        Fait::Accord => Suite::Vers(Etat::Accordee, Effet::Consommer),
        Fait::AccordSousReserve => Suite::Vers(Etat::AccordeeSousReserve, Effet::Consommer),
        Fait::Refus(origine) => refused(origine),
        Fait::Annulation | Fait::Expiration | Fait::StatutNouveau | Fait::DelaiDepasse => match etat {
            Etat::AVerifier(_) => Suite::Ecartee,
            _ => doubt(Doute::Muette),
        },
        Fait::AnnulationDemandee | Fait::AnnulationRefusee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

/// Acknowledged, no decision yet.
const fn pending(etat: Etat, fait: Fait) -> Suite {
    match fait {
        Fait::NonRecu | Fait::SansReponse => Suite::Ecartee,
        Fait::EnAttente => match etat {
            Etat::AVerifier(_) => Suite::Ecartee,
            _ => Suite::Vers(etat, Effet::Aucun),
        },
        Fait::Accord => Suite::Vers(Etat::Accordee, Effet::Consommer),
        Fait::AccordSousReserve => Suite::Vers(Etat::AccordeeSousReserve, Effet::Consommer),
        Fait::Refus(origine) => refused(origine),
        Fait::Annulation => Suite::Vers(Etat::Annulee, Effet::Aucun),
        Fait::Expiration => Suite::Vers(Etat::Expiree, Effet::Aucun),
        Fait::Inconnue | Fait::InconnueConfirmee => doubt(Doute::Contradiction),
        Fait::StatutNouveau | Fait::DelaiDepasse => match etat {
            Etat::AVerifier(_) => Suite::Ecartee,
            _ => doubt(Doute::Attente),
        },
        Fait::AnnulationDemandee => match etat {
            Etat::EnAttente => Suite::Vers(Etat::AnnulationEnCours(AvantAnnulation::EnAttente), Effet::Aucun),
            _ => Suite::Interdit,
        },
        Fait::AnnulationRefusee => Suite::Ecartee,
        Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

/// Granted: only its end, or the documents' arrival, is news; what denies the grant is a doubt.
const fn granted(etat: Etat, fait: Fait) -> Suite {
    match fait {
        Fait::NonRecu | Fait::SansReponse | Fait::EnAttente | Fait::AccordSousReserve | Fait::DelaiDepasse => Suite::Ecartee,
        Fait::Accord => match etat {
            Etat::AccordeeSousReserve => Suite::Vers(Etat::Accordee, Effet::Aucun),
            _ => Suite::Ecartee,
        },
        Fait::Refus(_) | Fait::StatutNouveau | Fait::Inconnue | Fait::InconnueConfirmee => doubt(Doute::Contradiction),
        Fait::Annulation => Suite::Vers(Etat::Annulee, Effet::Aucun),
        Fait::Expiration => Suite::Vers(Etat::Expiree, Effet::Aucun),
        Fait::AnnulationDemandee => match etat {
            Etat::AccordeeSousReserve => Suite::Vers(Etat::AnnulationEnCours(AvantAnnulation::AccordeeSousReserve), Effet::Aucun),
            _ => Suite::Vers(Etat::AnnulationEnCours(AvantAnnulation::Accordee), Effet::Aucun),
        },
        Fait::AnnulationRefusee => Suite::Ecartee,
        Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

/// Cancelling: its acknowledgement or refusal ends it; news of the PEC itself is taken into account.
const fn cancelling(avant: AvantAnnulation, fait: Fait) -> Suite {
    let pending = matches!(avant, AvantAnnulation::EnAttente);
    match fait {
        Fait::SansReponse | Fait::EnAttente => Suite::Ecartee,
        Fait::NonRecu => back(avant),
        Fait::Accord => match avant {
            AvantAnnulation::EnAttente | AvantAnnulation::AccordeeSousReserve => Suite::Vers(Etat::AnnulationEnCours(AvantAnnulation::Accordee), Effet::Aucun),
            AvantAnnulation::Accordee => Suite::Ecartee,
        },
        Fait::AccordSousReserve => match avant {
            AvantAnnulation::EnAttente => Suite::Vers(Etat::AnnulationEnCours(AvantAnnulation::AccordeeSousReserve), Effet::Aucun),
            AvantAnnulation::Accordee | AvantAnnulation::AccordeeSousReserve => Suite::Ecartee,
        },
        Fait::Refus(origine) => {
            if pending {
                refused(origine)
            } else {
                doubt(Doute::Contradiction)
            }
        }
        Fait::Annulation => Suite::Vers(Etat::Annulee, Effet::Aucun),
        Fait::Expiration => Suite::Vers(Etat::Expiree, Effet::Aucun),
        Fait::Inconnue | Fait::InconnueConfirmee => doubt(Doute::Contradiction),
        Fait::StatutNouveau | Fait::DelaiDepasse => doubt(Doute::Annulation),
        Fait::AnnulationRefusee => back(avant),
        Fait::AnnulationDemandee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

const fn back(avant: AvantAnnulation) -> Suite {
    Suite::Vers(
        match avant {
            AvantAnnulation::EnAttente => Etat::EnAttente,
            AvantAnnulation::Accordee => Etat::Accordee,
            AvantAnnulation::AccordeeSousReserve => Etat::AccordeeSousReserve,
        },
        Effet::Aucun,
    )
}

/// Ended without a PEC: a grant read afterwards is a contradiction that somebody must see; the rest is late.
const fn ended(fait: Fait, acknowledgement_contradicts: bool) -> Suite {
    match fait {
        Fait::Accord | Fait::AccordSousReserve => doubt(Doute::Contradiction),
        Fait::EnAttente if acknowledgement_contradicts => doubt(Doute::Contradiction),
        Fait::NonRecu | Fait::SansReponse | Fait::EnAttente | Fait::Refus(_) | Fait::Annulation | Fait::Expiration | Fait::StatutNouveau | Fait::Inconnue | Fait::InconnueConfirmee | Fait::DelaiDepasse | Fait::AnnulationRefusee => Suite::Ecartee,
        Fait::AnnulationDemandee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

/// A PEC that is over: whatever still arrives is late.
const fn over(fait: Fait) -> Suite {
    match fait {
        Fait::AnnulationDemandee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
        _ => Suite::Ecartee,
    }
}

/// A person's decision, or evidence that ends the kind of doubt there is.
const fn doubtful(doute: Doute, fait: Fait) -> Suite {
    match fait {
        Fait::DecisionAccordee => Suite::Vers(Etat::Accordee, Effet::Consommer),
        Fait::DecisionRefusee(origine) => refused(origine),
        Fait::DecisionNonTransmise => Suite::Vers(Etat::NonTransmise, Effet::Rendre),
        Fait::AnnulationDemandee => Suite::Interdit,
        Fait::NonRecu | Fait::AnnulationRefusee => Suite::Ecartee,
        _ => match doute {
            Doute::Muette => unanswered(Etat::AVerifier(doute), fait),
            Doute::Attente => pending(Etat::AVerifier(doute), fait),
            Doute::Annulation => match fait {
                Fait::Annulation => Suite::Vers(Etat::Annulee, Effet::Aucun),
                _ => Suite::Ecartee,
            },
            Doute::Contradiction => Suite::Ecartee,
        },
    }
}

/// What a fact does to a demande in a state.
pub const fn transition(etat: Etat, fait: Fait) -> Suite {
    match etat {
        Etat::EnTransmission | Etat::SansReponse => unanswered(etat, fait),
        Etat::EnAttente => pending(etat, fait),
        Etat::Accordee | Etat::AccordeeSousReserve => granted(etat, fait),
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => ended(fait, false),
        Etat::NonTransmise => ended(fait, true),
        Etat::AVerifier(doute) => doubtful(doute, fait),
        Etat::AnnulationEnCours(avant) => cancelling(avant, fait),
        Etat::Annulee | Etat::Expiree => over(fait),
    }
}
