//! MEASURE: named numbers of a payee and period.

use serde::{Deserialize, Serialize};

use super::computed::Computed;
use super::lists;
use super::rate::{is_period, period};
use super::{is_always, is_owner, owner, whole};
use crate::conditions::Condition;
use crate::formula::{Formula, Over, Whose};
use crate::metrics::Entity;
use crate::plans::number::Number;

/// A named number. Exactly one of `sum`, `count`, `distinct`, `formula`, `scorecard`, `baseline` says how it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedMeasure {
    /// The name that formulas use.
    pub id: String,
    /// What is summed: a column of the facts or a formula over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Formula>,
    /// True: how many facts; a reversal counts minus one, a share its part.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub count: bool,
    /// How many different ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<Entity>,
    /// Computed from earlier measures and figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// Weighted scores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scorecard: Vec<ScorecardRow>,
    /// What the payee usually does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The kinds of fact, or a metric's code.
    #[serde(
        default,
        deserialize_with = "lists::read",
        serialize_with = "lists::write",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub basis: Vec<String>,
    /// Which facts.
    #[serde(default, rename = "where", skip_serializing_if = "is_always")]
    pub when: Condition,
    /// The roles whose credits count.
    #[serde(default = "owner", skip_serializing_if = "is_owner")]
    pub roles: Vec<String>,
    /// Whose credits.
    #[serde(default = "payee", skip_serializing_if = "is_payee")]
    pub whose: Whose,
    /// Over which time.
    #[serde(default = "period", skip_serializing_if = "is_period")]
    pub over: Over,
}

fn payee() -> Whose {
    Whose::Payee
}

fn is_payee(whose: &Whose) -> bool {
    *whose == Whose::Payee
}

/// A row of a scorecard: weight x score; the score is 0 below `from` and at most `most`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScorecardRow {
    /// The score.
    pub of: Formula,
    /// Its weight.
    pub weight: Number,
    /// Below it the score is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Number>,
    /// Above it the score stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Number>,
}

/// The average of a measure over the plan periods before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// An earlier measure.
    pub of: String,
    /// How many periods are looked at.
    #[serde(deserialize_with = "whole::read")]
    pub periods: u8,
    /// How many the payee must have been there.
    #[serde(deserialize_with = "whole::read")]
    pub least: u8,
    /// Multiplies the average: territory, maturity of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Computed>,
    /// With fewer periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Computed>,
}
