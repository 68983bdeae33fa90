//! The first deals of a question in an order, behind a row.

use std::collections::BinaryHeap;

use chrono::{Datelike, NaiveDate};
use qiao_store::scope::RowScope;
use uuid::Uuid;

use super::{NONE, Question, Sheet, at};

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
    /// The place of a value: the smallest comes first, nothing last.
    fn rank(&self, key: i64) -> u64 {
        let up = (key as u64) ^ (1 << 63);
        match (key, self.descending) {
            (NONE, _) => u64::MAX,
            (_, true) => !up,
            (_, false) => up,
        }
    }

    /// The place of a deal among those of one value.
    fn tie(&self, id: Uuid) -> u128 {
        if self.descending { !id.as_u128() } else { id.as_u128() }
    }
}

impl Sheet {
    /// The first deals of a question in a scope.
    pub fn page(
        &self,
        scope: &RowScope,
        question: &Question,
        order: &Order,
        is_called: &(dyn Fn(u32) -> bool + Sync),
    ) -> Vec<Uuid> {
        let meant = self.meant(scope, question, is_called);
        let after = order.after.map(|(key, id)| match order.by {
            By::Created => (order.rank(((id.as_u128() >> 64) as u64 ^ (1 << 63)) as i64), order.tie(id)),
            _ => (order.rank(key.unwrap_or(NONE)), order.tie(id)),
        });
        let mut first: BinaryHeap<(u64, u128, u32)> = BinaryHeap::with_capacity(order.limit + 2);
        let dense = meant.rows.len() as usize > self.ids.len() / 4;
        // The cheapest look first: most rows are behind the last that has a place.
        let mut look = |row: u32| -> bool {
            let rank = order.rank(self.key(order.by, row));
            let full = first.len() >= order.limit;
            if full && first.peek().is_some_and(|(last, _, _)| rank > *last) {
                return false;
            }
            if after.is_some_and(|(least, _)| rank < least) || (dense && !meant.rows.contains(row)) {
                return true;
            }
            let place = (rank, order.tie(self.ids[at(row)]), row);
            if after.is_some_and(|(rank, tie)| (place.0, place.1) <= (rank, tie))
                || (full && first.peek().is_some_and(|last| place >= *last))
                || !meant.holds(row)
            {
                return true;
            }
            first.push(place);
            if first.len() > order.limit {
                first.pop();
            }
            true
        };
        if order.limit == 0 {
            return Vec::new();
        }
        let all = 0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        match (dense, order.by, order.descending) {
            // From the newest on; of the rows that stand in their order none is better than the first that is not.
            (true, By::Created, true) => {
                for row in all.rev() {
                    if !look(row) && at(row) < self.sorted {
                        break;
                    }
                }
            }
            (true, _, _) => all.for_each(|row| _ = look(row)),
            (false, _, true) => meant.rows.iter().rev().for_each(|row| _ = look(row)),
            (false, _, false) => meant.rows.iter().for_each(|row| _ = look(row)),
        }
        first.into_sorted_vec().into_iter().map(|(_, _, row)| self.ids[at(row)]).collect()
    }
}
