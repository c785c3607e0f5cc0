//! Large contents: JSON, deflated, cut into items, found by the hash of what is stored.
//!
//! What must hold: a content never changes under its name, so writing it twice is harmless and reading it needs no condition; whatever
//! names it is written after it. Contents that nobody names any more are left where they are: deleting one could take it away from
//! a writer who is about to name it again, and they cost next to nothing.

use crate::{
    R, Store, StoreError,
    read::unavailable,
    row::{binary, bytes, n, with},
    schema::{self, Proprietaire},
    tables::Table,
};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use futures::{StreamExt, TryStreamExt, stream};
use optopec_domain::empreinte::sha256;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{Read, Write};

/// Bytes of one piece: an item holds 400 KB.
const MORCEAU_OCTETS_MAX: usize = 350 * 1024;
/// Bytes of a content when inflated: nothing that this crate writes comes near.
const CONTENU_OCTETS_MAX: u64 = 256 * 1024 * 1024;
/// Pieces under way at once.
const MORCEAUX_ENSEMBLE: usize = 4;

/// A content ready to be stored: its name, and its pieces.
pub(crate) struct Contenu {
    /// Hash and number of pieces.
    pub(crate) nom: String,
    deflated: Vec<u8>,
}

/// Names a content.
pub(crate) fn prepare(shape: &impl Serialize) -> R<Contenu> {
    let deflated = deflate(crate::item::to_json(shape)?.as_bytes())?;
    let nom = format!("{}-{}", sha256(&deflated), deflated.len().div_ceil(MORCEAU_OCTETS_MAX));
    Ok(Contenu { nom, deflated })
}

/// Deflates bytes.
pub(crate) fn deflate(bytes: &[u8]) -> R<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|e| StoreError::corrupt("content", e.kind().to_string()))
}

/// Inflates bytes into text.
pub(crate) fn inflate(what: &'static str, bytes: &[u8]) -> R<String> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).take(CONTENU_OCTETS_MAX).read_to_string(&mut text).map_err(|e| StoreError::corrupt(what, e.kind().to_string()))?;
    Ok(text)
}

fn split(nom: &str) -> R<(&str, usize)> {
    nom.rsplit_once('-').and_then(|(hash, pieces)| Some((hash, pieces.parse().ok()?))).ok_or_else(|| StoreError::corrupt("content", "its name"))
}

impl Store {
    /// Stores a content.
    pub(crate) async fn put_contenu(&self, proprietaire: Proprietaire<'_>, contenu: &Contenu) -> R<()> {
        let (hash, _) = split(&contenu.nom)?;
        stream::iter(contenu.deflated.chunks(MORCEAU_OCTETS_MAX).enumerate().map(Ok))
            .try_for_each_concurrent(MORCEAUX_ENSEMBLE, |(i, piece)| async move {
                let item = with(with(schema::morceau(proprietaire, hash, i).attributes(), "v", n(1)), "octets", binary(piece.to_vec()));
                self.0.client.put_item().table_name(self.table(Table::Mutuelles)).set_item(Some(item)).send().await.map_err(|e| unavailable(&e))?;
                Ok(())
            })
            .await
    }

    /// Reads a content by its name.
    pub(crate) async fn contenu<T: DeserializeOwned>(&self, proprietaire: Proprietaire<'_>, what: &'static str, nom: &str) -> R<T> {
        let (hash, pieces) = split(nom)?;
        let read: Vec<Vec<u8>> = stream::iter((0..pieces).map(|i| schema::morceau(proprietaire, hash, i)))
            .map(|cle| async move {
                let row = self.get(Table::Mutuelles, &cle).await?.ok_or_else(|| StoreError::corrupt(what, "a piece is missing"))?;
                bytes(&row, "octets", what).map(<[u8]>::to_vec)
            })
            .buffered(MORCEAUX_ENSEMBLE)
            .try_collect()
            .await?;
        crate::item::from_json(what, &inflate(what, &read.concat())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_has_one_name_and_comes_back() {
        let long: Vec<String> = (0..20_000).map(|i| format!("mutuelle n° {i}")).collect();
        let (a, b) = (prepare(&long).unwrap(), prepare(&long).unwrap());
        assert_eq!(a.nom, b.nom);
        assert_ne!(a.nom, prepare(&&long[1..]).unwrap().nom);
        let text = inflate("x", &a.deflated).unwrap();
        assert_eq!(crate::item::from_json::<Vec<String>>("x", &text).unwrap(), long);
        assert_eq!(split(&a.nom).unwrap().1, a.deflated.len().div_ceil(MORCEAU_OCTETS_MAX));
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(inflate("x", &[0xff, 0x00, 0x12]).is_err());
        assert!(split("no pieces").is_err());
    }
}
