//! Database access of orders and deliveries.

use qiao_store::StoreError;
use qiao_store::entities::{delivery, sales_order};
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::delivery::DeliveryFilter;
use super::order::OrderFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::{Wanted, belonging_to};
use crate::error::AppError;

impl Scoped for sales_order::Model {
    type Filter = OrderFilter;
    const ID: sales_order::Column = sales_order::Column::Id;
    const EXTERNAL_ID: sales_order::Column = sales_order::Column::ExternalId;
    const NUMBER: Option<sales_order::Column> = Some(sales_order::Column::Number);
    const ARCHIVED_AT: Option<sales_order::Column> = Some(sales_order::Column::ArchivedAt);

    const OWNER: Option<sales_order::Column> = Some(sales_order::Column::OwnerId);
    const SORTS: &'static [(&'static str, sales_order::Column)] =
        &[("sold_on", sales_order::Column::SoldOn), ("amount", sales_order::Column::AmountMinor)];

    const NAMED_BY: &'static [sales_order::Column] = &[sales_order::Column::Number];
    const CUSTOMER: Option<sales_order::Column> = Some(sales_order::Column::AccountId);

    fn text(filter: &OrderFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    fn wanted(filter: &OrderFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(sales_order::Column::OwnerId, &filter.owner_id)
            .one(sales_order::Column::AccountId, &filter.account_id)
            .is(sales_order::Column::Status, &filter.status)
            .one(sales_order::Column::ContractId, &filter.contract_id)
            .is(sales_order::Column::ProductId, &filter.product_id)
            .one(sales_order::Column::Number, &filter.number)
            .between(sales_order::Column::SoldOn, &filter.sold_from, &filter.sold_to))
    }
}

impl Scoped for delivery::Model {
    type Filter = DeliveryFilter;
    const ID: delivery::Column = delivery::Column::Id;
    const EXTERNAL_ID: delivery::Column = delivery::Column::ExternalId;
    const ARCHIVED_AT: Option<delivery::Column> = None;

    /// Those of the orders that the people see.
    fn seen_by(people: &[Uuid]) -> Condition {
        belonging_to::<sales_order::Model>(delivery::Column::OrderId, people)
    }

    const SORTS: &'static [(&'static str, delivery::Column)] = &[("delivered_on", delivery::Column::DeliveredOn)];

    fn wanted(filter: &DeliveryFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default().one(delivery::Column::OrderId, &filter.order_id).between(
            delivery::Column::DeliveredOn,
            &filter.delivered_from,
            &filter.delivered_to,
        ))
    }
}

/// The deliveries of an order that the asker sees.
pub async fn deliveries_of(db: &impl ConnectionTrait, order: Uuid) -> Result<Vec<delivery::Model>, StoreError> {
    Ok(delivery::Entity::find().filter(delivery::Column::OrderId.eq(order)).all(db).await?)
}
