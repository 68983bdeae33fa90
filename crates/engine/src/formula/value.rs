//! What a name or a formula is worth.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::exact::Exact;

/// A value. Texts that come from files are read as what they are compared or calculated with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An empty cell, or a figure that is not there.
    Missing,
    /// A number.
    Number(Exact),
    /// A text of a file or an attribute.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// The answer to a condition.
    Truth(bool),
}

impl Value {
    /// The number that it is or reads as.
    #[must_use]
    pub fn number(&self) -> Option<Cow<'_, Exact>> {
        match self {
            Self::Number(number) => Some(Cow::Borrowed(number)),
            Self::Text(text) => read_number(text).map(Cow::Owned),
            _ => None,
        }
    }

    /// The day that it is or reads as.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// True where it is a condition that holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, Self::Truth(true))
    }

    /// A number, or nothing.
    #[must_use]
    pub fn of(number: Option<Exact>) -> Self {
        number.map_or(Self::Missing, Self::Number)
    }
}

/// A number as a cell holds it: `0.05` or `5%`.
pub(super) fn read_number(text: &str) -> Option<Exact> {
    let text = text.trim();
    match text.strip_suffix('%') {
        Some(percent) => Exact::parse(percent.trim())?.scaled(-2),
        None => Exact::parse(text),
    }
}
