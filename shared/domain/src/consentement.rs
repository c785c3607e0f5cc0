//! The consent: printed, signed, and bound to the mutuelle and the data that it names.
//!
//! Both manuals: no PEC and no cotation before it is printed and signed. It belongs to the dossier; another mutuelle, or a switch
//! turned on since, makes it invalid, because the client never agreed to that.

use crate::{enumeration, ids::MutuelleId, magasin::Transmission};
use jiff::{Timestamp, civil::Date};

enumeration! {
    /// How the consent was signed.
    pub enum Canal {
        /// On paper.
        Papier = "PAPIER",
        /// On a screen.
        Electronique = "ELECTRONIQUE",
    }
}

/// A signature, and what was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The day it was signed.
    pub signe_le: Date,
    /// How.
    pub canal: Canal,
    /// The mutuelle it names.
    pub mutuelle_id: Option<MutuelleId>,
    /// The data it names.
    pub transmission: Transmission,
}

/// What tells the signed paper from any other: what stands on it, but for the day it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PapierImprime {
    /// Its reference, as it stands on the paper.
    pub reference: String,
    /// SHA-256 of its content: 64 hexadecimal digits.
    pub empreinte: String,
}

/// Where a dossier's consent stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consentement {
    /// When it was last printed.
    pub imprime_le: Option<Timestamp>,
    /// What was printed then; nothing where the shop had a paper of its own signed.
    pub papier: Option<PapierImprime>,
    /// The signature.
    pub signature: Option<Signature>,
}

impl Consentement {
    /// Whether it covers a demande to `mutuelle` with these switches; the reason in French if not.
    pub fn check(&self, mutuelle: Option<&MutuelleId>, transmission: Transmission) -> Result<(), &'static str> {
        let Some(signature) = &self.signature else {
            return Err("Le consentement n'est pas signé : imprimez-le, faites-le signer au client et enregistrez la signature.");
        };
        if signature.mutuelle_id.as_ref() != mutuelle {
            return Err("Le consentement signé ne nomme pas cette mutuelle : imprimez-le et faites-le signer à nouveau.");
        }
        if transmission.exceeds(signature.transmission) {
            return Err("Une donnée a été ajoutée à la transmission depuis la signature : imprimez le consentement et faites-le signer à nouveau.");
        }
        Ok(())
    }
}
