//! A dossier as it is answered: what its amounts and its consent depend on, read once per request.
//!
//! What must hold: the tag of a dossier does not change when its consent is printed (docs/api.md, « Concurrency »); a NIR is in clear only
//! where the role of the caller allows it. Two functions answer dossiers: the one that keeps them, and the one that transfers amounts.

use crate::{
    contexte::Contexte,
    dto::{client::Nirs, dossier::DossierDto},
    etag, mutuelles,
    probleme::Probleme,
};
use optopec_domain::{dossier::Dossier, ids::MutuelleId, lpp::Referentiel, magasin::Magasin, mutuelle::Mutuelle};
use optopec_store::{MagasinStore, StoreError};
use serde_json::Value;
use std::collections::BTreeMap;

/// The shop of the caller. A shop that nobody described yet begins empty, the first time somebody of hers comes.
pub async fn own_magasin(store: &MagasinStore) -> Result<Magasin, StoreError> {
    if let Some(magasin) = store.magasin().await? {
        return Ok(magasin);
    }
    store.create_magasin(&Magasin::empty(store.id().clone())).await?;
    store.magasin().await?.ok_or(StoreError::NotFound)
}

/// What every dossier of a request is shown with.
pub struct Vue {
    /// The shop.
    pub magasin: Magasin,
    /// Tariffs and rates.
    pub referentiel: Referentiel,
    mutuelles: BTreeMap<MutuelleId, Option<Mutuelle>>,
}

impl Vue {
    /// Reads it.
    pub async fn load(ctx: &Contexte) -> Result<Self, Probleme> {
        Ok(Self { magasin: own_magasin(&ctx.store).await?, referentiel: ctx.deps.store.referentiel().await?, mutuelles: BTreeMap::new() })
    }

    /// A dossier as it is answered.
    pub async fn show(&mut self, ctx: &Contexte, dossier: &Dossier, nirs: Nirs) -> Result<DossierDto, Probleme> {
        let mutuelle = match &dossier.tiers_payant.rattachement.mutuelle_id {
            Some(id) => {
                if !self.mutuelles.contains_key(id) {
                    self.mutuelles.insert(id.clone(), mutuelles::find(&ctx.deps.store, &ctx.store, id).await?);
                }
                self.mutuelles.get(id).and_then(Option::as_ref)
            }
            None => None,
        };
        Ok(DossierDto::new(dossier, &self.magasin, &self.referentiel, mutuelle, nirs))
    }
}

/// The tag of a dossier; printing its consent does not change it.
pub fn tag(dossier: &DossierDto) -> Result<String, Probleme> {
    let mut montre = serde_json::to_value(dossier).map_err(Probleme::interne)?;
    for printed in ["/consentement/imprime_le", "/consentement/reference", "/consentement/empreinte", "/consentement/papiers"] {
        if let Some(printed) = montre.pointer_mut(printed) {
            *printed = Value::Null;
        }
    }
    Ok(etag::personal(dossier.version, montre))
}
