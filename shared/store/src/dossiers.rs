//! Dossiers, and what hangs on them: guards, last cotations, transferred amounts, the printed consent, links to demandes.
//!
//! What must hold: whatever changes a dossier's amounts or lines raises its version, so that who writes it has read them. An equipment
//! changes or goes only while no PEC guards it and no cotation came since it was read ([`crate::submit`] writes both marks).
//! Demandes outlive their dossier, and so do the links to them.

use crate::{
    Idempotence, MagasinStore, Page, R, Recherche, StoreError, demandes,
    item::dossier::{DossierItem, ImprimeItem, TransfertItem},
    page,
    read::{Plage, Requete},
    row::{Row, VERSION, doc, id_after, n, number, readable, row, s, text, versioned, with},
    schema::{self, Cle, Quoi},
    tables::Table,
    transact::{Ecriture, Sens, Si},
};
use jiff::Timestamp;
use optopec_domain::{
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
        let (main, rows) = futures::try_join!(self.store.get(Table::Dossiers, &cle), self.store.everything(&hanging))?;
        let Some(main) = main else { return Ok(None) };
        let mut lu = read(&main, id.clone())?;
        for row in &rows {
            lu.hang(row)?;
        }
        Ok(Some(lu))
    }

    /// Writes a new dossier.
    pub async fn create_dossier(&self, dossier: &Dossier, idem: Option<&Idempotence>) -> R<()> {
        let (row, new) = (self.dossier_row(dossier)?, self.dossier_places(dossier));
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &Si::Absent, Sens::Lu)?;
                self.move_places(e, &[], &new)?;
                e.remember(&self.store, &self.id, idem)
            })
            .await?;
        Ok(())
    }

    /// Writes a changed dossier, its version already raised by one. `libres`: equipments changed or dropped; none of them may have a
    /// guard, nor a cotation that `before` does not know (`Engage`). Whether a cotation that `before` knows is still open is for
    /// the caller to see. Amounts of `before` that `after` no longer has are forgotten; none are written here.
    pub async fn put_dossier(&self, before: &DossierLu, after: &Dossier, libres: &[u16], idem: Option<&Idempotence>) -> R<()> {
        let (row, old, new) = (self.dossier_row(after)?, self.dossier_places(&before.dossier), self.dossier_places(after));
        let libres: BTreeSet<u16> = libres.iter().copied().collect();
        let forgotten = before.dossier.equipements.iter().filter(|e| e.transfert.is_some()).map(|e| e.numero);
        let forgotten: Vec<u16> = forgotten.filter(|numero| after.equipement(*numero).is_none_or(|e| e.transfert.is_none())).collect();
        self.store
            .write_once(|e| {
                e.put(&self.store, Table::Dossiers, row.clone(), &Si::Version(before.dossier.version), Sens::Lu)?;
                self.move_places(e, &old, &new)?;
                for numero in &libres {
                    self.free(e, before, *numero, after.equipement(*numero).is_none())?;
                }
                for numero in &forgotten {
                    e.delete_always(&self.store, Table::Dossiers, &schema::transfert(&self.id, &after.id, *numero))?;
                }
                e.remember(&self.store, &self.id, idem)
            })
            .await?;
        Ok(())
    }

    /// Notes when the consent was printed; no new version.
    pub async fn mark_printed(&self, id: &DossierId, le: Timestamp) -> R<()> {
        let printed = row(&schema::imprime(&self.id, id), &ImprimeItem::of(le))?;
        self.store
            .write_once(|e| {
                e.check(&self.store, Table::Dossiers, &schema::dossier(&self.id, id), &Si::Present, Sens::Lu)?;
                e.put_always(&self.store, Table::Dossiers, printed.clone())
            })
            .await?;
        Ok(())
    }

    /// Deletes a dossier as it was read; `Engage` while an equipment has a guard or a cotation that `before` does not know. Its
    /// demandes stay.
    pub async fn delete_dossier(&self, before: &DossierLu) -> R<()> {
        let dossier = &before.dossier;
        let old = self.dossier_places(dossier);
        self.store
            .write_once(|e| {
                e.delete(&self.store, Table::Dossiers, &schema::dossier(&self.id, &dossier.id), &Si::Version(dossier.version), Sens::Lu)?;
                self.move_places(e, &old, &[])?;
                for equipement in &dossier.equipements {
                    self.free(e, before, equipement.numero, true)?;
                    e.delete_always(&self.store, Table::Dossiers, &schema::transfert(&self.id, &dossier.id, equipement.numero))?;
                }
                e.delete_always(&self.store, Table::Dossiers, &schema::imprime(&self.id, &dossier.id))
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

    /// Dossiers by the beneficiary's name or NIR, by name. `gardes`, `cotations` and `demandes` stay empty.
    pub async fn search_dossiers(&self, q: &Recherche, limite: u32, suivant: Option<&str>) -> R<Page<DossierLu>> {
        let after = match page::decode::<DossierId>(LISTE, suivant)? {
            Some(id) => {
                let row = self.store.get(Table::Dossiers, &schema::dossier(&self.id, &id)).await?.ok_or(StoreError::Curseur)?;
                Some(self.place(Quoi::Dossier, q, &read(&row, id.clone())?.dossier.beneficiaire, id.as_str()))
            }
            None => None,
        };
        let ids = self.search(LISTE, Quoi::Dossier, q, limite, after).await?;
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
        let demande = demandes::row_of(&self.id, demande_after)?;
        self.store
            .write_once(|e| {
                e.raise(&self.store, Table::Dossiers, &schema::dossier(&self.id, dossier), &Si::Version(dossier_version), Sens::Lu)?;
                e.put_always(&self.store, Table::Dossiers, amounts.clone())?;
                e.put(&self.store, Table::Dossiers, demande.clone(), &Si::Version(demande_after.version.saturating_sub(1)), Sens::Lu)?;
                e.remember(&self.store, &self.id, idem)
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

    fn dossier_row(&self, dossier: &Dossier) -> R<Row> {
        versioned(&schema::dossier(&self.id, &dossier.id), &DossierItem::of(dossier), dossier.version)
    }

    fn dossier_places(&self, dossier: &Dossier) -> Vec<Cle> {
        let mut places = self.places(Quoi::Dossier, &dossier.beneficiaire, dossier.id.as_str());
        places.extend(dossier.client_id.as_ref().map(|c| schema::client_dossier(&self.id, c, &dossier.id)));
        places
    }

    /// The dossiers of a page of ids, with their amounts and the day of their consent.
    async fn read_all(&self, ids: Page<DossierId>) -> R<Page<DossierLu>> {
        let mut rows = self.store.get_all(Table::Dossiers, ids.elements.iter().map(|id| schema::dossier(&self.id, id))).await?;
        let found = ids.elements.into_iter().filter_map(|id| rows.remove(&schema::dossier(&self.id, &id)).map(|row| read(&row, id)));
        let mut dossiers = found.collect::<R<Vec<_>>>()?;
        let hanging = |lu: &DossierLu| -> Vec<Cle> {
            let (id, equipements) = (&lu.dossier.id, &lu.dossier.equipements);
            std::iter::once(schema::imprime(&self.id, id)).chain(equipements.iter().map(|e| schema::transfert(&self.id, id, e.numero))).collect()
        };
        let rows = self.store.get_all(Table::Dossiers, dossiers.iter().flat_map(hanging)).await?;
        for lu in &mut dossiers {
            for cle in hanging(lu) {
                if let Some(row) = rows.get(&cle) {
                    lu.hang(row)?;
                }
            }
        }
        Ok(Page { elements: dossiers, suivant: ids.suivant })
    }
}

impl DossierLu {
    /// Adds what an item of the dossier's own partition says.
    fn hang(&mut self, row: &Row) -> R<()> {
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
            self.dossier.consentement.imprime_le = Some(readable(doc::<ImprimeItem>(row, WHAT)?.read(), WHAT)?);
        } else if sk.starts_with(schema::DEMANDE) {
            self.demandes.push(id_after(row, schema::DEMANDE, WHAT)?);
        }
        Ok(())
    }
}

fn read(row: &Row, id: DossierId) -> R<DossierLu> {
    let version = number(row, VERSION, WHAT)?;
    let dossier = readable(doc::<DossierItem>(row, WHAT)?.read(id, version), WHAT)?;
    Ok(DossierLu { dossier, gardes: BTreeMap::new(), cotations: BTreeMap::new(), demandes: Vec::new() })
}
