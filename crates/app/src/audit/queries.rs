//! Database access of the audit log. Whoever may read it reads all of it.

use qiao_store::StoreError;
use qiao_store::entities::audit;
use qiao_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::routes::AuditQuery;

/// A page of the log, the newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    query: &AuditQuery,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<audit::Model>, StoreError> {
    let rows = audit::Entity::find()
        .apply_if(before, |rows, before| rows.filter(audit::Column::Sequence.lt(before)))
        .apply_if(query.record_type.as_ref(), |rows, kind| rows.filter(audit::Column::RecordType.eq(kind)))
        .apply_if(query.record_id, |rows, id| rows.filter(audit::Column::RecordId.eq(id)))
        .apply_if(query.actor_id, |rows, id| rows.filter(audit::Column::ActorId.eq(id)))
        .apply_if(query.action.as_ref(), |rows, action| rows.filter(audit::Column::Action.eq(action)));
    Ok(rows.order_by_desc(audit::Column::Sequence).limit(limit).all(db).await?)
}
