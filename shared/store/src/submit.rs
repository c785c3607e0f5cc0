//! T1: a demande begins, and its credits are held.
//!
//! What must hold: demande, what it sends, hold, guard and the answer to the key are written together or not at all, and only from the
//! dossier that was checked. A refusal (« not enough credits », « already a live PEC ») is given only after looking whether this very
//! key was the cause. At most nine items (a dozen more in the first demande of a year, which prolongs dossier and client): demande, envoi, link, guard (PEC) or mark of the last cotation, dossier (looked at), the
//! cotation it is made of (looked at), account, entry (unless it is free), answered key.

use crate::{
    Idempotence, MagasinStore, Mouvement, R, StoreError,
    dossiers::{DossierLu, Prolongation, naming},
    idempotence,
    row::{MARQUE, s},
    sceau::Sceau,
    schema,
    tables::Table,
    transact::{Ecrit, Ecriture, Essai, Sens, Si, retry},
};
use optopec_domain::{
    credit::{Compte, TypeMouvement},
    demande::{Demande, Nature},
    envoi::Envoi,
};
use std::sync::Arc;

/// A demande to begin.
pub struct Submission<'a> {
    /// The demande; its `numero` is given by the store.
    pub demande: Demande,
    /// What will be sent.
    pub envoi: &'a Envoi,
    /// The dossier that was checked. It lives on as long as one that is written today.
    pub dossier: &'a DossierLu,
    /// The account as the check saw it. The first try believes it; its condition tells when it moved.
    pub compte: Compte,
    /// What to remember for the key, once the number is known. Always for the same key.
    pub idem: &'a (dyn Fn(&Demande) -> Idempotence + Sync),
    /// The cotation that this PEC is made of, as it was read: `Stale` if it moved. It is not written.
    pub source: Option<&'a Demande>,
}

/// What every try of one submission needs.
struct Moyens<'a> {
    sceau: &'a Arc<Sceau>,
    prolongation: Option<&'a Prolongation>,
}

impl MagasinStore {
    /// Begins a demande. `Deja`: its key had an effect before; `Engage`: the equipment has a live PEC; `Credit`; `Stale` or `NotFound`:
    /// dossier or cotation moved or went; `Busy`: try later.
    pub async fn submit(&self, submission: Submission<'_>) -> R<Demande> {
        let (marque, submission, sceau) = (self.store.marque(), &submission, self.sceau().await?);
        let prolongation = self.prolonged(submission.dossier, submission.demande.creee_le, &sceau).await?;
        let moyens = Moyens { sceau: &sceau, prolongation: prolongation.as_ref() };
        retry(|tour| self.try_submit(submission, &moyens, &marque, tour)).await
    }

    async fn try_submit(&self, submission: &Submission<'_>, moyens: &Moyens<'_>, marque: &str, tour: usize) -> Result<Demande, Essai> {
        let before = match tour {
            0 => submission.compte,
            _ => self.compte().await?.ok_or(StoreError::NotFound)?,
        };
        let demande = Demande { numero: before.derniere_demande + 1, ..submission.demande.clone() };
        let idem = (submission.idem)(&demande);
        let refused = match self.begin(submission, &demande, &idem, before, moyens, Ecriture::new(marque, tour)) {
            Ok(ecriture) => match self.store.write(ecriture).await {
                Ok(Ecrit::Maintenant) => return Ok(demande),
                Ok(Ecrit::Avant) => return self.begun(demande).await,
                Err(Essai::Fin(error)) => error,
                Err(again) => return Err(again),
            },
            Err(error) => error,
        };
        self.because_of_the_key(refused, demande, &idem, moyens.sceau, marque).await
    }

    /// T1 itself.
    fn begin(&self, submission: &Submission<'_>, demande: &Demande, idem: &Idempotence, before: Compte, moyens: &Moyens<'_>, mut e: Ecriture) -> R<Ecriture> {
        let (store, magasin, dossier, sceau) = (&self.store, &self.id, &demande.dossier_id, moyens.sceau);
        let held = hold(demande).map(|m| m.on(before)).transpose().map_err(StoreError::Credit)?;
        let after = Compte { derniere_demande: demande.numero, ..held.as_ref().map_or(before, |(compte, _)| *compte) };

        e.put(store, Table::Dossiers, self.demande_row(demande, sceau)?, &Si::Absent, Sens::Lu)?;
        e.put(store, Table::Dossiers, self.envoi_row(demande, submission.envoi, sceau)?, &Si::Absent, Sens::Lu)?;
        e.put(store, Table::Dossiers, naming(&schema::lien(magasin, dossier, &demande.id), &demande.id), &Si::Absent, Sens::Lu)?;
        match demande.nature {
            Nature::Pec => {
                e.put(store, Table::Dossiers, naming(&schema::garde(magasin, dossier, demande.equipement), &demande.id), &Si::Absent, Sens::Garde)?
            }
            // Takes no guard, but whoever changes the equipment must have seen it.
            Nature::Cotation => e.put_always(store, Table::Dossiers, naming(&schema::cotation(magasin, dossier, demande.equipement), &demande.id))?,
        }
        self.keep_dossier(&mut e, submission.dossier, moyens.prolongation)?;
        if let Some(source) = submission.source {
            e.check(store, Table::Dossiers, &schema::demande(magasin, &source.id), &Si::Version(source.version), Sens::Lu)?;
        }
        self.put_compte(&mut e, &before, &after, held.as_ref().map(|(_, mouvement)| mouvement))?;
        e.remember(store, magasin, sceau, Some(idem))?;
        Ok(e)
    }

    /// A try before had begun it: its number is the one that counts.
    async fn begun(&self, demande: Demande) -> Result<Demande, Essai> {
        let stored = self.demande(&demande.id).await?.ok_or_else(|| StoreError::corrupt("demande", "written and gone"))?;
        Ok(Demande { numero: stored.numero, ..demande })
    }

    /// A refusal that this very call, or another with its key, may have caused: the credit is held, the guard is taken, by itself.
    async fn because_of_the_key(&self, refused: StoreError, demande: Demande, idem: &Idempotence, sceau: &Sceau, marque: &str) -> Result<Demande, Essai> {
        match self.store.get(Table::Dossiers, &schema::idempotence(&self.id, &sceau.cle_idempotence(&idem.cle))).await? {
            Some(row) if row.get(MARQUE) == Some(&s(marque)) => self.begun(demande).await,
            Some(row) => Err(StoreError::Deja(Box::new(idempotence::read(&row, sceau)?)).into()),
            None => Err(refused.into()),
        }
    }
}

/// The entry that holds a demande's credits, if it has a price; by whoever made the demande.
fn hold(demande: &Demande) -> Option<Mouvement> {
    let par = demande.evenements.first().map(|e| e.par.clone()).unwrap_or_default();
    let quantite = i64::from(demande.prix);
    (quantite > 0).then(|| Mouvement {
        numero: 0,
        type_mouvement: TypeMouvement::Reservation,
        quantite,
        solde: 0,
        demande_id: Some(demande.id.clone()),
        le: demande.creee_le,
        par,
        motif: None,
    })
}
