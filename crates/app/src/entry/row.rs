//! What somebody sends to be written, a line of a file or a form: its values, what is wrong with it, what became of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use qiao_engine::money::{Currency, MoneyError, parse_minor};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::FieldError;
use crate::imports::values;
use crate::locale::Locale;

/// Which record a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one that its key column names, new where there is none: files.
    Key,
    /// A new one: POST.
    New,
    /// This one in this version: PATCH.
    At {
        /// The record.
        id: Uuid,
        /// The version that was read.
        version: i64,
    },
}

/// A row under our names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file.
    pub line: usize,
    /// Which record it is about.
    pub place: Place,
    /// Its values; an empty one is absent.
    pub values: BTreeMap<String, String>,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// Forms write dates and numbers in one way; in files they stand as people write them.
    form: bool,
    /// Columns that are to become empty.
    cleared: BTreeSet<String>,
    /// Rows inside the row.
    lists: BTreeMap<String, Vec<Row>>,
    /// Lists of words inside the row.
    texts: BTreeMap<String, String>,
    /// Where a column stands in the form, where it is not `/column`.
    pointers: BTreeMap<String, String>,
    /// Where the row stands in the form.
    prefix: String,
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

impl From<qiao_store::Saved> for Verdict {
    fn from(saved: qiao_store::Saved) -> Self {
        match saved {
            qiao_store::Saved::Created => Self::Created,
            qiao_store::Saved::Updated => Self::Updated,
            qiao_store::Saved::Unchanged => Self::Unchanged,
        }
    }
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

/// The most rows inside a row: lines of a contract, people who share a deal.
const MOST_PARTS: usize = 500;
/// What ends a word of a list.
const WORD_END: char = ';';

impl Row {
    /// A row of a file without errors.
    #[must_use]
    pub fn new(line: usize, values: BTreeMap<String, String>) -> Self {
        Self {
            line,
            place: Place::Key,
            values,
            errors: Vec::new(),
            form: false,
            cleared: BTreeSet::new(),
            lists: BTreeMap::new(),
            texts: BTreeMap::new(),
            pointers: BTreeMap::new(),
            prefix: String::new(),
        }
    }

    /// A row of a form. `owner_id` is our column `owner`; null makes a field empty; money is `{amount, currency}`; a list
    /// of objects is a list of rows.
    #[must_use]
    pub fn of_form(fields: &Map<String, Value>, place: Place, prefix: &str) -> Self {
        let mut row = Self { place, form: true, prefix: prefix.to_owned(), ..Self::new(0, BTreeMap::new()) };
        for (name, value) in fields {
            let column = match name.strip_suffix("_id") {
                Some(column) if name != "external_id" => {
                    row.pointers.insert(column.to_owned(), name.clone());
                    column
                }
                _ => name,
            };
            row.put(name, column.to_owned(), value);
        }
        row
    }

    fn put(&mut self, name: &str, column: String, value: &Value) {
        match value {
            Value::Null => {
                self.cleared.insert(column);
            }
            Value::String(text) if text.trim().is_empty() => {
                self.cleared.insert(column);
            }
            Value::String(text) => {
                self.values.insert(column, text.trim().to_owned());
            }
            Value::Bool(_) | Value::Number(_) => {
                self.values.insert(column, value.to_string());
            }
            Value::Object(money) => {
                self.pointers.insert(column.clone(), format!("{name}/amount"));
                let text = |key: &str| money.get(key).and_then(Value::as_str).map(str::to_owned);
                if let Some(currency) = text("currency") {
                    self.values.insert(format!("{column}/currency"), currency);
                }
                self.values.insert(column, text("amount").unwrap_or_default());
            }
            Value::Array(items) => {
                let part = |(index, item): (usize, &Value)| {
                    let prefix = format!("{}/{name}/{index}", self.prefix);
                    item.as_object().map(|fields| Self::of_form(fields, Place::New, &prefix))
                };
                if items.iter().all(Value::is_string) {
                    let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                    self.texts.insert(column.clone(), words.join(";"));
                }
                let parts = items.iter().enumerate().filter_map(part).collect();
                self.lists.insert(column, parts);
            }
        }
    }

    /// The rows inside the row, under the names of their columns; none where the row does not speak of them. In a file
    /// they stand in one cell, separated by semicolons, their values by bars: `p1|owner|0.6;p2|owner|0.4`.
    pub fn parts(&mut self, column: &str, columns: &[&str]) -> Option<Vec<Row>> {
        let parts = if let Some(parts) = self.lists.remove(column) {
            parts
        } else if self.cleared.contains(column) {
            Vec::new()
        } else {
            let text = self.get(column)?.to_owned();
            let cells = text.split(';').map(str::trim).filter(|part| !part.is_empty());
            cells
                .map(|part| {
                    let values = columns.iter().zip(part.split('|').map(str::trim));
                    let values = values.filter(|(_, value)| !value.is_empty());
                    let values = values.map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect();
                    Self { prefix: format!("/{column}"), ..Self::new(self.line, values) }
                })
                .collect()
        };
        if parts.len() > MOST_PARTS {
            self.wrong(column, "too_many_rows", &[&MOST_PARTS.to_string()]);
            return Some(Vec::new());
        }
        Some(parts)
    }

    /// The words of a list, in a file separated by semicolons; none where the row does not speak of it.
    pub fn words(&mut self, column: &str) -> Option<Vec<String>> {
        if self.cleared.contains(column) {
            return Some(Vec::new());
        }
        let text = self.texts.remove(column).or_else(|| self.get(column).map(str::to_owned))?;
        Some(text.split(WORD_END).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Takes over what is wrong with a row inside the row.
    pub fn absorb(&mut self, part: Row) {
        self.errors.extend(part.errors);
    }

    /// Ends the row: rejected where something is wrong with it.
    #[must_use]
    pub fn outcome(self, verdict: Verdict) -> RowOutcome {
        let verdict = if self.errors.is_empty() { verdict } else { Verdict::Rejected };
        RowOutcome { line: self.line, verdict, errors: self.errors }
    }

    /// Notes what is wrong.
    pub fn wrong(&mut self, column: &str, code: &'static str, args: &[&str]) {
        let pointer = self.pointers.get(column).map_or(column, String::as_str);
        self.errors.push(FieldError::new(format!("{}/{pointer}", self.prefix), code, args));
    }

    /// A value; none where it is absent.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.values.get(column).map(String::as_str)
    }

    /// Where the row stands in the form.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// True for a form; false for a line of a file.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.form
    }

    /// True where the row speaks of a column at all.
    #[must_use]
    pub fn names(&self, column: &str) -> bool {
        self.values.contains_key(column) || self.cleared.contains(column) || self.lists.contains_key(column)
    }

    /// What a column becomes: empty where the row says so, else the new value, else what was there.
    #[must_use]
    pub fn or<T>(&self, column: &str, new: Option<T>, old: Option<T>) -> Option<T> {
        if self.cleared.contains(column) { None } else { new.or(old) }
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

    /// A text, else what was there.
    pub fn text_or(&mut self, column: &str, most: usize, old: Option<String>) -> Option<String> {
        let new = self.text(column, most);
        self.or(column, new, old)
    }

    /// A text that cannot be empty, else what was there.
    pub fn required_or(&mut self, column: &str, most: usize, old: String) -> String {
        match self.text_or(column, most, (!old.is_empty()).then_some(old)) {
            Some(text) => text,
            None => {
                self.wrong(column, "required", &[]);
                String::new()
            }
        }
    }

    /// A required text.
    pub fn required(&mut self, column: &str, most: usize) -> String {
        self.required_or(column, most, String::new())
    }

    /// A date: in a form as 2026-03-31, in a file as people write it.
    pub fn date(&mut self, column: &str) -> Option<NaiveDate> {
        let text = self.get(column)?.to_owned();
        let read = if self.form { NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok() } else { values::date(&text) };
        match read {
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

    /// A date, else what was there.
    pub fn date_or(&mut self, column: &str, old: Option<NaiveDate>) -> Option<NaiveDate> {
        let new = self.date(column);
        self.or(column, new, old)
    }

    fn number(&self, text: &str) -> Option<String> {
        if self.form { Some(text.to_owned()) } else { values::number(text) }
    }

    /// An amount in minor units. More digits than the currency has are an error unless they are zeros behind the point
    /// that a spreadsheet added.
    pub fn money(&mut self, column: &str, currency: Currency) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        if let Some(other) = self.get(&format!("{column}/currency")).map(str::to_owned)
            && other != currency.code()
        {
            self.wrong(column, "currency_mismatch", &[&other, currency.code()]);
            return None;
        }
        let Some(plain) = self.number(&text) else {
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

    /// An amount, else what was there.
    pub fn money_or(&mut self, column: &str, currency: Currency, old: Option<i64>) -> Option<i64> {
        let new = self.money(column, currency);
        self.or(column, new, old)
    }

    /// An amount that is not below zero, else what was there.
    pub fn positive_or(&mut self, column: &str, currency: Currency, old: Option<i64>) -> Option<i64> {
        let new = self.money(column, currency);
        if new.is_some_and(|minor| minor < 0) {
            self.wrong(column, "negative", &[]);
        }
        self.or(column, new, old)
    }

    /// A whole number between bounds.
    pub fn integer(&mut self, column: &str, low: i64, high: i64) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let plain = self.number(&text).map(|plain| plain.trim_end_matches(".0").to_owned());
        match plain.and_then(|plain| plain.parse::<i64>().ok()) {
            Some(number) if (low..=high).contains(&number) => Some(number),
            _ => {
                self.wrong(column, "out_of_range", &[&text, &low.to_string(), &high.to_string()]);
                None
            }
        }
    }

    /// A whole number, else what was there.
    pub fn integer_or(&mut self, column: &str, low: i64, high: i64, old: Option<i64>) -> Option<i64> {
        let new = self.integer(column, low, high);
        self.or(column, new, old)
    }

    /// A number with at most six decimals, in millionths.
    pub fn micro(&mut self, column: &str) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let decimal = self.number(&text).and_then(|plain| plain.parse::<rust_decimal::Decimal>().ok());
        let micro =
            decimal.and_then(|value| value.checked_mul(1_000_000.into())).filter(|micro| micro.fract().is_zero());
        let micro = micro.and_then(|micro| i64::try_from(micro.trunc()).ok());
        if micro.is_none() {
            self.wrong(column, "not_number", &[&text]);
        }
        micro
    }

    /// A rate or share between 0 and 1 (`0.13`, in files also `13%`), in parts per million.
    pub fn share(&mut self, column: &str) -> Option<i64> {
        let text = self.get(column)?.to_owned();
        let percent = if self.form { None } else { text.strip_suffix('%') };
        let (digits, factor) = percent.map_or((text.as_str(), 1_000_000), |digits| (digits, 10_000));
        let ppm = digits.trim().parse::<rust_decimal::Decimal>().ok().and_then(|v| v.checked_mul(factor.into()));
        match ppm.filter(|ppm| ppm.fract().is_zero()).and_then(|ppm| i64::try_from(ppm.trunc()).ok()) {
            Some(ppm) if (0..=1_000_000).contains(&ppm) => Some(ppm),
            Some(_) => {
                self.wrong(column, "out_of_range", &[&text, "0", "1"]);
                None
            }
            None => {
                self.wrong(column, "not_rate", &[&text]);
                None
            }
        }
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
        if self.form {
            return self.wrong(column, "unknown_reference", &[name]);
        }
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
