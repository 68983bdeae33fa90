//! Database access of facts.

use qiao_store::StoreError;
use qiao_store::sea_orm::ConnectionTrait;
use uuid::Uuid;

/// The facts of some records that stand, with their credits.
pub async fn standing(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<super::Standing>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    qiao_store::ledger::standing(db, records).await
}
