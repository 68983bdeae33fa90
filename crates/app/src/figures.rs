//! Figures and their reasons, in the one shape that every screen shows.

use qiao_engine::dates::{Calendar, Period, PeriodKind};
use qiao_engine::metrics::Unit;
use qiao_engine::money::{Currency, format_minor};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A number on a screen, and the address of its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    /// A decimal string; none where there is no number. A share is a fraction of one: 0.636 is 63.6 %.
    pub value: Option<String>,
    /// What the number is.
    pub unit: FigureUnit,
    /// ISO 4217, for money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Where its reason is.
    pub why: Option<String>,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    /// Money.
    Money,
    /// A count.
    Count,
    /// A share of one.
    Percent,
    /// Days.
    Days,
    /// A score.
    Score,
}

impl From<Unit> for FigureUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Money => Self::Money,
            Unit::Count => Self::Count,
            Unit::Percent => Self::Percent,
            Unit::Days => Self::Days,
            Unit::Score => Self::Score,
        }
    }
}

impl Figure {
    /// An amount of money in minor units.
    #[must_use]
    pub fn money(minor: i64, currency: Currency, why: Option<String>) -> Self {
        let value = Some(format_minor(minor, currency));
        Self { value, unit: FigureUnit::Money, currency: Some(currency.code().to_owned()), why }
    }

    /// A metric's value.
    #[must_use]
    pub fn metric(value: Option<Decimal>, unit: Unit, currency: Currency, why: Option<String>) -> Self {
        let money = unit == Unit::Money;
        Self {
            value: value.map(|value| number(value, unit, currency)),
            unit: unit.into(),
            currency: money.then(|| currency.code().to_owned()),
            why,
        }
    }

    /// A share of one, with four decimals (half up).
    #[must_use]
    pub fn share(value: Option<Decimal>, why: Option<String>) -> Self {
        Self { value: value.map(rounded_share), unit: FigureUnit::Percent, currency: None, why }
    }
}

/// A share with four decimals at most.
#[must_use]
pub fn rounded_share(value: Decimal) -> String {
    value.round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

/// A number as the API writes it: money with the currency's digits, others with at most six decimals.
#[must_use]
pub fn number(value: Decimal, unit: Unit, currency: Currency) -> String {
    let rounded = |places| value.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    match unit {
        Unit::Money => format!("{:.*}", currency.digits() as usize, rounded(currency.digits())),
        _ => rounded(6).normalize().to_string(),
    }
}

/// A period as a reason names it: with its days where the company's calendar is not the common one.
#[must_use]
pub fn when(calendar: &Calendar, period: Period) -> String {
    let common = calendar.month_closing_day.is_none()
        && (calendar.fiscal_year_start_month == 1 || period.kind == PeriodKind::Month);
    let range = calendar.range(period);
    if common { period.to_string() } else { format!("{period} · {} – {}", range.start, range.end) }
}

/// Why a number is what it is: the rule, the arithmetic, the facts, the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Why {
    /// What the number is.
    pub title: String,
    /// Whose, for when.
    pub subtitle: String,
    /// The number.
    pub figure: Figure,
    /// How a line of pay stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The rule in words.
    pub rule: Option<Rule>,
    /// The arithmetic with the real figures.
    pub arithmetic: Vec<ArithmeticLine>,
    /// The facts, the first ones.
    pub facts: Vec<FactView>,
    /// What the list behind the number holds: facts, or the lines of an estimate.
    pub facts_are: ListOf,
    /// How many facts or lines there are.
    pub facts_total: usize,
    /// Where all of them are.
    pub facts_href: Option<String>,
    /// The records the facts come from.
    pub records: Vec<RecordRef>,
    /// When it was computed, RFC 3339.
    pub calculated_at: String,
}

/// The rule a number follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rule {
    /// The rule in words.
    pub text: String,
    /// The words that carry the figures.
    pub highlights: Vec<String>,
    /// The metric, plan, target or calendar.
    pub name: String,
    /// Its version, where it has versions.
    pub version: Option<u32>,
    /// From when the version counts.
    pub from: Option<String>,
    /// The page about it.
    pub href: Option<String>,
}

/// A line of arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArithmeticLine {
    /// What it is.
    pub label: String,
    /// The arithmetic.
    pub expression: String,
    /// The result.
    pub value: Option<String>,
    /// What the result is.
    pub unit: FigureUnit,
    /// line, total or note.
    pub kind: &'static str,
    /// Where the reason of this line's value is, one step below.
    pub why: Option<String>,
}

impl ArithmeticLine {
    /// A line without a reason of its own.
    #[must_use]
    pub fn new(label: &str, expression: String, value: Option<String>, unit: FigureUnit, kind: &'static str) -> Self {
        Self { label: label.to_owned(), expression, value, unit, kind, why: None }
    }

    /// The line with the address of its value's reason.
    #[must_use]
    pub fn because(self, why: String) -> Self {
        Self { why: Some(why), ..self }
    }
}

/// What the list behind a number holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListOf {
    /// Facts.
    Facts,
    /// Lines of an estimate, each by what it pays.
    Lines,
    /// Lines of an estimate, each by its basis.
    Basis,
}

/// A fact, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactView {
    /// The fact's id.
    pub id: Uuid,
    /// The business date.
    pub date: String,
    /// The kind.
    pub kind: String,
    /// The kind in words.
    pub kind_name: String,
    /// The customer or deal.
    pub label: String,
    /// The whole fact's amount.
    pub amount: Amount,
    /// Anything else worth knowing.
    pub note: Option<String>,
    /// The record it comes from.
    pub record: Option<RecordId>,
}

/// Money in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Amount {
    /// A decimal string.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

impl Amount {
    /// Minor units of a currency.
    #[must_use]
    pub fn minor(minor: i64, currency: Currency) -> Self {
        Self { amount: format_minor(minor, currency), currency: currency.code().to_owned() }
    }
}

/// A record, by kind and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordId {
    /// The kind.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The id.
    pub id: Uuid,
}

/// A record, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordRef {
    /// The kind.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The kind in words.
    pub type_name: String,
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}
