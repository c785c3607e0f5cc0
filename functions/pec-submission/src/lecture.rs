//! One demande, and what the orders about it read.

use crate::impossible;
use axum::extract::Path;
use jiff::Timestamp;
use optopec_domain::{acces::MotifAcces, demande::Demande, envoi::Envoi, ids::DemandeId};
use optopec_lambda::{
    contexte::{Contexte, id},
    dto::demande::DemandeDto,
    etag::etag,
    openapi::IfNoneMatch,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::Objet;

/// Lit une demande, avec ses événements et les actions permises maintenant.
#[utoipa::path(
    get,
    path = "/v1/demandes/{id}",
    operation_id = "lireDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande."), IfNoneMatch),
    responses((status = 200, description = "La demande, avec son ETag.", body = DemandeDto, headers(("ETag" = String))))
)]
pub async fn get(ctx: Contexte, Path(demande): Path<String>) -> Result<Reponse, Probleme> {
    let demande = find(&ctx, &id(&demande)?).await?;
    let dto = DemandeDto::new(&demande, ctx.appelant.role);
    Ok(ctx.respond(etag(demande.version, &dto), &dto))
}

/// The dossier of the person whom an answer about a demande names: once it is gone, no key gives that answer again.
pub fn dossier_named(demande: &Demande) -> Objet {
    Objet::Dossier(demande.dossier_id.clone())
}

/// A demande of the caller's shop; 404 for any other.
pub async fn find(ctx: &Contexte, id: &DemandeId) -> Result<Demande, Probleme> {
    ctx.store.demande(id).await?.ok_or_else(Probleme::introuvable)
}

/// What a demande sent. It is written with the demande, and goes when the person it is about is erased or its time is over.
pub async fn envoi(ctx: &Contexte, id: &DemandeId) -> Result<Envoi, Probleme> {
    ctx.store.envoi(id).await?.ok_or_else(|| Probleme::action_impossible(impossible::ERASED))
}

/// Rend le texte brut de la dernière réponse inexploitable, gardé 90 jours, pour la personne qui décide.
#[utoipa::path(
    get,
    path = "/v1/demandes/{id}/brut",
    operation_id = "lireReponseBrute",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande.")),
    responses((status = 200, description = "Le texte, tel que reçu.", body = String, content_type = "text/plain; charset=utf-8"))
)]
pub async fn raw(ctx: Contexte, Path(demande): Path<String>) -> Result<Reponse, Probleme> {
    let demande = find(&ctx, &id(&demande)?).await?;
    let none = || Probleme::introuvable().detail("Aucune réponse inexploitable n'est gardée pour cette demande.");
    let brut = ctx.store.brut(&demande.id, ctx.now).await?.ok_or_else(none)?;
    // It may repeat what was sent: seeing it is an access to the dossier.
    ctx.note(vec![ctx.trace(Objet::Dossier(demande.dossier_id), MotifAcces::ReponseBrute, true)]).await?;
    Ok(Reponse::file("text/plain; charset=utf-8", &format!("reponse-{}.txt", demande.id), brut.texte.into_bytes()))
}

/// Tells the worker that a person waits for. Its loss is not the caller's: the due index knows.
pub async fn enqueue(ctx: &Contexte, demande: &DemandeId, due: Timestamp) {
    let wait = due.duration_since(ctx.now);
    let seconds = wait.as_secs().saturating_add(i64::from(wait.subsec_nanos() > 0)).clamp(0, 900);
    let travaux = [(ctx.appelant.magasin.clone(), demande.clone())];
    if let Err(error) = ctx.deps.queues.send_transmission(&travaux, u16::try_from(seconds).unwrap_or(0)).await {
        tracing::warn!(%error, %demande, request_id = ctx.request_id, "the transmission queue was not told; the due index will");
    }
}
