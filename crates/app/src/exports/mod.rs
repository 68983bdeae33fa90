//! Exports: CSV within the asker's scope, in the form that an import takes back.

mod queries;
pub mod routes;
pub mod rules;

pub use rules::{Kind, Out, Rows, export};
