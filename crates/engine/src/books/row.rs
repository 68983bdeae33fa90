//! What goes into the books: facts with their credits, as plain values.

use chrono::NaiveDate;

use crate::money::Currency;

/// When a fact begins to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// It counts on this date.
    Recognized(NaiveDate),
    /// It does not count yet; a later fact of kind `recognition` that refers to it says when.
    Pending,
}

/// The share of a fact that counts for one person in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The person's id.
    pub person: u128,
    /// The role: `owner`, `overlay`, `mentor` ...
    pub role: String,
    /// The share in parts per million, 1 to 1,000,000.
    pub share_ppm: u32,
}

/// One fact as the ledger has it. Amounts are in minor units of `currency`; a reversal's amounts are negative as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// The ledger's number of the fact, from 1. Results name facts by it, and only by it.
    pub sequence: u32,
    /// The kind, see [`crate::facts`].
    pub kind: String,
    /// The business date.
    pub date: NaiveDate,
    /// The company group of the account.
    pub account_group: Option<u128>,
    /// The opportunity.
    pub opportunity: Option<u128>,
    /// The contract.
    pub contract: Option<u128>,
    /// The payment.
    pub payment: Option<u128>,
    /// The product's code.
    pub product: Option<String>,
    /// The product line.
    pub product_line: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The customer tier.
    pub tier: Option<String>,
    /// `new` or `existing`.
    pub customer_kind: Option<String>,
    /// `new`, `add_on`, `renewal`, `repeat`, `framework`.
    pub contract_kind: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// The amount, tax included.
    pub amount_minor: i64,
    /// The amount without tax.
    pub amount_excl_tax_minor: Option<i64>,
    /// The margin.
    pub margin_minor: Option<i64>,
    /// The quantity in millionths.
    pub quantity_micro: Option<i64>,
    /// The score in millionths.
    pub score_micro: Option<i64>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// When it was due.
    pub due_date: Option<NaiveDate>,
    /// Further fields conditions can name.
    pub attributes: Vec<(String, String)>,
    /// The fact this one refers to. Of the same kind: this one is its reversal.
    pub refers_to: Option<u32>,
    /// When it counts.
    pub recognition: Recognition,
    /// For whom it counts.
    pub credits: Vec<Credit>,
}

impl FactRow {
    /// A fact with nothing but the required fields, recognised on its date, credited to nobody.
    pub fn new(
        sequence: u32,
        kind: &str,
        date: NaiveDate,
        amount_minor: i64,
        currency: Currency,
    ) -> Self {
        Self {
            sequence,
            kind: kind.to_owned(),
            date,
            account_group: None,
            opportunity: None,
            contract: None,
            payment: None,
            product: None,
            product_line: None,
            region: None,
            tier: None,
            customer_kind: None,
            contract_kind: None,
            source: None,
            amount_minor,
            amount_excl_tax_minor: None,
            margin_minor: None,
            quantity_micro: None,
            score_micro: None,
            currency,
            due_date: None,
            attributes: Vec::new(),
            refers_to: None,
            recognition: Recognition::Recognized(date),
            credits: Vec::new(),
        }
    }

    /// The same fact with one more credit.
    #[must_use]
    pub fn credit(mut self, person: u128, role: &str, share_ppm: u32) -> Self {
        self.credits.push(Credit {
            person,
            role: role.to_owned(),
            share_ppm,
        });
        self
    }

    /// The same fact with one more attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A row the books did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The fact.
    pub sequence: u32,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong, in English.
    pub detail: String,
}

/// The largest magnitude of an amount, quantity or score in minor units or millionths (ten trillion major units).
///
/// Sums of four thousand million such amounts still fit 28 decimal digits, so no sum has to be checked.
pub const MAX_MAGNITUDE: i64 = 1_000_000_000_000_000;

impl FactRow {
    /// Why the books cannot take the row, if they cannot.
    pub(super) fn refusal(&self) -> Option<Refused> {
        let refuse = |code: &'static str, detail: String| {
            Some(Refused {
                sequence: self.sequence,
                code,
                detail,
            })
        };
        if self.sequence == 0 || self.sequence == u32::MAX {
            return refuse("sequence_out_of_range", "sequences start at 1".to_owned());
        }
        if !crate::facts::is_kind(&self.kind) {
            return refuse(
                "invalid_kind",
                format!("`{}` is not a kind; use a-z, digits and _", self.kind),
            );
        }
        let numbers = [
            Some(self.amount_minor),
            self.amount_excl_tax_minor,
            self.margin_minor,
            self.quantity_micro,
            self.score_micro,
        ];
        if numbers
            .iter()
            .flatten()
            .any(|n| n.unsigned_abs() > MAX_MAGNITUDE.unsigned_abs())
        {
            return refuse(
                "amount_overflow",
                "an amount is larger than ten trillion".to_owned(),
            );
        }
        let mut owners: u64 = 0;
        for credit in &self.credits {
            if credit.share_ppm == 0 || credit.share_ppm > 1_000_000 {
                return refuse(
                    "share_out_of_range",
                    format!(
                        "a share of {} ppm; it must be above 0 and at most 1",
                        credit.share_ppm
                    ),
                );
            }
            if credit.role == crate::facts::ROLE_OWNER {
                owners += u64::from(credit.share_ppm);
            }
        }
        if owners > 1_000_000 {
            return refuse(
                "shares_over_one",
                format!("owner shares sum to {owners} ppm, more than one"),
            );
        }
        None
    }
}
