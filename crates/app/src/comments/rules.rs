//! Writing comments.

use qiao_store::entities::comment;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{Record, StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::forms::{Checker, NOTE};
use crate::http::idempotent;
use crate::inbox::{self, Data, Kind, News, To};
use crate::records;
use crate::state::AppState;
use crate::time::rfc3339;

/// People that one comment may name.
const NAMED: usize = 20;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommentView {
    id: Uuid,
    /// Who said it.
    author: String,
    text: String,
    /// What If-Match takes.
    pub version: i64,
    created_at: String,
    updated_at: String,
}

impl From<comment::Model> for CommentView {
    fn from(row: comment::Model) -> Self {
        Self {
            id: row.id,
            author: row.author_name,
            text: row.text,
            version: row.version,
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
        }
    }
}

/// Somebody who is named in a comment.
type Named = (Uuid, String);

/// What is to be done.
#[derive(Clone, Debug)]
enum Wish {
    Say { record_type: String, record_id: Uuid, text: String, named: Vec<Named> },
    Correct { id: Uuid, version: i64, text: String, named: Vec<Named> },
    Remove { id: Uuid },
}

fn checked(text: &str) -> Result<String, AppError> {
    let mut form = Checker::default();
    let text = form.text("/text", text, NOTE);
    form.done()?;
    Ok(text)
}

/// The people among some whom a text names as `@name`.
async fn named(state: &AppState, context: &Context, text: &str, people: &[Uuid]) -> Result<Vec<Named>, AppError> {
    if people.len() > NAMED {
        return Err(AppError::field("/mentions", "too_many_mentions", &[&NAMED.to_string()]));
    }
    let definitions = state.definitions(context).await?;
    let name = |id: &Uuid| Some((*id, definitions.people.get(&id.as_u128())?.name.clone()));
    Ok(people.iter().filter_map(name).filter(|(_, name)| names(text, name)).collect())
}

fn names(text: &str, name: &str) -> bool {
    text.contains(&format!("@{name}"))
}

/// Says something about a record.
///
/// # Errors
/// 403 without the permission, 404 where the record is out of sight, 422 without a text.
pub async fn say(
    state: &AppState,
    context: &Context,
    record_type: String,
    record_id: Uuid,
    text: &str,
    mentions: &[Uuid],
) -> Result<CommentView, AppError> {
    let text = checked(text)?;
    let named = named(state, context, &text, mentions).await?;
    write(state, context, Wish::Say { record_type, record_id, text, named }).await
}

/// Corrects one's own comment.
///
/// # Errors
/// 403, 404 for another's, 412 where it was changed since it was read, 422 without a text.
pub async fn correct(
    state: &AppState,
    context: &Context,
    id: Uuid,
    version: i64,
    text: &str,
    mentions: &[Uuid],
) -> Result<CommentView, AppError> {
    let text = checked(text)?;
    let named = named(state, context, &text, mentions).await?;
    write(state, context, Wish::Correct { id, version, text, named }).await
}

/// Removes one's own comment. The audit log keeps what it said.
///
/// # Errors
/// 403, 404 for another's.
pub async fn remove(state: &AppState, context: &Context, id: Uuid) -> Result<(), AppError> {
    write(state, context, Wish::Remove { id }).await?;
    Ok(())
}

async fn write(state: &AppState, context: &Context, wish: Wish) -> Result<CommentView, AppError> {
    context.require(Permission::Comment)?;
    let input = (context.clone(), wish);
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (context, wish)| Box::pin(put(tx, context, wish))).await?)
}

async fn put(tx: &mut Tx, context: &Context, wish: &Wish) -> Result<CommentView, AppError> {
    let mut news = Vec::new();
    let (before, after) = match wish {
        Wish::Say { record_type, record_id, text, named } => {
            let about = records::look_up(tx.conn(), &context.rows, record_type, *record_id).await?;
            let about = about.ok_or(AppError::NotFound)?;
            news.extend(named.iter().map(|(person, _)| (*person, Kind::Mention)));
            // Who is named is told once.
            let owner = about.owner.filter(|owner| named.iter().all(|(person, _)| person != owner));
            news.extend(owner.map(|owner| (owner, Kind::Comment)));
            let said = comment::Model {
                id: Uuid::now_v7(),
                record_type: record_type.clone(),
                record_id: *record_id,
                author_id: context.user_id,
                author_name: context.actor.name().to_owned(),
                text: text.clone(),
                version: 0,
                created_at: tx.now_ms(),
                updated_at: tx.now_ms(),
                archived_at: None,
            };
            (None, said)
        }
        Wish::Correct { id, version, text, named } => {
            let before = own(tx, context, *id).await?;
            if before.version() != *version {
                return Err(AppError::Stale);
            }
            // Whom it named before knows.
            let fresh = named.iter().filter(|(_, name)| !names(&before.text, name));
            news.extend(fresh.map(|(person, _)| (*person, Kind::Mention)));
            let after = comment::Model { text: text.clone(), ..before.clone() };
            (Some(before), after)
        }
        Wish::Remove { id } => {
            let before = own(tx, context, *id).await?;
            let after = comment::Model { archived_at: Some(tx.now_ms()), ..before.clone() };
            (Some(before), after)
        }
    };
    let said = tx.save(before.as_ref(), after).await?.1;
    let one = |(person, kind): (Uuid, Kind)| News {
        to: To::Person(person),
        kind,
        record_type: said.record_type.clone(),
        record_id: Some(said.record_id),
        data: Data { comment: Some(said.id), ..Data::default() },
        bundled: false,
    };
    inbox::tell(tx, context, news.into_iter().map(one).collect()).await?;
    let view = CommentView::from(said);
    Ok(if before.is_none() { idempotent(tx, 201, view) } else { view })
}

/// The asker's own comment on a record in scope.
async fn own(tx: &Tx, context: &Context, id: Uuid) -> Result<comment::Model, AppError> {
    let found = queries::find(tx.conn(), id).await?.filter(|comment| comment.author_id == context.user_id);
    let found = found.ok_or(AppError::NotFound)?;
    if records::sees(tx.conn(), &context.rows, &found.record_type, found.record_id).await? {
        Ok(found)
    } else {
        Err(AppError::NotFound)
    }
}

/// The comments on a record that the asker was shown to see, the newest first: those before a moment (ms since 1970 UTC),
/// or of that moment and before a comment.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn of(
    db: &impl ConnectionTrait,
    record: Uuid,
    before: Option<(i64, Option<Uuid>)>,
    limit: u64,
) -> Result<Vec<comment::Model>, StoreError> {
    queries::of(db, record, before, limit).await
}
