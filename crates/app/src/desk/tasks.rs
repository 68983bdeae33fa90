//! What a person is to do next: overdue first, then today, then what is coming; within each by worth.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use qiao_engine::money::Currency;
use qiao_store::books::View;
use qiao_store::entities::{activity, lead};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::deals::{Deal, why_address};
use super::queries::{self, Due};
use crate::context::{Context, date_of};
use crate::customers;
use crate::error::AppError;
use crate::figures::{Amount, Figure, RecordId};
use crate::state::AppState;

/// Days ahead that are shown.
const AHEAD: u64 = 7;
/// Days back in which something overdue is still looked for.
const BACK: u64 = 365;
/// Days after which a lead is silent.
const SILENT_DAYS: i64 = 7;
/// Leads that are looked at, the newest.
const LEADS: u64 = 200;
/// Tasks that are answered; how many there are is said beside.
const SHOWN: usize = 50;

/// Why something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// A next step that somebody wrote down.
    Step,
    /// A deal whose expected close has passed.
    PastClose,
    /// An open deal without a next step.
    NoStep,
    /// A lead that nobody touched for a week.
    SilentLead,
    /// A row of a schedule that is due.
    Payment,
}

/// When something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// It should have been done.
    Overdue,
    /// Today.
    Today,
    /// In the days to come, or without a day.
    Coming,
}

/// Something to do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Task {
    kind: TaskKind,
    when: When,
    /// What is to be done, where somebody wrote it down; what the row of a schedule is called.
    step: Option<String>,
    /// The record it is about.
    record: RecordId,
    /// What that is called.
    name: String,
    /// What its customer is called.
    account: Option<String>,
    account_id: Option<Uuid>,
    /// When it was, or is, due.
    due_on: Option<String>,
    /// Days since it was due, or since the last touch of a silent lead.
    late_days: i64,
    /// What the record would bring, or what is owed.
    amount: Option<Amount>,
    /// What it is worth today, by which it is ordered.
    worth: Option<Figure>,
    #[serde(skip)]
    worth_minor: i64,
}

/// What is to be done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tasks {
    /// The first of them.
    items: Vec<Task>,
    /// How many there are.
    total: usize,
    /// How many of them are overdue.
    overdue: usize,
}

struct Day {
    today: NaiveDate,
    last: NaiveDate,
    currency: Currency,
}

impl Day {
    fn when(&self, due: Option<NaiveDate>) -> When {
        match due {
            Some(day) if day < self.today => When::Overdue,
            Some(day) if day == self.today => When::Today,
            _ => When::Coming,
        }
    }

    fn late(&self, due: Option<NaiveDate>) -> i64 {
        due.map_or(0, |day| (self.today - day).num_days().max(0))
    }
}

/// Gathers what a person is to do. `deals` are the person's open deals.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn gather(
    state: &AppState,
    context: &Context,
    view: &View,
    person: Uuid,
    deals: &[Deal],
) -> Result<Tasks, AppError> {
    let db = state.store().pool();
    let today = context.today();
    let currency = view.snapshot.definitions.company.currency;
    let (first, last) = (today - Days::new(BACK), today + Days::new(AHEAD));
    let day = Day { today, last, currency };
    let mut tasks: Vec<Task> = deals.iter().filter_map(|deal| of_deal(deal, &day)).collect();
    let leads = queries::open_leads(db, person, LEADS).await?;
    let ids: Vec<Uuid> = leads.iter().map(|lead| lead.id).collect();
    let steps = queries::last_steps(db, &context.rows, activity::Column::LeadId, &ids).await?;
    tasks.extend(leads.iter().filter_map(|lead| of_lead(lead, steps.get(&lead.id), &day, context)));
    let alone = queries::customer_steps(db, person, (first, last)).await?;
    let due = queries::open_rows(db, &context.rows, Some(person), (first, last)).await?;
    let customers = alone.iter().map(|row| row.account_id).chain(due.iter().map(|row| Some(row.account_id)));
    let names: BTreeMap<Uuid, String> =
        customers::rules::account_names(state, view, customers.collect::<Vec<_>>()).await?.into_iter().collect();
    tasks.extend(alone.iter().filter_map(|row| of_customer(row, &names, &day)));
    tasks.extend(due.iter().map(|row| of_payment(row, &names, &day)));
    // The longest overdue of two that are worth the same.
    tasks.sort_by_key(|task| (task.when, std::cmp::Reverse(task.worth_minor), std::cmp::Reverse(task.late_days)));
    let overdue = tasks.iter().filter(|task| task.when == When::Overdue).count();
    let total = tasks.len();
    tasks.truncate(SHOWN);
    Ok(Tasks { items: tasks, total, overdue })
}

/// A deal is one task at most: its most urgent reason.
fn of_deal(deal: &Deal, day: &Day) -> Option<Task> {
    let next = deal.next();
    let step_on = next.and_then(|(_, on)| on);
    let close = deal.row.expected_close_on;
    let overdue = |due: Option<NaiveDate>| due.is_some_and(|due| due < day.today);
    let (kind, due) = match next {
        Some(_) if overdue(step_on) => (TaskKind::Step, step_on),
        _ if overdue(close) => (TaskKind::PastClose, close),
        Some(_) => (TaskKind::Step, step_on),
        None => (TaskKind::NoStep, None),
    };
    // What is to be done next month is none of this week's; a step without a day always is.
    if kind == TaskKind::Step && due.is_some_and(|due| due > day.last) {
        return None;
    }
    let currency: Currency = deal.row.currency.parse().unwrap_or(day.currency);
    Some(Task {
        kind,
        when: day.when(due),
        step: next.map(|(text, _)| text.to_owned()),
        record: RecordId { record_type: "opportunity".to_owned(), id: deal.row.id },
        name: deal.row.name.clone(),
        account: deal.account.clone(),
        account_id: deal.row.account_id,
        due_on: due.map(|day| day.to_string()),
        late_days: day.late(due),
        amount: deal.row.amount_minor.map(|minor| Amount::minor(minor, currency)),
        worth: Some(Figure::money(deal.worth_minor(), currency, Some(why_address(deal.row.id)))),
        worth_minor: deal.worth_minor(),
    })
}

fn of_lead(lead: &lead::Model, last: Option<&queries::Step>, day: &Day, context: &Context) -> Option<Task> {
    let next = last.and_then(|step| Some((step.next_step.clone()?, step.next_step_on?)));
    let touched = last.map(|step| step.happened_on).or(lead.created_on);
    let touched = touched.unwrap_or_else(|| date_of(lead.first_touch_at, context.company.timezone));
    let silent = (day.today - touched).num_days();
    let (kind, step, due, late_days) = match next {
        Some((text, on)) if on <= day.last => (TaskKind::Step, Some(text), Some(on), day.late(Some(on))),
        Some(_) => return None,
        None if silent >= SILENT_DAYS => (TaskKind::SilentLead, None, None, silent),
        None => return None,
    };
    Some(Task {
        kind,
        when: day.when(due),
        step,
        record: RecordId { record_type: "lead".to_owned(), id: lead.id },
        name: lead.name.clone(),
        account: lead.company_name.clone(),
        account_id: None,
        due_on: due.map(|day| day.to_string()),
        late_days,
        amount: None,
        worth: None,
        worth_minor: 0,
    })
}

fn of_customer(row: &activity::Model, names: &BTreeMap<Uuid, String>, day: &Day) -> Option<Task> {
    let account = row.account_id?;
    Some(Task {
        kind: TaskKind::Step,
        when: day.when(row.next_step_on),
        step: Some(row.next_step.clone().unwrap_or_else(|| row.subject.clone())),
        record: RecordId { record_type: "account".to_owned(), id: account },
        name: names.get(&account)?.clone(),
        account: None,
        account_id: Some(account),
        due_on: row.next_step_on.map(|day| day.to_string()),
        late_days: day.late(row.next_step_on),
        amount: None,
        worth: None,
        worth_minor: 0,
    })
}

/// Money that is owed is worth all of it.
fn of_payment(row: &Due, names: &BTreeMap<Uuid, String>, day: &Day) -> Task {
    Task {
        kind: TaskKind::Payment,
        when: day.when(Some(row.due_on)),
        step: row.name.clone(),
        record: RecordId { record_type: "contract".to_owned(), id: row.contract_id },
        name: row.contract.clone(),
        account: names.get(&row.account_id).cloned(),
        account_id: Some(row.account_id),
        due_on: Some(row.due_on.to_string()),
        late_days: day.late(Some(row.due_on)),
        amount: Some(Amount::minor(row.amount_minor, day.currency)),
        worth: None,
        worth_minor: row.amount_minor,
    }
}
