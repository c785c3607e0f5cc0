//! Erasure (art. 17 GDPR): a dossier with what was sent for it, a client with all her dossiers.
//!
//! What must hold: nothing is erased while a demande may still bind the mutuelle, or the shop could not answer for it; that is looked at for all
//! dossiers before the first erasure, and again for each. Each step may be repeated, and the client goes last: an erasure that broke off, or
//! that a demande of this very moment stopped half-way, is taken up by asking again. Demandes and ledger stay, without personal data;
//! who erased is written down with it.

use crate::ESSAIS;
use optopec_domain::{
    acces::MotifAcces,
    client::Client,
    demande::{Demande, Nature},
    ids::DemandeId,
};
use optopec_lambda::{contexte::Contexte, probleme::Probleme};
use optopec_store::{DossierLu, Objet, StoreError};

/// Erases a dossier.
pub async fn dossier(ctx: &Contexte, mut lu: DossierLu) -> Result<(), Probleme> {
    let id = lu.dossier.id.clone();
    let trace = ctx.trace(Objet::Dossier(id.clone()), MotifAcces::Effacement, false);
    for _ in 0..ESSAIS {
        free(ctx, &lu).await?;
        for demande in &lu.demandes {
            erase(ctx, &lu, demande).await?;
        }
        match ctx.store.delete_dossier(&lu, &trace).await {
            Ok(()) => return Ok(()),
            // Somebody wrote in between, perhaps a demande that nothing of the above has seen.
            Err(StoreError::Stale | StoreError::Engage(_)) => lu = ctx.store.dossier(&id).await?.ok_or_else(Probleme::introuvable)?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

/// Erases a client and all her dossiers.
pub async fn client(ctx: &Contexte, mut client: Client) -> Result<(), Probleme> {
    let trace = ctx.trace(Objet::Client(client.id.clone()), MotifAcces::Effacement, false);
    for lu in dossiers_of(ctx, &client).await? {
        free(ctx, &lu).await?;
    }
    for _ in 0..ESSAIS {
        for lu in dossiers_of(ctx, &client).await? {
            dossier(ctx, lu).await.map_err(half_way)?;
        }
        match ctx.store.delete_client(&client, &trace).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Stale) => client = ctx.store.client(&client.id).await?.ok_or_else(Probleme::introuvable)?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

/// A demande that came in while the dossiers went, one after the other.
fn half_way(refus: Probleme) -> Probleme {
    match refus.genre() {
        Some("equipement-engage") => refus.detail(
            "Une demande vient d'être faite pour ce client : une partie de ses dossiers est déjà effacée. Attendez la fin de la demande, puis recommencez.",
        ),
        _ => refus,
    }
}

/// All dossiers of a client, with what hangs on them.
pub async fn dossiers_of(ctx: &Contexte, client: &Client) -> Result<Vec<DossierLu>, Probleme> {
    let mut all = Vec::new();
    for id in ctx.store.dossiers_of(&client.id).await? {
        all.extend(ctx.store.dossier(&id).await?);
    }
    Ok(all)
}

/// Refuses while a demande of the dossier may still bind the mutuelle; the problem names it.
async fn free(ctx: &Contexte, lu: &DossierLu) -> Result<(), Probleme> {
    match ctx.store.demandes_by_id(&lu.demandes).await?.iter().filter(|d| binds(ctx, d)).max_by_key(|d| d.numero) {
        Some(demande) => Err(Probleme::equipement_engage(&demande.id)),
        None => Ok(()),
    }
}

/// Whether a demande may still bind the mutuelle. A granted cotation binds nobody; a grant without an end binds for as long as a dossier is kept.
fn binds(ctx: &Contexte, d: &Demande) -> bool {
    let last = d.evenements.last().map_or(d.creee_le, |e| e.le);
    let forgotten = d.etat.granted() && d.reponse.expire_le.is_none() && ctx.deps.config.conservation.dossier(last) <= ctx.now;
    match d.nature {
        Nature::Pec => d.etat.live() && d.effacee_le.is_none() && !forgotten,
        Nature::Cotation => d.etat.open() && d.effacee_le.is_none(),
    }
}

/// Erases what a demande holds about a person.
async fn erase(ctx: &Contexte, lu: &DossierLu, id: &DemandeId) -> Result<(), Probleme> {
    for _ in 0..ESSAIS {
        // One that is gone, or was erased by a call that broke off.
        let Some(demande) = ctx.store.demande(id).await?.filter(|d| d.effacee_le.is_none()) else { return Ok(()) };
        // It may have come to life again since the dossier was looked at.
        if binds(ctx, &demande) {
            return Err(Probleme::equipement_engage(id));
        }
        let garde = lu.gardes.get(&demande.equipement) == Some(id);
        match ctx.store.erase_demande(&demande.erased(&ctx.appelant.utilisateur, ctx.now), garde).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}
