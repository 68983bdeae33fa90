//! Rules of customers: finding them, what their facts take from them, who is new.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::books::View;
use qiao_store::entities::{account, contact};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError};
use uuid::Uuid;

use super::queries;
use crate::entry::Lookup;
use crate::entry::queries::parts;
use crate::state::AppState;

/// The accounts that the rows of a chunk name, as far as the asker may see them.
pub type Accounts = Lookup<account::Model>;

/// The contacts that the rows of a chunk name, as far as the asker may see them.
pub type Contacts = Lookup<contact::Model>;

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

/// The names of accounts that records in scope name.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn account_names(
    state: &AppState,
    view: &View,
    ids: impl IntoIterator<Item = Option<Uuid>>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let mut ids: Vec<Uuid> = ids.into_iter().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let read = async |ids| {
        let found = accounts(state.store().pool(), ids).await?;
        Ok(found.into_values().map(|account| (account.id, account.name)).collect())
    };
    state.account_names().through(view.names, ids, read).await
}

/// The names of contacts that records in scope name.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn contact_names(
    state: &AppState,
    ids: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let contacts = parts::<contact::Model>(state.store().pool(), ids.flatten().collect()).await?;
    Ok(contacts.into_values().map(|contact| (contact.id, contact.name)).collect())
}
