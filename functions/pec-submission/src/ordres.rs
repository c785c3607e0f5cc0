//! Orders about one demande: ask for news, cancel, decide.
//!
//! What must hold: an order is decided on the demande as it stands when it is written; where another writer was faster it is decided
//! again, and refused if it no longer makes sense.

use crate::{
    ESSAIS, decision, impossible,
    lecture::{enqueue, envoi, find},
};
use axum::extract::Path;
use optopec_domain::{
    demande::Demande,
    limites,
    suivi::{self, ActionImpossible},
};
use optopec_lambda::{
    contexte::{Contexte, Gerer, Servir, id},
    corps::Corps,
    dto::demande::DemandeDto,
    etag::etag,
    idempotence::Idem,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::StoreError;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why a demande is cancelled.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct AnnulationDto {
    /// In the shop's words.
    #[schema(min_length = 1, max_length = 500)]
    motif: String,
}

/// What a person learned about a demande `A_VERIFIER`.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct DecisionDto {
    /// `ACCORDEE`, `REFUSEE` or `NON_TRANSMISE`.
    issue: String,
    /// Who said it, when, how.
    #[schema(min_length = 1, max_length = 500)]
    motif: String,
    /// `PLATEFORME` or `MUTUELLE`: who refused; required with `REFUSEE`.
    origine: Option<String>,
    /// « N° de PEC »; with `ACCORDEE` only.
    numero_pec: Option<String>,
    /// Global amount, at most the price of the equipment; with `ACCORDEE` only.
    montant_global_centimes: Option<u64>,
}

/// Asks the concentrator soon.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/actualisation",
    tag = "Demandes",
    params(("id" = String, Path, description = "Id of the demande")),
    responses((status = 202, description = "It will be asked", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn refresh(Servir(ctx): Servir, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let demande = find(&ctx, &id(&demande)?).await?;
    update(&ctx, &idem, demande, |demande| {
        suivi::request_refresh(demande, &ctx.appelant.utilisateur, ctx.now)
            .map_err(|ActionImpossible| Probleme::action_impossible(impossible::refresh(demande)))
    })
    .await
}

/// Asks to cancel a PEC.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/annulation",
    tag = "Demandes",
    params(("id" = String, Path, description = "Id of the demande")),
    request_body = AnnulationDto,
    responses((status = 202, description = "It will be cancelled", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn cancel(Servir(ctx): Servir, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let demande = find(&ctx, &id(&demande)?).await?;
    let motif = corps.lire(|objet, erreurs| Some(objet.texte_requis("motif", limites::REMARQUE_CARACTERES_MAX, erreurs)))?;
    update(&ctx, &idem, demande, |demande| {
        suivi::request_cancellation(demande, motif.clone(), &ctx.appelant.utilisateur, ctx.now)
            .map_err(|ActionImpossible| Probleme::action_impossible(impossible::cancel(demande)))
    })
    .await
}

/// Writes what an order makes of a demande, and tells the worker.
async fn update(ctx: &Contexte, idem: &Idem, mut demande: Demande, order: impl Fn(&Demande) -> Result<Demande, Probleme>) -> Result<Reponse, Probleme> {
    for _ in 0..ESSAIS {
        let next = match order(&demande) {
            Ok(next) => next,
            Err(refus) => return Err(ctx.unless_known(idem, refus).await),
        };
        let dto = DemandeDto::new(&next, ctx.appelant.role);
        let reponse = Reponse::accepted(&dto).etag(etag(next.version, &dto));
        match ctx.store.update_demande(&next, idem.record(&reponse, ctx.now).as_ref()).await {
            Ok(()) => {
                enqueue(ctx, &next.id, next.echeance.unwrap_or(ctx.now)).await;
                return Ok(reponse);
            }
            Err(StoreError::Stale) => demande = find(ctx, &demande.id).await?,
            Err(error) => return Err(idem.refuse(error)),
        }
    }
    Err(Probleme::occupe())
}

/// Ends a demande `A_VERIFIER`.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/decision",
    tag = "Demandes",
    params(("id" = String, Path, description = "Id of the demande")),
    request_body = DecisionDto,
    responses((status = 200, description = "The demande as decided", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn decide(Gerer(ctx): Gerer, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let mut demande = find(&ctx, &id(&demande)?).await?;
    let envoi = envoi(&ctx, &demande.id).await?;
    let (decision, motif) = decision::read(&corps.valeur()?, &envoi).map_err(Probleme::champs_invalides)?;
    for _ in 0..ESSAIS {
        let Ok(changement) = suivi::decide(&demande, &envoi, &decision, &motif, &ctx.appelant.utilisateur, ctx.now) else {
            return Err(ctx.unless_known(&idem, Probleme::action_impossible(impossible::DECIDE)).await);
        };
        let dto = DemandeDto::new(&changement.demande, ctx.appelant.role);
        let reponse = Reponse::ok(&dto).etag(etag(changement.demande.version, &dto));
        match ctx.store.settle(&changement, &ctx.appelant.utilisateur, ctx.now, idem.record(&reponse, ctx.now).as_ref()).await {
            Ok(()) => return Ok(reponse),
            Err(StoreError::Stale) => demande = find(&ctx, &demande.id).await?,
            Err(error) => return Err(idem.refuse(error)),
        }
    }
    Err(Probleme::occupe())
}
