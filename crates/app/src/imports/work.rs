//! A run at work: the rows of its file in chunks. How far it came is written in the transaction of each chunk, so that a
//! server that dies in the middle doubles no row and loses none.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::BoxFuture;
use qiao_store::entities::{import_reject, import_row, import_run};
use qiao_store::jobs::Claimed;
use qiao_store::{AuditEntry, StoreError, Tx, WriteError, jobs};
use serde::Deserialize;
use uuid::Uuid;

use super::Mapping;
use super::order::{Order, Slot};
use super::preview::Seen;
use super::queries::{self, Whose};
use super::run::{Applied, CHUNK, ChunkError, Input, Kind, apply, row_of, twice, write};
use super::runs::uncounted;
use super::upload::{clear_rows, json};
use super::views::{Mistake, read};
use crate::access;
use crate::context::Context;
use crate::entry::{Chunk, Row, RowOutcome, Verdict};
use crate::error::AppError;
use crate::inbox;
use crate::state::AppState;

/// The kind of job.
pub const JOB: &str = "import";
/// Rows that are looked at together while the order is found.
const PAGE: i64 = 2_000;
/// How often the claim is renewed, ms.
const RENEW_MS: i64 = 20_000;
/// Between two chunks the processor belongs to those who wait for a page.
const REST: Duration = Duration::from_millis(4);
/// After so many attempts a person has to look at it.
const ATTEMPTS: i32 = 4;

#[derive(Debug, Deserialize)]
struct Payload {
    run: Uuid,
    version: i64,
}

/// Works on a run until it is over, or somebody wants something else of it.
///
/// # Errors
/// Those of the database: the job is tried again and goes on where it was.
pub async fn work(state: &AppState, job: &Claimed) -> Result<(), AppError> {
    let payload: Payload = serde_json::from_str(&job.payload)
        .map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })?;
    let Some(run) = queries::find(state.store().pool(), Whose::All, payload.run).await? else { return Ok(()) };
    if run.version != payload.version {
        return Ok(());
    }
    let worked = match acting(state, &run).await {
        Ok(context) => at_work(state, &context, job, run.clone()).await,
        Err(error) => Err(error),
    };
    match worked {
        // The database will be back; what the rows or the asker's permission bring about will not go away by waiting.
        Err(AppError::Store(error)) if job.attempts < ATTEMPTS => Err(AppError::Store(error)),
        Err(error) => {
            tracing::warn!(run = %run.id, %error, "an import failed");
            fail(state, &run, error.code()).await
        }
        Ok(()) => Ok(()),
    }
}

async fn acting(state: &AppState, run: &import_run::Model) -> Result<Context, AppError> {
    match run.actor_id {
        Some(user) => access::acting(state, user).await,
        None => Err(AppError::Forbidden("not_allowed")),
    }
}

async fn at_work(state: &AppState, context: &Context, job: &Claimed, run: import_run::Model) -> Result<(), AppError> {
    let kind = Kind::parse(&run.kind).ok_or(AppError::NotFound)?;
    let phase = match run.status.as_str() {
        "checking" => Phase::Check,
        "running" => Phase::Run,
        "cancelled" => return clear_rows(state, context, run.id).await,
        _ => return Ok(()),
    };
    kind.require(context)?;
    let header: Vec<String> = read(&run.header);
    let mapping: Mapping = read(&run.mapping);
    let mut worker = Worker { state, context, job, run, kind, phase, header, mapping, renewed_at: state.now_ms() };
    match worker.all().await {
        Err(Stopped::Elsewhere) => Ok(()),
        Err(Stopped::App(error)) => Err(error),
        Ok(()) => Ok(()),
    }
}

async fn fail(state: &AppState, run: &import_run::Model, code: &str) -> Result<(), AppError> {
    let definitions = state.books().definitions().await?;
    let company = crate::company::facts(&definitions.company)?;
    let actor = qiao_store::Actor::Job("imports");
    let context = Context { actor, ..Context::operator(company, crate::locale::Locale::default(), state.now_ms()) };
    async fn put(tx: &mut Tx, (id, version, code): &(Uuid, i64, String)) -> Result<(), AppError> {
        let Some(run) = queries::find(tx.conn(), Whose::All, *id).await? else { return Ok(()) };
        if run.version != *version {
            return Ok(());
        }
        let (status, problem, finished_at) = ("failed".to_owned(), Some(code.clone()), Some(tx.now_ms()));
        Ok(queries::save(tx.conn(), import_run::Model { status, problem, finished_at, ..run }).await?)
    }
    let input = (run.id, run.version, code.to_owned());
    Ok(state.store().write(&context.write(), input, |tx, input| Box::pin(put(tx, input))).await?)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Everything is undone.
    Check,
    Run,
}

/// Why a worker gives up.
enum Stopped {
    /// Somebody wants something else of the run, or another worker has it.
    Elsewhere,
    App(AppError),
}

impl<E: Into<AppError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

/// What is written down of a chunk.
struct Note {
    run: Uuid,
    version: i64,
    /// How far the run was before.
    before: i64,
    /// How many rows this is.
    rows: i64,
    rejects: Vec<import_reject::Model>,
    /// Created, updated, unchanged, rejected.
    counts: [i64; 4],
    beside: BTreeMap<&'static str, usize>,
}

/// A chunk that is written, with what is written down of it; its rows tell which.
struct Step {
    kind: Kind,
    chunk: Chunk,
    note: Note,
    cells: BTreeMap<usize, String>,
}

enum StepError {
    App(AppError),
    Elsewhere,
}

impl From<AppError> for StepError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<qiao_store::StoreError> for StepError {
    fn from(error: qiao_store::StoreError) -> Self {
        Self::App(error.into())
    }
}

fn stopped(error: WriteError<StepError>) -> Stopped {
    match error {
        WriteError::Refused(StepError::App(error)) => Stopped::App(error),
        WriteError::Refused(StepError::Elsewhere) => Stopped::Elsewhere,
        WriteError::Store(error) => Stopped::App(error.into()),
        WriteError::Replayed(answer) => Stopped::App(AppError::Replayed(answer)),
    }
}

struct Worker<'a> {
    state: &'a AppState,
    context: &'a Context,
    job: &'a Claimed,
    run: import_run::Model,
    kind: Kind,
    phase: Phase,
    header: Vec<String>,
    mapping: Mapping,
    renewed_at: i64,
}

impl Worker<'_> {
    async fn all(&mut self) -> Result<(), Stopped> {
        if self.phase == Phase::Check && self.run.done > 0 {
            // What the preview saw was in the memory of the worker that was cut off.
            self.begin_anew().await?;
        }
        let (slots, order) = self.order().await?;
        let mut seen = Seen::default();
        let mut done = 0;
        for (at, first) in &order.twice {
            done += 1;
            if done > self.run.done {
                let mut row = self.rows(&[*at], &slots).await?;
                for (row, cells) in &mut row {
                    twice(self.kind, row, *first);
                    let outcome = RowOutcome { line: row.line, verdict: Verdict::Rejected, errors: row.errors.clone() };
                    let applied = Applied { rows: vec![outcome], beside: BTreeMap::new() };
                    let cells = BTreeMap::from([(row.line, cells.clone())]);
                    seen.add(&applied, &cells);
                    self.note(applied, &cells).await?;
                }
            }
        }
        for chunk in order.chunks(CHUNK) {
            done += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            if done <= self.run.done {
                continue;
            }
            let rows = self.rows(&chunk, &slots).await?;
            let cells: BTreeMap<usize, String> = rows.iter().map(|(row, cells)| (row.line, cells.clone())).collect();
            let rows = rows.into_iter().map(|(row, _)| row).collect();
            match self.phase {
                Phase::Check => {
                    let applied = self.tried(rows, &order).await?;
                    seen.add(&applied, &cells);
                    self.note(applied, &cells).await?;
                }
                Phase::Run => self.written(rows, cells).await?,
            }
            self.renew().await?;
            tokio::time::sleep(REST).await;
        }
        self.end(seen).await
    }

    /// The numbers by which rows are ordered: of the whole file, without its cells.
    async fn order(&self) -> Result<(Vec<Slot>, Order), Stopped> {
        let mut slots = Vec::new();
        let mut from = self.run.first_position;
        while from < self.run.total {
            let to = (from + PAGE).min(self.run.total);
            let rows = queries::rows(self.state.store().pool(), self.run.id, from, to).await?;
            slots.extend(rows.iter().map(|row| Slot::of(self.kind, &self.row(row))));
            from = to;
        }
        let order = Order::of(self.kind, &slots);
        Ok((slots, order))
    }

    fn row(&self, row: &import_row::Model) -> Row {
        let cells: Vec<String> = read(&row.cells);
        row_of(usize::try_from(row.line).unwrap_or_default(), &self.header, &cells, &self.mapping)
    }

    /// Rows by their place in the batch, in that order, with their cells.
    async fn rows(&self, places: &[usize], slots: &[Slot]) -> Result<Vec<(Row, String)>, Stopped> {
        let position = |at: &usize| self.run.first_position + i64::try_from(*at).unwrap_or(i64::MAX);
        let positions: Vec<i64> = places.iter().map(position).collect();
        let rows = queries::rows_at(self.state.store().pool(), self.run.id, &positions).await?;
        let mut by_position: BTreeMap<i64, import_row::Model> =
            rows.into_iter().map(|row| (row.position, row)).collect();
        let rows: Vec<_> = positions.iter().filter_map(|at| by_position.remove(at)).collect();
        if rows.len() != places.len() || slots.len() < places.len() {
            return Err(Stopped::Elsewhere);
        }
        Ok(rows.into_iter().map(|row| (self.row(&row), row.cells)).collect())
    }

    async fn chunk(&self, rows: Vec<Row>) -> Result<Chunk, Stopped> {
        let context = Context { now_ms: self.state.now_ms(), ..self.context.clone() };
        Ok(Chunk { rows, context, view: self.state.books().view().await? })
    }

    /// What would become of some rows. A parent that the file itself brings is there when its turn comes.
    async fn tried(&self, rows: Vec<Row>, order: &Order) -> Result<Applied, Stopped> {
        let (_, parent) = self.kind.key_and_parent();
        let chunk = self.chunk(rows).await?;
        let context = chunk.context.write();
        let input = Input { kind: self.kind, chunk, dry_run: true };
        let mut applied = match self.state.store().write(&context, input, apply).await {
            Ok(applied) | Err(WriteError::Refused(ChunkError::DryRun(applied))) => applied,
            Err(WriteError::Refused(ChunkError::App(error))) => return Err(error.into()),
            Err(WriteError::Store(error)) => return Err(error.into()),
            Err(WriteError::Replayed(answer)) => return Err(AppError::Replayed(answer).into()),
        };
        for row in &mut applied.rows {
            row.errors.retain(|error| {
                let unknown = error.code == "unknown_name" || error.code == "unknown_name_near";
                let named = error.args.first().is_some_and(|name| order.names(name));
                !(unknown && named && parent == Some(error.pointer.trim_start_matches('/')))
            });
            if row.verdict == Verdict::Rejected && row.errors.is_empty() {
                row.verdict = Verdict::Created;
            }
        }
        Ok(applied)
    }

    /// Writes some rows, and how far the run came, in one transaction.
    async fn written(&mut self, rows: Vec<Row>, cells: BTreeMap<usize, String>) -> Result<(), Stopped> {
        let note = self.blank(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let chunk = self.chunk(rows).await?;
        let context = chunk.context.write();
        let input = Step { kind: self.kind, chunk, note, cells };
        fn step<'a>(tx: &'a mut Tx, step: &'a Step) -> BoxFuture<'a, Result<import_run::Model, StepError>> {
            Box::pin(async move {
                let applied = write(tx, step.kind, &step.chunk).await?;
                let note = noted(&step.note, applied, &step.cells);
                put(tx, &note).await
            })
        }
        self.run = self.state.store().write(&context, input, step).await.map_err(stopped)?;
        Ok(())
    }

    /// Writes down what became of some rows.
    async fn note(&mut self, applied: Applied, cells: &BTreeMap<usize, String>) -> Result<(), Stopped> {
        let blank = self.blank(i64::try_from(applied.rows.len()).unwrap_or(i64::MAX));
        let note = noted(&blank, applied, cells);
        let context = Context { now_ms: self.state.now_ms(), ..self.context.clone() };
        let who = context.write();
        let put = self.state.store().write(&who, note, |tx, note| Box::pin(put(tx, note)));
        self.run = put.await.map_err(stopped)?;
        Ok(())
    }

    fn blank(&self, rows: i64) -> Note {
        Note {
            run: self.run.id,
            version: self.run.version,
            before: self.run.done,
            rows,
            rejects: Vec::new(),
            counts: [0; 4],
            beside: BTreeMap::new(),
        }
    }

    async fn renew(&mut self) -> Result<(), Stopped> {
        let now_ms = self.state.now_ms();
        if now_ms - self.renewed_at > RENEW_MS {
            jobs::renew(self.state.store(), self.job.id, now_ms).await?;
            self.renewed_at = now_ms;
        }
        Ok(())
    }

    async fn begin_anew(&mut self) -> Result<(), Stopped> {
        async fn begin(tx: &mut Tx, run: &import_run::Model) -> Result<import_run::Model, StepError> {
            let found = queries::find(tx.conn(), Whose::All, run.id).await?;
            let now =
                found.filter(|now| now.version == run.version && now.done == run.done).ok_or(StepError::Elsewhere)?;
            queries::delete_rejects(tx.conn(), run.id, None).await?;
            let (begun_at, beat_at) = (Some(tx.now_ms()), Some(tx.now_ms()));
            let zero = import_run::Model { begun_at, beat_at, ..uncounted(now) };
            queries::save(tx.conn(), zero.clone()).await?;
            Ok(zero)
        }
        let run = self.run.clone();
        let who = self.context.write();
        let written = self.state.store().write(&who, run, |tx, run| Box::pin(begin(tx, run)));
        self.run = written.await.map_err(stopped)?;
        Ok(())
    }

    async fn end(&mut self, seen: Seen) -> Result<(), Stopped> {
        async fn close(
            tx: &mut Tx,
            (run, preview, context): &(import_run::Model, Option<String>, Context),
        ) -> Result<(), StepError> {
            let found = queries::find(tx.conn(), Whose::All, run.id).await?;
            let now =
                found.filter(|now| now.version == run.version && now.done == run.done).ok_or(StepError::Elsewhere)?;
            let checked = preview.is_some();
            let run = import_run::Model {
                status: if checked { "checked" } else { "done" }.to_owned(),
                preview: preview.clone().or(now.preview.clone()),
                beat_at: Some(tx.now_ms()),
                finished_at: (!checked).then(|| tx.now_ms()),
                ..now
            };
            if !checked {
                finished(tx, &run, context).await?;
            }
            Ok(queries::save(tx.conn(), run).await?)
        }
        let preview = (self.phase == Phase::Check).then(|| json(&seen.preview(&self.run)));
        let context = Context { now_ms: self.state.now_ms(), ..self.context.clone() };
        let who = context.write();
        let input = (self.run.clone(), preview, context);
        let written = self.state.store().write(&who, input, |tx, input| Box::pin(close(tx, input)));
        written.await.map_err(stopped)?;
        if self.phase == Phase::Run {
            clear_rows(self.state, self.context, self.run.id).await?;
        }
        Ok(())
    }
}

/// What follows a finished import: its line in the audit log, and a message to who began it.
async fn finished(tx: &mut Tx, run: &import_run::Model, context: &Context) -> Result<(), StoreError> {
    let after = serde_json::json!({
        "kind": run.kind,
        "created": run.created_count,
        "updated": run.updated_count,
        "unchanged": run.unchanged_count,
        "rejected": run.rejected_count,
    });
    let (action, record_type, after) = ("imported", "import_run", Some(after.to_string()));
    tx.audit(AuditEntry { action, record_type, record_id: Some(run.id), before: None, after });
    let counts = [run.created_count, run.updated_count, run.unchanged_count, run.rejected_count];
    let counts = counts.map(|count| u64::try_from(count).unwrap_or(0));
    match run.actor_id {
        Some(user) => inbox::import_finished(tx, context, user, run.id, &run.file_name, counts).await,
        None => Ok(()),
    }
}

fn noted(blank: &Note, applied: Applied, cells: &BTreeMap<usize, String>) -> Note {
    let mut note = Note { rejects: Vec::new(), beside: applied.beside, ..*blank };
    for row in &applied.rows {
        let [created, updated, unchanged, rejected] = &mut note.counts;
        let count = match row.verdict {
            Verdict::Created => created,
            Verdict::Updated => updated,
            Verdict::Unchanged => unchanged,
            Verdict::Rejected => rejected,
        };
        *count += 1;
        if row.verdict == Verdict::Rejected {
            let mistakes: Vec<Mistake> = row.errors.iter().map(Mistake::from).collect();
            note.rejects.push(import_reject::Model {
                run_id: blank.run,
                line: i64::try_from(row.line).unwrap_or(i64::MAX),
                cells: cells.get(&row.line).cloned().unwrap_or_default(),
                errors: json(&mistakes),
            });
        }
    }
    note
}

/// Writes down how far a run came, unless it is not this worker's any more.
async fn put(tx: &mut Tx, note: &Note) -> Result<import_run::Model, StepError> {
    let found = queries::find(tx.conn(), Whose::All, note.run).await?;
    let run = found.filter(|run| run.version == note.version && run.done == note.before);
    let run = run.ok_or(StepError::Elsewhere)?;
    queries::put_rejects(tx.conn(), note.rejects.clone()).await?;
    let mut beside: BTreeMap<String, i64> = read(&run.beside);
    for (kind, count) in &note.beside {
        *beside.entry((*kind).to_owned()).or_default() += i64::try_from(*count).unwrap_or(i64::MAX);
    }
    let [created, updated, unchanged, rejected] = note.counts;
    let run = import_run::Model {
        done: run.done + note.rows,
        created_count: run.created_count + created,
        updated_count: run.updated_count + updated,
        unchanged_count: run.unchanged_count + unchanged,
        rejected_count: run.rejected_count + rejected,
        beside: json(&beside),
        beat_at: Some(tx.now_ms()),
        ..run
    };
    queries::save(tx.conn(), run.clone()).await?;
    Ok(run)
}
