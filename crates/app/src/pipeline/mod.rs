//! The pipeline: opportunities, their stages, and the facts that follow from what happens to them.
//!
//! It must never know what a fact pays.

pub mod import;
pub(crate) mod queries;

pub mod rules;
