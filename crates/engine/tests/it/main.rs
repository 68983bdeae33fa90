//! The engine from outside.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod docs;
mod oracle;
