//! The command line, from outside.
#![allow(clippy::unwrap_used, clippy::panic)]

mod calc;
