//! A chunk of facts: columns sorted by sequence, and two indexes.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

use super::column::{Amount, Narrow, Sparse, day_number};
use super::dictionary::{Dictionary, Entering};
use super::row::FactRow;
use super::view::{CreditView, FactView};
use crate::facts;

/// A chunk. Rows are sorted by sequence.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) sequence: Vec<u32>,
    pub(super) kind: Narrow,
    date: Narrow,
    /// The day a fact counts on where that is not its date; [`PENDING`] while it counts on none.
    counts_on: Sparse<u32>,
    pub(super) currency: Narrow,
    pub(super) amount: Vec<i64>,
    pub(super) account_group: Sparse<u32>,
    pub(super) opportunity: Sparse<u32>,
    pub(super) contract: Sparse<u32>,
    pub(super) product: Narrow,
    pub(super) product_line: Narrow,
    pub(super) region: Narrow,
    pub(super) tier: Narrow,
    pub(super) customer_kind: Narrow,
    pub(super) contract_kind: Narrow,
    pub(super) source: Narrow,
    pub(super) amount_excl_tax: Sparse<Amount>,
    pub(super) margin: Sparse<Amount>,
    pub(super) quantity: Sparse<Amount>,
    pub(super) score: Sparse<Amount>,
    pub(super) due: Sparse<u32>,
    pub(super) attributes: Narrow,
    pub(super) refers_to: Sparse<u32>,
    pub(super) reversal: Sparse<bool>,
    /// Where the credits of a fact begin; one more than there are facts.
    credit_start: Vec<u32>,
    credit_fact: Vec<u32>,
    pub(super) credit_person: Vec<u32>,
    pub(super) credit_role: Narrow,
    pub(super) credit_share: Narrow,
    /// The people credited, sorted, and where the credits of each begin in `by_person`; one more than there are people.
    people: Vec<u32>,
    people_start: Vec<u32>,
    /// Credits by person, day, sequence.
    by_person: Vec<u32>,
    /// Facts by opportunity; those of none are left out.
    by_opportunity: Vec<u32>,
    /// Facts by contract, made when first asked for: only plans that look at a contract's other facts need it.
    by_contract: OnceLock<Vec<u32>>,
    /// Facts by customer, likewise.
    by_account: OnceLock<Vec<u32>>,
    /// The least and the greatest opportunity; none is between them where there are no facts of any.
    opportunities: Option<(u32, u32)>,
    first_day: u32,
    last_day: u32,
}

/// In `counts_on`: the fact waits for its recognition.
const PENDING: u32 = u32::MAX;

impl Chunk {
    /// Builds a chunk of rows that are sorted by sequence.
    pub(super) fn build(rows: &[FactRow], dictionary: &Dictionary) -> Self {
        let mut chunk = Self::default();
        dictionary.enter(|names| rows.iter().for_each(|row| chunk.push(row, names)));
        chunk.finish()
    }

    /// Adds a row behind the others; [`Chunk::finish`] is to follow.
    pub(super) fn push(&mut self, row: &FactRow, names: &mut Entering<'_>) {
        let index = self.sequence.len();
        let day = day_number(Some(row.date));
        self.sequence.push(row.sequence);
        self.kind.push(names.name(&row.kind).0);
        self.date.push(day);
        self.counts_on
            .push(index, row.counts_on.map_or(PENDING, |on| if on == row.date { 0 } else { day_number(Some(on)) }));
        self.currency.push(names.name(&row.currency).0);
        self.amount.push(row.amount_minor);
        self.account_group.push(index, names.id(row.account_group));
        self.opportunity.push(index, names.id(row.opportunity));
        self.contract.push(index, names.id(row.contract));
        self.product.push(names.id(row.product));
        self.product_line.push(names.optional(row.product_line.as_deref()).0);
        self.region.push(names.optional(row.region.as_deref()).0);
        self.tier.push(names.optional(row.tier.as_deref()).0);
        self.customer_kind.push(names.optional(row.customer_kind.as_deref()).0);
        self.contract_kind.push(names.optional(row.contract_kind.as_deref()).0);
        self.source.push(names.optional(row.source.as_deref()).0);
        self.amount_excl_tax.push(index, row.amount_excl_tax_minor.into());
        self.margin.push(index, row.margin_minor.into());
        self.quantity.push(index, row.quantity_micro.into());
        self.score.push(index, row.score_micro.into());
        self.due.push(index, day_number(row.due_date));
        self.attributes.push(names.set(&row.attributes));
        self.refers_to.push(index, row.refers_to.unwrap_or(0));
        self.reversal.push(index, row.refers_to.is_some() && facts::reverses(&row.kind));
        self.credit_start.push(self.credit_fact.len() as u32);
        for credit in &row.credits {
            self.credit_fact.push(index as u32);
            self.credit_person.push(names.id(Some(credit.person)));
            self.credit_role.push(names.name(&credit.role).0);
            self.credit_share.push(credit.share_ppm);
        }
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
        self.kind.push(other.kind.get(at));
        self.date.push(other.date.get(at));
        self.counts_on.push(index, other.counts_on.get(at));
        self.currency.push(other.currency.get(at));
        self.amount.push(other.amount.get(at).copied().unwrap_or_default());
        self.account_group.push(index, other.account_group.get(at));
        self.opportunity.push(index, other.opportunity.get(at));
        self.contract.push(index, other.contract.get(at));
        self.product.push(other.product.get(at));
        self.product_line.push(other.product_line.get(at));
        self.region.push(other.region.get(at));
        self.tier.push(other.tier.get(at));
        self.customer_kind.push(other.customer_kind.get(at));
        self.contract_kind.push(other.contract_kind.get(at));
        self.source.push(other.source.get(at));
        self.amount_excl_tax.push(index, other.amount_excl_tax.get(at));
        self.margin.push(index, other.margin.get(at));
        self.quantity.push(index, other.quantity.get(at));
        self.score.push(index, other.score.get(at));
        self.due.push(index, other.due.get(at));
        self.attributes.push(other.attributes.get(at));
        self.refers_to.push(index, other.refers_to.get(at));
        self.reversal.push(index, other.reversal.get(at));
        self.credit_start.push(self.credit_fact.len() as u32);
        for credit in other.credit_range(at) {
            self.credit_fact.push(index as u32);
            self.credit_person.push(other.credit_person.get(credit).copied().unwrap_or_default());
            self.credit_role.push(other.credit_role.get(credit));
            self.credit_share.push(other.credit_share.get(credit));
        }
    }

    /// Closes the last fact's credits and builds the indexes.
    pub(super) fn finish(mut self) -> Self {
        self.credit_start.push(self.credit_fact.len() as u32);
        let person = |credit: u32| self.credit_person.get(credit as usize).copied().unwrap_or_default();
        let mut order: Vec<u32> = (0..self.credit_fact.len() as u32).collect();
        order.sort_unstable_by_key(|credit| {
            let fact = self.fact_of(*credit as usize);
            (person(*credit), self.day(fact), fact, *credit)
        });
        let (mut people, mut starts) = (Vec::new(), Vec::new());
        for (at, credit) in order.iter().enumerate() {
            if people.last() != Some(&person(*credit)) {
                people.push(person(*credit));
                starts.push(at as u32);
            }
        }
        starts.push(order.len() as u32);
        let mut facts: Vec<u32> =
            (0..self.len() as u32).filter(|fact| self.opportunity.get(*fact as usize) != 0).collect();
        facts.sort_unstable_by_key(|fact| (self.opportunity.get(*fact as usize), *fact));
        let of = |fact: Option<&u32>| fact.map(|fact| self.opportunity.get(*fact as usize));
        self.opportunities = of(facts.first()).zip(of(facts.last()));
        self.first_day = (0..self.len()).map(|fact| self.day(fact)).min().unwrap_or_default();
        self.last_day = (0..self.len()).map(|fact| self.day(fact)).max().unwrap_or_default();
        (self.people, self.people_start, self.by_person, self.by_opportunity) = (people, starts, order, facts);
        self.shrink();
        self
    }

    /// Gives back what the columns hold in reserve.
    fn shrink(&mut self) {
        self.sequence.shrink_to_fit();
        self.amount.shrink_to_fit();
        let bytes = [
            &mut self.kind,
            &mut self.date,
            &mut self.currency,
            &mut self.product,
            &mut self.product_line,
            &mut self.region,
            &mut self.tier,
            &mut self.customer_kind,
            &mut self.contract_kind,
            &mut self.source,
            &mut self.attributes,
            &mut self.credit_role,
            &mut self.credit_share,
        ];
        bytes.into_iter().for_each(Narrow::shrink);
        let numbers = [
            &mut self.counts_on,
            &mut self.account_group,
            &mut self.opportunity,
            &mut self.contract,
            &mut self.due,
            &mut self.refers_to,
        ];
        numbers.into_iter().for_each(Sparse::shrink);
        let amounts = [&mut self.amount_excl_tax, &mut self.margin, &mut self.quantity, &mut self.score];
        amounts.into_iter().for_each(Sparse::shrink);
        let lists = [
            &mut self.credit_start,
            &mut self.credit_fact,
            &mut self.credit_person,
            &mut self.people,
            &mut self.people_start,
            &mut self.by_opportunity,
        ];
        lists.into_iter().for_each(Vec::shrink_to_fit);
    }

    pub(super) fn len(&self) -> usize {
        self.sequence.len()
    }

    /// The day a fact is indexed by: the one it counts on, its date while it is pending.
    pub(super) fn day(&self, fact: usize) -> u32 {
        match self.counts_on.get(fact) {
            0 | PENDING => self.date.get(fact),
            day => day,
        }
    }

    pub(super) fn is_pending(&self, fact: usize) -> bool {
        self.counts_on.get(fact) == PENDING
    }

    fn fact_of(&self, credit: usize) -> usize {
        self.credit_fact.get(credit).copied().unwrap_or_default() as usize
    }

    pub(super) fn credit_range(&self, fact: usize) -> std::ops::Range<usize> {
        let start = self.credit_start.get(fact).copied().unwrap_or_default() as usize;
        let end = self.credit_start.get(fact + 1).copied().unwrap_or_default() as usize;
        start..end.max(start)
    }

    pub(super) fn find(&self, sequence: u32) -> Option<FactView<'_>> {
        self.sequence.binary_search(&sequence).ok().map(|index| FactView { chunk: self, index })
    }

    /// True where a fact of the chunk counts between two days; both are numbers of days.
    pub(super) fn meets(&self, days: &RangeInclusive<u32>) -> bool {
        self.first_day <= *days.end() && *days.start() <= self.last_day
    }

    /// Calls `each` for a person's credits in a range of days, by day and sequence.
    pub(super) fn credits_of<'a>(
        &'a self,
        person: u32,
        days: &RangeInclusive<u32>,
        each: &mut impl FnMut(CreditView<'a>),
    ) {
        let Ok(at) = self.people.binary_search(&person) else { return };
        let bound = |at: usize| self.people_start.get(at).copied().unwrap_or_default() as usize;
        let own = self.by_person.get(bound(at)..bound(at + 1)).unwrap_or_default();
        let day = |credit: &u32| self.day(self.fact_of(*credit as usize));
        let first = own.partition_point(|credit| day(credit) < *days.start());
        for credit in own.get(first..).unwrap_or_default().iter().take_while(|credit| day(credit) <= *days.end()) {
            each(self.credit(*credit as usize));
        }
    }

    pub(super) fn all_credits<'a>(&'a self, days: &RangeInclusive<u32>, each: &mut impl FnMut(CreditView<'a>)) {
        for credit in 0..self.credit_fact.len() {
            if days.contains(&self.day(self.fact_of(credit))) {
                each(self.credit(credit));
            }
        }
    }

    pub(super) fn facts_of_opportunity<'a>(&'a self, opportunity: u32, found: &mut Vec<FactView<'a>>) {
        // Numbers are given in the order of appearance, so most chunks have none of this neighbourhood.
        if self.opportunities.is_none_or(|(least, most)| opportunity < least || opportunity > most) {
            return;
        }
        let of = |fact: &u32| self.opportunity.get(*fact as usize);
        let first = self.by_opportunity.partition_point(|fact| of(fact) < opportunity);
        let entries = self.by_opportunity.get(first..).unwrap_or_default();
        let own = entries.iter().take_while(|fact| of(fact) == opportunity);
        found.extend(own.map(|fact| FactView { chunk: self, index: *fact as usize }));
    }

    /// Adds the facts of a contract.
    pub(super) fn facts_of_contract<'a>(&'a self, contract: u32, found: &mut Vec<FactView<'a>>) {
        self.facts_by(&self.contract, &self.by_contract, contract, found);
    }

    /// Adds the facts of a customer's group.
    pub(super) fn facts_of_account<'a>(&'a self, account: u32, found: &mut Vec<FactView<'a>>) {
        self.facts_by(&self.account_group, &self.by_account, account, found);
    }

    fn facts_by<'a>(
        &'a self,
        column: &Sparse<u32>,
        index: &OnceLock<Vec<u32>>,
        wanted: u32,
        found: &mut Vec<FactView<'a>>,
    ) {
        let of = |fact: &u32| column.get(*fact as usize);
        let sorted = index.get_or_init(|| {
            let mut facts: Vec<u32> = (0..self.len() as u32).filter(|fact| of(fact) != 0).collect();
            facts.sort_unstable_by_key(|fact| (of(fact), *fact));
            facts
        });
        let first = sorted.partition_point(|fact| of(fact) < wanted);
        let own = sorted.get(first..).unwrap_or_default().iter().take_while(|fact| of(fact) == wanted);
        found.extend(own.map(|fact| FactView { chunk: self, index: *fact as usize }));
    }

    pub(super) fn credit(&self, credit: usize) -> CreditView<'_> {
        CreditView { fact: FactView { chunk: self, index: self.fact_of(credit) }, credit }
    }
}

/// A range of days as the chunks number them.
pub(super) fn days(start: NaiveDate, end: NaiveDate) -> RangeInclusive<u32> {
    let number = |date: NaiveDate| u32::try_from(date.num_days_from_ce()).unwrap_or(0);
    number(start)..=number(end)
}
