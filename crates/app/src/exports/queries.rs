//! Database access of exports: whole tables in pages, within the asker's scope.

use qiao_store::StoreError;
use qiao_store::entities::{account, audit, opportunity};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Rows read at a time.
pub const PAGE: u64 = 2_000;

pub async fn accounts(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    after: Option<Uuid>,
) -> Result<Vec<account::Model>, StoreError> {
    let mut query = account::Entity::find();
    if let Some(condition) = scope.condition(account::Column::OwnerId) {
        query = query.filter(condition);
    }
    if let Some(after) = after {
        query = query.filter(account::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(account::Column::Id).limit(PAGE).all(db).await?)
}

pub async fn opportunities(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    after: Option<Uuid>,
) -> Result<Vec<opportunity::Model>, StoreError> {
    let mut query = opportunity::Entity::find();
    if let Some(condition) = scope.condition(opportunity::Column::OwnerId) {
        query = query.filter(condition);
    }
    if let Some(after) = after {
        query = query.filter(opportunity::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(opportunity::Column::Id).limit(PAGE).all(db).await?)
}

pub async fn account_names(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Option<String>, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::ExternalId)
        .column(account::Column::Name);
    Ok(query.filter(account::Column::Id.is_in(ids)).into_tuple().all(db).await?)
}

pub async fn audit(db: &impl ConnectionTrait, after: i64) -> Result<Vec<audit::Model>, StoreError> {
    let query = audit::Entity::find().filter(audit::Column::Sequence.gt(after));
    Ok(query.order_by_asc(audit::Column::Sequence).limit(PAGE).all(db).await?)
}
