//! RESOLVE: a person in a period of the plan.

use chrono::NaiveDate;

use super::run::Payroll;
use super::scope::At;
use crate::books::Id;
use crate::dates::{DateRange, Period};
use crate::definitions::{Membership, Person};
use crate::exact::Exact;
use crate::plans::{Enrolment, Proration, ProrationBy, Who};

/// A person in a period of the plan.
pub(super) struct Payee<'a> {
    pub(super) id: Id,
    pub(super) person: &'a Person,
    pub(super) period: Period,
    pub(super) range: DateRange,
    /// The days of the period on the plan, by version.
    on: Vec<Vec<DateRange>>,
    /// The membership that says role and team: that of the last day on the plan.
    pub(super) membership: Option<&'a Membership>,
    /// The team whose figures are those of "the own team".
    pub(super) team: Option<Id>,
    /// The path of the team that the membership names.
    pub(super) team_path: Option<String>,
}

impl<'a> Payee<'a> {
    /// None where there is no such person.
    pub(super) fn new(run: &Payroll<'a>, id: Id, period: Period) -> Option<Self> {
        let definitions = run.definitions();
        let person = definitions.people.get(&id)?;
        let range = run.range(period);
        let memberships = definitions.memberships_of(id);
        let last_of = |range: DateRange| memberships.iter().rev().find(|membership| membership.meets(range));
        let at_end = definitions.membership_on(id, range.end).or_else(|| last_of(range));
        let mut payee = Self {
            id,
            person,
            period,
            range,
            on: Vec::new(),
            membership: at_end,
            team: at_end.map(|own| own.team),
            team_path: None,
        };
        payee.team_path = at_end.and_then(|own| definitions.teams.get(&own.team)).map(|team| team.path.clone());
        payee.on = (0..run.versions.len()).map(|version| days_on(run, id, version, range)).collect();
        for version in 0..run.versions.len() {
            let condition = run.plan(version).and_then(|plan| plan.who.when.as_ref());
            let out = condition.is_some_and(|condition| {
                let at = At::payee(run, &payee, version);
                !condition.evaluate(&at).is_ok_and(|value| value.holds())
            });
            if out && let Some(days) = payee.on.get_mut(version) {
                days.clear();
            }
        }
        if let Some(last) = payee.days().map(|days| days.end).max() {
            payee.membership = definitions.membership_on(id, last).or(at_end);
        }
        payee.team_path =
            payee.membership.and_then(|own| definitions.teams.get(&own.team)).map(|team| team.path.clone());
        Some(payee)
    }

    /// How files name the person.
    pub(super) fn key(&self) -> &'a str {
        self.person.key()
    }

    fn days(&self) -> impl Iterator<Item = DateRange> {
        self.on.iter().flatten().copied()
    }

    /// True where the person is on the plan on a day of the period.
    pub(super) fn is_on_plan(&self) -> bool {
        self.days().next().is_some()
    }

    /// The days on a version.
    pub(super) fn on_version(&self, version: usize) -> &[DateRange] {
        self.on.get(version).map_or(&[], Vec::as_slice)
    }

    /// The version that is there for the whole period: of the last day on the plan.
    pub(super) fn last_version(&self) -> Option<usize> {
        let last = |(version, days): (usize, &Vec<DateRange>)| days.last().map(|days| (days.end, version));
        self.on.iter().enumerate().filter_map(last).max().map(|(_, version)| version)
    }
}

/// The days of a range on which a person is on a version of the plan, in order.
pub(super) fn days_on(run: &Payroll<'_>, person: Id, version: usize, range: DateRange) -> Vec<DateRange> {
    let Some(plan) = run.plan(version) else { return Vec::new() };
    let mut days = Enrolment::of(run.definitions(), &plan.who, person).ranges();
    let own = DateRange { start: plan.from, end: plan.to.unwrap_or(NaiveDate::MAX) };
    days = days.iter().filter_map(|days| days.meet(&own)?.meet(&range)).collect();
    // Where a newer version holds, this one does not.
    for newer in run.versions.iter().skip(version + 1) {
        let held = DateRange { start: newer.plan.from, end: newer.plan.to.unwrap_or(NaiveDate::MAX) };
        days = days.into_iter().flat_map(|days| without(days, held)).collect();
    }
    joined(days)
}

/// What is left of a range without another.
fn without(range: DateRange, out: DateRange) -> Vec<DateRange> {
    if range.meet(&out).is_none() {
        return vec![range];
    }
    let before = out.start.pred_opt().map(|end| DateRange { start: range.start, end: range.end.min(end) });
    let after = out.end.succ_opt().map(|start| DateRange { start: range.start.max(start), end: range.end });
    [before, after].into_iter().flatten().filter(|part| part.start <= part.end).collect()
}

/// Ranges in order, those that touch or overlap as one.
fn joined(mut ranges: Vec<DateRange>) -> Vec<DateRange> {
    ranges.sort_unstable();
    let mut found: Vec<DateRange> = Vec::new();
    for range in ranges {
        match found.last_mut() {
            Some(last) if last.end.succ_opt().is_none_or(|next| range.start <= next) => {
                last.end = last.end.max(range.end);
            }
            _ => found.push(range),
        }
    }
    found
}

fn count(days: &[DateRange]) -> i64 {
    days.iter().map(|days| (days.end - days.start).num_days() + 1).sum()
}

impl<'a> Payroll<'a> {
    /// How many days a person is on the plan in a range (of one version, or of any), less absences where the plan says
    /// so.
    pub(super) fn days_there(
        &self,
        person: Id,
        version: Option<usize>,
        proration: &Proration,
        range: DateRange,
    ) -> i64 {
        let versions = version.map_or(0..self.versions.len(), |version| version..version + 1);
        let mut days = joined(versions.flat_map(|version| days_on(self, person, version, range)).collect());
        if proration.absences {
            for absence in self.definitions().absences.get(&person).into_iter().flatten() {
                days = days.into_iter().flat_map(|days| without(days, *absence)).collect();
            }
        }
        count(&days)
    }

    /// The proration factor of a person over the days of a span: the share of days, or the mean of the shares of its
    /// months.
    pub(super) fn proration(&self, person: Id, version: Option<usize>, plan: usize, range: DateRange) -> Exact {
        let none = Proration::default();
        let proration = self.plan(plan).and_then(|plan| plan.proration.as_ref()).unwrap_or(&none);
        let share = |range: DateRange| {
            Exact::new(self.days_there(person, version, proration, range).into(), count(&[range]).into())
                .unwrap_or(Exact::ZERO)
        };
        match proration.by {
            ProrationBy::Days => share(range),
            ProrationBy::Months => {
                let calendar = &self.definitions().company.calendar;
                let months = calendar.ending_in(range, crate::dates::PeriodKind::Month);
                let sum = months.iter().try_fold(Exact::ZERO, |sum, month| sum.plus(&share(calendar.range(*month))));
                let count = i64::try_from(months.len()).unwrap_or(i64::MAX);
                sum.and_then(|sum| sum.over(&Exact::from(count))).unwrap_or(Exact::ZERO)
            }
        }
    }

    /// True where a component is for a person on a day.
    pub(super) fn is_for(&self, who: Option<&Who>, payee: &Payee<'a>, version: usize, day: NaiveDate) -> bool {
        let Some(who) = who else { return true };
        let named = who.roles.is_empty() && who.teams.is_empty() && who.people.is_empty();
        let fits = named || Enrolment::of(self.definitions(), who, payee.id).meets(DateRange { start: day, end: day });
        fits && who.when.as_ref().is_none_or(|condition| {
            condition.evaluate(&At::payee(self, payee, version)).is_ok_and(|value| value.holds())
        })
    }
}
