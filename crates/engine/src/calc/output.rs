//! Rows of statements.csv, earnings.csv, carry.csv and rejected.csv.

use super::Names;
use crate::dates::Period;
use crate::exact::Exact;
use crate::explain::{Step, one_line};
use crate::money::{Currency, format_minor};
use crate::pay::{self, Entry, EntryKind, Line, Status};
use crate::text::Language;

/// The columns of statements.csv.
pub const STATEMENT_COLUMNS: [&str; 15] = [
    "person",
    "period",
    "earning",
    "override",
    "pool_share",
    "guarantee",
    "true_up",
    "adjustment",
    "clawback",
    "hold",
    "release",
    "draw",
    "recovery",
    "total",
    "currency",
];
/// The kinds of entry behind the columns of statements.csv, in their order.
const KINDS: [EntryKind; 11] = [
    EntryKind::Earning,
    EntryKind::Override,
    EntryKind::PoolShare,
    EntryKind::Guarantee,
    EntryKind::TrueUp,
    EntryKind::Adjustment,
    EntryKind::Clawback,
    EntryKind::Hold,
    EntryKind::Release,
    EntryKind::Draw,
    EntryKind::Recovery,
];
/// The columns of earnings.csv.
pub const EARNING_COLUMNS: [&str; 9] =
    ["person", "period", "component", "fact", "basis", "rate", "amount", "status", "explanation"];
/// The columns of points.csv.
pub const POINT_COLUMNS: [&str; 6] = ["person", "period", "component", "fact", "points", "explanation"];
/// The columns of rejected.csv.
pub const REJECTED_COLUMNS: [&str; 5] = ["file", "line", "column", "value", "reason"];

/// What a person is paid for a period, and what it is made of. Minor units, signed as the payee sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The person's key.
    pub person: String,
    /// The plan's period.
    pub period: Period,
    /// Sums by kind of entry, in the order of the columns.
    pub sums: [i64; 11],
}

impl Statement {
    pub(super) fn new(person: &str, statement: &pay::Statement) -> Self {
        Self { person: person.to_owned(), period: statement.period, sums: KINDS.map(|kind| statement.sum(kind)) }
    }

    /// What is paid: the sum of the parts, never negative.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.sums.iter().fold(0, |sum, part| sum.saturating_add(*part))
    }

    /// The row of statements.csv.
    #[must_use]
    pub fn cells(&self, currency: Currency) -> [String; 15] {
        let mut cells: [String; 15] = Default::default();
        let values = std::iter::once(self.person.clone())
            .chain(std::iter::once(self.period.to_string()))
            .chain(self.sums.iter().map(|minor| format_minor(*minor, currency)))
            .chain([format_minor(self.total(), currency), currency.to_string()]);
        for (cell, value) in cells.iter_mut().zip(values) {
            *cell = value;
        }
        cells
    }
}

/// A row of earnings.csv: what a fact or a period earns a person, or what becomes of it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earning {
    /// The person's key.
    pub person: String,
    /// The period of the statement.
    pub period: Period,
    /// The component; the kind of entry where it is none's.
    pub component: String,
    /// The id of the fact in facts.csv; empty without one.
    pub fact: String,
    /// The basis, major units or count.
    pub basis: Option<Exact>,
    /// The rates that were applied.
    pub rates: Vec<Exact>,
    /// Minor units.
    pub amount_minor: i64,
    /// earned, held, released, forfeited or forgiven.
    pub status: &'static str,
    /// True for points.
    pub points: bool,
    /// Why.
    pub why: Why,
}

/// Why there is a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The steps of a line.
    Steps(Vec<Step>),
    /// An entry: what it is, the period it is about, before and after.
    Entry(EntryKind, Option<Period>, Option<(i64, i64)>),
}

impl Earning {
    pub(super) fn of_line(person: &str, line: &Line, names: &Names) -> Self {
        Self {
            person: person.to_owned(),
            period: line.period,
            component: line.component.clone(),
            fact: names.fact(line.sequence),
            basis: line.basis.clone(),
            rates: line.rates.clone(),
            amount_minor: line.amount_minor,
            status: match line.status {
                Status::Earned => "earned",
                Status::Held => "held",
                Status::Forfeited => "forfeited",
            },
            points: line.unpaid,
            why: Why::Steps(line.steps.clone()),
        }
    }

    /// The row of an entry that is no line of its own; none for the others.
    pub(super) fn of_entry(person: &str, period: Period, entry: &Entry, names: &Names) -> Option<Self> {
        let (status, name) = match entry.kind {
            EntryKind::Release => ("released", "release"),
            EntryKind::Forfeit => ("forfeited", "forfeit"),
            EntryKind::Forgiveness => ("forgiven", "forgiveness"),
            EntryKind::Adjustment => ("earned", "adjustment"),
            EntryKind::TrueUp => ("earned", "true_up"),
            EntryKind::Clawback if entry.origin.is_some() => ("earned", "clawback"),
            EntryKind::Hold if entry.sequence.is_none() => ("held", "retention"),
            _ => return None,
        };
        let component = if entry.component.is_empty() { name.to_owned() } else { entry.component.clone() };
        Some(Self {
            person: person.to_owned(),
            period,
            component,
            fact: names.fact(entry.sequence),
            basis: None,
            rates: Vec::new(),
            amount_minor: entry.amount_minor,
            status,
            points: false,
            why: Why::Entry(entry.kind, entry.origin, entry.restated),
        })
    }

    /// The row of earnings.csv.
    #[must_use]
    pub fn cells(&self, currency: Currency, language: Language) -> [String; 9] {
        let rates: Vec<String> = self.rates.iter().map(Exact::to_string).collect();
        [
            self.person.clone(),
            self.period.to_string(),
            self.component.clone(),
            self.fact.clone(),
            self.basis.as_ref().map(|basis| number(basis, currency)).unwrap_or_default(),
            rates.join(";"),
            format_minor(self.amount_minor, currency),
            self.status.to_owned(),
            self.explanation(currency, language),
        ]
    }

    /// The row of points.csv.
    #[must_use]
    pub fn point_cells(&self, currency: Currency, language: Language) -> [String; 6] {
        let [person, period, component, fact, _, _, points, _, why] = self.cells(currency, language);
        [person, period, component, fact, points, why]
    }

    /// Why, in words.
    #[must_use]
    pub fn explanation(&self, currency: Currency, language: Language) -> String {
        match &self.why {
            Why::Steps(steps) => one_line(steps, currency, language),
            Why::Entry(kind, origin, restated) => entry_words(*kind, *origin, *restated, currency, language),
        }
    }
}

fn entry_words(
    kind: EntryKind,
    origin: Option<Period>,
    restated: Option<(i64, i64)>,
    currency: Currency,
    language: Language,
) -> String {
    let name = match kind {
        EntryKind::Release => language.pick("解冻", "Released"),
        EntryKind::Forfeit => language.pick("作废", "Forfeited"),
        EntryKind::Forgiveness => language.pick("免还", "Forgiven"),
        EntryKind::Adjustment => language.pick("跨期调整", "Adjustment"),
        EntryKind::Clawback => language.pick("扣回", "Clawback"),
        EntryKind::TrueUp => language.pick("多退少补", "True-up"),
        EntryKind::Hold => language.pick("留存", "Retained"),
        _ => "",
    };
    let mut text = name.to_owned();
    if let Some(origin) = origin {
        text.push_str(&format!(" {origin}"));
    }
    if let Some((before, after)) = restated {
        text.push_str(&format!(": {} → {}", format_minor(before, currency), format_minor(after, currency)));
    }
    text
}

/// A number with the currency's digits at least, eight at most.
fn number(number: &Exact, currency: Currency) -> String {
    match number.to_decimal(8) {
        Some(decimal) if decimal.scale() < currency.digits() => {
            format!("{decimal:.*}", currency.digits() as usize)
        }
        Some(decimal) => decimal.to_string(),
        None => number.to_string(),
    }
}

/// A row of carry.csv.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The cells, in the order of the columns.
    pub cells: [String; 8],
}

/// A cell that was not taken; its row (for facts: every row of the fact) is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// The file's name, such as `facts.csv`.
    pub file: String,
    /// The line; the header is line 1.
    pub line: usize,
    /// The column.
    pub column: String,
    /// The value as given.
    pub value: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Rejected {
    /// The row of rejected.csv.
    #[must_use]
    pub fn cells(&self) -> [String; 5] {
        let Self { file, line, column, value, reason } = self;
        [file.clone(), line.to_string(), column.clone(), value.clone(), reason.clone()]
    }
}
