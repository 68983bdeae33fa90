//! The structure of a plan: one in YAML and JSON.

mod component;
mod computed;
mod lists;
mod measure;
mod rate;
mod settle;
mod share;
mod whole;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::conditions::Condition;
use crate::dates::PeriodKind;
use crate::formula::Formula;
use crate::rounding::Rounding;
use crate::text::{Language, Text};

pub use component::{Component, CreditsOf, Pays, Per, PlanMeasure, ShareOut, ValueStep, Way};
pub use computed::{Between, Computed, Table, TableRow};
pub use measure::{Baseline, NamedMeasure, ScorecardRow};
pub use rate::{Axis, Band, IfLost, Lookup, LookupRow, Mode, Part, Rate, RateCurve, RatePoint, Reward, Tiers};
pub use settle::{
    Cap, Clawback, ClawbackAt, Deductions, Draw, Floor, Forgive, GroupCap, Guarantee, Leavers, Need, NeedOf, OnLeaving,
    OwedOnLeaving, Recognition, RetainedUntil, Retention, TrueUp,
};
pub use share::{Budget, Difference, Order, Override, OverrideOf, Pool, PoolBy, PoolOf, Rank, Ties, Unreleased};

use super::number::Number;

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
    /// Which day decides whether a fact counts, and under which version.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dated_by: DatedBy,
    /// What becomes of facts that become known after their period.
    #[serde(default, skip_serializing_if = "is_default")]
    pub late_facts: LateFacts,
    /// What a change of version in the middle of a period does to the pay of the period.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mid_period: MidPeriod,
    /// How the days there are counted (按天折算).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proration: Option<Proration>,
    /// How amounts in other currencies are converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_rates: Option<CurrencyRates>,
    /// Named numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<NamedMeasure>,
    /// What is earned for what.
    pub components: Vec<Component>,
    /// Limits over several components.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<GroupCap>,
    /// What is earned at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Guarantee>,
    /// What is advanced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
    /// How much may be kept back at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deductions: Option<Deductions>,
    /// What becomes of balances when somebody leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leavers: Option<Leavers>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Which day decides whether a fact counts, and under which version of the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatedBy {
    /// The day it counts on.
    #[default]
    Fact,
    /// 签约日: the contract's first signing (老合同老办法).
    Signing,
    /// 首笔回款日: the contract's first payment.
    FirstPayment,
}

/// What becomes of facts that become known after their period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateFacts {
    /// Their period is computed anew, the difference comes now.
    #[default]
    Origin,
    /// 归入当月: they count when they become known.
    Open,
}

/// What a change of version in the middle of a period does to the pay of the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MidPeriod {
    /// Each version pays its days.
    #[default]
    Prorate,
    /// The version of the last day pays the whole period.
    Last,
}

/// How the days there are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proration {
    /// By days of the period, or by months with the days of each.
    #[serde(default)]
    pub by: ProrationBy,
    /// True: days of absence do not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absences: bool,
    /// True: the payee's own targets are prorated, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub targets: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProrationBy {
    /// Days of the whole period.
    #[default]
    Days,
    /// Months, each by its days.
    Months,
}

/// How amounts in other currencies are converted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRates {
    /// The rate of which day.
    #[serde(default)]
    pub on: RateOn,
    /// Fixed rates by currency.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub fixed: std::collections::BTreeMap<String, Number>,
}

/// The rate of which day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateOn {
    /// The fact's own.
    #[default]
    Date,
    /// The contract's first signing.
    Signing,
    /// The average of the month's rates.
    MonthAverage,
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
    /// Of these only those for whom this holds.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Formula>,
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
