//! Identifiers: a prefix and a ULID. A string becomes one only by parsing; ids of two kinds cannot be swapped.

use crate::erreur::Invalide;
use std::{fmt, str::FromStr};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What the id begins with, underscore included.
            pub const PREFIX: &'static str = $prefix;

            /// The id made of a ULID.
            pub fn from_ulid(ulid: ulid::Ulid) -> Self {
                Self(format!("{}{ulid}", $prefix))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalide;
            fn from_str(s: &str) -> Result<Self, Invalide> {
                let bad = || Invalide::new("IDENTIFIANT", concat!("Un identifiant de la forme « ", $prefix, "… » est attendu."));
                let rest = s.strip_prefix($prefix).ok_or_else(bad)?;
                let ulid = ulid::Ulid::from_string(rest).map_err(|_| bad())?;
                // `from_string` forgives case and look-alikes; an id has one spelling only.
                if ulid.to_string() == rest { Ok(Self(s.to_owned())) } else { Err(bad()) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/// A shop, the tenant.
    MagasinId, "mag_");
id!(/// A person known to a shop.
    ClientId, "cli_");
id!(/// A mutuelle as a shop sees it.
    MutuelleId, "mut_");
id!(/// A dossier.
    DossierId, "dos_");
id!(/// A demande; also its reference at the concentrator, for ever.
    DemandeId, "dem_");

impl MutuelleId {
    /// The id that a key always gives, so that no table of ids is needed: 128 bits of SHA-256 written as a ULID.
    pub fn derived(parts: &[&str]) -> Self {
        let digest = crate::empreinte::digest_of(parts);
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self::from_ulid(ulid::Ulid::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        assert!("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<DemandeId>().is_ok());
        for bad in [
            "",
            "dem_",
            "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "dem_01arz3ndektsv4rrffq69g5fav",
            "dem_01ARZ3NDEKTSV4RRFFQ69G5FA",
            "dem_O1ARZ3NDEKTSV4RRFFQ69G5FAV",
            " dem_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ] {
            assert!(bad.parse::<DemandeId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_derived_id_depends_on_the_cut_between_parts() {
        assert_eq!(MutuelleId::derived(&["a", "b"]), MutuelleId::derived(&["a", "b"]));
        assert_ne!(MutuelleId::derived(&["ab", ""]), MutuelleId::derived(&["a", "b"]));
    }
}
