//! Credits as the API shows and reads them (docs/api.md, routes `/v1/credits`).
//!
//! What must hold: a quantity is positive and the type of the movement gives its sense; only a correction may be negative.

use optopec_domain::{credit::Compte, erreur::ErreurChamp, erreur::Invalide, ids::MagasinId, limites};
use optopec_lambda::dto::{lecture::Objet, listes::TypeMouvement};
use optopec_store::Mouvement;
use serde::Serialize;
use utoipa::ToSchema;

/// Le solde des crédits.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CreditsDto {
    /// Ceux qui peuvent être dépensés.
    disponibles: u64,
    /// Ceux que retiennent les demandes sans issue connue.
    reserves: u64,
    /// Ceux qui ont servi.
    consommes: u64,
    /// Solde sous lequel le magasin est averti.
    seuil_alerte: u32,
    /// Vrai quand le solde est sous le seuil.
    alerte: bool,
}

/// Un mouvement du compte.
#[derive(Serialize, ToSchema)]
pub struct MouvementDto {
    /// À partir de 1, sans trou.
    numero: u64,
    /// Ce qu'il est.
    #[serde(rename = "type")]
    type_mouvement: TypeMouvement,
    /// Crédits ; négatif seulement pour une `CORRECTION`.
    quantite: i64,
    /// Crédits disponibles après lui.
    solde: u64,
    /// La demande concernée.
    demande_id: Option<String>,
    /// Quand.
    #[schema(format = DateTime)]
    le: String,
    /// Qui.
    par: String,
    /// Pourquoi.
    motif: Option<String>,
}

/// Une page du compte.
#[derive(Serialize, ToSchema)]
pub struct MouvementsDto {
    /// Les mouvements.
    pub mouvements: Vec<MouvementDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    pub suivant: Option<String>,
}

/// Des crédits achetés.
#[derive(ToSchema)]
#[schema(as = Recharge)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct RechargeDto {
    /// Le magasin.
    magasin: String,
    /// Crédits.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantite: u32,
    /// Référence du paiement ; elle ne compte qu'une fois dans tout le système.
    #[schema(min_length = 1, max_length = 60)]
    reference_paiement: String,
}

/// Une correction du compte.
#[derive(ToSchema)]
#[schema(as = CorrectionCredits)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct CorrectionDto {
    /// Le magasin.
    magasin: String,
    /// Crédits ; négatif pour retirer, jamais 0.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    quantite: i64,
    /// Pourquoi.
    #[schema(min_length = 1, max_length = 500)]
    motif: String,
    /// Référence de la correction ; elle ne compte qu'une fois dans tout le système.
    #[schema(min_length = 1, max_length = 60)]
    reference: String,
}

impl CreditsDto {
    /// An account as it is shown.
    pub fn new(compte: &Compte, seuil_alerte: u32) -> Self {
        Self {
            disponibles: compte.disponibles,
            reserves: compte.reserves,
            consommes: compte.consommes,
            seuil_alerte,
            alerte: compte.disponibles < u64::from(seuil_alerte),
        }
    }
}

impl From<&Mouvement> for MouvementDto {
    fn from(m: &Mouvement) -> Self {
        Self {
            numero: m.numero,
            type_mouvement: m.type_mouvement.into(),
            quantite: m.quantite,
            solde: m.solde,
            demande_id: m.demande_id.as_ref().map(ToString::to_string),
            le: m.le.to_string(),
            par: m.par.clone(),
            motif: m.motif.clone(),
        }
    }
}

/// A top-up that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Recharge {
    /// For whom.
    pub magasin: MagasinId,
    /// How much.
    pub quantite: u32,
    /// For which payment.
    pub reference: String,
}

/// A correction that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Correction {
    /// For whom.
    pub magasin: MagasinId,
    /// How much.
    pub quantite: i64,
    /// Why.
    pub motif: String,
    /// By which paper.
    pub reference: String,
}

/// Reads the body of `POST /v1/credits/recharges`.
pub fn read_recharge(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<Recharge> {
    let magasin = objet.require("magasin", Objet::code, erreurs);
    let quantite = objet.require("quantite", |o, nom, e| o.entier(nom, 1..=limites::RECHARGE_CREDITS_MAX, e), erreurs);
    let reference = objet.texte_requis("reference_paiement", limites::COURT_CARACTERES_MAX, erreurs);
    Some(Recharge { magasin: magasin?, quantite: quantite?, reference })
}

/// Reads the body of `POST /v1/credits/corrections`.
pub fn read_correction(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<Correction> {
    let most = i64::from(limites::RECHARGE_CREDITS_MAX);
    let magasin = objet.require("magasin", Objet::code, erreurs);
    let quantite = objet.require("quantite", |o, nom, e| o.entier(nom, -most..=most, e), erreurs);
    if quantite == Some(0) {
        objet.refuse("quantite", Invalide::new("BORNES", "Une correction ajoute ou retire au moins un crédit."), erreurs);
    }
    let motif = objet.texte_requis("motif", limites::REMARQUE_CARACTERES_MAX, erreurs);
    let reference = objet.texte_requis("reference", limites::COURT_CARACTERES_MAX, erreurs);
    Some(Correction { magasin: magasin?, quantite: quantite?, motif, reference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::credit;
    use serde_json::{Value, json};

    const MAGASIN: &str = "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn read<T>(corps: &Value, read: impl FnOnce(&Objet<'_>, &mut Vec<ErreurChamp>) -> Option<T>) -> Result<T, Vec<(String, &'static str)>> {
        let mut erreurs = Vec::new();
        let lu = Objet::racine(corps, &mut erreurs).and_then(|o| read(&o, &mut erreurs));
        lu.filter(|_| erreurs.is_empty()).ok_or_else(|| erreurs.into_iter().map(|e| (e.champ, e.code)).collect())
    }

    fn at(champ: &str, code: &'static str) -> (String, &'static str) {
        (champ.to_owned(), code)
    }

    #[test]
    fn a_shop_is_warned_under_its_threshold() {
        let compte = Compte { disponibles: 97, reserves: 1, consommes: 2, ..Compte::default() };
        assert_eq!(
            serde_json::to_value(CreditsDto::new(&compte, 10)).unwrap(),
            json!({"disponibles": 97, "reserves": 1, "consommes": 2, "seuil_alerte": 10, "alerte": false})
        );
        for (disponibles, alerte) in [(0, true), (9, true), (10, false)] {
            assert_eq!(CreditsDto::new(&Compte { disponibles, ..compte }, 10).alerte, alerte);
        }
        assert!(!CreditsDto::new(&Compte::default(), 0).alerte);
    }

    #[test]
    fn a_movement_is_shown_as_the_contract_says() {
        let mouvement = Mouvement {
            numero: 12,
            type_mouvement: credit::TypeMouvement::Correction,
            quantite: -1,
            solde: 97,
            demande_id: None,
            le: "2026-11-21T10:00:00Z".parse().unwrap(),
            par: "op".into(),
            motif: Some("erreur".into()),
        };
        let expected = json!({"numero": 12, "type": "CORRECTION", "quantite": -1, "solde": 97, "demande_id": null, "le": "2026-11-21T10:00:00Z", "par": "op", "motif": "erreur"});
        assert_eq!(serde_json::to_value(MouvementDto::from(&mouvement)).unwrap(), expected);
    }

    #[test]
    fn a_top_up_is_read_whole() {
        let good = json!({"magasin": MAGASIN, "quantite": 100, "reference_paiement": " P-1 "});
        assert_eq!(read(&good, read_recharge), Ok(Recharge { magasin: MAGASIN.parse().unwrap(), quantite: 100, reference: "P-1".into() }));
        assert_eq!(
            read(&json!({}), read_recharge),
            Err(vec![at("/magasin", "OBLIGATOIRE"), at("/quantite", "OBLIGATOIRE"), at("/reference_paiement", "OBLIGATOIRE")])
        );
        let bad = json!({"magasin": "mag_1", "quantite": 1_000_001, "reference_paiement": "x".repeat(61)});
        assert_eq!(read(&bad, read_recharge), Err(vec![at("/magasin", "IDENTIFIANT"), at("/quantite", "BORNES"), at("/reference_paiement", "TROP_LONG")]));
        for quantite in [json!(0), json!(-5)] {
            assert_eq!(
                read(&json!({"magasin": MAGASIN, "quantite": quantite, "reference_paiement": "x"}), read_recharge),
                Err(vec![at("/quantite", "BORNES")])
            );
        }
        assert_eq!(read(&json!({"magasin": MAGASIN, "quantite": "100", "reference_paiement": "x"}), read_recharge), Err(vec![at("/quantite", "TYPE")]));
    }

    #[test]
    fn a_correction_goes_both_ways_and_says_why() {
        let good = json!({"magasin": MAGASIN, "quantite": -3, "motif": "double débit", "reference": "C-1"});
        assert_eq!(read(&good, read_correction).map(|c| (c.quantite, c.motif, c.reference)), Ok((-3, "double débit".into(), "C-1".into())));
        assert_eq!(
            read(&json!({"magasin": MAGASIN, "quantite": 0, "motif": "", "reference": 3}), read_correction),
            Err(vec![at("/quantite", "BORNES"), at("/motif", "OBLIGATOIRE"), at("/reference", "TYPE")])
        );
    }
}
