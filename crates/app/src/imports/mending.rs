//! Rejected rows that were mended go in again: just those, in the same run.

use qiao_store::entities::{import_reject, import_row, import_run};
use qiao_store::{AuditEntry, Tx};
use uuid::Uuid;

use super::queries;
use super::run::Kind;
use super::runs::{enqueue, whose};
use super::upload::json;
use super::views::{ImportFileRow, ImportRunView, read};
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::http::idempotent;
use crate::state::AppState;

/// Rows that are mended at a time; more are mended in the file.
pub(super) const MOST: usize = 1_000;

/// Imports mended rows.
///
/// # Errors
/// 403 without the permission, 404 where the run is not there or another's, 409 where it is still at work, 422 where a row is
/// none that was rejected or has more or fewer cells than the header.
pub(super) async fn mend(
    state: &AppState,
    context: &Context,
    id: Uuid,
    rows: Vec<ImportFileRow>,
) -> Result<ImportRunView, AppError> {
    context.require(Permission::Import)?;
    if rows.is_empty() || rows.len() > MOST {
        let code = if rows.is_empty() { "required" } else { "too_many_rows" };
        return Err(AppError::field("/rows", code, &[&MOST.to_string()]));
    }
    let input = (context.clone(), id, rows);
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (context, id, rows)| Box::pin(put(tx, context, *id, rows))).await?)
}

async fn put(tx: &mut Tx, context: &Context, id: Uuid, rows: &[ImportFileRow]) -> Result<ImportRunView, AppError> {
    let run = queries::find(tx.conn(), whose(context), id).await?.ok_or(AppError::NotFound)?;
    Kind::parse(&run.kind).ok_or(AppError::NotFound)?.require(context)?;
    if run.status != "done" {
        return Err(AppError::Conflict("import_not_ready"));
    }
    let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
    let rejected = queries::rejects_at(tx.conn(), id, &lines).await?;
    check(rows, &rejected, &read::<Vec<String>>(&run.header))?;
    queries::delete_rejects(tx.conn(), id, Some(&lines)).await?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let placed = (run.total..).zip(rows).map(|(position, row)| {
        let cells = json(&row.cells);
        import_row::Model { run_id: id, position, line: row.line, cells }
    });
    queries::insert_rows(tx.conn(), placed.collect()).await?;
    let after = Some(serde_json::json!({"kind": run.kind, "rows": count}).to_string());
    let (action, record_type) = ("mended", "import_run");
    tx.audit(AuditEntry { action, record_type, record_id: Some(id), before: None, after });
    let run = import_run::Model {
        status: "running".to_owned(),
        first_position: run.total,
        total: run.total + count,
        done: 0,
        rejected_count: run.rejected_count - count,
        begun_at: Some(tx.now_ms()),
        beat_at: Some(tx.now_ms()),
        finished_at: None,
        version: run.version + 1,
        ..run
    };
    queries::save(tx.conn(), run.clone()).await?;
    enqueue(tx, &run);
    Ok(idempotent(tx, 200, ImportRunView::of(&run, context)))
}

fn check(rows: &[ImportFileRow], rejected: &[import_reject::Model], header: &[String]) -> Result<(), AppError> {
    for (index, row) in rows.iter().enumerate() {
        let twice = rows.iter().take(index).any(|earlier| earlier.line == row.line);
        if twice || !rejected.iter().any(|reject| reject.line == row.line) {
            return Err(AppError::field(format!("/rows/{index}/line"), "not_rejected", &[&row.line.to_string()]));
        }
        if row.cells.len() != header.len() {
            let width = header.len().to_string();
            return Err(AppError::field(format!("/rows/{index}/cells"), "cells_of_header", &[&width]));
        }
    }
    Ok(())
}
