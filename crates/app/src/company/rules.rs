//! Making a company with what every company begins with.

use chrono_tz::Tz;
use qiao_engine::customers::CustomerRule;
use qiao_engine::definitions::Company;
use qiao_engine::metrics::{MetricVersion, standard};
use qiao_engine::money::Currency;
use qiao_store::entities::{company, metric_version, pipeline, stage};
use qiao_store::{AuditEntry, DefinitionKind, Store, StoreError, Tx, WriteContext, WriteError};
use uuid::Uuid;

use super::queries;
use crate::context::CompanyFacts;
use crate::error::AppError;
use crate::forms::{Checker, NAME};
use crate::locale::Locale;

/// A company to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// ISO 4217; it cannot change once there is a fact.
    pub currency: String,
    /// IANA zone.
    pub timezone: String,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// True for the example company.
    pub example: bool,
}

impl Default for NewCompany {
    fn default() -> Self {
        Self {
            name: "公司".to_owned(),
            currency: "CNY".to_owned(),
            timezone: "Asia/Shanghai".to_owned(),
            locale: "zh-CN".to_owned(),
            example: false,
        }
    }
}

/// What a request needs to know of the company.
///
/// # Errors
/// [`StoreError::Damaged`] where the stored zone is none.
pub fn facts(company: &Company) -> Result<CompanyFacts, StoreError> {
    let timezone: Tz =
        company.timezone.parse().map_err(|_| StoreError::Damaged(format!("time zone '{}'", company.timezone)))?;
    Ok(CompanyFacts { currency: company.currency.code().to_owned(), timezone })
}

/// Makes the company, the standard metrics and a first pipeline. False where there is one already: nothing changes.
///
/// # Errors
/// 422 where currency, zone or language are none.
pub async fn init(store: &Store, new: NewCompany, now_ms: i64) -> Result<bool, AppError> {
    check(&new)?;
    let context = WriteContext::operator(now_ms);
    match store.write(&context, new, |tx, new| Box::pin(make(tx, new))).await {
        Ok(made) => Ok(made),
        Err(WriteError::Refused(error)) => Err(error),
        Err(other) => Err(other.into()),
    }
}

fn check(new: &NewCompany) -> Result<(), AppError> {
    let mut check = Checker::default();
    check.text("/name", &new.name, NAME);
    if new.currency.parse::<Currency>().is_err() {
        check.wrong("/currency", "not_a_choice", &[&new.currency, "CNY, USD, EUR ... (ISO 4217)"]);
    }
    if new.timezone.parse::<Tz>().is_err() {
        check.wrong("/timezone", "not_a_choice", &[&new.timezone, "Asia/Shanghai, Europe/Berlin ... (IANA)"]);
    }
    if Locale::parse(&new.locale).is_none() {
        check.wrong("/locale", "not_a_choice", &[&new.locale, "zh-CN, en"]);
    }
    check.done()
}

async fn make(tx: &mut Tx, new: &NewCompany) -> Result<bool, AppError> {
    if queries::find(tx.conn()).await?.is_some() {
        return Ok(false);
    }
    let now_ms = tx.now_ms();
    let locale = Locale::parse(&new.locale).unwrap_or_default();
    let id = Uuid::now_v7();
    let customer_rule = serde_json::to_string(&CustomerRule::default()).unwrap_or_default();
    let row = company::Model {
        id,
        name: new.name.trim().to_owned(),
        currency: new.currency.clone(),
        timezone: new.timezone.clone(),
        locale: locale.tag().to_owned(),
        fiscal_year_start_month: 1,
        month_closing_day: None,
        weekend: "sat,sun".to_owned(),
        customer_rule,
        on_pace_tolerance_ppm: 50_000,
        attainment_visible_to_all: false,
        settings: "{}".to_owned(),
        example: new.example,
        version: 1,
        created_at: now_ms,
        updated_at: now_ms,
    };
    let after = serde_json::json!({"name": row.name, "currency": row.currency, "timezone": row.timezone}).to_string();
    queries::insert(tx.conn(), row).await?;
    queries::insert_metrics(tx.conn(), metrics(now_ms)).await?;
    let (pipeline, stages) = first_pipeline(locale, now_ms);
    queries::insert_pipeline(tx.conn(), pipeline, stages).await?;
    tx.audit(AuditEntry {
        action: "created",
        record_type: "company",
        record_id: Some(id),
        before: None,
        after: Some(after),
    });
    tx.definition_changed(DefinitionKind::Company);
    tx.definition_changed(DefinitionKind::Catalog);
    Ok(true)
}

/// The amount, in major units, from which a deal is large until the company says otherwise.
const LARGE: i64 = 100_000;

/// The metrics that a new company begins with.
#[must_use]
pub fn first_metrics() -> Vec<MetricVersion> {
    standard(LARGE, "proposal", "negotiation")
}

fn metrics(now_ms: i64) -> Vec<metric_version::Model> {
    first_metrics()
        .into_iter()
        .map(|metric| metric_version::Model {
            id: Uuid::now_v7(),
            code: metric.code.clone(),
            version: 1,
            from_date: metric.from,
            to_date: None,
            definition: serde_json::to_string(&metric).unwrap_or_default(),
            reason: None,
            published_at: now_ms,
            published_by: None,
        })
        .collect()
}

/// code, Chinese, English, kind, probability in percent.
const STAGES: &[(&str, &str, &str, &str, i64)] = &[
    ("prospecting", "初步接触", "Prospecting", "open", 10),
    ("qualified", "需求确认", "Qualified", "open", 25),
    ("proposal", "方案报价", "Proposal", "open", 50),
    ("negotiation", "商务谈判", "Negotiation", "open", 75),
    ("won", "赢单", "Won", "won", 100),
    ("lost", "输单", "Lost", "lost", 0),
];

fn first_pipeline(locale: Locale, now_ms: i64) -> (pipeline::Model, Vec<stage::Model>) {
    let id = Uuid::now_v7();
    let pipeline = pipeline::Model {
        id,
        external_id: Some("default".to_owned()),
        name: locale.pick("标准销售流程", "Standard").to_owned(),
        position: 1,
        version: 1,
        created_at: now_ms,
        updated_at: now_ms,
        archived_at: None,
    };
    let stages = STAGES.iter().zip(1..).map(|((code, zh, en, kind, percent), position)| stage::Model {
        id: Uuid::now_v7(),
        pipeline_id: id,
        code: (*code).to_owned(),
        name: locale.pick(zh, en).to_owned(),
        position,
        kind: (*kind).to_owned(),
        probability_ppm: percent * 10_000,
        required: "[]".to_owned(),
        archived_at: None,
    });
    (pipeline, stages.collect())
}
