//! A component: one thing that is earned.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::computed::Computed;
use super::rate::{Part, Rate};
use super::settle::{Cap, Clawback, Floor, Recognition, Retention, TrueUp};
use super::share::{Budget, Difference, Override, Pool, Rank};
use super::{PlanName, Who, is_always, is_owner, lists, owner};
use crate::conditions::Condition;
use crate::formula::Formula;
use crate::rounding::Rounding;

/// One thing that is earned. Exactly one of `rate`, `amount`, `override`, `difference`, `pool`, `rank`, `budget` says how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The stable name within the plan.
    pub id: String,
    /// The name people read.
    pub name: PlanName,
    /// The first day of the facts it is earned on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// For whom of the plan's people; for all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// The kinds of fact it is earned on, or the code of a metric whose facts it is earned on.
    #[serde(
        default,
        deserialize_with = "lists::read",
        serialize_with = "lists::write",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub basis: Vec<String>,
    /// Which number of the fact.
    #[serde(default, skip_serializing_if = "is_amount")]
    pub measure: PlanMeasure,
    /// Which facts.
    #[serde(default, rename = "where", skip_serializing_if = "is_always")]
    pub when: Condition,
    /// The roles whose credits count.
    #[serde(default = "owner", skip_serializing_if = "is_owner")]
    pub roles: Vec<String>,
    /// Whose credits count for the payee.
    #[serde(default, skip_serializing_if = "CreditsOf::is_own")]
    pub of: CreditsOf,
    /// What becomes of a line's value before it is rated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ValueStep>,
    /// Whether each fact is rated by itself or the period's sum.
    #[serde(default, skip_serializing_if = "Per::is_fact")]
    pub per: Per,
    /// How a line is rounded; as the plan says where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// What is paid.
    #[serde(default, skip_serializing_if = "Pays::is_money")]
    pub pays: Pays,
    /// How much of the basis.
    #[serde(
        default,
        deserialize_with = "lists::read",
        serialize_with = "lists::write",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub rate: Vec<Part>,
    /// How much for the period, without facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Computed>,
    /// A share of what others earn.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overriding: Option<Override>,
    /// 级差.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// A share of a pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<Pool>,
    /// A prize by rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
    /// A limit on what many earn together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Without it the lines stay, at nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Formula>,
    /// Factors.
    #[serde(
        default,
        deserialize_with = "lists::read",
        serialize_with = "lists::write",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub multiplier: Vec<Computed>,
    /// True: by the days there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prorate: bool,
    /// Limits from above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// A limit from below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// How a period's pay is shared out to its facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_out: Option<ShareOut>,
    /// What must be there before it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<Recognition>,
    /// What is kept for later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// How reversals are taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clawback: Option<Clawback>,
    /// 多退少补.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub true_up: Option<TrueUp>,
}

/// How a component is earned.
#[derive(Clone, Copy, Debug)]
pub enum Way<'a> {
    /// On facts, by these parts.
    Rate(&'a [Part]),
    /// For the period.
    Amount(&'a Computed),
    /// On what others earn.
    Override(&'a Override),
    /// 级差.
    Difference(&'a Difference),
    /// From a pool.
    Pool(&'a Pool),
    /// By rank.
    Rank(&'a Rank),
    /// Less, by a limit.
    Budget(&'a Budget),
}

impl Component {
    /// How it is earned. A plan that was checked has exactly one way.
    #[must_use]
    pub fn way(&self) -> Way<'_> {
        self.ways().next().unwrap_or(Way::Rate(&[]))
    }

    /// Every way that is written.
    pub fn ways(&self) -> impl Iterator<Item = Way<'_>> {
        let rate = (!self.rate.is_empty()).then_some(Way::Rate(&self.rate));
        rate.into_iter()
            .chain(self.amount.as_ref().map(Way::Amount))
            .chain(self.overriding.as_ref().map(Way::Override))
            .chain(self.difference.as_ref().map(Way::Difference))
            .chain(self.pool.as_ref().map(Way::Pool))
            .chain(self.rank.as_ref().map(Way::Rank))
            .chain(self.budget.as_ref().map(Way::Budget))
    }

    /// The rate, where it has exactly one part on all facts.
    #[must_use]
    pub fn only_rate(&self) -> Option<&Rate> {
        match self.rate.as_slice() {
            [part] => Some(&part.rate),
            _ => None,
        }
    }

    /// True where it reads the pay of others, or is split among many.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        !matches!(self.way(), Way::Rate(_) | Way::Amount(_))
    }
}

/// Which number of a fact is the basis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlanMeasure {
    /// The amount with VAT.
    #[default]
    Amount,
    /// The amount without VAT.
    AmountExclTax,
    /// The margin.
    Margin,
    /// The quantity.
    Quantity,
    /// The score.
    Score,
    /// One for each fact.
    Count,
    /// A number computed from the fact, major units.
    Formula(Formula),
}

pub(super) fn is_amount(measure: &PlanMeasure) -> bool {
    *measure == PlanMeasure::Amount
}

impl PlanMeasure {
    /// The measure of a word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "amount" => Self::Amount,
            "amount_excl_tax" => Self::AmountExclTax,
            "margin" => Self::Margin,
            "quantity" => Self::Quantity,
            "score" => Self::Score,
            "count" => Self::Count,
            _ => return None,
        })
    }

    /// As a plan writes it: the column of a file of facts that holds it, or the formula.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Amount => "amount",
            Self::AmountExclTax => "amount_excl_tax",
            Self::Margin => "margin",
            Self::Quantity => "quantity",
            Self::Score => "score",
            Self::Count => "count",
            Self::Formula(formula) => formula.text(),
        }
    }
}

impl Serialize for PlanMeasure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PlanMeasure {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Self::of(text.trim()) {
            Some(known) => Ok(known),
            None => Formula::parse(&text).map(Self::Formula).map_err(serde::de::Error::custom),
        }
    }
}

/// Whose credits count for the payee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditsOf {
    /// The payee's own.
    #[default]
    Own,
    /// Those of the direct reports on the day.
    Reports,
    /// Those of the payee's team on the day.
    Team,
    /// Those of the team and all below.
    Subtree,
    /// Everybody's.
    Company,
}

impl CreditsOf {
    fn is_own(&self) -> bool {
        *self == Self::Own
    }
}

/// A factor on a line's value before it is rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueStep {
    /// The factor: a figure of the fact, or a lookup.
    pub times: Computed,
    /// Only for such facts.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub when: Option<Formula>,
    /// Rounds the product to minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
}

/// What is rated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each fact by itself.
    #[default]
    Fact,
    /// The sum of the period.
    Period,
}

impl Per {
    fn is_fact(&self) -> bool {
        *self == Self::Fact
    }
}

/// What is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pays {
    /// Money.
    #[default]
    Money,
    /// Points.
    Points,
    /// Nothing: other components read its rate.
    Nothing,
}

impl Pays {
    fn is_money(&self) -> bool {
        *self == Self::Money
    }
}

/// How a period's pay is shared out to its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareOut {
    /// By largest remainder: the parts sum to the whole.
    Exact,
    /// Each part rounded down; the rest stands in the statement only.
    Down,
}
