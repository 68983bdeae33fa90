//! Database access of plans.

use qiao_store::StoreError;
use qiao_store::entities::{app_user, plan, plan_version};
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<plan::Model>, StoreError> {
    Ok(plan::Entity::find().filter(plan::Column::Key.eq(key)).one(db).await?)
}

pub async fn versions(db: &impl ConnectionTrait, plan_id: Uuid) -> Result<Vec<plan_version::Model>, StoreError> {
    let own = plan_version::Entity::find().filter(plan_version::Column::PlanId.eq(plan_id));
    Ok(own.order_by_asc(plan_version::Column::Version).all(db).await?)
}

pub async fn insert_plan(db: &impl ConnectionTrait, row: plan::Model) -> Result<(), StoreError> {
    plan::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn insert_version(db: &impl ConnectionTrait, row: plan_version::Model) -> Result<(), StoreError> {
    plan_version::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The names of users, for who published a version.
pub async fn user_name(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(app_user::Entity::find_by_id(id).one(db).await?.map(|user| user.name))
}
