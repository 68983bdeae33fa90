//! Signing in and out, passwords, tokens. What slows guessing down is kept in the database, so that several nodes share it.

use chrono::Duration;
use qiao_store::entities::{api_token, app_user, session, sign_in_attempt};
use qiao_store::{Actor, AuditEntry, Store, StoreError, Tx, WriteContext, WriteError};
use uuid::Uuid;

use super::identify::SESSION_MS;
use super::password::{check_strength, hash_password, random_token, verify};
use super::queries;
use crate::context::Context;
use crate::error::AppError;
use crate::http::token_digest;
use crate::state::AppState;

/// Failures after which each further attempt must wait.
const FREE_FAILURES: i32 = 4;
/// Failures after which the account is locked for a while.
const LOCK_FAILURES: i32 = 10;
/// How long an account stays locked, ms.
const LOCK_MS: i64 = 15 * 60_000;
/// After this long without a failure counting begins anew, ms.
const FORGET_MS: i64 = 60 * 60_000;

/// A session that was just begun.
#[derive(Debug)]
pub struct Begun {
    /// The token for the cookie; it is not kept anywhere.
    pub token: String,
    /// Whose it is.
    pub user: app_user::Model,
}

/// Signs a user in.
///
/// # Errors
/// 401 `wrong_credentials`; 429 `slow_down` or `locked` with the seconds to wait. An unknown address takes as long as a
/// known one and is slowed down in the same way.
pub async fn sign_in(state: &AppState, email: &str, password: &str, agent: Option<String>) -> Result<Begun, AppError> {
    let now_ms = state.now_ms();
    let email = email.trim().to_lowercase();
    let pool = state.store().pool();
    let attempts = queries::attempts(pool, &email).await?;
    if let Some(row) = &attempts {
        wait_for(row, now_ms)?;
    }
    let user = queries::user_by_email(pool, &email).await?.filter(|user| user.disabled_at.is_none());
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let verified = verify(password.to_owned(), hash).await;
    let (Some(user), true) = (user, verified) else {
        return Err(note_failure(state.store(), email, attempts, now_ms).await);
    };
    let token = random_token();
    let input = NewSession {
        key: email,
        row: session::Model {
            token_hash: token_digest(&token),
            user_id: user.id,
            created_at: now_ms,
            expires_at: now_ms + SESSION_MS,
            last_seen_at: now_ms,
            user_agent: agent.map(|text| text.chars().take(200).collect()),
        },
        had_failures: attempts.is_some(),
    };
    let actor = Actor::User { id: user.id, name: user.name.clone() };
    let context = WriteContext { actor, now_ms, idempotency: None };
    state.store().write(&context, input, |tx, input| Box::pin(begin_session(tx, input))).await?;
    Ok(Begun { token, user })
}

struct NewSession {
    key: String,
    row: session::Model,
    had_failures: bool,
}

async fn begin_session(tx: &mut Tx, input: &NewSession) -> Result<(), AppError> {
    queries::insert_session(tx.conn(), input.row.clone()).await?;
    if input.had_failures {
        queries::clear_attempts(tx.conn(), &input.key).await?;
    }
    tx.audit(entry("signed_in", "user", input.row.user_id));
    Ok(())
}

fn entry(action: &'static str, record_type: &'static str, id: Uuid) -> AuditEntry {
    AuditEntry { action, record_type, record_id: Some(id), before: None, after: None }
}

fn wait_for(row: &sign_in_attempt::Model, now_ms: i64) -> Result<(), AppError> {
    let seconds = |until: i64| u64::try_from((until - now_ms + 999) / 1_000).unwrap_or(1);
    if let Some(until) = row.locked_until.filter(|until| *until > now_ms) {
        return Err(AppError::SlowDown { code: "locked", seconds: seconds(until) });
    }
    if row.failures > FREE_FAILURES && row.last_failure_at + FORGET_MS > now_ms {
        // 2, 4, 8, 16, 32 s
        let pause = Duration::seconds(1_i64 << (row.failures - FREE_FAILURES).clamp(1, 5)).num_milliseconds();
        let until = row.last_failure_at + pause;
        if until > now_ms {
            return Err(AppError::SlowDown { code: "slow_down", seconds: seconds(until) });
        }
    }
    Ok(())
}

async fn note_failure(store: &Store, email: String, before: Option<sign_in_attempt::Model>, now_ms: i64) -> AppError {
    let earlier = before.filter(|row| row.last_failure_at + FORGET_MS > now_ms).map_or(0, |row| row.failures);
    let failures = earlier.saturating_add(1);
    let locked_until = (failures >= LOCK_FAILURES).then_some(now_ms + LOCK_MS);
    let row = sign_in_attempt::Model { key: email, failures, last_failure_at: now_ms, locked_until };
    let context = WriteContext { actor: Actor::Job("sign-in"), now_ms, idempotency: None };
    let written = store.write(&context, row, |tx, row| Box::pin(save_failure(tx, row))).await;
    match written {
        Ok(()) => AppError::Unauthenticated("wrong_credentials"),
        Err(error) => error.into(),
    }
}

async fn save_failure(tx: &mut Tx, row: &sign_in_attempt::Model) -> Result<(), AppError> {
    queries::save_attempts(tx.conn(), row.clone()).await?;
    tx.audit(AuditEntry {
        action: "sign_in_failed",
        record_type: "user",
        record_id: None,
        before: None,
        after: Some(serde_json::json!({"email": row.key, "failures": row.failures}).to_string()),
    });
    Ok(())
}

/// Notes that a session is in use.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn seen(store: &Store, now_ms: i64, digest: Vec<u8>) -> Result<(), AppError> {
    async fn touch(tx: &mut Tx, digest: &[u8]) -> Result<(), AppError> {
        queries::touch_session(tx.conn(), digest, tx.now_ms()).await?;
        Ok(())
    }
    let context = WriteContext { actor: Actor::Job("session"), now_ms, idempotency: None };
    Ok(store.write(&context, digest, |tx, digest| Box::pin(touch(tx, digest))).await?)
}

/// Ends one session.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn sign_out(store: &Store, context: &Context, digest: Vec<u8>) -> Result<(), AppError> {
    async fn end(tx: &mut Tx, (digest, user): &(Vec<u8>, Uuid)) -> Result<(), AppError> {
        if queries::delete_session(tx, digest).await? > 0 {
            tx.audit(entry("signed_out", "user", *user));
        }
        Ok(())
    }
    let input = (digest, context.user_id.unwrap_or_default());
    Ok(store.write(&context.write(), input, |tx, input| Box::pin(end(tx, input))).await?)
}

/// Ends every session of the asker.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn sign_out_everywhere(store: &Store, context: &Context) -> Result<(), AppError> {
    let user = context.user_id.unwrap_or_default();
    Ok(store.write(&context.write(), user, |tx, user| Box::pin(end_all(tx, *user))).await?)
}

async fn end_all(tx: &mut Tx, user: Uuid) -> Result<(), AppError> {
    queries::delete_sessions(tx, user).await?;
    tx.audit(entry("signed_out_everywhere", "user", user));
    Ok(())
}

/// Changes the asker's password and ends all sessions, so that a stolen one is of no use.
///
/// # Errors
/// 422 where the current password is wrong or the new one weak.
pub async fn change_password(state: &AppState, context: &Context, current: &str, new: &str) -> Result<(), AppError> {
    let user_id = context.user_id.ok_or(AppError::Forbidden("not_allowed"))?;
    let user = queries::user(state.store().pool(), user_id).await?.ok_or(AppError::NotFound)?;
    if let Some(row) = queries::attempts(state.store().pool(), &user.email).await? {
        wait_for(&row, context.now_ms)?;
    }
    if !verify(current.to_owned(), user.password_hash.clone()).await {
        let before = queries::attempts(state.store().pool(), &user.email).await?;
        note_failure(state.store(), user.email, before, context.now_ms).await;
        return Err(AppError::field("/current", "password_wrong", &[]));
    }
    check_strength("/new", new)?;
    let hash = hash_password(new.to_owned()).await?;
    let input = (user_id, hash);
    Ok(state.store().write(&context.write(), input, |tx, input| Box::pin(set_password(tx, input))).await?)
}

async fn set_password(tx: &mut Tx, (user_id, hash): &(Uuid, String)) -> Result<(), AppError> {
    let mut user = queries::user(tx.conn(), *user_id).await?.ok_or(AppError::NotFound)?;
    user.password_hash = Some(hash.clone());
    user.password_change_required = false;
    user.version += 1;
    user.updated_at = tx.now_ms();
    queries::save_user(tx, user).await?;
    queries::delete_sessions(tx, *user_id).await?;
    tx.audit(entry("password_changed", "user", *user_id));
    Ok(())
}

/// Makes an API token for a user and answers it once.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn create_token(
    store: &Store,
    context: &Context,
    user_id: Uuid,
    name: String,
    expires_at: Option<i64>,
) -> Result<(String, api_token::Model), AppError> {
    let token = format!("qiao_{}", random_token());
    let row = api_token::Model {
        id: Uuid::now_v7(),
        user_id,
        name,
        token_hash: token_digest(&token),
        created_at: context.now_ms,
        expires_at,
        revoked_at: None,
    };
    async fn insert(tx: &mut Tx, row: &api_token::Model) -> Result<(), AppError> {
        queries::insert_token(tx.conn(), row.clone()).await?;
        let after = serde_json::json!({"name": row.name, "user_id": row.user_id}).to_string();
        tx.audit(AuditEntry {
            action: "created",
            record_type: "token",
            record_id: Some(row.id),
            before: None,
            after: Some(after),
        });
        Ok(())
    }
    store.write(&context.write(), row.clone(), |tx, row| Box::pin(insert(tx, row))).await?;
    Ok((token, row))
}

/// Revokes a token of the asker.
///
/// # Errors
/// 404 where the asker has no such token.
pub async fn revoke_token(store: &Store, context: &Context, id: Uuid) -> Result<(), AppError> {
    async fn revoke(tx: &mut Tx, (user, id): &(Uuid, Uuid)) -> Result<(), AppError> {
        if !queries::revoke_token(tx, *user, *id).await? {
            return Err(AppError::NotFound);
        }
        tx.audit(entry("revoked", "token", *id));
        Ok(())
    }
    let input = (context.user_id.unwrap_or_default(), id);
    Ok(store.write(&context.write(), input, |tx, input| Box::pin(revoke(tx, input))).await?)
}

/// How long an answer is kept for a repeated request, and a failed sign-in counts: two days.
const KEPT_MS: i64 = 2 * 86_400_000;

/// Removes what has had its time: sessions, kept answers, failed sign-ins. A job's work, done every few minutes.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn sweep(store: &Store, now_ms: i64) -> Result<(), StoreError> {
    let context = WriteContext { actor: Actor::Job("sweep"), now_ms, idempotency: None };
    match store.write(&context, (), |tx, ()| Box::pin(sweep_in(tx))).await {
        Ok(()) | Err(WriteError::Replayed(_)) => Ok(()),
        Err(WriteError::Refused(error) | WriteError::Store(error)) => Err(error),
    }
}

async fn sweep_in(tx: &mut Tx) -> Result<(), StoreError> {
    queries::delete_expired(tx.conn(), tx.now_ms()).await?;
    queries::delete_old(tx.conn(), tx.now_ms() - KEPT_MS).await
}
