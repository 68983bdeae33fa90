//! What was expected beside what came out.

use std::collections::BTreeMap;

use super::table::{Table, decimal};
use super::{EARNING_COLUMNS, Output, STATEMENT_COLUMNS};
use crate::money::Currency;
use crate::text::Language;

/// The columns that say which row is meant; the others are compared.
const KEYS: [&str; 4] = ["person", "period", "component", "fact"];

/// Compares the columns that `expected` names with the statements, or with the earnings where it has a component
/// column. Answers what differs, a sentence each with file and line; empty where nothing does.
///
/// Rows belong together that have the same person, period, component and fact, as far as `expected` names these columns.
/// A person whom it names must have as many rows as it says; other people are not looked at. Numbers are compared as
/// numbers. No data row, and a column that is not there, differ.
#[must_use]
pub fn compare(expected: &Table, output: &Output, currency: Currency) -> Vec<String> {
    let file = &expected.file;
    let earnings = expected.at("component").is_some();
    let (name, columns): (&str, &[&str]) =
        if earnings { ("earnings.csv", &EARNING_COLUMNS) } else { ("statements.csv", &STATEMENT_COLUMNS) };
    let unknown: Vec<String> = expected
        .header
        .iter()
        .filter(|column| !columns.contains(&column.as_str()))
        .map(|column| format!("{file}:1: {name} has no column '{column}'; it has: {}", columns.join(", ")))
        .collect();
    if !unknown.is_empty() {
        return unknown;
    }
    if expected.rows.is_empty() {
        return vec![format!("{file}:1: there is no row to compare; write what you expect below the header")];
    }
    let actual: Vec<Vec<String>> = if earnings {
        output.earnings.iter().map(|row| row.cells(currency, Language::En).to_vec()).collect()
    } else {
        output.statements.iter().map(|row| row.cells(currency).to_vec()).collect()
    };
    let places: Vec<usize> =
        expected.header.iter().filter_map(|column| columns.iter().position(|known| known == column)).collect();
    differences(expected, name, &places, &actual)
}

/// Rows of one key: the expected ones with their line, the ones that came out.
#[derive(Default)]
struct Group<'a> {
    expected: Vec<(usize, Vec<&'a str>)>,
    actual: Vec<Vec<&'a str>>,
}

fn differences(expected: &Table, name: &str, places: &[usize], actual: &[Vec<String>]) -> Vec<String> {
    let header = &expected.header;
    let is_key: Vec<bool> = header.iter().map(|column| KEYS.contains(&column.as_str())).collect();
    let key_of = |cells: &[&str]| -> Vec<String> {
        cells.iter().zip(&is_key).filter(|(_, is_key)| **is_key).map(|(cell, _)| (*cell).to_owned()).collect()
    };
    let person = expected.at("person");
    let mut groups: BTreeMap<Vec<String>, Group<'_>> = BTreeMap::new();
    let mut people = std::collections::BTreeSet::new();
    for row in expected.rows() {
        let cells: Vec<&str> = (0..header.len()).map(|at| row.cell(at)).collect();
        people.extend(person.and_then(|at| cells.get(at)).copied());
        groups.entry(key_of(&cells)).or_default().expected.push((row.line, cells));
    }
    for row in actual {
        let cells: Vec<&str> = places.iter().map(|at| row.get(*at).map_or("", String::as_str)).collect();
        let is_named = person.is_none_or(|at| cells.get(at).is_some_and(|key| people.contains(key)));
        if is_named {
            groups.entry(key_of(&cells)).or_default().actual.push(cells);
        }
    }
    let mut found: Vec<(usize, String)> = Vec::new();
    for (key, group) in groups {
        let key_names = header.iter().zip(&is_key).filter(|(_, is_key)| **is_key).map(|(column, _)| column);
        let label: Vec<String> = key_names.zip(&key).map(|(column, value)| format!("{column} {value}")).collect();
        group.differences(header, name, &label.join(", "), &mut found);
    }
    // By line; what was not expected at all comes last, under the line after the last one.
    found.sort();
    let after = expected.rows.last().map_or(1, |(line, _)| *line) + 1;
    found.into_iter().map(|(line, text)| format!("{}:{}: {text}", expected.file, line.min(after))).collect()
}

impl Group<'_> {
    fn differences(mut self, header: &[String], name: &str, label: &str, found: &mut Vec<(usize, String)>) {
        let at = |label: &str| if label.is_empty() { "the row".to_owned() } else { label.to_owned() };
        // What agrees is taken out first, so that the order of rows with the same key does not matter.
        let mut left = Vec::new();
        for (line, cells) in std::mem::take(&mut self.expected) {
            let same = |actual: &Vec<&str>| cells.iter().zip(actual).all(|(a, b)| agrees(a, b));
            match self.actual.iter().position(same) {
                Some(index) => {
                    self.actual.remove(index);
                }
                None => left.push((line, cells)),
            }
        }
        let mut actual = self.actual.into_iter();
        for (line, cells) in left {
            match actual.next() {
                None => found.push((line, format!("{}: expected, but {name} has no such row", at(label)))),
                Some(actual) => {
                    for ((column, wanted), got) in header.iter().zip(&cells).zip(&actual) {
                        if !agrees(wanted, got) {
                            found.push((line, format!("{}: {column} is {got}, expected {wanted}", at(label))));
                        }
                    }
                }
            }
        }
        for extra in actual {
            let cells: Vec<String> =
                header.iter().zip(&extra).map(|(column, value)| format!("{column} {value}")).collect();
            found.push((usize::MAX, format!("not expected, but {name} has a row: {}", cells.join(", "))));
        }
    }
}

/// True for the same text, or the same number.
fn agrees(wanted: &str, got: &str) -> bool {
    wanted == got || decimal(wanted).zip(decimal(got)).is_some_and(|(a, b)| a == b)
}
