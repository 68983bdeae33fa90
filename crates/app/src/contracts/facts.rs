//! Which facts follow from a contract.

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_engine::rounding::share_out;
use qiao_store::NewFact;
use qiao_store::books::Catalog;
use qiao_store::entities::{account, contract_line, opportunity};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::contract::Contract;
use super::lines::times;
use super::rules::signed_day;
use crate::customers::rules::{Signed, decide_kind, mark};
use crate::splits::Splits;

/// What the facts of a contract take from elsewhere.
pub struct Around<'a> {
    /// The definitions: the rule for new customers.
    pub definitions: &'a Definitions,
    /// Product lines.
    pub catalog: &'a Catalog,
    /// The customer.
    pub account: Option<&'a account::Model>,
    /// The opportunity it was won with.
    pub deal: Option<&'a opportunity::Model>,
    /// Who shares in that.
    pub deal_splits: Option<&'a Splits>,
    /// The days on which groups of companies signed.
    pub signed: &'a Signed,
}

/// Who is credited with a contract on a day: its own division, else that of the opportunity, else the owner.
#[must_use]
pub fn credited(whole: &Contract, deal: Option<&Splits>, day: NaiveDate) -> Vec<(Uuid, String, i64)> {
    let owner = whole.contract.owner_id;
    let own = whole.splits.on(day, None);
    if own.is_empty() { deal.map_or_else(|| whole.splits.on(day, owner), |deal| deal.on(day, owner)) } else { own }
}

/// A fact about a contract with its dimensions and credits, without amounts.
fn about(kind: &str, date: NaiveDate, whole: &Contract, around: &Around<'_>) -> NewFact {
    let contract = &whole.contract;
    let mut fact = NewFact::new(kind, date, &contract.currency, "contract", contract.id);
    mark(&mut fact, around.account);
    fact.opportunity_id = contract.opportunity_id;
    fact.contract_id = Some(contract.id);
    fact.contract_kind = Some(contract.contract_kind.clone());
    fact.source = around.deal.and_then(|deal| deal.source.clone());
    fact.credits = credited(whole, around.deal_splits, date);
    fact
}

/// The facts that a contract wants: one `contract_signed` for each line, or one for the whole where it has none, and
/// `agreement_filed`. A draft and a cancelled contract want none.
#[must_use]
pub fn wanted(whole: &Contract, around: &Around<'_>) -> Vec<NewFact> {
    let contract = &whole.contract;
    let Some(signed_on) = signed_day(contract) else { return Vec::new() };
    let mut base = about("contract_signed", signed_on, whole, around);
    decide_kind(&mut base, around.definitions, around.signed, Some(contract.id));
    let mut facts = Vec::new();
    if whole.lines.is_empty() {
        let product = around.deal.and_then(|deal| deal.product_id);
        facts.push(NewFact {
            amount_minor: contract.amount_minor,
            amount_excl_tax_minor: Some(contract.amount_excl_tax_minor),
            margin_minor: whole.margin_minor(),
            product_id: product,
            product_line: around.catalog.line_of(product),
            attributes: price_to_list(contract.amount_minor, contract.list_amount_minor),
            ..base.clone()
        });
    }
    let costs = line_costs(whole);
    for (index, line) in whole.lines.iter().enumerate() {
        let cost = costs.as_ref().and_then(|costs| costs.get(index).copied());
        facts.push(of_line(&base, line, cost, around));
    }
    if let Some(filed_on) = contract.filed_on {
        let mut fact = about("agreement_filed", filed_on, whole, around);
        fact.customer_kind.clone_from(&base.customer_kind);
        fact.rule_version.clone_from(&base.rule_version);
        fact.amount_minor = contract.amount_minor;
        fact.amount_excl_tax_minor = Some(contract.amount_excl_tax_minor);
        facts.push(fact);
    }
    facts
}

/// The cost of each line, so that they sum to the contract's: a cost stated for the whole is shared by the lines' amounts.
fn line_costs(whole: &Contract) -> Option<Vec<i64>> {
    let cost = whole.contract.cost_minor?;
    let own: Option<Vec<i64>> = whole.lines.iter().map(|line| times(line.quantity_micro, line.cost_minor?)).collect();
    match own.filter(|own| own.iter().sum::<i64>() == cost) {
        Some(own) => Some(own),
        None => {
            let weights: Vec<u64> = whole.lines.iter().map(|line| line.amount_minor.unsigned_abs()).collect();
            Some(share_out(cost, &weights))
        }
    }
}

fn of_line(base: &NewFact, line: &contract_line::Model, cost: Option<i64>, around: &Around<'_>) -> NewFact {
    let list = line.list_price_minor.and_then(|price| times(line.quantity_micro, price));
    let mut attributes = price_to_list(line.amount_minor, list);
    attributes.push(("line".to_owned(), line.position.to_string()));
    NewFact {
        amount_minor: line.amount_minor,
        amount_excl_tax_minor: Some(line.amount_excl_tax_minor),
        margin_minor: cost.map(|cost| line.amount_excl_tax_minor - cost),
        quantity_micro: Some(line.quantity_micro),
        product_id: line.product_id,
        product_line: around.catalog.line_of(line.product_id),
        attributes,
        ..base.clone()
    }
}

/// The price against the list price, as a fraction of one with four decimals.
fn price_to_list(amount_minor: i64, list_minor: Option<i64>) -> Vec<(String, String)> {
    let ratio = list_minor.filter(|list| *list > 0).and_then(|list| {
        let ratio = Decimal::from(amount_minor).checked_div(Decimal::from(list))?;
        Some(ratio.round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    });
    ratio.map(|ratio| ("price_to_list".to_owned(), ratio.normalize().to_string())).into_iter().collect()
}
