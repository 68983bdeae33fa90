//! Reading the audit log.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use qiao_engine::Language;
use qiao_store::books::View;
use qiao_store::entities::audit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::queries;
use super::rules::{AuditField, names_by_id, told};
use crate::context::Permission;
use crate::error::AppError;
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::state::AppState;
use crate::time::rfc3339;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_entries))
}

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// The kind of record, for example opportunity.
    pub record_type: Option<String>,
    /// The record.
    pub record_id: Option<Uuid>,
    /// The user who wrote.
    pub actor_id: Option<Uuid>,
    /// What was done, for example updated.
    pub action: Option<String>,
    /// From this day on, in the company's time zone.
    pub from: Option<NaiveDate>,
    /// Until this day.
    pub to: Option<NaiveDate>,
    /// Part of what was written, before or after, or of the name of who wrote.
    pub text: Option<String>,
    /// Rows per page, 1 to 200, 50 by default.
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct AuditView {
    /// Its number; the chain seals them in order.
    sequence: i64,
    at: String,
    /// user, operator or job.
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: String,
    /// created, updated, published, signed_in ...
    action: String,
    record_type: String,
    record_id: Option<Uuid>,
    /// The record before, field by field, as JSON text; what was erased is absent.
    before: Option<BTreeMap<String, String>>,
    /// The record after.
    after: Option<BTreeMap<String, String>>,
    /// What changed, or what is new or gone, in words.
    fields: Vec<AuditField>,
}

/// A payload's fields; one that is no object stands under `value`.
fn fields(payload: Option<String>) -> Option<BTreeMap<String, String>> {
    let value: serde_json::Value = serde_json::from_str(&payload?).ok()?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Some(match value {
        serde_json::Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, text(value))).collect(),
        other => BTreeMap::from([("value".to_owned(), text(other))]),
    })
}

impl AuditView {
    fn of(row: audit::Model, around: (&View, &BTreeMap<Uuid, String>), language: Language) -> Self {
        Self {
            fields: told(around, language, row.before_payload.as_ref(), row.after_payload.as_ref()),
            sequence: row.sequence,
            at: rfc3339(row.at),
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            action: row.action,
            record_type: row.record_type,
            record_id: row.record_id,
            before: fields(row.before_payload),
            after: fields(row.after_payload),
        }
    }
}

/// The moment at which a day begins in a zone, ms since 1970 UTC; where the clock leaps over midnight, an hour later.
fn start_of(day: NaiveDate, zone: Tz) -> i64 {
    let begins = |hour| day.and_hms_opt(hour, 0, 0).and_then(|time| time.and_local_timezone(zone).earliest());
    begins(0).or_else(|| begins(1)).map(|moment| moment.timestamp_millis()).unwrap_or_default()
}

/// List the audit log
///
/// The newest first. Empty for who may not read it.
#[utoipa::path(get, path = "/audit-entries", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_entries(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditView>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() }.checked()?;
    if !context.may(Permission::ViewAudit) {
        return Ok(Json(Page::new(Vec::new(), None)));
    }
    let before = match &page.after {
        None => None,
        Some((_, sequence)) => Some(sequence.parse().map_err(|_| AppError::field("/cursor", "cursor", &[]))?),
    };
    let zone = context.company.timezone;
    let from = query.from.map(|day| start_of(day, zone));
    let until = query.to.and_then(|day| day.checked_add_days(Days::new(1))).map(|day| start_of(day, zone));
    let bounds = queries::Bounds { before, from, until };
    let rows = queries::page(state.store().pool(), &query, bounds, page.limit + 1).await?;
    let view = state.view(&context).await?;
    let names = names_by_id(&view);
    let rows = rows.into_iter().map(|row| AuditView::of(row, (&view, &names), context.language())).collect();
    Ok(Json(page.page(rows, |row: &AuditView| (String::new(), row.sequence.to_string()))))
}
