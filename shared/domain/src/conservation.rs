//! How long personal data is kept.
//!
//! What must hold: every item that holds a person's data has an end, told by a period that an installation may set; a period counts from the
//! last change, so what is in use does not vanish.
//! Where the periods come from: no figure of the CNIL for PEC data is known; a dossier is kept as long as an invoice may still be disputed
//! (the current year and two more, the window of tiers payant billing), the proof of a consent five years beyond (art. 2224 Code civil),
//! the log of accesses three years (CNIL, recommandation relative à la journalisation, délibération 2021-122: six months to one year, up to
//! three where the data are sensitive), the body of a technical message 90 days.

use crate::{date, limites};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// The periods of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conservation {
    /// A client, a dossier, what was sent for it, an ended demande: whole years after the current one.
    pub dossier_annees: u16,
    /// The proof of a consent, after the end of its dossier: years.
    pub preuve_annees: u16,
    /// Who saw what in clear: years.
    pub acces_annees: u16,
    /// The body of an answer that nobody could use: days.
    pub brut_jours: u16,
}

impl Conservation {
    /// The ones of the product, where nothing else is configured.
    pub const PRODUIT: Self = Self {
        dossier_annees: limites::CONSERVATION_DOSSIER_ANNEES,
        preuve_annees: limites::CONSERVATION_PREUVE_ANNEES,
        acces_annees: limites::CONSERVATION_ACCES_ANNEES,
        brut_jours: limites::CONSERVATION_BRUT_JOURS,
    };

    /// The end of what was last changed at an instant: the current calendar year in Paris and the whole years after it.
    pub fn dossier(self, changed: Timestamp) -> Timestamp {
        end_of_year(date::paris_day(changed), self.dossier_annees)
    }

    /// The end of the proof of a consent recorded at an instant.
    pub fn preuve(self, signed: Timestamp) -> Timestamp {
        end_of_year(date::paris_day(signed), self.dossier_annees.saturating_add(self.preuve_annees))
    }

    /// The end of an entry about an access at an instant.
    pub fn acces(self, at: Timestamp) -> Timestamp {
        let years = jiff::Span::new().try_years(self.acces_annees);
        years.and_then(|years| date::paris_day(at).checked_add(years)).map_or(Timestamp::MAX, date::end_of_paris_day)
    }

    /// The end of a raw answer received at an instant.
    pub fn brut(self, received: Timestamp) -> Timestamp {
        received.checked_add(SignedDuration::from_hours(24 * i64::from(self.brut_jours))).unwrap_or(Timestamp::MAX)
    }
}

fn end_of_year(day: Date, years: u16) -> Timestamp {
    let year = day.year().saturating_add(i16::try_from(years).unwrap_or(i16::MAX));
    Date::new(year, 12, 31).map_or(Timestamp::MAX, date::end_of_paris_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_dossier_stays_for_the_current_year_and_two_more() {
        for (changed, end) in [
            ("2026-01-01T12:00:00Z", "2028-12-31T23:00:00Z"),
            ("2026-12-31T22:59:59Z", "2028-12-31T23:00:00Z"),
            // Half past midnight in Paris: the next year.
            ("2026-12-31T23:30:00Z", "2029-12-31T23:00:00Z"),
        ] {
            assert_eq!(Conservation::PRODUIT.dossier(at(changed)), at(end), "{changed}");
        }
    }

    #[test]
    fn the_others_count_from_their_own_day() {
        let now = at("2026-11-21T10:00:00Z");
        assert_eq!(Conservation::PRODUIT.preuve(now), at("2033-12-31T23:00:00Z"));
        assert_eq!(Conservation::PRODUIT.acces(now), at("2029-11-21T23:00:00Z"));
        assert_eq!(Conservation::PRODUIT.brut(now), at("2027-02-19T10:00:00Z"));
    }

    #[test]
    fn no_period_is_too_long_to_be_counted() {
        let long = Conservation { dossier_annees: u16::MAX, preuve_annees: u16::MAX, acces_annees: u16::MAX, brut_jours: u16::MAX };
        let now = at("2026-11-21T10:00:00Z");
        assert_eq!((long.dossier(now), long.preuve(now), long.acces(now)), (Timestamp::MAX, Timestamp::MAX, Timestamp::MAX));
        assert!(long.brut(now) > now);
    }
}
