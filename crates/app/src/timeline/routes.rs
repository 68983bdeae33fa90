//! The timeline of a record.

use axum::extract::{Path, State};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::{Event, timeline};
use crate::error::AppError;
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_timeline))
}

/// Get a record's timeline
///
/// Activities, comments and changes of a record of any kind in the asker's scope, the newest first.
#[utoipa::path(get, path = "/records/{type}/{id}/timeline", tag = "records",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<Event>), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_timeline(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Event>>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let page = query.checked()?;
    let events = timeline(&state, &context, &record_type, id, &page).await?;
    Ok(Json(page.page(events, Event::cursor)))
}
