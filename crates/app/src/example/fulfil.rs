//! What followed the example company's contracts: invoices, and for goods orders with their deliveries.

use chrono::{Days, NaiveDate};

use super::random::Random;
use super::sales::{PRODUCTS, table, working};
use super::work::{Contract, Work, after};
use crate::imports::Table;

/// The product line of goods; what is software or service is not delivered.
const GOODS: &str = "数采";

/// An order that was called off from a contract.
struct Order<'a> {
    key: String,
    contract: &'a Contract,
    quantity: i64,
    sold_on: NaiveDate,
    deliveries: Vec<(NaiveDate, i64)>,
}

impl Work<'_> {
    /// The file of invoices: one for each row of a schedule, shortly before it is due.
    pub fn invoices(&self) -> Table {
        let mut random = Random::new(43);
        let header = ["invoice", "number", "contract", "issued_on", "kind", "amount"];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for contract in self.booked() {
            for (due, amount) in &contract.schedule {
                let early = u64::try_from(random.between(0, 14)).unwrap_or(0);
                let day = working(*due - Days::new(early)).max(contract.signed_on);
                if day > self.today || random.chance(6) {
                    continue;
                }
                let number = rows.len() + 1;
                rows.push(vec![
                    format!("F{number:05}"),
                    format!("FP-{}-{number:05}", day.format("%Y")),
                    contract.key.clone(),
                    day.to_string(),
                    "invoice".to_owned(),
                    amount.to_string(),
                ]);
            }
        }
        table(&header, rows.into_iter())
    }

    /// The file of orders.
    pub fn orders(&self) -> Table {
        let header = [
            "sales_order",
            "number",
            "contract",
            "owner",
            "sold_on",
            "channel",
            "status",
            "amount",
            "product",
            "quantity",
        ];
        let rows = self.called_off().into_iter().map(|order| {
            let deal = &self.sales.deals[order.contract.deal];
            let delivered: i64 = order.deliveries.iter().map(|(_, quantity)| quantity).sum();
            vec![
                order.key.clone(),
                order.key.replacen("DD", "DD-", 1),
                order.contract.key.clone(),
                self.sales.reps[deal.owner].key.clone(),
                order.sold_on.to_string(),
                "直销".to_owned(),
                if delivered == order.quantity { "delivered" } else { "open" }.to_owned(),
                deal.amount.to_string(),
                PRODUCTS[deal.product].0.to_owned(),
                order.quantity.to_string(),
            ]
        });
        table(&header, rows)
    }

    /// The file of deliveries.
    pub fn deliveries(&self) -> Table {
        let header = ["delivery", "order", "delivered_on", "quantity", "place"];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for order in self.called_off() {
            let account = &self.sales.accounts[self.sales.deals[order.contract.deal].account];
            for (day, quantity) in &order.deliveries {
                let key = format!("S{:05}", rows.len() + 1);
                let cells = [order.key.clone(), day.to_string(), quantity.to_string(), account.name.clone()];
                rows.push([vec![key], cells.to_vec()].concat());
            }
        }
        table(&header, rows.into_iter())
    }

    /// An order for each contract about goods; large ones are delivered in two parts.
    fn called_off(&self) -> Vec<Order<'_>> {
        let mut random = Random::new(47);
        let goods = self.booked().filter(|contract| PRODUCTS[self.sales.deals[contract.deal].product].1 == GOODS);
        let orders = goods.zip(1..).map(|(contract, number)| {
            let deal = &self.sales.deals[contract.deal];
            let quantity = (deal.amount / PRODUCTS[deal.product].2).max(1);
            let sold_on = working(after(contract.signed_on, random.between(1, 5))).min(self.today);
            let first = if quantity > 1 { quantity / 2 } else { quantity };
            let days = [random.between(8, 20), random.between(25, 40)];
            let parts = days.into_iter().zip([first, quantity - first]);
            let deliveries = parts
                .map(|(days, quantity)| (working(after(sold_on, days)), quantity))
                .filter(|(day, quantity)| *day <= self.today && *quantity > 0)
                .collect();
            Order { key: format!("DD{number:05}"), contract, quantity, sold_on, deliveries }
        });
        orders.collect()
    }
}
