//! The first deals of a question in an order, behind a row.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{Datelike, NaiveDate};
use qiao_store::scope::RowScope;
use uuid::Uuid;

use super::column::{Column, NONE, rank};
use super::question::{Called, Meant};
use super::{Question, Sheet, Total, at};

/// From this part of all rows on a column is read part by part; where few are tested, either way.
const MANY: u64 = if cfg!(test) { 3 } else { 16 };

/// Rows whose values are fetched together.
const AT_ONCE: usize = 64;

/// What deals are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// When they were made: ids are UUIDv7.
    Created,
    /// What they are worth.
    Amount,
    /// When they are expected to close.
    ExpectedClose,
    /// When they were won or lost.
    Closed,
    /// Since when they are in their stage.
    StageEntered,
}

impl By {
    /// The order that a list calls so.
    #[must_use]
    pub fn named(sort: Option<&str>) -> Option<Self> {
        match sort {
            None => Some(Self::Created),
            Some("amount") => Some(Self::Amount),
            Some("expected_close_on") => Some(Self::ExpectedClose),
            Some("closed_on") => Some(Self::Closed),
            Some("stage_entered_at") => Some(Self::StageEntered),
            Some(_) => None,
        }
    }

    /// A value from the text of a cursor; none where it is none of this order's.
    #[must_use]
    pub fn value(self, text: &str) -> Option<i64> {
        match self {
            Self::Created => None,
            Self::Amount | Self::StageEntered => text.parse().ok(),
            Self::ExpectedClose | Self::Closed => {
                text.parse::<NaiveDate>().ok().map(|date| i64::from(date.num_days_from_ce()))
            }
        }
    }
}

/// An order, and which part of it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// What it goes by; deals without a value come last, those of one value as they were made.
    pub by: By,
    /// The largest first.
    pub descending: bool,
    /// The value and the id of the deal that the part begins behind.
    pub after: Option<(Option<i64>, Uuid)>,
    /// As many deals.
    pub limit: usize,
}

impl Order {
    /// The place of a deal among those of one value.
    fn tie(&self, id: Uuid) -> u128 {
        if self.descending { !id.as_u128() } else { id.as_u128() }
    }
}

/// The rows that have a place among the first.
struct First<'a> {
    sheet: &'a Sheet,
    meant: &'a Meant<'a>,
    order: &'a Order,
    after: Option<(u64, u128)>,
    heap: BinaryHeap<(u64, u128, u32)>,
    /// The rank that the last one with a place has: most rows are behind it, and nothing else is looked at in them.
    last: u64,
}

impl<'a> First<'a> {
    fn new(sheet: &'a Sheet, meant: &'a Meant<'a>, order: &'a Order) -> Self {
        let after = order.after.map(|(key, id)| (rank(key.unwrap_or(NONE), order.descending), order.tie(id)));
        Self { sheet, meant, order, after, heap: BinaryHeap::with_capacity(order.limit + 1), last: u64::MAX }
    }

    /// True where a row of this rank may have a place.
    fn may_be(&self, rank: u64) -> bool {
        rank <= self.last && self.after.is_none_or(|(after, _)| after <= rank)
    }

    /// Gives a row of the sets its place, where it has one.
    fn offer(&mut self, row: u32, rank: u64) {
        let place = (rank, self.order.tie(self.sheet.ids[at(row)]), row);
        let before = self.after.is_some_and(|after| (place.0, place.1) <= after);
        let limit = self.order.limit;
        let behind = self.heap.len() >= limit && self.heap.peek().is_some_and(|last| place >= *last);
        if before || behind || !self.meant.holds(row) {
            return;
        }
        self.heap.push(place);
        if self.heap.len() > limit {
            self.heap.pop();
        }
        if self.heap.len() == limit {
            self.last = self.heap.peek().map_or(u64::MAX, |(rank, _, _)| *rank);
        }
    }

    fn look(&mut self, row: u32, value: i64) {
        let rank = rank(value, self.order.descending);
        if self.may_be(rank) {
            self.offer(row, rank);
        }
    }

    /// Looks at some rows, their values fetched some at a time: each waits for memory, together they wait once.
    fn look_at(&mut self, rows: impl Iterator<Item = u32>, column: &Column) {
        let descending = self.order.descending;
        let mut rows = rows.peekable();
        let mut some: Vec<(u32, i64)> = Vec::with_capacity(AT_ONCE);
        while rows.peek().is_some() {
            let last = self.last;
            some.clear();
            let near = rows.by_ref().filter(|row| column.best(at(*row), descending) <= last).take(AT_ONCE);
            some.extend(near.map(|row| (row, 0)));
            for (row, value) in &mut some {
                *value = column.get(at(*row));
            }
            for (row, value) in &some {
                self.look(*row, *value);
            }
        }
    }

    fn rows(self) -> Vec<u32> {
        self.heap.into_sorted_vec().into_iter().map(|(_, _, row)| row).collect()
    }
}

impl Sheet {
    /// The first deals of a question in a scope.
    pub fn page(&self, scope: &RowScope, question: &Question, order: &Order, is_called: Called<'_>) -> Vec<Uuid> {
        let seen = self.of_people(scope, question.owners.as_deref());
        self.first(&self.meant(seen.as_ref(), question, is_called), order)
    }

    /// What several questions about the same people mean in a scope, and the first deals of each in an order: boards ask
    /// for each of their columns.
    pub fn columns(
        &self,
        scope: &RowScope,
        owners: Option<&[Uuid]>,
        questions: &[Question],
        order: Option<&Order>,
    ) -> Vec<(Total, Vec<Uuid>)> {
        let seen = self.of_people(scope, owners);
        let column = |question: &Question| {
            let meant = self.meant(seen.as_ref(), question, &|_| true);
            let first = order.map(|order| self.first(&meant, order)).unwrap_or_default();
            (self.sum(&meant), first)
        };
        questions.iter().map(column).collect()
    }

    fn first(&self, meant: &Meant<'_>, order: &Order) -> Vec<Uuid> {
        if order.limit == 0 || meant.rows.is_empty() {
            return Vec::new();
        }
        let rows = match order.by {
            By::Created => self.as_made(meant, order),
            By::Amount => self.by(meant, order, &self.amount),
            By::ExpectedClose => self.by(meant, order, &self.expected),
            By::Closed => self.by(meant, order, &self.closed),
            By::StageEntered => self.by(meant, order, &self.entered),
        };
        rows.into_iter().map(|row| self.ids[at(row)]).collect()
    }

    /// The first rows by a column.
    fn by(&self, meant: &Meant<'_>, order: &Order, column: &Column) -> Vec<u32> {
        let is_few = meant.rows.len() <= self.ids.len() as u64 / MANY;
        if is_few && meant.is_dear() {
            return self.best_first(meant, order, column);
        }
        let mut first = First::new(self, meant, order);
        if is_few {
            // Deals that are made later are closed later: from where the best are, others have no place.
            match order.descending {
                true => first.look_at(meant.rows.iter().rev(), column),
                false => first.look_at(meant.rows.iter(), column),
            }
            return first.rows();
        }
        let mut parts: Vec<_> = column.parts(order.descending).collect();
        parts.sort_unstable_by_key(|(_, best)| *best);
        for (part, best) in parts {
            if best > first.last {
                break;
            }
            let Ok(start) = u32::try_from(part.start) else { break };
            let values = column.values(part);
            if meant.is_narrowed {
                let end = start.saturating_add(u32::try_from(values.len()).unwrap_or(u32::MAX));
                meant.rows.range(start..end).for_each(|row| first.look(row, values[at(row - start)]));
                continue;
            }
            // Where everything is meant the column is read faster than the set, some values at a time.
            for (rows, some) in (start..).step_by(AT_ONCE).zip(values.chunks(AT_ONCE)) {
                let last = first.last;
                let may_be = |value: &i64| rank(*value, order.descending) <= last;
                if some.iter().fold(false, |any, value| any | may_be(value)) {
                    let is_there = |(row, value): &(u32, &i64)| may_be(value) && meant.rows.contains(*row);
                    (rows..).zip(some).filter(is_there).for_each(|(row, value)| first.look(row, *value));
                }
            }
        }
        first.rows()
    }

    /// The first rows by a column where it is dear to look at one: the best are looked at first, until there are enough.
    fn best_first(&self, meant: &Meant<'_>, order: &Order, column: &Column) -> Vec<u32> {
        let after = order.after.map(|(key, id)| (rank(key.unwrap_or(NONE), order.descending), order.tie(id)));
        let ranked = |row| Reverse((rank(column.get(at(row)), order.descending), row));
        let may_be = |Reverse((rank, _)): &Reverse<(u64, u32)>| after.is_none_or(|(after, _)| after <= *rank);
        let mut heap: BinaryHeap<_> = meant.rows.iter().map(ranked).filter(may_be).collect();
        let mut first = Vec::with_capacity(order.limit);
        let mut same: Vec<(u128, u32)> = Vec::new();
        while first.len() < order.limit {
            let Some(Reverse((rank, row))) = heap.pop() else { break };
            same.clear();
            same.push((order.tie(self.ids[at(row)]), row));
            while heap.peek().is_some_and(|Reverse((next, _))| *next == rank) {
                same.extend(heap.pop().map(|Reverse((_, row))| (order.tie(self.ids[at(row)]), row)));
            }
            same.sort_unstable();
            let is_behind = |tie: u128| after.is_none_or(|after| (rank, tie) > after);
            let held = same.iter().filter(|(tie, row)| is_behind(*tie) && meant.holds(*row)).map(|(_, row)| *row);
            first.extend(held.take(order.limit - first.len()));
        }
        first
    }

    /// The first rows as they were made: those that stand in this order are walked until there are enough.
    fn as_made(&self, meant: &Meant<'_>, order: &Order) -> Vec<u32> {
        let after = order.after.map(|(_, id)| id);
        let is_behind = |id: Uuid| after.is_none_or(|after| if order.descending { id < after } else { id > after });
        let sorted = u32::try_from(self.sorted).unwrap_or(u32::MAX);
        let known = self.ids.get(..self.sorted).unwrap_or_default();
        let from = after.map(|after| match (known.binary_search(&after), order.descending) {
            (Ok(at), false) => at + 1,
            (Ok(at) | Err(at), _) => at,
        });
        let from = from.and_then(|from| u32::try_from(from).ok());
        let held = |row: &u32| meant.holds(*row);
        let mut rows: Vec<u32> = match order.descending {
            true => {
                meant.rows.range(..from.unwrap_or(sorted).min(sorted)).rev().filter(held).take(order.limit).collect()
            }
            false => meant
                .rows
                .range(from.unwrap_or(0)..sorted.max(from.unwrap_or(0)))
                .filter(held)
                .take(order.limit)
                .collect(),
        };
        rows.extend(meant.rows.range(sorted..).filter(|row| is_behind(self.ids[at(*row)])).filter(held));
        rows.sort_by_key(|row| order.tie(self.ids[at(*row)]));
        rows.truncate(order.limit);
        rows
    }
}
