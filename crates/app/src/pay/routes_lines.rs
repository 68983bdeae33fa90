//! The lines behind a sum of pay, page by page, each with its record.

use axum::extract::{Path, State};
use qiao_engine::money::Currency;
use qiao_engine::pay::{Estimate, Line, estimate};
use qiao_engine::rounding::Rounding;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::explain::component_of;
use super::routes::{line_id, period_of, person_of, status_of, why_address};
use super::rules::{self, status_word};
use crate::error::AppError;
use crate::facts::named;
use crate::figures::{Amount, RecordId};
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::metrics::rules::encode;
use crate::state::AppState;

/// Which lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LinesQuery {
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
    /// Only lines of this status: earned, pending or forfeited.
    status: Option<String>,
    /// Only lines of this component: `PLAN:COMPONENT`.
    component: Option<String>,
    /// Rows per page, 1 to 200, 50 by default.
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A line behind a sum.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayFact {
    /// The line's id.
    id: String,
    date: String,
    /// The fact's kind.
    kind: String,
    /// The kind in words.
    kind_name: String,
    /// The customer or deal.
    label: String,
    component_name: String,
    /// earned, pending or forfeited.
    status: String,
    /// What it is paid on; none for a reward.
    basis: Option<Amount>,
    /// What the line pays.
    amount: Amount,
    /// The record the fact comes from.
    record: RecordId,
    /// Where the line's reason is.
    why: String,
}

/// The lines of an estimate that a sum is of.
pub fn chosen(estimate: Estimate, status: Option<&str>, component: Option<&str>) -> Result<Vec<Line>, AppError> {
    let status = status.map(status_of).transpose()?;
    let fits = |line: &Line| {
        status.is_none_or(|status| line.status == status)
            && component.is_none_or(|wanted| format!("{}:{}", line.plan, line.component) == wanted)
    };
    Ok(estimate.lines.into_iter().filter(fits).collect())
}

/// List the lines of an estimate
///
/// By date, each with what it pays, its record and the address of its reason; they add up to the sum they are behind.
/// **Permissions**: as for the estimate.
#[utoipa::path(get, path = "/people/{id}/estimate/lines", tag = "pay", params(("id" = String, Path), LinesQuery),
    responses((status = 200, body = Page<PayFact>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn estimate_lines(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(id): Path<String>,
    Query(query): Query<LinesQuery>,
) -> Result<Json<Page<PayFact>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() }.checked()?;
    let person = person_of(&id, &context)?;
    rules::may_see(&context, person)?;
    let snapshot = state.snapshot(&context).await?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let estimate = estimate(&snapshot, person.as_u128(), period);
    let mut lines = chosen(estimate, query.status.as_deref(), query.component.as_deref())?;
    // Zero-padded, so that texts compare as the lines are sorted.
    let key = |line: &Line| {
        (format!("{}{:010}", line.date, line.sequence.unwrap_or_default()), format!("{}:{}", line.plan, line.component))
    };
    if let Some(after) = &page.after {
        lines.retain(|line| key(line) > *after);
    }
    lines.truncate(usize::try_from(page.limit + 1).unwrap_or(201));
    let listed = page.page(lines, key);
    let sequences: Vec<u32> = listed.items.iter().filter_map(|line| line.sequence).collect();
    let facts = named(&state, &context, &sequences).await?;
    let language = context.language();
    let currency = snapshot.definitions.company.currency;
    let item = |line: &Line| {
        let fact = facts.get(&line.sequence?)?.view(language);
        let id = line_id(line);
        let component = component_of(&snapshot, &line.plan, line.version, &line.component);
        Some(PayFact {
            why: why_address(person, period, Some(format!("line={}", encode(&id)))),
            id,
            date: fact.date,
            kind: fact.kind,
            kind_name: fact.kind_name,
            label: fact.label,
            component_name: component.map(|c| c.name.get(language).to_owned()).unwrap_or_default(),
            status: status_word(line.status).to_owned(),
            basis: basis_minor(line, currency).map(|minor| Amount::minor(minor, currency)),
            amount: Amount::minor(line.amount_minor, currency),
            record: fact.record?,
        })
    };
    Ok(Json(Page::new(listed.items.iter().filter_map(item).collect(), listed.next_cursor)))
}

/// Where the lines behind a sum are.
pub fn lines_address(person: Uuid, period: qiao_engine::dates::Period, part: Option<String>) -> String {
    let rest = part.map(|part| format!("&{part}")).unwrap_or_default();
    format!("/api/v1/people/{person}/estimate/lines?period={period}{rest}")
}

/// The basis of a line that is money, minor units; none for one that is counted otherwise.
pub fn basis_minor(line: &Line, currency: Currency) -> Option<i64> {
    let digits = i32::try_from(currency.digits()).ok()?;
    line.basis.as_ref()?.scaled(digits)?.to_minor(Rounding::HalfUp)
}
