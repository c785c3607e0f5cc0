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
    if demande.effacee_le.is_some() {
        return Prise::RienAFaire;
    }
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
/// not, the outcome is late, and only news is written. `None`: nothing to write, and never anything to one that was erased meanwhile.
pub fn settle_answer(demande: &Demande, envoi: &Envoi, operation: Operation, issue: &Issue<Reponse>, now: Timestamp, held: bool) -> Option<Changement> {
    if demande.effacee_le.is_some() {
        return None;
    }
    let mut next = Pas::new(demande, now, held);
    next.query = operation == Operation::Consulter;
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
    if demande.effacee_le.is_some() {
        return None;
    }
    let mut next = Pas::new(demande, now, held);
    match issue {
        Issue::NonRecu { cause } => next.cancellation_not_received(cause),
        Issue::SansReponse { cause } => next.unanswered(cause),
        Issue::Repondu(avis) => {
            next.touch();
            let words = avis.message.clone();
            match avis.resultat {
                Resultat::Annulee => {
                    next.fact(Fait::Annulation, Quoi::Annulee, words);
                }
                Resultat::Refusee => {
                    if next.fact(Fait::AnnulationRefusee, Quoi::AnnulationRefusee, words.clone()) {
                        next.demande.reponse.message_mutuelle = Some(words.unwrap_or_else(|| "L'annulation a été refusée.".into()));
                        next.demande.reponse.code_rejet.clone_from(&avis.code);
                    } else if demande.etat == Etat::AVerifier(Doute::Annulation) {
                        // The state to return to is forgotten, but the person who decides must know.
                        next.demande.push(
                            now,
                            Quoi::ReponseEcartee,
                            Some(format!("Reçu : l'annulation est refusée. {}", words.unwrap_or_default()).trim_end().to_owned()),
                        );
                        next.news = true;
                    }
                }
                Resultat::EnAttente => {}
            }
        }
    }
    next.finish()
}

/// Somebody asks for news: due at once, but never a state query before the promise has run out, nor beside a running call; and a
/// sending that waits for its next try keeps waiting.
pub fn request_refresh(demande: &Demande, par: &str, now: Timestamp) -> Result<Demande, ActionImpossible> {
    if !demande.allows(Action::Actualiser) {
        return Err(ActionImpossible);
    }
    let mut next = demande.clone();
    next.version += 1;
    if next.bail.is_none_or(|b| b <= now) {
        let after_promise = |sent: Option<Timestamp>| sent.map(|s| later(s, PROMESSE).max(now));
        let due = match next.etat {
            Etat::EnTransmission => next.echeance,
            Etat::SansReponse => after_promise(next.envoyee_le),
            Etat::AnnulationEnCours(_) => match next.annulation.as_ref().and_then(|a| a.envoyee_le) {
                None => next.echeance,
                sent => after_promise(sent),
            },
            Etat::EnAttente
            | Etat::Accordee
            | Etat::AccordeeSousReserve
            | Etat::RefuseePlateforme
            | Etat::RefuseeMutuelle
            | Etat::NonTransmise
            | Etat::AVerifier(_)
            | Etat::Annulee
            | Etat::Expiree => None,
        };
        next.echeance = Some(due.unwrap_or(now));
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
    if *decision != Decision::NonTransmise {
        next.demande.repondue_le.get_or_insert(now);
    }
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
            Etat::Accordee
            | Etat::AccordeeSousReserve
            | Etat::RefuseePlateforme
            | Etat::RefuseeMutuelle
            | Etat::NonTransmise
            | Etat::AVerifier(_)
            | Etat::Annulee
            | Etat::Expiree => None,
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
    /// The step was a state query, which the follow-up counts.
    query: bool,
    par: String,
    news: bool,
    mouvement: Option<TypeMouvement>,
    alarme: Option<&'static str>,
    due: Option<Timestamp>,
}

impl<'a> Pas<'a> {
    fn new(before: &'a Demande, now: Timestamp, held: bool) -> Self {
        Self { before, demande: before.clone(), now, held, query: false, par: AUTOMATE.to_owned(), news: false, mouvement: None, alarme: None, due: None }
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
                    // The doubt below says that a person must look, and why.
                    if quoi != Quoi::AVerifier {
                        self.demande.push_by(self.now, quoi, &self.par, detail);
                    }
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
        if self.demande.past_validity(self.now) && matches!(reponse.statut, Statut::Accordee | Statut::AccordeeSousReserve | Statut::EnAttente) {
            match details.expiration.filter(|day| date::end_of_paris_day(*day) > self.now) {
                Some(prolonged) => {
                    self.demande.reponse.expire_le = Some(prolonged);
                    self.demande.push(self.now, Quoi::Accordee, Some(format!("L'accord est prolongé jusqu'au {}.", prolonged.strftime("%d/%m/%Y"))));
                }
                None => {
                    self.fact(Fait::Expiration, Quoi::Expiree, None);
                    return;
                }
            }
        }
        let taken = match &reponse.statut {
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
            let words = in_words(reponse);
            self.demande.push(self.now, Quoi::ReponseEcartee, Some(words.clone()));
            self.demande.reponse.texte_brut.get_or_insert(words);
        }
    }

    /// An answer that was set aside is noted only where it says something else than what is known.
    fn news_worth_noting(&self, state: Etat, statut: &Statut) -> bool {
        self.held && !matches!((state, statut), (Etat::EnAttente, Statut::EnAttente) | (Etat::AnnulationEnCours(_), _))
    }

    fn unknown_reference(&mut self, operation: Operation) -> bool {
        let unanswered = matches!(self.demande.etat, Etat::EnTransmission | Etat::SansReponse | Etat::AVerifier(Doute::Muette));
        // An answer that nobody could use was one all the same: the reference had been known.
        if !unanswered || self.demande.reponse.texte_brut.is_some() {
            return self.fact(Fait::Inconnue, Quoi::Inconnue, None);
        }
        let old_enough = self.demande.envoyee_le.is_some_and(|sent| later(sent, PROMESSE) <= self.now);
        if operation != Operation::Consulter || !old_enough {
            return self.fact(Fait::SansReponse, Quoi::SansReponse, None);
        }
        match self.demande.inconnue_depuis {
            Some(since) if later(since, ECART_INCONNUES) <= self.now => {
                self.fact(Fait::InconnueConfirmee, Quoi::NonTransmise, Some("Le concentrateur a dit deux fois ne pas connaître la demande.".into()))
            }
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
            Statut::Refusee(Origine::Plateforme) => {
                (kept.message_plateforme, kept.message_mutuelle) =
                    (Some(details.message.clone().unwrap_or_else(|| "La plateforme a refusé la demande sans dire pourquoi.".into())), None)
            }
            Statut::Refusee(Origine::Mutuelle) => {
                (kept.message_mutuelle, kept.message_plateforme) =
                    (Some(details.message.clone().unwrap_or_else(|| "La mutuelle a refusé la demande sans dire pourquoi.".into())), None)
            }
            Statut::EnAttente => {
                if self.demande.attente_depuis.is_none() {
                    kept.delai_heures = details.delai_heures;
                }
                self.demande.attente_depuis.get_or_insert(self.now);
                kept.message_mutuelle = Some(details.message.clone().unwrap_or_else(|| match kept.delai_heures {
                    Some(hours) => format!("La mutuelle annonce une réponse sous {hours} heures."),
                    None => "La mutuelle n'annonce pas de délai : elle répond d'ordinaire sous 48 à 72 heures.".into(),
                }));
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
            let (lignes, non_reparti) = montants::split(global, &restes);
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
                let note = format!(
                    "Le montant global annoncé ({}) diffère de la somme des lignes ({}) : les lignes sont retenues.",
                    global.to_french(),
                    sum.to_french()
                );
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
            self.fact(Fait::DelaiDepasse, Quoi::AVerifier, None);
        }
        if self.held || self.news {
            let waiting = matches!(self.demande.etat, Etat::SansReponse | Etat::AnnulationEnCours(_))
                || (self.demande.etat == Etat::EnAttente && self.demande.end_of_wait().is_none_or(|end| end <= self.now));
            // A grant read while cancelling changes what a refused cancellation returns to, not what is waited for.
            let cancelling = matches!((self.before.etat, self.demande.etat), (Etat::AnnulationEnCours(_), Etat::AnnulationEnCours(_)));
            if waiting && self.query && (cancelling || self.before.etat == self.demande.etat) {
                self.demande.consultations = self.demande.consultations.saturating_add(1);
            }
            self.demande.echeance = self.due.or_else(|| self.demande.next_due(self.now));
        }
        if self.held {
            // Late news leaves the lease to whoever has it now: his outcome counts in full.
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
    use crate::rejets::{OrigineRejet, Reessai, find, que_faire};
    // « Actualiser » is advice for a demande that still waits; a refused one does not allow it.
    let code = demande.reponse.code_rejet.as_deref().filter(|code| find(code).is_none_or(|rejet| rejet.reessai != Reessai::Consultation));
    match demande.etat {
        Etat::RefuseePlateforme => Some(que_faire(OrigineRejet::Plateforme, code)),
        Etat::RefuseeMutuelle => Some(que_faire(OrigineRejet::Mutuelle, code)),
        Etat::SansReponse => Some("Réponse inconnue, nous vérifions : ne renvoyez pas la demande."),
        Etat::EnAttente => Some("Rien à faire : la mutuelle instruit la demande, la réponse sera relevée automatiquement à la fin du délai."),
        Etat::NonTransmise => Some("La demande n'est jamais arrivée et le crédit est rendu : refaites une demande."),
        Etat::AVerifier(_) => Some(
            "Appelez la plateforme ou la mutuelle avec la référence de la demande, puis enregistrez leur réponse (« Décider »). Ne renvoyez pas la demande.",
        ),
        Etat::AccordeeSousReserve => Some("Envoyez à la mutuelle les pièces qu'elle demande ; l'accord n'est acquis qu'ensuite."),
        Etat::Expiree => Some("L'accord n'est plus valable : refaites une demande avant de facturer."),
        Etat::EnTransmission
        | Etat::Accordee
        | Etat::AnnulationEnCours(AvantAnnulation::EnAttente | AvantAnnulation::Accordee | AvantAnnulation::AccordeeSousReserve)
        | Etat::Annulee => None,
    }
}

/// A fresh demande's credit for a price.
pub const fn initial_credit(prix: u32) -> EtatCredit {
    if prix == 0 { EtatCredit::Aucun } else { EtatCredit::Reserve }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        client::{NomPrenom, Qualite},
        dossier::{Categorie, CodeRisque, TypeEquipement},
        envoi::{BeneficiaireEnvoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
        exemples::{c, day},
        ids::MutuelleId,
        mutuelle::Routage,
        role::Role,
    };
    use proptest::prelude::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    /// Seconds after the demande was made.
    fn t(seconds: i64) -> Timestamp {
        later("2026-11-21T10:00:00Z".parse().unwrap(), SignedDuration::from_secs(seconds))
    }

    fn demande() -> Demande {
        Demande {
            id: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            dossier_id: "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            equipement: 1,
            nature: Nature::Pec,
            issue_de: None,
            numero: 373,
            version: 1,
            mutuelle_id: MutuelleId::derived(&["m"]),
            mutuelle_nom: "Mutuelle Démo".into(),
            beneficiaire: Some(NomPrenom { nom: "MONTFORT".into(), prenom: Some("Fabienne".into()) }),
            annulable: true,
            etat: Etat::EnTransmission,
            prix: 1,
            credit: initial_credit(1),
            creee_le: t(0),
            envoyee_le: None,
            echecs: 0,
            consultations: 0,
            inconnue_depuis: None,
            attente_depuis: None,
            repondue_le: None,
            derniere_actualisation: None,
            echeance: Some(t(120)),
            bail: None,
            annulation: None,
            reponse: crate::demande::ReponseRecue::default(),
            evenements: vec![Evenement { le: t(0), quoi: Quoi::Creee, par: "marie".into(), detail: None }],
            effacee_le: None,
        }
    }

    /// The equipment of the Winoptics manual.
    fn envoi() -> Envoi {
        let person = || PersonneEnvoi { nir: None, nom: "MONTFORT".into(), prenom: None, naissance: None };
        let line = |numero, centimes, ro| LigneEnvoi {
            numero,
            reference: None,
            designation: String::new(),
            categorie: Categorie::Ver,
            code_lpp: None,
            quantite: 1,
            prix_unitaire: c(centimes),
            remise: None,
            valeur: c(centimes),
            ro: Some(c(ro)),
            surface: None,
            traitements: vec![],
            par_boite: None,
        };
        Envoi {
            nature: Nature::Pec,
            essai: true,
            cotation: None,
            routage: Routage { plateau: "90000001".parse().unwrap(), identifiant: "90000001".parse().unwrap() },
            opticien: OpticienEnvoi { finess: "750000002".parse().unwrap(), nom: None, prenom: None, telephone: None, email: None },
            assure: person(),
            beneficiaire: BeneficiaireEnvoi { personne: person(), rang_gemellaire: None, qualite: Qualite::Assure },
            adherent: None,
            contrat: None,
            groupe: None,
            prescription: PrescriptionEnvoi { date: None, ri: false, ra: false, prescripteur: None },
            equipement: EquipementEnvoi {
                numero: 1,
                type_equipement: TypeEquipement::Opt,
                risque: CodeRisque::Maladie,
                taux_ro: Some(60),
                enfant: false,
                prisme_od: None,
                prisme_og: None,
                lignes: vec![line(1, 25_000, 137), line(2, 25_000, 137), line(3, 21_400, 170)],
            },
        }
    }

    fn answer(statut: Statut) -> Reponse {
        Reponse { statut, details: Details::default() }
    }

    fn grant() -> Reponse {
        let details = Details { montant_global: Some(c(30_000)), numero_pec: Some("26-000123".into()), ..Details::default() };
        Reponse { statut: Statut::Accordee, details }
    }

    fn grant_until(expiration: &str) -> Reponse {
        let mut grant = grant();
        grant.details.expiration = Some(day(expiration));
        grant
    }

    fn wait(delai_heures: Option<u32>) -> Reponse {
        Reponse { statut: Statut::EnAttente, details: Details { delai_heures, ..Details::default() } }
    }

    fn refusal(origine: Origine) -> Reponse {
        let details = Details { code: Some("MUT-01".into()), message: Some("Adhérent inconnu".into()), ..Details::default() };
        Reponse { statut: Statut::Refusee(origine), details }
    }

    fn silence<R>() -> Issue<R> {
        Issue::SansReponse { cause: "délai dépassé".into() }
    }

    fn not_received<R>() -> Issue<R> {
        Issue::NonRecu { cause: "connexion refusée".into() }
    }

    /// One step at its time: the lease must be free, the operation the expected one.
    fn step(demande: &Demande, seconds: i64, expected: Operation, issue: &Issue<Reponse>) -> Changement {
        let Prise::Faire(leased, operation) = take_lease(demande, t(seconds)) else { panic!("nothing to do at {seconds}") };
        assert_eq!(operation, expected, "at {seconds}");
        settle_answer(&leased, &envoi(), operation, issue, t(seconds), true).unwrap()
    }

    fn query(demande: &Demande, seconds: i64, reponse: Reponse) -> Changement {
        step(demande, seconds, Operation::Consulter, &Issue::Repondu(reponse))
    }

    /// The demande after its sending was answered so at once.
    fn sent(reponse: Reponse) -> Demande {
        step(&demande(), 0, Operation::Demander, &Issue::Repondu(reponse)).demande
    }

    /// The demande whose sending began at 0 and was never answered.
    fn silent() -> Demande {
        step(&demande(), 0, Operation::Demander, &silence()).demande
    }

    fn cancel_step(demande: &Demande, seconds: i64, issue: &Issue<Avis>) -> Changement {
        let Prise::Faire(leased, operation) = take_lease(demande, t(seconds)) else { panic!("nothing to do at {seconds}") };
        assert_eq!(operation, Operation::Annuler);
        settle_cancellation(&leased, issue, t(seconds), true).unwrap()
    }

    fn notice(resultat: Resultat) -> Issue<Avis> {
        Issue::Repondu(Avis { resultat, code: Some("MUT-90".into()), message: Some("Déjà facturée".into()) })
    }

    fn cancelling(demande: &Demande, seconds: i64) -> Demande {
        request_cancellation(demande, "erreur de saisie".into(), "marie", t(seconds)).unwrap()
    }

    fn due(demande: &Demande) -> Option<i64> {
        demande.echeance.map(|e| e.as_second() - t(0).as_second())
    }

    fn events(demande: &Demande) -> Vec<Quoi> {
        demande.evenements.iter().map(|e| e.quoi).collect()
    }

    fn late(demande: &Demande, seconds: i64, issue: &Issue<Reponse>) -> Option<Changement> {
        settle_answer(demande, &envoi(), Operation::Demander, issue, t(seconds), false)
    }

    /// A call may be under way while a person is erased: what it brings back finds nothing to change.
    #[test]
    fn what_was_erased_is_neither_asked_about_nor_changed_by_late_news() {
        let granted = Reponse { statut: Statut::Accordee, details: crate::reponse::Details { montant_global: Some(c(100)), ..Default::default() } };
        for etat in [Etat::Accordee, Etat::NonTransmise, Etat::Annulee, Etat::RefuseeMutuelle, Etat::AnnulationEnCours(AvantAnnulation::Accordee)] {
            let whole = Demande { etat, envoyee_le: Some(t(1)), bail: Some(t(60)), echeance: Some(t(60)), ..demande() };
            let erased = whole.erased("gérant", t(5));
            assert_eq!((erased.etat, erased.version, erased.echeance, erased.bail), (etat, 2, None, None));
            assert!(whole.beneficiaire.is_some() && erased.beneficiaire.is_none());
            assert!(take_lease(&erased, t(3600)) == Prise::RienAFaire);
            for issue in [
                Issue::Repondu(granted.clone()),
                Issue::Repondu(Reponse { statut: Statut::Inconnue, ..granted.clone() }),
                Issue::Repondu(Reponse { statut: Statut::Nouveau("?".into()), ..granted.clone() }),
                Issue::SansReponse { cause: "rien".into() },
            ] {
                for held in [true, false] {
                    assert_eq!(settle_answer(&erased, &envoi(), Operation::Consulter, &issue, t(20), held), None, "{etat:?}");
                }
            }
            let acknowledged = Issue::Repondu(Avis { resultat: Resultat::Annulee, code: None, message: Some("Mme MONTFORT".into()) });
            assert_eq!(settle_cancellation(&erased, &acknowledged, t(20), true), None);
            assert!(Role::ALL.iter().all(|role| erased.actions(*role).is_empty()));
        }
    }

    #[test]
    fn one_worker_alone_sends() {
        let Prise::Faire(leased, operation) = take_lease(&demande(), t(5)) else { panic!() };
        assert_eq!((operation, leased.version, leased.envoyee_le, leased.bail, due(&leased)), (Operation::Demander, 2, Some(t(5)), Some(t(125)), Some(125)));
        assert_eq!(take_lease(&leased, t(6)), Prise::Occupee);
        assert_eq!(take_lease(&leased, t(124)), Prise::Occupee);
    }

    #[test]
    fn a_dead_worker_leaves_an_unknown_outcome_not_a_second_sending() {
        let Prise::Faire(leased, _) = take_lease(&demande(), t(0)) else { panic!() };
        let Prise::Faire(taken_over, operation) = take_lease(&leased, t(120)) else { panic!() };
        assert_eq!((operation, taken_over.etat, taken_over.credit), (Operation::Consulter, Etat::SansReponse, EtatCredit::Reserve));
        let after = settle_answer(&taken_over, &envoi(), operation, &silence(), t(121), true).unwrap().demande;
        assert_eq!(due(&after), Some(121 + 180));
    }

    #[test]
    fn what_was_not_received_is_sent_again_five_times() {
        let mut d = demande();
        let mut at = 0;
        for delay in [10, 30, 60, 180, 300] {
            let change = step(&d, at, Operation::Demander, &not_received());
            d = change.demande;
            assert_eq!((d.etat, due(&d), change.mouvement, change.garde), (Etat::EnTransmission, Some(at + delay), None, Garde::Inchangee));
            assert_eq!(take_lease(&d, t(at + delay - 1)), Prise::RienAFaire);
            at += delay;
        }
        let change = step(&d, at, Operation::Demander, &not_received());
        assert_eq!((change.demande.etat, change.demande.credit, due(&change.demande)), (Etat::NonTransmise, EtatCredit::Rendu, None));
        assert_eq!((change.mouvement, change.garde, change.alarme), (Some(TypeMouvement::Restitution), Garde::Lachee, None));
        assert!(!change.demande.allows(Action::ImprimerReponse));
    }

    #[test]
    fn a_sending_may_succeed_on_a_later_try() {
        let d = step(&demande(), 0, Operation::Demander, &not_received()).demande;
        let change = step(&d, 10, Operation::Demander, &Issue::Repondu(grant()));
        assert_eq!((change.demande.etat, change.mouvement), (Etat::Accordee, Some(TypeMouvement::Consommation)));
    }

    #[test]
    fn silence_is_asked_about_after_90_s_then_3_10_30_min_then_hourly_for_seven_days() {
        let change = {
            let Prise::Faire(leased, _) = take_lease(&demande(), t(0)) else { panic!() };
            settle_answer(&leased, &envoi(), Operation::Demander, &silence(), t(60), true).unwrap()
        };
        let mut d = change.demande;
        assert_eq!((d.etat, due(&d), change.mouvement, change.garde), (Etat::SansReponse, Some(90), None, Garde::Inchangee));
        assert_eq!(take_lease(&d, t(89)), Prise::RienAFaire);
        let mut at = 90;
        for delay in [180, 600, 1800] {
            d = step(&d, at, Operation::Consulter, &silence()).demande;
            assert_eq!((d.etat, due(&d)), (Etat::SansReponse, Some(at + delay)));
            at += delay;
        }
        let mut hours = 0;
        let end = loop {
            let change = step(&d, at, Operation::Consulter, &not_received());
            if change.demande.etat != Etat::SansReponse {
                break change;
            }
            let next = due(&change.demande).unwrap();
            assert!((HOUR..HOUR + 600).contains(&(next - at)) || next == 7 * DAY, "{}", next - at);
            (d, at, hours) = (change.demande, next, hours + 1);
        };
        assert_eq!(at, 7 * DAY);
        assert!((140..=168).contains(&hours));
        assert_eq!((end.demande.etat, end.demande.credit, due(&end.demande)), (Etat::AVerifier(Doute::Muette), EtatCredit::Reserve, None));
        assert_eq!((end.mouvement, end.garde, end.alarme), (None, Garde::Inchangee, Some("a-verifier")));
        assert_eq!(events(&end.demande).iter().filter(|quoi| **quoi == Quoi::AVerifier).count(), 1);
        assert!(!events(&end.demande).contains(&Quoi::ReponseEcartee), "nothing was answered");
    }

    #[test]
    fn news_of_a_late_query_leaves_the_lease_to_the_cancellation_that_runs() {
        let asked = request_refresh(&sent(answer(Statut::EnAttente)), "marie", t(5)).unwrap();
        let Prise::Faire(querying, Operation::Consulter) = take_lease(&asked, t(6)) else { panic!() };
        let Prise::Faire(running, Operation::Annuler) = take_lease(&cancelling(&querying, 7), t(8)) else { panic!() };
        let news = settle_answer(&running, &envoi(), Operation::Consulter, &Issue::Repondu(grant()), t(9), false).unwrap().demande;
        assert_eq!((news.etat, news.bail), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(t(128))));
        // Proven not received, told by who still has the lease: the cancellation goes out again.
        let d = settle_cancellation(&news, &Issue::NonRecu { cause: "refus".into() }, t(10), true).unwrap().demande;
        assert_eq!((d.bail, due(&d)), (None, Some(20)));
        assert!(matches!(take_lease(&d, t(20)), Prise::Faire(_, Operation::Annuler)));
    }

    #[test]
    fn an_answer_ends_the_silence() {
        let change = query(&silent(), 90, grant());
        let d = change.demande;
        assert_eq!((d.etat, d.credit, change.mouvement, d.repondue_le), (Etat::Accordee, EtatCredit::Consomme, Some(TypeMouvement::Consommation), Some(t(90))));
        assert_eq!((d.reponse.numero_pec.as_deref(), d.derniere_actualisation), (Some("26-000123"), Some(t(90))));
    }

    #[test]
    fn twice_unknown_ten_minutes_apart_proves_that_nothing_arrived() {
        let unknown = || answer(Statut::Inconnue);
        let d = query(&silent(), 90, unknown()).demande;
        assert_eq!((d.etat, d.inconnue_depuis, due(&d)), (Etat::SansReponse, Some(t(90)), Some(270)));
        let d = query(&d, 270, unknown()).demande;
        assert_eq!((d.etat, d.credit, due(&d)), (Etat::SansReponse, EtatCredit::Reserve, Some(870)));
        let change = query(&d, 870, unknown());
        assert_eq!((change.demande.etat, change.mouvement, change.garde), (Etat::NonTransmise, Some(TypeMouvement::Restitution), Garde::Lachee));
    }

    #[test]
    fn unknown_said_too_soon_does_not_count() {
        let Prise::Faire(leased, _) = take_lease(&demande(), t(0)) else { panic!() };
        let issue = Issue::Repondu(answer(Statut::Inconnue));
        let d = settle_answer(&leased, &envoi(), Operation::Demander, &issue, t(1), true).unwrap().demande;
        assert_eq!((d.etat, d.inconnue_depuis), (Etat::SansReponse, None));
        let d = settle_answer(&d, &envoi(), Operation::Consulter, &issue, t(89), true).unwrap().demande;
        assert_eq!(d.inconnue_depuis, None);
        let d = settle_answer(&d, &envoi(), Operation::Consulter, &issue, t(90), true).unwrap().demande;
        assert_eq!(d.inconnue_depuis, Some(t(90)));
        let d = settle_answer(&d, &envoi(), Operation::Consulter, &issue, t(689), true).unwrap().demande;
        assert_eq!(d.etat, Etat::SansReponse);
        let d = settle_answer(&d, &envoi(), Operation::Consulter, &issue, t(690), true).unwrap().demande;
        assert_eq!(d.etat, Etat::NonTransmise);
    }

    #[test]
    fn a_person_in_charge_is_still_helped_by_the_proof() {
        let mut d = query(&silent(), 90, answer(Statut::Inconnue)).demande;
        d.etat = Etat::AVerifier(Doute::Muette);
        let d = request_refresh(&d, "marie", t(8 * DAY)).unwrap();
        assert_eq!(query(&d, 8 * DAY, answer(Statut::Inconnue)).demande.etat, Etat::NonTransmise);
    }

    #[test]
    fn unknown_after_an_acknowledgement_is_for_a_person() {
        let d = sent(wait(Some(48)));
        let change = query(&d, 48 * HOUR, answer(Statut::Inconnue));
        assert_eq!((change.demande.etat, change.demande.credit, change.mouvement), (Etat::AVerifier(Doute::Contradiction), EtatCredit::Consomme, None));
        // A status that nobody understands was an acknowledgement too.
        let mut d = sent(answer(Statut::Nouveau("EN_EXPERTISE".into())));
        for at in [HOUR, 2 * HOUR] {
            d = query(&request_refresh(&d, "marie", t(at)).unwrap(), at, answer(Statut::Inconnue)).demande;
            assert_eq!((d.etat, d.credit), (Etat::AVerifier(Doute::Muette), EtatCredit::Reserve));
        }
        let d = query(&silent(), 90, answer(Statut::Expiree)).demande;
        assert_eq!((d.etat, d.reponse.texte_brut.as_deref()), (Etat::AVerifier(Doute::Muette), Some("Reçu : une expiration")));
    }

    #[test]
    fn a_new_status_is_for_a_person_and_a_clear_answer_ends_it() {
        let d = sent(answer(Statut::Nouveau("EN_EXPERTISE".into())));
        assert_eq!((d.etat, d.reponse.texte_brut.as_deref(), due(&d)), (Etat::AVerifier(Doute::Muette), Some("EN_EXPERTISE"), None));
        let d = request_refresh(&d, "marie", t(HOUR)).unwrap();
        let change = query(&d, HOUR, grant());
        assert_eq!((change.demande.etat, change.mouvement, change.demande.reponse.texte_brut), (Etat::Accordee, Some(TypeMouvement::Consommation), None));
    }

    #[test]
    fn a_wait_is_looked_after_at_its_end_then_after_1_4_12_24_h_for_seven_days() {
        let change = step(&demande(), 0, Operation::Demander, &Issue::Repondu(wait(Some(48))));
        let mut d = change.demande;
        assert_eq!((d.etat, change.mouvement, change.garde), (Etat::EnAttente, Some(TypeMouvement::Consommation), Garde::Inchangee));
        assert_eq!(d.reponse.message_mutuelle.as_deref(), Some("La mutuelle annonce une réponse sous 48 heures."));
        assert_eq!((d.reponse.delai_heures, due(&d)), (Some(48), Some(48 * HOUR)));
        let mut at = 48;
        for hours in [1, 4, 12, 24, 24, 24, 24] {
            d = query(&d, at * HOUR, wait(Some(72))).demande;
            assert_eq!((d.etat, due(&d), d.reponse.delai_heures), (Etat::EnAttente, Some((at + hours) * HOUR), Some(48)));
            at += hours;
        }
        // 161 h; the next step would be at 161 + 24 h, but seven days are over at 168 h.
        d = step(&d, at * HOUR, Operation::Consulter, &silence()).demande;
        assert_eq!(due(&d), Some(7 * DAY));
        let change = query(&d, 7 * DAY, wait(None));
        assert_eq!((change.demande.etat, change.mouvement, change.alarme), (Etat::AVerifier(Doute::Attente), None, Some("a-verifier")));
        let d = request_refresh(&change.demande, "marie", t(8 * DAY)).unwrap();
        assert_eq!(query(&d, 8 * DAY, grant()).demande.etat, Etat::Accordee);
    }

    #[test]
    fn a_wait_without_a_delay_is_the_usual_one_and_a_long_one_is_granted() {
        let d = sent(wait(None));
        assert_eq!((due(&d), d.reponse.delai_heures), (Some(48 * HOUR), None));
        assert!(d.reponse.message_mutuelle.unwrap().contains("n'annonce pas de délai"), "no delay is put into the mutuelle's mouth");
        let d = sent(wait(Some(240)));
        assert_eq!(due(&d), Some(240 * HOUR));
        let d = query(&d, 240 * HOUR, wait(None)).demande;
        assert_eq!((d.etat, due(&d)), (Etat::EnAttente, Some(241 * HOUR)));
        let d = query(&d, 288 * HOUR, wait(None)).demande;
        assert_eq!(d.etat, Etat::AVerifier(Doute::Attente));
    }

    #[test]
    fn asking_during_the_wait_does_not_change_its_end() {
        let d = request_refresh(&sent(wait(Some(48))), "marie", t(HOUR)).unwrap();
        assert_eq!(due(&d), Some(HOUR));
        let d = query(&d, HOUR, wait(Some(48))).demande;
        assert_eq!(due(&d), Some(48 * HOUR));
        let d = query(&d, 48 * HOUR, wait(Some(48))).demande;
        assert_eq!(due(&d), Some(49 * HOUR));
    }

    #[test]
    fn an_agreement_ends_with_its_last_day_in_paris() {
        let d = sent(grant_until("2026-12-31"));
        let end = t(0).until("2026-12-31T23:00:00Z".parse::<Timestamp>().unwrap()).unwrap().get_seconds();
        assert_eq!(due(&d), Some(end));
        assert_eq!(take_lease(&d, t(end - 1)), Prise::RienAFaire);
        for issue in [
            silence(),
            not_received(),
            Issue::Repondu(grant()),
            Issue::Repondu(wait(None)),
            Issue::Repondu(answer(Statut::Expiree)),
            Issue::Repondu(grant_until("2026-12-31")),
        ] {
            let change = step(&d, end, Operation::Consulter, &issue);
            assert_eq!((change.demande.etat, change.demande.credit, due(&change.demande)), (Etat::Expiree, EtatCredit::Consomme, None), "{issue:?}");
            assert_eq!((change.mouvement, change.garde), (None, Garde::Lachee));
        }
        let change = query(&d, end, grant_until("2027-01-20"));
        assert_eq!((change.demande.etat, change.demande.reponse.expire_le, change.garde), (Etat::Accordee, Some(day("2027-01-20")), Garde::Inchangee));
        assert!(due(&change.demande) > Some(end));
        let mut reserve = d;
        reserve.etat = Etat::AccordeeSousReserve;
        assert_eq!(query(&reserve, end, grant_until("2027-01-20")).demande.etat, Etat::Accordee);
    }

    #[test]
    fn an_agreement_without_a_last_day_waits_for_nothing() {
        let d = sent(grant());
        assert_eq!((due(&d), take_lease(&d, t(400 * DAY))), (None, Prise::RienAFaire));
    }

    #[test]
    fn a_refusal_of_the_platform_gives_the_credit_back() {
        let change = step(&demande(), 0, Operation::Demander, &Issue::Repondu(refusal(Origine::Plateforme)));
        let d = &change.demande;
        assert_eq!(
            (d.etat, d.credit, change.mouvement, change.garde),
            (Etat::RefuseePlateforme, EtatCredit::Rendu, Some(TypeMouvement::Restitution), Garde::Lachee)
        );
        assert_eq!((d.reponse.message_plateforme.as_deref(), d.reponse.message_mutuelle.as_deref()), (Some("Adhérent inconnu"), None));
        assert_eq!((d.reponse.code_rejet.as_deref(), due(d)), (Some("MUT-01"), None));
        // After a wait, by a correction.
        let change = query(&sent(wait(Some(48))), 48 * HOUR, refusal(Origine::Plateforme));
        assert_eq!((change.demande.credit, change.mouvement), (EtatCredit::Rendu, Some(TypeMouvement::Correction)));
        assert_eq!(change.demande.reponse.message_mutuelle, None);
    }

    #[test]
    fn a_refusal_of_the_mutuelle_uses_the_credit() {
        let change = step(&demande(), 0, Operation::Demander, &Issue::Repondu(refusal(Origine::Mutuelle)));
        let d = &change.demande;
        assert_eq!(
            (d.etat, d.credit, change.mouvement, change.garde),
            (Etat::RefuseeMutuelle, EtatCredit::Consomme, Some(TypeMouvement::Consommation), Garde::Lachee)
        );
        assert_eq!((d.reponse.message_plateforme.as_deref(), d.reponse.message_mutuelle.as_deref()), (None, Some("Adhérent inconnu")));
        assert!(advice(d).is_some());
    }

    #[test]
    fn a_refusal_never_advises_what_it_does_not_allow() {
        for rejet in crate::rejets::REJETS {
            for origine in [Origine::Plateforme, Origine::Mutuelle] {
                let details = Details { code: Some(rejet.code.into()), ..Details::default() };
                let d = sent(Reponse { statut: Statut::Refusee(origine), details });
                assert!(!d.allows(Action::Actualiser));
                assert!(!advice(&d).unwrap().contains("« Actualiser »"), "{}", rejet.code);
            }
        }
    }

    #[test]
    fn nobody_shows_herself_in_a_log() {
        let mut refused = refusal(Origine::Mutuelle);
        refused.details.message = Some("MONTFORT".into());
        let mut d = sent(refused.clone());
        d.annulation = Some(crate::demande::Annulation { motif: "MONTFORT".into(), demandee_le: t(1), envoyee_le: None, echecs: 0 });
        assert!(d.evenements.iter().any(|e| e.detail.as_deref() == Some("MONTFORT")));
        let shown = format!("{d:?} {refused:?}");
        assert!(!shown.contains("MONTFORT"), "{shown}");
    }

    #[test]
    fn late_outcomes_that_say_nothing_new_write_nothing() {
        for d in [silent(), sent(grant()), sent(wait(None)), sent(refusal(Origine::Mutuelle))] {
            assert_eq!(late(&d, 100, &silence()), None);
            assert_eq!(late(&d, 100, &not_received()), None);
        }
        assert_eq!(late(&sent(grant()), 100, &Issue::Repondu(grant())), None);
        assert_eq!(late(&sent(refusal(Origine::Mutuelle)), 100, &Issue::Repondu(refusal(Origine::Mutuelle))), None);
        assert_eq!(late(&sent(wait(None)), 100, &Issue::Repondu(wait(None))), None);
    }

    #[test]
    fn a_late_answer_to_an_unknown_outcome_is_news() {
        let change = late(&silent(), 100, &Issue::Repondu(grant())).unwrap();
        assert_eq!((change.demande.etat, change.mouvement), (Etat::Accordee, Some(TypeMouvement::Consommation)));
        let change = late(&silent(), 100, &Issue::Repondu(wait(Some(72)))).unwrap();
        assert_eq!((change.demande.etat, due(&change.demande)), (Etat::EnAttente, Some(100 + 72 * HOUR)));
    }

    #[test]
    fn a_grant_after_non_transmise_is_for_a_person_and_takes_the_guard_back() {
        let mut d = silent();
        for at in [90, 270, 870] {
            d = query(&d, at, answer(Statut::Inconnue)).demande;
        }
        let change = late(&d, 900, &Issue::Repondu(grant())).unwrap();
        assert_eq!((change.demande.etat, change.alarme, change.garde), (Etat::AVerifier(Doute::Contradiction), Some("accord-apres-fin"), Garde::Reprise));
        assert_eq!((change.demande.credit, change.mouvement), (EtatCredit::Rendu, None));
        let told = change.demande.evenements.last().unwrap().detail.clone().unwrap();
        assert_eq!(told, "Reçu : un accord, PEC n° 26-000123, montant 300,00\u{a0}€");
        // A person grants it: what was given back is not taken again.
        let decided =
            decide(&change.demande, &envoi(), &Decision::Accordee { numero_pec: None, montant_global: Some(c(30_000)) }, "vu au téléphone", "gérant", t(1000))
                .unwrap();
        assert_eq!(
            (decided.demande.etat, decided.demande.credit, decided.mouvement, decided.garde),
            (Etat::Accordee, EtatCredit::Rendu, None, Garde::Inchangee)
        );
    }

    #[test]
    fn a_refusal_after_a_grant_is_for_a_person() {
        let d = request_refresh(&sent(grant()), "marie", t(HOUR)).unwrap();
        let change = query(&d, HOUR, refusal(Origine::Mutuelle));
        let d = change.demande;
        assert_eq!((d.etat, d.credit), (Etat::AVerifier(Doute::Contradiction), EtatCredit::Consomme));
        assert_eq!((change.alarme, change.mouvement, change.garde), (Some("reponses-contradictoires"), None, Garde::Inchangee));
        assert_eq!((d.reponse.montant_global, d.reponse.numero_pec.as_deref()), (Some(c(30_000)), Some("26-000123")));
        let change = decide(&d, &envoi(), &Decision::Refusee(Origine::Mutuelle), "confirmé", "gérant", t(2 * HOUR)).unwrap();
        assert_eq!((change.demande.etat, change.mouvement, change.garde), (Etat::RefuseeMutuelle, None, Garde::Lachee));
        assert_eq!(change.demande.reponse.message_mutuelle.as_deref(), Some("confirmé"));
    }

    #[test]
    fn the_end_of_a_grant_is_news() {
        for (statut, etat) in [(Statut::Annulee, Etat::Annulee), (Statut::Expiree, Etat::Expiree)] {
            let d = request_refresh(&sent(grant()), "marie", t(HOUR)).unwrap();
            let change = query(&d, HOUR, answer(statut));
            assert_eq!((change.demande.etat, change.garde, change.alarme, change.mouvement), (etat, Garde::Lachee, None, None));
        }
    }

    #[test]
    fn an_unusable_answer_is_an_unknown_outcome() {
        let mut unknown_line = grant();
        unknown_line.details.lignes = vec![(9, c(1))];
        let mut too_much = grant();
        too_much.details.lignes = vec![(1, c(25_001))];
        for reponse in [answer(Statut::Accordee), unknown_line, too_much] {
            let d = sent(reponse);
            assert_eq!((d.etat, d.credit, due(&d)), (Etat::SansReponse, EtatCredit::Reserve, Some(90)));
        }
    }

    #[test]
    fn asking_for_news_waits_for_the_promise_and_for_the_running_call() {
        let d = request_refresh(&silent(), "marie", t(20)).unwrap();
        assert_eq!((due(&d), events(&d).last()), (Some(90), Some(&Quoi::ActualisationDemandee)));
        assert_eq!(take_lease(&d, t(89)), Prise::RienAFaire);
        let d = query(&d, 90, answer(Statut::Inconnue)).demande;
        assert_eq!(due(&request_refresh(&d, "marie", t(100)).unwrap()), Some(100));
        // A running call keeps its lease.
        let Prise::Faire(leased, _) = take_lease(&demande(), t(0)) else { panic!() };
        let d = request_refresh(&leased, "marie", t(10)).unwrap();
        assert_eq!((d.bail, d.echeance, take_lease(&d, t(11))), (leased.bail, leased.echeance, Prise::Occupee));
        // A sending that waits for its next try is not hurried.
        let d = step(&demande(), 0, Operation::Demander, &not_received()).demande;
        assert_eq!(due(&request_refresh(&d, "marie", t(1)).unwrap()), Some(10));
        // A granted one is asked about at once, then waits for its end again.
        let d = request_refresh(&sent(grant_until("2026-12-31")), "marie", t(HOUR)).unwrap();
        let after = query(&d, HOUR, grant_until("2026-12-31")).demande;
        assert_eq!((due(&d), after.echeance), (Some(HOUR), Some(date::end_of_paris_day(day("2026-12-31")))));
        for ended in [sent(refusal(Origine::Mutuelle)), sent(refusal(Origine::Plateforme))] {
            assert_eq!(request_refresh(&ended, "marie", t(HOUR)), Err(ActionImpossible));
        }
    }

    #[test]
    fn a_cancellation_is_sent_at_once_and_acknowledged() {
        let d = cancelling(&sent(grant()), HOUR);
        assert_eq!((d.etat, due(&d)), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(HOUR)));
        assert!(d.allows(Action::Actualiser) && !d.allows(Action::Annuler) && !d.allows(Action::Transferer));
        let change = cancel_step(&d, HOUR, &notice(Resultat::Annulee));
        assert_eq!((change.demande.etat, change.demande.credit, due(&change.demande)), (Etat::Annulee, EtatCredit::Consomme, None));
        assert_eq!((change.mouvement, change.garde), (None, Garde::Lachee));
    }

    #[test]
    fn a_refused_cancellation_returns_to_the_former_state_with_the_message() {
        for (former, etat) in [(sent(grant()), Etat::Accordee), (sent(wait(Some(48))), Etat::EnAttente)] {
            let change = cancel_step(&cancelling(&former, HOUR), HOUR, &notice(Resultat::Refusee));
            let d = change.demande;
            assert_eq!((d.etat, d.reponse.message_mutuelle.as_deref(), change.garde), (etat, Some("Déjà facturée"), Garde::Inchangee));
            assert_eq!((d.echeance, d.credit, events(&d).last()), (former.echeance, EtatCredit::Consomme, Some(&Quoi::AnnulationRefusee)));
        }
    }

    #[test]
    fn a_cancellation_not_received_is_sent_again_five_times() {
        let mut d = cancelling(&sent(grant_until("2026-12-31")), 0);
        let mut at = 0;
        for delay in [10, 30, 60, 180, 300] {
            d = cancel_step(&d, at, &not_received()).demande;
            assert_eq!((d.etat, due(&d)), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(at + delay)));
            assert_eq!(due(&request_refresh(&d, "marie", t(at + 1)).unwrap()), Some(at + delay));
            at += delay;
        }
        let d = cancel_step(&d, at, &not_received()).demande;
        assert_eq!((d.etat, d.echeance), (Etat::Accordee, Some(date::end_of_paris_day(day("2026-12-31")))));
        assert!(d.reponse.message_plateforme.is_some_and(|m| m.contains("n'a pas pu être transmise")));
    }

    #[test]
    fn an_unanswered_cancellation_is_asked_about_and_never_sent_again() {
        let mut d = cancel_step(&cancelling(&sent(grant()), HOUR), HOUR, &silence()).demande;
        assert_eq!((d.etat, due(&d)), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(HOUR + 90)));
        assert_eq!(due(&request_refresh(&d, "marie", t(HOUR + 30)).unwrap()), Some(HOUR + 90));
        let mut at = HOUR + 90;
        for delay in [180, 600, 1800] {
            d = query(&d, at, grant()).demande;
            assert_eq!((d.etat, due(&d)), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(at + delay)));
            at += delay;
        }
        assert_eq!(query(&d, at, answer(Statut::Annulee)).demande.etat, Etat::Annulee);
        while d.etat == Etat::AnnulationEnCours(AvantAnnulation::Accordee) {
            at = due(&d).unwrap();
            d = step(&d, at, Operation::Consulter, &silence()).demande;
        }
        assert_eq!((at, d.etat, d.credit), (HOUR + 7 * DAY, Etat::AVerifier(Doute::Annulation), EtatCredit::Consomme));
        // Its refusal, when it comes after all, is told to the person who decides.
        let change = settle_cancellation(&d, &notice(Resultat::Refusee), t(at + 1), false).unwrap();
        assert_eq!((change.demande.etat, events(&change.demande).last()), (Etat::AVerifier(Doute::Annulation), Some(&Quoi::ReponseEcartee)));
        let change = settle_cancellation(&d, &notice(Resultat::Annulee), t(at + 1), false).unwrap();
        assert_eq!((change.demande.etat, change.garde), (Etat::Annulee, Garde::Lachee));
    }

    #[test]
    fn a_cancellation_acknowledged_later() {
        let d = cancel_step(&cancelling(&sent(grant()), HOUR), HOUR, &notice(Resultat::EnAttente)).demande;
        assert_eq!((d.etat, due(&d)), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(HOUR + 90)));
        assert_eq!(query(&d, HOUR + 90, answer(Statut::Annulee)).demande.etat, Etat::Annulee);
    }

    #[test]
    fn a_grant_read_while_cancelling_a_wait_is_kept() {
        let d = cancel_step(&cancelling(&sent(wait(Some(48))), HOUR), HOUR, &silence()).demande;
        let d = query(&d, HOUR + 90, grant()).demande;
        assert_eq!((d.etat, d.reponse.montant_global), (Etat::AnnulationEnCours(AvantAnnulation::Accordee), Some(c(30_000))));
        assert_eq!(due(&d), Some(HOUR + 90 + 180), "asked again after three minutes, not at once");
        let refused = settle_cancellation(&d, &notice(Resultat::Refusee), t(2 * HOUR), true).unwrap();
        assert_eq!(refused.demande.etat, Etat::Accordee);
    }

    #[test]
    fn what_may_be_cancelled() {
        let order = |d: &Demande| request_cancellation(d, "erreur".into(), "marie", t(HOUR)).is_ok();
        assert!(order(&sent(grant())) && order(&sent(wait(None))));
        assert!(!order(&demande()) && !order(&silent()) && !order(&sent(refusal(Origine::Mutuelle))));
        assert!(!order(&cancelling(&sent(grant()), 1)));
        assert!(!order(&Demande { nature: Nature::Cotation, ..sent(grant()) }));
        assert!(!order(&Demande { annulable: false, ..sent(grant()) }));
    }

    #[test]
    fn the_lines_of_an_answer_win_over_its_global_amount() {
        let mut both = grant();
        both.details.lignes = vec![(1, c(10_000)), (3, c(10_000))];
        let d = sent(both);
        assert_eq!(d.reponse.lignes, [(1, Some(c(10_000))), (2, Some(c(0))), (3, Some(c(10_000)))]);
        assert_eq!((d.reponse.montant_global, d.reponse.montant_non_reparti), (Some(c(20_000)), Some(c(0))));
        let told = d.evenements.last().unwrap().detail.clone().unwrap();
        assert_eq!(told, "Le montant global annoncé (300,00\u{a0}€) diffère de la somme des lignes (200,00\u{a0}€) : les lignes sont retenues.");
    }

    #[test]
    fn a_global_amount_is_split_over_what_remains() {
        // Remains 248.63, 248.63, 212.30 of 709.56; 300.00 gives 105.12, 105.12, 89.76 (exactly 105.1200…, 105.1200…, 89.7598…).
        let d = sent(grant());
        assert_eq!(d.reponse.lignes, [(1, Some(c(10_512))), (2, Some(c(10_512))), (3, Some(c(8_976)))]);
        assert_eq!((d.reponse.montant_global, d.reponse.montant_non_reparti), (Some(c(30_000)), Some(c(0))));
        let mut whole = grant();
        whole.details.montant_global = Some(c(71_400));
        let d = sent(whole);
        assert_eq!(d.reponse.lignes, [(1, Some(c(24_863))), (2, Some(c(24_863))), (3, Some(c(21_230)))]);
        assert_eq!(d.reponse.montant_non_reparti, Some(c(444)));
    }

    #[test]
    fn decisions_are_for_what_must_be_verified() {
        let granted = Decision::Accordee { numero_pec: Some("T-1".into()), montant_global: None };
        assert_eq!(decide(&silent(), &envoi(), &granted, "m", "gérant", t(1)).err(), Some(ActionImpossible));
        let doubt = sent(answer(Statut::Nouveau("?".into())));
        assert!(doubt.actions(Role::Gerant).contains(&Action::Decider) && !doubt.actions(Role::Opticien).contains(&Action::Decider));
        let change = decide(&doubt, &envoi(), &granted, "accord par téléphone", "gérant", t(9)).unwrap();
        let d = &change.demande;
        assert_eq!((d.etat, change.mouvement, d.reponse.montant_global, d.repondue_le), (Etat::Accordee, Some(TypeMouvement::Consommation), None, Some(t(9))));
        let last = d.evenements.last().unwrap();
        assert_eq!((last.quoi, last.par.as_str(), last.detail.as_deref()), (Quoi::Decidee, "gérant", Some("accord par téléphone")));
        let change = decide(&doubt, &envoi(), &Decision::NonTransmise, "jamais reçue", "gérant", t(9)).unwrap();
        assert_eq!((change.demande.etat, change.mouvement, change.garde), (Etat::NonTransmise, Some(TypeMouvement::Restitution), Garde::Lachee));
        assert!(!change.demande.allows(Action::ImprimerReponse));
        let change = decide(&doubt, &envoi(), &Decision::Refusee(Origine::Plateforme), "rejetée", "gérant", t(9)).unwrap();
        assert_eq!((change.demande.etat, change.demande.reponse.message_plateforme.as_deref()), (Etat::RefuseePlateforme, Some("rejetée")));
    }

    #[test]
    fn a_free_cotation_moves_neither_credit_nor_guard() {
        let cotation = Demande { nature: Nature::Cotation, prix: 0, credit: initial_credit(0), ..demande() };
        for reponse in [grant(), refusal(Origine::Plateforme), refusal(Origine::Mutuelle), wait(None)] {
            let change = step(&cotation, 0, Operation::Demander, &Issue::Repondu(reponse));
            assert_eq!((change.demande.credit, change.mouvement, change.garde), (EtatCredit::Aucun, None, Garde::Inchangee));
        }
    }

    #[test]
    fn the_timeline_keeps_its_beginning_and_its_end() {
        let mut d = demande();
        for i in 0..200 {
            d.push(t(i), Quoi::Inconnue, Some(i.to_string()));
        }
        assert_eq!(d.evenements.len(), limites::EVENEMENTS_PAR_DEMANDE_MAX);
        assert_eq!((d.evenements[0].quoi, d.evenements[99].detail.as_deref()), (Quoi::Creee, Some("199")));
    }

    /// Any outcome of a call.
    fn any_issue() -> impl Strategy<Value = Issue<Reponse>> {
        prop::sample::select(vec![
            silence(),
            silence(),
            not_received(),
            not_received(),
            Issue::Repondu(grant()),
            Issue::Repondu(grant_until("2026-11-30")),
            Issue::Repondu(answer(Statut::Accordee)),
            Issue::Repondu(Reponse { statut: Statut::AccordeeSousReserve, ..grant_until("2026-11-22") }),
            Issue::Repondu(wait(Some(48))),
            Issue::Repondu(wait(None)),
            Issue::Repondu(refusal(Origine::Plateforme)),
            Issue::Repondu(refusal(Origine::Mutuelle)),
            Issue::Repondu(answer(Statut::Annulee)),
            Issue::Repondu(answer(Statut::Expiree)),
            Issue::Repondu(answer(Statut::Inconnue)),
            Issue::Repondu(answer(Statut::Nouveau("?".into()))),
        ])
    }

    fn any_notice() -> impl Strategy<Value = Issue<Avis>> {
        prop::sample::select(vec![silence(), not_received(), notice(Resultat::Annulee), notice(Resultat::Refusee), notice(Resultat::EnAttente)])
    }

    proptest! {
        #[test]
        fn whatever_happens_a_live_demande_is_followed_and_sent_once(
            script in prop::collection::vec((0_i64..30 * HOUR, any_issue(), any_notice(), 0_u8..8), 1..60),
        ) {
            let mut d = demande();
            let (mut at, mut received) = (0, false);
            for (gap, issue, avis, order) in script {
                let before = d.clone();
                match order {
                    0 => d = request_refresh(&d, "marie", t(at)).unwrap_or(d),
                    1 => d = request_cancellation(&d, "erreur".into(), "marie", t(at)).unwrap_or(d),
                    _ => {}
                }
                at = due(&d).unwrap_or(at).max(at) + gap % 7;
                let Prise::Faire(leased, operation) = take_lease(&d, t(at)) else { continue };
                let outcome = match operation {
                    Operation::Demander => {
                        prop_assert!(!received, "sent a second time on doubt");
                        received = !matches!(issue, Issue::NonRecu { .. });
                        settle_answer(&leased, &envoi(), operation, &issue, t(at), true)
                    }
                    Operation::Consulter => settle_answer(&leased, &envoi(), operation, &issue, t(at), true),
                    Operation::Annuler => settle_cancellation(&leased, &avis, t(at), true),
                };
                let change = outcome.unwrap();
                d = change.demande;
                prop_assert!(d.version > before.version && d.bail.is_none());
                let waits_for_a_person = matches!(d.etat, Etat::AVerifier(_)) || (d.etat.granted() && d.reponse.expire_le.is_none());
                prop_assert_eq!(d.echeance.is_none(), !d.etat.live() || waits_for_a_person, "{:?}", d.etat);
                // A step that changed nothing is not repeated at once.
                prop_assert!(d.etat != leased.etat || due(&d).is_none_or(|next| next > at), "{:?} {:?}", d.etat, issue);
                prop_assert_eq!(change.garde == Garde::Lachee, before.etat.live() && !d.etat.live());
                prop_assert!(!matches!(d.etat, Etat::AVerifier(_)) || before.etat == d.etat || change.alarme.is_some());
                // The sequence goes on as late as the script says, so that delays, validity and patience all run out.
                at += gap;
            }
        }
    }
}
