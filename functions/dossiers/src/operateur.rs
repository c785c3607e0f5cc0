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
