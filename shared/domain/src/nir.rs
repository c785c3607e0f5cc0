//! The NIR (social security number): 13 characters and a key.
//!
//! Structure: service-public fiche F33078 (13 characters + 2-digit key `97 − (N mod 97)`); Corsica: 2A counts as 19 and 2B as 18;
//! provisional numbers begin with 3, 7 or 8; months 20 to 42 and 50 to 99 stand for an incomplete civil record; 99 is a birth abroad.

use crate::{date, erreur::Invalide};
use jiff::civil::Date;
use std::{fmt, str::FromStr};

/// A NIR with a right key: 15 characters. Hides itself in `Debug`; [`Nir::expose`] is the only way to its text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Nir(String);

impl Nir {
    /// The fifteen characters in clear. Every caller is a place where personal data leaves its type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Sex, year and month of birth; the rest as stars: `2 78 05 ** *** *** **`.
    pub fn masked(&self) -> String {
        format!("{} {} {} ** *** *** **", &self.0[..1], &self.0[1..3], &self.0[3..5])
    }

    /// Whether year and month (when the civil record is complete) fit a date of birth. A doubt, not an error.
    pub fn fits_birth(&self, birth: Date) -> bool {
        let two = |range: std::ops::Range<usize>| self.0[range].parse::<i16>().unwrap_or(-1);
        let (year, month) = (two(1..3), two(3..5));
        year == birth.year().rem_euclid(100) && (month > 12 || month == i16::from(birth.month()))
    }
}

impl FromStr for Nir {
    type Err = Invalide;
    /// Fifteen characters, spaces allowed between them. The message never repeats the number.
    fn from_str(s: &str) -> Result<Self, Invalide> {
        let text: String = s.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).map(|c| c.to_ascii_uppercase()).collect();
        let format = || Invalide::new("NIR_FORMAT", "Un numéro de sécurité sociale a 15 caractères : 13 et la clé (2A ou 2B pour la Corse).");
        if text.len() != 15 || !text.is_ascii() {
            return Err(format());
        }
        let digits = match &text[5..7] {
            "2A" => text[..13].replacen("2A", "19", 1),
            "2B" => text[..13].replacen("2B", "18", 1),
            _ => text[..13].to_owned(),
        };
        let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u64>().ok()).flatten();
        let (Some(n), Some(key)) = (number(&digits), number(&text[13..])) else { return Err(format()) };
        let (Some(month), Some(department), Some(order)) = (number(&text[3..5]), number(&digits[5..7]), number(&digits[10..13])) else { return Err(format()) };
        let sex = matches!(&text[..1], "1" | "2" | "3" | "4" | "7" | "8");
        if !sex || !matches!(month, 1..=12 | 20..=42 | 50..=99) || department == 0 || order == 0 {
            return Err(format());
        }
        if 97 - n % 97 != key {
            return Err(Invalide::new("NIR_CLE", "La clé du numéro de sécurité sociale ne correspond pas : relisez la carte Vitale ou l'attestation."));
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for Nir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Whether a text is the mask of a NIR, which a `PUT` sends back to leave the number as it was.
pub fn is_mask(text: &str) -> bool {
    text.contains('*')
}

/// A date of birth: not after `today` and not more than 130 years before.
pub fn parse_birth(text: &str, today: Date) -> Result<Date, Invalide> {
    let birth = date::parse(text)?;
    if birth > today || date::age(birth, today) > 130 {
        return Err(Invalide::new("DATE_NAISSANCE", "La date de naissance n'est ni dans le futur ni il y a plus de 130 ans."));
    }
    Ok(birth)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Synthetic numbers, their keys computed apart from this code with Python (`97 - int(n) % 97`).
    #[test]
    fn keys_of_every_kind_of_number() {
        for good in ["255081416802538", "185027511600111", "278052A00412358", "180032B03304586", "2 78 05 2a 004 123 58"] {
            assert!(good.parse::<Nir>().is_ok(), "{good}");
        }
    }

    #[test]
    fn wrong_numbers_say_what_is_wrong() {
        for (bad, code) in [
            ("255081416802539", "NIR_CLE"),
            ("278052B00412358", "NIR_CLE"),
            ("2550814168025", "NIR_FORMAT"),
            ("555081416802538", "NIR_FORMAT"),
            ("255131416802538", "NIR_FORMAT"),
            ("255080016802538", "NIR_FORMAT"),
            ("25508141680253é", "NIR_FORMAT"),
            ("278052C00412358", "NIR_FORMAT"),
            ("", "NIR_FORMAT"),
        ] {
            assert_eq!(bad.parse::<Nir>().map_err(|e| e.code).err(), Some(code), "{bad}");
        }
    }

    #[test]
    fn it_hides_itself() {
        let nir: Nir = "278052A00412358".parse().unwrap();
        assert_eq!(format!("{nir:?}"), "***");
        assert_eq!(nir.masked(), "2 78 05 ** *** *** **");
        assert!(is_mask(&nir.masked()));
        assert!(nir.fits_birth(date::parse("1978-05-14").unwrap()));
        assert!(!nir.fits_birth(date::parse("1979-05-14").unwrap()));
    }
}
