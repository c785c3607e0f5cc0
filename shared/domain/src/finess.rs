//! FINESS: the number of a shop at the health insurance.

use crate::erreur::Invalide;
use std::{fmt, str::FromStr};

/// Nine characters: two of the department (2A, 2B for Corsica), then digits, the last a Luhn key.
/// A wrong key is a doubt, not an error: old numbers exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finess(String);

impl Finess {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the last digit is the Luhn key of the others (letters of Corsica count as in the alphabet: A = 1, B = 2).
    pub fn key_is_right(&self) -> bool {
        let digits = self.0.bytes().map(|b| if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 1 });
        let sum: u32 = digits.rev().enumerate().map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
        sum.is_multiple_of(10)
    }
}

impl FromStr for Finess {
    type Err = Invalide;
    fn from_str(s: &str) -> Result<Self, Invalide> {
        let text: String = s.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let shape = text.len() == 9 && text.bytes().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 1 && matches!(b, b'A' | b'B')));
        if shape { Ok(Self(text)) } else { Err(Invalide::new("FINESS", "Un numéro FINESS a 9 caractères.")) }
    }
}

impl fmt::Display for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_a_luhn_key() {
        // 7 5 0 0 0 0 0 0 + key: positions from the key: key, 0·2, 0, 0·2, 0, 0·2, 0, 5·2=10→1, 7 → 8, so the key is 2.
        assert!("750000002".parse::<Finess>().unwrap().key_is_right());
        assert!(!"750000003".parse::<Finess>().unwrap().key_is_right());
        assert!("2A0000006".parse::<Finess>().is_ok());
        for bad in ["", "75000000", "7500000022", "75000000X", "A50000002"] {
            assert!(bad.parse::<Finess>().is_err(), "{bad}");
        }
    }
}
