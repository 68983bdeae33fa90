//! Payments, refunds and write-offs: how they look from outside and how they are written.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::{payment, payment_allocation};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::payment_facts::Ledgers;
use super::rules::Contracts;
use super::{queries, rules};
use crate::context::{Context, Permission};
use crate::customers;
use crate::entry::queries::parts;
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Whole, Written};
use crate::error::AppError;
use crate::figures::Amount;
use crate::forms::{Money, NAME, NOTE};
use crate::http::crud::record_routes;
use crate::inbox::{self, Data, Kind, News, To};
use crate::state::AppState;
use crate::time::rfc3339;

/// What money can do.
const KINDS: &[&str] = &["payment", "refund", "write_off"];

/// A payment as it is sent. Absent fields stay, null empties them. A correction takes the old facts back and records new
/// ones.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct PaymentForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The contract; required for a new one, and fixed.
    contract_id: Option<String>,
    /// payment, refund or write_off; payment where absent.
    kind: Option<String>,
    /// The payment that a refund gives back from.
    refers_to_id: Option<String>,
    /// The day the money came in, went back or was given up; today for a new one where absent.
    received_on: Option<String>,
    /// How much, above zero.
    amount: Option<Money>,
    /// How it was paid.
    method: Option<String>,
    /// The bank's reference.
    reference: Option<String>,
    /// A note.
    note: Option<String>,
    /// True takes the payment back: it was booked by mistake.
    reversed: Option<bool>,
}

entry::filter! {
    /// Which payments.
    PaymentFilter {
        /// The contract.
        contract_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// payment, refund or write_off.
        kind: String,
        /// The id in another system.
        external_id: String,
        /// The first day.
        received_from: NaiveDate,
        /// The last day.
        received_to: NaiveDate,
    }
}

/// Which part of a payment pays which row of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllocationView {
    /// When that row was due; none beyond the schedule.
    due_on: Option<String>,
    /// Days from then to the payment; 0 where it came in time.
    days_overdue: i64,
    /// The part.
    amount: Amount,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentView {
    id: Uuid,
    external_id: Option<String>,
    contract_id: Uuid,
    account_id: Uuid,
    /// payment, refund or write_off.
    kind: String,
    refers_to_id: Option<Uuid>,
    received_on: String,
    amount: Amount,
    method: Option<String>,
    reference: Option<String>,
    note: Option<String>,
    reversed: bool,
    /// The oldest row of the schedule first.
    allocations: Vec<AllocationView>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// When it was last written.
    updated_at: String,
}

/// A payment with its allocations.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The payment.
    pub payment: payment::Model,
    /// Which rows it pays.
    pub allocations: Vec<payment_allocation::Model>,
}

impl From<&Payment> for PaymentView {
    fn from(whole: &Payment) -> Self {
        let payment = whole.payment.clone();
        let currency: Currency = payment.currency.parse().unwrap_or(Currency::CNY);
        let part = |part: &payment_allocation::Model| AllocationView {
            due_on: part.due_on.map(|day| day.to_string()),
            days_overdue: part.days_overdue,
            amount: Amount::minor(part.amount_minor, currency),
        };
        Self {
            id: payment.id,
            external_id: payment.external_id,
            contract_id: payment.contract_id,
            account_id: payment.account_id,
            kind: payment.kind,
            refers_to_id: payment.refers_to,
            received_on: payment.received_on.to_string(),
            amount: Amount::minor(payment.amount_minor, currency),
            method: payment.method,
            reference: payment.reference,
            note: payment.note,
            reversed: payment.reversed_at.is_some(),
            allocations: whole.allocations.iter().map(part).collect(),
            version: payment.version,
            updated_at: rfc3339(payment.updated_at),
        }
    }
}

/// Payments as a kind of record.
#[derive(Debug)]
pub struct PaymentEntry;

impl Entry for PaymentEntry {
    type Whole = Payment;
    type View = PaymentView;
    const PERMISSION: Permission = Permission::RecordMoney;

    async fn names(state: &AppState, view: &View, page: &[Payment]) -> Result<Names, AppError> {
        let customers = page.iter().map(|row| Some(row.payment.account_id));
        let customers = customers::rules::account_names(state, view, customers).await?;
        let contracts = rules::contract_names(state, page.iter().map(|row| Some(row.payment.contract_id))).await?;
        Ok(Names::default().and(customers).and(contracts))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Payment>>, AppError> {
        let contracts = Contracts::read(tx.conn(), chunk, &["contract"]).await?;
        let mut own: Own<payment::Model> = Own::read(tx.conn(), chunk, &["refers_to"]).await?;
        let mut ledgers = Ledgers::read(tx.conn(), chunk, contracts.iter(), own.known.iter()).await?;
        let befores = own.befores(chunk)?;
        let old = whole(tx.conn(), befores.iter().flatten().cloned().collect()).await?;
        let befores = entry::placed(&befores, old);
        let (mut gone, mut fresh) = (Vec::new(), Vec::new());
        let drafts = Drafts::read(chunk, befores, |row, before| {
            let payment = read(tx, chunk, row, before.map(|whole| &whole.payment), &contracts, &own);
            let Some(payment) = payment.filter(|_| row.errors.is_empty()) else { return Ok(None) };
            let allocations = match before {
                Some(before) if booking(&before.payment) == booking(&payment) => before.allocations.clone(),
                _ => {
                    let Some(allocations) = ledgers.book(tx, row, &payment)? else { return Ok(None) };
                    gone.extend(before.map(|before| before.payment.id));
                    fresh.extend(allocations.iter().cloned());
                    allocations
                }
            };
            own.known.put(payment.clone());
            Ok(Some(Payment { payment, allocations }))
        })?;
        let news = told(chunk, &drafts, &ledgers);
        inbox::tell(tx, &chunk.context, news).await?;
        let drafts = drafts.save(tx).await?;
        queries::replace_allocations(tx.conn(), &gone, fresh).await?;
        Ok(drafts.written())
    }
}

impl Whole for Payment {
    type Record = payment::Model;

    fn record(&self) -> &payment::Model {
        &self.payment
    }

    fn set_record(&mut self, record: payment::Model) {
        self.payment = record;
    }

    async fn gather(state: &AppState, _: &Context, rows: Vec<payment::Model>) -> Result<Vec<Self>, AppError> {
        Ok(whole(state.store().pool(), rows).await?)
    }
}

impl Exported for PaymentEntry {
    const COLUMNS: &'static [&'static str] = &[
        "payment",
        "contract",
        "kind",
        "received_on",
        "amount",
        "currency",
        "refers_to",
        "method",
        "reference",
        "note",
        "reversed",
    ];

    async fn cells(state: &AppState, _: &View, page: &[Payment]) -> Result<Vec<Vec<String>>, AppError> {
        let contracts = page.iter().map(|row| row.payment.contract_id).collect();
        let contracts = rules::contracts(state.store().pool(), contracts).await?;
        let origins = page.iter().filter_map(|row| row.payment.refers_to).collect();
        let origins = parts::<payment::Model>(state.store().pool(), origins).await?;
        let row = |Payment { payment: row, .. }: &Payment| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let currency: Currency = row.currency.parse().unwrap_or(Currency::CNY);
            vec![
                entry::key(row),
                contracts.get(&row.contract_id).map(entry::key).unwrap_or_default(),
                row.kind.clone(),
                row.received_on.to_string(),
                format_minor(row.amount_minor, currency),
                row.currency.clone(),
                row.refers_to.and_then(|id| origins.get(&id)).map(entry::key).unwrap_or_default(),
                text(&row.method),
                text(&row.reference),
                text(&row.note),
                if row.reversed_at.is_some() { "true".to_owned() } else { String::new() },
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

async fn whole(db: &impl ConnectionTrait, rows: Vec<payment::Model>) -> Result<Vec<Payment>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut parts: BTreeMap<Uuid, Vec<payment_allocation::Model>> = BTreeMap::new();
    for part in queries::allocations(db, &ids).await? {
        parts.entry(part.payment_id).or_default().push(part);
    }
    let whole = |payment: payment::Model| {
        let allocations = parts.remove(&payment.id).unwrap_or_default();
        Payment { payment, allocations }
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Who is credited with the money is told of it: what was booked, booked otherwise, or taken back.
fn told(chunk: &Chunk, drafts: &Drafts<Payment>, ledgers: &Ledgers) -> Vec<News> {
    let mut news = Vec::new();
    for (before, Payment { payment, .. }) in drafts.changed() {
        if before.is_some_and(|before| booking(&before.payment) == booking(payment)) {
            continue;
        }
        let reversed = payment.reversed_at.is_some();
        let word = if reversed { "reversed" } else { payment.kind.as_str() };
        let data = Data {
            word: Some(word.to_owned()),
            day: Some(payment.received_on),
            amount_minor: Some(payment.amount_minor),
            ..Data::default()
        };
        let credited = ledgers.credited(payment.contract_id, payment.received_on);
        news.extend(credited.into_iter().map(|person| News {
            to: To::Person(person),
            kind: Kind::Payment,
            record_type: "payment".to_owned(),
            record_id: Some(payment.id),
            data: data.clone(),
            bundled: chunk.is_file(),
        }));
    }
    news
}

/// What decides how a payment is booked.
fn booking(payment: &payment::Model) -> (Uuid, &str, Option<Uuid>, chrono::NaiveDate, i64, bool) {
    let reversed = payment.reversed_at.is_some();
    (payment.contract_id, &payment.kind, payment.refers_to, payment.received_on, payment.amount_minor, reversed)
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&payment::Model>,
    contracts: &Contracts,
    own: &Own<payment::Model>,
) -> Option<payment::Model> {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let today = chunk.context.today();
    let mut payment = before.cloned().unwrap_or_else(|| blank(tx, currency.code(), today));
    payment.external_id = own.external_id(row, before);
    let contract = contracts.of(row, "contract");
    match (&contract, before) {
        (Some(contract), Some(before)) if contract.id != before.contract_id => {
            row.wrong("contract", "fixed", &[]);
        }
        (Some(contract), None) => {
            payment.contract_id = contract.id;
            payment.account_id = contract.account_id;
            if rules::signed_day(contract).is_none() {
                row.wrong("contract", "contract_not_signed", &[&contract.number]);
            }
        }
        (None, None) if row.get("contract").is_none() => row.wrong("contract", "required", &[]),
        _ => {}
    }
    if let Some(kind) = row.choice("kind", KINDS) {
        payment.kind = kind;
    }
    let origin = own.known.of(row, "refers_to").map(|origin| (origin.id, origin.contract_id));
    if origin.is_some_and(|(_, contract)| contract != payment.contract_id) {
        row.wrong("refers_to", "unknown_reference", &[row.get("refers_to").unwrap_or_default().to_owned().as_str()]);
    }
    payment.refers_to = row.or("refers_to", origin.map(|(id, _)| id), payment.refers_to);
    entry::in_currency(row, currency);
    payment.received_on = entry::day(row, "received_on", before.is_none(), payment.received_on);
    if payment.received_on > today {
        row.wrong("received_on", "in_future", &[&payment.received_on.to_string()]);
    }
    match row.money("amount", currency) {
        Some(minor) if minor <= 0 => row.wrong("amount", "not_positive", &[]),
        Some(minor) => payment.amount_minor = minor,
        None if before.is_none() && row.get("amount").is_none() => row.wrong("amount", "required", &[]),
        None => {}
    }
    payment.method = row.text_or("method", NAME, payment.method);
    payment.reference = row.text_or("reference", NAME, payment.reference);
    payment.note = row.text_or("note", NOTE, payment.note);
    match row.choice("reversed", &["true", "false"]).as_deref() {
        Some("true") => payment.reversed_at = payment.reversed_at.or(Some(tx.now_ms())),
        Some(_) => payment.reversed_at = None,
        None => {}
    }
    Some(payment)
}

fn blank(tx: &Tx, currency: &str, today: chrono::NaiveDate) -> payment::Model {
    payment::Model {
        id: Uuid::now_v7(),
        external_id: None,
        contract_id: Uuid::nil(),
        account_id: Uuid::nil(),
        kind: "payment".to_owned(),
        refers_to: None,
        received_on: today,
        currency: currency.to_owned(),
        amount_minor: 0,
        method: None,
        reference: None,
        note: None,
        reversed_at: None,
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
    }
}

record_routes! {
    PaymentEntry, form PaymentForm, view PaymentView, filter PaymentFilter, tag "contracts", path "/payments",
    one "/payments/{id}",
    list_payments "List payments", create_payment "Book a payment, refund or write-off", get_payment "Get a payment",
    change_payment "Correct a payment or take it back"
}
