//! Database access of records, in one form for every kind. Whatever is read of them begins in [`seen`], which takes the
//! asker's row scope; a kind only says whose rows some people see.

use std::collections::BTreeMap;

use qiao_store::pages::text_of;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::{SimpleExpr, Value};
use qiao_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, ModelTrait, QueryFilter, QuerySelect,
    QueryTrait, Select,
};
use qiao_store::{Record, StoreError};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Paged, Words, list};
use crate::context::Context;
use crate::error::AppError;
use crate::sheet::Question;

/// A column of a kind of record.
pub type Column<M> = <<M as ModelTrait>::Entity as EntityTrait>::Column;

/// Names that are read for near misses; the first thousands are enough to find a slip.
const NEAR: u64 = 5_000;

/// A row of a table that records are saved in.
pub trait Stored:
    Record + FromQueryResult + ModelTrait<Entity: EntityTrait<Model = Self, ActiveModel: Send + Sync>> + 'static
{
}

impl<M> Stored for M where
    M: Record + FromQueryResult + ModelTrait<Entity: EntityTrait<Model = M, ActiveModel: Send + Sync>> + 'static
{
}

/// A kind of record whose rows are seen by scope: what it says of its table.
pub trait Scoped: Stored {
    /// The query parameters of its list.
    type Filter: Paged + DeserializeOwned + Send + Sync + 'static;
    /// The id.
    const ID: Column<Self>;
    /// The id in another system, unique.
    const EXTERNAL_ID: Column<Self>;
    /// The number that people know it by, unique.
    const NUMBER: Option<Column<Self>> = None;
    /// The name that files may use for it: the oldest of those with one name is meant.
    const NAME: Option<Column<Self>> = None;
    /// When it was put away; lists leave it out then.
    const ARCHIVED_AT: Option<Column<Self>>;
    /// Whose it is, where it is somebody's.
    const OWNER: Option<Column<Self>> = None;
    /// The columns that a list looks for a text in.
    const NAMED_BY: &'static [Column<Self>] = &[];
    /// Its customer, in whose name a list looks for a text too.
    const CUSTOMER: Option<Column<Self>> = None;
    /// What lists are sorted by besides creation: the word and the column.
    const SORTS: &'static [(&'static str, Column<Self>)] = &[];

    /// The rows that some people see.
    fn seen_by(people: &[Uuid]) -> Condition {
        let any = Condition::any();
        let any = Self::OWNER.map_or(any.clone(), |owner| any.add(owned(owner, people)));
        Self::beside(people).map_or(any.clone(), |beside| any.add(beside))
    }

    /// The rows that some people see although they own none of them.
    fn beside(_: &[Uuid]) -> Option<Condition> {
        None
    }

    /// Of some rows those that some people see although they do not own them.
    fn beside_of(people: &[Uuid], _: &[Uuid]) -> Option<Condition> {
        Self::beside(people)
    }

    /// What a list asks of the sheet in memory, its text left out; none for a kind that has no sheet, or a filter that
    /// needs none.
    ///
    /// # Errors
    /// 422 where the filter cannot be read.
    fn in_memory(_: &Self::Filter, _: &Context) -> Result<Option<Question>, AppError> {
        Ok(None)
    }

    /// The text that a list is narrowed by.
    fn text(_: &Self::Filter) -> Option<&str> {
        None
    }

    /// What a list is narrowed by besides its text.
    ///
    /// # Errors
    /// 422 where the filter cannot be read.
    fn wanted(filter: &Self::Filter, context: &Context) -> Result<Wanted, AppError>;
}

/// What a list is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What a row must fulfil.
    pub conditions: Vec<SimpleExpr>,
    /// True where few rows do: those of one customer, of one number.
    pub few: bool,
}

impl Wanted {
    /// That a column has a value, where the filter asks for one.
    #[must_use]
    pub fn is<V: Clone + Into<Value>>(self, column: impl ColumnTrait, value: &Option<V>) -> Self {
        self.and(value.clone().map(|value| column.eq(value)))
    }

    /// As [`Wanted::is`], for a value that few rows have.
    #[must_use]
    pub fn one<V: Clone + Into<Value>>(mut self, column: impl ColumnTrait, value: &Option<V>) -> Self {
        self.few |= value.is_some();
        self.is(column, value)
    }

    /// That a column's value is not below one and not above another, where the filter asks for them.
    #[must_use]
    pub fn between<V: Clone + Into<Value>>(self, column: impl ColumnTrait, from: &Option<V>, to: &Option<V>) -> Self {
        self.and(from.clone().map(|from| column.gte(from))).and(to.clone().map(|to| column.lte(to)))
    }

    /// Another condition.
    #[must_use]
    pub fn and(mut self, condition: Option<SimpleExpr>) -> Self {
        self.conditions.extend(condition);
        self
    }
}

/// The rows that somebody of some people owns.
pub fn owned(owner: impl ColumnTrait, people: &[Uuid]) -> Condition {
    Condition::all().add(owner.is_in(people.iter().copied()))
}

/// The rows that belong to a record of another kind which some people see.
pub fn belonging_to<M: Scoped>(id: impl ColumnTrait, people: &[Uuid]) -> Condition {
    let records = M::Entity::find().select_only().column(M::ID).filter(M::seen_by(people));
    Condition::all().add(id.in_subquery(records.into_query()))
}

/// What a row is sorted by; none where that is empty.
pub fn sort_key<M: Scoped>(row: &M, sort: &str) -> Option<String> {
    text_of(row.get(list::queries::sorted_by::<M>(sort)?))
}

/// The rows of a scope: where every read begins.
pub fn seen<M: Scoped>(scope: &RowScope) -> Select<M::Entity> {
    match scope {
        RowScope::All => M::Entity::find(),
        RowScope::People(people) => M::Entity::find().filter(M::seen_by(people)),
    }
}

/// A record in the asker's scope.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn find<M: Scoped>(db: &impl ConnectionTrait, scope: &RowScope, id: Uuid) -> Result<Option<M>, StoreError> {
    Ok(seen::<M>(scope).filter(M::ID.eq(id)).one(db).await?)
}

/// The columns whose words name a record, the id left out.
fn word_columns<M: Scoped>() -> impl Iterator<Item = Column<M>> {
    [Some(M::EXTERNAL_ID), M::NUMBER, M::NAME].into_iter().flatten()
}

/// The rows that some words may mean. A list without words is left out: with it the databases read the whole table.
fn meant<M: Scoped>(words: &Words, columns: impl Iterator<Item = Column<M>>) -> Condition {
    let mut any = Condition::any();
    if !words.ids.is_empty() {
        any = any.add(M::ID.is_in(words.ids.iter().copied()));
    }
    if !words.others.is_empty() {
        for column in columns {
            any = any.add(column.is_in(words.others.iter().cloned()));
        }
    }
    any
}

/// The records in the asker's scope that some words name, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn named<M: Scoped>(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &Words,
) -> Result<Vec<M>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<M> = seen::<M>(scope).filter(meant::<M>(words, word_columns::<M>())).all(db).await?;
    rows.sort_unstable_by_key(Record::key);
    Ok(rows)
}

/// Names of records in the asker's scope, for near misses; none where a kind has no names.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn names<M: Scoped>(db: &impl ConnectionTrait, scope: &RowScope) -> Result<Vec<String>, StoreError> {
    let Some(name) = M::NAME else { return Ok(Vec::new()) };
    Ok(seen::<M>(scope).select_only().column(name).limit(NEAR).into_tuple().all(db).await?)
}

/// An external id or a number that a record has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The record.
    pub id: Uuid,
    /// Its external id.
    pub external_id: Option<String>,
    /// Its number.
    pub number: Option<String>,
}

/// Who has the external ids and numbers among some words, in scope or not: they are unique for everybody. Nothing else of
/// those records is handed out.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn taken<M: Scoped>(db: &impl ConnectionTrait, words: &[String]) -> Result<Vec<Taken>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let words = Words { ids: Vec::new(), others: words.to_vec() };
    let columns = [Some(M::EXTERNAL_ID), M::NUMBER].into_iter().flatten();
    let rows: Vec<M> = M::Entity::find().filter(meant::<M>(&words, columns)).all(db).await?;
    let taken = |row: M| Taken {
        id: row.key(),
        external_id: word(&row, M::EXTERNAL_ID),
        number: M::NUMBER.and_then(|number| word(&row, number)),
    };
    Ok(rows.into_iter().map(taken).collect())
}

/// How files name a record: its external id, else its number, else its id.
#[must_use]
pub fn key<M: Scoped>(row: &M) -> String {
    let number = || M::NUMBER.and_then(|number| word(row, number));
    word(row, M::EXTERNAL_ID).or_else(number).unwrap_or_else(|| row.key().to_string())
}

/// The text in a column of a record.
pub fn word<M: Scoped>(row: &M, column: Column<M>) -> Option<String> {
    match row.get(column) {
        Value::String(text) => text,
        _ => None,
    }
}

/// Records by id, for what is shown or counted of a record that was read in scope: a deal's customer is part of the deal.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn parts<M: Scoped>(db: &impl ConnectionTrait, mut ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, M>, StoreError> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<M> = M::Entity::find().filter(M::ID.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.key(), row)).collect())
}
