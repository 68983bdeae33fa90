//! Explanations are data: steps from which the amount can be recomputed, and which render in both languages.

mod render;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dates::Period;
use crate::money::Currency;
use crate::rounding::{Rounding, add, multiply, share_out_ppm};

pub use render::RenderedStep;

/// Where a step's rule is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// A component of a version of a plan.
    Plan {
        /// The plan's id.
        plan: String,
        /// The version.
        version: u32,
        /// The component's id.
        component: String,
    },
    /// A version of a metric.
    Metric {
        /// The metric's code.
        metric: String,
        /// The version.
        version: u32,
    },
}

/// A part of an amount that lies in one band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// The band, from 0.
    pub band: u32,
    /// Signed minor units (millionths of a unit for quantities) in it; exact, not rounded.
    pub part: Decimal,
    /// The rate.
    pub rate: Decimal,
}

/// One step of a calculation. Numbers of basis are minor units (money) or units (quantity, count).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Starts from a number of a fact.
    Fact {
        /// The fact's sequence.
        sequence: u32,
        /// Its kind.
        kind: String,
        /// Its date.
        date: NaiveDate,
        /// Which number: amount, amount_excl_tax, margin, quantity.
        measure: String,
        /// Minor units or millionths of a unit.
        whole: i64,
        /// Its currency.
        currency: Currency,
    },
    /// The part of one credit: largest remainder over the shares of the role.
    Share {
        /// The role.
        role: String,
        /// The shares of all credits of the role, in order.
        shares_ppm: Vec<u32>,
        /// Which of them.
        index: u32,
        /// The part.
        output: i64,
    },
    /// Into the plan's currency by the dated rate.
    Convert {
        /// From which currency.
        from: Currency,
        /// Into which.
        to: Currency,
        /// Minor units of `to` for one minor unit of `from`.
        minor_rate: Decimal,
        /// The rate as it stands in the table.
        rate: Decimal,
        /// The date it is looked up for.
        date: NaiveDate,
        /// Minor units, rounded half up.
        output: i64,
    },
    /// A quantity as a basis for rates per unit: millionths of a unit become minor units per unit of money.
    Units {
        /// Minor units in one major unit of the plan's currency.
        factor: i64,
        /// The basis: units x factor.
        output: Decimal,
    },
    /// Starts from a metric's value.
    MetricValue {
        /// The metric.
        clause: Clause,
        /// The period.
        period: Period,
        /// The value: major units, a count, a ratio.
        value: Decimal,
        /// The value in the basis's units.
        output: Decimal,
    },
    /// The target and attainment a tier goes by.
    Attainment {
        /// The metric.
        clause: Clause,
        /// The value; none where there is none.
        value: Option<Decimal>,
        /// The base target.
        target: Decimal,
        /// Periods whose targets were added up; empty: the period's own.
        summed: Vec<Period>,
        /// value / target.
        attainment: Option<Decimal>,
    },
    /// There is no target: the lowest tier applies.
    NoTarget {
        /// The metric's code.
        metric: String,
        /// The period.
        period: Period,
    },
    /// Cumulated in the period.
    Cumulate {
        /// The period.
        period: Period,
        /// Before this fact.
        before: Decimal,
        /// With it.
        after: Decimal,
    },
    /// Each part at the rate of its band; sums to an exact amount.
    Bands {
        /// The rule.
        clause: Clause,
        /// The parts.
        slices: Vec<Slice>,
    },
    /// Everything at one rate.
    Rate {
        /// The rule.
        clause: Clause,
        /// The rate.
        rate: Decimal,
        /// Row of a lookup (from 1, 0 the default), band of whole tiers, role: for the reader.
        because: String,
    },
    /// A fixed amount, shared by credits.
    Fixed {
        /// The rule.
        clause: Clause,
        /// The entry that earns it.
        sequence: u32,
        /// Its date.
        date: NaiveDate,
        /// The stage.
        stage: String,
        /// Minor units for the whole deal.
        amount: i64,
    },
    /// Rounded once, to minor units.
    Round {
        /// How.
        rounding: Rounding,
        /// The digits of the currency are those of `currency`.
        currency: Currency,
        /// The result.
        output: i64,
    },
    /// The fact waits for recognition: rated as if recognised after all others; held, not earned.
    Pending,
    /// The deal stands lost: nothing remains.
    Forfeited {
        /// The losing fact.
        sequence: u32,
        /// Its date.
        date: NaiveDate,
    },
}

/// The reason of an amount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// Recomputes the amount from the steps alone, in minor units; 0 where nothing remains.
///
/// Uses only inputs of steps, never a stated output, except where a step starts from a number of the books.
pub fn recompute(explanation: &Explanation) -> i64 {
    let mut value = Decimal::ZERO;
    for step in &explanation.steps {
        match step {
            Step::Fact { whole, .. } => value = Decimal::from(*whole),
            Step::Share {
                shares_ppm, index, ..
            } => {
                let parts = share_out_ppm(Rounding::HalfUp.apply(value), shares_ppm);
                value = Decimal::from(parts.get(*index as usize).copied().unwrap_or(0));
            }
            Step::Convert { minor_rate, .. } => {
                value = Decimal::from(Rounding::HalfUp.apply(multiply(value, *minor_rate)));
            }
            Step::Units { factor, .. } => {
                value = multiply(value, Decimal::from(*factor))
                    .checked_div(Decimal::from(1_000_000))
                    .unwrap_or_default();
            }
            Step::MetricValue { output, .. } => value = *output,
            Step::Bands { slices, .. } => {
                value = slices.iter().fold(Decimal::ZERO, |sum, slice| {
                    add(sum, multiply(slice.part, slice.rate))
                });
            }
            Step::Rate { rate, .. } => value = multiply(value, *rate),
            Step::Fixed { amount, .. } => value = Decimal::from(*amount),
            Step::Round { rounding, .. } => value = Decimal::from(rounding.apply(value)),
            Step::Forfeited { .. } => value = Decimal::ZERO,
            Step::Attainment { .. }
            | Step::NoTarget { .. }
            | Step::Cumulate { .. }
            | Step::Pending => {}
        }
    }
    Rounding::HalfUp.apply(value)
}
