//! Database access of accounts.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{account, contract};
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

/// The accounts with one of these external ids or names.
pub async fn named(db: &impl ConnectionTrait, names: &[String]) -> Result<Vec<account::Model>, StoreError> {
    let any = Condition::any()
        .add(account::Column::ExternalId.is_in(names.iter().cloned()))
        .add(account::Column::Name.is_in(names.iter().cloned()));
    Ok(account::Entity::find().filter(any).order_by_asc(account::Column::Id).all(db).await?)
}

/// Names of accounts, for near misses.
pub async fn names(db: &impl ConnectionTrait, most: u64) -> Result<Vec<String>, StoreError> {
    let query = account::Entity::find().select_only().column(account::Column::Name).limit(most);
    Ok(query.into_tuple().all(db).await?)
}

pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, StoreError> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: account::Model) -> Result<(), StoreError> {
    account::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn save(db: &impl ConnectionTrait, row: account::Model) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// The days on which groups of companies signed contracts: (group, day).
pub async fn signed_on(db: &impl ConnectionTrait, groups: &[Uuid]) -> Result<Vec<(Uuid, NaiveDate)>, StoreError> {
    let rows: Vec<(Uuid, Option<NaiveDate>)> = contract::Entity::find()
        .select_only()
        .column(account::Column::GroupId)
        .column(contract::Column::SignedOn)
        .join(
            qiao_store::sea_orm::JoinType::InnerJoin,
            contract::Entity::belongs_to(account::Entity)
                .from(contract::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(account::Column::GroupId.is_in(groups.iter().copied()))
        .filter(contract::Column::Status.is_in(["signed", "ended"]))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(group, day)| day.map(|day| (group, day))).collect())
}
