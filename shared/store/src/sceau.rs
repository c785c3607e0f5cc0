//! What one shop's data key does: it seals what the shop stores about persons, and makes the hash by which a NIR is found.
//!
//! What must hold: a sealed content opens only at the item it was sealed for, because the item's key is authenticated with it: whoever can
//! write the table cannot move it to another item or another shop. Sealing and searching use keys of their own, derived from the data key.
//! AES-256-GCM with a random nonce for each sealing: one key may seal 2^32 contents (NIST SP 800-38D, 8.3), more than a shop ever writes.

use crate::{R, StoreError, schema::Cle};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf, hmac,
};
use optopec_domain::nir::Nir;

/// Bytes of a data key.
pub(crate) const CLE_OCTETS: usize = 32;
/// Hexadecimal digits of a hash: 128 bits, enough that two of a shop never meet.
const EMPREINTE_CARACTERES: usize = 32;

/// The keys of one shop, ready to use. Has no `Debug`: it must not show itself.
pub(crate) struct Sceau {
    chiffrement: RandomizedNonceKey,
    recherche: hmac::Key,
}

impl Sceau {
    /// The keys derived from a data key (HKDF-SHA-256, RFC 5869).
    pub(crate) fn of(data_key: &[u8]) -> R<Self> {
        if data_key.len() != CLE_OCTETS {
            return Err(StoreError::key("a data key of another length"));
        }
        let failed = |_| StoreError::key("the data key cannot be derived from");
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"optopec").extract(data_key);
        let mut chiffrement = [0; CLE_OCTETS];
        root.expand(&[b"chiffrement"], hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut chiffrement)).map_err(failed)?;
        let recherche = root.expand(&[b"recherche-nir"], hkdf::HKDF_SHA256.hmac_algorithm()).map_err(failed)?;
        Ok(Self { chiffrement: RandomizedNonceKey::new(&AES_256_GCM, &chiffrement).map_err(failed)?, recherche: recherche.into() })
    }

    /// A content that only the item of this key, and this attribute of it, will give back.
    pub(crate) fn seal(&self, cle: &Cle, attribut: &str, mut content: Vec<u8>) -> R<Vec<u8>> {
        let nonce =
            self.chiffrement.seal_in_place_append_tag(place(cle, attribut), &mut content).map_err(|_| StoreError::key("the content cannot be sealed"))?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + content.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut content);
        Ok(sealed)
    }

    /// What was sealed for this place; `Corrupt` when it was sealed elsewhere, with another key, or changed since.
    pub(crate) fn open(&self, cle: &Cle, attribut: &str, sealed: &[u8], what: &'static str) -> R<Vec<u8>> {
        let damaged = || StoreError::corrupt(what, "its seal is broken");
        let (nonce, content) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut content = content.to_vec();
        let length = self.chiffrement.open_in_place(nonce, place(cle, attribut), &mut content).map_err(|_| damaged())?.len();
        content.truncate(length);
        Ok(content)
    }

    /// By what a NIR is found: nobody without the key can tell it from a number, nor try the numbers out.
    pub(crate) fn nir(&self, nir: &Nir) -> String {
        self.hash(nir.expose())
    }

    /// By what an `Idempotency-Key` is found: a program may have made it of anything.
    pub(crate) fn cle_idempotence(&self, cle: &str) -> String {
        self.hash(&format!("cle\0{cle}"))
    }

    fn hash(&self, text: &str) -> String {
        let mut hash = optopec_domain::empreinte::hex(hmac::sign(&self.recherche, text.as_bytes()).as_ref());
        hash.truncate(EMPREINTE_CARACTERES);
        hash
    }
}

/// The item's key and attribute; the cut between the parts counts.
fn place(cle: &Cle, attribut: &str) -> Aad<Vec<u8>> {
    Aad::from([cle.pk.as_bytes(), cle.sk.as_bytes(), attribut.as_bytes()].join(&0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sceau(byte: u8) -> Sceau {
        Sceau::of(&[byte; CLE_OCTETS]).unwrap()
    }

    fn cle(pk: &str, sk: &str) -> Cle {
        Cle { pk: pk.into(), sk: sk.into() }
    }

    #[test]
    fn what_is_sealed_comes_back_at_its_place_only() {
        let (a, here) = (sceau(1), cle("MAG#a", "DOS#1"));
        let sealed = a.seal(&here, "c", b"278052A00412358".to_vec()).unwrap();
        assert_eq!(a.open(&here, "c", &sealed, "x").unwrap(), b"278052A00412358");
        assert!(!sealed.windows(4).any(|w| w == b"2780"));
        for (pk, sk, attribut) in [("MAG#b", "DOS#1", "c"), ("MAG#a", "DOS#2", "c"), ("MAG#a", "DOS#1", "d"), ("MAG#a#DOS", "1", "c")] {
            assert!(matches!(a.open(&cle(pk, sk), attribut, &sealed, "x"), Err(StoreError::Corrupt { .. })), "{pk} {sk} {attribut}");
        }
        assert!(matches!(sceau(2).open(&here, "c", &sealed, "x"), Err(StoreError::Corrupt { .. })));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let (a, here) = (sceau(1), cle("p", "s"));
        let sealed = a.seal(&here, "c", b"contenu".to_vec()).unwrap();
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(a.open(&here, "c", &changed, "x").is_err(), "byte {i}");
            assert!(a.open(&here, "c", &sealed[..i], "x").is_err(), "cut at {i}");
        }
    }

    #[test]
    fn the_same_content_never_looks_the_same() {
        let (a, here) = (sceau(1), cle("p", "s"));
        assert_ne!(a.seal(&here, "c", b"contenu".to_vec()).unwrap(), a.seal(&here, "c", b"contenu".to_vec()).unwrap());
    }

    #[test]
    fn a_nir_has_one_hash_per_shop_which_is_not_its_own() {
        let (nir, other): (Nir, Nir) = ("278052A00412358".parse().unwrap(), "255081416802538".parse().unwrap());
        let a = sceau(1);
        assert_eq!(a.nir(&nir), a.nir(&nir));
        assert_eq!(a.nir(&nir).len(), EMPREINTE_CARACTERES);
        assert_ne!(a.nir(&nir), a.nir(&other));
        assert_ne!(a.nir(&nir), sceau(2).nir(&nir));
    }

    /// HKDF-SHA-256 and HMAC-SHA-256 of another implementation (Python, `hmac` and `hashlib`; extract with the salt `optopec`, then one
    /// block of expand), so that what is stored stays findable whatever library does it.
    #[test]
    fn the_keys_are_derived_as_rfc_5869_says() {
        let nir: Nir = "278052A00412358".parse().unwrap();
        assert_eq!(sceau(7).nir(&nir), "8cfd2a536fb2b808bc8d4725cdc2e16b");
    }

    #[test]
    fn a_data_key_has_one_length() {
        assert!(matches!(Sceau::of(&[1; 16]), Err(StoreError::Cle(_))));
    }
}
