//! Telling people, and what becomes of what they were told.

use std::collections::{BTreeMap, BTreeSet};

use qiao_store::entities::notification;
use qiao_store::{Actor, AuditEntry, Record, Store, StoreError, Tx, WriteContext, WriteError};
use uuid::Uuid;

use super::queries::{self, Which};
use super::{Data, Kind};
use crate::context::{Context, Reach, Role};
use crate::error::AppError;
use crate::people::PersonRef;
use crate::people::rules::led_by;
use crate::state::AppState;

/// How long a message that was read is kept: 90 days.
const READ_MS: i64 = 90 * 86_400_000;
/// How long a message is kept that nobody reads: a year.
const UNREAD_MS: i64 = 365 * 86_400_000;

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// The user behind a person, where there is one.
    Person(Uuid),
    /// A user.
    User(Uuid),
}

/// Something to tell.
#[derive(Clone, Debug)]
pub struct News {
    /// Whom.
    pub to: To,
    /// What it is about.
    pub kind: Kind,
    /// The kind of record.
    pub record_type: String,
    /// The record.
    pub record_id: Option<Uuid>,
    /// What else the message needs to know.
    pub data: Data,
    /// True for one of many: all that one actor causes on a day is one message that counts.
    pub bundled: bool,
}

/// Writes messages with the transaction that causes them. Nobody is told of what they did themselves, nor of a kind that
/// they do not want.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn tell(tx: &mut Tx, context: &Context, news: Vec<News>) -> Result<(), StoreError> {
    let own = |news: &News| match news.to {
        To::Person(person) => context.person_id == Some(person),
        To::User(user) => context.user_id == Some(user) && news.kind != Kind::Import,
    };
    let news: Vec<News> = news.into_iter().filter(|news| !own(news)).collect();
    if news.is_empty() {
        return Ok(());
    }
    let people = news.iter().filter_map(|news| if let To::Person(id) = news.to { Some(id) } else { None }).collect();
    let users = news.iter().filter_map(|news| if let To::User(id) = news.to { Some(id) } else { None }).collect();
    let readers = queries::readers(tx.conn(), &people, &users).await?;
    if readers.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = readers.iter().map(|(user, _)| *user).collect();
    let unwanted = queries::unwanted(tx.conn(), &ids).await?;
    let mut rows: Vec<notification::Model> = Vec::new();
    let mut bundles: BTreeMap<(Uuid, String), usize> = BTreeMap::new();
    for one in news {
        let is_reader = |(user, person): &&(Uuid, Option<Uuid>)| match one.to {
            To::Person(id) => *person == Some(id),
            To::User(id) => *user == id,
        };
        let Some((user, _)) = readers.iter().find(is_reader) else { continue };
        if unwanted.contains(&(*user, one.kind.as_str().to_owned())) {
            continue;
        }
        let row = row(tx, context, *user, one);
        // A statement must not meet one bundle twice.
        let known = row.bundle.clone().map(|bundle| (*user, bundle));
        if let Some(at) = known.as_ref().and_then(|key| bundles.get(key)) {
            if let Some(there) = rows.get_mut(*at) {
                there.count += 1;
            }
            continue;
        }
        if let Some(key) = known {
            bundles.insert(key, rows.len());
        }
        rows.push(row);
    }
    for row in &rows {
        tx.notified(row.user_id);
    }
    queries::insert(tx.conn(), rows).await
}

fn row(tx: &Tx, context: &Context, user_id: Uuid, news: News) -> notification::Model {
    let bundle = news.bundled.then(|| {
        let word = news.data.word.as_deref().unwrap_or_default();
        let actor = tx.actor().user_id().unwrap_or_default();
        format!("{}:{}:{word}:{actor}:{}", news.kind.as_str(), news.record_type, context.today())
    });
    notification::Model {
        id: Uuid::now_v7(),
        user_id,
        kind: news.kind.as_str().to_owned(),
        record_type: news.record_type,
        record_id: news.record_id,
        actor_id: tx.actor().user_id(),
        actor_name: tx.actor().name().to_owned(),
        data: serde_json::to_string(&news.data).unwrap_or_else(|_| "{}".to_owned()),
        bundle,
        count: 1,
        at: tx.now_ms(),
        read_at: None,
    }
}

/// What is to be told where records changed hands: to whom they were given, and from whom they were taken. `from_file`
/// says that they are lines of a file: one message for each person, however many lines.
pub fn given<'a, M: Record + 'a>(
    from_file: bool,
    changes: impl Iterator<Item = (Option<&'a M>, &'a M)>,
    owner: impl Fn(&M) -> Option<Uuid>,
) -> Vec<News> {
    let mut news = Vec::new();
    for (before, after) in changes {
        let (had, has) = (before.and_then(&owner), owner(after));
        if had == has {
            continue;
        }
        let one = |to: Uuid, kind: Kind, data: Data| News {
            to: To::Person(to),
            kind,
            record_type: M::TYPE.to_owned(),
            record_id: Some(after.key()),
            data,
            bundled: from_file,
        };
        news.extend(has.map(|has| one(has, Kind::Assigned, Data::default())));
        news.extend(had.map(|had| one(had, Kind::Unassigned, Data { person: has, ..Data::default() })));
    }
    news
}

/// The people behind the users who see what somebody owns, the asker left out: whom a comment there may name. Whoever only
/// shares in it sees it, too, but is not among them.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn who_sees(state: &AppState, context: &Context, owner: Option<Uuid>) -> Result<Vec<PersonRef>, AppError> {
    let definitions = state.definitions(context).await?;
    let today = context.today();
    let sees = |person: Uuid, role: Role| match (role.reach(), owner) {
        (Reach::All, _) => true,
        (_, None) => false,
        (Reach::Own, Some(owner)) => person == owner,
        (Reach::Subtree, Some(owner)) => led_by(&definitions, person, today).contains(&owner),
    };
    let users = queries::users(state.store().pool()).await?;
    let others = users.into_iter().filter(|(user, ..)| Some(*user) != context.user_id);
    let people = others.filter_map(|(_, person, role)| {
        let person = person?;
        Role::parse(&role).filter(|role| sees(person, *role))?;
        PersonRef::of(&definitions, person)
    });
    let mut people: Vec<PersonRef> = people.collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(people)
}

/// Tells who started an import that it has ended. Call it in the transaction that ends the run.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn import_finished(
    tx: &mut Tx,
    context: &Context,
    user: Uuid,
    run: Uuid,
    file: &str,
    counts: [u64; 4],
) -> Result<(), StoreError> {
    let data = Data { name: Some(file.to_owned()), counts: Some(counts), ..Data::default() };
    let news = News {
        to: To::User(user),
        kind: Kind::Import,
        record_type: "import".to_owned(),
        record_id: Some(run),
        data,
        bundled: false,
    };
    tell(tx, context, vec![news]).await
}

/// What was marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// How many messages.
    pub count: u64,
    /// The moment that stands on them, ms since 1970 UTC, by which it can be taken back; none where they became unread.
    pub at: Option<i64>,
}

/// Marks one's own messages as read, or as unread.
///
/// # Errors
/// 404 for who has no inbox, [`AppError::Store`] where the database refused.
pub async fn mark(state: &AppState, context: &Context, which: Which, read: bool) -> Result<Marked, AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let input = (user, which, read);
    Ok(state
        .store()
        .write(&context.write(), input, |tx, (user, which, read)| Box::pin(put(tx, *user, which, *read)))
        .await?)
}

async fn put(tx: &mut Tx, user: Uuid, which: &Which, read: bool) -> Result<Marked, AppError> {
    let at = read.then(|| tx.now_ms());
    let count = queries::mark(tx.conn(), user, which, at).await?;
    if count > 0 {
        tx.notified(user);
    }
    Ok(Marked { count, at })
}

/// Sets which kinds the asker wants to be told of; what is not named stays.
///
/// # Errors
/// 404 for who has no inbox, [`AppError::Store`] where the database refused.
pub async fn choose(state: &AppState, context: &Context, wanted: BTreeMap<Kind, bool>) -> Result<(), AppError> {
    let user = context.user_id.ok_or(AppError::NotFound)?;
    let input = (user, wanted);
    Ok(state.store().write(&context.write(), input, |tx, (user, wanted)| Box::pin(set(tx, *user, wanted))).await?)
}

async fn set(tx: &mut Tx, user: Uuid, wanted: &BTreeMap<Kind, bool>) -> Result<(), AppError> {
    let off = queries::unwanted(tx.conn(), &[user]).await?;
    let is_wanted = |kind: &Kind| !off.contains(&(user, kind.as_str().to_owned()));
    let changed: BTreeMap<Kind, bool> =
        wanted.iter().filter(|(kind, want)| is_wanted(kind) != **want).map(|(kind, want)| (*kind, *want)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    for (kind, want) in &changed {
        queries::want(tx.conn(), user, *kind, *want).await?;
    }
    tx.audit(AuditEntry {
        action: "updated",
        record_type: "notification_settings",
        record_id: Some(user),
        before: serde_json::to_string(&changed.iter().map(|(kind, want)| (*kind, !want)).collect::<BTreeMap<_, _>>())
            .ok(),
        after: serde_json::to_string(&changed).ok(),
    });
    Ok(())
}

/// The kinds that a user does not want.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn unwanted(state: &AppState, user: Uuid) -> Result<BTreeSet<String>, StoreError> {
    let off = queries::unwanted(state.store().pool(), &[user]).await?;
    Ok(off.into_iter().map(|(_, kind)| kind).collect())
}

/// Removes messages that have had their time. A job's work, done every few minutes.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn sweep(store: &Store, now_ms: i64) -> Result<(), StoreError> {
    async fn remove(tx: &mut Tx) -> Result<(), StoreError> {
        let now_ms = tx.now_ms();
        queries::remove_old(tx.conn(), now_ms - READ_MS, now_ms - UNREAD_MS).await
    }
    let context = WriteContext { actor: Actor::Job("sweep"), now_ms, idempotency: None };
    match store.write(&context, (), |tx, ()| Box::pin(remove(tx))).await {
        Ok(()) | Err(WriteError::Replayed(_)) => Ok(()),
        Err(WriteError::Refused(error) | WriteError::Store(error)) => Err(error),
    }
}
