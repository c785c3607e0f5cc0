//! The consent: printed, signed, and bound to the mutuelle and the data that it names.
//!
//! Both manuals: no PEC and no cotation before it is printed and signed. It belongs to the dossier; another mutuelle, or a switch
//! turned on since, makes it invalid, because the client never agreed to that. A signed sheet can always be told from what was printed since:
//! the signature keeps the paper that was handed out then, and the dossier keeps the last ones.

use crate::{date, enumeration, ids::MutuelleId, limites::PAPIERS_PAR_DOSSIER_MAX, magasin::Transmission};
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
    /// The paper printed last on that day or before; nothing where the shop had a paper of its own signed.
    pub papier: Option<PapierImprime>,
}

/// What tells the signed paper from any other: what stands on it, but for the day it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PapierImprime {
    /// Its reference, as it stands on the paper.
    pub reference: String,
    /// SHA-256 of its content: 64 hexadecimal digits.
    pub empreinte: String,
    /// What whoever signs it agrees to; unknown of papers that were printed before it was kept.
    pub accord: Option<Accord>,
}

/// What a paper names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accord {
    /// The mutuelle.
    pub mutuelle_id: MutuelleId,
    /// The optional data.
    pub transmission: Transmission,
}

/// A paper that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impression {
    /// From when on; the same paper printed again right after it is no other.
    pub le: Timestamp,
    /// Which.
    pub papier: PapierImprime,
}

/// Where a dossier's consent stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consentement {
    /// When it was last printed.
    pub imprime_le: Option<Timestamp>,
    /// What was printed here, the latest last: at most [`PAPIERS_PAR_DOSSIER_MAX`].
    pub impressions: Vec<Impression>,
    /// The signature.
    pub signature: Option<Signature>,
}

impl Consentement {
    /// It was printed; `papier`: what, if it was printed here.
    pub fn print(&mut self, le: Timestamp, papier: Option<&PapierImprime>) {
        self.imprime_le = Some(le);
        let Some(papier) = papier.filter(|papier| self.impressions.last().is_none_or(|last| last.papier != **papier)) else { return };
        self.impressions.push(Impression { le, papier: papier.clone() });
        let too_many = self.impressions.len().saturating_sub(PAPIERS_PAR_DOSSIER_MAX);
        self.impressions.drain(..too_many);
    }

    /// The paper that somebody had in her hands on a day: the last one printed until then.
    pub fn handed_out(&self, jour: Date) -> Option<&PapierImprime> {
        self.impressions.iter().rev().find(|impression| date::paris_day(impression.le) <= jour).map(|impression| &impression.papier)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn papier(n: usize) -> PapierImprime {
        PapierImprime { reference: "dos_1-1".into(), empreinte: format!("{n:064}"), accord: None }
    }

    fn printed(papers: &[(&str, usize)]) -> Consentement {
        let mut consentement = Consentement::default();
        for (le, n) in papers {
            consentement.print(le.parse().unwrap(), Some(&papier(*n)));
        }
        consentement
    }

    #[test]
    fn the_paper_of_a_signature_is_the_last_one_printed_until_that_day_in_paris() {
        // The first was printed again on the 22nd, after another.
        let seen = printed(&[("2026-06-19T10:00:00Z", 1), ("2026-06-20T22:30:00Z", 2), ("2026-06-22T10:00:00Z", 1)]);
        for (jour, wanted) in [("2026-06-18", None), ("2026-06-19", Some(1)), ("2026-06-20", Some(1)), ("2026-06-21", Some(2)), ("2026-06-22", Some(1))] {
            assert_eq!(seen.handed_out(jour.parse().unwrap()), wanted.map(papier).as_ref(), "{jour}");
        }
    }

    #[test]
    fn the_same_paper_printed_again_is_no_other_and_keeps_its_first_day() {
        let seen = printed(&[("2026-06-19T10:00:00Z", 1), ("2026-06-25T10:00:00Z", 1)]);
        assert_eq!((seen.impressions.len(), seen.imprime_le), (1, "2026-06-25T10:00:00Z".parse().ok()));
        assert_eq!(seen.handed_out("2026-06-20".parse().unwrap()), Some(&papier(1)));
        let mut own = seen.clone();
        own.print("2026-06-26T10:00:00Z".parse().unwrap(), None);
        assert_eq!((own.impressions, own.imprime_le), (seen.impressions, "2026-06-26T10:00:00Z".parse().ok()));
    }

    #[test]
    fn the_last_ten_papers_are_kept() {
        let papers: Vec<_> = (0..12).map(|n| ("2026-06-19T10:00:00Z", n)).collect();
        let kept: Vec<_> = printed(&papers).impressions.into_iter().map(|i| i.papier).collect();
        assert_eq!(kept, (2..12).map(papier).collect::<Vec<_>>());
    }
}
