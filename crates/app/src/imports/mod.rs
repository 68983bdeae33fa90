//! Imports: a file becomes records. Every row is created, updated, unchanged or rejected with a reason; the good ones
//! are kept, the others come back in a file.
//!
//! It knows how files are written and in which order rows go in; what a row means is the business of the capability
//! that owns the record.

mod compute;
mod decoded;
mod fields;
mod guess;
mod held;
mod mapping;
mod mending;
mod order;
mod preview;
mod queries;
pub mod routes;
mod routes_runs;
mod run;
mod runs;
mod safe;
mod table;
mod upload;
pub mod values;
mod views;
mod work;

pub use mapping::{Mapping, Unit};
pub use routes_runs::router as runs_router;
pub use run::{Applied, Kind, Outcome, Rejected, run};
pub use runs::sweep;
pub use safe::{harmless, original};
pub use table::{MOST_BYTES, Table, TableError, read};
pub use work::{JOB, work};
