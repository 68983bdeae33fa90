//! Rules of accounts: how a file of them goes in, who is a new customer.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_store::entities::account;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{AuditEntry, StoreError, Tx};
use uuid::Uuid;

use super::queries;
use crate::error::AppError;
use crate::forms::NAME;
use crate::imports::{Applied, Chunk, Row, RowOutcome, Verdict};

/// Columns of a file of accounts.
pub const COLUMNS: &[&str] = &[
    "account",
    "name",
    "parent",
    "industry",
    "region",
    "tier",
    "source",
    "phone",
    "website",
    "address",
    "founded_year",
    "employees",
    "revenue",
    "owner",
];

/// Accounts by the names that files use: the external id, else the name.
#[derive(Debug, Default)]
pub struct ByName {
    accounts: Vec<account::Model>,
    index: BTreeMap<String, usize>,
}

impl ByName {
    /// Reads the accounts of some names.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read(db: &impl ConnectionTrait, names: &[String]) -> Result<Self, StoreError> {
        let mut known = Self::default();
        if !names.is_empty() {
            for account in queries::named(db, names).await? {
                known.put(account);
            }
        }
        Ok(known)
    }

    fn put(&mut self, account: account::Model) {
        let at = self.accounts.len();
        // The external id wins over a name; the oldest account wins among those of one name.
        self.index.entry(account.name.clone()).or_insert(at);
        if let Some(external) = &account.external_id {
            self.index.insert(external.clone(), at);
        }
        self.accounts.push(account);
    }

    /// The account of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&account::Model> {
        self.index.get(name).and_then(|at| self.accounts.get(*at))
    }
}

/// Names of accounts for near misses; the first thousands are enough to find a slip.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn some_names(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    queries::names(db, 5_000).await
}

/// The days on which groups of companies signed contracts.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn signed_on(
    db: &impl ConnectionTrait,
    groups: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<NaiveDate>>, StoreError> {
    let mut days: BTreeMap<Uuid, Vec<NaiveDate>> = BTreeMap::new();
    if !groups.is_empty() {
        for (group, day) in queries::signed_on(db, groups).await? {
            days.entry(group).or_default().push(day);
        }
    }
    Ok(days)
}

/// Imports rows of accounts. A parent is an account that is there or stands in the same file.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn import(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let mut names: Vec<String> = Vec::new();
    for row in &chunk.rows {
        names.extend(["account", "name", "parent"].into_iter().filter_map(|column| row.get(column)).map(str::to_owned));
    }
    let mut known = ByName::read(tx.conn(), &names).await?;
    let mut rows = Vec::with_capacity(chunk.rows.len());
    for row in &chunk.rows {
        rows.push(import_row(tx, chunk, &mut known, row.clone()).await?);
    }
    Ok(Applied { rows, beside: BTreeMap::new() })
}

async fn import_row(tx: &mut Tx, chunk: &Chunk, known: &mut ByName, mut row: Row) -> Result<RowOutcome, AppError> {
    let definitions = &chunk.view.snapshot.definitions;
    let key = row.required("account", NAME);
    let existing = known.get(&key).cloned();
    let now_ms = tx.now_ms();
    let mut account = existing.clone().unwrap_or_else(|| blank(&key, tx.actor().user_id(), now_ms));
    account.name = row.text("name", NAME).unwrap_or_else(|| existing.as_ref().map_or(key.clone(), |a| a.name.clone()));
    account.industry = row.text("industry", NAME).or(account.industry);
    account.region = row.text("region", NAME).or(account.region);
    account.tier = row.text("tier", NAME).or(account.tier);
    account.source = row.text("source", NAME).or(account.source);
    account.phone = row.text("phone", 50).or(account.phone);
    account.website = row.text("website", 500).or(account.website);
    account.address = row.text("address", 500).or(account.address);
    let year = row.integer("founded_year", 1_000, 2_100).and_then(|year| i32::try_from(year).ok());
    account.founded_year = year.or(account.founded_year);
    account.employees = row.integer("employees", 0, 100_000_000).or(account.employees);
    account.revenue_minor = row.money("revenue", definitions.company.currency).or(account.revenue_minor);
    if let Some(name) = row.text("parent", NAME) {
        match known.get(&name) {
            Some(parent) if parent.id == account.id => row.wrong("parent", "circle", &[]),
            Some(parent) => {
                account.parent_id = Some(parent.id);
                account.group_id = parent.group_id;
            }
            None => {
                let names = some_names(tx.conn()).await?;
                row.unknown("parent", &name, names.iter().map(String::as_str));
            }
        }
    }
    if let Some(owner) = row.text("owner", NAME) {
        match definitions.person_by_key(&owner) {
            Some(person) => account.owner_id = Some(Uuid::from_u128(person.id)),
            None => {
                row.unknown("owner", &owner, definitions.people.values().map(qiao_engine::definitions::Person::key))
            }
        }
    }
    if !row.errors.is_empty() {
        return Ok(row.outcome(Verdict::Rejected));
    }
    if existing.as_ref() == Some(&account) {
        return Ok(row.outcome(Verdict::Unchanged));
    }
    account.version += 1;
    account.updated_at = now_ms;
    let verdict = if existing.is_some() { Verdict::Updated } else { Verdict::Created };
    match &existing {
        Some(_) => queries::save(tx.conn(), account.clone()).await?,
        None => queries::insert(tx.conn(), account.clone()).await?,
    }
    tx.audit(AuditEntry {
        action: if existing.is_some() { "updated" } else { "created" },
        record_type: "account",
        record_id: Some(account.id),
        before: existing.as_ref().map(json),
        after: Some(json(&account)),
    });
    known.put(account);
    Ok(row.outcome(verdict))
}

fn blank(key: &str, created_by: Option<Uuid>, now_ms: i64) -> account::Model {
    let id = Uuid::now_v7();
    account::Model {
        id,
        external_id: Some(key.to_owned()),
        name: String::new(),
        parent_id: None,
        group_id: id,
        social_credit_code: None,
        industry: None,
        region: None,
        tier: None,
        source: None,
        phone: None,
        website: None,
        address: None,
        founded_year: None,
        employees: None,
        revenue_minor: None,
        owner_id: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: now_ms,
        created_by,
        updated_at: now_ms,
        archived_at: None,
    }
}

fn json(account: &account::Model) -> String {
    serde_json::json!({
        "external_id": account.external_id, "name": account.name, "parent_id": account.parent_id,
        "industry": account.industry, "region": account.region, "tier": account.tier, "source": account.source,
        "founded_year": account.founded_year, "employees": account.employees, "revenue_minor": account.revenue_minor,
        "owner_id": account.owner_id,
    })
    .to_string()
}

/// An account in the asker's scope: owned by somebody the asker sees, or by nobody.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn visible(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<account::Model>, StoreError> {
    let found = queries::find(db, id).await?;
    Ok(found.filter(|account| account.owner_id.is_none() || scope.covers(account.owner_id)))
}

/// An account, for what is shown of a record in scope: a deal's customer is part of the deal.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, StoreError> {
    queries::find(db, id).await
}
