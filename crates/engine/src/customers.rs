//! New or existing customer: a stated rule for a whole group of companies.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The company's rule. A group of companies without a signed contract in the last `no_contract_months` is new; it stays
/// new for `stays_new_months` from the contract that made it a customer. A new name or a subsidiary changes nothing:
/// the rule looks at the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRule {
    /// The version that is kept on the facts it decided.
    pub version: String,
    /// Months without a signed contract after which a group is new again.
    pub no_contract_months: u32,
    /// Months for which a group stays new from its first contract.
    pub stays_new_months: u32,
}

impl Default for CustomerRule {
    fn default() -> Self {
        Self { version: "1".to_owned(), no_contract_months: 24, stays_new_months: 0 }
    }
}

/// New or existing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerKind {
    /// 新客户.
    New,
    /// 老客户.
    Existing,
}

impl CustomerKind {
    /// The word on a fact.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Existing => "existing",
        }
    }
}

impl CustomerRule {
    /// Decides for a moment. `signed` are the days on which the group signed contracts before, in any order; the
    /// contract in question is not among them.
    #[must_use]
    pub fn decide(&self, signed: &[NaiveDate], on: NaiveDate) -> CustomerKind {
        let mut earlier: Vec<NaiveDate> = signed.iter().copied().filter(|day| *day <= on).collect();
        earlier.sort_unstable();
        // The contract that made the group a customer: the first after the last gap that is long enough.
        let mut became: Option<NaiveDate> = None;
        let mut last: Option<NaiveDate> = None;
        for day in earlier {
            if last.is_none_or(|last| self.is_over(last, day)) {
                became = Some(day);
            }
            last = Some(day);
        }
        match (became, last) {
            (Some(became), Some(last)) if !self.is_over(last, on) => {
                let until = became + Months::new(self.stays_new_months);
                if self.stays_new_months > 0 && on < until { CustomerKind::New } else { CustomerKind::Existing }
            }
            _ => CustomerKind::New,
        }
    }

    /// True where the gap after a contract is long enough to make the group new again.
    fn is_over(&self, last: NaiveDate, on: NaiveDate) -> bool {
        last + Months::new(self.no_contract_months) < on
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rule_by_example() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rule = CustomerRule::default();
        assert_eq!(rule.decide(&[], day("2026-03-01")), CustomerKind::New);
        assert_eq!(rule.decide(&[day("2025-03-01")], day("2026-03-01")), CustomerKind::Existing);
        assert_eq!(rule.decide(&[day("2024-03-01")], day("2026-03-01")), CustomerKind::Existing);
        assert_eq!(rule.decide(&[day("2024-02-28")], day("2026-03-01")), CustomerKind::New);
        // A contract that is signed later does not count.
        assert_eq!(rule.decide(&[day("2026-04-01")], day("2026-03-01")), CustomerKind::New);

        let rule = CustomerRule { stays_new_months: 3, ..rule };
        let signed = [day("2026-01-10")];
        assert_eq!(rule.decide(&signed, day("2026-04-09")), CustomerKind::New);
        assert_eq!(rule.decide(&signed, day("2026-04-10")), CustomerKind::Existing);
        // New again after two years, and again for three months.
        let signed = [day("2023-01-10"), day("2026-01-10")];
        assert_eq!(rule.decide(&signed, day("2026-02-10")), CustomerKind::New);
    }
}
