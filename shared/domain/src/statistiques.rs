//! Statistics of a shop's demandes over a period: who grants, how fast, why not, and what it cost.
//!
//! What must hold: integers only; a percentile is the nearest rank, that is a time that really was measured; what is not decided yet
//! counts in no rate. Amounts are those of PECs: a cotation binds nobody, and the PEC made of it would count twice.

use crate::{
    centimes::Centimes,
    credit::EtatCredit,
    date,
    demande::{AvantAnnulation, Demande, Etat, Nature},
    ids::MutuelleId,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Key of [`StatistiqueMutuelle::refus`] for a refusal that came without a code.
pub const SANS_CODE: &str = "SANS_CODE";

/// What the statistics need of one demande.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// To whom.
    pub mutuelle_id: MutuelleId,
    /// Its name.
    pub mutuelle_nom: String,
    /// PEC or cotation.
    pub nature: Nature,
    /// Where it stands.
    pub etat: Etat,
    /// When it was made.
    pub creee_le: Timestamp,
    /// First usable answer.
    pub repondue_le: Option<Timestamp>,
    /// Code of the message.
    pub code_rejet: Option<String>,
    /// What was granted.
    pub montant_global: Option<Centimes>,
    /// What became of its credits.
    pub credit: EtatCredit,
    /// How many credits.
    pub prix: u32,
}

impl From<&Demande> for Observation {
    fn from(demande: &Demande) -> Self {
        Self {
            mutuelle_id: demande.mutuelle_id.clone(),
            mutuelle_nom: demande.mutuelle_nom.clone(),
            nature: demande.nature,
            etat: demande.etat,
            creee_le: demande.creee_le,
            repondue_le: demande.repondue_le,
            code_rejet: demande.reponse.code_rejet.clone(),
            montant_global: demande.reponse.montant_global,
            credit: demande.credit,
            prix: demande.prix,
        }
    }
}

/// What one mutuelle did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatistiqueMutuelle {
    /// The mutuelle.
    pub mutuelle_id: MutuelleId,
    /// Its name in its latest demande.
    pub nom: String,
    /// Demandes of both natures.
    pub demandes: u64,
    /// Granted, those that were cancelled or expired since included.
    pub accordees: u64,
    /// Refused, by the mutuelle or by the concentrator.
    pub refusees: u64,
    /// Granted among decided, in hundredths of a percent; `None` when nothing was decided.
    pub acceptation_centiemes: Option<u32>,
    /// Median of the seconds from the demande to its first answer; `None` without any answer.
    pub delai_median_s: Option<u64>,
    /// 90th percentile of the same.
    pub delai_p90_s: Option<u64>,
    /// Refusals by code.
    pub refus: BTreeMap<String, u64>,
    /// Sum of what granted PECs bring. One that was cancelled brings nothing; one that expired may have been invoiced in its time.
    pub montant_accorde: Centimes,
}

/// The statistics of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistiques {
    /// By mutuelle, most demandes first, then by name.
    pub mutuelles: Vec<StatistiqueMutuelle>,
    /// Credits used by demandes made in a month (`AAAA-MM` in Paris).
    pub credits_par_mois: BTreeMap<String, u64>,
}

/// Computes the statistics of the demandes of a period.
pub fn compute(demandes: &[Observation]) -> Statistiques {
    let mut by_mutuelle: BTreeMap<&MutuelleId, Vec<&Observation>> = BTreeMap::new();
    let mut credits_par_mois = BTreeMap::new();
    for demande in demandes {
        by_mutuelle.entry(&demande.mutuelle_id).or_default().push(demande);
        if demande.credit == EtatCredit::Consomme {
            let day = date::paris_day(demande.creee_le);
            *credits_par_mois.entry(format!("{:04}-{:02}", day.year(), day.month())).or_default() += u64::from(demande.prix);
        }
    }
    let mut mutuelles: Vec<_> = by_mutuelle.into_iter().map(|(id, demandes)| of_mutuelle(id, &demandes)).collect();
    mutuelles.sort_by(|a, b| b.demandes.cmp(&a.demandes).then_with(|| a.nom.cmp(&b.nom)));
    Statistiques { mutuelles, credits_par_mois }
}

fn of_mutuelle(id: &MutuelleId, demandes: &[&Observation]) -> StatistiqueMutuelle {
    let accordees = || demandes.iter().filter(|d| verdict(d) == Verdict::Accordee);
    let refusees = || demandes.iter().filter(|d| verdict(d) == Verdict::Refusee);
    let mut refus = BTreeMap::new();
    for demande in refusees() {
        *refus.entry(demande.code_rejet.clone().unwrap_or_else(|| SANS_CODE.to_owned())).or_default() += 1;
    }
    let mut delais: Vec<u64> = demandes.iter().filter_map(|d| d.repondue_le.map(|answered| seconds(d.creee_le, answered))).collect();
    delais.sort_unstable();
    let (granted, refused) = (count(accordees()), count(refusees()));
    StatistiqueMutuelle {
        mutuelle_id: id.clone(),
        nom: demandes.iter().max_by_key(|d| d.creee_le).map(|d| d.mutuelle_nom.clone()).unwrap_or_default(),
        demandes: count(demandes.iter()),
        accordees: granted,
        refusees: refused,
        acceptation_centiemes: (granted * 10_000).checked_div(granted + refused).and_then(|c| u32::try_from(c).ok()),
        delai_median_s: nearest_rank(&delais, 50),
        delai_p90_s: nearest_rank(&delais, 90),
        refus,
        montant_accorde: accordees().filter(|d| d.nature == Nature::Pec && d.etat != Etat::Annulee).filter_map(|d| d.montant_global).sum(),
    }
}

#[derive(PartialEq, Eq)]
enum Verdict {
    Accordee,
    Refusee,
    Aucun,
}

fn verdict(demande: &Observation) -> Verdict {
    match demande.etat {
        Etat::Accordee | Etat::AccordeeSousReserve | Etat::AnnulationEnCours(AvantAnnulation::Accordee | AvantAnnulation::AccordeeSousReserve) => {
            Verdict::Accordee
        }
        // An amount is only ever kept from a grant.
        Etat::Annulee | Etat::Expiree if demande.montant_global.is_some() => Verdict::Accordee,
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => Verdict::Refusee,
        Etat::EnTransmission
        | Etat::SansReponse
        | Etat::EnAttente
        | Etat::NonTransmise
        | Etat::AVerifier(_)
        | Etat::AnnulationEnCours(AvantAnnulation::EnAttente)
        | Etat::Annulee
        | Etat::Expiree => Verdict::Aucun,
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |n, _| n + 1)
}

fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_second().saturating_sub(from.as_second())).unwrap_or(0)
}

/// The smallest value such that `percent` of the sorted values are not above it.
fn nearest_rank(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demande::Doute;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn seen(mutuelle: &str, etat: Etat) -> Observation {
        Observation {
            mutuelle_id: MutuelleId::derived(&[mutuelle]),
            mutuelle_nom: mutuelle.into(),
            nature: Nature::Pec,
            etat,
            creee_le: at("2026-11-21T10:00:00Z"),
            repondue_le: None,
            code_rejet: None,
            montant_global: None,
            credit: EtatCredit::Consomme,
            prix: 1,
        }
    }

    fn granted(centimes: u64) -> Observation {
        Observation { montant_global: Some(Centimes::of(centimes)), ..seen("A", Etat::Accordee) }
    }

    fn refused(code: Option<&str>) -> Observation {
        Observation { code_rejet: code.map(Into::into), ..seen("A", Etat::RefuseeMutuelle) }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(compute(&[]), Statistiques { mutuelles: vec![], credits_par_mois: BTreeMap::new() });
    }

    #[test]
    fn one_mutuelle_in_full() {
        let s = compute(&[
            granted(30_000),
            Observation { etat: Etat::Annulee, ..granted(10_000) },
            Observation { etat: Etat::Expiree, ..granted(5_000) },
            Observation { nature: Nature::Cotation, ..granted(7_000) },
            refused(Some("MUT-01")),
            refused(Some("MUT-01")),
            Observation { etat: Etat::RefuseePlateforme, credit: EtatCredit::Rendu, ..refused(None) },
            seen("A", Etat::EnAttente),
            seen("A", Etat::AVerifier(Doute::Contradiction)),
        ]);
        let a = &s.mutuelles[0];
        assert_eq!((a.nom.as_str(), a.demandes, a.accordees, a.refusees), ("A", 9, 4, 3));
        assert_eq!(a.acceptation_centiemes, Some(5_714));
        assert_eq!(a.refus, BTreeMap::from([("MUT-01".to_owned(), 2), (SANS_CODE.to_owned(), 1)]));
        assert_eq!(a.montant_accorde, Centimes::of(35_000));
        assert_eq!((a.delai_median_s, a.delai_p90_s), (None, None));
    }

    #[test]
    fn undecided_demandes_have_no_acceptance() {
        let s = compute(&[seen("A", Etat::SansReponse), seen("A", Etat::Annulee), seen("A", Etat::NonTransmise)]);
        assert_eq!((s.mutuelles[0].accordees, s.mutuelles[0].refusees, s.mutuelles[0].acceptation_centiemes), (0, 0, None));
    }

    #[test]
    fn times_are_nearest_ranks() {
        let answered =
            |s: i64| Observation { repondue_le: Some(at("2026-11-21T10:00:00Z").checked_add(jiff::SignedDuration::from_secs(s)).unwrap()), ..granted(1) };
        let of = |times: &[i64]| {
            let s = compute(&times.iter().map(|t| answered(*t)).collect::<Vec<_>>());
            (s.mutuelles[0].delai_median_s, s.mutuelles[0].delai_p90_s)
        };
        assert_eq!(of(&[7]), (Some(7), Some(7)));
        assert_eq!(of(&[40, 10, 30, 20]), (Some(20), Some(40)));
        assert_eq!(of(&[10, 1, 9, 2, 8, 3, 7, 4, 6, 5]), (Some(5), Some(9)));
        assert_eq!(of(&[11, 10, 1, 9, 2, 8, 3, 7, 4, 6, 5]), (Some(6), Some(10)));
    }

    #[test]
    fn credits_are_counted_in_the_month_of_paris() {
        let made = |le: &str, credit, prix| Observation { creee_le: at(le), credit, prix, ..granted(1) };
        let s = compute(&[
            made("2026-06-30T21:59:59Z", EtatCredit::Consomme, 1),
            made("2026-06-30T22:00:00Z", EtatCredit::Consomme, 2),
            made("2026-07-15T10:00:00Z", EtatCredit::Consomme, 1),
            made("2026-07-15T10:00:00Z", EtatCredit::Reserve, 1),
            made("2026-07-15T10:00:00Z", EtatCredit::Rendu, 1),
            made("2026-07-15T10:00:00Z", EtatCredit::Aucun, 0),
        ]);
        assert_eq!(s.credits_par_mois, BTreeMap::from([("2026-06".to_owned(), 1), ("2026-07".to_owned(), 3)]));
    }

    #[test]
    fn the_busiest_mutuelle_comes_first() {
        let s = compute(&[seen("C", Etat::EnAttente), seen("B", Etat::EnAttente), seen("A", Etat::EnAttente), seen("C", Etat::EnAttente)]);
        assert_eq!(s.mutuelles.iter().map(|m| m.nom.as_str()).collect::<Vec<_>>(), ["C", "A", "B"]);
    }
}
