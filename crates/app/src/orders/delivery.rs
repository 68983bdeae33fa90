//! Deliveries of an order.

use chrono::NaiveDate;
use qiao_store::Tx;
use qiao_store::books::View;
use qiao_store::entities::{delivery, sales_order};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::Permission;
use crate::entry::queries::parts;
use crate::entry::{self, Chunk, Draft, Drafts, Entry, Exported, Lookup, Names, Own, Row, Written};
use crate::error::AppError;
use crate::forms::{NAME, NOTE};
use crate::http::crud::record_routes;
use crate::state::AppState;
use crate::time::rfc3339;

/// A delivery as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct DeliveryForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The order; required for a new one.
    order_id: Option<String>,
    /// The day; today for a new one where absent.
    delivered_on: Option<String>,
    /// How many: a decimal string, at most what is left of the order.
    quantity: Option<String>,
    /// Where to.
    place: Option<String>,
    /// A note.
    note: Option<String>,
}

entry::filter! {
    /// Which deliveries.
    DeliveryFilter {
        /// The order.
        order_id: Uuid,
        /// The first day.
        delivered_from: NaiveDate,
        /// The last day.
        delivered_to: NaiveDate,
    }
}

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryView {
    id: Uuid,
    external_id: Option<String>,
    order_id: Uuid,
    delivered_on: String,
    quantity: String,
    place: Option<String>,
    note: Option<String>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// When it was last written.
    updated_at: String,
}

impl From<&delivery::Model> for DeliveryView {
    fn from(row: &delivery::Model) -> Self {
        Self {
            id: row.id,
            external_id: row.external_id.clone(),
            order_id: row.order_id,
            delivered_on: row.delivered_on.to_string(),
            quantity: Decimal::new(row.quantity_micro, 6).normalize().to_string(),
            place: row.place.clone(),
            note: row.note.clone(),
            version: row.version,
            updated_at: rfc3339(row.updated_at),
        }
    }
}

/// Deliveries as a kind of record.
#[derive(Debug)]
pub struct DeliveryEntry;

impl Entry for DeliveryEntry {
    type Whole = delivery::Model;
    type View = DeliveryView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, _: &View, page: &[delivery::Model]) -> Result<Names, AppError> {
        let orders = page.iter().map(|row| row.order_id).collect();
        let orders = parts::<sales_order::Model>(state.store().pool(), orders).await?;
        Ok(Names::default().and(orders.into_values().map(|order| (order.id, order.number))))
    }

    /// An order is never delivered more than once over: the sum is read in
    /// the transaction that adds to it.
    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<delivery::Model>>, AppError> {
        let orders = Lookup::read(tx.conn(), chunk, &["order"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let mut drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(tx, chunk, row, before, &orders, &own)))
        })?;
        let mut booked: Vec<delivery::Model> = Vec::new();
        for Draft { row, after, .. } in &mut drafts.0 {
            if let Some(after) = after {
                check_sum(tx, chunk, row, after, &booked).await?;
                if row.errors.is_empty() {
                    booked.push(after.clone());
                }
            }
        }
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for DeliveryEntry {
    const COLUMNS: &'static [&'static str] = &["delivery", "order", "delivered_on", "quantity", "place", "note"];

    async fn cells(state: &AppState, _: &View, page: &[delivery::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let orders = page.iter().map(|row| row.order_id).collect();
        let orders = parts::<sales_order::Model>(state.store().pool(), orders).await?;
        let row = |row: &delivery::Model| {
            vec![
                entry::key(row),
                orders.get(&row.order_id).map(entry::key).unwrap_or_default(),
                row.delivered_on.to_string(),
                Decimal::new(row.quantity_micro, 6).normalize().to_string(),
                row.place.clone().unwrap_or_default(),
                row.note.clone().unwrap_or_default(),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

/// Refuses what is more than the order has left; `booked` are the rows of the chunk before this one.
async fn check_sum(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    after: &delivery::Model,
    booked: &[delivery::Model],
) -> Result<(), AppError> {
    let order = entry::queries::find(tx.conn(), &chunk.context.rows, after.order_id).await?;
    let Some(sales_order::Model { id, quantity_micro: ordered, .. }) = order else { return Ok(()) };
    let others = queries::deliveries_of(tx.conn(), id).await?;
    let is_old = |other: &&delivery::Model| other.id != after.id && booked.iter().all(|fresh| fresh.id != other.id);
    let fresh = booked.iter().filter(|fresh| fresh.order_id == id);
    let others = others.iter().filter(is_old).chain(fresh).map(|other| i128::from(other.quantity_micro));
    let sum = others.sum::<i128>() + i128::from(after.quantity_micro);
    if sum > i128::from(ordered) {
        let text = |micro: i128| Decimal::from_i128_with_scale(micro, 6).normalize().to_string();
        row.wrong("quantity", "delivered_more", &[&text(sum), &text(i128::from(ordered))]);
    }
    Ok(())
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&delivery::Model>,
    orders: &Lookup<sales_order::Model>,
    own: &Own<delivery::Model>,
) -> delivery::Model {
    let blank = || delivery::Model {
        id: Uuid::now_v7(),
        external_id: None,
        order_id: Uuid::nil(),
        delivered_on: chunk.context.today(),
        quantity_micro: 0,
        place: None,
        note: None,
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
    };
    let mut delivery = before.cloned().unwrap_or_else(blank);
    delivery.external_id = own.external_id(row, before);
    match orders.of(row, "order").map(|order| order.id) {
        Some(order) => delivery.order_id = order,
        None if before.is_none() && row.get("order").is_none() => row.wrong("order", "required", &[]),
        None => {}
    }
    delivery.delivered_on = entry::day(row, "delivered_on", before.is_none(), delivery.delivered_on);
    match row.micro("quantity") {
        Some(micro) if micro <= 0 => row.wrong("quantity", "not_positive", &[]),
        Some(micro) => delivery.quantity_micro = micro,
        None if before.is_none() && row.get("quantity").is_none() => row.wrong("quantity", "required", &[]),
        None => {}
    }
    delivery.place = row.text_or("place", NAME, delivery.place);
    delivery.note = row.text_or("note", NOTE, delivery.note);
    delivery
}

record_routes! {
    DeliveryEntry, form DeliveryForm, view DeliveryView, filter DeliveryFilter, tag "orders", path "/deliveries",
    one "/deliveries/{id}",
    list_deliveries "List deliveries", create_delivery "Record a delivery", get_delivery "Get a delivery",
    change_delivery "Change a delivery"
}
