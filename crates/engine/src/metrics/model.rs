//! The structure of a metric, one in JSON and YAML.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::conditions::Condition;
use crate::facts::ROLE_OWNER;
use crate::node::{Node, Problem, problem};
use crate::words::Text;

/// What a metric says about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// What came out.
    Result,
    /// What was done.
    Process,
    /// How well.
    Quality,
    /// How people worked.
    Behaviour,
}

/// Which values are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better (正向).
    Higher,
    /// Less is better (反向).
    Lower,
    /// Between two values is good (区间).
    Range {
        /// The smallest good value.
        low: Decimal,
        /// The largest good value.
        high: Decimal,
    },
}

/// How values of parts combine to the value of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// Parts add up.
    Sum,
    /// The whole is an average over all facts.
    Average,
    /// Numerators and denominators add up, then divide.
    Ratio,
    /// The last value stands.
    Latest,
}

/// What the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Major units of the company's currency.
    Money,
    /// A number of things.
    Count,
    /// A ratio; 0.05 is 5 %.
    Percent,
    /// Days.
    Days,
    /// Points.
    Score,
}

/// A number of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The amount, tax included.
    Amount,
    /// The amount without tax; a fact without it counts with nothing.
    AmountExclTax,
    /// The margin.
    Margin,
    /// The quantity.
    Quantity,
    /// The score.
    Score,
    /// An attribute that is a number; a fact where it is none does not count.
    Attribute(String),
}

impl Measure {
    /// Whether it is an amount of money.
    pub fn is_money(&self) -> bool {
        matches!(self, Self::Amount | Self::AmountExclTax | Self::Margin)
    }
}

/// What is counted once however often it appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// Company groups.
    AccountGroup,
    /// Opportunities.
    Opportunity,
    /// Contracts.
    Contract,
}

/// Which facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The kinds of facts.
    pub of: Vec<String>,
    /// What they must satisfy.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Condition::is_always"
    )]
    pub condition: Condition,
}

impl Filter {
    /// All facts of one kind.
    pub fn kind(kind: &str) -> Self {
        Self {
            of: vec![kind.to_owned()],
            condition: Condition::Always,
        }
    }
}

/// How a value is made of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// The sum of a measure; each credit counts its part.
    Sum {
        /// What is added.
        measure: Measure,
        /// Over which facts.
        facts: Filter,
    },
    /// The number of facts; each credit counts its share, a reversal counts -1.
    Count {
        /// Which facts.
        facts: Filter,
    },
    /// The number of different things, net of reversals; sharing one counts it for each.
    CountDistinct {
        /// What is counted.
        thing: Thing,
        /// In which facts.
        facts: Filter,
    },
    /// Sum of a measure divided by the count of the facts that have it.
    Average {
        /// What is averaged.
        measure: Measure,
        /// Over which facts.
        facts: Filter,
    },
    /// One formula divided by another; no value where the second is zero.
    Ratio {
        /// The numerator.
        numerator: Box<Formula>,
        /// The denominator.
        denominator: Box<Formula>,
    },
}

fn owner_only() -> Vec<String> {
    vec![ROLE_OWNER.to_owned()]
}

fn first_version() -> u32 {
    1
}

/// One version of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricVersion {
    /// The code, a word of `a-z`, digits and `_`.
    pub code: String,
    /// The number of the version, from 1.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The first day it holds; none: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Its name.
    pub name: Text,
    /// In plain words, what is in and what is not.
    pub description: Text,
    /// What it says about.
    pub category: Category,
    /// Which values are good.
    pub direction: Direction,
    /// How parts combine.
    pub combination: Combination,
    /// What the value is.
    pub unit: Unit,
    /// The roles whose credits count; default owner.
    #[serde(default = "owner_only")]
    pub roles: Vec<String>,
    /// How the value is made.
    pub formula: Formula,
}

impl MetricVersion {
    /// Reads a metric from YAML or JSON text; numbers never pass through floats.
    ///
    /// # Errors
    /// A problem with the line of the place: not readable, an unknown key, a value of the wrong kind, a formula too deep.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let node = Node::parse(text)?;
        let metric: Self = serde_path_to_error::deserialize(node.to_json()).map_err(|error| {
            let path: String = error.path().iter().map(|part| format!("/{part}")).collect();
            problem(
                node.at(&path).line,
                &path,
                "invalid_metric",
                error.inner().to_string(),
            )
        })?;
        if !crate::facts::is_kind(&metric.code) {
            return Err(problem(
                node.at("/code").line,
                "/code",
                "invalid_code",
                "use a-z, digits and _, beginning with a letter",
            ));
        }
        Ok(metric)
    }

    /// Whether values of parts (months of a quarter) add up to the value of the whole.
    pub fn is_summing(&self) -> bool {
        self.combination == Combination::Sum
    }
}
