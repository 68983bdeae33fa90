//! What pay is made of: lines with their reasons.

use chrono::NaiveDate;

use crate::books::Id;
use crate::dates::Period;
use crate::exact::Exact;
use crate::explain::Step;

/// What kind of entry a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 提成明细.
    Earning,
    /// 扣回: a reversal, where the plan names it so.
    Clawback,
    /// 管理提成, 级差, 带教.
    Override,
    /// 共赢池, 排名奖.
    PoolShare,
    /// 保底.
    Guarantee,
}

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 生效.
    Earned,
    /// 待生效, 冻结: it waits for something.
    Held,
    /// 作废.
    Forfeited,
}

impl Status {
    /// The word in files and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Held => "held",
            Self::Forfeited => "forfeited",
        }
    }
}

/// Where a line is listed. A period's pay that is shared out with parts rounded down is an entry of the statement; its
/// parts are an attribution to the facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// In the statement and among the earnings.
    #[default]
    Both,
    /// Only in the statement.
    Statement,
    /// Only among the earnings.
    Earnings,
}

/// What one fact, or one period, earns a person under a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The plan's key.
    pub plan: String,
    /// The component's id; `cap` and `guarantee` for those of the whole plan.
    pub component: String,
    /// The version of the plan that rated it.
    pub version: u32,
    /// The plan's period it belongs to.
    pub period: Period,
    /// What kind of entry it is.
    pub kind: Kind,
    /// The ledger's number of the fact; none for a line of the period.
    pub sequence: Option<u32>,
    /// Whose credit or earnings it is paid on.
    pub person: Id,
    /// The role of the credit; empty without one.
    pub role: String,
    /// The day it counts on; the period's last one for a line of the period.
    pub date: NaiveDate,
    /// The basis, major units or count.
    pub basis: Option<Exact>,
    /// What was earned before factors, limits and rounding, major units.
    pub raw: Exact,
    /// The rates that were applied.
    pub rates: Vec<Exact>,
    /// The amount, minor units (of points: hundredths).
    pub amount_minor: i64,
    /// How it stands.
    pub status: Status,
    /// True where it is no money: points, or what only other components read.
    pub unpaid: bool,
    /// Where it is listed.
    pub shown: Shown,
    /// Why; empty where nobody asked.
    pub steps: Vec<Step>,
}

/// A fact that a plan would count but cannot, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCounted {
    /// The ledger's number of the fact.
    pub sequence: u32,
    /// The component.
    pub component: String,
    /// A stable code: `currency`, `no_measure` (the number the component goes by is empty), `no_opportunity`
    /// (a stage reward needs the deal), `no_figure` (a formula has no value), `too_large`.
    pub reason: &'static str,
}
