//! What the operator sets for a shop.

use crate::ESSAIS;
use axum::extract::Path;
use optopec_domain::{ids::MagasinId, magasin::Magasin};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dto::magasin::{AbonnementDto, read_abonnement},
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// Ce qu'a fait un rechiffrement des clés.
#[derive(Serialize, ToSchema)]
pub struct RechiffrementDto {
    /// Clés de magasins que la clé maîtresse actuelle protège désormais et ne protégeait pas avant.
    rechiffrees: u64,
    /// Clés qu'une autre clé maîtresse protège encore : recommencer jusqu'à zéro.
    restantes: u64,
}

/// Protège les clés des magasins par la clé maîtresse actuelle, 200 à la fois ; à répéter jusqu'à ce qu'il n'en reste aucune.
#[utoipa::path(post, path = "/v1/operateur/cles/rotation", tag = "operateur", operation_id = "rechiffrerCles", responses((status = 200, description = "Ce qui a été fait.", body = RechiffrementDto)))]
pub async fn rewrap(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let done = ctx.deps.store.rewrap().await?;
    let reponse = Reponse::ok(&RechiffrementDto { rechiffrees: done.rechiffrees, restantes: done.restantes });
    if let Some(record) = idem.record(&reponse, ctx.now) {
        ctx.store.remember(&record).await.map_err(|e| idem.refuse(e))?;
    }
    Ok(reponse)
}

/// Règle ce que permet l'abonnement d'un magasin ; ce qui n'est pas dit reste tel quel.
#[utoipa::path(put, path = "/v1/operateur/magasins/{id}", tag = "operateur", operation_id = "modifierAbonnement", params(("id" = String, Path, description = "Le magasin.")), request_body = AbonnementDto, responses((status = 200, description = "L'abonnement.", body = AbonnementDto)))]
pub async fn put(ctx: Contexte, Path(texte): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let magasin: MagasinId = id(&texte)?;
    let store = ctx.deps.store.for_magasin(magasin.clone());
    for _ in 0..ESSAIS {
        let before = store.magasin().await?.ok_or_else(Probleme::introuvable)?;
        let abonnement = read_abonnement(&corps.valeur()?, &before.abonnement).map_err(Probleme::champs_invalides)?;
        let reponse = Reponse::ok(&AbonnementDto::new(&magasin, &abonnement));
        if abonnement == before.abonnement {
            return Ok(reponse);
        }
        match store.put_magasin(&Magasin { version: before.version + 1, abonnement, ..before }, None).await {
            Ok(()) => return Ok(reponse),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}
