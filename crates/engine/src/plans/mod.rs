//! Plans: the published, dated rules by which people earn.
//!
//! Pay is made in phases, each reading earlier phases only, so that no cycle can be written: RESOLVE who is on which
//! version, CREDIT facts to people, MEASURE numbers of a period, RATE lines, then ADJUST, SHARE, SETTLE. What is built
//! today stands in the files of the first four; the others have no rule yet.

mod check;
mod clauses;
mod curve;
mod estimate;
mod model;
mod number;
mod parse;
mod rate;
mod resolve;
#[cfg(test)]
mod tests;

pub use check::check;
pub use clauses::{Clause, clauses};
pub use curve::{Curve, CurveLine, Point, curves};
pub use estimate::{Estimate, Line, NotCounted, PlanPeriod, Status, TierProgress, by_status, estimate};
pub use model::{Axis, Band, Component, IfLost, LookupRow, Mode, Plan, PlanMeasure, PlanName, PlanVersion, Rate, Who};
pub use number::Number;
pub use parse::{PlanError, from_json, parse};
pub use resolve::{on_plan, on_plan_in, people_on};
