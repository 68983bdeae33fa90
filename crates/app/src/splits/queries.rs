//! Database access of splits. Callers pass records that the asker may see.

use qiao_store::StoreError;
use qiao_store::entities::split;
use qiao_store::sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::entry::Scoped;

/// The records of a kind that are shared with somebody of some people.
pub fn shared_with<M: Scoped>(people: &[Uuid]) -> Condition {
    let shared = split::Entity::find()
        .select_only()
        .column(split::Column::RecordId)
        .filter(split::Column::RecordType.eq(M::TYPE))
        .filter(split::Column::PersonId.is_in(people.iter().copied()));
    Condition::all().add(M::ID.in_subquery(shared.into_query()))
}

/// Of some records of a kind those that are shared with somebody of some people.
pub fn shared_of<M: Scoped>(people: &[Uuid], ids: &[Uuid]) -> Condition {
    let shared = split::Entity::find()
        .select_only()
        .column(split::Column::RecordId)
        .filter(split::Column::RecordType.eq(M::TYPE))
        .filter(split::Column::RecordId.is_in(ids.iter().copied()))
        .filter(split::Column::PersonId.is_in(people.iter().copied()));
    Condition::all().add(M::ID.in_subquery(shared.into_query()))
}

pub async fn of(db: &impl ConnectionTrait, record_type: &str, ids: &[Uuid]) -> Result<Vec<split::Model>, StoreError> {
    let own = split::Entity::find()
        .filter(split::Column::RecordType.eq(record_type))
        .filter(split::Column::RecordId.is_in(ids.iter().copied()));
    Ok(own.order_by_asc(split::Column::Id).all(db).await?)
}

/// Puts rows in the place of those of a record. Their ids are given by the database.
pub async fn replace(
    db: &impl ConnectionTrait,
    record_type: &str,
    id: Uuid,
    had_some: bool,
    rows: &[split::Model],
) -> Result<(), StoreError> {
    if had_some {
        split::Entity::delete_many()
            .filter(split::Column::RecordType.eq(record_type))
            .filter(split::Column::RecordId.eq(id))
            .exec(db)
            .await?;
    }
    if !rows.is_empty() {
        let rows = rows.iter().cloned().map(|row| split::ActiveModel { id: ActiveValue::NotSet, ..row.into() });
        split::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
