//! What became of the demandes of a period.

use jiff::{Timestamp, civil::Date};
use optopec_domain::{
    date,
    erreur::{ErreurChamp, Invalide},
    limites,
    statistiques::{self, Observation, StatistiqueMutuelle, Statistiques},
};
use optopec_lambda::{contexte::Contexte, page::Parametres, probleme::Probleme, reponse::Reponse};
use serde::Serialize;
use utoipa::ToSchema;

/// Les statistiques d'un magasin sur une période.
#[derive(Serialize, ToSchema)]
pub struct StatistiquesDto {
    /// Premier jour.
    #[schema(format = Date)]
    du: String,
    /// Dernier jour.
    #[schema(format = Date)]
    au: String,
    /// Par mutuelle, celle qui a le plus de demandes d'abord.
    mutuelles: Vec<StatistiqueMutuelleDto>,
    /// Crédits consommés, par mois de création des demandes.
    credits_par_mois: Vec<CreditsMoisDto>,
}

/// Les demandes faites à une mutuelle.
#[derive(Serialize, ToSchema)]
pub struct StatistiqueMutuelleDto {
    /// La mutuelle.
    mutuelle_id: String,
    /// Son nom.
    nom: String,
    /// Demandes faites.
    demandes: u64,
    /// Accordées.
    accordees: u64,
    /// Refusées.
    refusees: u64,
    /// Part des accordées parmi les décidées, en centièmes de pour cent ; `null` quand rien n'est décidé.
    acceptation_centiemes: Option<u32>,
    /// Médiane des secondes jusqu'à la première réponse.
    delai_median_secondes: Option<u64>,
    /// Neuvième décile des secondes jusqu'à la première réponse.
    delai_p90_secondes: Option<u64>,
    /// Refus par code, le plus fréquent d'abord.
    refus: Vec<RefusDto>,
    /// Somme de ce que ses PEC ont accordé.
    montant_accorde_centimes: u64,
}

/// Combien de fois un code a motivé un refus.
#[derive(Serialize, ToSchema)]
pub struct RefusDto {
    /// Le code ; `SANS_CODE` pour un refus sans code.
    code: String,
    /// Combien de fois.
    nombre: u64,
}

/// Crédits d'un mois.
#[derive(Serialize, ToSchema)]
pub struct CreditsMoisDto {
    /// `AAAA-MM`, à l'heure de Paris.
    #[schema(example = "2026-11")]
    mois: String,
    /// Crédits consommés.
    consommes: u64,
}

/// Par mutuelle : demandes, acceptation, délai de réponse, refus par code, montants accordés ; et crédits consommés par mois.
#[utoipa::path(
    get,
    path = "/v1/statistiques",
    operation_id = "lireStatistiques",
    tag = "statistiques",
    params(
        ("du" = Option<String>, Query, format = Date, description = "Premier jour ; 29 jours avant le dernier par défaut."),
        ("au" = Option<String>, Query, format = Date, description = "Dernier jour ; aujourd'hui par défaut.")
    ),
    responses((status = 200, description = "Les statistiques.", body = StatistiquesDto))
)]
pub async fn get(ctx: Contexte, parametres: Parametres) -> Result<Reponse, Probleme> {
    let (du, au) = period(&parametres, date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (from, to) = (du.yesterday().map_or(Timestamp::MIN, date::end_of_paris_day), date::end_of_paris_day(au));
    let mut observations = Vec::new();
    let mut after = None;
    loop {
        let (demandes, next) = ctx.store.demandes_between(from, to, after).await?;
        observations.extend(demandes.iter().map(Observation::from));
        if observations.len() > limites::STATISTIQUES_DEMANDES_MAX {
            let message = format!("Cette période compte plus de {} demandes : raccourcissez-la.", limites::STATISTIQUES_DEMANDES_MAX);
            return Err(Probleme::champs_invalides(vec![Invalide::new("LIMITE", message).at("/du")]));
        }
        if next.is_none() {
            break;
        }
        after = next;
    }
    Ok(Reponse::ok(&show(du, au, &statistiques::compute(&observations))))
}

/// The days asked for: the last thirty when nothing is said.
fn period(parametres: &Parametres, today: Date) -> Result<(Date, Date), Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let du = parametres.parse_with("du", date::parse, &mut erreurs);
    let au = parametres.parse_with("au", date::parse, &mut erreurs).unwrap_or(today);
    let du = du.unwrap_or_else(|| au.saturating_sub(jiff::Span::new().days(29)));
    if erreurs.is_empty() && au < du {
        erreurs.push(Invalide::new("PERIODE", "Le premier jour est après le dernier.").at("/du"));
    }
    if erreurs.is_empty() { Ok((du, au)) } else { Err(erreurs) }
}

fn show(du: Date, au: Date, statistiques: &Statistiques) -> StatistiquesDto {
    StatistiquesDto {
        du: du.to_string(),
        au: au.to_string(),
        mutuelles: statistiques.mutuelles.iter().map(show_mutuelle).collect(),
        credits_par_mois: statistiques.credits_par_mois.iter().map(|(mois, consommes)| CreditsMoisDto { mois: mois.clone(), consommes: *consommes }).collect(),
    }
}

fn show_mutuelle(mutuelle: &StatistiqueMutuelle) -> StatistiqueMutuelleDto {
    let mut refus: Vec<_> = mutuelle.refus.iter().map(|(code, nombre)| RefusDto { code: code.clone(), nombre: *nombre }).collect();
    refus.sort_by_key(|refus| std::cmp::Reverse(refus.nombre));
    StatistiqueMutuelleDto {
        mutuelle_id: mutuelle.mutuelle_id.to_string(),
        nom: mutuelle.nom.clone(),
        demandes: mutuelle.demandes,
        accordees: mutuelle.accordees,
        refusees: mutuelle.refusees,
        acceptation_centiemes: mutuelle.acceptation_centiemes,
        delai_median_secondes: mutuelle.delai_median_s,
        delai_p90_secondes: mutuelle.delai_p90_s,
        refus,
        montant_accorde_centimes: mutuelle.montant_accorde.get(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<(String, String), Vec<(String, &'static str)>> {
        period(&Parametres::parse(query), "2026-11-21".parse().unwrap())
            .map(|(du, au)| (du.to_string(), au.to_string()))
            .map_err(|erreurs| erreurs.into_iter().map(|e| (e.champ, e.code)).collect())
    }

    #[test]
    fn a_period_is_the_last_thirty_days_by_default() {
        let days = |du: &str, au: &str| Ok((du.to_owned(), au.to_owned()));
        assert_eq!(asked(""), days("2026-10-23", "2026-11-21"));
        assert_eq!(asked("au=2026-03-01"), days("2026-01-31", "2026-03-01"));
        assert_eq!(asked("du=2026-11-21&au=2026-11-21"), days("2026-11-21", "2026-11-21"));
        assert_eq!(asked("du=1990-01-01&au=2100-12-31"), days("1990-01-01", "2100-12-31"));
        for (query, champ, code) in [("du=2026-11-22", "/du", "PERIODE"), ("du=hier", "/du", "DATE"), ("au=2026-02-30", "/au", "DATE")] {
            assert_eq!(asked(query), Err(vec![(champ.to_owned(), code)]), "{query}");
        }
    }
}
