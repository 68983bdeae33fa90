//! Import runs as the API answers them.

use std::collections::BTreeMap;

use qiao_store::entities::{import_reject, import_run};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Mapping;
use super::fields::{self, Shape};
use super::guess::Found;
use super::run::Kind;
use crate::context::Context;
use crate::error::FieldError;
use crate::messages;
use crate::time::rfc3339;

/// A run whose worker has not been heard of for so long was cut off, ms.
pub(super) const SILENT_MS: i64 = 15_000;

/// Reads JSON that was written by us; the default where it is none.
pub(super) fn read<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// One of our columns, as a file's are matched with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ImportColumn {
    /// Our name.
    name: &'static str,
    /// What it is called, in the asker's language.
    label: String,
    /// What its cells look like.
    shape: Shape,
    /// Without it a row names no record.
    needed: bool,
    /// How it was matched by itself.
    found: Option<Found>,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportFileRow {
    /// Its line in the file.
    pub line: i64,
    /// Its cells, as many as the header has.
    pub cells: Vec<String>,
}

/// A value that is not known, and how often it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct UnknownValue {
    /// Our column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// In so many rows.
    pub count: i64,
    /// What it could mean.
    pub near: Option<String>,
    /// What is possible, where those are few.
    pub choices: Vec<String>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct ImportPreview {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    /// The first rows that would be new.
    pub first_created: Vec<ImportFileRow>,
    /// The first rows that would change a record.
    pub first_updated: Vec<ImportFileRow>,
    /// The first rows that would change nothing.
    pub first_unchanged: Vec<ImportFileRow>,
    /// Values that are not known, the most frequent first.
    pub unknown: Vec<UnknownValue>,
}

/// A run in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ImportRunRow {
    id: Uuid,
    kind: String,
    file_name: String,
    /// mapping, checking, checked, running, done, cancelled or failed.
    status: String,
    /// It was cut off; starting it again goes on where it was.
    interrupted: bool,
    /// Rows of the file.
    total: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    /// Who imports.
    actor: String,
    created_at: String,
    finished_at: Option<String>,
}

impl ImportRunRow {
    pub(super) fn of(run: &import_run::Model, now_ms: i64) -> Self {
        Self {
            id: run.id,
            kind: run.kind.clone(),
            file_name: run.file_name.clone(),
            status: run.status.clone(),
            interrupted: interrupted(run, now_ms),
            total: run.total,
            created: run.created_count,
            updated: run.updated_count,
            unchanged: run.unchanged_count,
            rejected: run.rejected_count,
            actor: run.actor_name.clone(),
            created_at: rfc3339(run.created_at),
            finished_at: run.finished_at.map(rfc3339),
        }
    }
}

/// True where a run should be at work and nobody is.
pub(super) fn interrupted(run: &import_run::Model, now_ms: i64) -> bool {
    let at_work = matches!(run.status.as_str(), "checking" | "running");
    at_work && run.beat_at.is_some_and(|beat| beat + SILENT_MS < now_ms)
}

/// A run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ImportRunView {
    #[serde(flatten)]
    run: ImportRunRow,
    /// Why it failed.
    problem: Option<String>,
    /// The names of the file's columns.
    header: Vec<String>,
    /// The first rows of the file.
    sample: Vec<Vec<String>>,
    /// Our columns.
    columns: Vec<ImportColumn>,
    /// Which of the file's columns is which of ours.
    mapping: Mapping,
    /// What an import would do, after the preview.
    preview: Option<ImportPreview>,
    /// Rows at work: those of the file, or those that were mended.
    batch: i64,
    /// How many of them are done.
    done: i64,
    /// How many a second.
    rows_per_second: i64,
    /// Teams, managers, product lines made beside, by kind.
    beside: BTreeMap<String, i64>,
    /// What If-Match takes.
    pub version: i64,
}

impl ImportRunView {
    pub(super) fn of(run: &import_run::Model, context: &Context) -> Self {
        let found: BTreeMap<String, Found> = read(&run.guessed);
        let kind = Kind::parse(&run.kind);
        let needed = kind.map(fields::needed).unwrap_or_default();
        let columns = kind.map(fields::of).unwrap_or_default().iter().map(|field| ImportColumn {
            name: field.name,
            label: context.locale.pick(field.zh, field.en).to_owned(),
            shape: field.shape,
            needed: needed.contains(&field.name),
            found: found.get(field.name).copied(),
        });
        let elapsed = run.begun_at.zip(run.beat_at).map_or(0, |(begun, beat)| beat - begun);
        Self {
            run: ImportRunRow::of(run, context.now_ms),
            problem: run.problem.as_ref().map(|code| messages::text(code, context.locale, &[])),
            header: read(&run.header),
            sample: read(&run.sample),
            columns: columns.collect(),
            mapping: read(&run.mapping),
            preview: run.preview.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            batch: run.total - run.first_position,
            done: run.done,
            rows_per_second: if elapsed > 0 { run.done.saturating_mul(1_000) / elapsed } else { 0 },
            beside: read(&run.beside),
            version: run.version,
        }
    }
}

/// What is wrong with a row, as it is kept: in no language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mistake {
    column: String,
    code: String,
    args: Vec<String>,
}

impl From<&FieldError> for Mistake {
    fn from(error: &FieldError) -> Self {
        let column = error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        Self { column, code: error.code.to_owned(), args: error.args.clone() }
    }
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct RejectReason {
    /// Our column.
    column: String,
    /// The cell of the row in which it is mended; none where it stands in no single one.
    cell: Option<usize>,
    /// A stable code.
    code: String,
    /// What is wrong and what would be right.
    detail: String,
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct RejectedRow {
    /// Its line in the file.
    pub line: i64,
    /// Its cells as they came.
    pub cells: Vec<String>,
    /// Why.
    reasons: Vec<RejectReason>,
}

impl RejectedRow {
    pub(super) fn of(row: &import_reject::Model, header: &[String], mapping: &Mapping, context: &Context) -> Self {
        let mistakes: Vec<Mistake> = read(&row.errors);
        let reason = |mistake: Mistake| {
            let theirs = mapping.columns.get(&mistake.column);
            RejectReason {
                cell: theirs.and_then(|theirs| header.iter().position(|name| name == theirs)),
                detail: messages::text(&mistake.code, context.locale, &mistake.args),
                column: mistake.column,
                code: mistake.code,
            }
        };
        Self { line: row.line, cells: read(&row.cells), reasons: mistakes.into_iter().map(reason).collect() }
    }

    /// Why, in one line.
    pub(super) fn reason(&self) -> String {
        let parts: Vec<String> = self.reasons.iter().map(|why| format!("{}: {}", why.column, why.detail)).collect();
        parts.join("; ")
    }
}
