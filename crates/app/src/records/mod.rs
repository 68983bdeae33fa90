//! Records as pages: where a reason ends. Reads what other capabilities own, within their scope, and changes nothing.

mod contracts;
mod fields;
pub(crate) mod queries;
mod routes;
mod sales;

pub(crate) use queries::{Seen, look_up, seen_among, sees};
pub use routes::router;
