//! Database access of users, sessions and tokens. What is known of a credential may be kept in memory (`known.rs`): each
//! function here that takes something from it says so with [`DefinitionKind::Access`].

use qiao_store::entities::{api_token, app_user, idempotency_key, session, sign_in_attempt};
use qiao_store::sea_orm::sea_query::{Expr, OnConflict};
use qiao_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use qiao_store::{DefinitionKind, StoreError, Tx};
use uuid::Uuid;

use super::routes_users::UserQuery;
use crate::entry::list::queries::contains;
use crate::error::AppError;
use crate::http::{Page, PageRequest};

type Found<T> = Result<Option<T>, AppError>;

pub async fn session_with_user(db: &impl ConnectionTrait, digest: &[u8]) -> Found<(session::Model, app_user::Model)> {
    let user = session::Entity::belongs_to(app_user::Entity);
    let user = user.from(session::Column::UserId).to(app_user::Column::Id).into();
    let session = session::Entity::find_by_id(digest.to_vec()).join(JoinType::InnerJoin, user);
    let found = session.select_also(app_user::Entity).one(db).await?;
    Ok(found.and_then(|(session, user)| Some((session, user?))))
}

pub async fn token_with_user(db: &impl ConnectionTrait, digest: &[u8]) -> Found<(api_token::Model, app_user::Model)> {
    let user = api_token::Entity::belongs_to(app_user::Entity);
    let user = user.from(api_token::Column::UserId).to(app_user::Column::Id).into();
    let token = api_token::Entity::find().filter(api_token::Column::TokenHash.eq(digest.to_vec()));
    let found = token.join(JoinType::InnerJoin, user).select_also(app_user::Entity).one(db).await?;
    Ok(found.and_then(|(token, user)| Some((token, user?))))
}

pub async fn user(db: &impl ConnectionTrait, id: Uuid) -> Found<app_user::Model> {
    Ok(app_user::Entity::find_by_id(id).one(db).await?)
}

pub async fn user_by_email(db: &impl ConnectionTrait, email: &str) -> Found<app_user::Model> {
    Ok(app_user::Entity::find().filter(app_user::Column::Email.eq(email)).one(db).await?)
}

pub async fn users(
    db: &impl ConnectionTrait,
    wanted: &UserQuery,
    page: &PageRequest,
) -> Result<Page<app_user::Model>, AppError> {
    let called = |text: &str| {
        Condition::any().add(contains(app_user::Column::Name, text)).add(contains(app_user::Column::Email, text))
    };
    let mut query = app_user::Entity::find()
        .apply_if(wanted.text.as_deref().filter(|text| !text.is_empty()), |query, text| query.filter(called(text)))
        .apply_if(wanted.role, |query, role| query.filter(app_user::Column::Role.eq(role.as_str())))
        .apply_if(wanted.disabled, |query, disabled| match disabled {
            true => query.filter(app_user::Column::DisabledAt.is_not_null()),
            false => query.filter(app_user::Column::DisabledAt.is_null()),
        });
    if let Some((email, _)) = &page.after {
        query = query.filter(app_user::Column::Email.gt(email.as_str()));
    }
    let rows = query.order_by_asc(app_user::Column::Email).limit(page.limit + 1).all(db).await?;
    Ok(page.page(rows, |row| (row.email.clone(), row.id.to_string())))
}

pub async fn user_of_person(db: &impl ConnectionTrait, person: Uuid) -> Found<app_user::Model> {
    Ok(app_user::Entity::find().filter(app_user::Column::PersonId.eq(person)).one(db).await?)
}

pub async fn other_administrators(db: &impl ConnectionTrait, id: Uuid) -> Result<u64, AppError> {
    let others = app_user::Entity::find()
        .filter(app_user::Column::Role.eq("administrator"))
        .filter(app_user::Column::DisabledAt.is_null())
        .filter(app_user::Column::Id.ne(id));
    Ok(others.count(db).await?)
}

pub async fn insert_user(db: &impl ConnectionTrait, user: app_user::Model) -> Result<(), StoreError> {
    app_user::Entity::insert(user.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn save_user(tx: &mut Tx, user: app_user::Model) -> Result<(), StoreError> {
    user.into_active_model().reset_all().update(tx.conn()).await?;
    tx.definition_changed(DefinitionKind::Access);
    Ok(())
}

pub async fn insert_session(db: &impl ConnectionTrait, row: session::Model) -> Result<(), StoreError> {
    session::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub async fn touch_session(db: &impl ConnectionTrait, digest: &[u8], now_ms: i64) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now_ms))
        .filter(session::Column::TokenHash.eq(digest.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

pub async fn delete_session(tx: &mut Tx, digest: &[u8]) -> Result<u64, StoreError> {
    tx.definition_changed(DefinitionKind::Access);
    Ok(session::Entity::delete_by_id(digest.to_vec()).exec(tx.conn()).await?.rows_affected)
}

pub async fn delete_sessions(tx: &mut Tx, user_id: Uuid) -> Result<u64, StoreError> {
    tx.definition_changed(DefinitionKind::Access);
    let ended = session::Entity::delete_many().filter(session::Column::UserId.eq(user_id)).exec(tx.conn()).await?;
    Ok(ended.rows_affected)
}

pub async fn attempts(db: &impl ConnectionTrait, key: &str) -> Found<sign_in_attempt::Model> {
    Ok(sign_in_attempt::Entity::find_by_id(key.to_owned()).one(db).await?)
}

pub async fn save_attempts(db: &impl ConnectionTrait, row: sign_in_attempt::Model) -> Result<(), StoreError> {
    use sign_in_attempt::Column as C;
    let update = OnConflict::column(C::Key).update_columns([C::Failures, C::LastFailureAt, C::LockedUntil]).to_owned();
    sign_in_attempt::Entity::insert(row.into_active_model()).on_conflict(update).exec_without_returning(db).await?;
    Ok(())
}

pub async fn clear_attempts(db: &impl ConnectionTrait, key: &str) -> Result<(), StoreError> {
    sign_in_attempt::Entity::delete_by_id(key.to_owned()).exec(db).await?;
    Ok(())
}

pub async fn tokens(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Vec<api_token::Model>, AppError> {
    let own = api_token::Entity::find().filter(api_token::Column::UserId.eq(user_id));
    Ok(own.order_by_desc(api_token::Column::CreatedAt).limit(200).all(db).await?)
}

pub async fn insert_token(db: &impl ConnectionTrait, row: api_token::Model) -> Result<(), StoreError> {
    api_token::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// Revokes a token of a user; false where the user has no such token.
pub async fn revoke_token(tx: &mut Tx, user_id: Uuid, id: Uuid) -> Result<bool, StoreError> {
    let token = api_token::Entity::find_by_id(id).filter(api_token::Column::UserId.eq(user_id)).one(tx.conn()).await?;
    let Some(token) = token else { return Ok(false) };
    if token.revoked_at.is_none() {
        let mut row = token.into_active_model();
        row.revoked_at = Set(Some(tx.now_ms()));
        row.update(tx.conn()).await?;
        tx.definition_changed(DefinitionKind::Access);
    }
    Ok(true)
}

pub async fn delete_expired(db: &impl ConnectionTrait, now_ms: i64) -> Result<(), StoreError> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(now_ms)).exec(db).await?;
    Ok(())
}

/// Removes answers that were kept for repeated requests, and attempts to sign in that count no longer.
pub async fn delete_old(db: &impl ConnectionTrait, before_ms: i64) -> Result<(), StoreError> {
    idempotency_key::Entity::delete_many().filter(idempotency_key::Column::CreatedAt.lt(before_ms)).exec(db).await?;
    sign_in_attempt::Entity::delete_many()
        .filter(sign_in_attempt::Column::LastFailureAt.lt(before_ms))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets a user's language.
pub async fn set_locale(tx: &mut Tx, id: Uuid, tag: &str) -> Result<(), StoreError> {
    tx.definition_changed(DefinitionKind::Access);
    app_user::Entity::update_many()
        .col_expr(app_user::Column::Locale, Expr::value(tag))
        .filter(app_user::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
