//! Database access of opportunities. Every read takes the asker's row scope.

use qiao_store::StoreError;
use qiao_store::entities::{opportunity, split};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

/// An opportunity in the asker's scope: owned by, or shared with, somebody the asker sees.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<opportunity::Model>, StoreError> {
    let Some(row) = opportunity::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    if scope.covers(row.owner_id) || shares(db, id).await?.iter().any(|split| scope.covers(Some(split.person_id))) {
        return Ok(Some(row));
    }
    Ok(None)
}

/// The splits of an opportunity.
pub async fn shares(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<split::Model>, StoreError> {
    let own = split::Entity::find()
        .filter(split::Column::RecordType.eq("opportunity"))
        .filter(split::Column::RecordId.eq(id));
    Ok(own.order_by_asc(split::Column::Id).all(db).await?)
}

/// The opportunities with one of these external ids.
pub async fn by_external_ids(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<opportunity::Model>, StoreError> {
    let query = opportunity::Entity::find().filter(opportunity::Column::ExternalId.is_in(ids.iter().cloned()));
    Ok(query.all(db).await?)
}

pub async fn insert_many(db: &impl ConnectionTrait, rows: Vec<opportunity::Model>) -> Result<(), StoreError> {
    if !rows.is_empty() {
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        opportunity::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

pub async fn save(db: &impl ConnectionTrait, row: opportunity::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}
