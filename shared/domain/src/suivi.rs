//! The follow-up of a demande: what to do next, when, and what an outcome changes. Pure; `exchange` does the calls and the writes.
//!
//! What must hold: an `OPAMCREQ` goes out again only when the one before was proven not received; the first state query about an
//! uncertain sending goes out 90 s after it; every live demande has an `echeance` or waits for a person or its validity.
//! Delays and evidence: docs/concentrateur.md, « Transport ».

use crate::{
    centimes::Centimes,
    credit::{EtatCredit, TypeMouvement},
    date,
    demande::{Action, Annulation, AvantAnnulation, Demande, Doute, Etat, Evenement, Nature, Quoi},
    envoi::Envoi,
    limites,
    machine::{Fait, Suite, transition},
    montants,
    reponse::{Avis, Details, Issue, Origine, Reponse, Resultat, Statut, unusable},
};
use jiff::{SignedDuration, Timestamp};

/// How long one worker alone may work on a demande.
pub const BAIL: SignedDuration = SignedDuration::from_secs(120);
/// The trade's promise: before that, silence means nothing.
pub const PROMESSE: SignedDuration = SignedDuration::from_secs(90);
/// How far apart two « inconnue » must be to prove something.
pub const ECART_INCONNUES: SignedDuration = SignedDuration::from_mins(10);
/// After that, a person decides.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A mutuelle that names no delay gets the usual one.
pub const DELAI_USUEL_HEURES: u32 = 48;
/// Longer announced delays are shown, but looked after no later than this.
const DELAI_SUIVI_MAX_HEURES: u32 = 60 * 24;
/// After a sending proven not received: seconds before the next.
const REPRISES_S: [i64; 5] = [10, 30, 60, 180, 300];
/// After an unanswered state query: seconds before the next; then hourly.
const RELANCES_S: [i64; 3] = [180, 600, 1800];
/// After the announced delay: hours before the next query; the last one repeats.
const ATTENTES_H: [i64; 4] = [1, 4, 12, 24];
/// Who acts when nobody asked.
pub const AUTOMATE: &str = "optopec";

/// What to ask the concentrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `OPAMCREQ`.
    Demander,
    /// `OPAMCGET`.
    Consulter,
    /// `OPAMCDEL`.
    Annuler,
}

/// Whether there is something to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prise {
    /// Yes: write this demande (it carries the lease, and the mark of a begun sending), then do this.
    Faire(Box<Demande>, Operation),
    /// Nothing is due.
    RienAFaire,
    /// Another worker holds the lease.
    Occupee,
}

/// What becomes of the equipment's guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Garde {
    /// Nothing.
    Inchangee,
    /// The demande no longer lives: another PEC may be asked.
    Lachee,
    /// An ended demande lives again: take it back if it is free.
    Reprise,
}

/// What one outcome changes, to be written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changement {
    /// The demande, its version raised.
    pub demande: Demande,
    /// The movement of the ledger, of `demande.prix` credits.
    pub mouvement: Option<TypeMouvement>,
    /// The guard.
    pub garde: Garde,
    /// Something that the operator must see.
    pub alarme: Option<&'static str>,
}

/// An order that the state of the demande does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("L'action n'est pas possible dans l'état actuel de la demande.")]
pub struct ActionImpossible;

/// Takes the lease of a demande that is due.
pub fn take_lease(demande: &Demande, now: Timestamp) -> Prise {
    if demande.bail.is_some_and(|b| b > now) {
        return Prise::Occupee;
    }
    // A first sending waits for nobody: its `echeance` is only the net under a lost message.
    let first = demande.etat == Etat::EnTransmission && demande.envoyee_le.is_none() && demande.echecs == 0;
    if !first && demande.echeance.is_none_or(|e| e > now) {
        return Prise::RienAFaire;
    }
    let mut leased = demande.clone();
    leased.version += 1;
    leased.bail = Some(later(now, BAIL));
    leased.echeance = leased.bail;
    let operation = match (demande.etat, &mut leased.annulation) {
        (Etat::EnTransmission, _) if demande.envoyee_le.is_none() => {
            leased.envoyee_le = Some(now);
            leased.push(now, Quoi::Transmise, None);
            Operation::Demander
        }
        // The lease ran out on a begun sending: its worker died, and what became of the sending is unknown.
        (Etat::EnTransmission, _) => {
            leased.etat = Etat::SansReponse;
            leased.push(now, Quoi::SansReponse, Some("L'envoi a commencé et n'a pas rendu compte.".into()));
            Operation::Consulter
        }
        (Etat::AnnulationEnCours(_), Some(annulation)) if annulation.envoyee_le.is_none() => {
            annulation.envoyee_le = Some(now);
            Operation::Annuler
        }
        _ => Operation::Consulter,
    };
    Prise::Faire(Box::new(leased), operation)
}

/// What the outcome of an `OPAMCREQ` or `OPAMCGET` changes. `held` says whether this worker's lease is still the demande's: if it is
/// not, the outcome is late, and only news is written. `None`: nothing to write.
pub fn settle_answer(demande: &Demande, envoi: &Envoi, operation: Operation, issue: &Issue<Reponse>, now: Timestamp, held: bool) -> Option<Changement> {
    let mut next = Pas::new(demande, now, held);
    match issue {
        Issue::NonRecu { cause } if operation == Operation::Demander => next.not_received(cause),
        Issue::NonRecu { cause } | Issue::SansReponse { cause } => next.unanswered(cause),
        Issue::Repondu(reponse) => match unusable(reponse, envoi) {
            Some(why) => next.unanswered(&format!("Réponse inexploitable : {why}.")),
            None => next.answered(operation, reponse, envoi),
        },
    }
    next.finish()
}

/// What the outcome of an `OPAMCDEL` changes.
pub fn settle_cancellation(demande: &Demande, issue: &Issue<Avis>, now: Timestamp, held: bool) -> Option<Changement> {
    let mut next = Pas::new(demande, now, held);
    match issue {
        Issue::NonRecu { cause } => next.cancellation_not_received(cause),
        Issue::SansReponse { cause } => next.unanswered(cause),
        Issue::Repondu(avis) => {
            next.touch();
            let words = avis.message.clone();
            match avis.resultat {
                Resultat::Annulee => next.fact(Fait::Annulation, Quoi::Annulee, words),
                Resultat::Refusee => {
                    if next.fact(Fait::AnnulationRefusee, Quoi::AnnulationRefusee, words.clone()) {
                        next.demande.reponse.message_mutuelle = Some(words.unwrap_or_else(|| "L'annulation a été refusée.".into()));
                        next.demande.reponse.code_rejet.clone_from(&avis.code);
                    }
                    true
                }
                Resultat::EnAttente => true,
            };
        }
    }
    next.finish()
}

/// Somebody asks for news: due at once, but never a state query before the promise has run out, nor beside a running call.
pub fn request_refresh(demande: &Demande, par: &str, now: Timestamp) -> Result<Demande, ActionImpossible> {
    if !demande.allows(Action::Actualiser) {
        return Err(ActionImpossible);
    }
    let mut next = demande.clone();
    next.version += 1;
    if next.bail.is_none_or(|b| b <= now) {
        let not_before = match next.etat {
            Etat::SansReponse => next.envoyee_le,
            Etat::AnnulationEnCours(_) => next.annulation.as_ref().and_then(|a| a.envoyee_le),
            _ => None,
        };
        next.echeance = Some(not_before.map_or(now, |sent| later(sent, PROMESSE).max(now)));
    }
    next.push_by(now, Quoi::ActualisationDemandee, par, None);
    Ok(next)
}

/// Somebody asks to cancel.
pub fn request_cancellation(demande: &Demande, motif: String, par: &str, now: Timestamp) -> Result<Demande, ActionImpossible> {
    if !demande.allows(Action::Annuler) {
        return Err(ActionImpossible);
    }
    match transition(demande.etat, Fait::AnnulationDemandee) {
        Suite::Vers(etat, _) => {
            let mut next = demande.clone();
            next.version += 1;
            next.etat = etat;
            next.consultations = 0;
            next.push_by(now, Quoi::AnnulationDemandee, par, Some(motif.clone()));
            next.annulation = Some(Annulation { motif, demandee_le: now, envoyee_le: None, echecs: 0 });
            next.echeance = Some(now);
            // Only a state query can be running, and its answer stays welcome without the lease.
            next.bail = None;
            Ok(next)
        }
        Suite::Ecartee | Suite::Interdit => Err(ActionImpossible),
    }
}

/// What a person decides about an `A_VERIFIER`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Granted, as the mutuelle said otherwise.
    Accordee {
        /// « N° de PEC ».
        numero_pec: Option<String>,
        /// Global amount; none when it is not known.
        montant_global: Option<Centimes>,
    },
    /// Refused.
    Refusee(Origine),
    /// Never received.
    NonTransmise,
}

/// Ends an `A_VERIFIER`.
pub fn decide(demande: &Demande, envoi: &Envoi, decision: &Decision, motif: &str, par: &str, now: Timestamp) -> Result<Changement, ActionImpossible> {
    let fait = match decision {
        Decision::Accordee { .. } => Fait::DecisionAccordee,
        Decision::Refusee(origine) => Fait::DecisionRefusee(*origine),
        Decision::NonTransmise => Fait::DecisionNonTransmise,
    };
    if !demande.allows(Action::Decider) || transition(demande.etat, fait) == Suite::Interdit {
        return Err(ActionImpossible);
    }
    let mut next = Pas::new(demande, now, true);
    next.par = par.to_owned();
    next.fact(fait, Quoi::Decidee, Some(motif.to_owned()));
    next.demande.repondue_le.get_or_insert(now);
    let reponse = &mut next.demande.reponse;
    match decision {
        Decision::Accordee { numero_pec, montant_global } => {
            if numero_pec.is_some() {
                reponse.numero_pec.clone_from(numero_pec);
            }
            if let Some(global) = montant_global {
                next.amounts(&Details { montant_global: Some(*global), ..Details::default() }, envoi);
            }
        }
        Decision::Refusee(Origine::Plateforme) => (reponse.message_plateforme, reponse.message_mutuelle) = (Some(motif.to_owned()), None),
        Decision::Refusee(Origine::Mutuelle) => (reponse.message_mutuelle, reponse.message_plateforme) = (Some(motif.to_owned()), None),
        Decision::NonTransmise => {}
    }
    next.finish().ok_or(ActionImpossible)
}

fn later(t: Timestamp, by: SignedDuration) -> Timestamp {
    t.checked_add(by).unwrap_or(Timestamp::MAX)
}

impl Demande {
    /// Adds a line of the timeline that nobody asked for.
    pub fn push(&mut self, le: Timestamp, quoi: Quoi, detail: Option<String>) {
        self.push_by(le, quoi, AUTOMATE, detail);
    }

    /// Adds a line of the timeline. The first one stays for ever, the last ones are kept.
    pub fn push_by(&mut self, le: Timestamp, quoi: Quoi, par: &str, detail: Option<String>) {
        if self.evenements.len() >= limites::EVENEMENTS_PAR_DEMANDE_MAX {
            self.evenements.remove(1);
        }
        self.evenements.push(Evenement { le, quoi, par: par.to_owned(), detail });
    }

    /// When the announced delay of a pending demande is over.
    fn end_of_wait(&self) -> Option<Timestamp> {
        let hours = self.reponse.delai_heures.unwrap_or(DELAI_USUEL_HEURES).min(DELAI_SUIVI_MAX_HEURES);
        self.attente_depuis.map(|since| later(since, SignedDuration::from_hours(i64::from(hours))))
    }

    /// When a person must decide if nothing comes.
    fn patience_ends(&self) -> Option<Timestamp> {
        match self.etat {
            Etat::EnTransmission | Etat::SansReponse => Some(later(self.envoyee_le.unwrap_or(self.creee_le), PATIENCE)),
            // A mutuelle that asked for more than seven days gets what it asked for, and two days more.
            Etat::EnAttente => self.attente_depuis.map(|since| {
                let asked = self.end_of_wait().map_or(since, |end| later(end, SignedDuration::from_hours(48)));
                later(since, PATIENCE).max(asked)
            }),
            Etat::AnnulationEnCours(_) => self.annulation.as_ref().map(|a| later(a.demandee_le, PATIENCE)),
            Etat::Accordee | Etat::AccordeeSousReserve | Etat::RefuseePlateforme | Etat::RefuseeMutuelle | Etat::NonTransmise | Etat::AVerifier(_) | Etat::Annulee | Etat::Expiree => None,
        }
    }

    /// When to look at it next, once `now`'s step is done.
    fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let due = match self.etat {
            Etat::EnTransmission => now,
            Etat::SansReponse => self.after_silence(self.envoyee_le, now),
            Etat::EnAttente => match self.end_of_wait() {
                Some(end) if now < end => end,
                _ => {
                    let step = usize::from(self.consultations.saturating_sub(1)).min(ATTENTES_H.len() - 1);
                    later(now, SignedDuration::from_hours(ATTENTES_H[step]))
                }
            },
            Etat::Accordee | Etat::AccordeeSousReserve => return self.reponse.expire_le.map(date::end_of_paris_day),
            Etat::AnnulationEnCours(_) => match self.annulation.as_ref().and_then(|a| a.envoyee_le) {
                None => now,
                sent => self.after_silence(sent, now),
            },
            Etat::RefuseePlateforme | Etat::RefuseeMutuelle | Etat::NonTransmise | Etat::AVerifier(_) | Etat::Annulee | Etat::Expiree => return None,
        };
        Some(self.patience_ends().map_or(due, |end| due.min(end.max(now))))
    }

    /// 90 s after the sending, then 3, 10, 30 min, then hourly, spread over ten minutes.
    fn after_silence(&self, sent: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let promise = sent.map_or(now, |s| later(s, PROMESSE));
        if now < promise || self.consultations == 0 {
            return promise.max(now);
        }
        let seconds = RELANCES_S.get(usize::from(self.consultations) - 1).copied().unwrap_or_else(|| {
            let spread = self.id.as_str().bytes().fold(i64::from(self.consultations), |h, b| (h * 31 + i64::from(b)) % 600);
            3600 + spread
        });
        later(now, SignedDuration::from_secs(seconds))
    }

    /// Whether the validity of the agreement is over.
    fn past_validity(&self, now: Timestamp) -> bool {
        self.etat.granted() && self.reponse.expire_le.is_some_and(|day| date::end_of_paris_day(day) <= now)
    }
}

/// One step under construction.
struct Pas<'a> {
    before: &'a Demande,
    demande: Demande,
    now: Timestamp,
    held: bool,
    par: String,
    news: bool,
    mouvement: Option<TypeMouvement>,
    alarme: Option<&'static str>,
    due: Option<Timestamp>,
}

impl<'a> Pas<'a> {
    fn new(before: &'a Demande, now: Timestamp, held: bool) -> Self {
        Self { before, demande: before.clone(), now, held, par: AUTOMATE.to_owned(), news: false, mouvement: None, alarme: None, due: None }
    }

    /// Applies a fact; `true` if it was taken.
    fn fact(&mut self, fait: Fait, quoi: Quoi, detail: Option<String>) -> bool {
        match transition(self.demande.etat, fait) {
            Suite::Vers(etat, effet) => {
                let former = self.demande.etat;
                if etat != former {
                    self.demande.etat = etat;
                    self.demande.consultations = 0;
                    self.news = true;
                    self.demande.push_by(self.now, quoi, &self.par, detail);
                    if let Etat::AVerifier(doute) = etat {
                        self.doubt(former, doute);
                    }
                }
                let (credit, mouvement) = self.demande.credit.apply(effet);
                self.demande.credit = credit;
                if mouvement.is_some() {
                    self.mouvement = mouvement;
                }
                true
            }
            Suite::Ecartee | Suite::Interdit => false,
        }
    }

    fn doubt(&mut self, former: Etat, doute: Doute) {
        let why = match doute {
            Doute::Contradiction => "Deux réponses se contredisent : une personne doit vérifier auprès de la mutuelle.",
            Doute::Muette => "Aucune certitude automatique n'est possible : une personne doit vérifier auprès de la plateforme ou de la mutuelle.",
            Doute::Attente => "La mutuelle n'a pas décidé dans le délai : une personne doit l'appeler.",
            Doute::Annulation => "L'annulation n'a pas été confirmée : une personne doit vérifier auprès de la mutuelle.",
        };
        self.demande.push(self.now, Quoi::AVerifier, Some(why.into()));
        self.alarme = Some(match (doute, former.live()) {
            (Doute::Contradiction, false) => "accord-apres-fin",
            (Doute::Contradiction, true) => "reponses-contradictoires",
            (Doute::Muette | Doute::Attente | Doute::Annulation, _) => "a-verifier",
        });
    }

    fn touch(&mut self) {
        self.demande.derniere_actualisation = Some(self.now);
    }

    fn not_received(&mut self, cause: &str) {
        if self.demande.etat != Etat::EnTransmission || !self.held {
            return;
        }
        self.demande.envoyee_le = None;
        let tried = usize::from(self.demande.echecs);
        self.demande.echecs = self.demande.echecs.saturating_add(1);
        match REPRISES_S.get(tried) {
            Some(seconds) => {
                self.demande.push(self.now, Quoi::NonRecue, Some(cause.to_owned()));
                self.due = Some(later(self.now, SignedDuration::from_secs(*seconds)));
            }
            None => {
                self.fact(Fait::NonRecu, Quoi::NonTransmise, Some(cause.to_owned()));
            }
        }
    }

    fn cancellation_not_received(&mut self, cause: &str) {
        let Some(annulation) = self.demande.annulation.as_mut().filter(|_| self.held) else { return };
        annulation.envoyee_le = None;
        let tried = usize::from(annulation.echecs);
        annulation.echecs = annulation.echecs.saturating_add(1);
        match REPRISES_S.get(tried) {
            Some(seconds) => {
                self.demande.push(self.now, Quoi::NonRecue, Some(cause.to_owned()));
                self.due = Some(later(self.now, SignedDuration::from_secs(*seconds)));
            }
            None => {
                let words = "L'annulation n'a pas pu être transmise : recommencez plus tard ou appelez la mutuelle.";
                if self.fact(Fait::NonRecu, Quoi::AnnulationRefusee, Some(words.into())) {
                    self.demande.reponse.message_plateforme = Some(words.into());
                }
            }
        }
    }

    fn unanswered(&mut self, cause: &str) {
        if self.demande.past_validity(self.now) {
            self.fact(Fait::Expiration, Quoi::Expiree, None);
            return;
        }
        self.fact(Fait::SansReponse, Quoi::SansReponse, Some(cause.to_owned()));
    }

    fn answered(&mut self, operation: Operation, reponse: &Reponse, envoi: &Envoi) {
        let details = &reponse.details;
        let words = details.message.clone();
        if operation == Operation::Consulter {
            self.touch();
        }
        let acknowledged = !matches!(reponse.statut, Statut::Inconnue | Statut::Nouveau(_));
        let first = self.demande.etat;
        let taken = match &reponse.statut {
            Statut::Accordee | Statut::AccordeeSousReserve if self.demande.past_validity(self.now) => {
                match details.expiration.filter(|day| date::end_of_paris_day(*day) > self.now) {
                    Some(prolonged) => {
                        self.demande.reponse.expire_le = Some(prolonged);
                        true
                    }
                    None => self.fact(Fait::Expiration, Quoi::Expiree, None),
                }
            }
            Statut::Accordee => self.fact(Fait::Accord, Quoi::Accordee, words),
            Statut::AccordeeSousReserve => self.fact(Fait::AccordSousReserve, Quoi::AccordeeSousReserve, words),
            Statut::EnAttente => self.fact(Fait::EnAttente, Quoi::EnAttente, words),
            Statut::Refusee(origine) => self.fact(Fait::Refus(*origine), Quoi::Refusee, words),
            Statut::Annulee => self.fact(Fait::Annulation, Quoi::Annulee, words),
            Statut::Expiree => self.fact(Fait::Expiration, Quoi::Expiree, words),
            Statut::Inconnue => self.unknown_reference(operation),
            Statut::Nouveau(raw) => {
                let kept: String = raw.chars().take(limites::TEXTE_BRUT_CARACTERES_MAX).collect();
                self.demande.reponse.texte_brut = Some(kept.clone());
                self.fact(Fait::StatutNouveau, Quoi::ReponseEcartee, Some(format!("Statut inconnu : {kept}")))
            }
        };
        if !taken {
            if self.demande.etat != public_of(&reponse.statut, self.demande.etat) && acknowledged && self.news_worth_noting(first, &reponse.statut) {
                self.demande.push(self.now, Quoi::ReponseEcartee, details.message.clone());
            }
            return;
        }
        if acknowledged && !matches!(self.demande.etat, Etat::AVerifier(_)) {
            self.demande.repondue_le.get_or_insert(self.now);
            self.keep(reponse, envoi);
        } else if matches!(self.demande.etat, Etat::AVerifier(_)) && acknowledged {
            self.demande.push(self.now, Quoi::ReponseEcartee, Some(in_words(reponse)));
        }
    }

    /// An answer that was set aside is noted only where it says something else than what is known.
    fn news_worth_noting(&self, state: Etat, statut: &Statut) -> bool {
        self.held && !matches!((state, statut), (Etat::EnAttente, Statut::EnAttente) | (Etat::AnnulationEnCours(_), _))
    }

    fn unknown_reference(&mut self, operation: Operation) -> bool {
        let unanswered = matches!(self.demande.etat, Etat::EnTransmission | Etat::SansReponse | Etat::AVerifier(Doute::Muette));
        if !unanswered {
            return self.fact(Fait::Inconnue, Quoi::Inconnue, None);
        }
        let old_enough = self.demande.envoyee_le.is_some_and(|sent| later(sent, PROMESSE) <= self.now);
        if operation != Operation::Consulter || !old_enough {
            return self.fact(Fait::SansReponse, Quoi::SansReponse, None);
        }
        match self.demande.inconnue_depuis {
            Some(since) if later(since, ECART_INCONNUES) <= self.now => self.fact(Fait::InconnueConfirmee, Quoi::NonTransmise, Some("Le concentrateur a dit deux fois ne pas connaître la demande.".into())),
            Some(_) => self.fact(Fait::Inconnue, Quoi::Inconnue, None),
            None => {
                self.demande.inconnue_depuis = Some(self.now);
                self.demande.push(self.now, Quoi::Inconnue, None);
                self.fact(Fait::Inconnue, Quoi::Inconnue, None)
            }
        }
    }

    /// Keeps what the answer says.
    fn keep(&mut self, reponse: &Reponse, envoi: &Envoi) {
        let details = &reponse.details;
        let kept = &mut self.demande.reponse;
        let replace = |old: &mut Option<String>, new: &Option<String>| {
            if new.is_some() {
                old.clone_from(new);
            }
        };
        replace(&mut kept.reference_dossier, &details.reference_dossier);
        replace(&mut kept.numero_pec, &details.numero_pec);
        kept.date_pec = details.date_pec.or(kept.date_pec);
        kept.expire_le = details.expiration.or(kept.expire_le);
        kept.code_rejet.clone_from(&details.code);
        kept.texte_brut = None;
        match reponse.statut {
            Statut::Refusee(Origine::Plateforme) => (kept.message_plateforme, kept.message_mutuelle) = (Some(details.message.clone().unwrap_or_else(|| "La plateforme a refusé la demande sans dire pourquoi.".into())), None),
            Statut::Refusee(Origine::Mutuelle) => (kept.message_mutuelle, kept.message_plateforme) = (Some(details.message.clone().unwrap_or_else(|| "La mutuelle a refusé la demande sans dire pourquoi.".into())), None),
            Statut::EnAttente => {
                if self.demande.attente_depuis.is_none() {
                    kept.delai_heures = details.delai_heures;
                }
                self.demande.attente_depuis.get_or_insert(self.now);
                let hours = kept.delai_heures.unwrap_or(DELAI_USUEL_HEURES);
                kept.message_mutuelle = Some(details.message.clone().unwrap_or_else(|| format!("La mutuelle annonce une réponse sous {hours} heures.")));
            }
            Statut::Accordee | Statut::AccordeeSousReserve => {
                kept.message_mutuelle.clone_from(&details.message);
                self.amounts(details, envoi);
            }
            Statut::Annulee | Statut::Expiree => replace(&mut kept.message_mutuelle, &details.message),
            Statut::Inconnue | Statut::Nouveau(_) => {}
        }
    }

    /// Amounts of a grant, by line: the mutuelle's own, else its global amount split.
    fn amounts(&mut self, details: &Details, envoi: &Envoi) {
        let kept = &mut self.demande.reponse;
        if details.lignes.is_empty() {
            let Some(global) = details.montant_global else { return };
            let restes: Vec<_> = envoi.equipement.lignes.iter().map(|l| (l.numero, l.valeur.minus(l.ro.unwrap_or_default()))).collect();
            let (lignes, non_reparti) = montants::repartir(global, &restes);
            kept.montant_global = Some(global);
            kept.montant_non_reparti = Some(non_reparti);
            kept.lignes = lignes.into_iter().map(|(n, c)| (n, Some(c))).collect();
        } else {
            let of = |numero| details.lignes.iter().find(|(n, _)| *n == numero).map_or(Centimes::ZERO, |(_, c)| *c);
            let lignes: Vec<_> = envoi.equipement.lignes.iter().map(|l| (l.numero, of(l.numero))).collect();
            let sum: Centimes = lignes.iter().map(|(_, c)| *c).sum();
            kept.montant_global = Some(sum);
            kept.montant_non_reparti = Some(Centimes::ZERO);
            kept.lignes = lignes.into_iter().map(|(n, c)| (n, Some(c))).collect();
            if let Some(global) = details.montant_global.filter(|g| *g != sum) {
                let note = format!("Le montant global annoncé ({}) diffère de la somme des lignes ({}) : les lignes sont retenues.", global.to_french(), sum.to_french());
                if let Some(last) = self.demande.evenements.last_mut() {
                    last.detail = Some(last.detail.take().map_or(note.clone(), |d| format!("{d} — {note}")));
                }
            }
        }
    }

    /// Ends the step: patience, next due, lease, guard. `None` when a late outcome says nothing new.
    fn finish(mut self) -> Option<Changement> {
        if !self.news && !self.held {
            return None;
        }
        if self.demande.patience_ends().is_some_and(|end| end <= self.now) && self.due.is_none() {
            self.fact(Fait::DelaiDepasse, Quoi::ReponseEcartee, Some("Sept jours sans certitude.".into()));
        }
        if self.held || self.news {
            let waiting = matches!(self.demande.etat, Etat::SansReponse | Etat::AnnulationEnCours(_)) || (self.demande.etat == Etat::EnAttente && self.demande.end_of_wait().is_none_or(|end| end <= self.now));
            if waiting && self.before.etat == self.demande.etat {
                self.demande.consultations = self.demande.consultations.saturating_add(1);
            }
            self.demande.echeance = self.due.or_else(|| self.demande.next_due(self.now));
            self.demande.bail = None;
        }
        self.demande.version = self.before.version + 1;
        let garde = match (self.demande.nature, self.before.etat.live(), self.demande.etat.live()) {
            (Nature::Pec, true, false) => Garde::Lachee,
            (Nature::Pec, false, true) => Garde::Reprise,
            (Nature::Pec, _, _) | (Nature::Cotation, _, _) => Garde::Inchangee,
        };
        Some(Changement { demande: self.demande, mouvement: self.mouvement, garde, alarme: self.alarme })
    }
}

/// The state a status would lead to from nothing, or the present one where the status has none.
fn public_of(statut: &Statut, present: Etat) -> Etat {
    match statut {
        Statut::Accordee => Etat::Accordee,
        Statut::AccordeeSousReserve => Etat::AccordeeSousReserve,
        Statut::EnAttente => Etat::EnAttente,
        Statut::Refusee(Origine::Plateforme) => Etat::RefuseePlateforme,
        Statut::Refusee(Origine::Mutuelle) => Etat::RefuseeMutuelle,
        Statut::Annulee => Etat::Annulee,
        Statut::Expiree => Etat::Expiree,
        Statut::Inconnue | Statut::Nouveau(_) => present,
    }
}

/// An answer that a person must weigh, in words.
fn in_words(reponse: &Reponse) -> String {
    let what = match &reponse.statut {
        Statut::Accordee => "un accord",
        Statut::AccordeeSousReserve => "un accord sous réserve",
        Statut::EnAttente => "une mise en attente",
        Statut::Refusee(Origine::Plateforme) => "un refus de la plateforme",
        Statut::Refusee(Origine::Mutuelle) => "un refus de la mutuelle",
        Statut::Annulee => "une annulation",
        Statut::Expiree => "une expiration",
        Statut::Inconnue => "une référence inconnue",
        Statut::Nouveau(_) => "un statut inconnu",
    };
    let numero = reponse.details.numero_pec.as_deref().map(|n| format!(", PEC n° {n}")).unwrap_or_default();
    let amount = reponse.details.montant_global.map(|m| format!(", montant {}", m.to_french())).unwrap_or_default();
    let message = reponse.details.message.as_deref().map(|m| format!(" : « {m} »")).unwrap_or_default();
    format!("Reçu : {what}{numero}{amount}{message}")
}

/// What to tell the shop beside the state, where the catalogue of refusals has nothing to say.
pub fn advice(demande: &Demande) -> Option<&'static str> {
    use crate::rejets::{OrigineRejet, que_faire};
    let code = demande.reponse.code_rejet.as_deref();
    match demande.etat {
        Etat::RefuseePlateforme => Some(que_faire(OrigineRejet::Plateforme, code)),
        Etat::RefuseeMutuelle => Some(que_faire(OrigineRejet::Mutuelle, code)),
        Etat::SansReponse => Some("Réponse inconnue, nous vérifions : ne renvoyez pas la demande."),
        Etat::EnAttente => Some("Rien à faire : la mutuelle instruit la demande, la réponse sera relevée automatiquement à la fin du délai."),
        Etat::NonTransmise => Some("La demande n'est jamais arrivée et le crédit est rendu : refaites une demande."),
        Etat::AVerifier(_) => Some("Appelez la plateforme ou la mutuelle avec la référence de la demande, puis enregistrez leur réponse (« Décider »). Ne renvoyez pas la demande."),
        Etat::AccordeeSousReserve => Some("Envoyez à la mutuelle les pièces qu'elle demande ; l'accord n'est acquis qu'ensuite."),
        Etat::Expiree => Some("L'accord n'est plus valable : refaites une demande avant de facturer."),
        Etat::EnTransmission | Etat::Accordee | Etat::AnnulationEnCours(AvantAnnulation::EnAttente | AvantAnnulation::Accordee | AvantAnnulation::AccordeeSousReserve) | Etat::Annulee => None,
    }
}

/// A fresh demande's credit for a price.
pub const fn initial_credit(prix: u32) -> EtatCredit {
    if prix == 0 { EtatCredit::Aucun } else { EtatCredit::Reserve }
}
