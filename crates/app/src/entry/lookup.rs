//! Finding what a row names: by external id, name or number in files, by id in forms.

use std::collections::{BTreeMap, BTreeSet};

use qiao_engine::definitions::Definitions;
use qiao_store::books::Catalog;
use qiao_store::scope::RowScope;
use uuid::Uuid;

use super::Row;
use crate::forms::NAME;

/// Records by the words that rows use for them.
#[derive(Clone, Debug)]
pub struct Lookup<M> {
    records: Vec<M>,
    index: BTreeMap<String, usize>,
}

impl<M> Default for Lookup<M> {
    fn default() -> Self {
        Self { records: Vec::new(), index: BTreeMap::new() }
    }
}

impl<M> Lookup<M> {
    /// Adds a record under its words. A strong word (an id) wins over what stood under it, a weak one (a name) does not:
    /// the oldest of those with one name is meant.
    pub fn put(&mut self, record: M, strong: &[&str], weak: &[&str]) {
        let at = self.records.len();
        for word in strong {
            self.index.insert((*word).to_owned(), at);
        }
        for word in weak {
            self.index.entry((*word).to_owned()).or_insert(at);
        }
        self.records.push(record);
    }

    /// The record of a word.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&M> {
        self.index.get(word).and_then(|at| self.records.get(*at))
    }

    /// Every record.
    pub fn iter(&self) -> impl Iterator<Item = &M> {
        self.records.iter()
    }
}

/// The words that the rows of a chunk use in a column, split into ids and other words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Ids.
    pub ids: Vec<Uuid>,
    /// External ids, names, numbers.
    pub others: Vec<String>,
}

impl Words {
    /// The words of some columns.
    #[must_use]
    pub fn of(rows: &[Row], columns: &[&str]) -> Self {
        let all: BTreeSet<&str> =
            rows.iter().flat_map(|row| columns.iter().filter_map(|column| row.get(column))).collect();
        let mut words = Self::default();
        for word in all {
            match Uuid::try_parse(word) {
                Ok(id) => words.ids.push(id),
                // A word that is too long is no name; the row says so when the field is read.
                Err(_) if word.chars().count() <= NAME => words.others.push(word.to_owned()),
                Err(_) => {}
            }
        }
        words
    }

    /// Adds an id.
    #[must_use]
    pub fn and(mut self, id: Option<Uuid>) -> Self {
        self.ids.extend(id);
        self
    }

    /// True where there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.others.is_empty()
    }
}

impl Row {
    /// The person that a column names, who must be in the asker's scope.
    pub fn person(&mut self, column: &str, definitions: &Definitions, scope: &RowScope) -> Option<Uuid> {
        let word = self.text(column, NAME)?;
        let by_id = Uuid::try_parse(&word).ok().and_then(|id| definitions.people.get(&id.as_u128()));
        let found = by_id.or_else(|| definitions.person_by_key(&word)).map(|person| Uuid::from_u128(person.id));
        match found.filter(|id| scope.covers(Some(*id))) {
            Some(id) => Some(id),
            None => {
                self.unknown(column, &word, definitions.people.values().map(qiao_engine::definitions::Person::key));
                None
            }
        }
    }

    /// The product that a column names.
    pub fn product(&mut self, column: &str, catalog: &Catalog) -> Option<Uuid> {
        let word = self.text(column, NAME)?;
        let id = Uuid::try_parse(&word).ok();
        let found = catalog.products.iter().find(|p| Some(p.id) == id || p.code == word || p.name == word);
        if found.is_none() {
            self.unknown(column, &word, catalog.products.iter().map(|product| product.code.as_str()));
        }
        found.map(|product| product.id)
    }

    /// What a column names, among records that were looked up. `near` are names to offer where it was not found.
    pub fn record<'a, M>(&mut self, column: &str, known: &'a Lookup<M>, near: &[String]) -> Option<&'a M> {
        let word = self.text(column, NAME)?;
        let found = known.get(&word);
        if found.is_none() {
            self.unknown(column, &word, near.iter().map(String::as_str));
        }
        found
    }
}
