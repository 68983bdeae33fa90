//! What the facts are read with: company, people, teams, memberships, targets, metrics, plans, exchange rates.

mod lookups;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::books::Books;
use crate::dates::{Calendar, DateRange};
use crate::goals::Target;
use crate::metrics::MetricVersion;
use crate::money::Currency;
use crate::plans::PlanVersion;

/// The company.
#[derive(Debug, Clone)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// The currency of its targets, metrics and plans.
    pub currency: Currency,
    /// How it divides time.
    pub calendar: Calendar,
}

/// A person.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The id facts are credited to.
    pub id: u128,
    /// The id as imported; what files call them.
    pub external_id: Option<String>,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first day in the company.
    pub start: Option<NaiveDate>,
    /// The last day in the company.
    pub end: Option<NaiveDate>,
    /// Anything else, by name.
    pub attributes: BTreeMap<String, String>,
}

impl Person {
    /// What files call the person: the external id, else the e-mail, else the name.
    pub fn label(&self) -> &str {
        self.external_id
            .as_deref()
            .or(self.email.as_deref())
            .unwrap_or(&self.name)
    }
}

/// A team of the tree.
#[derive(Debug, Clone, Default)]
pub struct Team {
    /// Its id.
    pub id: u128,
    /// Its name.
    pub name: String,
    /// The team above; none: directly below the company.
    pub parent: Option<u128>,
    /// The path below the company, such as `East/Team 3`.
    pub path: String,
}

/// A dated membership.
#[derive(Debug, Clone, Default)]
pub struct Membership {
    /// The person.
    pub person: u128,
    /// The team; none: in no team.
    pub team: Option<u128>,
    /// The role: rep, manager ...
    pub role: String,
    /// The manager.
    pub manager: Option<u128>,
    /// The first day; none: always was.
    pub from: Option<NaiveDate>,
    /// The last day, included; none: still is.
    pub to: Option<NaiveDate>,
}

impl Membership {
    /// The days it holds.
    pub fn days(&self) -> DateRange {
        DateRange::new(
            self.from.unwrap_or(NaiveDate::MIN),
            self.to.unwrap_or(NaiveDate::MAX),
        )
    }
}

/// One unit of `from` is `rate` units of `to` from this date on, until a later row.
#[derive(Debug, Clone)]
pub struct ExchangeRate {
    /// The first day.
    pub date: NaiveDate,
    /// The currency that is converted.
    pub from: Currency,
    /// The currency it becomes.
    pub to: Currency,
    /// Units of `to` for one unit of `from`, at most 10 decimals.
    pub rate: Decimal,
}

/// The definitions as values; [`Definitions::new`] makes them fast to ask.
#[derive(Debug, Clone)]
pub struct DefinitionsData {
    /// The company.
    pub company: Company,
    /// Everybody, leavers too.
    pub people: Vec<Person>,
    /// All teams.
    pub teams: Vec<Team>,
    /// All memberships of all times.
    pub memberships: Vec<Membership>,
    /// All versions of all metrics.
    pub metrics: Vec<MetricVersion>,
    /// All targets.
    pub targets: Vec<Target>,
    /// All published versions of all plans.
    pub plans: Vec<PlanVersion>,
    /// All exchange rates.
    pub exchange_rates: Vec<ExchangeRate>,
}

impl DefinitionsData {
    /// A company with nothing in it.
    pub fn empty(name: &str, currency: Currency) -> Self {
        Self {
            company: Company {
                name: name.to_owned(),
                currency,
                calendar: Calendar::plain(),
            },
            people: Vec::new(),
            teams: Vec::new(),
            memberships: Vec::new(),
            metrics: Vec::new(),
            targets: Vec::new(),
            plans: Vec::new(),
            exchange_rates: Vec::new(),
        }
    }
}

/// The definitions with their look-ups. Immutable: change the [`DefinitionsData`] and build again.
#[derive(Debug)]
pub struct Definitions {
    data: DefinitionsData,
    person_by_id: FxHashMap<u128, usize>,
    person_by_external_id: FxHashMap<String, usize>,
    person_by_email: FxHashMap<String, usize>,
    team_by_id: FxHashMap<u128, usize>,
    team_by_path: FxHashMap<String, usize>,
    children: FxHashMap<u128, Vec<u128>>,
    /// Memberships of a person, latest start first.
    memberships_of: FxHashMap<u128, Vec<usize>>,
    targets_of: FxHashMap<(String, crate::goals::Subject), Vec<usize>>,
}

impl std::ops::Deref for Definitions {
    type Target = DefinitionsData;

    fn deref(&self) -> &DefinitionsData {
        &self.data
    }
}

/// What one request reads: the facts and the definitions of one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The facts.
    pub books: Books,
    /// The definitions.
    pub definitions: Arc<Definitions>,
}
