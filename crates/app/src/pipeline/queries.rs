//! Database access of opportunities. Every read takes the asker's row scope.

use qiao_store::StoreError;
use qiao_store::entities::{opportunity, split};
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::opportunities::OpportunityFilter;
use crate::entry::Words;

/// The opportunities of a scope: owned by, or shared with, somebody in it.
pub fn in_scope(scope: &RowScope) -> Option<Condition> {
    let own = scope.condition(opportunity::Column::OwnerId)?;
    let shared = split::Entity::find()
        .select_only()
        .column(split::Column::RecordId)
        .filter(split::Column::RecordType.eq("opportunity"))
        .filter(scope.condition(split::Column::PersonId)?);
    Some(Condition::any().add(own).add(opportunity::Column::Id.in_subquery(shared.into_query())))
}

/// An opportunity in the asker's scope.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<opportunity::Model>, StoreError> {
    let mut query = opportunity::Entity::find_by_id(id);
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

/// The opportunities in the asker's scope that some words name: ids or external ids.
pub async fn named(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &Words,
) -> Result<Vec<opportunity::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut any = Condition::any();
    if !words.ids.is_empty() {
        any = any.add(opportunity::Column::Id.is_in(words.ids.iter().copied()));
    }
    if !words.others.is_empty() {
        any = any.add(opportunity::Column::ExternalId.is_in(words.others.iter().cloned()));
    }
    let mut query = opportunity::Entity::find().filter(any);
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.all(db).await?)
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &OpportunityFilter,
    page: ById,
) -> Result<Vec<opportunity::Model>, StoreError> {
    let mut query = opportunity::Entity::find().filter(opportunity::Column::ArchivedAt.is_null());
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(opportunity::Column::OwnerId.eq(owner)))
        .apply_if(filter.account_id, |query, account| query.filter(opportunity::Column::AccountId.eq(account)))
        .apply_if(filter.stage_id, |query, stage| query.filter(opportunity::Column::StageId.eq(stage)))
        .apply_if(filter.status.as_ref(), |query, status| query.filter(opportunity::Column::Status.eq(status)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(opportunity::Column::ExternalId.eq(id)));
    page.read(query, opportunity::Column::Id, db).await
}

/// Names of opportunities, for what is shown of records in scope.
pub async fn names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<opportunity::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(opportunity::Entity::find().filter(opportunity::Column::Id.is_in(ids)).all(db).await?)
}
