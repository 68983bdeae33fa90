//! Periods as values, and the company's calendar that says which days they hold.

mod calendar;
mod period;

pub use calendar::{Calendar, DateRange, DayKind, Pace};
pub use period::{Period, PeriodError, PeriodKind};
