//! Database access of the desk, within the asker's scope.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{activity, audit, contract, fact, lead, opportunity, payment_allocation, payment_schedule};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::{Expr, ExprTrait};
use qiao_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::entry::queries::seen;

/// What was done last for a deal or a lead, and what it says is to be done next.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Step {
    /// The deal or the lead.
    pub about: Option<Uuid>,
    /// The day of it.
    pub happened_on: NaiveDate,
    /// What is next.
    pub next_step: Option<String>,
    /// When.
    pub next_step_on: Option<NaiveDate>,
}

/// The newest activity of each of some deals (by `about`: of each of some leads), in the asker's scope.
pub async fn last_steps(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    about: activity::Column,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Step>, StoreError> {
    use activity::Column as C;
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = seen::<activity::Model>(scope)
        .select_only()
        .column_as(about, "about")
        .columns([C::HappenedOn, C::NextStep, C::NextStepOn])
        .filter(about.is_in(ids.iter().copied()))
        .filter(C::ArchivedAt.is_null())
        .order_by_asc(C::HappenedAt)
        .order_by_asc(C::Id);
    let rows = rows.into_model::<Step>().all(db).await?;
    // The later one takes the place of the earlier.
    Ok(rows.into_iter().filter_map(|step| Some((step.about?, step))).collect())
}

/// Activities of a person about a customer alone whose next step is due between two days, that no later one at that
/// customer answers.
pub async fn customer_steps(
    db: &impl ConnectionTrait,
    owner: Uuid,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<activity::Model>, StoreError> {
    use activity::Column as C;
    let query = activity::Entity::find()
        .filter(C::OwnerId.eq(owner))
        .filter(C::NextStepOn.between(from, to))
        .filter(C::OpportunityId.is_null())
        .filter(C::LeadId.is_null())
        .filter(C::AccountId.is_not_null())
        .filter(C::ArchivedAt.is_null())
        .order_by_asc(C::NextStepOn)
        .limit(100);
    let rows: Vec<activity::Model> = query.all(db).await?;
    let customers: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.account_id).collect();
    if customers.is_empty() {
        return Ok(rows);
    }
    let last = activity::Entity::find()
        .select_only()
        .column(C::AccountId)
        .column_as(C::HappenedAt.max(), "last")
        .filter(C::AccountId.is_in(customers))
        .filter(C::OwnerId.eq(owner))
        .filter(C::ArchivedAt.is_null())
        .group_by(C::AccountId);
    let last: Vec<(Option<Uuid>, i64)> = last.into_tuple().all(db).await?;
    let answered = |row: &activity::Model| last.iter().any(|(id, at)| *id == row.account_id && *at > row.happened_at);
    Ok(rows.into_iter().filter(|row| !answered(row)).collect())
}

/// The leads of a person that are still worked on, the newest first.
pub async fn open_leads(db: &impl ConnectionTrait, owner: Uuid, limit: u64) -> Result<Vec<lead::Model>, StoreError> {
    use lead::Column as C;
    let query = lead::Entity::find()
        .filter(C::OwnerId.eq(owner))
        .filter(C::Status.is_in(["open", "working"]))
        .filter(C::ArchivedAt.is_null())
        .order_by_desc(C::Id)
        .limit(limit);
    Ok(query.all(db).await?)
}

/// A row of a contract's schedule.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// The row.
    pub id: Uuid,
    /// When it is due.
    pub due_on: NaiveDate,
    /// What it is called.
    pub name: Option<String>,
    /// Minor units; what is open of it, once [`open_rows`] has answered.
    pub amount_minor: i64,
    /// The contract.
    pub contract_id: Uuid,
    /// Its name.
    pub contract: String,
    /// Its customer.
    pub account_id: Uuid,
    /// Whose it is.
    pub owner_id: Option<Uuid>,
}

/// Rows of schedules due between two days that are still open, the oldest first; of one owner's signed contracts, or of
/// all in the asker's scope.
pub async fn open_rows(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    owner: Option<Uuid>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Due>, StoreError> {
    use payment_schedule::Column as C;
    let contracts = payment_schedule::Entity::belongs_to(contract::Entity);
    let contracts = contracts.from(C::ContractId).to(contract::Column::Id).into();
    let paid = payment_schedule::Entity::belongs_to(payment_allocation::Entity);
    let paid = paid.from(C::Id).to(payment_allocation::Column::ScheduleId).into();
    let sum = Expr::col((payment_allocation::Entity, payment_allocation::Column::AmountMinor)).sum();
    let sum = Expr::expr(qiao_store::sea_orm::sea_query::Func::coalesce([sum.cast_as("bigint"), Expr::val(0_i64)]));
    let open = Expr::col((payment_schedule::Entity, C::AmountMinor)).sub(sum);
    let mut query = payment_schedule::Entity::find()
        .select_only()
        .columns([C::Id, C::DueOn, C::Name, C::ContractId])
        .column_as(contract::Column::Name, "contract")
        .columns([contract::Column::AccountId, contract::Column::OwnerId])
        .column_as(open.clone(), "amount_minor")
        .join(JoinType::InnerJoin, contracts)
        .join(JoinType::LeftJoin, paid)
        .filter(C::DueOn.between(from, to))
        .filter(contract::Column::Status.eq("signed"))
        .filter(contract::Column::ArchivedAt.is_null())
        .group_by(C::Id)
        .group_by(C::DueOn)
        .group_by(C::Name)
        .group_by(C::ContractId)
        .group_by(C::AmountMinor)
        .group_by(contract::Column::Name)
        .group_by(contract::Column::AccountId)
        .group_by(contract::Column::OwnerId)
        .having(open.gt(0_i64))
        .order_by_asc(C::DueOn)
        .order_by_asc(C::Id)
        .limit(500);
    if let Some(owner) = owner {
        query = query.filter(contract::Column::OwnerId.eq(owner));
    }
    if let Some(condition) = scope.condition(contract::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.into_model::<Due>().all(db).await?)
}

/// The number of the last fact that was recorded before a moment, ms since 1970 UTC; none where there was none.
pub async fn last_before(db: &impl ConnectionTrait, moment: i64) -> Result<Option<u32>, StoreError> {
    let row: Option<i64> = fact::Entity::find()
        .select_only()
        .column(fact::Column::Sequence)
        .filter(fact::Column::RecordedAt.lt(moment))
        .order_by_desc(fact::Column::Sequence)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(row.and_then(|sequence| u32::try_from(sequence).ok()))
}

/// What others changed of a person's deals since a moment, the newest first.
pub async fn changed_by_others(
    db: &impl ConnectionTrait,
    owner: Uuid,
    user: Uuid,
    since: i64,
) -> Result<Vec<(audit::Model, opportunity::Model)>, StoreError> {
    use opportunity::Column as C;
    let deals = opportunity::Entity::find()
        .filter(C::OwnerId.eq(owner))
        .filter(C::UpdatedAt.gte(since))
        .order_by_desc(C::UpdatedAt)
        .limit(50)
        .all(db)
        .await?;
    if deals.is_empty() {
        return Ok(Vec::new());
    }
    let rows = audit::Entity::find()
        .filter(audit::Column::RecordId.is_in(deals.iter().map(|deal| deal.id)))
        .filter(audit::Column::RecordType.eq("opportunity"))
        .filter(audit::Column::Action.eq("updated"))
        .filter(audit::Column::At.gte(since))
        .filter(audit::Column::ActorId.ne(user).or(audit::Column::ActorId.is_null()))
        .order_by_desc(audit::Column::Sequence)
        .limit(50)
        .all(db)
        .await?;
    let deal = |id: Option<Uuid>| deals.iter().find(|deal| Some(deal.id) == id).cloned();
    Ok(rows.into_iter().filter_map(|row| deal(row.record_id).map(|deal| (row, deal))).collect())
}

/// How many leads nobody owns.
pub async fn unowned_leads(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let query = lead::Entity::find()
        .filter(lead::Column::OwnerId.is_null())
        .filter(lead::Column::ArchivedAt.is_null())
        .filter(lead::Column::Status.is_in(["open", "working"]));
    Ok(query.count(db).await?)
}
