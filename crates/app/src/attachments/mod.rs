//! Attachments: photos and other files of a record. The bytes lie on the disk under their digest; who may see the record
//! may see them.
//!
//! It must never know what a record is, nor trust what a file says of itself.

mod queries;
mod routes;
pub mod rules;
mod sniff;

pub use routes::router;
