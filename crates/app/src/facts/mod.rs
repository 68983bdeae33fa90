//! Facts as answers show them: named by their customer and deal, with the record they come from.

mod queries;
pub mod rules;

pub use rules::{Named, named};
