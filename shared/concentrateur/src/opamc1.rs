//! The dialect `opamc1`: our own, complete, and claimed as nothing else.
//!
//! The norm of the trade (OptoAMC) has no public field specification; what is public is the set of operations, the three kinds of
//! fields and the two origins of a refusal (http://www.cristallin.com/quest-ce-que-loptoamc/). Messages: docs/concentrateur.md.

pub mod ecrire;
pub mod lire;

#[cfg(test)]
mod tests;

/// Namespace of every element.
const NAMESPACE: &str = "urn:optopec:opamc:1";
/// Attribute `version` of every root.
const VERSION: &str = "1";

/// Whether XML 1.0 lets a document contain this character (Extensible Markup Language 1.0, production 2).
const fn legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}
