//! The pipeline: opportunities, their stages, and the facts that follow from what happens to them.
//!
//! It must never know what a fact pays.

mod columns;
mod editing;
mod history;
pub mod opportunities;
mod pipelines;
pub(crate) mod queries;
pub mod required;
mod routes_board;
mod routes_funnel;
pub mod rules;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(opportunities::router())
        .merge(opportunities::archive_router())
        .merge(opportunities::bulk_router())
        .merge(pipelines::router())
        .merge(routes_board::router())
        .merge(routes_funnel::router())
}
