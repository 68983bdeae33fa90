//! A column of numbers, with what is the least and the most of each part: where the first of an order are looked for, most parts
//! are passed over whole.

use std::ops::Range;

/// What stands in a column where a row has no value.
pub const NONE: i64 = i64::MIN;
/// Rows of a part.
const PART: usize = 1_024;

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

/// The place of a value in an order: the smallest comes first, nothing last.
pub fn rank(value: i64, descending: bool) -> u64 {
    let up = value.cast_unsigned() ^ (1 << 63);
    match (value, descending) {
        (NONE, _) => u64::MAX,
        (_, true) => !up,
        (_, false) => up,
    }
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

    /// The parts of the column with the rank of the best that may be in each.
    pub fn parts(&self, descending: bool) -> impl Iterator<Item = (Range<usize>, u64)> {
        let rows = self.values.len();
        self.parts.iter().enumerate().map(move |(number, span)| {
            let best = if descending { span.most } else { span.least };
            (number * PART..rows.min((number + 1) * PART), rank(best, descending))
        })
    }
}
