//! Clients of the shop.

use crate::{
    effacement,
    recherche::{self, RechercheDto},
};
use axum::extract::Path;
use optopec_domain::{acces::MotifAcces, client::Client, date, ids::ClientId};
use optopec_lambda::{
    acces::{Regard, holds_nir},
    contexte::{Contexte, id},
    corps::Corps,
    dto::client::{ClientDto, Nirs, read_client},
    etag,
    openapi::{IfMatch, IfNoneMatch},
    page::Pagination,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::Objet;
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

/// The client of an address.
pub async fn found(ctx: &Contexte, texte: &str) -> Result<Client, Probleme> {
    ctx.store.client(&id::<ClientId>(texte)?).await?.ok_or_else(Probleme::introuvable)
}

/// The client as an answer about her alone shows her, with her tag.
fn show(client: &Client, nirs: Nirs) -> Result<(ClientDto, String), Probleme> {
    let dto = ClientDto::new(client, nirs);
    let tag = etag::personal(client.version, serde_json::to_value(&dto).map_err(Probleme::interne)?);
    Ok((dto, tag))
}

/// How the caller is answered about a client.
pub fn regard(ctx: &Contexte, client: &Client, motif: MotifAcces) -> Regard {
    ctx.regard(Objet::Client(client.id.clone()), motif, holds_nir(&client.personne, client.assure.as_ref()))
}

/// Crée un client.
#[utoipa::path(post, path = "/v1/clients", tag = "clients", operation_id = "creerClient", request_body = ClientDto, responses((status = 201, description = "Le client, son adresse dans Location.", body = ClientDto)))]
pub async fn create(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let client = read_client(&corps.valeur()?, ctx.deps.ids.client(ctx.now), None, date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (ctx, client, idem) = (&ctx, &client, &idem);
    let write = |regard: Regard| async move {
        let (dto, tag) = show(client, regard.nirs)?;
        let reponse = Reponse::created(&dto).etag(tag).location(format!("/v1/clients/{}", client.id)).about(&Objet::Client(client.id.clone()));
        let record = ctx.record_seen(idem, &reponse, &regard);
        Ok(ctx.store.put_client(None, client, ctx.now, regard.trace.as_ref(), record.as_ref()).await.map(|()| reponse))
    };
    match ctx.write_seen(regard(ctx, client, MotifAcces::Creation), write).await? {
        Ok((reponse, regard)) => Ok(ctx.seen(reponse, &regard)),
        Err(error) => Err(ctx.refuse_again(idem, error).await),
    }
}

/// Lit un client ; les NIR sont masqués pour le rôle `LECTURE`.
#[utoipa::path(get, path = "/v1/clients/{id}", tag = "clients", operation_id = "lireClient", params(("id" = String, Path, description = "Le client."), IfNoneMatch), responses((status = 200, description = "Le client, avec son ETag.", body = ClientDto), (status = 304, description = "Inchangé.")))]
pub async fn read(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let client = found(&ctx, &texte).await?;
    let regard = regard(&ctx, &client, MotifAcces::Lecture);
    let (dto, tag) = show(&client, regard.nirs)?;
    ctx.respond_seen(tag, &dto, regard).await
}

/// Modifie un client ; un NIR masqué reste ce qu'il était.
#[utoipa::path(put, path = "/v1/clients/{id}", tag = "clients", operation_id = "modifierClient", params(("id" = String, Path, description = "Le client."), IfMatch), request_body = ClientDto, responses((status = 200, description = "Le client modifié.", body = ClientDto)))]
pub async fn put(ctx: Contexte, Path(texte): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let before = found(&ctx, &texte).await?;
    ctx.if_match(before.version)?;
    let after = read_client(&corps.valeur()?, before.id.clone(), Some(&before), date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (ctx, before, after) = (&ctx, &before, &after);
    let write = |regard: Regard| async move { Ok(ctx.store.put_client(Some(before), after, ctx.now, regard.trace.as_ref(), None).await) };
    let ((), regard) = ctx.write_seen(regard(ctx, after, MotifAcces::Modification), write).await??;
    let (dto, tag) = show(after, regard.nirs)?;
    Ok(ctx.seen(Reponse::ok(&dto).etag(tag), &regard))
}

/// Efface un client : ses dossiers partent, ses demandes et les mouvements de crédits restent sans donnée personnelle.
#[utoipa::path(delete, path = "/v1/clients/{id}", tag = "clients", operation_id = "supprimerClient", params(("id" = String, Path, description = "Le client.")), responses((status = 204, description = "Effacé."), (status = 409, description = "Une demande est en cours.")))]
pub async fn delete(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let client = found(&ctx, &texte).await?;
    effacement::client(&ctx, client).await?;
    Ok(Reponse::no_content())
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
