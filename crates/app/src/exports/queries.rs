//! Database access of exports: whole tables in pages, within the asker's scope.

use qiao_store::StoreError;
use qiao_store::entities::audit;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Rows read at a time.
pub const PAGE: u64 = 2_000;

pub async fn audit(db: &impl ConnectionTrait, after: i64) -> Result<Vec<audit::Model>, StoreError> {
    let query = audit::Entity::find().filter(audit::Column::Sequence.gt(after));
    Ok(query.order_by_asc(audit::Column::Sequence).limit(PAGE).all(db).await?)
}
