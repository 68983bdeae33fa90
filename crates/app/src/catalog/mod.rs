//! The catalog: products and product lines, and the pipelines that opportunities run through.

mod queries;
pub mod rules;
