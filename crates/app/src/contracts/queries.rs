//! Database access of contracts, payments and invoices. Every read takes the asker's row scope, or records that were read
//! within it.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{
    contract, contract_line, fact, invoice, payment, payment_allocation, payment_schedule, split,
};
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::allocation::Booked;
use super::contract::ContractFilter;
use super::invoice::InvoiceFilter;
use super::payment::PaymentFilter;
use crate::entry::Words;

/// The contracts of a scope: owned by, or shared with, somebody in it.
fn in_scope(scope: &RowScope) -> Option<Condition> {
    let own = scope.condition(contract::Column::OwnerId)?;
    let shared = split::Entity::find()
        .select_only()
        .column(split::Column::RecordId)
        .filter(split::Column::RecordType.eq("contract"))
        .filter(scope.condition(split::Column::PersonId)?);
    Some(Condition::any().add(own).add(contract::Column::Id.in_subquery(shared.into_query())))
}

/// True for what belongs to a contract of a scope.
fn of_contract_in_scope<C: ColumnTrait>(scope: &RowScope, contract_id: C) -> Option<Condition> {
    let contracts = contract::Entity::find().select_only().column(contract::Column::Id).filter(in_scope(scope)?);
    Some(Condition::all().add(contract_id.in_subquery(contracts.into_query())))
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<contract::Model>, StoreError> {
    let mut query = contract::Entity::find_by_id(id);
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn named(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &Words,
) -> Result<Vec<contract::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(contract::Column::Id.is_in(words.ids.iter().copied()))
        .add(contract::Column::ExternalId.is_in(words.others.iter().cloned()))
        .add(contract::Column::Number.is_in(words.others.iter().cloned()));
    let mut query = contract::Entity::find().filter(any);
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.order_by_asc(contract::Column::Id).all(db).await?)
}

pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<contract::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(contract::Entity::find().filter(contract::Column::Id.is_in(ids)).all(db).await?)
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &ContractFilter,
    page: ById,
) -> Result<Vec<contract::Model>, StoreError> {
    let mut query = contract::Entity::find().filter(contract::Column::ArchivedAt.is_null());
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(contract::Column::OwnerId.eq(owner)))
        .apply_if(filter.account_id, |query, account| query.filter(contract::Column::AccountId.eq(account)))
        .apply_if(filter.opportunity_id, |query, deal| query.filter(contract::Column::OpportunityId.eq(deal)))
        .apply_if(filter.status.as_ref(), |query, status| query.filter(contract::Column::Status.eq(status)))
        .apply_if(filter.number.as_ref(), |query, number| query.filter(contract::Column::Number.eq(number)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(contract::Column::ExternalId.eq(id)));
    page.read(query, contract::Column::Id, db).await
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

pub async fn payment(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<payment::Model>, StoreError> {
    let mut query = payment::Entity::find_by_id(id);
    if let Some(condition) = of_contract_in_scope(scope, payment::Column::ContractId) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn payments_named(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &Words,
) -> Result<Vec<payment::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(payment::Column::Id.is_in(words.ids.iter().copied()))
        .add(payment::Column::ExternalId.is_in(words.others.iter().cloned()));
    let mut query = payment::Entity::find().filter(any);
    if let Some(condition) = of_contract_in_scope(scope, payment::Column::ContractId) {
        query = query.filter(condition);
    }
    Ok(query.all(db).await?)
}

pub async fn payments_of(db: &impl ConnectionTrait, contract: Uuid) -> Result<Vec<payment::Model>, StoreError> {
    let query = payment::Entity::find()
        .filter(payment::Column::ContractId.eq(contract))
        .filter(payment::Column::ReversedAt.is_null());
    Ok(query.order_by_asc(payment::Column::ReceivedOn).order_by_asc(payment::Column::Id).all(db).await?)
}

pub async fn payments(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &PaymentFilter,
    page: ById,
) -> Result<Vec<payment::Model>, StoreError> {
    let mut query = payment::Entity::find();
    if let Some(condition) = of_contract_in_scope(scope, payment::Column::ContractId) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.contract_id, |query, contract| query.filter(payment::Column::ContractId.eq(contract)))
        .apply_if(filter.account_id, |query, account| query.filter(payment::Column::AccountId.eq(account)))
        .apply_if(filter.kind.as_ref(), |query, kind| query.filter(payment::Column::Kind.eq(kind)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(payment::Column::ExternalId.eq(id)));
    page.read(query, payment::Column::Id, db).await
}

pub async fn invoice(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<invoice::Model>, StoreError> {
    let mut query = invoice::Entity::find_by_id(id);
    if let Some(condition) = of_contract_in_scope(scope, invoice::Column::ContractId) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

/// Invoices with a number, for finding those that are there already.
pub async fn invoices_named(db: &impl ConnectionTrait, words: &Words) -> Result<Vec<invoice::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(invoice::Column::Number.is_in(words.others.iter().cloned()))
        .add(invoice::Column::ExternalId.is_in(words.others.iter().cloned()));
    Ok(invoice::Entity::find().filter(any).all(db).await?)
}

pub async fn invoices(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &InvoiceFilter,
    page: ById,
) -> Result<Vec<invoice::Model>, StoreError> {
    let mut query = invoice::Entity::find().filter(invoice::Column::ArchivedAt.is_null());
    if let Some(condition) = of_contract_in_scope(scope, invoice::Column::ContractId) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.contract_id, |query, contract| query.filter(invoice::Column::ContractId.eq(contract)))
        .apply_if(filter.account_id, |query, account| query.filter(invoice::Column::AccountId.eq(account)))
        .apply_if(filter.number.as_ref(), |query, number| query.filter(invoice::Column::Number.eq(number)));
    page.read(query, invoice::Column::Id, db).await
}
