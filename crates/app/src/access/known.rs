//! Who shows a credential, as it is kept between requests ([`qiao_store::Kept`]). What is kept only ever lets in: whom it
//! would refuse is read again.

use std::sync::Arc;

use qiao_store::entities::app_user;
use qiao_store::sea_orm::ConnectionTrait;

use super::identify::{Credential, IDLE_MS, SEEN_MS};
use super::queries;
use crate::error::AppError;

/// Credentials kept at most.
pub const KEPT: usize = 10_000;

/// A credential that is in the database, and its user.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The user.
    pub user: Arc<app_user::Model>,
    /// When it ends, ms; a token may never end.
    expires_at: Option<i64>,
    /// When a session was used last, as far as it was written down; a token has no such moment.
    last_seen_at: Option<i64>,
    revoked: bool,
}

impl Holder {
    /// Reads a credential; none where there is no such one.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn read(pool: &impl ConnectionTrait, credential: &Credential) -> Result<Option<Self>, AppError> {
        Ok(match credential {
            Credential::Session(digest) => {
                queries::session_with_user(pool, digest).await?.map(|(session, user)| Self {
                    user: Arc::new(user),
                    expires_at: Some(session.expires_at),
                    last_seen_at: Some(session.last_seen_at),
                    revoked: false,
                })
            }
            Credential::Token(digest) => queries::token_with_user(pool, digest).await?.map(|(token, user)| Self {
                user: Arc::new(user),
                expires_at: token.expires_at,
                last_seen_at: None,
                revoked: token.revoked_at.is_some(),
            }),
        })
    }

    /// True where it lets its user in at a moment.
    #[must_use]
    pub fn holds(&self, now_ms: i64) -> bool {
        let ended = self.expires_at.is_some_and(|at| at <= now_ms);
        let idle = self.last_seen_at.is_some_and(|at| at + IDLE_MS <= now_ms);
        !ended && !idle && !self.revoked && self.user.disabled_at.is_none()
    }

    /// True where it is time to write down that a session is in use.
    #[must_use]
    pub fn unseen(&self, now_ms: i64) -> bool {
        self.last_seen_at.is_some_and(|at| at + SEEN_MS <= now_ms)
    }
}

/// The credentials that were shown, by the number of [`qiao_store::books::View::access`].
pub type Known = qiao_store::Kept<Credential, Holder>;

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn holder(last_seen_at: Option<i64>) -> Holder {
        let user = app_user::Model {
            id: Uuid::nil(),
            person_id: None,
            email: "a@example.com".into(),
            name: "A".into(),
            role: "rep".into(),
            pay_grant: false,
            password_change_required: false,
            password_hash: None,
            locale: None,
            disabled_at: None,
            version: 1,
            created_at: 0,
            updated_at: 0,
        };
        Holder { user: Arc::new(user), expires_at: Some(IDLE_MS * 2), last_seen_at, revoked: false }
    }

    #[test]
    fn a_session_ends_by_time_idleness_and_its_user() {
        assert!(holder(Some(0)).holds(IDLE_MS - 1));
        assert!(!holder(Some(0)).holds(IDLE_MS), "idle");
        assert!(!holder(Some(IDLE_MS * 2)).holds(IDLE_MS * 2), "ended");
        let mut disabled = holder(None);
        disabled.user = Arc::new(app_user::Model { disabled_at: Some(1), ..(*disabled.user).clone() });
        assert!(!disabled.holds(2));
        assert!(
            holder(Some(0)).unseen(SEEN_MS) && !holder(Some(0)).unseen(SEEN_MS - 1) && !holder(None).unseen(SEEN_MS)
        );
    }
}
