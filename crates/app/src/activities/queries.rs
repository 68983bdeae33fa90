//! Database access of activities. Every read takes the asker's row scope.

use qiao_store::StoreError;
use qiao_store::entities::activity;
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};
use uuid::Uuid;

use super::activity::ActivityFilter;
use crate::entry::Words;

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<activity::Model>, StoreError> {
    let mut query = activity::Entity::find_by_id(id);
    if let Some(condition) = scope.condition(activity::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn named(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &Words,
) -> Result<Vec<activity::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(activity::Column::Id.is_in(words.ids.iter().copied()))
        .add(activity::Column::ExternalId.is_in(words.others.iter().cloned()));
    let mut query = activity::Entity::find().filter(any);
    if let Some(condition) = scope.condition(activity::Column::OwnerId) {
        query = query.filter(condition);
    }
    Ok(query.all(db).await?)
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &ActivityFilter,
    page: ById,
) -> Result<Vec<activity::Model>, StoreError> {
    let mut query = activity::Entity::find().filter(activity::Column::ArchivedAt.is_null());
    if let Some(condition) = scope.condition(activity::Column::OwnerId) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(activity::Column::OwnerId.eq(owner)))
        .apply_if(filter.account_id, |query, account| query.filter(activity::Column::AccountId.eq(account)))
        .apply_if(filter.opportunity_id, |query, deal| query.filter(activity::Column::OpportunityId.eq(deal)))
        .apply_if(filter.lead_id, |query, lead| query.filter(activity::Column::LeadId.eq(lead)))
        .apply_if(filter.kind.as_ref(), |query, kind| query.filter(activity::Column::Kind.eq(kind)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(activity::Column::ExternalId.eq(id)));
    page.read(query, activity::Column::Id, db).await
}
