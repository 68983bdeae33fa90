//! Reading single values of a plan file; each mistake is noted and reading goes on.

use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::node::{Node, Problem, Value, problem};
use crate::words::parse_rate;

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn wrong(
        &mut self,
        node: &Node,
        pointer: &str,
        code: &'static str,
        detail: impl Into<String>,
    ) {
        self.problems
            .push(problem(node.line, pointer, code, detail));
    }

    /// Names unknown and missing keys; true when it is a mapping at all.
    pub(super) fn keys(
        &mut self,
        node: &Node,
        pointer: &str,
        required: &[&str],
        optional: &[&str],
    ) -> bool {
        let Value::Map(entries) = &node.value else {
            self.wrong(
                node,
                pointer,
                "not_a_mapping",
                format!("write a mapping with {}", required.join(", ")),
            );
            return false;
        };
        for (key, line, _) in entries {
            if !required.contains(&key.as_str()) && !optional.contains(&key.as_str()) {
                let known = [required, optional].concat().join(", ");
                self.problems.push(problem(
                    *line,
                    &format!("{pointer}/{key}"),
                    "unknown_key",
                    format!("`{key}` is not known here; known are {known}"),
                ));
            }
        }
        for key in required {
            if node.get(key).is_none_or(|value| value.value == Value::Null) {
                self.wrong(
                    node,
                    &format!("{pointer}/{key}"),
                    "missing",
                    format!("`{key}` is missing"),
                );
            }
        }
        true
    }

    pub(super) fn text(&mut self, node: &Node, pointer: &str, key: &str) -> Option<String> {
        let value = node.get(key).filter(|value| value.value != Value::Null)?;
        match value.text().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong(
                    value,
                    &format!("{pointer}/{key}"),
                    "not_a_text",
                    format!("write a word for `{key}`"),
                );
                None
            }
        }
    }

    pub(super) fn texts(&mut self, node: &Node, pointer: &str, key: &str) -> Vec<String> {
        let Some(value) = node.get(key) else {
            return Vec::new();
        };
        match &value.value {
            Value::Scalar { text, .. } => vec![text.clone()],
            Value::List(items) if items.iter().all(|item| item.text().is_some()) => items
                .iter()
                .filter_map(|item| item.text().map(str::to_owned))
                .collect(),
            Value::Null => Vec::new(),
            _ => {
                self.wrong(
                    value,
                    &format!("{pointer}/{key}"),
                    "not_a_list",
                    format!("write a list of words for `{key}`"),
                );
                Vec::new()
            }
        }
    }

    pub(super) fn rate(&mut self, node: &Node, pointer: &str, key: &str) -> Option<Decimal> {
        let value = node.get(key).filter(|value| value.value != Value::Null)?;
        let rate = value.text().and_then(parse_rate);
        if rate.is_none() {
            self.wrong(
                value,
                &format!("{pointer}/{key}"),
                "not_a_rate",
                "write 0.05 or 5%, with at most 10 decimals",
            );
        }
        rate
    }

    pub(super) fn date(&mut self, node: &Node, key: &str) -> Option<NaiveDate> {
        let value = node.get(key).filter(|value| value.value != Value::Null)?;
        let date = value
            .text()
            .filter(|text| text.len() == 10)
            .and_then(|text| text.parse().ok());
        if date.is_none() {
            self.wrong(
                value,
                &format!("/{key}"),
                "not_a_date",
                "write a date such as 2026-03-31",
            );
        }
        date
    }

    pub(super) fn parsed<T: FromStr>(
        &mut self,
        node: &Node,
        pointer: &str,
        key: &str,
        code: &'static str,
        right: &str,
    ) -> Option<T> {
        let text = self.text(node, pointer, key)?;
        let value = text.parse().ok();
        if value.is_none() {
            let at = node.get(key).unwrap_or(node);
            self.wrong(
                at,
                &format!("{pointer}/{key}"),
                code,
                format!("`{text}` is not {right}"),
            );
        }
        value
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        node: &Node,
        pointer: &str,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node, pointer, key)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let at = node.get(key).unwrap_or(node);
            self.wrong(
                at,
                &format!("{pointer}/{key}"),
                "unknown_word",
                format!("`{text}`: write one of {}", known.join(", ")),
            );
        }
        found
    }
}
