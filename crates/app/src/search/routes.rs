//! Search.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::rules::{Hit, search};
use crate::error::AppError;
use crate::http::{Asker, Json, Page, Problem, Query};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_records))
}

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words; a record holds each of them in its name, number, telephone number or address.
    q: String,
    /// Records of each kind, 1 to 50, 8 by default.
    limit: Option<u64>,
}

/// Search records
///
/// Accounts, contacts, leads, opportunities and contracts in the asker's scope.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = Page<Hit>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn find_records(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Page<Hit>>, AppError> {
    let limit = query.limit.unwrap_or(8);
    let Some(limit) = usize::try_from(limit).ok().filter(|limit| (1..=50).contains(limit)) else {
        return Err(AppError::field("/limit", "out_of_range", &[&limit.to_string(), "1", "50"]));
    };
    Ok(Json(Page::new(search(&state, &context, &query.q, limit).await?, None)))
}
