//! Database access of accounts and contacts.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{account, contact, contract, former_name, group_credit_code};
use qiao_store::sea_orm::sea_query::OnConflict;
use qiao_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::accounts::AccountFilter;
use super::contacts::ContactFilter;
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::{Wanted, belonging_to};
use crate::error::AppError;

impl Scoped for account::Model {
    type Filter = AccountFilter;
    const ID: account::Column = account::Column::Id;
    const EXTERNAL_ID: account::Column = account::Column::ExternalId;
    const NAME: Option<account::Column> = Some(account::Column::Name);
    const ARCHIVED_AT: Option<account::Column> = Some(account::Column::ArchivedAt);

    const OWNER: Option<account::Column> = Some(account::Column::OwnerId);
    const SORTS: &'static [(&'static str, account::Column)] = &[("name", account::Column::Name)];
    const NAMED_BY: &'static [account::Column] = &[account::Column::Name];

    fn text(filter: &AccountFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    /// Those that nobody owns.
    fn beside(_: &[Uuid]) -> Option<Condition> {
        Some(Condition::all().add(account::Column::OwnerId.is_null()))
    }

    fn wanted(filter: &AccountFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(account::Column::OwnerId, &filter.owner_id)
            .one(account::Column::ParentId, &filter.parent_id)
            .is(account::Column::Region, &filter.region)
            .is(account::Column::Tier, &filter.tier)
            .one(account::Column::Name, &filter.name)
            .one(account::Column::ExternalId, &filter.external_id))
    }
}

impl Scoped for contact::Model {
    type Filter = ContactFilter;
    const ID: contact::Column = contact::Column::Id;
    const EXTERNAL_ID: contact::Column = contact::Column::ExternalId;
    const ARCHIVED_AT: Option<contact::Column> = Some(contact::Column::ArchivedAt);

    const OWNER: Option<contact::Column> = Some(contact::Column::OwnerId);
    const SORTS: &'static [(&'static str, contact::Column)] = &[("name", contact::Column::Name)];
    const NAMED_BY: &'static [contact::Column] = &[contact::Column::Name];
    const CUSTOMER: Option<contact::Column> = Some(contact::Column::AccountId);

    fn text(filter: &ContactFilter) -> Option<&str> {
        filter.text.as_deref()
    }

    /// Those at an account that they see.
    fn beside(people: &[Uuid]) -> Option<Condition> {
        Some(belonging_to::<account::Model>(contact::Column::AccountId, people))
    }

    fn wanted(filter: &ContactFilter, _: &Context) -> Result<Wanted, AppError> {
        Ok(Wanted::default()
            .is(contact::Column::OwnerId, &filter.owner_id)
            .one(contact::Column::AccountId, &filter.account_id)
            .one(contact::Column::ExternalId, &filter.external_id))
    }
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
