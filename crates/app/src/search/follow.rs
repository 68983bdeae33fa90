//! Keeping the index of names and the sheet of deals up to date. They are made when the server starts; before a search or a list
//! what was written since, on whatever node, is read from the audit log. So what was saved before somebody asked is found.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use qiao_store::entities::{account, contact, contract, lead, opportunity};
use qiao_store::{Record, Store, StoreError, Touches};
use tokio::sync::{RwLock, RwLockReadGuard};
use uuid::Uuid;

use super::index::{Entry, FORMER, Index, Within};
use super::queries::{Searched, Which, contacts_of, deals, entries};
use super::text::{Word, squeezed};
use crate::sheet::{Deal, Sheet, Text};

/// Records read at once.
const BATCH: u64 = 5_000;
/// The same, of ids that are at hand.
const PART: usize = 5_000;
/// Texts that are all looked into; among more a list looks while it goes through its rows.
const FEW_TEXTS: u64 = 20_000;
/// Old forms that are kept before the index is made anew, besides as many as there are records.
const OLD_FORMS: u64 = 20_000;

/// The index of a server; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Search {
    current: Arc<RwLock<Option<Following>>>,
    /// Somebody makes it anew.
    renewing: Arc<AtomicBool>,
}

/// An index and how far it goes.
#[derive(Debug)]
pub struct Following {
    /// The texts.
    pub index: Index,
    /// The deals.
    pub sheet: Sheet,
    /// How far the audit log was read; what lies between was no record of these kinds.
    position: Mutex<Touches>,
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
                // Read without the lock: others go on asking meanwhile.
                let read = Read::of(store, &touched).await?;
                self.advance(store, &before, &read, position).await?;
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

    async fn advance(&self, store: &Store, before: &Touches, read: &Read, position: Touches) -> Result<(), StoreError> {
        let mut current = self.current.write().await;
        let Some(following) = current.as_mut() else { return Ok(()) };
        if following.position() != *before {
            // Another search was faster.
            return Ok(());
        }
        following.take(read);
        following.reached(position);
        if following.index.is_worn(OLD_FORMS) && !self.renewing.swap(true, Ordering::AcqRel) {
            // Beside those who ask: they go on with the one that is there.
            tokio::spawn(self.clone().renew(store.clone()));
        }
        Ok(())
    }

    /// Makes the index anew, without the old forms; those who ask meanwhile are answered from the one that is there.
    pub async fn renew(self, store: Store) {
        match Following::of(&store).await {
            // What was written since is read by who asks next.
            Ok(following) => *self.current.write().await = Some(following),
            Err(error) => tracing::warn!(%error, "the index of names was not made anew"),
        }
        self.renewing.store(false, Ordering::Release);
    }
}

/// What was read of records that were written.
#[derive(Debug, Default)]
struct Read {
    entries: Vec<Entry>,
    deals: Vec<(Entry, Deal)>,
}

impl Read {
    async fn of(store: &Store, touched: &[(String, Uuid)]) -> Result<Self, StoreError> {
        let mut read = Self::default();
        read.these::<account::Model>(store, &of_type::<account::Model>(touched)).await?;
        // Who sees a customer sees its people.
        let mut contacts = of_type::<contact::Model>(touched);
        for part in of_type::<account::Model>(touched).chunks(PART) {
            contacts.extend(contacts_of(store.pool(), part).await?);
        }
        contacts.sort_unstable();
        contacts.dedup();
        read.these::<contact::Model>(store, &contacts).await?;
        read.these::<lead::Model>(store, &of_type::<lead::Model>(touched)).await?;
        for part in of_type::<opportunity::Model>(touched).chunks(PART) {
            read.deals.extend(deals(store.pool(), Which::These(part.to_vec())).await?);
        }
        read.these::<contract::Model>(store, &of_type::<contract::Model>(touched)).await?;
        Ok(read)
    }

    async fn these<M: Searched>(&mut self, store: &Store, ids: &[Uuid]) -> Result<(), StoreError> {
        for part in ids.chunks(PART) {
            self.entries.extend(entries::<M>(store.pool(), Which::These(part.to_vec())).await?);
        }
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
        let position = Mutex::new(Touches::now(store).await?);
        let mut following = Self { index: Index::default(), sheet: Sheet::default(), position };
        following.all::<account::Model>(store).await?;
        following.all::<contact::Model>(store).await?;
        following.all::<lead::Model>(store).await?;
        following.all::<contract::Model>(store).await?;
        let mut after = None;
        loop {
            let deals = deals(store.pool(), Which::After(after, BATCH)).await?;
            after = deals.last().map(|(_, deal)| deal.id);
            let is_last = (deals.len() as u64) < BATCH;
            following.take(&Read { entries: Vec::new(), deals });
            if is_last {
                break;
            }
        }
        Ok(following)
    }

    fn take(&mut self, read: &Read) {
        for entry in &read.entries {
            self.index.add(entry);
        }
        for (entry, deal) in &read.deals {
            let texts = self.index.add(entry);
            self.sheet.put(deal, texts);
        }
    }

    async fn all<M: Searched>(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let entries = entries::<M>(store.pool(), Which::After(after, BATCH)).await?;
            after = entries.last().map(|entry| entry.id);
            let is_last = (entries.len() as u64) < BATCH;
            self.take(&Read { entries, deals: Vec::new() });
            if is_last {
                return Ok(());
            }
        }
    }

    /// A text as the sheet takes it: whose customers and which deals are called so. The word goes with it, as it is
    /// compared; none where the text has no letter to look for.
    #[must_use]
    pub fn text(&self, part: &str) -> Option<(Text, Word)> {
        let word = squeezed(part);
        if word.is_empty() {
            return None;
        }
        // Lists look into the names of today.
        let now = |field: &str| !field.starts_with(FORMER);
        let accounts = self.index.alike(account::Model::KIND, &word, now, usize::MAX);
        let texts = self.index.may_hold(opportunity::Model::KIND, &word);
        let word = Word::new(&word);
        let deals = (texts.len() <= FEW_TEXTS).then(|| {
            let called = texts.iter().filter(|number| self.index.holds(*number, &word));
            called.filter_map(|number| self.index.id(number)).collect()
        });
        Some((Text { accounts, deals, texts }, word))
    }
}
