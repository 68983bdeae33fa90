//! Floor 1 of Qiao: what counts and what it pays.
//!
//! Pure: values in; values and explanations out. No I/O, no clock, no randomness, no async, no floats.
//! The same input gives the same bytes.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod books;
pub mod calc;
pub mod conditions;
pub mod customers;
pub mod dates;
pub mod definitions;
pub mod explain;
pub mod facts;
pub mod goals;
pub mod metrics;
pub mod money;
pub mod node;
pub mod plans;
pub mod rounding;
pub mod symbols;
pub mod words;

pub use rust_decimal::Decimal;
