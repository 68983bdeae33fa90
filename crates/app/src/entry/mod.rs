//! How records are written: a line of a file and a form of the API are the same thing here, a [`Row`], and go the same
//! way. What a row means is the business of the capability that owns the record: its [`Entry`].
//!
//! It must never know a kind of record.

mod archive;
pub mod bulk;
mod drafts;
pub mod list;
mod lookup;
mod names;
mod own;
pub mod queries;
mod row;

use chrono::NaiveDate;
use qiao_engine::definitions::Definitions;
use qiao_engine::money::Currency;
use qiao_store::books::View;
use qiao_store::{Record, Tx};
use serde::Serialize;
use uuid::Uuid;

use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::http::idempotent;
use crate::state::AppState;

pub use archive::{archive, restore};
pub use drafts::{Draft, Drafts, placed};
pub use list::{Listing, Paging};
pub use lookup::{Lookup, Words};
pub use names::Names;
pub use own::Own;
pub use queries::{Scoped, Stored, key};
pub use row::{Place, Row, RowOutcome, Verdict, nearest, reason};

/// Rows that are written in one transaction, and what they are read against.
pub struct Chunk {
    /// The rows.
    pub rows: Vec<Row>,
    /// Who writes.
    pub context: Context,
    /// Facts, definitions and catalog at the beginning.
    pub view: View,
}

impl Chunk {
    /// True for lines of a file; false for a form.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.rows.first().is_some_and(|row| !row.is_form())
    }

    /// The record that a PATCH is about; none for files and POST.
    #[must_use]
    pub fn patched(&self) -> Option<Uuid> {
        match self.rows.first().map(|row| row.place) {
            Some(Place::At { id, .. }) => Some(id),
            _ => None,
        }
    }
}

/// A row's outcome and the record it wrote, or left as it was.
pub type Written<W> = (RowOutcome, Option<W>);

/// A record with all that belongs to it; a table's row alone where nothing does.
pub trait Whole: Clone + Sized + Send + Sync + 'static {
    /// The row of its table.
    type Record: Stored;

    /// The row.
    fn record(&self) -> &Self::Record;

    /// Puts the row as it was saved in its place.
    fn set_record(&mut self, record: Self::Record);

    /// Reads what belongs to rows that were read in the asker's scope, in their order.
    fn gather(
        state: &AppState,
        context: &Context,
        rows: Vec<Self::Record>,
    ) -> impl Future<Output = Result<Vec<Self>, AppError>> + Send;
}

impl<M: Stored> Whole for M {
    type Record = M;

    fn record(&self) -> &M {
        self
    }

    fn set_record(&mut self, record: M) {
        *self = record;
    }

    async fn gather(_: &AppState, _: &Context, rows: Vec<M>) -> Result<Vec<M>, AppError> {
        Ok(rows)
    }
}

/// A kind of record that people write.
pub trait Entry: 'static {
    /// The record with all that belongs to it.
    type Whole: Whole;
    /// The record as the API answers it.
    type View: Serialize + Send + for<'a> From<&'a Self::Whole> + 'static;
    /// What one needs to write it.
    const PERMISSION: Permission;

    /// The record's version.
    fn version(whole: &Self::Whole) -> i64 {
        whole.record().version()
    }

    /// What the records of a page name by id, by name: people, customers, deals.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused.
    fn names(
        _state: &AppState,
        _view: &View,
        _page: &[Self::Whole],
    ) -> impl Future<Output = Result<Names, AppError>> + Send {
        async { Ok(Names::default()) }
    }

    /// Writes rows.
    ///
    /// # Errors
    /// [`AppError::NotFound`] and [`AppError::Stale`] for a PATCH, [`AppError::Store`] where the database refused. What
    /// is wrong with a row stands in its outcome.
    fn write(tx: &mut Tx, chunk: &Chunk) -> impl Future<Output = Result<Vec<Written<Self::Whole>>, AppError>> + Send;
}

/// A kind of record that can be read back.
pub trait Listed: Entry {
    /// The query parameters of its list.
    type Filter: Paged + serde::de::DeserializeOwned + Send + Sync + 'static;

    /// The record's id.
    fn id(whole: &Self::Whole) -> Uuid {
        whole.record().key()
    }

    /// Takes the part of the query that says which page is asked for.
    fn paging(filter: &mut Self::Filter) -> Paging {
        filter.paging()
    }

    /// What its list is sorted by besides creation.
    fn sorts() -> Vec<&'static str> {
        Vec::new()
    }

    /// What a record is sorted by; none where that is empty.
    fn sort_key(_: &Self::Whole, _: &str) -> Option<String> {
        None
    }

    /// A page of records in the asker's scope.
    fn list(
        state: &AppState,
        context: &Context,
        filter: &Self::Filter,
        listing: &Listing,
    ) -> impl Future<Output = Result<Vec<Self::Whole>, AppError>> + Send;

    /// How many records the list has on all its pages.
    fn count(
        state: &AppState,
        context: &Context,
        filter: &Self::Filter,
        listing: &Listing,
    ) -> impl Future<Output = Result<u64, AppError>> + Send;

    /// A record in the asker's scope.
    fn find(
        state: &AppState,
        context: &Context,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Self::Whole>, AppError>> + Send;
}

/// Every kind whose rows are seen by scope is read back in one way.
impl<E: Entry> Listed for E
where
    <E::Whole as Whole>::Record: Scoped,
{
    type Filter = <<E::Whole as Whole>::Record as Scoped>::Filter;

    fn sorts() -> Vec<&'static str> {
        <E::Whole as Whole>::Record::SORTS.iter().map(|(name, _)| *name).collect()
    }

    fn sort_key(whole: &E::Whole, sort: &str) -> Option<String> {
        queries::sort_key(whole.record(), sort)
    }

    async fn list(
        state: &AppState,
        context: &Context,
        filter: &Self::Filter,
        listing: &Listing,
    ) -> Result<Vec<Self::Whole>, AppError> {
        let rows = list::queries::page(state, context, filter, listing).await?;
        E::Whole::gather(state, context, rows).await
    }

    async fn count(
        state: &AppState,
        context: &Context,
        filter: &Self::Filter,
        listing: &Listing,
    ) -> Result<u64, AppError> {
        list::queries::count::<<E::Whole as Whole>::Record>(state, context, filter, listing).await
    }

    async fn find(state: &AppState, context: &Context, id: Uuid) -> Result<Option<Self::Whole>, AppError> {
        let found = queries::find(state.store().pool(), &context.rows, id).await?;
        Ok(E::Whole::gather(state, context, found.into_iter().collect()).await?.pop())
    }
}

/// A kind of record that can be exported, in the form that an import takes back.
pub trait Exported: Listed {
    /// The columns of its file.
    const COLUMNS: &'static [&'static str];

    /// The cells of some records, in the order of the columns.
    fn cells(
        state: &AppState,
        view: &View,
        page: &[Self::Whole],
    ) -> impl Future<Output = Result<Vec<Vec<String>>, AppError>> + Send;
}

/// The filter of a list, with the page that is asked for.
pub trait Paged {
    /// Takes the part of the query that says which page is asked for.
    fn paging(&mut self) -> Paging;
}

/// The filter of a list: its fields and those of every list; `archived` where records can be put away, `owned` where they
/// can and have an owner.
macro_rules! filter {
    ($(#[$about:meta])* owned $name:ident { $($fields:tt)* }) => {
        $crate::entry::filter! { @ $(#[$about])* $name { $($fields)* } {
            /// Only what this team's people own, those of the teams below it included.
            team_id: Uuid => team,
            /// True for what was put away instead of what is there.
            archived: bool => archived,
        } }
    };
    ($(#[$about:meta])* archived $name:ident { $($fields:tt)* }) => {
        $crate::entry::filter! { @ $(#[$about])* $name { $($fields)* } {
            /// True for what was put away instead of what is there.
            archived: bool => archived,
        } }
    };
    ($(#[$about:meta])* $name:ident { $($fields:tt)* }) => {
        $crate::entry::filter! { @ $(#[$about])* $name { $($fields)* } {} }
    };
    (@ $(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])* $field:ident: $type:ty,)* }
        { $($(#[doc = $part_doc:literal])* $part:ident: $part_type:ty => $paging:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: Option<$type>,)*
            $($(#[doc = $part_doc])* pub $part: Option<$part_type>,)*
            /// Rows per page, 1 to 200, 50 by default.
            pub limit: Option<u64>,
            /// The `next_cursor` of the page before.
            pub cursor: Option<String>,
            /// `-created_at` (newest first, the default), `created_at`, or another column of the kind; rows without a
            /// value come last.
            pub sort: Option<String>,
        }

        impl $crate::entry::Paged for $name {
            fn paging(&mut self) -> $crate::entry::Paging {
                #[allow(unused_mut, reason = "a kind that has no such part")]
                let mut paging =
                    $crate::entry::Paging::of(self.limit.take(), self.cursor.take(), self.sort.take());
                $(paging.$paging = self.$part.take();)*
                paging
            }
        }
    };
}
pub(crate) use filter;

/// Writes a form. The answer is the record and its version; it is kept under the request's idempotency key.
///
/// # Errors
/// 403 without the permission, 404, 412, 422 with every wrong field.
pub async fn save<E: Entry>(state: &AppState, context: &Context, row: Row) -> Result<(E::View, i64), AppError> {
    context.require(E::PERMISSION)?;
    let view = state.view(context).await?;
    let chunk = Chunk { rows: vec![row], context: context.clone(), view };
    Ok(state.store().write(&context.write(), chunk, |tx, chunk| Box::pin(save_one::<E>(tx, chunk))).await?)
}

async fn save_one<E: Entry>(tx: &mut Tx, chunk: &Chunk) -> Result<(E::View, i64), AppError> {
    let is_new = chunk.rows.first().is_some_and(|row| row.place == Place::New);
    let (outcome, whole) = E::write(tx, chunk).await?.pop().ok_or(AppError::NotFound)?;
    if !outcome.errors.is_empty() {
        return Err(AppError::Invalid(outcome.errors));
    }
    let whole = whole.ok_or(AppError::NotFound)?;
    let view = E::View::from(&whole);
    Ok((if is_new { idempotent(tx, 201, view) } else { view }, E::version(&whole)))
}

/// The record that a row is about, as it is now: none where it is to be made.
///
/// # Errors
/// For a PATCH: 404 where it is not there or out of scope, 412 where it was changed since it was read, 409 where it was put
/// away.
pub fn present<M: Record>(row: &Row, by_key: Option<&M>, by_id: Option<&M>) -> Result<Option<M>, AppError> {
    match row.place {
        Place::Key => Ok(by_key.cloned()),
        Place::New => Ok(None),
        Place::At { version, .. } => {
            let found = by_id.ok_or(AppError::NotFound)?;
            if found.version() != version {
                return Err(AppError::Stale);
            }
            // What was put away is brought back first: nobody changes it by an old link.
            if found.archived_at().is_some() { Err(AppError::Conflict("archived")) } else { Ok(Some(found.clone())) }
        }
    }
}

/// The owner after a row. A new record of a form belongs to the asker where the form names nobody; nobody gives a record to
/// somebody they do not see.
pub fn owner(row: &mut Row, chunk: &Chunk, is_new: bool, old: Option<Uuid>) -> Option<Uuid> {
    let new = row.person("owner", &chunk.view.snapshot.definitions, &chunk.context.rows);
    let owner = row.or("owner", new, old);
    if row.is_form() && owner.is_none() && !row.errors.iter().any(|error| error.pointer == "/owner_id") {
        if is_new && chunk.context.person_id.is_some() && !row.names("owner") {
            return chunk.context.person_id;
        }
        row.wrong("owner", "required", &[]);
    }
    owner
}

/// The day of a record after a row. A new record of a form is of today where the form names no day; a line of a file names it.
pub fn day(row: &mut Row, column: &'static str, is_new: bool, old: NaiveDate) -> NaiveDate {
    let day = row.date(column);
    if day.is_none() && is_new && !row.is_form() && row.get(column).is_none() {
        row.wrong(column, "required", &[]);
    }
    day.unwrap_or(old)
}

/// Refuses a row in another currency than the company's.
pub fn in_currency(row: &mut Row, currency: Currency) {
    if let Some(code) = row.text("currency", 3)
        && code != currency.code()
    {
        row.wrong("currency", "currency_mismatch", &[&code, currency.code()]);
    }
}

/// How files name a person: the external id, else the address.
#[must_use]
pub fn person_key(definitions: &Definitions, id: Option<Uuid>) -> String {
    let person = id.and_then(|id| definitions.people.get(&id.as_u128()));
    person.map(|person| person.key().to_owned()).unwrap_or_default()
}
