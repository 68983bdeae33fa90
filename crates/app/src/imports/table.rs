//! Reading a file into rows of text: CSV in UTF-8 or GB18030, or the first sheet of an xlsx file.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

use calamine::{Data, Reader, Xlsx};

use super::decoded::{Decoded, encoding, unreadable};
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
    read_from(Source::Bytes(bytes))
}

/// Reads a file from wherever it is.
///
/// # Errors
/// See [`TableError`].
pub fn read_from(source: Source<'_>) -> Result<Table, TableError> {
    let mut table = Table { header: Vec::new(), rows: Vec::new() };
    visit(source, &mut |piece| match piece {
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

/// Where a file is read from, as often as it takes: a file on the disk is never held as a whole.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// What is in memory already.
    Bytes(&'a [u8]),
    /// A file on the disk.
    Path(&'a Path),
}

impl Source<'_> {
    fn size(self) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::Path(path) => Ok(fs::metadata(path)?.len()),
        }
    }

    fn begins_with(self, mark: &[u8]) -> io::Result<bool> {
        let mut first = Vec::with_capacity(mark.len());
        match self {
            Self::Bytes(bytes) => return Ok(bytes.starts_with(mark)),
            Self::Path(path) => File::open(path)?.take(mark.len() as u64).read_to_end(&mut first)?,
        };
        Ok(first == mark)
    }
}

/// Reads a file piece by piece, so that a large one need not be held as rows. An xlsx file is recognised by its first bytes.
///
/// # Errors
/// See [`TableError`]; pieces before the mistake were handed out.
pub fn visit(source: Source<'_>, each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    let read = |error: io::Error| unreadable(&error);
    if source.size().map_err(read)? > MOST_BYTES as u64 {
        return Err(TableError::TooLarge);
    }
    let is_book = source.begins_with(b"PK\x03\x04").map_err(read)?;
    match source {
        Source::Bytes(bytes) if is_book => visit_xlsx(Cursor::new(bytes), each),
        Source::Path(path) if is_book => visit_xlsx(BufReader::new(File::open(path).map_err(read)?), each),
        Source::Bytes(bytes) => {
            let encoding = encoding(|| Ok(Box::new(bytes)))?;
            visit_csv(Decoded::new(bytes, encoding), each)
        }
        Source::Path(path) => {
            let encoding = encoding(|| Ok(Box::new(File::open(path)?)))?;
            visit_csv(Decoded::new(File::open(path).map_err(read)?, encoding), each)
        }
    }
}

/// What separates the cells: a comma, or what the header has instead where it has none. Spreadsheets copy tables with
/// tabs, and write semicolons where the comma stands in numbers.
fn separator(text: &[u8]) -> u8 {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let header: Vec<u8> =
        text.iter().skip_while(|byte| is_end(byte)).take_while(|byte| !is_end(byte)).copied().collect();
    if header.contains(&b',') {
        return b',';
    }
    *[b'\t', b';'].iter().find(|mark| header.contains(mark)).unwrap_or(&b',')
}

fn visit_csv<R: Read>(mut text: Decoded<R>, each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    let mut builder = csv::ReaderBuilder::new();
    let mark = separator(text.peek().map_err(|error| unreadable(&error))?);
    let mut reader = builder.has_headers(false).flexible(true).delimiter(mark).from_reader(text);
    let broken = |error: &csv::Error| TableError::Broken {
        line: error.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(1)),
        message: error.to_string(),
    };
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).map_err(|e| broken(&e))? {
        return Err(TableError::Empty);
    }
    let header = check_header(record.iter().map(|cell| cell.trim().to_owned()).collect())?;
    let width = header.len();
    each(Piece::Header(header));
    while reader.read_record(&mut record).map_err(|e| broken(&e))? {
        // The reader's position lies before the empty lines it passed over.
        let line = record.position().map_or(0, |position| {
            usize::try_from(position.line()).unwrap_or(0) + reader.get_ref().empty_lines(position.byte())
        });
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        each(Piece::Row(line, fit(line, cells, width)?));
    }
    Ok(())
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

fn visit_xlsx<R: Read + Seek>(file: R, each: &mut dyn FnMut(Piece)) -> Result<(), TableError> {
    let broken = |message: String| TableError::Broken { line: 1, message };
    let mut book: Xlsx<_> = Xlsx::new(file).map_err(|e| broken(format!("not an xlsx file: {e}")))?;
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
    fn a_file_on_the_disk_reads_as_what_is_in_memory_lines_and_all() {
        // Longer than a block, so that lines and letters are cut anywhere.
        let rows: String = (0..9_000).map(|n| format!("客户{n},\"两\r\n行\"\r\n\r\n")).collect();
        let text = format!("名称,说明\r\n{rows}末尾,x");
        let (gb, _, _) = encoding_rs::GB18030.encode(&text);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        for bytes in [text.as_bytes(), &gb] {
            fs::write(&path, bytes).unwrap();
            let table = read_from(Source::Path(&path)).unwrap();
            assert_eq!(table, read(bytes).unwrap());
            assert_eq!((table.rows.len(), table.rows[0].0, table.rows[1].0), (9_001, 2, 5));
            assert_eq!(table.rows.last(), Some(&(27_002, vec!["末尾".to_owned(), "x".to_owned()])));
        }
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
