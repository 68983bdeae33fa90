//! The team tree: making, moving, leading and putting away teams.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_store::entities::{membership, person, team};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{DefinitionKind, StoreError, Tx};
use uuid::Uuid;

use super::queries;
use super::rules::LEADING;
use super::rules_membership::{Wanted, audit, change_place, finish, holds, label};
use super::views::TeamDetail;
use crate::context::{Context, Permission};
use crate::entry::{Place, Row};
use crate::error::AppError;
use crate::forms::NAME;
use crate::http::idempotent;
use crate::state::AppState;

/// Levels of teams at most: a tree that was damaged into a circle ends there.
const DEEPEST: usize = 50;

/// Every team, as the database has it now.
pub(super) struct Tree {
    teams: BTreeMap<Uuid, team::Model>,
}

impl Tree {
    /// Reads the tree.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
        Ok(Self { teams: queries::all_teams(db).await?.into_iter().map(|team| (team.id, team)).collect() })
    }

    /// True for a team that was not put away.
    pub fn is_there(&self, id: Uuid) -> bool {
        self.teams.get(&id).is_some_and(|team| team.archived_at.is_none())
    }

    /// The name of a team.
    pub fn name(&self, id: Uuid) -> String {
        self.teams.get(&id).map(|team| team.name.clone()).unwrap_or_default()
    }

    /// The teams from one up to the company.
    fn up(&self, id: Uuid) -> Vec<&team::Model> {
        std::iter::successors(self.teams.get(&id), |team| self.teams.get(&team.parent_id?)).take(DEEPEST).collect()
    }

    /// `East/Team 3`.
    pub fn path(&self, id: Uuid) -> String {
        let names: Vec<&str> = self.up(id).into_iter().rev().map(|team| team.name.as_str()).collect();
        names.join("/")
    }

    /// True where a team is another or below it.
    fn is_within(&self, id: Uuid, other: Uuid) -> bool {
        self.up(id).iter().any(|team| team.id == other)
    }

    /// The teams directly below one that were not put away.
    fn children(&self, parent: Option<Uuid>) -> impl Iterator<Item = &team::Model> {
        self.teams.values().filter(move |team| team.parent_id == parent && team.archived_at.is_none())
    }
}

/// A team as it is edited.
///
/// # Errors
/// 404 where it is not there or its figures are not the asker's to see.
pub async fn get(state: &AppState, context: &Context, id: Uuid) -> Result<TeamDetail, AppError> {
    let definitions = state.definitions(context).await?;
    if !super::sees_team(&definitions, context, id.as_u128()) {
        return Err(AppError::NotFound);
    }
    detail(state.store().pool(), id, context.today()).await
}

async fn detail(db: &impl ConnectionTrait, id: Uuid, today: NaiveDate) -> Result<TeamDetail, AppError> {
    let tree = Tree::read(db).await?;
    let row = tree.teams.get(&id).ok_or(AppError::NotFound)?;
    let leader = queries::members_from(db, id, today).await?.into_iter().find(|row| leads(row, today));
    Ok(TeamDetail {
        id,
        name: row.name.clone(),
        code: row.external_id.clone(),
        path: tree.path(id),
        parent_id: row.parent_id,
        manager_id: leader.map(|row| row.person_id),
        archived: row.archived_at.is_some(),
        version: row.version,
    })
}

fn leads(row: &membership::Model, today: NaiveDate) -> bool {
    LEADING.contains(&row.role.as_str()) && holds(row, today)
}

/// Makes a team or changes one.
///
/// # Errors
/// 403 without the permission, 404, 409 where it was put away, 412, 422 with every wrong field: a team below itself, a name
/// that another one in the same place has.
pub async fn save(state: &AppState, context: &Context, row: Row) -> Result<TeamDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (row, context.today());
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (row, today)| Box::pin(save_in(tx, row, *today))).await?)
}

/// The team that a request is about, in the version that was read.
fn read(tree: &Tree, id: Uuid, version: i64) -> Result<team::Model, AppError> {
    let found = tree.teams.get(&id).ok_or(AppError::NotFound)?;
    if found.version == version { Ok(found.clone()) } else { Err(AppError::Stale) }
}

async fn save_in(tx: &mut Tx, row: &Row, today: NaiveDate) -> Result<TeamDetail, AppError> {
    let tree = Tree::read(tx.conn()).await?;
    let before = match row.place {
        Place::At { id, version } => Some(read(&tree, id, version)?),
        Place::New | Place::Key => None,
    };
    if before.as_ref().is_some_and(|team| team.archived_at.is_some()) {
        return Err(AppError::Conflict("archived"));
    }
    let now_ms = tx.now_ms();
    let blank = || team::Model {
        id: Uuid::now_v7(),
        external_id: None,
        name: String::new(),
        parent_id: None,
        region: None,
        version: 0,
        created_at: now_ms,
        updated_at: now_ms,
        archived_at: None,
    };
    let mut row = row.clone();
    let after = filled(&mut row, &tree, before.clone().unwrap_or_else(blank));
    let manager = match row.get("manager").map(str::to_owned) {
        None => None,
        Some(word) => {
            let person = match Uuid::try_parse(&word) {
                Ok(id) => queries::person(tx.conn(), id).await?,
                Err(_) => None,
            };
            if person.is_none() {
                row.wrong("manager", "unknown_reference", &[&word]);
            }
            person
        }
    };
    if !row.errors.is_empty() {
        return Err(AppError::Invalid(row.errors));
    }
    let (_, saved) = tx.save(before.as_ref(), after).await?;
    if row.names("manager") {
        lead(tx, saved.id, manager, today).await?;
    }
    tx.definition_changed(DefinitionKind::People);
    let body = detail(tx.conn(), saved.id, today).await?;
    Ok(if before.is_none() { idempotent(tx, 201, body) } else { body })
}

/// The team after a form.
fn filled(row: &mut Row, tree: &Tree, mut team: team::Model) -> team::Model {
    team.name = row.required_or("name", NAME, team.name);
    if team.name.contains('/') {
        row.wrong("name", "not_in_name", &["/"]);
    }
    team.external_id = row.text_or("code", NAME, team.external_id);
    let parent = row.get("parent").map(str::to_owned);
    let found = parent.as_ref().and_then(|word| Uuid::try_parse(word).ok()).filter(|id| tree.is_there(*id));
    if let (Some(word), None) = (&parent, found) {
        row.wrong("parent", "unknown_reference", &[word]);
    }
    team.parent_id = row.or("parent", found, team.parent_id);
    if team.parent_id.is_some_and(|parent| tree.is_within(parent, team.id)) {
        row.wrong("parent", "circle", &[]);
    }
    if tree.children(team.parent_id).any(|other| other.id != team.id && other.name == team.name) {
        row.wrong("name", "already_used", &[&team.name]);
    }
    let code = team.external_id.as_ref();
    if code.is_some() && tree.teams.values().any(|other| other.id != team.id && other.external_id.as_ref() == code) {
        row.wrong("code", "already_used", &[code.map_or("", String::as_str)]);
    }
    team
}

/// Lets a person lead a team from today on, as the one before did, who becomes a rep of the team; nobody where none is
/// given.
async fn lead(tx: &mut Tx, team: Uuid, new: Option<person::Model>, today: NaiveDate) -> Result<(), AppError> {
    let rows = queries::members_from(tx.conn(), team, today).await?;
    let old: Vec<membership::Model> = rows.into_iter().filter(|row| leads(row, today)).collect();
    let role = old.first().map_or_else(|| "manager".to_owned(), |row| row.role.clone());
    for row in old.iter().filter(|row| new.as_ref().is_none_or(|new| new.id != row.person_id)) {
        let person = queries::person(tx.conn(), row.person_id).await?.ok_or(AppError::NotFound)?;
        become_from(tx, &person, row, ("rep", team), today).await?;
    }
    let Some(person) = new.filter(|new| old.iter().all(|row| row.person_id != new.id)) else { return Ok(()) };
    if let Some(end) = person.end_date.filter(|end| *end < today) {
        return Err(AppError::field("/manager_id", "after_day", &[&end.to_string()]));
    }
    let rows = queries::memberships_of(tx.conn(), person.id).await?;
    if let Some(later) = rows.iter().find(|row| row.from_date > today) {
        return Err(AppError::field("/manager_id", "overlapping", &[&label(later)]));
    }
    if let Some(present) = rows.iter().find(|row| holds(row, today)) {
        return become_from(tx, &person, present, (&role, team), today).await;
    }
    let from = person.start_date.map_or(today, |start| start.max(today));
    change_place(tx, &person, None, &Wanted { team, role, manager: None, from }).await?;
    finish(tx, person.id).await
}

/// Gives a person another role or team from today on. Where the present membership begins today, it is that one.
async fn become_from(
    tx: &mut Tx,
    person: &person::Model,
    present: &membership::Model,
    (role, team): (&str, Uuid),
    today: NaiveDate,
) -> Result<(), AppError> {
    if present.from_date == today {
        let after = membership::Model { role: role.to_owned(), team_id: team, ..present.clone() };
        queries::save_membership(tx.conn(), after.clone()).await?;
        audit(tx, "moved", person, Some(present), Some(&after)).await?;
    } else {
        let place = Wanted { team, role: role.to_owned(), manager: None, from: today };
        change_place(tx, person, Some(present), &place).await?;
    }
    finish(tx, person.id).await
}

/// Puts a team away that nobody is in and nothing is below, or brings it back.
///
/// # Errors
/// 403, 404, 409 `team_not_empty` with what is in it, 412; 422 where another team has its name meanwhile.
pub async fn archive(
    state: &AppState,
    context: &Context,
    id: Uuid,
    version: Option<i64>,
) -> Result<TeamDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (id, version, context.today());
    Ok(state.store().write(&context.write(), input, |tx, input| Box::pin(archive_in(tx, *input))).await?)
}

async fn archive_in(tx: &mut Tx, input: (Uuid, Option<i64>, NaiveDate)) -> Result<TeamDetail, AppError> {
    let (id, version, today) = input;
    let tree = Tree::read(tx.conn()).await?;
    let team = match version {
        Some(version) => read(&tree, id, version)?,
        None => tree.teams.get(&id).cloned().ok_or(AppError::NotFound)?,
    };
    if version.is_some() {
        let members = queries::members_from(tx.conn(), id, today).await?.len();
        let below = tree.children(Some(id)).count();
        if members + below > 0 {
            let args = vec![members.to_string(), below.to_string()];
            return Err(AppError::ConflictOf { code: "team_not_empty", args });
        }
    } else {
        if team.parent_id.is_some_and(|parent| !tree.is_there(parent)) {
            return Err(AppError::field("/parent_id", "archived", &[]));
        }
        if tree.children(team.parent_id).any(|other| other.id != id && other.name == team.name) {
            return Err(AppError::field("/name", "already_used", &[&team.name]));
        }
    }
    let archived_at = version.map(|_| team.archived_at.unwrap_or(tx.now_ms()));
    tx.save(Some(&team), team::Model { archived_at, ..team.clone() }).await?;
    tx.definition_changed(DefinitionKind::People);
    detail(tx.conn(), id, today).await
}
