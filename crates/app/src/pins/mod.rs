//! Records that somebody keeps at hand: each user's own, on every device.
//!
//! It must never know what a record is; who no longer sees a record no longer sees its pin.

mod queries;
mod routes;
mod rules;

pub use routes::router;
