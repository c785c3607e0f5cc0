//! Demandes: reads, the work list, what is due, and the writes that touch neither credits nor guard.
//!
//! What must hold: a demande is written under the version it was read at. Its attributes of the two indexes are set by the same write:
//! where it stands in the work list always, when it is due only as long as something is due (the index is sparse). Lists read
//! the index for ids and the table for everything else.

use crate::{
    Cursor, Idempotence, MagasinStore, Page, R, Store,
    dossiers::PAR_DEMANDE,
    item::{
        demande::{BrutItem, DemandeItem},
        envoi::EnvoiItem,
    },
    page,
    read::{Plage, Requete},
    row::{Row, VERSION, id_after, n, number, open, readable, s, sealed, text, until, versioned, with},
    sceau::Sceau,
    schema,
    tables::{ECHEANCE, TRAVAIL, Table},
    transact::{Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::{
    demande::{Demande, EtatPublic, Nature},
    envoi::Envoi,
    ids::{DemandeId, DossierId, MagasinId},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which demandes a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreDemandes {
    /// In one of these states; in any where none is said.
    pub etats: BTreeSet<EtatPublic>,
    /// Of this nature.
    pub nature: Option<Nature>,
    /// Of this dossier.
    pub dossier: Option<DossierId>,
}

/// The body of an answer that nobody could use.
#[derive(Clone, PartialEq, Eq)]
pub struct Brut {
    /// When it came.
    pub recu_le: Timestamp,
    /// Its text; bytes that are none are replaced.
    pub texte: String,
}

const WHAT: &str = "demande";
const LISTE: &str = "demandes";
/// Demandes read at once while a filter is looked through, or what is due.
const LOT: usize = 100;
/// Lots that are looked through for one page; the page may then be shorter than asked, and the next one goes on there.
const LOTS_PAR_PAGE_MAX: usize = 20;

impl MagasinStore {
    /// One demande.
    pub async fn demande(&self, id: &DemandeId) -> R<Option<Demande>> {
        let cle = schema::demande(&self.id, id);
        let (sceau, row) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle))?;
        row.map(|row| read(&row, &sceau)).transpose()
    }

    /// What a demande sends; nothing once it was erased.
    pub async fn envoi(&self, id: &DemandeId) -> R<Option<Envoi>> {
        let cle = schema::envoi(&self.id, id);
        let (sceau, row) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle))?;
        row.map(|row| readable(open::<EnvoiItem>(&row, &sceau, "envoi")?.read(), "envoi")).transpose()
    }

    /// The last answer to a demande that nobody could use, for the person who decides, as long as it is kept.
    pub async fn brut(&self, id: &DemandeId, now: Timestamp) -> R<Option<Brut>> {
        let cle = schema::brut(&self.id, id);
        let (sceau, row) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle))?;
        let Some(row) = row else { return Ok(None) };
        let brut = readable(open::<BrutItem>(&row, &sceau, "raw answer")?.read(), "raw answer")?;
        // The database takes its time to forget.
        Ok(Some(brut).filter(|b| self.store.0.conservation.brut(b.recu_le) > now))
    }

    /// Erases what a demande holds about a person; `after` is what stays of it; `garde`: it holds the guard of its equipment, which goes.
    /// `Stale` when it moved.
    pub async fn erase_demande(&self, after: &Demande, garde: bool) -> R<()> {
        let row = self.demande_row(after, &*self.sceau().await?)?;
        let before = Si::Version(after.version.saturating_sub(1));
        let (guard, ours) = (schema::garde(&self.id, &after.dossier_id, after.equipement), Si::Texte(PAR_DEMANDE, after.id.to_string()));
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &before, Sens::Lu)?;
                e.delete_always(&self.store, Table::Dossiers, &schema::envoi(&self.id, &after.id))?;
                e.delete_always(&self.store, Table::Dossiers, &schema::brut(&self.id, &after.id))?;
                if garde { e.delete(&self.store, Table::Dossiers, &guard, &ours, Sens::Lu) } else { Ok(()) }
            })
            .await?;
        Ok(())
    }

    /// The work list, newest first.
    pub async fn demandes(&self, filtre: &FiltreDemandes, limite: u32, suivant: Option<&str>) -> R<Page<Demande>> {
        let (wanted, mut after) = (limite as usize + 1, page::decode::<DemandeId>(LISTE, suivant)?);
        let (sources, mut found) = (sources(filtre), Vec::new());
        // What the sources do not narrow themselves is looked through by the lot.
        let by_lot = filtre.nature.is_some() || (filtre.dossier.is_some() && !filtre.etats.is_empty());
        for _ in 0..LOTS_PAR_PAGE_MAX {
            let (rows, more) = self.newest(&sources, if by_lot { LOT } else { wanted - found.len() }, after.as_ref()).await?;
            let last = rows.last().map(|row| id_after::<DemandeId>(row, schema::DEMANDE, WHAT)).transpose()?;
            found.extend(self.read_rows(rows).await?.into_iter().filter(|d| fits(filtre, d)));
            match last {
                Some(last) if more && found.len() < wanted => after = Some(last),
                _ => {
                    found.truncate(wanted);
                    return Ok(page::cut(LISTE, found, limite, |d| d.id.to_string()));
                }
            }
        }
        Ok(Page { elements: found, suivant: after.map(|id| page::encode(LISTE, id.as_str())) })
    }

    /// At most `lot` rows of several sources together, newest first, after a demande; and whether there may be more.
    async fn newest(&self, sources: &[Source<'_>], lot: usize, after: Option<&DemandeId>) -> R<(Vec<Row>, bool)> {
        let reads = sources.iter().map(|source| async move {
            let place = after.map(|id| self.place_in(source, id));
            self.store.some(&self.requete(source), lot, place).await
        });
        // By sort key: a demande that changes its state just now may stand in two of them.
        let (mut rows, mut told, mut more) = (BTreeMap::new(), String::new(), false);
        for (read, next) in futures::future::try_join_all(reads).await? {
            let mut last = String::new();
            for row in read {
                text(&row, "sk", WHAT)?.clone_into(&mut last);
                rows.insert(last.clone(), row);
            }
            if next.is_some() {
                // What this source has beyond comes before anything older of the others.
                (told, more) = (told.max(last), true);
            }
        }
        let sure: Vec<Row> = rows.into_iter().rev().take_while(|(sk, _)| *sk >= told).map(|(_, row)| row).collect();
        let more = more || sure.len() > lot;
        Ok((sure.into_iter().take(lot).collect(), more))
    }

    /// Demandes by id, in no order; one that does not exist is left out.
    pub async fn demandes_by_id(&self, ids: &[DemandeId]) -> R<Vec<Demande>> {
        let found = self.store.get_all(Table::Dossiers, ids.iter().map(|id| schema::demande(&self.id, id))).await?;
        let sceau = self.sceau().await?;
        found.values().map(|row| read(row, &sceau)).collect()
    }

    /// Demandes made from `du` (included) to `au` (excluded), oldest first.
    pub async fn demandes_between(&self, du: Timestamp, au: Timestamp, after: Option<Cursor>) -> R<(Vec<Demande>, Option<Cursor>)> {
        if du >= au {
            return Ok((Vec::new(), None));
        }
        let range = Plage::Entre(schema::demande_at(du), schema::demande_at(au));
        let requete = Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), range);
        let (rows, next) = self.store.some(&requete, usize::MAX, after.map(|c| c.0)).await?;
        let sceau = self.sceau().await?;
        Ok((rows.iter().map(|row| read(row, &sceau)).collect::<R<_>>()?, next.map(Cursor)))
    }

    /// Writes a demande whose version was raised by one and that touches neither credits nor guard; `Stale` when it moved. Only `Ok`
    /// means that this call wrote it: a lease taken any other way is not taken.
    pub async fn update_demande(&self, after: &Demande, idem: Option<&Idempotence>) -> R<()> {
        let sceau = self.sceau().await?;
        let row = self.demande_row(after, &sceau)?;
        let before = Si::Version(after.version.saturating_sub(1));
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &before, Sens::Lu)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    fn requete(&self, source: &Source<'_>) -> Requete {
        let of = |pk: String| Requete::new(Table::Dossiers, pk, Plage::Prefixe(schema::DEMANDE.to_owned())).newest_first();
        match source {
            Source::Dossier(dossier) => of(schema::dossier_pk(&self.id, dossier)),
            Source::Etat(etat) => Requete { index: Some(TRAVAIL), ..of(schema::travail_pk(&self.id, *etat)) },
            Source::Toutes => of(schema::magasin_pk(&self.id)),
        }
    }

    /// Where a demande stands in a source, or would.
    fn place_in(&self, source: &Source<'_>, id: &DemandeId) -> Row {
        let cle = schema::demande(&self.id, id);
        match source {
            Source::Dossier(dossier) => schema::lien(&self.id, dossier, id).attributes(),
            Source::Etat(etat) => with(with(cle.attributes(), TRAVAIL.1, s(schema::travail_pk(&self.id, *etat))), TRAVAIL.2, s(cle.sk)),
            Source::Toutes => cle.attributes(),
        }
    }

    /// The demandes of rows, which may only name them, in the same order.
    async fn read_rows(&self, rows: Vec<Row>) -> R<Vec<Demande>> {
        let sceau = self.sceau().await?;
        if rows.iter().all(|row| row.contains_key(VERSION)) {
            return rows.iter().map(|row| read(row, &sceau)).collect();
        }
        let cles = rows.iter().map(|row| Ok(schema::demande(&self.id, &id_after(row, schema::DEMANDE, WHAT)?))).collect::<R<Vec<_>>>()?;
        let found = self.store.get_all(Table::Dossiers, cles.clone()).await?;
        cles.iter().filter_map(|cle| found.get(cle)).map(|row| read(row, &sceau)).collect()
    }

    /// The item of a demande, with its places in the two indexes. One that has ended is forgotten with the dossiers of its year.
    pub(crate) fn demande_row(&self, d: &Demande, sceau: &Sceau) -> R<Row> {
        let cle = schema::demande(&self.id, &d.id);
        let mut row = versioned(&cle, sceau, &DemandeItem::of(d), d.version)?;
        row.insert(TRAVAIL.1.to_owned(), s(schema::travail_pk(&self.id, d.etat.public())));
        row.insert(TRAVAIL.2.to_owned(), s(cle.sk));
        if let Some(echeance) = d.echeance {
            row.insert(ECHEANCE.1.to_owned(), s(schema::echeance_pk(schema::shard(&d.id))));
            row.insert(ECHEANCE.2.to_owned(), n(due_ms(echeance)));
        }
        let last = d.evenements.last().map_or(d.creee_le, |e| e.le);
        // A granted cotation binds nobody and may never get another state.
        let over = !d.etat.live() || d.effacee_le.is_some() || (d.nature == Nature::Cotation && d.etat.granted());
        Ok(if over { until(row, self.store.0.conservation.dossier(last)) } else { row })
    }

    /// The item of what a demande sends. A demande that still lives when it is forgotten has been waiting for years.
    pub(crate) fn envoi_row(&self, d: &Demande, envoi: &Envoi, sceau: &Sceau) -> R<Row> {
        let row = sealed(&schema::envoi(&self.id, &d.id), sceau, &EnvoiItem::of(envoi))?;
        Ok(until(row, self.store.0.conservation.dossier(d.creee_le)))
    }

    /// The item of a raw answer.
    pub(crate) fn brut_row(&self, id: &DemandeId, brut: &Brut, sceau: &Sceau) -> R<Row> {
        let row = sealed(&schema::brut(&self.id, id), sceau, &BrutItem::of(brut))?;
        Ok(until(row, self.store.0.conservation.brut(brut.recu_le)))
    }
}

impl Store {
    /// What is due in one part of the index, earliest first. From an index: read each again before acting on it.
    pub async fn due(&self, shard: u8, now: Timestamp, after: Option<Cursor>) -> R<(Vec<(MagasinId, DemandeId)>, Option<Cursor>)> {
        let until = Plage::JusquA(u64::try_from(now.as_millisecond()).unwrap_or(0));
        let requete = Requete { index: Some(ECHEANCE), ..Requete::new(Table::Dossiers, schema::echeance_pk(shard), until) };
        let (rows, next) = self.some(&requete, LOT, after.map(|c| c.0)).await?;
        let of = |row: &Row| -> R<_> {
            let (pk, sk) = (text(row, "pk", WHAT)?, text(row, "sk", WHAT)?);
            schema::read_demande(pk, sk).ok_or_else(|| crate::StoreError::corrupt(WHAT, "its key"))
        };
        Ok((rows.iter().map(of).collect::<R<_>>()?, next.map(Cursor)))
    }
}

/// Where a list is read from.
#[derive(Debug)]
enum Source<'a> {
    /// The links of a dossier.
    Dossier(&'a DossierId),
    /// The work list of one state.
    Etat(EtatPublic),
    /// All demandes.
    Toutes,
}

fn sources(filtre: &FiltreDemandes) -> Vec<Source<'_>> {
    match &filtre.dossier {
        Some(dossier) => vec![Source::Dossier(dossier)],
        None if filtre.etats.is_empty() => vec![Source::Toutes],
        None => filtre.etats.iter().map(|etat| Source::Etat(*etat)).collect(),
    }
}

fn fits(filtre: &FiltreDemandes, d: &Demande) -> bool {
    (filtre.etats.is_empty() || filtre.etats.contains(&d.etat.public()))
        && filtre.nature.is_none_or(|n| n == d.nature)
        && filtre.dossier.as_ref().is_none_or(|id| *id == d.dossier_id)
}

/// Rounded up: what the index calls due is due.
fn due_ms(echeance: Timestamp) -> i64 {
    let ms = echeance.as_millisecond();
    if Timestamp::from_millisecond(ms).is_ok_and(|t| t < echeance) { ms + 1 } else { ms }
}

fn read(row: &Row, sceau: &Sceau) -> R<Demande> {
    let (id, version) = (id_after(row, schema::DEMANDE, WHAT)?, number(row, VERSION, WHAT)?);
    readable(open::<DemandeItem>(row, sceau, WHAT)?.read(id, version), WHAT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_index_calls_due_is_due() {
        for (at, ms) in [("1970-01-01T00:00:01Z", 1000), ("1970-01-01T00:00:01.000000001Z", 1001), ("1970-01-01T00:00:01.001Z", 1001)] {
            assert_eq!(due_ms(at.parse().unwrap()), ms, "{at}");
        }
    }
}
