//! Finding what a row names: by external id, name or number in files, by id in forms.

use std::collections::{BTreeMap, BTreeSet};

use qiao_engine::definitions::Definitions;
use qiao_store::StoreError;
use qiao_store::books::Catalog;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::queries::{named, names, word};
use super::{Chunk, Row, Scoped};
use crate::forms::NAME;

/// Records that the rows of a chunk name, as far as the asker may see them, by the words that rows use for them.
#[derive(Clone, Debug)]
pub struct Lookup<M> {
    records: Vec<M>,
    by_id: BTreeMap<Uuid, usize>,
    by_word: BTreeMap<String, usize>,
    /// Names to offer where one was not found.
    near: Vec<String>,
}

impl<M: Scoped> Lookup<M> {
    /// Reads the records that some columns name.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read(db: &impl ConnectionTrait, chunk: &Chunk, columns: &[&str]) -> Result<Self, StoreError> {
        Self::of_words(db, chunk, &Words::of(&chunk.rows, columns)).await
    }

    /// Reads the records that some words name.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn of_words(db: &impl ConnectionTrait, chunk: &Chunk, words: &Words) -> Result<Self, StoreError> {
        let scope = &chunk.context.rows;
        let mut known =
            Self { records: Vec::new(), by_id: BTreeMap::new(), by_word: BTreeMap::new(), near: Vec::new() };
        for record in named(db, scope, words).await? {
            known.put(record);
        }
        let missing = words.others.iter().any(|word| known.get(word).is_none());
        if missing && chunk.rows.iter().any(|row| !row.is_form()) {
            known.near = names::<M>(db, scope).await?;
        }
        Ok(known)
    }

    /// Adds a record. Its external id wins over what stood under that word; its number and its name do not: the oldest of
    /// those with one name is meant.
    pub fn put(&mut self, record: M) {
        let at = self.records.len();
        self.by_id.insert(record.key(), at);
        if let Some(external_id) = word(&record, M::EXTERNAL_ID) {
            self.by_word.insert(external_id, at);
        }
        for column in [M::NUMBER, M::NAME].into_iter().flatten() {
            if let Some(weak) = word(&record, column) {
                self.by_word.entry(weak).or_insert(at);
            }
        }
        self.records.push(record);
    }

    /// The record with an id.
    #[must_use]
    pub fn at(&self, id: Uuid) -> Option<&M> {
        self.by_id.get(&id).and_then(|at| self.records.get(*at))
    }

    /// The record of a word: an id, else an external id, a number or a name.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&M> {
        let by_id = Uuid::try_parse(word).ok().and_then(|id| self.at(id));
        by_id.or_else(|| self.by_word.get(word).and_then(|at| self.records.get(*at)))
    }

    /// Every record.
    pub fn iter(&self) -> impl Iterator<Item = &M> {
        self.records.iter()
    }

    /// The record that a column names.
    pub fn of(&self, row: &mut Row, column: &str) -> Option<M> {
        let word = row.text(column, NAME)?;
        let found = self.get(&word);
        if found.is_none() {
            row.unknown(column, &word, self.near.iter().map(String::as_str));
        }
        found.cloned()
    }
}

/// The fields of a form that give a record its own words.
const UNIQUE: [&str; 2] = ["external_id", "number"];

/// The words that the rows of a chunk use in a column, split into ids and other words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Ids.
    pub ids: Vec<Uuid>,
    /// External ids, names, numbers.
    pub others: Vec<String>,
}

impl Words {
    /// The words of some columns. Where a form has a reference, what looks like an id is one; elsewhere it may as well be
    /// the id in another system.
    #[must_use]
    pub fn of(rows: &[Row], columns: &[&str]) -> Self {
        let (mut ids, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (row, column) in rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column))) {
            let Some(word) = row.get(column) else { continue };
            let id = Uuid::try_parse(word).ok();
            ids.extend(id);
            let is_reference = row.is_form() && !UNIQUE.contains(column);
            // A word that is too long is no name; the row says so when the field is read.
            if (id.is_none() || !is_reference) && word.chars().count() <= NAME {
                others.insert(word.to_owned());
            }
        }
        Self { ids: ids.into_iter().collect(), others: others.into_iter().collect() }
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
}
