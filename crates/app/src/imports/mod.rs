//! Imports: a file becomes records. Every row is created, updated, unchanged or rejected with a reason; the good ones
//! are kept, the others come back in a file.
//!
//! It knows how files are written and in which order rows go in; what a row means is the business of the capability
//! that owns the record.

mod compute;
mod mapping;
mod run;
mod table;
pub mod values;

pub use mapping::{Mapping, Unit};
pub use run::{Applied, Kind, Outcome, Rejected, run};
pub use table::{MOST_BYTES, Table, TableError, read};
