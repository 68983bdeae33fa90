//! The SQLite side: the file is a copy of the database, and a restore reads it beside the new one.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::file::{self, MANIFEST};
use super::{RestoredLine, not_empty, sql_error};
use crate::StoreError;

/// Copies the database as one read transaction sees it.
pub(super) async fn dump(source: &Path, part: &Path) -> Result<(), StoreError> {
    let mut db = connect(source).await?;
    let part = part.to_str().ok_or_else(|| StoreError::Backup("the name of the file is not UTF-8".to_owned()))?;
    sqlx::query("vacuum into ?").bind(part).execute(&mut db).await.map_err(sql_error)?;
    db.close().await.map_err(sql_error)
}

/// Fills the database from the file in one transaction.
pub(super) async fn load(target: &Path, source: &Path, line: &RestoredLine) -> Result<(), StoreError> {
    let mut db = connect(target).await?;
    let name = source.to_str().ok_or_else(|| StoreError::Backup("the name of the file is not UTF-8".to_owned()))?;
    sqlx::query("attach database ? as backup").bind(name).execute(&mut db).await.map_err(sql_error)?;
    let mut tx = db.begin_with("begin immediate").await.map_err(sql_error)?;
    load_in(&mut tx, line).await?;
    tx.commit().await.map_err(sql_error)?;
    db.close().await.map_err(sql_error)
}

async fn load_in(tx: &mut SqliteConnection, line: &RestoredLine) -> Result<(), StoreError> {
    // References are looked at when the transaction ends: a team may stand before the one it belongs to.
    sqlx::query("pragma defer_foreign_keys = on").execute(&mut *tx).await.map_err(sql_error)?;
    let tables = file::tables(&mut *tx, "main").await?;
    if tables.iter().map(|t| &t.name).ne(file::tables(&mut *tx, "backup").await?.iter().map(|t| &t.name)) {
        return Err(StoreError::Backup("the file's tables are not those of this program".to_owned()));
    }
    for table in &tables {
        let any = format!("select exists (select 1 from main.\"{}\")", table.name);
        if sqlx::query_scalar(AssertSqlSafe(any)).fetch_one(&mut *tx).await.map_err(sql_error)? {
            return Err(not_empty(&table.name));
        }
    }
    for table in &tables {
        let (name, columns) = (&table.name, table.column_list());
        let copy =
            format!("insert into main.\"{name}\" ({columns}) select {columns} from backup.\"{name}\" not indexed");
        sqlx::query(AssertSqlSafe(copy)).execute(&mut *tx).await.map_err(sql_error)?;
    }
    // Numbers go on behind those that were given before, also where the rows are gone (jobs that were done).
    sqlx::query("delete from main.sqlite_sequence").execute(&mut *tx).await.map_err(sql_error)?;
    let numbers = format!(
        "insert into main.sqlite_sequence (name, seq) select name, seq from backup.sqlite_sequence where name <> '{MANIFEST}'"
    );
    sqlx::query(AssertSqlSafe(numbers)).execute(&mut *tx).await.map_err(sql_error)?;
    let audit = "insert into main.audit (at, actor_kind, actor_name, action, record_type, salt, after_payload) \
                 values (?, 'operator', 'operator', 'restored', 'database', ?, ?)";
    sqlx::query(audit)
        .bind(line.at)
        .bind(&line.salt)
        .bind(&line.after)
        .execute(&mut *tx)
        .await
        .map(drop)
        .map_err(sql_error)
}

/// A connection of our own to a database that may be in use.
async fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-65536")
        .connect()
        .await
        .map_err(sql_error)
}
