//! Keeping the facts of a record true: what stands and is still so stays, what is no longer so is taken back, what is
//! missing is recorded. Nothing is ever rewritten.

use std::collections::BTreeMap;

use qiao_store::entities::{credit, fact};
use qiao_store::{NewFact, StoreError, Tx};
use uuid::Uuid;

/// A fact of the ledger with its credits.
pub type Standing = (fact::Model, Vec<credit::Model>);

/// Makes the standing facts of a record say what is wanted. Answers the ids of the wanted facts, in their order.
///
/// Whether a customer was new is not asked again: a corrected fact of the same day and group keeps what was decided then,
/// with the rule that decided it.
///
/// # Errors
/// [`StoreError::Fact`] where shares sum to more than the whole.
pub fn restate(tx: &mut Tx, standing: &[Standing], wanted: Vec<NewFact>) -> Result<Vec<Uuid>, StoreError> {
    let mut free: Vec<Option<&Standing>> = standing.iter().map(Some).collect();
    let mut ids: Vec<Option<Uuid>> = Vec::with_capacity(wanted.len());
    for fact in &wanted {
        let found = free.iter_mut().find(|slot| slot.is_some_and(|(have, credits)| same(have, credits, fact)));
        ids.push(found.and_then(Option::take).map(|(fact, _)| fact.id));
    }
    for (fact, credits) in free.into_iter().flatten() {
        tx.reverse(fact, credits.clone())?;
    }
    let mut all = Vec::with_capacity(wanted.len());
    for (mut fact, id) in wanted.into_iter().zip(ids) {
        let id = match id {
            Some(id) => id,
            None => {
                keep_decision(&mut fact, standing);
                tx.fact(fact)?
            }
        };
        all.push(id);
    }
    Ok(all)
}

fn keep_decision(fact: &mut NewFact, standing: &[Standing]) {
    let before = standing.iter().map(|(have, _)| have).find(|have| {
        have.kind == fact.kind
            && have.date == fact.date
            && have.account_group == fact.account_group
            && have.customer_kind.is_some()
    });
    if let (Some(before), true) = (before, fact.customer_kind.is_some()) {
        fact.customer_kind.clone_from(&before.customer_kind);
        fact.rule_version.clone_from(&before.rule_version);
    }
}

/// True where a recorded fact says what a new one would. Region and tier are those of the day it was recorded.
fn same(fact: &fact::Model, credits: &[credit::Model], wanted: &NewFact) -> bool {
    let mut have: Vec<_> = credits.iter().map(|c| (c.person_id, c.role.clone(), c.share_ppm)).collect();
    let mut want = wanted.credits.clone();
    have.sort();
    want.sort();
    let attributes: BTreeMap<String, String> =
        fact.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    fact.kind == wanted.kind
        && fact.date == wanted.date
        && fact.amount_minor == wanted.amount_minor
        && fact.amount_excl_tax_minor == wanted.amount_excl_tax_minor
        && fact.margin_minor == wanted.margin_minor
        && fact.quantity_micro == wanted.quantity_micro
        && fact.score_micro == wanted.score_micro
        && fact.account_id == wanted.account_id
        && fact.account_group == wanted.account_group
        && fact.opportunity_id == wanted.opportunity_id
        && fact.contract_id == wanted.contract_id
        && fact.contract_kind == wanted.contract_kind
        && fact.product_id == wanted.product_id
        && fact.product_line == wanted.product_line
        && fact.source == wanted.source
        && fact.due_date == wanted.due_date
        && fact.refers_to == wanted.refers_to
        && attributes == wanted.attributes.iter().cloned().collect()
        && have == want
}
