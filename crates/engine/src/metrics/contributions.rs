//! The facts behind a value.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::evaluate::{Cut, for_each};
use super::model::{Formula, MetricVersion};
use super::scan::{Plan, cut_condition};
use crate::dates::{DateRange, day_of_number};
use crate::definitions::Snapshot;
use crate::goals::Subject;

/// One fact behind a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contribution {
    /// The fact.
    pub sequence: u32,
    /// The day it counts.
    pub date: NaiveDate,
    /// Whose credit; none: the whole fact.
    pub person: Option<u128>,
    /// The share, in parts per million.
    pub share_ppm: u32,
    /// What it adds (to the numerator, for ratios and averages; none where it only adds to the denominator).
    pub value: Option<Decimal>,
}

/// A page of contributions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContributionPage {
    /// At most `limit`, by (date, sequence, person).
    pub items: Vec<Contribution>,
    /// How many there are in all.
    pub total: usize,
}

/// The facts behind a value, by (date, sequence, person), `limit` of them from number `offset`.
pub fn contributions(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
    offset: usize,
    limit: usize,
) -> ContributionPage {
    let condition = cut_condition(cut);
    let mut plan = Plan::new(snapshot, metric, &condition);
    let mut top = Plan::new(snapshot, &numerator_of(metric), &condition);
    let mut totals = plan.totals();
    let mut found = Vec::new();
    for_each(
        snapshot,
        metric,
        subject,
        range,
        &plan.roles.clone(),
        |item, person| {
            if plan.add(&mut totals, item) {
                let credit = item.credit.map_or(0, |credit| credit.credit);
                found.push((item.day, item.fact.sequence(), person, credit, item));
            }
        },
    );
    found.sort_unstable_by_key(|(day, sequence, person, credit, _)| {
        (*day, *sequence, *person, *credit)
    });
    let total = found.len();
    let page = found.into_iter().skip(offset).take(limit);
    let items = page
        .map(|(day, sequence, person, _, item)| Contribution {
            sequence,
            date: day_of_number(day),
            person,
            share_ppm: item.credit.map_or(1_000_000, |credit| credit.share_ppm()),
            value: top.value_of(item).map(|value| value.normalize()),
        })
        .collect();
    ContributionPage { items, total }
}

/// The metric with only its numerator.
fn numerator_of(metric: &MetricVersion) -> MetricVersion {
    let mut formula = &metric.formula;
    while let Formula::Ratio { numerator, .. } = formula {
        formula = numerator;
    }
    MetricVersion {
        formula: formula.clone(),
        ..metric.clone()
    }
}
