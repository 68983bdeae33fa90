//! Who is in which team from when to when. A move ends one membership and begins the next; what was credited before stays
//! with the team of its day, because facts find their team by date.

use chrono::{Days, NaiveDate};
use qiao_store::entities::{membership, person};
use qiao_store::{AuditEntry, DefinitionKind, StoreError, Tx};
use uuid::Uuid;

use super::queries;
use super::rules_person::{detail, read};
use super::rules_team::Tree;
use super::views::PersonDetail;
use crate::context::{Context, Permission};
use crate::entry::Row;
use crate::error::AppError;
use crate::http::idempotent;
use crate::state::AppState;

/// The first day of those of whom no first day is known.
pub(super) fn beginning() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default()
}

/// The day before a day.
pub(super) fn eve(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

/// A membership's days as a message names them.
pub(super) fn label(row: &membership::Model) -> String {
    match row.to_date {
        Some(to) => format!("{} – {to}", row.from_date),
        None => format!("{} –", row.from_date),
    }
}

/// A place in a team from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub team: Uuid,
    pub role: String,
    pub manager: Option<Uuid>,
    pub from: NaiveDate,
}

impl Wanted {
    /// The membership that begins with it.
    pub fn row(&self, person: &person::Model) -> membership::Model {
        membership::Model {
            id: Uuid::now_v7(),
            person_id: person.id,
            team_id: self.team,
            role: self.role.clone(),
            manager_id: self.manager,
            from_date: self.from,
            to_date: person.end_date,
        }
    }
}

/// What a form wants of a place in a team; what it does not say is as handed in.
pub(super) async fn wanted(
    tx: &Tx,
    row: &mut Row,
    from: NaiveDate,
    role: String,
    old: Option<Uuid>,
) -> Result<Wanted, StoreError> {
    let tree = Tree::read(tx.conn()).await?;
    let team = match row.get("team").map(str::to_owned) {
        None => old,
        Some(word) => {
            let team = Uuid::try_parse(&word).ok().filter(|id| tree.is_there(*id));
            if team.is_none() {
                row.wrong("team", "unknown_reference", &[&word]);
            }
            team
        }
    };
    if team.is_none() && row.errors.is_empty() {
        row.wrong("team", "required", &[]);
    }
    let manager = match row.get("manager").map(str::to_owned) {
        None => None,
        Some(word) => {
            let id = Uuid::try_parse(&word).ok();
            let known = match id {
                Some(id) => queries::person(tx.conn(), id).await?.is_some(),
                None => false,
            };
            if !known {
                row.wrong("manager", "unknown_reference", &[&word]);
            }
            id
        }
    };
    let role = row.text("role", 50).unwrap_or(role);
    Ok(Wanted { team: team.unwrap_or_default(), role, manager, from })
}

/// Moves a person into a team from a day on: the membership of that day ends the day before.
///
/// # Errors
/// 403 without the permission, 404, 422 where a later membership is there already or nothing would change.
pub async fn add(state: &AppState, context: &Context, person: Uuid, row: Row) -> Result<PersonDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (person, row, context.today());
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (id, row, today)| Box::pin(add_in(tx, *id, row, *today))).await?)
}

async fn add_in(tx: &mut Tx, id: Uuid, row: &Row, today: NaiveDate) -> Result<PersonDetail, AppError> {
    let person = queries::person(tx.conn(), id).await?.ok_or(AppError::NotFound)?;
    let mut row = row.clone();
    let rows = queries::memberships_of(tx.conn(), id).await?;
    let from = row.date("from");
    if from.is_none() && row.errors.is_empty() {
        row.wrong("from", "required", &[]);
    }
    let from = from.unwrap_or(today);
    let present = rows.iter().find(|m| holds(m, from));
    let role = present.or(rows.last()).map_or_else(|| "rep".to_owned(), |m| m.role.clone());
    let place = wanted(tx, &mut row, from, role, None).await?;
    if let Some(later) = rows.iter().find(|m| m.from_date >= from) {
        row.wrong("from", "overlapping", &[&label(later)]);
    }
    if person.start_date.is_some_and(|start| from < start) {
        row.wrong("from", "before", &[&person.start_date.unwrap_or_default().to_string()]);
    }
    if let Some(end) = person.end_date.filter(|end| from > *end) {
        row.wrong("from", "after_day", &[&end.to_string()]);
    }
    if present.is_some_and(|m| m.team_id == place.team && m.role == place.role && m.manager_id == place.manager) {
        row.wrong("team", "already_in_team", &[]);
    }
    if !row.errors.is_empty() {
        return Err(AppError::Invalid(row.errors));
    }
    let present = present.cloned();
    change_place(tx, &person, present.as_ref(), &place).await?;
    finish(tx, id).await?;
    let body = detail(tx.conn(), id, today).await?;
    Ok(idempotent(tx, 201, body))
}

/// Ends the membership of a day the day before, and begins the next.
pub(super) async fn change_place(
    tx: &mut Tx,
    person: &person::Model,
    present: Option<&membership::Model>,
    place: &Wanted,
) -> Result<(), AppError> {
    if let Some(present) = present {
        let closed = membership::Model { to_date: Some(eve(place.from)), ..present.clone() };
        queries::save_membership(tx.conn(), closed).await?;
    }
    let next = place.row(person);
    queries::insert_membership(tx.conn(), next.clone()).await?;
    audit(tx, "moved", person, present, Some(&next)).await
}

/// True on a day of a membership.
pub(super) fn holds(row: &membership::Model, day: NaiveDate) -> bool {
    row.from_date <= day && row.to_date.is_none_or(|to| day <= to)
}

/// Notes a change of a membership at its person, by the names of the teams.
pub(super) async fn audit(
    tx: &mut Tx,
    action: &'static str,
    person: &person::Model,
    before: Option<&membership::Model>,
    after: Option<&membership::Model>,
) -> Result<(), AppError> {
    let tree = Tree::read(tx.conn()).await?;
    let json = |row: &membership::Model| {
        serde_json::json!({
            "name": person.name, "team": tree.path(row.team_id), "role": row.role, "from_date": row.from_date,
            "to_date": row.to_date, "manager_id": row.manager_id,
        })
        .to_string()
    };
    tx.audit(AuditEntry {
        action,
        record_type: "person",
        record_id: Some(person.id),
        before: before.map(json),
        after: after.map(json),
    });
    Ok(())
}

/// The person has a new version, and whoever follows learns of it.
pub(super) async fn finish(tx: &mut Tx, person: Uuid) -> Result<(), AppError> {
    queries::revise(tx.conn(), person, tx.now_ms()).await?;
    tx.definition_changed(DefinitionKind::People);
    Ok(())
}

/// Which membership of whom, in which version of the person.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The person.
    pub person: Uuid,
    /// The version of the person that was read.
    pub version: i64,
    /// The membership.
    pub membership: Uuid,
}

/// Corrects a membership: its team, role, manager or first day. The one before it ends the day before.
///
/// # Errors
/// 403, 404, 412, 422 where it would overlap another.
pub async fn change(state: &AppState, context: &Context, at: At, row: Row) -> Result<PersonDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (at, row, context.today());
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (at, row, today)| Box::pin(change_in(tx, *at, row, *today))).await?)
}

/// The membership of a person and the one before it.
async fn found(tx: &Tx, at: At) -> Result<(person::Model, membership::Model, Option<membership::Model>), AppError> {
    let person = read(tx, at.person, at.version).await?;
    let rows = queries::memberships_of(tx.conn(), at.person).await?;
    let index = rows.iter().position(|row| row.id == at.membership).ok_or(AppError::NotFound)?;
    let before = index.checked_sub(1).and_then(|index| rows.get(index)).cloned();
    Ok((person, rows.get(index).cloned().ok_or(AppError::NotFound)?, before))
}

async fn change_in(tx: &mut Tx, at: At, row: &Row, today: NaiveDate) -> Result<PersonDetail, AppError> {
    let (person, old, before) = found(tx, at).await?;
    let mut row = row.clone();
    let from = row.date("from").unwrap_or(old.from_date);
    let place = wanted(tx, &mut row, from, old.role.clone(), Some(old.team_id)).await?;
    let adjoins = before.as_ref().is_some_and(|before| before.to_date == Some(eve(old.from_date)));
    if let Some(before) = &before {
        let low = if adjoins { before.from_date } else { before.to_date.unwrap_or(before.from_date) };
        if from <= low {
            row.wrong("from", "overlapping", &[&label(before)]);
        }
    }
    if let Some(to) = old.to_date.filter(|to| from > *to) {
        row.wrong("from", "after_day", &[&to.to_string()]);
    }
    if !row.errors.is_empty() {
        return Err(AppError::Invalid(row.errors));
    }
    let manager_id = if row.names("manager") { place.manager } else { old.manager_id };
    let after = membership::Model { team_id: place.team, role: place.role, manager_id, from_date: from, ..old.clone() };
    if after != old {
        if let Some(before) = before.filter(|_| adjoins) {
            queries::save_membership(tx.conn(), membership::Model { to_date: Some(eve(from)), ..before }).await?;
        }
        queries::save_membership(tx.conn(), after.clone()).await?;
        audit(tx, "membership_changed", &person, Some(&old), Some(&after)).await?;
        finish(tx, person.id).await?;
    }
    detail(tx.conn(), at.person, today).await
}

/// Takes a move back: the membership before it goes on. The first one is corrected instead.
///
/// # Errors
/// 403, 404, 409 for the first, 412.
pub async fn remove(state: &AppState, context: &Context, at: At) -> Result<PersonDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (at, context.today());
    Ok(state.store().write(&context.write(), input, |tx, (at, day)| Box::pin(remove_in(tx, *at, *day))).await?)
}

async fn remove_in(tx: &mut Tx, at: At, today: NaiveDate) -> Result<PersonDetail, AppError> {
    let (person, old, before) = found(tx, at).await?;
    let before = before.ok_or(AppError::Conflict("first_membership"))?;
    queries::delete_membership(tx.conn(), old.id).await?;
    if before.to_date == Some(eve(old.from_date)) {
        queries::save_membership(tx.conn(), membership::Model { to_date: old.to_date, ..before }).await?;
    }
    audit(tx, "membership_removed", &person, Some(&old), None).await?;
    finish(tx, person.id).await?;
    detail(tx.conn(), at.person, today).await
}
