//! A file on its way in: it is read once, piece by piece, and its rows are put into the database, where any node finds
//! them and a restart loses none.

use std::path::Path;

use qiao_store::entities::{import_row, import_run};
use qiao_store::{AuditEntry, Tx};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Mapping;
use super::guess::Found;
use super::guess::{Guess, guess};
use super::held::Held;
use super::queries;
use super::run::Kind;
use super::table::{Piece, Source, TableError, visit};
use super::views::ImportRunView;
use crate::context::Context;
use crate::error::AppError;
use crate::http::idempotent;
use crate::state::AppState;

/// Rows that are put into the database in one transaction.
const ROWS: usize = 1_000;
/// Parts of a file that wait for the database.
const WAITING: usize = 2;
/// Rows that are shown before anything is matched.
const SAMPLE: usize = 20;

/// A file as it came.
#[derive(Debug)]
pub(super) struct File {
    pub name: String,
    pub held: Held,
}

/// What was seen of a file while its rows went by.
#[derive(Debug, Default)]
struct Seen {
    header: Vec<String>,
    sample: Vec<Vec<String>>,
    total: i64,
}

/// Takes a file in and guesses what its columns are. Nothing is imported yet.
///
/// # Errors
/// 403 without the permission, 400 where the file cannot be read, 413 where it is too large, 422 without a row.
pub(super) async fn receive(
    state: &AppState,
    context: &Context,
    kind: Kind,
    file: File,
) -> Result<ImportRunView, AppError> {
    kind.require(context)?;
    let quiet = Context { idempotency: None, ..context.clone() };
    let run = blank(context, kind, &file);
    let id = run.id;
    state.store().write(&quiet.write(), run.clone(), |tx, run| Box::pin(begin(tx, run))).await?;
    let taken = take_in(state, &quiet, id, file.held).await;
    let seen = match taken {
        Ok(seen) if seen.total > 0 => seen,
        refused => {
            clear(state, &quiet, id).await?;
            return Err(refused.err().unwrap_or_else(|| AppError::field("/file", "no_rows", &[])));
        }
    };
    let guessed = first_mapping(state, kind, &seen).await?;
    let run = import_run::Model {
        status: "mapping".to_owned(),
        header: json(&seen.header),
        sample: json(&seen.sample),
        guessed: json(&guessed.found),
        mapping: json(&guessed.mapping),
        total: seen.total,
        ..run
    };
    let input = (context.clone(), run);
    Ok(state.store().write(&context.write(), input, |tx, (context, run)| Box::pin(ready(tx, context, run))).await?)
}

async fn begin(tx: &mut Tx, run: &import_run::Model) -> Result<(), AppError> {
    Ok(queries::insert(tx.conn(), run.clone()).await?)
}

async fn ready(tx: &mut Tx, context: &Context, run: &import_run::Model) -> Result<ImportRunView, AppError> {
    queries::save(tx.conn(), run.clone()).await?;
    let after = serde_json::json!({"kind": run.kind, "file_name": run.file_name, "rows": run.total}).to_string();
    let (action, record_type) = ("uploaded", "import_run");
    tx.audit(AuditEntry { action, record_type, record_id: Some(run.id), before: None, after: Some(after) });
    Ok(idempotent(tx, 201, ImportRunView::of(run, context)))
}

/// Takes a run and its rows away.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
async fn clear(state: &AppState, context: &Context, id: Uuid) -> Result<(), AppError> {
    clear_rows(state, context, id).await?;
    async fn gone(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
        Ok(queries::delete(tx.conn(), id).await?)
    }
    Ok(state.store().write(&context.write(), id, |tx, id| Box::pin(gone(tx, *id))).await?)
}

/// Takes the rows of a file away, some at a time.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub(super) async fn clear_rows(state: &AppState, context: &Context, id: Uuid) -> Result<(), AppError> {
    async fn some(tx: &mut Tx, id: Uuid) -> Result<u64, AppError> {
        Ok(queries::delete_rows(tx.conn(), id).await?)
    }
    while state.store().write(&context.write(), id, |tx, id| Box::pin(some(tx, *id))).await? > 0 {}
    Ok(())
}

async fn take_in(state: &AppState, context: &Context, id: Uuid, held: Held) -> Result<Seen, AppError> {
    let (send, mut parts) = mpsc::channel::<Vec<import_row::Model>>(WAITING);
    let reading = tokio::task::spawn_blocking(move || read_in(id, held.path(), &send));
    while let Some(part) = parts.recv().await {
        async fn put(tx: &mut Tx, rows: &[import_row::Model]) -> Result<(), AppError> {
            Ok(queries::insert_rows(tx.conn(), rows.to_vec()).await?)
        }
        state.store().write(&context.write(), part, |tx, rows| Box::pin(put(tx, rows))).await?;
    }
    match reading.await {
        Ok(Ok(seen)) => Ok(seen),
        Ok(Err(TableError::TooLarge)) => Err(AppError::TooLarge),
        Ok(Err(error)) => Err(AppError::Unreadable { code: "unreadable_file", detail: error.detail(context.locale) }),
        Err(_) => Err(AppError::Unreadable { code: "unreadable_file", detail: String::new() }),
    }
}

fn read_in(id: Uuid, path: &Path, send: &mpsc::Sender<Vec<import_row::Model>>) -> Result<Seen, TableError> {
    let mut seen = Seen::default();
    let mut part = Vec::with_capacity(ROWS);
    visit(Source::Path(path), &mut |piece| match piece {
        Piece::Header(header) => seen.header = header,
        Piece::Row(line, cells) => {
            let line = i64::try_from(line).unwrap_or(i64::MAX);
            part.push(import_row::Model { run_id: id, position: seen.total, line, cells: json(&cells) });
            seen.total += 1;
            if seen.sample.len() < SAMPLE {
                seen.sample.push(cells);
            }
            if part.len() >= ROWS {
                // Nobody takes it any more where the database refused: the rest is read for nothing, and ends.
                let _ = send.blocking_send(std::mem::replace(&mut part, Vec::with_capacity(ROWS)));
            }
        }
    })?;
    if !part.is_empty() {
        let _ = send.blocking_send(part);
    }
    Ok(seen)
}

/// The mapping that was used for such a file before, else one that is guessed.
async fn first_mapping(state: &AppState, kind: Kind, seen: &Seen) -> Result<Guess, AppError> {
    let before = queries::remembered(state.store().pool(), kind.as_str(), &header_digest(&seen.header)).await?;
    let before: Option<Mapping> = before.and_then(|text| serde_json::from_str(&text).ok());
    Ok(match before {
        Some(mapping) => {
            let found = mapping.columns.keys().map(|name| (name.clone(), Found::Before)).collect();
            Guess { mapping, found }
        }
        None => guess(kind, &seen.header, &seen.sample),
    })
}

/// What a header is remembered by.
pub(super) fn header_digest(header: &[String]) -> String {
    Sha256::digest(json(header).as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON of what always is some.
pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn blank(context: &Context, kind: Kind, file: &File) -> import_run::Model {
    import_run::Model {
        id: Uuid::now_v7(),
        kind: kind.as_str().to_owned(),
        file_name: file.name.chars().filter(|c| !c.is_control()).take(200).collect(),
        file_size: i64::try_from(file.held.size).unwrap_or(i64::MAX),
        status: "reading".to_owned(),
        problem: None,
        header: "[]".to_owned(),
        sample: "[]".to_owned(),
        guessed: "{}".to_owned(),
        mapping: "{}".to_owned(),
        total: 0,
        first_position: 0,
        done: 0,
        created_count: 0,
        updated_count: 0,
        unchanged_count: 0,
        rejected_count: 0,
        beside: "{}".to_owned(),
        preview: None,
        actor_id: context.user_id,
        actor_name: context.actor.name().to_owned(),
        version: 1,
        created_at: context.now_ms,
        begun_at: None,
        beat_at: None,
        finished_at: None,
    }
}
