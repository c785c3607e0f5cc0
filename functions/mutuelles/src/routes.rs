//! The routes under `/v1/mutuelles`.
//!
//! What must hold: reading asks for the right to read, every change for the right to run the shop; what is unknown is 404 before its body
//! is looked at; a change is decided on the list as it is, again when somebody changed it in between.

use crate::{
    conventions::{self, Concentrateurs, ESSAIS_MAX, Echec},
    dto::{EntreeDto, IndexDto, MutuelleDto, MutuellesDto, RapportDto, read_edition, read_fiche},
    lignes,
    vue::{Vue, Vues},
};
use axum::{Extension, extract::Path};
use optopec_domain::{
    ids::MutuelleId,
    liste::{self, DeLaConvention, Source},
    mutuelle::{Ajouts, Mutuelle, Pec},
};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dto::listes,
    etag::etag,
    idempotence::Idem,
    openapi::{IfMatch, IfNoneMatch},
    page::{Pagination, Parametres},
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::StoreError;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the routes keep from one request to the next.
#[derive(Clone)]
pub struct Etat {
    /// The lists of the shops served lately.
    pub vues: Vues,
    /// Where conventions come from.
    pub concentrateurs: Concentrateurs,
}

/// All of them.
pub fn routes() -> OpenApiRouter<optopec_lambda::deps::Deps> {
    OpenApiRouter::new()
        .routes(routes!(search, create))
        .routes(routes!(download))
        .routes(routes!(import))
        .routes(routes!(export))
        .routes(routes!(index))
        .routes(routes!(read, write, remove))
}

/// Recherche des mutuelles par une partie du nom, du plateau ou de l'identifiant ; une faute de frappe est pardonnée, la plus proche vient d'abord.
#[utoipa::path(get, path = "/v1/mutuelles", tag = "mutuelles", operation_id = "rechercherMutuelles",
    params(("q" = Option<String>, Query, description = "Une partie du nom, du plateau ou de l'identifiant ; sans elle, tout, par ordre de nom.", max_length = 100),
           ("pec" = Option<listes::Pec>, Query, description = "Celles qui ont cette valeur de la colonne « PEC »."), Pagination),
    responses((status = 200, description = "Une page de mutuelles.", body = MutuellesDto)))]
async fn search(ctx: Contexte, Extension(etat): Extension<Etat>, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs = Vec::new();
    let pec = parametres.code::<Pec>("pec", &mut erreurs);
    let Pagination { limite, suivant } = parametres.pagination(&mut erreurs);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let start = suivant.as_deref().map_or(Some(0), parse_suivant).ok_or(StoreError::Curseur)?;
    let end = start.saturating_add(usize::try_from(limite).unwrap_or(usize::MAX));
    let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
    let found = vue.index.search(parametres.get("q").unwrap_or_default(), pec, end.saturating_add(1));
    let mutuelles = found.iter().take(end).skip(start).filter_map(|position| vue.mutuelles.get(*position)).map(MutuelleDto::from).collect();
    Ok(Reponse::ok(&MutuellesDto { mutuelles, suivant: (found.len() > end).then(|| format!("r{end}")) }))
}

fn parse_suivant(suivant: &str) -> Option<usize> {
    suivant.strip_prefix('r').filter(|rank| rank.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// La liste entière en abrégé, pour un poste qui cherche lui-même.
#[utoipa::path(get, path = "/v1/mutuelles/index", tag = "mutuelles", operation_id = "lireIndexMutuelles", params(IfNoneMatch),
    responses((status = 200, description = "La liste abrégée, avec son ETag.", body = IndexDto)))]
async fn index(ctx: Contexte, Extension(etat): Extension<Etat>) -> Result<Reponse, Probleme> {
    let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
    let shown = IndexDto { mutuelles: vue.mutuelles.iter().map(EntreeDto::from).collect() };
    Ok(ctx.respond(etag(vue.head.version, &shown), &shown).revalidated())
}

/// La liste en CSV, sans ce qui a quitté les conventions ; l'importer de nouveau ne change rien.
#[utoipa::path(get, path = "/v1/mutuelles/export", tag = "mutuelles", operation_id = "exporterMutuelles",
    responses((status = 200, description = "Le fichier.", body = String, content_type = "text/csv")))]
async fn export(ctx: Contexte, Extension(etat): Extension<Etat>) -> Result<Reponse, Probleme> {
    let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
    Ok(Reponse::csv("mutuelles.csv", lignes::write(liste::export_order(&vue.mutuelles).map(|m| &m.fiche))))
}

/// Télécharge les conventions du concentrateur de ce magasin et les adopte.
#[utoipa::path(post, path = "/v1/mutuelles/telechargement", tag = "mutuelles", operation_id = "telechargerConventions",
    responses((status = 200, description = "Ce qui a changé.", body = RapportDto), (status = 502, description = "Le concentrateur ne répond pas, ou sa liste est inutilisable.")))]
async fn download(ctx: Contexte, Extension(etat): Extension<Etat>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let mode = conventions::mode(&ctx.store).await?;
    let concentrateur = etat.concentrateurs.of(mode).map_err(refuse)?;
    let head = conventions::refresh(&ctx.deps.store, mode, concentrateur).await.map_err(refuse)?;
    let answer = |rapport: &liste::Rapport| Reponse::ok(&RapportDto::of(head.version.clone(), rapport));
    let rapport = conventions::adopt(&ctx.deps.store, &ctx.store, mode, &head, |rapport| idem.record(&answer(rapport), ctx.now))
        .await
        .map_err(|error| idem.refuse(error))?;
    Ok(answer(&rapport))
}

fn refuse(echec: Echec) -> Probleme {
    match echec {
        Echec::Absent => Probleme::concentrateur_absent(),
        Echec::Reglage(error) => Probleme::interne(error),
        Echec::Concentrateur(error) => Probleme::concentrateur_injoignable().cause(error),
        Echec::Store(error) => error.into(),
    }
}

/// Importe un fichier : les bonnes lignes sont prises, les mauvaises signalées. Avec `essai=true`, rien n'est écrit.
#[utoipa::path(post, path = "/v1/mutuelles/import", tag = "mutuelles", operation_id = "importerMutuelles",
    params(("essai" = Option<bool>, Query, description = "`true` : rien n'est écrit, seul le rapport est rendu.")),
    request_body(description = "Au plus 4 Mio et 20 000 lignes, en-tête obligatoire. Un fichier en Windows-1252 s'envoie en `application/octet-stream`.",
        content((String = "text/csv"), (String = "application/octet-stream"))),
    responses((status = 200, description = "Ce qui a changé, ou changerait.", body = RapportDto)))]
async fn import(ctx: Contexte, Extension(etat): Extension<Etat>, parametres: Parametres, corps: Corps) -> Result<Reponse, Probleme> {
    let mut erreurs = Vec::new();
    let essai = parametres.booleen("essai", &mut erreurs).unwrap_or_default();
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let idem = ctx.idempotent(&corps).await?;
    let fichier = lignes::read(corps.fichier()?)?;
    let decide = |vue: &Vue| {
        let (ajouts, rapport) = liste::import(vue.fiches(), &vue.ajouts, ctx.store.id(), fichier.lignes.iter().cloned(), &fichier.absentes);
        let version = if essai || ajouts == vue.ajouts { vue.head.version } else { vue.head.version + 1 };
        Ok((ajouts, Reponse::ok(&RapportDto::of(version.to_string(), &rapport))))
    };
    if essai {
        let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
        return decide(&vue).map(|(_, reponse)| reponse);
    }
    change(&etat, &ctx, Some(&idem), decide).await
}

/// Crée une mutuelle propre au magasin.
#[utoipa::path(post, path = "/v1/mutuelles", tag = "mutuelles", operation_id = "creerMutuelle", request_body = MutuelleDto,
    responses((status = 201, description = "La mutuelle, son adresse dans Location.", body = MutuelleDto)))]
async fn create(ctx: Contexte, Extension(etat): Extension<Etat>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let (fiche, edition) = corps.read(|o, erreurs| {
        let (fiche, edition) = (read_fiche(o, erreurs), read_edition(o, erreurs));
        Some((fiche?, edition))
    })?;
    let id = ctx.deps.ids.mutuelle(ctx.now);
    let decide = |vue: &Vue| {
        let ajouts = liste::create(&vue.ajouts, id.clone(), fiche.clone(), edition.clone());
        let created = composed(vue, &ajouts, &id)?;
        let dto = MutuelleDto::from(&created);
        let reponse = Reponse::created(&dto).etag(etag(created.version, &dto)).location(format!("/v1/mutuelles/{id}"));
        Ok((ajouts, reponse))
    };
    change(&etat, &ctx, Some(&idem), decide).await
}

/// Lit une mutuelle.
#[utoipa::path(get, path = "/v1/mutuelles/{id}", tag = "mutuelles", operation_id = "lireMutuelle", params(("id" = String, Path, description = "La mutuelle."), IfNoneMatch),
    responses((status = 200, description = "La mutuelle, avec son ETag.", body = MutuelleDto)))]
async fn read(ctx: Contexte, Extension(etat): Extension<Etat>, Path(path): Path<String>) -> Result<Reponse, Probleme> {
    let id: MutuelleId = id(&path)?;
    let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
    let mutuelle = vue.get(&id).ok_or_else(Probleme::introuvable)?;
    let dto = MutuelleDto::from(mutuelle);
    Ok(ctx.respond(etag(mutuelle.version, &dto), &dto))
}

/// Modifie une mutuelle ; d'une mutuelle conventionnée ne changent que l'adresse, les téléphones, le site, `autre`, `remarque`, les régimes et les forfaits.
#[utoipa::path(put, path = "/v1/mutuelles/{id}", tag = "mutuelles", operation_id = "modifierMutuelle", params(("id" = String, Path, description = "La mutuelle."), IfMatch), request_body = MutuelleDto,
    responses((status = 200, description = "La mutuelle modifiée.", body = MutuelleDto)))]
async fn write(ctx: Contexte, Extension(etat): Extension<Etat>, Path(path): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let id: MutuelleId = id(&path)?;
    let decide = |vue: &Vue| {
        let seen = vue.get(&id).ok_or_else(Probleme::introuvable)?;
        ctx.if_match(seen.version)?;
        let ajouts = match liste::find(vue.fiches(), &vue.ajouts, &id).ok_or_else(Probleme::introuvable)? {
            Source::Convention(base) | Source::Retiree(base) => {
                let edition = corps.read(|o, erreurs| Some(read_edition(o, erreurs)))?;
                liste::edit_convention(&vue.ajouts, base, edition)
            }
            Source::Propre(_) => {
                let (fiche, edition) = corps.read(|o, erreurs| {
                    let (fiche, edition) = (read_fiche(o, erreurs), read_edition(o, erreurs));
                    Some((fiche?, edition))
                })?;
                liste::edit_propre(&vue.ajouts, &id, fiche, edition)
            }
        };
        let changed = composed(vue, &ajouts, &id)?;
        let dto = MutuelleDto::from(&changed);
        Ok((ajouts, Reponse::ok(&dto).etag(etag(changed.version, &dto))))
    };
    change(&etat, &ctx, None, decide).await
}

/// Supprime une mutuelle propre au magasin ; une mutuelle conventionnée reste (409).
#[utoipa::path(delete, path = "/v1/mutuelles/{id}", tag = "mutuelles", operation_id = "supprimerMutuelle", params(("id" = String, Path, description = "La mutuelle.")),
    responses((status = 204, description = "Supprimée."), (status = 409, description = "Elle vient des conventions.")))]
async fn remove(ctx: Contexte, Extension(etat): Extension<Etat>, Path(path): Path<String>) -> Result<Reponse, Probleme> {
    let id: MutuelleId = id(&path)?;
    let decide = |vue: &Vue| {
        vue.get(&id).ok_or_else(Probleme::introuvable)?;
        let ajouts = liste::delete(&vue.ajouts, &id).map_err(|refus: DeLaConvention| Probleme::action_impossible(refus.to_string()))?;
        Ok((ajouts, Reponse::no_content()))
    };
    change(&etat, &ctx, None, decide).await
}

fn composed(vue: &Vue, ajouts: &Ajouts, id: &MutuelleId) -> Result<Mutuelle, Probleme> {
    liste::compose_one(vue.fiches(), ajouts, id).ok_or_else(Probleme::introuvable)
}

/// Writes what `decide` makes of the list, and answers what it says. What changes nothing writes nothing but its `Idempotency-Key`.
async fn change(etat: &Etat, ctx: &Contexte, idem: Option<&Idem>, decide: impl Fn(&Vue) -> Result<(Ajouts, Reponse), Probleme>) -> Result<Reponse, Probleme> {
    for _ in 0..ESSAIS_MAX {
        let vue = etat.vues.get(&ctx.deps.store, &ctx.store).await?;
        let (ajouts, reponse) = decide(&vue)?;
        let record = idem.and_then(|idem| idem.record(&reponse, ctx.now));
        let written = match &record {
            Some(record) if ajouts == vue.ajouts => ctx.store.remember(record).await,
            None if ajouts == vue.ajouts => Ok(()),
            Some(_) | None => ctx.store.put_liste(&vue.head, None, &ajouts, record.as_ref()).await.map(|_| ()),
        };
        match (written, idem) {
            (Ok(()), _) => return Ok(reponse),
            (Err(StoreError::Stale), _) => {}
            (Err(error), Some(idem)) => return Err(idem.refuse(error)),
            (Err(error), None) => return Err(error.into()),
        }
    }
    Err(Probleme::occupe())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_of_the_contract_are_all_there() {
        let (_, document) = routes().split_for_parts();
        let mut found: Vec<String> = Vec::new();
        for (path, item) in &document.paths.paths {
            for (method, there) in [("GET", item.get.is_some()), ("POST", item.post.is_some()), ("PUT", item.put.is_some()), ("DELETE", item.delete.is_some())]
            {
                if there {
                    found.push(format!("{method} {path}"));
                }
            }
        }
        found.sort();
        assert_eq!(
            found,
            [
                "DELETE /v1/mutuelles/{id}",
                "GET /v1/mutuelles",
                "GET /v1/mutuelles/export",
                "GET /v1/mutuelles/index",
                "GET /v1/mutuelles/{id}",
                "POST /v1/mutuelles",
                "POST /v1/mutuelles/import",
                "POST /v1/mutuelles/telechargement",
                "PUT /v1/mutuelles/{id}",
            ]
        );
    }

    #[test]
    fn only_a_place_that_a_page_gave_is_a_place() {
        assert_eq!(parse_suivant("r50"), Some(50));
        for bad in ["", "50", "r", "r-1", "r+5", "r1e3", "r99999999999999999999999"] {
            assert_eq!(parse_suivant(bad), None, "{bad}");
        }
    }
}
