//! What was read, kept between requests for as long as a number of the [`crate::books::View`] stays the same. A change, on
//! any node, is in the view of the next request as another number: so nothing is ever answered that was changed before
//! the request came.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Values by key, under a number.
#[derive(Debug)]
pub struct Kept<K, V> {
    most: usize,
    inner: Mutex<(u64, HashMap<K, V>)>,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    /// Keeps this many values at most; then all are read again.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, inner: Mutex::new((0, HashMap::new())) }
    }

    /// What is known of some keys under a view's number, in their order.
    #[must_use]
    pub fn get<'a>(&self, number: u64, keys: impl IntoIterator<Item = &'a K>) -> Vec<Option<V>>
    where
        K: 'a,
    {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |key: &K| if inner.0 == number { inner.1.get(key).cloned() } else { None };
        keys.into_iter().map(known).collect()
    }

    /// What is known of some keys under a view's number; the rest is read, and kept.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn through<E>(
        &self,
        number: u64,
        keys: Vec<K>,
        read: impl AsyncFnOnce(Vec<K>) -> Result<Vec<(K, V)>, E>,
    ) -> Result<Vec<(K, V)>, E>
    where
        K: Clone,
    {
        let known = self.get(number, &keys);
        let (mut all, mut unknown) = (Vec::with_capacity(keys.len()), Vec::new());
        for (key, value) in keys.into_iter().zip(known) {
            match value {
                Some(value) => all.push((key, value)),
                None => unknown.push(key),
            }
        }
        if !unknown.is_empty() {
            let read = read(unknown).await?;
            self.keep(number, read.iter().cloned());
            all.extend(read);
        }
        Ok(all)
    }

    /// Keeps what was read after a view with this number, unless a later one was seen meanwhile.
    pub fn keep(&self, number: u64, read: impl IntoIterator<Item = (K, V)>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.0 > number {
            return;
        }
        if inner.0 < number {
            *inner = (number, HashMap::new());
        }
        for (key, value) in read {
            if inner.1.len() >= self.most {
                inner.1.clear();
            }
            inner.1.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let kept = Kept::new(10);
        kept.keep(3, [("a", 1)]);
        assert_eq!(kept.get(3, &["a", "b"]), [Some(1), None]);
        assert_eq!(kept.get(4, &["a"]), [None], "another number, nothing known");
        kept.keep(4, [("b", 2)]);
        kept.keep(3, [("a", 1)]);
        assert_eq!(kept.get(4, &["a", "b"]), [None, Some(2)], "read before the change");
        assert_eq!(kept.get(3, &["a"]), [None]);
    }

    #[test]
    fn it_never_grows_beyond_its_bound() {
        let kept = Kept::new(3);
        kept.keep(0, (0..100).map(|key| (key, key)));
        let known = kept.get(0, &(0..100).collect::<Vec<_>>()).into_iter().flatten().count();
        assert!((1..=3).contains(&known), "{known}");
    }
}
