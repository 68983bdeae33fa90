//! Rows of statements.csv, earnings.csv and rejected.csv.

use crate::dates::Period;
use crate::explain::one_line;
use crate::money::{Currency, format_minor};
use crate::plans::{Estimate, Line, Status};
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
/// The columns of earnings.csv.
pub const EARNING_COLUMNS: [&str; 9] =
    ["person", "period", "component", "fact", "basis", "rate", "amount", "status", "explanation"];
/// The columns of rejected.csv.
pub const REJECTED_COLUMNS: [&str; 5] = ["file", "line", "column", "value", "reason"];

/// What a person is paid for a period, and what it is made of. Minor units, signed as the payee sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The person's key.
    pub person: String,
    /// The plan's period.
    pub period: Period,
    /// What the facts earn, what is held included.
    pub earning: i64,
    /// What waits for its recognition, with a minus.
    pub hold: i64,
    /// What is advanced so that the total is not negative.
    pub draw: i64,
    /// What is kept back of it from a later period, with a minus.
    pub recovery: i64,
}

impl Statement {
    /// A person's statement. What `owed` carries from earlier periods of the same run is kept back as far as the
    /// period's pay goes; a shortfall of the period is added to it. `None` beyond what can be kept.
    pub(super) fn new(person: &str, period: Period, estimate: &Estimate, owed: &mut i64) -> Option<Self> {
        let sum = |held_only: bool| {
            let lines = estimate.lines.iter().filter(|line| !held_only || line.status == Status::Held);
            lines.map(|line| line.amount_minor).try_fold(0_i64, i64::checked_add)
        };
        let (earning, hold) = (sum(false)?, sum(true)?.checked_neg()?);
        let pay = earning.checked_add(hold)?;
        let draw = pay.min(0).checked_neg()?;
        let recovery = pay.max(0).min(*owed);
        *owed = owed.checked_add(draw)?.checked_sub(recovery)?;
        Some(Self { person: person.to_owned(), period, earning, hold, draw, recovery: -recovery })
    }

    /// What is paid: the sum of the parts, never negative.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.earning + self.hold + self.draw + self.recovery
    }

    /// The row of statements.csv. The kinds of pay that no plan can state yet stand there as zero.
    #[must_use]
    pub fn cells(&self, currency: Currency) -> [String; 15] {
        let money = |minor: i64| format_minor(minor, currency);
        let none = || money(0);
        [
            self.person.clone(),
            self.period.to_string(),
            money(self.earning),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            money(self.hold),
            none(),
            money(self.draw),
            money(self.recovery),
            money(self.total()),
            currency.to_string(),
        ]
    }
}

/// What one fact earns a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earning {
    /// The person's key.
    pub person: String,
    /// The id of the fact in facts.csv.
    pub fact: String,
    /// The line with its steps.
    pub line: Line,
}

impl Earning {
    /// The row of earnings.csv.
    #[must_use]
    pub fn cells(&self, currency: Currency, language: Language) -> [String; 9] {
        let line = &self.line;
        let rates: Vec<String> = line.rates.iter().map(|rate| rate.normalize().to_string()).collect();
        [
            self.person.clone(),
            line.period.to_string(),
            line.component.clone(),
            self.fact.clone(),
            line.basis_minor.map(|minor| format_minor(minor, currency)).unwrap_or_default(),
            rates.join(";"),
            format_minor(line.amount_minor, currency),
            line.status.as_str().to_owned(),
            one_line(&line.steps, currency, language),
        ]
    }
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
