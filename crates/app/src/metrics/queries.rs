//! Database access of metric versions.

use qiao_store::StoreError;
use qiao_store::entities::metric_version;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

pub async fn last_version(db: &impl ConnectionTrait, code: &str) -> Result<Option<metric_version::Model>, StoreError> {
    let own = metric_version::Entity::find().filter(metric_version::Column::Code.eq(code));
    Ok(own.order_by_desc(metric_version::Column::Version).one(db).await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: metric_version::Model) -> Result<(), StoreError> {
    metric_version::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}
