//! Database access of records of any kind.

use std::collections::BTreeSet;

use qiao_store::StoreError;
use qiao_store::entities::{
    account, activity, contact, contract, delivery, invoice, lead, opportunity, payment, sales_order,
};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use crate::entry::Scoped;
use crate::entry::queries::{find, parts, seen};

/// A record that somebody sees: what it is called and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// What it is worth, in minor units, with its currency.
    pub amount: Option<(i64, String)>,
}

impl Seen {
    fn new(id: Uuid, name: impl Into<String>, owner: Option<Uuid>) -> Self {
        Self { id, name: name.into(), owner, amount: None }
    }

    fn worth(self, minor: Option<i64>, currency: &str) -> Self {
        Self { amount: minor.map(|minor| (minor, currency.to_owned())), ..self }
    }
}

async fn rows<M: Scoped>(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    ids: &BTreeSet<Uuid>,
) -> Result<Vec<M>, StoreError> {
    Ok(seen::<M>(scope).filter(M::ID.is_in(ids.iter().copied())).all(db).await?)
}

/// Those among some records of a kind that are in the asker's scope; none for a kind that is none.
pub async fn seen_among(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    record_type: &str,
    ids: BTreeSet<Uuid>,
) -> Result<Vec<Seen>, StoreError> {
    let found = match record_type {
        "account" => {
            let rows = rows::<account::Model>(db, scope, &ids).await?;
            rows.into_iter().map(|row| Seen::new(row.id, row.name, row.owner_id)).collect()
        }
        "contact" => {
            let rows = rows::<contact::Model>(db, scope, &ids).await?;
            rows.into_iter().map(|row| Seen::new(row.id, row.name, row.owner_id)).collect()
        }
        "lead" => {
            let rows = rows::<lead::Model>(db, scope, &ids).await?;
            rows.into_iter().map(|row| Seen::new(row.id, row.name, row.owner_id)).collect()
        }
        "opportunity" => {
            let rows = rows::<opportunity::Model>(db, scope, &ids).await?;
            let deal = |row: opportunity::Model| {
                Seen::new(row.id, row.name, row.owner_id).worth(row.amount_minor, &row.currency)
            };
            rows.into_iter().map(deal).collect()
        }
        "activity" => {
            let rows = rows::<activity::Model>(db, scope, &ids).await?;
            rows.into_iter().map(|row| Seen::new(row.id, row.subject, Some(row.owner_id))).collect()
        }
        "contract" => {
            let rows = rows::<contract::Model>(db, scope, &ids).await?;
            let contract = |row: contract::Model| {
                Seen::new(row.id, row.name, row.owner_id).worth(Some(row.amount_minor), &row.currency)
            };
            rows.into_iter().map(contract).collect()
        }
        "payment" => {
            let rows = rows::<payment::Model>(db, scope, &ids).await?;
            let named = rows.into_iter().map(|row| (row.id, Some(row.contract_id), row.amount_minor, row.currency));
            of_contracts(db, named.collect()).await?
        }
        "invoice" => {
            let rows = rows::<invoice::Model>(db, scope, &ids).await?;
            let named = rows.into_iter().map(|row| (row.id, row.contract_id, row.amount_minor, row.currency));
            of_contracts(db, named.collect()).await?
        }
        "sales_order" => {
            let rows = rows::<sales_order::Model>(db, scope, &ids).await?;
            rows.into_iter().map(|row| Seen::new(row.id, row.number, row.owner_id)).collect()
        }
        "delivery" => {
            let rows = rows::<delivery::Model>(db, scope, &ids).await?;
            let orders = parts::<sales_order::Model>(db, rows.iter().map(|row| row.order_id).collect()).await?;
            let delivery = |row: delivery::Model| {
                let order = orders.get(&row.order_id);
                let number = order.map(|order| order.number.clone()).unwrap_or_default();
                Seen::new(row.id, number, order.and_then(|order| order.owner_id))
            };
            rows.into_iter().map(delivery).collect()
        }
        _ => Vec::new(),
    };
    Ok(found)
}

/// What belongs to a contract is called as the contract is, and is whose that is: (id, contract, minor units, currency).
async fn of_contracts(
    db: &impl ConnectionTrait,
    rows: Vec<(Uuid, Option<Uuid>, i64, String)>,
) -> Result<Vec<Seen>, StoreError> {
    let contracts =
        parts::<contract::Model>(db, rows.iter().filter_map(|(_, contract, ..)| *contract).collect()).await?;
    let named = |(id, contract, minor, currency): (Uuid, Option<Uuid>, i64, String)| {
        let contract = contract.and_then(|id| contracts.get(&id));
        let name = contract.map(|contract| contract.name.clone()).unwrap_or_default();
        Seen::new(id, name, contract.and_then(|contract| contract.owner_id)).worth(Some(minor), &currency)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// A record that is there and in the asker's scope.
pub async fn look_up(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    record_type: &str,
    id: Uuid,
) -> Result<Option<Seen>, StoreError> {
    Ok(seen_among(db, scope, record_type, BTreeSet::from([id])).await?.pop())
}

/// True where a record is there and in the asker's scope; false for a kind that is none.
pub async fn sees(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    record_type: &str,
    id: Uuid,
) -> Result<bool, StoreError> {
    Ok(match record_type {
        "account" => find::<account::Model>(db, scope, id).await?.is_some(),
        "contact" => find::<contact::Model>(db, scope, id).await?.is_some(),
        "lead" => find::<lead::Model>(db, scope, id).await?.is_some(),
        "opportunity" => find::<opportunity::Model>(db, scope, id).await?.is_some(),
        "activity" => find::<activity::Model>(db, scope, id).await?.is_some(),
        "contract" => find::<contract::Model>(db, scope, id).await?.is_some(),
        "payment" => find::<payment::Model>(db, scope, id).await?.is_some(),
        "invoice" => find::<invoice::Model>(db, scope, id).await?.is_some(),
        "sales_order" => find::<sales_order::Model>(db, scope, id).await?.is_some(),
        "delivery" => find::<delivery::Model>(db, scope, id).await?.is_some(),
        _ => false,
    })
}
