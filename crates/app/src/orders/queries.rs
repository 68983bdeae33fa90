//! Database access of orders and deliveries. Every read takes the asker's row scope.

use qiao_store::StoreError;
use qiao_store::entities::{delivery, sales_order};
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::delivery::DeliveryFilter;
use super::order::OrderFilter;
use crate::entry::Words;

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<sales_order::Model>, StoreError> {
    let mut query = sales_order::Entity::find_by_id(id);
    if let Some(condition) = scope.condition(sales_order::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn named(db: &impl ConnectionTrait, words: &Words) -> Result<Vec<sales_order::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(sales_order::Column::Id.is_in(words.ids.iter().copied()))
        .add(sales_order::Column::Number.is_in(words.others.iter().cloned()))
        .add(sales_order::Column::ExternalId.is_in(words.others.iter().cloned()));
    Ok(sales_order::Entity::find().filter(any).all(db).await?)
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &OrderFilter,
    page: ById,
) -> Result<Vec<sales_order::Model>, StoreError> {
    let mut query = sales_order::Entity::find().filter(sales_order::Column::ArchivedAt.is_null());
    if let Some(condition) = scope.condition(sales_order::Column::OwnerId) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(sales_order::Column::OwnerId.eq(owner)))
        .apply_if(filter.account_id, |query, account| query.filter(sales_order::Column::AccountId.eq(account)))
        .apply_if(filter.status.as_ref(), |query, status| query.filter(sales_order::Column::Status.eq(status)))
        .apply_if(filter.number.as_ref(), |query, number| query.filter(sales_order::Column::Number.eq(number)));
    page.read(query, sales_order::Column::Id, db).await
}

/// The deliveries of orders in scope.
fn deliveries_in_scope(scope: &RowScope) -> Option<Condition> {
    let orders = sales_order::Entity::find()
        .select_only()
        .column(sales_order::Column::Id)
        .filter(scope.condition(sales_order::Column::OwnerId)?);
    Some(Condition::all().add(delivery::Column::OrderId.in_subquery(orders.into_query())))
}

pub async fn delivery(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<delivery::Model>, StoreError> {
    let mut query = delivery::Entity::find_by_id(id);
    if let Some(condition) = deliveries_in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn deliveries_of(db: &impl ConnectionTrait, orders: &[Uuid]) -> Result<Vec<delivery::Model>, StoreError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    Ok(delivery::Entity::find().filter(delivery::Column::OrderId.is_in(orders.iter().copied())).all(db).await?)
}

pub async fn deliveries(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &DeliveryFilter,
    page: ById,
) -> Result<Vec<delivery::Model>, StoreError> {
    let mut query = delivery::Entity::find();
    if let Some(condition) = deliveries_in_scope(scope) {
        query = query.filter(condition);
    }
    query = query.apply_if(filter.order_id, |query, order| query.filter(delivery::Column::OrderId.eq(order)));
    page.read(query, delivery::Column::Id, db).await
}
