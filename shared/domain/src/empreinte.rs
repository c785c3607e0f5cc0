//! SHA-256, and bytes in hexadecimal: what contents, keys and papers are told apart by.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of parts; the cut between parts counts.
pub fn digest_of(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: sha256sum of `abc`, and of `a`, NUL, `bc`, NUL.
    #[test]
    fn a_fingerprint_is_the_one_that_every_tool_computes() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&digest_of(&["a", "bc"])), "aa795aa4bbb6117911ef062e271bcb05ccfd58ea439da7d46a44e3a3fcefa790");
        assert_ne!(digest_of(&["a", "bc"]), digest_of(&["ab", "c"]));
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }
}
