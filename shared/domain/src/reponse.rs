//! What a concentrator may answer, whatever its dialect, and what makes an answer unusable.

use crate::{centimes::Centimes, enumeration, envoi::Envoi};
use jiff::civil::Date;
use std::fmt;

enumeration! {
    /// Who refused.
    pub enum Origine {
        /// The concentrator: the mutuelle never saw the demande.
        Plateforme = "PLATEFORME",
        /// The mutuelle.
        Mutuelle = "MUTUELLE",
    }
}

/// What an answer says beside its status. Untrusted: texts are cleaned and cut by the dialect.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// « Référence dossier ».
    pub reference_dossier: Option<String>,
    /// « N° de PEC ».
    pub numero_pec: Option<String>,
    /// « Date de PEC ».
    pub date_pec: Option<Date>,
    /// Last day of validity.
    pub expiration: Option<Date>,
    /// Global amount.
    pub montant_global: Option<Centimes>,
    /// Amounts by line number.
    pub lignes: Vec<(u16, Centimes)>,
    /// Code of the message, in the concentrator's own catalogue.
    pub code: Option<String>,
    /// Message, word for word.
    pub message: Option<String>,
    /// How long the mutuelle needs: hours.
    pub delai_heures: Option<u32>,
}

/// A message may name a person.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reference_dossier, numero_pec, date_pec, expiration, montant_global, lignes, code, message: _, delai_heures } = self;
        f.debug_struct("Details")
            .field("reference_dossier", reference_dossier)
            .field("numero_pec", numero_pec)
            .field("date_pec", date_pec)
            .field("expiration", expiration)
            .field("montant_global", montant_global)
            .field("lignes", lignes)
            .field("code", code)
            .field("delai_heures", delai_heures)
            .finish_non_exhaustive()
    }
}

/// The status of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statut {
    /// Granted.
    Accordee,
    /// Granted, documents to send.
    AccordeeSousReserve,
    /// The mutuelle needs time.
    EnAttente,
    /// Refused.
    Refusee(Origine),
    /// Cancelled.
    Annulee,
    /// No longer valid.
    Expiree,
    /// The concentrator never received that reference.
    Inconnue,
    /// A status that the dialect does not know; the raw text.
    Nouveau(String),
}

/// An answer to a request or to a state query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reponse {
    /// Its status.
    pub statut: Statut,
    /// The rest.
    pub details: Details,
}

enumeration! {
    /// The result of a cancellation.
    pub enum Resultat {
        /// Cancelled.
        Annulee = "ANNULEE",
        /// Too late, already invoiced, not supported.
        Refusee = "REFUSEE",
        /// Will be acknowledged later.
        EnAttente = "EN_ATTENTE",
    }
}

/// An answer to a cancellation.
#[derive(Clone, PartialEq, Eq)]
pub struct Avis {
    /// What became of it.
    pub resultat: Resultat,
    /// Code of the message.
    pub code: Option<String>,
    /// Message, word for word.
    pub message: Option<String>,
}

/// A message may name a person.
impl fmt::Debug for Avis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resultat, code, message: _ } = self;
        f.debug_struct("Avis").field("resultat", resultat).field("code", code).finish_non_exhaustive()
    }
}

/// What is known after a call. Unknown is not no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue<R> {
    /// An answer that can be used as far as its form goes.
    Repondu(R),
    /// Proven not received: the connection was never made, or the concentrator said it did not take it.
    NonRecu {
        /// In words, without personal data.
        cause: String,
    },
    /// Everything else: the outcome is unknown.
    SansReponse {
        /// In words, without personal data.
        cause: String,
    },
}

/// Whether an answer is worth keeping as it came: somebody will want to see what nobody could use.
pub fn puzzling(issue: &Issue<Reponse>, envoi: &Envoi) -> bool {
    match issue {
        Issue::Repondu(reponse) => matches!(reponse.statut, Statut::Nouveau(_)) || unusable(reponse, envoi).is_some(),
        Issue::SansReponse { .. } => true,
        Issue::NonRecu { .. } => false,
    }
}

/// Why an answer cannot be used: it lacks what its status needs, or contradicts the request. A global amount never does: what the
/// lines cannot hold of it is told (`montant_non_reparti`).
pub fn unusable(reponse: &Reponse, envoi: &Envoi) -> Option<&'static str> {
    let granted = match reponse.statut {
        Statut::Accordee | Statut::AccordeeSousReserve => true,
        Statut::EnAttente | Statut::Refusee(_) | Statut::Annulee | Statut::Expiree | Statut::Inconnue | Statut::Nouveau(_) => false,
    };
    let details = &reponse.details;
    if granted && details.montant_global.is_none() && details.lignes.is_empty() {
        return Some("un accord sans aucun montant");
    }
    let mut seen = Vec::new();
    for (numero, montant) in &details.lignes {
        let Some(ligne) = envoi.equipement.lignes.iter().find(|l| l.numero == *numero) else {
            return Some("un montant pour une ligne qui n'a pas été demandée");
        };
        if *montant > ligne.valeur {
            return Some("un montant supérieur à la valeur de la ligne");
        }
        if seen.contains(numero) {
            return Some("deux montants pour la même ligne");
        }
        seen.push(*numero);
    }
    None
}
