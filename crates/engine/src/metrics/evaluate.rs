//! A metric's value for a subject and a range of days.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::model::{Formula, MetricVersion};
use super::scan::{Item, Plan, Totals, cut_condition};
use crate::dates::DateRange;
use crate::definitions::Snapshot;
use crate::goals::Subject;

/// Which part of the business; empty: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Cut {
    /// Only this product line.
    pub product_line: Option<String>,
    /// Only this region.
    pub region: Option<String>,
    /// Only this customer tier.
    pub tier: Option<String>,
}

/// How a value came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetricExplanation {
    /// The metric's code.
    pub metric: String,
    /// The version.
    pub version: u32,
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// Facts (in another currency without a rate on their date) that could not be counted.
    pub not_converted: u64,
}

/// A metric's value. Money is in major units of the company's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetricValue {
    /// The value; none where a denominator is zero.
    pub value: Option<Decimal>,
    /// What is divided, or the value itself.
    pub numerator: Decimal,
    /// What it is divided by, for ratios and averages.
    pub denominator: Option<Decimal>,
    /// How many facts (credits, for a person or team) are behind it.
    pub facts: u64,
    /// How it came about.
    pub explanation: MetricExplanation,
}

impl MetricValue {
    pub(super) fn of(
        plan: &Plan<'_>,
        metric: &MetricVersion,
        totals: &Totals,
        range: DateRange,
    ) -> Self {
        let (value, numerator, denominator) = plan.value(&metric.formula, totals);
        Self {
            value: value.map(|value| value.normalize()),
            numerator: numerator.normalize(),
            denominator: denominator.map(|value| value.normalize()),
            facts: totals.facts,
            explanation: MetricExplanation {
                metric: metric.code.clone(),
                version: metric.version,
                start: range.start,
                end: range.end,
                not_converted: totals.not_converted,
            },
        }
    }
}

/// The value of a metric.
///
/// A person counts the parts credited to them in the metric's roles; a team counts each credit by the membership on
/// the **fact's** date; the company counts every fact once and whole, credited or not. Facts that wait for recognition
/// do not count; others count on the day of their recognition.
pub fn evaluate(
    snapshot: &Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    cut: &Cut,
) -> MetricValue {
    let mut plan = Plan::new(snapshot, metric, &cut_condition(cut));
    let mut totals = plan.totals();
    for_each(
        snapshot,
        metric,
        subject,
        range,
        &plan.roles.clone(),
        |item, _| {
            plan.add(&mut totals, item);
        },
    );
    MetricValue::of(&plan, metric, &totals, range)
}

/// Calls `f(item, person)` for everything of a subject that counts in the range, in booking order per person.
pub(super) fn for_each<'a>(
    snapshot: &'a Snapshot,
    metric: &MetricVersion,
    subject: Subject,
    range: DateRange,
    roles: &[u32],
    mut f: impl FnMut(Item<'a>, Option<u128>),
) {
    let kinds = kinds_of(snapshot, &metric.formula);
    match subject {
        Subject::Company => snapshot.books.facts_in(range, |fact, day| {
            if kinds.contains(&fact.dim(crate::books::DimField::Kind)) {
                f(
                    Item {
                        fact,
                        credit: None,
                        day,
                    },
                    None,
                );
            }
        }),
        Subject::Person(person) => {
            for_person(snapshot, person, range, roles, |item| f(item, Some(person)))
        }
        Subject::Team(team) => {
            let definitions = &snapshot.definitions;
            let teams: FxHashSet<u128> = definitions.subtree(team).into_iter().collect();
            // A fact may be recognised after its seller left: everybody who ever was in the team is asked.
            for person in definitions.members_in(team, DateRange::always()) {
                for_person(snapshot, person, range, roles, |item| {
                    if definitions
                        .team_on(person, item.fact.date())
                        .is_some_and(|team| teams.contains(&team))
                    {
                        f(item, Some(person));
                    }
                });
            }
        }
    }
}

fn for_person<'a>(
    snapshot: &'a Snapshot,
    person: u128,
    range: DateRange,
    roles: &[u32],
    mut f: impl FnMut(Item<'a>),
) {
    let Some(number) = snapshot.books.find_person(person) else {
        return;
    };
    snapshot.books.credits_of(number, range, false, |credit| {
        if let Some(day) = credit.counted.filter(|_| roles.contains(&credit.role())) {
            f(Item {
                fact: credit.fact,
                credit: Some(credit),
                day,
            });
        }
    });
}

fn kinds_of(snapshot: &Snapshot, formula: &Formula) -> Vec<u32> {
    match formula {
        Formula::Sum { facts, .. }
        | Formula::Count { facts }
        | Formula::CountDistinct { facts, .. }
        | Formula::Average { facts, .. } => facts
            .of
            .iter()
            .filter_map(|kind| snapshot.books.find_word(kind))
            .collect(),
        Formula::Ratio {
            numerator,
            denominator,
        } => {
            let mut kinds = kinds_of(snapshot, numerator);
            kinds.extend(kinds_of(snapshot, denominator));
            kinds
        }
    }
}
