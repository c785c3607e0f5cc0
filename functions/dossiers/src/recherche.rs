//! What is searched: the beginning of a name, or a whole NIR. In the body, because an address ends up in logs.

use optopec_domain::{limites, nir::Nir};
use optopec_lambda::{corps::Corps, probleme::Probleme};
use optopec_store::Recherche;
use utoipa::ToSchema;

/// Ce qui est cherché.
#[derive(ToSchema)]
#[schema(as = Recherche)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct RechercheDto {
    /// Le début de « nom prénom », sans accents ni majuscules, ou un NIR entier. Vide ou absent : tout le monde.
    #[schema(max_length = 100, example = "mont", required = false)]
    q: String,
}

/// Reads the body of a search.
pub fn read(corps: &Corps) -> Result<Recherche, Probleme> {
    corps.read(|objet, erreurs| {
        let q = objet.texte("q", limites::RECHERCHE_CARACTERES_MAX, erreurs).unwrap_or_default();
        Some(q.parse::<Nir>().map_or_else(|_| Recherche::Nom(q), Recherche::Nir))
    })
}
