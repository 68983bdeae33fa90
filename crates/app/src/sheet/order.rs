//! The first deals of a question in an order, behind a row.

use std::collections::BinaryHeap;

use chrono::{Datelike, NaiveDate};
use qiao_store::scope::RowScope;
use uuid::Uuid;

use super::column::{Column, NONE, rank};
use super::question::{Called, Meant};
use super::{Question, Sheet, at};

/// From this part of all rows on a column is read part by part.
const MANY: u64 = 16;

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

impl Sheet {
    /// The first deals of a question in a scope.
    pub fn page(&self, scope: &RowScope, question: &Question, order: &Order, is_called: Called<'_>) -> Vec<Uuid> {
        let meant = self.meant(scope, question, is_called);
        if order.limit == 0 || meant.rows.is_empty() {
            return Vec::new();
        }
        let rows = match order.by {
            By::Created => self.as_made(&meant, order),
            By::Amount => self.first(&meant, order, &self.amount),
            By::ExpectedClose => self.first(&meant, order, &self.expected),
            By::Closed => self.first(&meant, order, &self.closed),
            By::StageEntered => self.first(&meant, order, &self.entered),
        };
        rows.into_iter().map(|row| self.ids[at(row)]).collect()
    }

    /// The first rows by a column.
    fn first(&self, meant: &Meant<'_>, order: &Order, column: &Column) -> Vec<u32> {
        let after = order.after.map(|(key, id)| (rank(key.unwrap_or(NONE), order.descending), order.tie(id)));
        let least = after.map_or(0, |(rank, _)| rank);
        let mut first: BinaryHeap<(u64, u128, u32)> = BinaryHeap::with_capacity(order.limit + 1);
        // The rank that the last one with a place has: most rows are behind it, and nothing else is looked at in them.
        let mut last = u64::MAX;
        let mut look = |row: u32, is_meant: bool, last: &mut u64| {
            let rank = rank(column.get(at(row)), order.descending);
            if rank > *last || rank < least || !(is_meant || meant.rows.contains(row)) {
                return;
            }
            let place = (rank, order.tie(self.ids[at(row)]), row);
            let before = after.is_some_and(|after| (place.0, place.1) <= after);
            let behind = first.len() >= order.limit && first.peek().is_some_and(|last| place >= *last);
            if before || behind || !meant.holds(row) {
                return;
            }
            first.push(place);
            if first.len() > order.limit {
                first.pop();
            }
            if first.len() == order.limit {
                *last = first.peek().map_or(u64::MAX, |(rank, _, _)| *rank);
            }
        };
        // Where many rows are meant the column is read faster part by part than by the set.
        if meant.rows.len() > self.ids.len() as u64 / MANY {
            for (part, best) in column.parts(order.descending) {
                if best <= last {
                    part.filter_map(|row| u32::try_from(row).ok()).for_each(|row| look(row, false, &mut last));
                }
            }
        } else {
            meant.rows.iter().for_each(|row| look(row, true, &mut last));
        }
        first.into_sorted_vec().into_iter().map(|(_, _, row)| row).collect()
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
