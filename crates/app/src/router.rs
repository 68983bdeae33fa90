//! Every route of the product on one page.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::AppError;
use crate::http::{limits, meter, method_not_allowed, not_found, scoped_locale, security};
use crate::state::AppState;
use crate::{
    access, activities, attachments, audit, catalog, comments, company, contracts, customers, desk, duplicates, events,
    exports, goals, imports, inbox, leads, metrics, orders, pay, people, pins, pipeline, plans, records, search,
    timeline,
};

/// The largest JSON body, bytes.
const JSON_LIMIT: usize = 1024 * 1024;

#[derive(OpenApi)]
#[openapi(info(
    title = "Qiao",
    description = "Goals, process, incentives: sales performance that explains itself.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Api;

fn documented() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        .merge(access::router())
        .merge(people::router())
        .merge(metrics::router())
        .merge(metrics::attainment_router())
        .merge(metrics::publish_router())
        .merge(metrics::versions_router())
        .merge(company::router())
        .merge(audit::router())
        .merge(plans::router())
        .merge(pay::router())
        .merge(customers::router())
        .merge(leads::router())
        .merge(leads::archive_router())
        .merge(leads::bulk_router())
        .merge(leads::conversion_router())
        .merge(pipeline::router())
        .merge(catalog::router())
        .merge(activities::router())
        .merge(activities::archive_router())
        .merge(activities::bulk_router())
        .merge(contracts::router())
        .merge(orders::router())
        .merge(goals::router())
        .merge(goals::matrix_router())
        .merge(records::router())
        .merge(comments::router())
        .merge(pins::router())
        .merge(timeline::router())
        .merge(search::router())
        .merge(duplicates::router())
        .merge(desk::router())
        .merge(inbox::router())
        .merge(imports::routes::router())
        .merge(imports::runs_router())
        .merge(attachments::router())
        .merge(exports::routes::router())
        .merge(events::router());
    OpenApiRouter::with_openapi(Api::openapi()).nest("/api/v1", v1)
}

/// The description of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().split_for_parts().1
}

/// The server's routes: the API, the pages that are handed in, and the probes.
pub fn router(state: AppState, pages: Router<AppState>) -> Router {
    let (api, description) = documented().split_for_parts();
    let description = description.to_json().unwrap_or_default();
    api.route("/api/v1/openapi.json", get(move || openapi_json(description)))
        .route("/api/{*rest}", any(not_found))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .merge(pages)
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(security::digest_body))
        .layer(from_fn_with_state(state.clone(), security::same_origin))
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
        .layer(from_fn_with_state(state.clone(), limits::limit))
        .layer(from_fn(scoped_locale))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), meter::count))
        .with_state(state)
}

async fn openapi_json(description: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], description)
}

/// Ready where the database answers.
async fn ready(State(state): State<AppState>) -> Result<&'static str, AppError> {
    state.books().snapshot().await?;
    Ok("ready")
}
