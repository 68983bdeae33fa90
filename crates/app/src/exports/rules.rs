//! Writing files.

use std::io::Write;

use qiao_engine::dates::Period;
use qiao_engine::explain::{one_line, recompute};
use qiao_engine::money::{Currency, format_minor};
use qiao_engine::plans::Line;
use qiao_store::books::View;
use uuid::Uuid;

use super::queries;
use crate::activities::ActivityEntry;
use crate::context::{Context, Permission};
use crate::contracts::{ContractEntry, PaymentEntry};
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::entry::list::After;
use crate::entry::{Exported, Listing};
use crate::error::AppError;
use crate::goals::rules::TargetEntry;
use crate::imports;
use crate::leads::LeadEntry;
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

struct Writer<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    fn row<I, T>(&mut self, cells: I) -> Result<(), AppError>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<[u8]>,
    {
        self.csv
            .write_record(cells)
            .map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })
    }
}

/// Writes a file.
///
/// # Errors
/// 403 without the permission, [`AppError::Store`] where the database refused.
pub async fn export(
    state: &AppState,
    context: &Context,
    kind: Kind,
    period: Option<Period>,
    out: impl Write,
) -> Result<(), AppError> {
    context.require(Permission::Export)?;
    if kind == Kind::Audit {
        context.require(Permission::ViewAudit)?;
    }
    let view = state.view(context).await?;
    let mut writer = Writer { csv: csv::Writer::from_writer(out) };
    match kind {
        Kind::Records(kind) => {
            writer.row(kind.columns())?;
            match kind {
                imports::Kind::People => people(&view, context, &mut writer)?,
                imports::Kind::Products => products(&view, &mut writer)?,
                imports::Kind::Accounts => records::<AccountEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Contacts => records::<ContactEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Leads => records::<LeadEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Opportunities => {
                    records::<OpportunityEntry, _>(state, &view, context, &mut writer).await?;
                }
                imports::Kind::Contracts => records::<ContractEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Payments => records::<PaymentEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Activities => records::<ActivityEntry, _>(state, &view, context, &mut writer).await?,
                imports::Kind::Targets => records::<TargetEntry, _>(state, &view, context, &mut writer).await?,
            }
        }
        Kind::Estimates => estimates(&view, context, period, &mut writer)?,
        Kind::Earnings => earnings(state, &view, context, period, &mut writer).await?,
        Kind::Audit => audit(state, context, &mut writer).await?,
    }
    writer.csv.flush().map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })
}

fn present(view: &View, context: &Context, period: Option<Period>) -> Period {
    let calendar = &view.snapshot.definitions.company.calendar;
    period.unwrap_or_else(|| calendar.period_of(context.today(), qiao_engine::dates::PeriodKind::Month))
}

fn estimates<W: Write>(
    view: &View,
    context: &Context,
    period: Option<Period>,
    out: &mut Writer<W>,
) -> Result<(), AppError> {
    let period = present(view, context, period);
    let currency = view.snapshot.definitions.company.currency;
    out.row(["person", "period", "amount", "currency"])?;
    for row in pay::rules::estimates(&view.snapshot, context, period) {
        let amount = format_minor(row.estimate.total_minor(), currency);
        out.row([row.key.as_str(), &period.to_string(), &amount, currency.code()])?;
    }
    Ok(())
}

async fn earnings<W: Write>(
    state: &AppState,
    view: &View,
    context: &Context,
    period: Option<Period>,
    out: &mut Writer<W>,
) -> Result<(), AppError> {
    let period = present(view, context, period);
    let currency = view.snapshot.definitions.company.currency;
    out.row(["person", "period", "component", "fact", "basis", "rate", "amount", "status", "explanation"])?;
    for row in pay::rules::estimates(&view.snapshot, context, period) {
        let sequences: Vec<u32> = row.estimate.lines.iter().map(|line| line.sequence).collect();
        let facts = crate::facts::named(state, context, &sequences).await?;
        for line in &row.estimate.lines {
            // What cannot be recomputed from its own explanation is not written down.
            if recompute(&line.steps) != Some(line.amount_minor) {
                let detail = format!("{}: fact {} does not recompute to its amount", row.key, line.sequence);
                return Err(AppError::Unreadable { code: "internal", detail });
            }
            let fact = facts.get(&line.sequence).map(|fact| fact.fact.id.to_string()).unwrap_or_default();
            let cells = earning(line, currency, context);
            let [basis, rate, amount, explanation] = cells;
            let status = line.status.as_str();
            let period = line.period.to_string();
            out.row([&row.key, &period, &line.component, &fact, &basis, &rate, &amount, status, &explanation])?;
        }
    }
    Ok(())
}

/// Basis, rate, amount and explanation of a line.
fn earning(line: &Line, currency: Currency, context: &Context) -> [String; 4] {
    let basis = line.basis_minor.map(|minor| format_minor(minor, currency)).unwrap_or_default();
    let rates: Vec<String> = line.rates.iter().map(|rate| rate.normalize().to_string()).collect();
    let explanation = one_line(&line.steps, currency, context.language());
    [basis, rates.join(";"), format_minor(line.amount_minor, currency), explanation]
}

fn people<W: Write>(view: &View, context: &Context, out: &mut Writer<W>) -> Result<(), AppError> {
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

fn products<W: Write>(view: &View, out: &mut Writer<W>) -> Result<(), AppError> {
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

/// The rows of a kind of record that the asker sees, the oldest first.
async fn records<E: Exported, W: Write>(
    state: &AppState,
    view: &View,
    context: &Context,
    out: &mut Writer<W>,
) -> Result<(), AppError>
where
    E::Filter: Default,
{
    let mut listing = Listing::all(queries::PAGE);
    let filter = E::Filter::default();
    loop {
        let rows = E::list(state, context, &filter, &listing).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        listing.after = Some(After { key: None, id: E::id(last) });
        for cells in E::cells(state, view, &rows).await? {
            out.row(cells)?;
        }
    }
}

async fn audit<W: Write>(state: &AppState, context: &Context, out: &mut Writer<W>) -> Result<(), AppError> {
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
    }
}
