//! Reading the books: rows, a person's credits, chains of facts that belong together.

use chrono::NaiveDate;

use super::chunk::{Chunk, PENDING_MONTH, month_of};
use super::{Books, DimField, IntField};
use crate::dates::{DateRange, day_number, day_of_number};
use crate::rounding::share_out_ppm;

/// One fact inside its chunk.
#[derive(Clone, Copy)]
pub(crate) struct RowRef<'a> {
    pub(crate) chunk: &'a Chunk,
    pub(crate) row: usize,
}

/// One credit of one fact.
#[derive(Clone, Copy)]
pub(crate) struct CreditRef<'a> {
    pub(crate) fact: RowRef<'a>,
    pub(crate) credit: usize,
    /// The day the fact counts; none: it waits for recognition.
    pub(crate) counted: Option<i32>,
}

impl<'a> RowRef<'a> {
    #[inline]
    pub(crate) fn dim(&self, field: DimField) -> u32 {
        self.chunk.dim(field, self.row)
    }

    #[inline]
    pub(crate) fn int(&self, field: IntField) -> Option<i64> {
        self.chunk.int(field, self.row)
    }

    pub(crate) fn sequence(&self) -> u32 {
        self.chunk.sequence[self.row]
    }

    pub(crate) fn day(&self) -> i32 {
        self.chunk.date(self.row)
    }

    pub(crate) fn date(&self) -> NaiveDate {
        day_of_number(self.day())
    }

    pub(crate) fn attribute(&self, name: u32) -> u32 {
        self.chunk.attribute(name, self.row)
    }

    /// The credits of the fact: (credit position, person, role, share).
    pub(crate) fn credits(&self) -> impl Iterator<Item = (usize, u32, u32, u32)> + use<'a> {
        let chunk = self.chunk;
        let read = move |at: usize| {
            (
                at,
                chunk.credit_person.get(at),
                chunk.credit_role.get(at),
                chunk.credit_share.get(at),
            )
        };
        chunk.credits(self.row).map(read)
    }
}

impl CreditRef<'_> {
    pub(crate) fn role(&self) -> u32 {
        self.fact.chunk.credit_role.get(self.credit)
    }

    pub(crate) fn share_ppm(&self) -> u32 {
        self.fact.chunk.credit_share.get(self.credit)
    }

    /// The shares of all credits of the same role, and which of them is this one.
    pub(crate) fn shares_of_role(&self) -> (Vec<u32>, usize) {
        let role = self.role();
        let mut index = 0;
        let mut shares = Vec::new();
        for (at, _, other, share) in self.fact.credits() {
            if other == role {
                if at == self.credit {
                    index = shares.len();
                }
                shares.push(share);
            }
        }
        (shares, index)
    }

    /// This credit's part of a whole number of the fact: largest remainder over the credits of its role.
    #[inline]
    pub(crate) fn part_of(&self, whole: i64) -> i64 {
        if self.share_ppm() == 1_000_000 {
            return whole;
        }
        let (shares, index) = self.shares_of_role();
        share_out_ppm(whole, &shares)[index]
    }
}

impl Books {
    /// The row of a global number.
    fn row(&self, global: u32) -> Option<RowRef<'_>> {
        let at = self
            .starts
            .partition_point(|start| *start <= global)
            .checked_sub(1)?;
        let chunk = self.chunks.get(at)?;
        Some(RowRef {
            chunk,
            row: (global - self.starts[at]) as usize,
        })
    }

    /// The fact of a sequence.
    pub(crate) fn fact(&self, sequence: u32) -> Option<RowRef<'_>> {
        self.row(self.by_sequence.get(sequence).copied()?.checked_sub(1)?)
    }

    /// The facts that refer to a fact, latest booked first.
    pub(crate) fn referrers(&self, sequence: u32) -> impl Iterator<Item = RowRef<'_>> {
        self.chain(
            self.last_referrer.get(sequence).copied().unwrap_or(0),
            DimField::PreviousReferrer,
        )
    }

    /// The facts of an opportunity, latest booked first.
    pub(crate) fn of_opportunity(&self, opportunity: u32) -> impl Iterator<Item = RowRef<'_>> {
        self.chain(
            self.last_of_opportunity
                .get(opportunity)
                .copied()
                .unwrap_or(0),
            DimField::PreviousOfOpportunity,
        )
    }

    fn chain(&self, last: u32, previous: DimField) -> impl Iterator<Item = RowRef<'_>> {
        let at = move |number: u32| number.checked_sub(1).and_then(|global| self.row(global));
        std::iter::successors(at(last), move |row| at(row.dim(previous)))
    }

    /// Whether the fact takes back another of its own kind.
    #[inline]
    pub(crate) fn is_reversal(&self, fact: RowRef<'_>) -> bool {
        let origin = fact.dim(DimField::RefersTo);
        origin != 0
            && self
                .fact(origin)
                .is_some_and(|o| o.dim(DimField::Kind) == fact.dim(DimField::Kind))
    }

    /// Whether another fact of its kind takes this one back.
    pub(crate) fn is_reversed(&self, fact: RowRef<'_>) -> bool {
        let kind = fact.dim(DimField::Kind);
        self.referrers(fact.sequence())
            .any(|other| other.dim(DimField::Kind) == kind)
    }

    /// The day a fact counts: by itself, or by the first recognition that refers to it; none while it waits.
    #[inline]
    pub(crate) fn counted_day(&self, fact: RowRef<'_>) -> Option<i32> {
        fact.chunk
            .own_counted_day(fact.row)
            .or_else(|| self.recognised_later(fact))
    }

    fn recognised_later(&self, fact: RowRef<'_>) -> Option<i32> {
        let recognition = self.find_word(crate::facts::RECOGNITION)?;
        let events = self
            .referrers(fact.sequence())
            .filter(|r| r.dim(DimField::Kind) == recognition && !self.is_reversed(*r));
        events.map(|r| r.day()).min()
    }

    /// Calls `f` for each credit of a person whose fact counts in the range; with `pending` also for those that wait.
    ///
    /// The order is that of booking, not of dates.
    pub(crate) fn credits_of<'a>(
        &'a self,
        person: u32,
        range: DateRange,
        pending: bool,
        mut f: impl FnMut(CreditRef<'a>),
    ) {
        let (start, end) = (day_number(range.start), day_number(range.end));
        let (first, last) = (month_of(start), month_of(end));
        for chunk in &self.chunks {
            if !chunk.has_pending && (chunk.days.1 < start || chunk.days.0 > end) {
                continue;
            }
            chunk.person_entries(
                person,
                first,
                last.min(PENDING_MONTH - 1),
                true,
                |row, credit| {
                    let fact = RowRef { chunk, row };
                    match self.counted_day(fact) {
                        Some(day) if start <= day && day <= end => f(CreditRef {
                            fact,
                            credit,
                            counted: Some(day),
                        }),
                        None if pending => f(CreditRef {
                            fact,
                            credit,
                            counted: None,
                        }),
                        _ => {}
                    }
                },
            );
        }
    }

    /// Calls `f` for each fact that counts in the range.
    pub(crate) fn facts_in<'a>(&'a self, range: DateRange, mut f: impl FnMut(RowRef<'a>, i32)) {
        let (start, end) = (day_number(range.start), day_number(range.end));
        for chunk in &self.chunks {
            if !chunk.has_pending && (chunk.days.1 < start || chunk.days.0 > end) {
                continue;
            }
            for row in 0..chunk.len() {
                let fact = RowRef { chunk, row };
                if let Some(day) = self
                    .counted_day(fact)
                    .filter(|day| start <= *day && *day <= end)
                {
                    f(fact, day);
                }
            }
        }
    }

    /// The kinds of facts there are, in alphabetical order.
    pub fn kinds(&self) -> Vec<String> {
        let mut found: rustc_hash::FxHashSet<u32> = rustc_hash::FxHashSet::default();
        for chunk in &self.chunks {
            found.extend((0..chunk.len()).map(|row| chunk.dim(DimField::Kind, row)));
        }
        let mut kinds: Vec<String> = found
            .into_iter()
            .map(|kind| self.word_of(kind).to_owned())
            .collect();
        kinds.sort_unstable();
        kinds
    }

    /// The ids of everybody a fact was ever credited to, ascending.
    pub fn credited_people(&self) -> Vec<u128> {
        let mut numbers: Vec<u32> = self
            .chunks
            .iter()
            .flat_map(|chunk| chunk.persons().iter().copied())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut ids: Vec<u128> = numbers
            .into_iter()
            .filter_map(|number| self.person_id(number))
            .collect();
        ids.sort_unstable();
        ids
    }
}
