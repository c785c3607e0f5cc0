//! The two queues: what goes on them, and what is read from them.
//!
//! A message is a hint, never the truth: it may be lost, doubled or late. The due index of the store finds what was lost, the lease of a
//! demande makes a doubled one harmless. That is why a message holds ids only.

use crate::config::Config;
use jiff::Timestamp;
use optopec_domain::ids::{DemandeId, MagasinId};
use serde::{Deserialize, Serialize};

/// One piece of work: which demande of which shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Travail {
    /// The shop.
    pub magasin: MagasinId,
    /// The demande.
    pub demande: DemandeId,
}

#[derive(Serialize, Deserialize)]
struct Message<'a> {
    magasin: &'a str,
    demande: &'a str,
}

/// A message that is no piece of work. It will be no better next time: it ends in the dead-letter queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("message de file illisible")]
pub struct Illisible;

/// Reads the body of a message.
pub fn parse(body: &str) -> Result<Travail, Illisible> {
    let message: Message<'_> = serde_json::from_str(body).map_err(|_| Illisible)?;
    Ok(Travail { magasin: message.magasin.parse().map_err(|_| Illisible)?, demande: message.demande.parse().map_err(|_| Illisible)? })
}

fn body(magasin: &MagasinId, demande: &DemandeId) -> String {
    serde_json::json!({ "magasin": magasin.as_str(), "demande": demande.as_str() }).to_string()
}

/// The longest delay that a queue keeps, in seconds (SQS); what is due later is the due index's.
const DELAI_MAX_S: i64 = 900;

/// Seconds to wait until `due`, rounded up so that the message does not come before its time; none beyond what a queue can wait.
pub fn delay(now: Timestamp, due: Timestamp) -> Option<u16> {
    let wait = due.duration_since(now);
    let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    if seconds > DELAI_MAX_S { None } else { u16::try_from(seconds.max(0)).ok() }
}

/// Some messages did not reach their queue. Nothing is lost: they stay in the due index.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The queue did not take them.
    #[error("la file a refusé {refuses} message(s) : {code}")]
    Refused {
        /// How many.
        refuses: usize,
        /// The queue's code for the first.
        code: String,
    },
    /// The queue was not reached.
    #[error("la file ne répond pas")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The queues.
#[derive(Clone, Debug)]
pub struct Queues {
    client: aws_sdk_sqs::Client,
    transmission_url: String,
    refresh_url: String,
}

/// Messages of one call; the queue takes no more.
const LOT: usize = 10;

impl Queues {
    /// The queues that the settings name.
    pub fn new(client: aws_sdk_sqs::Client, config: &Config) -> Self {
        Self { client, transmission_url: config.transmission_queue_url.clone(), refresh_url: config.refresh_queue_url.clone() }
    }

    /// Demandes that a person waits for.
    pub async fn send_transmission(&self, travaux: &[(MagasinId, DemandeId)], delay_s: u16) -> Result<(), QueueError> {
        self.send(&self.transmission_url, travaux, delay_s).await
    }

    /// Demandes whose turn has come again.
    pub async fn send_refresh(&self, travaux: &[(MagasinId, DemandeId)], delay_s: u16) -> Result<(), QueueError> {
        self.send(&self.refresh_url, travaux, delay_s).await
    }

    /// Every lot is tried, so that one bad lot holds back nothing but itself; the first failure is told.
    async fn send(&self, url: &str, travaux: &[(MagasinId, DemandeId)], delay_s: u16) -> Result<(), QueueError> {
        let mut outcome = Ok(());
        for lot in travaux.chunks(LOT) {
            let sent = self.send_lot(url, lot, delay_s).await;
            outcome = outcome.and(sent);
        }
        outcome
    }

    async fn send_lot(&self, url: &str, lot: &[(MagasinId, DemandeId)], delay_s: u16) -> Result<(), QueueError> {
        let mut request = self.client.send_message_batch().queue_url(url);
        for (n, (magasin, demande)) in lot.iter().enumerate() {
            let entry = aws_sdk_sqs::types::SendMessageBatchRequestEntry::builder()
                .id(n.to_string())
                .message_body(body(magasin, demande))
                .delay_seconds(i32::from(delay_s.min(900)))
                .build()
                .map_err(|e| QueueError::Unavailable(Box::new(e)))?;
            request = request.entries(entry);
        }
        let answer = request.send().await.map_err(|e| QueueError::Unavailable(Box::new(e.into_service_error())))?;
        match answer.failed() {
            [] => Ok(()),
            failed => Err(QueueError::Refused { refuses: failed.len(), code: failed[0].code().to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_never_comes_before_its_time() {
        let now: Timestamp = "2026-11-21T10:00:00.200Z".parse().unwrap();
        for (due, expected) in [
            ("2026-11-21T10:00:10.200Z", Some(10)),
            ("2026-11-21T10:00:10.201Z", Some(11)),
            ("2026-11-21T10:15:00.200Z", Some(900)),
            ("2026-11-21T10:15:00.300Z", None),
            ("2026-11-23T10:00:00Z", None),
            ("2026-11-21T09:00:00Z", Some(0)),
        ] {
            assert_eq!(delay(now, due.parse().unwrap()), expected, "{due}");
        }
    }

    #[test]
    fn what_is_sent_is_read_again() {
        let (magasin, demande): (MagasinId, DemandeId) = ("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), "dem_01ARZ3NDEKTSV4RRFFQ69G5FAW".parse().unwrap());
        let text = body(&magasin, &demande);
        assert_eq!(text, r#"{"magasin":"mag_01ARZ3NDEKTSV4RRFFQ69G5FAV","demande":"dem_01ARZ3NDEKTSV4RRFFQ69G5FAW"}"#);
        assert_eq!(parse(&text), Ok(Travail { magasin, demande }));
    }

    #[test]
    fn anything_else_is_no_piece_of_work() {
        for text in [
            "",
            "{}",
            "null",
            r#"{"magasin":"mag_x","demande":"dem_01ARZ3NDEKTSV4RRFFQ69G5FAW"}"#,
            r#"{"magasin":"dem_01ARZ3NDEKTSV4RRFFQ69G5FAW","demande":"dem_01ARZ3NDEKTSV4RRFFQ69G5FAW"}"#,
        ] {
            assert_eq!(parse(text), Err(Illisible), "{text}");
        }
    }
}
