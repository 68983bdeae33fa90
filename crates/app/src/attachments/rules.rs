//! Attaching files to records.

use std::collections::BTreeMap;

use qiao_store::entities::attachment;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{Record, StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use super::sniff::{IMAGES, media_type};
use crate::context::{Context, Permission, Role};
use crate::error::AppError;
use crate::http::idempotent;
use crate::records;
use crate::state::AppState;
use crate::time::rfc3339;

/// The largest file, bytes.
pub const MOST_BYTES: usize = 50 * 1024 * 1024;
/// Files of one record.
const MOST: u64 = 50;
/// Characters of a file's name.
const NAME: usize = 200;

/// A file of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttachmentView {
    id: Uuid,
    file_name: String,
    /// By what stands in the file.
    media_type: String,
    /// It is shown in a page.
    image: bool,
    /// Bytes.
    size: i64,
    /// Who attached it.
    author: String,
    /// True where the asker may remove it.
    own: bool,
    /// What If-Match takes.
    pub version: i64,
    created_at: String,
}

impl AttachmentView {
    /// A file as the asker sees it.
    #[must_use]
    pub fn of(row: &attachment::Model, context: &Context) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name.clone(),
            media_type: row.media_type.clone(),
            image: IMAGES.contains(&row.media_type.as_str()),
            size: row.size,
            author: row.author_name.clone(),
            own: is_own(row, context),
            version: row.version,
            created_at: rfc3339(row.created_at),
        }
    }
}

/// Who attached it removes it, and so does an administrator.
fn is_own(row: &attachment::Model, context: &Context) -> bool {
    let may = context.may(Permission::Comment);
    let own = row.author_id.is_some() && row.author_id == context.user_id;
    may && (own || matches!(context.role, None | Some(Role::Administrator)))
}

/// A file name without what leads somewhere or cannot be seen.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks that turn the direction of writing make "exe.jpg" of "gpj.exe".
    let seen = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(seen).take(NAME).collect();
    if name.trim().is_empty() { "file".to_owned() } else { name.trim().to_owned() }
}

/// Attaches a file to a record.
///
/// # Errors
/// 403 without the permission, 404 where the record is out of sight, 413 where it is too large, 422 where it is empty or the
/// record has too many.
pub async fn attach(
    state: &AppState,
    context: &Context,
    record_type: String,
    record_id: Uuid,
    name: &str,
    bytes: Vec<u8>,
) -> Result<AttachmentView, AppError> {
    context.require(Permission::Comment)?;
    if !records::sees(state.store().pool(), &context.rows, &record_type, record_id).await? {
        return Err(AppError::NotFound);
    }
    if bytes.is_empty() {
        return Err(AppError::field("/file", "empty_file", &[]));
    }
    if bytes.len() > MOST_BYTES {
        return Err(AppError::TooLarge);
    }
    let file_name = tidy(name);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let (files, named) = (state.files().clone(), file_name.clone());
    // The file first: a row never names bytes that are not there.
    let kept = tokio::task::spawn_blocking(move || (media_type(&bytes, &named), files.keep(&bytes))).await;
    let (media_type, digest) = match kept {
        Ok((kind, Ok(digest))) => (kind, digest),
        Ok((_, Err(error))) => return Err(disk(&error)),
        Err(_) => return Err(AppError::Unreadable { code: "internal", detail: String::new() }),
    };
    let row = attachment::Model {
        id: Uuid::now_v7(),
        record_type,
        record_id,
        file_name,
        media_type: media_type.to_owned(),
        size,
        digest,
        author_id: context.user_id,
        author_name: context.actor.name().to_owned(),
        version: 0,
        created_at: context.now_ms,
        updated_at: context.now_ms,
        archived_at: None,
    };
    let input = (context.clone(), row);
    let who = context.write();
    Ok(state.store().write(&who, input, |tx, (context, row)| Box::pin(put(tx, context, row))).await?)
}

fn disk(error: &std::io::Error) -> AppError {
    tracing::error!(%error, "a file cannot be kept");
    AppError::Store(StoreError::Unavailable("the data folder cannot be written".to_owned()))
}

async fn put(tx: &mut Tx, context: &Context, row: &attachment::Model) -> Result<AttachmentView, AppError> {
    if !records::sees(tx.conn(), &context.rows, &row.record_type, row.record_id).await? {
        return Err(AppError::NotFound);
    }
    if queries::count(tx.conn(), row.record_id).await? >= MOST {
        return Err(AppError::field("/file", "too_many_files", &[&MOST.to_string()]));
    }
    let (_, row) = tx.save(None, row.clone()).await?;
    Ok(idempotent(tx, 201, AttachmentView::of(&row, context)))
}

/// The files of a record.
///
/// # Errors
/// 404 where the record is out of sight.
pub async fn list(
    state: &AppState,
    context: &Context,
    record_type: &str,
    record_id: Uuid,
) -> Result<Vec<AttachmentView>, AppError> {
    let db = state.store().pool();
    if !records::sees(db, &context.rows, record_type, record_id).await? {
        return Err(AppError::NotFound);
    }
    let rows = queries::of(db, &[record_id]).await?.remove(&record_id).unwrap_or_default();
    Ok(rows.iter().map(|row| AttachmentView::of(row, context)).collect())
}

/// The files of records that the asker was shown to see.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn of(
    db: &impl ConnectionTrait,
    context: &Context,
    records: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<AttachmentView>>, StoreError> {
    let rows = queries::of(db, records).await?.into_iter();
    let views = |rows: Vec<attachment::Model>| rows.iter().map(|row| AttachmentView::of(row, context)).collect();
    Ok(rows.map(|(record, rows)| (record, views(rows))).collect())
}

/// A file whose record the asker sees.
///
/// # Errors
/// 404 where it is not there, removed, or its record out of sight.
pub async fn find(state: &AppState, context: &Context, id: Uuid) -> Result<attachment::Model, AppError> {
    let db = state.store().pool();
    let row = queries::find(db, id).await?.filter(|row| row.archived_at.is_none()).ok_or(AppError::NotFound)?;
    if records::sees(db, &context.rows, &row.record_type, row.record_id).await? {
        Ok(row)
    } else {
        Err(AppError::NotFound)
    }
}

/// Removes a file, or brings it back.
///
/// # Errors
/// 403 without the permission, 404 for another's and where its record is out of sight, 412 where it was changed since it was
/// read.
pub async fn set_removed(
    state: &AppState,
    context: &Context,
    id: Uuid,
    version: Option<i64>,
    removed: bool,
) -> Result<AttachmentView, AppError> {
    context.require(Permission::Comment)?;
    let input = (context.clone(), id, version, removed);
    let who = context.write();
    let done = state.store().write(&who, input, |tx, input| Box::pin(set(tx, &input.0, input.1, input.2, input.3)));
    Ok(done.await?)
}

async fn set(
    tx: &mut Tx,
    context: &Context,
    id: Uuid,
    version: Option<i64>,
    removed: bool,
) -> Result<AttachmentView, AppError> {
    let before = queries::find(tx.conn(), id).await?.filter(|row| is_own(row, context)).ok_or(AppError::NotFound)?;
    if !records::sees(tx.conn(), &context.rows, &before.record_type, before.record_id).await? {
        return Err(AppError::NotFound);
    }
    if version.is_some_and(|version| version != before.version()) {
        return Err(AppError::Stale);
    }
    if before.archived_at.is_some() == removed {
        return Ok(AttachmentView::of(&before, context));
    }
    let after = attachment::Model { archived_at: removed.then(|| tx.now_ms()), ..before.clone() };
    let (_, row) = tx.save(Some(&before), after).await?;
    let view = AttachmentView::of(&row, context);
    Ok(if removed { view } else { idempotent(tx, 200, view) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(tidy("../../etc/passwd"), "passwd");
        assert_eq!(tidy("C:\\x\\现场.jpg"), "现场.jpg");
        assert_eq!(tidy("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(tidy("//"), "file");
        assert_eq!(tidy(&"x".repeat(500)).len(), NAME);
    }
}
