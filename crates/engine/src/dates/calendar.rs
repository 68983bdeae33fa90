//! The company's calendar: fiscal year, closing day of the month, working days with 调休.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{DateRange, Period, PeriodKind, day_before};
use crate::rounding::divide;

/// What an exception of the calendar says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A working day although it is on a weekend (调休上班).
    Working,
    /// A holiday although it is on a week day.
    Holiday,
}

/// The calendar cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The fiscal year must start in a month from 1 to 12.
    #[error("the fiscal year starts in a month from 1 to 12, not {0}")]
    StartMonth(u8),
    /// The closing day must exist in every month.
    #[error("the closing day is a day from 1 to 28, not {0}; leave it out for calendar months")]
    ClosingDay(u8),
}

/// How a company divides time.
///
/// A fiscal year that does not start in January is named by the calendar year in which it **starts**: with a
/// start in April, `2026` runs from April 2026 to March 2027 and `2026-Q1` is April to June 2026.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The first month of the fiscal year, 1 to 12.
    pub fiscal_year_start_month: u8,
    /// The last day of a business month (25: it runs from the 26th to the 25th and is named by the month of its closing day); none: calendar months.
    pub month_closing_day: Option<u8>,
    /// Days of the week nobody is expected to work, ISO numbers 1 (Monday) to 7 (Sunday).
    pub weekend: Vec<u8>,
    /// Days that differ from their week day.
    #[serde(default)]
    pub exceptions: BTreeMap<NaiveDate, DayKind>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::plain()
    }
}

/// How much of a period is gone, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Working days up to **and including** today.
    pub gone: u32,
    /// Working days of the whole period.
    pub total: u32,
    /// `gone / total`; none when the period has no working day.
    pub ratio: Option<Decimal>,
}

impl Calendar {
    /// Calendar months, the year from January, Saturday and Sunday free: what `qiao calc` uses.
    pub fn plain() -> Self {
        Self {
            fiscal_year_start_month: 1,
            month_closing_day: None,
            weekend: vec![6, 7],
            exceptions: BTreeMap::new(),
        }
    }

    /// Whether its settings make sense.
    ///
    /// # Errors
    /// A start month outside 1..=12 or a closing day outside 1..=28.
    pub fn validate(&self) -> Result<(), CalendarError> {
        if !(1..=12).contains(&self.fiscal_year_start_month) {
            return Err(CalendarError::StartMonth(self.fiscal_year_start_month));
        }
        match self.month_closing_day {
            Some(day) if !(1..=28).contains(&day) => Err(CalendarError::ClosingDay(day)),
            _ => Ok(()),
        }
    }

    /// The days of a period.
    pub fn range(&self, period: Period) -> DateRange {
        let start_month = i32::from(self.fiscal_year_start_month);
        match period {
            Period::Year(y) => self.months(y * 12 + start_month - 1, 12),
            Period::Half(y, h) => self.months(y * 12 + start_month - 1 + (i32::from(h) - 1) * 6, 6),
            Period::Quarter(y, q) => {
                self.months(y * 12 + start_month - 1 + (i32::from(q) - 1) * 3, 3)
            }
            Period::Month(y, m) => self.months(y * 12 + i32::from(m) - 1, 1),
            Period::Week(y, w) => {
                let monday = NaiveDate::from_isoywd_opt(y, u32::from(w), Weekday::Mon)
                    .unwrap_or(NaiveDate::MIN);
                DateRange::new(
                    monday,
                    monday.checked_add_days(Days::new(6)).unwrap_or(monday),
                )
            }
        }
    }

    /// The days of `count` months from month number `first` (year x 12 + month - 1).
    fn months(&self, first: i32, count: i32) -> DateRange {
        DateRange::new(
            self.month_end(first - 1)
                .succ_opt()
                .unwrap_or(NaiveDate::MAX),
            self.month_end(first + count - 1),
        )
    }

    /// The last day of a business month by its number.
    fn month_end(&self, number: i32) -> NaiveDate {
        let (year, month) = (
            number.div_euclid(12),
            u32::try_from(number.rem_euclid(12)).unwrap_or(0) + 1,
        );
        match self.month_closing_day {
            Some(day) => {
                NaiveDate::from_ymd_opt(year, month, u32::from(day)).unwrap_or(NaiveDate::MAX)
            }
            None => {
                let next = number + 1;
                let month = u32::try_from(next.rem_euclid(12)).unwrap_or(0) + 1;
                NaiveDate::from_ymd_opt(next.div_euclid(12), month, 1)
                    .map_or(NaiveDate::MAX, day_before)
            }
        }
    }

    /// The period of a kind a day lies in.
    pub fn period_of(&self, date: NaiveDate, kind: PeriodKind) -> Period {
        if kind == PeriodKind::Week {
            let week = date.iso_week();
            return Period::Week(week.year(), u8::try_from(week.week()).unwrap_or(1));
        }
        let mut number = date.year() * 12 + i32::try_from(date.month0()).unwrap_or(0);
        if self
            .month_closing_day
            .is_some_and(|closing| date.day() > u32::from(closing))
        {
            number += 1;
        }
        let small = |value: i32| u8::try_from(value).unwrap_or(1);
        if kind == PeriodKind::Month {
            return Period::Month(number.div_euclid(12), small(number.rem_euclid(12) + 1));
        }
        let fiscal = number - (i32::from(self.fiscal_year_start_month) - 1);
        let (year, month) = (fiscal.div_euclid(12), fiscal.rem_euclid(12));
        match kind {
            PeriodKind::Half => Period::Half(year, small(month / 6 + 1)),
            PeriodKind::Quarter => Period::Quarter(year, small(month / 3 + 1)),
            _ => Period::Year(year),
        }
    }

    /// The periods of a kind whose last day lies in the range, in order.
    ///
    /// A monthly plan asked for a quarter gives its three months; a quarterly plan asked for a month gives the
    /// quarter only in the quarter's last month.
    pub fn periods_ending_in(&self, range: DateRange, kind: PeriodKind) -> Vec<Period> {
        if range.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut period = self.period_of(range.start, kind);
        loop {
            let end = self.range(period).end;
            if end > range.end {
                return found;
            }
            if end >= range.start {
                found.push(period);
            }
            period = period.next();
        }
    }

    /// A week that crosses a month end has two parts, and the parts of a month sum to the month; everything else is one part.
    pub fn parts(&self, period: Period) -> Vec<DateRange> {
        let range = self.range(period);
        if period.kind() != PeriodKind::Week {
            return vec![range];
        }
        let first_month = self.range(self.period_of(range.start, PeriodKind::Month));
        match first_month.end.succ_opt() {
            Some(next) if next <= range.end => {
                vec![
                    DateRange::new(range.start, first_month.end),
                    DateRange::new(next, range.end),
                ]
            }
            _ => vec![range],
        }
    }

    /// Whether people are expected to work on the day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match self.exceptions.get(&date) {
            Some(DayKind::Working) => true,
            Some(DayKind::Holiday) => false,
            None => !self
                .weekend
                .iter()
                .any(|day| u32::from(*day) == date.weekday().number_from_monday()),
        }
    }

    /// How many working days the range has. At most 100 years are counted.
    pub fn working_days(&self, range: DateRange) -> u32 {
        let count = range
            .days()
            .take(36_525)
            .filter(|day| self.is_working_day(*day))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// How much of the range is gone on the evening of `today`: today counts as gone.
    pub fn pace(&self, range: DateRange, today: NaiveDate) -> Pace {
        let total = self.working_days(range);
        let gone = self.working_days(DateRange::new(range.start, range.end.min(today)));
        Pace {
            gone,
            total,
            ratio: divide(Decimal::from(gone), Decimal::from(total)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(calendar: &Calendar, period: &str) -> (String, String) {
        let range = calendar.range(period.parse().unwrap());
        (range.start.to_string(), range.end.to_string())
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn plain_months() {
        let calendar = Calendar::plain();
        assert_eq!(
            range(&calendar, "2026-02"),
            pair("2026-02-01", "2026-02-28")
        );
        assert_eq!(
            range(&calendar, "2024-02"),
            pair("2024-02-01", "2024-02-29")
        );
        assert_eq!(
            range(&calendar, "2026-Q4"),
            pair("2026-10-01", "2026-12-31")
        );
        assert_eq!(
            range(&calendar, "2026-H2"),
            pair("2026-07-01", "2026-12-31")
        );
        assert_eq!(
            range(&calendar, "2026-W01"),
            pair("2025-12-29", "2026-01-04")
        );
    }

    #[test]
    fn closing_day_and_fiscal_year() {
        let calendar = Calendar {
            fiscal_year_start_month: 4,
            month_closing_day: Some(25),
            ..Calendar::plain()
        };
        assert_eq!(
            range(&calendar, "2026-03"),
            pair("2026-02-26", "2026-03-25")
        );
        assert_eq!(
            range(&calendar, "2026-Q1"),
            pair("2026-03-26", "2026-06-25")
        );
        assert_eq!(range(&calendar, "2026"), pair("2026-03-26", "2027-03-25"));
        assert_eq!(
            calendar
                .period_of(day("2026-03-26"), PeriodKind::Month)
                .to_string(),
            "2026-04"
        );
        assert_eq!(
            calendar
                .period_of(day("2026-03-25"), PeriodKind::Quarter)
                .to_string(),
            "2025-Q4"
        );
        assert_eq!(
            calendar
                .period_of(day("2026-12-26"), PeriodKind::Month)
                .to_string(),
            "2027-01"
        );
    }

    #[test]
    fn every_day_lies_in_its_period() {
        let calendar = Calendar {
            fiscal_year_start_month: 7,
            month_closing_day: Some(20),
            ..Calendar::plain()
        };
        for date in DateRange::new(day("2025-01-01"), day("2027-12-31")).days() {
            for kind in [
                PeriodKind::Year,
                PeriodKind::Half,
                PeriodKind::Quarter,
                PeriodKind::Month,
                PeriodKind::Week,
            ] {
                let period = calendar.period_of(date, kind);
                assert!(calendar.range(period).contains(date), "{date} {period}");
                assert_eq!(
                    calendar.range(period.next()).start,
                    calendar.range(period).end.succ_opt().unwrap()
                );
            }
        }
    }

    #[test]
    fn periods_by_their_last_day() {
        let calendar = Calendar::plain();
        let ending = |period: &str, kind| {
            let range = calendar.range(period.parse().unwrap());
            calendar
                .periods_ending_in(range, kind)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            ending("2017-Q2", PeriodKind::Month),
            "2017-04 2017-05 2017-06"
        );
        assert_eq!(ending("2017-05", PeriodKind::Quarter), "");
        assert_eq!(ending("2017-06", PeriodKind::Quarter), "2017-Q2");
        assert_eq!(ending("2017-W26", PeriodKind::Month), "2017-06");
    }

    #[test]
    fn weeks_are_cut_at_month_ends() {
        let calendar = Calendar::plain();
        let parts = calendar.parts("2026-W14".parse().unwrap());
        assert_eq!(
            parts,
            [
                DateRange::new(day("2026-03-30"), day("2026-03-31")),
                DateRange::new(day("2026-04-01"), day("2026-04-05"))
            ]
        );
        assert_eq!(calendar.parts("2026-W11".parse().unwrap()).len(), 1);
    }

    #[test]
    fn working_days_with_exceptions() {
        let mut calendar = Calendar::plain();
        let month = calendar.range("2026-02".parse().unwrap());
        assert_eq!(calendar.working_days(month), 20);
        calendar
            .exceptions
            .insert(day("2026-02-17"), DayKind::Holiday);
        calendar
            .exceptions
            .insert(day("2026-02-14"), DayKind::Working);
        calendar
            .exceptions
            .insert(day("2026-02-18"), DayKind::Holiday);
        assert_eq!(calendar.working_days(month), 19);
        let pace = calendar.pace(month, day("2026-02-02"));
        assert_eq!((pace.gone, pace.total), (1, 19));
        assert_eq!(calendar.pace(month, day("2026-01-31")).gone, 0);
        assert_eq!(
            calendar.pace(month, day("2027-01-31")).ratio,
            Some(Decimal::ONE)
        );
    }
}
