//! From a credential to a context.

use qiao_store::Actor;
use qiao_store::books::View;
use qiao_store::entities::app_user;
use uuid::Uuid;

use super::known::Holder;
use crate::context::{Context, Reach, Role};
use crate::error::AppError;
use crate::locale::Locale;
use crate::state::AppState;
use qiao_store::scope::RowScope;

/// What a request shows, as the digest under which it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A session cookie.
    Session(Vec<u8>),
    /// A bearer token.
    Token(Vec<u8>),
}

/// How long a session lives without being used, ms: 12 hours.
pub const IDLE_MS: i64 = 12 * 3_600_000;
/// How long a session lives at most, ms: 14 days.
pub const SESSION_MS: i64 = 14 * 24 * 3_600_000;
/// How old `last_seen_at` may grow before it is written again, ms.
pub const SEEN_MS: i64 = 5 * 60_000;

/// Who stands behind a credential, what they may do and whose rows they see now.
///
/// # Errors
/// 401 where the credential is unknown, ended, revoked, or its user disabled.
pub async fn identify(state: &AppState, credential: &Credential) -> Result<Context, AppError> {
    let now_ms = state.now_ms();
    // First the view: what is known under its number was read after everything that the view holds was committed.
    let view = state.books().view().await?;
    let known = state.known().get(view.access, [credential]).pop().flatten();
    let holder = match known.filter(|holder| holder.holds(now_ms)) {
        Some(holder) => holder,
        None => {
            let code = match credential {
                Credential::Session(_) => "session_ended",
                Credential::Token(_) => "not_signed_in",
            };
            let read = Holder::read(state.store().pool(), credential).await?;
            let holder = read.filter(|holder| holder.holds(now_ms)).ok_or(AppError::Unauthenticated(code))?;
            state.known().keep(view.access, [(credential.clone(), holder.clone())]);
            holder
        }
    };
    if let (true, Credential::Session(digest)) = (holder.unseen(now_ms), credential) {
        super::rules::seen(state.store(), now_ms, digest.clone()).await?;
        if let Some(fresh) = Holder::read(state.store().pool(), credential).await? {
            state.known().keep(view.access, [(credential.clone(), fresh)]);
        }
    }
    context(view, &holder.user, now_ms)
}

/// A user as a job acts for them: with what they may do and see now.
///
/// # Errors
/// 401 where the user is not there any more or disabled.
pub async fn acting(state: &AppState, user_id: Uuid) -> Result<Context, AppError> {
    let view = state.books().view().await?;
    let user = super::queries::user(state.store().pool(), user_id).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or(AppError::Unauthenticated("not_signed_in"))?;
    Ok(Context { view: None, ..context(view, &user, state.now_ms())? })
}

fn context(view: View, user: &app_user::Model, now_ms: i64) -> Result<Context, AppError> {
    let role = Role::parse(&user.role).ok_or(AppError::Unauthenticated("not_signed_in"))?;
    let definitions = &view.snapshot.definitions;
    let company = crate::company::facts(&definitions.company)?;
    let today = crate::context::date_of(now_ms, company.timezone);
    let rows = match (role.reach(), user.person_id) {
        (Reach::All, _) => RowScope::All,
        (Reach::Own, person) => RowScope::people(person.into_iter().collect()),
        (Reach::Subtree, None) => RowScope::people(Vec::new()),
        (Reach::Subtree, Some(person)) => RowScope::people(crate::people::rules::led_by(definitions, person, today)),
    };
    Ok(Context {
        actor: Actor::User { id: user.id, name: user.name.clone() },
        user_id: Some(user.id),
        person_id: user.person_id,
        role: Some(role),
        pay_grant: user.pay_grant,
        rows,
        locale: user.locale.as_deref().and_then(Locale::parse).unwrap_or_default(),
        now_ms,
        company,
        idempotency: None,
        view: Some(view),
    })
}
