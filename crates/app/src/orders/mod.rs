//! Orders and deliveries: sales without a contract of their own, a shop, a distributor, a renewal by click.
//!
//! It must never know what a sale pays.

mod delivery;
mod order;
pub(crate) mod queries;

pub use delivery::DeliveryEntry;
pub use order::OrderEntry;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(order::router())
        .merge(order::archive_router())
        .merge(order::bulk_router())
        .merge(delivery::router())
}
