//! Comments: what people say to each other about a record.
//!
//! It must never know what a record is.

pub(crate) mod queries;
mod routes;
pub mod rules;

pub use routes::router;
