//! Database access of accounts and contacts.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{account, contact, contract, former_name, group_credit_code};
use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::OnConflict;
use qiao_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::accounts::AccountFilter;
use super::contacts::ContactFilter;
use crate::entry::Words;

/// The accounts of some words: ids, external ids or names.
pub async fn named(db: &impl ConnectionTrait, words: &Words) -> Result<Vec<account::Model>, StoreError> {
    let mut any = Condition::any();
    if !words.ids.is_empty() {
        any = any.add(account::Column::Id.is_in(words.ids.iter().copied()));
    }
    if !words.others.is_empty() {
        any = any
            .add(account::Column::ExternalId.is_in(words.others.iter().cloned()))
            .add(account::Column::Name.is_in(words.others.iter().cloned()));
    }
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

pub async fn by_ids(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<account::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The accounts of a scope: owned by somebody in it, or by nobody.
fn in_scope(scope: &RowScope) -> Option<Condition> {
    let own = scope.condition(account::Column::OwnerId)?;
    Some(Condition::any().add(own).add(account::Column::OwnerId.is_null()))
}

pub async fn page(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &AccountFilter,
    page: ById,
) -> Result<Vec<account::Model>, StoreError> {
    let mut query = account::Entity::find().filter(account::Column::ArchivedAt.is_null());
    if let Some(condition) = in_scope(scope) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(account::Column::OwnerId.eq(owner)))
        .apply_if(filter.parent_id, |query, parent| query.filter(account::Column::ParentId.eq(parent)))
        .apply_if(filter.region.as_ref(), |query, region| query.filter(account::Column::Region.eq(region)))
        .apply_if(filter.tier.as_ref(), |query, tier| query.filter(account::Column::Tier.eq(tier)))
        .apply_if(filter.name.as_ref(), |query, name| query.filter(account::Column::Name.eq(name)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(account::Column::ExternalId.eq(id)));
    page.read(query, account::Column::Id, db).await
}

/// The days on which groups of companies signed contracts: (group, contract, day).
pub async fn signed_on(db: &impl ConnectionTrait, groups: &[Uuid]) -> Result<Vec<(Uuid, Uuid, NaiveDate)>, StoreError> {
    let rows: Vec<(Uuid, Uuid, Option<NaiveDate>)> = contract::Entity::find()
        .select_only()
        .column(account::Column::GroupId)
        .column(contract::Column::Id)
        .column(contract::Column::SignedOn)
        .join(
            JoinType::InnerJoin,
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
    Ok(rows.into_iter().filter_map(|(group, id, day)| day.map(|day| (group, id, day))).collect())
}

/// The groups that social credit codes belong to.
pub async fn groups_of_codes(db: &impl ConnectionTrait, codes: &[String]) -> Result<Vec<(String, Uuid)>, StoreError> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let column = group_credit_code::Column::SocialCreditCode;
    let rows = group_credit_code::Entity::find().filter(column.is_in(codes.iter().cloned())).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.social_credit_code, row.group_id)).collect())
}

pub async fn put_code(db: &impl ConnectionTrait, code: &str, group_id: Uuid) -> Result<(), StoreError> {
    let row = group_credit_code::Model { social_credit_code: code.to_owned(), group_id };
    let again = OnConflict::column(group_credit_code::Column::SocialCreditCode)
        .update_column(group_credit_code::Column::GroupId)
        .to_owned();
    group_credit_code::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

pub async fn put_former_name(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    name: &str,
    until: NaiveDate,
) -> Result<(), StoreError> {
    let row = former_name::Model { account_id, name: name.to_owned(), until };
    let once =
        OnConflict::columns([former_name::Column::AccountId, former_name::Column::Name, former_name::Column::Until])
            .do_nothing()
            .to_owned();
    former_name::Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

pub async fn former_names(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<former_name::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = former_name::Entity::find().filter(former_name::Column::AccountId.is_in(ids.iter().copied()));
    Ok(query.order_by_asc(former_name::Column::Until).all(db).await?)
}

/// The children of accounts, for moving a whole group.
pub async fn of_groups(db: &impl ConnectionTrait, group: Uuid) -> Result<Vec<account::Model>, StoreError> {
    Ok(account::Entity::find().filter(account::Column::GroupId.eq(group)).all(db).await?)
}

/// The contacts of some words: ids or external ids.
pub async fn contacts_named(db: &impl ConnectionTrait, words: &Words) -> Result<Vec<contact::Model>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add(contact::Column::Id.is_in(words.ids.iter().copied()))
        .add(contact::Column::ExternalId.is_in(words.others.iter().cloned()));
    Ok(contact::Entity::find().filter(any).all(db).await?)
}

/// The contacts of a scope: their own owner's, or at an account in scope.
fn contacts_in_scope(scope: &RowScope) -> Option<Condition> {
    let own = scope.condition(contact::Column::OwnerId)?;
    let accounts = account::Entity::find().select_only().column(account::Column::Id).filter(in_scope(scope)?);
    let at = contact::Column::AccountId.in_subquery(accounts.into_query());
    Some(Condition::any().add(own).add(at))
}

pub async fn contact(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    id: Uuid,
) -> Result<Option<contact::Model>, StoreError> {
    let mut query = contact::Entity::find_by_id(id);
    if let Some(condition) = contacts_in_scope(scope) {
        query = query.filter(condition);
    }
    Ok(query.one(db).await?)
}

pub async fn contacts(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    filter: &ContactFilter,
    page: ById,
) -> Result<Vec<contact::Model>, StoreError> {
    let mut query = contact::Entity::find().filter(contact::Column::ArchivedAt.is_null());
    if let Some(condition) = contacts_in_scope(scope) {
        query = query.filter(condition);
    }
    query = query
        .apply_if(filter.owner_id, |query, owner| query.filter(contact::Column::OwnerId.eq(owner)))
        .apply_if(filter.account_id, |query, account| query.filter(contact::Column::AccountId.eq(account)))
        .apply_if(filter.external_id.as_ref(), |query, id| query.filter(contact::Column::ExternalId.eq(id)));
    page.read(query, contact::Column::Id, db).await
}
