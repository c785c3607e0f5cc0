//! The reference tables: which tariffs and rates hold on a day, and their replacement without a release.

use crate::tarifs::{Refus, read_lpp as read_file, read_taux as read_body, row_on};
use optopec_domain::{
    date,
    dossier::Classe as DomainClasse,
    erreur::{ErreurChamp, Invalide},
    lpp::{LigneLpp, LigneTaux},
};
use optopec_lambda::{
    contexte::{Consulter, Operer},
    corps::Corps,
    dto::{
        dossier::parse_code_lpp,
        listes::{Classe, CodeRisque},
    },
    page::Parametres,
    probleme::Probleme,
    reponse::Reponse,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A row of the LPP table.
#[derive(Serialize, ToSchema)]
pub struct LigneLppDto {
    /// Seven digits; `null` for the default of a class.
    code: Option<String>,
    /// Label.
    libelle: String,
    /// Class.
    classe: Option<Classe>,
    /// First day.
    #[schema(format = Date)]
    valide_du: String,
    /// Last day; `null`: still valid.
    #[schema(format = Date)]
    valide_au: Option<String>,
    /// « Tarif de responsabilité ».
    tarif_centimes: u64,
}

/// How many rows the table has now.
#[derive(Serialize, ToSchema)]
pub struct TableDto {
    /// Rows.
    lignes: usize,
}

/// An RO rate from a day on.
#[derive(Serialize, ToSchema)]
pub struct TauxDto {
    /// For which risk.
    risque: CodeRisque,
    /// First day.
    #[schema(format = Date)]
    du: String,
    /// Percent.
    #[schema(minimum = 0, maximum = 100)]
    taux: u8,
}

/// The RO rates.
#[derive(Serialize, ToSchema)]
pub struct TauxTableDto {
    /// All of them.
    taux: Vec<TauxDto>,
}

impl From<&LigneLpp> for LigneLppDto {
    fn from(l: &LigneLpp) -> Self {
        Self {
            code: l.code.clone(),
            libelle: l.libelle.clone(),
            classe: l.classe.map(Into::into),
            valide_du: l.valide_du.to_string(),
            valide_au: l.valide_au.map(|d| d.to_string()),
            tarif_centimes: l.tarif.get(),
        }
    }
}

fn show_taux(lignes: &[LigneTaux]) -> Reponse {
    Reponse::ok(&TauxTableDto { taux: lignes.iter().map(|l| TauxDto { risque: l.risque.into(), du: l.du.to_string(), taux: l.taux }).collect() })
}

/// The LPP line valid on a date; without a code the default of a class.
#[utoipa::path(get, path = "/v1/referentiel/lpp", tag = "referentiel", operation_id = "lireLpp", params(("code" = Option<String>, Query, description = "Code LPP : 7 chiffres."), ("classe" = Option<Classe>, Query, description = "Sans code : la classe dont le tarif par défaut est demandé."), ("date" = Option<String>, Query, format = Date, description = "Le jour ; aujourd'hui par défaut.")), responses((status = 200, description = "La ligne.", body = LigneLppDto), (status = 404, description = "Aucune ligne ne vaut ce jour-là.")))]
pub async fn read_lpp(Consulter(ctx): Consulter, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs: Vec<ErreurChamp> = Vec::new();
    let code = parametres.analyse("code", parse_code_lpp, &mut erreurs);
    let classe: Option<DomainClasse> = parametres.code("classe", &mut erreurs);
    let jour = parametres.analyse("date", date::parse, &mut erreurs).unwrap_or_else(|| date::paris_day(ctx.now));
    if parametres.get("code").is_none() && parametres.get("classe").is_none() {
        erreurs.push(Invalide::new("OBLIGATOIRE", "Indiquez un code LPP, ou une classe pour son tarif par défaut.").at("/code"));
    }
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let referentiel = ctx.deps.store.referentiel().await?;
    let ligne = row_on(&referentiel.lpp, code.as_deref(), classe, jour)
        .ok_or_else(|| Probleme::introuvable().detail("Aucun tarif connu pour ce code à cette date."))?;
    Ok(Reponse::ok(&LigneLppDto::from(ligne)))
}

/// Replaces the LPP table; a file with one bad row replaces nothing.
#[utoipa::path(put, path = "/v1/referentiel/lpp", tag = "referentiel", operation_id = "remplacerLpp", request_body(content = String, content_type = "text/csv", description = "`code;libelle;classe;valide_du;valide_au;tarif`, tarif en euros."), responses((status = 200, description = "La table est remplacée.", body = TableDto)))]
pub async fn put_lpp(Operer(ctx): Operer, corps: Corps) -> Result<Reponse, Probleme> {
    let lignes = read_file(corps.octets()?).map_err(|refus| match refus {
        Refus::Illisible(detail) => Probleme::csv_illisible(detail),
        Refus::Lignes(erreurs) => Probleme::champs_invalides(erreurs).detail("Le fichier a des lignes à corriger : la table en place est gardée."),
    })?;
    ctx.deps.store.put_lpp(&lignes).await?;
    Ok(Reponse::ok(&TableDto { lignes: lignes.len() }))
}

/// The RO rates.
#[utoipa::path(get, path = "/v1/referentiel/taux", tag = "referentiel", operation_id = "lireTaux", responses((status = 200, description = "Les taux.", body = TauxTableDto)))]
pub async fn read_taux(Consulter(ctx): Consulter) -> Result<Reponse, Probleme> {
    Ok(show_taux(&ctx.deps.store.referentiel().await?.taux))
}

/// Replaces the RO rates.
#[utoipa::path(put, path = "/v1/referentiel/taux", tag = "referentiel", operation_id = "remplacerTaux", request_body = Vec<TauxDto>, responses((status = 200, description = "Les taux sont remplacés.", body = TauxTableDto)))]
pub async fn put_taux(Operer(ctx): Operer, corps: Corps) -> Result<Reponse, Probleme> {
    let lignes = read_body(&corps.valeur()?).map_err(Probleme::champs_invalides)?;
    ctx.deps.store.put_taux(&lignes).await?;
    Ok(show_taux(&lignes))
}
