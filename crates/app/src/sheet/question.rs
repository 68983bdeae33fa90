//! Which deals are meant.

use std::borrow::Cow;

use chrono::NaiveDate;
use qiao_store::scope::RowScope;
use roaring::{MultiOps, RoaringBitmap};
use uuid::Uuid;

use super::category::Any;
use super::column::NONE;
use super::{Deal, Sheet, Total, at, day, status};

/// The smallest and the largest value that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<T> {
    /// The smallest.
    pub from: Option<T>,
    /// The largest.
    pub to: Option<T>,
}

impl<T> Default for Between<T> {
    fn default() -> Self {
        Self { from: None, to: None }
    }
}

impl<T> Between<T> {
    /// True where nothing is left out.
    fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    fn map<N>(self, change: impl Fn(T) -> N) -> Between<N> {
        Between { from: self.from.map(&change), to: self.to.map(&change) }
    }
}

impl Between<i64> {
    /// As in SQL, nothing is between nothing.
    fn holds(&self, value: i64) -> bool {
        self.is_open()
            || (value != NONE && self.from.is_none_or(|from| from <= value) && self.to.is_none_or(|to| value <= to))
    }
}

/// A text that a deal's name or its customer's has, as far as the index of names says.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The customers that are called so.
    pub accounts: Vec<Uuid>,
    /// The deals that are called so, where these are few.
    pub deals: Option<Vec<Uuid>>,
    /// Else the numbers of texts that may be such names.
    pub texts: RoaringBitmap,
}

/// Which deals are meant. What is none leaves nothing out.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Only what these people own.
    pub owners: Option<Vec<Uuid>>,
    /// What was put away instead of what is there.
    pub archived: bool,
    /// This owner's.
    pub owner: Option<Uuid>,
    /// This customer's.
    pub account: Option<Uuid>,
    /// Of this pipeline.
    pub pipeline: Option<Uuid>,
    /// On this stage.
    pub stage: Option<Uuid>,
    /// open, won or lost.
    pub status: Option<String>,
    /// Of this product.
    pub product: Option<Uuid>,
    /// What they are worth, minor units.
    pub amount: Between<i64>,
    /// When they are expected to close.
    pub expected: Between<NaiveDate>,
    /// When they were won or lost.
    pub closed: Between<NaiveDate>,
    /// How they or their customers are called.
    pub text: Option<Text>,
}

/// Looks whether a numbered text holds the text of a question.
pub type Called<'a> = &'a (dyn Fn(u32) -> bool + Sync);

/// The rows of a question: those that fulfil what is known of sets, and what is left to look at in each.
pub(super) struct Meant<'a> {
    sheet: &'a Sheet,
    pub(super) rows: RoaringBitmap,
    /// False where the rows are all that are there.
    pub(super) is_narrowed: bool,
    people: Option<&'a Any<'a>>,
    amount: Between<i64>,
    expected: Between<i64>,
    closed: Between<i64>,
    text: Option<Named<'a>>,
}

/// The rows that are called as a question says.
struct Named<'a> {
    customers: Any<'a>,
    deals: RoaringBitmap,
    texts: &'a RoaringBitmap,
    is_called: Called<'a>,
}

impl Named<'_> {
    fn contains(&self, row: u32, texts: u32) -> bool {
        self.customers.contains(row)
            || self.deals.contains(row)
            || (self.texts.contains(texts) && (self.is_called)(texts))
    }
}

impl Meant<'_> {
    /// What the sets of a row do not say.
    pub(super) fn holds(&self, row: u32) -> bool {
        let at = at(row);
        self.people.as_ref().is_none_or(|people| people.contains(row))
            && self.amount.holds(self.sheet.amount.get(at))
            && self.expected.holds(self.sheet.expected.get(at))
            && self.closed.holds(self.sheet.closed.get(at))
            && self.text.as_ref().is_none_or(|named| named.contains(row, self.sheet.texts[at]))
    }

    /// True where it takes a while to look at a row: into a text of it.
    pub(super) fn is_dear(&self) -> bool {
        self.text.is_some()
    }

    /// True where the sets say everything.
    fn is_whole(&self) -> bool {
        let is_open = self.amount.is_open() && self.expected.is_open() && self.closed.is_open();
        is_open && self.people.is_none() && self.text.is_none()
    }
}

impl Sheet {
    /// The rows that a question means among those of some people. `is_called` looks whether a numbered text holds the text of
    /// the question.
    pub(super) fn meant<'a>(
        &'a self,
        seen: Option<&'a Any<'a>>,
        question: &'a Question,
        is_called: Called<'a>,
    ) -> Meant<'a> {
        let mut sets: Vec<Cow<'_, RoaringBitmap>> = Vec::new();
        let mut narrow = |to: Option<&'a RoaringBitmap>| sets.push(Cow::Borrowed(to.unwrap_or(&self.nothing)));
        if let Some(word) = &question.status {
            narrow(self.status.rows(status(word)));
        }
        for (wanted, column) in [
            (question.stage, &self.stage),
            (question.pipeline, &self.pipeline),
            (question.product, &self.product),
            (question.account, &self.account),
            (question.owner, &self.owner),
        ] {
            if let Some(value) = wanted {
                narrow(column.rows(value));
            }
        }
        let mut people = seen;
        if let Some(Any::Rows(theirs)) = seen {
            narrow(Some(theirs));
            people = None;
        }
        let mut text = None;
        if let Some(asked) = &question.text {
            let deals = asked.deals.iter().flatten().filter_map(|id| self.row(*id)).collect::<RoaringBitmap>();
            match (self.account.any(&asked.accounts), asked.deals.is_some()) {
                (Any::Rows(customers), true) => sets.push(Cow::Owned(customers | deals)),
                (customers, true) => text = Some(Named { customers, deals, texts: &self.nothing, is_called }),
                (customers, false) => text = Some(Named { customers, deals, texts: &asked.texts, is_called }),
            }
        }
        let is_narrowed = question.archived || !sets.is_empty();
        let rows = self.in_all(sets, question.archived);
        let (expected, closed) = (question.expected.map(day), question.closed.map(day));
        Meant { sheet: self, rows, is_narrowed, people, amount: question.amount, expected, closed, text }
    }

    /// The rows that are in all of some sets, the smallest first: it is the one that is copied.
    fn in_all(&self, mut sets: Vec<Cow<'_, RoaringBitmap>>, archived: bool) -> RoaringBitmap {
        sets.sort_by_key(|set| set.len());
        let mut sets = sets.into_iter();
        let Some(smallest) = sets.next() else {
            return if archived { self.archived.clone() } else { self.present.clone() };
        };
        let mut rows = smallest.into_owned();
        for set in sets {
            rows &= set.as_ref();
        }
        if archived {
            rows &= &self.archived;
        } else {
            rows -= &self.archived;
        }
        rows
    }

    /// What people of a scope see: their own and what is shared with them, or of some owners what these own.
    pub(super) fn of_people(&self, scope: &RowScope, owners: Option<&[Uuid]>) -> Option<Any<'_>> {
        if let Some(owners) = owners {
            return Some(self.owner.any(owners.iter().filter(|owner| scope.covers(Some(**owner)))));
        }
        let RowScope::People(people) = scope else { return None };
        let shared = people.iter().filter_map(|person| self.shared.get(person)).union();
        Some(self.owner.any(people).or(&shared))
    }

    /// How many deals a question means in a scope, and what they are worth.
    pub fn total(&self, scope: &RowScope, question: &Question, is_called: Called<'_>) -> Total {
        let seen = self.of_people(scope, question.owners.as_deref());
        self.sum(&self.meant(seen.as_ref(), question, is_called))
    }

    pub(super) fn sum(&self, meant: &Meant<'_>) -> Total {
        let mut total = Total::default();
        for row in meant.rows.iter().filter(|row| meant.holds(*row)) {
            total.count += 1;
            total.amount_minor += match self.amount.get(at(row)) {
                NONE => 0,
                minor => i128::from(minor),
            };
        }
        total
    }

    /// How many deals a question means in a scope.
    pub fn count(&self, scope: &RowScope, question: &Question, is_called: Called<'_>) -> u64 {
        let seen = self.of_people(scope, question.owners.as_deref());
        let meant = self.meant(seen.as_ref(), question, is_called);
        if meant.is_whole() {
            return meant.rows.len();
        }
        meant.rows.iter().filter(|row| meant.holds(*row)).count() as u64
    }
}

impl Deal {
    /// True where somebody of a scope sees it.
    #[cfg(test)]
    pub(super) fn is_seen(&self, scope: &RowScope) -> bool {
        scope.covers(self.owner) || self.shared_with.iter().any(|person| scope.covers(Some(*person)))
    }
}
