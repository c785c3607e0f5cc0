//! The demonstration shops: two, in demonstration mode, with credits and a FINESS, made once.

use crate::local_routes;
use optopec_domain::{
    ids::MagasinId,
    magasin::{Abonnement, Adresse, Identite, Magasin, Mode, Opticien},
};
use optopec_lambda::deps::Deps;
use optopec_store::StoreError;

/// Name for `POST /local/jeton`, name of the shop, town, FINESS (invented, with a right key), e-mail.
const SHOPS: [(&str, &str, &str, &str, &str); 2] = [
    ("demo", "Optique de démonstration", "Paris", "750000002", "contact@optique-demo.example"),
    ("demo2", "Lunettes de démonstration", "Lyon", "690000005", "contact@lunettes-demo.example"),
];

/// Credits a demonstration shop starts with.
const CREDITS: u32 = 100;

/// The names that `POST /local/jeton` knows from the start.
pub fn names() -> [&'static str; 2] {
    SHOPS.map(|s| s.0)
}

/// The same with what they are called on their signs, and where.
pub(crate) fn signs() -> [(&'static str, &'static str, &'static str); 2] {
    SHOPS.map(|(name, sign, town, ..)| (name, sign, town))
}

/// Makes the shops that are not there yet. Each step may be repeated: a start that died half-way is mended by the next.
pub async fn shops(deps: &Deps) -> Result<(), StoreError> {
    for (alias, nom, localite, finess, email) in SHOPS {
        let id: MagasinId = local_routes::shop(deps, alias).await?;
        let store = deps.store.for_magasin(id);
        let Some(magasin) = store.magasin().await? else { continue };
        if magasin.version == 1 {
            store.put_magasin(&described(magasin, nom, localite, finess, email), None).await?;
        }
        match store.recharge(CREDITS, &format!("demonstration-{alias}"), "optopec", deps.clock.now(), None).await {
            Ok(_) | Err(StoreError::ReferenceConnue) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn described(magasin: Magasin, nom: &str, localite: &str, finess: &str, email: &str) -> Magasin {
    let some = |s: &str| Some(s.to_owned());
    Magasin {
        version: magasin.version + 1,
        identite: Identite {
            nom: some(nom),
            finess: finess.parse().ok(),
            adresse: Adresse { ligne1: some("1 rue de la Démonstration"), ligne2: None, code_postal: some("99000"), localite: some(localite) },
            opticien: Opticien { nom: some("Démonstration"), prenom: some("Camille"), telephone: some("0199000000"), email: some(email) },
        },
        abonnement: Abonnement { option_pec: true, mode: Mode::Demonstration, ..magasin.abonnement },
        ..magasin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::finess::Finess;

    #[test]
    fn the_invented_finess_have_a_right_key() {
        for (.., finess, _) in SHOPS {
            assert!(finess.parse::<Finess>().unwrap().key_is_right(), "{finess}");
        }
    }
}
