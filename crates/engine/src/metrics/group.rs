//! Values of many groups in one pass over the facts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evaluate::{Cut, MetricValue, for_each};
use super::model::MetricVersion;
use super::scan::{Plan, Totals, cut_condition};
use crate::books::DimField;
use crate::dates::{DateRange, Period, PeriodKind, day_of_number};
use crate::definitions::Snapshot;
use crate::goals::Subject;

/// What to group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The credited person; for a team or a person. The company's facts are counted whole and give one group without a person.
    Person,
    /// Periods of the company's calendar.
    Period(PeriodKind),
    /// The product line.
    ProductLine,
    /// The region.
    Region,
    /// The customer tier.
    Tier,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKey {
    /// A person; none: the whole company.
    Person(Option<u128>),
    /// A period.
    Period(Period),
    /// A word; empty where the fact has none.
    Word(String),
}

/// Values by group, in the order of the keys. Groups without a fact are not in it.
pub fn evaluate_by(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
    by: GroupBy,
) -> Vec<(GroupKey, MetricValue)> {
    let mut plan = Plan::new(snapshot, metric, &cut_condition(cut));
    let mut groups: BTreeMap<u128, Totals> = BTreeMap::new();
    let calendar = &snapshot.definitions.company.calendar;
    // Days repeat: the start of their period is looked up once.
    let mut starts: rustc_hash::FxHashMap<i32, u128> = rustc_hash::FxHashMap::default();
    let mut start_of = |day: i32, kind: PeriodKind| {
        *starts.entry(day).or_insert_with(|| {
            let period = calendar.period_of(day_of_number(day), kind);
            number_of(calendar.range(period).start)
        })
    };
    for_each(
        snapshot,
        metric,
        subject,
        range,
        &plan.roles.clone(),
        |item, person| {
            let key = match by {
                GroupBy::Person => person.unwrap_or(0),
                GroupBy::Period(kind) => start_of(item.day, kind),
                GroupBy::ProductLine => u128::from(item.fact.dim(DimField::ProductLine)),
                GroupBy::Region => u128::from(item.fact.dim(DimField::Region)),
                GroupBy::Tier => u128::from(item.fact.dim(DimField::Tier)),
            };
            let empty = plan.totals();
            let totals = groups.entry(key).or_insert(empty);
            plan.add(totals, item);
        },
    );
    let name = |key: u128| match by {
        GroupBy::Person => GroupKey::Person((subject != Subject::Company).then_some(key)),
        GroupBy::Period(kind) => {
            let day = day_of_number(i32::try_from(key).unwrap_or(i32::MAX));
            GroupKey::Period(calendar.period_of(day, kind))
        }
        _ => GroupKey::Word(
            snapshot
                .books
                .word_of(u32::try_from(key).unwrap_or(0))
                .to_owned(),
        ),
    };
    let used = groups
        .iter()
        .filter(|(_, totals)| totals.facts > 0 || totals.not_converted > 0);
    let mut values: Vec<(GroupKey, MetricValue)> = used
        .map(|(key, totals)| (name(*key), MetricValue::of(&plan, metric, totals, range)))
        .collect();
    values.sort_by(|a, b| a.0.cmp(&b.0));
    values
}

fn number_of(day: chrono::NaiveDate) -> u128 {
    u128::try_from(crate::dates::day_number(day)).unwrap_or(0)
}
