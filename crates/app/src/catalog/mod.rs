//! The catalog: products and product lines, and the pipelines that opportunities run through.

mod names;
mod queries;
pub mod rules;

pub use names::names;
