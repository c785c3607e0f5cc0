//! T2: an outcome, and what it does to credits, guard and transferred amounts.
//!
//! What must hold: all of it is written under the version that the outcome was decided on, so a late or second answer changes nothing
//! and a hold is resolved at most once. The guard goes only if it names this demande, and comes back only if it is free. Amounts
//! of a PEC that is no more leave the dossier. At most eight items: demande, raw answer, account, entry, guard, amounts, dossier, answered key.

use crate::{
    Brut, Idempotence, MagasinStore, Mouvement, R, StoreError,
    dossiers::{PAR_DEMANDE, named, naming},
    row::Row,
    sceau::Sceau,
    schema,
    tables::Table,
    transact::{Ecriture, Essai, Sens, Si, retry},
};
use jiff::Timestamp;
use optopec_domain::{
    credit::{Compte, CreditInsuffisant, TypeMouvement},
    demande::{Demande, Etat},
    suivi::{Changement, Garde},
};
use std::sync::Arc;

/// What is written whatever is found beside it.
struct Scelles<'a> {
    sceau: &'a Arc<Sceau>,
    demande: Row,
    brut: Option<Row>,
}

impl MagasinStore {
    /// Writes an outcome. `Stale` when the demande moved since it was read: read again and decide again.
    /// `brut`: what was answered, when nobody can use it.
    pub async fn settle(&self, changement: &Changement, brut: Option<&Brut>, par: &str, now: Timestamp, idem: Option<&Idempotence>) -> R<()> {
        let (sceau, demande) = (self.sceau().await?, &changement.demande);
        // Sealed once: the tries differ in what they find beside it.
        let raw = brut.map(|b| self.brut_row(&demande.id, b, &sceau)).transpose()?;
        let rows = Scelles { sceau: &sceau, demande: self.demande_row(demande, &sceau)?, brut: raw };
        let marque = &self.store.marque();
        retry(|tour| self.try_settle(changement, &rows, par, now, idem, (marque, tour))).await
    }

    async fn try_settle(
        &self,
        changement: &Changement,
        rows: &Scelles<'_>,
        par: &str,
        now: Timestamp,
        idem: Option<&Idempotence>,
        (marque, tour): (&str, usize),
    ) -> Result<(), Essai> {
        let (demande, mut e) = (&changement.demande, Ecriture::new(marque, tour));
        let before = Si::Version(demande.version.saturating_sub(1));
        e.put(&self.store, Table::Dossiers, rows.demande.clone(), &before, Sens::Lu)?;
        rows.brut.iter().try_for_each(|row| e.put_always(&self.store, Table::Dossiers, row.clone()))?;
        if let Some(type_mouvement) = changement.mouvement {
            let (before, after, mouvement) = self.resolve(demande, type_mouvement, par, now).await?;
            self.put_compte(&mut e, &before, &after, Some(&mouvement))?;
        }
        self.settle_guard(&mut e, changement).await?;
        if is_no_more(demande.etat) {
            self.take_back_amounts(&mut e, demande).await?;
        }
        e.remember(&self.store, &self.id, rows.sceau, idem)?;
        self.store.write(e).await?;
        Ok(())
    }

    /// The account as read, after the movement, and its entry.
    async fn resolve(&self, demande: &Demande, type_mouvement: TypeMouvement, par: &str, now: Timestamp) -> R<(Compte, Compte, Mouvement)> {
        let before = self.compte().await?.ok_or(StoreError::NotFound)?;
        let motif = (type_mouvement == TypeMouvement::Correction).then(|| correction_motif(demande.etat).to_owned());
        let draft = Mouvement {
            numero: 0,
            type_mouvement,
            quantite: i64::from(demande.prix),
            solde: 0,
            demande_id: Some(demande.id.clone()),
            le: now,
            par: par.to_owned(),
            motif,
        };
        match draft.on(before) {
            Ok((after, mouvement)) => Ok((before, after, mouvement)),
            // The hold of an outcome decided on an old version may be resolved already: the account was read after the demande.
            Err(CreditInsuffisant { .. }) => match self.demande(&demande.id).await? {
                Some(now) if now.version + 1 == demande.version => Err(StoreError::corrupt("account", "it holds less than its demandes do")),
                Some(_) | None => Err(StoreError::Stale),
            },
        }
    }

    async fn settle_guard(&self, e: &mut Ecriture, changement: &Changement) -> R<()> {
        let demande = &changement.demande;
        let cle = schema::garde(&self.id, &demande.dossier_id, demande.equipement);
        match changement.garde {
            Garde::Inchangee => Ok(()),
            Garde::Lachee => {
                let ours = self.store.get(Table::Dossiers, &cle).await?.as_ref().map(named).transpose()?.as_ref() == Some(&demande.id);
                e.seen(("guard", ours));
                // It may lack one: it came back to life while another PEC held it.
                if ours { e.delete(&self.store, Table::Dossiers, &cle, &ours_still(demande), Sens::Relire) } else { Ok(()) }
            }
            Garde::Reprise => {
                let free = self.store.get(Table::Dossiers, &cle).await?.is_none();
                e.seen(("guard", free));
                if free { e.put(&self.store, Table::Dossiers, naming(&cle, &demande.id), &Si::Absent, Sens::Relire) } else { Ok(()) }
            }
        }
    }

    async fn take_back_amounts(&self, e: &mut Ecriture, demande: &Demande) -> R<()> {
        let cle = schema::transfert(&self.id, &demande.dossier_id, demande.equipement);
        let there: Option<Row> = self.store.get(Table::Dossiers, &cle).await?;
        let ours = there.as_ref().map(named).transpose()?.as_ref() == Some(&demande.id);
        e.seen(("amounts", ours));
        if ours {
            e.delete(&self.store, Table::Dossiers, &cle, &ours_still(demande), Sens::Relire)?;
            let dossier = schema::dossier(&self.id, &demande.dossier_id);
            // It may have come to its end while its amounts had none.
            let there = self.store.get(Table::Dossiers, &dossier).await?.is_some();
            e.seen(("dossier", there));
            if there {
                e.raise(&self.store, Table::Dossiers, &dossier, &Si::Present, Sens::Relire)?;
            }
        }
        Ok(())
    }
}

fn ours_still(demande: &Demande) -> Si {
    Si::Texte(PAR_DEMANDE, demande.id.to_string())
}

/// Whether what was granted, if anything was, is taken away. An agreement that expired was one: its amounts stay.
const fn is_no_more(etat: Etat) -> bool {
    match etat {
        Etat::Annulee | Etat::RefuseePlateforme | Etat::RefuseeMutuelle | Etat::NonTransmise => true,
        Etat::EnTransmission
        | Etat::SansReponse
        | Etat::EnAttente
        | Etat::Accordee
        | Etat::AccordeeSousReserve
        | Etat::AVerifier(_)
        | Etat::AnnulationEnCours(_)
        | Etat::Expiree => false,
    }
}

/// Why consumed credits come back, as the ledger shows it.
const fn correction_motif(etat: Etat) -> &'static str {
    match etat {
        Etat::RefuseePlateforme => "La plateforme a finalement refusé la demande : le crédit consommé est rendu.",
        Etat::NonTransmise => "La demande n'est finalement jamais arrivée : le crédit consommé est rendu.",
        Etat::EnTransmission
        | Etat::SansReponse
        | Etat::EnAttente
        | Etat::Accordee
        | Etat::AccordeeSousReserve
        | Etat::RefuseeMutuelle
        | Etat::AVerifier(_)
        | Etat::AnnulationEnCours(_)
        | Etat::Annulee
        | Etat::Expiree => "Le crédit consommé est rendu.",
    }
}
