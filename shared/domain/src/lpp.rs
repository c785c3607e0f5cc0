//! Reference tables: LPP tariffs and RO rates, each with the dates it holds. Replaceable at run time; the shipped ones are the seed.
//!
//! What must hold: a tariff that no row gives is `None`, never zero; of several rows valid on a day the one that began last wins.

use crate::{
    centimes::Centimes,
    dossier::{Classe, CodeRisque, Ligne},
    lpp_initial,
};
use jiff::civil::Date;

/// A row of the LPP table; without a code it is the default of its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneLpp {
    /// Seven digits, or none for the default of a class.
    pub code: Option<String>,
    /// Label.
    pub libelle: String,
    /// Class.
    pub classe: Option<Classe>,
    /// First day.
    pub valide_du: Date,
    /// Last day; none: still valid.
    pub valide_au: Option<Date>,
    /// « Tarif de responsabilité ».
    pub tarif: Centimes,
}

impl LigneLpp {
    fn holds(&self, on: Date) -> bool {
        self.valide_du <= on && self.valide_au.is_none_or(|last| on <= last)
    }
}

/// An RO rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneTaux {
    /// For which risk.
    pub risque: CodeRisque,
    /// First day.
    pub du: Date,
    /// Percent, 0 to 100.
    pub taux: u8,
}

/// Both tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referentiel {
    /// LPP rows.
    pub lpp: Vec<LigneLpp>,
    /// RO rates.
    pub taux: Vec<LigneTaux>,
}

impl Referentiel {
    /// What a new installation starts with ([`lpp_initial`]).
    pub fn initial() -> Self {
        let codes = lpp_initial::LIGNES.iter().filter_map(|(code, libelle, du, au, tarif, _)| {
            Some(LigneLpp {
                code: Some((*code).to_owned()),
                libelle: (*libelle).to_owned(),
                classe: None,
                valide_du: du.parse().ok()?,
                valide_au: Some(au.parse().ok()?),
                tarif: Centimes::of(u64::from(*tarif)),
            })
        });
        let classes = lpp_initial::DEFAUTS_CLASSE.iter().filter_map(|(classe, du, tarif, _)| {
            Some(LigneLpp {
                code: None,
                libelle: format!("Tarif par défaut de la classe {classe}"),
                classe: Some(classe.to_string().parse().ok()?),
                valide_du: du.parse().ok()?,
                valide_au: None,
                tarif: Centimes::of(u64::from(*tarif)),
            })
        });
        let taux =
            lpp_initial::TAUX.iter().filter_map(|(risque, du, taux, _)| Some(LigneTaux { risque: risque.parse().ok()?, du: du.parse().ok()?, taux: *taux }));
        Self { lpp: codes.chain(classes).collect(), taux: taux.collect() }
    }

    /// The row of a code that is valid on a day.
    pub fn find(&self, code: &str, on: Date) -> Option<&LigneLpp> {
        self.lpp.iter().filter(|row| row.code.as_deref() == Some(code) && row.holds(on)).max_by_key(|row| row.valide_du)
    }

    /// The default row of a class that is valid on a day.
    pub fn class_default(&self, classe: Classe, on: Date) -> Option<&LigneLpp> {
        self.lpp.iter().filter(|row| row.code.is_none() && row.classe == Some(classe) && row.holds(on)).max_by_key(|row| row.valide_du)
    }

    /// The tariff of one article of a line: its code's row, else the default of its class.
    pub fn tariff(&self, ligne: &Ligne, on: Date) -> Option<Centimes> {
        let by_code = [&ligne.code_lpp, &ligne.code_regroupement].into_iter().flatten().find_map(|code| self.find(code, on));
        by_code.or_else(|| self.class_default(ligne.classe?, on)).map(|row| row.tarif)
    }

    /// The RO rate of a risk on a day, in percent.
    pub fn rate(&self, risque: CodeRisque, on: Date) -> Option<u8> {
        self.taux.iter().filter(|row| row.risque == risque && row.du <= on).max_by_key(|row| row.du).map(|row| row.taux)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn row(code: Option<&str>, classe: Option<Classe>, du: &str, au: Option<&str>, centimes: u64) -> LigneLpp {
        LigneLpp { code: code.map(Into::into), libelle: String::new(), classe, valide_du: day(du), valide_au: au.map(day), tarif: Centimes::of(centimes) }
    }

    #[test]
    fn the_seed_is_complete() {
        let seed = Referentiel::initial();
        assert_eq!(seed.lpp.len(), lpp_initial::LIGNES.len() + lpp_initial::DEFAUTS_CLASSE.len());
        assert_eq!(seed.taux.len(), lpp_initial::TAUX.len());
    }

    #[test]
    fn a_code_holds_from_its_first_to_its_last_day() {
        let seed = Referentiel::initial();
        for (on, expected) in [("2004-03-05", None), ("2004-03-06", Some(229)), ("2019-12-31", Some(229)), ("2020-01-01", None)] {
            assert_eq!(seed.find("2203240", day(on)).map(|r| r.tarif.get()), expected, "{on}");
        }
        assert_eq!(seed.find("", day("2013-11-26")), None);
    }

    #[test]
    fn class_b_has_a_default_since_2020_and_class_a_none() {
        let seed = Referentiel::initial();
        let of = |classe, on| seed.class_default(classe, day(on)).map(|r| r.tarif.get());
        assert_eq!(of(Classe::B, "2019-12-31"), None);
        assert_eq!(of(Classe::B, "2020-01-01"), Some(5));
        assert_eq!(of(Classe::A, "2026-01-01"), None);
    }

    #[test]
    fn the_rate_changed_on_the_second_of_may_2011() {
        let seed = Referentiel::initial();
        for (risque, on, expected) in [
            (CodeRisque::Maladie, "2011-05-01", 65),
            (CodeRisque::Maladie, "2011-05-02", 60),
            (CodeRisque::Maladie, "1999-01-01", 65),
            (CodeRisque::Maladie, "2026-11-21", 60),
            (CodeRisque::AccidentDroitCommun, "2011-05-01", 65),
            (CodeRisque::AccidentDroitCommun, "2011-05-02", 60),
            (CodeRisque::AccidentTravail, "2011-05-01", 100),
            (CodeRisque::Maternite, "2026-11-21", 100),
        ] {
            assert_eq!(seed.rate(risque, day(on)), Some(expected), "{risque} {on}");
        }
        assert_eq!(Referentiel { lpp: vec![], taux: vec![] }.rate(CodeRisque::Maladie, day("2020-01-01")), None);
    }

    #[test]
    fn of_two_rows_the_one_that_began_last_wins() {
        let table =
            Referentiel { lpp: vec![row(Some("1234567"), None, "2024-01-01", None, 200), row(Some("1234567"), None, "2020-01-01", None, 100)], taux: vec![] };
        assert_eq!(table.find("1234567", day("2023-12-31")).map(|r| r.tarif.get()), Some(100));
        assert_eq!(table.find("1234567", day("2024-01-01")).map(|r| r.tarif.get()), Some(200));
    }
}
