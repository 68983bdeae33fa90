//! Database access of contracts, payments and invoices, and of what belongs to those that were read in the asker's scope.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{contract, contract_line, fact, invoice, payment, payment_allocation, payment_schedule};
use qiao_store::sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::allocation::Booked;
use super::contract::ContractFilter;
use super::invoice::InvoiceFilter;
use super::payment::PaymentFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::{Wanted, belonging_to};
use crate::error::AppError;
use crate::splits;

impl Scoped for contract::Model {
    type Filter = ContractFilter;
    const ID: contract::Column = contract::Column::Id;
    const EXTERNAL_ID: contract::Column = contract::Column::ExternalId;
    const NUMBER: Option<contract::Column> = Some(contract::Column::Number);
    const ARCHIVED_AT: Option<contract::Column> = Some(contract::Column::ArchivedAt);

    const OWNER: Option<contract::Column> = Some(contract::Column::OwnerId);
    const SORTS: &'static [(&'static str, contract::Column)] =
        &[("signed_on", contract::Column::SignedOn), ("amount", contract::Column::AmountMinor)];

    const NAMED_BY: &'static [contract::Column] = &[contract::Column::Name, contract::Column::Number];
    const CUSTOMER: Option<contract::Column> = Some(contract::Column::AccountId);

    fn text(filter: &ContractFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    /// Those that are shared with them.
    fn beside(people: &[Uuid]) -> Option<Condition> {
        Some(splits::shared_with::<Self>(people))
    }

    fn wanted(filter: &ContractFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(contract::Column::OwnerId, &filter.owner_id)
            .one(contract::Column::AccountId, &filter.account_id)
            .one(contract::Column::OpportunityId, &filter.opportunity_id)
            .is(contract::Column::Status, &filter.status)
            .one(contract::Column::Number, &filter.number)
            .one(contract::Column::ExternalId, &filter.external_id)
            .between(contract::Column::SignedOn, &filter.signed_from, &filter.signed_to))
    }
}

impl Scoped for payment::Model {
    type Filter = PaymentFilter;
    const ID: payment::Column = payment::Column::Id;
    const EXTERNAL_ID: payment::Column = payment::Column::ExternalId;
    const ARCHIVED_AT: Option<payment::Column> = None;

    fn seen_by(people: &[Uuid]) -> Condition {
        belonging_to::<contract::Model>(payment::Column::ContractId, people)
    }

    const SORTS: &'static [(&'static str, payment::Column)] = &[("received_on", payment::Column::ReceivedOn)];

    fn wanted(filter: &PaymentFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .one(payment::Column::ContractId, &filter.contract_id)
            .one(payment::Column::AccountId, &filter.account_id)
            .is(payment::Column::Kind, &filter.kind)
            .one(payment::Column::ExternalId, &filter.external_id)
            .between(payment::Column::ReceivedOn, &filter.received_from, &filter.received_to))
    }
}

impl Scoped for invoice::Model {
    type Filter = InvoiceFilter;
    const ID: invoice::Column = invoice::Column::Id;
    const EXTERNAL_ID: invoice::Column = invoice::Column::ExternalId;
    const NUMBER: Option<invoice::Column> = Some(invoice::Column::Number);
    const ARCHIVED_AT: Option<invoice::Column> = Some(invoice::Column::ArchivedAt);

    fn seen_by(people: &[Uuid]) -> Condition {
        belonging_to::<contract::Model>(invoice::Column::ContractId, people)
    }

    const SORTS: &'static [(&'static str, invoice::Column)] =
        &[("issued_on", invoice::Column::IssuedOn), ("amount", invoice::Column::AmountMinor)];

    const NAMED_BY: &'static [invoice::Column] = &[invoice::Column::Number];
    const CUSTOMER: Option<invoice::Column> = Some(invoice::Column::AccountId);

    fn text(filter: &InvoiceFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    fn wanted(filter: &InvoiceFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .one(invoice::Column::ContractId, &filter.contract_id)
            .one(invoice::Column::AccountId, &filter.account_id)
            .one(invoice::Column::Number, &filter.number)
            .is(invoice::Column::Kind, &filter.kind)
            .between(invoice::Column::IssuedOn, &filter.issued_from, &filter.issued_to))
    }
}

pub async fn lines(db: &impl ConnectionTrait, contracts: &[Uuid]) -> Result<Vec<contract_line::Model>, StoreError> {
    if contracts.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        contract_line::Entity::find().filter(contract_line::Column::ContractId.is_in(contracts.iter().copied()));
    Ok(query.order_by_asc(contract_line::Column::Position).all(db).await?)
}

pub async fn schedules(
    db: &impl ConnectionTrait,
    contracts: &[Uuid],
) -> Result<Vec<payment_schedule::Model>, StoreError> {
    if contracts.is_empty() {
        return Ok(Vec::new());
    }
    let column = payment_schedule::Column::ContractId;
    let query = payment_schedule::Entity::find().filter(column.is_in(contracts.iter().copied()));
    Ok(query.order_by_asc(payment_schedule::Column::Position).all(db).await?)
}

pub async fn replace_lines(
    db: &impl ConnectionTrait,
    contract_id: Uuid,
    had_some: bool,
    lines: &[contract_line::Model],
) -> Result<(), StoreError> {
    if had_some {
        let own = contract_line::Column::ContractId.eq(contract_id);
        contract_line::Entity::delete_many().filter(own).exec(db).await?;
    }
    if !lines.is_empty() {
        let rows = lines.iter().cloned();
        let rows = rows.map(|line| contract_line::ActiveModel { id: ActiveValue::NotSet, ..line.into() });
        contract_line::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Puts a schedule in the place of another. Rows with the same id are changed, since payments refer to them; a row that
/// is no longer there stops being referred to.
pub async fn replace_schedule(
    db: &impl ConnectionTrait,
    old: &[payment_schedule::Model],
    new: &[payment_schedule::Model],
) -> Result<(), StoreError> {
    let gone: Vec<Uuid> = old.iter().map(|row| row.id).filter(|id| new.iter().all(|row| row.id != *id)).collect();
    if !gone.is_empty() {
        payment_allocation::Entity::update_many()
            .col_expr(payment_allocation::Column::ScheduleId, Option::<Uuid>::None.into())
            .filter(payment_allocation::Column::ScheduleId.is_in(gone.iter().copied()))
            .exec(db)
            .await?;
        payment_schedule::Entity::delete_many().filter(payment_schedule::Column::Id.is_in(gone)).exec(db).await?;
    }
    for row in new.iter().filter(|row| old.iter().any(|o| o.id == row.id && o != *row)) {
        row.clone().into_active_model().reset_all().update(db).await?;
    }
    let fresh: Vec<_> = new.iter().filter(|row| old.iter().all(|o| o.id != row.id)).cloned().collect();
    if !fresh.is_empty() {
        let rows = fresh.into_iter().map(IntoActiveModel::into_active_model);
        payment_schedule::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// What was booked for some contracts: (contract, part), in the order of booking.
pub async fn booked(db: &impl ConnectionTrait, contracts: &[Uuid]) -> Result<Vec<(Uuid, Booked)>, StoreError> {
    if contracts.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (Uuid, Uuid, String, Option<Uuid>, Option<NaiveDate>, i64, Option<i64>, Option<i64>, Uuid);
    let rows: Vec<Row> = payment_allocation::Entity::find()
        .select_only()
        .column(payment::Column::ContractId)
        .column(payment::Column::Id)
        .column(payment::Column::Kind)
        .column(payment_allocation::Column::ScheduleId)
        .column(payment_allocation::Column::DueOn)
        .column(payment_allocation::Column::AmountMinor)
        .column(fact::Column::AmountExclTaxMinor)
        .column(fact::Column::MarginMinor)
        .column(payment_allocation::Column::FactId)
        .join(
            JoinType::InnerJoin,
            payment_allocation::Entity::belongs_to(payment::Entity)
                .from(payment_allocation::Column::PaymentId)
                .to(payment::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            payment_allocation::Entity::belongs_to(fact::Entity)
                .from(payment_allocation::Column::FactId)
                .to(fact::Column::Id)
                .into(),
        )
        .filter(payment::Column::ContractId.is_in(contracts.iter().copied()))
        .order_by_asc(payment_allocation::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(contract, payment, kind, schedule, due_on, amount_minor, excl, margin_minor, fact)| {
            let excl_tax_minor = excl.unwrap_or(0);
            let booked = Booked { payment, kind, schedule, due_on, amount_minor, excl_tax_minor, margin_minor, fact };
            (contract, booked)
        })
        .collect())
}

/// Puts allocations in the place of those of some payments.
pub async fn replace_allocations(
    db: &impl ConnectionTrait,
    old: &[Uuid],
    new: Vec<payment_allocation::Model>,
) -> Result<(), StoreError> {
    if !old.is_empty() {
        let own = payment_allocation::Column::PaymentId.is_in(old.iter().copied());
        payment_allocation::Entity::delete_many().filter(own).exec(db).await?;
    }
    if !new.is_empty() {
        let rows = new.into_iter().map(|row| payment_allocation::ActiveModel { id: ActiveValue::NotSet, ..row.into() });
        payment_allocation::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

pub async fn allocations(
    db: &impl ConnectionTrait,
    payments: &[Uuid],
) -> Result<Vec<payment_allocation::Model>, StoreError> {
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let column = payment_allocation::Column::PaymentId;
    let query = payment_allocation::Entity::find().filter(column.is_in(payments.iter().copied()));
    Ok(query.order_by_asc(payment_allocation::Column::Id).all(db).await?)
}

pub async fn payments_of(db: &impl ConnectionTrait, contract: Uuid) -> Result<Vec<payment::Model>, StoreError> {
    let query = payment::Entity::find()
        .filter(payment::Column::ContractId.eq(contract))
        .filter(payment::Column::ReversedAt.is_null());
    Ok(query.order_by_asc(payment::Column::ReceivedOn).order_by_asc(payment::Column::Id).all(db).await?)
}
