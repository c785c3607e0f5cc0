//! Clients of the shop.

use crate::{
    ESSAIS,
    recherche::{self, RechercheDto},
};
use axum::extract::Path;
use optopec_domain::{client::Client, date, ids::ClientId};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dossiers::nirs_for,
    dto::client::{ClientDto, Nirs, read_client},
    etag,
    openapi::{IfMatch, IfNoneMatch},
    page::Pagination,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// Une page de clients, NIR masqués.
#[derive(Serialize, ToSchema)]
pub struct ClientsDto {
    /// Les clients.
    clients: Vec<ClientDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    suivant: Option<String>,
}

async fn found(ctx: &Contexte, texte: &str) -> Result<Client, Probleme> {
    ctx.store.client(&id::<ClientId>(texte)?).await?.ok_or_else(Probleme::introuvable)
}

/// The client as an answer about her alone shows her; each NIR in clear is written down.
fn show(ctx: &Contexte, client: &Client) -> (ClientDto, String) {
    let nirs = nirs_for(ctx.appelant.role);
    let has_nir = client.personne.nir.is_some() || client.assure.as_ref().is_some_and(|a| a.nir.is_some());
    if nirs == Nirs::Clairs && has_nir {
        ctx.log_nir(client.id.as_str());
    }
    let dto = ClientDto::new(client, nirs);
    let tag = etag::etag(client.version, &dto);
    (dto, tag)
}

/// Crée un client.
#[utoipa::path(post, path = "/v1/clients", tag = "clients", operation_id = "creerClient", request_body = ClientDto, responses((status = 201, description = "Le client, son adresse dans Location.", body = ClientDto)))]
pub async fn create(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let client = read_client(&corps.valeur()?, ctx.deps.ids.client(ctx.now), None, date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (dto, tag) = show(&ctx, &client);
    let reponse = Reponse::created(&dto).etag(tag).location(format!("/v1/clients/{}", client.id));
    ctx.store.put_client(None, &client, idem.record(&reponse, ctx.now).as_ref()).await.map_err(|e| idem.refuse(e))?;
    Ok(reponse)
}

/// Lit un client ; les NIR sont masqués pour le rôle `LECTURE`.
#[utoipa::path(get, path = "/v1/clients/{id}", tag = "clients", operation_id = "lireClient", params(("id" = String, Path, description = "Le client."), IfNoneMatch), responses((status = 200, description = "Le client, avec son ETag.", body = ClientDto), (status = 304, description = "Inchangé.")))]
pub async fn read(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let client = found(&ctx, &texte).await?;
    let (dto, tag) = show(&ctx, &client);
    Ok(ctx.respond(tag, &dto))
}

/// Modifie un client ; un NIR masqué reste ce qu'il était.
#[utoipa::path(put, path = "/v1/clients/{id}", tag = "clients", operation_id = "modifierClient", params(("id" = String, Path, description = "Le client."), IfMatch), request_body = ClientDto, responses((status = 200, description = "Le client modifié.", body = ClientDto)))]
pub async fn put(ctx: Contexte, Path(texte): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let before = found(&ctx, &texte).await?;
    ctx.if_match(before.version)?;
    let after = read_client(&corps.valeur()?, before.id.clone(), Some(&before), date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    ctx.store.put_client(Some(&before), &after, None).await?;
    let (dto, tag) = show(&ctx, &after);
    Ok(Reponse::ok(&dto).etag(tag))
}

/// Supprime un client ; ses dossiers restent.
#[utoipa::path(delete, path = "/v1/clients/{id}", tag = "clients", operation_id = "supprimerClient", params(("id" = String, Path, description = "Le client.")), responses((status = 204, description = "Supprimé.")))]
pub async fn delete(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    for _ in 0..ESSAIS {
        let client = found(&ctx, &texte).await?;
        match ctx.store.delete_client(&client).await {
            Ok(()) => return Ok(Reponse::no_content()),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

/// Recherche des clients ; les NIR sont masqués.
#[utoipa::path(post, path = "/v1/clients/recherche", tag = "clients", operation_id = "rechercherClients", params(Pagination), request_body = RechercheDto, responses((status = 200, description = "Les clients trouvés.", body = ClientsDto)))]
pub async fn search(ctx: Contexte, page: Pagination, corps: Corps) -> Result<Reponse, Probleme> {
    // A key that served elsewhere is refused; there is no effect to remember.
    ctx.idempotent(&corps).await?;
    let found = ctx.store.search_clients(&recherche::read(&corps)?, page.limite, page.suivant.as_deref()).await?;
    let clients = found.elements.iter().map(|c| ClientDto::new(c, Nirs::Masques)).collect();
    Ok(Reponse::ok(&ClientsDto { clients, suivant: found.suivant }))
}
