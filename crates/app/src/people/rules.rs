//! Rules of people and teams: who leads whom, and how a file of people goes in.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use qiao_engine::dates::DateRange;
use qiao_engine::definitions::Definitions;
use qiao_store::entities::{membership, person, team};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{DefinitionKind, StoreError, Tx};
use uuid::Uuid;

use super::queries;
use crate::context::Context;
use crate::entry::{Chunk, Row, RowOutcome, Verdict};
use crate::error::AppError;
use crate::forms::NAME;
use crate::imports::Applied;

/// Columns of a file of people.
pub const COLUMNS: &[&str] = &["person", "name", "email", "phone", "team", "role", "manager", "start", "end"];

/// Roles in a team whose holders see the team and all below it.
pub(super) const LEADING: [&str; 2] = ["manager", "director"];

/// The people a person may see as a leader on a day: those who are on that day in the teams led, or below, and oneself.
#[must_use]
pub fn led_by(definitions: &Definitions, person: Uuid, today: NaiveDate) -> Vec<Uuid> {
    let id = person.as_u128();
    let mut teams = rustc_hash::FxHashSet::default();
    for membership in definitions.memberships_of(id) {
        if membership.holds_on(today) && LEADING.contains(&membership.role.as_str()) {
            teams.extend(definitions.subtree(membership.team));
        }
    }
    let mut people: Vec<Uuid> = definitions
        .members_of(&teams, DateRange { start: today, end: today })
        .into_iter()
        .map(Uuid::from_u128)
        .collect();
    people.push(person);
    people
}

/// Who leads a person on a day: the manager named on the membership, else the leaders of the person's team, else, for a
/// leader of it, those of the team above.
#[must_use]
pub fn leaders_of(definitions: &Definitions, person: Uuid, day: NaiveDate) -> Vec<Uuid> {
    let Some(membership) = definitions.membership_on(person.as_u128(), day) else { return Vec::new() };
    if let Some(manager) = membership.manager.filter(|manager| *manager != person.as_u128()) {
        return vec![Uuid::from_u128(manager)];
    }
    let leads = LEADING.contains(&membership.role.as_str());
    let above = definitions.teams.get(&membership.team).and_then(|team| team.parent);
    let Some(team) = (if leads { above } else { Some(membership.team) }) else { return Vec::new() };
    let range = DateRange { start: day, end: day };
    let leading = |id: &u128| {
        let role = definitions.membership_on(*id, day).filter(|m| m.team == team).map(|m| m.role.as_str());
        role.is_some_and(|role| LEADING.contains(&role)) && *id != person.as_u128()
    };
    let only = std::iter::once(team).collect();
    definitions.members_of(&only, range).into_iter().filter(leading).map(Uuid::from_u128).collect()
}

/// The people of a team and the teams below it today; none where the asker does not see the team.
#[must_use]
pub fn members_today(definitions: &Definitions, context: &Context, team: Uuid) -> Option<Vec<Uuid>> {
    let id = team.as_u128();
    let today = context.today();
    let seen = definitions.teams.contains_key(&id) && super::sees_team(definitions, context, id);
    let range = DateRange { start: today, end: today };
    seen.then(|| definitions.members_of(&definitions.subtree(id), range).into_iter().map(Uuid::from_u128).collect())
}

/// True where there is a person of this id.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn exists(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, AppError> {
    Ok(queries::count(db, id).await? > 0)
}

/// What is known while a chunk of people goes in.
struct Known {
    people: Vec<person::Model>,
    teams: Vec<team::Model>,
    memberships: Vec<membership::Model>,
    beside: BTreeMap<&'static str, usize>,
    today: NaiveDate,
}

/// Imports rows of people. Teams that a path names and managers who are not there are made beside.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn import(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let mut known = Known {
        people: queries::people(tx.conn()).await?,
        teams: queries::teams(tx.conn()).await?,
        memberships: queries::memberships(tx.conn()).await?,
        beside: BTreeMap::new(),
        today: chunk.context.today(),
    };
    let mut rows = Vec::with_capacity(chunk.rows.len());
    for row in &chunk.rows {
        rows.push(known.row(tx, row.clone()).await?);
    }
    if rows.iter().any(|row| matches!(row.verdict, Verdict::Created | Verdict::Updated)) {
        tx.definition_changed(DefinitionKind::People);
    }
    Ok(Applied { rows, beside: known.beside })
}

impl Known {
    async fn row(&mut self, tx: &mut Tx, mut row: Row) -> Result<RowOutcome, AppError> {
        let key = row.required("person", NAME);
        let name = row.text("name", NAME).unwrap_or_else(|| key.clone());
        let email = row.text("email", NAME).map(|email| email.to_lowercase());
        let phone = row.text("phone", 50);
        let (start, end) = (row.date("start"), row.date("end"));
        let path = row.text("team", 1_000);
        let role = row.text("role", 50).unwrap_or_else(|| "rep".to_owned());
        let manager = row.text("manager", NAME);
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            row.wrong("end", "before", &[&start.to_string()]);
        }
        let existing = self.people.iter().find(|p| p.external_id.as_deref() == Some(key.as_str())).cloned();
        let id = existing.as_ref().map(|p| p.id);
        if let Some(email) = &email
            && self.people.iter().any(|p| p.email.as_ref() == Some(email) && Some(p.id) != id)
        {
            row.wrong("email", "already_used", &[email]);
        }
        if !row.errors.is_empty() {
            return Ok(row.outcome(Verdict::Rejected));
        }
        let now_ms = tx.now_ms();
        let blank = || person::Model {
            id: Uuid::now_v7(),
            external_id: Some(key.clone()),
            name: String::new(),
            email: None,
            phone: None,
            kind: "employee".to_owned(),
            start_date: None,
            end_date: None,
            attributes: "{}".to_owned(),
            version: 0,
            created_at: now_ms,
            updated_at: now_ms,
            archived_at: None,
        };
        let mut person = existing.clone().unwrap_or_else(blank);
        person.name = name;
        person.email = email.or(person.email);
        person.phone = phone.or(person.phone);
        person.start_date = start.or(person.start_date);
        person.end_date = end.or(person.end_date);
        let mut verdict = self.save(tx, existing, person.clone()).await?;
        if let Some(path) = path {
            let team = self.team(tx, &path).await?;
            let manager = match manager {
                Some(manager) => Some(self.manager(tx, &manager, team).await?),
                None => None,
            };
            let moved = self.member(tx, &person, team, &role, manager.filter(|m| *m != person.id)).await?;
            if moved && verdict == Verdict::Unchanged {
                verdict = Verdict::Updated;
            }
        }
        Ok(row.outcome(verdict))
    }

    async fn save(
        &mut self,
        tx: &mut Tx,
        before: Option<person::Model>,
        person: person::Model,
    ) -> Result<Verdict, StoreError> {
        let (saved, person) = tx.save(before.as_ref(), person).await?;
        self.people.retain(|known| known.id != person.id);
        self.people.push(person);
        Ok(saved.into())
    }

    /// The team of a path; what is missing on the way is made.
    async fn team(&mut self, tx: &mut Tx, path: &str) -> Result<Uuid, StoreError> {
        let mut parent = None;
        for name in path.split('/').map(str::trim).filter(|name| !name.is_empty()) {
            let found =
                self.teams.iter().find(|team| team.parent_id == parent && team.name == name).map(|team| team.id);
            let id = match found {
                Some(id) => id,
                None => self.make_team(tx, parent, name).await?,
            };
            parent = Some(id);
        }
        parent.ok_or_else(|| StoreError::Damaged(format!("the path '{path}' names no team")))
    }

    async fn make_team(&mut self, tx: &mut Tx, parent: Option<Uuid>, name: &str) -> Result<Uuid, StoreError> {
        let row = team::Model {
            id: Uuid::now_v7(),
            external_id: None,
            name: name.to_owned(),
            parent_id: parent,
            region: None,
            version: 0,
            created_at: tx.now_ms(),
            updated_at: tx.now_ms(),
            archived_at: None,
        };
        let (_, row) = tx.save(None, row).await?;
        *self.beside.entry("teams").or_default() += 1;
        let id = row.id;
        self.teams.push(row);
        Ok(id)
    }

    /// The manager of a team by external id; made, and put into the team as its manager, where there is none.
    async fn manager(&mut self, tx: &mut Tx, key: &str, team: Uuid) -> Result<Uuid, StoreError> {
        let found = self.people.iter().find(|p| p.external_id.as_deref() == Some(key)).cloned();
        let person = match found {
            Some(person) => person,
            None => {
                let now_ms = tx.now_ms();
                let person = person::Model {
                    id: Uuid::now_v7(),
                    external_id: Some(key.to_owned()),
                    name: key.to_owned(),
                    email: None,
                    phone: None,
                    kind: "employee".to_owned(),
                    start_date: None,
                    end_date: None,
                    attributes: "{}".to_owned(),
                    version: 0,
                    created_at: now_ms,
                    updated_at: now_ms,
                    archived_at: None,
                };
                self.save(tx, None, person.clone()).await?;
                *self.beside.entry("managers").or_default() += 1;
                person
            }
        };
        if !self.memberships.iter().any(|m| m.person_id == person.id) {
            self.member(tx, &person, team, "manager", None).await?;
        }
        Ok(person.id)
    }

    /// Puts a person into a team: from the first day, or the beginning of time where it is unknown, for a first
    /// membership; from today, ending the one before, for a later one. True where something changed.
    async fn member(
        &mut self,
        tx: &mut Tx,
        person: &person::Model,
        team: Uuid,
        role: &str,
        manager: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let beginning = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
        let last = self.memberships.iter_mut().filter(|m| m.person_id == person.id).max_by_key(|m| m.from_date);
        let mut from_date = person.start_date.unwrap_or(beginning);
        if let Some(last) = last {
            if last.team_id == team
                && last.role == role
                && last.manager_id == manager
                && last.to_date == person.end_date
            {
                return Ok(false);
            }
            let same_place = last.team_id == team && last.role == role;
            if same_place || last.from_date >= self.today {
                last.team_id = team;
                role.clone_into(&mut last.role);
                last.manager_id = manager;
                last.to_date = person.end_date;
                queries::save_membership(tx.conn(), last.clone()).await?;
                return Ok(true);
            }
            from_date = self.today;
            last.to_date = self.today.checked_sub_days(Days::new(1));
            queries::save_membership(tx.conn(), last.clone()).await?;
        }
        let row = membership::Model {
            id: Uuid::now_v7(),
            person_id: person.id,
            team_id: team,
            role: role.to_owned(),
            manager_id: manager,
            from_date,
            to_date: person.end_date,
        };
        queries::insert_membership(tx.conn(), row.clone()).await?;
        self.memberships.push(row);
        Ok(true)
    }
}
