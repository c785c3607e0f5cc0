//! Who may do what: the four roles of the contract.

use crate::erreur::Invalide;
use std::str::FromStr;

/// The role a token carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads; a NIR only masked.
    Lecture,
    /// Also clients, dossiers, consent, demandes, cancel, transfer.
    Opticien,
    /// Also magasin, switches, mutuelles, decisions.
    Gerant,
    /// The operator's routes, nothing of a shop's.
    Operateur,
}

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Droit {
    /// Nothing: the route is called without a token.
    Ouvert,
    /// Read what a shop has.
    Lire,
    /// Work at the counter.
    Servir,
    /// Run the shop.
    Gerer,
    /// Operate the service.
    Operer,
    /// Read the reference tables, which belong to nobody.
    Consulter,
}

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Self; 4] = [Self::Lecture, Self::Opticien, Self::Gerant, Self::Operateur];

    /// Whether the role may.
    pub const fn may(self, droit: Droit) -> bool {
        match (self, droit) {
            (_, Droit::Ouvert) | (Self::Operateur, Droit::Operer | Droit::Consulter) => true,
            (Self::Operateur, Droit::Lire | Droit::Servir | Droit::Gerer) | (_, Droit::Operer) => false,
            (_, Droit::Lire | Droit::Consulter) | (Self::Gerant, Droit::Servir | Droit::Gerer) => true,
            (Self::Opticien, Droit::Servir) => true,
            (Self::Opticien, Droit::Gerer) | (Self::Lecture, Droit::Servir | Droit::Gerer) => false,
        }
    }

    /// As the token writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lecture => "LECTURE",
            Self::Opticien => "OPTICIEN",
            Self::Gerant => "GERANT",
            Self::Operateur => "OPERATEUR",
        }
    }
}

impl FromStr for Role {
    type Err = Invalide;
    fn from_str(s: &str) -> Result<Self, Invalide> {
        Self::ALL.into_iter().find(|r| r.as_str() == s).ok_or_else(|| Invalide::new("ROLE", "Rôle inconnu : LECTURE, OPTICIEN, GERANT ou OPERATEUR."))
    }
}
