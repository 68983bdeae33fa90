//! Activities: how they are written and read, and the fact that follows.

use chrono::{DateTime, NaiveDate};
use qiao_store::books::View;
use qiao_store::entities::{account, activity};
use qiao_store::{NewFact, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::{Permission, date_of};
use crate::customers::rules::{Accounts, Contacts, mark};

use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Written};
use crate::error::AppError;
use crate::forms::{NAME, NOTE};
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::leads::rules::Leads;
use crate::pipeline::rules::Opportunities;
use crate::state::AppState;
use crate::time::{midnight, rfc3339};
use crate::{customers, facts, leads, pipeline};

/// Ways to be in touch.
const KINDS: &[&str] = &["call", "visit", "demo", "message", "meeting"];

/// An activity as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ActivityForm {
    /// The id in another system.
    external_id: Option<String>,
    /// call, visit, demo, message or meeting; required for a new one.
    kind: Option<String>,
    /// What it was about; required for a new one.
    subject: Option<String>,
    /// Who did it; the asker for a new one where absent.
    owner_id: Option<String>,
    /// The customer; that of the opportunity where absent.
    account_id: Option<String>,
    /// The opportunity.
    opportunity_id: Option<String>,
    /// Who was met.
    contact_id: Option<String>,
    /// The lead.
    lead_id: Option<String>,
    /// When: RFC 3339, for example `2026-03-19T10:30:00+08:00`; now for a new one where absent.
    happened_at: Option<String>,
    /// How long.
    minutes: Option<i32>,
    /// What came of it.
    outcome: Option<String>,
    /// What is to be done next. An activity with an outcome and a next step is effective.
    next_step: Option<String>,
    /// When that is to be done.
    next_step_on: Option<String>,
    /// Where it was.
    place: Option<String>,
    /// Where the device was, degrees north, at most 6 decimals; given only with the consent of who logs it.
    latitude: Option<String>,
    /// Degrees east.
    longitude: Option<String>,
    /// How far that may be off, metres.
    accuracy_m: Option<i64>,
}

entry::filter! {
    /// Which activities.
    owned ActivityFilter {
        /// Who did it.
        owner_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// The opportunity.
        opportunity_id: Uuid,
        /// The lead.
        lead_id: Uuid,
        /// call, visit, demo, message or meeting.
        kind: String,
        /// The id in another system.
        external_id: String,
        /// Who was met.
        contact_id: Uuid,
        /// The first day.
        happened_from: NaiveDate,
        /// The last day.
        happened_to: NaiveDate,
    }
}

/// An activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActivityView {
    id: Uuid,
    external_id: Option<String>,
    /// call, visit, demo, message or meeting.
    kind: String,
    subject: String,
    owner_id: Uuid,
    account_id: Option<Uuid>,
    opportunity_id: Option<Uuid>,
    happened_at: String,
    /// The business day.
    happened_on: String,
    minutes: Option<i32>,
    outcome: Option<String>,
    /// It has an outcome and a next step.
    effective: bool,
    next_step: Option<String>,
    next_step_on: Option<String>,
    place: Option<String>,
    /// Where the device was, degrees north.
    latitude: Option<String>,
    /// Degrees east.
    longitude: Option<String>,
    /// How far that may be off, metres.
    accuracy_m: Option<i64>,
    contact_id: Option<Uuid>,
    lead_id: Option<Uuid>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

impl From<&activity::Model> for ActivityView {
    fn from(row: &activity::Model) -> Self {
        let row = row.clone();
        Self {
            id: row.id,
            external_id: row.external_id,
            kind: row.kind,
            subject: row.subject,
            owner_id: row.owner_id,
            account_id: row.account_id,
            opportunity_id: row.opportunity_id,
            happened_at: rfc3339(row.happened_at),
            happened_on: row.happened_on.to_string(),
            minutes: row.minutes,
            outcome: row.outcome,
            effective: row.effective,
            next_step: row.next_step,
            next_step_on: row.next_step_on.map(|day| day.to_string()),
            place: row.place,
            latitude: row.latitude_micro.map(degrees),
            longitude: row.longitude_micro.map(degrees),
            accuracy_m: row.accuracy_m,
            contact_id: row.contact_id,
            lead_id: row.lead_id,
            version: row.version,
            archived: row.archived_at.is_some(),
            updated_at: rfc3339(row.updated_at),
        }
    }
}

/// Activities as a kind of record.
#[derive(Debug)]
pub struct ActivityEntry;

impl Entry for ActivityEntry {
    type Whole = activity::Model;
    type View = ActivityView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[activity::Model]) -> Result<Names, AppError> {
        let people = Names::of_people(&view.snapshot.definitions, page.iter().map(|row| Some(row.owner_id)));
        let customers = customers::rules::account_names(state, view, page.iter().map(|row| row.account_id)).await?;
        let deals = pipeline::rules::opportunity_names(state, page.iter().map(|row| row.opportunity_id)).await?;
        let met = customers::rules::contact_names(state, page.iter().map(|row| row.contact_id)).await?;
        let leads = leads::rules::lead_names(state, page.iter().map(|row| row.lead_id)).await?;
        Ok(people.and(customers).and(deals).and(met).and(leads))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<activity::Model>>, AppError> {
        let accounts = Accounts::read(tx.conn(), chunk, &["account"]).await?;
        let deals = Opportunities::read(tx.conn(), chunk, &["opportunity"]).await?;
        let met = Contacts::read(tx.conn(), chunk, &["contact"]).await?;
        let leads = Leads::read(tx.conn(), chunk, &["lead"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let about = About { accounts, deals, met, leads };
        let drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(tx, chunk, row, before, (&about, &own))))
        })?;
        let standing = facts::standing(tx.conn(), &drafts.old()).await?;
        let about = drafts.changed().filter_map(|(_, after)| after.account_id).collect();
        let about = customers::rules::accounts(tx.conn(), about).await?;
        for (_, after) in drafts.changed() {
            let account = after.account_id.and_then(|id| about.get(&id));
            facts::restate(tx, standing.of(after.id), vec![fact(chunk, after, account)])?;
        }
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for ActivityEntry {
    const COLUMNS: &'static [&'static str] = &[
        "activity",
        "kind",
        "subject",
        "owner",
        "account",
        "opportunity",
        "happened_at",
        "minutes",
        "outcome",
        "next_step",
        "next_step_on",
        "place",
    ];

    async fn cells(state: &AppState, view: &View, page: &[activity::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let db = state.store().pool();
        let accounts = customers::rules::accounts(db, page.iter().filter_map(|row| row.account_id).collect()).await?;
        let deals = page.iter().filter_map(|row| row.opportunity_id).collect();
        let deals = pipeline::rules::opportunities(db, deals).await?;
        let row = |row: &activity::Model| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let account = row.account_id.and_then(|id| accounts.get(&id));
            let deal = row.opportunity_id.and_then(|id| deals.get(&id));
            vec![
                entry::key(row),
                row.kind.clone(),
                row.subject.clone(),
                entry::person_key(&view.snapshot.definitions, Some(row.owner_id)),
                account.map(entry::key).unwrap_or_default(),
                deal.map(entry::key).unwrap_or_default(),
                rfc3339(row.happened_at),
                row.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
                text(&row.outcome),
                text(&row.next_step),
                row.next_step_on.map(|day| day.to_string()).unwrap_or_default(),
                text(&row.place),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

fn fact(chunk: &Chunk, row: &activity::Model, account: Option<&account::Model>) -> NewFact {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let mut fact = NewFact::new("activity_logged", row.happened_on, currency.code(), "activity", row.id);
    mark(&mut fact, account);
    fact.occurred_at = Some(row.happened_at);
    fact.opportunity_id = row.opportunity_id;
    fact.attributes =
        vec![("activity_kind".to_owned(), row.kind.clone()), ("effective".to_owned(), row.effective.to_string())];
    fact.credits = vec![(row.owner_id, "owner".to_owned(), 1_000_000)];
    fact
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&activity::Model>,
    (about, own): (&About, &Own<activity::Model>),
) -> activity::Model {
    let mut activity = before.cloned().unwrap_or_else(|| blank(tx, chunk));
    activity.external_id = own.external_id(row, before);
    match row.choice("kind", KINDS) {
        Some(kind) => activity.kind = kind,
        None if before.is_none() && row.get("kind").is_none() => row.wrong("kind", "required", &[]),
        None => {}
    }
    activity.subject = row.required_or("subject", NAME, activity.subject);
    let owner = entry::owner(row, chunk, before.is_none(), before.map(|b| b.owner_id));
    match owner {
        Some(owner) => activity.owner_id = owner,
        None if !row.is_form() && row.get("owner").is_none() => row.wrong("owner", "required", &[]),
        None => {}
    }
    about.put(row, &mut activity);
    moment(tx, chunk, row, before, &mut activity);
    let minutes = row.integer("minutes", 0, 100_000).and_then(|minutes| i32::try_from(minutes).ok());
    activity.minutes = row.or("minutes", minutes, activity.minutes);
    activity.outcome = row.text_or("outcome", NOTE, activity.outcome);
    activity.next_step = row.text_or("next_step", NOTE, activity.next_step);
    activity.next_step_on = row.date_or("next_step_on", activity.next_step_on);
    activity.place = row.text_or("place", NAME, activity.place);
    location(row, &mut activity);
    activity.effective = activity.outcome.is_some() && activity.next_step.is_some();
    activity
}

/// Degrees as a decimal with six digits behind the point.
#[must_use]
pub fn degrees(micro: i64) -> String {
    let (sign, size) = (if micro < 0 { "-" } else { "" }, micro.unsigned_abs());
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}

/// Where the device was, in one line; none where nobody said.
#[must_use]
pub fn position(row: &activity::Model) -> Option<String> {
    let (latitude, longitude) = row.latitude_micro.zip(row.longitude_micro)?;
    let off = row.accuracy_m.map(|metres| format!(" ± {metres} m")).unwrap_or_default();
    Some(format!("{}, {}{off}", degrees(latitude), degrees(longitude)))
}

/// Where the device was: both degrees or none.
fn location(row: &mut Row, activity: &mut activity::Model) {
    let axis = |row: &mut Row, column: &str, most: i64, old: Option<i64>| {
        let new = row.micro(column);
        if new.is_some_and(|micro| micro.abs() > most * 1_000_000) {
            let (text, most) = (row.get(column).unwrap_or_default().to_owned(), most.to_string());
            row.wrong(column, "out_of_range", &[&text, &format!("-{most}"), &most]);
        }
        row.or(column, new, old)
    };
    activity.latitude_micro = axis(row, "latitude", 90, activity.latitude_micro);
    activity.longitude_micro = axis(row, "longitude", 180, activity.longitude_micro);
    let accuracy = row.integer("accuracy_m", 0, 1_000_000);
    activity.accuracy_m = row.or("accuracy_m", accuracy, activity.accuracy_m);
    match (activity.latitude_micro, activity.longitude_micro) {
        (Some(_), None) => row.wrong("longitude", "required", &[]),
        (None, Some(_)) => row.wrong("latitude", "required", &[]),
        (None, None) => activity.accuracy_m = None,
        (Some(_), Some(_)) => {}
    }
}

/// What activities may be about.
struct About {
    accounts: Accounts,
    deals: Opportunities,
    met: Contacts,
    leads: Leads,
}

impl About {
    /// Puts what a row names on its activity. The customer is that of the deal or of the contact where none is named.
    fn put(&self, row: &mut Row, activity: &mut activity::Model) {
        let deal = self.deals.of(row, "opportunity");
        activity.opportunity_id = row.or("opportunity", deal.as_ref().map(|deal| deal.id), activity.opportunity_id);
        let met = self.met.of(row, "contact");
        activity.contact_id = row.or("contact", met.as_ref().map(|contact| contact.id), activity.contact_id);
        let lead = self.leads.of(row, "lead").map(|lead| lead.id);
        activity.lead_id = row.or("lead", lead, activity.lead_id);
        let account = self.accounts.of(row, "account").map(|account| account.id);
        activity.account_id = row.or("account", account, activity.account_id);
        let of_deal = deal.and_then(|deal| deal.account_id);
        activity.account_id = activity.account_id.or(of_deal).or(met.and_then(|contact| contact.account_id));
    }
}

/// When it happened: a moment, or, in a file, a day, which then begins at midnight in the company's zone.
fn moment(tx: &Tx, chunk: &Chunk, row: &mut Row, before: Option<&activity::Model>, activity: &mut activity::Model) {
    let zone = chunk.context.company.timezone;
    let Some(text) = row.get("happened_at").map(str::to_owned) else {
        if before.is_none() && !row.is_form() {
            row.wrong("happened_at", "required", &[]);
        }
        return;
    };
    let moment = match DateTime::parse_from_rfc3339(&text) {
        Ok(moment) => Some(moment.timestamp_millis()),
        Err(_) => row.date("happened_at").and_then(|day| midnight(day, zone)),
    };
    let Some(moment) = moment else { return };
    // A clock that is a little ahead is no plan for the future.
    if moment > tx.now_ms() + 86_400_000 || moment < 0 {
        return row.wrong("happened_at", if moment < 0 { "date_out_of_range" } else { "in_future" }, &[&text]);
    }
    activity.happened_at = moment;
    activity.happened_on = date_of(moment, zone);
}

fn blank(tx: &Tx, chunk: &Chunk) -> activity::Model {
    activity::Model {
        id: Uuid::now_v7(),
        external_id: None,
        kind: String::new(),
        subject: String::new(),
        owner_id: Uuid::nil(),
        account_id: None,
        contact_id: None,
        opportunity_id: None,
        lead_id: None,
        happened_at: tx.now_ms(),
        happened_on: chunk.context.today(),
        minutes: None,
        outcome: None,
        effective: false,
        next_step: None,
        next_step_on: None,
        place: None,
        latitude_micro: None,
        longitude_micro: None,
        accuracy_m: None,
        file_name: None,
        file_hash: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}

record_routes! {
    ActivityEntry, form ActivityForm, view ActivityView, filter ActivityFilter, tag "activities", path "/activities",
    one "/activities/{id}",
    list_activities "List activities", create_activity "Log an activity", get_activity "Get an activity",
    change_activity "Change an activity"
}

archive_routes! {
    ActivityEntry, view ActivityView, tag "activities", one "/activities/{id}", back "/activities/{id}/restoration",
    archive_activity "Put an activity away", restore_activity "Bring an activity back"
}

bulk_routes! {
    ActivityEntry, form ActivityForm, view ActivityView, tag "activities", path "/activities/bulk-edits", edit_activities "Edit several activities"
}
