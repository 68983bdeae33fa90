//! What `qiao calc` needs without I/O: tables of text in, tables of text out.
//!
//! Reading and writing files is the command's part. Calendar months; the same input gives the same bytes.

mod facts;
mod output;
mod people;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::books::Books;
use crate::dates::{Calendar, DateRange, Period};
use crate::definitions::{Definitions, DefinitionsData, Snapshot};
use crate::metrics::MetricVersion;
use crate::node::Problem;
use crate::plans::{Estimate, Known, PlanVersion, check, estimate};
use crate::words::Locale;

pub use output::{EARNINGS_HEADER, REJECTED_HEADER, STATEMENTS_HEADER};
pub use table::{Table, TableError};

/// Everything a calculation reads.
#[derive(Debug, Clone)]
pub struct Input {
    /// The plan. Its currency is that of the calculation.
    pub plan: PlanVersion,
    /// Metrics the plan or targets name; [`crate::metrics::standard`] unless the caller has others.
    pub metrics: Vec<MetricVersion>,
    /// facts.csv
    pub facts: Table,
    /// people.csv; without it everybody named by a fact is a person.
    pub people: Option<Table>,
    /// targets.csv
    pub targets: Option<Table>,
    /// rates.csv
    pub rates: Option<Table>,
    /// The first period asked for.
    pub first: Period,
    /// The last period asked for; the same as `first` for one.
    pub last: Period,
    /// The language of explanations.
    pub locale: Locale,
}

/// A cell that was not taken; its row (for facts: the whole fact) is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The file's name, such as `facts.csv`.
    pub file: String,
    /// The line, from 1, the header is line 1.
    pub line: u32,
    /// The column.
    pub column: String,
    /// The value as given.
    pub value: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// The calculation could not be made at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalcError {
    /// A table has no usable header.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The plan does not make sense.
    #[error("the plan cannot be used: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Plan(Vec<Problem>),
    /// The last period ends before the first begins.
    #[error("the periods {0}..{1} are reversed")]
    Periods(Period, Period),
}

/// What comes out: rows of text under the headers of [`STATEMENTS_HEADER`] and so on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Rows of statements.csv, by person and period.
    pub statements: Vec<Vec<String>>,
    /// Rows of earnings.csv, by person, period, component and fact.
    pub earnings: Vec<Vec<String>>,
    /// What was not taken, by file and line.
    pub rejected: Vec<Rejected>,
}

impl Output {
    /// Rows of rejected.csv.
    pub fn rejected_rows(&self) -> Vec<Vec<String>> {
        let row = |r: &Rejected| {
            vec![
                r.file.clone(),
                r.line.to_string(),
                r.column.clone(),
                r.value.clone(),
                r.reason.clone(),
            ]
        };
        self.rejected.iter().map(row).collect()
    }
}

/// The input as the engine reads it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Facts and definitions.
    pub snapshot: Snapshot,
    /// The ids of the facts by sequence: `fact_ids[sequence - 1]`.
    pub fact_ids: Vec<String>,
    /// What was not taken.
    pub rejected: Vec<Rejected>,
}

/// Reads the tables.
///
/// # Errors
/// [`CalcError::Table`] where a required column is missing or a column is there twice.
pub fn load(input: &Input) -> Result<Loaded, CalcError> {
    let mut data = DefinitionsData::empty("calc", input.plan.currency);
    data.company.calendar = Calendar::plain();
    data.metrics = input.metrics.clone();
    data.plans = vec![input.plan.clone()];
    let mut rejected = Vec::new();
    if let Some(table) = &input.people {
        people::read_people(table, &mut data, &mut rejected)?;
    }
    let mut read = facts::read_facts(
        &input.facts,
        input.plan.currency,
        input.people.is_some(),
        &mut data,
        &mut rejected,
    )?;
    if let Some(table) = &input.targets {
        people::read_targets(table, &mut data, &mut rejected)?;
    }
    if let Some(table) = &input.rates {
        people::read_rates(table, &mut data, &mut rejected)?;
    }
    let appended = Books::new().append(std::mem::take(&mut read.rows));
    for refused in appended.refused {
        let at = refused.sequence as usize - 1;
        let (line, id) = (
            read.lines.get(at).copied().unwrap_or(0),
            read.ids.get(at).cloned().unwrap_or_default(),
        );
        rejected.push(Rejected {
            file: input.facts.file.clone(),
            line,
            column: "id".to_owned(),
            value: id,
            reason: refused.detail,
        });
    }
    rejected.sort_by(|a, b| (&a.file, a.line, &a.column).cmp(&(&b.file, b.line, &b.column)));
    let snapshot = Snapshot {
        books: appended.books,
        definitions: Arc::new(Definitions::new(data)),
    };
    Ok(Loaded {
        snapshot,
        fact_ids: read.ids,
        rejected,
    })
}

/// Calculates all periods of the plan that end in the periods asked for, in order.
///
/// # Errors
/// As [`load`]; [`CalcError::Plan`] for a plan that [`check`] refuses; [`CalcError::Periods`] for reversed periods.
pub fn calculate(input: &Input) -> Result<Output, CalcError> {
    let calendar = Calendar::plain();
    let range = DateRange::new(
        calendar.range(input.first).start,
        calendar.range(input.last).end,
    );
    if range.is_empty() {
        return Err(CalcError::Periods(input.first, input.last));
    }
    let loaded = load(input)?;
    let definitions = &loaded.snapshot.definitions;
    let kinds = loaded.fact_kinds();
    let known = Known {
        kinds,
        stages: Vec::new(),
    };
    let problems: Vec<Problem> = check(&input.plan, definitions, &known)
        .into_iter()
        // A plan file may name more people and teams than this calculation has.
        .filter(|problem| !matches!(problem.code, "unknown_team" | "unknown_person"))
        .collect();
    if !problems.is_empty() {
        return Err(CalcError::Plan(problems));
    }
    let periods = calendar.periods_ending_in(range, input.plan.period.kind());
    let mut people: Vec<(&str, u128)> = definitions
        .people
        .iter()
        .map(|person| (person.label(), person.id))
        .collect();
    people.sort_unstable();
    let mut output = Output::default();
    for (label, person) in people {
        let mut owed: i64 = 0;
        for period in &periods {
            let estimate = estimate(&loaded.snapshot, person, *period, NaiveDate::MAX);
            if estimate.plans.is_empty() && estimate.lines.is_empty() {
                continue;
            }
            output
                .statements
                .push(output::statement(label, &estimate, &mut owed));
            for line in &estimate.lines {
                output.earnings.push(output::earning(
                    label,
                    line,
                    &loaded.fact_ids,
                    &estimate,
                    input.locale,
                ));
            }
            output
                .rejected
                .extend(not_counted(input, &loaded, &estimate));
        }
    }
    output.rejected.extend(loaded.rejected);
    output.rejected.sort_by(|a, b| {
        (&a.file, a.line, &a.column, &a.reason).cmp(&(&b.file, b.line, &b.column, &b.reason))
    });
    output.rejected.dedup();
    Ok(output)
}

impl Loaded {
    fn fact_kinds(&self) -> Vec<String> {
        self.snapshot.books.kinds()
    }
}

/// Facts that a component would count but cannot: never left out silently.
fn not_counted(input: &Input, loaded: &Loaded, estimate: &Estimate) -> Vec<Rejected> {
    let reasons: BTreeMap<&str, (&str, &str)> = BTreeMap::from([
        (
            "no_exchange_rate",
            (
                "currency",
                "no rate into the plan's currency on or before its date in rates.csv",
            ),
        ),
        (
            "no_measure",
            (
                "amount",
                "the number the plan goes by (margin, quantity, amount_excl_tax) is empty",
            ),
        ),
        (
            "no_opportunity",
            (
                "opportunity",
                "a stage entry without an opportunity earns nothing",
            ),
        ),
    ]);
    let name = |sequence: u32| {
        loaded
            .fact_ids
            .get(sequence as usize - 1)
            .cloned()
            .unwrap_or_default()
    };
    let describe = |missed: &crate::plans::NotCounted| {
        let (column, reason) = reasons
            .get(missed.reason)
            .copied()
            .unwrap_or(("id", missed.reason));
        let id = name(missed.fact);
        let reason = format!("component {}: {reason}", missed.component);
        Rejected {
            file: input.facts.file.clone(),
            line: input.facts.line_of("id", &id),
            column: column.to_owned(),
            value: id,
            reason,
        }
    };
    estimate.not_counted.iter().map(describe).collect()
}

/// Reads `2026-03` or `2026-01..2026-06`.
///
/// # Errors
/// The text that is not a period.
pub fn parse_periods(text: &str) -> Result<(Period, Period), crate::dates::PeriodError> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    Ok((first.parse()?, last.parse()?))
}

#[cfg(test)]
mod tests;
