//! A table of text with line numbers.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{CalcError, Rejected};

/// A file as already split text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The name shown in what was not taken, such as `facts.csv`.
    pub file: String,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows with their line in the file; the header is line 1.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Checks that columns are there.
    ///
    /// # Errors
    /// [`CalcError::MissingColumn`] names the first that is not.
    pub(super) fn require(&self, columns: &[&str]) -> Result<(), CalcError> {
        match columns.iter().find(|column| self.at(column).is_none()) {
            Some(column) => Err(CalcError::MissingColumn {
                file: self.file.clone(),
                column: (*column).to_owned(),
                has: self.header.join(", "),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn at(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

/// One row being read.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    pub(super) line: usize,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The trimmed cell of a column number; empty where the row ends before it.
    pub(super) fn cell(&self, at: usize) -> &'a str {
        self.cells.get(at).map_or("", |cell| cell.trim())
    }

    /// The trimmed cell; none where the column is not there or the cell is empty.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let cell = self.cell(self.table.at(column)?);
        (!cell.is_empty()).then_some(cell)
    }

    pub(super) fn reject(&self, column: &str, reason: impl Into<String>) -> Rejected {
        Rejected {
            file: self.table.file.clone(),
            line: self.line,
            column: column.to_owned(),
            value: self.get(column).unwrap_or_default().to_owned(),
            reason: reason.into(),
        }
    }

    pub(super) fn required(&self, column: &str) -> Result<&'a str, Rejected> {
        self.get(column).ok_or_else(|| self.reject(column, "is empty; every row needs it"))
    }

    /// A date; none where the cell is empty.
    pub(super) fn date(&self, column: &str) -> Result<Option<NaiveDate>, Rejected> {
        let Some(text) = self.get(column) else { return Ok(None) };
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse::<NaiveDate>().ok());
        date.map(Some).ok_or_else(|| self.reject(column, "is not a date; write it like 2026-03-31"))
    }

    /// A decimal number; none where the cell is empty.
    pub(super) fn decimal(&self, column: &str) -> Result<Option<Decimal>, Rejected> {
        let Some(text) = self.get(column) else { return Ok(None) };
        let number = decimal(text);
        number.map(Some).ok_or_else(|| self.reject(column, "is not a number; write it like 1234.50"))
    }

    /// A number with at most six decimals, in millionths; none where the cell is empty.
    pub(super) fn micro(&self, column: &str) -> Result<Option<i64>, Rejected> {
        let Some(value) = self.decimal(column)? else { return Ok(None) };
        let scaled = value.checked_mul(Decimal::from(1_000_000)).filter(|scaled| scaled.fract().is_zero());
        let whole = scaled.and_then(|scaled| i64::try_from(scaled.trunc()).ok());
        whole.map(Some).ok_or_else(|| self.reject(column, "has more than 6 decimals or is too large"))
    }
}

/// A plain decimal number: digits, at most one point, a minus before it.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| text.parse().ok()).flatten()
}
