//! The state machine of a demande: state → fact → (state, effect on credit), one total function.
//!
//! What must hold: unknown is not no — no timer and no silence leads to a refusal or a return of credit, only evidence or a person;
//! a grant once read is never forgotten; an illegal order (cancel what is refused) is a value, not a panic.
//! The table of all pairs stands, written by hand from the HTTP contract, in the tests of this module.

use crate::{
    credit::Effet,
    demande::{AvantAnnulation, Doute, Etat},
    reponse::Origine,
};

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
        Fait::NonRecu
        | Fait::SansReponse
        | Fait::EnAttente
        | Fait::Refus(_)
        | Fait::Annulation
        | Fait::Expiration
        | Fait::StatutNouveau
        | Fait::Inconnue
        | Fait::InconnueConfirmee
        | Fait::DelaiDepasse
        | Fait::AnnulationRefusee => Suite::Ecartee,
        Fait::AnnulationDemandee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
    }
}

/// A PEC that is over: whatever still arrives is late.
const fn over(fait: Fait) -> Suite {
    match fait {
        Fait::AnnulationDemandee | Fait::DecisionAccordee | Fait::DecisionRefusee(_) | Fait::DecisionNonTransmise => Suite::Interdit,
        Fait::NonRecu
        | Fait::SansReponse
        | Fait::EnAttente
        | Fait::Accord
        | Fait::AccordSousReserve
        | Fait::Refus(_)
        | Fait::Annulation
        | Fait::Expiration
        | Fait::StatutNouveau
        | Fait::Inconnue
        | Fait::InconnueConfirmee
        | Fait::DelaiDepasse
        | Fait::AnnulationRefusee => Suite::Ecartee,
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
        Fait::SansReponse
        | Fait::EnAttente
        | Fait::Accord
        | Fait::AccordSousReserve
        | Fait::Refus(_)
        | Fait::Annulation
        | Fait::Expiration
        | Fait::StatutNouveau
        | Fait::Inconnue
        | Fait::InconnueConfirmee
        | Fait::DelaiDepasse => match doute {
            Doute::Muette => unanswered(Etat::AVerifier(doute), fait),
            Doute::Attente => pending(Etat::AVerifier(doute), fait),
            Doute::Annulation if matches!(fait, Fait::Annulation) => Suite::Vers(Etat::Annulee, Effet::Aucun),
            Doute::Annulation | Doute::Contradiction => Suite::Ecartee,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::{Compte, EtatCredit, TypeMouvement};
    use proptest::prelude::*;

    /// States by the sign that the table uses.
    const ETATS: [(&str, Etat); 17] = [
        ("ET", Etat::EnTransmission),
        ("SR", Etat::SansReponse),
        ("EA", Etat::EnAttente),
        ("AC", Etat::Accordee),
        ("AR", Etat::AccordeeSousReserve),
        ("RP", Etat::RefuseePlateforme),
        ("RM", Etat::RefuseeMutuelle),
        ("NT", Etat::NonTransmise),
        ("VM", Etat::AVerifier(Doute::Muette)),
        ("VA", Etat::AVerifier(Doute::Attente)),
        ("VD", Etat::AVerifier(Doute::Annulation)),
        ("VC", Etat::AVerifier(Doute::Contradiction)),
        ("CE", Etat::AnnulationEnCours(AvantAnnulation::EnAttente)),
        ("CA", Etat::AnnulationEnCours(AvantAnnulation::Accordee)),
        ("CR", Etat::AnnulationEnCours(AvantAnnulation::AccordeeSousReserve)),
        ("AN", Etat::Annulee),
        ("EX", Etat::Expiree),
    ];

    /// Written by hand from the HTTP contract (table of states) and from docs/concentrateur.md (« Transport »), never from the code's
    /// output. A cell is the next state, `+` the credit becomes due, `-` it is given back; `.` set aside; `x` forbidden.
    #[rustfmt::skip]
    const TABLE: &str = "
                           ET  SR  EA  AC  AR  RP  RM  NT  VM  VA  VD  VC  CE  CA  CR  AN  EX
        NonRecu            NT- NT- .   .   .   .   .   .   .   .   .   .   EA  AC  AR  .   .
        SansReponse        SR  .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
        EnAttente          EA+ EA+ EA  .   .   .   .   VC  EA+ .   .   .   .   .   .   .   .
        Accord             AC+ AC+ AC+ .   AC  VC  VC  VC  AC+ AC+ .   .   CA  .   CA  .   .
        AccordSousReserve  AR+ AR+ AR+ .   .   VC  VC  VC  AR+ AR+ .   .   CR  .   .   .   .
        RefusPlateforme    RP- RP- RP- VC  VC  .   .   .   RP- RP- .   .   RP- VC  VC  .   .
        RefusMutuelle      RM+ RM+ RM+ VC  VC  .   .   .   RM+ RM+ .   .   RM+ VC  VC  .   .
        Annulation         VM  VM  AN  AN  AN  .   .   .   .   AN  AN  .   AN  AN  AN  .   .
        Expiration         VM  VM  EX  EX  EX  .   .   .   .   EX  .   .   EX  EX  EX  .   .
        StatutNouveau      VM  VM  VA  VC  VC  .   .   .   .   .   .   .   VD  VD  VD  .   .
        Inconnue           SR  .   VC  VC  VC  .   .   .   .   VC  .   .   VC  VC  VC  .   .
        InconnueConfirmee  NT- NT- VC  VC  VC  .   .   .   NT- VC  .   .   VC  VC  VC  .   .
        DelaiDepasse       VM  VM  VA  .   .   .   .   .   .   .   .   .   VD  VD  VD  .   .
        AnnulationDemandee x   x   CE  CA  CR  x   x   x   x   x   x   x   x   x   x   x   x
        AnnulationRefusee  x   x   .   .   .   .   .   .   .   .   .   .   EA  AC  AR  .   .
        DecisionAccordee   x   x   x   x   x   x   x   x   AC+ AC+ AC+ AC+ x   x   x   x   x
        DecisionPlateforme x   x   x   x   x   x   x   x   RP- RP- RP- RP- x   x   x   x   x
        DecisionMutuelle   x   x   x   x   x   x   x   x   RM+ RM+ RM+ RM+ x   x   x   x   x
        DecisionNonTransm  x   x   x   x   x   x   x   x   NT- NT- NT- NT- x   x   x   x   x
    ";

    fn cell(text: &str) -> Suite {
        match text {
            "." => return Suite::Ecartee,
            "x" => return Suite::Interdit,
            _ => {}
        }
        let effet = match text.get(2..) {
            Some("+") => Effet::Consommer,
            Some("-") => Effet::Rendre,
            _ => Effet::Aucun,
        };
        Suite::Vers(ETATS.iter().find(|(sign, _)| *sign == &text[..2]).unwrap().1, effet)
    }

    #[test]
    fn every_pair_does_what_the_contract_says() {
        let mut rows = TABLE.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).filter(|r| !r.is_empty());
        assert_eq!(rows.next().unwrap(), ETATS.map(|(sign, _)| sign));
        let rows: Vec<_> = rows.collect();
        assert_eq!(rows.len(), Fait::ALL.len());
        for (row, fait) in rows.iter().zip(Fait::ALL) {
            assert_eq!(row.len(), ETATS.len() + 1, "{}", row[0]);
            for (text, (sign, etat)) in row[1..].iter().zip(ETATS) {
                assert_eq!(transition(etat, fait), cell(text), "{sign} × {} ({fait:?})", row[0]);
            }
        }
    }

    fn next(etat: Etat, fait: Fait) -> Etat {
        match transition(etat, fait) {
            Suite::Vers(next, _) => next,
            Suite::Ecartee | Suite::Interdit => etat,
        }
    }

    #[test]
    fn silence_is_not_no() {
        for (sign, etat) in ETATS {
            for fait in [Fait::SansReponse, Fait::DelaiDepasse, Fait::StatutNouveau, Fait::Inconnue] {
                if let Suite::Vers(next, effet) = transition(etat, fait) {
                    assert!(next.live() && effet == Effet::Aucun, "{sign} {fait:?}");
                }
            }
        }
    }

    #[test]
    fn a_grant_is_never_lost_silently() {
        let holds = |etat| {
            matches!(
                etat,
                Etat::Accordee | Etat::AccordeeSousReserve | Etat::AnnulationEnCours(AvantAnnulation::Accordee | AvantAnnulation::AccordeeSousReserve)
            )
        };
        for (sign, etat) in ETATS.into_iter().filter(|(_, e)| holds(*e)) {
            for fait in Fait::ALL {
                let next = next(etat, fait);
                let ended = matches!((fait, next), (Fait::Annulation, Etat::Annulee) | (Fait::Expiration, Etat::Expiree));
                let a_person = matches!(next, Etat::AVerifier(Doute::Contradiction | Doute::Annulation));
                assert!(holds(next) || ended || a_person, "{sign} {fait:?} → {next:?}");
            }
        }
        for (sign, etat) in ETATS {
            for fait in [Fait::Accord, Fait::AccordSousReserve] {
                // A grant is taken, or known, or a person looks, or the PEC is over with an acknowledgement.
                let next = next(etat, fait);
                assert!(holds(next) || matches!(next, Etat::AVerifier(_) | Etat::Annulee | Etat::Expiree), "{sign} {fait:?} → {next:?}");
            }
        }
    }

    #[test]
    fn a_contradiction_is_ended_by_a_person_only() {
        let decisions =
            [Fait::DecisionAccordee, Fait::DecisionRefusee(Origine::Plateforme), Fait::DecisionRefusee(Origine::Mutuelle), Fait::DecisionNonTransmise];
        for (_, etat) in ETATS.into_iter().filter(|(_, e)| matches!(e, Etat::AVerifier(_))) {
            for fait in decisions {
                assert!(!matches!(next(etat, fait), Etat::AVerifier(_)), "{etat:?} {fait:?}");
            }
        }
        for fait in Fait::ALL.into_iter().filter(|f| !decisions.contains(f)) {
            let etat = Etat::AVerifier(Doute::Contradiction);
            assert_eq!(next(etat, fait), etat, "{fait:?}");
        }
    }

    #[test]
    fn whatever_is_undecided_comes_before_a_person_in_the_end() {
        for (sign, etat) in ETATS.into_iter().filter(|(_, e)| e.open()) {
            assert!(matches!(next(etat, Fait::DelaiDepasse), Etat::AVerifier(_)), "{sign}");
        }
    }

    #[test]
    fn what_ended_lives_again_only_before_a_person() {
        for (sign, etat) in ETATS.into_iter().filter(|(_, e)| !e.live()) {
            for fait in Fait::ALL {
                let next = next(etat, fait);
                assert!(next == etat || next == Etat::AVerifier(Doute::Contradiction), "{sign} {fait:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_hold_is_resolved_once_and_given_back_once(facts in prop::collection::vec(prop::sample::select(Fait::ALL.to_vec()), 0..60)) {
            let opened = Compte { disponibles: 5, ..Compte::default() };
            let mut compte = opened.apply(TypeMouvement::Reservation, 1).unwrap();
            let (mut etat, mut credit) = (Etat::EnTransmission, EtatCredit::Reserve);
            let mut movements = Vec::new();
            for fait in facts {
                let Suite::Vers(next, effet) = transition(etat, fait) else { continue };
                let (after, movement) = credit.apply(effet);
                (etat, credit) = (next, after);
                if let Some(movement) = movement {
                    compte = compte.apply(movement, 1).unwrap();
                    movements.push(movement);
                }
                prop_assert_eq!(compte.disponibles + compte.reserves + compte.consommes, 5 + u64::from(movements.contains(&TypeMouvement::Correction)));
                // What the contract's table says of the credit in each state; what was once given back stays so.
                let allowed: &[EtatCredit] = match etat {
                    Etat::EnTransmission | Etat::SansReponse => &[EtatCredit::Reserve],
                    Etat::EnAttente | Etat::Accordee | Etat::AccordeeSousReserve | Etat::RefuseeMutuelle | Etat::AnnulationEnCours(_) | Etat::Annulee | Etat::Expiree => {
                        &[EtatCredit::Consomme, EtatCredit::Rendu]
                    }
                    Etat::RefuseePlateforme | Etat::NonTransmise => &[EtatCredit::Rendu],
                    Etat::AVerifier(_) => &[EtatCredit::Reserve, EtatCredit::Consomme, EtatCredit::Rendu],
                };
                prop_assert!(allowed.contains(&credit), "{:?} {:?}", etat, credit);
            }
            let known: &[&[TypeMouvement]] = &[
                &[],
                &[TypeMouvement::Consommation],
                &[TypeMouvement::Restitution],
                &[TypeMouvement::Consommation, TypeMouvement::Correction],
            ];
            prop_assert!(known.contains(&movements.as_slice()), "{:?}", movements);
        }
    }
}
