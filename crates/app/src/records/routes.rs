//! A record as its fields, credits and facts.

use axum::extract::{Path, State};
use qiao_engine::money::{Currency, format_minor};
use qiao_store::ledger;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::facts::named;
use crate::facts::rules::record_type_name;
use crate::figures::{FactView, RecordId, RecordRef};
use crate::http::{Asker, Json, Problem};
use crate::people::PersonRef;
use crate::splits::Splits;
use crate::state::AppState;
use crate::{customers, pipeline};

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_record))
}

/// A record.
#[derive(Debug, Serialize, ToSchema)]
struct RecordView {
    /// The kind.
    #[serde(rename = "type")]
    record_type: String,
    /// The kind in words.
    type_name: String,
    id: Uuid,
    title: String,
    fields: Vec<FieldView>,
    splits: Vec<CreditView>,
    facts: Vec<FactView>,
    related: Vec<RecordRef>,
}

/// A field.
#[derive(Debug, Serialize, ToSchema)]
struct FieldView {
    key: &'static str,
    label: String,
    value: Option<String>,
    /// money or date; text where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordId>,
}

/// Who is credited.
#[derive(Debug, Serialize, ToSchema)]
struct CreditView {
    person: PersonRef,
    role: String,
    /// A fraction of one.
    share: String,
    from: Option<String>,
}

/// Get a record
///
/// An opportunity or account in the asker's scope, with the facts that came from it.
#[utoipa::path(get, path = "/records/{type}/{id}", tag = "records",
    params(("type" = String, Path, description = "opportunity or account"), ("id" = Uuid, Path)),
    responses((status = 200, body = RecordView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_record(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<Json<RecordView>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    match record_type.as_str() {
        "opportunity" => Ok(Json(opportunity(&state, &context, id).await?)),
        "account" => Ok(Json(account(&state, &context, id).await?)),
        _ => Err(AppError::NotFound),
    }
}

struct Fields<'a> {
    context: &'a Context,
    list: Vec<FieldView>,
}

impl Fields<'_> {
    fn field(&self, key: &'static str, zh: &str, en: &str, value: Option<String>) -> FieldView {
        let label = self.context.locale.pick(zh, en).to_owned();
        FieldView { key, label, value, unit: None, currency: None, record: None }
    }

    fn push(&mut self, key: &'static str, zh: &str, en: &str, value: Option<String>) {
        self.list.push(self.field(key, zh, en, value));
    }

    fn date(&mut self, key: &'static str, zh: &str, en: &str, value: Option<chrono::NaiveDate>) {
        let field = self.field(key, zh, en, value.map(|date| date.to_string()));
        self.list.push(FieldView { unit: Some("date"), ..field });
    }
}

async fn opportunity(state: &AppState, context: &Context, id: Uuid) -> Result<RecordView, AppError> {
    let db = state.store().pool();
    let deal = pipeline::rules::find(db, &context.rows, id).await?.ok_or(AppError::NotFound)?;
    let view = state.books().view().await?;
    let definitions = &view.snapshot.definitions;
    let account = match deal.account_id {
        Some(account) => customers::rules::account(db, account).await?,
        None => None,
    };
    let owner = deal.owner_id.and_then(|owner| PersonRef::of(definitions, owner));
    let currency: Currency = deal.currency.parse().unwrap_or(definitions.company.currency);
    let mut fields = Fields { context, list: Vec::new() };
    let field = fields.field("account", "客户", "Account", account.as_ref().map(|account| account.name.clone()));
    let record = deal.account_id.map(|id| RecordId { record_type: "account".to_owned(), id });
    fields.list.push(FieldView { record, ..field });
    fields.push("owner", "负责人", "Owner", owner.as_ref().map(|owner| owner.name.clone()));
    let field = fields.field("amount", "金额", "Amount", deal.amount_minor.map(|minor| format_minor(minor, currency)));
    fields.list.push(FieldView { unit: Some("money"), currency: Some(deal.currency.clone()), ..field });
    let stage = view.catalog.stage(deal.stage_id).map(|stage| stage.name.clone());
    fields.push("stage", "阶段", "Stage", stage);
    let product = deal.product_id.and_then(|product| view.catalog.product(product)).map(|p| p.name.clone());
    fields.push("product", "产品", "Product", product);
    fields.push("product_line", "产品线", "Product line", view.catalog.line_of(deal.product_id));
    fields.date("opened_on", "建立日期", "Opened", deal.opened_on);
    fields.date("expected_close_on", "预计成交", "Expected to close", deal.expected_close_on);
    fields.date("closed_on", "关闭日期", "Closed", deal.closed_on);
    fields.push("source", "来源", "Source", deal.source.clone());
    fields.push("lost_reason", "输单原因", "Lost because", deal.lost_reason.clone());
    fields.push("external_id", "外部编号", "External id", deal.external_id.clone());
    let splits = Splits::of(db, "opportunity", &[deal.id]).await?.remove(&deal.id).unwrap_or_default();
    let splits = splits.views().into_iter().filter_map(|split| {
        let person = PersonRef::of(definitions, split.person_id)?;
        Some(CreditView { person, role: split.role, share: split.share, from: split.from })
    });
    let splits: Vec<CreditView> = splits.collect();
    let alone = owner.filter(|_| splits.is_empty());
    let alone = alone.map(|person| CreditView { person, role: "owner".to_owned(), share: "1".to_owned(), from: None });
    let splits = splits.into_iter().chain(alone).collect();
    let related = account.map(|account| RecordRef {
        record_type: "account".to_owned(),
        type_name: record_type_name("account", context.language()).to_owned(),
        id: account.id,
        name: account.name,
    });
    Ok(RecordView {
        record_type: "opportunity".to_owned(),
        type_name: record_type_name("opportunity", context.language()).to_owned(),
        id,
        title: deal.name.clone(),
        fields: fields.list.into_iter().filter(|field| field.value.is_some()).collect(),
        splits,
        facts: facts(state, context, id).await?,
        related: related.into_iter().collect(),
    })
}

/// Every fact that came from a record, those that were taken back included.
async fn facts(state: &AppState, context: &Context, id: Uuid) -> Result<Vec<FactView>, AppError> {
    let sequences = ledger::sequences_of(state.store().pool(), id).await?;
    let facts = named(state.store().pool(), &sequences).await?;
    Ok(facts.values().map(|fact| fact.view(context.language())).collect())
}

async fn account(state: &AppState, context: &Context, id: Uuid) -> Result<RecordView, AppError> {
    let db = state.store().pool();
    let account = customers::rules::visible(db, &context.rows, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.books().definitions().await?;
    let owner = account.owner_id.and_then(|owner| PersonRef::of(&definitions, owner));
    let mut fields = Fields { context, list: Vec::new() };
    fields.push("owner", "负责人", "Owner", owner.map(|owner| owner.name));
    fields.push("industry", "行业", "Industry", account.industry.clone());
    fields.push("region", "区域", "Region", account.region.clone());
    fields.push("tier", "客户等级", "Tier", account.tier.clone());
    fields.push("source", "来源", "Source", account.source.clone());
    fields.push("employees", "员工数", "Employees", account.employees.map(|count| count.to_string()));
    fields.push("founded_year", "成立年份", "Founded", account.founded_year.map(|year| year.to_string()));
    fields.push("external_id", "外部编号", "External id", account.external_id.clone());
    Ok(RecordView {
        record_type: "account".to_owned(),
        type_name: record_type_name("account", context.language()).to_owned(),
        id,
        title: account.name,
        fields: fields.list.into_iter().filter(|field| field.value.is_some()).collect(),
        splits: Vec::new(),
        facts: Vec::new(),
        related: Vec::new(),
    })
}
