//! One step of a demande: read → lease → call → settle.
//!
//! What must hold: the lease, with the mark of a begun sending, is committed before the call, so that a crash from there on is
//! *unknown* and never a second sending; whatever happens, the demande keeps an `echeance`, so that the due index finds it again;
//! an outcome that comes after the lease was lost decides nothing but news.
//! Deliberately absent: any rule (they are in `domain::suivi`), queues, delays, and repetition of a call.
//! Where it comes from: docs/concentrateur.md, « Transport ».

mod concentrateurs;

pub use concentrateurs::{Acces, Concentrateurs};
pub use optopec_concentrateur::ReglageInvalide;

use jiff::Timestamp;
use optopec_concentrateur::{Concentrateur, Recu};
use optopec_domain::{
    credit::EtatCredit,
    demande::Demande,
    envoi::Envoi,
    ids::{DemandeId, MagasinId},
    limites::REPONSE_BRUTE_OCTETS_MAX,
    reponse::{Avis, Issue, Reponse, puzzling},
    suivi::{self, Changement, Operation, Prise},
};
use optopec_store::{Brut, MagasinStore, Store, StoreError};
use std::time::{Duration, Instant};

/// How often a lease that meets other writers is tried.
const LEASE_TRIES: u32 = 3;
/// How often a settlement that meets other writers is decided again before the due index takes over.
const SETTLE_TRIES: u32 = 10;

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Avance {
    /// The concentrator was called and its outcome written.
    Faite {
        /// When the demande must be looked at again.
        echeance: Option<Timestamp>,
    },
    /// Nothing is due.
    RienAFaire,
    /// Another worker is at it.
    Occupee,
    /// There is no such demande.
    Introuvable,
}

/// Why a step could not be done. The demande stays due in every case.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The table did not answer, or its writers were too many: later.
    #[error("the table could not be read or written")]
    Store(#[from] StoreError),
    /// The demande stands without what was to be sent: somebody must look.
    #[error("the demande has no content to send")]
    EnvoiAbsent,
}

/// What a call brought back.
enum Outcome {
    Answer(Operation, Recu<Reponse>),
    Cancellation(Recu<Avis>),
}

impl Outcome {
    /// What was answered, when nobody can use it: the person who decides may want to see it.
    fn brut(&self, envoi: &Envoi, recu_le: Timestamp) -> Option<Brut> {
        let corps = match self {
            Self::Answer(_, recu) if puzzling(&recu.issue, envoi) => &recu.corps,
            Self::Cancellation(recu) if matches!(recu.issue, Issue::SansReponse { .. }) => &recu.corps,
            Self::Answer(..) | Self::Cancellation(_) => return None,
        };
        let kept = corps.get(..REPONSE_BRUTE_OCTETS_MAX).unwrap_or(corps);
        (!kept.is_empty()).then(|| Brut { recu_le, texte: String::from_utf8_lossy(kept).into_owned() })
    }
}

/// The one line that a call leaves in the log: how it ended, never what was said.
fn note(magasin: &MagasinId, demande: &Demande, envoi: &Envoi, operation: Operation, outcome: &Outcome, duree: Duration, now: Timestamp) {
    let concentrateur = if envoi.essai { "DEMONSTRATION" } else { "REEL" };
    let operation = match operation {
        Operation::Demander => "demander",
        Operation::Consulter => "consulter",
        Operation::Annuler => "annuler",
    };
    let issue = match outcome {
        Outcome::Answer(_, Recu { issue: Issue::Repondu(_), .. }) | Outcome::Cancellation(Recu { issue: Issue::Repondu(_), .. }) => "repondu",
        Outcome::Answer(_, Recu { issue: Issue::SansReponse { .. }, .. }) | Outcome::Cancellation(Recu { issue: Issue::SansReponse { .. }, .. }) => {
            "sans-reponse"
        }
        Outcome::Answer(_, Recu { issue: Issue::NonRecu { .. }, .. }) | Outcome::Cancellation(Recu { issue: Issue::NonRecu { .. }, .. }) => "non-recu",
    };
    let duree_ms = u64::try_from(duree.as_millis()).unwrap_or(u64::MAX);
    let age_reserve_s = (demande.credit == EtatCredit::Reserve).then(|| now.duration_since(demande.creee_le).as_secs());
    tracing::info!(concentrateur, operation, issue, duree_ms, age_reserve_s, magasin = %magasin, demande = %demande.id, "appel");
}

/// What is known where nobody can be called.
fn nobody<R>() -> Recu<R> {
    Recu { issue: Issue::NonRecu { cause: "Aucun concentrateur configuré.".to_owned() }, corps: Vec::new() }
}

/// Takes one demande one step further, if it is due and nobody else is at it.
pub async fn advance(
    store: &Store,
    concentrateurs: &Concentrateurs,
    clock: &(dyn Fn() -> Timestamp + Sync),
    magasin: &MagasinId,
    demande: &DemandeId,
) -> Result<Avance, ExchangeError> {
    let store = store.for_magasin(magasin.clone());
    for _ in 0..LEASE_TRIES {
        let Some(found) = store.demande(demande).await? else { return Ok(Avance::Introuvable) };
        let now = clock();
        let (leased, operation) = match suivi::take_lease(&found, now) {
            Prise::Faire(leased, operation) => (*leased, operation),
            Prise::RienAFaire => return Ok(Avance::RienAFaire),
            Prise::Occupee => return Ok(Avance::Occupee),
        };
        // Read before the lease: a table that fails here must not leave the mark of a sending that never began.
        let envoi = store.envoi(demande).await?.ok_or(ExchangeError::EnvoiAbsent)?;
        match store.update_demande(&leased, None).await {
            Ok(()) => {
                let begun = Instant::now();
                let outcome = call(concentrateurs.of(&envoi), &leased, &envoi, operation, now).await;
                note(store.id(), &leased, &envoi, operation, &outcome, begun.elapsed(), clock());
                return settle(&store, clock, leased, &envoi, &outcome).await;
            }
            // Another worker, or a person's order: what stands now decides.
            Err(StoreError::Stale) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(Avance::Occupee)
}

async fn call(concentrateur: Option<&Concentrateur>, demande: &Demande, envoi: &Envoi, operation: Operation, now: Timestamp) -> Outcome {
    match operation {
        Operation::Demander => Outcome::Answer(
            operation,
            match concentrateur {
                Some(c) => c.request(&demande.id, envoi, now).await,
                None => nobody(),
            },
        ),
        Operation::Consulter => Outcome::Answer(
            operation,
            match concentrateur {
                Some(c) => c.state(&demande.id).await,
                None => nobody(),
            },
        ),
        Operation::Annuler => {
            let motif = demande.annulation.as_ref().map_or("", |a| a.motif.as_str());
            Outcome::Cancellation(match concentrateur {
                Some(c) => c.cancel(&demande.id, demande.reponse.numero_pec.as_deref(), motif).await,
                None => nobody(),
            })
        }
    }
}

/// Writes what the outcome changes; where somebody wrote in between, decides again on what stands now.
async fn settle(
    store: &MagasinStore,
    clock: &(dyn Fn() -> Timestamp + Sync),
    leased: Demande,
    envoi: &Envoi,
    outcome: &Outcome,
) -> Result<Avance, ExchangeError> {
    let bail = leased.bail;
    let mut current = leased;
    for _ in 0..SETTLE_TRIES {
        let now = clock();
        let held = current.bail == bail;
        let Some(changement) = decide(&current, envoi, outcome, now, held) else {
            if current.effacee_le.is_some() {
                tracing::error!(alarme = "reponse-apres-effacement", magasin = %store.id(), demande = %current.id, "an answer to an erased demande");
            }
            return Ok(Avance::Faite { echeance: current.echeance });
        };
        match store.settle(&changement, outcome.brut(envoi, now).as_ref(), suivi::AUTOMATE, now, None).await {
            Ok(()) => {
                if let Some(alarme) = changement.alarme {
                    tracing::error!(alarme, magasin = %store.id(), demande = %current.id, "a demande needs somebody's eyes");
                }
                return Ok(Avance::Faite { echeance: changement.demande.echeance });
            }
            // An answer in hand is not given up because the account is busy: it would be asked for again, two minutes later.
            Err(StoreError::Stale | StoreError::Busy) => match store.demande(&current.id).await? {
                Some(found) => current = found,
                None => return Ok(Avance::Introuvable),
            },
            Err(e) => return Err(e.into()),
        }
    }
    Err(ExchangeError::Store(StoreError::Busy))
}

fn decide(demande: &Demande, envoi: &Envoi, outcome: &Outcome, now: Timestamp, held: bool) -> Option<Changement> {
    match outcome {
        Outcome::Answer(operation, recu) => suivi::settle_answer(demande, envoi, *operation, &recu.issue, now, held),
        Outcome::Cancellation(recu) => suivi::settle_cancellation(demande, &recu.issue, now, held),
    }
}
