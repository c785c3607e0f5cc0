//! Who may call which route: the one table of the product.
//!
//! What must hold: enforcement ([`crate::contexte::Contexte`], the gateway's open routes), documentation (`x-roles` in `openapi.json`,
//! `docs/droits.md`) and the tests that walk every route are made from this table and from nothing else; a route that is not in it is refused
//! to everybody. What each right means for each role is [`Role::may`].
//! Deliberately absent: rights on single things (what belongs to another shop does not exist), and what a demande allows in its state.
//! Source: docs/api.md, « Conventions » and « Routes ».

use optopec_domain::role::{Droit, Role};

/// One route and what it asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regle {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub methode: &'static str,
    /// The template, as the router and `openapi.json` write it.
    pub chemin: &'static str,
    /// What its caller must have the right to.
    pub droit: Droit,
}

const fn regle(methode: &'static str, chemin: &'static str, droit: Droit) -> Regle {
    Regle { methode, chemin, droit }
}

/// Every route.
pub const MATRICE: &[Regle] = &[
    regle("GET", "/v1/sante", Droit::Ouvert),
    regle("GET", "/v1/openapi.json", Droit::Ouvert),
    regle("GET", "/v1/magasin", Droit::Lire),
    regle("PUT", "/v1/magasin", Droit::Gerer),
    regle("PUT", "/v1/magasin/transmission", Droit::Gerer),
    regle("GET", "/v1/magasin/conditions", Droit::Lire),
    regle("POST", "/v1/mutuelles/telechargement", Droit::Gerer),
    regle("POST", "/v1/mutuelles/import", Droit::Gerer),
    regle("GET", "/v1/mutuelles/export", Droit::Lire),
    regle("GET", "/v1/mutuelles", Droit::Lire),
    regle("GET", "/v1/mutuelles/index", Droit::Lire),
    regle("POST", "/v1/mutuelles", Droit::Gerer),
    regle("GET", "/v1/mutuelles/{id}", Droit::Lire),
    regle("PUT", "/v1/mutuelles/{id}", Droit::Gerer),
    regle("DELETE", "/v1/mutuelles/{id}", Droit::Gerer),
    regle("POST", "/v1/clients", Droit::Servir),
    regle("GET", "/v1/clients/{id}", Droit::Lire),
    regle("PUT", "/v1/clients/{id}", Droit::Servir),
    regle("DELETE", "/v1/clients/{id}", Droit::Servir),
    regle("GET", "/v1/clients/{id}/acces", Droit::Gerer),
    regle("GET", "/v1/clients/{id}/export", Droit::Gerer),
    regle("POST", "/v1/clients/recherche", Droit::Lire),
    regle("POST", "/v1/dossiers", Droit::Servir),
    regle("GET", "/v1/dossiers", Droit::Lire),
    regle("GET", "/v1/dossiers/{id}", Droit::Lire),
    regle("PUT", "/v1/dossiers/{id}", Droit::Servir),
    regle("DELETE", "/v1/dossiers/{id}", Droit::Servir),
    regle("GET", "/v1/dossiers/{id}/acces", Droit::Gerer),
    regle("POST", "/v1/dossiers/recherche", Droit::Lire),
    regle("POST", "/v1/dossiers/{id}/consentement", Droit::Servir),
    regle("GET", "/v1/dossiers/{id}/verification", Droit::Lire),
    regle("POST", "/v1/dossiers/{id}/demandes", Droit::Servir),
    // Servir: the first is marked as printed, the second leaves the shop with a NIR in clear and asks a mutuelle for something.
    regle("GET", "/v1/dossiers/{id}/documents/consentement.pdf", Droit::Servir),
    regle("GET", "/v1/dossiers/{id}/documents/demande-fax.pdf", Droit::Servir),
    regle("GET", "/v1/dossiers/{id}/documents/devis.pdf", Droit::Lire),
    regle("GET", "/v1/demandes", Droit::Lire),
    regle("GET", "/v1/demandes/export", Droit::Lire),
    regle("GET", "/v1/demandes/{id}", Droit::Lire),
    regle("GET", "/v1/demandes/{id}/brut", Droit::Gerer),
    regle("GET", "/v1/demandes/{id}/documents/reponse.pdf", Droit::Lire),
    regle("POST", "/v1/demandes/{id}/actualisation", Droit::Servir),
    regle("POST", "/v1/demandes/{id}/annulation", Droit::Servir),
    regle("POST", "/v1/demandes/{id}/transfert", Droit::Servir),
    regle("POST", "/v1/demandes/{id}/transformation", Droit::Servir),
    regle("POST", "/v1/demandes/{id}/decision", Droit::Gerer),
    regle("GET", "/v1/statistiques", Droit::Lire),
    regle("GET", "/v1/credits", Droit::Lire),
    regle("GET", "/v1/credits/mouvements", Droit::Lire),
    regle("POST", "/v1/credits/recharges", Droit::Operer),
    regle("POST", "/v1/credits/corrections", Droit::Operer),
    regle("PUT", "/v1/operateur/magasins/{id}", Droit::Operer),
    regle("POST", "/v1/operateur/cles/rotation", Droit::Operer),
    regle("GET", "/v1/referentiel/lpp", Droit::Consulter),
    regle("PUT", "/v1/referentiel/lpp", Droit::Operer),
    regle("GET", "/v1/referentiel/taux", Droit::Consulter),
    regle("PUT", "/v1/referentiel/taux", Droit::Operer),
];

impl Regle {
    /// The roles that may.
    pub fn roles(&self) -> Vec<&'static str> {
        Role::ALL.into_iter().filter(|role| role.may(self.droit)).map(Role::as_str).collect()
    }

    /// Whether it is called without a token.
    pub fn ouverte(&self) -> bool {
        self.droit == Droit::Ouvert
    }
}

/// The rule of a route. `HEAD` is the `GET` without its body.
pub fn regle_de(methode: &str, chemin: &str) -> Option<&'static Regle> {
    let methode = if methode == "HEAD" { "GET" } else { methode };
    MATRICE.iter().find(|regle| regle.methode == methode && regle.chemin == chemin)
}

/// What a route asks of its caller; nothing for a route that is not in the table, which nobody may call.
pub fn droit(methode: &str, chemin: &str) -> Option<Droit> {
    regle_de(methode, chemin).map(|regle| regle.droit)
}

/// Whether everything at this template is called without a token: the gateway then asks for none, whatever the method.
pub fn chemin_ouvert(chemin: &str) -> bool {
    let mut regles = MATRICE.iter().filter(|regle| regle.chemin == chemin).peekable();
    regles.peek().is_some() && regles.all(Regle::ouverte)
}

/// `docs/droits.md`.
pub fn table_markdown() -> String {
    let roles = Role::ALL.map(Role::as_str).join(" | ");
    let mut text = format!(
        "# Qui peut appeler quoi\n\n\
         Écrit par `make openapi` depuis la table dont le code se sert pour autoriser (`shared/lambda/src/matrice.rs`) ; une route qui n'y est pas est refusée à tous.\n\n\
         | Méthode | Route | {roles} |\n|---|---|{}\n",
        ":-:|".repeat(Role::ALL.len())
    );
    for regle in MATRICE {
        let cells = Role::ALL.map(|role| match (regle.ouverte(), role.may(regle.droit)) {
            (true, _) => "sans jeton",
            (false, true) => "✓",
            (false, false) => "—",
        });
        text.push_str(&format!("| {} | `{}` | {} |\n", regle.methode, regle.chemin, cells.join(" | ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_stands_once_in_the_table_and_only_then_may_be_called() {
        for (i, regle) in MATRICE.iter().enumerate() {
            assert!(!MATRICE[..i].iter().any(|r| (r.methode, r.chemin) == (regle.methode, regle.chemin)), "{} {} stands twice", regle.methode, regle.chemin);
        }
        assert_eq!(droit("GET", "/v1/dossiers/{id}"), Some(Droit::Lire));
        assert_eq!(droit("HEAD", "/v1/dossiers/{id}"), Some(Droit::Lire));
        for (methode, chemin) in [("PATCH", "/v1/dossiers/{id}"), ("GET", "/v1/dossiers/dos_1"), ("GET", ""), ("get", "/v1/dossiers"), ("HEAD", "/v1/clients")]
        {
            assert_eq!(droit(methode, chemin), None, "{methode} {chemin}");
        }
    }

    #[test]
    fn the_gateway_asks_no_token_for_health_and_description_only() {
        let mut ouverts: Vec<_> = MATRICE.iter().map(|regle| regle.chemin).filter(|chemin| chemin_ouvert(chemin)).collect();
        ouverts.sort_unstable();
        assert_eq!(ouverts, ["/v1/openapi.json", "/v1/sante"]);
        assert!(!chemin_ouvert("/v1/rien") && !chemin_ouvert(""));
    }

    #[test]
    fn the_document_has_a_line_for_every_route() {
        let text = table_markdown();
        for line in [
            "| Méthode | Route | LECTURE | OPTICIEN | GERANT | OPERATEUR |",
            "| GET | `/v1/sante` | sans jeton | sans jeton | sans jeton | sans jeton |",
            "| POST | `/v1/dossiers` | — | ✓ | ✓ | — |",
            "| PUT | `/v1/referentiel/taux` | — | — | — | ✓ |",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}");
        }
        assert_eq!(text.lines().filter(|l| l.contains("| `/v1/")).count(), MATRICE.len());
    }
}
