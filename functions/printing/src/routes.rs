//! The routes: what is read for a document, who is told, and under which name it is saved.
//!
//! What must hold: everything is read through the caller's shop; a paper with a NIR in clear leaves only after its entry is written; a
//! consent counts as printed once its PDF is made, not before; a file's name holds the document and the demande's number, nothing else.

use crate::{
    consentement, devis, fax,
    moteur::{self, Modele},
    reponse,
};
use axum::extract::Path;
use optopec_domain::{
    acces::MotifAcces,
    demande::Action,
    dossier::{Categorie, Classe, Dossier, Equipement, TypeEquipement},
    erreur::{ErreurChamp, Invalide},
    ids::{DemandeId, DossierId},
    montants,
    mutuelle::Mutuelle,
    verification,
};
use optopec_lambda::{
    contexte::{Contexte, id},
    dossiers::own_magasin,
    mutuelles,
    page::Parametres,
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::Objet;
use serde_json::Value;

const SANS_MUTUELLE: &str = "Aucune mutuelle de votre liste n'est choisie dans ce dossier : choisissez celle à qui ce document s'adresse.";

/// Imprime le consentement d'un dossier, et le marque imprimé.
#[utoipa::path(
    get,
    path = "/v1/dossiers/{id}/documents/consentement.pdf",
    operation_id = "imprimerConsentement",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Le dossier."),
        ("equipement" = Option<u16>, Query, description = "Numéro de l'équipement ; le premier par défaut.")
    ),
    responses(
        (status = 200, description = "Le document : PDF/A-2a et PDF/UA-1.", body = String, content_type = "application/pdf"),
        (status = 409, description = "Le dossier ne nomme aucune mutuelle ou n'a pas d'équipement.")
    )
)]
pub async fn consentement(ctx: Contexte, Path(texte): Path<String>, parametres: Parametres) -> Result<Reponse, Probleme> {
    let dossier = dossier(&ctx, &texte).await?;
    let equipement = equipement(&dossier, &parametres)?;
    let (magasin, mutuelle) = tokio::try_join!(shop(&ctx), mutuelle(&ctx, &dossier))?;
    let mutuelle = mutuelle.ok_or_else(|| Probleme::action_impossible(SANS_MUTUELLE))?;
    let (donnees, papier) = consentement::donnees(&magasin, &dossier, equipement, &mutuelle, ctx.deps.config.conservation, ctx.now);
    let document = print(&ctx, Modele::Consentement, donnees).await?;
    if !ctx.head_only() {
        ctx.store.mark_printed(&dossier.id, ctx.now, Some(&papier)).await?;
    }
    Ok(Reponse::file(PDF, "consentement.pdf", document))
}

/// Imprime le devis d'un équipement, l'offre « 100 % Santé » d'abord.
#[utoipa::path(
    get,
    path = "/v1/dossiers/{id}/documents/devis.pdf",
    operation_id = "imprimerDevis",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Le dossier."),
        ("equipement" = Option<u16>, Query, description = "Numéro de l'équipement choisi ; le premier par défaut."),
        ("offre_sante" = Option<u16>, Query, description = "Numéro de l'équipement de l'offre « 100 % Santé » ; sans lui, le devis dit qu'aucune n'a été proposée.")
    ),
    responses(
        (status = 200, description = "Le document : PDF/A-2a et PDF/UA-1.", body = String, content_type = "application/pdf"),
        (status = 409, description = "Le dossier n'a pas d'équipement, ou l'équipement n'a pas de ligne.")
    )
)]
pub async fn devis(ctx: Contexte, Path(texte): Path<String>, parametres: Parametres) -> Result<Reponse, Probleme> {
    let dossier = dossier(&ctx, &texte).await?;
    let choisi = equipement(&dossier, &parametres)?;
    let offre_sante = offre_sante(&dossier, choisi, &parametres)?;
    with_lines(choisi)?;
    let referentiel = async { Ok::<_, Probleme>(ctx.deps.store.referentiel().await?) };
    let (magasin, mutuelle, referentiel) = tokio::try_join!(shop(&ctx), mutuelle(&ctx, &dossier), referentiel)?;
    let montants = montants::compute(&dossier, &referentiel, mutuelle.as_ref());
    let nom = mutuelle.as_ref().map(|m| m.fiche.nom.as_str());
    let donnees = devis::donnees(&magasin, &dossier, (choisi, offre_sante), nom, &montants, ctx.now);
    Ok(Reponse::file(PDF, "devis.pdf", print(&ctx, Modele::Devis, donnees).await?))
}

/// Imprime la demande à envoyer par télécopie ; le n° de sécurité sociale y est en clair.
#[utoipa::path(
    get,
    path = "/v1/dossiers/{id}/documents/demande-fax.pdf",
    operation_id = "imprimerDemandeFax",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Le dossier."),
        ("equipement" = Option<u16>, Query, description = "Numéro de l'équipement ; le premier par défaut.")
    ),
    responses(
        (status = 200, description = "Le document : PDF/A-2a et PDF/UA-1.", body = String, content_type = "application/pdf"),
        (status = 409, description = "Le dossier ne nomme aucune mutuelle, n'a pas d'équipement, ou l'équipement n'a pas de ligne que la mutuelle puisse voir.")
    )
)]
pub async fn fax(ctx: Contexte, Path(texte): Path<String>, parametres: Parametres) -> Result<Reponse, Probleme> {
    let dossier = dossier(&ctx, &texte).await?;
    let equipement = equipement(&dossier, &parametres)?;
    let referentiel = async { Ok::<_, Probleme>(ctx.deps.store.referentiel().await?) };
    let (magasin, mutuelle, referentiel) = tokio::try_join!(shop(&ctx), mutuelle(&ctx, &dossier), referentiel)?;
    let mutuelle = mutuelle.ok_or_else(|| Probleme::action_impossible(SANS_MUTUELLE))?;
    let montants = montants::compute(&dossier, &referentiel, Some(&mutuelle));
    let of_this = montants.equipements.iter().find(|m| m.numero == equipement.numero).ok_or_else(|| Probleme::interne("un équipement sans montants"))?;
    let contenu = verification::content(&magasin, &dossier, equipement, of_this);
    with_lines(equipement)?;
    if contenu.equipement.lignes.is_empty() {
        return Err(Probleme::action_impossible(TOUT_OCCULTE));
    }
    let document = print(&ctx, Modele::Fax, fax::donnees(&magasin, &dossier, &mutuelle, &contenu, ctx.now)).await?;
    let regard = ctx.regard(Objet::Dossier(dossier.id.clone()), MotifAcces::Impression, fax::holds_nir(&contenu));
    if !ctx.head_only() {
        ctx.note(regard.trace.into_iter().collect()).await?;
    }
    Ok(Reponse::file(PDF, "demande-fax.pdf", document))
}

/// Imprime la réponse à une demande.
#[utoipa::path(
    get,
    path = "/v1/demandes/{id}/documents/reponse.pdf",
    operation_id = "imprimerReponse",
    tag = "documents",
    params(("id" = String, Path, description = "La demande.")),
    responses(
        (status = 200, description = "Le document : PDF/A-2a et PDF/UA-1.", body = String, content_type = "application/pdf"),
        (status = 409, description = "Il n'y a pas de réponse, ou ses données ont été effacées.")
    )
)]
pub async fn reponse(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let demande = ctx.store.demande(&id::<DemandeId>(&texte)?).await?.ok_or_else(Probleme::introuvable)?;
    if !demande.allows(Action::ImprimerReponse) {
        return Err(Probleme::action_impossible(reponse::absente(&demande)));
    }
    let envoi = ctx.store.envoi(&demande.id).await?.ok_or_else(|| Probleme::action_impossible(reponse::EFFACEE))?;
    let donnees = reponse::donnees(&shop(&ctx).await?, &demande, &envoi, ctx.now);
    Ok(Reponse::file(PDF, &format!("reponse-{}.pdf", demande.numero), print(&ctx, Modele::Reponse, donnees).await?))
}

const TOUT_OCCULTE: &str = "Toutes les lignes de cet équipement sont occultées : il n'y a rien à demander à la mutuelle.";

const PDF: &str = "application/pdf";

/// Setting a page takes milliseconds of a processor: not on the thread that answers everybody.
async fn print(ctx: &Contexte, modele: Modele, donnees: Value) -> Result<Vec<u8>, Probleme> {
    let now = ctx.now;
    tokio::task::spawn_blocking(move || moteur::imprimer(modele, donnees, now)).await.map_err(Probleme::interne)?.map_err(Probleme::interne)
}

async fn shop(ctx: &Contexte) -> Result<optopec_domain::magasin::Magasin, Probleme> {
    Ok(own_magasin(&ctx.store).await?)
}

async fn dossier(ctx: &Contexte, texte: &str) -> Result<Dossier, Probleme> {
    Ok(ctx.store.dossier(&id::<DossierId>(texte)?).await?.ok_or_else(Probleme::introuvable)?.dossier)
}

async fn mutuelle(ctx: &Contexte, dossier: &Dossier) -> Result<Option<Mutuelle>, Probleme> {
    match &dossier.tiers_payant.rattachement.mutuelle_id {
        Some(id) => Ok(mutuelles::find(&ctx.deps.store, &ctx.store, id).await?),
        None => Ok(None),
    }
}

/// The equipment that the address names, or the first.
fn equipement<'a>(dossier: &'a Dossier, parametres: &Parametres) -> Result<&'a Equipement, Probleme> {
    let none = || Probleme::action_impossible("Ce dossier n'a pas encore d'équipement : ajoutez-en un avant d'imprimer.");
    match named(dossier, parametres, "equipement")? {
        Some(equipement) => Ok(equipement),
        None => dossier.equipements.first().ok_or_else(none),
    }
}

/// A paper with amounts of nothing would say 0,00 €.
fn with_lines(equipement: &Equipement) -> Result<(), Probleme> {
    if equipement.lignes.is_empty() {
        return Err(Probleme::action_impossible("Cet équipement n'a pas encore de ligne : ajoutez-en une avant d'imprimer."));
    }
    Ok(())
}

/// The equipment of the offer « 100 % Santé »: another one than the chosen, spectacles, whose lenses and frame are of class A.
fn offre_sante<'a>(dossier: &'a Dossier, choisi: &Equipement, parametres: &Parametres) -> Result<Option<&'a Equipement>, Probleme> {
    const NOM: &str = "offre_sante";
    let Some(offre) = named(dossier, parametres, NOM)? else { return Ok(None) };
    let mut classees = offre.lignes.iter().filter(|ligne| matches!(ligne.categorie, Categorie::Ver | Categorie::Mon)).peekable();
    let refus = if offre.numero == choisi.numero {
        "L'offre « 100 % Santé » doit être un autre équipement que l'équipement choisi."
    } else if offre.type_equipement == TypeEquipement::Len {
        "Des lentilles ne sont pas une offre « 100 % Santé » : nommez des lunettes."
    } else if classees.peek().is_none() || !classees.all(|ligne| ligne.classe == Some(Classe::A)) {
        "Les verres et la monture d'une offre « 100 % Santé » sont de classe A : saisissez leur classe, ou nommez un autre équipement."
    } else {
        return Ok(Some(offre));
    };
    Err(Probleme::champs_invalides(vec![ErreurChamp::new(format!("/{NOM}"), "OFFRE_SANTE_INVALIDE", refus)]))
}

fn named<'a>(dossier: &'a Dossier, parametres: &Parametres, nom: &str) -> Result<Option<&'a Equipement>, Probleme> {
    let mut erreurs = Vec::new();
    let number = |text: &str| text.parse::<u16>().map_err(|_| Invalide::new("BORNES", "Un numéro d'équipement est attendu."));
    let numero = parametres.parse_with(nom, number, &mut erreurs);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let Some(numero) = numero else { return Ok(None) };
    let unknown = || ErreurChamp::new(format!("/{nom}"), "EQUIPEMENT_INCONNU", "Cet équipement n'existe pas dans le dossier : choisissez-en un autre.");
    dossier.equipement(numero).map(Some).ok_or_else(|| Probleme::champs_invalides(vec![unknown()]))
}
