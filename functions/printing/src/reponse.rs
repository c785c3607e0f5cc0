//! « Réponse de prise en charge »: what the mutuelle answered, for the client, the shop's file and the mutuelle.
//!
//! What must hold: the state is in words, not by colour alone; amounts are the answer's for what was sent, so hidden lines are not on it; a
//! refusal shows no amounts, and what to do. A NIR is masked: nobody needs it here.

use crate::texte::{self, NON_CONNU, euros, fait, jour_ou_non_connu, ou_non_connu};
use jiff::Timestamp;
use optopec_domain::{
    centimes::Centimes,
    demande::{Demande, Etat, Nature},
    envoi::{Envoi, LigneEnvoi, PersonneEnvoi},
    magasin::Magasin,
    suivi,
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
    json!({
        "magasin": texte::magasin(magasin),
        "titre": format!("Réponse à la {objet} n° {}", demande.numero),
        "imprime_le": texte::jour_de(now),
        "mutuelle": demande.mutuelle_nom,
        "etat": etat,
        "phrase": phrase,
        "genre": genre,
        "reponse": [
            fait("Référence dossier", ou_non_connu(reponse.reference_dossier.as_ref())),
            fait("N° de PEC", ou_non_connu(reponse.numero_pec.as_ref())),
            fait("Date de PEC", jour_ou_non_connu(reponse.date_pec)),
            fait("Valable jusqu’au", jour_ou_non_connu(reponse.expire_le)),
            fait("Répondu le", demande.repondue_le.map_or_else(|| NON_CONNU.to_owned(), texte::heure_de)),
            fait("Référence optopec", demande.id.to_string()),
        ],
        "personnes": personnes(envoi),
        "equipement": format!("{} (équipement n° {})", texte::type_equipement(envoi.equipement.type_equipement), envoi.equipement.numero),
        "montants": demande.origine_refus().is_none(),
        "lignes": lignes.iter().map(Ligne::show).collect::<Vec<_>>(),
        "total": euros(Some(lignes.iter().map(|l| l.envoyee.valeur).sum())),
        "total_ro": euros(texte::somme(lignes.iter().map(|l| l.envoyee.ro))),
        "total_rc": euros(texte::somme(lignes.iter().map(|l| l.rc))),
        "total_reste": euros(texte::somme(lignes.iter().map(Ligne::reste))),
        "montant_global": reponse.montant_global.map(Centimes::to_french),
        "non_reparti": reponse.montant_non_reparti.filter(|m| *m != Centimes::ZERO).map(Centimes::to_french),
        "message_plateforme": reponse.message_plateforme,
        "message_mutuelle": reponse.message_mutuelle,
        "que_faire": suivi::advice(demande),
        "accord": demande.nature == Nature::Pec && demande.etat.granted(),
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
        Etat::AnnulationEnCours(_) => ("ANNULATION EN COURS", "L’annulation est demandée : ce document ne vaut plus accord.", "attente"),
        Etat::NonTransmise => ("NON TRANSMISE", "La demande n’est jamais arrivée.", "refus"),
        Etat::Annulee => ("ANNULÉE", "La demande est annulée : ses montants ne valent plus.", "refus"),
        Etat::Expiree => ("EXPIRÉE", "La durée de validité de l’accord est passée : ses montants ne valent plus.", "refus"),
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
    use optopec_domain::demande::Doute;

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
        assert!(seen["phrase"].as_str().unwrap().contains("ne l’engage pas") && seen["accord"] == false, "{seen}");
    }

    #[test]
    fn only_an_accord_says_that_it_is_one() {
        for state in [Etat::EnAttente, Etat::AVerifier(Doute::Muette), Etat::Annulee, Etat::Expiree, Etat::NonTransmise] {
            let (word, phrase, genre) = etat(&exemples::demande(state));
            assert!(genre != "accord" && !word.contains("ACCORD") && phrase.ends_with('.'), "{state:?}");
        }
    }
}
