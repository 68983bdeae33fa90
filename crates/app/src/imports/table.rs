//! Reading a file into rows of text: CSV in UTF-8 or GB18030, or the first sheet of an xlsx file.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::locale::Locale;

/// The largest file, bytes.
pub const MOST_BYTES: usize = 100 * 1024 * 1024;
/// The most columns.
const MOST_COLUMNS: usize = 500;
/// The longest cell, bytes.
const MOST_CELL: usize = 100_000;

/// A file as rows of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The header.
    pub header: Vec<String>,
    /// The rows with their line in the file, from 1; each as long as the header.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// A file that cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Beyond the limit.
    #[error("the file is larger than {} MB; split it", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// Neither UTF-8 nor GB18030.
    #[error("line {line}: the text is neither UTF-8 nor GB18030; save the file as UTF-8")]
    Encoding {
        /// Where the first unreadable byte stands.
        line: usize,
    },
    /// No header.
    #[error("the file is empty; its first line must name the columns")]
    Empty,
    /// Two columns of the same name.
    #[error("line 1: the column '{0}' stands twice in the header; rename one")]
    DuplicateColumn(String),
    /// A column without a name.
    #[error("line 1: column {0} has no name")]
    UnnamedColumn(usize),
    /// Not a table.
    #[error("line {line}: {message}")]
    Broken {
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

impl TableError {
    /// What is wrong and what to do, in a language.
    #[must_use]
    pub fn detail(&self, locale: Locale) -> String {
        let zh = match self {
            Self::TooLarge => format!("文件大于 {} MB，请拆分。", MOST_BYTES / 1024 / 1024),
            Self::Encoding { line } => format!("第 {line} 行既不是 UTF-8 也不是 GB18030，请另存为 UTF-8。"),
            Self::Empty => "文件为空，首行应为列名。".to_owned(),
            Self::DuplicateColumn(name) => format!("首行的列“{name}”重复，请改名。"),
            Self::UnnamedColumn(number) => format!("首行第 {number} 列没有列名。"),
            Self::Broken { line, message } => format!("第 {line} 行：{message}"),
        };
        locale.pick(&zh, &self.to_string()).to_owned()
    }
}

/// Reads a file. An xlsx file is recognised by its first bytes.
///
/// # Errors
/// See [`TableError`].
pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
    let mut table = Table { header: Vec::new(), rows: Vec::new() };
    visit(bytes, &mut |piece| match piece {
        Piece::Header(header) => table.header = header,
        Piece::Row(line, cells) => table.rows.push((line, cells)),
    })?;
    Ok(table)
}

/// A part of a file, in the order in which they stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The names of the columns; it comes first.
    Header(Vec<String>),
    /// A row: its line, and as many cells as the header has.
    Row(usize, Vec<String>),
}

/// Reads a file piece by piece, so that a large one need not be held as rows.
///
/// # Errors
/// See [`TableError`]; pieces before the mistake were handed out.
pub fn visit(bytes: &[u8], each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    if bytes.len() > MOST_BYTES {
        return Err(TableError::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return visit_xlsx(bytes, each);
    }
    visit_csv(&decode(bytes)?, each)
}

/// UTF-8 (with or without a mark), else GB18030. What is valid in neither is an error, never a question mark.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let valid_up_to = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Ok(Cow::Borrowed(text)),
        Ok(text) => text.find('\0').unwrap_or_default(),
        Err(error) => error.valid_up_to(),
    };
    let bad_line = || 1 + bytes.iter().take(valid_up_to).filter(|b| **b == b'\n').count();
    match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        // Control characters show that it was some other encoding that happens to be readable.
        Some(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => Ok(text),
        _ => Err(TableError::Encoding { line: bad_line() }),
    }
}

/// What separates the cells: a comma, or what the header has instead where it has none. Spreadsheets copy tables with
/// tabs, and write semicolons where the comma stands in numbers.
fn separator(text: &str) -> u8 {
    let header = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
    if header.contains(',') {
        return b',';
    }
    *[b'\t', b';'].iter().find(|mark| header.as_bytes().contains(mark)).unwrap_or(&b',')
}

fn visit_csv(text: &str, each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    let mut builder = csv::ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).delimiter(separator(text));
    let mut reader = builder.from_reader(text.as_bytes());
    let mut records = reader.records();
    let broken = |error: &csv::Error| TableError::Broken {
        line: error.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(1)),
        message: error.to_string(),
    };
    let first = records.next().ok_or(TableError::Empty)?.map_err(|e| broken(&e))?;
    let header = check_header(first.iter().map(|cell| cell.trim().to_owned()).collect())?;
    let width = header.len();
    each(Piece::Header(header));
    for record in records {
        let record = record.map_err(|e| broken(&e))?;
        let line = record.position().map_or(0, |position| line_of(text, position));
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        each(Piece::Row(line, fit(line, cells, width)?));
    }
    Ok(())
}

/// The line a record stands on. The reader's position lies before the empty lines it passed over.
fn line_of(text: &str, position: &csv::Position) -> usize {
    let start = usize::try_from(position.byte()).unwrap_or(0);
    let empty = text.bytes().skip(start).take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| *b == b'\n').count();
    usize::try_from(position.line()).unwrap_or(0) + empty
}

/// A row must not have more cells than the header; missing ones at the end are empty.
fn fit(line: usize, mut cells: Vec<String>, width: usize) -> Result<Vec<String>, TableError> {
    if cells.len() > width && cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
        let message = format!("{} cells under a header of {width}; is a comma inside a cell not quoted?", cells.len());
        return Err(TableError::Broken { line, message });
    }
    if cells.iter().any(|cell| cell.len() > MOST_CELL) {
        return Err(TableError::Broken { line, message: format!("a cell is longer than {MOST_CELL} bytes") });
    }
    cells.resize(width, String::new());
    Ok(cells)
}

fn check_header(mut header: Vec<String>) -> Result<Vec<String>, TableError> {
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    if header.is_empty() {
        return Err(TableError::Empty);
    }
    if header.len() > MOST_COLUMNS {
        return Err(TableError::Broken { line: 1, message: format!("more than {MOST_COLUMNS} columns") });
    }
    for (index, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(TableError::UnnamedColumn(index + 1));
        }
        if header.iter().take(index).any(|earlier| earlier == name) {
            return Err(TableError::DuplicateColumn(name.clone()));
        }
    }
    Ok(header)
}

fn visit_xlsx(bytes: &[u8], each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    let broken = |message: String| TableError::Broken { line: 1, message };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(format!("not an xlsx file: {e}")))?;
    let sheet = book.worksheet_range_at(0).ok_or(TableError::Empty)?;
    let sheet = sheet.map_err(|e| broken(format!("the first sheet cannot be read: {e}")))?;
    let mut rows = sheet.rows();
    let first = rows.next().ok_or(TableError::Empty)?;
    let header = check_header(first.iter().map(|cell| cell_text(cell).trim().to_owned()).collect())?;
    let width = header.len();
    each(Piece::Header(header));
    for (index, row) in rows.enumerate() {
        let cells: Vec<String> = row.iter().map(cell_text).collect();
        if !cells.iter().all(|cell| cell.trim().is_empty()) {
            each(Piece::Row(index + 2, fit(index + 2, cells, width)?));
        }
    }
    Ok(())
}

/// A cell as text. Numbers come as the shortest decimal that means the same double, which is what a person typed; a date
/// comes as its serial number, which the reader of dates knows.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(moment) => moment.as_f64().to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn utf8_and_gb18030_read_the_same() {
        let text = "名称,金额\n华为技术,\"1,054.00\"\n";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        let plain = read(text.as_bytes()).unwrap();
        assert_eq!(plain, read(&gb).unwrap());
        assert_eq!(plain, read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).unwrap());
        assert_eq!(plain.rows, [(2, vec!["华为技术".to_owned(), "1,054.00".to_owned()])]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(read(b""), Err(TableError::Empty));
        assert_eq!(read(b"a,b,a\n1,2,3\n"), Err(TableError::DuplicateColumn("a".to_owned())));
        assert_eq!(read(b"a,,b\n1,2,3\n"), Err(TableError::UnnamedColumn(2)));
        assert_eq!(read(b"a,b\n1,2\n\xff\xff,3\n"), Err(TableError::Encoding { line: 3 }));
        assert!(matches!(read(b"a,b\n1,2,3\n"), Err(TableError::Broken { line: 2, .. })));
        assert!(matches!(read(b"PK\x03\x04 not a zip"), Err(TableError::Broken { .. })));
        assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(TableError::TooLarge));
        // UTF-16, as some spreadsheets save it.
        assert!(matches!(read(b"\xff\xfea\0,\0b\0\n\0"), Err(TableError::Encoding { .. })));
    }

    #[test]
    fn a_table_pasted_from_a_spreadsheet_is_a_file() {
        let table = read("名称\t金额\n华为\t\"1,054.00\"\n\"两\n行\"\t2\n".as_bytes()).unwrap();
        assert_eq!(table.header, ["名称", "金额"]);
        assert_eq!(table.rows[0].1, ["华为", "1,054.00"]);
        assert_eq!(table.rows[1].1, ["两\n行", "2"]);
        assert_eq!(read(b"a;b\n1,5;2\n").unwrap().rows[0].1, ["1,5", "2"]);
    }

    #[test]
    fn short_rows_and_empty_lines() {
        let table = read(b"a,b\n\n1\n,\n2,3\n").unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0], (3, vec!["1".to_owned(), String::new()]));
    }
}
