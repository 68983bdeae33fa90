//! Pages of lists. A page is read from an index in its order, never sorted out of everything: for few people each one's
//! rows are an index range of their own, and the page is merged from the first of each; for many, and for those who see
//! all, the index of the whole table is walked.

use qiao_store::Record;
use qiao_store::entities::account;
use qiao_store::pages::{Keyset, beside_the_order, by_ids};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use qiao_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::{Listing, narrowed};
use crate::context::Context;
use crate::entry::Scoped;
use crate::entry::queries::Column;
use crate::error::AppError;
use crate::sheet::Question;
use crate::state::AppState;

/// As many people as have an index range each. Beyond, a page of the whole table holds enough of their rows.
const FEW: usize = 24;

/// A page of the records in the asker's scope.
///
/// # Errors
/// 422 where the filter or the cursor is wrong, [`AppError::Store`] where the database refused.
pub async fn page<M: Scoped>(
    state: &AppState,
    context: &Context,
    filter: &M::Filter,
    listing: &Listing,
) -> Result<Vec<M>, AppError> {
    if let Some(rows) = from_sheet(state, context, filter, listing).await? {
        return Ok(rows);
    }
    let db = state.store().pool();
    let (query, few) = narrowed_to::<M>(state, context, filter, listing).await?;
    let order = listing.sort.and_then(sorted_by::<M>);
    let after = listing.after.as_ref().map(|after| (after.key.clone(), after.id));
    let keyset = Keyset { id: M::ID, order, descending: listing.descending, after, limit: listing.limit };
    let branches = branches::<M>(&context.rows, listing.owners.as_deref(), few, db.get_database_backend());
    Ok(keyset.read(db, query, branches).await?)
}

/// How many records of a list are in the asker's scope, on all its pages.
///
/// # Errors
/// 422 where the filter is wrong, [`AppError::Store`] where the database refused.
pub async fn count<M: Scoped>(
    state: &AppState,
    context: &Context,
    filter: &M::Filter,
    listing: &Listing,
) -> Result<u64, AppError> {
    if let Some(question) = question::<M>(context, filter, listing)? {
        let counted = super::sheet::ask(state, M::text(filter), question, |sheet, question, called| {
            sheet.count(&context.rows, question, called)
        });
        if let Some(count) = counted.await? {
            return Ok(count);
        }
    }
    let db = state.store().pool();
    let (mut query, few) = narrowed_to::<M>(state, context, filter, listing).await?;
    let branches = branches::<M>(&context.rows, listing.owners.as_deref(), few, db.get_database_backend());
    if !branches.is_empty() {
        query = query.filter(branches.into_iter().fold(Condition::any(), Condition::add));
    }
    let count = query.select_only().column_as(M::ID.count(), "count").into_tuple::<i64>().one(db).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}

/// How often a page is looked for in the sheet when records change meanwhile.
const LOOKS: usize = 3;

/// What a list asks of the sheet; none where the kind has none.
fn question<M: Scoped>(context: &Context, filter: &M::Filter, listing: &Listing) -> Result<Option<Question>, AppError> {
    let question = M::in_memory(filter, context)?;
    Ok(question.map(|question| Question { owners: listing.owners.clone(), archived: listing.archived, ..question }))
}

/// A page whose rows the sheet names, read in the asker's scope; none where the database has to find them.
async fn from_sheet<M: Scoped>(
    state: &AppState,
    context: &Context,
    filter: &M::Filter,
    listing: &Listing,
) -> Result<Option<Vec<M>>, AppError> {
    let Some(order) = super::sheet::order(listing) else { return Ok(None) };
    let Some(asked) = question::<M>(context, filter, listing)? else { return Ok(None) };
    for _ in 0..LOOKS {
        let first = super::sheet::ask(state, M::text(filter), asked.clone(), |sheet, question, called| {
            sheet.page(&context.rows, question, &order, called)
        });
        let Some(ids) = first.await? else { return Ok(None) };
        let rows = those::<M>(state, context, &ids).await?;
        // One that left the scope after it was named leaves a hole: the sheet knows by now.
        if rows.len() == ids.len() {
            return Ok(Some(rows));
        }
    }
    Ok(None)
}

/// Some records in the asker's scope, in the order of their ids.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn those<M: Scoped>(state: &AppState, context: &Context, ids: &[Uuid]) -> Result<Vec<M>, AppError> {
    let db = state.store().pool();
    let mut query = M::Entity::find();
    if let RowScope::People(people) = &context.rows {
        // By the ids, and not by everything that these people own.
        let own = |owner| Condition::any().add(among(owner, people, db.get_database_backend()));
        let own = M::OWNER.map_or(Condition::any(), own);
        query = query.filter(M::beside_of(people, ids).map_or(own.clone(), |beside| own.add(beside)));
    }
    Ok(by_ids(query, M::ID, db, ids).await?)
}

/// The rows that a filter asks for, in whatever scope, and whether they are few.
async fn narrowed_to<M: Scoped>(
    state: &AppState,
    context: &Context,
    filter: &M::Filter,
    listing: &Listing,
) -> Result<(Select<M::Entity>, bool), AppError> {
    let mut query = M::Entity::find();
    if let Some(archived_at) = M::ARCHIVED_AT {
        let state = if listing.archived { archived_at.is_not_null() } else { archived_at.is_null() };
        query = query.filter(state);
    }
    let mut wanted = M::wanted(filter, context)?;
    if let Some(part) = M::text(filter).map(str::trim).filter(|part| !part.is_empty()) {
        let (condition, few) = called::<M>(state, part).await?;
        wanted.few |= few;
        query = query.filter(condition);
    }
    for narrower in wanted.conditions {
        query = query.filter(narrower);
    }
    Ok((query, wanted.few))
}

/// Names among which the databases look for a text; among more they look while they walk.
const FEW_NAMES: usize = 2_000;
/// Customers whose rows are found one by one; beyond, a page of the list's order holds enough of them.
const FEW_CUSTOMERS: usize = 50;

/// The rows of which a name, or whose customer's, has a part, and whether these are few. The index of names says which may:
/// where these are few only they are looked into.
async fn called<M: Scoped>(state: &AppState, part: &str) -> Result<(Condition, bool), AppError> {
    let (store, index) = (state.store(), state.search());
    let holds = M::NAMED_BY.iter().fold(Condition::any(), |any, column| any.add(contains(*column, part)));
    let own = index.few(store, M::TYPE, part, FEW_NAMES).await?;
    let mut few = own.is_some();
    let mut any = match own {
        Some(ids) if ids.is_empty() => Condition::any(),
        Some(ids) => Condition::any().add(Condition::all().add(M::ID.is_in(ids)).add(holds)),
        None => holds,
    };
    if let Some(customer) = M::CUSTOMER {
        use account::Column;
        let named = account::Entity::find().select_only().column(Column::Id).filter(contains(Column::Name, part));
        match index.few(store, account::Model::TYPE, part, FEW_NAMES).await? {
            None => {
                few = false;
                any = any.add(customer.in_subquery(named.into_query()));
            }
            Some(ids) => {
                let ids: Vec<Uuid> = match ids.is_empty() {
                    true => ids,
                    false => named.filter(Column::Id.is_in(ids)).into_tuple().all(store.pool()).await?,
                };
                few &= ids.len() <= FEW_CUSTOMERS;
                if !ids.is_empty() {
                    any = any.add(customer.is_in(ids));
                }
            }
        }
    }
    if any.is_empty() {
        // Nothing is called so.
        any = any.add(M::ID.is_in(std::iter::empty::<Uuid>()));
    }
    Ok((any, few))
}

/// The column of a sort.
pub fn sorted_by<M: Scoped>(sort: &str) -> Option<Column<M>> {
    M::SORTS.iter().find(|(name, _)| *name == sort).map(|(_, column)| *column)
}

/// The parts of which a list is merged. Where the filter leaves few rows anyway it is one part.
fn branches<M: Scoped>(
    scope: &RowScope,
    owners: Option<&[Uuid]>,
    few_rows: bool,
    backend: DbBackend,
) -> Vec<Condition> {
    if let (Some(owner), Some(people)) = (M::OWNER, narrowed(scope, owners)) {
        return if people.len() <= FEW && !few_rows {
            each::<M>(owner, &people)
        } else {
            vec![among(owner, &people, backend)]
        };
    }
    let RowScope::People(people) = scope else { return Vec::new() };
    let Some(owner) = M::OWNER.filter(|_| !few_rows) else { return vec![M::seen_by(people)] };
    let beside = M::beside(people);
    if people.len() > FEW {
        let wide = Condition::any().add(among(owner, people, backend));
        return vec![beside.map_or(wide.clone(), |beside| wide.add(beside))];
    }
    let mut branches = each::<M>(owner, people);
    if let Some(beside) = beside {
        // Nobody's are not somebody else's: `not in` is unknown for them.
        let others = Condition::any().add(owner.is_null()).add(owner.is_not_in(people.iter().copied()));
        branches.push(Condition::all().add(beside).add(others));
    }
    branches
}

fn each<M: Scoped>(owner: Column<M>, people: &[Uuid]) -> Vec<Condition> {
    if people.is_empty() {
        return vec![Condition::all().add(owner.is_in(std::iter::empty::<Uuid>()))];
    }
    people.iter().map(|person| Condition::all().add(owner.eq(*person))).collect()
}

fn among(owner: impl ColumnTrait, people: &[Uuid], backend: DbBackend) -> Condition {
    Condition::all().add(beside_the_order(owner, backend).is_in(people.iter().copied()))
}

/// That a text has a part, in whatever case; `%` and `_` in it are letters like others.
pub fn contains(column: impl ColumnTrait, part: &str) -> Expr {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for letter in part.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Expr::expr(Func::lower(column.into_expr())).like(LikeExpr::new(pattern).escape('\\'))
}
