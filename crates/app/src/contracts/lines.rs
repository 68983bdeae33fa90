//! The lines of a contract and its payment schedule: how they are read and what they sum to.

use qiao_engine::money::{Currency, format_minor};
use qiao_engine::rounding::Rounding;
use qiao_store::books::Catalog;
use qiao_store::entities::{contract_line, payment_schedule};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::entry::Row;
use crate::figures::Amount;
use crate::forms::{Money, NAME};
use crate::splits::rules::share_text;

/// The parts of a line in a file: `GTX Pro|2|1000.00|0.13`.
const LINE: &[&str] = &["product", "quantity", "price", "tax_rate", "list_price", "cost", "description"];
/// The parts of a row of the schedule in a file: `2026-03-31|5000.00|首付款`.
const SCHEDULE: &[&str] = &["due_on", "amount", "name"];

/// A line as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct LineForm {
    /// The product.
    #[serde(default)]
    product_id: Option<String>,
    /// What it is, where there is no product.
    #[serde(default)]
    description: Option<String>,
    /// How many: a decimal string; 1 where absent.
    #[serde(default)]
    quantity: Option<String>,
    /// The list price of one, incl. tax; the product's where absent.
    #[serde(default)]
    list_price: Option<Money>,
    /// The price of one, incl. tax.
    price: Money,
    /// The cost of one; the product's where absent.
    #[serde(default)]
    cost: Option<Money>,
    /// The VAT rate as a fraction of one, for example `0.13`; the product's, else 0, where absent.
    #[serde(default)]
    tax_rate: Option<String>,
}

/// A row of a payment schedule as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ScheduleForm {
    /// What it is for.
    #[serde(default)]
    name: Option<String>,
    /// When it is due.
    due_on: String,
    /// How much.
    amount: Money,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContractLineView {
    product_id: Option<Uuid>,
    description: Option<String>,
    quantity: String,
    list_price: Option<Amount>,
    price: Amount,
    cost: Option<Amount>,
    tax_rate: String,
    /// Quantity x price.
    amount: Amount,
    /// The amount without VAT.
    amount_excl_tax: Amount,
}

/// A row of a payment schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScheduleView {
    name: Option<String>,
    due_on: String,
    amount: Amount,
}

/// An amount without VAT: the amount divided by one and the rate, rounded once.
#[must_use]
pub fn excl_tax(amount_minor: i64, tax_rate_ppm: i64) -> Option<i64> {
    let whole = Decimal::ONE + Decimal::new(tax_rate_ppm, 6);
    Rounding::HalfUp.to_minor(Decimal::from(amount_minor).checked_div(whole)?)
}

/// So many times a price, rounded once.
#[must_use]
pub fn times(quantity_micro: i64, price_minor: i64) -> Option<i64> {
    Rounding::HalfUp.to_minor(Decimal::new(quantity_micro, 6).checked_mul(Decimal::from(price_minor))?)
}

/// Reads the lines that a row states; none where it states none.
pub fn read_lines(
    row: &mut Row,
    contract_id: Uuid,
    catalog: &Catalog,
    currency: Currency,
) -> Option<Vec<contract_line::Model>> {
    let parts = row.parts("lines", LINE)?;
    let mut lines = Vec::with_capacity(parts.len());
    for (position, mut part) in (1..).zip(parts) {
        let line = read_line(&mut part, contract_id, position, catalog, currency);
        if part.errors.is_empty() {
            lines.extend(line);
        }
        row.absorb(part);
    }
    Some(lines)
}

fn read_line(
    part: &mut Row,
    contract_id: Uuid,
    position: i32,
    catalog: &Catalog,
    currency: Currency,
) -> Option<contract_line::Model> {
    let product = part.product("product", catalog).and_then(|id| catalog.product(id));
    let quantity_micro = if part.names("quantity") { part.micro("quantity")? } else { 1_000_000 };
    if quantity_micro <= 0 {
        part.wrong("quantity", "not_positive", &[]);
        return None;
    }
    let price_minor = part.positive_or("price", currency, None);
    if price_minor.is_none() && part.get("price").is_none() {
        part.wrong("price", "required", &[]);
    }
    let list_price_minor = part.positive_or("list_price", currency, product.and_then(|p| p.list_price_minor));
    let cost_minor = part.positive_or("cost", currency, product.and_then(|p| p.cost_minor));
    let tax_rate_ppm = part.share("tax_rate").or(product.and_then(|p| p.tax_rate_ppm)).unwrap_or(0);
    let description = part.text("description", NAME);
    let price_minor = price_minor?;
    let amounts = times(quantity_micro, price_minor).and_then(|amount| Some((amount, excl_tax(amount, tax_rate_ppm)?)));
    let Some((amount_minor, amount_excl_tax_minor)) = amounts else {
        part.wrong("price", "not_money", &[&price_minor.to_string()]);
        return None;
    };
    Some(contract_line::Model {
        id: 0,
        contract_id,
        position,
        product_id: product.map(|product| product.id),
        product_line_id: product.and_then(|product| product.product_line_id),
        description,
        quantity_micro,
        list_price_minor,
        price_minor,
        cost_minor,
        tax_rate_ppm,
        amount_minor,
        amount_excl_tax_minor,
    })
}

/// Reads the schedule that a row states; none where it states none. Rows keep their ids by position, since payments refer
/// to them.
pub fn read_schedule(
    row: &mut Row,
    contract_id: Uuid,
    old: &[payment_schedule::Model],
    currency: Currency,
) -> Option<Vec<payment_schedule::Model>> {
    let parts = row.parts("schedule", SCHEDULE)?;
    let mut schedule = Vec::with_capacity(parts.len());
    for (position, mut part) in (1..).zip(parts) {
        let due_on = part.date("due_on");
        if due_on.is_none() && part.get("due_on").is_none() {
            part.wrong("due_on", "required", &[]);
        }
        let amount_minor = part.money("amount", currency);
        match amount_minor {
            Some(minor) if minor <= 0 => part.wrong("amount", "not_positive", &[]),
            None if part.get("amount").is_none() => part.wrong("amount", "required", &[]),
            _ => {}
        }
        let name = part.text("name", NAME);
        let id = old.iter().find(|row| row.position == position).map_or_else(Uuid::now_v7, |row| row.id);
        if let (Some(due_on), Some(amount_minor)) = (due_on, amount_minor) {
            schedule.push(payment_schedule::Model { id, contract_id, position, name, due_on, amount_minor });
        }
        row.absorb(part);
    }
    Some(schedule)
}

/// The sum; none where a value is missing or the sum is beyond what can be kept.
fn total(mut values: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    values.try_fold(0_i64, |sum, value| sum.checked_add(value?))
}

/// Sums of lines: amount, amount without VAT, list amount, cost. List amount and cost are known where every line has one.
#[must_use]
pub fn sums(lines: &[contract_line::Model]) -> Option<(i64, i64, Option<i64>, Option<i64>)> {
    let amount = total(lines.iter().map(|line| Some(line.amount_minor)))?;
    let excl = total(lines.iter().map(|line| Some(line.amount_excl_tax_minor)))?;
    let list = total(lines.iter().map(|line| times(line.quantity_micro, line.list_price_minor?)));
    let cost = total(lines.iter().map(|line| times(line.quantity_micro, line.cost_minor?)));
    Some((amount, excl, list, cost))
}

/// A number of millionths as a decimal.
fn micro_text(micro: i64) -> String {
    Decimal::new(micro, 6).normalize().to_string()
}

/// Lines as the API answers them.
#[must_use]
pub fn line_views(lines: &[contract_line::Model], currency: Currency) -> Vec<ContractLineView> {
    let money = |minor: i64| Amount::minor(minor, currency);
    let view = |line: &contract_line::Model| ContractLineView {
        product_id: line.product_id,
        description: line.description.clone(),
        quantity: micro_text(line.quantity_micro),
        list_price: line.list_price_minor.map(money),
        price: money(line.price_minor),
        cost: line.cost_minor.map(money),
        tax_rate: share_text(line.tax_rate_ppm),
        amount: money(line.amount_minor),
        amount_excl_tax: money(line.amount_excl_tax_minor),
    };
    lines.iter().map(view).collect()
}

/// A schedule as the API answers it.
#[must_use]
pub fn schedule_views(schedule: &[payment_schedule::Model], currency: Currency) -> Vec<ScheduleView> {
    let view = |row: &payment_schedule::Model| ScheduleView {
        name: row.name.clone(),
        due_on: row.due_on.to_string(),
        amount: Amount::minor(row.amount_minor, currency),
    };
    schedule.iter().map(view).collect()
}

/// Lines as a file has them.
#[must_use]
pub fn line_cell(lines: &[contract_line::Model], catalog: &Catalog, currency: Currency) -> String {
    let money = |minor: Option<i64>| minor.map(|minor| format_minor(minor, currency)).unwrap_or_default();
    let part = |line: &contract_line::Model| {
        let product = line.product_id.and_then(|id| catalog.product(id)).map(|p| p.code.clone()).unwrap_or_default();
        let parts = [
            product,
            micro_text(line.quantity_micro),
            money(Some(line.price_minor)),
            share_text(line.tax_rate_ppm),
            money(line.list_price_minor),
            money(line.cost_minor),
            line.description.clone().unwrap_or_default(),
        ];
        parts.join("|").trim_end_matches('|').to_owned()
    };
    lines.iter().map(part).collect::<Vec<_>>().join(";")
}

/// A schedule as a file has it.
#[must_use]
pub fn schedule_cell(schedule: &[payment_schedule::Model], currency: Currency) -> String {
    let part = |row: &payment_schedule::Model| {
        let name = row.name.as_ref().map(|name| format!("|{name}")).unwrap_or_default();
        format!("{}|{}{name}", row.due_on, format_minor(row.amount_minor, currency))
    };
    schedule.iter().map(part).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_is_taken_out_and_rounded_once() {
        assert_eq!(excl_tax(11_300, 130_000), Some(10_000));
        assert_eq!(excl_tax(10_000, 130_000), Some(8_850));
        assert_eq!(excl_tax(10_000, 0), Some(10_000));
        assert_eq!(times(2_500_000, 333), Some(833));
        assert_eq!(times(i64::MAX, i64::MAX), None);
    }
}
