//! Facts with the names they are shown by: one statement for a page, whatever its length.

use std::sync::Arc;

use chrono::NaiveDate;
use sqlx::Row;
use uuid::Uuid;

use super::database;
use super::fields::{Fields, SqliteFields, damaged};
use crate::reads::{SqliteReads, refused};
use crate::{Store, StoreError};

/// A fact as answers show it, named by its customer and its deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFact {
    /// The ledger's number.
    pub sequence: u32,
    /// The id.
    pub id: Uuid,
    /// What happened.
    pub kind: String,
    /// The business date.
    pub date: NaiveDate,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Kind of contract.
    pub contract_kind: Option<String>,
    /// New or existing.
    pub customer_kind: Option<String>,
    /// The kind of the record it comes from.
    pub record_type: String,
    /// That record.
    pub record_id: Uuid,
    /// True where it refers to another fact.
    pub refers: bool,
    /// The customer's name.
    pub account: Option<String>,
    /// The deal's name.
    pub opportunity: Option<String>,
    /// What else was recorded, as a JSON object of texts; none where nothing was.
    pub attributes: Option<String>,
}

const SELECT: &str = "select f.sequence, f.id, f.kind, f.date, f.amount_minor, f.currency, f.contract_kind, \
f.customer_kind, f.record_type, f.record_id, f.refers_to is not null, a.name, o.name, f.attributes \
from fact f left join account a on a.id = f.account_id left join opportunity o on o.id = f.opportunity_id";

/// Reads facts by sequence, in no particular order; one that there is not is left out.
///
/// # Errors
/// [`StoreError`] where the database refused or a row cannot be read.
pub async fn named(store: &Store, sequences: &[u32]) -> Result<Vec<NamedFact>, StoreError> {
    if sequences.is_empty() {
        return Ok(Vec::new());
    }
    // The list is one value, so that the text of the statement is the same for every length and is prepared once.
    match store.sqlite_reads() {
        Some(reads) => {
            let list: Vec<String> = sequences.iter().map(u32::to_string).collect();
            sqlite(reads, "f.sequence in (select value from json_each(?1))", format!("[{}]", list.join(","))).await
        }
        None => {
            let list: Vec<i64> = sequences.iter().map(|sequence| i64::from(*sequence)).collect();
            postgres(store, "f.sequence = any($1)", |query| query.bind(list)).await
        }
    }
}

/// Reads every fact of a record, those that were taken back included, in the order of the ledger.
///
/// # Errors
/// [`StoreError`] where the database refused or a row cannot be read.
pub async fn named_of(store: &Store, record: Uuid) -> Result<Vec<NamedFact>, StoreError> {
    match store.sqlite_reads() {
        Some(reads) => sqlite(reads, "f.record_id = ?1 order by f.sequence", record.into_bytes()).await,
        None => postgres(store, "f.record_id = $1 order by f.sequence", |query| query.bind(record)).await,
    }
}

async fn sqlite(
    reads: &Arc<SqliteReads>,
    condition: &'static str,
    value: impl rusqlite::ToSql + Send + 'static,
) -> Result<Vec<NamedFact>, StoreError> {
    let reads = Arc::clone(reads);
    let read = move || {
        reads.read(|db| {
            let mut statement = db.prepare_cached(&format!("{SELECT} where {condition}")).map_err(refused)?;
            let mut rows = statement.query([value]).map_err(refused)?;
            let mut facts = Vec::new();
            while let Some(row) = rows.next().map_err(refused)? {
                facts.push(fact(&SqliteFields(row))?);
            }
            Ok(facts)
        })
    };
    // A list of hundreds of facts may have to be read from the disk.
    let ended = |error| StoreError::Unavailable(format!("reading facts: {error}"));
    tokio::task::spawn_blocking(read).await.map_err(ended)?
}

fn fact(fields: &impl Fields) -> Result<NamedFact, StoreError> {
    let text = |at: usize| fields.text(at).map(|text| text.map(str::to_owned));
    let number = |at: usize| fields.number(at)?.ok_or_else(|| damaged("number", at));
    let id = |at: usize| fields.id(at)?.map(Uuid::from_u128).ok_or_else(|| damaged("id", at));
    Ok(NamedFact {
        sequence: u32::try_from(number(0)?).unwrap_or(0),
        id: id(1)?,
        kind: text(2)?.ok_or_else(|| damaged("kind", 2))?,
        date: fields.date(3)?.ok_or_else(|| damaged("date", 3))?,
        amount_minor: number(4)?,
        currency: text(5)?.ok_or_else(|| damaged("currency", 5))?,
        contract_kind: text(6)?,
        customer_kind: text(7)?,
        record_type: text(8)?.ok_or_else(|| damaged("kind", 8))?,
        record_id: id(9)?,
        refers: number(10)? != 0,
        account: text(11)?,
        opportunity: text(12)?,
        attributes: text(13)?,
    })
}

type PostgresQuery<'a> = sqlx::query::Query<'a, sqlx::Postgres, sqlx::postgres::PgArguments>;

async fn postgres(
    store: &Store,
    condition: &str,
    bind: impl FnOnce(PostgresQuery<'static>) -> PostgresQuery<'static>,
) -> Result<Vec<NamedFact>, StoreError> {
    let query = bind(sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} where {condition}"))));
    let reads = store.pool().reads().ok_or(sqlx::Error::PoolClosed).map_err(database)?;
    let mut lease = reads.lease().await.map_err(database)?;
    let rows = query.fetch_all(lease.connection()).await;
    let rows = lease.end(rows).map_err(database)?;
    let read = |row: &sqlx::postgres::PgRow| {
        Ok(NamedFact {
            sequence: u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
            id: row.try_get(1)?,
            kind: row.try_get(2)?,
            date: row.try_get(3)?,
            amount_minor: row.try_get(4)?,
            currency: row.try_get(5)?,
            contract_kind: row.try_get(6)?,
            customer_kind: row.try_get(7)?,
            record_type: row.try_get(8)?,
            record_id: row.try_get(9)?,
            refers: row.try_get(10)?,
            account: row.try_get(11)?,
            opportunity: row.try_get(12)?,
            attributes: row.try_get(13)?,
        })
    };
    rows.iter().map(read).collect::<Result<_, sqlx::Error>>().map_err(database)
}
