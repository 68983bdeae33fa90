//! A fact as the ledger, or a file, hands it over.

use chrono::NaiveDate;

use super::dictionary::Id;

/// The share of a fact that counts for one person in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Whose.
    pub person: Id,
    /// In which role: owner, overlay, mentor ...
    pub role: String,
    /// Parts per million.
    pub share_ppm: u32,
}

/// A fact to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// The ledger's number: results name the fact by it.
    pub sequence: u32,
    /// What happened.
    pub kind: String,
    /// The business date.
    pub date: NaiveDate,
    /// The day it counts from; none while it waits for its recognition.
    pub counts_on: Option<NaiveDate>,
    /// The root of the customer's group of companies.
    pub account_group: Option<Id>,
    /// The deal.
    pub opportunity: Option<Id>,
    /// The contract.
    pub contract: Option<Id>,
    /// The product.
    pub product: Option<Id>,
    /// Dimensions by name: product_line, region, tier, customer_kind, contract_kind, source.
    pub product_line: Option<String>,
    /// The customer's region.
    pub region: Option<String>,
    /// The customer's tier.
    pub tier: Option<String>,
    /// `new` or `existing`.
    pub customer_kind: Option<String>,
    /// The kind of contract.
    pub contract_kind: Option<String>,
    /// Where the business came from.
    pub source: Option<String>,
    /// The whole amount, minor units; a reversal's is the negative change.
    pub amount_minor: i64,
    /// Without VAT, minor units.
    pub amount_excl_tax_minor: Option<i64>,
    /// Margin, minor units.
    pub margin_minor: Option<i64>,
    /// Quantity in millionths.
    pub quantity_micro: Option<i64>,
    /// Score in millionths.
    pub score_micro: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// When the money was due.
    pub due_date: Option<NaiveDate>,
    /// Other attributes by name.
    pub attributes: Vec<(String, String)>,
    /// The fact it refers to.
    pub refers_to: Option<u32>,
    /// Whose it is.
    pub credits: Vec<Credit>,
}

impl FactRow {
    /// A fact without dimensions that counts on its date.
    #[must_use]
    pub fn new(sequence: u32, kind: &str, date: NaiveDate, currency: &str, amount_minor: i64) -> Self {
        Self {
            sequence,
            kind: kind.to_owned(),
            date,
            counts_on: Some(date),
            account_group: None,
            opportunity: None,
            contract: None,
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
            currency: currency.to_owned(),
            due_date: None,
            attributes: Vec::new(),
            refers_to: None,
            credits: Vec::new(),
        }
    }
}
