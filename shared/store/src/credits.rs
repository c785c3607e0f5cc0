//! Accounts and ledgers.
//!
//! What must hold: the account is written only together with the entry that explains it, under the condition that it is still as it
//! was read; the entry has the account's next number and is never written over. A payment counts once in the whole system, because its
//! reference is an item of its own.

use crate::{
    Idempotence, MagasinStore, Page, R, StoreError, idempotence,
    item::credit::{CompteItem, MouvementItem, ReferenceItem},
    page,
    read::{Plage, Requete},
    row::{MARQUE, Row, doc, n, readable, row, s, with},
    schema,
    tables::Table,
    transact::{Ecrit, Ecriture, Essai, Sens, Si, retry},
};
use jiff::Timestamp;
use optopec_domain::{
    credit::{Compte, CreditInsuffisant, Inexact, TypeMouvement},
    ids::{DemandeId, MagasinId},
};
use std::collections::BTreeMap;

/// An entry of the ledger; never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mouvement {
    /// From 1, without gaps.
    pub numero: u64,
    /// What it is.
    pub type_mouvement: TypeMouvement,
    /// Credits; negative only for a correction.
    pub quantite: i64,
    /// Available after it.
    pub solde: u64,
    /// The demande it is about.
    pub demande_id: Option<DemandeId>,
    /// When.
    pub le: Timestamp,
    /// Who.
    pub par: String,
    /// Why.
    pub motif: Option<String>,
}

/// What to remember once the movement is known (always for the same key), and in whose name: an operator's key belongs to the
/// operator's own tenant.
pub type PourLe<'a> = (&'a MagasinId, &'a (dyn Fn(&Mouvement) -> Idempotence + Sync));

const WHAT: &str = "account";
const LISTE: &str = "mouvements";
/// Entries in memory at once while a ledger is added up.
const LOT: usize = 500;

/// A movement from outside, to be booked once.
struct Apport<'a> {
    /// Without number and balance yet.
    mouvement: Mouvement,
    reference: &'a str,
    idem: Option<PourLe<'a>>,
}

impl Mouvement {
    /// The account after it, and the entry with its number and balance.
    pub(crate) fn on(&self, before: Compte) -> Result<(Compte, Self), CreditInsuffisant> {
        let after = before.apply(self.type_mouvement, self.quantite)?;
        Ok((after, Self { numero: after.dernier_mouvement, solde: after.disponibles, ..self.clone() }))
    }
}

pub(crate) fn compte_row(magasin: &MagasinId, compte: &Compte) -> R<Row> {
    let row = row(&schema::compte(magasin), &CompteItem::of(compte))?;
    Ok(with(with(row, "mvt", n(compte.dernier_mouvement)), "dem", n(compte.derniere_demande)))
}

impl MagasinStore {
    /// The account; `None` when the shop does not exist.
    pub async fn compte(&self) -> R<Option<Compte>> {
        let row = self.store.get(Table::Credits, &schema::compte(&self.id)).await?;
        row.map(|row| doc::<CompteItem>(&row, WHAT).map(CompteItem::read)).transpose()
    }

    /// The ledger, newest first.
    pub async fn mouvements(&self, limite: u32, suivant: Option<&str>) -> R<Page<Mouvement>> {
        let place = page::decode::<u64>(LISTE, suivant)?.map(|numero| schema::mouvement(&self.id, numero).attributes());
        let requete = Requete::new(Table::Credits, schema::magasin_pk(&self.id), Plage::Prefixe(schema::MOUVEMENT.to_owned())).newest_first();
        let rows = self.store.first(&requete, limite as usize + 1, place).await?;
        let mouvements = rows.iter().map(read_mouvement).collect::<R<Vec<_>>>()?;
        Ok(page::cut(LISTE, mouvements, limite, |m| m.numero.to_string()))
    }

    /// Adds up the whole ledger and compares it with the account, whatever is booked meanwhile. A shop without an account must have no ledger.
    /// Of an exact one: since when the oldest of its credits is held.
    pub async fn verify_credits(&self) -> R<Result<Option<Timestamp>, Inexact>> {
        let (mut compte, mut somme) = (self.compte().await?.unwrap_or_default(), Compte::default());
        let mut reserves = BTreeMap::new();
        loop {
            somme = match self.add_up(somme, &mut reserves).await? {
                Ok(somme) => somme,
                Err(inexact) => return Ok(Err(inexact)),
            };
            if somme.dernier_mouvement <= compte.dernier_mouvement {
                return Ok(compte.is_sum(&somme).map(|()| reserves.into_values().min()));
            }
            // Entries and account are written together: whoever saw an entry sees it in the account.
            compte = self.compte().await?.unwrap_or_default();
            if compte.dernier_mouvement < somme.dernier_mouvement {
                return Ok(compte.is_sum(&somme).map(|()| reserves.into_values().min()));
            }
        }
    }

    /// A sum, and the entries after it; what they hold and give back.
    async fn add_up(&self, mut somme: Compte, reserves: &mut BTreeMap<Option<DemandeId>, Timestamp>) -> R<Result<Compte, Inexact>> {
        let from = schema::mouvement(&self.id, somme.dernier_mouvement + 1);
        let requete = Requete::new(Table::Credits, from.pk, Plage::Entre(from.sk, schema::MOUVEMENT_FIN.to_owned()));
        let mut after = None;
        loop {
            let (rows, next) = self.store.some(&requete, LOT, after).await?;
            for row in &rows {
                let m = read_mouvement(row)?;
                somme = match somme.add_up(m.numero, m.type_mouvement, m.quantite, m.solde) {
                    Ok(somme) => somme,
                    Err(inexact) => return Ok(Err(inexact)),
                };
                match m.type_mouvement {
                    TypeMouvement::Reservation => drop(reserves.insert(m.demande_id, m.le)),
                    TypeMouvement::Consommation | TypeMouvement::Restitution => drop(reserves.remove(&m.demande_id)),
                    TypeMouvement::Recharge | TypeMouvement::Correction => {}
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(Ok(somme)),
            }
        }
    }

    /// Adds bought credits. `NotFound` without such a shop, `ReferenceConnue` when the payment was counted already.
    pub async fn recharge(&self, quantite: u32, reference: &str, par: &str, now: Timestamp, idem: Option<PourLe<'_>>) -> R<Mouvement> {
        let mouvement = from_outside(TypeMouvement::Recharge, i64::from(quantite), format!("Paiement {reference}"), par, now);
        self.book(Apport { mouvement, reference, idem }).await
    }

    /// Corrects the account. `NotFound`, `ReferenceConnue`, `Credit` when it would become negative.
    pub async fn correction(&self, quantite: i64, motif: &str, reference: &str, par: &str, now: Timestamp, idem: Option<PourLe<'_>>) -> R<Mouvement> {
        let mouvement = from_outside(TypeMouvement::Correction, quantite, motif.to_owned(), par, now);
        self.book(Apport { mouvement, reference, idem }).await
    }

    /// Writes the account and the entry that explains it, where nothing was booked since `before` was read.
    pub(crate) fn put_compte(&self, e: &mut Ecriture, before: &Compte, after: &Compte, mouvement: Option<&Mouvement>) -> R<()> {
        e.seen(before);
        e.put(&self.store, Table::Credits, compte_row(&self.id, after)?, &Si::Compte(before.dernier_mouvement, before.derniere_demande), Sens::Relire)?;
        if let Some(m) = mouvement {
            e.put(&self.store, Table::Credits, row(&schema::mouvement(&self.id, m.numero), &MouvementItem::of(m))?, &Si::Absent, Sens::Relire)?;
        }
        Ok(())
    }

    async fn book(&self, apport: Apport<'_>) -> R<Mouvement> {
        let (marque, apport) = (self.store.marque(), &apport);
        retry(|tour| self.try_book(apport, &marque, tour)).await
    }

    async fn try_book(&self, apport: &Apport<'_>, marque: &str, tour: usize) -> Result<Mouvement, Essai> {
        let Some(before) = self.compte().await? else { return Err(StoreError::NotFound.into()) };
        let (after, mouvement) = match apport.mouvement.on(before) {
            Ok(booked) => booked,
            Err(insufficient) => return self.counted_before(apport, marque, insufficient).await,
        };
        let idem = apport.idem.map(|(tenant, record)| (tenant, record(&mouvement)));
        let known = ReferenceItem { magasin: self.id.to_string(), mouvement: mouvement.numero };
        let mut e = Ecriture::new(marque, tour);
        self.put_compte(&mut e, &before, &after, Some(&mouvement))?;
        e.put(&self.store, Table::Credits, row(&apport.reference_key(), &known)?, &Si::Absent, Sens::Reference)?;
        if let Some((tenant, record)) = &idem {
            e.remember(&self.store, tenant, &self.store.sceau(tenant).await?, Some(record))?;
        }
        match self.store.write(e).await? {
            Ecrit::Maintenant => Ok(mouvement),
            Ecrit::Avant => self.booked(apport).await.map_err(Essai::from),
        }
    }

    /// Not enough credits: because this very correction, or another with its key or reference, already took them?
    async fn counted_before(&self, apport: &Apport<'_>, marque: &str, insufficient: CreditInsuffisant) -> Result<Mouvement, Essai> {
        if let Some((tenant, record)) = apport.idem {
            let sceau = self.store.sceau(tenant).await?;
            let key = schema::idempotence(tenant, &sceau.cle_idempotence(&record(&apport.mouvement).cle));
            match self.store.get(Table::Dossiers, &key).await? {
                Some(row) if row.get(MARQUE) == Some(&s(marque)) => return Ok(self.booked(apport).await?),
                Some(row) => return Err(StoreError::Deja(Box::new(idempotence::read(&row, &sceau)?)).into()),
                None => {}
            }
        }
        match self.store.get(Table::Credits, &apport.reference_key()).await? {
            Some(row) if row.get(MARQUE) == Some(&s(marque)) => Ok(self.booked(apport).await?),
            Some(_) => Err(StoreError::ReferenceConnue.into()),
            None => Err(StoreError::Credit(insufficient).into()),
        }
    }

    /// The movement that a reference led to.
    async fn booked(&self, apport: &Apport<'_>) -> R<Mouvement> {
        let known = self.store.get(Table::Credits, &apport.reference_key()).await?.ok_or_else(|| StoreError::corrupt(WHAT, "a reference is gone"))?;
        let numero = doc::<ReferenceItem>(&known, WHAT)?.mouvement;
        let row = self.store.get(Table::Credits, &schema::mouvement(&self.id, numero)).await?.ok_or_else(|| StoreError::corrupt(WHAT, "a movement is gone"))?;
        read_mouvement(&row)
    }
}

impl Apport<'_> {
    fn reference_key(&self) -> schema::Cle {
        schema::reference(self.mouvement.type_mouvement.as_str(), self.reference)
    }
}

/// A movement that no demande explains, without number and balance yet.
fn from_outside(type_mouvement: TypeMouvement, quantite: i64, motif: String, par: &str, le: Timestamp) -> Mouvement {
    Mouvement { numero: 0, type_mouvement, quantite, solde: 0, demande_id: None, le, par: par.to_owned(), motif: Some(motif) }
}

fn read_mouvement(row: &Row) -> R<Mouvement> {
    readable(doc::<MouvementItem>(row, "movement")?.read(), "movement")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_the_next_number_and_the_balance_after_it() {
        let account = Compte { disponibles: 5, dernier_mouvement: 7, ..Compte::default() };
        let taken = from_outside(TypeMouvement::Correction, -2, "erreur".into(), "op", "2026-11-21T10:00:00Z".parse().unwrap());
        let (after, entry) = taken.on(account).unwrap();
        assert_eq!((after.disponibles, after.dernier_mouvement, entry.numero, entry.solde, entry.quantite), (3, 8, 8, 3, -2));
        assert_eq!(taken.on(Compte::default()), Err(CreditInsuffisant { disponibles: 0, demandes: 2 }));
    }
}
