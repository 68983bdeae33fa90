//! Database access of duplicates: across everybody's records, since a customer is one customer for all. Callers hand out of
//! what is out of scope nothing but the owner. Which records may be meant the index of names says.

use qiao_store::StoreError;
use qiao_store::entities::{account, contact, lead};
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Of some accounts those that are there, the oldest first.
pub async fn accounts(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<account::Model>, StoreError> {
    use account::Column;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = account::Entity::find().filter(Column::Id.is_in(ids)).filter(Column::ArchivedAt.is_null());
    Ok(query.order_by_asc(Column::Id).all(db).await?)
}

/// Of some leads those that are there and were not converted, the oldest first.
pub async fn leads(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<lead::Model>, StoreError> {
    use lead::Column;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = lead::Entity::find().filter(Column::Id.is_in(ids)).filter(Column::ArchivedAt.is_null());
    Ok(query.filter(Column::Status.ne("converted")).order_by_asc(Column::Id).all(db).await?)
}

/// Of some contacts those that are there, the oldest first.
pub async fn contacts(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<contact::Model>, StoreError> {
    use contact::Column;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = contact::Entity::find().filter(Column::Id.is_in(ids)).filter(Column::ArchivedAt.is_null());
    Ok(query.order_by_asc(Column::Id).all(db).await?)
}
