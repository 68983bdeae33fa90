//! The structure of a plan, one in YAML and JSON. Reading: `parse`; writing: `write`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::conditions::Condition;
use crate::dates::PeriodKind;
use crate::facts::ROLE_OWNER;
use crate::metrics::Measure;
use crate::money::Currency;
use crate::rounding::Rounding;
use crate::words::Text;

/// One version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanVersion {
    /// The plan's own id, the same in all versions.
    pub id: String,
    /// The number of the version, from 1; given at publishing.
    pub version: u32,
    /// Its name; where none is given, the id.
    pub name: Text,
    /// The currency of everything in it.
    pub currency: Currency,
    /// How long tiers cumulate and how often it is settled.
    pub period: PlanPeriod,
    /// The first day: facts of this date and later are rated by this version.
    pub from: NaiveDate,
    /// The last day; none: until another version begins.
    pub to: Option<NaiveDate>,
    /// Who is on it.
    pub who: Who,
    /// How each line is rounded to minor units.
    pub rounding: Rounding,
    /// The rules, in the order of the clauses.
    pub components: Vec<Component>,
}

/// How long a plan's period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPeriod {
    /// A month.
    Month,
    /// A quarter of the fiscal year.
    Quarter,
    /// A fiscal year.
    Year,
}

impl PlanPeriod {
    /// The length as a kind of period.
    pub fn kind(self) -> PeriodKind {
        match self {
            Self::Month => PeriodKind::Month,
            Self::Quarter => PeriodKind::Quarter,
            Self::Year => PeriodKind::Year,
        }
    }

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// Who is on a plan: one of `people`, or of (`roles` and `teams`). All empty: everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// Membership roles (rep, manager ...); empty with `teams` given: any role.
    pub roles: Vec<String>,
    /// Team paths with everything below them; empty with `roles` given: any team.
    pub teams: Vec<String>,
    /// External ids or e-mail addresses.
    pub people: Vec<String>,
}

impl Who {
    /// Whether it is everybody.
    pub fn is_everybody(&self) -> bool {
        self.roles.is_empty() && self.teams.is_empty() && self.people.is_empty()
    }
}

/// One rule by which people earn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The id within the plan.
    pub id: String,
    /// Its name; where none is given, the id.
    pub name: Text,
    /// CREDIT: a fact kind or the code of a metric. `payment_received` includes its refunds.
    pub basis: String,
    /// MEASURE: which number of the facts.
    pub measure: PlanMeasure,
    /// CREDIT: which facts.
    pub condition: Condition,
    /// CREDIT: whose credits; default owner.
    pub roles: Vec<String>,
    /// RATE: what they earn.
    pub rule: Rule,
}

impl Component {
    /// The roles of a component that names none.
    pub fn default_roles() -> Vec<String> {
        vec![ROLE_OWNER.to_owned()]
    }
}

/// The number of a fact a component goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMeasure {
    /// The amount, tax included.
    #[default]
    Amount,
    /// The amount without tax.
    AmountExclTax,
    /// The margin.
    Margin,
    /// The quantity: rates are amounts of money per unit.
    Quantity,
}

impl PlanMeasure {
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("amount", Self::Amount),
        ("amount_excl_tax", Self::AmountExclTax),
        ("margin", Self::Margin),
        ("quantity", Self::Quantity),
    ];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, measure)| *measure == self)
            .map_or("amount", |(word, _)| word)
    }

    /// The same as a measure of metrics.
    pub fn as_measure(self) -> Measure {
        match self {
            Self::Amount => Measure::Amount,
            Self::AmountExclTax => Measure::AmountExclTax,
            Self::Margin => Measure::Margin,
            Self::Quantity => Measure::Quantity,
        }
    }
}

/// What a credit line earns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// One rate for everything.
    Rate(Decimal),
    /// The rate of the most specific row that matches the fact; of equally specific rows the first.
    Lookup {
        /// The rows.
        rows: Vec<LookupRow>,
        /// The rate where no row matches; none: nothing is earned.
        default: Option<Decimal>,
    },
    /// Rates by cumulative amount or attainment.
    Tiers(Tiers),
    /// A rate for each split role; the component counts exactly these roles.
    RoleRates(Vec<(String, Decimal)>),
    /// A fixed amount when a stage is entered, once per deal, ever.
    StageReward(StageReward),
}

/// A row of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupRow {
    /// When it applies.
    pub when: Condition,
    /// The rate.
    pub rate: Decimal,
}

/// Bands of rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    /// How bands apply.
    pub mode: TierMode,
    /// What is cumulated.
    pub axis: Axis,
    /// Ascending, the first from 0. A band begins at its `from`, included.
    pub bands: Vec<Band>,
}

/// How bands apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierMode {
    /// Each part at the rate of its own band (超额累进).
    Marginal,
    /// Everything at the rate of the band reached (全额累进).
    Whole,
}

impl TierMode {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Marginal => "marginal",
            Self::Whole => "whole",
        }
    }
}

/// What tiers go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Axis {
    /// The component's own cumulated basis, in major units (or units of quantity).
    Amount,
    /// Attainment of a metric's base target by the payee in the plan's period.
    ///
    /// Marginal: the component's own cumulated basis against that target. Whole: the metric's value against it.
    Attainment(String),
}

/// A band of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Where it begins: major units, or a ratio for attainment.
    pub from: Decimal,
    /// The rate in it.
    pub rate: Decimal,
}

/// A fixed amount for reaching a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageReward {
    /// The name of the stage.
    pub stage: String,
    /// The name of the pipeline; none: any.
    pub pipeline: Option<String>,
    /// The amount for a whole deal in major units; split credits share it.
    pub amount: Decimal,
    /// What happens when the deal is lost.
    pub if_lost: IfLost,
}

/// What happens to a stage reward when the deal stands lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfLost {
    /// It stays.
    Keep,
    /// It is forfeited.
    Forfeit,
}
