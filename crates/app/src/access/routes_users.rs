//! Users as the administrator keeps them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::users::{NewUser, UserPatch, UserView};
use super::{queries, rules_users, users};
use crate::context::{Permission, Role};
use crate::error::AppError;
use crate::http::{Asker, IfMatch, Json, Page, PageQuery, PathId, Problem, Query, Tagged};
use crate::state::AppState;

/// The routes of users.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(get_user, patch_user))
        .routes(routes!(new_password))
        .routes(routes!(end_sessions))
}

/// Which users.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UserQuery {
    /// Part of the name or the address.
    pub text: Option<String>,
    /// Only those of a role.
    pub role: Option<Role>,
    /// True for those who cannot sign in, false for those who can.
    pub disabled: Option<bool>,
    /// Rows per page, 1 to 200, 50 by default.
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// List users
///
/// By address. **Permissions**: manage_users; empty for others.
#[utoipa::path(get, path = "/users", tag = "access", params(UserQuery),
    responses((status = 200, body = Page<UserView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_users(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<UserQuery>,
) -> Result<Json<Page<UserView>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() }.checked()?;
    if !context.may(Permission::ManageUsers) {
        return Ok(Json(Page::new(Vec::new(), None)));
    }
    let rows = queries::users(state.store().pool(), &query, &page).await?;
    Ok(Json(Page::new(rows.items.iter().map(UserView::from).collect(), rows.next_cursor)))
}

/// Make a user
///
/// Without a password they cannot sign in until one is made. **Permissions**: manage_users.
#[utoipa::path(post, path = "/users", tag = "access", request_body = NewUser,
    responses((status = 201, body = UserView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_user(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<NewUser>,
) -> Result<Tagged<UserView>, AppError> {
    let body = users::create(state.store(), &context, body).await?;
    Ok(Tagged { status: StatusCode::CREATED, version: 1, body })
}

/// Get a user
///
/// **Permissions**: manage_users; 404 for others.
#[utoipa::path(get, path = "/users/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_user(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<Tagged<UserView>, AppError> {
    if !context.may(Permission::ManageUsers) {
        return Err(AppError::NotFound);
    }
    let user = queries::user(state.store().pool(), id).await?.ok_or(AppError::NotFound)?;
    Ok(Tagged { status: StatusCode::OK, version: user.version, body: UserView::from(&user) })
}

/// Change a user
///
/// **Permissions**: manage_users.
#[utoipa::path(patch, path = "/users/{id}", tag = "access", params(("id" = Uuid, Path)), request_body = UserPatch,
    responses((status = 200, body = UserView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn patch_user(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    IfMatch(version): IfMatch,
    Json(body): Json<UserPatch>,
) -> Result<Tagged<UserView>, AppError> {
    let (body, version) = users::update(state.store(), &context, id, version, body).await?;
    Ok(Tagged { status: StatusCode::OK, version, body })
}

/// A password that was made for a user.
#[derive(Serialize, ToSchema)]
struct FirstPassword {
    /// It is answered once and kept nowhere; the user changes it at the next sign-in.
    password: String,
}

/// Make a new password for a user
///
/// It is answered once; every session of the user ends, and the password must be changed at the next sign-in. A repeated
/// request makes another one. **Permissions**: manage_users.
#[utoipa::path(post, path = "/users/{id}/password", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 201, body = FirstPassword), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn new_password(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<(StatusCode, Json<FirstPassword>), AppError> {
    let password = rules_users::new_password(&state, &context, id).await?;
    Ok((StatusCode::CREATED, Json(FirstPassword { password })))
}

/// Sign a user out everywhere
///
/// **Permissions**: manage_users.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn end_sessions(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<StatusCode, AppError> {
    rules_users::end_sessions(&state, &context, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
