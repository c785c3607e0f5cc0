//! A batch of messages: each record is a piece of work of its own.
//!
//! What must hold: an error or a panic in one record fails that record only and leaves the others done; a failed record is named in the
//! answer, so that the queue gives it again and at last to the dead-letter queue. The log holds ids, and why. (What is deployed ends with a panic and is
//! given one record at a time: docs/adr/0012.)

use crate::{
    probleme::chain,
    queues::{self, Travail},
};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use std::{error::Error, future::Future};
use tokio::task::JoinSet;
use tracing::Instrument;

/// Runs `work` for every record at once and names those that failed.
pub async fn each_record<F, Fut, E>(event: SqsEvent, work: F) -> SqsBatchResponse
where
    F: Fn(Travail) -> Fut,
    Fut: Future<Output = Result<(), E>> + Send + 'static,
    E: Error + Send + 'static,
{
    let mut running = JoinSet::new();
    let mut ids = std::collections::HashMap::new();
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        let message_id = record.message_id.unwrap_or_default();
        match queues::parse(record.body.as_deref().unwrap_or_default()) {
            Ok(travail) => {
                let span = tracing::info_span!("travail", magasin = %travail.magasin, demande = %travail.demande);
                let task = running.spawn(work(travail).instrument(span));
                ids.insert(task.id(), message_id);
            }
            Err(error) => {
                tracing::error!(message_id, %error, "message écarté");
                response.add_failure(message_id);
            }
        }
    }
    while let Some(done) = running.join_next_with_id().await {
        let (task, failure) = match done {
            Ok((_, Ok(()))) => continue,
            Ok((task, Err(error))) => (task, chain(&error)),
            Err(error) => (error.id(), if error.is_panic() { "panique".to_owned() } else { "interrompu".to_owned() }),
        };
        let message_id = ids.remove(&task).unwrap_or_default();
        tracing::error!(message_id, erreur = failure, "message en échec");
        response.add_failure(message_id);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(bodies: &[(&str, String)]) -> SqsEvent {
        let records: Vec<_> =
            bodies.iter().map(|(id, body)| serde_json::json!({ "messageId": id, "body": body, "attributes": {}, "messageAttributes": {} })).collect();
        serde_json::from_value(serde_json::json!({ "Records": records })).unwrap()
    }

    fn work_for(c: char) -> String {
        format!(r#"{{"magasin":"mag_01ARZ3NDEKTSV4RRFFQ69G5FA0","demande":"dem_01ARZ3NDEKTSV4RRFFQ69G5FA{c}"}}"#)
    }

    #[tokio::test]
    async fn one_bad_record_fails_alone() {
        let event =
            event(&[("good", work_for('1')), ("error", work_for('2')), ("panic", work_for('3')), ("unreadable", "{".into()), ("good too", work_for('4'))]);
        let response = each_record(event, async |travail: Travail| match travail.demande.as_str().chars().last() {
            Some('2') => Err(std::io::Error::other("refusé")),
            Some('3') => panic!("a bug"),
            _ => Ok(()),
        })
        .await;
        let mut failed: Vec<_> = response.batch_item_failures.into_iter().map(|f| f.item_identifier).collect();
        failed.sort();
        assert_eq!(failed, ["error", "panic", "unreadable"]);
    }

    #[tokio::test]
    async fn an_empty_batch_has_no_failure() {
        let response = each_record(event(&[]), async |_| Ok::<(), std::io::Error>(())).await;
        assert!(response.batch_item_failures.is_empty());
    }
}
