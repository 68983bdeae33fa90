//! Files in through the API.

use std::collections::BTreeMap;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use qiao_store::{Tx, WriteError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::held::Held;
use super::table::{Source, read_from};
use super::{Kind, MOST_BYTES, Mapping, Outcome, Table, TableError, run};
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::http::{Asker, Json, Problem, idempotent};
use crate::state::AppState;

/// What a request holds beside the file: boundaries, the mapping.
const AROUND_FILE: usize = 1024 * 1024;

/// The largest request, bytes.
pub const MOST_REQUEST: usize = MOST_BYTES + AROUND_FILE;

/// The routes of imports.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import_file)).layer(DefaultBodyLimit::max(MOST_REQUEST))
}

/// A file as it is sent.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the shape of the form; its parts are read as a stream")]
struct ImportForm {
    /// people, products, accounts, contacts, leads, opportunities, contracts, payments, invoices, orders,
    /// deliveries, activities or targets.
    kind: String,
    /// The file: CSV in UTF-8 or GB18030, or xlsx; at most 100 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The mapping file: YAML. Without one the header is that of an export.
    mapping: Option<String>,
    /// `true`: nothing is written.
    dry_run: Option<String>,
}

/// What an import did.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ImportView {
    created: usize,
    updated: usize,
    unchanged: usize,
    /// Rows that were rejected; the others are kept.
    rejected: Vec<RejectedView>,
    /// Teams, managers, product lines made beside, by kind.
    beside: BTreeMap<String, usize>,
}

/// A row that was rejected.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RejectedView {
    /// Its line in the file.
    line: usize,
    /// Its cells as they came.
    cells: Vec<String>,
    /// Why.
    reason: String,
}

impl From<Outcome> for ImportView {
    fn from(outcome: Outcome) -> Self {
        let rejected = outcome.rejected.into_iter();
        Self {
            created: outcome.created,
            updated: outcome.updated,
            unchanged: outcome.unchanged,
            rejected: rejected.map(|r| RejectedView { line: r.line, cells: r.cells, reason: r.reason }).collect(),
            beside: outcome.beside.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
        }
    }
}

/// Import a file
///
/// Each row is created, updated, unchanged or rejected with a reason; the same file twice changes nothing.
#[utoipa::path(post, path = "/imports", tag = "imports",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
async fn import_file(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<ImportView>, AppError> {
    context.require(Permission::Import)?;
    done_before(&state, &context).await?;
    let Ok(form) = form else { return Err(AppError::UnsupportedMedia) };
    let parts = Parts::read(&state, form, &["kind", "file", "mapping", "dry_run"]).await?;
    let kind = kind_of(&parts)?;
    let file = parts.file.ok_or_else(|| AppError::field("/file", "required", &[]))?;
    let table = tokio::task::spawn_blocking(move || read_from(Source::Path(file.path()))).await;
    let table: Table = match table {
        Ok(Ok(table)) => table,
        Ok(Err(TableError::TooLarge)) => return Err(AppError::TooLarge),
        Ok(Err(error)) => {
            return Err(AppError::Unreadable { code: "unreadable_file", detail: error.detail(context.locale) });
        }
        Err(_) => return Err(AppError::Unreadable { code: "unreadable_file", detail: String::new() }),
    };
    let mapping = match &parts.mapping {
        None => Mapping::plain(&table),
        Some(text) => Mapping::parse(text).map_err(|detail| AppError::Unreadable { code: "mapping", detail })?,
    };
    let dry_run = parts.dry_run.as_deref() == Some("true");
    // Each chunk is a transaction of its own; the whole answer is kept under the key at the end.
    let each = Context { idempotency: None, view: None, ..context.clone() };
    let outcome = run(&state, &each, kind, &table, &mapping, dry_run, |_, _| {}).await?;
    let view = ImportView::from(outcome);
    Ok(Json(state.store().write(&context.write(), view, |tx, view| Box::pin(keep_answer(tx, view))).await?))
}

async fn keep_answer(tx: &mut Tx, view: &ImportView) -> Result<ImportView, AppError> {
    Ok(idempotent(tx, 200, view.clone()))
}

/// The kind that a form names.
///
/// # Errors
/// 422 where there is no such kind.
pub(super) fn kind_of(parts: &Parts) -> Result<Kind, AppError> {
    let word = parts.kind.as_deref().unwrap_or_default();
    let words: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
    Kind::parse(word).ok_or_else(|| AppError::field("/kind", "not_a_choice", &[word, &words.join(", ")]))
}

/// Answers what was answered before, where the same request was done under its key.
pub(super) async fn done_before(state: &AppState, context: &Context) -> Result<(), AppError> {
    if context.idempotency.is_none() {
        return Ok(());
    }
    let asked = state.store().write(&context.write(), (), |_, ()| Box::pin(async { Err::<(), ()>(()) })).await;
    match asked {
        Err(WriteError::Replayed(answer)) => Err(AppError::Replayed(answer)),
        Err(WriteError::Store(error)) => Err(error.into()),
        Ok(()) | Err(WriteError::Refused(())) => Ok(()),
    }
}

/// The parts of the form.
#[derive(Default)]
pub(super) struct Parts {
    kind: Option<String>,
    pub(super) file: Option<Held>,
    pub(super) file_name: Option<String>,
    mapping: Option<String>,
    dry_run: Option<String>,
}

impl Parts {
    /// Reads the parts of a form that knows these. The file goes to the disk as it comes.
    ///
    /// # Errors
    /// 400 where it is broken, 413 where it is too large, 422 for another part.
    pub(super) async fn read(state: &AppState, mut form: Multipart, known: &[&str]) -> Result<Self, AppError> {
        let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
            axum::http::StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
            _ => AppError::Unreadable { code: "unreadable_file", detail: error.body_text() },
        };
        let mut parts = Self::default();
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if !known.contains(&name.as_str()) {
                return Err(AppError::field(format!("/{name}"), "unknown_field", &[&name]));
            }
            if name == "file" {
                parts.file_name = field.file_name().map(str::to_owned);
                let mut held = Held::new(state).await?;
                while let Some(part) = field.chunk().await.map_err(broken)? {
                    held.add(&part).await?;
                }
                held.end().await?;
                parts.file = Some(held);
                continue;
            }
            let bytes = field.bytes().await.map_err(broken)?;
            let text = String::from_utf8(bytes.to_vec())
                .map_err(|_| AppError::field(format!("/{name}"), "control_characters", &[]))?;
            match name.as_str() {
                "kind" => parts.kind = Some(text),
                "mapping" => parts.mapping = Some(text).filter(|text| !text.trim().is_empty()),
                _ => parts.dry_run = Some(text),
            }
        }
        Ok(parts)
    }
}
