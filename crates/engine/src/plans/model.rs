//! The structure of a plan: one in YAML and JSON.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::number::Number;
use crate::conditions::Condition;
use crate::dates::PeriodKind;
use crate::rounding::Rounding;
use crate::text::{Language, Text};

/// A plan as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The stable name; a changed plan with the same id is a new version.
    pub id: String,
    /// The name people read.
    pub name: PlanName,
    /// ISO 4217; the company's.
    pub currency: String,
    /// How long one reckoning is: month, quarter or year.
    pub period: PeriodKind,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Who is on it.
    pub who: Who,
    /// How a line is rounded to minor units; half up where absent.
    #[serde(default)]
    pub rounding: Rounding,
    /// What is earned for what.
    pub components: Vec<Component>,
}

/// A name in one language or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PlanName {
    /// The same in both.
    One(String),
    /// Both.
    Both(Text),
}

impl<'de> Deserialize<'de> for PlanName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> serde::de::Visitor<'de> for NameVisitor {
            type Value = PlanName;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name, or one for each language like {zh: 提成, en: Commission}")
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<PlanName, E> {
                Ok(PlanName::One(name.to_owned()))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<PlanName, A::Error> {
                Text::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(PlanName::Both)
            }
        }
        deserializer.deserialize_any(NameVisitor)
    }
}

impl PlanName {
    /// The name in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match self {
            Self::One(name) => name,
            Self::Both(text) => text.get(language),
        }
    }
}

/// Who is on a plan: the people named, and the members of the teams (and below) in the roles. Teams without roles means
/// every role, roles without teams every team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Roles of a membership: rep, manager ...
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Paths of teams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// External ids or addresses of people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
}

/// One thing that is earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The stable name within the plan.
    pub id: String,
    /// The name people read.
    pub name: PlanName,
    /// The kind of fact it is earned on, or the code of a metric whose facts it is earned on.
    pub basis: String,
    /// Which number of the fact.
    #[serde(default)]
    pub measure: PlanMeasure,
    /// Which facts.
    #[serde(default, rename = "where", skip_serializing_if = "is_always")]
    pub when: Condition,
    /// The roles whose credits count.
    #[serde(default = "owner", skip_serializing_if = "is_owner")]
    pub roles: Vec<String>,
    /// How much.
    pub rate: Rate,
}

fn is_always(condition: &Condition) -> bool {
    *condition == Condition::Always
}

fn owner() -> Vec<String> {
    vec!["owner".to_owned()]
}

fn is_owner(roles: &Vec<String>) -> bool {
    *roles == owner()
}

/// Which number of a fact is the basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMeasure {
    /// The amount with VAT.
    #[default]
    Amount,
    /// The amount without VAT.
    AmountExclTax,
    /// The margin.
    Margin,
}

impl PlanMeasure {
    /// The column of a file of facts that holds it.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::AmountExclTax => "amount_excl_tax",
            Self::Margin => "margin",
        }
    }
}

/// How much is earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rate {
    /// One rate for everything.
    Flat(Number),
    /// A rate by dimensions: the row that names most of them wins, the first of equals.
    Lookup {
        /// The dimensions.
        by: Vec<String>,
        /// The rows.
        rows: Vec<LookupRow>,
        /// Where no row matches; nothing is earned where absent.
        #[serde(default)]
        default: Number,
    },
    /// A rate by how much there is.
    Tiers {
        /// Each band at its own rate, or the highest reached for all.
        mode: Mode,
        /// What chooses the band.
        #[serde(default)]
        on: Axis,
        /// The bands from below; the first begins at 0.
        rows: Vec<Band>,
    },
    /// A fixed reward for a deal that enters a stage, once for each deal, ever.
    Reward {
        /// Money in major units.
        amount: Number,
        /// What becomes of it when the deal is lost.
        #[serde(default)]
        if_lost: IfLost,
    },
}

/// A row of a lookup: values by dimension, and the rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupRow {
    /// The rate.
    pub rate: Number,
    /// The values; a dimension that is absent matches everything.
    #[serde(flatten)]
    pub values: BTreeMap<String, String>,
}

/// Marginal or whole-amount tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 超额累进: each band at its own rate.
    Marginal,
    /// 全额累进: the rate of the highest band reached, for everything.
    Whole,
}

/// What chooses the band of a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// The basis cumulated over the plan's period, major units.
    #[default]
    Amount,
    /// The payee's attainment of a metric in the plan's period: 1 is the target.
    Attainment(String),
}

/// A band of a tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Where it begins: major units, or attainment.
    pub from: Number,
    /// Its rate.
    pub rate: Number,
}

/// What becomes of a stage reward when its deal is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfLost {
    /// 保留: it stays.
    #[default]
    Keep,
    /// 作废: it is forfeited.
    Forfeit,
}

/// A published version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanVersion {
    /// The version's id.
    pub id: u128,
    /// The plan's id.
    pub plan_id: u128,
    /// 1, 2, 3 ...
    pub version: u32,
    /// The structure; its `from` and `to` are the version's.
    pub plan: Plan,
}

impl PlanVersion {
    /// True on a day of the version's own dates.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.plan.from <= day && self.plan.to.is_none_or(|to| day <= to)
    }
}
