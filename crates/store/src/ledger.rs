//! Reading the ledger below the ORM: facts with their credits, in the order of their sequence.
//!
//! On SQLite there is one writer, so "sequence greater than the last one read" misses nothing. On PostgreSQL a
//! transaction that began earlier may commit later: what is new is what the old snapshot could not see.

use chrono::NaiveDate;
use futures::TryStreamExt;
use sqlx::Row;
use uuid::Uuid;

use crate::entities::{credit, fact};
use crate::reads::refused;
use crate::{Store, StoreError};

mod bulk;
mod fields;
mod named;

pub use bulk::read_all;
pub use named::{NamedFact, named, named_of};

/// How far a reader has read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The newest fact read (SQLite).
    pub fact: i64,
    /// The newest change of definitions read (SQLite).
    pub change: i64,
    /// PostgreSQL's snapshot at the time of reading, as `pg_current_snapshot()` writes it.
    pub snapshot: Option<String>,
}

/// A fact as the ledger holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFact {
    /// The ledger's number.
    pub sequence: i64,
    /// What happened.
    pub kind: String,
    /// The business date.
    pub date: NaiveDate,
    /// The root of the customer's group.
    pub account_group: Option<Uuid>,
    /// The deal.
    pub opportunity_id: Option<Uuid>,
    /// The contract.
    pub contract_id: Option<Uuid>,
    /// The payment.
    pub payment_id: Option<Uuid>,
    /// The product.
    pub product_id: Option<Uuid>,
    /// The product line's code.
    pub product_line: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Tier.
    pub tier: Option<String>,
    /// New or existing.
    pub customer_kind: Option<String>,
    /// Kind of contract.
    pub contract_kind: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Minor units.
    pub amount_minor: i64,
    /// Minor units.
    pub amount_excl_tax_minor: Option<i64>,
    /// Minor units.
    pub margin_minor: Option<i64>,
    /// Millionths.
    pub quantity_micro: Option<i64>,
    /// Millionths.
    pub score_micro: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// When the money was due.
    pub due_date: Option<NaiveDate>,
    /// The day it counts from; none while pending.
    pub recognized_on: Option<NaiveDate>,
    /// Attributes as JSON text.
    pub attributes: Option<String>,
    /// The sequence of the fact this one refers to.
    pub refers_to: Option<i64>,
    /// Person, role, share in parts per million.
    pub credits: Vec<(Uuid, String, i64)>,
}

const COLUMNS: &str = "f.sequence, f.kind, f.date, f.account_group, f.opportunity_id, f.contract_id, f.payment_id, \
f.product_id, f.product_line, f.region, f.tier, f.customer_kind, f.contract_kind, f.source, f.amount_minor, \
f.amount_excl_tax_minor, f.margin_minor, f.quantity_micro, f.score_micro, f.currency, f.due_date, f.recognized_on, \
f.attributes, o.sequence as origin, c.person_id, c.role, c.share_ppm \
from fact f left join fact o on o.id = f.refers_to left join credit c on c.fact_id = f.id";

/// What is new since a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// New facts, by sequence.
    pub facts: Vec<LedgerFact>,
    /// Kinds of definitions that changed.
    pub changes: Vec<String>,
    /// The position after them.
    pub position: Position,
}

macro_rules! decode {
    ($row:expr) => {{
        let row = $row;
        let credit: Option<Uuid> = row.try_get(24)?;
        let credits = match credit {
            Some(person) => vec![(person, row.try_get::<String, _>(25)?, row.try_get::<i64, _>(26)?)],
            None => Vec::new(),
        };
        LedgerFact {
            sequence: row.try_get(0)?,
            kind: row.try_get(1)?,
            date: row.try_get(2)?,
            account_group: row.try_get(3)?,
            opportunity_id: row.try_get(4)?,
            contract_id: row.try_get(5)?,
            payment_id: row.try_get(6)?,
            product_id: row.try_get(7)?,
            product_line: row.try_get(8)?,
            region: row.try_get(9)?,
            tier: row.try_get(10)?,
            customer_kind: row.try_get(11)?,
            contract_kind: row.try_get(12)?,
            source: row.try_get(13)?,
            amount_minor: row.try_get(14)?,
            amount_excl_tax_minor: row.try_get(15)?,
            margin_minor: row.try_get(16)?,
            quantity_micro: row.try_get(17)?,
            score_micro: row.try_get(18)?,
            currency: row.try_get(19)?,
            due_date: row.try_get(20)?,
            recognized_on: row.try_get(21)?,
            attributes: row.try_get(22)?,
            refers_to: row.try_get(23)?,
            credits,
        }
    }};
}

/// Adds a row of the join to the facts read: a further credit of the last fact, or a new fact.
fn push(facts: &mut Vec<LedgerFact>, mut fact: LedgerFact) {
    match facts.last_mut() {
        Some(last) if last.sequence == fact.sequence => last.credits.append(&mut fact.credits),
        _ => facts.push(fact),
    }
}

/// Reads rows of the join into whole facts.
macro_rules! stream {
    ($rows:expr) => {{
        let mut rows = $rows;
        let mut facts: Vec<LedgerFact> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            push(&mut facts, decode!(&row));
        }
        for fact in facts.iter_mut().filter(|fact| fact.credits.len() > 1) {
            // Shares are rounded in this order, whichever database they come from.
            fact.credits.sort();
        }
        facts
    }};
}

/// What SQLite's position is read by.
const SQLITE_POSITION: &str =
    "select (select coalesce(max(sequence), 0) from fact), (select coalesce(max(sequence), 0) from definition_change)";

fn sqlite_position(db: &rusqlite::Connection) -> Result<Position, StoreError> {
    let mut statement = db.prepare_cached(SQLITE_POSITION).map_err(refused)?;
    let position =
        statement.query_row([], |row| Ok(Position { fact: row.get(0)?, change: row.get(1)?, snapshot: None }));
    position.map_err(refused)
}

/// Reads what is new since a position.
///
/// # Errors
/// [`StoreError`] where the database refused or a row cannot be read.
pub async fn read_since(store: &Store, position: &Position) -> Result<News, StoreError> {
    match (&position.snapshot, store.sqlite_reads()) {
        (Some(snapshot), _) => postgres_since(store, snapshot).await.map_err(database),
        (None, Some(reads)) => {
            // One statement is one snapshot. Nothing new is the usual answer: the last pages of two indexes, too little
            // to hand to another thread.
            let now = reads.read(sqlite_position)?;
            if now == *position {
                return Ok(News { position: now, ..News::default() });
            }
            sqlite_since(store, position, now).await.map_err(database)
        }
        (None, None) => Err(StoreError::Damaged("a position without a snapshot on PostgreSQL".to_owned())),
    }
}

/// Facts and changes of definitions are numbered in the order of their commits and never changed: what lies between two
/// positions is the same whenever it is read.
async fn sqlite_since(store: &Store, position: &Position, now: Position) -> Result<News, sqlx::Error> {
    let pool = store.pool().sqlx().get_sqlite_connection_pool();
    let mut connection = pool.acquire().await?;
    let mut facts = Vec::new();
    if now.fact > position.fact {
        let sql = format!("select {COLUMNS} where f.sequence > ? and f.sequence <= ? order by f.sequence");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(position.fact).bind(now.fact);
        facts = stream!(query.fetch(&mut *connection));
    }
    let mut changes = Vec::new();
    if now.change > position.change {
        let sql = "select distinct kind from definition_change where sequence > ? and sequence <= ? order by kind";
        changes = sqlx::query_scalar(sql).bind(position.change).bind(now.change).fetch_all(&mut *connection).await?;
    }
    Ok(News { facts, changes, position: now })
}

/// The rows that the old snapshot ($1) could not see and the new one ($2) can. Both ends of the range are named so that
/// PostgreSQL takes the index for a prepared statement as well, whose values it does not know when it plans.
pub(crate) const NEW_TO_POSTGRES: &str = "{t}txid >= pg_snapshot_xmin($1::pg_snapshot) and {t}txid < pg_snapshot_xmax($2::pg_snapshot) \
and not pg_visible_in_snapshot({t}txid, $1::pg_snapshot) and pg_visible_in_snapshot({t}txid, $2::pg_snapshot)";

/// One statement sees one snapshot, and what a snapshot sees stays: nothing of a ledger is ever deleted. So no transaction
/// is needed around the two statements, and the usual answer, nothing new, takes one.
async fn postgres_since(store: &Store, old: &str) -> Result<News, sqlx::Error> {
    let reads = store.pool().reads().ok_or(sqlx::Error::PoolClosed)?;
    let of = |sql: &str, table: &str| sql.replace("{new}", &NEW_TO_POSTGRES.replace("{t}", table));
    let now = NEW_TO_POSTGRES.replace("{t}", "").replace("$2::pg_snapshot", "pg_current_snapshot()");
    let sql = format!(
        "select pg_current_snapshot()::text, (select count(*) from fact where {now}), \
         array(select distinct kind from definition_change where {now} order by kind)"
    );
    let mut lease = reads.lease().await?;
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(old).fetch_one(lease.connection()).await?;
    let (snapshot, count, changes): (String, i64, Vec<String>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let mut facts = Vec::new();
    if count > 0 {
        let sql = of(&format!("select {COLUMNS} where {{new}} order by f.sequence"), "f.");
        facts = stream!(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(old).bind(&snapshot).fetch(lease.connection()));
    }
    lease.end(Ok(()))?;
    Ok(News { facts, changes, position: Position { snapshot: Some(snapshot), ..Position::default() } })
}

pub(crate) fn database(error: sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Query(sea_orm::RuntimeErr::SqlxError(std::sync::Arc::new(error))))
}

/// The facts of records that stand: those that no other fact took back, and that take none back themselves, with
/// their credits.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn standing(
    db: &impl sea_orm::ConnectionTrait,
    records: &[Uuid],
) -> Result<Vec<(fact::Model, Vec<credit::Model>)>, StoreError> {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
    let facts = fact::Entity::find()
        .filter(fact::Column::RecordId.is_in(records.iter().copied()))
        .order_by_asc(fact::Column::Sequence)
        .all(db)
        .await?;
    let taken_back: std::collections::BTreeSet<Uuid> = facts
        .iter()
        .filter(|fact| qiao_engine::facts::reverses(&fact.kind))
        .filter_map(|fact| fact.refers_to)
        .collect();
    let stand: Vec<fact::Model> = facts
        .into_iter()
        .filter(|f| !taken_back.contains(&f.id) && (f.refers_to.is_none() || !qiao_engine::facts::reverses(&f.kind)))
        .collect();
    let ids = stand.iter().map(|fact| fact.id);
    let credits = credit::Entity::find().filter(credit::Column::FactId.is_in(ids)).all(db).await?;
    Ok(stand
        .into_iter()
        .map(|fact| {
            let own = credits.iter().filter(|credit| credit.fact_id == fact.id).cloned().collect();
            (fact, own)
        })
        .collect())
}
