//! The work list: in pages, and as a file.

use optopec_domain::{
    demande::{Demande, EtatPublic},
    erreur::{ErreurChamp, Invalide},
    limites,
};
use optopec_lambda::{
    contexte::Contexte,
    csv,
    dto::{demande::DemandeDto, listes},
    page::{self, Parametres},
    probleme::Probleme,
    reponse::Reponse,
};
use optopec_store::FiltreDemandes;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeSet};
use utoipa::ToSchema;

/// Une page de la liste des demandes.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes an answer that is written by hand")]
pub struct DemandesDto {
    /// La plus récente d'abord, sans les événements.
    demandes: Vec<DemandeDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    suivant: Option<String>,
}

/// La liste des demandes, la plus récente d'abord.
#[utoipa::path(
    get,
    path = "/v1/demandes",
    operation_id = "listerDemandes",
    tag = "demandes",
    params(
        ("etat" = Option<Vec<listes::EtatPublic>>, Query, style = Form, explode = false, max_items = 11, description = "Celles qui sont dans un de ces états, séparés par des virgules."),
        ("nature" = Option<listes::Nature>, Query, description = "Celles de cette nature."),
        ("dossier_id" = Option<String>, Query, description = "Celles de ce dossier."),
        page::Pagination
    ),
    responses((status = 200, description = "Une page de demandes.", body = DemandesDto))
)]
pub async fn list(ctx: Contexte, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs = Vec::new();
    let filtre = filter(&parametres, &mut erreurs);
    let pagination = parametres.pagination(&mut erreurs);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let page = ctx.store.demandes(&filtre, pagination.limite, pagination.suivant.as_deref()).await?;
    Ok(Reponse::ok(&page::body("demandes", &page, |demande| DemandeDto::in_list(demande, ctx.appelant.role))?))
}

/// La liste des demandes en CSV pour un tableur : des numéros et des mutuelles, rien sur les personnes.
#[utoipa::path(
    get,
    path = "/v1/demandes/export",
    operation_id = "exporterDemandes",
    tag = "demandes",
    params(
        ("etat" = Option<Vec<listes::EtatPublic>>, Query, style = Form, explode = false, max_items = 11, description = "Celles qui sont dans un de ces états, séparés par des virgules."),
        ("nature" = Option<listes::Nature>, Query, description = "Celles de cette nature."),
        ("dossier_id" = Option<String>, Query, description = "Celles de ce dossier.")
    ),
    responses((status = 200, description = "Le fichier.", body = String, content_type = "text/csv"))
)]
pub async fn export(ctx: Contexte, parametres: Parametres) -> Result<Reponse, Probleme> {
    let mut erreurs = Vec::new();
    let filtre = filter(&parametres, &mut erreurs);
    if !erreurs.is_empty() {
        return Err(Probleme::champs_invalides(erreurs));
    }
    let mut rows = Vec::new();
    let mut suivant = None;
    loop {
        let page = ctx.store.demandes(&filtre, limites::LISTE_MAX, suivant.as_deref()).await?;
        rows.extend(page.elements.iter().map(row));
        suivant = page.suivant;
        if rows.len() > limites::EXPORT_DEMANDES_MAX {
            let message = format!("Cet export compte plus de {} demandes : précisez l'état, la nature ou le dossier.", limites::EXPORT_DEMANDES_MAX);
            return Err(Probleme::champs_invalides(vec![Invalide::new("LIMITE", message).at("/etat")]));
        }
        if suivant.is_none() {
            break;
        }
    }
    Ok(Reponse::csv("demandes.csv", csv::write(&COLONNES, rows)))
}

fn filter(parametres: &Parametres, erreurs: &mut Vec<ErreurChamp>) -> FiltreDemandes {
    FiltreDemandes { etats: states(parametres, erreurs), nature: parametres.code("nature", erreurs), dossier: parametres.code("dossier_id", erreurs) }
}

/// The states that are asked for; one of several that is unknown is named by its place.
fn states(parametres: &Parametres, erreurs: &mut Vec<ErreurChamp>) -> BTreeSet<EtatPublic> {
    let texts: Vec<&str> = parametres.get("etat").map(|etats| etats.split(',').collect()).unwrap_or_default();
    if texts.len() > EtatPublic::ALL.len() {
        erreurs.push(Invalide::new("LIMITE", format!("{} états au plus.", EtatPublic::ALL.len())).at("/etat"));
        return BTreeSet::new();
    }
    let champ = |place| if texts.len() > 1 { format!("/etat/{place}") } else { "/etat".to_owned() };
    let read = |(place, text): (usize, &&str)| text.parse().map_err(|faute: Invalide| erreurs.push(faute.at(champ(place)))).ok();
    texts.iter().enumerate().filter_map(read).collect()
}

const COLONNES: [&str; 19] = [
    "numero",
    "reference",
    "nature",
    "etat",
    "mutuelle",
    "dossier_id",
    "equipement",
    "creee_le",
    "repondue_le",
    "prochaine_actualisation",
    "reference_dossier",
    "numero_pec",
    "date_pec",
    "expire_le",
    "code_rejet",
    "montant_global",
    "credit",
    "prix",
    "issue_de",
];

fn row(demande: &Demande) -> Vec<Cow<'static, str>> {
    fn text<T: ToString>(value: Option<&T>) -> String {
        value.map(ToString::to_string).unwrap_or_default()
    }
    let reponse = &demande.reponse;
    let cells: [String; 19] = [
        demande.numero.to_string(),
        demande.id.to_string(),
        demande.nature.to_string(),
        demande.etat.public().to_string(),
        demande.mutuelle_nom.clone(),
        demande.dossier_id.to_string(),
        demande.equipement.to_string(),
        demande.creee_le.to_string(),
        text(demande.repondue_le.as_ref()),
        text(demande.next_query().as_ref()),
        text(reponse.reference_dossier.as_ref()),
        text(reponse.numero_pec.as_ref()),
        text(reponse.date_pec.as_ref()),
        text(reponse.expire_le.as_ref()),
        text(reponse.code_rejet.as_ref()),
        // A spreadsheet in French reads a comma.
        reponse.montant_global.map(|m| m.to_decimal().replace('.', ",")).unwrap_or_default(),
        demande.credit.to_string(),
        demande.prix.to_string(),
        text(demande.issue_de.as_ref()),
    ];
    cells.into_iter().map(Cow::Owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::{
        centimes::Centimes,
        demande::{Etat, ReponseRecue},
    };

    #[test]
    fn states_are_asked_for_one_or_several_at_a_time() {
        use EtatPublic as E;
        let asked = |query: &str| {
            let mut erreurs = Vec::new();
            let etats: Vec<EtatPublic> = filter(&Parametres::parse(query), &mut erreurs).etats.into_iter().collect();
            let erreurs: Vec<_> = erreurs.into_iter().map(|e| (e.champ, e.code)).collect();
            if erreurs.is_empty() { Ok(etats) } else { Err(erreurs) }
        };
        for (query, expected) in [
            ("", vec![]),
            ("etat=", vec![]),
            ("etat=REFUSEE", vec![E::Refusee]),
            ("etat=REFUSEE,A_VERIFIER", vec![E::Refusee, E::AVerifier]),
            ("etat=A_VERIFIER%2CREFUSEE%2CREFUSEE", vec![E::Refusee, E::AVerifier]),
        ] {
            assert_eq!(asked(query), Ok(expected), "{query}");
        }
        for (query, champs) in [
            ("etat=ENVOYEE", &["/etat"][..]),
            ("etat=REFUSEE,ENVOYEE", &["/etat/1"]),
            ("etat=refusee,REFUSEE,, A_VERIFIER", &["/etat/0", "/etat/2", "/etat/3"]),
        ] {
            assert_eq!(asked(query), Err(champs.iter().map(|champ| ((*champ).to_owned(), "VALEUR")).collect()), "{query}");
        }
        let all = EtatPublic::ALL.iter().map(|etat| etat.as_str()).collect::<Vec<_>>().join(",");
        assert_eq!(asked(&format!("etat={all}")).map(|etats| etats.len()), Ok(11));
        assert_eq!(asked(&format!("etat={all},REFUSEE")), Err(vec![("/etat".to_owned(), "LIMITE")]));
    }

    #[test]
    fn a_file_has_one_guarded_line_per_demande() {
        let granted = Demande {
            numero: 7,
            mutuelle_nom: "=HYPERLINK(1)".into(),
            reponse: ReponseRecue { montant_global: Some(Centimes::of(30_005)), numero_pec: Some("26-1".into()), ..ReponseRecue::default() },
            ..exemples::demande(Etat::Accordee)
        };
        let text = csv::write(&COLONNES, [row(&granted)]);
        let mut lines = text.lines();
        assert_eq!(lines.next().map(|l| l.split(';').count()), Some(COLONNES.len()));
        assert_eq!(
            lines.next(),
            Some(
                "7;dem_01ARZ3NDEKTSV4RRFFQ69G5FAV;PEC;ACCORDEE;'=HYPERLINK(1);dos_01ARZ3NDEKTSV4RRFFQ69G5FAV;1;2026-11-21T10:00:00Z;;;;26-1;;;;\"300,05\";RESERVE;1;"
            )
        );
        assert_eq!(lines.next(), None);
    }
}
