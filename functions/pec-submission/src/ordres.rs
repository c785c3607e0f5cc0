//! Orders about one demande: ask for news, cancel, decide.
//!
//! What must hold: an order is decided on the demande as it stands when it is written; where another writer was faster it is decided
//! again, and refused if it no longer makes sense.

use crate::{
    ESSAIS,
    decision::{self, IssueDecidee},
    impossible,
    lecture::{dossier_named, enqueue, envoi, find},
};
use axum::extract::Path;
use optopec_domain::{
    demande::Demande,
    limites,
    suivi::{self, ActionImpossible},
};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dto::{demande::DemandeDto, listes},
    etag::etag,
    idempotence::Idem,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::StoreError;
use serde::Deserialize;
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

/// Pourquoi une demande est annulée.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct AnnulationDto {
    /// Avec les mots du magasin.
    #[schema(min_length = 1, max_length = 500)]
    motif: String,
}

/// Ce qu'une personne a appris d'une demande `A_VERIFIER`.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct DecisionDto {
    /// Ce qu'il est advenu de la demande.
    #[schema(schema_with = issue_schema)]
    issue: String,
    /// Qui l'a dit, quand et comment.
    #[schema(min_length = 1, max_length = 500)]
    motif: String,
    /// Qui a refusé ; obligatoire avec `REFUSEE`.
    #[schema(value_type = Option<listes::Origine>)]
    origine: Option<String>,
    /// « N° de PEC », avec `ACCORDEE` seulement.
    #[schema(max_length = 60)]
    numero_pec: Option<String>,
    /// Montant global, au plus le prix de l'équipement ; avec `ACCORDEE` seulement.
    #[schema(minimum = 0, maximum = 100_000_000)]
    montant_global_centimes: Option<u64>,
}

fn issue_schema() -> Object {
    let issues = IssueDecidee::ALL.iter().map(|issue| issue.as_str());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(issues)).description(Some("Ce qu'il est advenu de la demande.")).build()
}

/// Interroge bientôt le concentrateur.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/actualisation",
    operation_id = "actualiserDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande.")),
    responses((status = 202, description = "La demande, bientôt actualisée.", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn refresh(ctx: Contexte, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let demande = find(&ctx, &id(&demande)?).await?;
    update(&ctx, &idem, demande, |demande| {
        suivi::request_refresh(demande, &ctx.appelant.utilisateur, ctx.now).map_err(|ActionImpossible| impossible::refuse(demande, impossible::refresh))
    })
    .await
}

/// Demande l'annulation d'une PEC.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/annulation",
    operation_id = "annulerDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande.")),
    request_body = AnnulationDto,
    responses((status = 202, description = "La demande, en cours d'annulation.", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn cancel(ctx: Contexte, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let demande = find(&ctx, &id(&demande)?).await?;
    let motif = corps.read(|objet, erreurs| Some(objet.texte_requis("motif", limites::REMARQUE_CARACTERES_MAX, erreurs)))?;
    update(&ctx, &idem, demande, |demande| {
        suivi::request_cancellation(demande, motif.clone(), &ctx.appelant.utilisateur, ctx.now)
            .map_err(|ActionImpossible| impossible::refuse(demande, impossible::cancel))
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
        let reponse = Reponse::accepted(&dto).etag(etag(next.version, &dto)).about(&dossier_named(&next));
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

/// Clôt une demande `A_VERIFIER`.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/decision",
    operation_id = "deciderDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande.")),
    request_body = DecisionDto,
    responses((status = 200, description = "La demande décidée.", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn decide(ctx: Contexte, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let mut demande = find(&ctx, &id(&demande)?).await?;
    let envoi = envoi(&ctx, &demande.id).await?;
    let (decision, motif) = decision::read(&corps.valeur()?, &envoi).map_err(Probleme::champs_invalides)?;
    for _ in 0..ESSAIS {
        let Ok(changement) = suivi::decide(&demande, &envoi, &decision, &motif, &ctx.appelant.utilisateur, ctx.now) else {
            return Err(ctx.unless_known(&idem, Probleme::action_impossible(impossible::DECIDE)).await);
        };
        let dto = DemandeDto::new(&changement.demande, ctx.appelant.role);
        let reponse = Reponse::ok(&dto).etag(etag(changement.demande.version, &dto)).about(&dossier_named(&demande));
        match ctx.store.settle(&changement, None, &ctx.appelant.utilisateur, ctx.now, idem.record(&reponse, ctx.now).as_ref()).await {
            Ok(()) => return Ok(reponse),
            Err(StoreError::Stale) => demande = find(&ctx, &demande.id).await?,
            Err(error) => return Err(idem.refuse(error)),
        }
    }
    Err(Probleme::occupe())
}
