//! Columns that are as narrow as what is in them.

/// No value in a column of numbers.
pub(crate) const NULL: i64 = i64::MIN;

/// Symbols, ids and row numbers; 0 is "none".
#[derive(Debug, Clone)]
pub(crate) enum Dim {
    /// The same in every row (nothing at all: 0).
    Same(u32),
    /// Up to 255.
    U8(Vec<u8>),
    /// Up to 65,535.
    U16(Vec<u16>),
    /// Anything.
    U32(Vec<u32>),
    /// Few rows have a value.
    Sparse(Vec<u16>, Vec<u32>),
}

impl Dim {
    pub(crate) fn seal(values: &[u32]) -> Self {
        let first = values.first().copied().unwrap_or(0);
        if values.iter().all(|v| *v == first) {
            return Self::Same(first);
        }
        let filled = values.iter().filter(|v| **v != 0).count();
        let largest = values.iter().copied().max().unwrap_or(0);
        let width = if largest < 1 << 8 {
            1
        } else if largest < 1 << 16 {
            2
        } else {
            4
        };
        if filled * 6 < values.len() * width {
            let at = || values.iter().enumerate().filter(|(_, v)| **v != 0);
            return Self::Sparse(
                at().map(|(row, _)| small(row)).collect(),
                at().map(|(_, v)| *v).collect(),
            );
        }
        match width {
            1 => Self::U8(values.iter().map(|v| *v as u8).collect()),
            2 => Self::U16(values.iter().map(|v| *v as u16).collect()),
            _ => Self::U32(values.to_vec()),
        }
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Same(value) => *value,
            Self::U8(values) => u32::from(values[row]),
            Self::U16(values) => u32::from(values[row]),
            Self::U32(values) => values[row],
            Self::Sparse(rows, values) => {
                rows.binary_search(&small(row)).map_or(0, |at| values[at])
            }
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len() * 2,
            Self::U32(v) => v.len() * 4,
            Self::Sparse(r, v) => r.len() * 2 + v.len() * 4,
        }
    }
}

/// Numbers; [`NULL`] is "none".
#[derive(Debug, Clone)]
pub(crate) enum Ints {
    Same(i64),
    I32(Vec<i32>),
    I64(Vec<i64>),
    Sparse(Vec<u16>, Vec<i64>),
}

impl Ints {
    pub(crate) fn seal(values: &[i64]) -> Self {
        let first = values.first().copied().unwrap_or(NULL);
        if values.iter().all(|v| *v == first) {
            return Self::Same(first);
        }
        let filled = || values.iter().enumerate().filter(|(_, v)| **v != NULL);
        let narrow = filled().all(|(_, v)| i32::try_from(*v).is_ok_and(|n| n != i32::MIN));
        let width = if narrow { 4 } else { 8 };
        if filled().count() * 10 < values.len() * width {
            return Self::Sparse(
                filled().map(|(row, _)| small(row)).collect(),
                filled().map(|(_, v)| *v).collect(),
            );
        }
        if narrow {
            // NULL does not fit and becomes the reserved smallest value.
            return Self::I32(
                values
                    .iter()
                    .map(|v| i32::try_from(*v).unwrap_or(i32::MIN))
                    .collect(),
            );
        }
        Self::I64(values.to_vec())
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        let value = match self {
            Self::Same(value) => *value,
            Self::I32(values) => {
                let value = values[row];
                return (value != i32::MIN).then(|| i64::from(value));
            }
            Self::I64(values) => values[row],
            Self::Sparse(rows, values) => rows
                .binary_search(&small(row))
                .map_or(NULL, |at| values[at]),
        };
        (value != NULL).then_some(value)
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::I32(v) => v.len() * 4,
            Self::I64(v) => v.len() * 8,
            Self::Sparse(r, v) => r.len() * 2 + v.len() * 8,
        }
    }
}

/// Rows of a chunk are at most 65,536, numbered from 0.
#[inline]
fn small(row: usize) -> u16 {
    row as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sealing_loses_nothing(
            dims in prop::collection::vec(prop_oneof![Just(0_u32), 0_u32..300, any::<u32>()], 1..300),
            ints in prop::collection::vec(prop_oneof![Just(NULL), -5_i64..5, any::<i64>()], 1..300),
        ) {
            let sealed = Dim::seal(&dims);
            for (row, value) in dims.iter().enumerate() {
                prop_assert_eq!(sealed.get(row), *value);
            }
            let sealed = Ints::seal(&ints);
            for (row, value) in ints.iter().enumerate() {
                prop_assert_eq!(sealed.get(row), (*value != NULL).then_some(*value));
            }
        }
    }
}
