//! Database access of attachments. Callers have seen that the record is in the asker's scope.

use std::collections::BTreeMap;

use qiao_store::StoreError;
use qiao_store::entities::attachment::{Column, Entity, Model};
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// An attachment, removed ones included.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The attachments of some records, the oldest first.
pub async fn of(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Model>>, StoreError> {
    let mut by_record: BTreeMap<Uuid, Vec<Model>> = BTreeMap::new();
    if records.is_empty() {
        return Ok(by_record);
    }
    let rows = Entity::find()
        .filter(Column::RecordId.is_in(records.iter().copied()))
        .filter(Column::ArchivedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    for row in rows.all(db).await? {
        by_record.entry(row.record_id).or_default().push(row);
    }
    Ok(by_record)
}

/// How many attachments a record has.
pub async fn count(db: &impl ConnectionTrait, record: Uuid) -> Result<u64, StoreError> {
    let rows = Entity::find().filter(Column::RecordId.eq(record)).filter(Column::ArchivedAt.is_null());
    Ok(rows.count(db).await?)
}
