//! Columns of a chunk.

use chrono::{Datelike, NaiveDate};

/// A column in which most rows hold nothing: it takes no memory until a row does.
#[derive(Clone, Debug, Default)]
pub(super) struct Sparse<T> {
    values: Vec<T>,
}

impl<T: Copy + Default + PartialEq> Sparse<T> {
    pub(super) fn get(&self, index: usize) -> T {
        self.values.get(index).copied().unwrap_or_default()
    }

    /// Sets the value of the row that is being pushed; `index` is its number.
    pub(super) fn push(&mut self, index: usize, value: T) {
        if value != T::default() {
            self.values.resize(index, T::default());
            self.values.push(value);
        }
    }

    pub(super) fn shrink(&mut self) {
        self.values.shrink_to_fit();
    }
}

/// A column of few different values: a byte for each row while there are at most 256 of them, four bytes after that.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrow {
    values: Vec<u32>,
    codes: Vec<u8>,
    wide: Vec<u32>,
}

impl Narrow {
    pub(super) fn get(&self, index: usize) -> u32 {
        if !self.wide.is_empty() {
            return self.wide.get(index).copied().unwrap_or_default();
        }
        let code = self.codes.get(index).copied().unwrap_or_default();
        self.values.get(usize::from(code)).copied().unwrap_or_default()
    }

    pub(super) fn push(&mut self, value: u32) {
        if !self.wide.is_empty() {
            self.wide.push(value);
            return;
        }
        let known = self.values.iter().position(|known| *known == value).unwrap_or(self.values.len());
        match u8::try_from(known) {
            Ok(code) => {
                if known == self.values.len() {
                    self.values.push(value);
                }
                self.codes.push(code);
            }
            Err(_) => {
                let codes = std::mem::take(&mut self.codes);
                let value_of = |code: u8| self.values.get(usize::from(code)).copied().unwrap_or_default();
                self.wide = codes.into_iter().map(value_of).collect();
                self.wide.push(value);
                self.values = Vec::new();
            }
        }
    }

    pub(super) fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.wide.shrink_to_fit();
    }
}

/// `i64::MIN` stands for "none" in columns of optional amounts.
const NO_AMOUNT: i64 = i64::MIN;

/// An optional amount, kept as one number; the default is "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount(i64);

impl Default for Amount {
    fn default() -> Self {
        Self(NO_AMOUNT)
    }
}

impl From<Option<i64>> for Amount {
    fn from(value: Option<i64>) -> Self {
        Self(value.unwrap_or(NO_AMOUNT))
    }
}

impl Amount {
    pub(super) fn get(self) -> Option<i64> {
        (self.0 != NO_AMOUNT).then_some(self.0)
    }
}

/// Days since the first day of our era; 0 stands for "none".
pub(super) fn day_number(date: Option<NaiveDate>) -> u32 {
    date.map_or(0, |date| u32::try_from(date.num_days_from_ce()).unwrap_or(0))
}

pub(super) fn day_back(number: u32) -> Option<NaiveDate> {
    if number == 0 { None } else { NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_column_widens_and_keeps_its_values() {
        for different in [1_u32, 255, 256, 257, 1_000] {
            let mut column = Narrow::default();
            let values: Vec<u32> = (0..3_000).map(|n| (n * 7) % different * 11).collect();
            values.iter().for_each(|value| column.push(*value));
            let back: Vec<u32> = (0..values.len()).map(|index| column.get(index)).collect();
            assert_eq!(back, values, "{different} different values");
            assert_eq!(column.wide.is_empty(), different <= 256);
        }
    }
}
