//! Imports in steps: send a file, match its columns, look at what would happen, start, mend what was rejected.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use qiao_store::entities::import_run;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Mapping;
use super::mending::mend;
use super::routes::{MOST_REQUEST, Parts, done_before, kind_of};
use super::runs::{self, ImportChoice, Wish};
use super::safe::harmless;
use super::upload::{File, receive};
use super::views::{ImportFileRow, ImportRunRow, ImportRunView, RejectedRow, read};
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::http::{Asker, IfMatch, Json, Page, PageQuery, PathId, Problem, Query, Tagged};
use crate::state::AppState;

/// Rejected rows in one page of the file that is made of them.
const REJECTS: u64 = 1_000;

/// The routes of import runs.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_runs, begin_run))
        .layer(DefaultBodyLimit::max(MOST_REQUEST))
        .routes(routes!(get_run, match_run))
        .routes(routes!(start_run))
        .routes(routes!(cancel_run))
        .routes(routes!(list_rejects))
        .routes(routes!(rejected_file))
        .routes(routes!(mend_run))
        .routes(routes!(list_choices))
}

/// A file as it is sent.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the shape of the form; its parts are read as a stream")]
struct ImportRunForm {
    /// people, products, accounts, contacts, leads, opportunities, contracts, payments, invoices, orders,
    /// deliveries, activities or targets.
    kind: String,
    /// The file: CSV in UTF-8 or GB18030, or xlsx, at most 100 MB; or a table pasted from a spreadsheet.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

fn tagged(status: StatusCode, body: ImportRunView) -> Tagged<ImportRunView> {
    Tagged { status, version: body.version, body }
}

/// Begin an import
///
/// The file is read and kept, its columns are guessed. Nothing is imported before the run is started.
#[utoipa::path(post, path = "/import-runs", tag = "imports",
    request_body(content = ImportRunForm, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportRunView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
async fn begin_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Tagged<ImportRunView>, AppError> {
    context.require(Permission::Import)?;
    done_before(&state, &context).await?;
    let Ok(form) = form else { return Err(AppError::UnsupportedMedia) };
    let parts = Parts::read(&state, form, &["kind", "file"]).await?;
    let kind = kind_of(&parts)?;
    let held = parts.file.ok_or_else(|| AppError::field("/file", "required", &[]))?;
    let name = parts.file_name.filter(|name| !name.trim().is_empty());
    let file = File { name: name.unwrap_or_else(|| format!("{}.csv", kind.as_str())), held };
    Ok(tagged(StatusCode::CREATED, receive(&state, &context, kind, file).await?))
}

/// List import runs
///
/// The newest first: one's own, all for administrators.
#[utoipa::path(get, path = "/import-runs", tag = "imports", params(PageQuery),
    responses((status = 200, body = Page<ImportRunRow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_runs(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ImportRunRow>>, AppError> {
    Ok(Json(runs::list(&state, &context, &query.checked()?).await?))
}

fn view(run: &import_run::Model, context: &Context) -> Tagged<ImportRunView> {
    tagged(StatusCode::OK, ImportRunView::of(run, context))
}

/// Get an import run
#[utoipa::path(get, path = "/import-runs/{id}", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportRunView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<ImportRunView>, AppError> {
    Ok(view(&runs::get(&state, &context, id).await?, &context))
}

/// Match the columns and preview
///
/// The whole file is tried and everything undone; the run is `checking` and then `checked`.
#[utoipa::path(patch, path = "/import-runs/{id}", tag = "imports", request_body = Mapping,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = ImportRunView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn match_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
    Json(mapping): Json<Mapping>,
) -> Result<Tagged<ImportRunView>, AppError> {
    let wish = Wish::Match { mapping: Box::new(mapping), version };
    Ok(tagged(StatusCode::OK, runs::put(&state, &context, id, wish).await?))
}

/// Start an import
///
/// After the preview; a run that was cut off goes on where it was.
#[utoipa::path(post, path = "/import-runs/{id}/start", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportRunView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn start_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<ImportRunView>, AppError> {
    Ok(tagged(StatusCode::OK, runs::put(&state, &context, id, Wish::Start).await?))
}

/// Cancel an import
///
/// Rows that are in stay in; the others do not follow.
#[utoipa::path(post, path = "/import-runs/{id}/cancellation", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ImportRunView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn cancel_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<ImportRunView>, AppError> {
    Ok(tagged(StatusCode::OK, runs::put(&state, &context, id, Wish::Cancel).await?))
}

/// List rejected rows
///
/// By line, each with what is wrong in which cell.
#[utoipa::path(get, path = "/import-runs/{id}/rejected-rows", tag = "imports",
    params(("id" = uuid::Uuid, Path), PageQuery),
    responses((status = 200, body = Page<RejectedRow>), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn list_rejects(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<RejectedRow>>, AppError> {
    let page = query.checked()?;
    let after = match &page.after {
        None => 0,
        Some((_, line)) => line.parse().map_err(|_| AppError::field("/cursor", "cursor", &[]))?,
    };
    let (_, rows) = runs::rejects(&state, &context, id, after, page.limit + 1).await?;
    Ok(Json(page.page(rows, |row| (String::new(), row.line.to_string()))))
}

/// Get the rejected rows as a file
///
/// As they came, with a column `reason` behind; mended, it is imported like any other.
#[utoipa::path(get, path = "/import-runs/{id}/rejected-file", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401, body = Problem),
        (status = 404, body = Problem)))]
async fn rejected_file(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<impl IntoResponse, AppError> {
    let internal = |error: csv::Error| AppError::Unreadable { code: "internal", detail: error.to_string() };
    // Spreadsheets take a file without a mark for something other than UTF-8.
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let mut after = 0;
    let mut begun = false;
    loop {
        let (run, rows) = runs::rejects(&state, &context, id, after, REJECTS).await?;
        if !begun {
            let header: Vec<String> = read(&run.header);
            let names = header.iter().map(String::as_str).chain(["reason"]);
            writer.write_record(names.map(|name| harmless(name).into_owned())).map_err(internal)?;
            begun = true;
        }
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in &rows {
            let reason = row.reason();
            let cells = row.cells.iter().map(String::as_str).chain([reason.as_str()]);
            writer.write_record(cells.map(|cell| harmless(cell).into_owned())).map_err(internal)?;
        }
    }
    let file = writer.into_inner().unwrap_or_default();
    let name = "attachment; filename=\"rejected.csv\"".to_owned();
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], file))
}

/// Rows that were mended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MendForm {
    /// The rows, 1,000 at most.
    rows: Vec<ImportFileRow>,
}

/// Import mended rows
///
/// Just those of the rejected rows that are sent, with their new cells.
#[utoipa::path(post, path = "/import-runs/{id}/mending", tag = "imports", params(("id" = uuid::Uuid, Path)),
    request_body = MendForm,
    responses((status = 200, body = ImportRunView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn mend_run(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Json(form): Json<MendForm>,
) -> Result<Tagged<ImportRunView>, AppError> {
    Ok(tagged(StatusCode::OK, mend(&state, &context, id, form.rows).await?))
}

/// Which values.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ChoiceQuery {
    /// Our column.
    column: String,
    /// Part of the value or of its name.
    text: Option<String>,
}

/// Values of a column.
#[derive(Debug, Serialize, ToSchema)]
struct ImportChoices {
    items: Vec<ImportChoice>,
}

/// List the values that a column may have
///
/// People, products, stages and pipelines, 50 at most; empty for other columns.
#[utoipa::path(get, path = "/import-runs/{id}/choices", tag = "imports", params(("id" = uuid::Uuid, Path), ChoiceQuery),
    responses((status = 200, body = ImportChoices), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_choices(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<ChoiceQuery>,
) -> Result<Json<ImportChoices>, AppError> {
    let text = query.text.unwrap_or_default();
    Ok(Json(ImportChoices { items: runs::choices(&state, &context, id, &query.column, &text).await? }))
}
