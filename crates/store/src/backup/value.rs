//! A value on its way between the databases: as SQLite holds it, and as PostgreSQL's COPY writes it.

use std::fmt::Write;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, TypeInfo, ValueRef};

/// A value as the backup file holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// What a PostgreSQL column holds; SQLite's columns do not tell a uuid from bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Bool,
    Text,
    Date,
    Uuid,
    Bytes,
}

impl Kind {
    /// By PostgreSQL's name of the type; none for a type that our schema does not use.
    pub(super) fn of(postgres: &str) -> Option<Self> {
        Some(match postgres {
            "int2" | "int4" | "int8" => Self::Int,
            "bool" => Self::Bool,
            "text" => Self::Text,
            "date" => Self::Date,
            "uuid" => Self::Uuid,
            "bytea" => Self::Bytes,
            _ => return None,
        })
    }
}

impl Value {
    /// The value of a column of a row.
    pub(super) fn get(row: &SqliteRow, index: usize) -> Result<Self, sqlx::Error> {
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Self::Null);
        }
        let held = raw.type_info().name().to_owned();
        Ok(match held.as_str() {
            "INTEGER" => Self::Int(row.try_get_unchecked(index)?),
            "TEXT" => Self::Text(row.try_get_unchecked(index)?),
            "BLOB" => Self::Blob(row.try_get_unchecked(index)?),
            other => return Err(sqlx::Error::Decode(format!("a value of type {other}").into())),
        })
    }

    /// Feeds a digest: a letter for the type, the length, the bytes; no two different rows feed the same.
    pub(super) fn digest(&self, feed: &mut impl FnMut(&[u8])) {
        let mut sized = |letter: &[u8; 1], bytes: &[u8]| {
            feed(letter);
            feed(&(bytes.len() as u64).to_be_bytes());
            feed(bytes);
        };
        match self {
            Self::Null => feed(b"n"),
            Self::Int(number) => {
                feed(b"i");
                feed(&number.to_be_bytes());
            }
            Self::Text(text) => sized(b"t", text.as_bytes()),
            Self::Blob(bytes) => sized(b"b", bytes),
        }
    }

    /// Writes the value as COPY's text format wants it. False where a column of this kind cannot hold it.
    pub(super) fn to_copy(&self, kind: Kind, out: &mut String) -> bool {
        match (self, kind) {
            (Self::Null, _) => out.push_str("\\N"),
            (Self::Int(number), Kind::Int) => {
                let _ = write!(out, "{number}");
            }
            (Self::Int(number @ (0 | 1)), Kind::Bool) => out.push(if *number == 1 { 't' } else { 'f' }),
            (Self::Text(text), Kind::Text | Kind::Date) => escape(text, out),
            (Self::Blob(bytes), Kind::Uuid) if bytes.len() == 16 => hex(bytes, out),
            (Self::Blob(bytes), Kind::Bytes) => {
                out.push_str("\\\\x");
                hex(bytes, out);
            }
            _ => return false,
        }
        true
    }

    /// Reads a field of COPY's text format. None where it is not of the kind.
    pub(super) fn from_copy(field: &[u8], kind: Kind) -> Option<Self> {
        if field == b"\\N" {
            return Some(Self::Null);
        }
        let text = || std::str::from_utf8(field).ok();
        Some(match kind {
            Kind::Int => Self::Int(text()?.parse().ok()?),
            Kind::Bool => Self::Int(match field {
                b"t" => 1,
                b"f" => 0,
                _ => return None,
            }),
            Kind::Text => Self::Text(unescape(text()?)?),
            Kind::Date => Self::Text(text()?.to_owned()),
            Kind::Uuid => Self::Blob(uuid::Uuid::try_parse_ascii(field).ok()?.into_bytes().to_vec()),
            Kind::Bytes => Self::Blob(unhex(field.strip_prefix(b"\\\\x")?)?),
        })
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        out.push(match characters.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '\\' => '\\',
            _ => return None,
        });
    }
    Some(out)
}

pub(super) fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    digits.as_chunks::<2>().0.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round(value: &Value, kind: Kind) -> Option<Value> {
        let mut out = String::new();
        assert!(value.to_copy(kind, &mut out), "{value:?} as {kind:?}");
        assert!(!out.contains(['\n', '\t']), "{out:?}");
        Value::from_copy(out.as_bytes(), kind)
    }

    proptest! {
        #[test]
        fn every_value_comes_back(number: i64, text in "[^\0]*", bytes: Vec<u8>, id: [u8; 16], flag: bool) {
            for (value, kind) in [
                (Value::Null, Kind::Text),
                (Value::Int(number), Kind::Int),
                (Value::Int(i64::from(flag)), Kind::Bool),
                (Value::Text(text), Kind::Text),
                (Value::Text("2026-03-19".to_owned()), Kind::Date),
                (Value::Blob(bytes), Kind::Bytes),
                (Value::Blob(id.to_vec()), Kind::Uuid),
            ] {
                prop_assert_eq!(round(&value, kind), Some(value));
            }
        }
    }

    #[test]
    fn the_text_backslash_n_is_not_null() {
        assert_eq!(round(&Value::Text("\\N".to_owned()), Kind::Text), Some(Value::Text("\\N".to_owned())));
    }

    #[test]
    fn what_a_column_cannot_hold_is_refused() {
        for (value, kind) in [
            (Value::Int(2), Kind::Bool),
            (Value::Blob(vec![1; 15]), Kind::Uuid),
            (Value::Text("1".to_owned()), Kind::Int),
            (Value::Int(1), Kind::Text),
        ] {
            assert!(!value.to_copy(kind, &mut String::new()), "{value:?} as {kind:?}");
        }
        for (field, kind) in [("x", Kind::Int), ("1", Kind::Bool), ("\\q", Kind::Text), ("\\\\x1", Kind::Bytes)] {
            assert_eq!(Value::from_copy(field.as_bytes(), kind), None, "{field}");
        }
    }
}
