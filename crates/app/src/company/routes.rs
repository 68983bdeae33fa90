//! The company's settings and calendar.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use qiao_store::entities::{calendar_day, company};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::settings::{self, DayChange};
use crate::entry::Place;
use crate::error::AppError;
use crate::http::crud::at;
use crate::http::{Asker, Form, IfMatch, Json, Page, Problem, Query, Tagged};
use crate::splits::rules::share_text;
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_company, change_company))
        .routes(routes!(list_days))
        .routes(routes!(put_day, delete_day))
}

/// The company's settings as they are sent. Absent fields stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct CompanyForm {
    /// The name.
    name: Option<String>,
    /// zh-CN or en: the language of those who chose none.
    locale: Option<String>,
    /// The month in which the fiscal year begins, 1 to 12.
    fiscal_year_start_month: Option<i32>,
    /// The day on which the month closes: 25 makes March run from 26 February to 25 March. Null: calendar months.
    month_closing_day: Option<i32>,
    /// Days of rest, for example `sat,sun`.
    weekend: Option<String>,
    /// Months without a signed contract after which a group of companies is a new customer again.
    no_contract_months: Option<i32>,
    /// Months for which a new customer stays new.
    stays_new_months: Option<i32>,
    /// How far from the pace still counts as on pace: a fraction of one, for example `0.05`.
    on_pace_tolerance: Option<String>,
    /// Who sees attainment and rank: own_scope or company. Pay and records are never part of it.
    attainment_visible_to: Option<String>,
}

/// The company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanyView {
    name: String,
    /// ISO 4217; fixed.
    currency: String,
    /// Business dates are dates of this zone; fixed.
    timezone: String,
    locale: String,
    fiscal_year_start_month: i32,
    month_closing_day: Option<i32>,
    weekend: String,
    /// The rule for new customers, with its version.
    customer_rule: CustomerRuleView,
    on_pace_tolerance: String,
    /// Who sees attainment and rank: own_scope or company.
    attainment_visible_to: &'static str,
}

/// The rule for new customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct CustomerRuleView {
    /// Kept on the facts that it decided.
    version: String,
    no_contract_months: u32,
    stays_new_months: u32,
}

impl From<&company::Model> for CompanyView {
    fn from(row: &company::Model) -> Self {
        let rule = settings::rule_of(row);
        Self {
            name: row.name.clone(),
            currency: row.currency.clone(),
            timezone: row.timezone.clone(),
            locale: row.locale.clone(),
            fiscal_year_start_month: row.fiscal_year_start_month,
            month_closing_day: row.month_closing_day,
            weekend: row.weekend.clone(),
            customer_rule: CustomerRuleView {
                version: rule.version,
                no_contract_months: rule.no_contract_months,
                stays_new_months: rule.stays_new_months,
            },
            on_pace_tolerance: share_text(row.on_pace_tolerance_ppm),
            attainment_visible_to: if row.attainment_visible_to_all { "company" } else { "own_scope" },
        }
    }
}

/// Get the company's settings
#[utoipa::path(get, path = "/company", tag = "company",
    responses((status = 200, body = CompanyView), (status = 401, body = Problem)))]
async fn get_company(State(state): State<AppState>, _asker: Asker) -> Result<Tagged<CompanyView>, AppError> {
    let row = settings::company(&state).await?;
    Ok(Tagged { status: StatusCode::OK, version: row.version, body: CompanyView::from(&row) })
}

/// Change the company's settings
///
/// A changed rule for new customers gets a new version; what it decided before stays on the facts.
#[utoipa::path(patch, path = "/company", tag = "company", request_body = CompanyForm,
    params(("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = CompanyView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_company(
    State(state): State<AppState>,
    Asker(context): Asker,
    version: IfMatch,
    form: Form<CompanyForm>,
) -> Result<Tagged<CompanyView>, AppError> {
    let row = form.row(at(uuid::Uuid::nil(), version));
    let saved = settings::change(&state, &context, row).await?;
    Ok(Tagged { status: StatusCode::OK, version: saved.version, body: CompanyView::from(&saved) })
}

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DayQuery {
    /// The year; all where absent.
    year: Option<i32>,
}

/// A day that is not as its weekday says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct DayView {
    date: String,
    /// working (a day off that is worked in exchange for another) or holiday.
    kind: String,
    name: Option<String>,
}

impl From<&calendar_day::Model> for DayView {
    fn from(row: &calendar_day::Model) -> Self {
        Self { date: row.date.to_string(), kind: row.kind.clone(), name: row.name.clone() }
    }
}

/// List holidays and working weekends
#[utoipa::path(get, path = "/calendar-days", tag = "company", params(DayQuery),
    responses((status = 200, body = Page<DayView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_days(
    State(state): State<AppState>,
    _asker: Asker,
    Query(query): Query<DayQuery>,
) -> Result<Json<Page<DayView>>, AppError> {
    let days = settings::days(&state, query.year).await?;
    Ok(Json(Page::new(days.iter().map(DayView::from).collect(), None)))
}

/// A day as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
struct DayForm {
    /// working (a day off that is worked in exchange for another) or holiday.
    kind: String,
    /// For example National Day.
    name: Option<String>,
}

fn date(text: &str) -> Result<NaiveDate, AppError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| AppError::field("/date", "not_date", &[text]))
}

/// Say that a day is a holiday or a working weekend
#[utoipa::path(put, path = "/calendar-days/{date}", tag = "company", params(("date" = String, Path)),
    request_body = DayForm,
    responses((status = 200, body = DayView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn put_day(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(day): Path<String>,
    form: Form<DayForm>,
) -> Result<Json<DayView>, AppError> {
    let day = date(&day)?;
    let saved = settings::put_day(&state, &context, DayChange { date: day, row: Some(form.row(Place::New)) }).await?;
    saved.map(|row| Json(DayView::from(&row))).ok_or(AppError::NotFound)
}

/// Say that a day is as its weekday says
#[utoipa::path(delete, path = "/calendar-days/{date}", tag = "company", params(("date" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn delete_day(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(day): Path<String>,
) -> Result<StatusCode, AppError> {
    settings::put_day(&state, &context, DayChange { date: date(&day)?, row: None }).await?;
    Ok(StatusCode::NO_CONTENT)
}
