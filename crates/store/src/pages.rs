//! Lists by keyset: the page after an id, never an offset.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::StoreError;

/// A page of a list in the order in which records were made. Ids are UUIDv7: their order is that of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ById {
    /// The last id of the page before.
    pub after: Option<Uuid>,
    /// Rows to read; one more than the page has tells whether there is another.
    pub limit: u64,
    /// Newest first.
    pub newest_first: bool,
}

impl ById {
    /// Reads the page of a query, whose id column is given.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read<E, C>(
        &self,
        query: Select<E>,
        id: C,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<E::Model>, StoreError>
    where
        E: EntityTrait,
        E::Model: Send + Sync,
        C: ColumnTrait,
    {
        let query = match (self.after, self.newest_first) {
            (None, _) => query,
            (Some(after), true) => query.filter(id.lt(after)),
            (Some(after), false) => query.filter(id.gt(after)),
        };
        let query = if self.newest_first { query.order_by_desc(id) } else { query.order_by_asc(id) };
        Ok(query.limit(self.limit).all(db).await?)
    }
}
