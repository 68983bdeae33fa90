//! Floor 1 of Qiao: what counts and what it pays.
//!
//! Pure: values in; values and explanations out. No I/O, no clock, no randomness, no async, no floats.
//! The same input gives the same bytes.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod dates;
pub mod money;
pub mod rounding;

pub use rust_decimal::Decimal;
