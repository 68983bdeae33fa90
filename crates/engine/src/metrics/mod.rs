//! Metrics: what is counted.
//!
//! A metric is a definition with versions and dates. Evaluating is a function: definition, snapshot, subject, days, cut
//! give a value and the facts behind it.

mod evaluate;
mod model;
mod standard;

pub use evaluate::{
    Contribution, Cut, Group, MetricValue, Subject, contributions, evaluate, evaluate_by, evaluate_over,
};
pub use model::{Category, Combination, Direction, Entity, Formula, Measure, MetricVersion, Unit};
pub use standard::standard;
