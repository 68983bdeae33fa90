//! Goals: targets, attainment, and where a value stands against the time gone.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dates::{Pace, Period, PeriodKind};
use crate::definitions::Definitions;
use crate::metrics::{Cut, Direction, MetricVersion};
use crate::rounding::{add, divide};

/// Of whom a value, a target or an attainment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One person.
    Person(u128),
    /// A team with everything below it.
    Team(u128),
    /// Everything, credited or not.
    Company,
}

/// A target: what a subject is to reach in a metric in a period. Values in the metric's unit (money: major units).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The code of the metric.
    pub metric: String,
    /// Who.
    pub subject: Subject,
    /// When.
    pub period: Period,
    /// Only for this product line.
    #[serde(default)]
    pub product_line: Option<String>,
    /// Only for this region.
    #[serde(default)]
    pub region: Option<String>,
    /// Only for this customer tier.
    #[serde(default)]
    pub tier: Option<String>,
    /// What is assessed.
    pub base: Decimal,
    /// What only pays extra.
    #[serde(default)]
    pub challenge: Option<Decimal>,
    /// What only pays extra, the farthest.
    #[serde(default)]
    pub stretch: Option<Decimal>,
}

impl Target {
    /// The cut it is for.
    pub fn cut(&self) -> Cut {
        Cut {
            product_line: self.product_line.clone(),
            region: self.region.clone(),
            tier: self.tier.clone(),
        }
    }
}

/// `value / target`; lower is better: `2 - value / target`, at least 0; in a range: 1 inside, outside by the distance
/// from the nearer limit. None where the target is absent or 0, or there is no value.
///
/// For a range the direction's own limits are judged and the target only has to exist: below `low` the attainment is
/// `value / low`, above `high` it is `2 - value / high`, both at least 0.
pub fn attainment(
    value: Option<Decimal>,
    target: Option<Decimal>,
    direction: Direction,
) -> Option<Decimal> {
    let value = value?;
    let target = target.filter(|target| !target.is_zero())?;
    let lower = |limit: Decimal| Some(add(Decimal::TWO, -divide(value, limit)?).max(Decimal::ZERO));
    match direction {
        Direction::Higher => divide(value, target),
        Direction::Lower => lower(target),
        Direction::Range { low, .. } if value < low => {
            divide(value, low).map(|ratio| ratio.max(Decimal::ZERO))
        }
        Direction::Range { high, .. } if value > high => lower(high),
        Direction::Range { .. } => Some(Decimal::ONE),
    }
}

/// Where an attainment stands against the time gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// More than 5 points less than the time gone.
    Behind,
    /// Within 5 points of it.
    OnPace,
    /// More than 5 points ahead of it.
    Ahead,
}

/// Two values within this distance are on pace: 5 points.
pub const PACE_TOLERANCE: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// The standing of an attainment.
///
/// Only values that grow over the period are compared with the time gone; a ratio, an average or a value where less
/// is better is compared with full attainment, at any time.
pub fn standing(
    attainment: Option<Decimal>,
    pace: Pace,
    metric: &MetricVersion,
) -> Option<Standing> {
    let grows = metric.is_summing() && metric.direction == Direction::Higher;
    let expected = if grows { pace.ratio? } else { Decimal::ONE };
    let distance = add(attainment?, -expected);
    Some(if distance < -PACE_TOLERANCE {
        Standing::Behind
    } else if distance > PACE_TOLERANCE && grows {
        Standing::Ahead
    } else {
        Standing::OnPace
    })
}

/// How the target of a question was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetSource {
    /// It was set for the very period.
    Own,
    /// It is the sum of the targets of these periods.
    SumOf(Vec<Period>),
}

/// A target found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundTarget {
    /// What is assessed.
    pub base: Decimal,
    /// What pays extra, where every part has it.
    pub challenge: Option<Decimal>,
    /// What pays extra, where every part has it.
    pub stretch: Option<Decimal>,
    /// Where it comes from.
    pub source: TargetSource,
}

/// The target of a metric, subject, period and cut.
///
/// A period without one of its own gets the sum of its months (of its quarters, where a month is missing) if the
/// metric sums and every part has a target; else there is none. Weeks have only their own.
pub fn find_target(
    definitions: &Definitions,
    metric: &MetricVersion,
    subject: Subject,
    period: Period,
    cut: &Cut,
) -> Option<FoundTarget> {
    let own = |period: Period| {
        definitions
            .targets_for(&metric.code, subject)
            .find(|target| target.period == period && target.cut() == *cut)
    };
    if let Some(target) = own(period) {
        let source = TargetSource::Own;
        return Some(FoundTarget {
            base: target.base,
            challenge: target.challenge,
            stretch: target.stretch,
            source,
        });
    }
    if !metric.is_summing() || matches!(period.kind(), PeriodKind::Month | PeriodKind::Week) {
        return None;
    }
    let calendar = &definitions.company.calendar;
    let range = calendar.range(period);
    [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Half]
        .into_iter()
        .find_map(|kind| {
            if kind == period.kind() {
                return None;
            }
            let parts = calendar.periods_ending_in(range, kind);
            if parts.len() < 2 {
                return None;
            }
            let targets: Vec<&Target> =
                parts.iter().map(|part| own(*part)).collect::<Option<_>>()?;
            let sum = |pick: &dyn Fn(&Target) -> Option<Decimal>| {
                targets
                    .iter()
                    .map(|target| pick(target))
                    .try_fold(Decimal::ZERO, |sum, value| Some(add(sum, value?)))
            };
            Some(FoundTarget {
                base: sum(&|target| Some(target.base))?,
                challenge: sum(&|target| target.challenge),
                stretch: sum(&|target| target.stretch),
                source: TargetSource::SumOf(parts),
            })
        })
}

/// The day a metric's version is chosen by for a range of days: its last.
pub fn version_day(range: crate::dates::DateRange) -> NaiveDate {
    range.end
}

#[cfg(test)]
mod tests;
