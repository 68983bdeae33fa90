//! A table of text with line numbers.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Rejected;
use crate::words::parse_decimal;

/// A table whose header cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A required column is not there.
    #[error("{file}:1: there is no column `{column}`")]
    MissingColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A column is there twice.
    #[error("{file}:1: the column `{column}` is there twice")]
    DuplicateColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
}

/// A file as already split text.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The name shown in rejections, such as `facts.csv`.
    pub file: String,
    /// The names of the columns.
    pub header: Vec<String>,
    /// Line number (the header is line 1) and cells of each row.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Table {
    /// A table whose rows follow the header line by line.
    pub fn new(file: &str, header: &[&str], rows: &[&[&str]]) -> Self {
        let own = |cells: &[&str]| {
            cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        let rows = rows
            .iter()
            .enumerate()
            .map(|(at, cells)| (at as u32 + 2, own(cells)))
            .collect();
        Self {
            file: file.to_owned(),
            header: own(header),
            rows,
        }
    }

    pub(super) fn check(&self, required: &[&str]) -> Result<(), TableError> {
        for (at, column) in self.header.iter().enumerate() {
            if self.header[..at].contains(column) {
                return Err(TableError::DuplicateColumn {
                    file: self.file.clone(),
                    column: column.clone(),
                });
            }
        }
        match required.iter().find(|column| self.at(column).is_none()) {
            Some(column) => Err(TableError::MissingColumn {
                file: self.file.clone(),
                column: (*column).to_owned(),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn at(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The line of the first row with a value; 0 if there is none.
    pub(super) fn line_of(&self, column: &str, value: &str) -> u32 {
        let Some(at) = self.at(column) else { return 0 };
        let found = self
            .rows
            .iter()
            .find(|(_, cells)| cells.get(at).is_some_and(|cell| cell == value));
        found.map_or(0, |(line, _)| *line)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row {
            table: self,
            line: *line,
            cells,
        })
    }
}

/// One row being read.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    pub(super) line: u32,
    pub(super) cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The trimmed cell; none when the column is not there or the cell is empty.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let cell = self.cells.get(self.table.at(column)?)?.trim();
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
        self.get(column)
            .ok_or_else(|| self.reject(column, "is empty"))
    }

    pub(super) fn date(&self, column: &str) -> Result<Option<NaiveDate>, Rejected> {
        let Some(text) = self.get(column) else {
            return Ok(None);
        };
        let date = Some(text)
            .filter(|text| text.len() == 10)
            .and_then(|text| text.parse().ok());
        date.map(Some)
            .ok_or_else(|| self.reject(column, "is not a date such as 2026-03-31"))
    }

    pub(super) fn decimal(&self, column: &str) -> Result<Option<Decimal>, Rejected> {
        let Some(text) = self.get(column) else {
            return Ok(None);
        };
        parse_decimal(text)
            .map(Some)
            .ok_or_else(|| self.reject(column, "is not a decimal number such as 1234.50"))
    }

    /// A number with at most six decimals, in millionths.
    pub(super) fn micro(&self, column: &str) -> Result<Option<i64>, Rejected> {
        let Some(value) = self.decimal(column)? else {
            return Ok(None);
        };
        let scaled = value
            .checked_mul(Decimal::from(1_000_000))
            .map(|scaled| scaled.normalize());
        let whole = scaled
            .filter(|scaled| scaled.scale() == 0)
            .and_then(|scaled| i64::try_from(scaled).ok());
        whole
            .map(Some)
            .ok_or_else(|| self.reject(column, "has more than 6 decimals or is too large"))
    }
}
