//! How one concentrator writes and reads: the only thing that differs from one concentrator to the next.
//!
//! Deliberately absent: IO. A new concentrator is one variant here and one module beside `opamc1`.

use crate::opamc1;
use jiff::Timestamp;
use optopec_domain::{
    envoi::Envoi,
    ids::DemandeId,
    reponse::{Avis, Reponse},
};

/// The message format of a concentrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialecte {
    /// Ours; spoken by the demonstration concentrator.
    Opamc1,
}

/// Why an answer cannot be read: a fragment of a French sentence, without anything of the answer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Illisible(pub(crate) &'static str);

impl Dialecte {
    /// The request for a PEC or a cotation.
    pub fn build_request(self, reference: &DemandeId, envoi: &Envoi, emission: Timestamp, version: &str) -> String {
        match self {
            Self::Opamc1 => opamc1::ecrire::request(reference, envoi, emission, version),
        }
    }

    /// The question about the state of a demande.
    pub fn build_state(self, reference: &DemandeId) -> String {
        match self {
            Self::Opamc1 => opamc1::ecrire::state(reference),
        }
    }

    /// The cancellation of a demande.
    pub fn build_cancel(self, reference: &DemandeId, numero_pec: Option<&str>, motif: &str) -> String {
        match self {
            Self::Opamc1 => opamc1::ecrire::cancel(reference, numero_pec, motif),
        }
    }

    /// The answer to a request or to a question about a state.
    pub fn read_answer(self, bytes: &[u8], reference: &DemandeId) -> Result<Reponse, Illisible> {
        match self {
            Self::Opamc1 => opamc1::lire::answer(bytes, reference),
        }
    }

    /// The answer to a cancellation.
    pub fn read_ack(self, bytes: &[u8], reference: &DemandeId) -> Result<Avis, Illisible> {
        match self {
            Self::Opamc1 => opamc1::lire::ack(bytes, reference),
        }
    }
}
