//! Plans: published rules by which people earn. A published version is never changed; a changed file is a new version.
//!
//! It must never compute pay: that is the engine's, asked by `pay`.

mod mistakes;
mod queries;
mod routes;
mod routes_checks;
mod routes_curves;
pub mod rules;

pub use routes::router;
