//! Leads: people and companies that may become customers.
//!
//! It must never know what a converted lead is worth.

mod lead;
mod queries;
pub mod rules;

pub use lead::{LeadEntry, archive_router, router};
