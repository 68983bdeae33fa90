//! Questions to the definitions.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::{Definitions, DefinitionsData, Membership, Person, Team};
use crate::dates::DateRange;
use crate::goals::{Subject, Target};
use crate::metrics::MetricVersion;
use crate::money::Currency;
use crate::plans::PlanVersion;
use crate::rounding::divide;

/// A team tree deeper than this is a mistake (or a cycle); walking stops.
const MAX_DEPTH: usize = 64;

impl Definitions {
    /// Builds the look-ups.
    pub fn new(mut data: DefinitionsData) -> Self {
        data.exchange_rates.sort_by_key(|rate| rate.date);
        let index = |key: &dyn Fn(&Person) -> Option<String>| -> FxHashMap<String, usize> {
            let keyed = data
                .people
                .iter()
                .enumerate()
                .filter_map(|(at, person)| Some((key(person)?, at)));
            // The first of two with the same key stays.
            let mut map = FxHashMap::default();
            keyed.for_each(|(key, at)| {
                map.entry(key).or_insert(at);
            });
            map
        };
        let person_by_external_id = index(&|person| person.external_id.clone());
        let person_by_email =
            index(&|person| person.email.as_ref().map(|email| email.to_lowercase()));
        let mut memberships_of: FxHashMap<u128, Vec<usize>> = FxHashMap::default();
        for (at, membership) in data.memberships.iter().enumerate() {
            memberships_of
                .entry(membership.person)
                .or_default()
                .push(at);
        }
        for list in memberships_of.values_mut() {
            list.sort_by_key(|at| std::cmp::Reverse((data.memberships[*at].days().start, *at)));
        }
        let mut children: FxHashMap<u128, Vec<u128>> = FxHashMap::default();
        for team in &data.teams {
            if let Some(parent) = team.parent {
                children.entry(parent).or_default().push(team.id);
            }
        }
        let mut targets_of: FxHashMap<(String, Subject), Vec<usize>> = FxHashMap::default();
        for (at, target) in data.targets.iter().enumerate() {
            targets_of
                .entry((target.metric.clone(), target.subject))
                .or_default()
                .push(at);
        }
        Self {
            person_by_id: data
                .people
                .iter()
                .enumerate()
                .map(|(at, person)| (person.id, at))
                .collect(),
            person_by_external_id,
            person_by_email,
            team_by_id: data
                .teams
                .iter()
                .enumerate()
                .map(|(at, team)| (team.id, at))
                .collect(),
            team_by_path: data
                .teams
                .iter()
                .enumerate()
                .map(|(at, team)| (team.path.clone(), at))
                .collect(),
            children,
            memberships_of,
            targets_of,
            data,
        }
    }

    /// The person of an id.
    pub fn person(&self, id: u128) -> Option<&Person> {
        self.people.get(*self.person_by_id.get(&id)?)
    }

    /// The person of an external id.
    pub fn person_by_external_id(&self, external_id: &str) -> Option<&Person> {
        self.people
            .get(*self.person_by_external_id.get(external_id)?)
    }

    /// The person of an external id, else of an e-mail address (its case does not matter).
    pub fn person_by_label(&self, label: &str) -> Option<&Person> {
        let by_email = || self.person_by_email.get(&label.to_lowercase());
        self.people
            .get(*self.person_by_external_id.get(label).or_else(by_email)?)
    }

    /// The team of an id.
    pub fn team(&self, id: u128) -> Option<&Team> {
        self.teams.get(*self.team_by_id.get(&id)?)
    }

    /// The team of a path such as `East/Team 3`.
    pub fn team_by_path(&self, path: &str) -> Option<&Team> {
        self.teams.get(*self.team_by_path.get(path)?)
    }

    /// All memberships of a person, latest start first.
    pub fn memberships_of(&self, person: u128) -> impl Iterator<Item = &Membership> {
        self.memberships_of
            .get(&person)
            .into_iter()
            .flatten()
            .map(|at| &self.memberships[*at])
    }

    /// The membership of a person on a date: of several, the one that started last.
    pub fn membership_on(&self, person: u128, date: NaiveDate) -> Option<&Membership> {
        self.memberships_of(person)
            .find(|membership| membership.days().contains(date))
    }

    /// The team of a person on a date.
    pub fn team_on(&self, person: u128, date: NaiveDate) -> Option<u128> {
        self.membership_on(person, date)?.team
    }

    /// Whether `team` is `root` or below it.
    pub fn is_within(&self, team: u128, root: u128) -> bool {
        let above =
            std::iter::successors(Some(team), |id| self.team(*id).and_then(|team| team.parent));
        above.take(MAX_DEPTH).any(|id| id == root)
    }

    /// A team and all teams below it, parents before children, in the order they are defined.
    pub fn subtree(&self, root: u128) -> Vec<u128> {
        let mut found = vec![root];
        let mut at = 0;
        while at < found.len() {
            for child in self.children.get(&found[at]).into_iter().flatten() {
                if !found.contains(child) {
                    found.push(*child);
                }
            }
            at += 1;
        }
        found
    }

    /// Everybody who is in the team or below it on any day of the range, in the order people are defined.
    pub fn members_in(&self, root: u128, range: DateRange) -> Vec<u128> {
        let teams: rustc_hash::FxHashSet<u128> = self.subtree(root).into_iter().collect();
        let within = |m: &Membership| {
            m.team.is_some_and(|t| teams.contains(&t)) && m.days().intersect(range).is_some()
        };
        let in_team = |person: &&Person| self.memberships_of(person.id).any(within);
        self.people
            .iter()
            .filter(in_team)
            .map(|person| person.id)
            .collect()
    }

    /// Everybody who is in the team or below it on a date.
    pub fn members_on(&self, root: u128, date: NaiveDate) -> Vec<u128> {
        let mut members = self.members_in(root, DateRange::new(date, date));
        // Of overlapping memberships only the one in force counts.
        members.retain(|person| {
            self.team_on(*person, date)
                .is_some_and(|team| self.is_within(team, root))
        });
        members
    }

    /// The version of a metric in force on a date: the highest version that has begun and not ended.
    pub fn metric_on(&self, code: &str, date: NaiveDate) -> Option<&MetricVersion> {
        let begun = self
            .metrics
            .iter()
            .filter(|metric| metric.code == code && metric.from.is_none_or(|from| from <= date));
        begun
            .max_by_key(|metric| metric.version)
            .filter(|metric| metric.to.is_none_or(|to| date <= to))
    }

    /// Whether any version of a metric has this code.
    pub fn knows_metric(&self, code: &str) -> bool {
        self.metrics.iter().any(|metric| metric.code == code)
    }

    /// The version of a plan in force on a date: the highest version that has begun; none when that one has ended.
    pub fn plan_on(&self, plan: &str, date: NaiveDate) -> Option<&PlanVersion> {
        let begun = self
            .plans
            .iter()
            .filter(|version| version.id == plan && version.from <= date);
        begun
            .max_by_key(|version| version.version)
            .filter(|version| version.to.is_none_or(|to| date <= to))
    }

    /// The targets of a metric and subject.
    pub fn targets_for(&self, metric: &str, subject: Subject) -> impl Iterator<Item = &Target> {
        let key = (metric.to_owned(), subject);
        self.targets_of
            .get(&key)
            .into_iter()
            .flatten()
            .map(|at| &self.targets[*at])
    }

    /// Units of `to` for one unit of `from` on a date: the latest row on or before it, or the inverse of the opposite row.
    pub fn exchange_rate(&self, from: Currency, to: Currency, date: NaiveDate) -> Option<Decimal> {
        if from == to {
            return Some(Decimal::ONE);
        }
        let until = self
            .exchange_rates
            .partition_point(|rate| rate.date <= date);
        let known = &self.exchange_rates[..until];
        if let Some(rate) = known
            .iter()
            .rev()
            .find(|rate| rate.from == from && rate.to == to)
        {
            return Some(rate.rate);
        }
        let opposite = known
            .iter()
            .rev()
            .find(|rate| rate.from == to && rate.to == from)?;
        divide(Decimal::ONE, opposite.rate).map(|rate| rate.round_dp(10))
    }
}
