//! The job queue: work that follows a commit, at least once, with back-off.
//!
//! A job is enqueued with the business transaction ([`crate::Tx::enqueue`]). A worker claims due jobs for a while
//! (SKIP LOCKED on PostgreSQL, the single writer on SQLite), does them outside of any transaction and then removes them;
//! a worker that dies leaves its claim to run out.

use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entities::job;
use crate::{Actor, Store, StoreError, Tx, WriteContext, WriteError};

/// How long a claim holds before another worker may take the job.
const CLAIM_MS: i64 = 60_000;
/// Attempts after which a job is kept for a person to look at, not run again.
pub const MAX_ATTEMPTS: i32 = 12;

/// A claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub id: i64,
    /// What to do.
    pub kind: String,
    /// What it needs, JSON.
    pub payload: String,
    /// How often it was tried before.
    pub attempts: i32,
}

fn context(now_ms: i64) -> WriteContext {
    WriteContext { actor: Actor::Job("jobs"), now_ms, idempotency: None }
}

fn flatten(error: WriteError<StoreError>) -> StoreError {
    match error {
        WriteError::Refused(error) | WriteError::Store(error) => error,
        WriteError::Replayed(_) => StoreError::Unavailable("a job has no idempotency key".to_owned()),
    }
}

fn is_due(now_ms: i64) -> Condition {
    let free = Condition::any().add(job::Column::LockedUntil.is_null()).add(job::Column::LockedUntil.lt(now_ms));
    Condition::all().add(job::Column::RunAt.lte(now_ms)).add(job::Column::Attempts.lt(MAX_ATTEMPTS)).add(free)
}

/// True where a job is due: a look that costs no transaction.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn due(store: &Store, now_ms: i64) -> Result<bool, StoreError> {
    let first = job::Entity::find().select_only().column(job::Column::Id).filter(is_due(now_ms)).limit(1);
    Ok(first.into_tuple::<i64>().one(store.pool()).await?.is_some())
}

/// Claims at most `limit` jobs that are due.
///
/// # Errors
/// [`StoreError`] where the database refused; nothing is claimed then.
pub async fn claim(store: &Store, limit: u64, now_ms: i64) -> Result<Vec<Claimed>, StoreError> {
    store.write(&context(now_ms), limit, |tx, limit| Box::pin(claim_in(tx, *limit))).await.map_err(flatten)
}

async fn claim_in(tx: &mut Tx, limit: u64) -> Result<Vec<Claimed>, StoreError> {
    let now_ms = tx.now_ms();
    let conn = tx.conn();
    let mut due = job::Entity::find()
        .filter(is_due(now_ms))
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::Id)
        .limit(limit);
    if conn.get_database_backend() == DbBackend::Postgres {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let rows = due.all(conn).await?;
    if !rows.is_empty() {
        job::Entity::update_many()
            .col_expr(job::Column::LockedUntil, Expr::value(now_ms + CLAIM_MS))
            .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
            .filter(job::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(conn)
            .await?;
    }
    Ok(rows
        .into_iter()
        .map(|row| Claimed { id: row.id, kind: row.kind, payload: row.payload, attempts: row.attempts })
        .collect())
}

/// Keeps a claim for another while: for work that takes longer than a claim holds.
///
/// # Errors
/// [`StoreError`] where the database refused; the claim then runs out.
pub async fn renew(store: &Store, id: i64, now_ms: i64) -> Result<(), StoreError> {
    async fn extend(tx: &mut Tx, id: i64) -> Result<(), StoreError> {
        job::Entity::update_many()
            .col_expr(job::Column::LockedUntil, Expr::value(tx.now_ms() + CLAIM_MS))
            .filter(job::Column::Id.eq(id))
            .exec(tx.conn())
            .await?;
        Ok(())
    }
    store.write(&context(now_ms), id, |tx, id| Box::pin(extend(tx, *id))).await.map_err(flatten)
}

/// Frees the claims of a kind of job, so that the next worker takes them at once: what a server does at its start on
/// SQLite, where it is the only one, and a person who sees that nobody works on it.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn free(tx: &Tx, key: Option<&str>) -> Result<(), StoreError> {
    let mut update = job::Entity::update_many()
        .col_expr(job::Column::LockedUntil, Expr::value(Option::<i64>::None))
        .col_expr(job::Column::RunAt, Expr::value(tx.now_ms()))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .filter(job::Column::LockedUntil.is_not_null());
    if let Some(key) = key {
        update = update.filter(job::Column::DedupKey.eq(key));
    }
    update.exec(tx.conn()).await?;
    Ok(())
}

/// [`free`] for every job, in a transaction of its own.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn free_all(store: &Store, now_ms: i64) -> Result<(), StoreError> {
    store.write(&context(now_ms), (), |tx, ()| Box::pin(async move { free(tx, None).await })).await.map_err(flatten)
}

/// Removes a job that was done.
///
/// # Errors
/// [`StoreError`] where the database refused; the job will then run again.
pub async fn done(store: &Store, id: i64, now_ms: i64) -> Result<(), StoreError> {
    async fn remove(tx: &mut Tx, id: i64) -> Result<(), StoreError> {
        job::Entity::delete_by_id(id).exec(tx.conn()).await?;
        Ok(())
    }
    store.write(&context(now_ms), id, |tx, id| Box::pin(remove(tx, *id))).await.map_err(flatten)
}

/// Puts a job back that failed: again after 1, 2, 4 ... seconds, at most an hour.
///
/// # Errors
/// [`StoreError`] where the database refused; the job is free again when its claim runs out.
pub async fn failed(store: &Store, claimed: &Claimed, why: &str, now_ms: i64) -> Result<(), StoreError> {
    async fn put_back(tx: &mut Tx, (id, wait, why): &(i64, i64, String)) -> Result<(), StoreError> {
        job::Entity::update_many()
            .col_expr(job::Column::LockedUntil, Expr::value(Option::<i64>::None))
            .col_expr(job::Column::RunAt, Expr::value(tx.now_ms() + wait))
            .col_expr(job::Column::LastError, Expr::value(why.clone()))
            .filter(job::Column::Id.eq(*id))
            .exec(tx.conn())
            .await?;
        Ok(())
    }
    let wait = 1_000_i64 << claimed.attempts.clamp(0, 11);
    let why: String = why.chars().take(500).collect();
    let input = (claimed.id, std::cmp::min(wait, 3_600_000), why);
    store.write(&context(now_ms), input, |tx, input| Box::pin(put_back(tx, input))).await.map_err(flatten)
}
