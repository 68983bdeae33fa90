//! Targets, attainment and pace.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Snapshot;
use crate::dates::Period;
use crate::definitions::Definitions;
use crate::metrics::{Cut, Direction, MetricVersion, Subject, evaluate};

/// A target: metric x subject (x product line, region, tier) x period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The metric's code.
    pub metric: String,
    /// Whose.
    pub subject: Subject,
    /// For which period.
    pub period: Period,
    /// Where it is cut.
    pub cut: Cut,
    /// 基础: the one that is assessed.
    pub base: Decimal,
    /// 挑战.
    pub challenge: Option<Decimal>,
    /// 冲刺.
    pub stretch: Option<Decimal>,
}

/// A target that was found for a subject and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The base.
    pub base: Decimal,
    /// The challenge, where every part has one.
    pub challenge: Option<Decimal>,
    /// The stretch, where every part has one.
    pub stretch: Option<Decimal>,
    /// The periods it is made of: the period itself, or its months.
    pub parts: Vec<Period>,
}

/// How a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// ▼ 落后.
    Behind,
    /// ● 跟上.
    OnPace,
    /// ▲ 领先.
    Ahead,
    /// No target.
    None,
}

/// The target of a metric for a subject and period. Where the period itself has none, the sum of its months', if every
/// month has one: only metrics that add up are split over months.
#[must_use]
pub fn target(definitions: &Definitions, metric: &str, subject: Subject, period: Period, cut: &Cut) -> Option<Found> {
    let one = |period: Period| definitions.targets_of(subject, period).find(|t| t.metric == metric && t.cut == *cut);
    if let Some(target) = one(period) {
        return Some(Found {
            base: target.base,
            challenge: target.challenge,
            stretch: target.stretch,
            parts: vec![period],
        });
    }
    let months = period.months();
    if months.len() < 2 {
        return None;
    }
    let targets: Vec<&Target> = months.iter().map(|month| one(*month)).collect::<Option<_>>()?;
    Some(Found {
        base: targets.iter().map(|t| t.base).sum(),
        challenge: targets.iter().map(|t| t.challenge).sum(),
        stretch: targets.iter().map(|t| t.stretch).sum(),
        parts: months,
    })
}

/// Attainment: value / target; lower is better: 2 - value / target, at least 0; a range: 1 inside of it, outside what
/// is left of the nearer bound. None where the target is 0 or absent.
#[must_use]
pub fn attainment(value: Decimal, target: Option<Decimal>, direction: Direction) -> Option<Decimal> {
    let target = target.filter(|target| !target.is_zero())?;
    match direction {
        Direction::Higher => value.checked_div(target),
        Direction::Lower => {
            let left = Decimal::TWO.checked_sub(value.checked_div(target)?)?;
            Some(left.max(Decimal::ZERO))
        }
        Direction::Range { low, high } => {
            if value < low && !low.is_zero() {
                return value.checked_div(low).map(|a| a.max(Decimal::ZERO));
            }
            if value > high && !high.is_zero() {
                let left = Decimal::TWO.checked_sub(value.checked_div(high)?)?;
                return Some(left.max(Decimal::ZERO));
            }
            Some(Decimal::ONE)
        }
    }
}

/// Attainment beside pace. Within the tolerance (a share, for example 0.05 for five points) counts as on pace.
#[must_use]
pub fn standing(attainment: Option<Decimal>, pace: Decimal, tolerance: Decimal) -> Standing {
    match attainment {
        None => Standing::None,
        Some(attainment) if attainment + tolerance < pace => Standing::Behind,
        Some(attainment) if attainment > pace + tolerance => Standing::Ahead,
        Some(_) => Standing::OnPace,
    }
}

/// The attainment of a metric for a subject and period: value, target found, attainment.
#[must_use]
pub fn assess(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    period: Period,
    cut: &Cut,
) -> (Option<Decimal>, Option<Found>, Option<Decimal>) {
    let range = snapshot.definitions.company.calendar.range(period);
    let value = evaluate(snapshot, metric, subject, range, cut).value;
    let found = target(&snapshot.definitions, &metric.code, subject, period, cut);
    let reached = value.and_then(|value| attainment(value, found.as_ref().map(|f| f.base), metric.direction));
    (value, found, reached)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn attainment_as_the_vocabulary_says() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(attainment(d("55"), Some(d("100")), Direction::Higher), Some(d("0.55")));
        assert_eq!(attainment(d("120"), Some(d("100")), Direction::Lower), Some(d("0.8")));
        assert_eq!(attainment(d("300"), Some(d("100")), Direction::Lower), Some(Decimal::ZERO));
        assert_eq!(attainment(d("5"), Some(Decimal::ZERO), Direction::Higher), None);
        assert_eq!(attainment(d("5"), None, Direction::Higher), None);
        let range = Direction::Range { low: d("10"), high: d("20") };
        assert_eq!(attainment(d("15"), Some(d("1")), range), Some(Decimal::ONE));
        assert_eq!(attainment(d("5"), Some(d("1")), range), Some(d("0.5")));
        assert_eq!(attainment(d("30"), Some(d("1")), range), Some(d("0.5")));
    }

    #[test]
    fn standing_beside_pace() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(standing(Some(d("0.55")), d("0.636"), d("0.05")), Standing::Behind);
        assert_eq!(standing(Some(d("0.60")), d("0.636"), d("0.05")), Standing::OnPace);
        assert_eq!(standing(Some(d("0.70")), d("0.636"), d("0.05")), Standing::Ahead);
        assert_eq!(standing(None, d("0.636"), d("0.05")), Standing::None);
    }
}
