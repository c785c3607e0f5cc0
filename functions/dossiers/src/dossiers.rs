//! Dossiers of the shop.

use crate::{
    effacement, engagement,
    recherche::{self, RechercheDto},
};
use axum::extract::Path;
use optopec_domain::{
    acces::MotifAcces,
    client::Client,
    date,
    dossier::Dossier,
    ids::{ClientId, DossierId},
};
use optopec_lambda::{
    acces::{Regard, holds_nir},
    contexte::{Contexte, id},
    corps::Corps,
    dossiers::{Vue, tag},
    dto::{
        client::Nirs,
        dossier::{DossierDto, named_client, read_dossier},
    },
    openapi::{IfMatch, IfNoneMatch},
    page::{Pagination, Parametres},
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::{DossierLu, Objet, Page};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Une page de dossiers, NIR masqués.
#[derive(Serialize, ToSchema)]
pub struct DossiersDto {
    /// Les dossiers.
    dossiers: Vec<DossierDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    suivant: Option<String>,
}

/// The dossier of an address.
pub async fn found(ctx: &Contexte, texte: &str) -> Result<DossierLu, Probleme> {
    ctx.store.dossier(&id::<DossierId>(texte)?).await?.ok_or_else(Probleme::introuvable)
}

/// The dossier as an answer about it alone shows it, with its tag.
async fn show(ctx: &Contexte, vue: &mut Vue, dossier: &Dossier, nirs: Nirs) -> Result<(DossierDto, String), Probleme> {
    let dto = vue.show(ctx, dossier, nirs).await?;
    let tag = tag(&dto)?;
    Ok((dto, tag))
}

/// How the caller is answered about a dossier.
pub fn regard(ctx: &Contexte, dossier: &Dossier, motif: MotifAcces) -> Regard {
    ctx.regard(Objet::Dossier(dossier.id.clone()), motif, holds_nir(&dossier.beneficiaire, dossier.assure.as_ref()))
}

async fn show_page(ctx: &Contexte, page: Page<DossierLu>) -> Result<Reponse, Probleme> {
    let mut vue = Vue::load(ctx).await?;
    let mut dossiers = Vec::with_capacity(page.elements.len());
    for lu in &page.elements {
        dossiers.push(vue.show(ctx, &lu.dossier, Nirs::Masques).await?);
    }
    Ok(Reponse::ok(&DossiersDto { dossiers, suivant: page.suivant }))
}

/// The client that a body names. One who was deleted since may stay named; a new name must be somebody's.
async fn client_of(ctx: &Contexte, corps: &Value, avant: Option<&Dossier>) -> Result<Option<Client>, Probleme> {
    let Some(id) = named_client(corps) else { return Ok(None) };
    let client = ctx.store.client(&id).await?;
    let named_before = avant.is_some_and(|d| d.client_id.as_ref() == Some(&id));
    if client.is_none() && !named_before {
        return Err(Probleme::introuvable().detail("Ce client n'existe pas ou n'existe plus."));
    }
    Ok(client)
}

/// Crée un dossier.
#[utoipa::path(post, path = "/v1/dossiers", tag = "dossiers", operation_id = "creerDossier", request_body = DossierDto, responses((status = 201, description = "Le dossier, son adresse dans Location.", body = DossierDto)))]
pub async fn create(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let valeur = corps.valeur()?;
    let client = client_of(&ctx, &valeur, None).await?;
    let id = ctx.deps.ids.dossier(ctx.now);
    let dossier = read_dossier(&valeur, id, None, client.as_ref(), date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (ctx, dossier, idem) = (&ctx, &dossier, &idem);
    let write = |regard: Regard| async move {
        let (dto, tag) = show(ctx, &mut Vue::load(ctx).await?, dossier, regard.nirs).await?;
        let reponse = Reponse::created(&dto).etag(tag).location(format!("/v1/dossiers/{}", dossier.id)).about(&Objet::Dossier(dossier.id.clone()));
        let record = ctx.record_seen(idem, &reponse, &regard);
        Ok(ctx.store.create_dossier(dossier, ctx.now, regard.trace.as_ref(), record.as_ref()).await.map(|()| reponse))
    };
    match ctx.write_seen(regard(ctx, dossier, MotifAcces::Creation), write).await? {
        Ok((reponse, regard)) => Ok(ctx.seen(reponse, &regard)),
        Err(error) => Err(ctx.refuse_again(idem, error).await),
    }
}

/// Les dossiers, le plus récent d'abord, tous ou ceux d'un client ; les NIR sont masqués.
#[utoipa::path(get, path = "/v1/dossiers", tag = "dossiers", operation_id = "listerDossiers", params(Pagination, ("client_id" = Option<String>, Query, description = "Ceux d'un client.")), responses((status = 200, description = "Les dossiers.", body = DossiersDto)))]
pub async fn list(ctx: Contexte, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs = Vec::new();
    let page = parametres.pagination(&mut erreurs);
    let client: Option<ClientId> = parametres.code("client_id", &mut erreurs);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    if let Some(id) = &client {
        ctx.store.client(id).await?.ok_or_else(Probleme::introuvable)?;
    }
    let dossiers = ctx.store.dossiers(client.as_ref(), page.limite, page.suivant.as_deref()).await?;
    show_page(&ctx, dossiers).await
}

/// Lit un dossier ; les NIR sont masqués pour le rôle `LECTURE`.
#[utoipa::path(get, path = "/v1/dossiers/{id}", tag = "dossiers", operation_id = "lireDossier", params(("id" = String, Path, description = "Le dossier."), IfNoneMatch), responses((status = 200, description = "Le dossier, avec son ETag.", body = DossierDto), (status = 304, description = "Inchangé.")))]
pub async fn read(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let lu = found(&ctx, &texte).await?;
    let (mut vue, regard) = (Vue::load(&ctx).await?, regard(&ctx, &lu.dossier, MotifAcces::Lecture));
    let (dto, tag) = show(&ctx, &mut vue, &lu.dossier, regard.nirs).await?;
    ctx.respond_seen(tag, &dto, regard).await
}

/// Modifie un dossier ; les champs calculés sont ignorés, un NIR masqué reste ce qu'il était.
#[utoipa::path(put, path = "/v1/dossiers/{id}", tag = "dossiers", operation_id = "modifierDossier", params(("id" = String, Path, description = "Le dossier."), IfMatch), request_body = DossierDto, responses((status = 200, description = "Le dossier modifié.", body = DossierDto), (status = 409, description = "Un équipement a une demande en cours.")))]
pub async fn put(ctx: Contexte, Path(texte): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let lu = found(&ctx, &texte).await?;
    let before = &lu.dossier;
    ctx.if_match(before.version)?;
    let valeur = corps.valeur()?;
    let client = client_of(&ctx, &valeur, Some(before)).await?;
    let after = read_dossier(&valeur, before.id.clone(), Some(before), client.as_ref(), date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let touched = engagement::touched(before, &after);
    engagement::check(&ctx, &lu, &touched).await?;
    let (ctx, lu, after, touched) = (&ctx, &lu, &after, &touched);
    let mut vue = Vue::load(ctx).await?;
    let par = (ctx.appelant.utilisateur.as_str(), ctx.now);
    let write = |regard: Regard| async move { Ok(ctx.store.put_dossier(lu, after, touched, par, regard.trace.as_ref(), None).await) };
    let ((), regard) = ctx.write_seen(regard(ctx, after, MotifAcces::Modification), write).await??;
    let (dto, tag) = show(ctx, &mut vue, after, regard.nirs).await?;
    Ok(ctx.seen(Reponse::ok(&dto).etag(tag), &regard))
}

/// Supprime un dossier sans demande en cours ; ses demandes restent, sans donnée personnelle.
#[utoipa::path(delete, path = "/v1/dossiers/{id}", tag = "dossiers", operation_id = "supprimerDossier", params(("id" = String, Path, description = "Le dossier.")), responses((status = 204, description = "Supprimé."), (status = 409, description = "Une demande est en cours.")))]
pub async fn delete(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let lu = found(&ctx, &texte).await?;
    effacement::dossier(&ctx, lu).await?;
    Ok(Reponse::no_content())
}

/// Recherche des dossiers par leur bénéficiaire ; les NIR sont masqués.
#[utoipa::path(post, path = "/v1/dossiers/recherche", tag = "dossiers", operation_id = "rechercherDossiers", params(Pagination), request_body = RechercheDto, responses((status = 200, description = "Les dossiers trouvés.", body = DossiersDto)))]
pub async fn search(ctx: Contexte, page: Pagination, corps: Corps) -> Result<Reponse, Probleme> {
    // A key that served elsewhere is refused; there is no effect to remember.
    ctx.idempotent(&corps).await?;
    let dossiers = ctx.store.search_dossiers(&recherche::read(&corps)?, page.limite, page.suivant.as_deref()).await?;
    show_page(&ctx, dossiers).await
}
