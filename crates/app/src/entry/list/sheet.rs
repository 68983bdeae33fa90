//! Lists that the sheet in memory answers.

use super::Listing;
use crate::error::AppError;
use crate::sheet::{By, Called, Order, Question, Sheet};
use crate::state::AppState;

/// The order of a list; none where its cursor is of another.
pub fn order(listing: &Listing) -> Option<Order> {
    let by = By::named(listing.sort)?;
    let after = match &listing.after {
        None => None,
        Some(after) => {
            let key = match (&after.key, by) {
                (None, _) | (_, By::Created) => None,
                (Some(text), _) => Some(by.value(text)?),
            };
            Some((key, after.id))
        }
    };
    Some(Order { by, descending: listing.descending, after, limit: usize::try_from(listing.limit).ok()? })
}

/// Asks the sheet, everything in it that was committed before; none where the text has no letter to look for.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn ask<T>(
    state: &AppState,
    text: Option<&str>,
    mut question: Question,
    answer: impl FnOnce(&Sheet, &Question, Called<'_>) -> T,
) -> Result<Option<T>, AppError> {
    let following = state.search().fresh(state.store()).await?;
    let Some(part) = text.map(str::trim).filter(|part| !part.is_empty()) else {
        return Ok(Some(answer(&following.sheet, &question, &|_| true)));
    };
    let Some((text, word)) = following.text(part) else { return Ok(None) };
    question.text = Some(text);
    let index = &following.index;
    Ok(Some(answer(&following.sheet, &question, &|number| index.holds(number, &word))))
}
