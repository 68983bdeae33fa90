//! Orders: how they are written and read, and the fact that follows.

use chrono::NaiveDate;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::entities::sales_order;
use qiao_store::{NewFact, Tx};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Permission;
use crate::contracts;
use crate::contracts::rules::Contracts;
use crate::customers::rules::{Accounts, mark};
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Written};
use crate::error::AppError;
use crate::figures::Amount;
use crate::forms::{Money, NAME};
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::state::AppState;
use crate::time::rfc3339;
use crate::{customers, facts};
use qiao_store::books::View;

/// An order as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct OrderForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The number, unique; required for a new one.
    number: Option<String>,
    /// The customer.
    account_id: Option<String>,
    /// The contract it is called off from.
    contract_id: Option<String>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
    /// The day of the sale; today for a new one where absent.
    sold_on: Option<String>,
    /// The channel, for example shop or distributor.
    channel: Option<String>,
    /// open, delivered or cancelled; a cancelled order's sale is taken back.
    status: Option<String>,
    /// The amount incl. VAT.
    amount: Option<Money>,
    /// The amount without VAT; the amount where absent.
    amount_excl_tax: Option<Money>,
    /// The cost.
    cost: Option<Money>,
    /// The product.
    product_id: Option<String>,
    /// How many: a decimal string; 1 where absent.
    quantity: Option<String>,
}

entry::filter! {
    /// Which orders.
    owned OrderFilter {
        /// The owner.
        owner_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// open, delivered or cancelled.
        status: String,
        /// The contract.
        contract_id: Uuid,
        /// The product.
        product_id: Uuid,
        /// The number.
        number: String,
        /// A part of the number, or of the customer's name.
        text: String,
        /// The first day of sale.
        sold_from: NaiveDate,
        /// The last day of sale.
        sold_to: NaiveDate,
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderView {
    id: Uuid,
    external_id: Option<String>,
    number: String,
    account_id: Option<Uuid>,
    contract_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    sold_on: String,
    channel: Option<String>,
    /// open, delivered or cancelled.
    status: String,
    amount: Amount,
    amount_excl_tax: Amount,
    cost: Option<Amount>,
    product_id: Option<Uuid>,
    quantity: String,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

impl From<&sales_order::Model> for OrderView {
    fn from(row: &sales_order::Model) -> Self {
        let currency: Currency = row.currency.parse().unwrap_or(Currency::CNY);
        let row = row.clone();
        Self {
            id: row.id,
            external_id: row.external_id,
            number: row.number,
            account_id: row.account_id,
            contract_id: row.contract_id,
            owner_id: row.owner_id,
            sold_on: row.sold_on.to_string(),
            channel: row.channel,
            status: row.status,
            amount: Amount::minor(row.amount_minor, currency),
            amount_excl_tax: Amount::minor(row.amount_excl_tax_minor, currency),
            cost: row.cost_minor.map(|minor| Amount::minor(minor, currency)),
            product_id: row.product_id,
            quantity: Decimal::new(row.quantity_micro, 6).normalize().to_string(),
            version: row.version,
            archived: row.archived_at.is_some(),
            updated_at: rfc3339(row.updated_at),
        }
    }
}

/// Orders as a kind of record.
#[derive(Debug)]
pub struct OrderEntry;

impl Entry for OrderEntry {
    type Whole = sales_order::Model;
    type View = OrderView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[sales_order::Model]) -> Result<Names, AppError> {
        let products = page.iter().filter_map(|row| view.catalog.product(row.product_id?));
        let products = products.map(|product| (product.id, product.name.clone()));
        let people = Names::of_people(&view.snapshot.definitions, page.iter().map(|row| row.owner_id));
        let customers = customers::rules::account_names(state, view, page.iter().map(|row| row.account_id)).await?;
        let contracts = contracts::rules::contract_names(state, page.iter().map(|row| row.contract_id)).await?;
        Ok(people.and(customers).and(contracts).and(products))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<sales_order::Model>>, AppError> {
        let accounts = Accounts::read(tx.conn(), chunk, &["account"]).await?;
        let contracts = Contracts::read(tx.conn(), chunk, &["contract"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(tx, chunk, row, before, (&accounts, &contracts, &own))))
        })?;
        settle(tx, chunk, &drafts).await?;
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for OrderEntry {
    const COLUMNS: &'static [&'static str] = &[
        "sales_order",
        "number",
        "account",
        "contract",
        "owner",
        "sold_on",
        "channel",
        "status",
        "product",
        "quantity",
        "amount",
        "amount_excl_tax",
        "cost",
        "currency",
    ];

    async fn cells(state: &AppState, view: &View, page: &[sales_order::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let db = state.store().pool();
        let accounts = customers::rules::accounts(db, page.iter().filter_map(|row| row.account_id).collect()).await?;
        let contracts = page.iter().filter_map(|row| row.contract_id).collect();
        let contracts = contracts::rules::contracts(db, contracts).await?;
        let definitions = &view.snapshot.definitions;
        let row = |row: &sales_order::Model| {
            let currency: Currency = row.currency.parse().unwrap_or(Currency::CNY);
            let product = row.product_id.and_then(|id| view.catalog.product(id));
            vec![
                entry::key(row),
                row.number.clone(),
                row.account_id.and_then(|id| accounts.get(&id)).map(entry::key).unwrap_or_default(),
                row.contract_id.and_then(|id| contracts.get(&id)).map(entry::key).unwrap_or_default(),
                entry::person_key(definitions, row.owner_id),
                row.sold_on.to_string(),
                row.channel.clone().unwrap_or_default(),
                row.status.clone(),
                product.map(|product| product.code.clone()).unwrap_or_default(),
                Decimal::new(row.quantity_micro, 6).normalize().to_string(),
                format_minor(row.amount_minor, currency),
                format_minor(row.amount_excl_tax_minor, currency),
                row.cost_minor.map(|minor| format_minor(minor, currency)).unwrap_or_default(),
                row.currency.clone(),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

async fn settle(tx: &mut Tx, chunk: &Chunk, drafts: &Drafts<sales_order::Model>) -> Result<(), AppError> {
    let standing = facts::standing(tx.conn(), &drafts.old()).await?;
    let accounts = drafts.changed().filter_map(|(_, after)| after.account_id).collect();
    let accounts = customers::rules::accounts(tx.conn(), accounts).await?;
    let groups = accounts.values().map(|account| account.group_id).collect();
    let signed = customers::rules::signed_on(tx.conn(), groups).await?;
    for (_, after) in drafts.changed() {
        let mut wanted = Vec::new();
        if after.status != "cancelled" {
            let mut fact = NewFact::new("sale_recorded", after.sold_on, &after.currency, "sales_order", after.id);
            mark(&mut fact, after.account_id.and_then(|id| accounts.get(&id)));
            customers::rules::decide_kind(&mut fact, &chunk.view.snapshot.definitions, &signed, None);
            fact.contract_id = after.contract_id;
            fact.product_id = after.product_id;
            fact.product_line = chunk.view.catalog.line_of(after.product_id);
            fact.amount_minor = after.amount_minor;
            fact.amount_excl_tax_minor = Some(after.amount_excl_tax_minor);
            fact.margin_minor = after.cost_minor.map(|cost| after.amount_excl_tax_minor - cost);
            fact.quantity_micro = Some(after.quantity_micro);
            fact.attributes.extend(after.channel.clone().map(|channel| ("channel".to_owned(), channel)));
            fact.credits = after.owner_id.map(|owner| (owner, "owner".to_owned(), 1_000_000)).into_iter().collect();
            wanted.push(fact);
        }
        facts::restate(tx, standing.of(after.id), wanted)?;
    }
    Ok(())
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&sales_order::Model>,
    (accounts, contracts, own): (&Accounts, &Contracts, &Own<sales_order::Model>),
) -> sales_order::Model {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let today = chunk.context.today();
    let mut order = before.cloned().unwrap_or_else(|| blank(tx, currency.code(), today));
    order.external_id = own.external_id(row, before);
    if order.number.is_empty() && !row.is_form() {
        order.number = order.external_id.clone().unwrap_or_default();
    }
    order.number = own.number(row, before, order.number);
    entry::in_currency(row, currency);
    let contract = contracts.of(row, "contract");
    order.contract_id = row.or("contract", contract.as_ref().map(|c| c.id), order.contract_id);
    let account = accounts.of(row, "account").map(|account| account.id);
    order.account_id = row.or("account", account.or(contract.map(|c| c.account_id)), order.account_id);
    order.owner_id = entry::owner(row, chunk, before.is_none(), order.owner_id);
    order.sold_on = entry::day(row, "sold_on", before.is_none(), order.sold_on);
    order.channel = row.text_or("channel", NAME, order.channel);
    if let Some(status) = row.choice("status", &["open", "delivered", "cancelled"]) {
        order.status = status;
    }
    let product = row.product("product", &chunk.view.catalog);
    order.product_id = row.or("product", product, order.product_id);
    match row.micro("quantity") {
        Some(micro) if micro <= 0 => row.wrong("quantity", "not_positive", &[]),
        Some(micro) => order.quantity_micro = micro,
        None => {}
    }
    let amount = row.positive_or("amount", currency, before.map(|b| b.amount_minor));
    if amount.is_none() && row.get("amount").is_none() {
        row.wrong("amount", "required", &[]);
    }
    let amount = amount.unwrap_or(0);
    let same = before.filter(|b| b.amount_minor == amount).map(|b| b.amount_excl_tax_minor);
    let net = row.positive_or("amount_excl_tax", currency, same).unwrap_or(amount);
    if net > amount {
        row.wrong("amount_excl_tax", "more_than", &[&format_minor(amount, currency)]);
    }
    (order.amount_minor, order.amount_excl_tax_minor) = (amount, net);
    order.cost_minor = row.positive_or("cost", currency, order.cost_minor);
    order
}

fn blank(tx: &Tx, currency: &str, today: NaiveDate) -> sales_order::Model {
    sales_order::Model {
        id: Uuid::now_v7(),
        external_id: None,
        number: String::new(),
        account_id: None,
        contract_id: None,
        owner_id: None,
        sold_on: today,
        channel: None,
        status: "open".to_owned(),
        currency: currency.to_owned(),
        amount_minor: 0,
        amount_excl_tax_minor: 0,
        cost_minor: None,
        product_id: None,
        quantity_micro: 1_000_000,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}

record_routes! {
    OrderEntry, form OrderForm, view OrderView, filter OrderFilter, tag "orders", path "/orders", one "/orders/{id}",
    list_orders "List orders", create_order "Record an order", get_order "Get an order", change_order "Change an order"
}

archive_routes! {
    OrderEntry, view OrderView, tag "orders", one "/orders/{id}", back "/orders/{id}/restoration",
    archive_order "Put an order away", restore_order "Bring an order back"
}

bulk_routes! {
    OrderEntry, form OrderForm, view OrderView, tag "orders", path "/orders/bulk-edits", edit_orders "Edit several orders"
}
