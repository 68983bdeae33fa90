//! What `qiao calc` needs without I/O: tables of text in, statements and earnings out.
//!
//! The figures are [`crate::plans::estimate`]'s, the same that a server shows. Reading and writing files is the
//! command's part. Calendar months; the same input gives the same output, to the byte.

mod compare;
mod facts;
mod output;
mod people;
mod table;
mod targets;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::Snapshot;
use crate::books::{Books, Id};
use crate::customers::CustomerRule;
use crate::dates::{Calendar, DateRange, Period, PeriodKind};
use crate::definitions::{Company, Definitions};
use crate::metrics::MetricVersion;
use crate::money::Currency;
use crate::plans::{Estimate, Plan, PlanError, PlanVersion, check, estimate};
use crate::yaml::Tree;

pub use compare::compare;
pub use output::{EARNING_COLUMNS, Earning, REJECTED_COLUMNS, Rejected, STATEMENT_COLUMNS, Statement};
pub use table::Table;

use facts::ReadFacts;
use people::People;

/// Everything a calculation reads.
#[derive(Clone, Debug)]
pub struct Input {
    /// The plan. Its currency is that of the calculation.
    pub plan: Plan,
    /// The plan's file as it was read: where its mistakes are.
    pub tree: Tree,
    /// The metrics that the plan and the targets may name.
    pub metrics: Vec<MetricVersion>,
    /// facts.csv.
    pub facts: Table,
    /// people.csv; without it everybody named is there, and on the plan if it is not for others by name.
    pub people: Option<Table>,
    /// targets.csv.
    pub targets: Option<Table>,
    /// The first period asked for.
    pub first: Period,
    /// The last period asked for; the same as `first` for one.
    pub last: Period,
}

/// The calculation could not be made at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalcError {
    /// A required column is not there.
    #[error("{file}:1: there is no column '{column}'; the file has: {has}")]
    MissingColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The columns that are there.
        has: String,
    },
    /// The plan has mistakes.
    #[error("the plan has mistakes")]
    Plan(Vec<PlanError>),
    /// A text that is no period, or periods in the wrong order.
    #[error("{0}")]
    Periods(String),
    /// A person's pay is beyond what can be kept.
    #[error("the pay of {person} for {period} is too large to compute")]
    TooLarge {
        /// Whose.
        person: String,
        /// When.
        period: Period,
    },
}

/// What comes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// A row for each person and period that the plan covers, by person and period.
    pub statements: Vec<Statement>,
    /// What each fact earns, by person, period, component (as the plan orders them), date and fact.
    pub earnings: Vec<Earning>,
    /// What was not taken, by file and line.
    pub rejected: Vec<Rejected>,
}

/// Reads `2026-03`, `2026-Q1` or `2026-01..2026-06`.
///
/// # Errors
/// [`CalcError::Periods`]: the text that is not a period, or a last period that ends before the first begins.
pub fn parse_periods(text: &str) -> Result<(Period, Period), CalcError> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let period = |text: &str| text.parse::<Period>().map_err(|error| CalcError::Periods(error.to_string()));
    let (first, last) = (period(first)?, period(last)?);
    let calendar = Calendar::plain();
    if calendar.range(last).end < calendar.range(first).start {
        return Err(CalcError::Periods(format!("{last} lies before {first}; write the earlier one first")));
    }
    Ok((first, last))
}

/// The facts and definitions of a calculation, and the names its rows go by.
struct Loaded {
    snapshot: Snapshot,
    facts: ReadFacts,
    rejected: Vec<Rejected>,
}

fn load(input: &Input, currency: Currency) -> Result<Loaded, CalcError> {
    let mut rejected = Vec::new();
    let mut people = match &input.people {
        Some(table) => People::read(table, &mut rejected)?,
        None => People::open(&input.plan.who),
    };
    let mut facts = facts::read_facts(&input.facts, currency, &mut people, &mut rejected)?;
    let targets = match &input.targets {
        Some(table) => targets::read_targets(table, &input.metrics, &mut people, &mut rejected)?,
        None => Vec::new(),
    };
    let mut definitions = Definitions::new(company(currency));
    definitions.metrics.clone_from(&input.metrics);
    definitions.set_targets(targets);
    definitions.plans = vec![PlanVersion { id: 1, plan_id: 1, version: 1, plan: input.plan.clone() }];
    definitions.set_people(people.people, people.teams, people.memberships);
    let books = Books::default().append(std::mem::take(&mut facts.rows));
    Ok(Loaded { snapshot: Snapshot { books, definitions: Arc::new(definitions) }, facts, rejected })
}

/// The company of a calculation: nothing but the plan's currency and calendar months.
fn company(currency: Currency) -> Company {
    Company {
        name: String::new(),
        currency,
        timezone: "UTC".to_owned(),
        locale: "en".to_owned(),
        calendar: Calendar::plain(),
        customer_rule: CustomerRule::default(),
        on_pace_tolerance_ppm: 0,
        attainment_visible_to_all: false,
    }
}

/// The currency of a calculation.
///
/// # Errors
/// [`CalcError::Plan`] where the plan's currency is none.
pub fn currency(plan: &Plan, tree: &Tree) -> Result<Currency, CalcError> {
    let pointer = "/currency".to_owned();
    plan.currency.parse().map_err(|error: crate::money::MoneyError| {
        let line = tree.line(&pointer);
        CalcError::Plan(vec![PlanError { line, pointer, code: "not_a_choice", message: error.to_string() }])
    })
}

/// The plan's periods that end in the periods asked for.
fn periods(input: &Input) -> Result<Vec<Period>, CalcError> {
    let calendar = Calendar::plain();
    let range = DateRange { start: calendar.range(input.first).start, end: calendar.range(input.last).end };
    let periods = calendar.ending_in(range, input.plan.period);
    if periods.is_empty() {
        let (kind, example) = match input.plan.period {
            PeriodKind::Quarter => ("quarter", "2026-Q1"),
            PeriodKind::Year => ("year", "2026"),
            _ => ("month", "2026-03"),
        };
        let message = format!("the plan is reckoned by the {kind} and none ends there; write a period like {example}");
        return Err(CalcError::Periods(message));
    }
    Ok(periods)
}

/// Calculates all periods of the plan that end in the periods asked for, in order. What a person owes at the end of one
/// is kept back in the next.
///
/// # Errors
/// See [`CalcError`].
pub fn calculate(input: &Input) -> Result<Output, CalcError> {
    let currency = currency(&input.plan, &input.tree)?;
    let loaded = load(input, currency)?;
    let definitions = &loaded.snapshot.definitions;
    // A plan file may name more teams and people than this calculation has.
    let mut mistakes = check(&input.plan, &input.tree, definitions);
    mistakes.retain(|mistake| !mistake.pointer.starts_with("/who/"));
    if !mistakes.is_empty() {
        return Err(CalcError::Plan(mistakes));
    }
    let periods = periods(input)?;
    let mut people: Vec<(&str, Id)> = definitions.people.values().map(|person| (person.key(), person.id)).collect();
    people.sort_unstable();
    let mut output = Output::default();
    for (person, id) in people {
        let mut owed = 0;
        for period in &periods {
            let estimate = estimate(&loaded.snapshot, id, *period);
            if estimate.plans.is_empty() {
                continue;
            }
            let statement = Statement::new(person, *period, &estimate, &mut owed);
            let too_large = || CalcError::TooLarge { person: person.to_owned(), period: *period };
            output.statements.push(statement.ok_or_else(too_large)?);
            output.rejected.extend(not_counted(input, &loaded.facts, &estimate));
            output.earnings.extend(earnings(input, &loaded.facts, person, estimate));
        }
    }
    output.rejected.extend(loaded.rejected);
    output.rejected.sort_unstable();
    output.rejected.dedup();
    Ok(output)
}

fn earnings<'a>(
    input: &'a Input,
    facts: &'a ReadFacts,
    person: &'a str,
    mut estimate: Estimate,
) -> impl Iterator<Item = Earning> + 'a {
    let place = |component: &str| input.plan.components.iter().position(|known| known.id == component);
    estimate.lines.sort_by_key(|line| (place(&line.component), line.date, line.sequence));
    estimate.lines.into_iter().map(move |line| Earning {
        person: person.to_owned(),
        fact: name(facts, line.sequence).0,
        line,
    })
}

/// The id and line of a fact.
fn name(facts: &ReadFacts, sequence: u32) -> (String, usize) {
    facts.names.get(sequence as usize - 1).cloned().unwrap_or_default()
}

/// Facts that a component would count but cannot: never left out silently.
fn not_counted(input: &Input, facts: &ReadFacts, estimate: &Estimate) -> Vec<Rejected> {
    let describe = |missed: &crate::plans::NotCounted| {
        let (id, line) = name(facts, missed.sequence);
        let own = &missed.component;
        let measure = input.plan.components.iter().find(|known| known.id == *own).map(|known| known.measure.column());
        let (column, value, reason) = match missed.reason {
            "no_measure" => {
                (measure.unwrap_or("amount"), "", format!("is empty, and component '{own}' is earned on it"))
            }
            "no_opportunity" => {
                ("opportunity", "", format!("is empty, and component '{own}' is earned once for each deal; name it"))
            }
            reason => ("id", id.as_str(), format!("component '{own}' cannot count it: {reason}")),
        };
        let value = value.to_owned();
        Rejected { file: input.facts.file.clone(), line, column: column.to_owned(), value, reason }
    };
    estimate.not_counted.iter().map(describe).collect()
}
