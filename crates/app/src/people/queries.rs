//! Database access of people and teams.

use qiao_store::StoreError;
use qiao_store::entities::{membership, person, team};
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

pub async fn count(db: &impl ConnectionTrait, id: Uuid) -> Result<u64, StoreError> {
    Ok(person::Entity::find().filter(person::Column::Id.eq(id)).count(db).await?)
}

pub async fn people(db: &impl ConnectionTrait) -> Result<Vec<person::Model>, StoreError> {
    Ok(person::Entity::find().all(db).await?)
}

pub async fn teams(db: &impl ConnectionTrait) -> Result<Vec<team::Model>, StoreError> {
    Ok(team::Entity::find().filter(team::Column::ArchivedAt.is_null()).all(db).await?)
}

pub async fn memberships(db: &impl ConnectionTrait) -> Result<Vec<membership::Model>, StoreError> {
    Ok(membership::Entity::find().all(db).await?)
}

pub async fn insert_membership(db: &impl ConnectionTrait, row: membership::Model) -> Result<(), StoreError> {
    membership::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn save_membership(db: &impl ConnectionTrait, row: membership::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}
