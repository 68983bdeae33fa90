//! Rows on their way into the database: what each was and is to be, what became of it.

use std::collections::BTreeMap;

use qiao_store::{Change, Record, Saved, Tx};
use uuid::Uuid;

use super::{Chunk, Row, Verdict, Whole, Written};
use crate::error::AppError;

/// A row and its record.
#[derive(Clone, Debug)]
pub struct Draft<W> {
    /// The row; what is wrong with it keeps its record from being written.
    pub row: Row,
    /// The record as it was; none where it is new.
    pub before: Option<W>,
    /// The record as it is to be; none where the row does not say.
    pub after: Option<W>,
    saved: Option<Saved>,
}

impl<W> Draft<W> {
    /// A row that was read.
    #[must_use]
    pub fn new(row: Row, before: Option<W>, after: Option<W>) -> Self {
        Self { row, before, after, saved: None }
    }

    /// What was and is to be, where nothing is wrong with the row.
    fn accepted(&self) -> Option<(Option<&W>, &W)> {
        self.after.as_ref().filter(|_| self.row.errors.is_empty()).map(|after| (self.before.as_ref(), after))
    }
}

/// The rows of a chunk with their records, in their order.
#[derive(Clone, Debug)]
pub struct Drafts<W>(pub Vec<Draft<W>>);

/// Puts records, read with what belongs to them, in the places where their rows stood.
#[must_use]
pub fn placed<W: Whole>(rows: &[Option<W::Record>], whole: Vec<W>) -> Vec<Option<W>> {
    let mut whole: BTreeMap<Uuid, W> = whole.into_iter().map(|whole| (whole.record().key(), whole)).collect();
    rows.iter().map(|row| row.as_ref().and_then(|row| whole.remove(&row.key()))).collect()
}

impl<W: Whole> Drafts<W> {
    /// Reads the rows of a chunk. `befores` belong to its rows.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read(
        chunk: &Chunk,
        befores: Vec<Option<W>>,
        mut read: impl FnMut(&mut Row, Option<&W>) -> Result<Option<W>, AppError>,
    ) -> Result<Self, AppError> {
        let draft = |(row, before): (&Row, Option<W>)| {
            let mut row = row.clone();
            let after = read(&mut row, before.as_ref())?;
            Ok(Draft::new(row, before, after))
        };
        chunk.rows.iter().zip(befores).map(draft).collect::<Result<_, AppError>>().map(Self)
    }

    /// The records that go in: as they were, and as they are to be.
    pub fn accepted(&self) -> impl Iterator<Item = (Option<&W>, &W)> {
        self.0.iter().filter_map(Draft::accepted)
    }

    /// Those of the accepted that are new or not what they were.
    pub fn changed(&self) -> impl Iterator<Item = (Option<&W>, &W)> {
        self.accepted().filter(|(before, after)| before.map(W::record) != Some(after.record()))
    }

    /// The ids of changed records that were there before.
    #[must_use]
    pub fn old(&self) -> Vec<Uuid> {
        self.changed().filter_map(|(before, _)| before).map(|before| before.record().key()).collect()
    }

    /// Saves what was accepted; rows that something is wrong with by now are rejected.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    pub async fn save(mut self, tx: &mut Tx) -> Result<Self, AppError> {
        let change = |(before, after): (Option<&W>, &W)| (before.map(|b| b.record().clone()), after.record().clone());
        let changes: Vec<Change<W::Record>> = self.accepted().map(change).collect();
        let mut saved = tx.save_all(changes).await?.into_iter();
        for draft in &mut self.0 {
            if draft.accepted().is_none() {
                continue;
            }
            if let (Some(after), Some((what, record))) = (draft.after.as_mut(), saved.next()) {
                after.set_record(record);
                draft.saved = Some(what);
            }
        }
        Ok(self)
    }

    /// What became of the rows, with the records that were written or left as they were.
    #[must_use]
    pub fn written(self) -> Vec<Written<W>> {
        let written = |draft: Draft<W>| match draft.saved {
            Some(saved) => (draft.row.outcome(saved.into()), draft.after),
            None => (draft.row.outcome(Verdict::Rejected), None),
        };
        self.0.into_iter().map(written).collect()
    }
}
