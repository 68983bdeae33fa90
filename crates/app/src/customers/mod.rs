//! Customers: accounts with their groups of companies, and the contacts who work there.
//!
//! It must never know what is sold to them.

pub mod accounts;
pub mod contacts;
pub(crate) mod queries;
pub mod rules;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(accounts::router())
        .merge(accounts::archive_router())
        .merge(accounts::bulk_router())
        .merge(contacts::router())
        .merge(contacts::archive_router())
        .merge(contacts::bulk_router())
}
