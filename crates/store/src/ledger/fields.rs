//! The fields of a row, whatever it was read from.

use chrono::NaiveDate;
use qiao_engine::books::Id;
use rusqlite::types::ValueRef;

use crate::StoreError;
use crate::reads::refused;

/// A row of the join, whatever it was read from.
pub(super) trait Fields {
    fn text(&self, at: usize) -> Result<Option<&str>, StoreError>;
    fn number(&self, at: usize) -> Result<Option<i64>, StoreError>;
    fn id(&self, at: usize) -> Result<Option<Id>, StoreError>;
    fn date(&self, at: usize) -> Result<Option<NaiveDate>, StoreError>;
}

pub(super) fn damaged(what: &str, at: usize) -> StoreError {
    StoreError::Damaged(format!("a fact's column {at} holds no {what}; run: qiao check"))
}

pub(super) struct SqliteFields<'a>(pub(super) &'a rusqlite::Row<'a>);

impl SqliteFields<'_> {
    fn value(&self, at: usize) -> Result<ValueRef<'_>, StoreError> {
        self.0.get_ref(at).map_err(refused)
    }
}

impl Fields for SqliteFields<'_> {
    fn text(&self, at: usize) -> Result<Option<&str>, StoreError> {
        match self.value(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| damaged("text", at)),
            _ => Err(damaged("text", at)),
        }
    }

    fn number(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self.value(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            _ => Err(damaged("number", at)),
        }
    }

    fn id(&self, at: usize) -> Result<Option<Id>, StoreError> {
        match self.value(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => {
                bytes.try_into().map(|bytes| Some(u128::from_be_bytes(bytes))).map_err(|_| damaged("id", at))
            }
            _ => Err(damaged("id", at)),
        }
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>, StoreError> {
        let Some(text) = self.text(at)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| damaged("date", at))
    }
}
