//! Metrics: what is counted. Definitions are versioned data; evaluating one gives a value and its explanation.

mod contributions;
mod evaluate;
mod group;
mod model;
mod scan;
mod standard;

pub use contributions::{Contribution, ContributionPage, contributions};
pub use evaluate::{Cut, MetricExplanation, MetricValue, evaluate};
pub use group::{GroupBy, GroupKey, evaluate_by};
pub use model::{
    Category, Combination, Direction, Filter, Formula, Measure, MetricVersion, Thing, Unit,
};
pub use standard::{stage_conversion, standard};

pub use crate::goals::Subject;

#[cfg(test)]
mod tests;
