//! The pre-flight check, and what begins when it finds nothing wrong.
//!
//! What must hold: everything wrong is told at once and nothing is held then; what is sent is what was checked, of the very version of
//! the dossier that was read; the same `Idempotency-Key` begins one demande.

use crate::{
    creation::new_demande,
    impossible,
    lecture::{dossier_named, enqueue, find},
};
use axum::extract::Path;
use optopec_domain::{
    credit::{Compte, CreditInsuffisant},
    demande::{Action, Demande, Nature},
    dossier::Dossier,
    erreur::{ErreurChamp, Invalide},
    ids::{DemandeId, DossierId},
    limites,
    lpp::Referentiel,
    magasin::{Magasin, Mode},
    mutuelle::Mutuelle,
    verification::{self, Verification},
};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dossiers::own_magasin,
    dto::{
        demande::{ApercuDto, DemandeDto},
        lecture::obligatoire,
        listes,
    },
    etag::etag,
    idempotence::Idem,
    mutuelles,
    openapi::CleRequise,
    page::Parametres,
    probleme::{ErreurDto, Probleme, ProblemeDto},
    reponse::Reponse,
};
use optopec_store::{DossierLu, StoreError, Submission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often a dossier that changes under the check is checked again.
const ESSAIS: u32 = 3;

/// Ce qui est demandé.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes a body that is read field by field")]
pub struct NouvelleDemandeDto {
    /// PEC ou cotation.
    #[schema(value_type = listes::Nature)]
    nature: String,
    /// Numéro de l'équipement.
    #[schema(minimum = 1, maximum = 999)]
    equipement: u16,
}

/// Le résultat de la vérification avant envoi.
#[derive(Serialize, ToSchema)]
pub struct VerificationDto {
    /// Vrai quand rien n'empêche l'envoi.
    pret: bool,
    /// Ce qui l'empêche.
    erreurs: Vec<ErreurDto>,
    /// Ce qui mérite un regard.
    avertissements: Vec<ErreurDto>,
    /// Crédits que l'envoi coûterait.
    prix: u32,
    /// Ce qui serait envoyé, si cela peut déjà être composé.
    apercu: Option<ApercuDto>,
}

/// What the check looks at beside the dossier.
struct Entourage {
    /// The shop.
    magasin: Magasin,
    /// Its account.
    compte: Compte,
    /// It adopted the conventions of the concentrator that its mode names.
    conventions: bool,
    /// The mutuelle of the dossier, if the shop has it.
    mutuelle: Option<Mutuelle>,
    /// Tariffs and rates.
    referentiel: Referentiel,
}

impl Entourage {
    /// Reads it all at once.
    async fn read(ctx: &Contexte, dossier: &Dossier) -> Result<Self, StoreError> {
        let mutuelle = async {
            let liste = ctx.store.liste().await?;
            let mutuelle = match &dossier.tiers_payant.rattachement.mutuelle_id {
                Some(id) => mutuelles::find_in(&ctx.deps.store, &ctx.store, &liste, id).await?,
                None => None,
            };
            Ok((liste, mutuelle))
        };
        let (magasin, compte, (liste, mutuelle), referentiel) =
            tokio::try_join!(own_magasin(&ctx.store), ctx.store.compte(), mutuelle, ctx.deps.store.referentiel())?;
        let conventions = mutuelles::conventions_adopted(&liste, magasin.abonnement.mode);
        Ok(Self { magasin, compte: compte.unwrap_or_default(), conventions, mutuelle, referentiel })
    }

    fn check(&self, lu: &DossierLu, equipement: u16, nature: Nature, cotation: Option<&DemandeId>) -> Verification {
        let contexte = verification::Contexte {
            magasin: &self.magasin,
            compte: &self.compte,
            conventions: self.conventions,
            dossier: &lu.dossier,
            mutuelle: self.mutuelle.as_ref(),
            referentiel: &self.referentiel,
            en_cours: lu.gardes.get(&equipement),
        };
        verification::verify(&contexte, equipement, nature, cotation)
    }

    /// A shop in real mode without a concentrator, and nothing that the shop could mend: its conventions come from there too.
    fn without_concentrator(&self, ctx: &Contexte, erreurs: &[ErreurChamp]) -> bool {
        let absent = match self.magasin.abonnement.mode {
            Mode::Reel => ctx.deps.config.concentrateur_reel.is_none(),
            Mode::Demonstration => false,
        };
        absent && erreurs.iter().all(|e| e.code == "CONVENTIONS")
    }
}

/// Vérifie un dossier avant envoi : tout ce qui ne va pas, et ce qui serait envoyé.
#[utoipa::path(
    get,
    path = "/v1/dossiers/{id}/verification",
    operation_id = "verifierDossier",
    tag = "demandes",
    params(
        ("id" = String, Path, description = "Le dossier."),
        ("equipement" = Option<u16>, Query, description = "Numéro de l'équipement ; le premier par défaut."),
        ("nature" = Option<listes::Nature>, Query, description = "`PEC` par défaut.")
    ),
    responses((status = 200, description = "Ce qui a été trouvé.", body = VerificationDto))
)]
pub async fn verify(ctx: Contexte, Path(dossier): Path<String>, parametres: Parametres) -> Result<Reponse, Probleme> {
    let lu = dossier_of(&ctx, &dossier).await?;
    let mut erreurs = Vec::new();
    let number = |text: &str| text.parse::<u16>().map_err(|_| Invalide::new("BORNES", "Un numéro d'équipement est attendu."));
    let equipement = parametres.parse_with("equipement", number, &mut erreurs);
    let nature = parametres.code("nature", &mut erreurs).unwrap_or(Nature::Pec);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let equipement = equipement.or_else(|| lu.dossier.equipements.first().map(|e| e.numero)).unwrap_or(1);
    let entourage = Entourage::read(&ctx, &lu.dossier).await?;
    let mut verification = entourage.check(&lu, equipement, nature, None);
    if entourage.without_concentrator(&ctx, &verification.erreurs) {
        verification.erreurs.push(ErreurChamp::new(
            "/magasin/mode",
            "CONCENTRATEUR_ABSENT",
            "Aucun concentrateur n'est configuré pour ce magasin : appelez l'assistance.",
        ));
    }
    Ok(Reponse::ok(&VerificationDto {
        pret: verification.erreurs.is_empty(),
        erreurs: verification.erreurs.iter().map(ErreurDto::from).collect(),
        avertissements: verification.avertissements.iter().map(ErreurDto::from).collect(),
        prix: verification.prix,
        apercu: verification.envoi.as_ref().map(ApercuDto::from),
    }))
}

/// Demande une PEC ou une cotation.
#[utoipa::path(
    post,
    path = "/v1/dossiers/{id}/demandes",
    operation_id = "creerDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "Le dossier."), CleRequise),
    request_body = NouvelleDemandeDto,
    responses(
        (status = 201, description = "La nouvelle demande, son adresse dans Location.", body = DemandeDto, headers(("Location" = String), ("ETag" = String))),
        (status = 402, description = "Il manque des crédits.", body = ProblemeDto, content_type = "application/problem+json")
    )
)]
pub async fn create(ctx: Contexte, Path(dossier): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let (idem, lu) = tokio::join!(ctx.idempotent(&corps), dossier_of(&ctx, &dossier));
    let (idem, lu) = (idem?, lu?);
    idem.required()?;
    let (nature, equipement) = corps.read(|objet, erreurs| {
        for nom in ["nature", "equipement"] {
            if objet.valeur(nom).is_none() {
                objet.refuse(nom, obligatoire(), erreurs);
            }
        }
        let nature = objet.code::<Nature>("nature", erreurs);
        let equipement = objet.entier("equipement", 1..=limites::NUMERO_EQUIPEMENT_MAX, erreurs);
        nature.zip(equipement)
    })?;
    submit(&ctx, &idem, lu, equipement, nature, None).await
}

/// Transforme en PEC une cotation accordée.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/transformation",
    operation_id = "transformerCotation",
    tag = "demandes",
    params(("id" = String, Path, description = "La cotation."), CleRequise),
    responses(
        (status = 201, description = "La nouvelle demande, son adresse dans Location.", body = DemandeDto, headers(("Location" = String), ("ETag" = String))),
        (status = 402, description = "Il manque des crédits.", body = ProblemeDto, content_type = "application/problem+json")
    )
)]
pub async fn transform(ctx: Contexte, Path(cotation): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let cotation = find(&ctx, &id(&cotation)?).await?;
    idem.required()?;
    transformable(&cotation)?;
    let Some(lu) = ctx.store.dossier(&cotation.dossier_id).await? else { return Err(Probleme::action_impossible(impossible::NO_DOSSIER)) };
    if lu.dossier.equipement(cotation.equipement).is_none() {
        return Err(Probleme::action_impossible(impossible::CHANGED));
    }
    submit(&ctx, &idem, lu, cotation.equipement, Nature::Pec, Some(cotation)).await
}

fn transformable(cotation: &Demande) -> Result<(), Probleme> {
    if cotation.allows(Action::Transformer) { Ok(()) } else { Err(impossible::refuse(cotation, impossible::transform)) }
}

/// Begins a demande. What refuses it may be what the same key began this very moment.
async fn submit(ctx: &Contexte, idem: &Idem, lu: DossierLu, equipement: u16, nature: Nature, cotation: Option<Demande>) -> Result<Reponse, Probleme> {
    match check_and_begin(ctx, idem, lu, equipement, nature, cotation).await {
        Ok(begun) => Ok(begun),
        Err(refus) => Err(ctx.unless_known(idem, refus).await),
    }
}

/// Checks and begins a demande; again from the start when the dossier or the cotation changed meanwhile.
async fn check_and_begin(
    ctx: &Contexte,
    idem: &Idem,
    mut lu: DossierLu,
    equipement: u16,
    nature: Nature,
    mut cotation: Option<Demande>,
) -> Result<Reponse, Probleme> {
    let cle = idem.required()?;
    let id = ctx.deps.ids.demande(ctx.now);
    let answer = |demande: &Demande| {
        let dto = DemandeDto::new(demande, ctx.appelant.role);
        Reponse::created(&dto).location(format!("/v1/demandes/{}", demande.id)).etag(etag(demande.version, &dto)).about(&dossier_named(demande))
    };
    for _ in 0..ESSAIS {
        let entourage = Entourage::read(ctx, &lu.dossier).await?;
        let verification = entourage.check(&lu, equipement, nature, cotation.as_ref().map(|c| &c.id));
        if entourage.without_concentrator(ctx, &verification.erreurs) {
            return Err(Probleme::concentrateur_absent());
        }
        if !verification.erreurs.is_empty() {
            return Err(refusal(verification.erreurs, lu.gardes.get(&equipement), entourage.compte, verification.prix));
        }
        let (Some(envoi), Some(mutuelle)) = (verification.envoi, entourage.mutuelle) else {
            return Err(Probleme::interne("une vérification sans erreur ni envoi"));
        };
        let demande = new_demande(id.clone(), lu.dossier.id.clone(), &mutuelle, &envoi, verification.prix, &ctx.appelant.utilisateur, ctx.now);
        let remember = |demande: &Demande| cle.record(&answer(demande), ctx.now);
        let submission = Submission { demande, envoi: &envoi, dossier: &lu, compte: entourage.compte, idem: &remember, source: cotation.as_ref() };
        match ctx.store.submit(submission).await {
            Ok(demande) => {
                enqueue(ctx, &demande.id, ctx.now).await;
                return Ok(answer(&demande));
            }
            Err(StoreError::Engage(demande)) => return Err(Probleme::pec_en_cours(&demande)),
            Err(StoreError::Stale) => {
                lu = ctx.store.dossier(&lu.dossier.id).await?.ok_or_else(Probleme::introuvable)?;
                if let Some(before) = cotation {
                    let now = find(ctx, &before.id).await?;
                    transformable(&now)?;
                    cotation = Some(now);
                }
            }
            Err(error) => return Err(idem.refuse(error)),
        }
    }
    Err(Probleme::occupe())
}

/// Three reasons have a problem of their own when they are alone.
fn refusal(erreurs: Vec<ErreurChamp>, en_cours: Option<&DemandeId>, compte: Compte, prix: u32) -> Probleme {
    let alone = match erreurs.as_slice() {
        [seule] => match (seule.code, en_cours) {
            ("OPTION_PEC", _) => Some(Probleme::option_inactive()),
            ("CREDIT", _) => Some(Probleme::credit_insuffisant(CreditInsuffisant { disponibles: compte.disponibles, demandes: prix.into() })),
            ("PEC_EN_COURS", Some(demande)) => Some(Probleme::pec_en_cours(demande)),
            _ => None,
        },
        _ => None,
    };
    match alone {
        Some(probleme) => probleme.erreurs(erreurs),
        None => Probleme::demande_incomplete(erreurs),
    }
}

/// A dossier of the caller's shop; 404 for any other.
async fn dossier_of(ctx: &Contexte, dossier: &str) -> Result<DossierLu, Probleme> {
    ctx.store.dossier(&id::<DossierId>(dossier)?).await?.ok_or_else(Probleme::introuvable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(codes: &[&'static str]) -> serde_json::Value {
        let en_cours: DemandeId = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let erreurs = codes.iter().map(|code| ErreurChamp::new("/x", code, "Une phrase.")).collect();
        match refusal(erreurs, Some(&en_cours), Compte { disponibles: 2, ..Compte::default() }, 3) {
            Probleme::Refus(refus) => refus.to_json("r"),
            Probleme::Rejouer(_) => panic!("a refusal was expected"),
        }
    }

    #[test]
    fn three_reasons_have_a_status_of_their_own_when_alone() {
        for (codes, status, kind) in [
            (&["OPTION_PEC"][..], 403, "/problemes/option-inactive"),
            (&["CREDIT"], 402, "/problemes/credit-insuffisant"),
            (&["PEC_EN_COURS"], 409, "/problemes/pec-en-cours"),
            (&["CONSENTEMENT"], 422, "/problemes/demande-incomplete"),
            (&["OPTION_PEC", "CREDIT"], 422, "/problemes/demande-incomplete"),
            (&["PEC_EN_COURS", "CODE_LPP"], 422, "/problemes/demande-incomplete"),
        ] {
            let shown = refuse(codes);
            assert_eq!((shown["status"].as_u64(), shown["type"].as_str()), (Some(status), Some(kind)), "{codes:?}");
            let told: Vec<_> = shown["erreurs"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
            assert_eq!(told, codes);
        }
        assert_eq!(refuse(&["PEC_EN_COURS"])["demande_id"], "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }
}
