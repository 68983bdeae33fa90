//! Putting records away and bringing them back. The facts of a record stay: what happened did happen; who booked something
//! by mistake corrects it first.

use qiao_store::{Record, Tx};
use uuid::Uuid;

use super::queries::find;
use super::{Entry, Scoped, Whole};
use crate::context::Context;
use crate::error::AppError;
use crate::http::idempotent;
use crate::state::AppState;

/// What is to be put away, or brought back.
struct Wish<W> {
    context: Context,
    /// The record as it was read; what belongs to it is not touched.
    whole: W,
    /// The version that was read; none for bringing back.
    version: Option<i64>,
}

/// Puts a record away: lists and search leave it out, it cannot be changed, its page stays.
///
/// # Errors
/// 403 without the permission, 404, 412 where it was changed since it was read.
pub async fn archive<E: Entry>(
    state: &AppState,
    context: &Context,
    id: Uuid,
    version: i64,
) -> Result<(E::View, i64), AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    write::<E>(state, context, id, Some(version)).await
}

/// Brings a record back. One that is there is left as it is.
///
/// # Errors
/// 403 without the permission, 404.
pub async fn restore<E: Entry>(state: &AppState, context: &Context, id: Uuid) -> Result<(E::View, i64), AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    write::<E>(state, context, id, None).await
}

async fn write<E: Entry>(
    state: &AppState,
    context: &Context,
    id: Uuid,
    version: Option<i64>,
) -> Result<(E::View, i64), AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    context.require(E::PERMISSION)?;
    let found = find::<<E::Whole as Whole>::Record>(state.store().pool(), &context.rows, id).await?;
    let whole = E::Whole::gather(state, context, found.into_iter().collect()).await?.pop().ok_or(AppError::NotFound)?;
    let wish = Wish { context: context.clone(), whole, version };
    Ok(state.store().write(&context.write(), wish, |tx, wish| Box::pin(put::<E>(tx, wish))).await?)
}

async fn put<E: Entry>(tx: &mut Tx, wish: &Wish<E::Whole>) -> Result<(E::View, i64), AppError>
where
    <E::Whole as Whole>::Record: Scoped,
{
    let before: <E::Whole as Whole>::Record =
        find(tx.conn(), &wish.context.rows, wish.whole.record().key()).await?.ok_or(AppError::NotFound)?;
    if wish.version.is_some_and(|version| version != before.version()) {
        return Err(AppError::Stale);
    }
    let mut after = before.clone();
    match (wish.version, before.archived_at()) {
        (Some(_), None) => after.set_archived_at(Some(tx.now_ms())),
        (None, Some(_)) => after.set_archived_at(None),
        _ => {}
    }
    let mut whole = wish.whole.clone();
    whole.set_record(tx.save(Some(&before), after).await?.1);
    let view = E::View::from(&whole);
    let view = if wish.version.is_none() { idempotent(tx, 200, view) } else { view };
    Ok((view, E::version(&whole)))
}
