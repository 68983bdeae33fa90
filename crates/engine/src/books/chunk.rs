//! A chunk of facts: columns sorted by sequence, and two indexes.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::dictionary::{Dictionary, Sym};
use super::row::FactRow;
use crate::facts;
use crate::rounding::{Rounding, share_out};

/// A column in which most rows hold nothing: it takes no memory until a row does.
#[derive(Clone, Debug, Default)]
struct Sparse<T> {
    values: Vec<T>,
}

impl<T: Copy + Default + PartialEq> Sparse<T> {
    fn get(&self, index: usize) -> T {
        self.values.get(index).copied().unwrap_or_default()
    }

    /// Sets the value of the row that is being pushed; `index` is its number.
    fn push(&mut self, index: usize, value: T) {
        if value != T::default() {
            self.values.resize(index, T::default());
            self.values.push(value);
        }
    }
}

/// `i64::MIN` stands for "none" in columns of optional amounts.
const NO_AMOUNT: i64 = i64::MIN;

/// An optional amount, kept as one number; the default is "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount(i64);

impl Default for Amount {
    fn default() -> Self {
        Self(NO_AMOUNT)
    }
}

impl From<Option<i64>> for Amount {
    fn from(value: Option<i64>) -> Self {
        Self(value.unwrap_or(NO_AMOUNT))
    }
}

impl Amount {
    fn get(self) -> Option<i64> {
        (self.0 != NO_AMOUNT).then_some(self.0)
    }
}

/// Days since the first day of our era; 0 stands for "none".
fn day_number(date: Option<NaiveDate>) -> i32 {
    date.map_or(0, |date| date.num_days_from_ce())
}

fn day_back(number: i32) -> Option<NaiveDate> {
    if number == 0 { None } else { NaiveDate::from_num_days_from_ce_opt(number) }
}

#[derive(Clone, Copy, Debug)]
struct PersonEntry {
    person: u32,
    day: i32,
    sequence: u32,
    credit: u32,
}

/// A chunk. Rows are sorted by sequence.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    sequence: Vec<u32>,
    kind: Vec<Sym>,
    date: Vec<i32>,
    counts_on: Vec<i32>,
    currency: Vec<Sym>,
    amount: Vec<i64>,
    account_group: Sparse<u32>,
    opportunity: Sparse<u32>,
    contract: Sparse<u32>,
    product: Sparse<u32>,
    product_line: Sparse<Sym>,
    region: Sparse<Sym>,
    tier: Sparse<Sym>,
    customer_kind: Sparse<Sym>,
    contract_kind: Sparse<Sym>,
    source: Sparse<Sym>,
    amount_excl_tax: Sparse<Amount>,
    margin: Sparse<Amount>,
    quantity: Sparse<Amount>,
    score: Sparse<Amount>,
    due: Sparse<i32>,
    attributes: Sparse<u32>,
    refers_to: Sparse<u32>,
    reversal: Sparse<bool>,
    /// Where the credits of a fact begin; one more than there are facts.
    credit_start: Vec<u32>,
    credit_fact: Vec<u32>,
    credit_person: Vec<u32>,
    credit_role: Vec<Sym>,
    credit_share: Vec<u32>,
    by_person: Vec<PersonEntry>,
    by_opportunity: Vec<(u32, u32)>,
    first_day: i32,
    last_day: i32,
}

impl Chunk {
    /// Builds a chunk of rows that are sorted by sequence.
    pub(super) fn build(rows: &[FactRow], dictionary: &Dictionary) -> Self {
        let mut chunk = Self::default();
        dictionary.enter(|names| {
            for row in rows {
                let index = chunk.sequence.len();
                chunk.sequence.push(row.sequence);
                chunk.kind.push(names.name(&row.kind));
                chunk.date.push(day_number(Some(row.date)));
                chunk.counts_on.push(day_number(row.counts_on));
                chunk.currency.push(names.name(&row.currency));
                chunk.amount.push(row.amount_minor);
                chunk.account_group.push(index, names.id(row.account_group));
                chunk.opportunity.push(index, names.id(row.opportunity));
                chunk.contract.push(index, names.id(row.contract));
                chunk.product.push(index, names.id(row.product));
                chunk.product_line.push(index, names.optional(row.product_line.as_deref()));
                chunk.region.push(index, names.optional(row.region.as_deref()));
                chunk.tier.push(index, names.optional(row.tier.as_deref()));
                chunk.customer_kind.push(index, names.optional(row.customer_kind.as_deref()));
                chunk.contract_kind.push(index, names.optional(row.contract_kind.as_deref()));
                chunk.source.push(index, names.optional(row.source.as_deref()));
                chunk.amount_excl_tax.push(index, row.amount_excl_tax_minor.into());
                chunk.margin.push(index, row.margin_minor.into());
                chunk.quantity.push(index, row.quantity_micro.into());
                chunk.score.push(index, row.score_micro.into());
                chunk.due.push(index, day_number(row.due_date));
                chunk.attributes.push(index, names.set(&row.attributes));
                chunk.refers_to.push(index, row.refers_to.unwrap_or(0));
                chunk.reversal.push(index, row.refers_to.is_some() && facts::reverses(&row.kind));
                chunk.credit_start.push(chunk.credit_fact.len() as u32);
                for credit in &row.credits {
                    chunk.credit_fact.push(index as u32);
                    chunk.credit_person.push(names.id(Some(credit.person)));
                    chunk.credit_role.push(names.name(&credit.role));
                    chunk.credit_share.push(credit.share_ppm);
                }
            }
        });
        chunk.finish()
    }

    /// Merges two chunks into one.
    pub(super) fn merge(a: &Self, b: &Self) -> Self {
        let mut chunk = Self::default();
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            let from_a = match (a.sequence.get(i), b.sequence.get(j)) {
                (Some(left), Some(right)) => left < right,
                (left, _) => left.is_some(),
            };
            if from_a {
                chunk.push_from(a, i);
                i += 1;
            } else {
                chunk.push_from(b, j);
                j += 1;
            }
        }
        chunk.finish()
    }

    fn push_from(&mut self, other: &Self, at: usize) {
        let index = self.sequence.len();
        self.sequence.push(other.sequence.get(at).copied().unwrap_or_default());
        self.kind.push(other.kind.get(at).copied().unwrap_or_default());
        self.date.push(other.date.get(at).copied().unwrap_or_default());
        self.counts_on.push(other.counts_on.get(at).copied().unwrap_or_default());
        self.currency.push(other.currency.get(at).copied().unwrap_or_default());
        self.amount.push(other.amount.get(at).copied().unwrap_or_default());
        self.account_group.push(index, other.account_group.get(at));
        self.opportunity.push(index, other.opportunity.get(at));
        self.contract.push(index, other.contract.get(at));
        self.product.push(index, other.product.get(at));
        self.product_line.push(index, other.product_line.get(at));
        self.region.push(index, other.region.get(at));
        self.tier.push(index, other.tier.get(at));
        self.customer_kind.push(index, other.customer_kind.get(at));
        self.contract_kind.push(index, other.contract_kind.get(at));
        self.source.push(index, other.source.get(at));
        self.amount_excl_tax.push(index, other.amount_excl_tax.get(at));
        self.margin.push(index, other.margin.get(at));
        self.quantity.push(index, other.quantity.get(at));
        self.score.push(index, other.score.get(at));
        self.due.push(index, other.due.get(at));
        self.attributes.push(index, other.attributes.get(at));
        self.refers_to.push(index, other.refers_to.get(at));
        self.reversal.push(index, other.reversal.get(at));
        self.credit_start.push(self.credit_fact.len() as u32);
        for credit in other.credit_range(at) {
            self.credit_fact.push(index as u32);
            self.credit_person.push(other.credit_person.get(credit).copied().unwrap_or_default());
            self.credit_role.push(other.credit_role.get(credit).copied().unwrap_or_default());
            self.credit_share.push(other.credit_share.get(credit).copied().unwrap_or_default());
        }
    }

    /// Closes the last fact's credits and builds the indexes.
    fn finish(mut self) -> Self {
        self.credit_start.push(self.credit_fact.len() as u32);
        self.by_person = (0..self.credit_fact.len())
            .map(|credit| {
                let fact = self.credit_fact.get(credit).copied().unwrap_or_default() as usize;
                PersonEntry {
                    person: self.credit_person.get(credit).copied().unwrap_or_default(),
                    day: self.day(fact),
                    sequence: self.sequence.get(fact).copied().unwrap_or_default(),
                    credit: credit as u32,
                }
            })
            .collect();
        self.by_person.sort_unstable_by_key(|e| (e.person, e.day, e.sequence, e.credit));
        self.by_opportunity = (0..self.len())
            .filter_map(|fact| {
                let opportunity = self.opportunity.get(fact);
                (opportunity != 0).then_some((opportunity, fact as u32))
            })
            .collect();
        self.by_opportunity.sort_unstable();
        self.first_day = (0..self.len()).map(|fact| self.day(fact)).min().unwrap_or_default();
        self.last_day = (0..self.len()).map(|fact| self.day(fact)).max().unwrap_or_default();
        self
    }

    pub(super) fn len(&self) -> usize {
        self.sequence.len()
    }

    /// The day a fact is indexed by: the one it counts on, its date while it is pending.
    fn day(&self, fact: usize) -> i32 {
        match self.counts_on.get(fact).copied().unwrap_or_default() {
            0 => self.date.get(fact).copied().unwrap_or_default(),
            day => day,
        }
    }

    fn credit_range(&self, fact: usize) -> std::ops::Range<usize> {
        let start = self.credit_start.get(fact).copied().unwrap_or_default() as usize;
        let end = self.credit_start.get(fact + 1).copied().unwrap_or_default() as usize;
        start..end.max(start)
    }

    pub(super) fn find(&self, sequence: u32) -> Option<FactView<'_>> {
        self.sequence.binary_search(&sequence).ok().map(|index| FactView { chunk: self, index })
    }

    pub(super) fn meets(&self, start: NaiveDate, end: NaiveDate) -> bool {
        self.first_day <= end.num_days_from_ce() && start.num_days_from_ce() <= self.last_day
    }

    pub(super) fn credits_of<'a>(
        &'a self,
        person: u32,
        start: NaiveDate,
        end: NaiveDate,
        found: &mut Vec<CreditView<'a>>,
    ) {
        let (start, end) = (start.num_days_from_ce(), end.num_days_from_ce());
        let first = self.by_person.partition_point(|e| (e.person, e.day) < (person, start));
        let entries = self.by_person.get(first..).unwrap_or_default();
        for entry in entries.iter().take_while(|e| e.person == person && e.day <= end) {
            found.push(self.credit(entry.credit as usize));
        }
    }

    pub(super) fn all_credits<'a>(&'a self, start: NaiveDate, end: NaiveDate, each: &mut impl FnMut(CreditView<'a>)) {
        let (start, end) = (start.num_days_from_ce(), end.num_days_from_ce());
        for credit in 0..self.credit_fact.len() {
            let view = self.credit(credit);
            if (start..=end).contains(&self.day(view.fact.index)) {
                each(view);
            }
        }
    }

    pub(super) fn facts_of_opportunity<'a>(&'a self, opportunity: u32, found: &mut Vec<FactView<'a>>) {
        let first = self.by_opportunity.partition_point(|(o, _)| *o < opportunity);
        let entries = self.by_opportunity.get(first..).unwrap_or_default();
        found.extend(
            entries
                .iter()
                .take_while(|(o, _)| *o == opportunity)
                .map(|(_, fact)| FactView { chunk: self, index: *fact as usize }),
        );
    }

    fn credit(&self, credit: usize) -> CreditView<'_> {
        let index = self.credit_fact.get(credit).copied().unwrap_or_default() as usize;
        CreditView { fact: FactView { chunk: self, index }, credit }
    }
}

/// A fact in the books.
#[derive(Clone, Copy)]
pub struct FactView<'a> {
    chunk: &'a Chunk,
    index: usize,
}

macro_rules! column {
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

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> Sym {
        self.chunk.kind.get(self.index).copied().unwrap_or_default()
    }

    /// The day it counts on, its business date while it is pending.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        day_back(self.chunk.day(self.index)).unwrap_or_default()
    }

    /// True while it waits for its recognition.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.chunk.counts_on.get(self.index).copied().unwrap_or_default() == 0
    }

    /// The currency's code.
    #[must_use]
    pub fn currency(&self) -> Sym {
        self.chunk.currency.get(self.index).copied().unwrap_or_default()
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
    credit: usize,
}

impl CreditView<'_> {
    /// The person's number in the dictionary.
    #[must_use]
    pub fn person(&self) -> u32 {
        self.fact.chunk.credit_person.get(self.credit).copied().unwrap_or_default()
    }

    /// In which role.
    #[must_use]
    pub fn role(&self) -> Sym {
        self.fact.chunk.credit_role.get(self.credit).copied().unwrap_or_default()
    }

    /// Parts per million.
    #[must_use]
    pub fn share_ppm(&self) -> u32 {
        self.fact.chunk.credit_share.get(self.credit).copied().unwrap_or_default()
    }

    /// The credited part of a figure of the whole fact: the parts of one role sum exactly, by largest remainder.
    #[must_use]
    pub fn part_of(&self, whole: i64) -> i64 {
        let chunk = self.fact.chunk;
        let role = self.role();
        let mut weights: Vec<u64> = Vec::new();
        let mut own = 0;
        for credit in chunk.credit_range(self.fact.index) {
            if chunk.credit_role.get(credit) == Some(&role) {
                if credit == self.credit {
                    own = weights.len();
                }
                weights.push(u64::from(chunk.credit_share.get(credit).copied().unwrap_or_default()));
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
