//! Writes: everything or nothing, each part with its condition, and what a failed condition means.
//!
//! What must hold:
//! - Every write goes through one `TransactWriteItems`, even of one item: it is tried again with the same `ClientRequestToken` as
//!   long as its content is the same, so an answer that was lost does no harm.
//! - Every item carries the mark of the write that made it. Where the token no longer helps (the content had to change, or ten
//!   minutes passed), a condition that fails on an item with our own mark proves that the write took effect. The mark is new for each
//!   call of this crate and never derived from content: two workers that take the same lease at the same instant must not both win.
//! - What others wrote meanwhile is read again where this crate had read it (the account), and told to the caller where he had.
//!
//! Deliberately absent: retries of throttling and lost connections, which the SDK does first.
//! Norm: Amazon DynamoDB Developer Guide, « Amazon DynamoDB Transactions: How it works », idempotency and transaction conflicts.

use crate::{
    R, Store, StoreError,
    error::Cause,
    idempotence,
    read::cause,
    row::{MARQUE, Row, VERSION, n, s, text},
    sceau::Sceau,
    schema::Cle,
    tables::{TTL, Table},
};
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use optopec_domain::empreinte::{digest_of, hex};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// Tries of one write under contention: with the pauses below, about three seconds.
const ESSAIS: usize = 12;
/// Tries that ended without an answer, after the SDK's own: a caller at the counter waits.
const ESSAIS_SANS_REPONSE: usize = 2;
/// Characters of a `ClientRequestToken`.
const JETON_CARACTERES: usize = 36;

/// Pauses between tries, spread so that contenders part.
pub(crate) const fn policy() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_factor(1.6)
        .with_min_delay(Duration::from_millis(10))
        .with_max_delay(Duration::from_millis(250))
        .with_max_times(ESSAIS - 1)
        .with_jitter()
}

/// How often something was counted.
const COMPTEUR: &str = "fois";

/// What distinguishes this process's writes from all others: 96 bits of the system's randomness.
pub(crate) fn origine() -> String {
    let word = || RandomState::new().hash_one(0u8);
    format!("{:016x}{:016x}", word(), word())[..24].to_owned()
}

/// The condition of a part.
#[derive(Debug, Clone)]
pub(crate) enum Si {
    /// There must be nothing.
    Absent,
    /// There must be something.
    Present,
    /// It must be at this version.
    Version(u64),
    /// A text attribute must be this.
    Texte(&'static str, String),
    /// The account must be as read: its last movement and its last demande.
    Compte(u64, u64),
    /// A count that may not reach this.
    Sous(u32),
}

impl Si {
    fn expression(&self) -> (String, HashMap<String, AttributeValue>) {
        let values = |pairs: Vec<(&str, AttributeValue)>| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        match self {
            Self::Absent => ("attribute_not_exists(pk)".to_owned(), HashMap::new()),
            Self::Present => ("attribute_exists(pk)".to_owned(), HashMap::new()),
            Self::Version(v) => (format!("{VERSION} = :si"), values(vec![(":si", n(v))])),
            Self::Texte(nom, text) => (format!("{nom} = :si"), values(vec![(":si", s(text))])),
            Self::Sous(plafond) => (format!("attribute_not_exists({COMPTEUR}) OR {COMPTEUR} < :si"), values(vec![(":si", n(plafond))])),
            Self::Compte(mouvement, demande) => ("mvt = :si AND dem = :si2".to_owned(), values(vec![(":si", n(mouvement)), (":si2", n(demande))])),
        }
    }
}

/// What it means when the condition of a part fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sens {
    /// The key had its effect already.
    Idempotence,
    /// The payment was counted already.
    Reference,
    /// A demande stands in the way: the item names it.
    Garde,
    /// The count is full.
    Plafond,
    /// The caller read something else, or it is gone.
    Lu,
    /// This crate read something else: read again.
    Relire,
}

/// A write under construction.
pub(crate) struct Ecriture {
    marque: String,
    /// What distinguishes this content from the others of the same write.
    vu: String,
    parts: Vec<(Sens, TransactWriteItem)>,
    /// Opens the answer of a key that another call was faster with.
    pub(crate) sceau: Option<Arc<Sceau>>,
}

/// What became of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ecrit {
    /// Written.
    Maintenant,
    /// An earlier try had written it: perhaps with other numbers.
    Avant,
}

/// Why a try did not succeed.
#[derive(Debug)]
pub(crate) enum Essai {
    /// Nothing was written: try again.
    Conflit,
    /// Something may have been written: try the same again.
    SansReponse(Cause),
    /// No use trying again.
    Fin(StoreError),
}

impl From<StoreError> for Essai {
    fn from(error: StoreError) -> Self {
        Self::Fin(error)
    }
}

impl Ecriture {
    /// A write with its mark; `tour`: tries so far that certainly wrote nothing.
    pub(crate) fn new(marque: &str, tour: usize) -> Self {
        Self { marque: marque.to_owned(), vu: tour.to_string(), parts: Vec::new(), sceau: None }
    }

    /// Something this crate read, and on which the content depends.
    pub(crate) fn seen(&mut self, what: impl std::fmt::Debug) {
        self.vu.push_str(&format!("|{what:?}"));
    }

    /// Writes an item.
    pub(crate) fn put(&mut self, store: &Store, table: Table, row: Row, si: &Si, sens: Sens) -> R<()> {
        let (condition, values) = si.expression();
        let put = Put::builder()
            .table_name(store.table(table))
            .set_item(Some(row))
            .item(MARQUE, s(&self.marque))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(not_built)?;
        self.parts.push((sens, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    /// Writes an item whatever was there.
    pub(crate) fn put_always(&mut self, store: &Store, table: Table, row: Row) -> R<()> {
        let put = Put::builder().table_name(store.table(table)).set_item(Some(row)).item(MARQUE, s(&self.marque)).build().map_err(not_built)?;
        self.parts.push((Sens::Relire, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    /// Deletes an item.
    pub(crate) fn delete(&mut self, store: &Store, table: Table, cle: &Cle, si: &Si, sens: Sens) -> R<()> {
        let (condition, values) = si.expression();
        let delete = Delete::builder()
            .table_name(store.table(table))
            .set_key(Some(cle.attributes()))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(not_built)?;
        self.parts.push((sens, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Deletes an item, if it is there.
    pub(crate) fn delete_always(&mut self, store: &Store, table: Table, cle: &Cle) -> R<()> {
        let delete = Delete::builder().table_name(store.table(table)).set_key(Some(cle.attributes())).build().map_err(not_built)?;
        self.parts.push((Sens::Relire, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Looks at an item without writing it.
    pub(crate) fn check(&mut self, store: &Store, table: Table, cle: &Cle, si: &Si, sens: Sens) -> R<()> {
        let (condition, values) = si.expression();
        let check = ConditionCheck::builder()
            .table_name(store.table(table))
            .set_key(Some(cle.attributes()))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(not_built)?;
        self.parts.push((sens, TransactWriteItem::builder().condition_check(check).build()));
        Ok(())
    }

    /// Raises the version of an item without reading the rest of it.
    pub(crate) fn raise(&mut self, store: &Store, table: Table, cle: &Cle, si: &Si, sens: Sens) -> R<()> {
        let values = HashMap::from([(":un".to_owned(), n(1))]);
        self.update(store, table, cle, (format!("SET {VERSION} = {VERSION} + :un, {MARQUE} = :marque"), values), si, sens)
    }

    /// Lets an item live until an instant.
    pub(crate) fn prolong(&mut self, store: &Store, table: Table, cle: &Cle, end: Timestamp, si: &Si) -> R<()> {
        let values = HashMap::from([(":fin".to_owned(), n(end.as_second()))]);
        self.update(store, table, cle, (format!("SET #fin = :fin, {MARQUE} = :marque"), values), si, Sens::Lu)
    }

    /// Counts one more, at most up to a ceiling, until an instant.
    pub(crate) fn count(&mut self, store: &Store, table: Table, cle: &Cle, plafond: u32, end: Timestamp) -> R<()> {
        let expression = format!("SET {COMPTEUR} = if_not_exists({COMPTEUR}, :zero) + :un, v = :un, #fin = :fin, {MARQUE} = :marque");
        let values = [(":zero", n(0)), (":un", n(1)), (":fin", n(end.as_second()))].map(|(k, v)| (k.to_owned(), v));
        self.update(store, table, cle, (expression, HashMap::from(values)), &Si::Sous(plafond), Sens::Plafond)
    }

    fn update(
        &mut self,
        store: &Store,
        table: Table,
        cle: &Cle,
        (expression, values): (String, HashMap<String, AttributeValue>),
        si: &Si,
        sens: Sens,
    ) -> R<()> {
        let (condition, more) = si.expression();
        // `ttl` is a reserved word of the database.
        let names = expression.contains("#fin").then(|| HashMap::from([("#fin".to_owned(), TTL.to_owned())]));
        let update = Update::builder()
            .table_name(store.table(table))
            .set_key(Some(cle.attributes()))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(Some(values.into_iter().chain(more).collect()))
            .expression_attribute_values(":marque", s(&self.marque))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(not_built)?;
        self.parts.push((sens, TransactWriteItem::builder().update(update).build()));
        Ok(())
    }

    fn token(&self) -> String {
        hex(&digest_of(&[&self.marque, &self.vu]))[..JETON_CARACTERES].to_owned()
    }
}

fn not_built(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Unavailable(Cause(error.to_string()))
}

impl Store {
    /// A mark for one call of this crate.
    pub(crate) fn marque(&self) -> String {
        format!("{}{:x}", self.0.origine, self.0.ecritures.fetch_add(1, Ordering::Relaxed))
    }

    /// One try of a write.
    pub(crate) async fn write(&self, ecriture: Ecriture) -> Result<Ecrit, Essai> {
        let (token, sceau) = (ecriture.token(), ecriture.sceau);
        let (sens, items): (Vec<_>, Vec<_>) = ecriture.parts.into_iter().unzip();
        match self.0.client.transact_write_items().set_transact_items(Some(items)).client_request_token(token).send().await {
            Ok(_) => Ok(Ecrit::Maintenant),
            Err(error) => refused(&error, &sens, &ecriture.marque, sceau.as_deref()),
        }
    }

    /// A write that depends on nothing but what the caller read.
    pub(crate) async fn write_once(&self, build: impl Fn(&mut Ecriture) -> R<()>) -> R<Ecrit> {
        let (marque, build) = (self.marque(), &build);
        retry(|tour| {
            let mut ecriture = Ecriture::new(&marque, tour);
            let built = build(&mut ecriture);
            async move {
                built?;
                self.write(ecriture).await
            }
        })
        .await
    }
}

/// Tries until it is done, it is no use, or the caller has waited long enough.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Essai>>>(attempt: impl Fn(usize) -> F) -> R<T> {
    retry_after(policy().build(), attempt).await
}

async fn retry_after<T, F: Future<Output = Result<T, Essai>>>(mut pauses: impl Iterator<Item = Duration>, attempt: impl Fn(usize) -> F) -> R<T> {
    let (mut conflicts, mut unanswered) = (0, 0);
    loop {
        let given_up = match attempt(conflicts).await {
            Ok(done) => return Ok(done),
            Err(Essai::Fin(error)) => return Err(error),
            Err(Essai::Conflit) => {
                conflicts += 1;
                StoreError::Busy
            }
            Err(Essai::SansReponse(cause)) => {
                unanswered += 1;
                StoreError::Unavailable(cause)
            }
        };
        match pauses.next() {
            Some(pause) if unanswered <= ESSAIS_SANS_REPONSE => tokio::time::sleep(pause).await,
            _ => return Err(given_up),
        }
    }
}

/// What a refused write means.
fn refused(error: &SdkError<TransactWriteItemsError>, sens: &[Sens], marque: &str, sceau: Option<&Sceau>) -> Result<Ecrit, Essai> {
    let Some(service) = error.as_service_error() else {
        // Nothing was sent in the first case; in all others the database may have done it.
        return Err(if matches!(error, SdkError::ConstructionFailure(_)) {
            Essai::Fin(StoreError::Unavailable(cause(error)))
        } else {
            Essai::SansReponse(cause(error))
        });
    };
    match service {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => judge(sens, cancelled.cancellation_reasons(), marque, sceau),
        // The token was used for a content that is no longer ours: another token, and the mark will tell.
        TransactWriteItemsError::IdempotentParameterMismatchException(_) => Err(Essai::Conflit),
        TransactWriteItemsError::TransactionInProgressException(_)
        | TransactWriteItemsError::InternalServerError(_)
        | TransactWriteItemsError::ProvisionedThroughputExceededException(_)
        | TransactWriteItemsError::RequestLimitExceeded(_)
        | TransactWriteItemsError::ThrottlingException(_) => Err(Essai::SansReponse(cause(error))),
        _ if error.raw_response().is_some_and(|r| r.status().is_server_error()) => Err(Essai::SansReponse(cause(error))),
        _ => Err(Essai::Fin(StoreError::Unavailable(cause(error)))),
    }
}

/// What the reasons of a cancelled transaction mean, the decisive one first.
fn judge(sens: &[Sens], reasons: &[CancellationReason], marque: &str, sceau: Option<&Sceau>) -> Result<Ecrit, Essai> {
    let failed: Vec<(Sens, Option<&Row>)> =
        sens.iter().zip(reasons).filter(|(_, r)| r.code() == Some("ConditionalCheckFailed")).map(|(s, r)| (*s, r.item().filter(|i| !i.is_empty()))).collect();
    if failed.iter().any(|(_, item)| item.is_some_and(|i| i.get(MARQUE) == Some(&s(marque)))) {
        return Ok(Ecrit::Avant);
    }
    let of = |wanted: Sens| failed.iter().find(|(sens, _)| *sens == wanted).map(|(_, item)| *item);
    if let Some(item) = of(Sens::Idempotence) {
        let (stored, sceau) = item.zip(sceau).ok_or_else(|| StoreError::corrupt("idempotency record", "absent and present"))?;
        return Err(Essai::Fin(StoreError::Deja(Box::new(idempotence::read(stored, sceau)?))));
    }
    if of(Sens::Reference).is_some() {
        return Err(Essai::Fin(StoreError::ReferenceConnue));
    }
    if let Some(Some(item)) = of(Sens::Garde) {
        let demande = text(item, "demande", "guard")?.parse().map_err(|_| StoreError::corrupt("guard", "its demande"))?;
        return Err(Essai::Fin(StoreError::Engage(demande)));
    }
    if of(Sens::Plafond).is_some() {
        return Err(Essai::Fin(StoreError::Plafond));
    }
    if let Some(item) = of(Sens::Lu).or_else(|| of(Sens::Garde)) {
        return Err(Essai::Fin(if item.is_some() { StoreError::Stale } else { StoreError::NotFound }));
    }
    if !failed.is_empty() {
        return Err(Essai::Conflit);
    }
    let passing = |code: &str| matches!(code, "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded" | "None");
    match reasons.iter().filter_map(CancellationReason::code).find(|code| !passing(code)) {
        None => Err(Essai::Conflit),
        Some(code) => Err(Essai::Fin(StoreError::Unavailable(Cause(format!("cancelled: {code}"))))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    fn passed() -> CancellationReason {
        CancellationReason::builder().code("None").build()
    }

    fn conflict() -> CancellationReason {
        CancellationReason::builder().code("TransactionConflict").build()
    }

    fn failed(item: Option<&[(&str, &str)]>) -> CancellationReason {
        let item = item.map(|attributes| attributes.iter().map(|(k, v)| ((*k).to_owned(), s(*v))).collect());
        CancellationReason::builder().code("ConditionalCheckFailed").set_item(item).build()
    }

    const OTHER: &[(&str, &str)] = &[("w", "other"), ("demande", "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV")];

    #[test]
    fn our_own_mark_on_any_part_proves_the_effect() {
        let sens = [Sens::Lu, Sens::Garde, Sens::Idempotence];
        let reasons = [failed(Some(OTHER)), failed(Some(OTHER)), failed(Some(&[("w", "mine")]))];
        assert!(matches!(judge(&sens, &reasons, "mine", None), Ok(Ecrit::Avant)));
    }

    #[test]
    fn a_guard_names_the_demande_and_outweighs_an_old_version() {
        let got = judge(&[Sens::Lu, Sens::Garde], &[failed(Some(OTHER)), failed(Some(OTHER))], "mine", None);
        assert!(matches!(got, Err(Essai::Fin(StoreError::Engage(d))) if d.as_str() == "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    }

    #[test]
    fn what_is_gone_is_not_stale() {
        assert!(matches!(judge(&[Sens::Lu], &[failed(None)], "mine", None), Err(Essai::Fin(StoreError::NotFound))));
        assert!(matches!(judge(&[Sens::Lu], &[failed(Some(OTHER))], "mine", None), Err(Essai::Fin(StoreError::Stale))));
    }

    #[test]
    fn a_moved_account_is_read_again_unless_something_else_decides() {
        assert!(matches!(judge(&[Sens::Lu, Sens::Relire], &[passed(), failed(Some(OTHER))], "mine", None), Err(Essai::Conflit)));
        assert!(matches!(judge(&[Sens::Lu, Sens::Relire], &[failed(Some(OTHER)), failed(Some(OTHER))], "mine", None), Err(Essai::Fin(StoreError::Stale))));
        assert!(matches!(
            judge(&[Sens::Reference, Sens::Relire], &[failed(Some(OTHER)), conflict()], "mine", None),
            Err(Essai::Fin(StoreError::ReferenceConnue))
        ));
    }

    #[test]
    fn conflicts_are_tried_again_and_a_wrong_request_is_not() {
        assert!(matches!(judge(&[Sens::Lu, Sens::Lu], &[passed(), conflict()], "mine", None), Err(Essai::Conflit)));
        let wrong = CancellationReason::builder().code("ValidationError").build();
        assert!(matches!(judge(&[Sens::Lu, Sens::Lu], &[conflict(), wrong], "mine", None), Err(Essai::Fin(StoreError::Unavailable(_)))));
    }

    #[test]
    fn the_token_is_stable_for_one_content_and_new_for_another() {
        let token = |marque: &str, tour, seen: u64| {
            let mut e = Ecriture::new(marque, tour);
            e.seen(seen);
            e.token()
        };
        assert_eq!(token("m", 0, 7), token("m", 0, 7));
        assert_eq!(token("m", 0, 7).len(), 36);
        assert_ne!(token("m", 0, 7), token("m", 0, 8));
        assert_ne!(token("m", 0, 7), token("m", 1, 7));
        assert_ne!(token("m", 0, 7), token("n", 0, 7));
    }

    #[test]
    fn processes_have_marks_of_their_own() {
        assert_eq!(origine().len(), 24);
        assert_ne!(origine(), origine());
    }

    fn at_once() -> impl Iterator<Item = Duration> {
        std::iter::repeat_n(Duration::ZERO, ESSAIS - 1)
    }

    #[test]
    fn twelve_tries_take_between_one_and_four_seconds() {
        let pauses: Vec<Duration> = policy().build().collect();
        assert_eq!(pauses.len(), 11);
        let total: Duration = pauses.iter().sum();
        assert!((1..=4).contains(&total.as_secs()), "{total:?}");
    }

    #[tokio::test]
    async fn contention_ends_as_busy_after_twelve_tries() {
        let tours = RefCell::new(Vec::new());
        let got: R<()> = retry_after(at_once(), |tour| {
            tours.borrow_mut().push(tour);
            async { Err(Essai::Conflit) }
        })
        .await;
        assert!(matches!(got, Err(StoreError::Busy)));
        assert_eq!(*tours.borrow(), (0..12).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_lost_answer_is_asked_for_again_with_the_same_content() {
        let tries = Cell::new(0);
        let got = retry_after(at_once(), |tour| {
            tries.set(tries.get() + 1);
            let lost = tries.get() < 3;
            async move { if lost { Err(Essai::SansReponse(Cause("timeout".into()))) } else { Ok(tour) } }
        })
        .await;
        assert_eq!(got.ok(), Some(0));
        let silent: R<()> = retry_after(at_once(), |_| async { Err(Essai::SansReponse(Cause("timeout".into()))) }).await;
        assert!(matches!(silent, Err(StoreError::Unavailable(_))));
    }

    #[tokio::test]
    async fn what_is_no_use_is_not_tried_again() {
        let tries = Cell::new(0);
        let got: R<()> = retry_after(at_once(), |_| {
            tries.set(tries.get() + 1);
            async { Err(Essai::Fin(StoreError::Stale)) }
        })
        .await;
        assert!(matches!(got, Err(StoreError::Stale)));
        assert_eq!(tries.get(), 1);
    }
}
