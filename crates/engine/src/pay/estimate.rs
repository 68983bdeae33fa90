//! The estimate: what a person has earned in a period, as of now, line by line with the reason.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::line::{Line, NotCounted, Shown, Status};
use super::run::Payroll;
use crate::Snapshot;
use crate::books::Id;
use crate::dates::Period;
use crate::plans::{Axis, Band, Mode, PlanVersion, is_on, plans};

/// How far the next tier is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierProgress {
    /// The plan's key.
    pub plan: String,
    /// The version.
    pub version: u32,
    /// The component.
    pub component: String,
    /// The plan's period.
    pub period: Period,
    /// What chooses the band.
    pub axis: Axis,
    /// Marginal or whole.
    pub mode: Mode,
    /// Where the person stands: major units, or attainment; what is held is not in it.
    pub position: Decimal,
    /// What is held and would be added.
    pub held: Decimal,
    /// The bands.
    pub bands: Vec<Band>,
    /// The next band: where it begins, what is missing, its rate.
    pub next: Option<(Decimal, Decimal, Decimal)>,
}

/// A plan in one of its periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPeriod {
    /// The version in force on the last day of the period, or the last one that was.
    pub version: PlanVersion,
    /// The period.
    pub period: Period,
    /// Earned plus held, minor units.
    pub total_minor: i64,
}

/// A person's estimate for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Plans whose period ends in the asked one.
    pub plans: Vec<PlanPeriod>,
    /// True where the person is on a plan in force in the asked period, even if none of its periods ends in it.
    pub on_a_plan: bool,
    /// The lines, by date, fact, plan, component.
    pub lines: Vec<Line>,
    /// Distances to the next tier.
    pub tiers: Vec<TierProgress>,
    /// Facts that could not be counted.
    pub not_counted: Vec<NotCounted>,
}

impl Estimate {
    /// Earned plus held, minor units.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.lines.iter().filter(|line| line.is_pay()).map(|line| line.amount_minor).sum()
    }
}

impl Line {
    /// True where it is money of a statement.
    #[must_use]
    pub fn is_pay(&self) -> bool {
        !self.unpaid && self.shown != Shown::Earnings
    }
}

/// Computes a person's estimate: the sum over the plan periods whose last day lies in the asked period, of what is
/// earned plus what is held, as of now, under all plans of the person.
#[must_use]
pub fn estimate(snapshot: &Snapshot, person: Id, asked: Period) -> Estimate {
    let calendar = &snapshot.definitions.company.calendar;
    let asked_range = calendar.range(asked);
    let mut estimate = Estimate::default();
    for versions in plans(&snapshot.definitions) {
        estimate.on_a_plan |= is_on(&snapshot.definitions, &versions, person, asked_range);
        let Some(kind) = versions.first().map(|v| v.plan.period) else { continue };
        let run = Payroll::new(snapshot, &versions, true);
        for period in calendar.ending_in(asked_range, kind) {
            if is_on(&snapshot.definitions, &versions, person, calendar.range(period)) {
                one_period(&run, person, period, &mut estimate);
            }
        }
    }
    let order = |line: &Line| (line.date, line.sequence, line.plan.clone(), line.component.clone());
    estimate.lines.sort_by_cached_key(order);
    estimate
}

fn one_period(run: &Payroll<'_>, person: Id, period: Period, estimate: &mut Estimate) {
    let Some(payee) = run.payee(person, period) else { return };
    let Some(last) = payee.last_version().or_else(|| run.version_on(payee.range.end)) else { return };
    let Some(version) = run.versions.get(last) else { return };
    let mut total_minor = 0;
    match run.everything(&payee) {
        Ok(given) => {
            let lines = given.lines.into_iter().filter(|line| line.shown != Shown::Earnings);
            let lines: Vec<Line> = lines.collect();
            total_minor = lines.iter().filter(|line| line.is_pay()).map(|line| line.amount_minor).sum();
            estimate.lines.extend(lines);
            estimate.not_counted.extend(given.not_counted);
        }
        Err(crate::formula::TooLarge) => estimate.not_counted.push(NotCounted {
            sequence: 0,
            component: version.plan.id.clone(),
            reason: "too_large",
        }),
    }
    estimate.plans.push(PlanPeriod { version: (*version).clone(), period, total_minor });
    estimate.tiers.extend(run.progress(&payee, last));
}

/// Sums of lines by status, minor units.
#[must_use]
pub fn by_status(lines: &[Line]) -> Vec<(Status, i64, usize)> {
    let mut sums: FxHashMap<Status, (i64, usize)> = FxHashMap::default();
    for line in lines {
        let entry = sums.entry(line.status).or_default();
        entry.0 += line.amount_minor;
        entry.1 += 1;
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(status, (sum, count))| (status, sum, count)).collect();
    sums.sort_unstable();
    sums
}
