//! Database access of leads. Every read takes the asker's row scope.

use qiao_store::StoreError;
use qiao_store::entities::lead;
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};
use uuid::Uuid;

use super::lead::LeadFilter;
use crate::entry::Words;

pub async fn find(db: &impl ConnectionTrait, scope: &RowScope, id: Uuid) -> Result<Option<lead::Model>, StoreError> {
    let mut query = lead::Entity::find_by_id(id);
    if let Some(condition) = scope.condition(lead::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn named(db: &impl ConnectionTrait, scope: &RowScope, words: &Words) -> Result<Vec<lead::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(lead::Column::Id.is_in(words.ids.iter().copied()))
        .add(lead::Column::ExternalId.is_in(words.others.iter().cloned()));
    let mut query = lead::Entity::find().filter(any);
    if let Some(condition) = scope.condition(lead::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.all(db).await?)
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &LeadFilter,
    page: ById,
) -> Result<Vec<lead::Model>, StoreError> {
    let mut query = lead::Entity::find().filter(lead::Column::ArchivedAt.is_null());
    if let Some(condition) = scope.condition(lead::Column::OwnerId) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(lead::Column::OwnerId.eq(owner)))
        .apply_if(filter.status.as_ref(), |query, status| query.filter(lead::Column::Status.eq(status)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(lead::Column::ExternalId.eq(id)));
    page.read(query, lead::Column::Id, db).await
}
