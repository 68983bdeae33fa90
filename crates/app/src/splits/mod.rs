//! Splits: who is credited with a deal or a contract, in which role, with which share, from which day.
//!
//! It must never know what a record is or what a credit pays.

mod queries;
pub mod rules;

pub(crate) use queries::{shared_of, shared_with};
pub use rules::{SplitForm, SplitView, Splits};
