//! The asker's pins.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::{self, PinView};
use crate::error::AppError;
use crate::http::{Asker, Json, Page, Problem};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_pins)).routes(routes!(pin_record, unpin_record))
}

/// List one's pinned records
///
/// The newest first, 50 at most; those that are in the asker's scope now.
#[utoipa::path(get, path = "/pins", tag = "pins",
    responses((status = 200, body = Page<PinView>), (status = 401, body = Problem)))]
async fn list_pins(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<Page<PinView>>, AppError> {
    Ok(Json(Page::new(rules::list(&state, &context).await?, None)))
}

/// Pin a record
///
/// A record of any kind in the asker's scope. One that is pinned stays so.
#[utoipa::path(put, path = "/records/{type}/{id}/pin", tag = "pins",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    responses((status = 200, body = PinView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn pin_record(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<Json<PinView>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    Ok(Json(rules::pin(&state, &context, record_type, id).await?))
}

/// Unpin a record
#[utoipa::path(delete, path = "/records/{type}/{id}/pin", tag = "pins",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn unpin_record(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<StatusCode, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    rules::unpin(&state, &context, record_type, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
