//! One's own messages, and which of them one wants.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::queries::{self, Wanted, Which};
use super::texts::{NotificationView, views};
use super::{Kind, rules};
use crate::entry::list::After;
use crate::error::AppError;
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::state::AppState;
use crate::time::rfc3339;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_notifications))
        .routes(routes!(mark_notifications))
        .routes(routes!(get_settings, change_settings))
}

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NotificationQuery {
    /// Only this kind.
    kind: Option<Kind>,
    /// True for what was not read.
    unread: Option<bool>,
    /// Rows per page, 1 to 200, 50 by default.
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List one's own messages
///
/// The newest first. What the asker no longer sees is told without its name and amount. Read messages are kept for 90
/// days, unread ones for a year.
#[utoipa::path(get, path = "/notifications", tag = "inbox", params(NotificationQuery),
    responses((status = 200, body = Page<NotificationView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_notifications(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<NotificationQuery>,
) -> Result<Json<Page<NotificationView>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.checked()?;
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let after = page.after.as_ref().map(|(at, id)| {
        let id = Uuid::try_parse(id).map_err(|_| AppError::field("/cursor", "cursor", &[]))?;
        Ok::<_, AppError>(After { key: Some(at.clone()), id })
    });
    let wanted = Wanted { kind: query.kind, unread: query.unread.unwrap_or(false) };
    let rows = queries::page(state.store().pool(), user, &wanted, after.transpose()?, page.limit + 1).await?;
    let listed = page.page(rows, |row| (row.at.to_string(), row.id.to_string()));
    Ok(Json(Page::new(views(&state, &context, listed.items).await?, listed.next_cursor)))
}

/// How much there is to read.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadView {
    /// Messages that were not read.
    unread: u64,
}

/// Count one's own unread messages
#[utoipa::path(get, path = "/notifications/count", tag = "inbox",
    responses((status = 200, body = UnreadView), (status = 401, body = Problem)))]
async fn count_notifications(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<UnreadView>, AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    Ok(Json(UnreadView { unread: queries::unread(state.store().pool(), user).await? }))
}

/// What is to be marked: `ids`, or a `kind`, or what was marked at a moment; all where none is named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkForm {
    /// True: they are read. False: they are unread again.
    read: bool,
    /// These messages, 200 at most.
    #[serde(default)]
    ids: Option<Vec<Uuid>>,
    /// All of this kind.
    #[serde(default)]
    kind: Option<Kind>,
    /// Those that were marked at this moment: the `marked_at` of the answer before. It takes that back.
    #[serde(default)]
    marked_at: Option<String>,
}

/// What was marked.
#[derive(Debug, Serialize, ToSchema)]
struct MarkedView {
    /// How many messages.
    count: u64,
    /// The moment by which it can be taken back; none where they became unread.
    marked_at: Option<String>,
}

/// Mark one's own messages as read or unread
#[utoipa::path(post, path = "/notifications/reading", tag = "inbox", request_body = MarkForm,
    responses((status = 200, body = MarkedView), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn mark_notifications(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(form): Json<MarkForm>,
) -> Result<Json<MarkedView>, AppError> {
    let which = match (form.ids, form.marked_at) {
        (Some(ids), _) if ids.len() > 200 => return Err(AppError::field("/ids", "limit", &[])),
        (Some(ids), _) => Which::Ids(ids),
        (None, Some(text)) => {
            let at = chrono::DateTime::parse_from_rfc3339(&text);
            let at = at.map_err(|_| AppError::field("/marked_at", "not_date", &[&text]))?;
            Which::MarkedAt(at.timestamp_millis())
        }
        (None, None) => Which::Kind(form.kind),
    };
    let marked = rules::mark(&state, &context, which, form.read).await?;
    Ok(Json(MarkedView { count: marked.count, marked_at: marked.at.map(rfc3339) }))
}

/// Whether one wants to be told of a kind.
#[derive(Debug, Serialize, ToSchema)]
struct NotificationChoice {
    kind: Kind,
    /// What it is called.
    name: String,
    /// When one is told.
    about: String,
    wanted: bool,
}

/// Get which messages one wants
#[utoipa::path(get, path = "/notification-settings", tag = "inbox",
    responses((status = 200, body = Page<NotificationChoice>), (status = 401, body = Problem)))]
async fn get_settings(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<Page<NotificationChoice>>, AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let off = rules::unwanted(&state, user).await?;
    let choice = |kind: Kind| NotificationChoice {
        kind,
        name: kind.name(context.locale).to_owned(),
        about: kind.about(context.locale).to_owned(),
        wanted: !off.contains(kind.as_str()),
    };
    let items = Kind::all().filter(|kind| kind.concerns(&context)).map(choice).collect();
    Ok(Json(Page::new(items, None)))
}

/// Which kinds one wants; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NotificationChoices {
    /// A kind, and whether it is wanted.
    kinds: BTreeMap<Kind, bool>,
}

/// Choose which messages one wants
#[utoipa::path(patch, path = "/notification-settings", tag = "inbox", request_body = NotificationChoices,
    responses((status = 200, body = Page<NotificationChoice>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn change_settings(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(form): Json<NotificationChoices>,
) -> Result<Json<Page<NotificationChoice>>, AppError> {
    rules::choose(&state, &context, form.kinds).await?;
    get_settings(State(state), Asker(context)).await
}
