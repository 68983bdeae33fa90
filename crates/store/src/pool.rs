//! The connections that answer reads. On PostgreSQL they are kept here: sqlx's own pool pings a connection before it takes
//! it back, a trip more for every statement.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Postgres};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How long a connection may have rested before it is tried out first: a server that was started anew is noticed.
pub(crate) const RESTED: Duration = Duration::from_secs(1);
/// How long a statement waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connections for reading: what every query of the capabilities goes through.
#[derive(Debug)]
pub struct Pool {
    sqlx: DatabaseConnection,
    postgres: Option<PostgresReads>,
}

impl Pool {
    pub(crate) fn sqlite(sqlx: DatabaseConnection) -> Self {
        Self { sqlx, postgres: None }
    }

    pub(crate) fn postgres(sqlx: DatabaseConnection, reads: PostgresReads) -> Self {
        Self { sqlx, postgres: Some(reads) }
    }

    /// The pool of sqlx below, for what is long or below the ORM: loading, backup.
    #[must_use]
    pub fn sqlx(&self) -> &DatabaseConnection {
        &self.sqlx
    }

    /// The connections to PostgreSQL; none on SQLite.
    pub(crate) fn reads(&self) -> Option<&PostgresReads> {
        self.postgres.as_ref()
    }

    pub(crate) async fn close(&self) {
        if let Some(reads) = &self.postgres {
            reads.close().await;
        }
        let _ = self.sqlx.close_by_ref().await;
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.sqlx.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(reads) = &self.postgres else { return self.sqlx.execute_raw(statement).await };
        let mut lease = reads.lease().await.map_err(failed)?;
        let done = query(&statement).execute(lease.connection()).await;
        lease.end(done).map(ExecResult::from).map_err(|error| DbErr::Exec(runtime(error)))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let Some(reads) = &self.postgres else { return self.sqlx.execute_unprepared(sql).await };
        let mut lease = reads.lease().await.map_err(failed)?;
        let done = lease.connection().execute(AssertSqlSafe(sql.to_owned())).await;
        lease.end(done).map(ExecResult::from).map_err(|error| DbErr::Exec(runtime(error)))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(reads) = &self.postgres else { return self.sqlx.query_one_raw(statement).await };
        let mut lease = reads.lease().await.map_err(failed)?;
        let row = query(&statement).fetch_optional(lease.connection()).await;
        Ok(lease.end(row).map_err(|error| DbErr::Query(runtime(error)))?.map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(reads) = &self.postgres else { return self.sqlx.query_all_raw(statement).await };
        let mut lease = reads.lease().await.map_err(failed)?;
        let rows = query(&statement).fetch_all(lease.connection()).await;
        let rows = lease.end(rows).map_err(|error| DbErr::Query(runtime(error)))?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn runtime(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(std::sync::Arc::new(error))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(runtime(error))
}

/// Connections to PostgreSQL for statements that stand alone.
pub(crate) struct PostgresReads {
    options: PgConnectOptions,
    permits: Semaphore,
    idle: Mutex<Vec<(PgConnection, Instant)>>,
}

impl std::fmt::Debug for PostgresReads {
    // The options hold a password.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PostgresReads").finish_non_exhaustive()
    }
}

impl PostgresReads {
    /// Connections with these options, so many at most, each opened when it is needed.
    pub(crate) fn new(options: PgConnectOptions, most: u32) -> Self {
        let permits = Semaphore::new(usize::try_from(most).unwrap_or(1));
        Self { options, permits, idle: Mutex::default() }
    }

    /// A connection, for one or a few statements.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, sqlx::Error> {
        let waited = tokio::time::timeout(PATIENCE, self.permits.acquire()).await;
        let permit = waited.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        loop {
            let rested = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match rested {
                None => PgConnection::connect_with(&self.options).await?,
                Some((mut connection, since)) => {
                    if since.elapsed() > RESTED && connection.ping().await.is_err() {
                        continue;
                    }
                    connection
                }
            };
            return Ok(Lease { reads: self, connection, _permit: permit });
        }
    }

    async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for (connection, _) in idle {
            let _ = connection.close().await;
        }
    }
}

/// A connection that is taken. It is kept for the next one only where all went well: one whose statement failed, or was
/// given up half-way, is closed.
pub(crate) struct Lease<'a> {
    reads: &'a PostgresReads,
    connection: PgConnection,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    /// The connection.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Gives the connection back after its last statement.
    pub(crate) fn end<T>(self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if answer.is_ok() && !self.reads.permits.is_closed() {
            self.reads.idle.lock().unwrap_or_else(PoisonError::into_inner).push((self.connection, Instant::now()));
        }
        answer
    }
}
