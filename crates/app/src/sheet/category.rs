//! A column of few values: of each value the set of rows that have it.

use std::hash::Hash;

use roaring::{MultiOps, RoaringBitmap};
use rustc_hash::FxHashMap;

/// No value.
const NOTHING: u32 = u32::MAX;

/// Sets that are put together as sets.
const FEW: usize = 8;

/// A column of few values.
#[derive(Debug)]
pub struct Category<K> {
    numbers: FxHashMap<K, u32>,
    rows: Vec<RoaringBitmap>,
    /// The number of each row's value.
    of: Vec<u32>,
}

impl<K> Default for Category<K> {
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), rows: Vec::new(), of: Vec::new() }
    }
}

impl<K: Copy + Eq + Hash> Category<K> {
    /// Gives a row a value, in the place of the one it had.
    pub fn set(&mut self, row: u32, value: Option<K>) {
        let new = value.map_or(NOTHING, |value| self.number(value));
        let at = row as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, NOTHING);
        }
        let old = std::mem::replace(&mut self.of[at], new);
        if old == new {
            return;
        }
        if let Some(rows) = self.rows.get_mut(old as usize) {
            rows.remove(row);
        }
        if let Some(rows) = self.rows.get_mut(new as usize) {
            rows.insert(row);
        }
    }

    fn number(&mut self, value: K) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let Ok(number) = u32::try_from(self.rows.len()) else { return NOTHING };
        self.rows.push(RoaringBitmap::new());
        self.numbers.insert(value, number);
        number
    }

    /// The rows of a value.
    pub fn rows(&self, value: K) -> Option<&RoaringBitmap> {
        self.rows.get(*self.numbers.get(&value)? as usize)
    }

    /// The rows of any of some values.
    pub fn any<'k>(&self, values: impl IntoIterator<Item = &'k K>) -> RoaringBitmap
    where
        K: 'k,
    {
        let sets: Vec<&RoaringBitmap> = values.into_iter().filter_map(|value| self.rows(*value)).collect();
        if sets.len() <= FEW {
            return sets.into_iter().union();
        }
        // Many small sets are put together faster bit by bit.
        let mut bits = vec![0_u8; self.of.len().div_ceil(8)];
        for row in sets.into_iter().flatten() {
            if let Some(byte) = bits.get_mut(row as usize / 8) {
                *byte |= 1 << (row % 8);
            }
        }
        RoaringBitmap::from_lsb0_bytes(0, &bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_sets_are_put_together_as_few_are() {
        let mut column = Category::default();
        for row in 0..1_000_u32 {
            column.set(row, (row % 7 != 0).then_some(row % 50));
        }
        let many: Vec<u32> = (0..40).collect();
        let one_by_one = many.iter().filter_map(|value| column.rows(*value)).union();
        assert_eq!(column.any(&many), one_by_one);
        assert_eq!(column.any(&[3, 99]), column.rows(3).cloned().unwrap_or_default());
    }
}
