//! Periods as values: `2026`, `2026-H1`, `2026-Q1`, `2026-03`, `2026-W09`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period; write 2026, 2026-H1, 2026-Q1, 2026-03 or 2026-W09")]
pub struct PeriodError(pub String);

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A fiscal year.
    Year,
    /// Half a fiscal year.
    Half,
    /// A quarter of the fiscal year.
    Quarter,
    /// A month.
    Month,
    /// An ISO week.
    Week,
}

/// A period. Which days it has is a question to the [`Calendar`](super::Calendar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The fiscal year named by its number.
    Year(i32),
    /// Year and half, 1 or 2.
    Half(i32, u8),
    /// Year and quarter, 1 to 4.
    Quarter(i32, u8),
    /// Year and month, 1 to 12. With a closing day the month is named by the month of its closing day.
    Month(i32, u8),
    /// ISO year and ISO week, 1 to 53.
    Week(i32, u8),
}

impl Period {
    /// How long it is.
    pub fn kind(&self) -> PeriodKind {
        match self {
            Self::Year(_) => PeriodKind::Year,
            Self::Half(..) => PeriodKind::Half,
            Self::Quarter(..) => PeriodKind::Quarter,
            Self::Month(..) => PeriodKind::Month,
            Self::Week(..) => PeriodKind::Week,
        }
    }

    /// The period after it, of the same length.
    pub fn next(&self) -> Self {
        match *self {
            Self::Year(y) => Self::Year(y + 1),
            Self::Half(y, h) => {
                if h >= 2 {
                    Self::Half(y + 1, 1)
                } else {
                    Self::Half(y, h + 1)
                }
            }
            Self::Quarter(y, q) => {
                if q >= 4 {
                    Self::Quarter(y + 1, 1)
                } else {
                    Self::Quarter(y, q + 1)
                }
            }
            Self::Month(y, m) => {
                if m >= 12 {
                    Self::Month(y + 1, 1)
                } else {
                    Self::Month(y, m + 1)
                }
            }
            Self::Week(y, w) => {
                if w >= weeks_in(y) {
                    Self::Week(y + 1, 1)
                } else {
                    Self::Week(y, w + 1)
                }
            }
        }
    }

    /// The period before it, of the same length.
    pub fn previous(&self) -> Self {
        match *self {
            Self::Year(y) => Self::Year(y - 1),
            Self::Half(y, h) => {
                if h <= 1 {
                    Self::Half(y - 1, 2)
                } else {
                    Self::Half(y, h - 1)
                }
            }
            Self::Quarter(y, q) => {
                if q <= 1 {
                    Self::Quarter(y - 1, 4)
                } else {
                    Self::Quarter(y, q - 1)
                }
            }
            Self::Month(y, m) => {
                if m <= 1 {
                    Self::Month(y - 1, 12)
                } else {
                    Self::Month(y, m - 1)
                }
            }
            Self::Week(y, w) => {
                if w <= 1 {
                    Self::Week(y - 1, weeks_in(y - 1))
                } else {
                    Self::Week(y, w - 1)
                }
            }
        }
    }
}

/// 52 or 53: the ISO week of 28 December is the last of its year.
fn weeks_in(year: i32) -> u8 {
    NaiveDate::from_ymd_opt(year, 12, 28)
        .map_or(52, |day| u8::try_from(day.iso_week().week()).unwrap_or(52))
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let refuse = || PeriodError(text.to_owned());
        let (year, rest) = text
            .split_once('-')
            .map_or((text, None), |(y, r)| (y, Some(r)));
        // Four digits and years people live in: 20026 is a slip of the finger, not a year.
        if year.len() != 4 || !text.is_ascii() {
            return Err(refuse());
        }
        let year: i32 = digits(year)
            .and_then(|y| i32::try_from(y).ok())
            .filter(|y| *y >= 1900)
            .ok_or_else(refuse)?;
        let Some(rest) = rest else {
            return Ok(Self::Year(year));
        };
        let (letter, number) = rest.split_at(rest.len().min(1));
        let part = |text: &str, length: usize, limit: u8| {
            let value = digits(text)
                .filter(|_| text.len() == length)
                .and_then(|n| u8::try_from(n).ok());
            value.filter(|n| (1..=limit).contains(n)).ok_or_else(refuse)
        };
        match letter {
            "H" => Ok(Self::Half(year, part(number, 1, 2)?)),
            "Q" => Ok(Self::Quarter(year, part(number, 1, 4)?)),
            "W" => Ok(Self::Week(year, part(number, 2, weeks_in(year))?)),
            _ => Ok(Self::Month(year, part(rest, 2, 12)?)),
        }
    }
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Half(y, h) => write!(f, "{y:04}-H{h}"),
            Self::Quarter(y, q) => write!(f, "{y:04}-Q{q}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Week(y, w) => write!(f, "{y:04}-W{w:02}"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn text_both_ways() {
        for text in [
            "2026", "2026-H1", "2026-Q4", "2026-03", "2026-W09", "2026-W53",
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "26",
            "20026",
            "2026-",
            "2026-H3",
            "2026-Q0",
            "2026-13",
            "2026-3",
            "2025-W53",
            "2026-W9",
            "2026-Q12",
            "2026-03-01",
            "二零二六",
            "2026-é1",
            "0026",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn steps_over_the_year() {
        let p = |text: &str| text.parse::<Period>().unwrap();
        for (a, b) in [
            ("2026", "2027"),
            ("2026-H2", "2027-H1"),
            ("2026-Q4", "2027-Q1"),
            ("2026-12", "2027-01"),
            ("2026-W53", "2027-W01"),
            ("2025-W52", "2026-W01"),
        ] {
            assert_eq!(p(a).next(), p(b));
            assert_eq!(p(b).previous(), p(a));
        }
    }
}
