//! Database access of comments. Callers have seen that the record is in the asker's scope.

use qiao_store::StoreError;
use qiao_store::entities::comment::{Column, Entity, Model};
use qiao_store::sea_orm::sea_query::ExprTrait;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A comment that was not removed.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).filter(Column::ArchivedAt.is_null()).one(db).await?)
}

/// The comments on a record, the newest first, those before a moment, or of that moment and before an id.
pub async fn of(
    db: &impl ConnectionTrait,
    record: Uuid,
    before: Option<(i64, Option<Uuid>)>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut query = Entity::find().filter(Column::RecordId.eq(record)).filter(Column::ArchivedAt.is_null());
    if let Some((at, id)) = before {
        let same = id.map(|id| Column::CreatedAt.eq(at).and(Column::Id.lt(id)));
        query = query.filter(Condition::any().add(Column::CreatedAt.lt(at)).add_option(same));
    }
    Ok(query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(limit).all(db).await?)
}
