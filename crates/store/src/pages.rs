//! Lists by keyset: the page behind a row, never an offset.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use sea_orm::sea_query::{Alias, ColumnType, Expr, ExprTrait, Order, Query, SelectStatement, UnionType, Value};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::StoreError;

/// A page of a list in the order in which records were made. Ids are UUIDv7: their order is that of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ById {
    /// The last id of the page before.
    pub after: Option<Uuid>,
    /// Rows to read; one more than the page has tells whether there is another.
    pub limit: u64,
    /// Newest first.
    pub newest_first: bool,
}

impl ById {
    /// Reads the page of a query, whose id column is given.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read<E, C>(
        &self,
        query: Select<E>,
        id: C,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<E::Model>, StoreError>
    where
        E: EntityTrait<Column = C>,
        E::Model: Send + Sync,
        C: ColumnTrait,
    {
        let after = self.after.map(|id| (None, id));
        let keyset = Keyset { id, order: None, descending: self.newest_first, after, limit: self.limit };
        keyset.read(db, query, Vec::new()).await
    }
}

/// A page of a list in the order of a column, rows without a value last; those of one value, and all where there is no
/// column, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct Keyset<C> {
    /// The id column.
    pub id: C,
    /// The column of the order.
    pub order: Option<C>,
    /// The largest first.
    pub descending: bool,
    /// The value, none where it was empty, and the id of the row that the page begins behind.
    pub after: Option<(Option<String>, Uuid)>,
    /// Rows to read.
    pub limit: u64,
}

/// Which rows of a list are read: those with a value in the column of the order come before those without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Valued,
    Empty,
}

impl<C: ColumnTrait> Keyset<C> {
    /// Reads the page of a query. `branches` are conditions that no row fulfils twice: the list is what fulfils one of
    /// them, and each is a range of an index that is read in order; without any it is the whole query.
    ///
    /// # Errors
    /// [`StoreError`] where the database refused.
    pub async fn read<E>(
        &self,
        db: &impl ConnectionTrait,
        query: Select<E>,
        branches: Vec<Condition>,
    ) -> Result<Vec<E::Model>, StoreError>
    where
        E: EntityTrait<Column = C>,
        E::Model: Send + Sync,
    {
        let Some(order) = self.order else {
            let query = match (self.after.as_ref(), self.descending) {
                (None, _) => query,
                (Some((_, id)), true) => query.filter(self.id.lt(*id)),
                (Some((_, id)), false) => query.filter(self.id.gt(*id)),
            };
            return self.part(db, query, None, &branches, self.limit).await;
        };
        let mut rows = Vec::new();
        if !matches!(self.after, Some((None, _))) {
            let query = self.behind(query.clone(), order, Part::Valued);
            rows = self.part(db, query, Some(order), &branches, self.limit).await?;
        }
        let missing = self.limit.saturating_sub(rows.len() as u64);
        if missing > 0 && order.def().is_null() {
            let query = self.behind(query, order, Part::Empty);
            rows.extend(self.part(db, query, None, &branches, missing).await?);
        }
        Ok(rows)
    }

    /// The rows of a part that come behind the row of the page before.
    fn behind<E: EntityTrait<Column = C>>(&self, query: Select<E>, order: C, part: Part) -> Select<E> {
        let query = match (part, order.def().is_null()) {
            (Part::Valued, true) => query.filter(order.is_not_null()),
            (Part::Valued, false) => query,
            (Part::Empty, _) => query.filter(order.is_null()),
        };
        match (part, &self.after) {
            (Part::Valued, Some((Some(text), id))) => {
                let Some(value) = value_of(order, text) else { return query };
                let row = Expr::tuple([order.into_expr(), self.id.into_expr()]);
                let last = Expr::tuple([Expr::value(value), Expr::value(*id)]);
                query.filter(if self.descending { row.lt(last) } else { row.gt(last) })
            }
            (Part::Empty, Some((None, id))) if self.descending => query.filter(self.id.lt(*id)),
            (Part::Empty, Some((None, id))) => query.filter(self.id.gt(*id)),
            _ => query,
        }
    }

    fn direction(&self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }

    fn ordered<E: EntityTrait<Column = C>>(&self, query: Select<E>, order: Option<C>, limit: u64) -> Select<E> {
        let query = match order {
            Some(order) => query.order_by(order, self.direction()),
            None => query,
        };
        query.order_by(self.id, self.direction()).limit(limit)
    }

    async fn part<E>(
        &self,
        db: &impl ConnectionTrait,
        query: Select<E>,
        order: Option<C>,
        branches: &[Condition],
        limit: u64,
    ) -> Result<Vec<E::Model>, StoreError>
    where
        E: EntityTrait<Column = C>,
        E::Model: Send + Sync,
    {
        match branches {
            [] => Ok(self.ordered(query, order, limit).all(db).await?),
            [branch] => Ok(self.ordered(query.filter(branch.clone()), order, limit).all(db).await?),
            several => {
                let merged = self.merged(&query, order, several, limit);
                let rows = db.query_all_raw(db.get_database_backend().build(&merged)).await?;
                let ids = rows.iter().map(|row| row.try_get("", "row_id")).collect::<Result<Vec<Uuid>, _>>()?;
                by_ids(E::find(), self.id, db, &ids).await
            }
        }
    }

    /// The ids of the first rows of all branches: the first of each, and of these the first.
    fn merged<E: EntityTrait<Column = C>>(
        &self,
        query: &Select<E>,
        order: Option<C>,
        branches: &[Condition],
        limit: u64,
    ) -> SelectStatement {
        let (row_id, row_key) = (Alias::new("row_id"), Alias::new("row_key"));
        let first = |(index, branch): (usize, &Condition)| {
            let narrowed = self.ordered(query.clone().filter(branch.clone()), order, limit);
            let mut columns = narrowed.select_only().column_as(self.id, "row_id");
            if let Some(order) = order {
                columns = columns.column_as(order, "row_key");
            }
            // A select of its own around each: SQLite takes no LIMIT inside a compound select.
            let mut select = Query::select();
            select.column(row_id.clone()).from_subquery(columns.into_query(), Alias::new(format!("branch_{index}")));
            if order.is_some() {
                select.column(row_key.clone());
            }
            select
        };
        let mut parts = branches.iter().enumerate().map(first);
        let mut union = parts.next().unwrap_or_default();
        union.unions(parts.map(|part| (UnionType::All, part)));
        let mut all = Query::select();
        all.column(row_id.clone()).from_subquery(union, Alias::new("merged"));
        if order.is_some() {
            all.order_by(row_key, self.direction());
        }
        all.order_by(row_id, self.direction()).limit(limit);
        all
    }
}

/// The rows of a query that have some ids, in the order of the ids.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn by_ids<E, C>(
    query: Select<E>,
    id: C,
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<E::Model>, StoreError>
where
    E: EntityTrait<Column = C>,
    E::Model: Send + Sync,
    C: ColumnTrait,
{
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = query.filter(id.is_in(ids.iter().copied())).all(db).await?;
    let places: FxHashMap<Uuid, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    rows.sort_by_cached_key(|row| match row.get(id) {
        Value::Uuid(Some(id)) => places.get(&id).copied(),
        _ => None,
    });
    Ok(rows)
}

/// A value as a cursor holds it; none where it is empty.
#[must_use]
pub fn text_of(value: Value) -> Option<String> {
    match value {
        Value::BigInt(number) => number.map(|number| number.to_string()),
        Value::ChronoDate(date) => date.map(|date| date.to_string()),
        Value::String(text) => text,
        _ => None,
    }
}

/// The value of a column from the text of a cursor; none where the text is none of that column's.
#[must_use]
pub fn value_of(column: impl ColumnTrait, text: &str) -> Option<Value> {
    match column.def().get_column_type() {
        ColumnType::BigInteger => text.parse::<i64>().ok().map(Value::from),
        ColumnType::Date => text.parse::<NaiveDate>().ok().map(Value::from),
        ColumnType::Text | ColumnType::String(_) => Some(Value::from(text)),
        _ => None,
    }
}

/// A column in a condition by which rows of another order are filtered while that order's index is walked. SQLite would
/// take the condition's own index and sort what it finds, whatever the limit; PostgreSQL weighs it.
pub fn beside_the_order(column: impl ColumnTrait, backend: DbBackend) -> Expr {
    match backend {
        DbBackend::Sqlite => Expr::cust_with_expr("+?", column.into_expr()),
        _ => column.into_expr(),
    }
}
