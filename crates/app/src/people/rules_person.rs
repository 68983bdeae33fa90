//! Making, changing and ending people.

use chrono::NaiveDate;
use qiao_store::entities::{membership, person};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use uuid::Uuid;

use super::queries;
use super::rules_membership::{beginning, label, wanted};
use super::rules_team::Tree;
use super::views::{MembershipView, OpenRecords, PersonDetail, PersonRef, TeamRef};
use crate::access::check_email;
use crate::context::{Context, Permission};
use crate::entry::{Place, Row};
use crate::error::AppError;
use crate::forms::{Checker, NAME};
use crate::http::idempotent;
use crate::state::AppState;

/// A person in the asker's scope.
///
/// # Errors
/// 404 where they are not there or not the asker's to see.
pub async fn get(state: &AppState, context: &Context, id: Uuid) -> Result<PersonDetail, AppError> {
    if !context.rows.covers(Some(id)) {
        return Err(AppError::NotFound);
    }
    detail(state.store().pool(), id, context.today()).await
}

/// What is still open of a person in the asker's scope.
///
/// # Errors
/// 404 where they are not there or not the asker's to see.
pub async fn open_records(state: &AppState, context: &Context, id: Uuid) -> Result<OpenRecords, AppError> {
    let db = state.store().pool();
    if !context.rows.covers(Some(id)) || queries::person(db, id).await?.is_none() {
        return Err(AppError::NotFound);
    }
    let [opportunities, leads, accounts, contacts] = queries::open_records(db, id).await?;
    let can_sign_in = queries::can_sign_in(db, id).await?;
    Ok(OpenRecords { opportunities, leads, accounts, contacts, can_sign_in })
}

/// A person with every team they were in, as the database has it now.
pub(super) async fn detail(db: &impl ConnectionTrait, id: Uuid, today: NaiveDate) -> Result<PersonDetail, AppError> {
    let row = queries::person(db, id).await?.ok_or(AppError::NotFound)?;
    let tree = Tree::read(db).await?;
    let rows = queries::memberships_of(db, id).await?;
    let managers = queries::named(db, rows.iter().filter_map(|row| row.manager_id).collect()).await?;
    let manager = |id: Option<Uuid>| {
        let found = managers.iter().find(|manager| Some(manager.id) == id)?;
        Some(PersonRef { id: found.id, name: found.name.clone(), external_id: found.external_id.clone() })
    };
    let membership = |row: membership::Model| MembershipView {
        id: row.id,
        team: TeamRef { id: row.team_id, name: tree.name(row.team_id), path: tree.path(row.team_id) },
        manager: manager(row.manager_id),
        role: row.role,
        from: row.from_date.to_string(),
        to: row.to_date.map(|day| day.to_string()),
    };
    let day = |date: Option<NaiveDate>| date.map(|date| date.to_string());
    Ok(PersonDetail {
        id,
        external_id: row.external_id,
        name: row.name,
        email: row.email,
        phone: row.phone,
        kind: row.kind,
        start_date: day(row.start_date),
        end_date: day(row.end_date),
        active: row.end_date.is_none_or(|end| today <= end),
        version: row.version,
        memberships: rows.into_iter().rev().map(membership).collect(),
    })
}

/// Makes a person, in a team where the form names one, or changes one.
///
/// # Errors
/// 403 without the permission, 404, 412, 422 with every wrong field.
pub async fn save(state: &AppState, context: &Context, row: Row) -> Result<PersonDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let input = (context.clone(), row);
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (context, row)| Box::pin(save_in(tx, context, row))).await?)
}

/// The person that a form is about, in the version that was read.
pub(super) async fn read(tx: &Tx, id: Uuid, version: i64) -> Result<person::Model, AppError> {
    let found = queries::person(tx.conn(), id).await?.ok_or(AppError::NotFound)?;
    if found.version == version { Ok(found) } else { Err(AppError::Stale) }
}

async fn save_in(tx: &mut Tx, context: &Context, row: &Row) -> Result<PersonDetail, AppError> {
    let mut row = row.clone();
    let before = match row.place {
        Place::At { id, version } => Some(read(tx, id, version).await?),
        Place::New | Place::Key => None,
    };
    let after = filled(tx, &mut row, before.clone().unwrap_or_else(|| blank(tx.now_ms()))).await?;
    let team = match before {
        None if row.names("team") => {
            let from = after.start_date.unwrap_or_else(|| context.today());
            Some(wanted(tx, &mut row, from, "rep".to_owned(), None).await?)
        }
        _ => None,
    };
    if !row.errors.is_empty() {
        return Err(AppError::Invalid(row.errors));
    }
    let (_, saved) = tx.save(before.as_ref(), after).await?;
    if let Some(wanted) = team {
        queries::insert_membership(tx.conn(), wanted.row(&saved)).await?;
    }
    tx.definition_changed(DefinitionKind::People);
    let body = detail(tx.conn(), saved.id, context.today()).await?;
    Ok(if before.is_none() { idempotent(tx, 201, body) } else { body })
}

fn blank(now_ms: i64) -> person::Model {
    person::Model {
        id: Uuid::now_v7(),
        external_id: None,
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
    }
}

/// The person after a form.
async fn filled(tx: &Tx, row: &mut Row, mut person: person::Model) -> Result<person::Model, AppError> {
    person.name = row.required_or("name", NAME, person.name);
    person.external_id = row.text_or("external_id", NAME, person.external_id);
    person.email = row.text_or("email", NAME, person.email).map(|email| email.to_lowercase());
    person.phone = row.text_or("phone", 50, person.phone);
    person.start_date = row.date_or("start_date", person.start_date);
    if let Some(kind) = row.choice("kind", &["employee", "partner"]) {
        person.kind = kind;
    }
    if let (Some(start), Some(end)) = (person.start_date, person.end_date)
        && end < start
    {
        row.wrong("start_date", "after_day", &[&end.to_string()]);
    }
    if let Some(email) = &person.email {
        let mut check = Checker::default();
        check_email(&mut check, "/email", email);
        if !check.is_clean() {
            row.wrong("email", "not_email", &[email]);
        } else if queries::is_taken(tx.conn(), person::Column::Email, email, person.id).await? {
            row.wrong("email", "already_used", &[email]);
        }
    }
    if let Some(key) = &person.external_id
        && queries::is_taken(tx.conn(), person::Column::ExternalId, key, person.id).await?
    {
        row.wrong("external_id", "already_used", &[key]);
    }
    Ok(person)
}

/// Ends a person's time here with their last day, or takes that back where none is given.
///
/// # Errors
/// 403 without the permission, 404, 412, 422 where the day does not fit the teams the person is in.
pub async fn set_last_day(
    state: &AppState,
    context: &Context,
    (id, version): (Uuid, i64),
    last_day: Option<&str>,
) -> Result<PersonDetail, AppError> {
    context.require(Permission::ManagePeople)?;
    let mut check = Checker::default();
    let last_day = last_day.and_then(|day| check.date("/last_day", day));
    check.done()?;
    let input = (id, version, last_day, context.today());
    Ok(state.store().write(&context.write(), input, |tx, input| Box::pin(set_last_day_in(tx, *input))).await?)
}

async fn set_last_day_in(
    tx: &mut Tx,
    (id, version, last_day, today): (Uuid, i64, Option<NaiveDate>, NaiveDate),
) -> Result<PersonDetail, AppError> {
    let person = read(tx, id, version).await?;
    let rows = queries::memberships_of(tx.conn(), id).await?;
    if let Some(day) = last_day {
        let first = person.start_date.unwrap_or_else(beginning);
        if day < first {
            return Err(AppError::field("/last_day", "before", &[&first.to_string()]));
        }
        if let Some(later) = rows.iter().find(|row| row.from_date > day) {
            return Err(AppError::field("/last_day", "overlapping", &[&label(later)]));
        }
    }
    // What ended with the last day before ends with the new one; what ended earlier was a move.
    let open = rows.into_iter().rfind(|row| {
        row.to_date.is_none()
            || row.to_date == person.end_date
            || row.to_date.zip(last_day).is_some_and(|(to, day)| to > day)
    });
    if let Some(row) = open {
        queries::save_membership(tx.conn(), membership::Model { to_date: last_day, ..row }).await?;
    }
    let after = person::Model { end_date: last_day, ..person.clone() };
    if after != person {
        let json = |row: &person::Model| serde_json::json!({"name": row.name, "end_date": row.end_date}).to_string();
        tx.audit(AuditEntry {
            action: if last_day.is_some() { "deactivated" } else { "reactivated" },
            record_type: "person",
            record_id: Some(id),
            before: Some(json(&person)),
            after: Some(json(&after)),
        });
        queries::end(tx.conn(), id, last_day).await?;
        queries::revise(tx.conn(), id, tx.now_ms()).await?;
        tx.definition_changed(DefinitionKind::People);
    }
    detail(tx.conn(), id, today).await
}
