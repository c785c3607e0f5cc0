//! What became of the demandes of a period.

use jiff::{Timestamp, civil::Date};
use optopec_domain::{
    date,
    erreur::{ErreurChamp, Invalide},
    statistiques::{self, Observation, StatistiqueMutuelle, Statistiques},
};
use optopec_lambda::{contexte::Lire, page::Parametres, probleme::Probleme, reponse::Reponse};
use serde::Serialize;
use utoipa::ToSchema;

/// The statistics of a shop over a period.
#[derive(Serialize, ToSchema)]
pub struct StatistiquesDto {
    /// First day.
    #[schema(format = Date)]
    du: String,
    /// Last day.
    #[schema(format = Date)]
    au: String,
    /// By mutuelle, most demandes first.
    mutuelles: Vec<StatistiqueMutuelleDto>,
    /// Credits used, by month in which the demande was made.
    credits_par_mois: Vec<CreditsMoisDto>,
}

/// What one mutuelle did.
#[derive(Serialize, ToSchema)]
pub struct StatistiqueMutuelleDto {
    /// The mutuelle.
    mutuelle_id: String,
    /// Its name.
    nom: String,
    /// Demandes made.
    demandes: u64,
    /// Granted.
    accordees: u64,
    /// Refused.
    refusees: u64,
    /// Granted among decided, in hundredths of a percent; `null` when nothing was decided.
    acceptation_centiemes: Option<u32>,
    /// Median of the seconds to the first answer.
    delai_median_secondes: Option<u64>,
    /// 90th percentile of the same.
    delai_p90_secondes: Option<u64>,
    /// Refusals by code, most frequent first.
    refus: Vec<RefusDto>,
    /// Sum of what its PECs granted.
    montant_accorde_centimes: u64,
}

/// How often one code was the reason of a refusal.
#[derive(Serialize, ToSchema)]
pub struct RefusDto {
    /// The code; `SANS_CODE` for a refusal without one.
    code: String,
    /// How often.
    nombre: u64,
}

/// Credits of one month.
#[derive(Serialize, ToSchema)]
pub struct CreditsMoisDto {
    /// `AAAA-MM`, in Paris.
    #[schema(example = "2026-11")]
    mois: String,
    /// Credits used.
    consommes: u64,
}

/// Per mutuelle: demandes, acceptance, time to answer, refusals by code, amounts granted; and credits used per month.
#[utoipa::path(
    get,
    path = "/v1/statistiques",
    tag = "Statistiques",
    params(
        ("du" = Option<String>, Query, format = Date, description = "First day; 29 days before the last when absent"),
        ("au" = Option<String>, Query, format = Date, description = "Last day; today when absent")
    ),
    responses((status = 200, description = "The statistics", body = StatistiquesDto))
)]
pub async fn get(Lire(ctx): Lire, parametres: Parametres) -> Result<Reponse, Probleme> {
    let (du, au) = period(&parametres, date::paris_day(ctx.now)).map_err(Probleme::champs_invalides)?;
    let (from, to) = (du.yesterday().map_or(Timestamp::MIN, date::end_of_paris_day), date::end_of_paris_day(au));
    let mut observations = Vec::new();
    let mut after = None;
    loop {
        let (demandes, next) = ctx.store.demandes_between(from, to, after).await?;
        observations.extend(demandes.iter().map(Observation::from));
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
    let du = parametres.analyse("du", date::parse, &mut erreurs);
    let au = parametres.analyse("au", date::parse, &mut erreurs).unwrap_or(today);
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
