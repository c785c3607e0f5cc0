//! The body of a decision: what a person learned about a demande `A_VERIFIER`.

use optopec_domain::{
    centimes::Centimes,
    enumeration,
    envoi::Envoi,
    erreur::{ErreurChamp, Invalide},
    limites,
    reponse::Origine,
    suivi::Decision,
};
use optopec_lambda::dto::lecture::{Objet, obligatoire};
use serde_json::Value;

enumeration! {
    /// What a person may decide.
    pub enum IssueDecidee {
        /// Granted.
        Accordee = "ACCORDEE",
        /// Refused.
        Refusee = "REFUSEE",
        /// Never received.
        NonTransmise = "NON_TRANSMISE",
    }
}

/// Reads a decision and its reason. `envoi`: what the demande sent, for no grant is above it.
pub fn read(corps: &Value, envoi: &Envoi) -> Result<(Decision, String), Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let motif = objet.texte_requis("motif", limites::REMARQUE_CARACTERES_MAX, &mut erreurs);
    let before = erreurs.len();
    let issue = objet.code::<IssueDecidee>("issue", &mut erreurs);
    if issue.is_none() && erreurs.len() == before {
        objet.refuse("issue", obligatoire(), &mut erreurs);
    }
    let before = erreurs.len();
    let origine = objet.code::<Origine>("origine", &mut erreurs);
    let origine_at_fault = erreurs.len() > before;
    let numero_pec = objet.texte("numero_pec", limites::COURT_CARACTERES_MAX, &mut erreurs);
    let montant_global = objet.centimes("montant_global_centimes", &mut erreurs);

    let decision = match issue {
        Some(IssueDecidee::Accordee) => {
            let total: Centimes = envoi.equipement.lignes.iter().map(|l| l.valeur).sum();
            if montant_global.is_some_and(|montant| montant > total) {
                objet.refuse(
                    "montant_global_centimes",
                    Invalide::new("MONTANT", format!("Le montant accordé ne dépasse pas le prix de l'équipement ({}).", total.to_french())),
                    &mut erreurs,
                );
            }
            Some(Decision::Accordee { numero_pec, montant_global })
        }
        Some(issue @ (IssueDecidee::Refusee | IssueDecidee::NonTransmise)) => match (issue, origine) {
            (IssueDecidee::NonTransmise, _) => Some(Decision::NonTransmise),
            (_, Some(origine)) => Some(Decision::Refusee(origine)),
            (_, None) => {
                if !origine_at_fault {
                    objet.refuse("origine", Invalide::new("OBLIGATOIRE", "Dites qui a refusé : PLATEFORME ou MUTUELLE."), &mut erreurs);
                }
                None
            }
        },
        None => None,
    };
    match decision {
        Some(decision) if erreurs.is_empty() => Ok((decision, motif)),
        _ => Err(erreurs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples::{self, TOTAL};
    use serde_json::json;

    fn told(corps: &Value) -> Result<(Decision, String), Vec<(String, &'static str)>> {
        read(corps, &exemples::envoi()).map_err(|erreurs| erreurs.into_iter().map(|e| (e.champ, e.code)).collect())
    }

    #[test]
    fn each_issue_with_what_it_needs() {
        for (corps, expected) in [
            (
                json!({"issue": "ACCORDEE", "motif": " tél. ", "numero_pec": "26-1", "montant_global_centimes": 35_000}),
                Decision::Accordee { numero_pec: Some("26-1".into()), montant_global: Some(TOTAL) },
            ),
            (json!({"issue": "ACCORDEE", "motif": "tél.", "origine": "MUTUELLE"}), Decision::Accordee { numero_pec: None, montant_global: None }),
            (
                json!({"issue": "REFUSEE", "motif": "tél.", "origine": "PLATEFORME", "numero_pec": null, "montant_global_centimes": 0}),
                Decision::Refusee(Origine::Plateforme),
            ),
            (json!({"issue": "NON_TRANSMISE", "motif": "tél."}), Decision::NonTransmise),
        ] {
            assert_eq!(told(&corps).map(|(decision, _)| decision), Ok(expected), "{corps}");
        }
        assert_eq!(
            told(&json!({"issue": "NON_TRANSMISE", "motif": " tél. ", "numero_pec": "26-1", "montant_global_centimes": 1})).map(|(_, motif)| motif),
            Ok("tél.".into())
        );
    }

    #[test]
    fn all_that_is_wrong_with_a_decision_is_told() {
        for (corps, expected) in [
            (json!({}), vec![("/motif", "OBLIGATOIRE"), ("/issue", "OBLIGATOIRE")]),
            (json!({"issue": "PEUT_ETRE", "motif": "x".repeat(501)}), vec![("/motif", "TROP_LONG"), ("/issue", "VALEUR")]),
            (json!({"issue": "REFUSEE", "motif": "m"}), vec![("/origine", "OBLIGATOIRE")]),
            (json!({"issue": "REFUSEE", "motif": "m", "origine": "CAISSE"}), vec![("/origine", "VALEUR")]),
            (json!({"issue": "ACCORDEE", "motif": "m", "montant_global_centimes": 35_001}), vec![("/montant_global_centimes", "MONTANT")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(champ, code)| (champ.to_owned(), code)).collect();
            assert_eq!(told(&corps), Err(expected), "{corps}");
        }
    }
}
