//! Periods: `2026`, `2026-H1`, `2026-Q1`, `2026-03`, `2026-W09`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kinds of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A (fiscal) year.
    Year,
    /// Half a year.
    Half,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
    /// An ISO week.
    Week,
}

/// A period, by its name. Which days it holds is the calendar's to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The year it is named by.
    pub year: i32,
    /// Its kind.
    pub kind: PeriodKind,
    /// 1-based number within the year; 1 for a year.
    pub number: u32,
}

/// A text that names no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period; write 2026, 2026-H1, 2026-Q1, 2026-03 or 2026-W09")]
pub struct PeriodError(pub String);

impl Period {
    /// A year.
    #[must_use]
    pub fn year(year: i32) -> Self {
        Self { year, kind: PeriodKind::Year, number: 1 }
    }

    /// A month; `number` is 1 to 12.
    #[must_use]
    pub fn month(year: i32, number: u32) -> Self {
        Self { year, kind: PeriodKind::Month, number }
    }

    /// A quarter; `number` is 1 to 4.
    #[must_use]
    pub fn quarter(year: i32, number: u32) -> Self {
        Self { year, kind: PeriodKind::Quarter, number }
    }

    /// How many periods of this kind the year has; ISO years have 52 or 53 weeks.
    fn count(kind: PeriodKind, year: i32) -> u32 {
        match kind {
            PeriodKind::Year => 1,
            PeriodKind::Half => 2,
            PeriodKind::Quarter => 4,
            PeriodKind::Month => 12,
            PeriodKind::Week => {
                if chrono::NaiveDate::from_isoywd_opt(year, 53, chrono::Weekday::Mon).is_some() {
                    53
                } else {
                    52
                }
            }
        }
    }

    /// The period after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.number < Self::count(self.kind, self.year) {
            Self { number: self.number + 1, ..self }
        } else {
            Self { year: self.year + 1, number: 1, ..self }
        }
    }

    /// The period before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.number > 1 {
            Self { number: self.number - 1, ..self }
        } else {
            Self { year: self.year - 1, number: Self::count(self.kind, self.year - 1), ..self }
        }
    }

    /// The months of a period that is made of months; none for a week.
    #[must_use]
    pub fn months(self) -> Vec<Period> {
        let (first, count) = match self.kind {
            PeriodKind::Year => (1, 12),
            PeriodKind::Half => (self.number * 6 - 5, 6),
            PeriodKind::Quarter => (self.number * 3 - 2, 3),
            PeriodKind::Month => (self.number, 1),
            PeriodKind::Week => return Vec::new(),
        };
        (first..first + count).map(|number| Self::month(self.year, number)).collect()
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let error = || PeriodError(text.chars().take(40).collect());
        let (year_text, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        let number = |digits: &str, width: usize| {
            (digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.parse::<u32>().ok())
                .flatten()
        };
        let year = number(year_text, 4).and_then(|y| i32::try_from(y).ok()).ok_or_else(error)?;
        let (kind, count) = match rest {
            None => return Ok(Self::year(year)),
            Some(rest) if rest.starts_with('H') => (PeriodKind::Half, number(&rest[1..], 1)),
            Some(rest) if rest.starts_with('Q') => (PeriodKind::Quarter, number(&rest[1..], 1)),
            Some(rest) if rest.starts_with('W') => (PeriodKind::Week, number(&rest[1..], 2)),
            Some(rest) => (PeriodKind::Month, number(rest, 2)),
        };
        match count {
            Some(n) if n >= 1 && n <= Self::count(kind, year) => Ok(Self { year, kind, number: n }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PeriodKind::Year => write!(f, "{:04}", self.year),
            PeriodKind::Half => write!(f, "{:04}-H{}", self.year, self.number),
            PeriodKind::Quarter => write!(f, "{:04}-Q{}", self.year, self.number),
            PeriodKind::Month => write!(f, "{:04}-{:02}", self.year, self.number),
            PeriodKind::Week => write!(f, "{:04}-W{:02}", self.year, self.number),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_back() {
        for name in ["2026", "2026-H1", "2026-H2", "2026-Q4", "2026-03", "2026-12", "2026-W09", "2026-W53"] {
            assert_eq!(name.parse::<Period>().unwrap().to_string(), name);
        }
        for bad in [
            "", "26", "2026-", "2026-0", "2026-13", "2026-Q5", "2026-Q0", "2026-H3", "2026-W54", "2025-W53", "2026-3",
            "20260-01", "2026-Qé",
        ] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn next_and_previous_meet() {
        for name in ["2026", "2026-H2", "2026-Q4", "2026-12", "2026-W53", "2025-W52", "2026-01"] {
            let period: Period = name.parse().unwrap();
            assert_eq!(period.next().previous(), period);
            assert_eq!(period.previous().next(), period);
        }
        assert_eq!("2026-Q2".parse::<Period>().unwrap().months().len(), 3);
    }
}
