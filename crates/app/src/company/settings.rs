//! Changing the company's settings and calendar.

use chrono::{NaiveDate, Weekday};
use qiao_engine::customers::CustomerRule;
use qiao_store::entities::{calendar_day, company};
use qiao_store::{AuditEntry, DefinitionKind, Tx};

use super::queries;
use crate::context::{Context, Permission};
use crate::entry::{Place, Row};
use crate::error::AppError;
use crate::forms::NAME;
use crate::locale::Locale;
use crate::state::AppState;

/// The company's row.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn company(state: &AppState) -> Result<company::Model, AppError> {
    queries::find(state.store().pool()).await?.ok_or(AppError::NotFound)
}

/// The rule for new customers.
#[must_use]
pub fn rule_of(row: &company::Model) -> CustomerRule {
    serde_json::from_str(&row.customer_rule).unwrap_or_default()
}

/// Changes the settings.
///
/// # Errors
/// 403 without the permission, 412, 422.
pub async fn change(state: &AppState, context: &Context, row: Row) -> Result<company::Model, AppError> {
    context.require(Permission::ManageCompany)?;
    Ok(state.store().write(&context.write(), row, |tx, row| Box::pin(change_in(tx, row))).await?)
}

async fn change_in(tx: &mut Tx, row: &Row) -> Result<company::Model, AppError> {
    let before = queries::find(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if !matches!(row.place, Place::At { version, .. } if version == before.version) {
        return Err(AppError::Stale);
    }
    let mut row = row.clone();
    let after = read(&mut row, &before);
    if !row.errors.is_empty() {
        return Err(AppError::Invalid(row.errors));
    }
    if after == before {
        return Ok(before);
    }
    let after = company::Model { version: before.version + 1, updated_at: tx.now_ms(), ..after };
    queries::save(tx.conn(), after.clone()).await?;
    tx.audit(AuditEntry {
        action: "updated",
        record_type: "company",
        record_id: Some(after.id),
        before: serde_json::to_string(&before).ok(),
        after: serde_json::to_string(&after).ok(),
    });
    tx.definition_changed(DefinitionKind::Company);
    Ok(after)
}

fn read(row: &mut Row, before: &company::Model) -> company::Model {
    let mut company = before.clone();
    company.name = row.required_or("name", NAME, company.name);
    if let Some(locale) = row.choice("locale", &["zh-CN", "en"]) {
        company.locale = Locale::parse(&locale).unwrap_or_default().tag().to_owned();
    }
    let small = |number: i64| i32::try_from(number).ok();
    if let Some(month) = row.integer("fiscal_year_start_month", 1, 12).and_then(small) {
        company.fiscal_year_start_month = month;
    }
    // The 28th is the last day that every month has.
    let closing = row.integer("month_closing_day", 1, 28).and_then(small);
    company.month_closing_day = row.or("month_closing_day", closing, company.month_closing_day);
    if let Some(weekend) = row.text("weekend", 40) {
        let days: Vec<&str> = weekend.split(',').map(str::trim).collect();
        if days.iter().any(|day| day.parse::<Weekday>().is_err()) || days.len() > 6 {
            row.wrong("weekend", "not_a_choice", &[&weekend, "mon, tue, wed, thu, fri, sat, sun"]);
        }
        company.weekend = days.join(",").to_lowercase();
    }
    if let Some(ppm) = row.share("on_pace_tolerance") {
        company.on_pace_tolerance_ppm = ppm;
    }
    if let Some(who) = row.choice("attainment_visible_to", &["own_scope", "company"]) {
        company.attainment_visible_to_all = who == "company";
    }
    let old = rule_of(before);
    let months = |number: Option<i64>, old: u32| number.and_then(|n| u32::try_from(n).ok()).unwrap_or(old);
    let rule = CustomerRule {
        version: old.version.clone(),
        no_contract_months: months(row.integer("no_contract_months", 1, 240), old.no_contract_months),
        stays_new_months: months(row.integer("stays_new_months", 0, 240), old.stays_new_months),
    };
    if rule != old {
        let next = old.version.parse::<u32>().map_or(2, |version| version.saturating_add(1));
        let rule = CustomerRule { version: next.to_string(), ..rule };
        company.customer_rule = serde_json::to_string(&rule).unwrap_or_default();
    }
    company
}

/// The days that are not as their weekday says.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn days(state: &AppState, year: Option<i32>) -> Result<Vec<calendar_day::Model>, AppError> {
    Ok(queries::days(state.store().pool(), year).await?)
}

/// A change of a day; without a row the day is as its weekday says.
pub struct DayChange {
    /// The day.
    pub date: NaiveDate,
    /// What it becomes.
    pub row: Option<Row>,
}

/// Changes a day.
///
/// # Errors
/// 403 without the permission, 422 for another kind.
pub async fn put_day(
    state: &AppState,
    context: &Context,
    change: DayChange,
) -> Result<Option<calendar_day::Model>, AppError> {
    context.require(Permission::ManageCompany)?;
    Ok(state.store().write(&context.write(), change, |tx, change| Box::pin(put_day_in(tx, change))).await?)
}

async fn put_day_in(tx: &mut Tx, change: &DayChange) -> Result<Option<calendar_day::Model>, AppError> {
    let before = queries::day(tx.conn(), change.date).await?;
    let after = match &change.row {
        None => None,
        Some(row) => {
            let mut row = row.clone();
            let kind = row.choice("kind", &["working", "holiday"]);
            let name = row.text("name", NAME);
            if !row.errors.is_empty() {
                return Err(AppError::Invalid(row.errors));
            }
            kind.map(|kind| calendar_day::Model { date: change.date, kind, name })
        }
    };
    if before == after {
        return Ok(after);
    }
    queries::replace_day(tx.conn(), change.date, after.clone()).await?;
    let json = |day: &calendar_day::Model| {
        serde_json::json!({"date": day.date, "kind": day.kind, "name": day.name}).to_string()
    };
    tx.audit(AuditEntry {
        action: "updated",
        record_type: "calendar_day",
        record_id: None,
        before: before.as_ref().map(json),
        after: after.as_ref().map(json),
    });
    tx.definition_changed(DefinitionKind::Company);
    Ok(after)
}
