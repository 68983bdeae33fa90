//! Opening a database and handing out connections.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::DatabaseConnection;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::migrations;
use crate::pool::{Pool, PostgresReads, RESTED};
use crate::reads::SqliteReads;
use crate::writer::SqliteWriter;
use crate::{DatabaseUrl, StoreError};

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Make and migrate the database if it is not there or older. Otherwise a missing one is an error.
    pub create: bool,
    /// With `create`: only bring an existing database up; a missing one is an error.
    pub migrate_only: bool,
    /// Connections for reading; on PostgreSQL twice as many, and as many for writing.
    pub connections: u32,
    /// How long a command may take inside its transaction.
    pub deadline: Duration,
    /// PostgreSQL: the schema to work in, for tests that share a server.
    pub schema: Option<String>,
    /// The present moment, ms since 1970 UTC: written beside applied migrations.
    pub now_ms: i64,
}

impl Options {
    /// The options of a server: makes the database, 100 ms for a command (a build without optimisation takes several times as
    /// long for the same).
    #[must_use]
    pub fn serve(now_ms: i64) -> Self {
        Self {
            create: true,
            migrate_only: false,
            connections: 8,
            deadline: Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 100 }),
            schema: None,
            now_ms,
        }
    }

    /// The options of a local command that works on an existing database.
    #[must_use]
    pub fn existing(now_ms: i64) -> Self {
        Self { create: false, deadline: Duration::from_secs(5), ..Self::serve(now_ms) }
    }

    /// The options of a local command that makes the database if it is not there.
    #[must_use]
    pub fn create(now_ms: i64) -> Self {
        Self { create: true, ..Self::existing(now_ms) }
    }
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

/// What writes.
#[derive(Debug)]
pub(crate) enum Writer {
    /// The queue in front of the one connection.
    Sqlite(SqliteWriter),
    /// Connections whose transactions are SERIALIZABLE.
    Postgres(DatabaseConnection),
}

#[derive(Debug)]
struct Inner {
    url: DatabaseUrl,
    pool: Pool,
    writer: Writer,
    reads: Option<Arc<SqliteReads>>,
    deadline: Duration,
    commits: watch::Sender<u64>,
    statements: Arc<AtomicU64>,
}

impl Store {
    /// Opens a database, making and migrating it where the options say so.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none and none may be made, [`StoreError::Newer`] for one of a newer
    /// program, [`StoreError::Damaged`] for one that is not Qiao's, [`StoreError::Database`] where it cannot be reached.
    pub async fn open(url: &DatabaseUrl, options: &Options) -> Result<Self, StoreError> {
        let (pool, writer, reads) = match url {
            DatabaseUrl::Sqlite(path) => {
                let file = SqliteFile::new(path.clone());
                file.prepare(options.create && !options.migrate_only)?;
                let writer = file.writer_connection().await?;
                check_schema(&writer, url, options).await?;
                let _ = writer.close().await;
                let reads = Some(Arc::new(SqliteReads::new(path.clone())));
                let readers = Pool::sqlite(file.reader_pool(options.connections).await?);
                (readers, Writer::Sqlite(SqliteWriter::start(file).await?), reads)
            }
            DatabaseUrl::Postgres(text) => {
                let (pool, writers) = postgres_pools(text, options).await?;
                check_schema(pool.sqlx(), url, options).await?;
                (pool, Writer::Postgres(writers), None)
            }
        };
        let commits = watch::Sender::new(0);
        let statements = Arc::new(AtomicU64::new(0));
        let inner = Inner { url: url.clone(), pool, writer, reads, deadline: options.deadline, commits, statements };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The connections for reading. Writing goes through [`Store::write`] alone.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// Where the data is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.inner.url
    }

    /// True on SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.inner.reads.is_some()
    }

    /// Counts up after every commit of this process; other processes and nodes do not show here.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.inner.commits.subscribe()
    }

    /// Statements of write transactions so far, retries included. A write's cost is per statement.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    pub(crate) fn statement_counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.inner.statements)
    }

    pub(crate) fn announce_commit(&self) {
        self.inner.commits.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.inner.writer
    }

    /// Reads of SQLite below sqlx; none on PostgreSQL.
    pub(crate) fn sqlite_reads(&self) -> Option<&Arc<SqliteReads>> {
        self.inner.reads.as_ref()
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.inner.deadline
    }

    /// Closes every connection; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.inner.pool.close().await;
        if let Writer::Postgres(writers) = &self.inner.writer {
            let _ = writers.close_by_ref().await;
        }
    }
}

async fn check_schema(db: &DatabaseConnection, url: &DatabaseUrl, options: &Options) -> Result<(), StoreError> {
    let found = migrations::version(db).await?;
    if options.create && (found.is_some() || !options.migrate_only) {
        migrations::migrate(db, options.now_ms).await?;
        return Ok(());
    }
    migrations::check_known(found)?;
    match found {
        None => Err(StoreError::Missing { url: url.redacted() }),
        Some(found) if found < migrations::LATEST => Err(StoreError::Damaged(format!(
            "the database has schema version {found}, this program needs {}; run: qiao migrate",
            migrations::LATEST
        ))),
        Some(_) => Ok(()),
    }
}

/// A SQLite file and how its connections are set up.
#[derive(Clone, Debug)]
pub(crate) struct SqliteFile {
    path: PathBuf,
}

impl SqliteFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Makes the folder, or says that there is no database.
    fn prepare(&self, create: bool) -> Result<(), StoreError> {
        let exists = self.path.exists();
        if !exists && !create {
            return Err(StoreError::Missing { url: format!("sqlite:{}", self.path.display()) });
        }
        if exists {
            return check_header(&self.path);
        }
        match self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::File { path: folder.display().to_string(), error }),
            None => Ok(()),
        }
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
    }

    /// The one connection that writes. It is never checked or recycled behind the writer's back.
    pub(crate) async fn writer_connection(&self) -> Result<DatabaseConnection, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(self.options().pragma("wal_autocheckpoint", crate::writer::checkpoint::MOST_PAGES))
            .await
            .map_err(sqlx_error)?;
        Ok(pool.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    async fn reader_pool(&self, connections: u32) -> Result<DatabaseConnection, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            // Eight caches of the writer's size would be half a gigabyte; the system caches the file as well.
            .connect_with(self.options().pragma("query_only", "on").pragma("cache_size", "-16384"))
            .await
            .map_err(sqlx_error)?;
        Ok(pool.into())
    }
}

/// A file that is no SQLite database is refused before anything touches it.
fn check_header(path: &Path) -> Result<(), StoreError> {
    use std::io::Read;
    let failed = |error| StoreError::File { path: path.display().to_string(), error };
    let mut header = [0_u8; 16];
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let read = file.read(&mut header).map_err(failed)?;
    if read > 0 && header != *b"SQLite format 3\0" {
        return Err(StoreError::Damaged(format!("{} is not a SQLite database", path.display())));
    }
    Ok(())
}

/// The connections that read, and those that write: a transaction of theirs is SERIALIZABLE without being told.
async fn postgres_pools(url: &str, options: &Options) -> Result<(Pool, DatabaseConnection), StoreError> {
    let mut connect = PgConnectOptions::from_str(url).map_err(sqlx_error)?.application_name("qiao");
    if let Some(schema) = &options.schema {
        connect = connect.options([("search_path", schema.as_str())]);
    }
    let most = options.connections.max(2) * 2;
    let pool = |most: u32| {
        PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    };
    // Loading and backup: a few long statements.
    let readers = pool(2).connect_with(connect.clone()).await.map_err(sqlx_error)?;
    let reads = PostgresReads::new(connect.clone(), most);
    // Opened when the first write needs them.
    let writers = pool(most).connect_lazy_with(connect.options([("default_transaction_isolation", "serializable")]));
    Ok((Pool::postgres(readers.into(), reads), writers.into()))
}

fn sqlx_error(error: sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(Arc::new(error))))
}
