//! Users: who may sign in, with which role and grant.

use qiao_store::entities::app_user;
use qiao_store::{AuditEntry, Store, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::password::{check_strength, hash_password};
use super::queries;
use crate::context::{Context, Permission, Role};
use crate::error::AppError;
use crate::forms::{Checker, NAME};
use crate::locale::Locale;
use crate::people;
use crate::state::AppState;

/// A user to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The person behind the user.
    #[serde(default)]
    pub person_id: Option<String>,
    /// True where the user may see the pay of others in the row scope.
    #[serde(default)]
    pub pay_grant: bool,
    /// A first password; it must be changed at the first sign-in.
    #[serde(default)]
    pub password: Option<String>,
}

/// A change of a user; absent fields stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The role.
    #[serde(default)]
    pub role: Option<Role>,
    /// The pay grant.
    #[serde(default)]
    pub pay_grant: Option<bool>,
    /// The person behind the user; empty for nobody.
    #[serde(default)]
    pub person_id: Option<String>,
    /// True to keep the user from signing in; sessions end at once.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// A user as the administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserView {
    /// The id.
    pub id: Uuid,
    /// The address to sign in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: String,
    /// The person behind the user.
    pub person_id: Option<Uuid>,
    /// The pay grant.
    pub pay_grant: bool,
    /// True where the user cannot sign in.
    pub disabled: bool,
    /// The user's language.
    pub locale: Option<String>,
    /// True where the password must be changed at the next sign-in.
    pub password_change_required: bool,
    /// True where there is a password to sign in with.
    pub has_password: bool,
}

impl From<&app_user::Model> for UserView {
    fn from(user: &app_user::Model) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role.clone(),
            person_id: user.person_id,
            pay_grant: user.pay_grant,
            disabled: user.disabled_at.is_some(),
            locale: user.locale.clone(),
            password_change_required: user.password_change_required,
            has_password: user.password_hash.is_some(),
        }
    }
}

/// Checks an e-mail address as far as one can without sending to it.
pub fn check_email(check: &mut Checker, pointer: &str, email: &str) -> String {
    let email = check.text(pointer, email, NAME).to_lowercase();
    let plausible = email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !email.contains(' ')
    });
    if !email.is_empty() && !plausible {
        check.wrong(pointer, "not_email", &[&email]);
    }
    email
}

/// Makes a user.
///
/// # Errors
/// 403 without the permission, 422 where a field is wrong or the address is in use.
pub async fn create(store: &Store, context: &Context, new: NewUser) -> Result<UserView, AppError> {
    context.require(Permission::ManageUsers)?;
    let mut check = Checker::default();
    let email = check_email(&mut check, "/email", &new.email);
    let name = check.text("/name", &new.name, NAME);
    let person_id = check.optional_id("/person_id", new.person_id.as_deref());
    check.done()?;
    let password_hash = match new.password {
        None => None,
        Some(password) => {
            check_strength("/password", &password)?;
            Some(hash_password(password).await?)
        }
    };
    let user = app_user::Model {
        id: Uuid::now_v7(),
        person_id,
        email,
        name,
        role: new.role.as_str().to_owned(),
        pay_grant: new.pay_grant,
        password_change_required: password_hash.is_some() && context.role.is_some(),
        password_hash,
        locale: None,
        disabled_at: None,
        version: 1,
        created_at: context.now_ms,
        updated_at: context.now_ms,
    };
    Ok(store.write(&context.write(), user, |tx, user| Box::pin(insert(tx, user))).await?)
}

/// Refuses a person who is not there or behind another user already.
async fn check_person(tx: &Tx, person: Option<Uuid>, user: Uuid) -> Result<(), AppError> {
    let Some(person) = person else { return Ok(()) };
    if !people::rules::exists(tx.conn(), person).await? {
        return Err(AppError::field("/person_id", "unknown_reference", &[&person.to_string()]));
    }
    match queries::user_of_person(tx.conn(), person).await? {
        Some(other) if other.id != user => Err(AppError::field("/person_id", "already_used", &[&other.email])),
        _ => Ok(()),
    }
}

async fn insert(tx: &mut Tx, user: &app_user::Model) -> Result<UserView, AppError> {
    if queries::user_by_email(tx.conn(), &user.email).await?.is_some() {
        return Err(AppError::field("/email", "already_used", &[&user.email]));
    }
    check_person(tx, user.person_id, user.id).await?;
    queries::insert_user(tx.conn(), user.clone()).await?;
    let view = UserView::from(user);
    tx.audit(AuditEntry {
        action: "created",
        record_type: "user",
        record_id: Some(user.id),
        before: None,
        after: serde_json::to_string(&view).ok(),
    });
    Ok(crate::http::idempotent(tx, 201, view))
}

/// Changes a user.
///
/// # Errors
/// 403, 404, 412 where somebody changed it meanwhile, 409 where the last administrator would go.
pub async fn update(
    store: &Store,
    context: &Context,
    id: Uuid,
    version: i64,
    patch: UserPatch,
) -> Result<(UserView, i64), AppError> {
    context.require(Permission::ManageUsers)?;
    let mut check = Checker::default();
    let name = patch.name.as_deref().map(|name| check.text("/name", name, NAME));
    check.optional_id("/person_id", patch.person_id.as_deref());
    check.done()?;
    let input = (id, version, UserPatch { name, ..patch });
    Ok(store.write(&context.write(), input, |tx, input| Box::pin(change(tx, input))).await?)
}

async fn change(tx: &mut Tx, (id, version, patch): &(Uuid, i64, UserPatch)) -> Result<(UserView, i64), AppError> {
    let mut user = queries::user(tx.conn(), *id).await?.ok_or(AppError::NotFound)?;
    if user.version != *version {
        return Err(AppError::Stale);
    }
    let before = serde_json::to_string(&UserView::from(&user)).ok();
    let was_administrator = user.role == "administrator" && user.disabled_at.is_none();
    if let Some(name) = &patch.name {
        user.name.clone_from(name);
    }
    if let Some(role) = patch.role {
        role.as_str().clone_into(&mut user.role);
    }
    if let Some(text) = &patch.person_id {
        user.person_id = Uuid::try_parse(text).ok();
        check_person(tx, user.person_id, user.id).await?;
    }
    user.pay_grant = patch.pay_grant.unwrap_or(user.pay_grant);
    if let Some(disabled) = patch.disabled {
        user.disabled_at = disabled.then_some(user.disabled_at.unwrap_or(tx.now_ms()));
    }
    let still = user.role == "administrator" && user.disabled_at.is_none();
    if was_administrator && !still && queries::other_administrators(tx.conn(), *id).await? == 0 {
        return Err(AppError::Conflict("last_administrator"));
    }
    user.version += 1;
    user.updated_at = tx.now_ms();
    if user.disabled_at.is_some() {
        queries::delete_sessions(tx, *id).await?;
    }
    queries::save_user(tx, user.clone()).await?;
    let view = UserView::from(&user);
    tx.audit(AuditEntry {
        action: "updated",
        record_type: "user",
        record_id: Some(*id),
        before,
        after: serde_json::to_string(&view).ok(),
    });
    Ok((view, user.version))
}

/// Sets the asker's language.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn set_locale(store: &Store, context: &Context, locale: Locale) -> Result<(), AppError> {
    let input = (context.user_id.ok_or(AppError::Forbidden("not_allowed"))?, locale);
    async fn set(tx: &mut Tx, (id, locale): &(Uuid, Locale)) -> Result<(), AppError> {
        queries::set_locale(tx, *id, locale.tag()).await?;
        tx.audit(AuditEntry {
            action: "language_changed",
            record_type: "user",
            record_id: Some(*id),
            before: None,
            after: Some(serde_json::json!({"locale": locale.tag()}).to_string()),
        });
        Ok(())
    }
    Ok(store.write(&context.write(), input, |tx, input| Box::pin(set(tx, input))).await?)
}

/// The person with an address, if there is one.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn person_with_email(state: &AppState, email: &str) -> Result<Option<Uuid>, AppError> {
    let definitions = state.books().definitions().await?;
    let email = email.trim().to_lowercase();
    let found = definitions.people.values().find(|person| person.email.as_deref() == Some(email.as_str()));
    Ok(found.map(|person| Uuid::from_u128(person.id)))
}

/// Makes the person behind a user and puts them into a team, through the import of people.
///
/// # Errors
/// 422 where a value is wrong, [`AppError::Store`] where the database refused.
pub async fn person_of_user(
    state: &AppState,
    context: &Context,
    email: &str,
    name: &str,
    role: Role,
    team: &str,
) -> Result<Uuid, AppError> {
    use crate::imports::{Kind, Mapping, Table, run};
    let cells = [email, name, email, team, role.as_str()].map(str::to_owned).to_vec();
    let header = ["person", "name", "email", "team", "role"].map(str::to_owned).to_vec();
    let table = Table { header, rows: vec![(1, cells)] };
    let outcome = run(state, context, Kind::People, &table, &Mapping::plain(&table), false, |_, _| {}).await?;
    if let Some(rejected) = outcome.rejected.first() {
        return Err(AppError::Unreadable { code: "invalid", detail: rejected.reason.clone() });
    }
    person_with_email(state, email).await?.ok_or(AppError::NotFound)
}

/// Makes a token for the user of an address; none where there is no such user.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn token_for(
    state: &AppState,
    context: &Context,
    email: &str,
    name: String,
) -> Result<Option<String>, AppError> {
    let email = email.trim().to_lowercase();
    let Some(user) = queries::user_by_email(state.store().pool(), &email).await? else { return Ok(None) };
    let (token, _) = super::rules::create_token(state.store(), context, user.id, name, None).await?;
    Ok(Some(token))
}
