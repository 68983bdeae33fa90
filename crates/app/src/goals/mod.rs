//! Goals: targets of people, teams and the company.
//!
//! It must never compute attainment: that is the engine's, asked by `metrics`.

mod queries;
pub mod rules;

pub use rules::router;
