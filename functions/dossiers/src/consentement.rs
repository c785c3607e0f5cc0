//! The signed consent of a dossier.
//!
//! What must hold: a signature names the paper that was printed last until its day, and is bound to the mutuelle and to the switches that this
//! paper names, or to those of the moment where none was printed here; recording it counts as having printed what was signed.

use crate::{ESSAIS, dossiers::found};
use axum::extract::Path;
use jiff::civil::Date;
use optopec_domain::{
    consentement::{Accord, Canal, Signature},
    date,
    dossier::Dossier,
};
use optopec_lambda::{
    contexte::Contexte,
    corps::Corps,
    dossiers::{Vue, tag},
    dto::{
        client::Nirs,
        dossier::{DossierDto, read_signature},
    },
    idempotence::Idem,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::{Objet, StoreError};
use utoipa::ToSchema;

/// Une signature à enregistrer.
#[derive(ToSchema)]
#[schema(as = Signature)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct SignatureDto {
    /// Le jour de la signature, jamais à venir.
    #[schema(format = Date, example = "2026-11-21")]
    signe_le: String,
    /// Comment ; `PAPIER` par défaut.
    canal: Option<optopec_lambda::dto::listes::Canal>,
}

/// Enregistre le consentement signé.
#[utoipa::path(post, path = "/v1/dossiers/{id}/consentement", tag = "dossiers", operation_id = "enregistrerConsentement", params(("id" = String, Path, description = "Le dossier.")), request_body = SignatureDto, responses((status = 200, description = "Le dossier, NIR masqués.", body = DossierDto)))]
pub async fn sign(ctx: Contexte, Path(texte): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    found(&ctx, &texte).await?;
    let idem = ctx.idempotent(&corps).await?;
    let (signe_le, canal) = read_signature(&corps.valeur()?, date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    for _ in 0..ESSAIS {
        match record(&ctx, &texte, signe_le, canal, &idem).await? {
            Some(reponse) => return Ok(reponse),
            None => continue,
        }
    }
    Err(Probleme::occupe())
}

/// One try; `None` when somebody else wrote in between.
async fn record(ctx: &Contexte, texte: &str, signe_le: Date, canal: Canal, idem: &Idem) -> Result<Option<Reponse>, Probleme> {
    let mut lu = found(ctx, texte).await?;
    let mut vue = Vue::load(ctx).await?;
    let mutuelle_id = lu.dossier.tiers_payant.rattachement.mutuelle_id.clone();
    if lu.dossier.consentement.imprime_le.is_none() {
        ctx.store.mark_printed(&lu.dossier.id, ctx.now, None).await?;
        lu.dossier.consentement.print(ctx.now, None);
    }
    let mut after = Dossier { version: lu.dossier.version + 1, ..lu.dossier.clone() };
    let papier = lu.dossier.consentement.handed_out(signe_le).cloned();
    // Whoever signed the paper agreed to what it names, whatever was switched on or chosen since.
    let (mutuelle_id, transmission) = match papier.as_ref().and_then(|papier| papier.accord.clone()) {
        Some(Accord { mutuelle_id, transmission }) => (Some(mutuelle_id), transmission),
        None => (mutuelle_id, vue.magasin.transmission),
    };
    after.consentement.signature = Some(Signature { signe_le, canal, mutuelle_id, transmission, papier });
    let dto = vue.show(ctx, &after, Nirs::Masques).await?;
    let reponse = Reponse::ok(&dto).etag(tag(&dto)?).about(&Objet::Dossier(after.id.clone()));
    match ctx.store.put_dossier(&lu, &after, &[], (&ctx.appelant.utilisateur, ctx.now), None, idem.record(&reponse, ctx.now).as_ref()).await {
        Ok(()) => Ok(Some(reponse)),
        Err(StoreError::Stale) => Ok(None),
        Err(error) => Err(idem.refuse(error)),
    }
}
