//! A row on its way in: its values, what is wrong with it, what became of it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use qiao_engine::money::{Currency, MoneyError, parse_minor};

use super::values;
use crate::error::FieldError;
use crate::locale::Locale;

/// A row under our names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file.
    pub line: usize,
    /// Its values; an empty one is absent.
    pub values: BTreeMap<String, String>,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A new record.
    Created,
    /// A record was changed.
    Updated,
    /// The record was like this already.
    Unchanged,
    /// Nothing was written.
    Rejected,
}

/// A row and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutcome {
    /// Its line in the file.
    pub line: usize,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was rejected.
    pub errors: Vec<FieldError>,
}

impl Row {
    /// A row without errors.
    #[must_use]
    pub fn new(line: usize, values: BTreeMap<String, String>) -> Self {
        Self { line, values, errors: Vec::new() }
    }

    /// Ends the row: rejected where something is wrong with it.
    #[must_use]
    pub fn outcome(self, verdict: Verdict) -> RowOutcome {
        let verdict = if self.errors.is_empty() { verdict } else { Verdict::Rejected };
        RowOutcome { line: self.line, verdict, errors: self.errors }
    }

    /// Notes what is wrong.
    pub fn wrong(&mut self, column: &str, code: &'static str, args: &[&str]) {
        self.errors.push(FieldError::new(format!("/{column}"), code, args));
    }

    /// A value; none where it is absent.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.values.get(column).map(String::as_str)
    }

    /// A text of at most `most` characters that may be absent.
    pub fn text(&mut self, column: &str, most: usize) -> Option<String> {
        let text = self.get(column)?.to_owned();
        if text.chars().count() > most {
            self.wrong(column, "too_long", &[&most.to_string()]);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.wrong(column, "control_characters", &[]);
        }
        Some(text)
    }

    /// A required text.
    pub fn required(&mut self, column: &str, most: usize) -> String {
        let text = self.text(column, most);
        if text.is_none() {
            self.wrong(column, "required", &[]);
        }
        text.unwrap_or_default()
    }

    /// A date as people write it.
    pub fn date(&mut self, column: &str) -> Option<NaiveDate> {
        let text = self.get(column)?.to_owned();
        match values::date(&text) {
            Some(date) if (1970..=2100).contains(&date.year()) => Some(date),
            Some(_) => {
                self.wrong(column, "date_out_of_range", &[&text]);
                None
            }
            None => {
                let code = if looks_like_far_year(&text) { "date_out_of_range" } else { "not_date" };
                self.wrong(column, code, &[&text]);
                None
            }
        }
    }

    /// An amount as people write it, in minor units. More digits than the currency has are an error unless they are
    /// zeros behind the point that a spreadsheet added.
    pub fn money(&mut self, column: &str, currency: Currency) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let Some(plain) = values::number(&text) else {
            self.wrong(column, "not_money", &[&text]);
            return None;
        };
        match parse_minor(&plain, currency) {
            Ok(minor) => Some(minor),
            Err(MoneyError::TooManyDecimals { .. }) => {
                self.wrong(column, "too_many_decimals", &[&text, currency.code(), &currency.digits().to_string()]);
                None
            }
            Err(_) => {
                self.wrong(column, "not_money", &[&text]);
                None
            }
        }
    }

    /// A whole number between bounds.
    pub fn integer(&mut self, column: &str, low: i64, high: i64) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let plain = values::number(&text).map(|plain| plain.trim_end_matches(".0").to_owned());
        match plain.and_then(|plain| plain.parse::<i64>().ok()) {
            Some(number) if (low..=high).contains(&number) => Some(number),
            _ => {
                self.wrong(column, "out_of_range", &[&text, &low.to_string(), &high.to_string()]);
                None
            }
        }
    }

    /// A number with at most six decimals, in millionths.
    pub fn micro(&mut self, column: &str) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let decimal = values::number(&text).and_then(|plain| plain.parse::<rust_decimal::Decimal>().ok());
        let micro =
            decimal.and_then(|value| value.checked_mul(1_000_000.into())).filter(|micro| micro.fract().is_zero());
        let micro = micro.and_then(|micro| i64::try_from(micro.trunc()).ok());
        if micro.is_none() {
            self.wrong(column, "not_number", &[&text]);
        }
        micro
    }

    /// One of a few words.
    pub fn choice(&mut self, column: &str, choices: &[&str]) -> Option<String> {
        let text = self.get(column)?.to_owned();
        if !choices.contains(&text.as_str()) {
            self.wrong(column, "not_a_choice", &[&text, &choices.join(", ")]);
            return None;
        }
        Some(text)
    }

    /// Says that a name was not found, and which one was perhaps meant. Near misses are offered, never taken.
    pub fn unknown<'a>(&mut self, column: &str, name: &str, known: impl Iterator<Item = &'a str>) {
        match nearest(name, known) {
            Some(near) => self.wrong(column, "unknown_name_near", &[name, near]),
            None => self.wrong(column, "unknown_name", &[name]),
        }
    }
}

/// `20026-01-05`: a date whose year is out of range, not some other text.
fn looks_like_far_year(text: &str) -> bool {
    let mut parts = text.split(['-', '/', '.']);
    let year = parts.next().unwrap_or_default();
    year.len() > 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && parts.clone().count() == 2
        && parts.all(|part| !part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The name that was perhaps meant: the same but for case, blanks and punctuation, or one or two letters away.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    let wanted = plain(name);
    let allowed = if wanted.len() <= 4 { 1 } else { 2 };
    known
        .map(|candidate| (distance(&wanted, &plain(candidate), allowed), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance; more than `most` is `most + 1`.
fn distance(a: &[char], b: &[char], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut before = i;
        let mut next = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = before + usize::from(left != right);
            next.push(cost.min(above + 1).min(next.last().copied().unwrap_or(0) + 1));
            before = above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0).min(most + 1)
}

/// What is wrong with a row in one line.
#[must_use]
pub fn reason(errors: &[FieldError], locale: Locale) -> String {
    let parts: Vec<String> =
        errors.iter().map(|e| format!("{}: {}", e.pointer.trim_start_matches('/'), e.detail(locale))).collect();
    parts.join("; ")
}
