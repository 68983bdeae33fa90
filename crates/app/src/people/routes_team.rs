//! The team tree as it is edited.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::rules_team;
use super::views::TeamDetail;
use crate::entry::Place;
use crate::error::AppError;
use crate::http::crud::at;
use crate::http::{Asker, Form, IfMatch, PathId, Problem, Tagged};
use crate::state::AppState;

/// The routes of one team.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_team))
        .routes(routes!(get_team, change_team, archive_team))
        .routes(routes!(restore_team))
}

/// A team as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct TeamForm {
    /// The name; no other team in the same place has it.
    name: Option<String>,
    /// How files and other systems name it.
    code: Option<String>,
    /// The team above; null: just below the company.
    parent_id: Option<String>,
    /// Who leads it from today on. Who led it before becomes a rep of the team.
    manager_id: Option<String>,
}

fn tagged(status: StatusCode, body: TeamDetail) -> Tagged<TeamDetail> {
    Tagged { status, version: body.version, body }
}

/// Make a team
///
/// **Permissions**: manage_people.
#[utoipa::path(post, path = "/teams", tag = "people", request_body = TeamForm,
    responses((status = 201, body = TeamDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn create_team(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Form<TeamForm>,
) -> Result<Tagged<TeamDetail>, AppError> {
    Ok(tagged(StatusCode::CREATED, rules_team::save(&state, &context, form.row(Place::New)).await?))
}

/// Get a team
#[utoipa::path(get, path = "/teams/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = TeamDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_team(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<TeamDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_team::get(&state, &context, id).await?))
}

/// Change a team
///
/// Its place in the tree holds for all time: figures of the past follow. **Permissions**: manage_people.
#[utoipa::path(patch, path = "/teams/{id}", tag = "people", request_body = TeamForm,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = TeamDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_team(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<TeamForm>,
) -> Result<Tagged<TeamDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_team::save(&state, &context, form.row(at(id, version))).await?))
}

/// Put a team away
///
/// One that nobody is in and nothing is below; what it was stays. **Permissions**: manage_people.
#[utoipa::path(delete, path = "/teams/{id}", tag = "people",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = TeamDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
async fn archive_team(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
) -> Result<Tagged<TeamDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_team::archive(&state, &context, id, Some(version)).await?))
}

/// Bring a team back
///
/// **Permissions**: manage_people.
#[utoipa::path(post, path = "/teams/{id}/restoration", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = TeamDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn restore_team(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<TeamDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_team::archive(&state, &context, id, None).await?))
}
