//! `qiao backup` and `qiao restore`: the whole company in one file, the same for both databases.
//!
//! The file is a SQLite database with our schema and one table more, the manifest: schema version, moment, and rows and
//! SHA-256 of every table, taken in the order of the primary keys, so that the same data gives the same digests
//! whichever database it came from. It is one snapshot: `VACUUM INTO` on SQLite, a REPEATABLE READ transaction on
//! PostgreSQL; writers go on meanwhile. Because the file is the same, a backup also moves a company from one database to
//! the other.
//!
//! A restore reads and verifies the whole file before it touches the database, and is one transaction.

mod file;
mod postgres;
mod sqlite;
mod value;

use std::path::{Path, PathBuf};

use uuid::Uuid;

pub use file::{BackupFile, TableDigest};

use crate::audit::new_salt;
use crate::{Actor, AuditEntry, DatabaseUrl, Store, StoreError, Tx, WriteContext, WriteError};

/// Writes the whole database into a new file and answers what is in it.
///
/// The file appears under its name only when it is complete and synced. It holds password hashes and everybody's pay, so
/// only its owner may read it.
///
/// # Errors
/// [`StoreError::Backup`] where the file is there already, [`StoreError::File`] where it cannot be written,
/// [`StoreError::Database`] where the database refused. No file is left then.
pub async fn backup(store: &Store, path: &Path, now_ms: i64) -> Result<BackupFile, StoreError> {
    if path.exists() {
        return Err(StoreError::Backup(format!("{}: there already; name a new file", path.display())));
    }
    let part = beside(path, "part");
    let made = fill(store, &part, now_ms).await;
    let result = match made {
        Ok(made) => file::publish(&part, path).map(|()| made.at(path)),
        Err(error) => Err(error),
    };
    if result.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    result
}

async fn fill(store: &Store, part: &Path, now_ms: i64) -> Result<BackupFile, StoreError> {
    file::make_empty(part)?;
    match store.url() {
        DatabaseUrl::Sqlite(source) => sqlite::dump(source, part).await?,
        DatabaseUrl::Postgres(_) => postgres::dump(store, part, now_ms).await?,
    }
    file::seal(part, now_ms).await
}

/// Reads a backup file and verifies all of it.
///
/// # Errors
/// [`StoreError::File`] where it cannot be read, [`StoreError::Backup`] where it is no backup, damaged or was changed,
/// [`StoreError::NewerBackup`] where a newer program made it.
pub async fn read(path: &Path) -> Result<BackupFile, StoreError> {
    file::read(path).await
}

/// Fills an empty database from a verified file, in one transaction.
///
/// # Errors
/// [`StoreError::Backup`] where the database holds anything, [`StoreError::Database`] where it refused. It is as it was
/// then.
pub async fn restore(store: &Store, from: &BackupFile, now_ms: i64) -> Result<(), StoreError> {
    let upgraded = file::upgraded(from, now_ms).await?;
    let source = upgraded.as_ref().map_or(from.path(), |copy| copy.path());
    let line = RestoredLine::new(from, now_ms);
    match store.url() {
        DatabaseUrl::Sqlite(target) => sqlite::load(target, source, &line).await?,
        DatabaseUrl::Postgres(_) => postgres::load(store, source, &line).await?,
    }
    store.announce_commit();
    Ok(())
}

/// Writes the line of a backup into the audit log of the database it was taken from.
///
/// # Errors
/// [`StoreError`] where the database cannot be written; the backup stands.
pub async fn record(store: &Store, made: &BackupFile, now_ms: i64) -> Result<(), StoreError> {
    fn line<'a>(tx: &'a mut Tx, made: &'a BackupFile) -> futures::future::BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (action, record_type, after) = ("backed_up", "database", Some(made.as_json()));
            tx.audit(AuditEntry { action, record_type, record_id: None, before: None, after });
            Ok(())
        })
    }
    let context = WriteContext { actor: Actor::Operator, now_ms, idempotency: None };
    store.write(&context, made.clone(), line).await.map_err(|error| match error {
        WriteError::Refused(error) | WriteError::Store(error) => error,
        WriteError::Replayed(_) => StoreError::Unavailable("a backup has no idempotency key".to_owned()),
    })
}

/// The audit row of a restore; it is written in the restore's own transaction.
struct RestoredLine {
    at: i64,
    salt: Vec<u8>,
    after: String,
}

impl RestoredLine {
    fn new(from: &BackupFile, now_ms: i64) -> Self {
        Self { at: now_ms, salt: new_salt(), after: from.as_json() }
    }
}

/// A name of our own beside a file, so that the last step is a rename on one disk.
fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{word}", Uuid::now_v7().simple()));
    path.with_file_name(name)
}

fn sql_error(error: sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Query(sea_orm::RuntimeErr::SqlxError(std::sync::Arc::new(error))))
}

fn not_empty(table: &str) -> StoreError {
    StoreError::Backup(format!(
        "the database is not empty (table {table} has rows) and was left as it is; restore into a new one"
    ))
}
