//! Speaks with a concentrator: a dialect per concentrator (pure: build a message, read an answer) and one transport.
//!
//! What must hold: an outcome is *not received* only when that is proven, and *unknown* otherwise; nothing is ever sent twice from here;
//! what comes in is untrusted input, bounded in size and depth before anything is made of it.
//! Deliberately absent: when to ask again and what an answer changes (`domain::suivi`), tables, clocks, environment variables.
//! Where it comes from: docs/concentrateur.md.

mod dialecte;
mod opamc1;
mod transport;

pub use dialecte::{Dialecte, Illisible};
pub use transport::{Concentrateur, Conventions, ConventionsErreur, Delais, Recu, ReglageInvalide, Reglages};
