//! Pinning records.

use std::collections::{BTreeMap, BTreeSet};

use qiao_store::entities::pin;
use qiao_store::{AuditEntry, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::Context;
use crate::error::AppError;
use crate::facts::rules::record_type_name;
use crate::records::{self, Seen};
use crate::state::AppState;
use crate::time::rfc3339;

/// Pins of one user: what is at hand is few.
const MOST: usize = 50;

/// A record that the asker keeps at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PinView {
    /// account, contact, lead, opportunity, activity, contract, payment, invoice, sales_order or delivery.
    record_type: String,
    /// The kind in the asker's language.
    type_name: String,
    id: Uuid,
    /// What the record is called now.
    title: String,
    pinned_at: String,
}

impl PinView {
    fn of(row: &pin::Model, seen: &Seen, context: &Context) -> Self {
        Self {
            record_type: row.record_type.clone(),
            type_name: record_type_name(&row.record_type, context.language()).to_owned(),
            id: row.record_id,
            title: seen.name.clone(),
            pinned_at: rfc3339(row.pinned_at),
        }
    }
}

/// The asker's pins, the newest first: those of records that are in their scope now.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn list(state: &AppState, context: &Context) -> Result<Vec<PinView>, AppError> {
    let Some(user) = context.user_id else { return Ok(Vec::new()) };
    let db = state.store().pool();
    let pins = queries::of(db, user).await?;
    let mut by_kind: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    for row in &pins {
        by_kind.entry(&row.record_type).or_default().insert(row.record_id);
    }
    let mut found: BTreeMap<Uuid, Seen> = BTreeMap::new();
    for (kind, ids) in by_kind {
        found.extend(records::seen_among(db, &context.rows, kind, ids).await?.into_iter().map(|seen| (seen.id, seen)));
    }
    Ok(pins.iter().filter_map(|row| Some(PinView::of(row, found.get(&row.record_id)?, context))).collect())
}

/// Keeps a record at hand. One that is pinned stays so.
///
/// # Errors
/// 404 where the record is out of sight or the asker is no user, 409 where there are too many pins.
pub async fn pin(state: &AppState, context: &Context, record_type: String, id: Uuid) -> Result<PinView, AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let input = (context.clone(), user, record_type, id);
    let who = context.write();
    Ok(state
        .store()
        .write(&who, input, |tx, (context, user, record_type, id)| Box::pin(put(tx, context, *user, record_type, *id)))
        .await?)
}

async fn put(tx: &mut Tx, context: &Context, user: Uuid, record_type: &str, id: Uuid) -> Result<PinView, AppError> {
    let seen = records::look_up(tx.conn(), &context.rows, record_type, id).await?.ok_or(AppError::NotFound)?;
    let pins = queries::of(tx.conn(), user).await?;
    if let Some(row) = pins.iter().find(|row| row.record_id == id && row.record_type == record_type) {
        return Ok(PinView::of(row, &seen, context));
    }
    if pins.len() >= MOST {
        return Err(AppError::Conflict("too_many_pins"));
    }
    let row = pin::Model { user_id: user, record_type: record_type.to_owned(), record_id: id, pinned_at: tx.now_ms() };
    let view = PinView::of(&row, &seen, context);
    tx.audit(AuditEntry {
        action: "created",
        record_type: "pin",
        record_id: Some(user),
        before: None,
        after: serde_json::to_string(&row).ok(),
    });
    queries::put(tx.conn(), row).await?;
    Ok(view)
}

/// Lets a record go, seen or not. One that is not pinned is let go already.
///
/// # Errors
/// 404 where the asker is no user.
pub async fn unpin(state: &AppState, context: &Context, record_type: String, id: Uuid) -> Result<(), AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let input = (user, record_type, id);
    let who = context.write();
    Ok(state
        .store()
        .write(&who, input, |tx, (user, record_type, id)| Box::pin(take(tx, *user, record_type, *id)))
        .await?)
}

async fn take(tx: &mut Tx, user: Uuid, record_type: &str, id: Uuid) -> Result<(), AppError> {
    if queries::remove(tx.conn(), user, record_type, id).await? {
        let before = serde_json::json!({ "user_id": user, "record_type": record_type, "record_id": id });
        tx.audit(AuditEntry {
            action: "removed",
            record_type: "pin",
            record_id: Some(user),
            before: Some(before.to_string()),
            after: None,
        });
    }
    Ok(())
}
