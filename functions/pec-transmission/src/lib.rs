//! The worker that a person waits for: takes one demande one step further, and comes back for the steps that follow soon.
//!
//! What must hold: a message is done with only when its step is written or proven needless; one bad message hurts no other; a lost
//! message costs time and nothing else, because the due index knows every demande.
//! Deliberately absent: rules and calls (`exchange`), and any HTTP framework.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use optopec_exchange::{Acces, Avance, Concentrateurs, ExchangeError, ReglageInvalide, advance};
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    deps::Deps,
    queues::{self, Travail},
    sqs,
};

/// The concentrators that a deployment configures, made once per process.
///
/// # Errors
/// A setting cannot be used.
pub fn concentrateurs(config: &Config) -> Result<Concentrateurs, ReglageInvalide> {
    Concentrateurs::new(config.version, acces(&config.concentrateur_demo), config.concentrateur_reel.as_ref().map(acces))
}

fn acces(config: &ConcentrateurConfig) -> Acces<'_> {
    Acces { url: &config.url, jeton: &config.jeton, delai_reponse: config.timeout }
}

/// One batch of the transmission queue.
pub async fn handle(deps: &Deps, concentrateurs: &Concentrateurs, event: SqsEvent) -> SqsBatchResponse {
    sqs::each_record(event, |travail| step(deps.clone(), concentrateurs.clone(), travail)).await
}

async fn step(deps: Deps, concentrateurs: Concentrateurs, travail: Travail) -> Result<(), ExchangeError> {
    let clock = || deps.clock.now();
    match advance(&deps.store, &concentrateurs, &clock, &travail.magasin, &travail.demande).await? {
        Avance::Faite { echeance } => {
            if let Some(delay_s) = echeance.and_then(|due| queues::delay(deps.clock.now(), due)) {
                // Its loss costs precision only: the due index has the same time.
                if let Err(error) = deps.queues.send_transmission(&[(travail.magasin, travail.demande)], delay_s).await {
                    tracing::warn!(%error, "the next step waits for the due index");
                }
            }
        }
        Avance::RienAFaire | Avance::Occupee => tracing::debug!("nothing to do now"),
        Avance::Introuvable => tracing::warn!("a message names a demande that does not exist"),
    }
    Ok(())
}
