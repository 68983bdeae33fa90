//! Business dates: periods as values, the company's calendar, working days and pace.

mod calendar;
mod period;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

pub use calendar::{Calendar, CalendarError, DayKind, Pace};
pub use period::{Period, PeriodError, PeriodKind};

/// Days from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// The first day.
    pub start: NaiveDate,
    /// The last day, included.
    pub end: NaiveDate,
}

impl DateRange {
    /// A range; empty when `end` is before `start`.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Self {
        Self { start, end }
    }

    /// All representable days.
    pub fn always() -> Self {
        Self {
            start: NaiveDate::MIN,
            end: NaiveDate::MAX,
        }
    }

    /// Whether the day lies in the range.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.end
    }

    /// Whether there is no day in it.
    pub fn is_empty(&self) -> bool {
        self.end < self.start
    }

    /// The days both have, if any.
    pub fn intersect(&self, other: Self) -> Option<Self> {
        let both = Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        };
        (!both.is_empty()).then_some(both)
    }

    /// Every day in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let end = self.end;
        let first = (!self.is_empty()).then_some(self.start);
        std::iter::successors(first, move |day| {
            day.checked_add_days(Days::new(1))
                .filter(|next| *next <= end)
        })
    }
}

/// The number of a day as the books keep it (days since the year 1).
pub(crate) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

/// The day of a number; numbers come only from [`day_number`].
pub(crate) fn day_of_number(number: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(number).unwrap_or(NaiveDate::MIN)
}

/// The day before, or the day itself at the beginning of time.
pub(crate) fn day_before(date: NaiveDate) -> NaiveDate {
    date.pred_opt().unwrap_or(date)
}
