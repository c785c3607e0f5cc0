//! What functions other than that of the mutuelles need of a shop's list: one mutuelle, and whether there are conventions.

use optopec_domain::{
    ids::MutuelleId,
    liste,
    magasin::Mode,
    mutuelle::{Ajouts, Mutuelle},
};
use optopec_store::{ListeHead, MagasinStore, Store, StoreError};

/// The mutuelle of this id in the shop's list, if it is there.
pub async fn find(store: &Store, magasin: &MagasinStore, id: &MutuelleId) -> Result<Option<Mutuelle>, StoreError> {
    find_in(store, magasin, &magasin.liste().await?, id).await
}

/// The same in a list whose head was read already.
pub async fn find_in(store: &Store, magasin: &MagasinStore, head: &ListeHead, id: &MutuelleId) -> Result<Option<Mutuelle>, StoreError> {
    let (retouche, propre) = magasin.ajouts_de(head, id).await?;
    let ajouts = Ajouts { retouches: retouche.map(|r| (id.clone(), r)).into_iter().collect(), propres: propre.map(|p| (id.clone(), p)).into_iter().collect() };
    let Some(version) = &head.convention else { return Ok(liste::compose_one(&[], &ajouts, id)) };
    let convention = store.convention(version).await?;
    Ok(liste::compose_one(&convention.fiches, &ajouts, id))
}

/// Whether the shop works with the conventions of its concentrator. Those of another count for nothing: a shop that leaves the
/// demonstration must download real ones before it asks a real mutuelle.
pub fn conventions_adopted(head: &ListeHead, mode: Mode) -> bool {
    head.convention.is_some() && head.concentrateur.as_deref() == Some(mode.conventions())
}
