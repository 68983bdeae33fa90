//! Database access of records of any kind.

use qiao_store::StoreError;
use qiao_store::entities::{
    account, activity, contact, contract, delivery, invoice, lead, opportunity, payment, sales_order,
};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::entry::queries::find;

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
