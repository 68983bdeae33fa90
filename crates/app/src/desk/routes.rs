//! The desk of who asks.

use axum::extract::State;
use qiao_engine::dates::PeriodKind;
use qiao_engine::metrics::Subject;
use qiao_engine::money::Currency;
use qiao_engine::pay::estimate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::deals::{self, Deal, why_address};
use super::news::{self, News};
use super::reach::{self, Reach};
use super::tasks::{self, Tasks};
use super::worth::{ENOUGH, Rates};
use crate::context::{Context, Permission};
use crate::entry::Listed;
use crate::error::AppError;
use crate::figures::{ArithmeticLine, Figure, FigureUnit, ListOf, RecordRef, Rule, Why};
use crate::http::{Asker, Json, Problem, Query};
use crate::metrics::{Assessing, MetricRef, PaceView, Standings, pace_view, rules as metrics, usual_metric};
use crate::pay;
use crate::pipeline::opportunities::OpportunityEntry;
use crate::state::AppState;

/// Open deals of one's own that the desk looks at: those that are worth most.
const DEALS: u64 = 300;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_desk))
        .routes(routes!(get_desk_news))
        .routes(routes!(super::routes_team::get_team_desk))
        .routes(routes!(super::routes_waiting::get_waiting))
        .routes(routes!(explain_worth))
}

/// The desk of a person; for who has no person only the period.
#[derive(Debug, Serialize, ToSchema)]
struct DeskView {
    period: String,
    pace: PaceView,
    /// Whether there is a person behind the asker, whose deals, target and estimate these are.
    has_person: bool,
    /// What is to be done.
    tasks: Option<Tasks>,
    /// The metric that the period is steered by.
    metric: Option<MetricRef>,
    /// The person's own standing.
    standing: Option<Standings>,
    /// The estimate of the month, before tax; none without a plan.
    estimate: Option<Figure>,
    /// The way to the next tiers.
    reach: Vec<Reach>,
}

/// Get one's own desk
///
/// What is to be done in order of worth, the own attainment beside pace, the month's estimate with the way to the next
/// tier. Of open deals the 300 that are worth most are looked at.
#[utoipa::path(get, path = "/desk", tag = "desk",
    responses((status = 200, body = DeskView), (status = 401, body = Problem)))]
async fn get_desk(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<DeskView>, AppError> {
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let period = snapshot.definitions.company.calendar.period_of(context.today(), PeriodKind::Month);
    let (pace, ratio) = pace_view(snapshot, &context, period);
    let mut desk = DeskView {
        period: period.to_string(),
        pace,
        has_person: context.person_id.is_some(),
        tasks: None,
        metric: None,
        standing: None,
        estimate: None,
        reach: Vec::new(),
    };
    let Some(person) = context.person_id else { return Ok(Json(desk)) };
    let open = deals::read(&state, &context, &view, &[person], DEALS).await?;
    desk.tasks = Some(tasks::gather(&state, &context, &view, person, &open).await?);
    if let Ok(metric) = metrics::metric(snapshot, &context, &usual_metric(snapshot, period)) {
        let assessing = Assessing { snapshot, context: &context, metric, period, pace: ratio };
        let subject = Subject::Person(person.as_u128());
        desk.standing = Some(assessing.standings(subject, &format!("person:{person}"), None));
        desk.metric = Some(MetricRef::of(metric, snapshot, &context));
    }
    if context.may(Permission::ViewOwnPay) {
        let now = estimate(snapshot, person.as_u128(), period);
        let currency = snapshot.definitions.company.currency;
        let why = pay::estimate_why(person, period, None);
        desk.estimate = now.on_a_plan.then(|| Figure::money(now.total_minor(), currency, Some(why)));
        desk.reach = reach::of(&context, &view, (person, period), &now, &open);
    }
    Ok(Json(desk))
}

/// Get what changed since the last working day
///
/// Facts that were credited to the asker, what they did to the month's estimate by the rules of today, and what others
/// changed of the asker's deals.
#[utoipa::path(get, path = "/desk/news", tag = "desk",
    responses((status = 200, body = News), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_desk_news(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<News>, AppError> {
    let person = context.person_id.ok_or(AppError::NotFound)?;
    let view = state.view(&context).await?;
    let period = view.snapshot.definitions.company.calendar.period_of(context.today(), PeriodKind::Month);
    let now = estimate(&view.snapshot, person.as_u128(), period);
    Ok(Json(news::gather(&state, &context, &view, (person, period), &now).await?))
}

/// Which deal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WorthQuery {
    /// The opportunity.
    opportunity: Uuid,
}

/// Explain what an open deal is worth today
///
/// Its amount times the rate at which deals of its stage were won in the last twelve months, in the asker's scope; where
/// fewer than 20 of them were won or lost, times the probability that the stage is set to.
#[utoipa::path(get, path = "/desk/explanation", tag = "desk", params(WorthQuery),
    responses((status = 200, body = Why), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn explain_worth(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<WorthQuery>,
) -> Result<Json<Why>, AppError> {
    let view = state.view(&context).await?;
    let found = OpportunityEntry::find(&state, &context, query.opportunity).await?.ok_or(AppError::NotFound)?;
    let rates = Rates::of_scope(state.rates(), &view, &context.rows, context.today());
    let deal = Deal {
        rate: rates.of(found.deal.stage_id),
        moved_on: context.today(),
        splits: found.splits,
        last: None,
        account: None,
        row: found.deal,
    };
    let stage = view.catalog.stage(deal.row.stage_id).map(|stage| stage.name.clone()).unwrap_or_default();
    Ok(Json(why(&context, &deal, &stage)))
}

fn why(context: &Context, deal: &Deal, stage: &str) -> Why {
    let pick = |zh: &'static str, en: &'static str| context.locale.pick(zh, en);
    let currency: Currency = deal.row.currency.parse().unwrap_or(Currency::CNY);
    let money = |minor| qiao_engine::money::format_minor(minor, currency);
    let rate = Decimal::new(deal.rate.ppm, 6);
    let shown = crate::figures::rounded_share(rate);
    let (text, label, expression) = if deal.rate.is_counted() {
        (
            pick(
                "现值 = 金额 × 所在阶段的赢率。赢率为近 12 个月内关闭、且到过该阶段的商机中赢单的占比，只统计你能看到的商机。",
                "Worth = amount × win rate of the stage: of the deals that were in it and were won or lost in the last 12 \
                 months, those that were won; only of the deals that you see.",
            ),
            pick("近 12 个月赢率", "Win rate of the last 12 months"),
            format!("{} ÷ {}", deal.rate.won, deal.rate.closed),
        )
    } else {
        (
            pick(
                "现值 = 金额 × 所在阶段设定的概率。近 12 个月到过该阶段并关闭的商机不足 20 单，暂不统计实际赢率。",
                "Worth = amount × the probability that the stage is set to. Fewer than 20 deals that were in the stage were won \
                 or lost in the last 12 months, so that no rate is counted.",
            ),
            pick("阶段设定的概率", "The stage's probability"),
            format!("{stage} · {} / {ENOUGH}", deal.rate.closed),
        )
    };
    let line =
        |label: &str, expression, value, unit, kind| ArithmeticLine::new(label, expression, Some(value), unit, kind);
    Why {
        title: pick("商机现值", "What the deal is worth today").to_owned(),
        subtitle: format!("{} · {stage}", deal.row.name),
        figure: Figure::money(deal.worth_minor(), currency, Some(why_address(deal.row.id))),
        status: None,
        rule: Some(Rule {
            text: text.to_owned(),
            highlights: Vec::new(),
            name: stage.to_owned(),
            version: None,
            from: None,
            href: None,
        }),
        arithmetic: vec![
            line(pick("金额", "Amount"), String::new(), money(deal.amount_minor()), FigureUnit::Money, "line"),
            line(label, expression, shown, FigureUnit::Percent, "line"),
            line(
                pick("现值", "Worth"),
                format!("{} × {}", money(deal.amount_minor()), rate.normalize()),
                money(deal.worth_minor()),
                FigureUnit::Money,
                "total",
            ),
        ],
        facts: Vec::new(),
        facts_are: ListOf::Facts,
        facts_total: 0,
        facts_href: None,
        records: vec![RecordRef {
            record_type: "opportunity".to_owned(),
            type_name: crate::facts::record_type_name("opportunity", context.language()).to_owned(),
            id: deal.row.id,
            name: deal.row.name.clone(),
        }],
        calculated_at: crate::time::rfc3339(context.now_ms),
    }
}
