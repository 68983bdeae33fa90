//! Records, read-only, in one shape: what a fact came from.

mod routes;

pub use routes::router;
