//! Which records were written since a position, by whoever and on whatever node: for those who keep something about records
//! in memory. Read from the audit log, which every write of a record stands in.

use sqlx::Row;
use uuid::Uuid;

use crate::ledger::{NEW_TO_POSTGRES, database};
use crate::reads::refused;
use crate::{Store, StoreError};

/// How far the audit log was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touches {
    /// SQLite: rows are numbered in the order of their commits.
    Sequence(i64),
    /// PostgreSQL: what was visible.
    Snapshot(String),
}

impl Touches {
    /// The position behind everything that is committed.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn now(store: &Store) -> Result<Self, StoreError> {
        match store.sqlite_reads() {
            Some(reads) => Ok(Self::Sequence(reads.read(newest)?)),
            None => {
                let reads = store.pool().reads().ok_or(sqlx::Error::PoolClosed).map_err(database)?;
                let mut lease = reads.lease().await.map_err(database)?;
                let sql = "select pg_current_snapshot()::text";
                let read = sqlx::query_scalar(sql).fetch_one(lease.connection()).await;
                Ok(Self::Snapshot(lease.end(read).map_err(database)?))
            }
        }
    }

    /// Records of some kinds that were written since, each once, with the position behind them.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn since(&self, store: &Store, types: &[&str]) -> Result<(Vec<(String, Uuid)>, Self), StoreError> {
        match self {
            Self::Sequence(after) => {
                let reads = store.sqlite_reads().ok_or_else(|| foreign("SQLite"))?;
                // Nothing new is the usual answer: the last page of an index.
                let now = reads.read(newest)?;
                if now == *after {
                    return Ok((Vec::new(), self.clone()));
                }
                let records = sqlite(store, *after, now, types).await.map_err(database)?;
                Ok((records, Self::Sequence(now)))
            }
            Self::Snapshot(snapshot) => {
                let (records, now) = postgres(store, snapshot, types).await.map_err(database)?;
                Ok((records, Self::Snapshot(now)))
            }
        }
    }
}

fn foreign(name: &str) -> StoreError {
    StoreError::Damaged(format!("a position of {name} on another database"))
}

fn newest(db: &rusqlite::Connection) -> Result<i64, StoreError> {
    let mut statement = db.prepare_cached("select coalesce(max(sequence), 0) from audit").map_err(refused)?;
    statement.query_row([], |row| row.get(0)).map_err(refused)
}

async fn sqlite(store: &Store, after: i64, now: i64, types: &[&str]) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let pool = store.pool().sqlx().get_sqlite_connection_pool();
    let kinds = vec!["?"; types.len()].join(", ");
    let sql = format!(
        "select distinct record_type, record_id from audit \
         where sequence > ? and sequence <= ? and record_id is not null and record_type in ({kinds})"
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after).bind(now);
    for kind in types {
        query = query.bind(*kind);
    }
    let rows = query.fetch_all(pool).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

async fn postgres(store: &Store, old: &str, types: &[&str]) -> Result<(Vec<(String, Uuid)>, String), sqlx::Error> {
    let reads = store.pool().reads().ok_or(sqlx::Error::PoolClosed)?;
    let mut lease = reads.lease().await?;
    // One statement, one snapshot: what it says of now and the rows belong together.
    let new = NEW_TO_POSTGRES.replace("{t}", "").replace("$2::pg_snapshot", "pg_current_snapshot()");
    let sql = format!(
        "select pg_current_snapshot()::text, null::text, null::uuid union all \
         select distinct null::text, record_type, record_id from audit \
         where {new} and record_id is not null and record_type = any($2)"
    );
    let kinds: Vec<String> = types.iter().map(|kind| (*kind).to_owned()).collect();
    let read = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(old).bind(kinds).fetch_all(lease.connection()).await;
    let rows = lease.end(read)?;
    let (mut now, mut records) = (old.to_owned(), Vec::with_capacity(rows.len().saturating_sub(1)));
    for row in &rows {
        match row.try_get::<Option<String>, _>(0)? {
            Some(snapshot) => now = snapshot,
            None => records.push((row.try_get(1)?, row.try_get(2)?)),
        }
    }
    Ok((records, now))
}
