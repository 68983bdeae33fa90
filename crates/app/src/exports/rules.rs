//! Writing files.

use std::io::Write;

use qiao_engine::dates::Period;
use qiao_engine::explain::{one_line, recompute};
use qiao_engine::money::{Currency, format_minor};
use qiao_engine::pay::Line;
use qiao_store::books::View;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::queries;
use crate::activities::ActivityEntry;
use crate::context::{Context, Permission};
use crate::contracts::{ContractEntry, InvoiceEntry, PaymentEntry};
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::entry::list::After;
use crate::entry::{Exported, Listed, Listing};
use crate::error::AppError;
use crate::goals::rules::TargetEntry;
use crate::imports;
use crate::leads::LeadEntry;
use crate::orders::{DeliveryEntry, OrderEntry};
use crate::pay;
use crate::pipeline::opportunities::OpportunityEntry;
use crate::state::AppState;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A kind that can be imported.
    Records(imports::Kind),
    /// Estimates, a row for each person.
    Estimates,
    /// The lines of the estimates.
    Earnings,
    /// The audit log.
    Audit,
}

impl Kind {
    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "estimates" => Some(Self::Estimates),
            "earnings" => Some(Self::Earnings),
            "audit" => Some(Self::Audit),
            other => imports::Kind::parse(other).map(Self::Records),
        }
    }

    /// Every word.
    #[must_use]
    pub fn words() -> Vec<&'static str> {
        let mut words: Vec<_> = imports::Kind::ALL.into_iter().map(imports::Kind::as_str).collect();
        words.extend(["estimates", "earnings", "audit"]);
        words
    }
}

/// What is exported, with the filter of its list.
pub enum Rows {
    /// People in scope.
    People,
    /// Products.
    Products,
    /// Accounts.
    Accounts(Box<FilterOf<AccountEntry>>),
    /// Contacts.
    Contacts(Box<FilterOf<ContactEntry>>),
    /// Leads.
    Leads(Box<FilterOf<LeadEntry>>),
    /// Opportunities.
    Opportunities(Box<FilterOf<OpportunityEntry>>),
    /// Contracts.
    Contracts(Box<FilterOf<ContractEntry>>),
    /// Payments.
    Payments(Box<FilterOf<PaymentEntry>>),
    /// Invoices and credit notes.
    Invoices(Box<FilterOf<InvoiceEntry>>),
    /// Orders.
    Orders(Box<FilterOf<OrderEntry>>),
    /// Deliveries of orders.
    Deliveries(Box<FilterOf<DeliveryEntry>>),
    /// Activities.
    Activities(Box<FilterOf<ActivityEntry>>),
    /// Targets.
    Targets(Box<FilterOf<TargetEntry>>),
    /// Estimates in a period; the present month where there is none.
    Estimates(Option<Period>),
    /// Their lines.
    Earnings(Option<Period>),
    /// The audit log.
    Audit,
}

/// The filter of a kind's list.
pub type FilterOf<E> = <E as Listed>::Filter;

impl Rows {
    /// Everything of a kind.
    #[must_use]
    pub fn all(kind: Kind, period: Option<Period>) -> Self {
        use imports::Kind as K;
        match kind {
            Kind::Records(K::People) => Self::People,
            Kind::Records(K::Products) => Self::Products,
            Kind::Records(K::Accounts) => Self::Accounts(Box::default()),
            Kind::Records(K::Contacts) => Self::Contacts(Box::default()),
            Kind::Records(K::Leads) => Self::Leads(Box::default()),
            Kind::Records(K::Opportunities) => Self::Opportunities(Box::default()),
            Kind::Records(K::Contracts) => Self::Contracts(Box::default()),
            Kind::Records(K::Payments) => Self::Payments(Box::default()),
            Kind::Records(K::Invoices) => Self::Invoices(Box::default()),
            Kind::Records(K::Orders) => Self::Orders(Box::default()),
            Kind::Records(K::Deliveries) => Self::Deliveries(Box::default()),
            Kind::Records(K::Activities) => Self::Activities(Box::default()),
            Kind::Records(K::Targets) => Self::Targets(Box::default()),
            Kind::Estimates => Self::Estimates(period),
            Kind::Earnings => Self::Earnings(period),
            Kind::Audit => Self::Audit,
        }
    }
}

/// Where a file goes, some rows at a time.
pub enum Out<'a> {
    /// Into a file or a buffer.
    Write(&'a mut (dyn Write + Send)),
    /// To somebody who takes it as it comes; the writer waits while they are slow.
    Send(mpsc::Sender<Vec<u8>>),
}

struct Writer<'a> {
    csv: csv::Writer<Vec<u8>>,
    out: Out<'a>,
}

fn internal(error: impl ToString) -> AppError {
    AppError::Unreadable { code: "internal", detail: error.to_string() }
}

impl<'a> Writer<'a> {
    fn new(out: Out<'a>) -> Self {
        Self { csv: csv::Writer::from_writer(Vec::new()), out }
    }

    /// A row; what a spreadsheet would run as a formula is made harmless.
    fn row<I, T>(&mut self, cells: I) -> Result<(), AppError>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<str>,
    {
        for cell in cells {
            self.csv.write_field(imports::harmless(cell.as_ref()).as_bytes()).map_err(internal)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(internal)
    }

    /// Hands out what was written so far.
    async fn hand_out(&mut self) -> Result<(), AppError> {
        self.csv.flush().map_err(internal)?;
        let written = std::mem::replace(&mut self.csv, csv::Writer::from_writer(Vec::new()));
        let bytes = written.into_inner().map_err(|error| internal(error.error()))?;
        match &mut self.out {
            Out::Write(out) => out.write_all(&bytes).map_err(internal),
            Out::Send(out) => out.send(bytes).await.map_err(|_| internal("nobody takes the file any more")),
        }
    }
}

/// Refuses who may not export this.
///
/// # Errors
/// 403 without the permission.
pub fn require(context: &Context, kind: Kind) -> Result<(), AppError> {
    context.require(Permission::Export)?;
    if kind == Kind::Audit { context.require(Permission::ViewAudit) } else { Ok(()) }
}

/// Writes a file.
///
/// # Errors
/// 403 without the permission, 422 where the filter is wrong, [`AppError::Store`] where the database refused.
pub async fn export(state: &AppState, context: &Context, rows: Rows, out: Out<'_>) -> Result<(), AppError> {
    require(context, if matches!(rows, Rows::Audit) { Kind::Audit } else { Kind::Estimates })?;
    let view = state.view(context).await?;
    let mut writer = Writer::new(out);
    let writer = &mut writer;
    match rows {
        Rows::People => {
            writer.row(imports::Kind::People.columns())?;
            people(&view, context, writer)?;
        }
        Rows::Products => {
            writer.row(imports::Kind::Products.columns())?;
            products(&view, writer)?;
        }
        Rows::Accounts(filter) => records::<AccountEntry>(state, &view, context, *filter, writer).await?,
        Rows::Contacts(filter) => records::<ContactEntry>(state, &view, context, *filter, writer).await?,
        Rows::Leads(filter) => records::<LeadEntry>(state, &view, context, *filter, writer).await?,
        Rows::Opportunities(filter) => records::<OpportunityEntry>(state, &view, context, *filter, writer).await?,
        Rows::Contracts(filter) => records::<ContractEntry>(state, &view, context, *filter, writer).await?,
        Rows::Payments(filter) => records::<PaymentEntry>(state, &view, context, *filter, writer).await?,
        Rows::Invoices(filter) => records::<InvoiceEntry>(state, &view, context, *filter, writer).await?,
        Rows::Orders(filter) => records::<OrderEntry>(state, &view, context, *filter, writer).await?,
        Rows::Deliveries(filter) => records::<DeliveryEntry>(state, &view, context, *filter, writer).await?,
        Rows::Activities(filter) => records::<ActivityEntry>(state, &view, context, *filter, writer).await?,
        Rows::Targets(filter) => records::<TargetEntry>(state, &view, context, *filter, writer).await?,
        Rows::Estimates(period) => estimates(&view, context, period, writer)?,
        Rows::Earnings(period) => earnings(state, &view, context, period, writer).await?,
        Rows::Audit => audit(state, context, writer).await?,
    }
    writer.hand_out().await
}

/// How many rows of a kind of record a file will have; none for files of another kind.
///
/// # Errors
/// As for [`export`].
pub async fn size(state: &AppState, context: &Context, rows: Rows) -> Result<Option<u64>, AppError> {
    context.require(Permission::Export)?;
    Ok(Some(match rows {
        Rows::Accounts(filter) => counted::<AccountEntry>(state, context, *filter).await?,
        Rows::Contacts(filter) => counted::<ContactEntry>(state, context, *filter).await?,
        Rows::Leads(filter) => counted::<LeadEntry>(state, context, *filter).await?,
        Rows::Opportunities(filter) => counted::<OpportunityEntry>(state, context, *filter).await?,
        Rows::Contracts(filter) => counted::<ContractEntry>(state, context, *filter).await?,
        Rows::Payments(filter) => counted::<PaymentEntry>(state, context, *filter).await?,
        Rows::Invoices(filter) => counted::<InvoiceEntry>(state, context, *filter).await?,
        Rows::Orders(filter) => counted::<OrderEntry>(state, context, *filter).await?,
        Rows::Deliveries(filter) => counted::<DeliveryEntry>(state, context, *filter).await?,
        Rows::Activities(filter) => counted::<ActivityEntry>(state, context, *filter).await?,
        Rows::Targets(filter) => counted::<TargetEntry>(state, context, *filter).await?,
        Rows::People | Rows::Products | Rows::Estimates(_) | Rows::Earnings(_) | Rows::Audit => return Ok(None),
    }))
}

async fn counted<E: Listed>(state: &AppState, context: &Context, mut filter: E::Filter) -> Result<u64, AppError> {
    let (_, listing) = E::paging(&mut filter).checked(state, context, &E::sorts()).await?;
    E::count(state, context, &filter, &listing).await
}

fn present(view: &View, context: &Context, period: Option<Period>) -> Period {
    let calendar = &view.snapshot.definitions.company.calendar;
    period.unwrap_or_else(|| calendar.period_of(context.today(), qiao_engine::dates::PeriodKind::Month))
}

fn estimates(view: &View, context: &Context, period: Option<Period>, out: &mut Writer<'_>) -> Result<(), AppError> {
    let period = present(view, context, period);
    let currency = view.snapshot.definitions.company.currency;
    out.row(["person", "period", "amount", "currency"])?;
    for row in pay::rules::estimates(&view.snapshot, context, period) {
        let amount = format_minor(row.estimate.total_minor(), currency);
        out.row([row.key.as_str(), &period.to_string(), &amount, currency.code()])?;
    }
    Ok(())
}

async fn earnings(
    state: &AppState,
    view: &View,
    context: &Context,
    period: Option<Period>,
    out: &mut Writer<'_>,
) -> Result<(), AppError> {
    let period = present(view, context, period);
    let currency = view.snapshot.definitions.company.currency;
    out.row(["person", "period", "component", "fact", "basis", "rate", "amount", "status", "explanation"])?;
    for row in pay::rules::estimates(&view.snapshot, context, period) {
        let sequences: Vec<u32> = row.estimate.lines.iter().filter_map(|line| line.sequence).collect();
        let facts = crate::facts::named(state, context, &sequences).await?;
        for line in &row.estimate.lines {
            // What cannot be recomputed from its own explanation is not written down.
            if recompute(&line.steps, currency.digits()) != Some(line.amount_minor) {
                let fact = line.sequence.map_or_else(|| "of none".to_owned(), |sequence| sequence.to_string());
                let detail = format!("{}: {}, fact {fact}: does not recompute to its amount", row.key, line.component);
                return Err(AppError::Unreadable { code: "internal", detail });
            }
            let fact = line.sequence.and_then(|sequence| facts.get(&sequence));
            let fact = fact.map(|fact| fact.fact.id.to_string()).unwrap_or_default();
            let cells = earning(line, currency, context);
            let [basis, rate, amount, explanation] = cells;
            let status = line.status.as_str();
            let period = line.period.to_string();
            out.row([&row.key, &period, &line.component, &fact, &basis, &rate, &amount, status, &explanation])?;
        }
    }
    Ok(())
}

/// A number with the currency's digits at least.
fn decimal(number: &qiao_engine::exact::Exact, currency: Currency) -> Option<String> {
    let decimal = number.to_decimal(8)?;
    let places = usize::try_from(currency.digits().max(decimal.scale())).ok()?;
    Some(format!("{decimal:.places$}"))
}

/// Basis, rate, amount and explanation of a line.
fn earning(line: &Line, currency: Currency, context: &Context) -> [String; 4] {
    let basis = line.basis.as_ref().and_then(|basis| decimal(basis, currency)).unwrap_or_default();
    let rates: Vec<String> = line.rates.iter().map(ToString::to_string).collect();
    let explanation = one_line(&line.steps, currency, context.language());
    [basis, rates.join(";"), format_minor(line.amount_minor, currency), explanation]
}

fn people(view: &View, context: &Context, out: &mut Writer<'_>) -> Result<(), AppError> {
    let definitions = &view.snapshot.definitions;
    let mut rows: Vec<_> =
        definitions.people.values().filter(|person| context.rows.covers(Some(Uuid::from_u128(person.id)))).collect();
    rows.sort_by(|a, b| a.key().cmp(b.key()));
    for person in rows {
        let last = definitions.memberships_of(person.id).last();
        let team = last.and_then(|m| definitions.teams.get(&m.team)).map(|team| team.path.clone()).unwrap_or_default();
        let manager = last.and_then(|m| m.manager).and_then(|id| definitions.people.get(&id));
        let manager = manager.map(|manager| manager.key().to_owned()).unwrap_or_default();
        let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let (email, phone) = (person.email.clone().unwrap_or_default(), String::new());
        let role = last.map(|m| m.role.clone()).unwrap_or_default();
        out.row([
            person.key(),
            &person.name,
            &email,
            &phone,
            &team,
            &role,
            &manager,
            &day(person.start),
            &day(person.end),
        ])?;
    }
    Ok(())
}

fn products(view: &View, out: &mut Writer<'_>) -> Result<(), AppError> {
    let currency = view.snapshot.definitions.company.currency;
    for product in &view.catalog.products {
        let line = view.catalog.line_of(Some(product.id)).unwrap_or_default();
        let money = |minor: Option<i64>| minor.map(|minor| format_minor(minor, currency)).unwrap_or_default();
        let unit = product.unit.clone().unwrap_or_default();
        let (price, cost) = (money(product.list_price_minor), money(product.cost_minor));
        out.row([&product.code, &product.name, &line, &price, &cost, &unit])?;
    }
    Ok(())
}

/// The rows of a kind of record that the asker's list has, in its order; the oldest first where none is asked for.
async fn records<E: Exported>(
    state: &AppState,
    view: &View,
    context: &Context,
    mut filter: E::Filter,
    out: &mut Writer<'_>,
) -> Result<(), AppError> {
    out.row(E::COLUMNS)?;
    let paging = E::paging(&mut filter);
    let sorted = paging.sort.is_some();
    let (_, listing) = paging.checked(state, context, &E::sorts()).await?;
    let mut listing = Listing { limit: queries::PAGE, descending: sorted && listing.descending, ..listing };
    loop {
        let rows = E::list(state, context, &filter, &listing).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        let key = listing.sort.and_then(|sort| E::sort_key(last, sort));
        listing.after = Some(After { key, id: E::id(last) });
        for cells in E::cells(state, view, &rows).await? {
            out.row(cells)?;
        }
        out.hand_out().await?;
    }
}

async fn audit(state: &AppState, context: &Context, out: &mut Writer<'_>) -> Result<(), AppError> {
    context.require(Permission::ViewAudit)?;
    out.row(["sequence", "at", "actor_kind", "actor", "action", "record_type", "record", "before", "after"])?;
    let mut after = 0;
    loop {
        let rows = queries::audit(state.store().pool(), after).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.sequence;
        for row in &rows {
            out.row([
                row.sequence.to_string(),
                crate::time::rfc3339(row.at),
                row.actor_kind.clone(),
                row.actor_name.clone(),
                row.action.clone(),
                row.record_type.clone(),
                row.record_id.map(|id| id.to_string()).unwrap_or_default(),
                row.before_payload.clone().unwrap_or_default(),
                row.after_payload.clone().unwrap_or_default(),
            ])?;
        }
        out.hand_out().await?;
    }
}
