//! The records that messages name, as far as the reader sees them now.

use std::collections::{BTreeMap, BTreeSet};

use qiao_store::StoreError;
use qiao_store::entities::notification;
use uuid::Uuid;

use crate::context::Context;
use crate::records::{self, Seen};
use crate::state::AppState;

/// Records by kind and id.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<(String, Uuid), Seen>);

impl Places {
    /// Reads the records of some messages: a statement for each kind of record.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn of(state: &AppState, context: &Context, rows: &[notification::Model]) -> Result<Self, StoreError> {
        let mut by_kind: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        for row in rows {
            if let Some(id) = row.record_id {
                by_kind.entry(&row.record_type).or_default().insert(id);
            }
        }
        let mut found = BTreeMap::new();
        for (kind, ids) in by_kind {
            for seen in records::seen_among(state.store().pool(), &context.rows, kind, ids).await? {
                found.insert((kind.to_owned(), seen.id), seen);
            }
        }
        Ok(Self(found))
    }

    /// The record of a message; none where the reader does not see it.
    pub fn at(&self, row: &notification::Model) -> Option<&Seen> {
        self.0.get(&(row.record_type.clone(), row.record_id?))
    }
}
