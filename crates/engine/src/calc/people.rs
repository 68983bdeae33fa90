//! people.csv: who there is, and who was where from when to when.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::table::{Row, Table};
use super::{CalcError, Rejected};
use crate::books::Id;
use crate::definitions::{Membership, Person, Team};
use crate::plans::Who;

const KNOWN: [&str; 7] = ["person", "name", "team", "manager", "role", "start", "end"];
/// The role of a member whose row names none, as in an import.
const DEFAULT_ROLE: &str = "rep";
/// Stands for "in no team": no team has this id.
const NO_TEAM: Id = 0;

/// The people of a calculation.
///
/// Without people.csv nothing says who is in which team and role: everybody whom a fact, a target or the plan names is
/// there and stands where the plan's `who` looks.
#[derive(Default)]
pub(super) struct People {
    given: bool,
    by_key: FxHashMap<String, usize>,
    pub(super) people: Vec<Person>,
    pub(super) teams: Vec<Team>,
    pub(super) memberships: Vec<Membership>,
    /// Where somebody stands of whom nothing is said.
    place: Option<(Id, String)>,
}

impl People {
    /// Everybody who will be named; the plan's own people are there already.
    pub(super) fn open(who: &Who) -> Self {
        let mut people = Self::default();
        let team = who.teams.first().map_or(NO_TEAM, |path| people.team(path));
        let role = who.roles.first().cloned().unwrap_or_else(|| DEFAULT_ROLE.to_owned());
        people.place = Some((team, role));
        for key in &who.people {
            people.named(key);
        }
        people
    }

    /// The people of people.csv.
    ///
    /// # Errors
    /// [`CalcError::MissingColumn`].
    pub(super) fn read(table: &Table, rejected: &mut Vec<Rejected>) -> Result<Self, CalcError> {
        table.require(&["person"])?;
        let mut people = Self { given: true, ..Self::default() };
        let mut managers = Vec::new();
        for row in table.rows() {
            match who_and_when(row) {
                Ok((key, start, end)) => {
                    people.member(table, row, key, start, end);
                    if let Some(manager) = row.get("manager") {
                        managers.push((people.memberships.len() - 1, manager));
                    }
                }
                Err(reason) => rejected.push(reason),
            }
        }
        // A manager who has no row of their own is made beside, as in an import, and stands in no team.
        for (at, manager) in managers {
            let id = people.person(manager).id;
            if let Some(membership) = people.memberships.get_mut(at) {
                membership.manager = Some(id);
            }
        }
        Ok(people)
    }

    /// The id of a person whom a row names; none where people.csv does not know the person.
    pub(super) fn named(&mut self, key: &str) -> Option<Id> {
        if self.given || self.by_key.contains_key(key) {
            return self.by_key.get(key).and_then(|at| self.people.get(*at)).map(|person| person.id);
        }
        let id = self.person(key).id;
        if let Some((team, role)) = self.place.clone() {
            self.memberships.push(Membership { person: id, team, role, manager: None, from: NaiveDate::MIN, to: None });
        }
        Some(id)
    }

    /// The id of the team of a path, if there is one.
    pub(super) fn team_of(&self, path: &str) -> Option<Id> {
        self.teams.iter().find(|team| team.path == path).map(|team| team.id)
    }

    /// The person of a key, made where there is none.
    fn person(&mut self, key: &str) -> &mut Person {
        let at = match self.by_key.get(key) {
            Some(at) => *at,
            None => {
                self.by_key.insert(key.to_owned(), self.people.len());
                self.people.push(Person {
                    id: self.people.len() as Id + 1,
                    external_id: Some(key.to_owned()),
                    name: key.to_owned(),
                    email: None,
                    start: None,
                    end: None,
                    attributes: Default::default(),
                });
                self.people.len() - 1
            }
        };
        // The index was pushed above or stands in the map; both name a person.
        &mut self.people[at]
    }

    /// A row: the person, of whom the first row that says something counts, and one more membership.
    fn member(&mut self, table: &Table, row: Row<'_>, key: &str, start: Option<NaiveDate>, end: Option<NaiveDate>) {
        let is_new = !self.by_key.contains_key(key);
        let person = self.person(key);
        let id = person.id;
        if is_new {
            (person.start, person.end) = (start, end);
        }
        // The person is there from the first membership to the last; an open one leaves it open.
        person.start = person.start.and_then(|known| Some(known.min(start?)));
        person.end = person.end.and_then(|known| Some(known.max(end?)));
        if let Some(name) = row.get("name").filter(|_| person.name == key) {
            name.clone_into(&mut person.name);
        }
        person.email = person.email.take().or_else(|| row.get("email").map(str::to_owned));
        for (at, column) in table.header.iter().enumerate() {
            let cell = row.cell(at);
            if !KNOWN.contains(&column.as_str()) && !cell.is_empty() {
                person.attributes.entry(column.clone()).or_insert_with(|| cell.to_owned());
            }
        }
        let team = row.get("team").map_or(NO_TEAM, |path| self.team(path));
        let role = row.get("role").unwrap_or(DEFAULT_ROLE).to_owned();
        let from = start.unwrap_or(NaiveDate::MIN);
        self.memberships.push(Membership { person: id, team, role, manager: None, from, to: end });
    }

    /// The team of a path; it and the teams above it are made as needed.
    fn team(&mut self, path: &str) -> Id {
        if let Some(id) = self.team_of(path) {
            return id;
        }
        let (above, name) = path.rsplit_once('/').map_or((None, path), |(above, name)| (Some(above), name));
        let parent = above.map(|above| self.team(above));
        let id = self.teams.len() as Id + 1;
        self.teams.push(Team { id, name: name.to_owned(), parent, path: path.to_owned(), archived: false });
        id
    }
}

fn who_and_when(row: Row<'_>) -> Result<(&str, Option<NaiveDate>, Option<NaiveDate>), Rejected> {
    let (key, start, end) = (row.required("person")?, row.date("start")?, row.date("end")?);
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        return Err(row.reject("end", "lies before start"));
    }
    Ok((key, start, end))
}
