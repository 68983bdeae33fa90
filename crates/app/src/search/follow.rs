//! Keeping the index up to date. It is made when the server starts; before a search what was written since, on whatever node,
//! is read from the audit log. So what was saved before somebody searched is found.

use std::sync::{Arc, Mutex, PoisonError};

use qiao_store::entities::{account, contact, contract, lead, opportunity};
use qiao_store::{Record, Store, StoreError, Touches};
use tokio::sync::{RwLock, RwLockReadGuard};
use uuid::Uuid;

use super::index::{Index, Within};
use super::queries::{Searched, Which, contacts_of, entries};
use super::text::squeezed;

/// Records read at once.
const BATCH: u64 = 5_000;
/// Old forms that are kept before the index is made anew, besides as many as there were records.
const OLD_FORMS: usize = 20_000;

/// The index of a server; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Search {
    current: Arc<RwLock<Option<Following>>>,
}

/// An index and how far it goes.
#[derive(Debug)]
pub struct Following {
    /// The texts.
    pub index: Index,
    /// How far the audit log was read; what lies between was no record of these kinds.
    position: Mutex<Touches>,
    /// Texts when it was made.
    made: usize,
}

const TYPES: [&str; 5] =
    [account::Model::TYPE, contact::Model::TYPE, lead::Model::TYPE, opportunity::Model::TYPE, contract::Model::TYPE];

impl Search {
    /// The index with everything that was committed before this call. The first call makes it.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn fresh(&self, store: &Store) -> Result<RwLockReadGuard<'_, Following>, StoreError> {
        loop {
            let current = self.current.read().await;
            if let Ok(following) = RwLockReadGuard::try_map(current, Option::as_ref) {
                let before = following.position();
                let (touched, position) = before.since(store, &TYPES).await?;
                if touched.is_empty() {
                    following.reached(position);
                    return Ok(following);
                }
                drop(following);
                self.advance(store, &before, touched, position).await?;
                continue;
            }
            self.make(store).await?;
        }
    }

    /// The records of a kind one of whose names or numbers may hold a text, whatever their scope; none where these are more
    /// than `most`, where the kind is not searched, or where the text has no letter.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn few(
        &self,
        store: &Store,
        record_type: &str,
        text: &str,
        most: usize,
    ) -> Result<Option<Vec<Uuid>>, StoreError> {
        let word = squeezed(text);
        let Some(kind) = kind_of(record_type).filter(|_| !word.is_empty()) else { return Ok(None) };
        let ids = self.fresh(store).await?.index.find(kind, &[word], &Within::All, most + 1);
        Ok((ids.len() <= most).then_some(ids))
    }

    /// Records of a kind, whatever their scope, one of whose names or numbers holds a squeezed word and is the same as what is
    /// looked for; `same` is asked with the field as it is compared. `most` at most, the newest.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn alike(
        &self,
        store: &Store,
        record_type: &str,
        word: &str,
        same: impl Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        let Some(kind) = kind_of(record_type).filter(|_| !word.is_empty()) else { return Ok(Vec::new()) };
        Ok(self.fresh(store).await?.index.alike(kind, word, same, most))
    }

    async fn make(&self, store: &Store) -> Result<(), StoreError> {
        let mut current = self.current.write().await;
        if current.is_none() {
            *current = Some(Following::of(store).await?);
        }
        Ok(())
    }

    async fn advance(
        &self,
        store: &Store,
        before: &Touches,
        touched: Vec<(String, Uuid)>,
        position: Touches,
    ) -> Result<(), StoreError> {
        let mut current = self.current.write().await;
        let Some(following) = current.as_mut() else { return Ok(()) };
        if following.position() != *before {
            // Another search was faster.
            return Ok(());
        }
        if following.index.size() > following.made * 2 + OLD_FORMS {
            *following = Following::of(store).await?;
            return Ok(());
        }
        following.add::<account::Model>(store, &touched).await?;
        following.add::<contact::Model>(store, &touched).await?;
        following.add::<lead::Model>(store, &touched).await?;
        following.add::<opportunity::Model>(store, &touched).await?;
        following.add::<contract::Model>(store, &touched).await?;
        // Who sees a customer sees its people.
        let accounts = of_type::<account::Model>(&touched);
        for part in accounts.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
            let contacts = contacts_of(store.pool(), part).await?;
            following.add_these::<contact::Model>(store, &contacts).await?;
        }
        following.reached(position);
        Ok(())
    }
}

/// The number of a kind in the index.
fn kind_of(record_type: &str) -> Option<u8> {
    match record_type {
        account::Model::TYPE => Some(account::Model::KIND),
        contact::Model::TYPE => Some(contact::Model::KIND),
        lead::Model::TYPE => Some(lead::Model::KIND),
        opportunity::Model::TYPE => Some(opportunity::Model::KIND),
        contract::Model::TYPE => Some(contract::Model::KIND),
        _ => None,
    }
}

fn of_type<M: Record>(touched: &[(String, Uuid)]) -> Vec<Uuid> {
    touched.iter().filter(|(kind, _)| kind == M::TYPE).map(|(_, id)| *id).collect()
}

impl Following {
    fn position(&self) -> Touches {
        self.position.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reached(&self, position: Touches) {
        *self.position.lock().unwrap_or_else(PoisonError::into_inner) = position;
    }

    async fn of(store: &Store) -> Result<Self, StoreError> {
        // What is written while it is made is read again by the next search.
        let position = Touches::now(store).await?;
        let mut following = Self { index: Index::default(), position: Mutex::new(position), made: 0 };
        following.all::<account::Model>(store).await?;
        following.all::<contact::Model>(store).await?;
        following.all::<lead::Model>(store).await?;
        following.all::<opportunity::Model>(store).await?;
        following.all::<contract::Model>(store).await?;
        following.made = following.index.size();
        Ok(following)
    }

    async fn all<M: Searched>(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let read = entries::<M>(store.pool(), Which::After(after, BATCH)).await?;
            for entry in &read {
                self.index.add(entry);
            }
            match read.last() {
                Some(last) if read.len() as u64 == BATCH => after = Some(last.id),
                _ => return Ok(()),
            }
        }
    }

    async fn add<M: Searched>(&mut self, store: &Store, touched: &[(String, Uuid)]) -> Result<(), StoreError> {
        self.add_these::<M>(store, &of_type::<M>(touched)).await
    }

    async fn add_these<M: Searched>(&mut self, store: &Store, ids: &[Uuid]) -> Result<(), StoreError> {
        for part in ids.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
            for entry in &entries::<M>(store.pool(), Which::These(part.to_vec())).await? {
                self.index.add(entry);
            }
        }
        Ok(())
    }
}
