//! What the demonstration concentrator says about a recorded request at an instant. Pure.
//!
//! What must hold: the same request says the same thing at the same instant, so that the same `OPAMCREQ` twice has one answer and one
//! PEC; time alone, and a cancellation, change what is said.
//! Fictitious, and claimed as nothing else: every amount, every number, and the validity of 90 days (no public source fixes one).

use crate::{
    lire::LigneRecue,
    scenario::{Scenario, SortAnnulation},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use optopec_domain::{
    centimes::Centimes,
    date,
    rejets::{self, OrigineRejet},
    reponse::{Avis, Details, Origine, Reponse, Resultat, Statut},
};

/// Validity of an agreement: days after its date.
const VALIDITE_JOURS: i32 = 90;
/// The same of `DEMO-EXPIRE`.
const VALIDITE_COURTE_JOURS: i32 = 60;
/// When `DEMO-ANNULATION-ATTENTE` acknowledges: hours after the cancellation.
const ACCUSE_HEURES: i64 = 24;
/// What `DEMO-ACCORD-LIGNES` grants on a line, where the line is worth as much.
const MONTANT_PAR_LIGNE: Centimes = Centimes::of(10_000);
/// A status that the contract does not list.
const STATUT_NOUVEAU: &str = "EN_ARBITRAGE";

/// A request that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enregistrement {
    /// Its reference.
    pub reference: String,
    /// What happens to it.
    pub scenario: Scenario,
    /// When it came.
    pub recu_le: Timestamp,
    /// Its lines.
    pub lignes: Vec<LigneRecue>,
    /// When its cancellation was taken.
    pub annulation_le: Option<Timestamp>,
}

/// What happens when a cancellation comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Annulation {
    /// This is answered; what is recorded stays as it is.
    Dite(Avis),
    /// This is answered once this is recorded.
    Prise(Avis, Box<Enregistrement>),
    /// Nothing is ever answered.
    Muette,
}

/// What the mutuelle or the platform comes to.
enum Decision {
    Accord,
    AccordLignes,
    Reserve,
    /// With a code of the catalogue.
    Refus(&'static str),
    Nouveau,
}

/// How a request goes.
struct Cours {
    /// What the mutuelle announces: hours.
    annonce: Option<u32>,
    /// When it decides: hours after the request.
    apres: i64,
    decision: Decision,
    validite: i32,
}

const fn at_once(decision: Decision) -> Cours {
    Cours { annonce: None, apres: 0, decision, validite: VALIDITE_JOURS }
}

const fn pending(annonce: u32, apres: i64, decision: Decision) -> Cours {
    Cours { annonce: Some(annonce), apres, decision, validite: VALIDITE_JOURS }
}

fn cours(scenario: Scenario) -> Cours {
    match scenario {
        Scenario::Accord | Scenario::Muet | Scenario::Coupe | Scenario::Lent | Scenario::Illisible | Scenario::AutreReference => at_once(Decision::Accord),
        Scenario::AnnulationRefusee | Scenario::AnnulationAttente | Scenario::AnnulationMuette => at_once(Decision::Accord),
        // Never recorded, so nobody is ever told.
        Scenario::Perdu | Scenario::Erreur500 => at_once(Decision::Accord),
        Scenario::AccordLignes => at_once(Decision::AccordLignes),
        Scenario::Reserve => at_once(Decision::Reserve),
        Scenario::Expire => Cours { validite: VALIDITE_COURTE_JOURS, ..at_once(Decision::Accord) },
        Scenario::Attente48 => pending(48, 48, Decision::Accord),
        Scenario::Attente72 => pending(72, 72, Decision::Accord),
        Scenario::AttenteLongue => pending(48, 96, Decision::Accord),
        Scenario::AttenteRefus => pending(48, 48, Decision::Refus("MUT-16")),
        Scenario::Inconnu => at_once(Decision::Refus("MUT-02")),
        Scenario::Etranger => at_once(Decision::Refus("MUT-01")),
        Scenario::RejetPlateforme => at_once(Decision::Refus("PLT-11")),
        Scenario::Rejet(code) => at_once(Decision::Refus(code)),
        Scenario::StatutNouveau => at_once(Decision::Nouveau),
    }
}

/// What `OPAMCREQ` is answered, the first time and every other time.
pub fn request(recorded: &Enregistrement) -> Reponse {
    without_cancellation(recorded, recorded.recu_le)
}

/// What `OPAMCGET` is answered.
pub fn query(recorded: &Enregistrement, now: Timestamp) -> Reponse {
    let attente = match recorded.scenario.annulation() {
        SortAnnulation::PlusTard => ACCUSE_HEURES,
        SortAnnulation::Faite | SortAnnulation::Refusee | SortAnnulation::Muette => 0,
    };
    match recorded.annulation_le {
        Some(le) if hours_after(le, attente) <= now => Reponse { statut: Statut::Annulee, details: Details::default() },
        _ => without_cancellation(recorded, now),
    }
}

/// What `OPAMCDEL` leads to.
pub fn cancel(recorded: &Enregistrement, now: Timestamp) -> Annulation {
    match query(recorded, now).statut {
        Statut::Accordee | Statut::AccordeeSousReserve | Statut::EnAttente => {}
        Statut::Annulee => return Annulation::Dite(avis(Resultat::Annulee)),
        Statut::Expiree => return Annulation::Dite(refused("MUT-19")),
        Statut::Refusee(_) | Statut::Inconnue | Statut::Nouveau(_) => return Annulation::Dite(rien_a_annuler()),
    }
    let taken = |resultat| {
        let annulation_le = recorded.annulation_le.or(Some(now));
        Annulation::Prise(avis(resultat), Box::new(Enregistrement { annulation_le, ..recorded.clone() }))
    };
    match recorded.scenario.annulation() {
        SortAnnulation::Faite => taken(Resultat::Annulee),
        SortAnnulation::PlusTard => taken(Resultat::EnAttente),
        SortAnnulation::Refusee => Annulation::Dite(refused("MUT-20")),
        SortAnnulation::Muette => Annulation::Muette,
    }
}

/// The answer to a cancellation of what cannot be cancelled.
pub fn rien_a_annuler() -> Avis {
    Avis { resultat: Resultat::Refusee, code: None, message: Some("Il n'y a pas de prise en charge à annuler sous cette référence.".into()) }
}

fn without_cancellation(recorded: &Enregistrement, at: Timestamp) -> Reponse {
    let cours = cours(recorded.scenario);
    let decided = hours_after(recorded.recu_le, cours.apres);
    if at < decided {
        return Reponse { statut: Statut::EnAttente, details: Details { delai_heures: cours.annonce, ..Details::default() } };
    }
    let jour = date::paris_day(decided);
    let details = match cours.decision {
        Decision::Accord | Decision::Reserve => Details { montant_global: Some(global(&recorded.lignes)), ..Details::default() },
        Decision::AccordLignes => line_by_line(&recorded.lignes),
        Decision::Refus(code) => return refusal(code, jour),
        Decision::Nouveau => {
            return Reponse {
                statut: Statut::Nouveau(STATUT_NOUVEAU.into()),
                details: Details { message: Some("Demande soumise à arbitrage.".into()), ..Details::default() },
            };
        }
    };
    let expiration = jour.saturating_add(cours.validite.days());
    if date::end_of_paris_day(expiration) <= at {
        return Reponse { statut: Statut::Expiree, details: Details { expiration: Some(expiration), ..Details::default() } };
    }
    let reserve = matches!(cours.decision, Decision::Reserve).then(|| rejets::find("MUT-17")).flatten();
    let numero = number(&recorded.reference);
    Reponse {
        statut: if reserve.is_some() { Statut::AccordeeSousReserve } else { Statut::Accordee },
        details: Details {
            reference_dossier: Some(format!("RD-{numero:06}")),
            numero_pec: Some(format!("{:02}-{numero:06}", jour.year().rem_euclid(100))),
            date_pec: Some(jour),
            expiration: Some(expiration),
            code: reserve.map(|r| r.code.to_owned()),
            message: reserve.map(|r| r.message.to_owned()),
            ..details
        },
    }
}

/// 80 % of what remains after RO.
fn global(lignes: &[LigneRecue]) -> Centimes {
    let reste: Centimes = lignes.iter().map(|l| l.valeur.minus(l.ro.unwrap_or_default())).sum();
    reste.ratio(80, 100)
}

fn line_by_line(lignes: &[LigneRecue]) -> Details {
    // More than the line's value would make the answer unusable.
    let lignes: Vec<_> = lignes.iter().map(|l| (l.numero, MONTANT_PAR_LIGNE.min(l.valeur))).collect();
    Details { montant_global: Some(lignes.iter().map(|(_, montant)| *montant).sum()), lignes, ..Details::default() }
}

fn refusal(code: &str, jour: Date) -> Reponse {
    let rejet = rejets::find(code);
    let origine = match rejet.map(|r| r.origine) {
        Some(OrigineRejet::Plateforme) => Origine::Plateforme,
        Some(OrigineRejet::Mutuelle | OrigineRejet::Amo) | None => Origine::Mutuelle,
    };
    let message = rejet.map(|r| filled(r.message, jour));
    Reponse { statut: Statut::Refusee(origine), details: Details { code: Some(code.to_owned()), message, ..Details::default() } }
}

/// The message of the catalogue with plausible words in its holes.
fn filled(message: &str, jour: Date) -> String {
    let jour = format!("{:02}/{:02}/{}", jour.day(), jour.month(), jour.year());
    message.replace("{champ}", "numéro d'adhérent").replace("{champ2}", "numéro de contrat").replace("{date}", &jour)
}

fn refused(code: &str) -> Avis {
    Avis { resultat: Resultat::Refusee, code: Some(code.to_owned()), message: rejets::find(code).map(|r| r.message.to_owned()) }
}

const fn avis(resultat: Resultat) -> Avis {
    Avis { resultat, code: None, message: None }
}

fn hours_after(instant: Timestamp, hours: i64) -> Timestamp {
    instant.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

/// Six digits that always come from the same reference.
fn number(reference: &str) -> u64 {
    reference.bytes().fold(0, |sum, byte| (sum * 131 + u64::from(byte)) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const H: i64 = 3600;

    /// Received at noon in Paris on 21 November 2026: 250.00 with 1.37 of RO, and 60.05 whose RO nobody knows.
    fn recorded(numero: &str) -> Enregistrement {
        let ligne = |numero, valeur, ro| LigneRecue { numero, valeur: Centimes::of(valeur), ro };
        Enregistrement {
            reference: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".into(),
            scenario: Scenario::of(Some(numero)),
            recu_le: "2026-11-21T11:00:00Z".parse().unwrap(),
            lignes: vec![ligne(1, 25_000, Some(Centimes::of(137))), ligne(2, 6_005, None)],
            annulation_le: None,
        }
    }

    fn after(recorded: &Enregistrement, seconds: i64) -> Reponse {
        query(recorded, recorded.recu_le.checked_add(SignedDuration::from_secs(seconds)).unwrap())
    }

    #[test]
    fn an_agreement_is_80_percent_of_what_remains() {
        let accord = request(&recorded("DEMO-ACCORD"));
        assert_eq!(accord.statut, Statut::Accordee);
        // 248.63 + 60.05 = 308.68; 80 % = 246.944.
        assert_eq!(accord.details.montant_global, Some(Centimes::of(24_694)));
        assert!(accord.details.lignes.is_empty());
        assert_eq!(accord.details.date_pec, Some(date(2026, 11, 21)));
        assert_eq!(accord.details.expiration, Some(date(2027, 2, 19)));
        let numero = accord.details.numero_pec.unwrap();
        assert!(numero.starts_with("26-") && numero.len() == 9, "{numero}");
        assert!(accord.details.reference_dossier.unwrap().starts_with("RD-"));
    }

    #[test]
    fn half_a_centime_is_rounded_up() {
        let mut one = recorded("DEMO-ACCORD");
        one.lignes = vec![LigneRecue { numero: 1, valeur: Centimes::of(102), ro: Some(Centimes::of(1)) }];
        // 80 % of 1.01 is 0.808.
        assert_eq!(request(&one).details.montant_global, Some(Centimes::of(81)));
        one.lignes[0].ro = Some(Centimes::of(500));
        assert_eq!(request(&one).details.montant_global, Some(Centimes::ZERO));
    }

    #[test]
    fn an_agreement_by_line_is_never_above_the_line() {
        let accord = request(&recorded("DEMO-ACCORD-LIGNES"));
        assert_eq!(accord.statut, Statut::Accordee);
        assert_eq!(accord.details.lignes, vec![(1, Centimes::of(10_000)), (2, Centimes::of(6_005))]);
        assert_eq!(accord.details.montant_global, Some(Centimes::of(16_005)));
    }

    #[test]
    fn a_reserve_says_what_is_missing() {
        let accord = request(&recorded("DEMO-RESERVE"));
        assert_eq!(accord.statut, Statut::AccordeeSousReserve);
        assert_eq!(accord.details.montant_global, Some(Centimes::of(24_694)));
        assert_eq!(accord.details.message.as_deref(), Some("Accord sous réserve de pièces justificatives"));
    }

    #[test]
    fn what_is_pending_is_decided_when_its_time_has_come() {
        let mutuelle = Statut::Refusee(Origine::Mutuelle);
        for (numero, annonce, apres, then) in [
            ("DEMO-ATTENTE-48", 48, 48, Statut::Accordee),
            ("DEMO-ATTENTE-72", 72, 72, Statut::Accordee),
            ("DEMO-ATTENTE-REFUS", 48, 48, mutuelle),
            ("DEMO-ATTENTE-LONGUE", 48, 96, Statut::Accordee),
        ] {
            let recorded = recorded(numero);
            let waiting = Reponse { statut: Statut::EnAttente, details: Details { delai_heures: Some(annonce), ..Details::default() } };
            assert_eq!(request(&recorded), waiting, "{numero}");
            assert_eq!(after(&recorded, apres * H - 1), waiting, "{numero}");
            assert_eq!(after(&recorded, apres * H).statut, then, "{numero}");
            assert_eq!(request(&recorded), waiting, "{numero}: the same request has the same answer");
        }
        assert_eq!(after(&recorded("DEMO-ATTENTE-48"), 100 * H).details.date_pec, Some(date(2026, 11, 23)));
    }

    #[test]
    fn refusals_say_who_and_why() {
        for (numero, origine, code, message) in [
            ("DEMO-INCONNU", Origine::Mutuelle, "MUT-02", "Adhérent de démonstration inconnu"),
            ("DEMO-REJET-PLATEFORME", Origine::Plateforme, "PLT-11", "Refus technique"),
            ("DEMO-REJET-MUT-05", Origine::Mutuelle, "MUT-05", "Le n° adhérent est absent et indispensable pour identifier le bénéficiaire"),
            ("DEMO-REJET-PLT-02", Origine::Plateforme, "PLT-02", "Donnée conditionnelle absente : numéro d'adhérent (dépendance numéro de contrat)"),
            ("DEMO-REJET-MUT-03", Origine::Mutuelle, "MUT-03", "Droits du bénéficiaire non ouverts au 21/11/2026"),
            ("123456789", Origine::Mutuelle, "MUT-01", "Bénéficiaire inconnu"),
            ("DEMO-REJET-XXX-01", Origine::Mutuelle, "MUT-01", "Bénéficiaire inconnu"),
        ] {
            let refus = request(&recorded(numero));
            assert_eq!(refus.statut, Statut::Refusee(origine), "{numero}");
            assert_eq!(refus.details, Details { code: Some(code.into()), message: Some(message.into()), ..Details::default() }, "{numero}");
        }
        for rejet in rejets::REJETS {
            let message = request(&recorded(&format!("DEMO-REJET-{}", rejet.code))).details.message.unwrap();
            assert!(!message.contains('{'), "{message}");
        }
    }

    #[test]
    fn a_call_that_went_wrong_was_granted_all_the_same() {
        for numero in ["DEMO-MUET", "DEMO-COUPE", "DEMO-LENT", "DEMO-ILLISIBLE", "DEMO-AUTRE-REFERENCE"] {
            assert_eq!(after(&recorded(numero), 90).statut, Statut::Accordee, "{numero}");
        }
        assert_eq!(after(&recorded("DEMO-STATUT-NOUVEAU"), 90).statut, Statut::Nouveau("EN_ARBITRAGE".into()));
    }

    #[test]
    fn an_agreement_expires_after_its_last_day_in_paris() {
        let day = 24 * H;
        let short = recorded("DEMO-EXPIRE");
        assert_eq!(request(&short).details.expiration, Some(date(2027, 1, 20)));
        assert_eq!(after(&short, 60 * day).statut, Statut::Accordee);
        assert_eq!(after(&short, 60 * day + 12 * H).statut, Statut::Expiree);
        assert_eq!(after(&short, 61 * day).statut, Statut::Expiree);
        assert_eq!(after(&recorded("DEMO-ACCORD"), 61 * day).statut, Statut::Accordee);
        assert_eq!(after(&recorded("DEMO-ACCORD"), 91 * day).statut, Statut::Expiree);
    }

    fn cancel(recorded: &Enregistrement, seconds: i64) -> Annulation {
        super::cancel(recorded, recorded.recu_le.checked_add(SignedDuration::from_secs(seconds)).unwrap())
    }

    #[test]
    fn a_cancellation_is_taken_once() {
        for numero in ["DEMO-ACCORD", "DEMO-RESERVE", "DEMO-ATTENTE-48", "DEMO-MUET"] {
            let Annulation::Prise(avis, cancelled) = cancel(&recorded(numero), 10) else { panic!("{numero}") };
            assert_eq!(avis.resultat, Resultat::Annulee, "{numero}");
            assert_eq!(after(&cancelled, 10).statut, Statut::Annulee, "{numero}");
            assert_eq!(after(&cancelled, 400 * 24 * H).statut, Statut::Annulee, "{numero}");
            assert!(matches!(cancel(&cancelled, 20), Annulation::Dite(avis) if avis.resultat == Resultat::Annulee), "{numero}");
            assert_eq!(request(&cancelled), request(&recorded(numero)), "{numero}");
        }
    }

    #[test]
    fn a_cancellation_may_be_refused_late_or_lost() {
        let refused = cancel(&recorded("DEMO-ANNULATION-REFUSEE"), 10);
        let expected =
            Avis { resultat: Resultat::Refusee, code: Some("MUT-20".into()), message: Some("Annulation refusée : prise en charge déjà facturée".into()) };
        assert_eq!(refused, Annulation::Dite(expected));
        assert_eq!(cancel(&recorded("DEMO-ANNULATION-MUETTE"), 10), Annulation::Muette);
        let Annulation::Prise(avis, waiting) = cancel(&recorded("DEMO-ANNULATION-ATTENTE"), 10) else { panic!() };
        assert_eq!(avis.resultat, Resultat::EnAttente);
        assert_eq!(after(&waiting, 10 + 24 * H - 1).statut, Statut::Accordee);
        assert_eq!(after(&waiting, 10 + 24 * H).statut, Statut::Annulee);
        let Annulation::Prise(_, again) = cancel(&waiting, 23 * H) else { panic!() };
        assert_eq!(again.annulation_le, waiting.annulation_le, "a second cancellation does not put the first off");
    }

    #[test]
    fn what_binds_nobody_cannot_be_cancelled() {
        for (numero, seconds) in [("DEMO-INCONNU", 10), ("DEMO-STATUT-NOUVEAU", 10), ("DEMO-EXPIRE", 61 * 24 * H)] {
            assert!(matches!(cancel(&recorded(numero), seconds), Annulation::Dite(avis) if avis.resultat == Resultat::Refusee), "{numero}");
        }
    }
}
