//! Pipelines with their stages, as the API answers them.

use axum::extract::State;
use qiao_store::books::Catalog;
use qiao_store::entities::pipeline;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::error::AppError;
use crate::http::{Asker, Json, Page, Problem};
use crate::splits::rules::share_text;
use crate::state::AppState;

/// The routes of pipelines.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_pipelines))
}

/// A pipeline.
#[derive(Debug, Serialize, ToSchema)]
struct PipelineView {
    id: Uuid,
    name: String,
    /// In their order.
    stages: Vec<StageView>,
}

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
struct StageView {
    id: Uuid,
    /// The word in plans and files.
    code: String,
    name: String,
    /// open, won or lost.
    kind: String,
    /// How likely a deal is won from here: a fraction of one.
    probability: String,
}

fn view(catalog: &Catalog, pipeline: &pipeline::Model) -> PipelineView {
    let stages = catalog.stages_of(pipeline.id).map(|stage| StageView {
        id: stage.id,
        code: stage.code.clone(),
        name: stage.name.clone(),
        kind: stage.kind.clone(),
        probability: share_text(stage.probability_ppm),
    });
    PipelineView { id: pipeline.id, name: pipeline.name.clone(), stages: stages.collect() }
}

/// List pipelines
///
/// With their stages, in their order.
#[utoipa::path(get, path = "/pipelines", tag = "pipeline",
    responses((status = 200, body = Page<PipelineView>), (status = 401, body = Problem)))]
async fn list_pipelines(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<Page<PipelineView>>, AppError> {
    let catalog = state.view(&context).await?.catalog;
    let present = catalog.pipelines.iter().filter(|pipeline| pipeline.archived_at.is_none());
    Ok(Json(Page::new(present.map(|pipeline| view(&catalog, pipeline)).collect(), None)))
}
