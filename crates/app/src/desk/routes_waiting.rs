//! What waits for those who keep the company running: operations, finance, HR, audit, administration.

use axum::extract::State;
use chrono::Days;
use qiao_engine::dates::{DateRange, PeriodKind};
use qiao_engine::definitions::Definitions;
use qiao_engine::metrics::Subject;
use qiao_engine::plans::on_plan;
use qiao_store::scope::RowScope;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::figures::{Amount, RecordId};
use crate::http::{Asker, Json, Problem};
use crate::metrics::usual_metric;
use crate::state::AppState;

/// Rows of each kind that are answered; how many there are is said beside.
const SHOWN: usize = 6;
/// Days back in which overdue money is looked for.
const BACK: u64 = 730;

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingView {
    /// What waits, the most urgent kind first; what has nothing waiting is there with 0.
    items: Vec<Waiting>,
}

/// A kind of what waits.
#[derive(Debug, Serialize, ToSchema)]
struct Waiting {
    /// overdue_payments, missing_targets, without_plan, without_team or unowned_leads.
    kind: &'static str,
    /// How many.
    count: usize,
    /// How much money, where it is money.
    amount: Option<Amount>,
    /// The first of them.
    rows: Vec<WaitingRow>,
}

/// One that waits.
#[derive(Debug, Serialize, ToSchema)]
struct WaitingRow {
    name: String,
    /// The record; none for a person.
    record: Option<RecordId>,
    /// The person.
    person_id: Option<Uuid>,
    amount: Option<Amount>,
    /// Days since it was due.
    late_days: Option<i64>,
}

/// Get what waits for who keeps the company running
///
/// Overdue payments for who sees all contracts, people without a target for who sets targets, people without a plan for who
/// publishes plans, people without a team for who keeps people, leads that nobody owns for who sells and sees all.
#[utoipa::path(get, path = "/desk/waiting", tag = "desk",
    responses((status = 200, body = WaitingView), (status = 401, body = Problem)))]
pub async fn get_waiting(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<WaitingView>, AppError> {
    let view = state.view(&context).await?;
    let definitions = &view.snapshot.definitions;
    let mut items = Vec::new();
    let all = context.rows == RowScope::All;
    if all && (context.may(Permission::RecordMoney) || context.may(Permission::ViewAudit)) {
        items.push(overdue(&state, &context, definitions).await?);
    }
    if all && context.may(Permission::ManageTargets) {
        let calendar = &definitions.company.calendar;
        let period = calendar.period_of(context.today(), PeriodKind::Month);
        let code = usual_metric(&view.snapshot, period);
        let has = |id: u128| definitions.targets_of(Subject::Person(id), period).any(|target| target.metric == code);
        items.push(people("missing_targets", sellers(definitions, &context).filter(|id| !has(*id)), definitions));
    }
    if all && context.may(Permission::PublishPlans) {
        let today = context.today();
        let on = |id: u128| {
            let mut in_force = definitions.plans.iter().filter(|version| version.holds_on(today));
            in_force.any(|version| on_plan(definitions, &version.plan.who, id, today))
        };
        items.push(people("without_plan", sellers(definitions, &context).filter(|id| !on(*id)), definitions));
    }
    if all && context.may(Permission::ManagePeople) {
        let today = context.today();
        let here = |person: &&qiao_engine::definitions::Person| person.end.is_none_or(|end| end >= today);
        let without = definitions.people.values().filter(here).map(|person| person.id);
        let without = without.filter(|id| definitions.membership_on(*id, today).is_none());
        items.push(people("without_team", without, definitions));
    }
    if all && context.may(Permission::EditSales) {
        let count = queries::unowned_leads(state.store().pool()).await?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        items.push(Waiting { kind: "unowned_leads", count, amount: None, rows: Vec::new() });
    }
    Ok(Json(WaitingView { items }))
}

/// The people who sell today: members of a team as reps.
fn sellers<'a>(definitions: &'a Definitions, context: &Context) -> impl Iterator<Item = u128> + 'a {
    let today = context.today();
    let range = DateRange { start: today, end: today };
    let teams = definitions.teams.keys().copied().collect();
    let sells = move |id: &u128| definitions.membership_on(*id, today).is_some_and(|m| m.role == "rep");
    definitions.members_of(&teams, range).into_iter().filter(sells)
}

fn people(kind: &'static str, ids: impl Iterator<Item = u128>, definitions: &Definitions) -> Waiting {
    let ids: Vec<u128> = ids.collect();
    let row = |id: &u128| {
        let name = definitions.people.get(id)?.name.clone();
        Some(WaitingRow { name, record: None, person_id: Some(Uuid::from_u128(*id)), amount: None, late_days: None })
    };
    Waiting { kind, count: ids.len(), amount: None, rows: ids.iter().take(SHOWN).filter_map(row).collect() }
}

async fn overdue(state: &AppState, context: &Context, definitions: &Definitions) -> Result<Waiting, AppError> {
    let today = context.today();
    let range = (today - Days::new(BACK), today - Days::new(1));
    let due = queries::open_rows(state.store().pool(), &context.rows, None, range).await?;
    let currency = definitions.company.currency;
    let sum = due.iter().map(|row| row.amount_minor).sum();
    let row = |row: &queries::Due| WaitingRow {
        name: row.contract.clone(),
        record: Some(RecordId { record_type: "contract".to_owned(), id: row.contract_id }),
        person_id: None,
        amount: Some(Amount::minor(row.amount_minor, currency)),
        late_days: Some((today - row.due_on).num_days()),
    };
    let rows = due.iter().take(SHOWN).map(row).collect();
    Ok(Waiting { kind: "overdue_payments", count: due.len(), amount: Some(Amount::minor(sum, currency)), rows })
}
