//! Many records edited at once: each as by a form of its own, so that one that is refused leaves the others. A preview does
//! everything and takes it back. What was there before comes with the answer: with it the same request undoes the edit.

use futures::{StreamExt, stream};
use qiao_store::{Record, Tx, WriteContext, WriteError};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Chunk, Entry, Listed, Place, Row, Scoped, Whole, archive, restore, save_one};
use crate::context::Context;
use crate::error::AppError;
use crate::state::AppState;

/// Edits that are written beside each other: SQLite's writer groups what waits.
const AT_ONCE: usize = 8;

/// What is to become of a record.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The record.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
    /// True to put it away, false to bring it back; its fields stay then.
    pub archived: Option<bool>,
    /// Its fields, as of a form.
    pub fields: Map<String, Value>,
    /// Where the fields stand in the request.
    pub prefix: String,
}

/// A record that was edited.
#[derive(Clone, Debug)]
pub struct Edited<V> {
    /// The record.
    pub id: Uuid,
    /// Its version now; in a preview the one it would have.
    pub version: i64,
    /// As it was.
    pub before: V,
    /// As it is.
    pub after: V,
    /// False where it was like this already.
    pub changed: bool,
}

/// Edits records, each for itself, and answers what became of each, in their order.
///
/// # Errors
/// 403 without the permission. What is wrong with one record is its own outcome.
pub async fn edit<E: Listed>(
    state: &AppState,
    context: &Context,
    edits: Vec<Edit>,
    preview: bool,
) -> Result<Vec<(Uuid, Result<Edited<E::View>, AppError>)>, AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    context.require(E::PERMISSION)?;
    let each = edits.into_iter().map(|edit| async move { (edit.id, one::<E>(state, context, edit, preview).await) });
    Ok(stream::iter(each).buffered(AT_ONCE).collect().await)
}

async fn one<E: Listed>(
    state: &AppState,
    context: &Context,
    edit: Edit,
    preview: bool,
) -> Result<Edited<E::View>, AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    let whole = E::find(state, context, edit.id).await?.ok_or(AppError::NotFound)?;
    let (before, was) = (E::View::from(&whole), E::version(&whole));
    let is_away = whole.record().archived_at().is_some();
    // The key of the request is that of all its edits together.
    let context = Context { idempotency: None, ..context.clone() };
    let (after, version) = match edit.archived {
        Some(archived) if was != edit.version || archived == is_away || preview => {
            if was != edit.version {
                return Err(AppError::Stale);
            }
            (E::View::from(&whole), was + i64::from(archived != is_away))
        }
        Some(true) => archive::<E>(state, &context, edit.id, edit.version).await?,
        Some(false) => restore::<E>(state, &context, edit.id).await?,
        None => {
            let place = Place::At { id: edit.id, version: edit.version };
            let rows = vec![Row::of_form(&edit.fields, place, &edit.prefix)];
            let chunk = Chunk { rows, context: context.clone(), view: state.view(&context).await? };
            written::<E>(state, &context, chunk, preview).await?
        }
    };
    Ok(Edited { id: edit.id, version, before, after, changed: version != was })
}

/// Why a transaction is taken back.
enum Back<V> {
    /// Something is wrong.
    Wrong(AppError),
    /// It was a preview: what it would have written.
    Preview(V, i64),
}

impl<V> From<AppError> for Back<V> {
    fn from(error: AppError) -> Self {
        Self::Wrong(error)
    }
}

async fn written<E: Entry>(
    state: &AppState,
    context: &Context,
    chunk: Chunk,
    preview: bool,
) -> Result<(E::View, i64), AppError> {
    let write: WriteContext = context.write();
    let done = state.store().write(&write, (chunk, preview), |tx, input| Box::pin(write_or_not::<E>(tx, input))).await;
    match done {
        Ok((view, version)) | Err(WriteError::Refused(Back::Preview(view, version))) => Ok((view, version)),
        Err(WriteError::Refused(Back::Wrong(error))) => Err(error),
        Err(WriteError::Store(error)) => Err(WriteError::<AppError>::Store(error).into()),
        Err(WriteError::Replayed(answer)) => Err(AppError::Replayed(answer)),
    }
}

async fn write_or_not<E: Entry>(
    tx: &mut Tx,
    (chunk, preview): &(Chunk, bool),
) -> Result<(E::View, i64), Back<E::View>> {
    let (view, version) = save_one::<E>(tx, chunk).await?;
    if *preview { Err(Back::Preview(view, version)) } else { Ok((view, version)) }
}
