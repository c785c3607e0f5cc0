//! « Réponse de prise en charge »: what the mutuelle answered, for the client, the shop's file and the mutuelle.
//!
//! What must hold: the state is in words, not by colour alone; amounts are the answer's for what was sent, so hidden lines are not on it; a
//! refusal shows no amounts, and what to do, in words for the client who takes it home. A NIR is masked: nobody needs it here.

use crate::texte::{self, NON_CONNU, euros, fait, jour_ou_non_connu};
use jiff::Timestamp;
use optopec_domain::{
    centimes::Centimes,
    demande::{Demande, Etat, Nature},
    envoi::{Envoi, LigneEnvoi, PersonneEnvoi},
    magasin::Magasin,
    rejets::{self, Reessai},
};
use serde_json::{Value, json};

/// What the template of an answer reads.
pub fn donnees(magasin: &Magasin, demande: &Demande, envoi: &Envoi, now: Timestamp) -> Value {
    let reponse = &demande.reponse;
    let lignes: Vec<Ligne<'_>> = envoi.equipement.lignes.iter().map(|ligne| Ligne::of(ligne, demande)).collect();
    let objet = match demande.nature {
        Nature::Pec => "demande de prise en charge",
        Nature::Cotation => "demande de cotation",
    };
    let (etat, phrase, genre) = etat(demande);
    let refusee = demande.origine_refus().is_some();
    // A refusal has no number and no validity: « non connu » would say that there is one.
    let fact = |nom, valeur: Option<String>| match valeur {
        None if refusee => None,
        valeur => Some(fait(nom, valeur.unwrap_or_else(|| NON_CONNU.to_owned()))),
    };
    let faits = [
        fact("Référence dossier", reponse.reference_dossier.clone()),
        fact("N° de PEC", reponse.numero_pec.clone()),
        fact("Date de PEC", reponse.date_pec.map(texte::jour)),
        fact("Valable jusqu’au", reponse.expire_le.map(texte::jour)),
        fact("Première réponse", demande.repondue_le.map(texte::heure_de)),
        fact("Référence optopec", Some(demande.id.to_string())),
    ];
    json!({
        "magasin": texte::magasin(magasin),
        "titre": format!("Réponse à la {objet} n° {}", demande.numero),
        "imprime_le": texte::jour_de(now),
        "mutuelle": demande.mutuelle_nom,
        "etat": etat,
        "phrase": phrase,
        "genre": genre,
        "reponse": faits.into_iter().flatten().collect::<Vec<_>>(),
        "personnes": personnes(envoi),
        "equipement": format!("{} (équipement n° {})", texte::type_equipement(envoi.equipement.type_equipement), envoi.equipement.numero),
        "montants": !refusee,
        "lignes": lignes.iter().map(Ligne::show).collect::<Vec<_>>(),
        "total": euros(Some(lignes.iter().map(|l| l.envoyee.valeur).sum())),
        "total_ro": euros(texte::somme(lignes.iter().map(|l| l.envoyee.ro))),
        "total_rc": euros(texte::somme(lignes.iter().map(|l| l.rc))),
        "total_reste": euros(texte::somme(lignes.iter().map(Ligne::reste))),
        "montant_global": reponse.montant_global.map(Centimes::to_french),
        "non_reparti": reponse.montant_non_reparti.filter(|m| *m != Centimes::ZERO).map(Centimes::to_french),
        "message_plateforme": reponse.message_plateforme,
        "message_mutuelle": reponse.message_mutuelle,
        "que_faire": que_faire(demande),
        "signe": signe(demande),
    })
}

struct Ligne<'a> {
    envoyee: &'a LigneEnvoi,
    rc: Option<Centimes>,
}

impl<'a> Ligne<'a> {
    fn of(envoyee: &'a LigneEnvoi, demande: &Demande) -> Self {
        let rc = demande.reponse.lignes.iter().find(|(numero, _)| *numero == envoyee.numero).and_then(|(_, rc)| *rc);
        Self { envoyee, rc }
    }

    fn reste(&self) -> Option<Centimes> {
        texte::reste(self.envoyee.valeur, self.envoyee.ro, self.rc)
    }

    fn show(&self) -> Value {
        json!({
            "designation": self.envoyee.designation,
            "categorie": texte::categorie(self.envoyee.categorie),
            "code": self.envoyee.code_lpp,
            "quantite": self.envoyee.quantite.to_string(),
            "valeur": euros(Some(self.envoyee.valeur)),
            "ro": euros(self.envoyee.ro),
            "rc": euros(self.rc),
            "reste": euros(self.reste()),
        })
    }
}

fn personnes(envoi: &Envoi) -> Value {
    let numero = |value: Option<&String>| value.cloned().unwrap_or_else(|| "—".to_owned());
    json!([
        fait("Bénéficiaire", personne(&envoi.beneficiaire.personne)),
        fait("Né(e) le", jour_ou_non_connu(envoi.beneficiaire.personne.naissance)),
        fait("Assuré(e)", personne(&envoi.assure)),
        fait("N° de sécurité sociale", envoi.assure.nir.as_ref().map_or_else(|| "—".to_owned(), |nir| nir.masked())),
        fait("N° adhérent", numero(envoi.adherent.as_ref())),
        fait("N° de contrat", numero(envoi.contrat.as_ref())),
        fait("N° de groupe", numero(envoi.groupe.as_ref())),
    ])
}

fn personne(personne: &PersonneEnvoi) -> String {
    texte::nom_prenom(Some(&personne.nom), personne.prenom.as_deref())
}

/// The state in words, what it means, and which kind it is.
const fn etat(demande: &Demande) -> (&'static str, &'static str, &'static str) {
    match demande.etat {
        Etat::Accordee | Etat::AccordeeSousReserve if matches!(demande.nature, Nature::Cotation) => {
            ("COTATION ACCORDÉE", "La mutuelle a annoncé les montants ci-dessous ; une cotation ne l’engage pas.", "accord")
        }
        Etat::Accordee => ("ACCORDÉE", "La mutuelle a donné son accord pour les montants ci-dessous.", "accord"),
        Etat::AccordeeSousReserve => ("ACCORDÉE SOUS RÉSERVE", "La mutuelle a donné un accord sous réserve des pièces qu’elle demande.", "accord"),
        Etat::RefuseePlateforme => ("REFUSÉE", "La plateforme a refusé la demande ; la mutuelle ne l’a pas reçue.", "refus"),
        Etat::RefuseeMutuelle => ("REFUSÉE", "La mutuelle a refusé la demande.", "refus"),
        Etat::EnAttente => ("EN ATTENTE", "La mutuelle instruit la demande : ce document ne vaut pas accord.", "attente"),
        Etat::EnTransmission | Etat::SansReponse => ("SANS RÉPONSE", "La réponse n’est pas connue : ce document ne vaut pas accord.", "attente"),
        Etat::AVerifier(_) => ("À VÉRIFIER", "Le résultat n’est pas certain : ce document ne vaut pas accord.", "attente"),
        Etat::AnnulationEnCours(_) => ("ANNULATION EN COURS", "L’annulation est demandée : ce document ne vaut pas accord.", "attente"),
        Etat::NonTransmise => ("NON TRANSMISE", "La demande n’est jamais arrivée.", "refus"),
        Etat::Annulee => ("ANNULÉE", "La demande est annulée : ses montants ne valent plus.", "refus"),
        Etat::Expiree => ("EXPIRÉE", "La durée de validité de l’accord est passée : ses montants ne valent plus.", "refus"),
    }
}

/// What the client signs: that she was told, never that she was given something.
const fn signe(demande: &Demande) -> &'static str {
    match (demande.nature, demande.etat) {
        (Nature::Pec, Etat::Accordee) => "Accord porté à la connaissance du client ; la part de la mutuelle est réglée à l’opticien en tiers payant.",
        (Nature::Pec, Etat::AccordeeSousReserve) => {
            "Accord sous réserve porté à la connaissance du client ; la part de la mutuelle n’est pas acquise avant que la réserve soit levée."
        }
        _ => "Réponse portée à la connaissance du client.",
    }
}

/// What the client does next. What the shop does, with its credits and its screen, is [`optopec_domain::suivi::advice`]: not for this paper.
fn que_faire(demande: &Demande) -> Option<&'static str> {
    match demande.etat {
        Etat::RefuseePlateforme | Etat::RefuseeMutuelle => Some(apres_refus(demande)),
        Etat::EnAttente => Some("Rien à faire : la mutuelle instruit la demande, et votre opticien recevra sa réponse."),
        Etat::SansReponse | Etat::AVerifier(_) => Some("Rien à faire : votre opticien vérifie le résultat auprès de la plateforme ou de la mutuelle."),
        Etat::AccordeeSousReserve => Some("Remettez les pièces que la mutuelle demande ; l’accord n’est acquis qu’ensuite."),
        Etat::NonTransmise => Some("Votre opticien peut faire une nouvelle demande."),
        Etat::Expiree => Some("L’accord n’est plus valable : votre opticien doit faire une nouvelle demande avant de facturer."),
        Etat::EnTransmission | Etat::Accordee | Etat::AnnulationEnCours(_) | Etat::Annulee => None,
    }
}

fn apres_refus(demande: &Demande) -> &'static str {
    match demande.reponse.code_rejet.as_deref().and_then(rejets::find).map(|rejet| rejet.reessai) {
        Some(Reessai::Non) => {
            "Une nouvelle demande recevrait la même réponse. Vous pouvez régler l’équipement et demander vous-même à votre mutuelle si elle le rembourse."
        }
        Some(Reessai::Oui | Reessai::OuiAutomatique | Reessai::NouvelleDemande) => "Votre opticien peut présenter une nouvelle demande.",
        Some(Reessai::ApresCorrection) => {
            "Relisez le message avec votre opticien et comparez avec votre carte de tiers payant : il peut corriger la demande et la présenter à nouveau."
        }
        Some(Reessai::ApresAnnulation) => "Une prise en charge existe déjà : elle doit être annulée avant que votre opticien présente une nouvelle demande.",
        Some(Reessai::ApresJustificatif) => "Apportez à votre opticien le justificatif qui manque : il pourra alors présenter une nouvelle demande.",
        Some(Reessai::ApresPieces) => "Remettez les pièces que la mutuelle demande : votre opticien pourra alors présenter une nouvelle demande.",
        Some(Reessai::Consultation) | None => {
            "Relisez le message avec votre opticien et comparez le dossier avec votre carte de tiers payant. Votre mutuelle peut vous dire la raison du refus. Sans accord, vous réglez l’équipement, puis demandez vous-même le remboursement à votre mutuelle."
        }
    }
}

/// What it was about is gone.
pub const EFFACEE: &str = "Les données personnelles de cette demande ont été effacées : sa réponse ne peut plus être imprimée.";

/// Why there is no answer to print.
pub const fn absente(demande: &Demande) -> &'static str {
    if demande.effacee_le.is_some() {
        return EFFACEE;
    }
    match demande.etat {
        Etat::NonTransmise => "La demande n'est jamais arrivée : il n'y a pas de réponse à imprimer.",
        _ => "La mutuelle n'a pas encore répondu : il n'y a pas de réponse à imprimer.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::demande::{AvantAnnulation, Doute};

    #[test]
    fn an_unknown_part_is_said_and_makes_the_sums_unknown() {
        let mut demande = exemples::demande(Etat::Accordee);
        demande.reponse.lignes[2].1 = None;
        let seen = donnees(&exemples::magasin(), &demande, &exemples::envoi(), exemples::now());
        assert_eq!(seen["lignes"][0]["reste"], "148,63\u{a0}€");
        assert_eq!((&seen["lignes"][2]["rc"], &seen["lignes"][2]["reste"]), (&json!("non connu"), &json!("non connu")));
        assert_eq!((&seen["total"], &seen["total_ro"]), (&json!("714,00\u{a0}€"), &json!("4,44\u{a0}€")));
        assert_eq!((&seen["total_rc"], &seen["total_reste"]), (&json!("non connu"), &json!("non connu")));
    }

    #[test]
    fn a_refusal_has_no_amounts_and_says_what_to_do() {
        let seen = donnees(&exemples::magasin(), &exemples::demande(Etat::RefuseeMutuelle), &exemples::envoi(), exemples::now());
        assert_eq!((&seen["montants"], &seen["genre"], &seen["etat"]), (&json!(false), &json!("refus"), &json!("REFUSÉE")));
        assert!(seen["que_faire"].as_str().unwrap().len() > 20);
        let names: Vec<_> = seen["reponse"].as_array().unwrap().iter().map(|fact| fact[0].as_str().unwrap()).collect();
        assert_eq!(names, ["Première réponse", "Référence optopec"], "what a refusal never has is not « non connu »");
    }

    #[test]
    fn the_client_signs_that_she_was_told_and_never_that_she_was_served() {
        for (state, wanted) in [
            (Etat::Accordee, "Accord porté à la connaissance du client"),
            (Etat::AccordeeSousReserve, "Accord sous réserve porté à la connaissance du client"),
            (Etat::RefuseeMutuelle, "Réponse portée à la connaissance du client"),
            (Etat::EnAttente, "Réponse portée à la connaissance du client"),
        ] {
            let signed = signe(&exemples::demande(state));
            assert!(signed.starts_with(wanted) && !signed.contains("remis"), "{state:?}: {signed}");
            assert_eq!(signed.contains("est réglée"), state == Etat::Accordee, "{state:?}");
        }
    }

    #[test]
    fn the_advice_on_a_paper_of_the_client_is_for_the_client() {
        let codes = rejets::REJETS.iter().map(|rejet| Some(rejet.code)).chain([None, Some("?")]);
        let mut states = vec![Etat::EnAttente, Etat::SansReponse, Etat::AVerifier(Doute::Muette), Etat::AccordeeSousReserve, Etat::NonTransmise, Etat::Expiree];
        states.extend([Etat::RefuseePlateforme, Etat::RefuseeMutuelle]);
        for code in codes {
            for state in &states {
                let mut demande = exemples::demande(*state);
                demande.reponse.code_rejet = code.map(str::to_owned);
                let told = que_faire(&demande).unwrap();
                for of_the_shop in ["crédit", "Décider", "Actualiser", "cliquez", "logiciel"] {
                    assert!(!told.contains(of_the_shop), "{code:?} {state:?}: {told}");
                }
            }
        }
    }

    #[test]
    fn a_cancellation_that_is_asked_says_that_it_is_no_accord_whatever_it_was_before() {
        for before in [AvantAnnulation::EnAttente, AvantAnnulation::Accordee, AvantAnnulation::AccordeeSousReserve] {
            let (_, phrase, genre) = etat(&exemples::demande(Etat::AnnulationEnCours(before)));
            assert!(phrase.contains("ne vaut pas accord") && genre == "attente", "{before:?}: {phrase}");
        }
    }

    #[test]
    fn a_number_of_social_security_is_masked() {
        let seen = donnees(&exemples::magasin(), &exemples::demande(Etat::Accordee), &exemples::envoi(), exemples::now()).to_string();
        assert!(!seen.contains("004") && seen.contains("2 78 05 ** *** *** **"), "{seen}");
    }

    #[test]
    fn a_cotation_binds_nobody_and_says_so() {
        let cotation = Demande { nature: Nature::Cotation, ..exemples::demande(Etat::Accordee) };
        let seen = donnees(&exemples::magasin(), &cotation, &exemples::envoi(), exemples::now());
        assert!(seen["phrase"].as_str().unwrap().contains("ne l’engage pas") && seen["signe"] == "Réponse portée à la connaissance du client.", "{seen}");
    }

    #[test]
    fn only_an_accord_says_that_it_is_one() {
        for state in [Etat::EnAttente, Etat::AVerifier(Doute::Muette), Etat::Annulee, Etat::Expiree, Etat::NonTransmise] {
            let (word, phrase, genre) = etat(&exemples::demande(state));
            assert!(genre != "accord" && !word.contains("ACCORD") && phrase.ends_with('.'), "{state:?}");
        }
    }
}
