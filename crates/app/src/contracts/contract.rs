//! Contracts: how they look from outside.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::Tx;
use qiao_store::books::View;
use qiao_store::entities::{account, contract, contract_line, payment_schedule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::lines::{self, ContractLineView, LineForm, ScheduleForm, ScheduleView};
use super::rules;
use crate::context::{Context, Permission};
use crate::entry::{self, Chunk, Entry, Exported, Names, Whole, Written};
use crate::error::AppError;
use crate::figures::Amount;
use crate::forms::Money;
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::splits::{SplitForm, SplitView, Splits};
use crate::state::AppState;
use crate::time::rfc3339;
use crate::{customers, pipeline};

/// A contract as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ContractForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The number, unique; required for a new one.
    number: Option<String>,
    /// The name; the customer's where absent.
    name: Option<String>,
    /// The customer; that of the opportunity where absent.
    account_id: Option<String>,
    /// The opportunity it was won with.
    opportunity_id: Option<String>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
    /// The contract it adds to or renews.
    parent_id: Option<String>,
    /// new, add_on, renewal, repeat or framework; new where absent.
    contract_kind: Option<String>,
    /// draft, signed, ended or cancelled; signed where there is a day of signing, else draft.
    status: Option<String>,
    /// The day it was signed; today where it becomes signed without one.
    signed_on: Option<String>,
    /// The day the signed agreement was filed.
    filed_on: Option<String>,
    /// The first day of service.
    service_from: Option<String>,
    /// The last day of service.
    service_to: Option<String>,
    /// The amount incl. VAT; the sum of the lines where there are some.
    amount: Option<Money>,
    /// The amount without VAT; worked out from `tax_rate` where absent.
    amount_excl_tax: Option<Money>,
    /// The VAT rate of a contract without lines, a fraction of one.
    tax_rate: Option<String>,
    /// The amount at list prices.
    list_amount: Option<Money>,
    /// The cost.
    cost: Option<Money>,
    /// What is sold.
    lines: Option<Vec<LineForm>>,
    /// Who is credited; those of the opportunity, else the owner, where there are none.
    splits: Option<Vec<SplitForm>>,
    /// When how much is to be paid.
    schedule: Option<Vec<ScheduleForm>>,
}

entry::filter! {
    /// Which contracts.
    owned ContractFilter {
        /// The owner.
        owner_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// The opportunity.
        opportunity_id: Uuid,
        /// draft, signed, ended or cancelled.
        status: String,
        /// The number.
        number: String,
        /// The id in another system.
        external_id: String,
        /// The first day of signing.
        signed_from: NaiveDate,
        /// The last day of signing.
        signed_to: NaiveDate,
        /// Part of the number, the name or the customer's name.
        text: String,
    }
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContractView {
    id: Uuid,
    external_id: Option<String>,
    number: String,
    name: String,
    account_id: Uuid,
    opportunity_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    parent_id: Option<Uuid>,
    /// new, add_on, renewal, repeat or framework.
    contract_kind: String,
    /// draft, signed, ended or cancelled.
    status: String,
    signed_on: Option<String>,
    filed_on: Option<String>,
    service_from: Option<String>,
    service_to: Option<String>,
    /// Incl. VAT.
    amount: Amount,
    amount_excl_tax: Amount,
    list_amount: Option<Amount>,
    cost: Option<Amount>,
    lines: Vec<ContractLineView>,
    /// Who is credited; empty where it is as on the opportunity, or the owner alone.
    splits: Vec<SplitView>,
    schedule: Vec<ScheduleView>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

/// A contract with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The contract.
    pub contract: contract::Model,
    /// What is sold.
    pub lines: Vec<contract_line::Model>,
    /// Who is credited.
    pub splits: Splits,
    /// When how much is to be paid.
    pub schedule: Vec<payment_schedule::Model>,
}

impl Contract {
    /// The currency of its amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.contract.currency.parse().unwrap_or(Currency::CNY)
    }

    /// The margin without VAT; none without a cost.
    #[must_use]
    pub fn margin_minor(&self) -> Option<i64> {
        self.contract.cost_minor.and_then(|cost| self.contract.amount_excl_tax_minor.checked_sub(cost))
    }
}

impl From<&Contract> for ContractView {
    fn from(whole: &Contract) -> Self {
        let currency = whole.currency();
        let money = |minor: i64| Amount::minor(minor, currency);
        let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
        let contract = whole.contract.clone();
        Self {
            id: contract.id,
            external_id: contract.external_id,
            number: contract.number,
            name: contract.name,
            account_id: contract.account_id,
            opportunity_id: contract.opportunity_id,
            owner_id: contract.owner_id,
            parent_id: contract.parent_id,
            contract_kind: contract.contract_kind,
            status: contract.status,
            signed_on: day(contract.signed_on),
            filed_on: day(contract.filed_on),
            service_from: day(contract.service_from),
            service_to: day(contract.service_to),
            amount: money(contract.amount_minor),
            amount_excl_tax: money(contract.amount_excl_tax_minor),
            list_amount: contract.list_amount_minor.map(money),
            cost: contract.cost_minor.map(money),
            lines: lines::line_views(&whole.lines, currency),
            splits: whole.splits.views(),
            schedule: lines::schedule_views(&whole.schedule, currency),
            version: contract.version,
            archived: contract.archived_at.is_some(),
            updated_at: rfc3339(contract.updated_at),
        }
    }
}

/// Contracts as a kind of record.
#[derive(Debug)]
pub struct ContractEntry;

impl Entry for ContractEntry {
    type Whole = Contract;
    type View = ContractView;
    const PERMISSION: Permission = Permission::EditContracts;

    async fn names(state: &AppState, view: &View, page: &[Contract]) -> Result<Names, AppError> {
        let credited = page.iter().flat_map(|row| row.splits.people());
        let people = page.iter().map(|row| row.contract.owner_id).chain(credited.map(Some));
        let customers = page.iter().map(|row| Some(row.contract.account_id));
        let customers = customers::rules::account_names(state, view, customers).await?;
        let deals =
            pipeline::rules::opportunity_names(state, page.iter().map(|row| row.contract.opportunity_id)).await?;
        let parents = rules::contract_names(state, page.iter().map(|row| row.contract.parent_id)).await?;
        Ok(Names::of_people(&view.snapshot.definitions, people).and(customers).and(deals).and(parents))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Contract>>, AppError> {
        super::contract_write::write(tx, chunk).await
    }
}

impl Whole for Contract {
    type Record = contract::Model;

    fn record(&self) -> &contract::Model {
        &self.contract
    }

    fn set_record(&mut self, record: contract::Model) {
        self.contract = record;
    }

    async fn gather(state: &AppState, _: &Context, rows: Vec<contract::Model>) -> Result<Vec<Self>, AppError> {
        Ok(rules::whole(state.store().pool(), rows).await?)
    }
}

impl Exported for ContractEntry {
    const COLUMNS: &'static [&'static str] = &[
        "contract",
        "number",
        "name",
        "account",
        "opportunity",
        "owner",
        "parent",
        "contract_kind",
        "status",
        "signed_on",
        "filed_on",
        "service_from",
        "service_to",
        "amount",
        "amount_excl_tax",
        "tax_rate",
        "list_amount",
        "cost",
        "currency",
        "lines",
        "splits",
        "schedule",
    ];

    async fn cells(state: &AppState, view: &View, page: &[Contract]) -> Result<Vec<Vec<String>>, AppError> {
        let db = state.store().pool();
        let accounts = page.iter().map(|row| row.contract.account_id).collect();
        let accounts = customers::rules::accounts(db, accounts).await?;
        let deals = page.iter().filter_map(|row| row.contract.opportunity_id).collect();
        let deals = pipeline::rules::opportunities(db, deals).await?;
        let deals = deals.into_iter().map(|(id, deal)| (id, entry::key(&deal))).collect();
        let parents = page.iter().filter_map(|row| row.contract.parent_id).collect();
        let parents = rules::contracts(db, parents).await?;
        let parents = parents.into_iter().map(|(id, row)| (id, entry::key(&row))).collect();
        Ok(page.iter().map(|row| cells(view, &accounts, &deals, &parents, row)).collect())
    }
}

fn cells(
    view: &View,
    accounts: &BTreeMap<Uuid, account::Model>,
    deals: &BTreeMap<Uuid, String>,
    parents: &BTreeMap<Uuid, String>,
    whole: &Contract,
) -> Vec<String> {
    let row = &whole.contract;
    let definitions = &view.snapshot.definitions;
    let currency = whole.currency();
    let money = |minor: i64| format_minor(minor, currency);
    let optional = |minor: Option<i64>| minor.map(money).unwrap_or_default();
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let named = |names: &BTreeMap<Uuid, String>, id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    vec![
        entry::key(row),
        row.number.clone(),
        row.name.clone(),
        accounts.get(&row.account_id).map(entry::key).unwrap_or_default(),
        named(deals, row.opportunity_id).unwrap_or_default(),
        entry::person_key(definitions, row.owner_id),
        named(parents, row.parent_id).unwrap_or_default(),
        row.contract_kind.clone(),
        row.status.clone(),
        day(row.signed_on),
        day(row.filed_on),
        day(row.service_from),
        day(row.service_to),
        money(row.amount_minor),
        money(row.amount_excl_tax_minor),
        String::new(),
        optional(row.list_amount_minor),
        optional(row.cost_minor),
        row.currency.clone(),
        lines::line_cell(&whole.lines, &view.catalog, currency),
        whole.splits.cell(definitions),
        lines::schedule_cell(&whole.schedule, currency),
    ]
}

record_routes! {
    ContractEntry, form ContractForm, view ContractView, filter ContractFilter, tag "contracts", path "/contracts",
    one "/contracts/{id}",
    list_contracts "List contracts", create_contract "Make a contract", get_contract "Get a contract",
    change_contract "Change a contract"
}

archive_routes! {
    ContractEntry, view ContractView, tag "contracts", one "/contracts/{id}", back "/contracts/{id}/restoration",
    archive_contract "Put a contract away", restore_contract "Bring a contract back"
}

bulk_routes! {
    ContractEntry, form ContractForm, view ContractView, tag "contracts", path "/contracts/bulk-edits", edit_contracts "Edit several contracts"
}
