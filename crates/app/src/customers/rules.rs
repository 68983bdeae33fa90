//! Rules of customers: finding them, what their facts take from them, who is new.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::entities::account;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError};
use uuid::Uuid;

use super::queries;
use crate::entry::Lookup;
use crate::entry::queries::parts;

/// The accounts that the rows of a chunk name, as far as the asker may see them.
pub type Accounts = Lookup<account::Model>;

/// The days on which groups of companies signed contracts, with the contract.
pub type Signed = BTreeMap<Uuid, Vec<(Uuid, NaiveDate)>>;

/// Reads the days on which groups of companies signed contracts.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn signed_on(db: &impl ConnectionTrait, mut groups: Vec<Uuid>) -> Result<Signed, StoreError> {
    groups.sort_unstable();
    groups.dedup();
    let mut days = Signed::new();
    if !groups.is_empty() {
        for (group, contract, day) in queries::signed_on(db, &groups).await? {
            days.entry(group).or_default().push((contract, day));
        }
    }
    Ok(days)
}

/// Puts the customer on a fact.
pub fn mark(fact: &mut NewFact, account: Option<&account::Model>) {
    fact.account_id = account.map(|account| account.id);
    fact.account_group = account.map(|account| account.group_id);
    fact.region = account.and_then(|account| account.region.clone());
    fact.tier = account.and_then(|account| account.tier.clone());
}

/// Puts on a fact whether its customer is new, by the company's rule. The contract in question does not count.
pub fn decide_kind(fact: &mut NewFact, definitions: &Definitions, signed: &Signed, contract: Option<Uuid>) {
    let Some(group) = fact.account_group else { return };
    let rule = &definitions.company.customer_rule;
    let days: Vec<NaiveDate> =
        signed.get(&group).into_iter().flatten().filter(|(id, _)| Some(*id) != contract).map(|(_, day)| *day).collect();
    fact.customer_kind = Some(rule.decide(&days, fact.date).as_str().to_owned());
    fact.rule_version = Some(rule.version.clone());
}

/// Accounts, for what is shown or counted of a record in scope: a deal's customer is part of the deal.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn accounts(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, account::Model>, StoreError> {
    parts(db, ids).await
}

/// One account, as [`accounts`].
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, StoreError> {
    Ok(parts(db, vec![id]).await?.into_values().next())
}
