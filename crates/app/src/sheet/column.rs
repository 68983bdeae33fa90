//! A column of numbers, with what is the least and the most of each part: where the first of an order are looked for, most parts
//! are passed over whole.

use std::ops::Range;

/// What stands in a column where a row has no value.
pub const NONE: i64 = i64::MIN;
/// Rows of a part; few where it is tested, so that there are several.
const PART: usize = if cfg!(test) { 4 } else { 1_024 };

/// A column of numbers.
#[derive(Debug, Default)]
pub struct Column {
    values: Vec<i64>,
    parts: Vec<Span>,
}

/// What the values of a part lie between; it only grows.
#[derive(Clone, Copy, Debug)]
struct Span {
    least: i64,
    most: i64,
}

impl Span {
    fn best(&self, descending: bool) -> u64 {
        rank(if descending { self.most } else { self.least }, descending)
    }
}

/// The place of a value in an order: the smallest comes first, nothing last.
pub fn rank(value: i64, descending: bool) -> u64 {
    let up = value.cast_unsigned() ^ (1 << 63);
    // Nothing is the smallest number: turned round it is the last by itself, else it goes round to the end.
    if descending { !up } else { up.wrapping_sub(1) }
}

impl Column {
    /// Gives a row a value.
    pub fn set(&mut self, row: usize, value: Option<i64>) {
        if self.values.len() <= row {
            self.values.resize(row + 1, NONE);
            self.parts.resize(self.values.len().div_ceil(PART), Span { least: i64::MAX, most: NONE });
        }
        let value = value.unwrap_or(NONE);
        self.values[row] = value;
        if value != NONE {
            let span = &mut self.parts[row / PART];
            *span = Span { least: span.least.min(value), most: span.most.max(value) };
        }
    }

    /// The value of a row; [`NONE`] where it has none.
    pub fn get(&self, row: usize) -> i64 {
        self.values[row]
    }

    /// The values of a part.
    pub fn values(&self, part: Range<usize>) -> &[i64] {
        self.values.get(part).unwrap_or_default()
    }

    /// The rank of the best that may be in the part of a row.
    pub fn best(&self, row: usize, descending: bool) -> u64 {
        self.parts.get(row / PART).map_or(u64::MAX, |span| span.best(descending))
    }

    /// The parts of the column with the rank of the best that may be in each.
    pub fn parts(&self, descending: bool) -> impl Iterator<Item = (Range<usize>, u64)> {
        let rows = self.values.len();
        self.parts
            .iter()
            .enumerate()
            .map(move |(number, span)| (number * PART..rows.min((number + 1) * PART), span.best(descending)))
    }
}
