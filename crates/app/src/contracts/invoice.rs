//! Invoices and credit notes.

use chrono::NaiveDate;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::entities::invoice;
use qiao_store::{NewFact, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::Contracts;
use super::{facts as contract_facts, lines, rules};
use crate::context::Permission;
use crate::customers;
use crate::customers::rules::mark;
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Written};
use crate::error::AppError;
use crate::facts;
use crate::figures::Amount;
use crate::forms::Money;
use crate::http::crud::{archive_routes, record_routes};
use crate::splits::Splits;
use crate::state::AppState;
use crate::time::rfc3339;
use qiao_store::books::View;

/// An invoice as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct InvoiceForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The number, unique; required for a new one.
    number: Option<String>,
    /// The contract; required for a new one.
    contract_id: Option<String>,
    /// The day of issue; today for a new one where absent.
    issued_on: Option<String>,
    /// invoice or credit_note; invoice where absent.
    kind: Option<String>,
    /// The amount incl. VAT, above zero.
    amount: Option<Money>,
    /// The VAT rate, a fraction of one; that of the contract where absent.
    tax_rate: Option<String>,
    /// The amount without VAT, where it is not worked out from the rate.
    amount_excl_tax: Option<Money>,
}

entry::filter! {
    /// Which invoices.
    archived InvoiceFilter {
        /// The contract.
        contract_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// The number.
        number: String,
        /// A part of the number, or of the customer's name.
        text: String,
        /// invoice or credit_note.
        kind: String,
        /// The first day of issue.
        issued_from: NaiveDate,
        /// The last day of issue.
        issued_to: NaiveDate,
    }
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvoiceView {
    id: Uuid,
    external_id: Option<String>,
    number: String,
    contract_id: Option<Uuid>,
    account_id: Uuid,
    issued_on: String,
    /// invoice or credit_note.
    kind: String,
    amount: Amount,
    amount_excl_tax: Amount,
    tax: Amount,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

impl From<&invoice::Model> for InvoiceView {
    fn from(row: &invoice::Model) -> Self {
        let currency: Currency = row.currency.parse().unwrap_or(Currency::CNY);
        let row = row.clone();
        Self {
            id: row.id,
            external_id: row.external_id,
            number: row.number,
            contract_id: row.contract_id,
            account_id: row.account_id,
            issued_on: row.issued_on.to_string(),
            kind: row.kind,
            amount: Amount::minor(row.amount_minor, currency),
            amount_excl_tax: Amount::minor(row.amount_excl_tax_minor, currency),
            tax: Amount::minor(row.tax_minor, currency),
            version: row.version,
            archived: row.archived_at.is_some(),
            updated_at: rfc3339(row.updated_at),
        }
    }
}

/// Invoices as a kind of record.
#[derive(Debug)]
pub struct InvoiceEntry;

impl Entry for InvoiceEntry {
    type Whole = invoice::Model;
    type View = InvoiceView;
    const PERMISSION: Permission = Permission::RecordMoney;

    async fn names(state: &AppState, view: &View, page: &[invoice::Model]) -> Result<Names, AppError> {
        let customers =
            customers::rules::account_names(state, view, page.iter().map(|row| Some(row.account_id))).await?;
        let contracts = rules::contract_names(state, page.iter().map(|row| row.contract_id)).await?;
        Ok(Names::default().and(customers).and(contracts))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<invoice::Model>>, AppError> {
        let contracts = Contracts::read(tx.conn(), chunk, &["contract"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(tx, chunk, row, before, &contracts, &own)))
        })?;
        settle(tx, &drafts).await?;
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for InvoiceEntry {
    const COLUMNS: &'static [&'static str] =
        &["invoice", "number", "contract", "kind", "issued_on", "amount", "amount_excl_tax", "currency"];

    async fn cells(state: &AppState, _: &View, page: &[invoice::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let contracts = page.iter().filter_map(|row| row.contract_id).collect();
        let contracts = rules::contracts(state.store().pool(), contracts).await?;
        let row = |row: &invoice::Model| {
            let currency: Currency = row.currency.parse().unwrap_or(Currency::CNY);
            vec![
                entry::key(row),
                row.number.clone(),
                row.contract_id.and_then(|id| contracts.get(&id)).map(entry::key).unwrap_or_default(),
                row.kind.clone(),
                row.issued_on.to_string(),
                format_minor(row.amount_minor, currency),
                format_minor(row.amount_excl_tax_minor, currency),
                row.currency.clone(),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

/// The fact of an invoice; a credit note's is negative.
async fn settle(tx: &mut Tx, drafts: &Drafts<invoice::Model>) -> Result<(), AppError> {
    let ids: Vec<Uuid> = drafts.changed().filter_map(|(_, after)| after.contract_id).collect();
    let contracts = rules::contracts(tx.conn(), ids).await?;
    let contracts = rules::whole(tx.conn(), contracts.into_values().collect()).await?;
    let standing = facts::standing(tx.conn(), &drafts.old()).await?;
    let accounts = drafts.changed().map(|(_, after)| after.account_id).collect();
    let accounts = customers::rules::accounts(tx.conn(), accounts).await?;
    let deals: Vec<Uuid> = contracts.iter().filter_map(|whole| whole.contract.opportunity_id).collect();
    let shared = Splits::of(tx.conn(), "opportunity", &deals).await?;
    for (_, after) in drafts.changed() {
        let whole = contracts.iter().find(|whole| Some(whole.contract.id) == after.contract_id);
        let sign = if after.kind == "credit_note" { -1 } else { 1 };
        let mut fact = NewFact::new("invoice_issued", after.issued_on, &after.currency, "invoice", after.id);
        mark(&mut fact, accounts.get(&after.account_id));
        fact.amount_minor = sign * after.amount_minor;
        fact.amount_excl_tax_minor = Some(sign * after.amount_excl_tax_minor);
        fact.contract_id = after.contract_id;
        if let Some(whole) = whole {
            fact.opportunity_id = whole.contract.opportunity_id;
            fact.contract_kind = Some(whole.contract.contract_kind.clone());
            let shared = whole.contract.opportunity_id.and_then(|id| shared.get(&id));
            fact.credits = contract_facts::credited(whole, shared, after.issued_on);
        }
        facts::restate(tx, standing.of(after.id), vec![fact])?;
    }
    Ok(())
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&invoice::Model>,
    contracts: &Contracts,
    own: &Own<invoice::Model>,
) -> invoice::Model {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let today = chunk.context.today();
    let mut invoice = before.cloned().unwrap_or_else(|| blank(tx, currency.code(), today));
    invoice.external_id = own.external_id(row, before);
    if invoice.number.is_empty() && !row.is_form() {
        invoice.number = invoice.external_id.clone().unwrap_or_default();
    }
    invoice.number = own.number(row, before, invoice.number);
    let contract = contracts.of(row, "contract");
    match &contract {
        Some(contract) => {
            invoice.contract_id = Some(contract.id);
            invoice.account_id = contract.account_id;
        }
        None if before.is_none() && row.get("contract").is_none() => row.wrong("contract", "required", &[]),
        None => {}
    }
    invoice.issued_on = entry::day(row, "issued_on", before.is_none(), invoice.issued_on);
    entry::in_currency(row, currency);
    if let Some(kind) = row.choice("kind", &["invoice", "credit_note"]) {
        invoice.kind = kind;
    }
    amounts(row, before, &mut invoice, contract.as_ref(), currency);
    invoice
}

fn amounts(
    row: &mut Row,
    before: Option<&invoice::Model>,
    invoice: &mut invoice::Model,
    contract: Option<&qiao_store::entities::contract::Model>,
    currency: Currency,
) {
    let stated = row.money("amount", currency);
    match stated {
        Some(minor) if minor <= 0 => row.wrong("amount", "not_positive", &[]),
        None if before.is_none() && row.get("amount").is_none() => row.wrong("amount", "required", &[]),
        _ => {}
    }
    let amount = stated.unwrap_or(invoice.amount_minor);
    let rate = row.share("tax_rate");
    let excl = row.positive_or("amount_excl_tax", currency, None);
    let (whole, net) = contract
        .map_or((invoice.amount_minor, invoice.amount_excl_tax_minor), |c| (c.amount_minor, c.amount_excl_tax_minor));
    let net = match (excl, rate) {
        (Some(excl), _) => Some(excl),
        (None, Some(rate)) => lines::excl_tax(amount, rate),
        (None, None) => super::allocation::proportional(whole, net, amount, 0),
    };
    match net {
        Some(net) if net <= amount => {
            invoice.amount_minor = amount;
            invoice.amount_excl_tax_minor = net;
            invoice.tax_minor = amount - net;
        }
        _ => row.wrong("amount_excl_tax", "more_than", &[&format_minor(amount, currency)]),
    }
}

fn blank(tx: &Tx, currency: &str, today: NaiveDate) -> invoice::Model {
    invoice::Model {
        id: Uuid::now_v7(),
        external_id: None,
        number: String::new(),
        contract_id: None,
        account_id: Uuid::nil(),
        issued_on: today,
        kind: "invoice".to_owned(),
        currency: currency.to_owned(),
        amount_minor: 0,
        amount_excl_tax_minor: 0,
        tax_minor: 0,
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}

record_routes! {
    InvoiceEntry, form InvoiceForm, view InvoiceView, filter InvoiceFilter, tag "contracts", path "/invoices",
    one "/invoices/{id}",
    list_invoices "List invoices", create_invoice "Make an invoice", get_invoice "Get an invoice",
    change_invoice "Correct an invoice"
}

archive_routes! {
    InvoiceEntry, view InvoiceView, tag "contracts", one "/invoices/{id}", back "/invoices/{id}/restoration",
    archive_invoice "Put an invoice away", restore_invoice "Bring an invoice back"
}
