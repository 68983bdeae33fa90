//! The records that the rows of a chunk are about, and the external ids and numbers that are taken.

use qiao_store::StoreError;
use qiao_store::sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::queries::{Taken, taken, word};
use super::{Chunk, Lookup, Place, Row, Scoped, Words, present};
use crate::error::AppError;
use crate::forms::NAME;

/// The most characters of a number.
const NUMBER: usize = 100;

/// The records of the kind that a chunk writes, as far as the asker may see them.
#[derive(Clone, Debug)]
pub struct Own<M> {
    /// Those that the rows are about, and those of the kind that they name.
    pub known: Lookup<M>,
    taken: Vec<Taken>,
}

impl<M: Scoped> Own<M> {
    /// Reads the records that the rows of a chunk are about. `others` are columns that name another record of the kind.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read(db: &impl ConnectionTrait, chunk: &Chunk, others: &[&str]) -> Result<Self, StoreError> {
        let columns: Vec<&str> = std::iter::once(M::TYPE).chain(others.iter().copied()).collect();
        let known = Lookup::of_words(db, chunk, &Words::of(&chunk.rows, &columns).and(chunk.patched())).await?;
        // In a file the key column finds the record that has an external id; it may give a new one its number.
        let unique: &[&str] = if M::NUMBER.is_some() { &["external_id", "number", M::TYPE] } else { &["external_id"] };
        let taken = taken::<M>(db, &Words::of(&chunk.rows, unique).others).await?;
        Ok(Self { known, taken })
    }

    /// The record that each row of a chunk is about, as it is now: none where it is to be made.
    ///
    /// # Errors
    /// As for [`present`].
    pub fn befores(&self, chunk: &Chunk) -> Result<Vec<Option<M>>, AppError> {
        let before = |row: &Row| {
            let by_key = row.get(M::TYPE).and_then(|word| self.known.get(word));
            let by_id = match row.place {
                Place::At { id, .. } => self.known.at(id),
                Place::Key | Place::New => None,
            };
            present(row, by_key, by_id)
        };
        chunk.rows.iter().map(before).collect()
    }

    /// A record's external id after a row; refused where another record has it. In a file the key column gives it to a
    /// new record, and finds an old one; in a form it is a field like others.
    pub fn external_id(&self, row: &mut Row, before: Option<&M>) -> Option<String> {
        let column = if row.is_form() { "external_id" } else { M::TYPE };
        let old = before.map(|before| word(before, M::EXTERNAL_ID));
        let new = match old {
            Some(old) if row.is_form() => row.text_or(column, NAME, old),
            Some(old) => old,
            None if row.is_form() => row.text(column, NAME),
            None => Some(row.required(column, NAME)),
        };
        if new.is_some() && self.others(before).any(|other| other.external_id == new) {
            row.wrong("external_id", "already_used", &[new.as_deref().unwrap_or_default()]);
        }
        new
    }

    /// A record's number after a row; refused where another record has it. `old` is what it has without the row.
    pub fn number(&self, row: &mut Row, before: Option<&M>, old: String) -> String {
        let new = row.required_or("number", NUMBER, old);
        if self.others(before).any(|other| other.number.as_ref() == Some(&new)) {
            row.wrong("number", "already_used", &[&new]);
        }
        new
    }

    fn others(&self, before: Option<&M>) -> impl Iterator<Item = &Taken> {
        let id: Option<Uuid> = before.map(M::key);
        self.taken.iter().filter(move |other| Some(other.id) != id)
    }
}
