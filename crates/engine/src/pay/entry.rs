//! SETTLE's output: the entries of a statement.

use chrono::NaiveDate;

use super::line::Line;
use crate::books::Id;
use crate::dates::Period;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// 提成明细.
    Earning,
    /// 管理提成.
    Override,
    /// 共赢池.
    PoolShare,
    /// 保底.
    Guarantee,
    /// 多退少补.
    TrueUp,
    /// 跨期调整.
    Adjustment,
    /// 扣回.
    Clawback,
    /// 冻结.
    Hold,
    /// 解冻.
    Release,
    /// 预支.
    Draw,
    /// 抵扣.
    Recovery,
    /// 作废: moves only a balance.
    Forfeit,
    /// 免还: moves only a balance.
    Forgiveness,
}

/// An entry of a statement, signed as the payee sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// The component; empty for what is none's.
    pub component: String,
    /// The period that it is about, where that is an earlier one.
    pub origin: Option<Period>,
    /// The ledger's number of the fact.
    pub sequence: Option<u32>,
    /// Minor units. Of a forfeit and a forgiveness: what the balance loses.
    pub amount_minor: i64,
    /// Before and after, for adjustments: minor units of the component in the period it is about.
    pub restated: Option<(i64, i64)>,
}

/// What a person is paid for a period, and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whose.
    pub person: Id,
    /// The plan's period.
    pub period: Period,
    /// What was earned, with the reasons.
    pub lines: Vec<Line>,
    /// The entries, in the order of the phases.
    pub entries: Vec<Entry>,
    /// What is owed afterwards, minor units.
    pub owed_minor: i64,
}

impl Statement {
    /// The sum of the entries of a kind, minor units.
    #[must_use]
    pub fn sum(&self, kind: EntryKind) -> i64 {
        self.entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(|entry| entry.amount_minor)
            .fold(0, i64::saturating_add)
    }

    /// What is paid, minor units: never negative.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        let paid = |entry: &&Entry| !matches!(entry.kind, EntryKind::Forfeit | EntryKind::Forgiveness);
        self.entries.iter().filter(paid).map(|entry| entry.amount_minor).fold(0, i64::saturating_add)
    }
}

/// A line that waits: held until its needs are there, or retained until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The component.
    pub component: String,
    /// The period it was earned in.
    pub period: Period,
    /// The ledger's number of the fact; none for what is retained of a period.
    pub sequence: Option<u32>,
    /// The day it counts on, or the period's last.
    pub date: NaiveDate,
    /// The day on which a retained part is due.
    pub due: Option<NaiveDate>,
    /// Minor units.
    pub amount_minor: i64,
}
