//! The company's calendar: where its year begins, on which day its month closes, which days are worked.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Period, PeriodKind};

/// Days from `start` to `end`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
}

impl DateRange {
    /// True where the day lies in the range.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }

    /// The days that lie in both; none where there are none.
    #[must_use]
    pub fn meet(&self, other: &DateRange) -> Option<DateRange> {
        let range = DateRange { start: self.start.max(other.start), end: self.end.min(other.end) };
        (range.start <= range.end).then_some(range)
    }
}

/// A day that is not what its weekday says (调休).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Worked although it is a weekend.
    Working,
    /// Not worked although it is a weekday.
    Holiday,
}

/// How much of a period's working time is gone (时间进度).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Working days from the start up to and including today.
    pub days_gone: u32,
    /// Working days of the whole period.
    pub days_total: u32,
}

impl Pace {
    /// The share of working days gone, 0 to 1; 1 for a period without working days that has begun.
    #[must_use]
    pub fn ratio(&self) -> Decimal {
        if self.days_total == 0 { Decimal::ONE } else { Decimal::from(self.days_gone) / Decimal::from(self.days_total) }
    }
}

/// The company's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The month in which the fiscal year begins, 1 to 12; the year is named by the calendar year it begins in.
    pub fiscal_year_start_month: u32,
    /// The day on which a month closes: 25 means the month runs from the 26th to the 25th and is named by the month of
    /// its closing day. None: calendar months.
    pub month_closing_day: Option<u32>,
    /// Weekdays that are not worked.
    pub weekend: Vec<Weekday>,
    /// Days that are not what their weekday says.
    pub exceptions: BTreeMap<NaiveDate, DayKind>,
}

impl Calendar {
    /// Calendar months, the year from January, Saturday and Sunday free.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            fiscal_year_start_month: 1,
            month_closing_day: None,
            weekend: vec![Weekday::Sat, Weekday::Sun],
            exceptions: BTreeMap::new(),
        }
    }

    /// The days of a period.
    #[must_use]
    pub fn range(&self, period: Period) -> DateRange {
        if period.kind == PeriodKind::Week {
            let start = NaiveDate::from_isoywd_opt(period.year, period.number, Weekday::Mon).unwrap_or_default();
            return DateRange { start, end: start + Days::new(6) };
        }
        let months = period.months();
        let first = months.first().map_or(1, |month| month.number);
        let last = months.last().map_or(12, |month| month.number);
        let is_month = period.kind == PeriodKind::Month;
        DateRange {
            start: self.month_start(period.year, first, is_month),
            end: self.month_end(period.year, last, is_month),
        }
    }

    /// The first day of the calendar month that a period's month stands for. A month is named by its own calendar
    /// month; quarters, halves and years count from the start of the fiscal year.
    fn month_first(&self, year: i32, number: u32, is_month: bool) -> NaiveDate {
        let offset = if is_month { 0 } else { self.fiscal_year_start_month.saturating_sub(1) };
        let january = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        january + Months::new(offset + number.saturating_sub(1))
    }

    fn month_start(&self, year: i32, number: u32, is_month: bool) -> NaiveDate {
        let first = self.month_first(year, number, is_month);
        match self.month_closing_day {
            None => first,
            Some(day) => closing(first - Months::new(1), day) + Days::new(1),
        }
    }

    fn month_end(&self, year: i32, number: u32, is_month: bool) -> NaiveDate {
        let first = self.month_first(year, number, is_month);
        match self.month_closing_day {
            None => first + Months::new(1) - Days::new(1),
            Some(day) => closing(first, day),
        }
    }

    /// The period of a kind that holds a day.
    #[must_use]
    pub fn period_of(&self, day: NaiveDate, kind: PeriodKind) -> Period {
        if kind == PeriodKind::Week {
            let week = day.iso_week();
            return Period { year: week.year(), kind, number: week.week() };
        }
        let mut month = Period::month(day.year(), day.month());
        while self.range(month).end < day {
            month = month.next();
        }
        while self.range(month).start > day {
            month = month.previous();
        }
        if kind == PeriodKind::Month {
            return month;
        }
        // Months since the fiscal year of the month began.
        let start = self.fiscal_year_start_month.clamp(1, 12);
        let (year, within) = if month.number >= start {
            (month.year, month.number - start)
        } else {
            (month.year - 1, month.number + 12 - start)
        };
        let number = match kind {
            PeriodKind::Quarter => within / 3 + 1,
            PeriodKind::Half => within / 6 + 1,
            PeriodKind::Year | PeriodKind::Month | PeriodKind::Week => 1,
        };
        Period { year, kind, number }
    }

    /// The periods of a kind whose last day lies in a range, in order.
    #[must_use]
    pub fn ending_in(&self, range: DateRange, kind: PeriodKind) -> Vec<Period> {
        let mut period = self.period_of(range.start, kind);
        let mut found = Vec::new();
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

    /// True where the day is worked.
    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(DayKind::Working) => true,
            Some(DayKind::Holiday) => false,
            None => !self.weekend.contains(&day.weekday()),
        }
    }

    /// Working days of a range.
    #[must_use]
    pub fn working_days(&self, range: DateRange) -> u32 {
        let mut day = range.start;
        let mut count = 0;
        while day <= range.end {
            count += u32::from(self.is_working(day));
            day = day + Days::new(1);
        }
        count
    }

    /// How much of a range is gone on a day, that day included.
    #[must_use]
    pub fn pace(&self, range: DateRange, today: NaiveDate) -> Pace {
        let days_total = self.working_days(range);
        let days_gone = if today < range.start {
            0
        } else {
            self.working_days(DateRange { start: range.start, end: today.min(range.end) })
        };
        Pace { days_gone, days_total }
    }
}

/// The closing day in the month of a date; the last day where the month is shorter.
fn closing(in_month: NaiveDate, day: u32) -> NaiveDate {
    let last = in_month.with_day(1).unwrap_or(in_month) + Months::new(1) - Days::new(1);
    in_month.with_day(day.min(last.day())).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range_of(calendar: &Calendar, name: &str) -> (String, String) {
        let range = calendar.range(name.parse().unwrap());
        (range.start.to_string(), range.end.to_string())
    }

    #[test]
    fn plain_periods() {
        let c = Calendar::plain();
        for (name, start, end) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-H2", "2026-07-01", "2026-12-31"),
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
        ] {
            assert_eq!(range_of(&c, name), (start.to_owned(), end.to_owned()), "{name}");
        }
    }

    #[test]
    fn a_month_that_closes_on_the_25th() {
        let c = Calendar { month_closing_day: Some(25), ..Calendar::plain() };
        assert_eq!(range_of(&c, "2026-03"), ("2026-02-26".to_owned(), "2026-03-25".to_owned()));
        assert_eq!(range_of(&c, "2026-Q1"), ("2025-12-26".to_owned(), "2026-03-25".to_owned()));
        assert_eq!(c.period_of(day("2026-02-26"), PeriodKind::Month).to_string(), "2026-03");
        assert_eq!(c.period_of(day("2026-12-26"), PeriodKind::Year).to_string(), "2027");
        let c = Calendar { month_closing_day: Some(31), ..Calendar::plain() };
        assert_eq!(range_of(&c, "2026-02"), ("2026-02-01".to_owned(), "2026-02-28".to_owned()));
    }

    #[test]
    fn a_fiscal_year_from_april() {
        let c = Calendar { fiscal_year_start_month: 4, ..Calendar::plain() };
        assert_eq!(range_of(&c, "2026"), ("2026-04-01".to_owned(), "2027-03-31".to_owned()));
        assert_eq!(range_of(&c, "2026-Q4"), ("2027-01-01".to_owned(), "2027-03-31".to_owned()));
        assert_eq!(range_of(&c, "2026-03"), ("2026-03-01".to_owned(), "2026-03-31".to_owned()));
        assert_eq!(c.period_of(day("2027-02-10"), PeriodKind::Quarter).to_string(), "2026-Q4");
    }

    #[test]
    fn every_day_lies_in_the_period_it_is_said_to_lie_in() {
        for closing_day in [None, Some(25), Some(1), Some(31)] {
            for start in [1, 4, 12] {
                let c =
                    Calendar { month_closing_day: closing_day, fiscal_year_start_month: start, ..Calendar::plain() };
                let mut d = day("2025-01-01");
                while d < day("2027-02-01") {
                    for kind in
                        [PeriodKind::Year, PeriodKind::Half, PeriodKind::Quarter, PeriodKind::Month, PeriodKind::Week]
                    {
                        let period = c.period_of(d, kind);
                        assert!(c.range(period).contains(d), "{d} {period} {closing_day:?} {start}");
                    }
                    d = d + Days::new(1);
                }
            }
        }
    }

    #[test]
    fn periods_that_end_in_a_range() {
        let c = Calendar::plain();
        let names = |name: &str, kind| -> Vec<String> {
            c.ending_in(c.range(name.parse().unwrap()), kind).iter().map(Period::to_string).collect()
        };
        assert_eq!(names("2017-Q2", PeriodKind::Month), ["2017-04", "2017-05", "2017-06"]);
        assert!(names("2017-05", PeriodKind::Quarter).is_empty());
        assert_eq!(names("2017-06", PeriodKind::Quarter), ["2017-Q2"]);
    }

    #[test]
    fn working_days_with_exchanged_days() {
        let mut c = Calendar::plain();
        let march = c.range("2026-03".parse().unwrap());
        assert_eq!(c.working_days(march), 22);
        c.exceptions.insert(day("2026-03-02"), DayKind::Holiday);
        c.exceptions.insert(day("2026-03-07"), DayKind::Working);
        assert_eq!(c.working_days(march), 22);
        let pace = c.pace(march, day("2026-03-19"));
        assert_eq!((pace.days_gone, pace.days_total), (14, 22));
        assert_eq!(c.pace(march, day("2026-02-01")).days_gone, 0);
        assert_eq!(c.pace(march, day("2026-05-01")).ratio(), Decimal::ONE);
    }
}
