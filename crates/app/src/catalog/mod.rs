//! The catalog: products and product lines, and the pipelines that opportunities run through.

mod names;
mod queries;
mod routes;
pub mod rules;

pub use names::names;
pub use routes::router;
