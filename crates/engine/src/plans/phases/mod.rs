//! The phases of a plan in their order. Each reads earlier phases only, so no cycle can be written.
//!
//! 1. RESOLVE  who is on which version on which day            (`resolve`)
//! 2. CREDIT   facts become lines of a person                  (`credit`)
//! 3. MEASURE  lines become numbers; attainment for tiers      (`credit`, `measure`)
//! 4. RATE     a number and a table become an exact amount     (`rate`, `stage`)
//! 5. ADJUST, 6. SHARE, 7. SETTLE: nothing yet but rounding and the status of a line (`settle`)

mod credit;
mod measure;
mod rate;
mod resolve;
mod settle;
mod stage;

use chrono::NaiveDate;

use super::estimate::{Estimate, Line, NotCounted};
use super::model::{Component, PlanPeriod, PlanVersion, Rule};
use crate::dates::{DateRange, Period};
use crate::definitions::Snapshot;
use crate::explain::Clause;

pub(super) use credit::is_fact_sum;
pub(super) use resolve::{period_kinds, plan_ids, plans_of};

/// One plan, one of its periods, one person.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) plans: &'a [PlanVersion],
    pub(super) plan: &'a str,
    pub(super) period: Period,
    pub(super) range: DateRange,
    pub(super) kind: PlanPeriod,
    pub(super) person: u128,
    pub(super) as_of: NaiveDate,
}

/// Where a rule is written: a component of a version.
#[derive(Clone, Copy)]
struct Place<'a> {
    version: &'a PlanVersion,
    component: &'a Component,
}

impl Place<'_> {
    fn clause(&self) -> Clause {
        Clause::Plan {
            plan: self.version.id.clone(),
            version: self.version.version,
            component: self.component.id.clone(),
        }
    }
}

impl Run<'_> {
    /// Runs all phases and adds what comes out.
    pub(super) fn into_estimate(self, estimate: &mut Estimate) {
        let resolved = self.resolve();
        if resolved.is_empty() {
            return;
        }
        let mut not_counted = Vec::new();
        let credited = self.credit(&resolved, &mut not_counted);
        for mut bucket in credited {
            bucket
                .lines
                .sort_by_key(|line| (line.waits(), line.order_day, line.sequence, line.credit));
            let mut rated = self.rate(&bucket);
            estimate.lines.append(&mut rated.lines);
            estimate.progress.extend(rated.progress);
        }
        estimate.not_counted.append(&mut not_counted);
    }

    fn line(&self, place: Place<'_>, measure: super::model::PlanMeasure) -> Line {
        Line {
            plan: place.version.id.clone(),
            version: place.version.version,
            component: place.component.id.clone(),
            period: self.period,
            fact: None,
            date: None,
            measure,
            basis_minor: 0,
            rates: Vec::new(),
            amount_minor: 0,
            status: super::estimate::LineStatus::Earned,
            explanation: crate::explain::Explanation::default(),
        }
    }

    fn refuse(&self, place: Place<'_>, fact: u32, reason: &'static str) -> NotCounted {
        NotCounted {
            plan: place.version.id.clone(),
            component: place.component.id.clone(),
            fact,
            reason,
        }
    }
}

fn is_stage(component: &Component) -> bool {
    matches!(component.rule, Rule::StageReward(_))
}
