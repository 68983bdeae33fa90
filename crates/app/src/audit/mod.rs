//! The audit log: who wrote what, when, before and after.
//!
//! It is read here and written with every change; nothing changes it.

mod queries;
mod routes;
mod rules;

pub use routes::router;
