//! Comments on records.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::{self, CommentView};
use crate::error::AppError;
use crate::http::{Asker, IfMatch, Json, Page, PathId, Problem, Tagged};
use crate::people::PersonRef;
use crate::state::AppState;
use crate::{inbox, records};

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(say)).routes(routes!(readers)).routes(routes!(correct, remove))
}

/// A comment as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CommentForm {
    /// What is said, 10,000 characters at most.
    text: String,
    /// The people whom the text names as `@name`: they are told. Whom it does not name is passed over.
    #[serde(default)]
    mentions: Vec<Uuid>,
}

fn tagged(status: StatusCode, body: CommentView) -> Tagged<CommentView> {
    Tagged { status, version: body.version, body }
}

/// Comment on a record
///
/// A record of any kind in the asker's scope.
#[utoipa::path(post, path = "/records/{type}/{id}/comments", tag = "comments", request_body = CommentForm,
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    responses((status = 201, body = CommentView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn say(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
    Json(form): Json<CommentForm>,
) -> Result<Tagged<CommentView>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    Ok(tagged(StatusCode::CREATED, rules::say(&state, &context, record_type, id, &form.text, &form.mentions).await?))
}

/// List who may be named in a comment on a record
///
/// The people behind the users who see the record by its owner, by name; the asker is not among them.
#[utoipa::path(get, path = "/records/{type}/{id}/readers", tag = "comments",
    params(("type" = String, Path, description = "As in GET /records/{type}/{id}"), ("id" = Uuid, Path)),
    responses((status = 200, body = Page<PersonRef>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn readers(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<Json<Page<PersonRef>>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let record = records::look_up(state.store().pool(), &context.rows, &record_type, id).await?;
    let record = record.ok_or(AppError::NotFound)?;
    Ok(Json(Page::new(inbox::who_sees(&state, &context, record.owner).await?, None)))
}

/// Correct one's own comment
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments", request_body = CommentForm,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = CommentView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
async fn correct(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
    Json(form): Json<CommentForm>,
) -> Result<Tagged<CommentView>, AppError> {
    Ok(tagged(StatusCode::OK, rules::correct(&state, &context, id, version, &form.text, &form.mentions).await?))
}

/// Remove one's own comment
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn remove(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<StatusCode, AppError> {
    rules::remove(&state, &context, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
