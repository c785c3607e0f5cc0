//! The tables themselves: what the template of the cloud must declare, and what the local runner creates.

use crate::{R, Store, StoreError, read::cause, schema};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};

/// The names of the three tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Conventions, shops' lists, reference tables.
    pub mutuelles: String,
    /// Shops, clients, dossiers, demandes.
    pub dossiers: String,
    /// Accounts and ledgers.
    pub credits: String,
}

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Mutuelles,
    Dossiers,
    Credits,
}

/// Type of a key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribut {
    /// Text.
    S,
    /// Number.
    N,
}

/// A sparse index with the keys alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub nom: &'static str,
    /// Its partition key, a text.
    pub pk: &'static str,
    /// Its sort key.
    pub sk: &'static str,
    /// Type of the sort key.
    pub sk_type: Attribut,
}

/// What a table must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub nom: String,
    /// Its indexes, all `KEYS_ONLY`.
    pub index: &'static [Index],
    /// The attribute after which an item is forgotten, in epoch seconds.
    pub ttl: Option<&'static str>,
}

/// Partition and sort key of the index of what is due, and of the work list.
pub(crate) const ECHEANCE: (&str, &str, &str) = (schema::ECHEANCE, "ech_pk", "ech_a");
pub(crate) const TRAVAIL: (&str, &str, &str) = (schema::TRAVAIL, "tr_pk", "tr_sk");
/// When an answered key may be forgotten.
pub(crate) const TTL: &str = "ttl";

const INDEX_DOSSIERS: &[Index] = &[
    Index { nom: ECHEANCE.0, pk: ECHEANCE.1, sk: ECHEANCE.2, sk_type: Attribut::N },
    Index { nom: TRAVAIL.0, pk: TRAVAIL.1, sk: TRAVAIL.2, sk_type: Attribut::S },
];

/// What the three tables must look like: every key is `pk` and `sk`, both text, paid per request.
pub fn definitions(tables: &Tables) -> [Definition; 3] {
    [
        Definition { nom: tables.mutuelles.clone(), index: &[], ttl: None },
        Definition { nom: tables.dossiers.clone(), index: INDEX_DOSSIERS, ttl: Some(TTL) },
        Definition { nom: tables.credits.clone(), index: &[], ttl: None },
    ]
}

impl Store {
    pub(crate) fn table(&self, table: Table) -> &str {
        let tables = &self.0.tables;
        match table {
            Table::Mutuelles => &tables.mutuelles,
            Table::Dossiers => &tables.dossiers,
            Table::Credits => &tables.credits,
        }
    }

    /// Creates what is missing. For the local runner and tests; in the cloud the template does it.
    pub async fn create_tables(&self) -> R<()> {
        for definition in definitions(&self.0.tables) {
            self.create_table(&definition).await?;
        }
        Ok(())
    }

    async fn create_table(&self, definition: &Definition) -> R<()> {
        let built = |e: aws_sdk_dynamodb::error::BuildError| StoreError::corrupt("definition", e.to_string());
        let mut request = self.0.client.create_table().table_name(&definition.nom).billing_mode(BillingMode::PayPerRequest);
        for (nom, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
            request = request.key_schema(element(nom, role).map_err(built)?).attribute_definitions(attribute(nom, Attribut::S).map_err(built)?);
        }
        for index in definition.index {
            let gsi = GlobalSecondaryIndex::builder()
                .index_name(index.nom)
                .key_schema(element(index.pk, KeyType::Hash).map_err(built)?)
                .key_schema(element(index.sk, KeyType::Range).map_err(built)?)
                .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
                .build()
                .map_err(built)?;
            request = request
                .global_secondary_indexes(gsi)
                .attribute_definitions(attribute(index.pk, Attribut::S).map_err(built)?)
                .attribute_definitions(attribute(index.sk, index.sk_type).map_err(built)?);
        }
        if let Err(error) = request.send().await {
            let there = error.as_service_error().is_some_and(aws_sdk_dynamodb::operation::create_table::CreateTableError::is_resource_in_use_exception);
            return if there { Ok(()) } else { Err(StoreError::Unavailable(cause(&error))) };
        }
        if let Some(ttl) = definition.ttl {
            let specification = TimeToLiveSpecification::builder().attribute_name(ttl).enabled(true).build().map_err(built)?;
            self.0
                .client
                .update_time_to_live()
                .table_name(&definition.nom)
                .time_to_live_specification(specification)
                .send()
                .await
                .map_err(|e| StoreError::Unavailable(cause(&e)))?;
        }
        Ok(())
    }
}

fn element(nom: &str, role: KeyType) -> Result<KeySchemaElement, aws_sdk_dynamodb::error::BuildError> {
    KeySchemaElement::builder().attribute_name(nom).key_type(role).build()
}

fn attribute(nom: &str, of: Attribut) -> Result<AttributeDefinition, aws_sdk_dynamodb::error::BuildError> {
    let of = match of {
        Attribut::S => ScalarAttributeType::S,
        Attribut::N => ScalarAttributeType::N,
    };
    AttributeDefinition::builder().attribute_name(nom).attribute_type(of).build()
}
