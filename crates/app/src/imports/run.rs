//! Running an import: the file in chunks, each chunk one transaction.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use qiao_store::{Tx, WriteError};

use super::mapping::Mapping;
use super::order::{Order, Slot};
use super::safe::original;
use super::table::Table;
use crate::activities::ActivityEntry;
use crate::context::{Context, Permission};
use crate::contracts::{ContractEntry, InvoiceEntry, PaymentEntry};
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::entry::{Chunk, Entry, Exported, Row, RowOutcome, Verdict, reason};
use crate::error::{AppError, FieldError};
use crate::goals::rules::TargetEntry;
use crate::leads::LeadEntry;
use crate::orders::{DeliveryEntry, OrderEntry};
use crate::pipeline::opportunities::OpportunityEntry;
use crate::state::AppState;
use crate::{catalog, people};

/// Rows in one transaction.
pub(super) const CHUNK: usize = 200;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// People with their team.
    People,
    /// Products.
    Products,
    /// Accounts.
    Accounts,
    /// Contacts.
    Contacts,
    /// Leads.
    Leads,
    /// Opportunities.
    Opportunities,
    /// Contracts with their lines, splits and schedules.
    Contracts,
    /// Payments, refunds, write-offs.
    Payments,
    /// Invoices and credit notes.
    Invoices,
    /// Orders.
    Orders,
    /// Deliveries of orders.
    Deliveries,
    /// Activities.
    Activities,
    /// Targets.
    Targets,
}

impl Kind {
    /// Every kind that can be imported.
    pub const ALL: [Kind; 13] = [
        Kind::People,
        Kind::Products,
        Kind::Accounts,
        Kind::Contacts,
        Kind::Leads,
        Kind::Opportunities,
        Kind::Contracts,
        Kind::Payments,
        Kind::Invoices,
        Kind::Orders,
        Kind::Deliveries,
        Kind::Activities,
        Kind::Targets,
    ];

    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Products => "products",
            Self::Accounts => "accounts",
            Self::Contacts => "contacts",
            Self::Leads => "leads",
            Self::Opportunities => "opportunities",
            Self::Contracts => "contracts",
            Self::Payments => "payments",
            Self::Invoices => "invoices",
            Self::Orders => "orders",
            Self::Deliveries => "deliveries",
            Self::Activities => "activities",
            Self::Targets => "targets",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Our columns, in the order in which they are exported.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::People => people::rules::COLUMNS,
            Self::Products => catalog::rules::COLUMNS,
            Self::Accounts => AccountEntry::COLUMNS,
            Self::Contacts => ContactEntry::COLUMNS,
            Self::Leads => LeadEntry::COLUMNS,
            Self::Opportunities => OpportunityEntry::COLUMNS,
            Self::Contracts => ContractEntry::COLUMNS,
            Self::Payments => PaymentEntry::COLUMNS,
            Self::Invoices => InvoiceEntry::COLUMNS,
            Self::Orders => OrderEntry::COLUMNS,
            Self::Deliveries => DeliveryEntry::COLUMNS,
            Self::Activities => ActivityEntry::COLUMNS,
            Self::Targets => TargetEntry::COLUMNS,
        }
    }

    /// Refuses who may not import this kind: besides importing, people and products have a permission of their own.
    ///
    /// # Errors
    /// 403 without the permission.
    pub fn require(self, context: &Context) -> Result<(), AppError> {
        context.require(Permission::Import)?;
        match self {
            Self::People => context.require(Permission::ManagePeople),
            Self::Products => context.require(Permission::ManageCatalog),
            _ => Ok(()),
        }
    }

    /// The columns that name the record, and the one that names another record of the same kind, if there is one.
    pub(super) fn key_and_parent(self) -> (&'static [&'static str], Option<&'static str>) {
        match self {
            Self::People => (&["person"], None),
            Self::Products => (&["product"], None),
            Self::Accounts => (&["account"], Some("parent")),
            Self::Contacts => (&["contact"], None),
            Self::Leads => (&["lead"], None),
            Self::Opportunities => (&["opportunity"], None),
            Self::Contracts => (&["contract"], Some("parent")),
            Self::Payments => (&["payment"], Some("refers_to")),
            Self::Invoices => (&["invoice"], None),
            Self::Orders => (&["sales_order"], None),
            Self::Deliveries => (&["delivery"], None),
            Self::Activities => (&["activity"], None),
            Self::Targets => (&["metric", "subject", "period", "product_line", "region", "tier"], None),
        }
    }

    /// The column by whose date the rows of a file go in: whether a customer was new is decided by what was signed before,
    /// and the oldest payment pays the oldest debt.
    pub(super) fn dated_by(self) -> Option<&'static str> {
        match self {
            Self::Contracts => Some("signed_on"),
            Self::Payments => Some("received_on"),
            Self::Orders => Some("sold_on"),
            _ => None,
        }
    }
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its line in the file.
    pub line: usize,
    /// Its cells as they came.
    pub cells: Vec<String>,
    /// Why, in the asker's language.
    pub reason: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New records.
    pub created: usize,
    /// Changed records.
    pub updated: usize,
    /// Records that were like this already.
    pub unchanged: usize,
    /// Rows that were rejected.
    pub rejected: Vec<Rejected>,
    /// Teams, managers, product lines made beside, by kind.
    pub beside: BTreeMap<&'static str, usize>,
}

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Applied {
    /// Each row.
    pub rows: Vec<RowOutcome>,
    /// What was made beside.
    pub beside: BTreeMap<&'static str, usize>,
}

pub(super) enum ChunkError {
    App(AppError),
    /// A dry run: everything is undone.
    DryRun(Applied),
}

impl From<AppError> for ChunkError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

pub(super) struct Input {
    pub kind: Kind,
    pub chunk: Chunk,
    pub dry_run: bool,
}

pub(super) fn apply<'a>(tx: &'a mut Tx, input: &'a Input) -> BoxFuture<'a, Result<Applied, ChunkError>> {
    Box::pin(async move {
        let applied = write(tx, input.kind, &input.chunk).await?;
        if input.dry_run { Err(ChunkError::DryRun(applied)) } else { Ok(applied) }
    })
}

/// Writes the rows of a chunk in a transaction.
///
/// # Errors
/// [`AppError::Store`] where the database refused. What is wrong with a row stands in its outcome.
pub(super) async fn write(tx: &mut Tx, kind: Kind, chunk: &Chunk) -> Result<Applied, AppError> {
    match kind {
        Kind::People => people::rules::import(tx, chunk).await,
        Kind::Products => catalog::rules::import(tx, chunk).await,
        Kind::Accounts => records::<AccountEntry>(tx, chunk).await,
        Kind::Contacts => records::<ContactEntry>(tx, chunk).await,
        Kind::Leads => records::<LeadEntry>(tx, chunk).await,
        Kind::Opportunities => records::<OpportunityEntry>(tx, chunk).await,
        Kind::Contracts => records::<ContractEntry>(tx, chunk).await,
        Kind::Payments => records::<PaymentEntry>(tx, chunk).await,
        Kind::Invoices => records::<InvoiceEntry>(tx, chunk).await,
        Kind::Orders => records::<OrderEntry>(tx, chunk).await,
        Kind::Deliveries => records::<DeliveryEntry>(tx, chunk).await,
        Kind::Activities => records::<ActivityEntry>(tx, chunk).await,
        Kind::Targets => records::<TargetEntry>(tx, chunk).await,
    }
}

/// A row of a file under our names.
#[must_use]
pub(super) fn row_of(line: usize, header: &[String], cells: &[String], mapping: &Mapping) -> Row {
    let mut values = mapping.apply(header, cells);
    for value in values.values_mut() {
        let text = original(value);
        if text.len() != value.len() {
            *value = text.to_owned();
        }
    }
    Row::new(line, values)
}

async fn records<E: Entry>(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let rows = E::write(tx, chunk).await?.into_iter().map(|(outcome, _)| outcome).collect();
    Ok(Applied { rows, beside: BTreeMap::new() })
}

/// Imports a table. `progress` is told how many rows are done.
///
/// # Errors
/// 403 without the permission, 422 where the mapping does not fit the file. Wrong rows are no error: they are in the
/// outcome.
pub async fn run(
    state: &AppState,
    context: &Context,
    kind: Kind,
    table: &Table,
    mapping: &Mapping,
    dry_run: bool,
    mut progress: impl FnMut(usize, usize),
) -> Result<Outcome, AppError> {
    kind.require(context)?;
    mapping.check(kind.columns(), &table.header).map_err(|detail| AppError::Unreadable { code: "mapping", detail })?;
    let (chunks, mut outcome) = ordered(kind, table, mapping, context);
    let total = table.rows.len();
    let mut done = outcome.rejected.len();
    for rows in chunks {
        done += rows.len();
        let view = state.books().view().await?;
        let chunk = Chunk { rows, context: context.clone(), view };
        let written = state.store().write(&context.write(), Input { kind, chunk, dry_run }, apply).await;
        let applied = match written {
            Ok(applied) | Err(WriteError::Refused(ChunkError::DryRun(applied))) => applied,
            Err(WriteError::Refused(ChunkError::App(error))) => return Err(error),
            Err(WriteError::Store(error)) => return Err(error.into()),
            Err(WriteError::Replayed(answer)) => return Err(AppError::Replayed(answer)),
        };
        outcome.add(applied, table, context);
        progress(done, total);
    }
    outcome.rejected.sort_by_key(|rejected| rejected.line);
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, applied: Applied, table: &Table, context: &Context) {
        for row in applied.rows {
            match row.verdict {
                Verdict::Created => self.created += 1,
                Verdict::Updated => self.updated += 1,
                Verdict::Unchanged => self.unchanged += 1,
                Verdict::Rejected => self.reject(row.line, &row.errors, table, context),
            }
        }
        for (kind, count) in applied.beside {
            *self.beside.entry(kind).or_default() += count;
        }
    }

    fn reject(&mut self, line: usize, errors: &[FieldError], table: &Table, context: &Context) {
        let found = table.rows.binary_search_by_key(&line, |(line, _)| *line).ok().and_then(|at| table.rows.get(at));
        let cells = found.map(|(_, cells)| cells.clone()).unwrap_or_default();
        self.rejected.push(Rejected { line, cells, reason: reason(errors, context.locale) });
    }
}

/// The rows of the file in chunks: what names another row of the file comes after it, and the second row of a record is
/// rejected.
fn ordered(kind: Kind, table: &Table, mapping: &Mapping, context: &Context) -> (Vec<Vec<Row>>, Outcome) {
    let row = |(line, cells): &(usize, Vec<String>)| Some(row_of(*line, &table.header, cells, mapping));
    let mut rows: Vec<Option<Row>> = table.rows.iter().map(row).collect();
    let slots: Vec<Slot> = rows.iter().flatten().map(|row| Slot::of(kind, row)).collect();
    let order = Order::of(kind, &slots);
    let mut outcome = Outcome::default();
    for (at, first) in &order.twice {
        if let Some(mut row) = rows.get_mut(*at).and_then(Option::take) {
            twice(kind, &mut row, *first);
            outcome.reject(row.line, &row.errors, table, context);
        }
    }
    let mut take = |at: &usize| rows.get_mut(*at).and_then(Option::take);
    let chunks = order.chunks(CHUNK).iter().map(|chunk| chunk.iter().filter_map(&mut take).collect()).collect();
    (chunks, outcome)
}

/// Notes that an earlier line is about the same record.
pub(super) fn twice(kind: Kind, row: &mut Row, first: usize) {
    let (keys, _) = kind.key_and_parent();
    row.wrong(keys.first().copied().unwrap_or_default(), "twice_in_file", &[&first.to_string()]);
}
