//! A fact and a credit as they are read from a chunk.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::chunk::Chunk;
use super::column::day_back;
use super::dictionary::Sym;
use crate::rounding::{Rounding, share_out};

/// A fact in the books.
#[derive(Clone, Copy)]
pub struct FactView<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) index: usize,
}

macro_rules! column {
    ($(#[$doc:meta])* $name:ident, $column:ident, Sym) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> Sym {
            Sym(self.chunk.$column.get(self.index))
        }
    };
    ($(#[$doc:meta])* $name:ident, $column:ident, $type:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> $type {
            self.chunk.$column.get(self.index)
        }
    };
}

impl<'a> FactView<'a> {
    /// The ledger's number.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.chunk.sequence.get(self.index).copied().unwrap_or_default()
    }

    /// What orders facts: the day it counts on and its number.
    pub(crate) fn order(&self) -> (u32, u32) {
        (self.chunk.day(self.index), self.sequence())
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> Sym {
        Sym(self.chunk.kind.get(self.index))
    }

    /// The day it counts on, its business date while it is pending.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        day_back(self.chunk.day(self.index)).unwrap_or_default()
    }

    /// True while it waits for its recognition.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.chunk.is_pending(self.index)
    }

    /// The currency's code.
    #[must_use]
    pub fn currency(&self) -> Sym {
        Sym(self.chunk.currency.get(self.index))
    }

    /// The whole fact's amount, minor units.
    #[must_use]
    pub fn amount_minor(&self) -> i64 {
        self.chunk.amount.get(self.index).copied().unwrap_or_default()
    }

    column!(
        /// The root of the customer's group; 0 for none.
        account_group, account_group, u32);
    column!(
        /// The deal; 0 for none.
        opportunity, opportunity, u32);
    column!(
        /// The contract; 0 for none.
        contract, contract, u32);
    column!(
        /// The product; 0 for none.
        product, product, u32);
    column!(
        /// The product line.
        product_line, product_line, Sym);
    column!(
        /// The customer's region.
        region, region, Sym);
    column!(
        /// The customer's tier.
        tier, tier, Sym);
    column!(
        /// New or existing.
        customer_kind, customer_kind, Sym);
    column!(
        /// The kind of contract.
        contract_kind, contract_kind, Sym);
    column!(
        /// Where the business came from.
        source, source, Sym);
    column!(
        /// The number of the set of attributes; 0 for none.
        attributes, attributes, u32);
    column!(
        /// True where the fact takes another one back.
        is_reversal, reversal, bool);

    /// The amount without VAT, minor units.
    #[must_use]
    pub fn amount_excl_tax_minor(&self) -> Option<i64> {
        self.chunk.amount_excl_tax.get(self.index).get()
    }

    /// The margin, minor units.
    #[must_use]
    pub fn margin_minor(&self) -> Option<i64> {
        self.chunk.margin.get(self.index).get()
    }

    /// The quantity in millionths.
    #[must_use]
    pub fn quantity_micro(&self) -> Option<i64> {
        self.chunk.quantity.get(self.index).get()
    }

    /// The score in millionths.
    #[must_use]
    pub fn score_micro(&self) -> Option<i64> {
        self.chunk.score.get(self.index).get()
    }

    /// When the money was due.
    #[must_use]
    pub fn due_date(&self) -> Option<NaiveDate> {
        day_back(self.chunk.due.get(self.index))
    }

    /// The sequence of the fact it refers to.
    #[must_use]
    pub fn refers_to(&self) -> Option<u32> {
        Some(self.chunk.refers_to.get(self.index)).filter(|sequence| *sequence != 0)
    }

    /// Its credits.
    pub fn credits(&self) -> impl Iterator<Item = CreditView<'a>> + use<'a> {
        let chunk = self.chunk;
        chunk.credit_range(self.index).map(move |credit| chunk.credit(credit))
    }
}

/// A person's credit on a fact.
#[derive(Clone, Copy)]
pub struct CreditView<'a> {
    /// The fact.
    pub fact: FactView<'a>,
    pub(super) credit: usize,
}

impl CreditView<'_> {
    /// The credit's place among those of its chunk: what orders the credits of one fact.
    pub(crate) fn index(&self) -> usize {
        self.credit
    }

    /// The person's number in the dictionary.
    #[must_use]
    pub fn person(&self) -> u32 {
        self.fact.chunk.credit_person.get(self.credit).copied().unwrap_or_default()
    }

    /// In which role.
    #[must_use]
    pub fn role(&self) -> Sym {
        Sym(self.fact.chunk.credit_role.get(self.credit))
    }

    /// Parts per million.
    #[must_use]
    pub fn share_ppm(&self) -> u32 {
        self.fact.chunk.credit_share.get(self.credit)
    }

    /// The credited part of a figure of the whole fact: the parts of one role sum exactly, by largest remainder.
    #[must_use]
    pub fn part_of(&self, whole: i64) -> i64 {
        let chunk = self.fact.chunk;
        let all = chunk.credit_range(self.fact.index);
        if all.len() == 1 && self.share_ppm() == 1_000_000 {
            return whole;
        }
        let role = self.role().0;
        let mut weights: Vec<u64> = Vec::new();
        let mut own = 0;
        for credit in all {
            if chunk.credit_role.get(credit) == role {
                if credit == self.credit {
                    own = weights.len();
                }
                weights.push(u64::from(chunk.credit_share.get(credit)));
            }
        }
        if weights.len() == 1 && weights.first() == Some(&1_000_000) {
            return whole;
        }
        // What the role's shares leave over is a part of its own, so that the named parts are shares of the whole.
        let sum: u64 = weights.iter().sum();
        let Some(rest) = 1_000_000_u64.checked_sub(sum) else {
            // Several people may each be credited the whole in a role beside the owner's: nothing sums there.
            let exact = Decimal::from(whole) * Decimal::new(self.share_ppm().into(), 6);
            return Rounding::HalfUp.to_minor(exact).unwrap_or_default();
        };
        weights.push(rest);
        share_out(whole, &weights).get(own).copied().unwrap_or_default()
    }

    /// The credited amount, minor units.
    #[must_use]
    pub fn amount_minor(&self) -> i64 {
        self.part_of(self.fact.amount_minor())
    }
}
