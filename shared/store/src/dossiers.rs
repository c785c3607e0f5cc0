//! Dossiers, and what hangs on them: guards, last cotations, transferred amounts, the printed consent, links to demandes.
//!
//! What must hold: whatever changes a dossier's amounts or lines raises its version, so that who writes it has read them. An equipment
//! changes or goes only while no PEC guards it and no cotation came since it was read ([`crate::submit`] writes both marks).
//! Demandes outlive their dossier, and so do the links to them.

use crate::{
    Idempotence, MagasinStore, Page, Preuve, R, Recherche, StoreError, Trace,
    clients::{ClientVie, Places},
    item::dossier::{DossierItem, ImprimeItem, TransfertItem},
    page,
    read::{Plage, Requete},
    row::{MARQUE, Meta, Row, VERSION, doc, id_after, n, number, open, readable, row, s, sealed, text, until, versioned, with},
    sceau::Sceau,
    schema::{self, Cle, Quoi},
    tables::Table,
    transact::{Ecriture, Essai, Sens, Si, retry},
};
use jiff::Timestamp;
use optopec_domain::{
    consentement::{Consentement, PapierImprime},
    demande::Demande,
    dossier::{Dossier, Transfert},
    ids::{ClientId, DemandeId, DossierId},
};
use std::collections::{BTreeMap, BTreeSet};

/// A dossier and what hangs on it.
#[derive(Clone, PartialEq, Eq)]
pub struct DossierLu {
    /// The dossier, its transferred amounts and the day its consent was printed included.
    pub dossier: Dossier,
    /// The live PEC of each equipment that has one.
    pub gardes: BTreeMap<u16, DemandeId>,
    /// The last cotation of each equipment that ever had one, whatever became of it.
    pub cotations: BTreeMap<u16, DemandeId>,
    /// Every demande ever made of it, oldest first.
    pub demandes: Vec<DemandeId>,
    meta: Meta,
}

/// A dossier that lives on for a demande of its own.
pub(crate) struct Prolongation {
    fin: Timestamp,
    old: Places,
    new: Places,
    client: Option<ClientVie>,
}

const WHAT: &str = "dossier";
const LISTE: &str = "dossiers";
/// Which demande an item is about.
pub(crate) const PAR_DEMANDE: &str = "demande";

/// An item that only names a demande.
pub(crate) fn naming(cle: &Cle, demande: &DemandeId) -> Row {
    with(with(cle.attributes(), "v", n(1)), PAR_DEMANDE, s(demande.as_str()))
}

/// The demande that an item names.
pub(crate) fn named(row: &Row) -> R<DemandeId> {
    text(row, PAR_DEMANDE, WHAT)?.parse().map_err(|_| StoreError::corrupt(WHAT, "a demande it names"))
}

impl MagasinStore {
    /// One dossier.
    pub async fn dossier(&self, id: &DossierId) -> R<Option<DossierLu>> {
        let (cle, hanging) = (schema::dossier(&self.id, id), Requete::new(Table::Dossiers, schema::dossier_pk(&self.id, id), Plage::Tout));
        let (sceau, main, rows) = futures::try_join!(self.sceau(), self.store.get(Table::Dossiers, &cle), self.store.everything(&hanging))?;
        let Some(main) = main else { return Ok(None) };
        let mut lu = read(&main, &sceau, id.clone())?;
        for row in &rows {
            lu.hang(row, &sceau)?;
        }
        Ok(Some(lu))
    }

    /// Writes a new dossier; `NotFound` when its client went. `trace`: as in [`Self::put_client`].
    pub async fn create_dossier(&self, dossier: &Dossier, now: Timestamp, trace: Option<&Trace>, idem: Option<&Idempotence>) -> R<()> {
        let (sceau, fin) = (self.sceau().await?, self.store.0.conservation.dossier(now));
        let (row, new) = (self.dossier_row(dossier, &sceau, fin)?, self.dossier_places(dossier, &sceau));
        let client = self.client_of(dossier, &sceau, fin).await?;
        if dossier.client_id.is_some() && client.is_none() {
            return Err(StoreError::NotFound);
        }
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &Si::Absent, Sens::Lu)?;
                self.move_places(e, &Places::default(), &new, fin)?;
                self.keep_client(e, client.as_ref(), fin)?;
                e.trace(&self.store, &self.id, trace)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    /// Writes a changed dossier, its version already raised by one. `libres`: equipments changed or dropped; none of them may have a
    /// guard, nor a cotation that `before` does not know (`Engage`). Whether a cotation that `before` knows is still open is for
    /// the caller to see. Amounts of `before` that `after` no longer has are forgotten; none are written here. A signature that `before`
    /// does not have leaves a proof, in the name of `par`. `trace`: as in [`Self::put_client`].
    pub async fn put_dossier(
        &self,
        before: &DossierLu,
        after: &Dossier,
        libres: &[u16],
        (par, now): (&str, Timestamp),
        trace: Option<&Trace>,
        idem: Option<&Idempotence>,
    ) -> R<()> {
        let (sceau, fin) = (self.sceau().await?, self.store.0.conservation.dossier(now));
        let (row, new) = (self.dossier_row(after, &sceau, fin)?, self.dossier_places(after, &sceau));
        let old = self.places_before(before, &sceau);
        let client = self.client_of(after, &sceau, fin).await?;
        let signature = after.consentement.signature.as_ref().filter(|s| before.dossier.consentement.signature.as_ref() != Some(*s));
        let preuve =
            signature.map(|s| self.preuve_row(after, &Preuve { enregistree_le: now, par: par.to_owned(), signature: s.clone() }, &sceau)).transpose()?;
        let libres: BTreeSet<u16> = libres.iter().copied().collect();
        let forgotten = before.dossier.equipements.iter().filter(|e| e.transfert.is_some()).map(|e| e.numero);
        let forgotten: Vec<u16> = forgotten.filter(|numero| after.equipement(*numero).is_none_or(|e| e.transfert.is_none())).collect();
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &Si::Version(before.dossier.version), Sens::Lu)?;
                self.move_places(e, &old, &new, fin)?;
                self.keep_client(e, client.as_ref(), fin)?;
                preuve.iter().try_for_each(|row| e.put_always(&self.store, Table::Dossiers, row.clone()))?;
                for numero in &libres {
                    self.free(e, before, *numero, after.equipement(*numero).is_none())?;
                }
                for numero in &forgotten {
                    e.delete_always(&self.store, Table::Dossiers, &schema::transfert(&self.id, &after.id, *numero))?;
                }
                e.trace(&self.store, &self.id, trace)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    /// Notes when the consent was printed, and what, beside what was printed before, if it was printed here; no new version. Sealed: the fingerprint of a content that somebody knows but for a
    /// birth date would tell the date. It ends with the proof of a signature on that paper.
    pub async fn mark_printed(&self, id: &DossierId, le: Timestamp, papier: Option<&PapierImprime>) -> R<()> {
        let (marque, sceau) = (self.store.marque(), self.sceau().await?);
        retry(|tour| self.try_mark_printed(id, (le, papier), &sceau, Ecriture::new(&marque, tour))).await
    }

    async fn try_mark_printed(&self, id: &DossierId, (le, papier): (Timestamp, Option<&PapierImprime>), sceau: &Sceau, mut e: Ecriture) -> Result<(), Essai> {
        let cle = schema::imprime(&self.id, id);
        let mut consentement = Consentement::default();
        // Two that print at once must not lose each other's paper: the mark tells whether what was read still stands.
        let as_read = match self.store.get(Table::Dossiers, &cle).await? {
            Some(row) => {
                hang_printed(&mut consentement, &row, sceau)?;
                Si::Texte(MARQUE, text(&row, MARQUE, WHAT)?.to_owned())
            }
            None => Si::Absent,
        };
        consentement.print(le, papier);
        let item = until(sealed(&cle, sceau, &ImprimeItem::of(le, &consentement.impressions))?, self.store.0.conservation.preuve(le));
        e.check(&self.store, Table::Dossiers, &schema::dossier(&self.id, id), &Si::Present, Sens::Lu)?;
        e.put(&self.store, Table::Dossiers, item, &as_read, Sens::Relire)?;
        self.store.write(e).await?;
        Ok(())
    }

    /// Deletes a dossier as it was read; `Engage` while an equipment has a guard or a cotation that `before` does not know. Its
    /// demandes stay. `trace`: who did it.
    pub async fn delete_dossier(&self, before: &DossierLu, trace: &Trace) -> R<()> {
        let dossier = &before.dossier;
        let old = self.places_before(before, &*self.sceau().await?);
        self.store
            .write_once(|e| {
                e.delete(&self.store, Table::Dossiers, &schema::dossier(&self.id, &dossier.id), &Si::Version(dossier.version), Sens::Lu)?;
                old.cles.iter().try_for_each(|place| e.delete_always(&self.store, Table::Dossiers, place))?;
                for equipement in &dossier.equipements {
                    self.free(e, before, equipement.numero, true)?;
                    e.delete_always(&self.store, Table::Dossiers, &schema::transfert(&self.id, &dossier.id, equipement.numero))?;
                }
                e.delete_always(&self.store, Table::Dossiers, &schema::imprime(&self.id, &dossier.id))?;
                e.trace(&self.store, &self.id, Some(trace))
            })
            .await?;
        Ok(())
    }

    /// Dossiers, newest first, of one client or all. `gardes`, `cotations` and `demandes` stay empty.
    pub async fn dossiers(&self, client: Option<&ClientId>, limite: u32, suivant: Option<&str>) -> R<Page<DossierLu>> {
        let after: Option<DossierId> = page::decode(LISTE, suivant)?;
        let (prefix, place) = match client {
            Some(c) => (schema::client_dossiers_prefix(c), after.map(|d| schema::client_dossier(&self.id, c, &d))),
            None => (schema::DOSSIER.to_owned(), after.map(|d| schema::dossier(&self.id, &d))),
        };
        let requete = Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), Plage::Prefixe(prefix.clone())).newest_first();
        let rows = self.store.first(&requete, limite as usize + 1, place.map(|c| c.attributes())).await?;
        let ids = rows.iter().map(|row| id_after::<DossierId>(row, &prefix, WHAT)).collect::<R<Vec<_>>>()?;
        self.read_all(page::cut(LISTE, ids, limite, DossierId::to_string)).await
    }

    /// The dossiers that name a client, oldest first.
    pub async fn dossiers_of(&self, client: &ClientId) -> R<Vec<DossierId>> {
        let prefix = schema::client_dossiers_prefix(client);
        let requete = Requete::new(Table::Dossiers, schema::magasin_pk(&self.id), Plage::Prefixe(prefix.clone()));
        self.store.everything(&requete).await?.iter().map(|row| id_after(row, &prefix, WHAT)).collect()
    }

    /// Dossiers by the beneficiary's name or NIR, by name. `gardes`, `cotations` and `demandes` stay empty.
    pub async fn search_dossiers(&self, q: &Recherche, limite: u32, suivant: Option<&str>) -> R<Page<DossierLu>> {
        let after = match page::decode::<DossierId>(LISTE, suivant)? {
            Some(id) => {
                let row = self.store.get(Table::Dossiers, &schema::dossier(&self.id, &id)).await?.ok_or(StoreError::Curseur)?;
                Some((read(&row, &*self.sceau().await?, id.clone())?.dossier.beneficiaire, id))
            }
            None => None,
        };
        let ids = self.search(LISTE, Quoi::Dossier, q, limite, after, &*self.sceau().await?).await?;
        self.read_all(ids).await
    }

    /// Puts granted amounts into a dossier, raises its version, and writes the demande (its version raised by one) that says so.
    /// `Stale` when either moved.
    pub async fn transfer(
        &self,
        dossier: &DossierId,
        equipement: u16,
        transfert: &Transfert,
        demande_after: &Demande,
        dossier_version: u64,
        idem: Option<&Idempotence>,
    ) -> R<()> {
        let amounts =
            with(row(&schema::transfert(&self.id, dossier, equipement), &TransfertItem::of(transfert))?, PAR_DEMANDE, s(transfert.demande_id.as_str()));
        let sceau = self.sceau().await?;
        let demande = self.demande_row(demande_after, &sceau)?;
        self.store
            .write_once(|e| {
                e.raise(&self.store, Table::Dossiers, &schema::dossier(&self.id, dossier), &Si::Version(dossier_version), Sens::Lu)?;
                e.put_always(&self.store, Table::Dossiers, amounts.clone())?;
                e.put(&self.store, Table::Dossiers, demande.clone(), &Si::Version(demande_after.version.saturating_sub(1)), Sens::Lu)?;
                e.remember(&self.store, &self.id, &sceau, idem)
            })
            .await?;
        Ok(())
    }

    /// Demands that nothing was asked about an equipment that `before` does not know; `dropped`: it will be no more.
    fn free(&self, e: &mut Ecriture, before: &DossierLu, numero: u16, dropped: bool) -> R<()> {
        let id = &before.dossier.id;
        e.check(&self.store, Table::Dossiers, &schema::garde(&self.id, id, numero), &Si::Absent, Sens::Garde)?;
        let cotation = schema::cotation(&self.id, id, numero);
        match before.cotations.get(&numero) {
            None => e.check(&self.store, Table::Dossiers, &cotation, &Si::Absent, Sens::Garde),
            Some(known) if dropped => e.delete(&self.store, Table::Dossiers, &cotation, &Si::Texte(PAR_DEMANDE, known.to_string()), Sens::Garde),
            Some(known) => e.check(&self.store, Table::Dossiers, &cotation, &Si::Texte(PAR_DEMANDE, known.to_string()), Sens::Garde),
        }
    }

    fn dossier_row(&self, dossier: &Dossier, sceau: &Sceau, fin: Timestamp) -> R<Row> {
        Ok(until(versioned(&schema::dossier(&self.id, &dossier.id), sceau, &DossierItem::of(dossier), dossier.version)?, fin))
    }

    fn dossier_places(&self, dossier: &Dossier, sceau: &Sceau) -> Places {
        self.with_client(dossier, self.places(Quoi::Dossier, &dossier.beneficiaire, dossier.id.as_str(), sceau))
    }

    fn places_before(&self, lu: &DossierLu, sceau: &Sceau) -> Places {
        let dossier = &lu.dossier;
        self.with_client(dossier, self.places_as_written(Quoi::Dossier, &dossier.beneficiaire, dossier.id.as_str(), sceau, lu.meta))
    }

    fn with_client(&self, dossier: &Dossier, mut places: Places) -> Places {
        places.cles.extend(dossier.client_id.as_ref().map(|c| schema::client_dossier(&self.id, c, &dossier.id)));
        places
    }

    /// The client whose dossier this is, if she is there.
    async fn client_of(&self, dossier: &Dossier, sceau: &Sceau, fin: Timestamp) -> R<Option<ClientVie>> {
        match &dossier.client_id {
            Some(client) => self.client_vie(sceau, client, fin).await,
            None => Ok(None),
        }
    }

    /// What a demande must prolong of its dossier, that it lives as long as one that is written today; nothing as long as the year is the same.
    pub(crate) async fn prolonged(&self, lu: &DossierLu, now: Timestamp, sceau: &Sceau) -> R<Option<Prolongation>> {
        let fin = self.store.0.conservation.dossier(now);
        if lu.meta.fin.is_some_and(|f| i64::try_from(f).is_ok_and(|f| f >= fin.as_second())) {
            return Ok(None);
        }
        let client = self.client_of(&lu.dossier, sceau, fin).await?;
        Ok(Some(Prolongation { fin, old: self.places_before(lu, sceau), new: self.dossier_places(&lu.dossier, sceau), client }))
    }

    /// Demands that a dossier is as it was read, and prolongs it where it must.
    pub(crate) fn keep_dossier(&self, e: &mut Ecriture, lu: &DossierLu, prolongation: Option<&Prolongation>) -> R<()> {
        let (cle, as_read) = (schema::dossier(&self.id, &lu.dossier.id), Si::Version(lu.dossier.version));
        match prolongation {
            None => e.check(&self.store, Table::Dossiers, &cle, &as_read, Sens::Lu),
            Some(Prolongation { fin, old, new, client }) => {
                e.prolong(&self.store, Table::Dossiers, &cle, *fin, &as_read)?;
                self.move_places(e, old, new, *fin)?;
                self.keep_client(e, client.as_ref(), *fin)
            }
        }
    }

    /// The dossiers of a page of ids, with their amounts and the day of their consent.
    async fn read_all(&self, ids: Page<DossierId>) -> R<Page<DossierLu>> {
        let mut rows = self.store.get_all(Table::Dossiers, ids.elements.iter().map(|id| schema::dossier(&self.id, id))).await?;
        let sceau = self.sceau().await?;
        let found = ids.elements.into_iter().filter_map(|id| rows.remove(&schema::dossier(&self.id, &id)).map(|row| read(&row, &sceau, id)));
        let mut dossiers = found.collect::<R<Vec<_>>>()?;
        let hanging = |lu: &DossierLu| -> Vec<Cle> {
            let (id, equipements) = (&lu.dossier.id, &lu.dossier.equipements);
            std::iter::once(schema::imprime(&self.id, id)).chain(equipements.iter().map(|e| schema::transfert(&self.id, id, e.numero))).collect()
        };
        let rows = self.store.get_all(Table::Dossiers, dossiers.iter().flat_map(hanging)).await?;
        for lu in &mut dossiers {
            for cle in hanging(lu) {
                if let Some(row) = rows.get(&cle) {
                    lu.hang(row, &sceau)?;
                }
            }
        }
        Ok(Page { elements: dossiers, suivant: ids.suivant })
    }
}

impl DossierLu {
    /// Adds what an item of the dossier's own partition says.
    fn hang(&mut self, row: &Row, sceau: &Sceau) -> R<()> {
        let sk = text(row, "sk", WHAT)?;
        let numero = |prefix: &str| sk.strip_prefix(prefix).map(|rest| rest.parse::<u16>().map_err(|_| StoreError::corrupt(WHAT, "an equipment's number")));
        if let Some(numero) = numero(schema::GARDE) {
            self.gardes.insert(numero?, named(row)?);
        } else if let Some(numero) = numero(schema::COTATION) {
            self.cotations.insert(numero?, named(row)?);
        } else if let Some(numero) = numero(schema::TRANSFERT) {
            let (numero, transfert) = (numero?, readable(doc::<TransfertItem>(row, WHAT)?.read(), WHAT)?);
            if let Some(equipement) = self.dossier.equipements.iter_mut().find(|e| e.numero == numero) {
                equipement.transfert = Some(transfert);
            }
        } else if sk == schema::IMPRIME {
            hang_printed(&mut self.dossier.consentement, row, sceau)?;
        } else if sk.starts_with(schema::DEMANDE) {
            self.demandes.push(id_after(row, schema::DEMANDE, WHAT)?);
        }
        Ok(())
    }
}

fn hang_printed(consentement: &mut Consentement, row: &Row, sceau: &Sceau) -> R<()> {
    let (le, impressions) = readable(open::<ImprimeItem>(row, sceau, WHAT)?.read(), WHAT)?;
    (consentement.imprime_le, consentement.impressions) = (Some(le), impressions);
    Ok(())
}

fn read(row: &Row, sceau: &Sceau, id: DossierId) -> R<DossierLu> {
    let version = number(row, VERSION, WHAT)?;
    let dossier = readable(open::<DossierItem>(row, sceau, WHAT)?.read(id, version), WHAT)?;
    Ok(DossierLu { dossier, gardes: BTreeMap::new(), cotations: BTreeMap::new(), demandes: Vec::new(), meta: Meta::of(row, WHAT)? })
}
