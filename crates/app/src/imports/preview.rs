//! What a preview sees while the rows of a file go by: the first of each kind, and the values that are not known.

use std::collections::BTreeMap;

use qiao_store::entities::import_run;

use super::run::Applied;
use super::views::{ImportFileRow, ImportPreview, UnknownValue, read};
use crate::entry::Verdict;
use crate::error::FieldError;

/// Rows of each verdict that are shown.
const FIRST: usize = 10;
/// Values that are shown; a column that holds only unknown ones is matched wrongly.
const VALUES: usize = 200;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: [Vec<ImportFileRow>; 3],
    unknown: BTreeMap<(String, String), UnknownValue>,
}

impl Seen {
    /// Sees what would become of some rows; `cells` are those of their lines.
    pub(super) fn add(&mut self, applied: &Applied, cells: &BTreeMap<usize, String>) {
        for row in &applied.rows {
            let [created, updated, unchanged] = &mut self.first;
            let first = match row.verdict {
                Verdict::Created => created,
                Verdict::Updated => updated,
                Verdict::Unchanged => unchanged,
                Verdict::Rejected => {
                    for error in &row.errors {
                        self.note(error);
                    }
                    continue;
                }
            };
            if first.len() < FIRST {
                let cells = cells.get(&row.line).map(|text| read(text)).unwrap_or_default();
                first.push(ImportFileRow { line: i64::try_from(row.line).unwrap_or(i64::MAX), cells });
            }
        }
    }

    /// A value that an alias can mend.
    fn note(&mut self, error: &FieldError) {
        let column = error.pointer.trim_start_matches('/').to_owned();
        let (Some(value), false) = (error.args.first(), column.contains('/')) else { return };
        let second = error.args.get(1);
        let (near, choices) = match error.code {
            "unknown_name" => (None, Vec::new()),
            "unknown_name_near" => (second.cloned(), Vec::new()),
            "not_a_choice" => {
                let choices = second.map(|all| all.split(", ").map(str::to_owned).collect());
                (None, choices.unwrap_or_default())
            }
            _ => return,
        };
        let key = (column, value.clone());
        if self.unknown.len() >= VALUES && !self.unknown.contains_key(&key) {
            return;
        }
        let (column, value) = key.clone();
        self.unknown.entry(key).or_insert(UnknownValue { column, value, count: 0, near, choices }).count += 1;
    }

    /// What an import would do; the counts are those of the run.
    pub(super) fn preview(self, run: &import_run::Model) -> ImportPreview {
        let [first_created, first_updated, first_unchanged] = self.first;
        let mut unknown: Vec<UnknownValue> = self.unknown.into_values().collect();
        unknown.sort_by_key(|value| std::cmp::Reverse(value.count));
        ImportPreview {
            created: run.created_count,
            updated: run.updated_count,
            unchanged: run.unchanged_count,
            rejected: run.rejected_count,
            first_created,
            first_updated,
            first_unchanged,
            unknown,
        }
    }
}
