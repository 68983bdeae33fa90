//! The deals as columns in memory, for lists, boards and totals: which rows a question means, in which order, how many and
//! how much together. What a page shows is then read from the database in the asker's scope; the sheet only says which.
//!
//! It must never know how deals are read or written: who follows the audit log puts them in ([`crate::search`]).

mod category;
mod column;
mod order;
mod question;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use uuid::Uuid;

use category::Category;
use column::Column;
pub use order::{By, Order};
pub use question::{Between, Called, Question, Text};

/// What the sheet holds of a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    /// The deal.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// The customer.
    pub account: Option<Uuid>,
    /// The pipeline.
    pub pipeline: Uuid,
    /// The stage.
    pub stage: Uuid,
    /// open, won or lost.
    pub status: String,
    /// The product.
    pub product: Option<Uuid>,
    /// What it is worth, in minor units.
    pub amount_minor: Option<i64>,
    /// The day it is expected to close.
    pub expected_close_on: Option<NaiveDate>,
    /// The day it was won or lost.
    pub closed_on: Option<NaiveDate>,
    /// Since when it is in its stage, ms since 1970 UTC.
    pub stage_entered_at: i64,
    /// It was put away.
    pub archived: bool,
    /// With whom it is shared.
    pub shared_with: Vec<Uuid>,
}

/// How many deals, and what they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// The deals.
    pub count: u64,
    /// Together, in minor units; a deal without an amount adds nothing.
    pub amount_minor: i128,
}

/// Every deal, put away or not.
#[derive(Debug, Default)]
pub struct Sheet {
    ids: Vec<Uuid>,
    /// As many rows as were put in in the order of their ids: found by halving.
    sorted: usize,
    /// The rows behind these.
    later: FxHashMap<Uuid, u32>,
    owner: Category<Uuid>,
    account: Category<Uuid>,
    pipeline: Category<Uuid>,
    stage: Category<Uuid>,
    status: Category<u8>,
    product: Category<Uuid>,
    amount: Column,
    expected: Column,
    closed: Column,
    entered: Column,
    /// The number of the deal's texts in the index of names.
    texts: Vec<u32>,
    present: RoaringBitmap,
    archived: RoaringBitmap,
    /// Of each person the rows that are shared with them.
    shared: FxHashMap<Uuid, RoaringBitmap>,
    /// The rows that are shared with anybody.
    is_shared: RoaringBitmap,
    /// No row, no text.
    nothing: RoaringBitmap,
}

/// A status as the sheet knows it.
fn status(word: &str) -> u8 {
    match word {
        "open" => 0,
        "won" => 1,
        "lost" => 2,
        _ => u8::MAX,
    }
}

fn day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

fn at(row: u32) -> usize {
    row as usize
}

impl Sheet {
    /// Puts a deal in, or what it has become; `texts` is the number of its names in their index. A sheet of four thousand
    /// million deals takes no more.
    pub fn put(&mut self, deal: &Deal, texts: u32) {
        let row = match self.row(deal.id) {
            Some(row) => row,
            None => match self.add(deal.id) {
                Some(row) => row,
                None => return,
            },
        };
        let at = at(row);
        self.owner.set(row, deal.owner);
        self.account.set(row, deal.account);
        self.pipeline.set(row, Some(deal.pipeline));
        self.stage.set(row, Some(deal.stage));
        self.status.set(row, Some(status(&deal.status)));
        self.product.set(row, deal.product);
        self.amount.set(at, deal.amount_minor);
        self.expected.set(at, deal.expected_close_on.map(day));
        self.closed.set(at, deal.closed_on.map(day));
        self.entered.set(at, Some(deal.stage_entered_at));
        self.texts[at] = texts;
        let (is, is_not) = match deal.archived {
            true => (&mut self.archived, &mut self.present),
            false => (&mut self.present, &mut self.archived),
        };
        is.insert(row);
        is_not.remove(row);
        self.share(row, &deal.shared_with);
    }

    fn share(&mut self, row: u32, people: &[Uuid]) {
        if self.is_shared.remove(row) {
            for rows in self.shared.values_mut() {
                rows.remove(row);
            }
        }
        for person in people {
            self.shared.entry(*person).or_default().insert(row);
            self.is_shared.insert(row);
        }
    }

    fn row(&self, id: Uuid) -> Option<u32> {
        let sorted = self.ids.get(..self.sorted).unwrap_or_default();
        match sorted.binary_search(&id) {
            Ok(at) => u32::try_from(at).ok(),
            Err(_) => self.later.get(&id).copied(),
        }
    }

    fn add(&mut self, id: Uuid) -> Option<u32> {
        let row = u32::try_from(self.ids.len()).ok()?;
        if self.sorted == self.ids.len() && self.ids.last().is_none_or(|last| *last < id) {
            self.sorted += 1;
        } else {
            self.later.insert(id, row);
        }
        self.ids.push(id);
        self.texts.push(0);
        Some(row)
    }
}
