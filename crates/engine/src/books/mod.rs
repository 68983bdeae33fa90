//! The in-memory columnar image of the facts.
//!
//! [`Books`] is an immutable snapshot: cloning it is cheap, appending gives new books that share every sealed chunk.
//! A personal question touches that person's rows and no others.

mod chunk;
mod column;
mod query;
mod row;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::dates::day_number;
use crate::money::Currency;
use crate::symbols::{IdKey, Interner, Paged};
use chunk::{CHUNK, Chunk, DIMS, PENDING, Raw};
use column::NULL;

pub(crate) use chunk::{DimField, IntField};
pub(crate) use query::{CreditRef, RowRef};
pub use row::{Credit, FactRow, MAX_MAGNITUDE, Recognition, Refused};

type Words = Interner<Arc<str>>;

/// What an append did.
#[derive(Debug, Clone)]
pub struct Appended {
    /// The new books.
    pub books: Books,
    /// How many rows went in.
    pub added: usize,
    /// How many were already there, by sequence.
    pub known: usize,
    /// Rows that were not taken.
    pub refused: Vec<Refused>,
}

/// How many small chunks of a size are merged into one.
const MERGE_AT: usize = 8;

/// A snapshot of all facts.
#[derive(Debug, Clone)]
pub struct Books {
    chunks: Vec<Arc<Chunk>>,
    /// Global number of the first row of each chunk.
    starts: Vec<u32>,
    rows: u32,
    max_sequence: u32,
    words: Words,
    persons: Interner<IdKey>,
    accounts: Interner<IdKey>,
    opportunities: Interner<IdKey>,
    contracts: Interner<IdKey>,
    payments: Interner<IdKey>,
    /// Sequence -> global row + 1.
    by_sequence: Paged<u32>,
    /// Opportunity number -> global row + 1 of its last fact.
    last_of_opportunity: Paged<u32>,
    /// Sequence of an origin -> global row + 1 of the last fact that refers to it.
    last_referrer: Paged<u32>,
}

impl Default for Books {
    fn default() -> Self {
        Self::new()
    }
}

impl Books {
    /// Books without a fact.
    pub fn new() -> Self {
        let mut words: Words = Interner::both_ways();
        // Small numbers for what every company has keep those columns a byte wide.
        let roles = [
            "owner", "overlay", "mentor", "true", "false", "new", "existing",
        ];
        for word in crate::facts::STANDARD
            .iter()
            .map(|kind| kind.code)
            .chain(roles)
        {
            words.intern(word, || word.into());
        }
        Self {
            chunks: Vec::new(),
            starts: Vec::new(),
            rows: 0,
            max_sequence: 0,
            words,
            persons: Interner::both_ways(),
            accounts: Interner::one_way(),
            opportunities: Interner::one_way(),
            contracts: Interner::one_way(),
            payments: Interner::one_way(),
            by_sequence: Paged::default(),
            last_of_opportunity: Paged::default(),
            last_referrer: Paged::default(),
        }
    }

    /// How many facts there are, reversals included.
    pub fn len(&self) -> usize {
        self.rows as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The largest sequence; 0 when empty. On PostgreSQL smaller ones may still follow.
    pub fn max_sequence(&self) -> u32 {
        self.max_sequence
    }

    /// Whether the fact of this sequence is in.
    pub fn contains(&self, sequence: u32) -> bool {
        self.by_sequence.get(sequence).is_some_and(|row| *row != 0)
    }

    /// Memory of the columns in bytes, about; dictionaries not counted.
    pub fn column_bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.bytes()).sum()
    }

    /// How many chunks hold the facts.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// New books with these facts too. Idempotent by sequence; rows that cannot be are refused and named, the others go in.
    ///
    /// Appending in any batches gives the same answers as appending at once.
    pub fn append(&self, rows: Vec<FactRow>) -> Appended {
        let mut books = self.clone();
        let mut result = Counts::default();
        let mut raw = Raw::default();
        let mut fresh: FxHashSet<u32> = FxHashSet::default();
        for row in rows {
            if books.contains(row.sequence) || fresh.contains(&row.sequence) {
                result.known += 1;
                continue;
            }
            if let Some(refused) = row.refusal() {
                result.refused.push(refused);
                continue;
            }
            fresh.insert(row.sequence);
            books.push(&mut raw, row);
            result.added += 1;
            if raw.len() == CHUNK {
                books.add_chunk(std::mem::take(&mut raw));
                fresh.clear();
            }
        }
        if raw.len() > 0 {
            books.add_chunk(raw);
        }
        books.merge_tail();
        Appended {
            books,
            added: result.added,
            known: result.known,
            refused: result.refused,
        }
    }

    fn add_chunk(&mut self, raw: Raw) {
        let start = self.starts.last().map_or(0, |start| {
            start + self.chunks.last().map_or(0, |c| c.len() as u32)
        });
        self.starts.push(start);
        self.chunks.push(Arc::new(raw.seal()));
    }

    /// Small chunks at the end are merged when eight of a size have come together, so that each row moves a handful
    /// of times in its life. Chunks more than half full stay as they are.
    fn merge_tail(&mut self) {
        let class = |rows: usize| rows.max(1).ilog2() / 3;
        while let Some(last) = self.chunks.last() {
            let size = class(last.len());
            let small =
                |chunk: &&Arc<Chunk>| chunk.len() <= CHUNK / 2 && class(chunk.len()) <= size;
            let run = self.chunks.iter().rev().take_while(small).count();
            if run < MERGE_AT {
                return;
            }
            let first = self.chunks.len() - run;
            let mut raw = Raw::default();
            let mut end = first;
            while end < self.chunks.len() && raw.len() + self.chunks[end].len() <= CHUNK {
                raw.extend(&self.chunks[end]);
                end += 1;
            }
            self.chunks.splice(first..end, [Arc::new(raw.seal())]);
            self.starts.drain(first + 1..end);
        }
    }

    fn push(&mut self, raw: &mut Raw, row: FactRow) {
        let global = self.rows + 1;
        let mut dims = [0_u32; DIMS];
        self.intern_words(&row, &mut dims);
        dims[DimField::AccountGroup as usize] = intern_id(&mut self.accounts, row.account_group);
        let opportunity = intern_id(&mut self.opportunities, row.opportunity);
        dims[DimField::Opportunity as usize] = opportunity;
        dims[DimField::Contract as usize] = intern_id(&mut self.contracts, row.contract);
        dims[DimField::Payment as usize] = intern_id(&mut self.payments, row.payment);
        if opportunity != 0 {
            dims[DimField::PreviousOfOpportunity as usize] = self
                .last_of_opportunity
                .get(opportunity)
                .copied()
                .unwrap_or(0);
            self.last_of_opportunity.set(opportunity, global);
        }
        if let Some(origin) = row.refers_to.filter(|origin| *origin != 0) {
            dims[DimField::RefersTo as usize] = origin;
            dims[DimField::PreviousReferrer as usize] =
                self.last_referrer.get(origin).copied().unwrap_or(0);
            self.last_referrer.set(origin, global);
        }
        self.by_sequence.set(row.sequence, global);
        let recognised = match row.recognition {
            Recognition::Recognized(date) if date == row.date => NULL,
            Recognition::Recognized(date) => i64::from(day_number(date)),
            Recognition::Pending => PENDING,
        };
        let number = |value: Option<i64>| value.unwrap_or(NULL);
        let ints = [
            row.amount_minor,
            number(row.amount_excl_tax_minor),
            number(row.margin_minor),
            number(row.quantity_micro),
            number(row.score_micro),
            row.due_date
                .map_or(NULL, |date| i64::from(day_number(date))),
            recognised,
        ];
        let local = raw.len() as u32;
        raw.sequence.push(row.sequence);
        raw.day.push(day_number(row.date));
        for (column, value) in raw.dims.iter_mut().zip(dims) {
            column.push(value);
        }
        for (column, value) in raw.ints.iter_mut().zip(ints) {
            column.push(value);
        }
        for (name, value) in &row.attributes {
            let (name, value) = (self.word(name), self.word(value));
            raw.attributes.push((local, name, value));
        }
        for credit in &row.credits {
            let person = IdKey::from(credit.person);
            raw.credit_person
                .push(self.persons.intern(&person, || person));
            raw.credit_role.push(self.word(&credit.role));
            raw.credit_share.push(credit.share_ppm);
        }
        raw.credit_end.push(raw.credit_person.len() as u32);
        self.rows = global;
        self.max_sequence = self.max_sequence.max(row.sequence);
    }

    fn word(&mut self, word: &str) -> u32 {
        self.words.intern(word, || word.into())
    }

    fn intern_words(&mut self, row: &FactRow, dims: &mut [u32; DIMS]) {
        dims[DimField::Kind as usize] = self.word(&row.kind);
        dims[DimField::Currency as usize] = self.word(row.currency.code());
        let optional = [
            (DimField::Product, &row.product),
            (DimField::ProductLine, &row.product_line),
            (DimField::Region, &row.region),
            (DimField::Tier, &row.tier),
            (DimField::CustomerKind, &row.customer_kind),
            (DimField::ContractKind, &row.contract_kind),
            (DimField::Source, &row.source),
        ];
        for (field, value) in optional {
            if let Some(value) = value.as_deref().filter(|v| !v.is_empty()) {
                dims[field as usize] = self.word(value);
            }
        }
    }

    /// The number of a word, if any fact has it.
    pub(crate) fn find_word(&self, word: &str) -> Option<u32> {
        self.words.find(word)
    }

    /// The word of a number; empty for 0.
    pub(crate) fn word_of(&self, number: u32) -> &str {
        self.words.key(number).map_or("", |word| word)
    }

    /// The currency of a number.
    pub(crate) fn currency_of(&self, number: u32) -> Option<Currency> {
        self.word_of(number).parse().ok()
    }

    /// The number of a person, if anything was ever credited to them.
    pub(crate) fn find_person(&self, id: u128) -> Option<u32> {
        self.persons.find(&IdKey::from(id))
    }

    /// The id of a person's number.
    pub(crate) fn person_id(&self, number: u32) -> Option<u128> {
        self.persons.key(number).map(|key| key.id())
    }
}

#[derive(Default)]
struct Counts {
    added: usize,
    known: usize,
    refused: Vec<Refused>,
}

fn intern_id(ids: &mut Interner<IdKey>, id: Option<u128>) -> u32 {
    id.map_or(0, |id| {
        let key = IdKey::from(id);
        ids.intern(&key, || key)
    })
}

#[cfg(test)]
mod tests;
