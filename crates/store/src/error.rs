//! What can go wrong below the capabilities.

use sea_orm::DbErr;

/// An error of the store. Its text is for operators and logs; the edge turns it into a problem with a stable code.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL cannot be read or could mean two things.
    #[error("database URL '{url}': {hint}")]
    Url {
        /// The URL, without a password.
        url: String,
        /// What would be right.
        hint: String,
    },
    /// There is no database where the URL points.
    #[error("no database at {url}; make one with: qiao init --database {url}")]
    Missing {
        /// The URL, without a password.
        url: String,
    },
    /// The database was made by a newer program.
    #[error("the database has schema version {found}, this program knows up to {known}; start a newer qiao")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The database is not one of Qiao's, or damaged.
    #[error("{0}")]
    Damaged(String),
    /// The database said no.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The write did not happen and may be sent again: the batch it was in ended, or the writer is stopping.
    #[error("the write did not happen, send it again: {0}")]
    Unavailable(String),
    /// The write took longer inside its transaction than it may.
    #[error("the write took longer than {0} ms and was undone")]
    TooSlow(u64),
    /// A request with the same idempotency key and another body was answered before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A fact breaks a rule of the ledger.
    #[error("fact refused: {0}")]
    Fact(String),
    /// A backup file is none, is damaged, or there is no place for it; nothing was written.
    #[error("{0}")]
    Backup(String),
    /// The backup was made by a newer program.
    #[error(
        "{path}: a newer qiao made this backup (schema version {found}, this program knows up to {known}); restore it with a newer qiao"
    )]
    NewerBackup {
        /// The file.
        path: String,
        /// The version of its data.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Reading or writing a file failed.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}

impl StoreError {
    /// True where a value that must be unique is there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        let Self::Database(error) = self else { return false };
        matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
    }

    /// True where the transaction lost against another one and running it again may succeed.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if is_serialization_failure(error))
    }
}

/// True for PostgreSQL's serialization failure and deadlock (SQLSTATE 40001, 40P01).
pub(crate) fn is_serialization_failure(error: &DbErr) -> bool {
    sqlstate(error).is_some_and(|code| code == "40001" || code == "40P01")
}

/// The database's own code of an error, if it was the database that said no.
pub(crate) fn sqlstate(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(inner) | DbErr::Query(inner) | DbErr::Conn(inner)) = error else {
        return None;
    };
    match inner {
        sea_orm::RuntimeErr::SqlxError(error) => match error.as_ref() {
            sqlx::Error::Database(error) => error.code().map(|code| code.into_owned()),
            _ => None,
        },
        sea_orm::RuntimeErr::Internal(_) => None,
    }
}
