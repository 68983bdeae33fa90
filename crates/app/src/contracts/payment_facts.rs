//! Booking money: what a payment, refund or write-off does to a contract's open amounts, and the facts that follow, one
//! for each row of the schedule.

use std::collections::{BTreeMap, BTreeSet};

use qiao_engine::money::{Currency, format_minor};
use qiao_store::entities::{account, contract, fact, payment, payment_allocation};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError, Tx};
use uuid::Uuid;

use super::allocation::{Booked, Part, allocate, give_back, open, proportional};
use super::contract::Contract;
use super::{facts as contract_facts, queries, rules};
use crate::customers::rules::mark;
use crate::entry::{Chunk, Row};
use crate::error::AppError;
use crate::facts::{self, Standings};
use crate::splits::Splits;
use crate::{customers, pipeline};

/// A contract with what was booked for it.
struct Ledger {
    whole: Contract,
    booked: Vec<Booked>,
    account: Option<account::Model>,
    deal_splits: Option<Splits>,
    source: Option<String>,
    /// The fact of signing that stands: whether the customer was new then.
    signing: Option<fact::Model>,
    product_line: Option<String>,
    product: Option<Uuid>,
}

/// The contracts of a chunk.
pub struct Ledgers {
    by_contract: BTreeMap<Uuid, Ledger>,
    /// The facts of payments that stand, by payment.
    standing: Standings,
}

impl Ledgers {
    /// Reads everything that booking needs.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read(
        db: &impl ConnectionTrait,
        chunk: &Chunk,
        contracts: impl Iterator<Item = &contract::Model>,
        payments: impl Iterator<Item = &payment::Model>,
    ) -> Result<Self, StoreError> {
        let mut ids: BTreeSet<Uuid> = contracts.map(|contract| contract.id).collect();
        let mut old = Vec::new();
        for payment in payments {
            ids.insert(payment.contract_id);
            old.push(payment.id);
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows = rules::contracts(db, ids.clone()).await?;
        let whole = rules::whole(db, rows.into_values().collect()).await?;
        let mut booked: BTreeMap<Uuid, Vec<Booked>> = BTreeMap::new();
        for (contract, part) in queries::booked(db, &ids).await? {
            booked.entry(contract).or_default().push(part);
        }
        let accounts = whole.iter().map(|whole| whole.contract.account_id).collect();
        let accounts = customers::rules::accounts(db, accounts).await?;
        let deals: Vec<Uuid> = whole.iter().filter_map(|whole| whole.contract.opportunity_id).collect();
        let shared = Splits::of(db, "opportunity", &deals).await?;
        let deals = pipeline::rules::opportunities(db, deals).await?;
        let signings = facts::standing(db, &ids).await?;
        let catalog = &chunk.view.catalog;
        let mut by_contract = BTreeMap::new();
        for whole in whole {
            let id = whole.contract.id;
            let deal = whole.contract.opportunity_id.and_then(|id| deals.get(&id));
            let stands = signings.of(id).iter();
            let signing = stands.map(|(fact, _)| fact).find(|fact| fact.kind == "contract_signed").cloned();
            let product = only(whole.lines.iter().map(|line| line.product_id));
            let product = if whole.lines.is_empty() { deal.and_then(|deal| deal.product_id) } else { product };
            let product_line = if whole.lines.is_empty() {
                catalog.line_of(product)
            } else {
                only(whole.lines.iter().map(|line| catalog.line_of(line.product_id)))
            };
            let ledger = Ledger {
                booked: booked.remove(&id).unwrap_or_default(),
                account: accounts.get(&whole.contract.account_id).cloned(),
                deal_splits: whole.contract.opportunity_id.and_then(|id| shared.get(&id)).cloned(),
                source: deal.and_then(|deal| deal.source.clone()),
                signing,
                product_line,
                product,
                whole,
            };
            by_contract.insert(id, ledger);
        }
        Ok(Self { by_contract, standing: facts::standing(db, &old).await? })
    }

    /// Who is credited with the money of a contract on a day, each once.
    #[must_use]
    pub fn credited(&self, contract: Uuid, day: chrono::NaiveDate) -> BTreeSet<Uuid> {
        let Some(ledger) = self.by_contract.get(&contract) else { return BTreeSet::new() };
        let owner = ledger.whole.contract.owner_id;
        let own = ledger.whole.splits.people().next().is_some();
        let splits = ledger.deal_splits.as_ref().filter(|_| !own).unwrap_or(&ledger.whole.splits);
        splits.on(day, owner).into_iter().map(|(person, ..)| person).chain(owner).collect()
    }

    /// Books a payment anew: what it did before is undone. None, with the reason on the row, where more would go back
    /// than came in, or more be given up than is open.
    ///
    /// # Errors
    /// [`StoreError`] where a fact is refused.
    pub fn book(
        &mut self,
        tx: &mut Tx,
        row: &mut Row,
        payment: &payment::Model,
    ) -> Result<Option<Vec<payment_allocation::Model>>, AppError> {
        let ledger = self.by_contract.get_mut(&payment.contract_id).ok_or(AppError::NotFound)?;
        let standing = self.standing.of(payment.id);
        ledger.booked.retain(|part| part.payment != payment.id);
        let parts = if payment.reversed_at.is_some() { Some(Vec::new()) } else { ledger.parts(row, payment) };
        let Some(parts) = parts else { return Ok(None) };
        if let Some(more) = ledger.refunded_more(&parts) {
            row.wrong("amount", "refund_too_large", &[&format_minor(more, ledger.whole.currency())]);
            return Ok(None);
        }
        let Some(wanted) = ledger.wanted(payment, &parts) else {
            row.wrong("amount", "not_money", &[&payment.amount_minor.to_string()]);
            return Ok(None);
        };
        let sums: Vec<(i64, Option<i64>)> =
            wanted.iter().map(|fact| (fact.amount_excl_tax_minor.unwrap_or(0), fact.margin_minor)).collect();
        let ids = facts::restate(tx, standing, wanted)?;
        let mut allocations = Vec::with_capacity(parts.len());
        for ((part, fact), (excl_tax_minor, margin_minor)) in parts.into_iter().zip(ids).zip(sums) {
            allocations.push(payment_allocation::Model {
                id: 0,
                payment_id: payment.id,
                schedule_id: part.schedule,
                amount_minor: part.amount_minor,
                due_on: part.due_on,
                days_overdue: part.due_on.map_or(0, |due| (payment.received_on - due).num_days().max(0)),
                fact_id: fact,
            });
            ledger.booked.push(Booked {
                payment: payment.id,
                kind: payment.kind.clone(),
                schedule: part.schedule,
                due_on: part.due_on,
                amount_minor: part.amount_minor,
                excl_tax_minor,
                margin_minor,
                fact,
            });
        }
        Ok(Some(allocations))
    }
}

/// The value that all have in common.
fn only<T: PartialEq>(mut values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

impl Ledger {
    fn parts(&self, row: &mut Row, payment: &payment::Model) -> Option<Vec<Part>> {
        let schedule: Vec<_> = self.whole.schedule.iter().map(|row| (row.id, row.due_on, row.amount_minor)).collect();
        let currency = self.whole.currency();
        match payment.kind.as_str() {
            "refund" => {
                let parts = give_back(&self.booked, payment.refers_to, payment.amount_minor);
                if parts.is_none() {
                    row.wrong("amount", "refund_too_large", &[&self.came_in(payment.refers_to, currency)]);
                }
                parts
            }
            "write_off" => {
                let booked: i64 = self.booked.iter().map(|part| part.amount_minor).sum();
                let left = (self.whole.contract.amount_minor - booked).max(0);
                if payment.amount_minor > left {
                    row.wrong("amount", "write_off_too_large", &[&format_minor(left, currency)]);
                    return None;
                }
                Some(allocate(&open(&schedule, &self.booked), payment.amount_minor))
            }
            _ => Some(allocate(&open(&schedule, &self.booked), payment.amount_minor)),
        }
    }

    /// What came in, less what went back.
    fn net(&self, payment: Option<Uuid>) -> i64 {
        let paid = self.booked.iter().filter(|b| b.kind == "payment" && payment.is_none_or(|id| b.payment == id));
        let back = self.booked.iter().filter(|b| b.kind == "refund" && payment.is_none());
        paid.chain(back).map(|b| b.amount_minor).sum()
    }

    fn came_in(&self, payment: Option<Uuid>, currency: Currency) -> String {
        format_minor(self.net(payment), currency)
    }

    /// By how much refunds would exceed what came in, after a correction of a payment.
    fn refunded_more(&self, parts: &[Part]) -> Option<i64> {
        let new: i64 = parts.iter().map(|part| part.amount_minor).sum();
        let net = self.net(None) + new;
        (net < 0).then_some(-net)
    }

    /// The facts of a payment's parts.
    fn wanted(&self, payment: &payment::Model, parts: &[Part]) -> Option<Vec<NewFact>> {
        let contract = &self.whole.contract;
        let kind = match payment.kind.as_str() {
            "payment" => "payment_received",
            other => other,
        };
        let given_up = kind == "write_off";
        let came = |part: &&Booked| part.kind != "write_off";
        let mut so_far: i64 = self.booked.iter().filter(came).map(|part| part.amount_minor).sum();
        let mut net: i64 = self.booked.iter().filter(came).map(|part| part.excl_tax_minor).sum();
        let mut margin: i64 = self.booked.iter().filter(came).filter_map(|part| part.margin_minor).sum();
        let mut wanted = Vec::with_capacity(parts.len());
        for part in parts {
            let mut fact = self.about(kind, payment);
            fact.due_date = part.due_on;
            fact.refers_to = part.origin;
            let (amount, excl) = (contract.amount_minor, contract.amount_excl_tax_minor);
            if given_up {
                fact.amount_minor = -part.amount_minor;
                fact.amount_excl_tax_minor = Some(proportional(amount, excl, -part.amount_minor, 0)?);
            } else {
                so_far = so_far.checked_add(part.amount_minor)?;
                let part_net = proportional(amount, excl, so_far, net)?;
                net += part_net;
                fact.amount_minor = part.amount_minor;
                fact.amount_excl_tax_minor = Some(part_net);
                if let Some(whole) = self.whole.margin_minor() {
                    let part_margin = proportional(amount, whole, so_far, margin)?;
                    margin += part_margin;
                    fact.margin_minor = Some(part_margin);
                }
            }
            wanted.push(fact);
        }
        Some(wanted)
    }

    fn about(&self, kind: &str, payment: &payment::Model) -> NewFact {
        let contract = &self.whole.contract;
        let mut fact = NewFact::new(kind, payment.received_on, &contract.currency, "payment", payment.id);
        mark(&mut fact, self.account.as_ref());
        fact.opportunity_id = contract.opportunity_id;
        fact.contract_id = Some(contract.id);
        fact.payment_id = Some(payment.id);
        fact.contract_kind = Some(contract.contract_kind.clone());
        fact.product_id = self.product;
        fact.product_line.clone_from(&self.product_line);
        fact.source.clone_from(&self.source);
        // What was decided at signing holds for the money, too.
        fact.customer_kind = self.signing.as_ref().and_then(|signing| signing.customer_kind.clone());
        fact.rule_version = self.signing.as_ref().and_then(|signing| signing.rule_version.clone());
        fact.credits = contract_facts::credited(&self.whole, self.deal_splits.as_ref(), payment.received_on);
        fact
    }
}
