//! Who saw the NIR of a client or of a dossier in clear.
//!
//! What must hold: entries outlive what they are about, so that nobody covers her tracks by erasing it.

use axum::extract::Path;
use optopec_domain::{acces::Acces, ids::ClientId, ids::DossierId};
use optopec_lambda::{
    contexte::{Contexte, id},
    dto::listes::MotifAcces,
    page::Pagination,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::Objet;
use serde::Serialize;
use utoipa::ToSchema;

/// Un accès en clair, ou un effacement.
#[derive(Serialize, ToSchema)]
pub struct AccesDto {
    /// Quand.
    #[schema(format = DateTime)]
    le: String,
    /// Qui : l'identifiant d'un utilisateur.
    utilisateur: String,
    /// Avec quel rôle.
    role: &'static str,
    /// Pourquoi.
    motif: MotifAcces,
}

impl From<&Acces> for AccesDto {
    fn from(acces: &Acces) -> Self {
        Self { le: acces.le.to_string(), utilisateur: acces.utilisateur.clone(), role: acces.role.as_str(), motif: acces.motif.into() }
    }
}

/// Une page d'accès.
#[derive(Serialize, ToSchema)]
pub struct ListeAccesDto {
    /// Les accès, le plus récent d'abord.
    acces: Vec<AccesDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    suivant: Option<String>,
}

/// Qui a vu un dossier en clair, le plus récent d'abord ; reste lisible après la suppression du dossier.
#[utoipa::path(get, path = "/v1/dossiers/{id}/acces", tag = "dossiers", operation_id = "listerAccesDossier", params(("id" = String, Path, description = "Le dossier."), Pagination), responses((status = 200, description = "Les accès.", body = ListeAccesDto)))]
pub async fn dossier(ctx: Contexte, Path(texte): Path<String>, page: Pagination) -> Result<Reponse, Probleme> {
    let dossier: DossierId = id(&texte)?;
    let there = ctx.store.dossier(&dossier).await?.is_some();
    list(&ctx, &Objet::Dossier(dossier), there, &page).await
}

/// Qui a vu un client en clair, le plus récent d'abord ; reste lisible après l'effacement du client.
#[utoipa::path(get, path = "/v1/clients/{id}/acces", tag = "clients", operation_id = "listerAccesClient", params(("id" = String, Path, description = "Le client."), Pagination), responses((status = 200, description = "Les accès.", body = ListeAccesDto)))]
pub async fn client(ctx: Contexte, Path(texte): Path<String>, page: Pagination) -> Result<Reponse, Probleme> {
    let client: ClientId = id(&texte)?;
    let there = ctx.store.client(&client).await?.is_some();
    list(&ctx, &Objet::Client(client), there, &page).await
}

async fn list(ctx: &Contexte, objet: &Objet, there: bool, page: &Pagination) -> Result<Reponse, Probleme> {
    let found = ctx.store.acces(objet, page.limite, page.suivant.as_deref()).await?;
    if !there && found.elements.is_empty() {
        return Err(Probleme::introuvable());
    }
    Ok(Reponse::ok(&ListeAccesDto { acces: found.elements.iter().map(AccesDto::from).collect(), suivant: found.suivant }))
}
