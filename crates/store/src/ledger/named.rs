//! Facts with the names they are shown by: one statement for a page, whatever its length.

use chrono::NaiveDate;
use sqlx::Row;
use uuid::Uuid;

use super::database;
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

macro_rules! decode {
    ($rows:expr) => {{
        let mut facts = Vec::with_capacity($rows.len());
        for row in &$rows {
            facts.push(NamedFact {
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
            });
        }
        facts
    }};
}

/// Reads facts by sequence, in no particular order; one that there is not is left out.
///
/// # Errors
/// [`StoreError`] where the database refused or a row cannot be read.
pub async fn named(store: &Store, sequences: &[u32]) -> Result<Vec<NamedFact>, StoreError> {
    if sequences.is_empty() {
        return Ok(Vec::new());
    }
    read(store, sequences).await.map_err(database)
}

async fn read(store: &Store, sequences: &[u32]) -> Result<Vec<NamedFact>, sqlx::Error> {
    // The list is one value, so that the text of the statement is the same for every length and is prepared once.
    if store.is_sqlite() {
        let list: Vec<String> = sequences.iter().map(u32::to_string).collect();
        let sql = format!("{SELECT} where f.sequence in (select value from json_each(?))");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(format!("[{}]", list.join(",")));
        let rows = query.fetch_all(store.pool().get_sqlite_connection_pool()).await?;
        return Ok(decode!(rows));
    }
    let list: Vec<i64> = sequences.iter().map(|sequence| i64::from(*sequence)).collect();
    let sql = format!("{SELECT} where f.sequence = any($1)");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(list);
    let rows = query.fetch_all(store.pool().get_postgres_connection_pool()).await?;
    Ok(decode!(rows))
}
