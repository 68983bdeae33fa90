//! Facts as answers show them: named by their customer and deal, with the record they come from.

mod queries;
mod restate;
pub mod rules;

pub use restate::{Standing, restate};
pub use rules::{KEPT, Named, Names, Standings, facts_of, named, record_type_name, standing};
