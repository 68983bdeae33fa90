//! Putting a timeline together.

use qiao_engine::Language;
use qiao_store::entities::{activity, audit, comment};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::changes::{self, ChangeView};
use super::labels;
use super::queries::{self, ACTIVITY, CHANGE, COMMENT, Place};
use crate::attachments::rules::AttachmentView;
use crate::context::Context;
use crate::error::AppError;
use crate::figures::RecordId;
use crate::http::PageRequest;
use crate::state::AppState;
use crate::time::rfc3339;
use crate::{attachments, comments, records};

/// Something that was done, said or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Event {
    /// The comment, the record of the activity, or the number of the entry in the audit log.
    id: String,
    at: String,
    /// comment, activity or change.
    kind: &'static str,
    /// Who.
    actor: Option<String>,
    /// What it was.
    title: String,
    /// What was said, what came of it.
    text: Option<String>,
    /// What is to be done next, of an activity.
    next_step: Option<String>,
    /// When that is to be done.
    next_step_on: Option<String>,
    /// What was changed.
    changes: Vec<ChangeView>,
    /// The record of its own that it has.
    record: Option<RecordId>,
    /// Its files, of an activity.
    attachments: Vec<AttachmentView>,
    /// True for a comment that the asker may correct and remove.
    own: bool,
    /// The version of a comment: what If-Match takes.
    version: Option<i64>,
    #[serde(skip)]
    place: (i64, u8, String),
}

impl Event {
    /// The place of the row as a cursor holds it.
    #[must_use]
    pub fn cursor(&self) -> (String, String) {
        (format!("{} {}", self.place.0, self.place.1), self.place.2.clone())
    }

    fn of_comment(row: comment::Model, context: &Context) -> Self {
        Self {
            id: row.id.to_string(),
            at: rfc3339(row.created_at),
            kind: "comment",
            own: row.author_id.is_some() && row.author_id == context.user_id,
            actor: Some(row.author_name),
            title: context.locale.pick("评论", "Comment").to_owned(),
            text: Some(row.text),
            next_step: None,
            next_step_on: None,
            changes: Vec::new(),
            record: None,
            attachments: Vec::new(),
            version: Some(row.version),
            place: (row.created_at, COMMENT, row.id.to_string()),
        }
    }

    fn of_activity(
        row: activity::Model,
        actor: Option<String>,
        attachments: Vec<AttachmentView>,
        language: Language,
    ) -> Self {
        Self {
            id: row.id.to_string(),
            at: rfc3339(row.happened_at),
            kind: "activity",
            actor,
            title: format!("{} · {}", labels::word(&row.kind, language), row.subject),
            text: row.outcome,
            next_step: row.next_step,
            next_step_on: row.next_step_on.map(|day| day.to_string()),
            changes: Vec::new(),
            record: Some(RecordId { record_type: "activity".to_owned(), id: row.id }),
            attachments,
            own: false,
            version: None,
            place: (row.happened_at, ACTIVITY, row.id.to_string()),
        }
    }

    fn of_change(row: &audit::Model, changes: Vec<ChangeView>, language: Language) -> Self {
        Self {
            id: row.sequence.to_string(),
            at: rfc3339(row.at),
            kind: "change",
            actor: Some(row.actor_name.clone()),
            title: labels::word(&row.action, language).to_owned(),
            text: None,
            next_step: None,
            next_step_on: None,
            changes,
            record: None,
            attachments: Vec::new(),
            own: false,
            version: None,
            place: (row.at, CHANGE, row.sequence.to_string()),
        }
    }
}

fn place((key, id): &(String, String)) -> Result<Place, AppError> {
    let parts = key.split_once(' ').and_then(|(at, rank)| Some((at.parse().ok()?, rank.parse().ok()?)));
    let (at, rank) = parts.ok_or_else(|| AppError::field("/cursor", "cursor", &[]))?;
    Ok(Place { at, rank, key: id.clone() })
}

/// The events of a record in the asker's scope, the newest first, one more than the page has.
///
/// # Errors
/// 404 where the record is out of sight, 422 for a cursor that is none of ours.
pub async fn timeline(
    state: &AppState,
    context: &Context,
    record_type: &str,
    id: Uuid,
    page: &PageRequest,
) -> Result<Vec<Event>, AppError> {
    let db = state.store().pool();
    if !records::sees(db, &context.rows, record_type, id).await? {
        return Err(AppError::NotFound);
    }
    let from = page.after.as_ref().map(place).transpose()?;
    let (from, limit) = (from.as_ref(), page.limit + 1);
    let language = context.language();
    let view = state.view(context).await?;
    let before = from.map(|from| (from.at, Uuid::try_parse(&from.key).ok().filter(|_| from.rank == COMMENT)));
    let said = comments::rules::of(db, id, before, limit).await?;
    let done = match queries::about(record_type) {
        Some(about) => queries::activities(db, &context.rows, about, id, from, limit).await?,
        None => Vec::new(),
    };
    let shown: Vec<Uuid> = done.iter().map(|row| row.id).collect();
    let mut files = attachments::rules::of(db, context, &shown).await?;
    let entries = queries::changes(db, id, from, limit).await?;
    let changes = changes::of(state, &view, language, &entries).await?;
    let people = &view.snapshot.definitions.people;
    let mut all: Vec<Event> = said.into_iter().map(|row| Event::of_comment(row, context)).collect();
    all.extend(done.into_iter().map(|row| {
        let actor = people.get(&row.owner_id.as_u128()).map(|person| person.name.clone());
        let files = files.remove(&row.id).unwrap_or_default();
        Event::of_activity(row, actor, files, language)
    }));
    all.extend(entries.iter().zip(changes).map(|(row, changes)| Event::of_change(row, changes, language)));
    // Of one moment the kinds stand in the order of their ranks, the rows of a kind in the order in which they were read.
    all.sort_by_key(|event| (std::cmp::Reverse(event.place.0), event.place.1));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}
