//! One person: made, changed, moved between teams, ended.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules_membership::{self, At};
use super::rules_person;
use super::views::{OpenRecords, PersonDetail};
use crate::entry::Place;
use crate::error::AppError;
use crate::http::crud::at;
use crate::http::{Asker, Form, IfMatch, Json, PathId, Problem, Tagged};
use crate::state::AppState;

/// The routes of one person.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_person))
        .routes(routes!(get_person, change_person))
        .routes(routes!(get_open_records))
        .routes(routes!(deactivate_person, reactivate_person))
        .routes(routes!(list_memberships, add_membership))
        .routes(routes!(change_membership, remove_membership))
}

/// A person as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct PersonForm {
    /// The name.
    name: Option<String>,
    /// How files name the person.
    external_id: Option<String>,
    /// The address; nobody else has it.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// employee or partner.
    kind: Option<String>,
    /// The first day.
    start_date: Option<String>,
}

/// A new person: the same, and the first team.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct NewPersonForm {
    /// The name.
    name: Option<String>,
    /// How files name the person.
    external_id: Option<String>,
    /// The address; nobody else has it.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// employee or partner.
    kind: Option<String>,
    /// The first day.
    start_date: Option<String>,
    /// The first team, from the first day on; from today where that is unknown.
    team_id: Option<String>,
    /// The role in it: rep where absent.
    role: Option<String>,
    /// The person's manager, if it is not the team's.
    manager_id: Option<String>,
}

/// A place in a team as it is sent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct MembershipForm {
    /// The team.
    team_id: Option<String>,
    /// The first day in it.
    from: Option<String>,
    /// rep, manager, director or a word of the company's own: plans name it. The present one where absent.
    role: Option<String>,
    /// The person's manager, if it is not the team's.
    manager_id: Option<String>,
}

/// The end of a person's time here.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastDay {
    /// The last day.
    last_day: String,
}

fn tagged(status: StatusCode, body: PersonDetail) -> Tagged<PersonDetail> {
    Tagged { status, version: body.version, body }
}

/// Make a person
///
/// **Permissions**: manage_people.
#[utoipa::path(post, path = "/people", tag = "people", request_body = NewPersonForm,
    responses((status = 201, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn create_person(
    State(state): State<AppState>,
    Asker(context): Asker,
    form: Form<NewPersonForm>,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::CREATED, rules_person::save(&state, &context, form.row(Place::New)).await?))
}

/// Get a person
///
/// With every team they were in.
#[utoipa::path(get, path = "/people/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_person(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_person::get(&state, &context, id).await?))
}

/// Change a person
///
/// **Permissions**: manage_people.
#[utoipa::path(patch, path = "/people/{id}", tag = "people", request_body = PersonForm,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
async fn change_person(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    version: IfMatch,
    form: Form<PersonForm>,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_person::save(&state, &context, form.row(at(id, version))).await?))
}

/// Get what is still open of a person
///
/// What remains with them when they leave.
#[utoipa::path(get, path = "/people/{id}/open-records", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = OpenRecords), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_open_records(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Json<OpenRecords>, AppError> {
    Ok(Json(rules_person::open_records(&state, &context, id).await?))
}

/// Deactivate a person
///
/// With their last day, on which the present team ends, too. **Permissions**: manage_people.
#[utoipa::path(put, path = "/people/{id}/last-day", tag = "people", request_body = LastDay,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
async fn deactivate_person(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
    Json(body): Json<LastDay>,
) -> Result<Tagged<PersonDetail>, AppError> {
    let day = Some(body.last_day.as_str());
    Ok(tagged(StatusCode::OK, rules_person::set_last_day(&state, &context, (id, version), day).await?))
}

/// Take a last day back
///
/// The team that ended with it goes on. **Permissions**: manage_people.
#[utoipa::path(delete, path = "/people/{id}/last-day", tag = "people",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn reactivate_person(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_person::set_last_day(&state, &context, (id, version), None).await?))
}

/// List a person's teams
///
/// The newest first; part of the person, whose version they share.
#[utoipa::path(get, path = "/people/{id}/memberships", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_memberships(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::OK, rules_person::get(&state, &context, id).await?))
}

/// Move a person to another team
///
/// From a day on; the present team ends the day before. What was credited before stays with it. **Permissions**:
/// manage_people.
#[utoipa::path(post, path = "/people/{id}/memberships", tag = "people", params(("id" = Uuid, Path)),
    request_body = MembershipForm,
    responses((status = 201, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn add_membership(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    form: Form<MembershipForm>,
) -> Result<Tagged<PersonDetail>, AppError> {
    Ok(tagged(StatusCode::CREATED, rules_membership::add(&state, &context, id, form.row(Place::New)).await?))
}

fn place((person, membership): (String, String), IfMatch(version): IfMatch) -> Result<At, AppError> {
    let id = |text: &str| Uuid::try_parse(text).map_err(|_| AppError::NotFound);
    Ok(At { person: id(&person)?, version, membership: id(&membership)? })
}

/// Correct a place in a team
///
/// If-Match takes the version of the person. **Permissions**: manage_people.
#[utoipa::path(patch, path = "/people/{id}/memberships/{membership}", tag = "people", request_body = MembershipForm,
    params(("id" = Uuid, Path), ("membership" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the person")),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
async fn change_membership(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(ids): Path<(String, String)>,
    version: IfMatch,
    form: Form<MembershipForm>,
) -> Result<Tagged<PersonDetail>, AppError> {
    let at = place(ids, version)?;
    Ok(tagged(StatusCode::OK, rules_membership::change(&state, &context, at, form.row(Place::New)).await?))
}

/// Take a move back
///
/// The team before it goes on. If-Match takes the version of the person. **Permissions**: manage_people.
#[utoipa::path(delete, path = "/people/{id}/memberships/{membership}", tag = "people",
    params(("id" = Uuid, Path), ("membership" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the person")),
    responses((status = 200, body = PersonDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
async fn remove_membership(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(ids): Path<(String, String)>,
    version: IfMatch,
) -> Result<Tagged<PersonDetail>, AppError> {
    let at = place(ids, version)?;
    Ok(tagged(StatusCode::OK, rules_membership::remove(&state, &context, at).await?))
}
