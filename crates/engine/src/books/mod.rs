//! Books: the in-memory columnar image of the facts.
//!
//! A [`Books`] is an immutable snapshot, cheap to clone. Appending shares the sealed chunks and merges the small ones, so
//! that a few rows appended to millions cost microseconds. Each chunk indexes its credits by person and date and its
//! facts by opportunity: what concerns one person touches that person's rows only.

mod chunk;
mod column;
mod dictionary;
mod loading;
mod row;
mod view;

use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

pub use dictionary::{Dictionary, Id, Sym};
pub use loading::Loading;
pub use row::{Credit, FactRow};
pub use view::{CreditView, FactView};

use chunk::{Chunk, days};
use dictionary::Dictionary as Dict;

/// Rows from which a chunk is sealed: it is never merged again.
const SEALED: usize = 65_536;

/// Up to where books are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Facts with this number of the ledger and lower ones: what was recorded by then.
    Sequence(u32),
    /// Facts that count before this day.
    Day(NaiveDate),
    /// Facts that were known at the end of this day: see [`Books::with_recorded`].
    Known(NaiveDate),
}

/// The days on which facts became known that were recorded after the day they count on, by sequence.
pub type Recorded = FxHashMap<u32, NaiveDate>;

/// A snapshot of all facts.
#[derive(Clone, Debug, Default)]
pub struct Books {
    chunks: Vec<Arc<Chunk>>,
    dictionary: Arc<Dict>,
    until: Option<Until>,
    recorded: Arc<Recorded>,
}

impl Books {
    /// The same books, told when facts became known; those not named were known on the day they count on.
    #[must_use]
    pub fn with_recorded(&self, recorded: Recorded) -> Self {
        Self { recorded: Arc::new(recorded), ..self.clone() }
    }

    /// The day on which a fact became known.
    #[must_use]
    pub fn known_on(&self, fact: &FactView<'_>) -> NaiveDate {
        if self.recorded.is_empty() {
            return fact.date();
        }
        self.recorded.get(&fact.sequence()).copied().unwrap_or_else(|| fact.date())
    }

    /// True where some facts became known later than they count.
    #[must_use]
    pub fn has_late_facts(&self) -> bool {
        !self.recorded.is_empty()
    }

    /// Adds facts and answers the new snapshot. A fact whose sequence is known already is passed over: the same rows
    /// may be handed over twice.
    #[must_use]
    pub fn append(&self, rows: Vec<FactRow>) -> Self {
        let mut new: Vec<FactRow> = rows.into_iter().filter(|row| !self.contains(row.sequence)).collect();
        new.sort_by_key(|row| row.sequence);
        new.dedup_by_key(|row| row.sequence);
        let mut chunks = self.chunks.clone();
        while !new.is_empty() {
            let rest = new.split_off(new.len().min(SEALED));
            chunks.push(Arc::new(Chunk::build(&new, &self.dictionary)));
            new = rest;
        }
        merge_small(&mut chunks);
        Self {
            chunks,
            dictionary: Arc::clone(&self.dictionary),
            until: self.until,
            recorded: Arc::clone(&self.recorded),
        }
    }

    /// The same books as they were earlier: what came later is not seen. Nothing is copied.
    #[must_use]
    pub fn until(&self, until: Until) -> Self {
        Self { until: Some(until), ..self.clone() }
    }

    fn sees(&self, fact: &FactView<'_>) -> bool {
        self.until.is_none_or(|until| match until {
            Until::Sequence(last) => fact.sequence() <= last,
            Until::Day(day) => fact.date() < day,
            Until::Known(day) => self.known_on(fact) <= day,
        })
    }

    /// How many facts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Names and ids as they are kept in the columns.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// True where the fact of this sequence is in the books.
    #[must_use]
    pub fn contains(&self, sequence: u32) -> bool {
        self.chunks.iter().any(|chunk| chunk.find(sequence).is_some())
    }

    /// The fact of a sequence.
    #[must_use]
    pub fn fact(&self, sequence: u32) -> Option<FactView<'_>> {
        self.chunks.iter().find_map(|chunk| chunk.find(sequence)).filter(|fact| self.sees(fact))
    }

    /// A person's credits on facts that count between two days, both included, by date and sequence.
    #[must_use]
    pub fn credits_of(&self, person: Id, start: NaiveDate, end: NaiveDate) -> Vec<CreditView<'_>> {
        let mut found: Vec<CreditView<'_>> = Vec::new();
        self.for_credits_of(person, start, end, |credit| found.push(credit));
        found.sort_by_key(|credit| credit.fact.order());
        found
    }

    /// Calls `each` for a person's credits on facts that count between two days, in no particular order.
    pub fn for_credits_of<'a>(
        &'a self,
        person: Id,
        start: NaiveDate,
        end: NaiveDate,
        mut each: impl FnMut(CreditView<'a>),
    ) {
        let Some(person) = self.dictionary.id(person) else { return };
        let days = days(start, end);
        for chunk in self.chunks.iter().filter(|chunk| chunk.meets(&days)) {
            match self.until {
                None => chunk.credits_of(person, &days, &mut each),
                Some(_) => chunk.credits_of(person, &days, &mut |credit: CreditView<'a>| {
                    if self.sees(&credit.fact) {
                        each(credit);
                    }
                }),
            }
        }
    }

    /// Calls `each` for every credit on facts that count between two days, in no particular order.
    pub fn for_credits<'a>(&'a self, start: NaiveDate, end: NaiveDate, mut each: impl FnMut(CreditView<'a>)) {
        let days = days(start, end);
        for chunk in self.chunks.iter().filter(|chunk| chunk.meets(&days)) {
            match self.until {
                None => chunk.all_credits(&days, &mut each),
                Some(_) => chunk.all_credits(&days, &mut |credit: CreditView<'a>| {
                    if self.sees(&credit.fact) {
                        each(credit);
                    }
                }),
            }
        }
    }

    /// The facts of an opportunity, by date and sequence.
    #[must_use]
    pub fn facts_of_opportunity(&self, opportunity: u32) -> Vec<FactView<'_>> {
        self.gathered(|chunk, found| chunk.facts_of_opportunity(opportunity, found))
    }

    /// The facts of a contract, by date and sequence.
    #[must_use]
    pub fn facts_of_contract(&self, contract: u32) -> Vec<FactView<'_>> {
        self.gathered(|chunk, found| chunk.facts_of_contract(contract, found))
    }

    /// The facts of a customer's group, by date and sequence.
    #[must_use]
    pub fn facts_of_account(&self, account: u32) -> Vec<FactView<'_>> {
        self.gathered(|chunk, found| chunk.facts_of_account(account, found))
    }

    fn gathered<'a>(&'a self, of: impl Fn(&'a Chunk, &mut Vec<FactView<'a>>)) -> Vec<FactView<'a>> {
        let mut found = Vec::new();
        for chunk in &self.chunks {
            of(chunk, &mut found);
        }
        found.retain(|fact| self.sees(fact));
        found.sort_by_key(FactView::order);
        found
    }
}

/// Merges the chunks at the end while the last is at least half as large as the one before it: a logarithmic number of
/// chunks remains, and no row is copied more than a logarithmic number of times.
fn merge_small(chunks: &mut Vec<Arc<Chunk>>) {
    while let [.., before, last] = chunks.as_slice() {
        if before.len() >= SEALED || before.len() > last.len() * 2 {
            return;
        }
        let merged = Arc::new(Chunk::merge(before, last));
        chunks.truncate(chunks.len() - 2);
        chunks.push(merged);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn row(sequence: u32, person: u128, day: u32, amount: i64) -> FactRow {
        let date = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(u64::from(day));
        let mut row = FactRow::new(sequence, "sale_recorded", date, "CNY", amount);
        row.opportunity = Some(u128::from(sequence % 7));
        row.credits = vec![Credit { person, role: "owner".to_owned(), share_ppm: 1_000_000 }];
        row
    }

    fn seen(books: &Books) -> Vec<(u128, Vec<u32>)> {
        let day = |n| NaiveDate::from_ymd_opt(2026, 1, n).unwrap();
        (0..4).map(|p| (p, books.credits_of(p, day(3), day(20)).iter().map(|c| c.fact.sequence()).collect())).collect()
    }

    proptest! {
        #[test]
        fn appending_in_any_batches_gives_the_same_books(
            facts in prop::collection::vec((0_u128..4, 0_u32..28, -500_i64..500), 1..200),
            cuts in prop::collection::vec(1_usize..40, 1..20),
        ) {
            let rows: Vec<FactRow> =
                facts.iter().enumerate().map(|(n, (p, d, a))| row(n as u32 + 1, *p, *d, *a)).collect();
            let whole = Books::default().append(rows.clone());
            let mut parts = Books::default();
            let mut rest = rows.clone();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let tail = rest.split_off(rest.len().min(*cut));
                // Handed over twice, and out of order: nothing changes.
                let mut batch = rest.clone();
                batch.reverse();
                parts = parts.append(batch).append(rest);
                rest = tail;
            }
            prop_assert_eq!(parts.len(), whole.len());
            prop_assert_eq!(seen(&parts), seen(&whole));
            let mut sum = 0;
            parts.for_credits(NaiveDate::MIN, NaiveDate::MAX, |c| sum += c.amount_minor());
            prop_assert_eq!(sum, facts.iter().map(|f| f.2).sum::<i64>());
        }
    }

    #[test]
    fn an_older_snapshot_does_not_change() {
        let one = Books::default().append(vec![row(1, 1, 4, 100)]);
        let two = one.append(vec![row(2, 1, 4, 50)]);
        assert_eq!((one.len(), two.len()), (1, 2));
        assert_eq!(two.fact(2).unwrap().amount_minor(), 50);
        assert!(one.fact(2).is_none());
    }

    #[test]
    fn books_are_read_as_they_were() {
        let all = Books::default().append(vec![row(1, 1, 4, 100), row(2, 1, 2, 50), row(3, 1, 6, 25)]);
        let sum = |books: &Books| {
            let mut sum = 0;
            books.for_credits_of(1, NaiveDate::MIN, NaiveDate::MAX, |credit| sum += credit.amount_minor());
            sum
        };
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!(sum(&all), 175);
        assert_eq!(sum(&all.until(Until::Sequence(2))), 150);
        assert_eq!(sum(&all.until(Until::Day(day))), 50);
        assert!(all.until(Until::Sequence(2)).fact(3).is_none());
        let seen = |books: &Books| {
            let mut seen = Vec::new();
            books.for_credits(NaiveDate::MIN, NaiveDate::MAX, |credit| seen.push(credit.fact.sequence()));
            seen
        };
        assert_eq!(seen(&all.until(Until::Sequence(1))), [1]);
        assert_eq!(all.until(Until::Sequence(0)).facts_of_opportunity(1).len(), 0);
    }

    #[test]
    fn shares_of_a_role_sum_to_the_fact() {
        let mut fact = row(1, 1, 4, 10_000);
        fact.credits = (0..3)
            .map(|p| Credit { person: p, role: "owner".to_owned(), share_ppm: if p == 0 { 333_334 } else { 333_333 } })
            .collect();
        fact.credits.push(Credit { person: 3, role: "overlay".to_owned(), share_ppm: 500_000 });
        let books = Books::default().append(vec![fact]);
        let mut parts = Vec::new();
        books.for_credits(NaiveDate::MIN, NaiveDate::MAX, |c| parts.push(c.amount_minor()));
        assert_eq!(parts, [3_334, 3_333, 3_333, 5_000]);
    }

    #[test]
    fn several_may_have_the_whole_beside_the_owner() {
        let mut fact = row(1, 1, 4, 10_001);
        for (person, share_ppm) in [(2, 1_000_000), (3, 1_000_000), (4, 500_000)] {
            fact.credits.push(Credit { person, role: "manager".to_owned(), share_ppm });
        }
        let books = Books::default().append(vec![fact]);
        let mut parts = Vec::new();
        books.for_credits(NaiveDate::MIN, NaiveDate::MAX, |c| parts.push(c.amount_minor()));
        assert_eq!(parts, [10_001, 10_001, 10_001, 5_001]);
    }
}
