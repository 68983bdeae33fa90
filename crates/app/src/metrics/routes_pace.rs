//! 时间进度: how much of a period's working days is gone, and why.

use axum::extract::State;
use qiao_engine::Snapshot;
use qiao_engine::dates::{DateRange, DayKind, Period};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::context::Context;
use crate::error::AppError;
use crate::figures::{ArithmeticLine, Figure, FigureUnit, ListOf, Rule, Why, rounded_share, when};
use crate::http::{Asker, Json, Problem, Query};
use crate::pay::period_of;
use crate::state::AppState;

/// For when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PaceQuery {
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
}

/// How much of the working time is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaceView {
    period: String,
    start: String,
    end: String,
    today: String,
    /// Working days gone, today included.
    days_gone: u32,
    days_total: u32,
    /// A fraction of one.
    ratio: String,
    /// Where its reason is.
    why: String,
}

/// The pace of a period, as shown and as a ratio.
pub fn pace_view(snapshot: &Snapshot, context: &Context, period: Period) -> (PaceView, Decimal) {
    let calendar = &snapshot.definitions.company.calendar;
    let range = calendar.range(period);
    let pace = calendar.pace(range, context.today());
    let view = PaceView {
        period: period.to_string(),
        start: range.start.to_string(),
        end: range.end.to_string(),
        today: context.today().to_string(),
        days_gone: pace.days_gone,
        days_total: pace.days_total,
        ratio: rounded_share(pace.ratio()),
        why: why_address(period),
    };
    (view, pace.ratio())
}

fn why_address(period: Period) -> String {
    format!("/api/v1/pace/explanation?period={period}")
}

/// Get the pace of a period
#[utoipa::path(get, path = "/pace", tag = "goals", params(PaceQuery),
    responses((status = 200, body = PaceView), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn get_pace(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PaceQuery>,
) -> Result<Json<PaceView>, AppError> {
    let snapshot = state.snapshot(&context).await?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    Ok(Json(pace_view(&snapshot, &context, period).0))
}

/// Explain the pace of a period
///
/// Working days gone out of the working days of the period, by the company's calendar.
#[utoipa::path(get, path = "/pace/explanation", tag = "goals", params(PaceQuery),
    responses((status = 200, body = Why), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn explain_pace(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PaceQuery>,
) -> Result<Json<Why>, AppError> {
    let snapshot = state.snapshot(&context).await?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let calendar = &snapshot.definitions.company.calendar;
    let range = calendar.range(period);
    let pace = calendar.pace(range, context.today());
    let pick = |zh: &'static str, en: &'static str| context.language().pick(zh, en);
    let mut arithmetic = days(&snapshot, &context, range);
    let gone_until = context.today().min(range.end);
    arithmetic.push(ArithmeticLine::new(
        pick("已过工作日", "Working days gone"),
        if gone_until < range.start { String::new() } else { format!("{} – {gone_until}", range.start) },
        Some(pace.days_gone.to_string()),
        FigureUnit::Days,
        "line",
    ));
    arithmetic.push(ArithmeticLine::new(
        pick("时间进度", "Pace"),
        format!("{} ÷ {}", pace.days_gone, pace.days_total),
        Some(rounded_share(pace.ratio())),
        FigureUnit::Percent,
        "total",
    ));
    let text = pick(
        "时间进度 = 已过工作日（含当天）÷ 周期内的工作日。工作日按公司日历：周末和放假除外，调休上班的日子计入。",
        "Pace = working days gone, today included ÷ working days of the period, by the company's calendar: weekends and \
         days off excepted, exchanged working days counted.",
    );
    Ok(Json(Why {
        title: pick("时间进度", "Pace").to_owned(),
        subtitle: format!("{} · {}", snapshot.definitions.company.name, when(calendar, period)),
        figure: Figure::share(Some(pace.ratio()), Some(why_address(period))),
        status: None,
        rule: Some(Rule {
            text: text.to_owned(),
            highlights: Vec::new(),
            name: pick("公司日历", "The company's calendar").to_owned(),
            version: None,
            from: None,
            href: None,
        }),
        arithmetic,
        facts: Vec::new(),
        facts_are: ListOf::Facts,
        facts_total: 0,
        facts_href: None,
        records: Vec::new(),
        calculated_at: crate::time::rfc3339(context.now_ms),
    }))
}

/// From the days of the range to its working days.
fn days(snapshot: &Snapshot, context: &Context, range: DateRange) -> Vec<ArithmeticLine> {
    let calendar = &snapshot.definitions.company.calendar;
    let pick = |zh: &'static str, en: &'static str| context.language().pick(zh, en);
    let all = (range.end - range.start).num_days() + 1;
    let exceptions: Vec<_> = calendar.exceptions.range(range.start..=range.end).collect();
    let is_weekend = |day: &chrono::NaiveDate| calendar.weekend.contains(&chrono::Datelike::weekday(day));
    let weekend = range.start.iter_days().take_while(|day| *day <= range.end).filter(is_weekend).count();
    let listed = |kind: DayKind, on_weekend: bool| -> Vec<String> {
        let fits = exceptions.iter().filter(|(day, found)| **found == kind && is_weekend(day) == on_weekend);
        fits.map(|(day, _)| day.format("%m-%d").to_string()).collect()
    };
    let line = |label: &'static str, note: String, value: String, kind| {
        ArithmeticLine::new(label, note, Some(value), FigureUnit::Days, kind)
    };
    let mut lines =
        vec![line(pick("日历天数", "Days"), format!("{} – {}", range.start, range.end), all.to_string(), "line")];
    if weekend > 0 {
        lines.push(line(pick("减：周末", "less weekends"), String::new(), format!("-{weekend}"), "line"));
    }
    let (off, exchanged) = (listed(DayKind::Holiday, false), listed(DayKind::Working, true));
    if !off.is_empty() {
        let note = off.join(pick("、", ", "));
        lines.push(line(pick("减：放假", "less days off"), note, format!("-{}", off.len()), "line"));
    }
    if !exchanged.is_empty() {
        let note = exchanged.join(pick("、", ", "));
        lines.push(line(
            pick("加：调休上班", "plus exchanged working days"),
            note,
            exchanged.len().to_string(),
            "line",
        ));
    }
    let working = calendar.working_days(range).to_string();
    lines.push(line(pick("工作日", "Working days"), String::new(), working, "line"));
    lines
}
