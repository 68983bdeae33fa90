//! Pages of contracts, payments, invoices, orders and deliveries.

use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::payment;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::fields::{Drawn, Page};
use super::sales::{account_name, deal_name, product_name};
use crate::context::Context;
use crate::contracts::{Contract, ContractEntry, InvoiceEntry, PaymentEntry, rules};
use crate::entry::Listed;
use crate::error::AppError;
use crate::figures::RecordId;
use crate::orders::{DeliveryEntry, OrderEntry};
use crate::state::AppState;

const ACCOUNT: (&str, &str) = ("客户", "Account");
const CONTRACT: (&str, &str) = ("合同", "Contract");
const AMOUNT: (&str, &str) = ("金额", "Amount");
const EXCL_TAX: (&str, &str) = ("不含税金额", "Amount excl. tax");
const PAYMENT_KINDS: [(&str, &str, &str); 3] =
    [("payment", "回款", "Payment"), ("refund", "退款", "Refund"), ("write_off", "坏账核销", "Write-off")];
const EXTERNAL: (&str, &str) = ("外部编号", "External id");

async fn contract_name(state: &AppState, id: Option<Uuid>) -> Result<Option<(Uuid, String)>, AppError> {
    let contracts = rules::contracts(state.store().pool(), id.into_iter().collect()).await?;
    Ok(contracts.into_values().next().map(|contract| (contract.id, contract.number)))
}

fn quantity(micro: i64) -> Option<String> {
    Some(Decimal::new(micro, 6).normalize().to_string())
}

pub async fn contract(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let whole = ContractEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let view = state.view(context).await?;
    let row = &whole.contract;
    let mut page = Page::new(context, &view.snapshot.definitions);
    page.text("number", ("合同编号", "Number"), Some(row.number.clone()));
    page.link("account", ACCOUNT, "account", account_name(state, context, Some(row.account_id)).await?);
    page.link("opportunity", ("商机", "Opportunity"), "opportunity", deal_name(state, row.opportunity_id).await?);
    page.link("parent", ("原合同", "Parent contract"), "contract", contract_name(state, row.parent_id).await?);
    page.owner(row.owner_id);
    page.money("amount", AMOUNT, Some(row.amount_minor), &row.currency);
    page.money("amount_excl_tax", EXCL_TAX, Some(row.amount_excl_tax_minor), &row.currency);
    let kinds = [
        ("new", "新签", "New"),
        ("add_on", "增购", "Add-on"),
        ("renewal", "续约", "Renewal"),
        ("repeat", "复购", "Repeat"),
        ("framework", "框架", "Framework"),
    ];
    page.word("contract_kind", ("合同类型", "Kind"), &row.contract_kind, &kinds);
    let statuses = [
        ("draft", "草稿", "Draft"),
        ("signed", "已签订", "Signed"),
        ("ended", "已结束", "Ended"),
        ("cancelled", "已作废", "Cancelled"),
    ];
    page.word("status", ("状态", "Status"), &row.status, &statuses);
    page.date("signed_on", ("签订日期", "Signed"), row.signed_on);
    page.date("filed_on", ("归档日期", "Filed"), row.filed_on);
    page.date("service_from", ("服务开始", "Service from"), row.service_from);
    page.date("service_to", ("服务结束", "Service to"), row.service_to);
    page.text("external_id", EXTERNAL, row.external_id.clone());
    rows_of(state, &view, &whole, &mut page).await?;
    page.credits(whole.splits.views(), row.owner_id);
    page.put_away(row.archived_at);
    Ok(page.done("contract", id, row.name.clone()))
}

/// What is sold, when how much of it is due, and what came in.
async fn rows_of(state: &AppState, view: &View, whole: &Contract, page: &mut Page<'_>) -> Result<(), AppError> {
    let code = &whole.contract.currency;
    for line in &whole.lines {
        let said = product_name(view, line.product_id).or_else(|| line.description.clone()).unwrap_or_default();
        page.money("line", (&said, &said), Some(line.amount_minor), code);
    }
    for row in &whole.schedule {
        let said = row.name.as_ref().map_or_else(|| row.due_on.to_string(), |name| format!("{} {name}", row.due_on));
        page.money("due", (&said, &said), Some(row.amount_minor), code);
    }
    for paid in rules::payments_of(state.store().pool(), whole.contract.id).await? {
        let kind = PAYMENT_KINDS.iter().find(|(kind, _, _)| *kind == paid.kind);
        let (zh, en) = kind.map_or(("", ""), |(_, zh, en)| (*zh, *en));
        let (zh, en) = (format!("{} {zh}", paid.received_on), format!("{} {en}", paid.received_on));
        let record = RecordId { record_type: "payment".to_owned(), id: paid.id };
        let sign = if paid.kind == "payment" { 1 } else { -1 };
        page.money_of("payment", (&zh, &en), sign * paid.amount_minor.abs(), &paid.currency, record);
    }
    Ok(())
}

pub async fn payment(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let whole = PaymentEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let row = &whole.payment;
    let mut page = Page::new(context, &definitions);
    let paid = row.kind == "payment";
    let named = PAYMENT_KINDS.iter().find(|(kind, _, _)| *kind == row.kind);
    if let Some((_, zh, en)) = named.filter(|_| !paid) {
        page.called((zh, en));
    }
    page.link("contract", CONTRACT, "contract", contract_name(state, Some(row.contract_id)).await?);
    let account = account_name(state, context, Some(row.account_id)).await?;
    let title = account.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    page.link("account", ACCOUNT, "account", account);
    let day = match row.kind.as_str() {
        "refund" => ("退款日期", "Given back"),
        "write_off" => ("核销日期", "Written off"),
        _ => ("到账日期", "Received"),
    };
    page.date("received_on", day, Some(row.received_on));
    let sign = if paid { 1 } else { -1 };
    page.money("amount", AMOUNT, Some(sign * row.amount_minor.abs()), &row.currency);
    if let Some(origin) = row.refers_to {
        let origin = PaymentEntry::find(state, context, origin).await?.map(|origin| origin.payment);
        page.link("refers_to", ("原回款", "Payment"), "payment", origin.map(|from| (from.id, said(&from))));
    }
    for part in &whole.allocations {
        // Lateness is a matter of money that came in.
        let late = (paid && part.days_overdue > 0).then(|| {
            let days = part.days_overdue;
            context.locale.pick(&format!("，逾期 {days} 天"), &format!(", {days} days overdue")).to_owned()
        });
        let due = part.due_on.map(|due| format!("{due}{}", late.unwrap_or_default()));
        page.text("due_on", ("应收日期", "Due"), due);
    }
    page.text("method", ("方式", "Method"), row.method.clone());
    page.text("reference", ("流水号", "Reference"), row.reference.clone());
    page.text("note", ("备注", "Note"), row.note.clone());
    let reversed = row.reversed_at.map(|_| context.locale.pick("已冲销", "Taken back").to_owned());
    page.text("reversed", ("状态", "Status"), reversed);
    page.text("external_id", EXTERNAL, row.external_id.clone());
    Ok(page.done("payment", id, title))
}

/// A payment in a word, where another one names it.
fn said(payment: &payment::Model) -> String {
    let currency: Currency = payment.currency.parse().unwrap_or(Currency::CNY);
    format!("{} {}", payment.received_on, format_minor(payment.amount_minor, currency))
}

pub async fn invoice(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let row = InvoiceEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let mut page = Page::new(context, &definitions);
    let kinds = [("invoice", "发票", "Invoice"), ("credit_note", "红字发票", "Credit note")];
    page.word("kind", ("类型", "Kind"), &row.kind, &kinds);
    page.link("contract", CONTRACT, "contract", contract_name(state, row.contract_id).await?);
    page.link("account", ACCOUNT, "account", account_name(state, context, Some(row.account_id)).await?);
    page.date("issued_on", ("开票日期", "Issued"), Some(row.issued_on));
    page.money("amount", AMOUNT, Some(row.amount_minor), &row.currency);
    page.money("amount_excl_tax", EXCL_TAX, Some(row.amount_excl_tax_minor), &row.currency);
    page.money("tax", ("税额", "Tax"), Some(row.tax_minor), &row.currency);
    page.text("external_id", EXTERNAL, row.external_id.clone());
    page.put_away(row.archived_at);
    Ok(page.done("invoice", id, row.number.clone()))
}

pub async fn order(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let row = OrderEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let view = state.view(context).await?;
    let mut page = Page::new(context, &view.snapshot.definitions);
    page.link("account", ACCOUNT, "account", account_name(state, context, row.account_id).await?);
    page.link("contract", CONTRACT, "contract", contract_name(state, row.contract_id).await?);
    page.owner(row.owner_id);
    page.date("sold_on", ("销售日期", "Sold"), Some(row.sold_on));
    page.money("amount", AMOUNT, Some(row.amount_minor), &row.currency);
    page.money("amount_excl_tax", EXCL_TAX, Some(row.amount_excl_tax_minor), &row.currency);
    page.text("product", ("产品", "Product"), product_name(&view, row.product_id));
    page.text("quantity", ("数量", "Quantity"), quantity(row.quantity_micro));
    page.text("channel", ("渠道", "Channel"), row.channel.clone());
    let statuses =
        [("open", "未交付", "Open"), ("delivered", "已交付", "Delivered"), ("cancelled", "已取消", "Cancelled")];
    page.word("status", ("状态", "Status"), &row.status, &statuses);
    page.text("external_id", EXTERNAL, row.external_id.clone());
    page.put_away(row.archived_at);
    Ok(page.done("sales_order", id, row.number.clone()))
}

pub async fn delivery(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let row = DeliveryEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let order = OrderEntry::find(state, context, row.order_id).await?;
    let mut page = Page::new(context, &definitions);
    let title = order.as_ref().map(|order| order.number.clone()).unwrap_or_default();
    let found = order.map(|order| (order.id, order.number));
    page.link("order", ("订单", "Order"), "sales_order", found);
    page.date("delivered_on", ("交付日期", "Delivered"), Some(row.delivered_on));
    page.text("quantity", ("数量", "Quantity"), quantity(row.quantity_micro));
    page.text("place", ("地点", "Place"), row.place.clone());
    page.text("note", ("备注", "Note"), row.note.clone());
    page.text("external_id", EXTERNAL, row.external_id.clone());
    Ok(page.done("delivery", id, title))
}
