//! Powers of lenses as exact quarter steps, and lengths in tenths of a millimetre.

use crate::erreur::Invalide;
use std::{fmt, str::FromStr};

/// A power in quarter dioptres, from −40.00 to +40.00.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dioptre(i16);

impl Dioptre {
    /// The number of quarter steps.
    pub const fn quarts(self) -> i16 {
        self.0
    }

    /// Without a sign: `2.00`, as prisms are written.
    pub fn unsigned(self) -> String {
        format!("{}.{:02}", self.0.unsigned_abs() / 4, self.0.unsigned_abs() % 4 * 25)
    }
}

/// Hundredths from text such as `+2.00`, `-0,25`, `2`: an optional sign, digits, at most `places` decimals.
fn parse_fixed(s: &str, places: usize) -> Option<i32> {
    let (sign, rest) = match s.strip_prefix('-').or_else(|| s.strip_prefix('\u{2212}')) {
        Some(rest) => (-1, rest),
        None => (1, s.strip_prefix('+').unwrap_or(s)),
    };
    let (whole, decimals) = rest.split_once(['.', ',']).unwrap_or((rest, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 4
        || !digits(whole)
        || !digits(decimals)
        || decimals.len() > places
        || (rest.len() > whole.len() && decimals.is_empty())
    {
        return None;
    }
    format!("{whole}{decimals:0<places$}").parse::<i32>().ok().map(|n| sign * n)
}

impl FromStr for Dioptre {
    type Err = Invalide;
    fn from_str(s: &str) -> Result<Self, Invalide> {
        let bad = || Invalide::new("DIOPTRIE", "Une puissance par quarts de dioptrie est attendue, entre -40.00 et +40.00.");
        match parse_fixed(s.trim(), 2) {
            Some(hundredths) if hundredths % 25 == 0 && hundredths.abs() <= 4000 => i16::try_from(hundredths / 25).map(Self).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Dioptre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0 < 0 { '-' } else { '+' }, self.unsigned())
    }
}

/// A correction is health data: it does not show itself in a log.
impl fmt::Debug for Dioptre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A length in tenths of a millimetre, from 0.0 to 99.9: pupillary distance, fitting height.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Millimetres(u16);

impl FromStr for Millimetres {
    type Err = Invalide;
    fn from_str(s: &str) -> Result<Self, Invalide> {
        match parse_fixed(s.trim(), 1) {
            Some(tenths @ 0..=999) => u16::try_from(tenths).map(Self).map_err(|_| Invalide::new("MILLIMETRES", "")),
            _ => Err(Invalide::new("MILLIMETRES", "Une longueur en millimètres est attendue, par exemple 32.5.")),
        }
    }
}

impl fmt::Display for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl fmt::Debug for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A percentage in hundredths of a point, from 0 to a bound: a discount, a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Pourcentage(u32);

impl Pourcentage {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Hundredths of a point: 12.5 % is 1250.
    pub const fn centiemes(self) -> u32 {
        self.0
    }

    /// A percentage read from digits with at most two decimals, at most `max` points.
    pub fn parse(s: &str, max: u32) -> Result<Self, Invalide> {
        match parse_fixed(s.trim(), 2).and_then(|n| u32::try_from(n).ok()) {
            Some(n) if n <= max * 100 => Ok(Self(n)),
            _ => Err(Invalide::new("POURCENTAGE", format!("Un pourcentage de 0 à {max} est attendu, avec deux décimales au plus."))),
        }
    }
}

impl fmt::Display for Pourcentage {
    /// The shortest writing: `0`, `12.5`, `33.33`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, cents) if cents % 10 == 0 => write!(f, "{whole}.{}", cents / 10),
            (whole, cents) => write!(f, "{whole}.{cents:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_steps_are_exact() {
        for (text, shown) in [("+2.00", "+2.00"), ("2", "+2.00"), ("-0,25", "-0.25"), ("−1.5", "-1.50"), ("0", "+0.00"), ("+40", "+40.00")] {
            assert_eq!(text.parse::<Dioptre>().map(|d| d.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["", "+", "2.10", "40.25", "1e1", "2.", "2.250", "++2", "200"] {
            assert!(text.parse::<Dioptre>().is_err(), "{text}");
        }
    }

    #[test]
    fn percentages_and_lengths() {
        assert_eq!(Pourcentage::parse("12,5", 100).map(|p| p.to_string()), Ok("12.5".into()));
        assert_eq!(Pourcentage::parse("33.33", 100).map(|p| p.centiemes()), Ok(3333));
        assert!(Pourcentage::parse("100.01", 100).is_err());
        assert!(Pourcentage::parse("-1", 100).is_err());
        assert_eq!("32.0".parse::<Millimetres>().map(|m| m.to_string()), Ok("32.0".into()));
        assert_eq!("32".parse::<Millimetres>().map(|m| m.to_string()), Ok("32.0".into()));
        assert!("-1".parse::<Millimetres>().is_err());
    }
}
