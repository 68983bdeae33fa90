//! What `qiao calc` needs without I/O: tables of text in, statements and earnings out.
//!
//! The figures are those of [`crate::pay`], the same that a server shows. Reading and writing files is the
//! command's part. Calendar months; the same input gives the same output, to the byte.

mod compare;
mod facts;
#[cfg(test)]
mod laws;
mod output;
mod people;
mod sides;
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
use crate::pay::{self, Carry};
use crate::plans::{Plan, PlanError, PlanVersion, check_against};
use crate::yaml::Tree;

pub use compare::compare;
pub use output::{
    Carried, EARNING_COLUMNS, Earning, POINT_COLUMNS, REJECTED_COLUMNS, Rejected, STATEMENT_COLUMNS, Statement, Why,
};
pub use sides::CARRY_COLUMNS;
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
    /// rates.csv.
    pub rates: Option<Table>,
    /// absences.csv.
    pub absences: Option<Table>,
    /// carry.csv of the run before.
    pub carry: Option<Table>,
    /// True where every earning says why.
    pub explain: bool,
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
    /// The same of points.
    pub points: Vec<Earning>,
    /// What the next period needs, by person.
    pub carry: Vec<Carried>,
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
    names: Names,
    carry: Carry,
    rejected: Vec<Rejected>,
}

/// The ids and lines of facts, by sequence.
#[derive(Debug, Default)]
struct Names(Vec<(String, usize)>);

impl Names {
    /// The id of a fact in facts.csv; empty without one.
    fn fact(&self, sequence: Option<u32>) -> String {
        self.place(sequence).map(|(id, _)| id.clone()).unwrap_or_default()
    }

    fn place(&self, sequence: Option<u32>) -> Option<&(String, usize)> {
        self.0.get((sequence? as usize).checked_sub(1)?)
    }
}

fn load(input: &Input, currency: Currency) -> Result<Loaded, CalcError> {
    let mut rejected = Vec::new();
    let mut people = match &input.people {
        Some(table) => People::read(table, &mut rejected)?,
        None => People::open(&input.plan.who),
    };
    let ReadFacts { rows, names, recorded } =
        facts::read_facts(&input.facts, currency, &input.plan, input.rates.is_some(), &mut people, &mut rejected)?;
    let targets = match &input.targets {
        Some(table) => targets::read_targets(table, &input.metrics, &mut people, &mut rejected)?,
        None => Vec::new(),
    };
    let absences = match &input.absences {
        Some(table) => sides::read_absences(table, &mut people, &mut rejected)?,
        None => Default::default(),
    };
    let exchange = match &input.rates {
        Some(table) => sides::read_rates(table, &mut rejected)?,
        None => Default::default(),
    };
    let carry = match &input.carry {
        Some(table) => {
            let sequences = names.iter().zip(1..).map(|((id, _), sequence)| (id.clone(), sequence)).collect();
            sides::read_carry(table, currency, &mut people, &sequences, &mut rejected)?
        }
        None => Carry::new(),
    };
    let mut definitions = Definitions::new(company(currency));
    definitions.metrics.clone_from(&input.metrics);
    definitions.set_targets(targets);
    definitions.plans = vec![PlanVersion { id: 1, plan_id: 1, version: 1, plan: input.plan.clone() }];
    definitions.set_people(people.people, people.teams, people.memberships);
    definitions.exchange = exchange;
    definitions.absences = absences;
    let books = Books::default().append(rows).with_recorded(recorded);
    let snapshot = Snapshot { books, definitions: Arc::new(definitions) };
    Ok(Loaded { snapshot, names: Names(names), carry, rejected })
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

/// Calculates all periods of the plan that end in the periods asked for, in order, with the balances in between.
///
/// # Errors
/// See [`CalcError`].
pub fn calculate(input: &Input) -> Result<Output, CalcError> {
    let currency = currency(&input.plan, &input.tree)?;
    let loaded = load(input, currency)?;
    let definitions = &loaded.snapshot.definitions;
    // A plan file may name more teams and people than this calculation has.
    let attributes = facts::attribute_names(&input.facts);
    let mut mistakes = check_against(&input.plan, &input.tree, definitions, Some(&attributes));
    mistakes.retain(|mistake| !(mistake.pointer.starts_with("/who/") && mistake.code == "unknown_reference"));
    if !mistakes.is_empty() {
        return Err(CalcError::Plan(mistakes));
    }
    let periods = periods(input)?;
    let key = |person: Id| definitions.people.get(&person).map_or_else(String::new, |person| person.key().to_owned());
    let versions: Vec<&PlanVersion> = definitions.plans.iter().collect();
    let settled = pay::settle(&loaded.snapshot, &versions, &periods, loaded.carry, input.explain);
    let settled =
        settled.map_err(|overflow| CalcError::TooLarge { person: key(overflow.person), period: overflow.period })?;
    let mut output = Output { rejected: loaded.rejected, ..Output::default() };
    output.rejected.extend(settled.not_counted.iter().map(|missed| not_counted(input, &loaded.names, missed)));
    let mut statements: Vec<(String, &pay::Statement)> =
        settled.statements.iter().map(|statement| (key(statement.person), statement)).collect();
    statements.sort_by(|a, b| (&a.0, a.1.period).cmp(&(&b.0, b.1.period)));
    for (person, statement) in statements {
        output.statements.push(Statement::new(&person, statement));
        rows(input, &loaded.names, &person, statement, &mut output);
    }
    output.carry = carried(&settled.carry, &loaded.names, currency, &key);
    output.rejected.sort_unstable();
    output.rejected.dedup();
    Ok(output)
}

/// The rows of a statement among the earnings and the points.
fn rows(input: &Input, names: &Names, person: &str, statement: &pay::Statement, output: &mut Output) {
    let place =
        |component: &str| input.plan.components.iter().position(|known| known.id == component).unwrap_or(usize::MAX);
    let mut lines: Vec<&pay::Line> = statement.lines.iter().collect();
    lines.sort_by_key(|line| (place(&line.component), line.sequence.is_none(), line.date, line.sequence));
    for line in lines {
        let pays = input.plan.components.iter().find(|known| known.id == line.component).map(|known| known.pays);
        if pays == Some(crate::plans::Pays::Nothing) || line.shown == pay::Shown::Statement {
            continue;
        }
        let row = Earning::of_line(person, line, names);
        if row.points { output.points.push(row) } else { output.earnings.push(row) }
    }
    let of_entry = |entry| Earning::of_entry(person, statement.period, entry, names);
    output.earnings.extend(statement.entries.iter().filter_map(of_entry));
}

/// The rows of carry.csv.
fn carried(carry: &Carry, names: &Names, currency: Currency, key: &dyn Fn(Id) -> String) -> Vec<Carried> {
    let mut rows = Vec::new();
    for (person, balances) in carry {
        let person = key(*person);
        let money = |minor: i64| crate::money::format_minor(minor, currency);
        let mut add = |kind: &str, rest: [String; 6]| {
            let [period, component, fact, date, due, amount] = rest;
            rows.push(Carried { cells: [person.clone(), kind.to_owned(), period, component, fact, date, due, amount] });
        };
        let none = String::new;
        if balances.owed_minor != 0 {
            add("owed", [none(), none(), none(), none(), none(), money(balances.owed_minor)]);
        }
        for waiting in &balances.waiting {
            let kind = if waiting.due.is_some() { "retained" } else { "held" };
            let due = waiting.due.map(|due| due.to_string()).unwrap_or_default();
            let fact = names.fact(waiting.sequence);
            let (period, component) = (waiting.period.to_string(), waiting.component.clone());
            add(kind, [period, component, fact, waiting.date.to_string(), due, money(waiting.amount_minor)]);
        }
        for ((period, component), amount) in &balances.paid {
            add("paid", [period.to_string(), component.clone(), none(), none(), none(), money(*amount)]);
        }
    }
    rows.sort_by(|a, b| a.cells.cmp(&b.cells));
    rows
}

/// A fact that a component would count but cannot: never left out silently.
fn not_counted(input: &Input, names: &Names, missed: &pay::NotCounted) -> Rejected {
    let (id, line) = names.place(Some(missed.sequence)).cloned().unwrap_or_default();
    let own = &missed.component;
    let known = input.plan.components.iter().find(|known| known.id == *own);
    let measure = known.map_or("amount", |known| known.measure.as_str());
    let (column, value, reason) = match missed.reason {
        "no_measure" => (measure, "", format!("is empty, and component '{own}' is earned on it")),
        "no_opportunity" => {
            ("opportunity", "", format!("is empty, and component '{own}' is earned once for each deal; name it"))
        }
        "currency" => {
            ("currency", "", format!("has no rate, and component '{own}' needs it in {}", input.plan.currency))
        }
        "no_figure" => ("id", id.as_str(), format!("component '{own}' cannot count it: a formula has no value for it")),
        reason => ("id", id.as_str(), format!("component '{own}' cannot count it: {reason}")),
    };
    let (column, value) = (column.to_owned(), value.to_owned());
    Rejected { file: input.facts.file.clone(), line, column, value, reason }
}
