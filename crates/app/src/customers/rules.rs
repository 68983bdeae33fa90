//! Rules of customers: finding them, what their facts take from them, who is new.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_store::entities::account;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{NewFact, StoreError};
use uuid::Uuid;

use super::queries;
use crate::entry::{Chunk, Lookup, Row, Words};

/// Names that are read for near misses; the first thousands are enough to find a slip.
const NEAR: u64 = 5_000;

/// The accounts that the rows of a chunk name, as far as the asker may see them.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// By id, external id and name.
    pub known: Lookup<account::Model>,
    near: Vec<String>,
}

impl Accounts {
    /// Reads the accounts that some columns name.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read(db: &impl ConnectionTrait, chunk: &Chunk, columns: &[&str]) -> Result<Self, StoreError> {
        let words = Words::of(&chunk.rows, columns);
        let mut accounts = Self::default();
        if words.is_empty() {
            return Ok(accounts);
        }
        for account in queries::named(db, &words).await? {
            if sees(&chunk.context.rows, &account) {
                accounts.put(account);
            }
        }
        let missing = words.others.iter().any(|word| accounts.known.get(word).is_none());
        if missing && chunk.rows.iter().any(|row| !row.is_form()) {
            accounts.near = queries::names(db, NEAR).await?;
        }
        Ok(accounts)
    }

    /// Adds an account.
    pub fn put(&mut self, account: account::Model) {
        let (id, name) = (account.id.to_string(), account.name.clone());
        let external = account.external_id.clone().unwrap_or_else(|| id.clone());
        self.known.put(account, &[&id, &external], &[&name]);
    }

    /// The account that a column names.
    pub fn of(&self, row: &mut Row, column: &str) -> Option<account::Model> {
        row.record(column, &self.known, &self.near).cloned()
    }
}

/// True where an account is in scope: owned by somebody the asker sees, or by nobody.
#[must_use]
pub fn sees(scope: &RowScope, account: &account::Model) -> bool {
    account.owner_id.is_none() || scope.covers(account.owner_id)
}

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

/// An account in the asker's scope.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn visible(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<account::Model>, StoreError> {
    let found = queries::find(db, id).await?;
    Ok(found.filter(|account| sees(scope, account)))
}

/// Accounts, for what is shown or counted of a record in scope: a deal's customer is part of the deal.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn accounts(
    db: &impl ConnectionTrait,
    mut ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, account::Model>, StoreError> {
    ids.sort_unstable();
    ids.dedup();
    let rows = queries::by_ids(db, &ids).await?;
    Ok(rows.into_iter().map(|account| (account.id, account)).collect())
}

/// One account, as [`accounts`].
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, StoreError> {
    queries::find(db, id).await
}
