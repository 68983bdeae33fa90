//! The pipeline: opportunities, their stages, and the facts that follow from what happens to them.
//!
//! It must never know what a fact pays.

pub mod opportunities;
mod pipelines;
pub(crate) mod queries;
mod routes_board;
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
}
