//! RESOLVE: which version is in force on a day, and whether the person is on it.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::super::model::{PlanPeriod, PlanVersion};
use super::Run;
use crate::dates::{DateRange, day_of_number};
use crate::definitions::{Definitions, Snapshot};

/// The plan ids, each once, in the order of their first version.
pub(in crate::plans) fn plan_ids(plans: &[PlanVersion]) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for plan in plans {
        if !ids.contains(&plan.id.as_str()) {
            ids.push(&plan.id);
        }
    }
    ids
}

/// The period lengths the versions of a plan have.
pub(in crate::plans) fn period_kinds(plans: &[PlanVersion], id: &str) -> Vec<PlanPeriod> {
    let mut kinds = Vec::new();
    for plan in plans.iter().filter(|plan| plan.id == id) {
        if !kinds.contains(&plan.period) {
            kinds.push(plan.period);
        }
    }
    kinds
}

/// The highest version that has begun; none when that one has ended.
fn in_force<'a>(plans: &'a [PlanVersion], id: &str, date: NaiveDate) -> Option<&'a PlanVersion> {
    let begun = plans
        .iter()
        .filter(|plan| plan.id == id && plan.from <= date);
    begun
        .max_by_key(|plan| plan.version)
        .filter(|plan| plan.to.is_none_or(|to| date <= to))
}

/// Whether a person is on a version on a date: named, or by a membership whose role and team both fit.
pub(in crate::plans) fn covers(
    definitions: &Definitions,
    plan: &PlanVersion,
    person: u128,
    date: NaiveDate,
) -> bool {
    let who = &plan.who;
    if who.is_everybody() {
        return true;
    }
    let named = |label: &String| {
        definitions
            .person_by_label(label)
            .is_some_and(|known| known.id == person)
    };
    if who.people.iter().any(named) {
        return true;
    }
    if who.roles.is_empty() && who.teams.is_empty() {
        return false;
    }
    let Some(membership) = definitions.membership_on(person, date) else {
        return false;
    };
    let role = who.roles.is_empty() || who.roles.contains(&membership.role);
    let within = |path: &String| {
        let root = definitions.team_by_path(path);
        root.zip(membership.team)
            .is_some_and(|(root, team)| definitions.is_within(team, root.id))
    };
    role && (who.teams.is_empty() || who.teams.iter().any(within))
}

/// The (plan, version) pairs a person is on on any day of the range.
pub(in crate::plans) fn plans_of(
    snapshot: &Snapshot,
    plans: &[PlanVersion],
    person: u128,
    range: DateRange,
) -> Vec<(String, u32)> {
    let definitions = &snapshot.definitions;
    // Something can only change when a version or a membership begins.
    let mut days: Vec<NaiveDate> = vec![range.start];
    days.extend(plans.iter().map(|plan| plan.from));
    days.extend(
        definitions
            .memberships_of(person)
            .filter_map(|membership| membership.from),
    );
    days.retain(|day| range.contains(*day));
    days.sort_unstable();
    days.dedup();
    let mut found: Vec<(String, u32)> = Vec::new();
    for id in plan_ids(plans) {
        for version in days.iter().filter_map(|day| {
            in_force(plans, id, *day).filter(|v| covers(definitions, v, person, *day))
        }) {
            let pair = (version.id.clone(), version.version);
            if !found.contains(&pair) {
                found.push(pair);
            }
        }
    }
    found
}

/// The answers of RESOLVE for one run, remembered by day.
pub(super) struct Resolved<'a> {
    run: Run<'a>,
    by_day: std::cell::RefCell<FxHashMap<i32, Option<&'a PlanVersion>>>,
    /// The versions that could rate anything.
    pub(super) versions: Vec<&'a PlanVersion>,
}

impl<'a> Run<'a> {
    pub(super) fn resolve(&self) -> Resolved<'a> {
        // A fact may be older than the period it counts in, so every version begun by its end is asked.
        let mut versions: Vec<&PlanVersion> = self
            .plans
            .iter()
            .filter(|plan| {
                plan.id == self.plan && plan.period == self.kind && plan.from <= self.range.end
            })
            .collect();
        versions.sort_by_key(|plan| plan.version);
        Resolved {
            run: *self,
            by_day: std::cell::RefCell::default(),
            versions,
        }
    }
}

impl<'a> Resolved<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// The version that rates a fact of a day for this person.
    pub(super) fn version_on(&self, day: i32) -> Option<&'a PlanVersion> {
        let run = &self.run;
        *self.by_day.borrow_mut().entry(day).or_insert_with(|| {
            let date = day_of_number(day);
            let version =
                in_force(run.plans, run.plan, date).filter(|version| version.period == run.kind)?;
            covers(&run.snapshot.definitions, version, run.person, date).then_some(version)
        })
    }
}
