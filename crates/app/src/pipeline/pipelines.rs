//! Pipelines with their stages, as the API answers and takes them.

use axum::extract::State;
use axum::http::StatusCode;
use qiao_store::entities::{pipeline, stage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::editing::{Edit, edit};
use super::required;
use crate::context::Context;
use crate::entry::Place;
use crate::error::AppError;
use crate::http::crud::at;
use crate::http::{Asker, Form, IfMatch, Json, Page, PathId, Problem, Query, Tagged};
use crate::splits::rules::share_text;
use crate::state::AppState;

/// The routes of pipelines.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_pipelines, create_pipeline))
        .routes(routes!(get_pipeline, change_pipeline, archive_pipeline))
        .routes(routes!(restore_pipeline))
        .routes(routes!(add_stage))
        .routes(routes!(change_stage, archive_stage))
        .routes(routes!(restore_stage))
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineView {
    /// The id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its stages, in their order.
    pub stages: Vec<StageView>,
    /// Stages that were put away.
    pub archived_stages: Vec<StageView>,
    /// How often it or a stage of it was written: what If-Match takes.
    pub version: i64,
    /// It was put away.
    pub archived: bool,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageView {
    id: Uuid,
    /// The word in plans and files.
    code: String,
    name: String,
    /// open, won or lost.
    kind: String,
    /// How likely a deal is won from here: a fraction of one.
    probability: String,
    /// What a deal must have before it enters: account, contact, amount, product, expected_close_on, source, next_step,
    /// competitor, lost_reason.
    required: Vec<String>,
}

impl From<&stage::Model> for StageView {
    fn from(stage: &stage::Model) -> Self {
        Self {
            id: stage.id,
            code: stage.code.clone(),
            name: stage.name.clone(),
            kind: stage.kind.clone(),
            probability: share_text(stage.probability_ppm),
            required: required::of(stage),
        }
    }
}

/// A pipeline with its stages, which stand in their order.
#[must_use]
pub fn view_of(pipeline: &pipeline::Model, stages: &[stage::Model]) -> PipelineView {
    let some = |archived: bool| {
        let own = stages.iter().filter(|stage| stage.pipeline_id == pipeline.id);
        own.filter(|stage| stage.archived_at.is_some() == archived).map(StageView::from).collect()
    };
    PipelineView {
        id: pipeline.id,
        name: pipeline.name.clone(),
        stages: some(false),
        archived_stages: some(true),
        version: pipeline.version,
        archived: pipeline.archived_at.is_some(),
    }
}

/// Those that are there, or those that were put away.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PipelineQuery {
    /// True for what was put away instead of what is there.
    archived: Option<bool>,
}

/// List pipelines
///
/// With their stages, in their order.
#[utoipa::path(get, path = "/pipelines", tag = "pipeline", params(PipelineQuery),
    responses((status = 200, body = Page<PipelineView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_pipelines(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PipelineQuery>,
) -> Result<Json<Page<PipelineView>>, AppError> {
    let catalog = state.view(&context).await?.catalog;
    let wanted = query.archived.unwrap_or(false);
    let found = catalog.pipelines.iter().filter(|pipeline| pipeline.archived_at.is_some() == wanted);
    Ok(Json(Page::new(found.map(|pipeline| view_of(pipeline, &catalog.stages)).collect(), None)))
}

/// Get a pipeline
#[utoipa::path(get, path = "/pipelines/{id}", tag = "pipeline", params(("id" = Uuid, Path)),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_pipeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<PipelineView>, AppError> {
    let catalog = state.view(&context).await?.catalog;
    let found = catalog.pipelines.iter().find(|pipeline| pipeline.id == id).ok_or(AppError::NotFound)?;
    Ok(Tagged { status: StatusCode::OK, version: found.version, body: view_of(found, &catalog.stages) })
}

/// A pipeline as it is sent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
struct PipelineForm {
    /// Its name, unique.
    name: Option<String>,
    /// Its place among the pipelines, from 1.
    position: Option<i64>,
}

/// A new pipeline as it is sent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
struct NewPipeline {
    /// Its name, unique.
    name: Option<String>,
    /// Its stages in their order; one to work on, one that wins and one that loses a deal where absent.
    stages: Option<Vec<StageForm>>,
}

/// A stage as it is sent. Absent fields stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
struct StageForm {
    /// The word in plans and files, unique in the company and fixed; made where absent.
    code: Option<String>,
    /// Its name.
    name: Option<String>,
    /// open (the default), won or lost; fixed while a deal stands on it.
    kind: Option<String>,
    /// How likely a deal is won from here, a fraction of one: `0.5`.
    probability: Option<String>,
    /// What a deal must have before it enters.
    required: Option<Vec<String>>,
    /// Its place among the stages, from 1.
    position: Option<i64>,
}

async fn done(
    state: &AppState,
    context: &Context,
    id: Option<Uuid>,
    version: Option<i64>,
    what: Edit,
) -> Result<Tagged<PipelineView>, AppError> {
    let is_new = matches!(what, Edit::Make(_) | Edit::AddStage(_));
    let (body, version) = edit(state, context, id, version, what).await?;
    Ok(Tagged { status: if is_new { StatusCode::CREATED } else { StatusCode::OK }, version, body })
}

/// The pipeline of a stage.
async fn pipeline_of(state: &AppState, context: &Context, stage: Uuid) -> Result<Uuid, AppError> {
    let catalog = state.view(context).await?.catalog;
    catalog.stage(stage).map(|stage| stage.pipeline_id).ok_or(AppError::NotFound)
}

/// Make a pipeline
#[utoipa::path(post, path = "/pipelines", tag = "pipeline", request_body = NewPipeline,
    responses((status = 201, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_pipeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Form<NewPipeline>,
) -> Result<Tagged<PipelineView>, AppError> {
    done(&state, &context, None, None, Edit::Make(form.row(Place::New))).await
}

/// Rename or move a pipeline
#[utoipa::path(patch, path = "/pipelines/{id}", tag = "pipeline", request_body = PipelineForm,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_pipeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<PipelineForm>,
) -> Result<Tagged<PipelineView>, AppError> {
    done(&state, &context, Some(id), Some(version.0), Edit::Change(form.row(at(id, version)))).await
}

/// Put a pipeline away
///
/// Refused while an open deal stands on one of its stages, and for the last pipeline.
#[utoipa::path(delete, path = "/pipelines/{id}", tag = "pipeline",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
async fn archive_pipeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
) -> Result<Tagged<PipelineView>, AppError> {
    done(&state, &context, Some(id), Some(version), Edit::Archive).await
}

/// Bring a pipeline back
#[utoipa::path(post, path = "/pipelines/{id}/restoration", tag = "pipeline", params(("id" = Uuid, Path)),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn restore_pipeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<PipelineView>, AppError> {
    done(&state, &context, Some(id), None, Edit::Restore).await
}

/// Add a stage to a pipeline
///
/// The answer is the pipeline.
#[utoipa::path(post, path = "/pipelines/{id}/stages", tag = "pipeline", request_body = StageForm,
    params(("id" = Uuid, Path)),
    responses((status = 201, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn add_stage(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    form: Form<StageForm>,
) -> Result<Tagged<PipelineView>, AppError> {
    done(&state, &context, Some(id), None, Edit::AddStage(form.row(Place::New))).await
}

/// Change a stage
///
/// Its name, place, kind, probability, and what it requires. If-Match takes the version of the pipeline; the answer is
/// the pipeline.
#[utoipa::path(patch, path = "/stages/{id}", tag = "pipeline", request_body = StageForm,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the pipeline that was read")),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_stage(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<StageForm>,
) -> Result<Tagged<PipelineView>, AppError> {
    let pipeline = pipeline_of(&state, &context, id).await?;
    let what = Edit::ChangeStage(id, form.row(at(id, version)));
    done(&state, &context, Some(pipeline), Some(version.0), what).await
}

/// Where the open deals of a stage go.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MoveQuery {
    /// Another open stage of the pipeline.
    move_to: Option<Uuid>,
}

/// Put a stage away
///
/// Refused while an open deal stands on it, unless `move_to` says where they go: they move in the same transaction, with
/// the facts that follow. If-Match takes the version of the pipeline; the answer is the pipeline.
#[utoipa::path(delete, path = "/stages/{id}", tag = "pipeline",
    params(("id" = Uuid, Path), MoveQuery, ("If-Match" = String, Header, description = "The ETag of the pipeline that was read")),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn archive_stage(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
    Query(query): Query<MoveQuery>,
) -> Result<Tagged<PipelineView>, AppError> {
    let pipeline = pipeline_of(&state, &context, id).await?;
    done(&state, &context, Some(pipeline), Some(version), Edit::ArchiveStage(id, query.move_to)).await
}

/// Bring a stage back
#[utoipa::path(post, path = "/stages/{id}/restoration", tag = "pipeline", params(("id" = Uuid, Path)),
    responses((status = 200, body = PipelineView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn restore_stage(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<PipelineView>, AppError> {
    let pipeline = pipeline_of(&state, &context, id).await?;
    done(&state, &context, Some(pipeline), None, Edit::RestoreStage(id)).await
}
