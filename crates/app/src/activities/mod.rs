//! Activities: what was done for a customer, and what is to be done next.
//!
//! It must never know what an activity is worth.

mod activity;
mod queries;

pub use activity::{ActivityEntry, archive_router, bulk_router, degrees, position, router};
