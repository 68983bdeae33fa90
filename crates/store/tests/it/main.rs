//! The store's promises, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
// A command takes a reference to exactly its input type.
#![allow(clippy::ptr_arg)]

mod backup;
mod check;
mod conformance;
mod following;
mod schema;
