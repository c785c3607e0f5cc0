//! What happens to a request, chosen by its member number: the table of docs/concentrateur.md, « The demonstration concentrator ».
//!
//! What must hold: one number, one fate, in the browser as in a script as in a test. The number itself is not kept, only the scenario:
//! a number that is no scenario might be somebody's.

use optopec_domain::rejets::{self, OrigineRejet};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Granted at once, a global amount.
    Accord,
    /// Granted at once, an amount on every line.
    AccordLignes,
    /// Granted subject to documents.
    Reserve,
    /// Pending 48 h, then granted.
    Attente48,
    /// Pending 72 h, then granted.
    Attente72,
    /// Pending 48 h, then refused by the mutuelle.
    AttenteRefus,
    /// Pending, announced for 48 h, granted after 96.
    AttenteLongue,
    /// Refused by the mutuelle as an unknown member of the demonstration.
    Inconnu,
    /// Refused by the platform.
    RejetPlateforme,
    /// Refused with that code of the catalogue of rejections.
    Rejet(&'static str),
    /// Recorded; the call is never answered.
    Muet,
    /// Dropped before it is recorded.
    Perdu,
    /// Recorded; the connection is cut half-way through the answer.
    Coupe,
    /// HTTP 500, not recorded.
    Erreur500,
    /// Recorded; answered after 50 s.
    Lent,
    /// Recorded; the answer is not XML.
    Illisible,
    /// Recorded; the answer is about somebody else's reference.
    AutreReference,
    /// A status that the contract does not list.
    StatutNouveau,
    /// Granted; the cancellation is refused.
    AnnulationRefusee,
    /// Granted; the cancellation is acknowledged later.
    AnnulationAttente,
    /// Granted; the cancellation is never answered.
    AnnulationMuette,
    /// Granted, expired after 60 days.
    Expire,
    /// Any other number: refused by the mutuelle.
    Etranger,
}

/// How the call that brings the request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appel {
    /// Recorded and answered.
    Repondu,
    /// Not recorded, dropped.
    Perdu,
    /// Not recorded, HTTP 500.
    Erreur,
    /// Recorded, never answered.
    Muet,
    /// Recorded, cut half-way.
    Coupe,
    /// Recorded, answered late.
    Lent,
    /// Recorded, answered with something that is not XML.
    Illisible,
    /// Recorded, answered about another reference.
    AutreReference,
}

/// What becomes of a cancellation of something that can be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortAnnulation {
    /// Done at once.
    Faite,
    /// Refused.
    Refusee,
    /// Acknowledged later.
    PlusTard,
    /// Never answered.
    Muette,
}

/// The scenarios whose number is fixed.
const NUMEROS: &[(&str, Scenario)] = &[
    ("DEMO-ACCORD", Scenario::Accord),
    ("DEMO-ACCORD-LIGNES", Scenario::AccordLignes),
    ("DEMO-RESERVE", Scenario::Reserve),
    ("DEMO-ATTENTE-48", Scenario::Attente48),
    ("DEMO-ATTENTE-72", Scenario::Attente72),
    ("DEMO-ATTENTE-REFUS", Scenario::AttenteRefus),
    ("DEMO-ATTENTE-LONGUE", Scenario::AttenteLongue),
    ("DEMO-INCONNU", Scenario::Inconnu),
    ("DEMO-REJET-PLATEFORME", Scenario::RejetPlateforme),
    ("DEMO-MUET", Scenario::Muet),
    ("DEMO-PERDU", Scenario::Perdu),
    ("DEMO-COUPE", Scenario::Coupe),
    ("DEMO-500", Scenario::Erreur500),
    ("DEMO-LENT", Scenario::Lent),
    ("DEMO-ILLISIBLE", Scenario::Illisible),
    ("DEMO-AUTRE-REFERENCE", Scenario::AutreReference),
    ("DEMO-STATUT-NOUVEAU", Scenario::StatutNouveau),
    ("DEMO-ANNULATION-REFUSEE", Scenario::AnnulationRefusee),
    ("DEMO-ANNULATION-ATTENTE", Scenario::AnnulationAttente),
    ("DEMO-ANNULATION-MUETTE", Scenario::AnnulationMuette),
    ("DEMO-EXPIRE", Scenario::Expire),
];

/// What comes before the code of a rejection.
const REJET: &str = "DEMO-REJET-";

impl Scenario {
    /// The scenario of a member number.
    pub fn of(adherent: Option<&str>) -> Self {
        let adherent = adherent.unwrap_or_default().trim();
        let fixed = NUMEROS.iter().find(|(numero, _)| *numero == adherent).map(|(_, scenario)| *scenario);
        fixed.or_else(|| adherent.strip_prefix(REJET).and_then(rejection)).unwrap_or(Self::Etranger)
    }

    /// The number that leads to it; empty for any other number.
    pub fn numero(self) -> String {
        match self {
            Self::Rejet(code) => format!("{REJET}{code}"),
            Self::Etranger => String::new(),
            fixed => NUMEROS.iter().find(|(_, scenario)| *scenario == fixed).map_or_else(String::new, |(numero, _)| (*numero).to_owned()),
        }
    }
}

impl Scenario {
    /// How the call that brings the request ends.
    pub const fn appel(self) -> Appel {
        match self {
            Self::Accord | Self::AccordLignes | Self::Reserve | Self::Expire | Self::StatutNouveau => Appel::Repondu,
            Self::Attente48 | Self::Attente72 | Self::AttenteRefus | Self::AttenteLongue => Appel::Repondu,
            Self::Inconnu | Self::RejetPlateforme | Self::Rejet(_) | Self::Etranger => Appel::Repondu,
            Self::AnnulationRefusee | Self::AnnulationAttente | Self::AnnulationMuette => Appel::Repondu,
            Self::Muet => Appel::Muet,
            Self::Perdu => Appel::Perdu,
            Self::Coupe => Appel::Coupe,
            Self::Erreur500 => Appel::Erreur,
            Self::Lent => Appel::Lent,
            Self::Illisible => Appel::Illisible,
            Self::AutreReference => Appel::AutreReference,
        }
    }

    /// What becomes of a cancellation of something that can be cancelled.
    pub const fn annulation(self) -> SortAnnulation {
        match self {
            Self::AnnulationRefusee => SortAnnulation::Refusee,
            Self::AnnulationAttente => SortAnnulation::PlusTard,
            Self::AnnulationMuette => SortAnnulation::Muette,
            Self::Accord | Self::AccordLignes | Self::Reserve | Self::Expire | Self::StatutNouveau => SortAnnulation::Faite,
            Self::Attente48 | Self::Attente72 | Self::AttenteRefus | Self::AttenteLongue => SortAnnulation::Faite,
            Self::Inconnu | Self::RejetPlateforme | Self::Rejet(_) | Self::Etranger => SortAnnulation::Faite,
            Self::Muet | Self::Perdu | Self::Coupe | Self::Erreur500 | Self::Lent | Self::Illisible | Self::AutreReference => SortAnnulation::Faite,
        }
    }
}

/// Rejections of billing (`AMO-…`) are no answer to a demande.
fn rejection(code: &str) -> Option<Scenario> {
    let rejet = rejets::find(code)?;
    match rejet.origine {
        OrigineRejet::Plateforme | OrigineRejet::Mutuelle => Some(Scenario::Rejet(rejet.code)),
        OrigineRejet::Amo => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_its_scenario_and_back() {
        for (numero, scenario) in NUMEROS {
            assert_eq!(Scenario::of(Some(numero)), *scenario);
            assert_eq!(scenario.numero(), *numero);
        }
        let rejet = Scenario::of(Some(" DEMO-REJET-MUT-05 "));
        assert_eq!(rejet, Scenario::Rejet("MUT-05"));
        assert_eq!(rejet.numero(), "DEMO-REJET-MUT-05");
        assert_eq!(Scenario::of(Some("DEMO-REJET-PLT-12")), Scenario::Rejet("PLT-12"));
    }

    #[test]
    fn every_other_number_is_a_stranger() {
        for numero in [
            None,
            Some(""),
            Some("123456"),
            Some("DEMO"),
            Some("demo-accord"),
            Some("DEMO-ACCORD-2"),
            Some("DEMO-REJET-"),
            Some("DEMO-REJET-MUT-99"),
            Some("DEMO-REJET-AMO-10"),
        ] {
            assert_eq!(Scenario::of(numero), Scenario::Etranger, "{numero:?}");
        }
        assert_eq!(Scenario::of(Some(&Scenario::Etranger.numero())), Scenario::Etranger);
    }
}
