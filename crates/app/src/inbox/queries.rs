//! Database access of the inbox: a user's own messages, and the records they name as far as the reader sees them.

use std::collections::{BTreeMap, BTreeSet};

use qiao_store::StoreError;
use qiao_store::entities::{app_user, comment, fact, notification, notification_off};
use qiao_store::pages::Keyset;
use qiao_store::sea_orm::sea_query::{Expr, OnConflict};
use qiao_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::Kind;
use crate::entry::list::After;

/// The users who can be told something, with the person behind each: those of some people, and some by their own id.
pub async fn readers(
    db: &impl ConnectionTrait,
    people: &BTreeSet<Uuid>,
    users: &BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, Option<Uuid>)>, StoreError> {
    let among = app_user::Column::PersonId.is_in(people.iter().copied());
    let among = if users.is_empty() {
        among
    } else {
        use qiao_store::sea_orm::sea_query::ExprTrait;
        among.or(app_user::Column::Id.is_in(users.iter().copied()))
    };
    let rows = app_user::Entity::find()
        .select_only()
        .columns([app_user::Column::Id, app_user::Column::PersonId])
        .filter(among)
        .filter(app_user::Column::DisabledAt.is_null());
    Ok(rows.into_tuple().all(db).await?)
}

/// Every user who can sign in: id, person, role.
pub async fn users(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, Option<Uuid>, String)>, StoreError> {
    let rows = app_user::Entity::find()
        .select_only()
        .columns([app_user::Column::Id, app_user::Column::PersonId, app_user::Column::Role])
        .filter(app_user::Column::DisabledAt.is_null());
    Ok(rows.into_tuple().all(db).await?)
}

/// What some users do not want to be told: user and kind.
pub async fn unwanted(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<BTreeSet<(Uuid, String)>, StoreError> {
    let rows = notification_off::Entity::find().filter(notification_off::Column::UserId.is_in(users.iter().copied()));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.user_id, row.kind)).collect())
}

/// Puts messages in. One that belongs to a bundle adds to the message that is there, which is unread again.
pub async fn insert(db: &impl ConnectionTrait, rows: Vec<notification::Model>) -> Result<(), StoreError> {
    use notification::Column as C;
    let more = OnConflict::columns([C::UserId, C::Bundle])
        .update_columns([C::At, C::ReadAt, C::RecordId, C::Data, C::ActorName])
        .value(C::Count, Expr::cust("notification.count + excluded.count"))
        .to_owned();
    for part in rows.chunks(500) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        notification::Entity::insert_many(rows).on_conflict(more.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Which messages of a user.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Only unread ones.
    pub unread: bool,
}

/// A page of a user's messages, the newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    user: Uuid,
    wanted: &Wanted,
    after: Option<After>,
    limit: u64,
) -> Result<Vec<notification::Model>, StoreError> {
    use notification::Column as C;
    let query = notification::Entity::find()
        .filter(C::UserId.eq(user))
        .apply_if(wanted.kind, |query, kind| query.filter(C::Kind.eq(kind.as_str())))
        .apply_if(wanted.unread.then_some(()), |query, ()| query.filter(C::ReadAt.is_null()));
    let after = after.map(|after| (after.key, after.id));
    Keyset { id: C::Id, order: Some(C::At), descending: true, after, limit }.read(db, query, Vec::new()).await
}

/// How many messages a user has not read.
pub async fn unread(db: &impl ConnectionTrait, user: Uuid) -> Result<u64, StoreError> {
    use notification::Column as C;
    Ok(notification::Entity::find().filter(C::UserId.eq(user)).filter(C::ReadAt.is_null()).count(db).await?)
}

/// Which messages are marked.
#[derive(Clone, Debug)]
pub enum Which {
    /// These.
    Ids(Vec<Uuid>),
    /// All of a kind, or all.
    Kind(Option<Kind>),
    /// Those that were marked at a moment, ms since 1970 UTC: taking it back.
    MarkedAt(i64),
}

/// Marks a user's messages as read at a moment, or as unread; answers how many there were to mark.
pub async fn mark(
    db: &impl ConnectionTrait,
    user: Uuid,
    which: &Which,
    read_at: Option<i64>,
) -> Result<u64, StoreError> {
    use notification::Column as C;
    let mut update =
        notification::Entity::update_many().col_expr(C::ReadAt, Expr::value(read_at)).filter(C::UserId.eq(user));
    update = match read_at {
        Some(_) => update.filter(C::ReadAt.is_null()),
        None => update.filter(C::ReadAt.is_not_null()),
    };
    update = match which {
        Which::Ids(ids) => update.filter(C::Id.is_in(ids.iter().copied())),
        Which::Kind(Some(kind)) => update.filter(C::Kind.eq(kind.as_str())),
        Which::Kind(None) => update,
        Which::MarkedAt(at) => update.filter(C::ReadAt.eq(*at)),
    };
    Ok(update.exec(db).await?.rows_affected)
}

/// Sets whether a user wants a kind.
pub async fn want(db: &impl ConnectionTrait, user: Uuid, kind: Kind, wanted: bool) -> Result<(), StoreError> {
    use notification_off::Column as C;
    if wanted {
        let own = notification_off::Entity::delete_many().filter(C::UserId.eq(user)).filter(C::Kind.eq(kind.as_str()));
        own.exec(db).await?;
        return Ok(());
    }
    let row = notification_off::Model { user_id: user, kind: kind.as_str().to_owned() };
    let once = OnConflict::columns([C::UserId, C::Kind]).do_nothing().to_owned();
    notification_off::Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

/// Removes what was read before a moment, and whatever is older than another; both ms since 1970 UTC.
pub async fn remove_old(db: &impl ConnectionTrait, read_before: i64, before: i64) -> Result<(), StoreError> {
    use notification::Column as C;
    use qiao_store::sea_orm::sea_query::ExprTrait;
    let old = C::At.lt(before).or(C::At.lt(read_before).and(C::ReadAt.lt(read_before)));
    notification::Entity::delete_many().filter(old).exec(db).await?;
    Ok(())
}

/// What some comments say, those that were not removed.
pub async fn comments(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = comment::Entity::find()
        .filter(comment::Column::Id.is_in(ids.iter().copied()))
        .filter(comment::Column::ArchivedAt.is_null())
        .order_by_asc(comment::Column::Id);
    Ok(rows.all(db).await?.into_iter().map(|row| (row.id, row.text)).collect())
}

/// When which facts of some records were recorded: record, moment in ms since 1970 UTC, number of the ledger.
pub async fn recorded(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<(Uuid, i64, i64)>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let rows = fact::Entity::find()
        .select_only()
        .columns([fact::Column::RecordId, fact::Column::RecordedAt, fact::Column::Sequence])
        .filter(fact::Column::RecordId.is_in(records.iter().copied()));
    Ok(rows.into_tuple().all(db).await?)
}
