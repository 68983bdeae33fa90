//! A computation: one plan with its versions on one snapshot. What was computed once is kept for the next question.

use std::cell::RefCell;
use std::rc::Rc;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::figures::Group;
use super::line::{Line, NotCounted};
use super::payee::Payee;
use crate::Snapshot;
use crate::books::{FactView, Id, Sym};
use crate::dates::{DateRange, Period, PeriodKind};
use crate::definitions::{Definitions, Membership};
use crate::exact::Exact;
use crate::facts::MONEY_BACK;
use crate::formula::{Over, Value};
use crate::money::Currency;
use crate::plans::{Component, Plan, PlanVersion};

/// What a component gave a person in a period: lines, and facts that could not be counted.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) lines: Vec<Line>,
    pub(super) not_counted: Vec<NotCounted>,
    /// What a period's pay is made of, to be shared out to.
    pub(super) attributed: Vec<Attributed>,
}

/// A credit behind a period's pay.
#[derive(Clone, Debug)]
pub(super) struct Attributed {
    pub(super) sequence: u32,
    pub(super) person: Id,
    pub(super) role: String,
    pub(super) date: NaiveDate,
    pub(super) value: Exact,
}

/// A place in a plan: which version, which of its components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) version: usize,
    pub(super) component: usize,
}

/// What a pool, ranking or budget gives each person.
pub(super) type Shares = FxHashMap<Id, Vec<Line>>;

/// One plan on one snapshot.
pub struct Payroll<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) versions: Vec<&'a PlanVersion>,
    pub(super) currency: Currency,
    /// True where the lines say why.
    pub(super) explain: bool,
    payees: RefCell<FxHashMap<(Id, Period), Rc<Payee<'a>>>>,
    pub(super) given: RefCell<FxHashMap<(Id, Period, Place), Rc<Given>>>,
    pub(super) shared: RefCell<FxHashMap<(Period, Place, Group), Rc<Shares>>>,
    pub(super) measured: RefCell<FxHashMap<(Id, Period, usize, usize), Value>>,
    managers: RefCell<FxHashMap<(Id, NaiveDate), Option<Id>>>,
    money_back: [Option<Sym>; 2],
}

impl<'a> Payroll<'a> {
    /// The plan with these versions, in the order of their numbers.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, versions: &[&'a PlanVersion], explain: bool) -> Self {
        let mut versions = versions.to_vec();
        versions.sort_by_key(|version| version.version);
        Self {
            snapshot,
            versions,
            currency: snapshot.definitions.company.currency,
            explain,
            payees: RefCell::default(),
            given: RefCell::default(),
            shared: RefCell::default(),
            measured: RefCell::default(),
            managers: RefCell::default(),
            money_back: MONEY_BACK.map(|kind| snapshot.books.dictionary().symbol(kind)),
        }
    }

    pub(super) fn definitions(&self) -> &'a Definitions {
        &self.snapshot.definitions
    }

    pub(super) fn digits(&self) -> u32 {
        self.currency.digits()
    }

    /// True for a fact that takes back what another gave: a reversal, or a refund or write-off of it.
    pub(super) fn takes_back(&self, fact: &FactView<'_>) -> bool {
        fact.is_reversal() || fact.refers_to().is_some() && self.money_back.contains(&Some(fact.kind()))
    }

    /// The days of a period.
    pub(super) fn range(&self, period: Period) -> DateRange {
        self.definitions().company.calendar.range(period)
    }

    /// How long one reckoning is.
    pub(super) fn period_kind(&self) -> PeriodKind {
        self.versions.first().map_or(PeriodKind::Month, |version| version.plan.period)
    }

    pub(super) fn plan(&self, version: usize) -> Option<&'a Plan> {
        self.versions.get(version).map(|version| &version.plan)
    }

    pub(super) fn component(&self, place: Place) -> Option<&'a Component> {
        self.plan(place.version)?.components.get(place.component)
    }

    pub(super) fn plan_id(&self, version: usize) -> String {
        self.plan(version).map_or_else(String::new, |plan| plan.id.clone())
    }

    /// Every component of every version.
    pub(super) fn places(&self) -> Vec<Place> {
        let of = |(version, plan): (usize, &&PlanVersion)| {
            (0..plan.plan.components.len()).map(move |component| Place { version, component })
        };
        self.versions.iter().enumerate().flat_map(of).collect()
    }

    /// The place of a component by its id, within a version.
    pub(super) fn place_of(&self, version: usize, id: &str) -> Option<Place> {
        let component = self.plan(version)?.components.iter().position(|component| component.id == id)?;
        Some(Place { version, component })
    }

    /// The version in force on a day.
    pub(super) fn version_on(&self, day: NaiveDate) -> Option<usize> {
        self.versions.iter().rposition(|version| version.holds_on(day))
    }

    /// A person in a period.
    pub(super) fn payee(&self, person: Id, period: Period) -> Option<Rc<Payee<'a>>> {
        if let Some(known) = self.payees.borrow().get(&(person, period)) {
            return Some(Rc::clone(known));
        }
        let payee = Rc::new(Payee::new(self, person, period)?);
        self.payees.borrow_mut().insert((person, period), Rc::clone(&payee));
        Some(payee)
    }

    /// The days of a span that ends with a plan's period, and the period that it is (for targets); the plan periods
    /// before for [`Over::Last`].
    pub(super) fn span(&self, over: Over, period: Period) -> DateRange {
        let own = self.range(period);
        let calendar = &self.definitions().company.calendar;
        let from = |kind| calendar.range(calendar.period_of(own.end, kind)).start;
        match over {
            Over::Period | Over::Fact => own,
            Over::Month => DateRange { start: from(PeriodKind::Month), end: own.end },
            Over::Quarter => DateRange { start: from(PeriodKind::Quarter), end: own.end },
            Over::Year => DateRange { start: from(PeriodKind::Year), end: own.end },
            Over::Last(periods) => {
                let last = period.previous();
                let first = (1..periods).fold(last, |period, _| period.previous());
                DateRange { start: self.range(first).start, end: self.range(last).end }
            }
        }
    }

    /// The periods whose targets a span has.
    pub(super) fn target_periods(&self, over: Over, period: Period) -> Vec<Period> {
        let calendar = &self.definitions().company.calendar;
        let holding = |kind| vec![calendar.period_of(self.range(period).end, kind)];
        match over {
            Over::Period | Over::Fact => vec![period],
            Over::Month => holding(PeriodKind::Month),
            Over::Quarter => holding(PeriodKind::Quarter),
            Over::Year => holding(PeriodKind::Year),
            Over::Last(periods) => {
                let mut found = Vec::new();
                let mut before = period;
                for _ in 0..periods {
                    before = before.previous();
                    found.push(before);
                }
                found
            }
        }
    }

    /// The membership of a person on a day.
    pub(super) fn membership_on(&self, person: Id, day: NaiveDate) -> Option<&'a Membership> {
        self.definitions().membership_on(person, day)
    }

    /// True where `person` reports directly to `manager` on a day.
    pub(super) fn reports_to(&self, person: Id, manager: Id, day: NaiveDate) -> bool {
        if person == manager {
            return false;
        }
        let Some(own) = self.membership_on(person, day) else { return false };
        if let Some(named) = own.manager {
            return named == manager;
        }
        let Some(above) = self.membership_on(manager, day).filter(|membership| membership.role == MANAGER) else {
            return false;
        };
        if own.role == MANAGER {
            let parent = self.definitions().teams.get(&own.team).and_then(|team| team.parent);
            return parent == Some(above.team);
        }
        own.team == above.team
    }

    /// The direct reports of a person on a day, by id.
    pub(super) fn reports_on(&self, manager: Id, day: NaiveDate) -> Vec<Id> {
        let mut found: Vec<Id> = self
            .report_candidates(manager, DateRange { start: day, end: day })
            .into_iter()
            .filter(|person| self.reports_to(*person, manager, day))
            .collect();
        found.sort_unstable();
        found
    }

    /// Everybody who may report to a person on a day of a range, each once.
    pub(super) fn report_candidates(&self, manager: Id, range: DateRange) -> Vec<Id> {
        let definitions = self.definitions();
        let mut found: Vec<Id> = definitions.ever_reports_of(manager).to_vec();
        for own in definitions.memberships_of(manager).iter().filter(|own| own.role == MANAGER && own.meets(range)) {
            found.extend_from_slice(definitions.ever_members_of(own.team));
            for below in definitions.teams.values().filter(|team| team.parent == Some(own.team)) {
                found.extend_from_slice(definitions.ever_members_of(below.id));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The manager of a person on a day: named by the membership, else who manages the team (for a manager: the nearest
    /// team above that has one), of several the one whose key comes first.
    pub(super) fn manager_on(&self, person: Id, day: NaiveDate) -> Option<Id> {
        if let Some(known) = self.managers.borrow().get(&(person, day)) {
            return *known;
        }
        let found = self.find_manager(person, day);
        self.managers.borrow_mut().insert((person, day), found);
        found
    }

    fn find_manager(&self, person: Id, day: NaiveDate) -> Option<Id> {
        let definitions = self.definitions();
        let own = self.membership_on(person, day)?;
        if own.manager.is_some() {
            return own.manager;
        }
        let mut team = Some(own.team);
        if own.role == MANAGER {
            team = definitions.teams.get(&own.team).and_then(|team| team.parent);
        }
        let mut seen = FxHashSet::default();
        while let Some(at) = team.filter(|team| seen.insert(*team)) {
            let manages = |id: &&Id| {
                **id != person && self.membership_on(**id, day).is_some_and(|m| m.team == at && m.role == MANAGER)
            };
            let key = |id: &&Id| definitions.people.get(*id).map(|person| person.key().to_owned());
            if let Some(found) = definitions.ever_members_of(at).iter().filter(manages).min_by_key(key) {
                return Some(*found);
            }
            team = definitions.teams.get(&at).and_then(|team| team.parent);
        }
        None
    }
}

/// The role of those who lead a team.
pub(super) const MANAGER: &str = "manager";
