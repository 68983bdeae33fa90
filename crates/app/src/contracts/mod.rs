//! Contracts with their lines, splits and schedules; the money that comes in for them; invoices.
//!
//! It must never know what a fact pays.

mod allocation;
mod contract;
mod contract_write;
mod facts;
mod invoice;
mod lines;
mod payment;
mod payment_facts;
pub(crate) mod queries;
pub mod rules;

pub use contract::{Contract, ContractEntry};
pub use invoice::InvoiceEntry;
pub use payment::{Payment, PaymentEntry};

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(contract::router())
        .merge(contract::archive_router())
        .merge(contract::bulk_router())
        .merge(payment::router())
        .merge(invoice::router())
        .merge(invoice::archive_router())
}
