//! The live estimate: what a person has earned, holds and could still reach, as of a day.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::model::{PlanMeasure, PlanVersion};
use super::phases::{self, Run};
use crate::dates::{DateRange, Period};
use crate::definitions::Snapshot;
use crate::explain::Explanation;
use crate::money::Currency;

/// What has become of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// It counts.
    Earned,
    /// Its fact waits for recognition; part of what is held.
    Pending,
    /// It is held by the plan.
    Held,
    /// It is lost; counts nothing.
    Forfeited,
    /// It is a guess about something open; counts nothing.
    Estimated,
}

impl LineStatus {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Forfeited => "forfeited",
            Self::Estimated => "estimated",
        }
    }
}

/// One line of pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The plan's id.
    pub plan: String,
    /// The version that rates it.
    pub version: u32,
    /// The component's id.
    pub component: String,
    /// The plan's period it falls into.
    pub period: Period,
    /// The fact; none where a metric's value is the basis.
    pub fact: Option<u32>,
    /// The day it counts; none while it waits.
    pub date: Option<NaiveDate>,
    /// What it goes by.
    pub measure: PlanMeasure,
    /// Minor units of the plan's currency; millionths of a unit where `measure` is quantity; 0 for stage rewards.
    pub basis_minor: i64,
    /// The rates used, in the order of their bands; empty for fixed amounts.
    pub rates: Vec<Decimal>,
    /// The amount, signed minor units; 0 when forfeited.
    pub amount_minor: i64,
    /// What has become of it.
    pub status: LineStatus,
    /// Why.
    pub explanation: Explanation,
}

/// A fact that would count but cannot, and why; never left out silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCounted {
    /// The plan's id.
    pub plan: String,
    /// The component's id.
    pub component: String,
    /// The fact.
    pub fact: u32,
    /// `no_exchange_rate`, `no_measure` or `no_opportunity`.
    pub reason: &'static str,
}

/// The next tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextTier {
    /// Where it begins, in units of the axis.
    pub at: Decimal,
    /// What is missing, pending counted as there: major units of money, or units of the metric.
    pub remaining: Decimal,
    /// Its rate.
    pub rate: Decimal,
}

/// Where a person stands in a component's tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierProgress {
    /// The plan's id.
    pub plan: String,
    /// The version.
    pub version: u32,
    /// The component's id.
    pub component: String,
    /// The plan's period.
    pub period: Period,
    /// `amount`, or the code of the metric whose attainment counts.
    pub axis: String,
    /// Recognised so far: major units (units of quantity), or the attainment for whole tiers on attainment.
    pub position: Decimal,
    /// What waits, in the same units; 0 for whole tiers on attainment.
    pub pending: Decimal,
    /// (where it begins in units of `position`, rate) of all bands.
    pub bands: Vec<(Decimal, Decimal)>,
    /// The base target behind an attainment axis, in the metric's unit.
    pub target: Option<Decimal>,
    /// The next tier; none in the highest, or without a target.
    pub next: Option<NextTier>,
}

/// A person's pay in a period, before tax, as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// The person.
    pub person: u128,
    /// The period asked for.
    pub period: Period,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Sum of earned lines.
    pub earned_minor: i64,
    /// Sum of pending and held lines.
    pub held_minor: i64,
    /// Earned and held together.
    pub amount_minor: i64,
    /// The (plan, version) pairs the person is on in the period.
    pub plans: Vec<(String, u32)>,
    /// The lines, by plan, period, component, date and fact.
    pub lines: Vec<Line>,
    /// The tiers.
    pub progress: Vec<TierProgress>,
    /// What could not be counted.
    pub not_counted: Vec<NotCounted>,
}

/// A person's estimate under the published plans.
///
/// All plan periods whose last day lies in the asked period are in it. A fact falls into the period of the day it
/// counts (its recognition; a waiting fact: its date) and is rated by the version in force on its own date, if the
/// person is on the plan on that date. A fact recognised after `as_of` still waits.
pub fn estimate(snapshot: &Snapshot, person: u128, asked: Period, as_of: NaiveDate) -> Estimate {
    estimate_versions(snapshot, &snapshot.definitions.plans, person, asked, as_of)
}

/// The same under other plans: drafts, what-if, `qiao calc`.
pub fn estimate_versions(
    snapshot: &Snapshot,
    plans: &[PlanVersion],
    person: u128,
    asked: Period,
    as_of: NaiveDate,
) -> Estimate {
    let calendar = &snapshot.definitions.company.calendar;
    let range = calendar.range(asked);
    let mut estimate = Estimate {
        person,
        period: asked,
        currency: snapshot.definitions.company.currency,
        earned_minor: 0,
        held_minor: 0,
        amount_minor: 0,
        plans: phases::plans_of(snapshot, plans, person, range),
        lines: Vec::new(),
        progress: Vec::new(),
        not_counted: Vec::new(),
    };
    for id in phases::plan_ids(plans) {
        for kind in phases::period_kinds(plans, id) {
            for period in calendar.periods_ending_in(range, kind.kind()) {
                let run = Run {
                    snapshot,
                    plans,
                    plan: id,
                    period,
                    range: calendar.range(period),
                    kind,
                    person,
                    as_of,
                };
                run.into_estimate(&mut estimate);
            }
        }
    }
    for line in &estimate.lines {
        match line.status {
            LineStatus::Earned => {
                estimate.earned_minor = estimate.earned_minor.saturating_add(line.amount_minor)
            }
            LineStatus::Pending | LineStatus::Held => {
                estimate.held_minor = estimate.held_minor.saturating_add(line.amount_minor)
            }
            LineStatus::Forfeited | LineStatus::Estimated => {}
        }
    }
    estimate.amount_minor = estimate.earned_minor.saturating_add(estimate.held_minor);
    estimate
}

/// A row of the whole population's estimates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EstimateRow {
    /// The person.
    pub person: u128,
    /// What files call the person.
    pub label: String,
    /// The period asked for.
    pub period: Period,
    /// Earned and held.
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A row for each of `people` on a published plan in force in the period, 0 included, ordered by what files call them.
///
/// Somebody who has lines although no longer employed is in it too.
pub fn estimates(
    snapshot: &Snapshot,
    people: &[u128],
    asked: Period,
    as_of: NaiveDate,
) -> Vec<EstimateRow> {
    let range = snapshot.definitions.company.calendar.range(asked);
    let mut rows: Vec<EstimateRow> = Vec::new();
    for person in people {
        let Some(known) = snapshot.definitions.person(*person) else {
            continue;
        };
        let employed = DateRange::new(
            known.start.unwrap_or(NaiveDate::MIN),
            known.end.unwrap_or(NaiveDate::MAX),
        );
        let estimate = estimate(snapshot, *person, asked, as_of);
        let on_plan = !estimate.plans.is_empty() && employed.intersect(range).is_some();
        if on_plan || !estimate.lines.is_empty() {
            rows.push(EstimateRow {
                person: *person,
                label: known.label().to_owned(),
                period: asked,
                amount_minor: estimate.amount_minor,
                currency: estimate.currency,
            });
        }
    }
    rows.sort_by(|a, b| a.label.cmp(&b.label).then(a.person.cmp(&b.person)));
    rows
}
