//! The pipeline: opportunities, their stages, and the facts that follow from what happens to them.
//!
//! It must never know what a fact pays.

mod board;
pub mod opportunities;
mod pipelines;
pub(crate) mod queries;
pub mod rules;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(opportunities::router())
        .merge(opportunities::archive_router())
        .merge(pipelines::router())
        .merge(board::router())
}
