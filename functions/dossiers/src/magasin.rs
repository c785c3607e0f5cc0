//! The shop of the caller.

use optopec_domain::{
    magasin::{Magasin, Transmission},
    verification,
};
use optopec_lambda::{
    contexte::{Contexte, Gerer, Lire},
    corps::Corps,
    dossiers::own_magasin,
    dto::magasin::{MagasinDto, TransmissionDto, read_identite, read_transmission},
    etag,
    mutuelles::conventions_adopted,
    openapi::{IfMatch, IfNoneMatch},
    probleme::Probleme,
    reponse::Reponse,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A prerequisite of the first demande.
#[derive(Serialize, ToSchema)]
pub struct ConditionDto {
    /// `OPTION_PEC`, `CREDIT`, `CONVENTIONS` or `IDENTITE`.
    code: &'static str,
    /// Whether it is met.
    remplie: bool,
    /// What it is, in words.
    message: &'static str,
    /// What to do when it is not.
    action: &'static str,
}

/// The prerequisites of the first demande.
#[derive(Serialize, ToSchema)]
pub struct ConditionsDto {
    /// Whether all are met.
    pret: bool,
    /// Each of them.
    conditions: Vec<ConditionDto>,
}

/// The shop.
#[utoipa::path(get, path = "/v1/magasin", tag = "magasin", operation_id = "lireMagasin", params(IfNoneMatch), responses((status = 200, description = "Le magasin, avec son ETag.", body = MagasinDto), (status = 304, description = "Inchangé.")))]
pub async fn read(Lire(ctx): Lire) -> Result<Reponse, Probleme> {
    let dto = MagasinDto::from(&own_magasin(&ctx.store).await?);
    Ok(ctx.respond(etag::etag(dto.version, &dto), &dto))
}

/// Changes the identity of the shop.
#[utoipa::path(put, path = "/v1/magasin", tag = "magasin", operation_id = "modifierMagasin", params(IfMatch), request_body = MagasinDto, responses((status = 200, description = "Le magasin modifié.", body = MagasinDto)))]
pub async fn put(Gerer(ctx): Gerer, corps: Corps) -> Result<Reponse, Probleme> {
    let before = own_magasin(&ctx.store).await?;
    ctx.if_match(before.version)?;
    let identite = read_identite(&corps.valeur()?).map_err(Probleme::champs_invalides)?;
    write(&ctx, &before, Magasin { identite, ..before.clone() }).await
}

/// Changes the fourteen switches.
#[utoipa::path(put, path = "/v1/magasin/transmission", tag = "magasin", operation_id = "modifierTransmission", params(IfMatch), request_body = TransmissionDto, responses((status = 200, description = "Le magasin modifié.", body = MagasinDto)))]
pub async fn put_transmission(Gerer(ctx): Gerer, corps: Corps) -> Result<Reponse, Probleme> {
    let before = own_magasin(&ctx.store).await?;
    ctx.if_match(before.version)?;
    let transmission: Transmission = read_transmission(&corps.valeur()?).map_err(Probleme::champs_invalides)?;
    write(&ctx, &before, Magasin { transmission, ..before.clone() }).await
}

/// Writes the shop as it must be; each writing raises its version.
async fn write(ctx: &Contexte, before: &Magasin, after: Magasin) -> Result<Reponse, Probleme> {
    let after = Magasin { version: before.version + 1, ..after };
    ctx.store.put_magasin(&after, None).await?;
    let dto = MagasinDto::from(&after);
    Ok(Reponse::ok(&dto).etag(etag::etag(dto.version, &dto)))
}

/// The prerequisites, and what to do about each.
#[utoipa::path(get, path = "/v1/magasin/conditions", tag = "magasin", operation_id = "lireConditions", responses((status = 200, description = "Les quatre conditions.", body = ConditionsDto)))]
pub async fn conditions(Lire(ctx): Lire) -> Result<Reponse, Probleme> {
    let magasin = own_magasin(&ctx.store).await?;
    let compte = ctx.store.compte().await?.unwrap_or_default();
    let adopted = conventions_adopted(&ctx.store.liste().await?, magasin.abonnement.mode);
    let conditions: Vec<_> = verification::conditions(&magasin, &compte, adopted)
        .into_iter()
        .map(|c| ConditionDto { code: c.code, remplie: c.remplie, message: c.message, action: c.action })
        .collect();
    Ok(Reponse::ok(&ConditionsDto { pret: conditions.iter().all(|c| c.remplie), conditions }))
}
