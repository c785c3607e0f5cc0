//! Reads: strongly consistent on tables, never on an index.

use crate::{
    R, Store, StoreError,
    error::Cause,
    row::{Row, n, s},
    schema::Cle,
    tables::Table,
    transact,
};
use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, KeysAndAttributes},
};
use backon::BackoffBuilder;
use std::collections::{HashMap, HashSet};

/// Keys of one `BatchGetItem` (a limit of DynamoDB).
const LOT: usize = 100;

/// Which sort keys of a partition.
#[derive(Debug, Clone)]
pub(crate) enum Plage {
    /// All that begin so.
    Prefixe(String),
    /// From one to another, both included.
    Entre(String, String),
    /// A number up to another, included.
    JusquA(u64),
    /// All.
    Tout,
}

/// A query of one partition.
#[derive(Debug, Clone)]
pub(crate) struct Requete {
    pub(crate) table: Table,
    /// Name, partition key and sort key of an index; none: the table.
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
    pub(crate) plage: Plage,
    /// Greatest first.
    pub(crate) inverse: bool,
}

impl Requete {
    /// Of a table, smallest first.
    pub(crate) fn new(table: Table, pk: String, plage: Plage) -> Self {
        Self { table, index: None, pk, plage, inverse: false }
    }

    /// The same, greatest first.
    pub(crate) fn newest_first(self) -> Self {
        Self { inverse: true, ..self }
    }
}

impl Store {
    /// One item.
    pub(crate) async fn get(&self, table: Table, cle: &Cle) -> R<Option<Row>> {
        let read = self.0.client.get_item().table_name(self.table(table)).set_key(Some(cle.attributes())).consistent_read(true).send().await;
        Ok(read.map_err(|e| unavailable(&e))?.item)
    }

    /// Items by key; what does not exist is absent from the answer.
    pub(crate) async fn get_all(&self, table: Table, cles: impl IntoIterator<Item = Cle>) -> R<HashMap<Cle, Row>> {
        let wanted: Vec<Cle> = cles.into_iter().collect::<HashSet<_>>().into_iter().collect();
        let mut found = HashMap::new();
        for lot in wanted.chunks(LOT) {
            self.get_lot(table, lot, &mut found).await?;
        }
        Ok(found)
    }

    async fn get_lot(&self, table: Table, lot: &[Cle], found: &mut HashMap<Cle, Row>) -> R<()> {
        let mut left: Vec<_> = lot.iter().map(Cle::attributes).collect();
        let mut pauses = transact::policy().build();
        while !left.is_empty() {
            let keys = KeysAndAttributes::builder()
                .set_keys(Some(std::mem::take(&mut left)))
                .consistent_read(true)
                .build()
                .map_err(|e| StoreError::Unavailable(Cause(e.to_string())))?;
            let read = self.0.client.batch_get_item().request_items(self.table(table), keys).send().await.map_err(|e| unavailable(&e))?;
            for row in read.responses.into_iter().flat_map(HashMap::into_values).flatten() {
                if let (Some(AttributeValue::S(pk)), Some(AttributeValue::S(sk))) = (row.get("pk"), row.get("sk")) {
                    found.insert(Cle { pk: pk.clone(), sk: sk.clone() }, row);
                }
            }
            left = read.unprocessed_keys.into_iter().flat_map(HashMap::into_values).flat_map(|k| k.keys).collect();
            if !left.is_empty() {
                let pause = pauses.next().ok_or(StoreError::Busy)?;
                tokio::time::sleep(pause).await;
            }
        }
        Ok(())
    }

    /// At most `limite` items after a place, in as few requests as the database needs.
    pub(crate) async fn first(&self, requete: &Requete, limite: usize, depuis: Option<Row>) -> R<Vec<Row>> {
        let (mut rows, mut place) = (Vec::new(), depuis);
        loop {
            let (read, next) = self.some(requete, limite - rows.len(), place).await?;
            rows.extend(read);
            match next {
                Some(next) if rows.len() < limite => place = Some(next),
                _ => return Ok(rows),
            }
        }
    }

    /// Everything.
    pub(crate) async fn everything(&self, requete: &Requete) -> R<Vec<Row>> {
        self.first(requete, usize::MAX, None).await
    }

    /// As many of at most `limite` items as one request gives, and the place after them if there may be more.
    pub(crate) async fn some(&self, requete: &Requete, limite: usize, depuis: Option<Row>) -> R<(Vec<Row>, Option<Row>)> {
        let (pk, sk) = requete.index.map_or(("pk", "sk"), |(_, pk, sk)| (pk, sk));
        let (range, from, to) = match &requete.plage {
            Plage::Prefixe(debut) => (format!(" AND begins_with({sk}, :a)"), Some(s(debut)), None),
            Plage::Entre(a, b) => (format!(" AND {sk} BETWEEN :a AND :b"), Some(s(a)), Some(s(b))),
            Plage::JusquA(max) => (format!(" AND {sk} <= :a"), Some(n(max)), None),
            Plage::Tout => (String::new(), None, None),
        };
        let mut query = self
            .0
            .client
            .query()
            .table_name(self.table(requete.table))
            .set_index_name(requete.index.map(|(nom, _, _)| nom.to_owned()))
            .key_condition_expression(format!("{pk} = :pk{range}"))
            .expression_attribute_values(":pk", s(&requete.pk))
            .scan_index_forward(!requete.inverse)
            .consistent_read(requete.index.is_none())
            .set_limit(i32::try_from(limite).ok())
            .set_exclusive_start_key(depuis);
        for (nom, valeur) in [(":a", from), (":b", to)] {
            if let Some(valeur) = valeur {
                query = query.expression_attribute_values(nom, valeur);
            }
        }
        let read = query.send().await.map_err(|e| unavailable(&e))?;
        Ok((read.items.unwrap_or_default(), read.last_evaluated_key.filter(|k| !k.is_empty())))
    }
}

/// The database's words without what was sent or stored.
pub(crate) fn cause<E: ProvideErrorMetadata, H>(error: &SdkError<E, H>) -> Cause {
    let kind = match error {
        SdkError::ConstructionFailure(_) => "request not built",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "not delivered",
        SdkError::ResponseError(_) => "unreadable answer",
        _ => "refused",
    };
    Cause([Some(kind), error.code(), error.message()].into_iter().flatten().collect::<Vec<_>>().join(": "))
}

/// A request that had no answer.
pub(crate) fn unavailable<E: ProvideErrorMetadata, H>(error: &SdkError<E, H>) -> StoreError {
    StoreError::Unavailable(cause(error))
}
