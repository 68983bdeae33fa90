//! Figures of a payee, a team or the company: metrics, targets, attainment.

use std::rc::Rc;

use chrono::NaiveDate;

use super::payee::Payee;
use super::run::Payroll;
use crate::books::{CreditView, FactView, Id};
use crate::dates::{DateRange, Period};
use crate::exact::Exact;
use crate::formula::{Figure, FigureKind, Level, Over, TooLarge, Value, Whose};
use crate::goals;
use crate::metrics::{Cut, Direction, MetricVersion, Subject, evaluate_over};

/// Whose figure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Group {
    /// A person's.
    Person(Id),
    /// A team's, without the teams below.
    Team(Id),
    /// A team's and that of all below.
    Subtree(Id),
    /// Everybody's.
    Company,
    /// Of these people.
    People(Rc<[Id]>),
}

impl<'a> Payroll<'a> {
    /// Whose figure a word means, for a payee.
    pub(super) fn group_of(&self, payee: &Payee<'a>, whose: Whose) -> Option<Group> {
        Some(match whose {
            Whose::Payee => Group::Person(payee.id),
            Whose::Team => Group::Team(payee.team?),
            Whose::Subtree => Group::Subtree(payee.team?),
            Whose::Company => Group::Company,
            Whose::Reports => Group::People(self.reports_on(payee.id, payee.range.end).into()),
        })
    }

    /// A figure of a payee.
    pub(super) fn figure_of(&self, payee: &Payee<'a>, version: usize, figure: &Figure) -> Result<Value, TooLarge> {
        let whose = figure.whose.unwrap_or(Whose::Payee);
        let Some(group) = self.group_of(payee, whose) else { return Ok(Value::Missing) };
        let prorated = self.plan(version).and_then(|plan| plan.proration.as_ref()).is_some_and(|p| p.targets);
        let factor = (prorated && whose == Whose::Payee).then_some(version);
        self.figure_in(&group, payee.period, figure, factor)
    }

    /// A figure of a pool's subject; words like team mean the same for everybody there.
    pub(super) fn figure_of_group(&self, group: &Group, period: Period, figure: &Figure) -> Result<Value, TooLarge> {
        let group = match (figure.whose, group) {
            (None | Some(Whose::Payee), _) => group.clone(),
            (Some(Whose::Company), _) => Group::Company,
            (Some(Whose::Team), Group::Team(team) | Group::Subtree(team)) => Group::Team(*team),
            (Some(Whose::Subtree), Group::Team(team) | Group::Subtree(team)) => Group::Subtree(*team),
            _ => return Ok(Value::Missing),
        };
        self.figure_in(&group, period, figure, None)
    }

    /// `prorate`: the version by which a person's targets are prorated.
    fn figure_in(
        &self,
        group: &Group,
        period: Period,
        figure: &Figure,
        prorate: Option<usize>,
    ) -> Result<Value, TooLarge> {
        let found = match figure.kind {
            FigureKind::Metric => self.metric_value(group, &figure.code, figure.over, period),
            FigureKind::Target => self.target_of(group, &figure.code, figure.over, figure.level, period, prorate),
            FigureKind::Attainment => {
                self.attainment_of(group, &figure.code, figure.over, figure.level, period, prorate)
            }
            FigureKind::Headcount => {
                Some(i64::try_from(self.people_of(group, self.range(period)).len()).unwrap_or(i64::MAX).into())
            }
            FigureKind::AtTarget => self.at_target(group, figure, period)?,
            FigureKind::Earned => None,
        };
        Ok(Value::of(found))
    }

    /// The version of a metric in force at the end of a period.
    pub(super) fn metric(&self, code: &str, period: Period) -> Option<&'a MetricVersion> {
        self.definitions().metric_on(code, self.range(period).end)
    }

    /// The value of a metric over a span.
    pub(super) fn metric_value(&self, group: &Group, code: &str, over: Over, period: Period) -> Option<Exact> {
        let metric = self.metric(code, period)?;
        let range = self.span(over, period);
        let version = self.version_on(range.end).unwrap_or(self.versions.len().saturating_sub(1));
        let value = evaluate_over(self.snapshot, metric, &Cut::default(), |each| {
            self.each_effective(group, version, range, &mut |credit, _| each(credit));
        });
        value.exact()
    }

    /// The target of a metric for a span.
    pub(super) fn target_of(
        &self,
        group: &Group,
        code: &str,
        over: Over,
        level: Level,
        period: Period,
        prorate: Option<usize>,
    ) -> Option<Exact> {
        let mut sum: Option<Exact> = None;
        let mut add = |subject: Subject, period: Period| {
            let found = goals::target(self.definitions(), code, subject, period, &Cut::default())?;
            let figure = match level {
                Level::Base => Some(found.base),
                Level::Challenge => found.challenge,
                Level::Stretch => found.stretch,
            };
            let mut figure = Exact::of_decimal(figure?);
            if let (Some(version), Subject::Person(person)) = (prorate, subject) {
                figure = figure.times(&self.proration(person, None, version, self.range(period)))?;
            }
            sum = match sum.take() {
                None => Some(figure),
                Some(before) => before.plus(&figure),
            };
            Some(())
        };
        for period in self.target_periods(over, period) {
            match group {
                Group::Person(person) => add(Subject::Person(*person), period)?,
                Group::Team(team) | Group::Subtree(team) => add(Subject::Team(*team), period)?,
                Group::Company => add(Subject::Company, period)?,
                Group::People(people) => {
                    for person in people.iter() {
                        let _ = add(Subject::Person(*person), period);
                    }
                }
            }
        }
        sum
    }

    /// The attainment of a metric over a span.
    pub(super) fn attainment_of(
        &self,
        group: &Group,
        code: &str,
        over: Over,
        level: Level,
        period: Period,
        prorate: Option<usize>,
    ) -> Option<Exact> {
        let metric = self.metric(code, period)?;
        let target = self.target_of(group, code, over, level, period, prorate)?;
        let value = self.metric_value(group, code, over, period)?;
        attainment(&value, &target, metric.direction)
    }

    fn at_target(&self, group: &Group, figure: &Figure, period: Period) -> Result<Option<Exact>, TooLarge> {
        let (mut reached, mut all) = (0_i64, 0_i64);
        let own = Figure { kind: FigureKind::Attainment, whose: None, ..figure.clone() };
        for person in self.people_of(group, self.range(period)) {
            let Some(payee) = self.payee(person, period) else { continue };
            let version = payee.last_version().unwrap_or(self.versions.len().saturating_sub(1));
            if let Some(attainment) = self.figure_of(&payee, version, &own)?.number() {
                all += 1;
                reached += i64::from(*attainment >= Exact::ONE);
            }
        }
        Ok(Exact::from(reached).over(&all.into()))
    }

    /// The people of a group on the last day of a range, by id.
    fn people_of(&self, group: &Group, range: DateRange) -> Vec<Id> {
        let definitions = self.definitions();
        let team = |person: Id| self.membership_on(person, range.end).map(|own| own.team);
        match group {
            Group::Person(person) => vec![*person],
            Group::People(people) => people.to_vec(),
            Group::Company => definitions.people.keys().copied().filter(|person| team(*person).is_some()).collect(),
            Group::Team(own) => self.members(std::iter::once(*own).collect(), |t| t == *own, range),
            Group::Subtree(own) => {
                let teams = definitions.subtree(*own);
                self.members(teams.clone(), |t| teams.contains(&t), range)
            }
        }
    }

    fn members(&self, teams: rustc_hash::FxHashSet<Id>, fits: impl Fn(Id) -> bool, range: DateRange) -> Vec<Id> {
        let mut people = self.definitions().members_of(&teams, DateRange { start: range.end, end: range.end });
        people.retain(|person| self.membership_on(*person, range.end).is_some_and(|own| fits(own.team)));
        people
    }

    /// Calls `each` for the credits of a group on facts of a range; a member's credit counts by the team of its day in the
    /// plan.
    pub(super) fn each_of(
        &self,
        group: &Group,
        range: DateRange,
        day: &dyn Fn(&FactView<'a>) -> NaiveDate,
        each: &mut dyn FnMut(&CreditView<'a>),
    ) {
        let books = &self.snapshot.books;
        let definitions = self.definitions();
        let teams = match group {
            Group::Person(person) => {
                return books.for_credits_of(*person, range.start, range.end, |credit| each(&credit));
            }
            Group::People(people) => {
                for person in people.iter() {
                    books.for_credits_of(*person, range.start, range.end, |credit| each(&credit));
                }
                return;
            }
            Group::Company => return books.for_credits(range.start, range.end, |credit| each(&credit)),
            Group::Team(team) => std::iter::once(*team).collect(),
            Group::Subtree(team) => definitions.subtree(*team),
        };
        for person in definitions.members_of(&teams, range) {
            books.for_credits_of(person, range.start, range.end, |credit| {
                let own = definitions.membership_on(person, day(&credit.fact));
                if own.is_some_and(|own| teams.contains(&own.team)) {
                    each(&credit);
                }
            });
        }
    }
}

/// Attainment by the metric's direction; see [`goals::attainment`].
fn attainment(value: &Exact, target: &Exact, direction: Direction) -> Option<Exact> {
    if target.is_zero() {
        return None;
    }
    let two = Exact::from(2);
    let from_above = |by: &Exact| Some(two.minus(&value.over(by)?)?.max(Exact::ZERO));
    match direction {
        Direction::Higher => value.over(target),
        Direction::Lower => from_above(target),
        Direction::Range { low, high } => {
            let (low, high) = (Exact::of_decimal(low), Exact::of_decimal(high));
            if *value < low && !low.is_zero() {
                return value.over(&low).map(|a| a.max(Exact::ZERO));
            }
            if *value > high && !high.is_zero() {
                return from_above(&high);
            }
            Some(Exact::ONE)
        }
    }
}
