//! The worker: what was put into the queue with a business write is done here, one job at a time on each node.
//!
//! A job is done at least once. What it writes says how far it came, in the transaction of what it wrote, so that the next
//! worker goes on from there.

use std::time::Duration;

use qiao_store::StoreError;
use qiao_store::jobs::{self, Claimed};

use crate::error::AppError;
use crate::imports;
use crate::state::AppState;

/// How long an idle worker waits before it looks again.
const IDLE: Duration = Duration::from_millis(300);

/// Works for as long as the server runs.
pub async fn work(state: AppState) {
    // A SQLite file has one server: what the one before had claimed is free.
    if state.store().is_sqlite()
        && let Err(error) = jobs::free_all(state.store(), state.now_ms()).await
    {
        tracing::warn!(%error, "claims of the server before run out by themselves");
    }
    loop {
        match drain(&state).await {
            Ok(0) => tokio::time::sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "jobs wait");
                tokio::time::sleep(IDLE * 10).await;
            }
        }
    }
}

/// Does what is due now; how many jobs there were.
///
/// # Errors
/// [`StoreError`] where the queue cannot be read or written.
pub async fn drain(state: &AppState) -> Result<usize, StoreError> {
    let mut count = 0;
    while jobs::due(state.store(), state.now_ms()).await? {
        let claimed = jobs::claim(state.store(), 1, state.now_ms()).await?;
        if claimed.is_empty() {
            break;
        }
        for job in &claimed {
            count += 1;
            let done = one(state, job).await;
            match done {
                Ok(()) => jobs::done(state.store(), job.id, state.now_ms()).await?,
                Err(error) => {
                    tracing::warn!(kind = job.kind, id = job.id, %error, "a job failed");
                    jobs::failed(state.store(), job, &error.to_string(), state.now_ms()).await?;
                }
            }
        }
    }
    Ok(count)
}

async fn one(state: &AppState, job: &Claimed) -> Result<(), AppError> {
    match job.kind.as_str() {
        imports::JOB => imports::work(state, job).await,
        other => {
            let detail = format!("this program knows no job '{other}'");
            Err(AppError::Unreadable { code: "internal", detail })
        }
    }
}
