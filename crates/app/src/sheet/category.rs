//! A column of few values: of each value the set of rows that have it.

use std::hash::Hash;

use roaring::{MultiOps, RoaringBitmap};
use rustc_hash::FxHashMap;

/// No value.
const NOTHING: u32 = u32::MAX;

/// Up to this part of all rows they are put together as a set; a larger one where few rows are tested, so that some are.
const PART_OF_ALL: usize = if cfg!(test) { 3 } else { 32 };

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

    /// The rows of any of some values, one by one where these are few of all.
    pub fn any<'k>(&self, values: impl IntoIterator<Item = &'k K>) -> Any<'_>
    where
        K: 'k,
    {
        let numbers: Vec<u32> = values.into_iter().filter_map(|value| self.numbers.get(value).copied()).collect();
        let sets = || numbers.iter().filter_map(|number| self.rows.get(*number as usize));
        let several = self.of.len() / PART_OF_ALL;
        if sets().map(RoaringBitmap::len).sum::<u64>() <= several as u64 {
            return Any::Rows(sets().union());
        }
        let mut wanted = vec![false; self.rows.len()];
        for number in numbers {
            wanted[number as usize] = true;
        }
        Any::Each { of: &self.of, wanted, also: RoaringBitmap::new() }
    }
}

/// The rows of any of some values.
#[derive(Debug)]
pub enum Any<'a> {
    /// Few of all: the rows themselves.
    Rows(RoaringBitmap),
    /// Many: each row is looked at when it comes up.
    Each {
        /// The number of each row's value.
        of: &'a [u32],
        /// By number, which values are wanted.
        wanted: Vec<bool>,
        /// Rows that are meant whatever their value.
        also: RoaringBitmap,
    },
}

impl Any<'_> {
    /// With some rows besides.
    #[must_use]
    pub fn or(self, rows: &RoaringBitmap) -> Self {
        match self {
            Self::Rows(own) => Self::Rows(own | rows),
            Self::Each { of, wanted, also } => Self::Each { of, wanted, also: also | rows },
        }
    }

    /// True for a row of them.
    pub fn contains(&self, row: u32) -> bool {
        match self {
            Self::Rows(rows) => rows.contains(row),
            Self::Each { of, wanted, also } => {
                let number = of.get(row as usize).copied().unwrap_or(NOTHING);
                wanted.get(number as usize).copied().unwrap_or(false) || also.contains(row)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_are_those_that_few_would_be() {
        let mut column = Category::default();
        for row in 0..1_000_u32 {
            column.set(row, (row % 7 != 0).then_some(row % 50));
        }
        let besides: RoaringBitmap = [7, 14].into_iter().collect();
        for wanted in [vec![3], vec![3, 99], (0..40).collect::<Vec<u32>>(), vec![]] {
            let any = column.any(&wanted).or(&besides);
            for row in 0..1_010 {
                let meant = besides.contains(row) || (row < 1_000 && row % 7 != 0 && wanted.contains(&(row % 50)));
                assert_eq!(any.contains(row), meant, "row {row} of {wanted:?}");
            }
        }
        assert!(
            matches!(column.any(&[3]), Any::Rows(_))
                && matches!(column.any(&(0..40).collect::<Vec<u32>>()), Any::Each { .. })
        );
    }
}
