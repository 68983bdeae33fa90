//! Dense numbers for ids and words, in structures that share what did not change.
//!
//! A snapshot of the books is cloned at every append; copying a dictionary of a million ids each time would cost
//! milliseconds. Both structures here copy only the small leaf they touch.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

const PAGE: usize = 1024;
const FAN: usize = 64;

type Mid<T> = Vec<Arc<Vec<T>>>;

/// A sparse array from `u32` to `T`; what was never set is `T::default()`. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    mids: Vec<Arc<Mid<T>>>,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self { mids: Vec::new() }
    }
}

impl<T: Clone + Default> Paged<T> {
    /// The value at `index`, if its page exists.
    pub fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        let mid = self.mids.get(index / (PAGE * PAGE))?;
        mid.get(index / PAGE % PAGE)?.get(index % PAGE)
    }

    /// Sets the value at `index`, copying one page if a snapshot shares it.
    pub fn set(&mut self, index: u32, value: T) {
        let index = index as usize;
        let outer = index / (PAGE * PAGE);
        if self.mids.len() <= outer {
            self.mids.resize_with(outer + 1, Arc::default);
        }
        let mid = Arc::make_mut(&mut self.mids[outer]);
        let middle = index / PAGE % PAGE;
        if mid.len() <= middle {
            mid.resize_with(middle + 1, Arc::default);
        }
        let page = Arc::make_mut(&mut mid[middle]);
        let inner = index % PAGE;
        if page.len() <= inner {
            page.resize_with(inner + 1, T::default);
        }
        page[inner] = value;
    }
}

/// Gives every distinct `K` a number from 1 upwards; 0 means "none". Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Interner<K> {
    roots: Vec<Arc<Mid<(K, u32)>>>,
    count: u32,
    back: Option<Paged<Option<K>>>,
}

impl<K: Clone + Ord + Hash> Interner<K> {
    /// An interner that answers only `K -> number`.
    pub fn one_way() -> Self {
        Self {
            roots: vec![Arc::default(); FAN],
            count: 0,
            back: None,
        }
    }

    /// An interner that also keeps the way back.
    pub fn both_ways() -> Self {
        Self {
            back: Some(Paged::default()),
            ..Self::one_way()
        }
    }

    /// How many distinct keys it knows.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn place<Q: Hash + ?Sized>(key: &Q) -> (usize, usize) {
        let mut hasher = FxHasher::default();
        key.hash(&mut hasher);
        // The high bits of a multiplicative hash are the well mixed ones.
        let hash = (hasher.finish() >> 40) as usize;
        (hash % FAN, hash / FAN % FAN)
    }

    /// The number of a key, if it is known.
    pub fn find<Q>(&self, key: &Q) -> Option<u32>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + Hash + ?Sized,
    {
        let (root, leaf) = Self::place(key);
        let leaf = self.roots[root].get(leaf)?;
        let at = leaf
            .binary_search_by(|(known, _)| known.borrow().cmp(key))
            .ok()?;
        Some(leaf[at].1)
    }

    /// The number of a key, given now if it is new.
    pub fn intern<Q>(&mut self, key: &Q, own: impl FnOnce() -> K) -> u32
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + Hash + ?Sized,
    {
        if let Some(known) = self.find(key) {
            return known;
        }
        let (root, leaf) = Self::place(key);
        let mid = Arc::make_mut(&mut self.roots[root]);
        if mid.is_empty() {
            mid.resize_with(FAN, Arc::default);
        }
        let leaf = Arc::make_mut(&mut mid[leaf]);
        let at = leaf
            .binary_search_by(|(known, _)| known.borrow().cmp(key))
            .unwrap_or_else(|at| at);
        self.count += 1;
        let owned = own();
        if let Some(back) = &mut self.back {
            back.set(self.count, Some(owned.clone()));
        }
        leaf.insert(at, (owned, self.count));
        self.count
    }

    /// The key of a number, where the way back is kept.
    pub fn key(&self, number: u32) -> Option<&K> {
        self.back.as_ref()?.get(number)?.as_ref()
    }
}

/// A 128-bit id kept at the alignment of a byte, so that a dictionary entry takes 20 bytes and not 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdKey([u8; 16]);

impl From<u128> for IdKey {
    fn from(id: u128) -> Self {
        Self(id.to_be_bytes())
    }
}

impl IdKey {
    /// The id as a number.
    pub fn id(self) -> u128 {
        u128::from_be_bytes(self.0)
    }
}

impl Hash for IdKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_stable() {
        let mut words: Interner<Arc<str>> = Interner::both_ways();
        let a = words.intern("a", || "a".into());
        let old = words.clone();
        let b = words.intern("b", || "b".into());
        assert_eq!((a, b, words.intern("a", || "a".into())), (1, 2, 1));
        assert_eq!(old.find("b"), None);
        assert_eq!(words.key(2).map(|w| &**w), Some("b"));
        let mut ids: Interner<IdKey> = Interner::one_way();
        for n in 0..5000_u128 {
            assert_eq!(
                ids.intern(&IdKey::from(n << 64), || IdKey::from(n << 64)),
                u32::try_from(n).unwrap() + 1
            );
        }
        assert_eq!(ids.find(&IdKey::from(77 << 64)), Some(78));
        let mut paged: Paged<u32> = Paged::default();
        paged.set(3_000_000, 9);
        assert_eq!(
            (paged.get(3_000_000), paged.get(5).copied().unwrap_or(0)),
            (Some(&9), 0)
        );
    }
}
