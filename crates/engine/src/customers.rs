//! New or existing customer: a pure rule over the signed contracts of a company group.
//!
//! Facts keep the answer together with the rule's version; a renamed company or a subsidiary belongs to the same
//! group and is therefore not new.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRule {
    /// No signed contract within so many months makes a group new (again).
    pub no_contract_months: u32,
    /// It stays new for so many months from its first contract.
    pub stays_new_months: u32,
    /// The rule's version, kept on facts.
    pub version: u32,
}

impl Default for CustomerRule {
    /// 24 months without a contract; new with its first contract and for 12 months from it.
    fn default() -> Self {
        Self {
            no_contract_months: 24,
            stays_new_months: 12,
            version: 1,
        }
    }
}

/// What a customer is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// New (新客户).
    New,
    /// Existing (老客户).
    Existing,
}

impl CustomerKind {
    /// The word on facts.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Existing => "existing",
        }
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum CustomerReason {
    /// The group never signed before the moment.
    NeverSigned,
    /// Its last contract is longer ago than the rule allows.
    Lapsed {
        /// The last contract before the moment.
        last: NaiveDate,
    },
    /// It became new with this contract and still is.
    StillNew {
        /// The first contract since it became new.
        first: NaiveDate,
        /// The last day it is new.
        until: NaiveDate,
    },
    /// It became new with this contract and no longer is.
    NoLongerNew {
        /// The first contract since it became new.
        first: NaiveDate,
        /// The last day it was new.
        until: NaiveDate,
    },
}

/// New or existing at `moment`, by the dates of the group's signed contracts (in any order; those after the moment are ignored).
///
/// The contract being signed at the moment itself may or may not be in the list: the answer is the same.
pub fn customer_kind(
    rule: CustomerRule,
    signed: &[NaiveDate],
    moment: NaiveDate,
) -> (CustomerKind, CustomerReason) {
    let mut before: Vec<NaiveDate> = signed
        .iter()
        .copied()
        .filter(|date| *date < moment)
        .collect();
    before.sort_unstable();
    let months = |date: NaiveDate, count: u32| {
        date.checked_add_months(Months::new(count))
            .unwrap_or(NaiveDate::MAX)
    };
    let Some(&last) = before.last() else {
        return (CustomerKind::New, CustomerReason::NeverSigned);
    };
    if months(last, rule.no_contract_months) <= moment {
        return (CustomerKind::New, CustomerReason::Lapsed { last });
    }
    // The present relationship began with the first contract after the last long silence.
    let mut first = before[0];
    for pair in before.windows(2) {
        if months(pair[0], rule.no_contract_months) <= pair[1] {
            first = pair[1];
        }
    }
    let until = crate::dates::day_before(months(first, rule.stays_new_months));
    if moment <= until {
        (CustomerKind::New, CustomerReason::StillNew { first, until })
    } else {
        (
            CustomerKind::Existing,
            CustomerReason::NoLongerNew { first, until },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_lapsed_and_existing() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rule = CustomerRule {
            no_contract_months: 24,
            stays_new_months: 3,
            version: 1,
        };
        let kind = |signed: &[&str], moment: &str| {
            customer_kind(
                rule,
                &signed.iter().map(|s| day(s)).collect::<Vec<_>>(),
                day(moment),
            )
        };
        assert_eq!(kind(&[], "2026-01-10").1, CustomerReason::NeverSigned);
        assert_eq!(kind(&["2026-01-10"], "2026-01-10").0, CustomerKind::New);
        assert_eq!(kind(&["2026-01-10"], "2026-04-09").0, CustomerKind::New);
        assert_eq!(
            kind(&["2026-01-10"], "2026-04-10").0,
            CustomerKind::Existing
        );
        assert_eq!(
            kind(&["2026-01-10", "2026-03-01"], "2026-05-10").0,
            CustomerKind::Existing
        );
        assert_eq!(
            kind(&["2023-01-10"], "2025-01-09").0,
            CustomerKind::Existing
        );
        assert_eq!(
            kind(&["2023-01-10"], "2025-01-10").1,
            CustomerReason::Lapsed {
                last: day("2023-01-10")
            }
        );
        assert_eq!(
            kind(&["2023-01-10", "2025-06-01"], "2025-07-01").0,
            CustomerKind::New
        );
        assert_eq!(
            kind(&["2025-06-01", "2023-01-10"], "2025-09-01").0,
            CustomerKind::Existing
        );
        assert_eq!(
            kind(&["2027-01-01"], "2026-01-01").1,
            CustomerReason::NeverSigned
        );
    }
}
