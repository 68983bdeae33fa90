//! Import runs: matching columns, previewing, starting, cancelling.

use qiao_store::entities::{import_mapping, import_run};
use qiao_store::{AuditEntry, NewJob, Tx, jobs};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::held;
use super::queries::{self, Whose};
use super::run::Kind;
use super::upload::{clear_rows, header_digest, json};
use super::views::{ImportRunRow, ImportRunView, RejectedRow, interrupted, read};
use super::work::JOB;
use super::{Mapping, fields};
use crate::context::{Context, Permission, Role};
use crate::error::AppError;
use crate::http::{Page, PageRequest, idempotent};
use crate::state::AppState;

/// How long a file waits for its import before it is forgotten, ms: a week.
const FORGOTTEN_MS: i64 = 7 * 24 * 3_600_000;
/// ImportChoices that are answered at most.
const CHOICES: usize = 50;

/// What is to be done with a run.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// Match its columns so, in this version, and preview.
    Match { mapping: Box<Mapping>, version: i64 },
    /// Import, or go on where it was cut off.
    Start,
    /// Stop.
    Cancel,
}

/// Whose runs somebody sees.
pub(super) fn whose(context: &Context) -> Whose {
    match context.role {
        None | Some(Role::Administrator) => Whose::All,
        Some(_) => Whose::Of(context.user_id),
    }
}

/// The runs that the asker sees; none where they may not import.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub(super) async fn list(
    state: &AppState,
    context: &Context,
    page: &PageRequest,
) -> Result<Page<ImportRunRow>, AppError> {
    if !context.may(Permission::Import) {
        return Ok(Page::new(Vec::new(), None));
    }
    let before = match &page.after {
        None => None,
        Some((_, id)) => Some(Uuid::try_parse(id).map_err(|_| AppError::field("/cursor", "cursor", &[]))?),
    };
    let rows = queries::page(state.store().pool(), whose(context), before, page.limit + 1).await?;
    let page = page.page(rows, |run| (String::new(), run.id.to_string()));
    Ok(Page::new(page.items.iter().map(|run| ImportRunRow::of(run, context.now_ms)).collect(), page.next_cursor))
}

/// A run.
///
/// # Errors
/// 404 where it is not there or another's.
pub(super) async fn get(state: &AppState, context: &Context, id: Uuid) -> Result<import_run::Model, AppError> {
    let whose = if context.may(Permission::Import) { whose(context) } else { return Err(AppError::NotFound) };
    queries::find(state.store().pool(), whose, id).await?.ok_or(AppError::NotFound)
}

/// The rejected rows of a run behind a line.
///
/// # Errors
/// 404 where the run is not there or another's.
pub(super) async fn rejects(
    state: &AppState,
    context: &Context,
    id: Uuid,
    after: i64,
    limit: u64,
) -> Result<(import_run::Model, Vec<RejectedRow>), AppError> {
    let run = get(state, context, id).await?;
    let (header, mapping): (Vec<String>, Mapping) = (read(&run.header), read(&run.mapping));
    let rows = queries::rejects(state.store().pool(), id, after, limit).await?;
    let rows = rows.iter().map(|row| RejectedRow::of(row, &header, &mapping, context)).collect();
    Ok((run, rows))
}

/// Does something with a run.
///
/// # Errors
/// 403 without the permission, 404, 409 where the run is past it, 412 where it was changed since it was read, 422 where the
/// mapping lacks a column.
pub(super) async fn put(state: &AppState, context: &Context, id: Uuid, wish: Wish) -> Result<ImportRunView, AppError> {
    context.require(Permission::Import)?;
    let input = (context.clone(), id, wish);
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (context, id, wish)| Box::pin(put_in(tx, context, *id, wish))).await?)
}

async fn put_in(tx: &mut Tx, context: &Context, id: Uuid, wish: &Wish) -> Result<ImportRunView, AppError> {
    let before = queries::find(tx.conn(), whose(context), id).await?.ok_or(AppError::NotFound)?;
    let kind = Kind::parse(&before.kind).ok_or(AppError::NotFound)?;
    kind.require(context)?;
    let run = match wish {
        Wish::Match { mapping, version } => {
            if before.version != *version {
                return Err(AppError::Stale);
            }
            matched(tx, context, kind, before, mapping).await?
        }
        Wish::Start => started(tx, kind, before).await?,
        Wish::Cancel => cancelled(tx, before)?,
    };
    queries::save(tx.conn(), run.clone()).await?;
    let view = ImportRunView::of(&run, context);
    Ok(if matches!(wish, Wish::Match { .. }) { view } else { idempotent(tx, 200, view) })
}

async fn matched(
    tx: &mut Tx,
    context: &Context,
    kind: Kind,
    before: import_run::Model,
    mapping: &Mapping,
) -> Result<import_run::Model, AppError> {
    if !matches!(before.status.as_str(), "mapping" | "checking" | "checked") {
        return Err(AppError::Conflict("import_begun"));
    }
    let header: Vec<String> = read(&before.header);
    let unnamed = fields::needed(kind).iter().filter(|name| !mapping.says(name));
    let label = |name: &str| {
        let field = fields::of(kind).iter().find(|field| field.name == name);
        field.map(|field| context.locale.pick(field.zh, field.en)).unwrap_or_default()
    };
    let missing =
        unnamed.map(|name| crate::error::FieldError::new(format!("/columns/{name}"), "column_needed", &[label(name)]));
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        return Err(AppError::Invalid(missing));
    }
    mapping.check(kind.columns(), &header).map_err(|detail| AppError::Unreadable { code: "mapping", detail })?;
    queries::delete_rejects(tx.conn(), before.id, None).await?;
    let run = import_run::Model { mapping: json(mapping), preview: None, ..fresh(tx, before, "checking") };
    enqueue(tx, &run);
    Ok(run)
}

/// A run before its rows.
fn fresh(tx: &Tx, before: import_run::Model, status: &str) -> import_run::Model {
    import_run::Model {
        status: status.to_owned(),
        problem: None,
        begun_at: Some(tx.now_ms()),
        beat_at: Some(tx.now_ms()),
        version: before.version + 1,
        ..uncounted(before)
    }
}

/// A run of which nothing is done.
pub(super) fn uncounted(run: import_run::Model) -> import_run::Model {
    import_run::Model {
        done: 0,
        created_count: 0,
        updated_count: 0,
        unchanged_count: 0,
        rejected_count: 0,
        beside: "{}".to_owned(),
        ..run
    }
}

/// What stands for the work on a run in a version in the queue.
fn key(run: &import_run::Model) -> String {
    format!("import:{}:{}", run.id, run.version)
}

/// Has the run worked on. The job belongs to this version: an older one that is still at work gives up.
pub(super) fn enqueue(tx: &mut Tx, run: &import_run::Model) {
    let payload = serde_json::json!({"run": run.id, "version": run.version}).to_string();
    let run_at = tx.now_ms();
    tx.enqueue(NewJob { kind: JOB, payload, dedup_key: Some(key(run)), run_at });
}

async fn started(tx: &mut Tx, kind: Kind, before: import_run::Model) -> Result<import_run::Model, AppError> {
    match before.status.as_str() {
        "checked" => {
            queries::delete_rejects(tx.conn(), before.id, None).await?;
            let header: Vec<String> = read(&before.header);
            let remembered = import_mapping::Model {
                kind: kind.as_str().to_owned(),
                header_digest: header_digest(&header),
                mapping: before.mapping.clone(),
                updated_at: tx.now_ms(),
            };
            queries::remember(tx.conn(), remembered).await?;
            let run = fresh(tx, before, "running");
            enqueue(tx, &run);
            let (action, record_type) = ("started", "import_run");
            let after = Some(serde_json::json!({"kind": run.kind, "rows": run.total}).to_string());
            tx.audit(AuditEntry { action, record_type, record_id: Some(run.id), before: None, after });
            Ok(run)
        }
        // Cut off: the queue gives it to the next worker at once, which goes on where it was.
        "checking" | "running" if interrupted(&before, tx.now_ms()) => {
            jobs::free(tx, Some(&key(&before))).await?;
            let run = import_run::Model { beat_at: Some(tx.now_ms()), ..before };
            enqueue(tx, &run);
            Ok(run)
        }
        "failed" => {
            let status = if before.preview.is_some() { "running" } else { "checking" };
            let version = before.version + 1;
            let (status, beat_at) = (status.to_owned(), Some(tx.now_ms()));
            let run = import_run::Model { status, problem: None, finished_at: None, version, beat_at, ..before };
            enqueue(tx, &run);
            Ok(run)
        }
        "running" => Ok(before),
        _ => Err(AppError::Conflict("import_not_ready")),
    }
}

fn cancelled(tx: &mut Tx, before: import_run::Model) -> Result<import_run::Model, AppError> {
    if matches!(before.status.as_str(), "done" | "cancelled") {
        return Err(AppError::Conflict("import_over"));
    }
    let (action, record_type, record_id) = ("cancelled", "import_run", Some(before.id));
    let after = Some(serde_json::json!({"kind": before.kind, "rows": before.total, "done": before.done}).to_string());
    tx.audit(AuditEntry { action, record_type, record_id, before: None, after });
    let (status, version, finished_at) = ("cancelled".to_owned(), before.version + 1, Some(tx.now_ms()));
    // What a preview counted never happened.
    let before = if before.status == "running" { before } else { uncounted(before) };
    let run = import_run::Model { status, version, finished_at, ..before };
    // Its rows are taken away behind the transaction.
    enqueue(tx, &run);
    Ok(run)
}

/// A value that a column may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ImportChoice {
    /// As it is written in files.
    value: String,
    /// As people know it.
    label: String,
}

/// What may stand in a column, of what the asker sees: people, products, stages, pipelines, metrics. Empty for others.
///
/// # Errors
/// 404 where the run is not there or another's.
pub(super) async fn choices(
    state: &AppState,
    context: &Context,
    id: Uuid,
    column: &str,
    text: &str,
) -> Result<Vec<ImportChoice>, AppError> {
    let run = get(state, context, id).await?;
    let kind = Kind::parse(&run.kind).ok_or(AppError::NotFound)?;
    let shape = fields::of(kind).iter().find(|field| field.name == column).map(|field| field.shape);
    let view = state.view(context).await?;
    let (definitions, catalog) = (&view.snapshot.definitions, &view.catalog);
    let choice = |value: &str, label: &str| ImportChoice { value: value.to_owned(), label: label.to_owned() };
    let all: Vec<ImportChoice> = match shape {
        Some(fields::Shape::Person) => {
            let seen = definitions.people.values().filter(|p| context.rows.covers(Some(Uuid::from_u128(p.id))));
            seen.map(|person| choice(person.key(), &person.name)).collect()
        }
        Some(fields::Shape::Product) => catalog.products.iter().map(|p| choice(&p.code, &p.name)).collect(),
        Some(fields::Shape::Pipeline) => catalog.pipelines.iter().map(|p| choice(&p.name, &p.name)).collect(),
        Some(fields::Shape::Stage) => {
            let pipeline = |id: Uuid| catalog.pipelines.iter().find(|p| p.id == id).map(|p| p.name.as_str());
            let many = catalog.pipelines.len() > 1;
            let label = |stage: &qiao_store::entities::stage::Model| match pipeline(stage.pipeline_id) {
                Some(pipeline) if many => format!("{pipeline} · {}", stage.name),
                _ => stage.name.clone(),
            };
            catalog.stages.iter().map(|stage| choice(&stage.code, &label(stage))).collect()
        }
        _ => Vec::new(),
    };
    let wanted = text.trim().to_lowercase();
    let fits = |choice: &ImportChoice| {
        choice.value.to_lowercase().contains(&wanted) || choice.label.to_lowercase().contains(&wanted)
    };
    let mut fitting: Vec<ImportChoice> = all.into_iter().filter(fits).collect();
    fitting.dedup_by(|a, b| a.value == b.value);
    fitting.truncate(CHOICES);
    Ok(fitting)
}

/// Forgets files that were sent and never imported.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn sweep(state: &AppState) -> Result<(), AppError> {
    held::sweep(state).await;
    let before = state.now_ms() - FORGOTTEN_MS;
    let forgotten = queries::forgotten(state.store().pool(), before).await?;
    if forgotten.is_empty() {
        return Ok(());
    }
    let definitions = state.books().definitions().await?;
    let company = crate::company::facts(&definitions.company)?;
    let actor = qiao_store::Actor::Job("imports");
    let context = Context { actor, ..Context::operator(company, crate::locale::Locale::default(), state.now_ms()) };
    for run in forgotten {
        clear_rows(state, &context, run.id).await?;
        state.store().write(&context.write(), run, |tx, run| Box::pin(forget(tx, run))).await?;
    }
    Ok(())
}

async fn forget(tx: &mut Tx, run: &import_run::Model) -> Result<(), AppError> {
    if run.status == "reading" {
        return Ok(queries::delete(tx.conn(), run.id).await?);
    }
    let (status, finished_at, version) = ("cancelled".to_owned(), Some(tx.now_ms()), run.version + 1);
    Ok(queries::save(tx.conn(), import_run::Model { status, finished_at, version, ..run.clone() }).await?)
}
