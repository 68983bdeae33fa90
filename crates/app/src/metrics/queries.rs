//! Database access of metric versions.

use std::collections::BTreeMap;

use qiao_store::StoreError;
use qiao_store::entities::{app_user, metric_version};
use qiao_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

pub async fn last_version(db: &impl ConnectionTrait, code: &str) -> Result<Option<metric_version::Model>, StoreError> {
    let own = metric_version::Entity::find().filter(metric_version::Column::Code.eq(code));
    Ok(own.order_by_desc(metric_version::Column::Version).one(db).await?)
}

/// Every version of a metric, the newest first.
pub async fn versions(db: &impl ConnectionTrait, code: &str) -> Result<Vec<metric_version::Model>, StoreError> {
    let own = metric_version::Entity::find().filter(metric_version::Column::Code.eq(code));
    Ok(own.order_by_desc(metric_version::Column::Version).all(db).await?)
}

/// The names of users, for who published a version.
pub async fn user_names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let named = app_user::Entity::find().filter(app_user::Column::Id.is_in(ids)).select_only();
    let named = named.column(app_user::Column::Id).column(app_user::Column::Name);
    let rows: Vec<(Uuid, String)> = named.into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

pub async fn insert(db: &impl ConnectionTrait, row: metric_version::Model) -> Result<(), StoreError> {
    metric_version::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}
