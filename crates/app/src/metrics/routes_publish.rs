//! Publishing metrics through the API.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::publish::publish;
use crate::error::AppError;
use crate::forms::{Checker, NOTE};
use crate::http::{Asker, Json, Problem};
use crate::state::AppState;

/// The route of publishing.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(publish_metric))
}

/// A metric as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMetric {
    /// The definition: YAML or JSON, with code, from, name, description, category, direction, combination, unit, formula.
    source: String,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// What was published.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PublishedMetricView {
    version: u32,
    /// True where this version was there already.
    unchanged: bool,
}

/// Publish a metric
///
/// A new metric, or a new version of one: it takes over from its first day.
#[utoipa::path(post, path = "/metrics", tag = "metrics", request_body = NewMetric,
    responses((status = 201, body = PublishedMetricView), (status = 200, body = PublishedMetricView, description = "Unchanged"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn publish_metric(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<NewMetric>,
) -> Result<impl IntoResponse, AppError> {
    let mut check = Checker::default();
    let reason = check.optional_text("/reason", body.reason.as_deref(), NOTE);
    check.done()?;
    let done = publish(&state, &context, &body.source, reason).await?;
    let status = if done.unchanged { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(PublishedMetricView { version: done.version, unchanged: done.unchanged })))
}
