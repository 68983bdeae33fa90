//! Database access of people and teams.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::{account, app_user, contact, lead, membership, opportunity, person, team};
use qiao_store::sea_orm::sea_query::Expr;
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

pub async fn count(db: &impl ConnectionTrait, id: Uuid) -> Result<u64, StoreError> {
    Ok(person::Entity::find().filter(person::Column::Id.eq(id)).count(db).await?)
}

pub async fn people(db: &impl ConnectionTrait) -> Result<Vec<person::Model>, StoreError> {
    Ok(person::Entity::find().all(db).await?)
}

pub async fn person(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<person::Model>, StoreError> {
    Ok(person::Entity::find_by_id(id).one(db).await?)
}

/// People by id.
pub async fn named(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<person::Model>, StoreError> {
    Ok(person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?)
}

/// Whether somebody else has an address or an external id.
pub async fn is_taken(
    db: &impl ConnectionTrait,
    column: person::Column,
    value: &str,
    but: Uuid,
) -> Result<bool, StoreError> {
    let others = person::Entity::find().filter(column.eq(value)).filter(person::Column::Id.ne(but));
    Ok(others.count(db).await? > 0)
}

/// A new version of a person: what belongs to them changed.
pub async fn revise(db: &impl ConnectionTrait, id: Uuid, now_ms: i64) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .col_expr(person::Column::UpdatedAt, Expr::value(now_ms))
        .filter(person::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets a person's last day.
pub async fn end(db: &impl ConnectionTrait, id: Uuid, day: Option<NaiveDate>) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::EndDate, Expr::value(day))
        .filter(person::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// The memberships of a person in the order of their first day.
pub async fn memberships_of(db: &impl ConnectionTrait, person: Uuid) -> Result<Vec<membership::Model>, StoreError> {
    let own = membership::Entity::find().filter(membership::Column::PersonId.eq(person));
    Ok(own.order_by_asc(membership::Column::FromDate).all(db).await?)
}

/// The memberships of a team that last on a day or begin after it.
pub async fn members_from(
    db: &impl ConnectionTrait,
    team: Uuid,
    day: NaiveDate,
) -> Result<Vec<membership::Model>, StoreError> {
    let last = membership::Column::ToDate.is_null().or(membership::Column::ToDate.gte(day));
    Ok(membership::Entity::find().filter(membership::Column::TeamId.eq(team)).filter(last).all(db).await?)
}

pub async fn delete_membership(db: &impl ConnectionTrait, id: Uuid) -> Result<(), StoreError> {
    membership::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Every team, those that were put away included.
pub async fn all_teams(db: &impl ConnectionTrait) -> Result<Vec<team::Model>, StoreError> {
    Ok(team::Entity::find().all(db).await?)
}

/// How much that is still open a person owns: opportunities, leads, accounts, contacts.
pub async fn open_records(db: &impl ConnectionTrait, owner: Uuid) -> Result<[u64; 4], StoreError> {
    let deals = opportunity::Entity::find()
        .filter(opportunity::Column::OwnerId.eq(owner))
        .filter(opportunity::Column::Status.eq("open"))
        .filter(opportunity::Column::ArchivedAt.is_null());
    let leads = lead::Entity::find()
        .filter(lead::Column::OwnerId.eq(owner))
        .filter(lead::Column::Status.is_in(["open", "working"]))
        .filter(lead::Column::ArchivedAt.is_null());
    let accounts = account::Entity::find()
        .filter(account::Column::OwnerId.eq(owner))
        .filter(account::Column::ArchivedAt.is_null());
    let contacts = contact::Entity::find()
        .filter(contact::Column::OwnerId.eq(owner))
        .filter(contact::Column::ArchivedAt.is_null());
    Ok([deals.count(db).await?, leads.count(db).await?, accounts.count(db).await?, contacts.count(db).await?])
}

/// True where the person has a user who can sign in.
pub async fn can_sign_in(db: &impl ConnectionTrait, person: Uuid) -> Result<bool, StoreError> {
    let users = app_user::Entity::find()
        .filter(app_user::Column::PersonId.eq(person))
        .filter(app_user::Column::DisabledAt.is_null());
    Ok(users.count(db).await? > 0)
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
