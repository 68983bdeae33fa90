//! From text to words.

use chrono::NaiveDate;

use super::FormulaError;
use super::value::read_number;
use crate::exact::Exact;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Number(Exact),
    Date(NaiveDate),
    Text(String),
    /// A name, with points inside; true where it was quoted.
    Name(String, bool),
    Sign(&'static str),
}

pub(super) struct Token {
    pub(super) word: Word,
    pub(super) start: usize,
}

/// Longer signs first.
const SIGNS: [&str; 17] = ["<=", ">=", "!=", "<>", "==", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "≤", "≥"];

pub(super) fn error(text: &str, at: usize, message: impl Into<String>) -> FormulaError {
    let rest = text.get(at..).unwrap_or_default();
    let near: String = rest.chars().take(20).collect();
    let at = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
    let near = if near.is_empty() { "the end".to_owned() } else { format!("'{near}'") };
    FormulaError { at, near, message: message.into() }
}

pub(super) fn words(text: &str) -> Result<Vec<Token>, FormulaError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (word, length) = word(text, at, first)?;
        tokens.push(Token { word, start: at });
        at += length;
    }
    Ok(tokens)
}

fn word(text: &str, at: usize, first: char) -> Result<(Word, usize), FormulaError> {
    let rest = text.get(at..).unwrap_or_default();
    if first.is_ascii_digit() || first == '.' {
        return number(text, at, rest);
    }
    if first == '\'' || first == '"' {
        let inner = rest.get(1..).unwrap_or_default();
        let Some(end) = inner.find(first) else {
            return Err(error(text, at, format!("the {first} that begins here is not closed")));
        };
        let inner = inner.get(..end).unwrap_or_default().to_owned();
        let word = if first == '"' { Word::Name(inner, true) } else { Word::Text(inner) };
        return Ok((word, end + 2));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        let plain = match *sign {
            "≤" => "<=",
            "≥" => ">=",
            "<>" => "!=",
            "==" => "=",
            other => other,
        };
        return Ok((Word::Sign(plain), sign.len()));
    }
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
    match rest.get(..length) {
        Some(name) if length > 0 => Ok((Word::Name(name.to_owned(), false), length)),
        _ => Err(error(text, at, format!("'{first}' means nothing in a formula"))),
    }
}

/// Four digits, two, two: 2026-01-31.
fn is_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

fn number(text: &str, at: usize, rest: &str) -> Result<(Word, usize), FormulaError> {
    if let Some(date) = rest.get(..10).filter(|date| is_date(date)) {
        let date = date.parse::<NaiveDate>();
        return date.map(|date| (Word::Date(date), 10)).map_err(|_| error(text, at, "there is no such day"));
    }
    let mut length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    if rest.get(length..).is_some_and(|after| after.starts_with('%')) {
        length += 1;
    }
    let follows = rest.get(length..).and_then(|after| after.chars().next());
    let written = rest.get(..length).unwrap_or_default();
    match read_number(written) {
        Some(number) if !follows.is_some_and(|c| c.is_alphanumeric() || c == '_') => Ok((Word::Number(number), length)),
        _ => Err(error(text, at, "this is no number; write it like 0.05, 5% or 20000")),
    }
}
