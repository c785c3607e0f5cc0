//! The contract of docs/api.md, rule by rule, each expectation taken from its text or computed by hand.

pub mod conventions;
mod demandes;
mod dossiers;
mod mutuelles;
mod nir;
mod operateur;
mod verification;
