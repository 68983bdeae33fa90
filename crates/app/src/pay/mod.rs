//! Pay as it stands: the live estimate, computed by the engine when it is asked for, and the reason of each line.
//!
//! It must never store an amount: what is paid is fixed by a payout run, nothing before.

mod explain;
mod routes;
mod routes_lines;
pub mod rules;

pub use routes::{line_id, period_of, router, why_address as estimate_why};
