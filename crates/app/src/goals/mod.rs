//! Goals: targets of people, teams and the company, and how a file of them goes in.
//!
//! It must never compute attainment: that is the engine's, asked by `metrics`.

mod queries;
pub mod rules;
