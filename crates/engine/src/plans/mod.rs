//! Plans: the published, dated rules by which people earn.
//!
//! Pay is made in phases, each reading earlier phases only, so that no cycle can be written: RESOLVE who is on which
//! version, CREDIT facts to people, MEASURE numbers of a period, RATE lines, then ADJUST, SHARE, SETTLE. What is built
//! today stands in the files of the first four; the others have no rule yet.

mod bands;
mod check;
mod clauses;
mod curve;
mod model;
mod number;
mod parse;
mod resolve;
mod served;
#[cfg(test)]
mod tests;

pub(crate) use bands::{Bands, between};
pub use check::{check, check_against};
pub use clauses::{Clause, clauses};
pub use curve::{Curve, CurveLine, Point, curves};
pub use model::{
    Axis, Band, Baseline, Between, Budget, Cap, Clawback, ClawbackAt, Component, Computed, CreditsOf, CurrencyRates,
    DatedBy, Deductions, Difference, Draw, Floor, Forgive, GroupCap, Guarantee, IfLost, LateFacts, Leavers, Lookup,
    LookupRow, MidPeriod, Mode, NamedMeasure, Need, NeedOf, OnLeaving, Order, Override, OverrideOf, OwedOnLeaving,
    Part, Pays, Per, Plan, PlanMeasure, PlanName, PlanVersion, Pool, PoolBy, PoolOf, Proration, ProrationBy, Rank,
    Rate, RateCurve, RateOn, RatePoint, Recognition, RetainedUntil, Retention, Reward, ScorecardRow, ShareOut, Table,
    TableRow, Tiers, Ties, TrueUp, Unreleased, ValueStep, Way, Who,
};
pub use number::Number;
pub use parse::{PlanError, from_json, parse};
pub(crate) use resolve::{Enrolment, is_on, plans};
pub use resolve::{on_plan, on_plan_in, people_on};
pub use served::not_served;
