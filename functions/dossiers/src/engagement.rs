//! Which equipments may be changed or dropped.
//!
//! What must hold: an equipment with a live PEC (its guard) or a cotation without an answer stays as it is, or the answer would be about
//! something else. The store checks the guards again while it writes; this reading comes first so that the usual refusal costs no write.

use optopec_domain::{demande::Nature, dossier::Dossier};
use optopec_lambda::{contexte::Contexte, dto::dossier::same_equipement, probleme::Probleme};
use optopec_store::DossierLu;

/// Numbers of the equipments that `after` changes or no longer has.
pub fn touched(before: &Dossier, after: &Dossier) -> Vec<u16> {
    let kept = |numero| after.equipement(numero);
    before.equipements.iter().filter(|e| !kept(e.numero).is_some_and(|a| same_equipement(e, a))).map(|e| e.numero).collect()
}

/// Refuses when one of these equipments is engaged; the problem names the demande.
pub async fn check(ctx: &Contexte, lu: &DossierLu, equipements: &[u16]) -> Result<(), Probleme> {
    if let Some(demande) = equipements.iter().find_map(|numero| lu.gardes.get(numero)) {
        return Err(Probleme::equipement_engage(demande));
    }
    if equipements.is_empty() || lu.demandes.is_empty() {
        return Ok(());
    }
    let asked = ctx.store.demandes_by_id(&lu.demandes).await?;
    let open = asked.iter().filter(|d| d.nature == Nature::Cotation && d.etat.open() && equipements.contains(&d.equipement));
    match open.max_by_key(|d| d.numero) {
        Some(cotation) => Err(Probleme::equipement_engage(&cotation.id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_lambda::dto::dossier::read_dossier;
    use serde_json::{Value, json};

    fn dossier(equipements: Value, before: Option<&Dossier>) -> Dossier {
        let body = json!({"beneficiaire": {"nom": "X"}, "equipements": equipements, "tiers_payant": {"numero_adherent": "1"}});
        read_dossier(&body, "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), before, None, "2026-11-21".parse().unwrap()).ok().unwrap()
    }

    #[test]
    fn only_what_changes_or_goes_is_touched() {
        let before = dossier(json!([{"lignes": [{"designation": "a"}]}, {"vision": "LOIN"}]), None);
        for (equipements, expected) in [
            (json!([{"numero": 1, "lignes": [{"numero": 1, "designation": "a"}]}, {"numero": 2, "vision": "LOIN"}]), vec![]),
            (json!([{"numero": 2, "vision": "LOIN"}, {}, {"numero": 1, "lignes": [{"designation": "a"}]}]), vec![]),
            (json!([{"numero": 1, "lignes": [{"designation": "b"}]}, {"numero": 2, "vision": "LOIN"}]), vec![1]),
            (json!([{"numero": 1, "lignes": [{"designation": "a"}]}, {"numero": 2, "vision": "PRES"}]), vec![2]),
            (json!([{"lignes": [{"designation": "a"}]}, {"numero": 2, "vision": "LOIN"}]), vec![1]),
            (json!([]), vec![1, 2]),
        ] {
            assert_eq!(touched(&before, &dossier(equipements.clone(), Some(&before))), expected, "{equipements}");
        }
    }
}
