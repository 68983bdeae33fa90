//! RESOLVE: who is on which plan, and which version rates a day.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::model::{PlanVersion, Who};
use crate::books::Id;
use crate::dates::DateRange;
use crate::definitions::{Definitions, Membership};

/// The plans, each with its versions, in the order of their ids.
#[must_use]
pub fn plans(definitions: &Definitions) -> Vec<Vec<&PlanVersion>> {
    let keys: BTreeSet<&str> = definitions.plans.iter().map(|v| v.plan.id.as_str()).collect();
    keys.into_iter().map(|key| definitions.plans.iter().filter(|v| v.plan.id == key).collect()).collect()
}

/// True where a person is on a plan version on a day.
#[must_use]
pub fn on_plan(definitions: &Definitions, who: &Who, person: Id, day: NaiveDate) -> bool {
    on_plan_in(definitions, who, person, DateRange { start: day, end: day })
}

/// True where a person is on a plan version on at least one day of a range.
#[must_use]
pub fn on_plan_in(definitions: &Definitions, who: &Who, person: Id, range: DateRange) -> bool {
    Enrolment::of(definitions, who, person).meets(range)
}

/// When a person is on a plan version, found out once and asked for many days.
pub(crate) enum Enrolment<'a> {
    /// Named by the plan.
    Always,
    /// Through these memberships.
    Through(Vec<&'a Membership>),
}

impl<'a> Enrolment<'a> {
    pub(crate) fn of(definitions: &'a Definitions, who: &Who, person: Id) -> Self {
        let Some(known) = definitions.people.get(&person) else { return Self::Through(Vec::new()) };
        let named = |key: &String| known.external_id.as_ref() == Some(key) || known.email.as_ref() == Some(key);
        if who.people.iter().any(named) {
            return Self::Always;
        }
        if who.roles.is_empty() && who.teams.is_empty() {
            return Self::Through(Vec::new());
        }
        let all = definitions.memberships_of(person).iter();
        Self::Through(all.filter(|membership| fits(definitions, who, membership)).collect())
    }

    /// The days, in no particular order; they may overlap.
    pub(crate) fn ranges(&self) -> Vec<DateRange> {
        match self {
            Self::Always => vec![DateRange { start: NaiveDate::MIN, end: NaiveDate::MAX }],
            Self::Through(memberships) => memberships
                .iter()
                .map(|own| DateRange { start: own.from, end: own.to.unwrap_or(NaiveDate::MAX) })
                .collect(),
        }
    }

    /// True where the person is on the version on at least one day of a range.
    pub(crate) fn meets(&self, range: DateRange) -> bool {
        match self {
            Self::Always => true,
            Self::Through(memberships) => memberships.iter().any(|membership| membership.meets(range)),
        }
    }
}

fn fits(definitions: &Definitions, who: &Who, membership: &Membership) -> bool {
    let role = who.roles.is_empty() || who.roles.contains(&membership.role);
    let path = definitions.teams.get(&membership.team).map(|team| team.path.as_str()).unwrap_or_default();
    let below =
        |team: &String| path == team || path.strip_prefix(team.as_str()).is_some_and(|rest| rest.starts_with('/'));
    role && (who.teams.is_empty() || who.teams.iter().any(below))
}

/// The days of a range on which a version is in force among its plan's versions; empty where there is none.
fn days_in_force(versions: &[&PlanVersion], version: &PlanVersion, range: DateRange) -> Option<DateRange> {
    let end = version.plan.to.unwrap_or(NaiveDate::MAX);
    let own = DateRange { start: version.plan.from, end }.meet(&range)?;
    let later = versions.iter().filter(|v| v.version > version.version && v.plan.from <= own.end);
    match later.map(|v| v.plan.from).min() {
        Some(next) if next <= own.start => None,
        Some(next) => Some(DateRange { start: own.start, end: next.pred_opt()? }),
        None => Some(own),
    }
}

/// True where a person is on a plan in a range.
#[must_use]
pub fn is_on(definitions: &Definitions, versions: &[&PlanVersion], person: Id, range: DateRange) -> bool {
    versions.iter().any(|version| {
        days_in_force(versions, version, range)
            .is_some_and(|days| on_plan_in(definitions, &version.plan.who, person, days))
    })
}

/// The people on a version of a plan in a range, by the key that files name them by.
#[must_use]
pub fn people_on(definitions: &Definitions, plan_id: &str, range: DateRange) -> Vec<Id> {
    let versions: Vec<&PlanVersion> = definitions.plans.iter().filter(|v| v.plan.id == plan_id).collect();
    let on = |person: &&Id| is_on(definitions, &versions, **person, range);
    definitions.people.keys().filter(on).copied().collect()
}
