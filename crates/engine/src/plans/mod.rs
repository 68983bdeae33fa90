//! Plans: the published, dated rules by which people earn.
//!
//! The phases of a plan run one way and a component names inputs of earlier phases only: resolve, credit, measure,
//! rate, adjust, share, settle. [`estimate`] runs them.

mod check;
mod clauses;
mod estimate;
mod model;
mod parse;
mod phases;
mod reader;
mod write;

pub use check::{Known, check};
pub use clauses::{Clause, clauses};
pub use estimate::{
    Estimate, EstimateRow, Line, LineStatus, NextTier, NotCounted, TierProgress, estimate,
    estimate_versions, estimates,
};
pub use model::{
    Axis, Band, Component, IfLost, LookupRow, PlanMeasure, PlanPeriod, PlanVersion, Rule,
    StageReward, TierMode, Tiers, Who,
};
pub use parse::{parse, read_plan};

#[cfg(test)]
mod tests;
