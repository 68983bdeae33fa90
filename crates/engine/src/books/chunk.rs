//! A chunk: up to 65,536 facts in columns, with its credits sorted by person and month.

use super::column::{Dim, Ints, NULL};

/// The most rows of a chunk.
pub(crate) const CHUNK: usize = 65_536;
/// The month of credits whose fact waits for recognition.
pub(crate) const PENDING_MONTH: u16 = u16::MAX;
/// Value of [`IntField::Recognised`]: waits for recognition. None there means: counts on its date.
pub(crate) const PENDING: i64 = -1;

/// The columns of symbols and ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DimField {
    Kind,
    Currency,
    AccountGroup,
    Opportunity,
    Contract,
    Payment,
    Product,
    ProductLine,
    Region,
    Tier,
    CustomerKind,
    ContractKind,
    Source,
    /// Sequence of the fact referred to.
    RefersTo,
    /// Global row + 1 of the fact of the same opportunity booked before this one.
    PreviousOfOpportunity,
    /// Global row + 1 of the fact that referred to the same origin before this one.
    PreviousReferrer,
}

pub(crate) const DIMS: usize = 16;

/// The columns of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntField {
    Amount,
    AmountExclTax,
    Margin,
    Quantity,
    Score,
    /// Day number.
    DueDate,
    /// Day number, or [`PENDING`], or none: on its date.
    Recognised,
}

pub(crate) const INTS: usize = 7;

/// Columns while they grow.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) sequence: Vec<u32>,
    pub(crate) day: Vec<i32>,
    pub(crate) dims: [Vec<u32>; DIMS],
    pub(crate) ints: [Vec<i64>; INTS],
    /// (row, name, value), rows ascending.
    pub(crate) attributes: Vec<(u32, u32, u32)>,
    /// Where the credits of each row end.
    pub(crate) credit_end: Vec<u32>,
    pub(crate) credit_person: Vec<u32>,
    pub(crate) credit_role: Vec<u32>,
    pub(crate) credit_share: Vec<u32>,
}

/// A sealed chunk.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) sequence: Vec<u32>,
    pub(crate) day: Ints,
    dims: [Dim; DIMS],
    ints: [Ints; INTS],
    attributes: Vec<(u32, Dim)>,
    /// Empty when every row has exactly one credit.
    credit_end: Vec<u32>,
    pub(crate) credit_person: Dim,
    pub(crate) credit_role: Dim,
    pub(crate) credit_share: Dim,
    credit_count: u32,
    persons: Vec<u32>,
    person_start: Vec<u32>,
    entry_month: Vec<u16>,
    entry_credit: Dim,
    /// First and last day anything here counts for certain; pending rows are not in it.
    pub(crate) days: (i32, i32),
    pub(crate) has_pending: bool,
}

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        self.sequence.len()
    }

    #[inline]
    pub(crate) fn dim(&self, field: DimField, row: usize) -> u32 {
        self.dims[field as usize].get(row)
    }

    #[inline]
    pub(crate) fn int(&self, field: IntField, row: usize) -> Option<i64> {
        self.ints[field as usize].get(row)
    }

    #[inline]
    pub(crate) fn date(&self, row: usize) -> i32 {
        self.day
            .get(row)
            .and_then(|day| i32::try_from(day).ok())
            .unwrap_or(0)
    }

    /// The day the row counts by itself; none when it waits for recognition.
    #[inline]
    pub(crate) fn own_counted_day(&self, row: usize) -> Option<i32> {
        match self.int(IntField::Recognised, row) {
            None => Some(self.date(row)),
            Some(PENDING) => None,
            Some(day) => i32::try_from(day).ok(),
        }
    }

    pub(crate) fn attribute(&self, name: u32, row: usize) -> u32 {
        self.attributes
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, column)| column.get(row))
    }

    /// The credits of a row, as positions in the credit columns.
    #[inline]
    pub(crate) fn credits(&self, row: usize) -> std::ops::Range<usize> {
        if self.credit_end.is_empty() {
            return row..row + 1;
        }
        let start = if row == 0 {
            0
        } else {
            self.credit_end[row - 1] as usize
        };
        start..self.credit_end[row] as usize
    }

    /// The row a credit belongs to.
    #[inline]
    fn row_of_credit(&self, credit: usize) -> usize {
        if self.credit_end.is_empty() {
            credit
        } else {
            self.credit_end
                .partition_point(|end| *end as usize <= credit)
        }
    }

    /// Calls `f(row, credit)` for the credits of a person whose month lies in `first..=last`, or which wait for recognition.
    pub(crate) fn person_entries(
        &self,
        person: u32,
        first: u16,
        last: u16,
        pending: bool,
        mut f: impl FnMut(usize, usize),
    ) {
        let Ok(at) = self.persons.binary_search(&person) else {
            return;
        };
        let start = self.person_start[at] as usize;
        let end = self.person_start[at + 1] as usize;
        let months = &self.entry_month[start..end];
        let from = months.partition_point(|month| *month < first);
        let to = months.partition_point(|month| *month <= last).max(from);
        let mut visit = |entry: usize| {
            let credit = self.entry_credit.get(entry) as usize;
            f(self.row_of_credit(credit), credit);
        };
        (start + from..start + to).for_each(&mut visit);
        if pending && self.has_pending && last < PENDING_MONTH {
            (start
                + months
                    .partition_point(|month| *month < PENDING_MONTH)
                    .max(to)..end)
                .for_each(&mut visit);
        }
    }

    /// The persons with a credit here, ascending.
    pub(crate) fn persons(&self) -> &[u32] {
        &self.persons
    }

    /// Bytes of the columns, about.
    pub(crate) fn bytes(&self) -> usize {
        let dims: usize = self.dims.iter().map(Dim::bytes).sum();
        let ints: usize = self.ints.iter().map(Ints::bytes).sum();
        let attributes: usize = self
            .attributes
            .iter()
            .map(|(_, column)| column.bytes() + 40)
            .sum();
        let credits =
            self.credit_person.bytes() + self.credit_role.bytes() + self.credit_share.bytes();
        let index = self.persons.len() * 8 + self.entry_month.len() * 2 + self.entry_credit.bytes();
        self.sequence.len() * 4
            + self.day.bytes()
            + dims
            + ints
            + attributes
            + self.credit_end.len() * 4
            + credits
            + index
            + 1400
    }
}

impl Raw {
    pub(crate) fn len(&self) -> usize {
        self.sequence.len()
    }

    /// Unpacks a sealed chunk at the end of these columns.
    pub(crate) fn extend(&mut self, chunk: &Chunk) {
        let offset = self.len() as u32;
        let rows = chunk.len();
        self.sequence.extend_from_slice(&chunk.sequence);
        self.day.extend((0..rows).map(|row| chunk.date(row)));
        for (column, sealed) in self.dims.iter_mut().zip(&chunk.dims) {
            column.extend((0..rows).map(|row| sealed.get(row)));
        }
        for (column, sealed) in self.ints.iter_mut().zip(&chunk.ints) {
            column.extend((0..rows).map(|row| sealed.get(row).unwrap_or(NULL)));
        }
        for (name, column) in &chunk.attributes {
            if let Dim::Sparse(at, values) = column {
                self.attributes.extend(
                    at.iter()
                        .zip(values)
                        .map(|(row, value)| (offset + u32::from(*row), *name, *value)),
                );
            } else {
                let filled = (0..rows)
                    .map(|row| (row, column.get(row)))
                    .filter(|(_, value)| *value != 0);
                self.attributes
                    .extend(filled.map(|(row, value)| (offset + row as u32, *name, value)));
            }
        }
        let credits = self.credit_person.len() as u32;
        self.credit_end
            .extend((0..rows).map(|row| credits + chunk.credits(row).end as u32));
        for credit in 0..chunk.credit_count as usize {
            self.credit_person.push(chunk.credit_person.get(credit));
            self.credit_role.push(chunk.credit_role.get(credit));
            self.credit_share.push(chunk.credit_share.get(credit));
        }
    }

    /// Packs the columns and builds the index.
    pub(crate) fn seal(self) -> Chunk {
        let rows = self.len();
        let mut days = (i32::MAX, i32::MIN);
        let mut has_pending = false;
        let recognised = &self.ints[IntField::Recognised as usize];
        let mut months = Vec::with_capacity(rows);
        for (date, recognised) in self.day.iter().zip(recognised) {
            let day = match *recognised {
                NULL => *date,
                PENDING => {
                    has_pending = true;
                    months.push(PENDING_MONTH);
                    continue;
                }
                day => i32::try_from(day).unwrap_or(0),
            };
            days = (days.0.min(day), days.1.max(day));
            months.push(month_of(day));
        }
        let single = self
            .credit_end
            .iter()
            .enumerate()
            .all(|(row, end)| *end as usize == row + 1);
        let mut entries: Vec<(u32, u16, u32)> = Vec::with_capacity(self.credit_person.len());
        let mut start = 0;
        for (row, end) in self.credit_end.iter().enumerate() {
            for credit in start..*end {
                entries.push((self.credit_person[credit as usize], months[row], credit));
            }
            start = *end;
        }
        entries.sort_unstable();
        let mut persons = Vec::new();
        let mut person_start = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if persons.last() != Some(&entry.0) {
                persons.push(entry.0);
                person_start.push(at as u32);
            }
        }
        person_start.push(entries.len() as u32);
        let day: Vec<i64> = self.day.iter().map(|day| i64::from(*day)).collect();
        let entry_credit: Vec<u32> = entries.iter().map(|entry| entry.2).collect();
        Chunk {
            attributes: seal_attributes(self.attributes, rows),
            dims: self.dims.each_ref().map(|column| Dim::seal(column)),
            ints: self.ints.each_ref().map(|column| Ints::seal(column)),
            day: Ints::seal(&day),
            sequence: self.sequence,
            credit_end: if single { Vec::new() } else { self.credit_end },
            credit_count: self.credit_person.len() as u32,
            credit_person: Dim::seal(&self.credit_person),
            credit_role: Dim::seal(&self.credit_role),
            credit_share: Dim::seal(&self.credit_share),
            entry_month: entries.iter().map(|entry| entry.1).collect(),
            entry_credit: Dim::seal(&entry_credit),
            persons,
            person_start,
            days,
            has_pending,
        }
    }
}

/// One column per attribute name. Facts name few attributes each, but a company may have many.
fn seal_attributes(mut attributes: Vec<(u32, u32, u32)>, rows: usize) -> Vec<(u32, Dim)> {
    attributes.sort_by_key(|(row, name, _)| (*name, *row));
    let mut columns = Vec::new();
    for group in attributes.chunk_by(|a, b| a.1 == b.1) {
        let mut values = vec![0; rows];
        for (row, _, value) in group {
            values[*row as usize] = *value;
        }
        columns.push((group[0].1, Dim::seal(&values)));
    }
    columns
}

/// Year x 12 + month - 1 of a day number.
pub(crate) fn month_of(day: i32) -> u16 {
    use chrono::Datelike;
    let date = crate::dates::day_of_number(day);
    let number = i64::from(date.year()) * 12 + i64::from(date.month0());
    u16::try_from(number.max(0))
        .unwrap_or(PENDING_MONTH - 1)
        .min(PENDING_MONTH - 1)
}
