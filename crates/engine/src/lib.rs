//! Floor 1: what counts and what it pays.
//!
//! Pure functions over values: no I/O, no clock, no randomness, no async, no floats. The same input gives the same bytes.
//! The way through: [`books`] (the image of the facts) and [`definitions`] make a [`Snapshot`]; [`metrics`] turn facts
//! into numbers; [`goals`] set them beside targets and time; [`plans`] turn them into pay; [`explain`] says why. [`calc`]
//! goes the same way from files alone.

pub mod books;
pub mod calc;
pub mod conditions;
pub mod customers;
pub mod dates;
pub mod definitions;
pub mod exact;
pub mod explain;
pub mod facts;
pub mod flow;
pub mod formula;
pub mod goals;
pub mod metrics;
pub mod money;
mod names;
pub mod pay;
pub mod plans;
pub mod rounding;
mod snapshot;
mod text;
pub mod yaml;

pub use names::Names;
pub use snapshot::Snapshot;
pub use text::{Language, Text};
