//! Everything that is held about a client, for the person herself (art. 15 and 20 GDPR).
//!
//! What must hold: nothing that names her is left out: the client, her dossiers with their prescriptions and proofs of consent, the demandes
//! with what was sent for each, who saw what in clear. The NIR is in clear: it is her own. Every export is written down for each thing in it.
//! Deliberately absent: dossiers that do not name the client. A NIR is often that of a parent, so it proves nothing.

use crate::{acces::AccesDto, clients, effacement::dossiers_of};
use axum::extract::Path;
use optopec_domain::{acces::MotifAcces, envoi::Envoi, nir::Nir};
use optopec_lambda::{
    contexte::Contexte,
    dossiers::Vue,
    dto::{
        client::{ClientDto, Nirs},
        demande::{ApercuDto, DemandeDto},
        dossier::{DossierDto, PapierDto},
        listes::{Canal, ChampFacultatif},
    },
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::{DossierLu, Objet, Preuve};
use serde::Serialize;
use utoipa::ToSchema;

/// Entries read at once.
const LOT: u32 = 100;

/// Tout ce qui est gardé sur une personne.
#[derive(Serialize, ToSchema)]
pub struct ExportDto {
    /// Quand.
    #[schema(format = DateTime)]
    extrait_le: String,
    /// La personne.
    client: ClientDto,
    /// Ses dossiers.
    dossiers: Vec<DossierExportDto>,
    /// Qui a vu sa fiche en clair.
    acces: Vec<AccesDto>,
}

/// Un dossier et tout ce qui s'y rattache.
#[derive(Serialize, ToSchema)]
pub struct DossierExportDto {
    /// Le dossier, NIR en clair.
    dossier: DossierDto,
    /// Les consentements enregistrés.
    consentements: Vec<PreuveDto>,
    /// Les demandes, et ce qui a été envoyé à la mutuelle.
    demandes: Vec<DemandeExportDto>,
    /// Qui a vu le dossier en clair.
    acces: Vec<AccesDto>,
}

/// Une demande et ce qui a été envoyé.
#[derive(Serialize, ToSchema)]
pub struct DemandeExportDto {
    /// La demande et sa chronologie.
    demande: DemandeDto,
    /// Ce qui a été envoyé à la mutuelle, NIR en clair.
    envoi: Option<ApercuDto>,
    /// La dernière réponse que personne n'a pu exploiter, telle que reçue.
    reponse_brute: Option<String>,
}

/// Un consentement enregistré.
#[derive(Serialize, ToSchema)]
pub struct PreuveDto {
    /// Quand il a été enregistré.
    #[schema(format = DateTime)]
    enregistree_le: String,
    /// Par qui : l'identifiant d'un utilisateur.
    par: String,
    /// Le jour de la signature.
    #[schema(format = Date)]
    signe_le: String,
    /// Comment.
    canal: Canal,
    /// Pour quelle mutuelle.
    mutuelle_id: Option<String>,
    /// Les données facultatives que le magasin transmettait alors.
    transmission: Vec<ChampFacultatif>,
    /// Le papier qui fut signé, s'il a été imprimé ici.
    papier: Option<PapierDto>,
}

impl From<&Preuve> for PreuveDto {
    fn from(preuve: &Preuve) -> Self {
        let signature = &preuve.signature;
        Self {
            enregistree_le: preuve.enregistree_le.to_string(),
            par: preuve.par.clone(),
            signe_le: signature.signe_le.to_string(),
            canal: signature.canal.into(),
            mutuelle_id: signature.mutuelle_id.as_ref().map(ToString::to_string),
            transmission: signature.transmission.sent().map(ChampFacultatif::from).collect(),
            papier: signature.papier.as_ref().map(Into::into),
        }
    }
}

/// Remet tout ce qui est gardé sur un client, NIR en clair, pour répondre à sa demande d'accès.
#[utoipa::path(get, path = "/v1/clients/{id}/export", tag = "clients", operation_id = "exporterClient", params(("id" = String, Path, description = "Le client.")), responses((status = 200, description = "Tout ce qui est gardé sur cette personne.", body = ExportDto)))]
pub async fn export(ctx: Contexte, Path(texte): Path<String>) -> Result<Reponse, Probleme> {
    let client = clients::found(&ctx, &texte).await?;
    let lus = dossiers_of(&ctx, &client).await?;
    // Counts as one read: the ceiling is there against whoever walks through all of them.
    let mut traces = vec![ctx.trace(Objet::Client(client.id.clone()), MotifAcces::Export, true)];
    traces.extend(lus.iter().map(|lu| ctx.trace(Objet::Dossier(lu.dossier.id.clone()), MotifAcces::Export, false)));
    ctx.note(traces).await?;

    let (mut vue, mut exportes) = (Vue::load(&ctx).await?, Vec::with_capacity(lus.len()));
    for lu in &lus {
        let id = &lu.dossier.id;
        exportes.push(DossierExportDto {
            dossier: vue.show(&ctx, &lu.dossier, Nirs::Clairs).await?,
            consentements: ctx.store.preuves(id).await?.iter().map(PreuveDto::from).collect(),
            demandes: demandes_of(&ctx, lu).await?,
            acces: all_acces(&ctx, &Objet::Dossier(id.clone())).await?,
        });
    }
    let acces = all_acces(&ctx, &Objet::Client(client.id.clone())).await?;
    let export = ExportDto { extrait_le: ctx.now.to_string(), client: ClientDto::new(&client, Nirs::Clairs), dossiers: exportes, acces };
    Ok(Reponse::ok(&export).saved_as(&format!("export-{}.json", client.id)))
}

async fn demandes_of(ctx: &Contexte, lu: &DossierLu) -> Result<Vec<DemandeExportDto>, Probleme> {
    let mut all = Vec::with_capacity(lu.demandes.len());
    for id in &lu.demandes {
        let Some(demande) = ctx.store.demande(id).await? else { continue };
        let envoi = ctx.store.envoi(id).await?.as_ref().map(sent);
        let reponse_brute = ctx.store.brut(id, ctx.now).await?.map(|b| b.texte);
        all.push(DemandeExportDto { demande: DemandeDto::new(&demande, ctx.appelant.role), envoi, reponse_brute });
    }
    Ok(all)
}

/// What was sent, with the numbers as they were sent.
fn sent(envoi: &Envoi) -> ApercuDto {
    let clear = |nir: Option<&Nir>| nir.map(|n| n.expose().to_owned());
    let mut apercu = ApercuDto::from(envoi);
    apercu.assure.nir = clear(envoi.assure.nir.as_ref());
    apercu.beneficiaire.personne.nir = clear(envoi.beneficiaire.personne.nir.as_ref());
    apercu
}

async fn all_acces(ctx: &Contexte, objet: &Objet) -> Result<Vec<AccesDto>, Probleme> {
    let (mut all, mut suivant) = (Vec::new(), None);
    loop {
        let page = ctx.store.acces(objet, LOT, suivant.as_deref()).await?;
        all.extend(page.elements.iter().map(AccesDto::from));
        suivant = page.suivant;
        if suivant.is_none() {
            return Ok(all);
        }
    }
}
