//! The estimate and its reasons.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use qiao_engine::dates::Period;
use qiao_engine::pay::{Estimate, Line, Status, TierProgress, by_status, estimate};
use qiao_engine::plans::{Axis, Mode, Rate};
use qiao_engine::{Language, Snapshot};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::explain::{self, component_of, version_of};
use super::routes_lines::{basis_minor, chosen, lines_address};
use super::rules::{self, status_word};
use crate::catalog::names;
use crate::context::Context;
use crate::error::AppError;
use crate::facts::{Named, named};
use crate::figures::{Amount, Figure, Why};
use crate::http::{Asker, Json, Page, Problem, Query};
use crate::metrics::rules::encode;
use crate::people::PersonRef;
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_estimates))
        .routes(routes!(get_estimate))
        .routes(routes!(super::routes_lines::estimate_lines))
        .routes(routes!(explain_estimate))
}

/// For which period.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PeriodQuery {
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
}

/// The asked period, the present month where none is named.
pub fn period_of(text: Option<&str>, snapshot: &Snapshot, context: &Context) -> Result<Period, AppError> {
    match text {
        Some(text) => text.parse().map_err(|_| AppError::field("/period", "not_period", &[text])),
        None => {
            let calendar = &snapshot.definitions.company.calendar;
            Ok(calendar.period_of(context.today(), qiao_engine::dates::PeriodKind::Month))
        }
    }
}

/// The person of a path: an id, or `me`.
pub fn person_of(text: &str, context: &Context) -> Result<Uuid, AppError> {
    if text == "me" {
        return context.person_id.ok_or(AppError::NotFound);
    }
    Uuid::try_parse(text).map_err(|_| AppError::NotFound)
}

/// A row of the list.
#[derive(Debug, Serialize, ToSchema)]
struct EstimateRow {
    person: PersonRef,
    period: String,
    total: Figure,
}

/// List estimates
///
/// Those whose pay the asker may see: oneself, and with the pay grant everybody in the row scope.
#[utoipa::path(get, path = "/estimates", tag = "pay", params(PeriodQuery),
    responses((status = 200, body = Page<EstimateRow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_estimates(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<Page<EstimateRow>>, AppError> {
    let snapshot = state.snapshot(&context).await?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let currency = snapshot.definitions.company.currency;
    let items = rules::estimates(&snapshot, &context, period)
        .into_iter()
        .filter_map(|row| {
            let why = why_address(row.person, period, None);
            let total = Figure::money(row.estimate.total_minor(), currency, Some(why));
            let person = PersonRef::of(&snapshot.definitions, row.person)?;
            Some(EstimateRow { person, period: period.to_string(), total })
        })
        .collect();
    Ok(Json(Page::new(items, None)))
}

/// The address of the reason of a person's estimate, or of a part of it.
pub fn why_address(person: Uuid, period: Period, part: Option<String>) -> String {
    let rest = part.map(|part| format!("&{part}")).unwrap_or_default();
    format!("/api/v1/people/{person}/estimate/explanation?period={period}{rest}")
}

/// A person's estimate.
#[derive(Debug, Serialize, ToSchema)]
struct EstimateView<'a> {
    person: PersonRef,
    period: String,
    start: String,
    end: String,
    currency: String,
    calculated_at: String,
    /// Earned plus pending, before tax; none without a plan.
    total: Option<Figure>,
    /// The period before.
    previous: Option<PreviousView>,
    by_status: Vec<StatusView>,
    plans: Vec<PlanPeriodView>,
    tiers: Vec<TierView>,
    lines: Vec<EstimateLineView<'a>>,
    not_counted: Vec<NotCountedView>,
}

/// The period before.
#[derive(Debug, Serialize, ToSchema)]
struct PreviousView {
    period: String,
    total: Figure,
}

/// A sum by status.
#[derive(Debug, Serialize, ToSchema)]
struct StatusView {
    /// earned, pending or forfeited.
    status: String,
    figure: Figure,
    lines: usize,
}

/// A plan in one of its periods.
#[derive(Debug, Serialize, ToSchema)]
struct PlanPeriodView {
    id: Uuid,
    key: String,
    name: String,
    version: u32,
    from: String,
    period: String,
    total: Figure,
}

/// The way to the next tier.
#[derive(Debug, Serialize, ToSchema)]
struct TierView {
    plan_id: Uuid,
    component: String,
    component_name: String,
    /// amount or attainment.
    axis: &'static str,
    /// marginal or whole.
    mode: &'static str,
    period: String,
    /// Where the person stands: major units, or a share of the target.
    position: String,
    earned: String,
    /// What waits for its recognition and would be added.
    pending: String,
    /// money or percent.
    unit: &'static str,
    currency: Option<String>,
    bands: Vec<BandView>,
    next: Option<NextView>,
    /// Where the reason of the distance is.
    why: String,
}

/// A band.
#[derive(Debug, Serialize, ToSchema)]
struct BandView {
    from: String,
    to: Option<String>,
    rate: String,
}

/// The next band.
#[derive(Debug, Serialize, ToSchema)]
struct NextView {
    at: String,
    remaining: String,
    rate: String,
}

/// A line of the estimate.
#[derive(Debug, Serialize, ToSchema)]
struct EstimateLineView<'a> {
    id: String,
    date: NaiveDate,
    fact_id: Uuid,
    kind: &'a str,
    source: Option<SourceView<'a>>,
    component: &'a str,
    component_name: &'a str,
    plan_id: Uuid,
    basis: Option<Amount>,
    rates: Vec<String>,
    /// The fixed reward, where it is one.
    fixed: Option<&'a Amount>,
    amount: Amount,
    /// earned, pending or forfeited.
    status: &'static str,
    why: String,
}

/// Where a line comes from.
#[derive(Debug, Serialize, ToSchema)]
struct SourceView<'a> {
    /// The kind of record.
    #[serde(rename = "type")]
    record_type: &'a str,
    id: Uuid,
    name: &'a str,
    account_name: Option<&'a str>,
    /// Kind of contract or customer, in words.
    tag: Option<String>,
}

/// A fact that a plan would count but cannot.
#[derive(Debug, Serialize, ToSchema)]
struct NotCountedView {
    fact_id: Uuid,
    date: String,
    label: String,
    /// currency or too_large.
    reason: &'static str,
}

/// Get a person's estimate
///
/// What is earned and pending as of now, line by line; before tax. `{id}` is a person's id or `me`.
/// **Permissions**: one's own; the pay grant for others in the row scope.
#[utoipa::path(get, path = "/people/{id}/estimate", tag = "pay", params(("id" = String, Path), PeriodQuery),
    responses((status = 200, body = EstimateView<'static>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_estimate(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
) -> Result<Response, AppError> {
    let person = person_of(&id, &context)?;
    rules::may_see(&context, person)?;
    let snapshot = state.snapshot(&context).await?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let person_ref = PersonRef::of(&snapshot.definitions, person).ok_or(AppError::NotFound)?;
    let estimate = estimate(&snapshot, person.as_u128(), period);
    let before = qiao_engine::pay::estimate(&snapshot, person.as_u128(), period.previous());
    let mut sequences: Vec<u32> = estimate.lines.iter().filter_map(|line| line.sequence).collect();
    sequences.extend(estimate.not_counted.iter().map(|n| n.sequence));
    let facts = named(&state, &context, &sequences).await?;
    let currency = snapshot.definitions.company.currency;
    let named = components(&estimate, &snapshot, &context);
    let view = Viewing { snapshot: &snapshot, context: &context, person, period, facts: &facts, components: &named };
    let range = snapshot.definitions.company.calendar.range(period);
    let money = |minor, part: Option<String>| Figure::money(minor, currency, Some(why_address(person, period, part)));
    let answer = EstimateView {
        person: person_ref,
        period: period.to_string(),
        start: range.start.to_string(),
        end: range.end.to_string(),
        currency: currency.code().to_owned(),
        calculated_at: crate::time::rfc3339(context.now_ms),
        total: estimate.on_a_plan.then(|| money(estimate.total_minor(), None)),
        previous: before.on_a_plan.then(|| PreviousView {
            period: period.previous().to_string(),
            total: Figure::money(before.total_minor(), currency, Some(why_address(person, period.previous(), None))),
        }),
        by_status: by_status(&estimate.lines)
            .into_iter()
            .map(|(status, minor, lines)| StatusView {
                status: status_word(status).to_owned(),
                figure: money(minor, Some(format!("status={}", status_word(status)))),
                lines,
            })
            .collect(),
        plans: estimate.plans.iter().map(|plan| view.plan(plan)).collect(),
        tiers: estimate.tiers.iter().map(|tier| view.tier(tier)).collect(),
        lines: estimate.lines.iter().filter_map(|line| view.line(line)).collect(),
        not_counted: estimate.not_counted.iter().filter_map(|n| view.not_counted(n)).collect(),
    };
    Ok(Json(answer).into_response())
}

struct Viewing<'a> {
    snapshot: &'a Snapshot,
    context: &'a Context,
    person: Uuid,
    period: Period,
    facts: &'a BTreeMap<u32, Named>,
    components: &'a BTreeMap<ComponentKey<'a>, ComponentName>,
}

/// A plan's key, its version, the component.
type ComponentKey<'a> = (&'a str, u32, &'a str);

/// A component as lines and tiers show it.
#[derive(Default)]
struct ComponentName {
    plan_id: Uuid,
    name: String,
    fixed: Option<Amount>,
}

/// The components of an estimate, each looked up once however many lines it has.
fn components<'a>(
    estimate: &'a Estimate,
    snapshot: &Snapshot,
    context: &Context,
) -> BTreeMap<ComponentKey<'a>, ComponentName> {
    let of_lines = estimate.lines.iter().map(|line| (line.plan.as_str(), line.version, line.component.as_str()));
    let of_tiers = estimate.tiers.iter().map(|tier| (tier.plan.as_str(), tier.version, tier.component.as_str()));
    let mut found = BTreeMap::new();
    for (plan, version, id) in of_lines.chain(of_tiers) {
        found.entry((plan, version, id)).or_insert_with(|| {
            let component = component_of(snapshot, plan, version, id);
            let fixed = component.and_then(|component| match component.only_rate()? {
                Rate::Reward(reward) => reward.amount.fixed().map(|amount| amount.0.normalize().to_string()),
                _ => None,
            });
            let currency = snapshot.definitions.company.currency;
            let fixed = fixed.and_then(|text| qiao_engine::money::parse_minor(&text, currency).ok());
            ComponentName {
                plan_id: version_of(snapshot, plan, version).map(|v| Uuid::from_u128(v.plan_id)).unwrap_or_default(),
                name: component.map(|c| c.name.get(context.language()).to_owned()).unwrap_or_default(),
                fixed: fixed.map(|minor| Amount::minor(minor, currency)),
            }
        });
    }
    found
}

impl<'a> Viewing<'a> {
    fn language(&self) -> Language {
        self.context.language()
    }

    fn plan(&self, plan: &qiao_engine::pay::PlanPeriod) -> PlanPeriodView {
        let currency = self.snapshot.definitions.company.currency;
        PlanPeriodView {
            id: Uuid::from_u128(plan.version.plan_id),
            key: plan.version.plan.id.clone(),
            name: plan.version.plan.name.get(self.language()).to_owned(),
            version: plan.version.version,
            from: plan.version.plan.from.to_string(),
            period: plan.period.to_string(),
            total: Figure::money(plan.total_minor, currency, Some(why_address(self.person, plan.period, None))),
        }
    }

    fn tier(&self, tier: &TierProgress) -> TierView {
        let unknown = ComponentName::default();
        let key = (tier.plan.as_str(), tier.version, tier.component.as_str());
        let ComponentName { plan_id, name, .. } = self.components.get(&key).unwrap_or(&unknown);
        let is_money = matches!(tier.axis, Axis::Amount);
        let currency = self.snapshot.definitions.company.currency;
        let text = |value: rust_decimal::Decimal| {
            let value = value.round_dp(if is_money { currency.digits() } else { 6 }).normalize();
            value.to_string()
        };
        let bands = tier.bands.iter().enumerate().map(|(index, band)| BandView {
            from: text(band.from.0),
            to: tier.bands.get(index + 1).map(|next| text(next.from.0)),
            rate: band.rate.0.normalize().to_string(),
        });
        TierView {
            plan_id: *plan_id,
            component: tier.component.clone(),
            component_name: name.clone(),
            axis: if is_money { "amount" } else { "attainment" },
            mode: if tier.mode == Mode::Marginal { "marginal" } else { "whole" },
            period: tier.period.to_string(),
            position: text(tier.position),
            earned: text(tier.position),
            pending: text(tier.held),
            unit: if is_money { "money" } else { "percent" },
            currency: is_money.then(|| currency.code().to_owned()),
            bands: bands.collect(),
            next: tier.next.map(|(at, remaining, rate)| NextView {
                at: text(at),
                remaining: text(remaining),
                rate: rate.normalize().to_string(),
            }),
            why: why_address(self.person, self.period, Some(format!("tier={}", encode(&tier_id(tier))))),
        }
    }

    fn line(&self, line: &'a Line) -> Option<EstimateLineView<'a>> {
        let fact = self.facts.get(&line.sequence?)?;
        let currency = self.snapshot.definitions.company.currency;
        let key = (line.plan.as_str(), line.version, line.component.as_str());
        let ComponentName { plan_id, name, fixed } = self.components.get(&key)?;
        let tag = fact.fact.contract_kind.as_deref().map(|kind| ("contract_kind", kind));
        let tag = tag.or(fact.fact.customer_kind.as_deref().map(|kind| ("customer_kind", kind)));
        let id = line_id(line);
        Some(EstimateLineView {
            why: why_address(self.person, self.period, Some(format!("line={}", encode(&id)))),
            id,
            date: line.date,
            fact_id: fact.fact.id,
            kind: &fact.fact.kind,
            source: Some(SourceView {
                record_type: &fact.fact.record_type,
                id: fact.fact.record_id,
                name: fact.fact.opportunity.as_deref().or(fact.fact.account.as_deref()).unwrap_or_default(),
                account_name: fact.fact.account.as_deref(),
                tag: tag.map(|(field, kind)| qiao_engine::conditions::value_name(field, kind, self.language())),
            }),
            component: &line.component,
            component_name: name,
            plan_id: *plan_id,
            basis: basis_minor(line, currency).map(|minor| Amount::minor(minor, currency)),
            rates: line.rates.iter().map(ToString::to_string).collect(),
            fixed: fixed.as_ref(),
            amount: Amount::minor(line.amount_minor, currency),
            status: status_word(line.status),
        })
    }

    fn not_counted(&self, n: &qiao_engine::pay::NotCounted) -> Option<NotCountedView> {
        let fact = self.facts.get(&n.sequence)?;
        Some(NotCountedView {
            fact_id: fact.fact.id,
            date: fact.fact.date.to_string(),
            label: fact.label(),
            reason: n.reason,
        })
    }
}

/// The id of a line within its estimate.
pub fn line_id(line: &Line) -> String {
    let of = line.sequence.map_or_else(|| line.period.to_string(), |sequence| sequence.to_string());
    format!("{}:{}:{of}", line.plan, line.component)
}

fn tier_id(tier: &TierProgress) -> String {
    format!("{}:{}:{}", tier.plan, tier.component, tier.period)
}

/// Reads a status.
///
/// # Errors
/// 422 for another word.
pub fn status_of(text: &str) -> Result<Status, AppError> {
    let known = [Status::Earned, Status::Held, Status::Forfeited].into_iter().find(|s| status_word(*s) == text);
    known.ok_or_else(|| AppError::field("/status", "not_a_choice", &[text, "earned, pending, forfeited"]))
}

/// What to explain.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExplainQuery {
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
    /// The id of a line; the whole estimate where absent.
    line: Option<String>,
    /// The way to the next tier of a component: `PLAN:COMPONENT:PERIOD`.
    tier: Option<String>,
    /// Only lines of this status: earned, pending or forfeited.
    status: Option<String>,
}

/// Explain an estimate
///
/// The rule in words, the arithmetic, the facts and records behind the estimate, one of its lines, or the way to the
/// next tier.
/// **Permissions**: as for the estimate.
#[utoipa::path(get, path = "/people/{id}/estimate/explanation", tag = "pay", params(("id" = String, Path), ExplainQuery),
    responses((status = 200, body = Why), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn explain_estimate(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(id): Path<String>,
    Query(query): Query<ExplainQuery>,
) -> Result<Json<Why>, AppError> {
    let person = person_of(&id, &context)?;
    rules::may_see(&context, person)?;
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let period = period_of(query.period.as_deref(), snapshot, &context)?;
    let estimate = estimate(snapshot, person.as_u128(), period);
    let name = PersonRef::of(&snapshot.definitions, person).map(|p| p.name).unwrap_or_default();
    let names = names(&view.catalog);
    let asked = explain::Asked { context: &context, snapshot, names: &names, person };
    if let Some(wanted) = &query.line {
        let line = estimate.lines.iter().find(|line| line_id(line) == *wanted).ok_or(AppError::NotFound)?;
        let why = why_address(person, period, Some(format!("line={}", encode(wanted))));
        return Ok(Json(asked.line(&state, line, why).await?));
    }
    if let Some(wanted) = &query.tier {
        let tier = estimate.tiers.iter().find(|tier| tier_id(tier) == *wanted).ok_or(AppError::NotFound)?;
        let component = format!("{}:{}", tier.plan, tier.component);
        let why = why_address(person, period, Some(format!("tier={}", encode(wanted))));
        let lines = chosen(estimate.clone(), None, Some(&component))?;
        let href = lines_address(person, period, Some(format!("component={}", encode(&component))));
        return Ok(Json(asked.tier(tier, &name, &lines, why, href)?));
    }
    let part = query.status.as_ref().map(|status| format!("status={status}"));
    let lines = chosen(estimate, query.status.as_deref(), None)?;
    let why = why_address(person, period, part.clone());
    let href = lines_address(person, period, part);
    let title = context.locale.pick("预估提成（税前）", "Estimate (before tax)");
    Ok(Json(asked.sum(&lines, title, &format!("{name} · {period}"), why, href)))
}
