//! Money: integer centimes of euro. No float ever touches it.

use crate::erreur::Invalide;
use std::{fmt, iter::Sum, str::FromStr};

/// An amount in centimes, never negative, at most [`Centimes::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Centimes(u64);

impl Centimes {
    /// Nothing at all (known to be nothing; an unknown amount is `Option::None`).
    pub const ZERO: Self = Self(0);
    /// The largest amount taken from outside: 1,000,000.00 €. Sums of every line of a dossier stay far from overflow.
    pub const MAX: Self = Self(100_000_000);

    /// An amount taken from outside, in centimes.
    pub fn new(centimes: i64) -> Result<Self, Invalide> {
        match u64::try_from(centimes) {
            Ok(c) if c <= Self::MAX.0 => Ok(Self(c)),
            Ok(_) => Err(Invalide::new("MONTANT", "Un montant ne dépasse pas 1 000 000,00 €.")),
            Err(_) => Err(Invalide::new("MONTANT", "Un montant n'est pas négatif.")),
        }
    }

    /// An amount written in the code or computed from valid ones.
    pub const fn of(centimes: u64) -> Self {
        Self(centimes)
    }

    /// The number of centimes.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// `self + other`.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `self − other`, never below zero.
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self × numerator / denominator`, half up to the centime.
    pub fn ratio(self, numerator: u64, denominator: u64) -> Self {
        let (n, d) = (u128::from(self.0) * u128::from(numerator), u128::from(denominator.max(1)));
        Self(u64::try_from((2 * n + d) / (2 * d)).unwrap_or(u64::MAX))
    }

    /// Euros with two digits and a dot: `250.00`, as the concentrator wants them.
    pub fn to_decimal(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// Euros as French people write them: `1 234,56 €` (no-break spaces).
    pub fn to_french(self) -> String {
        let digits = (self.0 / 100).to_string();
        let mut euros = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                euros.push('\u{a0}');
            }
            euros.push(c);
        }
        format!("{euros},{:02}\u{a0}€", self.0 % 100)
    }
}

impl FromStr for Centimes {
    type Err = Invalide;
    /// Decimal euros: digits, and at most two after a dot or a comma. `12,5` is 12.50 €; `1e3`, `12,345`, `-1`, `+1` are errors.
    fn from_str(s: &str) -> Result<Self, Invalide> {
        let bad = || Invalide::new("MONTANT", "Un montant en euros est attendu, par exemple 12,50.");
        let (euros, cents) = s.split_once(['.', ',']).unwrap_or((s, ""));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(euros) || euros.len() > 9 || cents.len() > 2 || (s.len() > euros.len() && !digits(cents)) {
            return Err(bad());
        }
        let euros: i64 = euros.parse().map_err(|_| bad())?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| bad())?;
        Self::new(euros * 100 + cents)
    }
}

impl fmt::Debug for Centimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_decimal())
    }
}

impl Sum for Centimes {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_from_digits_only() {
        for (text, expected) in [("250.00", 25_000), ("12,5", 1_250), ("0", 0), ("1000000", 100_000_000), ("0.05", 5)] {
            assert_eq!(text.parse::<Centimes>().map(Centimes::get), Ok(expected), "{text}");
        }
        for text in ["", "1e3", "12,345", "-1", "+1", "1.", ".5", "1 000", "1000000.01", "NaN", "１２", "12,5,0", "9999999999"] {
            assert!(text.parse::<Centimes>().is_err(), "{text}");
        }
    }

    #[test]
    fn ratios_round_half_up() {
        assert_eq!(Centimes::of(229).ratio(60, 100), Centimes::of(137));
        assert_eq!(Centimes::of(284).ratio(60, 100), Centimes::of(170));
        assert_eq!(Centimes::of(2668).ratio(60, 100), Centimes::of(1601));
        assert_eq!(Centimes::of(1).ratio(1, 2), Centimes::of(1));
    }

    #[test]
    fn french_writing() {
        assert_eq!(Centimes::of(123_456).to_french(), "1\u{a0}234,56\u{a0}€");
        assert_eq!(Centimes::of(5).to_french(), "0,05\u{a0}€");
        assert_eq!(Centimes::of(100_000_000).to_french(), "1\u{a0}000\u{a0}000,00\u{a0}€");
    }
}
