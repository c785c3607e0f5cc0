//! The reference tables: which tariffs and rates hold on a day, and their replacement without a release.

use crate::tarifs::{Refus, read_lpp as read_file, read_taux as read_body};
use optopec_domain::{
    date,
    dossier::Classe as DomainClasse,
    erreur::{ErreurChamp, Invalide},
    lpp::{LigneLpp, LigneTaux},
};
use optopec_lambda::{
    contexte::Contexte,
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

/// Une ligne de la table LPP.
#[derive(Serialize, ToSchema)]
pub struct LigneLppDto {
    /// Code LPP à sept chiffres ; `null` pour le tarif par défaut d'une classe.
    code: Option<String>,
    /// Libellé.
    libelle: String,
    /// Classe.
    classe: Option<Classe>,
    /// Premier jour.
    #[schema(format = Date)]
    valide_du: String,
    /// Dernier jour ; `null` : encore valable.
    #[schema(format = Date)]
    valide_au: Option<String>,
    /// Tarif de responsabilité.
    tarif_centimes: u64,
}

/// Ce que la table compte désormais.
#[derive(Serialize, ToSchema)]
pub struct TableDto {
    /// Nombre de lignes.
    lignes: usize,
}

/// Un taux de la part RO, à partir d'un jour.
#[derive(Serialize, ToSchema)]
pub struct TauxDto {
    /// Pour quel risque.
    risque: CodeRisque,
    /// Premier jour.
    #[schema(format = Date)]
    du: String,
    /// Pour cent.
    #[schema(minimum = 0, maximum = 100)]
    taux: u8,
}

/// Les taux de la part RO.
#[derive(Serialize, ToSchema)]
pub struct TauxTableDto {
    /// Tous les taux.
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

/// La ligne LPP valable un jour donné ; sans code, le tarif par défaut d'une classe.
#[utoipa::path(get, path = "/v1/referentiel/lpp", tag = "referentiel", operation_id = "lireLpp", params(("code" = Option<String>, Query, description = "Code LPP : 7 chiffres."), ("classe" = Option<Classe>, Query, description = "Sans code : la classe dont le tarif par défaut est demandé."), ("date" = Option<String>, Query, format = Date, description = "Le jour ; aujourd'hui par défaut.")), responses((status = 200, description = "La ligne.", body = LigneLppDto), (status = 404, description = "Aucune ligne ne vaut ce jour-là.")))]
pub async fn read_lpp(ctx: Contexte, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs: Vec<ErreurChamp> = Vec::new();
    let code = parametres.parse_with("code", parse_code_lpp, &mut erreurs);
    let classe: Option<DomainClasse> = parametres.code("classe", &mut erreurs);
    let jour = parametres.parse_with("date", date::parse, &mut erreurs).unwrap_or_else(|| date::paris_day(ctx.now));
    if parametres.get("code").is_none() && parametres.get("classe").is_none() {
        erreurs.push(Invalide::new("OBLIGATOIRE", "Indiquez un code LPP, ou une classe pour son tarif par défaut.").at("/code"));
    }
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let referentiel = ctx.deps.store.referentiel().await?;
    let ligne = match (code.as_deref(), classe) {
        (Some(code), classe) => referentiel.find(code, jour).filter(|ligne| classe.is_none() || ligne.classe == classe),
        (None, Some(classe)) => referentiel.class_default(classe, jour),
        (None, None) => None,
    };
    let ligne = ligne.ok_or_else(|| Probleme::introuvable().detail("Aucun tarif connu pour ce code à cette date."))?;
    Ok(Reponse::ok(&LigneLppDto::from(ligne)))
}

/// Remplace la table LPP ; un fichier dont une ligne est fautive ne remplace rien.
#[utoipa::path(put, path = "/v1/referentiel/lpp", tag = "referentiel", operation_id = "remplacerLpp", request_body(description = "`code;libelle;classe;valide_du;valide_au;tarif`, tarif en euros. Un fichier en Windows-1252 s'envoie en `application/octet-stream`.", content((String = "text/csv"), (String = "application/octet-stream"))), responses((status = 200, description = "La table est remplacée.", body = TableDto)))]
pub async fn put_lpp(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let lignes = read_file(corps.fichier()?).map_err(|refus| match refus {
        Refus::Illisible(detail) => Probleme::csv_illisible(detail),
        Refus::Lignes(erreurs) => Probleme::champs_invalides(erreurs).detail("Le fichier a des lignes à corriger : la table en place est gardée."),
    })?;
    ctx.deps.store.put_lpp(&lignes).await?;
    Ok(Reponse::ok(&TableDto { lignes: lignes.len() }))
}

/// Les taux de la part RO.
#[utoipa::path(get, path = "/v1/referentiel/taux", tag = "referentiel", operation_id = "lireTaux", responses((status = 200, description = "Les taux.", body = TauxTableDto)))]
pub async fn read_taux(ctx: Contexte) -> Result<Reponse, Probleme> {
    Ok(show_taux(&ctx.deps.store.referentiel().await?.taux))
}

/// Remplace les taux de la part RO.
#[utoipa::path(put, path = "/v1/referentiel/taux", tag = "referentiel", operation_id = "remplacerTaux", request_body = Vec<TauxDto>, responses((status = 200, description = "Les taux sont remplacés.", body = TauxTableDto)))]
pub async fn put_taux(ctx: Contexte, corps: Corps) -> Result<Reponse, Probleme> {
    let lignes = read_body(&corps.valeur()?).map_err(Probleme::champs_invalides)?;
    ctx.deps.store.put_taux(&lignes).await?;
    Ok(show_taux(&lignes))
}
