//! Credits: the balance, the ledger, what the operator adds or corrects, and every night whether all of it adds up.
//!
//! What must hold: the ledger is the account — nothing here changes one without the other (the store writes both); a reference of a
//! payment or a correction counts once in the whole system. Deliberately absent: holds, consumptions and returns, which are written
//! together with the demande they belong to.

mod comptes;
mod dto;

use axum::Router;
use lambda_runtime::{Error, LambdaEvent, Service};
use optopec_lambda::{
    contexte::Contexte, corps::Corps, deps::Deps, dossiers::own_magasin, idempotence::Idem, page::Pagination, probleme::Probleme, reponse::Reponse, routeur,
    serve,
};
use optopec_store::{Idempotence, Mouvement, PourLe};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use comptes::nightly;
use dto::{CorrectionDto, CreditsDto, MouvementDto, MouvementsDto, RechargeDto, read_correction, read_recharge};

/// The routes of this function, and their part of the document.
pub fn api(deps: Deps) -> (Router, OpenApi) {
    let routes = OpenApiRouter::new().routes(routes!(balance)).routes(routes!(movements)).routes(routes!(top_up)).routes(routes!(correct));
    routeur::assemble(routes, deps)
}

/// One Lambda, two events: a request of the gateway is answered, the schedule's starts the night. They are told apart by their shape:
/// only a request has a `requestContext`. A person who takes up a night that ran out of time adds `depuis`, the part that it stopped in.
///
/// # Errors
/// The event is neither, or some ledgers could not be read.
pub async fn dispatch(deps: &Deps, router: Router, event: LambdaEvent<Value>) -> Result<Value, Error> {
    if event.payload.get("requestContext").is_some() {
        let request = LambdaEvent::new(serde_json::from_value(event.payload)?, event.context);
        let answer = Box::pin(serve::service(router).call(request)).await?;
        return Ok(serde_json::to_value(answer)?);
    }
    let depuis = event.payload.get("depuis").and_then(Value::as_u64).and_then(|part| u8::try_from(part).ok());
    let nuit = Box::pin(nightly(deps, depuis)).await?;
    Ok(json!({ "magasins": nuit.magasins, "inexacts": nuit.inexacts, "reste": nuit.reste }))
}

/// Le solde des crédits.
#[utoipa::path(get, path = "/v1/credits", tag = "credits", operation_id = "lireCredits", responses((status = 200, description = "Le solde.", body = CreditsDto)))]
async fn balance(ctx: Contexte) -> Result<Reponse, Probleme> {
    let magasin = own_magasin(&ctx.store).await?;
    let compte = ctx.store.compte().await?.unwrap_or_default();
    Ok(Reponse::ok(&CreditsDto::new(&compte, magasin.abonnement.seuil_alerte)))
}

/// Les mouvements du compte, le plus récent d'abord.
#[utoipa::path(get, path = "/v1/credits/mouvements", tag = "credits", operation_id = "listerMouvements", params(Pagination), responses((status = 200, description = "Les mouvements.", body = MouvementsDto)))]
async fn movements(ctx: Contexte, page: Pagination) -> Result<Reponse, Probleme> {
    let found = ctx.store.mouvements(page.limite, page.suivant.as_deref()).await?;
    Ok(Reponse::ok(&MouvementsDto { mouvements: found.elements.iter().map(MouvementDto::from).collect(), suivant: found.suivant }))
}

/// Ajoute à un magasin des crédits achetés.
#[utoipa::path(post, path = "/v1/credits/recharges", tag = "credits", operation_id = "rechargerCredits", request_body = RechargeDto, responses((status = 201, description = "Le mouvement.", body = MouvementDto), (status = 404, description = "Ce magasin n'existe pas."), (status = 409, description = "Cette référence a déjà compté.")))]
async fn top_up(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let asked = corps.read(read_recharge)?;
    let remember = remember(&ctx, &idem);
    let shop = ctx.deps.store.for_magasin(asked.magasin);
    let written = shop.recharge(asked.quantite, &asked.reference, &ctx.appelant.utilisateur, ctx.now, record(&ctx, remember.as_ref())).await;
    written.map(|m| entry(&m)).map_err(|e| idem.refuse(e))
}

/// Corrige le compte d'un magasin.
#[utoipa::path(post, path = "/v1/credits/corrections", tag = "credits", operation_id = "corrigerCredits", request_body = CorrectionDto, responses((status = 201, description = "Le mouvement.", body = MouvementDto), (status = 402, description = "Le compte deviendrait négatif."), (status = 404, description = "Ce magasin n'existe pas."), (status = 409, description = "Cette référence a déjà compté.")))]
async fn correct(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let asked = corps.read(read_correction)?;
    let remember = remember(&ctx, &idem);
    let shop = ctx.deps.store.for_magasin(asked.magasin);
    let written = shop.correction(asked.quantite, &asked.motif, &asked.reference, &ctx.appelant.utilisateur, ctx.now, record(&ctx, remember.as_ref())).await;
    written.map(|m| entry(&m)).map_err(|e| idem.refuse(e))
}

fn entry(mouvement: &Mouvement) -> Reponse {
    Reponse::created(&MouvementDto::from(mouvement))
}

/// What the store remembers once it knows the movement; nothing for a request without a key.
fn remember<'a>(ctx: &'a Contexte, idem: &'a Idem) -> Option<impl Fn(&Mouvement) -> Idempotence + Sync + 'a> {
    idem.required().ok().map(|cle| move |mouvement: &Mouvement| cle.record(&entry(mouvement), ctx.now))
}

/// The same in the name of the operator's own tenant, where her key is unique.
fn record<'a, F: Fn(&Mouvement) -> Idempotence + Sync>(ctx: &'a Contexte, remember: Option<&'a F>) -> Option<PourLe<'a>> {
    remember.map(|f| (&ctx.appelant.magasin, f as _))
}
