//! A shop's list of mutuelles: which conventions it adopted, and its own changes beside them.
//!
//! What must hold: the list changes by one conditional write of its head, which names a convention list and sixteen parts of the shop's
//! own changes by their content; the parts are stored before and never change, so who reads under one head reads one list. Adopting a
//! new version of the conventions writes the head and nothing else.

use crate::{
    Idempotence, MagasinStore, R,
    blob::{self, Contenu},
    item::{convention::ListeItem, mutuelle::PaquetItem},
    row::{VERSION, doc, n, number, readable, row, with},
    schema::{self, Proprietaire},
    tables::Table,
    transact::{Sens, Si},
};
use futures::{StreamExt, TryStreamExt, stream};
use optopec_domain::{
    ids::MutuelleId,
    mutuelle::{Ajouts, Propre, Retouche},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Parts of a shop's own changes: one change rewrites one of them.
const PAQUETS: u8 = 16;
/// Parts kept in memory: those of a few shops.
const EN_MEMOIRE_MAX: usize = 64;
/// Parts under way at once.
const ENSEMBLE: usize = 8;

/// Parts in memory by content, last used last.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Vec<(String, Arc<Ajouts>)>>);

impl Cache {
    fn get(&self, nom: &str) -> Option<Arc<Ajouts>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let i = kept.iter().position(|(n, _)| n == nom)?;
        let found = kept.remove(i);
        kept.push(found.clone());
        Some(found.1)
    }

    fn keep(&self, nom: &str, ajouts: &Arc<Ajouts>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(n, _)| n != nom);
        if kept.len() >= EN_MEMOIRE_MAX {
            kept.remove(0);
        }
        kept.push((nom.to_owned(), Arc::clone(ajouts)));
    }
}

/// What a shop's list is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListeHead {
    /// Raised by every change; 0: never any.
    pub version: u64,
    /// The adopted convention list.
    pub convention: Option<String>,
    /// Whose list that is.
    pub concentrateur: Option<String>,
    /// The shop's own changes: part and name of its content.
    pub paquets: Vec<(u8, String)>,
}

const WHAT: &str = "list of mutuelles";

impl MagasinStore {
    /// What the shop's list is made of.
    pub async fn liste(&self) -> R<ListeHead> {
        match self.store.get(Table::Mutuelles, &schema::liste(&self.id)).await? {
            Some(row) => Ok(doc::<ListeItem>(&row, WHAT)?.read(number(&row, VERSION, WHAT)?)),
            None => Ok(ListeHead::default()),
        }
    }

    /// All that the shop keeps beside the conventions.
    pub async fn ajouts(&self, head: &ListeHead) -> R<Ajouts> {
        let reads: Vec<_> = head.paquets.iter().map(|(_, nom)| self.paquet(nom)).collect();
        let parts: Vec<Arc<Ajouts>> = stream::iter(reads).buffered(ENSEMBLE).try_collect().await?;
        let mut all = Ajouts::default();
        for part in parts {
            all.retouches.extend(part.retouches.iter().map(|(id, r)| (id.clone(), r.clone())));
            all.propres.extend(part.propres.iter().map(|(id, p)| (id.clone(), p.clone())));
        }
        Ok(all)
    }

    /// What the shop keeps about one mutuelle.
    pub async fn ajouts_de(&self, head: &ListeHead, id: &MutuelleId) -> R<(Option<Retouche>, Option<Propre>)> {
        let Some((_, nom)) = head.paquets.iter().find(|(part, _)| *part == part_of(id)) else { return Ok((None, None)) };
        let part = self.paquet(nom).await?;
        Ok((part.retouches.get(id).cloned(), part.propres.get(id).cloned()))
    }

    /// Writes the whole list as it must be; `convention`: concentrator and version to adopt, none to keep what was adopted.
    /// `Stale` when the list moved since `seen`. Where nothing changed, nothing is written but the answer to the key.
    pub async fn put_liste(&self, seen: &ListeHead, convention: Option<(&str, &str)>, ajouts: &Ajouts, idem: Option<&Idempotence>) -> R<ListeHead> {
        let parts = split(ajouts).into_iter().map(|(part, ajouts)| Ok((part, blob::prepare(&PaquetItem::of(&ajouts))?))).collect::<R<Vec<(u8, Contenu)>>>()?;
        let next = ListeHead {
            version: seen.version + 1,
            convention: convention.map_or_else(|| seen.convention.clone(), |(_, version)| Some(version.to_owned())),
            concentrateur: convention.map_or_else(|| seen.concentrateur.clone(), |(concentrateur, _)| Some(concentrateur.to_owned())),
            paquets: parts.iter().map(|(part, contenu)| (*part, contenu.nom.clone())).collect(),
        };
        if (ListeHead { version: seen.version, ..next.clone() }) == *seen {
            if let Some(idem) = idem {
                self.remember(idem).await?;
            }
            return Ok(seen.clone());
        }
        let owner = Proprietaire::Magasin(&self.id);
        let new = parts.iter().filter(|(part, contenu)| !seen.paquets.contains(&(*part, contenu.nom.clone())));
        stream::iter(new.map(Ok)).try_for_each_concurrent(ENSEMBLE, |(_, contenu)| self.store.put_contenu(owner, contenu)).await?;
        self.put_head(seen, &next, idem).await?;
        Ok(next)
    }

    async fn put_head(&self, seen: &ListeHead, next: &ListeHead, idem: Option<&Idempotence>) -> R<()> {
        let head = with(row(&schema::liste(&self.id), &ListeItem::of(next))?, VERSION, n(next.version));
        let before = if seen.version == 0 { Si::Absent } else { Si::Version(seen.version) };
        let sceau = self.sceau().await?;
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Mutuelles, head.clone(), &before, Sens::Lu)?;
                if seen.concentrateur != next.concentrateur {
                    if let Some(former) = &seen.concentrateur {
                        e.delete_always(&self.store, Table::Mutuelles, &schema::adopte(former, &self.id))?;
                    }
                    if let Some(now) = &next.concentrateur {
                        e.put_always(&self.store, Table::Mutuelles, with(schema::adopte(now, &self.id).attributes(), "v", n(1)))?;
                    }
                }
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    async fn paquet(&self, nom: &str) -> R<Arc<Ajouts>> {
        if let Some(kept) = self.store.0.paquets.get(nom) {
            return Ok(kept);
        }
        let item: PaquetItem = self.store.contenu(Proprietaire::Magasin(&self.id), WHAT, nom).await?;
        let ajouts = Arc::new(readable(item.read(), WHAT)?);
        self.store.0.paquets.keep(nom, &ajouts);
        Ok(ajouts)
    }
}

/// The part that a mutuelle belongs to.
fn part_of(id: &MutuelleId) -> u8 {
    id.as_str().bytes().fold(0u8, |h, b| h.wrapping_mul(31).wrapping_add(b)) % PAQUETS
}

/// The parts that hold something.
fn split(ajouts: &Ajouts) -> BTreeMap<u8, Ajouts> {
    let mut parts: BTreeMap<u8, Ajouts> = BTreeMap::new();
    for (id, retouche) in &ajouts.retouches {
        parts.entry(part_of(id)).or_default().retouches.insert(id.clone(), retouche.clone());
    }
    for (id, propre) in &ajouts.propres {
        parts.entry(part_of(id)).or_default().propres.insert(id.clone(), propre.clone());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_a_partition_and_one_change_touches_one() {
        let mut ajouts = Ajouts::default();
        for i in 0..500 {
            ajouts.retouches.insert(MutuelleId::derived(&[&i.to_string()]), Retouche { version: 1, ..Retouche::default() });
        }
        let before = split(&ajouts);
        assert_eq!(before.len(), 16);
        assert_eq!(before.values().map(|a| a.retouches.len()).sum::<usize>(), 500);
        let id = MutuelleId::derived(&["7"]);
        ajouts.retouches.get_mut(&id).unwrap().version = 2;
        let after = split(&ajouts);
        let changed: Vec<u8> = after.iter().filter(|(part, a)| before[part] != **a).map(|(part, _)| *part).collect();
        assert_eq!(changed, [part_of(&id)]);
    }
}
