//! Every route of the product on one page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::http::{not_found, scoped_locale, security};
use crate::state::AppState;
use crate::{access, metrics, pay, people, plans};

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
        .merge(plans::router())
        .merge(pay::router());
    OpenApiRouter::with_openapi(Api::openapi()).nest("/api/v1", v1)
}

/// The description of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().split_for_parts().1
}

/// The server's routes.
pub fn router(state: AppState) -> Router {
    let (api, _) = documented().split_for_parts();
    api.fallback(not_found)
        .layer(from_fn(security::digest_body))
        .layer(from_fn_with_state(state.clone(), security::same_origin))
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
        .layer(from_fn(scoped_locale))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .with_state(state)
}
