//! Leads: people and companies that may become customers.
//!
//! It must never know what a converted lead is worth.

mod convert;
mod lead;
mod queries;
mod routes_convert;
pub mod rules;

pub use lead::{LeadEntry, archive_router, bulk_router, router};
pub use routes_convert::router as conversion_router;
