//! Records as pages: where a reason ends. Reads what other capabilities own, within their scope, and changes nothing.

mod contracts;
mod fields;
mod routes;
mod sales;

pub use routes::router;
