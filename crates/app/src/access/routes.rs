//! Sign-in, the asker's own account and tokens.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::identify::SESSION_MS;
use super::{queries, rules, users};
use crate::context::Context;
use crate::error::AppError;
use crate::http::{Asker, Json, Page, PathId, Problem, SessionCookie, cookie_name};
use crate::locale::Locale;
use crate::me::{Me, me};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(get_me, patch_me))
        .routes(routes!(change_password))
        .routes(routes!(sign_out_everywhere))
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(revoke_token))
        .merge(super::routes_users::router())
        .merge(super::routes_roles::router())
}

/// An address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The address.
    email: String,
    /// The password.
    password: String,
}

/// Sign in
///
/// Sets the session cookie. After five failures each attempt must wait, after ten the account is locked for 15 minutes.
#[utoipa::path(post, path = "/session", tag = "access", security(()), request_body = Credentials,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(body): Json<Credentials>,
) -> Result<Response, AppError> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let begun = rules::sign_in(&state, &body.email, &body.password, agent).await?;
    let credential = super::Credential::Session(crate::http::token_digest(&begun.token));
    let context = super::identify(&state, &credential).await?;
    let me = me(&state, &context).await?;
    with_cookie(&state, &begun.token, SESSION_MS / 1_000, Json(me))
}

/// Sign out
///
/// Ends this session.
#[utoipa::path(delete, path = "/session", tag = "access", responses((status = 204), (status = 401, body = Problem)))]
async fn sign_out(
    State(state): State<AppState>,
    Asker(context): Asker,
    SessionCookie(digest): SessionCookie,
) -> Result<Response, AppError> {
    if let Some(digest) = digest {
        rules::sign_out(state.store(), &context, digest).await?;
    }
    with_cookie(&state, "", 0, StatusCode::NO_CONTENT)
}

fn with_cookie(state: &AppState, token: &str, seconds: i64, body: impl IntoResponse) -> Result<Response, AppError> {
    let secure = if state.config().secure() { "; Secure" } else { "" };
    let name = cookie_name(state);
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut response = body.into_response();
    let value = HeaderValue::from_str(&cookie)
        .map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(response)
}

/// Who am I
#[utoipa::path(get, path = "/me", tag = "access", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn get_me(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<Me>, AppError> {
    Ok(Json(me(&state, &context).await?))
}

/// What one may change of oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MePatch {
    /// The language of the interface.
    locale: Locale,
}

/// Change my language
#[utoipa::path(patch, path = "/me", tag = "access", request_body = MePatch,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn patch_me(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<MePatch>,
) -> Result<Json<Me>, AppError> {
    users::set_locale(state.store(), &context, body.locale).await?;
    Ok(Json(me(&state, &Context { locale: body.locale, ..context }).await?))
}

/// A change of the own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The present password.
    current: String,
    /// The new one: at least 10 characters.
    new: String,
}

/// Change my password
///
/// Ends every session, this one included.
#[utoipa::path(post, path = "/me/password", tag = "access", request_body = PasswordChange,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn change_password(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, AppError> {
    rules::change_password(&state, &context, &body.current, &body.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out everywhere
#[utoipa::path(delete, path = "/me/sessions", tag = "access", responses((status = 204), (status = 401, body = Problem)))]
async fn sign_out_everywhere(State(state): State<AppState>, Asker(context): Asker) -> Result<Response, AppError> {
    rules::sign_out_everywhere(state.store(), &context).await?;
    with_cookie(&state, "", 0, StatusCode::NO_CONTENT)
}

/// A token as its owner sees it; the secret is shown once, when it is made.
#[derive(Serialize, ToSchema)]
struct TokenView {
    /// The id.
    id: Uuid,
    /// What it is for.
    name: String,
    /// When it was made, RFC 3339.
    created_at: String,
    /// True where it no longer works.
    revoked: bool,
    /// The secret; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What it is for.
    name: String,
}

/// List my tokens
#[utoipa::path(get, path = "/tokens", tag = "access",
    responses((status = 200, body = Page<TokenView>), (status = 401, body = Problem)))]
async fn list_tokens(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<Page<TokenView>>, AppError> {
    let rows = queries::tokens(state.store().pool(), context.user_id.unwrap_or_default()).await?;
    let items = rows.iter().map(|row| token_view(row, None)).collect();
    Ok(Json(Page::new(items, None)))
}

fn token_view(row: &qiao_store::entities::api_token::Model, token: Option<String>) -> TokenView {
    TokenView {
        id: row.id,
        name: row.name.clone(),
        created_at: crate::time::rfc3339(row.created_at),
        revoked: row.revoked_at.is_some(),
        token,
    }
}

/// Make a token
///
/// It acts as its owner, with the owner's role and scope. The secret is answered once.
#[utoipa::path(post, path = "/tokens", tag = "access", request_body = NewToken,
    responses((status = 201, body = TokenView), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn create_token(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<NewToken>,
) -> Result<(StatusCode, Json<TokenView>), AppError> {
    let mut check = crate::forms::Checker::default();
    let name = check.text("/name", &body.name, crate::forms::NAME);
    check.done()?;
    let user = context.user_id.ok_or(AppError::Forbidden("not_allowed"))?;
    let (token, row) = rules::create_token(state.store(), &context, user, name, None).await?;
    Ok((StatusCode::CREATED, Json(token_view(&row, Some(token)))))
}

/// Revoke a token
#[utoipa::path(delete, path = "/tokens/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn revoke_token(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
) -> Result<StatusCode, AppError> {
    rules::revoke_token(state.store(), &context, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
