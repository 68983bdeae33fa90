//! Lists: `?limit=&cursor=`, answered as `{items, next_cursor}`, by keyset.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::entry::Names;
use crate::error::AppError;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next_cursor: Option<String>,
    /// What the rows name by id, by name.
    #[serde(skip_serializing_if = "Names::is_empty")]
    #[schema(required = false)]
    pub names: Names,
}

impl<T> Page<T> {
    /// Rows that name nothing by id.
    #[must_use]
    pub fn new(items: Vec<T>, next_cursor: Option<String>) -> Self {
        Self { items, next_cursor, names: Names::default() }
    }
}

/// The query parameters of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows per page, 1 to 200, 50 by default.
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A checked page request.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Rows asked for.
    pub limit: u64,
    /// The sort key and id of the last row of the page before.
    pub after: Option<(String, String)>,
}

impl PageQuery {
    /// Checks limit and cursor.
    ///
    /// # Errors
    /// 422 for a limit outside 1 to 200 and for a cursor that is none of ours.
    pub fn checked(&self) -> Result<PageRequest, AppError> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("/limit", "limit", &[]));
        }
        let after = match &self.cursor {
            None => None,
            Some(text) => Some(decode_cursor(text).ok_or_else(|| AppError::field("/cursor", "cursor", &[]))?),
        };
        Ok(PageRequest { limit, after })
    }
}

impl PageRequest {
    /// Cuts a list that was read one row too far into a page.
    #[must_use]
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> (String, String)) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(200);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| encode_cursor(&key(row))) } else { None };
        Page::new(rows, next_cursor)
    }
}

/// A cursor: the sort key and the id of the last row, as hex of JSON, so that nobody builds one by hand.
#[must_use]
pub fn encode_cursor(key: &(String, String)) -> String {
    let json = serde_json::to_string(key).unwrap_or_default();
    json.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a cursor; none where it is none of ours.
#[must_use]
pub fn decode_cursor(text: &str) -> Option<(String, String)> {
    if text.len() > 2_000 || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    serde_json::from_slice(&bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_forged_ones_do_not() {
        let key = ("2026-03-19 华为".to_owned(), "id".to_owned());
        assert_eq!(decode_cursor(&encode_cursor(&key)), Some(key));
        for forged in ["", "zz", "7b", "é", "5b5d"] {
            assert_eq!(decode_cursor(forged), None, "{forged}");
        }
    }
}
