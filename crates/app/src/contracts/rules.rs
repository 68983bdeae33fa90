//! Rules of contracts: finding them, what counts as signed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{contract, contract_line, payment};
use qiao_store::sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::contract::Contract;
use super::queries;
use crate::entry::Lookup;
use crate::entry::queries::parts;
use crate::splits::Splits;
use crate::state::AppState;

/// The day on which a contract was signed; none for a draft and a cancelled one.
#[must_use]
pub fn signed_day(contract: &contract::Model) -> Option<NaiveDate> {
    contract.signed_on.filter(|_| matches!(contract.status.as_str(), "signed" | "ended"))
}

/// True where lines say the same; their row ids do not matter.
#[must_use]
pub fn same_lines(a: &[contract_line::Model], b: &[contract_line::Model]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| contract_line::Model { id: b.id, ..a.clone() } == *b)
}

/// Contracts with all that belongs to them.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn whole(db: &impl ConnectionTrait, rows: Vec<contract::Model>) -> Result<Vec<Contract>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut lines: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
    for line in queries::lines(db, &ids).await? {
        lines.entry(line.contract_id).or_default().push(line);
    }
    let mut schedules: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
    for row in queries::schedules(db, &ids).await? {
        schedules.entry(row.contract_id).or_default().push(row);
    }
    let mut splits = Splits::of(db, "contract", &ids).await?;
    Ok(rows
        .into_iter()
        .map(|contract| Contract {
            lines: lines.remove(&contract.id).unwrap_or_default(),
            splits: splits.remove(&contract.id).unwrap_or_default(),
            schedule: schedules.remove(&contract.id).unwrap_or_default(),
            contract,
        })
        .collect())
}

/// Contracts by id, for what is shown or counted of a record in scope.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn contracts(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, contract::Model>, StoreError> {
    parts(db, ids).await
}

/// The numbers of contracts that records in scope name.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn contract_names(
    state: &AppState,
    ids: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let contracts = contracts(state.store().pool(), ids.flatten().collect()).await?;
    Ok(contracts.into_values().map(|contract| (contract.id, contract.number)).collect())
}

/// The payments, refunds and write-offs of a contract in the asker's scope that stand, by day.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn payments_of(db: &impl ConnectionTrait, contract: Uuid) -> Result<Vec<payment::Model>, StoreError> {
    queries::payments_of(db, contract).await
}

/// The contracts that the rows of a chunk name, as far as the asker may see them.
pub type Contracts = Lookup<contract::Model>;

/// A new contract with nothing but its currency.
#[must_use]
pub fn blank(currency: &str, now_ms: i64, created_by: Option<Uuid>) -> contract::Model {
    contract::Model {
        id: Uuid::now_v7(),
        external_id: None,
        number: String::new(),
        name: String::new(),
        account_id: Uuid::nil(),
        opportunity_id: None,
        owner_id: None,
        parent_id: None,
        contract_kind: "new".to_owned(),
        status: "draft".to_owned(),
        signed_on: None,
        filed_on: None,
        service_from: None,
        service_to: None,
        currency: currency.to_owned(),
        amount_minor: 0,
        amount_excl_tax_minor: 0,
        list_amount_minor: None,
        cost_minor: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: now_ms,
        created_by,
        updated_at: now_ms,
        archived_at: None,
    }
}
