//! The timeline of a record: what was done, said and changed, the newest first. Reads what other capabilities own, within
//! the asker's scope, and changes nothing.

mod changes;
mod labels;
mod queries;
mod routes;
mod rules;

pub use changes::{ChangeView, of as changes_of};
pub use labels::label as column_label;
pub use routes::router;
