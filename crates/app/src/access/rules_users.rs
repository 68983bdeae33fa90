//! What an administrator does with a user's password and sessions.

use qiao_store::{AuditEntry, Tx};
use uuid::Uuid;

use super::password::{hash_password, random_password};
use super::queries;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::state::AppState;

/// Makes a password for a user, which must be changed at the next sign-in, and ends every session. The answer is not kept
/// under the request's key: a password in the clear stands nowhere.
///
/// # Errors
/// 403 without the permission, 404.
pub async fn new_password(state: &AppState, context: &Context, id: Uuid) -> Result<String, AppError> {
    context.require(Permission::ManageUsers)?;
    queries::user(state.store().pool(), id).await?.ok_or(AppError::NotFound)?;
    let password = random_password();
    let input = (id, hash_password(password.clone()).await?);
    let who = qiao_store::WriteContext { idempotency: None, ..context.write() };
    state.store().write(&who, input, |tx, (id, hash)| Box::pin(set(tx, *id, hash))).await?;
    Ok(password)
}

async fn set(tx: &mut Tx, id: Uuid, hash: &str) -> Result<(), AppError> {
    let mut user = queries::user(tx.conn(), id).await?.ok_or(AppError::NotFound)?;
    user.password_hash = Some(hash.to_owned());
    user.password_change_required = true;
    user.version += 1;
    user.updated_at = tx.now_ms();
    queries::clear_attempts(tx.conn(), &user.email).await?;
    queries::save_user(tx, user).await?;
    queries::delete_sessions(tx, id).await?;
    tx.audit(entry("password_reset", id));
    Ok(())
}

/// Ends every session of a user.
///
/// # Errors
/// 403 without the permission, 404.
pub async fn end_sessions(state: &AppState, context: &Context, id: Uuid) -> Result<(), AppError> {
    context.require(Permission::ManageUsers)?;
    async fn end(tx: &mut Tx, id: &Uuid) -> Result<(), AppError> {
        queries::user(tx.conn(), *id).await?.ok_or(AppError::NotFound)?;
        queries::delete_sessions(tx, *id).await?;
        tx.audit(entry("signed_out_everywhere", *id));
        Ok(())
    }
    Ok(state.store().write(&context.write(), id, |tx, id| Box::pin(end(tx, id))).await?)
}

fn entry(action: &'static str, id: Uuid) -> AuditEntry {
    AuditEntry { action, record_type: "user", record_id: Some(id), before: None, after: None }
}
