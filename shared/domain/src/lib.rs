//! The trade: types, rules, amounts and the life of a demande. Pure: what comes in decides what goes out.
//!
//! Deliberately absent: IO, clocks, serialisation (no serde, no HTTP, no table), randomness. `now` and ids are arguments.
//! Strings become ids, amounts, NIR, plateaux only by parsing; private fields keep them so.

pub mod acces;
pub mod centimes;
pub mod client;
pub mod consentement;
pub mod conservation;
pub mod credit;
pub mod date;
pub mod demande;
pub mod dioptre;
pub mod dossier;
pub mod empreinte;
pub mod enumeration;
pub mod envoi;
pub mod erreur;
#[cfg(test)]
mod exemples;
pub mod finess;
pub mod ids;
pub mod limites;
pub mod liste;
pub mod lpp;
pub mod lpp_initial;
pub mod machine;
pub mod magasin;
pub mod montants;
pub mod mutuelle;
pub mod nir;
pub mod recherche;
pub mod rejets;
pub mod reponse;
pub mod role;
pub mod statistiques;
pub mod suivi;
pub mod texte;
pub mod verification;
