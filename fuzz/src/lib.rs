//! The readers under the fuzzers, and what must hold of them.
//!
//! The readers of files are compiled from the very sources of the product, but without the crates around them: those bring the AWS SDKs,
//! which take a quarter of an hour to compile for a fuzzer and are not what is looked at.

extern crate self as optopec_lambda;

#[path = "../../shared/lambda/src/csv.rs"]
pub mod csv;
#[path = "../../functions/mutuelles/src/lignes.rs"]
pub mod lignes;
mod proprietes;

pub use proprietes::{csv, montant, nir, xml};

/// What `lignes` makes of a refused file on its way to HTTP: nothing that is looked at here.
pub mod probleme {
    /// A refused file.
    pub struct Probleme;

    impl Probleme {
        /// Its header cannot be used.
        pub fn csv_illisible(_: String) -> Self {
            Self
        }

        /// It is too long.
        pub fn trop_grand(_: String) -> Self {
            Self
        }
    }
}
