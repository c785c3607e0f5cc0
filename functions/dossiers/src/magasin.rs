//! The shop of the caller.

use optopec_domain::{
    magasin::{Magasin, Transmission},
    verification,
};
use optopec_lambda::{
    contexte::Contexte,
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

/// Une condition de la première demande.
#[derive(Serialize, ToSchema)]
pub struct ConditionDto {
    /// `OPTION_PEC`, `CREDIT`, `CONVENTIONS` ou `IDENTITE`.
    code: &'static str,
    /// Vrai quand elle est remplie.
    remplie: bool,
    /// Ce qu'elle demande.
    message: &'static str,
    /// Que faire pour la remplir.
    action: &'static str,
}

/// Les conditions de la première demande.
#[derive(Serialize, ToSchema)]
pub struct ConditionsDto {
    /// Vrai quand toutes sont remplies.
    pret: bool,
    /// Chacune d'elles.
    conditions: Vec<ConditionDto>,
}

/// Le magasin.
#[utoipa::path(get, path = "/v1/magasin", tag = "magasin", operation_id = "lireMagasin", params(IfNoneMatch), responses((status = 200, description = "Le magasin, avec son ETag.", body = MagasinDto), (status = 304, description = "Inchangé.")))]
pub async fn read(ctx: Contexte) -> Result<Reponse, Probleme> {
    let dto = MagasinDto::from(&own_magasin(&ctx.store).await?);
    Ok(ctx.respond(etag::etag(dto.version, &dto), &dto))
}

/// Modifie l'identité du magasin.
#[utoipa::path(put, path = "/v1/magasin", tag = "magasin", operation_id = "modifierMagasin", params(IfMatch), request_body = MagasinDto, responses((status = 200, description = "Le magasin modifié.", body = MagasinDto)))]
pub async fn put(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let before = own_magasin(&ctx.store).await?;
    ctx.if_match(before.version)?;
    let identite = read_identite(&corps.valeur()?).map_err(Probleme::champs_invalides)?;
    write(&ctx, &before, Magasin { identite, ..before.clone() }).await
}

/// Modifie les quatorze champs facultatifs transmis.
#[utoipa::path(put, path = "/v1/magasin/transmission", tag = "magasin", operation_id = "modifierTransmission", params(IfMatch), request_body = TransmissionDto, responses((status = 200, description = "Le magasin modifié.", body = MagasinDto)))]
pub async fn put_transmission(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
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

/// Les conditions de la première demande, et que faire pour chacune.
#[utoipa::path(get, path = "/v1/magasin/conditions", tag = "magasin", operation_id = "lireConditions", responses((status = 200, description = "Les quatre conditions.", body = ConditionsDto)))]
pub async fn conditions(ctx: Contexte) -> Result<Reponse, Probleme> {
    let magasin = own_magasin(&ctx.store).await?;
    let compte = ctx.store.compte().await?.unwrap_or_default();
    let adopted = conventions_adopted(&ctx.store.liste().await?, magasin.abonnement.mode);
    let conditions: Vec<_> = verification::conditions(&magasin, &compte, adopted)
        .into_iter()
        .map(|c| ConditionDto { code: c.code, remplie: c.remplie, message: c.message, action: c.action })
        .collect();
    Ok(Reponse::ok(&ConditionsDto { pret: conditions.iter().all(|c| c.remplie), conditions }))
}
