//! Writing on PostgreSQL: SERIALIZABLE transactions, run again when they lose against another one.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::{DatabaseConnection, TransactionTrait};

use super::tx::replay;
use super::{Command, Ran, Tx, WriteContext, WriteError, run};
use crate::{Store, StoreError};

/// How often a transaction that lost is run again.
const RETRIES: u32 = 3;

pub(super) async fn write<I, T, E>(
    store: &Store,
    writers: &DatabaseConnection,
    context: &WriteContext,
    input: &I,
    command: Command<I, T, E>,
) -> Result<T, WriteError<E>> {
    let mut attempt = 0;
    loop {
        match once(store, writers, context, input, command).await {
            Err(WriteError::Store(error)) if error.is_conflict() && attempt < RETRIES => {
                attempt += 1;
                // Waits of about 2, 8, 18 ms, spread by the clock so that two losers do not meet again.
                let spread = u64::from(
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |t| t.subsec_nanos())
                        % 4,
                );
                tokio::time::sleep(Duration::from_millis(u64::from(attempt * attempt) * 2 + spread)).await;
            }
            Err(WriteError::Store(error)) if error.is_conflict() => {
                return Err(WriteError::Store(StoreError::Unavailable("too many writers at the same rows".to_owned())));
            }
            other => return other,
        }
    }
}

async fn once<I, T, E>(
    store: &Store,
    writers: &DatabaseConnection,
    context: &WriteContext,
    input: &I,
    command: Command<I, T, E>,
) -> Result<T, WriteError<E>> {
    let failed = |error: sea_orm::DbErr| WriteError::Store(StoreError::Database(error));
    let inner = writers.begin().await.map_err(failed)?;
    let mut tx = Tx::new(inner, context.clone());
    let ran = run(&mut tx, input, command, store.deadline()).await;
    store.statement_counter().fetch_add(u64::from(tx.statements()), Ordering::Relaxed);
    let inner = tx.into_inner();
    if let Ran::Done(value) = ran {
        inner.commit().await.map_err(failed)?;
        return Ok(value);
    }
    // The first error matters; a rollback that fails as well only closes the connection.
    let _ = inner.rollback().await;
    if matches!(&ran, Ran::Failed(error) if error.is_conflict()) {
        return ran.answer(Ok(None));
    }
    ran.answer(replay(store.pool(), context).await)
}
