//! What is not a fact: the company, people and teams, metrics, targets, plans.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::books::Id;
use crate::dates::{Calendar, DateRange, Period};
use crate::exact::Exact;
use crate::goals::Target;
use crate::metrics::{MetricVersion, Subject};
use crate::money::Currency;
use crate::plans::PlanVersion;

/// The company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Its time zone, an IANA name.
    pub timezone: String,
    /// The language of a new user, `zh-CN` or `en`.
    pub locale: String,
    /// Its calendar.
    pub calendar: Calendar,
    /// Who is a new customer.
    pub customer_rule: crate::customers::CustomerRule,
    /// How far behind the pace still counts as on pace, parts per million.
    pub on_pace_tolerance_ppm: i64,
    /// True where everybody may see everybody's attainment; pay never.
    pub attainment_visible_to_all: bool,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: Id,
    /// The id as imported.
    pub external_id: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The first day.
    pub start: Option<NaiveDate>,
    /// The last day.
    pub end: Option<NaiveDate>,
    /// Other attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Person {
    /// How files name the person: the external id, else the address, else the name.
    #[must_use]
    pub fn key(&self) -> &str {
        self.external_id.as_deref().or(self.email.as_deref()).unwrap_or(&self.name)
    }
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The team above; none below the company.
    pub parent: Option<Id>,
    /// `East/Team 3`.
    pub path: String,
    /// True where it was put away: the past keeps it, nobody is put into it.
    pub archived: bool,
}

/// Who was in which team from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The person.
    pub person: Id,
    /// The team.
    pub team: Id,
    /// The role in the team: rep, manager ...
    pub role: String,
    /// The person's manager, if it is not the team's.
    pub manager: Option<Id>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none while it lasts.
    pub to: Option<NaiveDate>,
}

impl Membership {
    /// True on a day of the membership.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// True where the membership has a day in the range.
    #[must_use]
    pub fn meets(&self, range: DateRange) -> bool {
        self.from <= range.end && self.to.is_none_or(|to| range.start <= to)
    }
}

/// Everything that is not a fact, with the look-ups that evaluating needs.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// The company.
    pub company: Company,
    /// People, by id.
    pub people: BTreeMap<Id, Person>,
    /// Teams, by id.
    pub teams: BTreeMap<Id, Team>,
    /// Memberships by person, in the order of their first day.
    memberships: FxHashMap<Id, Vec<Membership>>,
    /// Every metric version.
    pub metrics: Vec<MetricVersion>,
    /// The people that were ever in a team, by team.
    members: FxHashMap<Id, Vec<Id>>,
    /// Every target, and where those of a subject and period stand.
    targets: Vec<Target>,
    targets_of: FxHashMap<(Subject, Period), Vec<usize>>,
    /// Every published plan version.
    pub plans: Vec<PlanVersion>,
    /// Exchange rates.
    pub exchange: Exchange,
    /// Days of absence by person.
    pub absences: FxHashMap<Id, Vec<DateRange>>,
    /// Who names whom as the manager, by manager.
    reports: FxHashMap<Id, Vec<Id>>,
}

/// Exchange rates: one unit of a currency is worth so many of another from a day on.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// By from and to, in the order of their days.
    rates: FxHashMap<(Currency, Currency), Vec<(NaiveDate, Exact)>>,
}

impl Exchange {
    /// Adds a rate; one of the same day is replaced.
    pub fn set(&mut self, from: Currency, to: Currency, day: NaiveDate, rate: Exact) {
        let rates = self.rates.entry((from, to)).or_default();
        match rates.binary_search_by_key(&day, |(known, _)| *known) {
            Ok(at) => {
                if let Some(known) = rates.get_mut(at) {
                    known.1 = rate;
                }
            }
            Err(at) => rates.insert(at, (day, rate)),
        }
    }

    /// The rate of a day: the latest one up to it.
    #[must_use]
    pub fn on(&self, from: Currency, to: Currency, day: NaiveDate) -> Option<&Exact> {
        let rates = self.rates.get(&(from, to))?;
        let after = rates.partition_point(|(known, _)| *known <= day);
        rates.get(after.checked_sub(1)?).map(|(_, rate)| rate)
    }

    /// The average of the rates whose days lie in a range; without any the one that holds then.
    #[must_use]
    pub fn average(&self, from: Currency, to: Currency, range: DateRange) -> Option<Exact> {
        let within: Vec<&Exact> =
            self.rates.get(&(from, to))?.iter().filter(|(day, _)| range.contains(*day)).map(|(_, rate)| rate).collect();
        if within.is_empty() {
            return self.on(from, to, range.start).cloned();
        }
        let sum = within.iter().try_fold(Exact::ZERO, |sum, rate| sum.plus(rate))?;
        sum.over(&Exact::from(i64::try_from(within.len()).ok()?))
    }
}

impl Definitions {
    /// Definitions without anything but the company.
    #[must_use]
    pub fn new(company: Company) -> Self {
        Self {
            company,
            people: BTreeMap::new(),
            teams: BTreeMap::new(),
            memberships: FxHashMap::default(),
            members: FxHashMap::default(),
            metrics: Vec::new(),
            targets: Vec::new(),
            targets_of: FxHashMap::default(),
            plans: Vec::new(),
            exchange: Exchange::default(),
            absences: FxHashMap::default(),
            reports: FxHashMap::default(),
        }
    }

    /// Sets people, teams and memberships.
    pub fn set_people(&mut self, people: Vec<Person>, teams: Vec<Team>, memberships: Vec<Membership>) {
        self.people = people.into_iter().map(|person| (person.id, person)).collect();
        self.teams = teams.into_iter().map(|team| (team.id, team)).collect();
        self.memberships = FxHashMap::default();
        self.members = FxHashMap::default();
        self.reports = FxHashMap::default();
        for membership in memberships {
            if let Some(manager) = membership.manager {
                self.reports.entry(manager).or_default().push(membership.person);
            }
            self.members.entry(membership.team).or_default().push(membership.person);
            self.memberships.entry(membership.person).or_default().push(membership);
        }
        for list in self.memberships.values_mut() {
            list.sort_by_key(|m| (m.from, m.team));
        }
    }

    /// Sets the targets.
    pub fn set_targets(&mut self, targets: Vec<Target>) {
        self.targets_of = FxHashMap::default();
        for (index, target) in targets.iter().enumerate() {
            self.targets_of.entry((target.subject, target.period)).or_default().push(index);
        }
        self.targets = targets;
    }

    /// Every target.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The targets of a subject for exactly this period.
    pub fn targets_of(&self, subject: Subject, period: Period) -> impl Iterator<Item = &Target> {
        let found = self.targets_of.get(&(subject, period)).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|index| self.targets.get(*index))
    }

    /// A person's memberships in the order of their first day.
    #[must_use]
    pub fn memberships_of(&self, person: Id) -> &[Membership] {
        self.memberships.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Everybody who ever named a person as the manager.
    #[must_use]
    pub fn ever_reports_of(&self, manager: Id) -> &[Id] {
        self.reports.get(&manager).map_or(&[], Vec::as_slice)
    }

    /// Everybody who was ever in a team.
    #[must_use]
    pub fn ever_members_of(&self, team: Id) -> &[Id] {
        self.members.get(&team).map_or(&[], Vec::as_slice)
    }

    /// The membership of a person on a day; the later one where two overlap.
    #[must_use]
    pub fn membership_on(&self, person: Id, day: NaiveDate) -> Option<&Membership> {
        self.memberships_of(person).iter().rev().find(|m| m.holds_on(day))
    }

    /// The person with an external id, an address, or (where nobody else has it) a name.
    #[must_use]
    pub fn person_by_key(&self, key: &str) -> Option<&Person> {
        let by = |matches: &dyn Fn(&Person) -> bool| self.people.values().find(|person| matches(person));
        by(&|person| person.external_id.as_deref() == Some(key))
            .or_else(|| by(&|person| person.email.as_deref() == Some(key)))
    }

    /// The team of a path.
    #[must_use]
    pub fn team_by_path(&self, path: &str) -> Option<&Team> {
        let at_path = |team: &&Team| team.path == path;
        self.teams.values().filter(|team| !team.archived).find(at_path).or_else(|| self.teams.values().find(at_path))
    }

    /// A team and every team below it.
    #[must_use]
    pub fn subtree(&self, root: Id) -> FxHashSet<Id> {
        let mut found = FxHashSet::default();
        found.insert(root);
        // The tree is shallow: as many passes as it has levels, at most as many as there are teams.
        for _ in 0..self.teams.len() {
            let before = found.len();
            for team in self.teams.values() {
                if team.parent.is_some_and(|parent| found.contains(&parent)) {
                    found.insert(team.id);
                }
            }
            if found.len() == before {
                break;
            }
        }
        found
    }

    /// The people who were in one of these teams on a day of the range, by id.
    #[must_use]
    pub fn members_of(&self, teams: &FxHashSet<Id>, range: DateRange) -> Vec<Id> {
        let is_member = |person: &Id| {
            self.people.contains_key(person)
                && self.memberships_of(*person).iter().any(|m| teams.contains(&m.team) && m.meets(range))
        };
        let ever = teams.iter().filter_map(|team| self.members.get(team)).flatten();
        let mut members: Vec<Id> = ever.copied().filter(is_member).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The version of a metric in force on a day: the newest that has begun and not ended.
    #[must_use]
    pub fn metric_on(&self, code: &str, day: NaiveDate) -> Option<&MetricVersion> {
        self.metrics
            .iter()
            .filter(|m| m.code == code && m.from <= day && m.to.is_none_or(|to| day <= to))
            .max_by_key(|m| (m.from, m.version))
    }
}
