//! Reads of SQLite below sqlx, for the few statements that most requests need: sqlx hands every statement to a worker
//! thread and copies each value under a lock. The same libsqlite3 serves both.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// Connections that are kept open; more are opened while they are needed.
const KEPT: usize = 16;

/// The cache of each: what one request looks at; the system's cache holds the rest.
pub(crate) const CACHE_KB: u32 = 4_096;

/// Connections that read one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteReads {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl SqliteReads {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::new(Vec::new()) }
    }

    /// Reads on the calling thread: what may take longer than a look at a few pages belongs to a blocking task.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => open(&self.path, CACHE_KB)?,
        };
        let answer = read(&connection);
        // A connection that met an error is not used again.
        if answer.is_ok() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        answer
    }
}

pub(crate) fn refused(error: rusqlite::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Custom(error.to_string()))
}

/// Opens a SQLite file for reading, with a cache of some kB.
pub(crate) fn open(path: &Path, cache_kb: u32) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(refused)?;
    db.busy_timeout(Duration::from_secs(10)).map_err(refused)?;
    db.execute_batch(&format!("pragma cache_size = -{cache_kb}")).map_err(refused)?;
    Ok(db)
}
