//! Envelope encryption: one data key per shop, wrapped by KMS, opened when it is needed and kept in memory for minutes.
//!
//! What must hold: the wrapped key is bound to its shop (the encryption context), so nobody can make one shop's key open as another's; a shop
//! has one data key for ever, and of two that make it at once the first wins; a key that cannot be had is an error, never a new key. Changing the key that wraps
//! is an operation of its own ([`Store::rewrap`]) and changes no sealed content.
//!
//! Deliberately absent: master keys. They stay in KMS; the local runner speaks to a KMS of its own over the same wire.
//! Norm: AWS KMS Developer Guide, « Envelope encryption », « Encryption context ».

use crate::{
    Cursor, MagasinStore, R, Store, StoreError,
    item::cle::CleItem,
    read::{Plage, Requete, cause},
    row::{Meta, Row, doc, id_after, readable, row, s, text, with},
    sceau::Sceau,
    schema::{self, Cle},
    tables::Table,
    transact::{Sens, Si},
};
use aws_sdk_kms::{Client, primitives::Blob, types::DataKeySpec};
use optopec_domain::{ids::MagasinId, limites::CLE_EN_MEMOIRE_SECONDES};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Name of the encryption context, and whom the witness belongs to.
const CONTEXTE: &str = "magasin";
const TEMOIN: &str = "temoin";
/// Which key wraps it: beside the shape, because a rewrap is conditioned on it.
const ENVELOPPE_PAR: &str = "par";
const WHAT: &str = "data key";
/// Keys looked at at once by a rewrap.
const LOT: usize = 100;
/// Keys wrapped anew in one go: about a tenth of a second each, where an answer may take 29 seconds.
const RECHIFFREES_MAX: u64 = 200;

/// KMS and the key that wraps new data keys, with the keys that this process has opened.
pub struct Coffre {
    kms: Client,
    cle: String,
    sceaux: Mutex<HashMap<MagasinId, (Instant, Arc<Sceau>)>>,
}

/// A data key that KMS wrapped.
struct Enveloppe {
    /// The key that wraps it, as KMS names it.
    par: String,
    octets: Vec<u8>,
}

impl Coffre {
    /// Over a client that is already configured; `cle`: id, ARN or alias of the wrapping key.
    pub fn new(kms: Client, cle: impl Into<String>) -> Self {
        Self { kms, cle: cle.into(), sceaux: Mutex::default() }
    }

    fn known(&self, magasin: &MagasinId) -> Option<Arc<Sceau>> {
        let sceaux = self.sceaux.lock().unwrap_or_else(PoisonError::into_inner);
        sceaux.get(magasin).filter(|(opened, _)| fresh(*opened)).map(|(_, sceau)| Arc::clone(sceau))
    }

    fn keep(&self, magasin: &MagasinId, sceau: Sceau) -> Arc<Sceau> {
        let sceau = Arc::new(sceau);
        let mut sceaux = self.sceaux.lock().unwrap_or_else(PoisonError::into_inner);
        sceaux.retain(|_, (opened, _)| fresh(*opened));
        sceaux.insert(magasin.clone(), (Instant::now(), Arc::clone(&sceau)));
        sceau
    }

    async fn generate(&self, whose: &str) -> R<(Enveloppe, Vec<u8>)> {
        let made = self.kms.generate_data_key().key_id(&self.cle).key_spec(DataKeySpec::Aes256).encryption_context(CONTEXTE, whose).send().await;
        let made = made.map_err(|e| StoreError::Cle(cause(&e)))?;
        match (made.key_id, made.ciphertext_blob, made.plaintext) {
            (Some(par), Some(wrapped), Some(clear)) => Ok((Enveloppe { par, octets: wrapped.into_inner() }, clear.into_inner())),
            _ => Err(StoreError::key("KMS answered without a key")),
        }
    }

    async fn unwrap(&self, whose: &str, enveloppe: &Enveloppe) -> R<Vec<u8>> {
        let wrapped = Blob::new(enveloppe.octets.clone());
        let request = self.kms.decrypt().key_id(&enveloppe.par).ciphertext_blob(wrapped).encryption_context(CONTEXTE, whose);
        let opened = request.send().await.map_err(|e| StoreError::Cle(cause(&e)))?;
        opened.plaintext.map(Blob::into_inner).ok_or_else(|| StoreError::key("KMS answered without a key"))
    }

    async fn rewrap(&self, whose: &str, enveloppe: &Enveloppe) -> R<Enveloppe> {
        let request = self
            .kms
            .re_encrypt()
            .source_key_id(&enveloppe.par)
            .ciphertext_blob(Blob::new(enveloppe.octets.clone()))
            .source_encryption_context(CONTEXTE, whose)
            .destination_key_id(&self.cle)
            .destination_encryption_context(CONTEXTE, whose);
        let wrapped = request.send().await.map_err(|e| StoreError::Cle(cause(&e)))?;
        match (wrapped.key_id, wrapped.ciphertext_blob) {
            (Some(par), Some(octets)) => Ok(Enveloppe { par, octets: octets.into_inner() }),
            _ => Err(StoreError::key("KMS answered without a key")),
        }
    }
}

fn fresh(opened: Instant) -> bool {
    opened.elapsed() < Duration::from_secs(CLE_EN_MEMOIRE_SECONDES)
}

fn item(cle: &Cle, enveloppe: &Enveloppe) -> R<Row> {
    Ok(with(row(cle, &CleItem::of(&enveloppe.octets))?, ENVELOPPE_PAR, s(&enveloppe.par)))
}

/// The wrapped data keys of a part of the shops.
fn keys(shard: u8) -> Requete {
    Requete::new(Table::Dossiers, schema::cles_pk(shard), Plage::Prefixe(schema::CLE_MAGASIN.to_owned()))
}

fn read(row: &Row) -> R<Enveloppe> {
    Ok(Enveloppe { par: text(row, ENVELOPPE_PAR, WHAT)?.to_owned(), octets: readable(doc::<CleItem>(row, WHAT)?.read(), WHAT)? })
}

impl MagasinStore {
    /// The shop's keys.
    pub(crate) async fn sceau(&self) -> R<Arc<Sceau>> {
        self.store.sceau(&self.id).await
    }
}

/// What a rewrap did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rechiffrement {
    /// Data keys that the current key wraps now and did not before.
    pub rechiffrees: u64,
    /// Data keys that another key still wraps: another go is needed.
    pub restantes: u64,
}

impl Store {
    /// The keys of a shop: from memory, from the table, or made now.
    pub(crate) async fn sceau(&self, magasin: &MagasinId) -> R<Arc<Sceau>> {
        let coffre = &self.0.coffre;
        if let Some(sceau) = coffre.known(magasin) {
            return Ok(sceau);
        }
        let cle = schema::cle_magasin(magasin);
        let data_key = match self.get(Table::Dossiers, &cle).await? {
            Some(row) => coffre.unwrap(magasin.as_str(), &read(&row)?).await?,
            // A shop that was sealed had a key: another one would only hide that it is gone.
            None if self.has_sealed(magasin).await? => return Err(StoreError::key("the wrapped data key of the shop is gone")),
            None => self.make_key(&cle, magasin.as_str()).await?.1,
        };
        Ok(coffre.keep(magasin, Sceau::of(&data_key)?))
    }

    async fn has_sealed(&self, magasin: &MagasinId) -> R<bool> {
        let row = self.get(Table::Dossiers, &schema::magasin(magasin)).await?;
        row.map_or(Ok(false), |row| Ok(Meta::of(&row, "magasin")?.scelle))
    }

    /// A new data key, written where none is; of two that are made at once the first wins.
    async fn make_key(&self, cle: &Cle, whose: &str) -> R<(Enveloppe, Vec<u8>)> {
        let coffre = &self.0.coffre;
        let (enveloppe, data_key) = coffre.generate(whose).await?;
        let made = item(cle, &enveloppe)?;
        match self.write_once(|e| e.put(self, Table::Dossiers, made.clone(), &Si::Absent, Sens::Lu)).await {
            Ok(_) => Ok((enveloppe, data_key)),
            // Somebody else made it at the same moment: his is the one.
            Err(StoreError::Stale) => {
                let row = self.get(Table::Dossiers, cle).await?.ok_or_else(|| StoreError::corrupt(WHAT, "written and gone"))?;
                let first = read(&row)?;
                let data_key = coffre.unwrap(whose, &first).await?;
                Ok((first, data_key))
            }
            Err(error) => Err(error),
        }
    }

    /// Some shops of a part, and where to go on; nothing but their ids. A shop has its key before anything else of it is written.
    pub async fn magasins(&self, shard: u8, after: Option<Cursor>) -> R<(Vec<MagasinId>, Option<Cursor>)> {
        let (rows, next) = self.some(&keys(shard), LOT, after.map(|c| c.0)).await?;
        Ok((rows.iter().map(|row| id_after(row, schema::CLE_MAGASIN, WHAT)).collect::<R<_>>()?, next.map(Cursor)))
    }

    /// Whether these tables were ever written with a key: from then on they need the same one.
    pub async fn is_sealed(&self) -> R<bool> {
        Ok(self.get(Table::Dossiers, &schema::temoin()).await?.is_some())
    }

    /// Whether the wrapping key is the one of these tables: `Cle` if not. The first time it becomes the one.
    pub async fn verify_key(&self) -> R<()> {
        self.witness().await.map(drop)
    }

    /// The witness, opened once to see that it can be.
    async fn witness(&self) -> R<Enveloppe> {
        let cle = schema::temoin();
        match self.get(Table::Dossiers, &cle).await? {
            Some(row) => {
                let witness = read(&row)?;
                self.0.coffre.unwrap(TEMOIN, &witness).await?;
                Ok(witness)
            }
            None => Ok(self.make_key(&cle, TEMOIN).await?.0),
        }
    }

    /// Wraps the data keys of all shops by the current key, so many in one go that an answer comes in time; what it wraps already stays as
    /// it is, and one that KMS refuses does not keep the others waiting. May be repeated at any time, and must be until nothing is left.
    pub async fn rewrap(&self) -> R<Rechiffrement> {
        // The witness comes first: it tells how KMS names the current key, and it is the first that a next start looks at.
        let (mut done, witness) = (Rechiffrement::default(), self.witness().await?);
        let current = self.0.coffre.rewrap(TEMOIN, &witness).await?;
        if current.par != witness.par {
            self.replace_key(&schema::temoin(), &witness, &current, &mut done).await?;
        }
        for shard in 0..Self::SHARDS {
            let (requete, mut after) = (keys(shard), None);
            loop {
                let (rows, next) = self.some(&requete, LOT, after).await?;
                for row in &rows {
                    self.rewrap_one(row, &current.par, &mut done).await?;
                }
                after = next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(done)
    }

    async fn rewrap_one(&self, row: &Row, current: &str, done: &mut Rechiffrement) -> R<()> {
        let before = read(row)?;
        if before.par == current {
            return Ok(());
        }
        if done.rechiffrees + done.restantes >= RECHIFFREES_MAX {
            done.restantes += 1;
            return Ok(());
        }
        let (pk, sk) = (text(row, "pk", WHAT)?, text(row, "sk", WHAT)?);
        let whose = sk.strip_prefix(schema::CLE_MAGASIN).ok_or_else(|| StoreError::corrupt(WHAT, "its key"))?;
        match self.0.coffre.rewrap(whose, &before).await {
            Ok(after) => self.replace_key(&Cle { pk: pk.to_owned(), sk: sk.to_owned() }, &before, &after, done).await,
            Err(StoreError::Cle(_)) => {
                done.restantes += 1;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Puts a data key wrapped anew where the former was.
    async fn replace_key(&self, cle: &Cle, before: &Enveloppe, after: &Enveloppe, done: &mut Rechiffrement) -> R<()> {
        let (item, unchanged) = (item(cle, after)?, Si::Texte(ENVELOPPE_PAR, before.par.clone()));
        match self.write_once(|e| e.put(self, Table::Dossiers, item.clone(), &unchanged, Sens::Lu)).await {
            Ok(_) => done.rechiffrees += 1,
            Err(StoreError::Stale) => done.restantes += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
