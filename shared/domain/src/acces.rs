//! Who saw a NIR in clear, when, and why: one entry for each answer.

use crate::{enumeration, role::Role};
use jiff::Timestamp;

enumeration! {
    /// Why somebody was shown it.
    pub enum MotifAcces {
        /// She opened it.
        Lecture = "LECTURE",
        /// She made it.
        Creation = "CREATION",
        /// She changed it.
        Modification = "MODIFICATION",
        /// The same request came again and got the same answer.
        Repetition = "REPETITION",
        /// All that is held about a person was handed out.
        Export = "EXPORT",
        /// She opened the raw text of an answer that nobody could use.
        ReponseBrute = "REPONSE_BRUTE",
        /// She printed it on a paper that leaves the shop.
        Impression = "IMPRESSION",
        /// She erased it.
        Effacement = "EFFACEMENT",
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acces {
    /// When.
    pub le: Timestamp,
    /// Who: the subject of the token.
    pub utilisateur: String,
    /// With which role.
    pub role: Role,
    /// Why.
    pub motif: MotifAcces,
}
