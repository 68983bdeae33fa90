//! Database access of pins: a user's own.

use qiao_store::StoreError;
use qiao_store::entities::pin::{Column, Entity, Model};
use qiao_store::sea_orm::sea_query::OnConflict;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

/// The pins of a user, the newest first.
pub async fn of(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Model>, StoreError> {
    let own = Entity::find().filter(Column::UserId.eq(user));
    Ok(own.order_by_desc(Column::PinnedAt).order_by_desc(Column::RecordId).all(db).await?)
}

/// Keeps a pin; one that is there stays as it is.
pub async fn put(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let once = OnConflict::columns([Column::UserId, Column::RecordType, Column::RecordId]).do_nothing().to_owned();
    Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

/// Removes a pin; true where there was one.
pub async fn remove(
    db: &impl ConnectionTrait,
    user: Uuid,
    record_type: &str,
    record: Uuid,
) -> Result<bool, StoreError> {
    let own = Entity::delete_many()
        .filter(Column::UserId.eq(user))
        .filter(Column::RecordType.eq(record_type))
        .filter(Column::RecordId.eq(record));
    Ok(own.exec(db).await?.rows_affected > 0)
}
