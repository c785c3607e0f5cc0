//! The granted amounts go into the dossier.
//!
//! What must hold: amounts go only into the lines they were granted for; what nobody knows is never written as nothing.

use crate::{
    ESSAIS, impossible,
    lecture::{envoi, find},
};
use axum::extract::Path;
use optopec_domain::{
    demande::{Action, Quoi},
    dossier::{Equipement, Transfert},
    envoi::Envoi,
    ids::DemandeId,
    montants,
};
use optopec_lambda::{
    contexte::{Contexte, id},
    corps::Corps,
    dossiers::{Vue, tag},
    dto::{client::Nirs, dossier::DossierDto},
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::{Objet, StoreError};

/// Reporte les montants accordés dans le dossier.
#[utoipa::path(
    post,
    path = "/v1/demandes/{id}/transfert",
    operation_id = "transfererDemande",
    tag = "demandes",
    params(("id" = String, Path, description = "La demande.")),
    responses((status = 200, description = "Le dossier avec les montants.", body = DossierDto, headers(("ETag" = String))))
)]
pub async fn transfer(ctx: Contexte, Path(demande): Path<String>, corps: Corps) -> Result<Reponse, Probleme> {
    let idem = ctx.idempotent(&corps).await?;
    let id = id::<DemandeId>(&demande)?;
    for _ in 0..ESSAIS {
        let demande = find(&ctx, &id).await?;
        let amounts: Option<Vec<_>> = demande.reponse.lignes.iter().map(|(numero, rc)| rc.map(|rc| (*numero, rc))).collect();
        let (true, Some(lignes)) = (demande.allows(Action::Transferer), amounts.filter(|a| !a.is_empty())) else {
            return Err(impossible::refuse(&demande, impossible::transfer));
        };
        let envoi = envoi(&ctx, &id).await?;
        let Some(lu) = ctx.store.dossier(&demande.dossier_id).await? else { return Err(Probleme::action_impossible(impossible::NO_DOSSIER)) };
        let version = lu.dossier.version;
        let mut dossier = lu.dossier;
        let Some(equipement) = dossier.equipements.iter_mut().find(|e| e.numero == demande.equipement && same_lines(e, &envoi)) else {
            return Err(Probleme::action_impossible(impossible::CHANGED));
        };
        let transfert = Transfert { demande_id: id.clone(), lignes };
        equipement.transfert = Some(transfert.clone());
        dossier.version += 1;
        let mut after = demande;
        after.version += 1;
        after.push_by(ctx.now, Quoi::Transferee, &ctx.appelant.utilisateur, None);

        let dto = Vue::load(&ctx).await?.show(&ctx, &dossier, Nirs::Masques).await?;
        let reponse = Reponse::ok(&dto).etag(tag(&dto)?).about(&Objet::Dossier(dossier.id.clone()));
        match ctx.store.transfer(&dossier.id, after.equipement, &transfert, &after, version, idem.record(&reponse, ctx.now).as_ref()).await {
            Ok(()) => return Ok(reponse),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(idem.refuse(error)),
        }
    }
    Err(Probleme::occupe())
}

/// Whether the lines that a mutuelle sees still are the ones that it was asked about.
fn same_lines(equipement: &Equipement, envoi: &Envoi) -> bool {
    let now = equipement.visibles().map(|l| (l.numero, montants::line_value(l)));
    now.eq(envoi.equipement.lignes.iter().map(|l| (l.numero, l.valeur)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::centimes::Centimes;

    #[test]
    fn amounts_fit_only_the_lines_they_were_granted_for() {
        let envoi = exemples::envoi();
        assert!(same_lines(&exemples::equipement(), &envoi));
        let changes: [fn(&mut Equipement); 4] = [
            |e| e.lignes[0].prix_unitaire = Centimes::of(24_999),
            |e| e.lignes[1].occulte = false,
            |e| e.lignes[2].numero = 4,
            |e| {
                e.lignes.pop();
            },
        ];
        for change in changes {
            let mut changed = exemples::equipement();
            change(&mut changed);
            assert!(!same_lines(&changed, &envoi));
        }
        let mut hidden = exemples::equipement();
        hidden.lignes[1].prix_unitaire = Centimes::of(900);
        assert!(same_lines(&hidden, &envoi));
    }
}
