//! Database access of facts. Callers pass sequences that the engine answered for a subject the asker may see.

use qiao_store::StoreError;
use qiao_store::entities::{account, fact, opportunity};
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

pub async fn by_sequence(db: &impl ConnectionTrait, sequences: &[u32]) -> Result<Vec<fact::Model>, StoreError> {
    let query = fact::Entity::find().filter(fact::Column::Sequence.is_in(sequences.iter().map(|s| i64::from(*s))));
    Ok(query.all(db).await?)
}

pub async fn account_names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = account::Entity::find().select_only().column(account::Column::Id).column(account::Column::Name);
    Ok(query.filter(account::Column::Id.is_in(ids)).into_tuple().all(db).await?)
}

pub async fn opportunity_names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        opportunity::Entity::find().select_only().column(opportunity::Column::Id).column(opportunity::Column::Name);
    Ok(query.filter(opportunity::Column::Id.is_in(ids)).into_tuple().all(db).await?)
}

/// The facts of some records that stand, with their credits.
pub async fn standing(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<super::Standing>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    qiao_store::ledger::standing(db, records).await
}
