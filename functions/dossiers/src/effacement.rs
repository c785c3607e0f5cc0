//! Erasure (art. 17 GDPR): a dossier with what was sent for it, a client with all her dossiers.
//!
//! What must hold: nothing is erased while a demande may still bind the mutuelle, or the shop could not answer for it; the check comes before the
//! first erasure. Each step may be repeated, and the client goes last: an erasure that broke off is taken up by asking again. Demandes
//! and ledger stay, without personal data; who erased is written down.

use crate::ESSAIS;
use optopec_domain::{
    acces::MotifAcces,
    client::Client,
    demande::{Demande, Nature},
    ids::DemandeId,
};
use optopec_lambda::{contexte::Contexte, probleme::Probleme};
use optopec_store::{DossierLu, Objet, StoreError};

/// Dossiers looked at in one go.
const LOT: u32 = 100;

/// Erases a dossier.
pub async fn dossier(ctx: &Contexte, mut lu: DossierLu) -> Result<(), Probleme> {
    let id = lu.dossier.id.clone();
    for _ in 0..ESSAIS {
        free(ctx, &lu).await?;
        for demande in &lu.demandes {
            erase(ctx, demande).await?;
        }
        match ctx.store.delete_dossier(&lu).await {
            Ok(()) => return ctx.note(vec![ctx.trace(Objet::Dossier(id), MotifAcces::Effacement, false)]).await,
            // Somebody wrote in between, perhaps a demande that nothing of the above has seen.
            Err(StoreError::Stale) => lu = ctx.store.dossier(&id).await?.ok_or_else(Probleme::introuvable)?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

/// Erases a client and all her dossiers.
pub async fn client(ctx: &Contexte, mut client: Client) -> Result<(), Probleme> {
    for lu in dossiers_of(ctx, &client).await? {
        free(ctx, &lu).await?;
    }
    for _ in 0..ESSAIS {
        for lu in dossiers_of(ctx, &client).await? {
            dossier(ctx, lu).await?;
        }
        match ctx.store.delete_client(&client).await {
            Ok(()) => return ctx.note(vec![ctx.trace(Objet::Client(client.id), MotifAcces::Effacement, false)]).await,
            Err(StoreError::Stale) => client = ctx.store.client(&client.id).await?.ok_or_else(Probleme::introuvable)?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

/// All dossiers of a client, with what hangs on them.
pub async fn dossiers_of(ctx: &Contexte, client: &Client) -> Result<Vec<DossierLu>, Probleme> {
    let (mut all, mut suivant) = (Vec::new(), None);
    loop {
        let page = ctx.store.dossiers(Some(&client.id), LOT, suivant.as_deref()).await?;
        for lu in page.elements {
            all.extend(ctx.store.dossier(&lu.dossier.id).await?);
        }
        suivant = page.suivant;
        if suivant.is_none() {
            return Ok(all);
        }
    }
}

/// Refuses while a demande of the dossier may still bind the mutuelle; the problem names it. A granted cotation binds nobody.
async fn free(ctx: &Contexte, lu: &DossierLu) -> Result<(), Probleme> {
    let binds = |d: &&Demande| match d.nature {
        Nature::Pec => d.etat.live(),
        Nature::Cotation => d.etat.open(),
    };
    match ctx.store.demandes_by_id(&lu.demandes).await?.iter().filter(binds).max_by_key(|d| d.numero) {
        Some(demande) => Err(Probleme::equipement_engage(&demande.id)),
        None => Ok(()),
    }
}

/// Erases what a demande holds about a person.
async fn erase(ctx: &Contexte, id: &DemandeId) -> Result<(), Probleme> {
    for _ in 0..ESSAIS {
        // One that is gone, or was erased by a call that broke off.
        let Some(demande) = ctx.store.demande(id).await?.filter(|d| d.effacee_le.is_none()) else { return Ok(()) };
        match ctx.store.erase_demande(&demande.erased(&ctx.appelant.utilisateur, ctx.now)).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}
