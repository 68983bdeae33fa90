//! Why: the reason of a metric's value, of its attainment, and of the target that the attainment is measured by.

use axum::extract::{Path, State};
use chrono::NaiveDate;
use qiao_engine::dates::{DateRange, Period};
use qiao_engine::goals::{self, Found};
use qiao_engine::metrics::{Cut, Direction, MetricValue, MetricVersion, Unit, contributions, evaluate};
use qiao_engine::{Language, Names, Snapshot};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::rules::{self, Asked, cut_address};
use crate::catalog::names;
use crate::context::{Context, date_of};
use crate::error::AppError;
use crate::facts::{Named, named};
use crate::figures::{ArithmeticLine, Figure, FigureUnit, ListOf, Rule, Why, number, rounded_share, when};
use crate::http::{Asker, Json, Problem, Query};
use crate::pay::period_of;
use crate::state::AppState;

/// Which number of a metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The value.
    #[default]
    Value,
    /// Value against target.
    Attainment,
    /// The base target.
    Target,
}

/// The address of a reason.
pub fn why_address(code: &str, subject: &str, period: Period, cut: &Cut, of: Of) -> String {
    let of = match of {
        Of::Value => "",
        Of::Attainment => "&of=attainment",
        Of::Target => "&of=target",
    };
    format!("/api/v1/metrics/{code}/explanation?subject={subject}&period={period}{}{of}", cut_address(cut))
}

/// Some days of a period as part of an address.
pub fn days_address(days: DateRange) -> String {
    format!("&from={}&to={}", days.start, days.end)
}

/// What to explain: whose, for when, cut by what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExplainQuery {
    /// `person:ID`, `team:ID` or `company`; oneself, or the company for those who see all, where absent.
    subject: Option<String>,
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
    /// Only this product line.
    product_line: Option<String>,
    /// Only this region.
    region: Option<String>,
    /// Only this tier.
    tier: Option<String>,
    /// The value where absent.
    #[param(inline)]
    of: Option<Of>,
    /// Only from this day of the period; of the value only.
    from: Option<NaiveDate>,
    /// Only until this day of the period; of the value only.
    to: Option<NaiveDate>,
}

/// Facts shown in a reason; all of them are a click away.
const SHOWN: usize = 20;

/// Explain a metric's value
///
/// Or its attainment, or the target behind that: the rule, the arithmetic, the facts and records. Facts and records only
/// of what is in the asker's scope, also where the company opened attainment to everybody.
#[utoipa::path(get, path = "/metrics/{code}/explanation", tag = "metrics",
    params(("code" = String, Path), ExplainQuery),
    responses((status = 200, body = Why), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn explain_metric(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(code): Path<String>,
    Query(query): Query<ExplainQuery>,
) -> Result<Json<Why>, AppError> {
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let metric = rules::metric(snapshot, &context, &code)?;
    let asked = rules::figures_of(query.subject.as_deref(), &snapshot.definitions, &context)?;
    let period = period_of(query.period.as_deref(), snapshot, &context)?;
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let cut = Cut { product_line: some(query.product_line), region: some(query.region), tier: some(query.tier) };
    let whole = snapshot.definitions.company.calendar.range(period);
    let range = rules::days(whole, query.from, query.to)?;
    let names = names(&view.catalog);
    let explaining = Explaining {
        state: &state,
        context: &context,
        snapshot,
        names: &names,
        metric,
        asked: &asked,
        period,
        range,
        cut,
    };
    let why = match query.of.unwrap_or_default() {
        Of::Value => explaining.value().await?,
        Of::Attainment => explaining.attainment().await?,
        Of::Target => explaining.target().await?,
    };
    Ok(Json(why))
}

struct Explaining<'a> {
    state: &'a AppState,
    context: &'a Context,
    snapshot: &'a Snapshot,
    names: &'a Names,
    metric: &'a MetricVersion,
    asked: &'a Asked,
    period: Period,
    /// The days of the period that are asked for.
    range: DateRange,
    cut: Cut,
}

impl Explaining<'_> {
    fn language(&self) -> Language {
        self.context.language()
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.language().pick(zh, en)
    }

    fn address(&self, of: Of) -> String {
        why_address(&self.metric.code, &self.asked.address(), self.period, &self.cut, of)
    }

    fn text(&self, value: Decimal, unit: Unit) -> String {
        number(value, unit, self.snapshot.definitions.company.currency)
    }

    fn evaluated(&self) -> MetricValue {
        evaluate(self.snapshot, self.metric, self.asked.subject, self.range, &self.cut)
    }

    /// The days that are asked for, where they are not the whole period.
    fn part(&self) -> Option<DateRange> {
        let whole = self.snapshot.definitions.company.calendar.range(self.period);
        (self.range != whole).then_some(self.range)
    }

    fn found(&self) -> Option<Found> {
        goals::target(&self.snapshot.definitions, &self.metric.code, self.asked.subject, self.period, &self.cut)
    }

    fn subtitle(&self) -> String {
        let period = when(&self.snapshot.definitions.company.calendar, self.period);
        match self.part() {
            None => format!("{} · {period}", self.asked.name),
            Some(days) => format!("{} · {} – {}", self.asked.name, days.start, days.end),
        }
    }

    /// The first facts of the value by date, how many there are, and where all of them are.
    async fn facts(&self) -> Result<(Vec<Named>, usize, String), AppError> {
        let rows = contributions(self.snapshot, self.metric, self.asked.subject, self.range, &self.cut);
        let shown: Vec<u32> = rows.iter().take(SHOWN).map(|row| row.sequence).collect();
        let mut found = named(self.state, self.context, &shown).await?;
        // A fact shared by several people stands once.
        let facts = shown.iter().filter_map(|sequence| found.remove(sequence)).collect();
        let days = self.part().map(days_address).unwrap_or_default();
        let address =
            format!("subject={}&period={}{}{days}", self.asked.address(), self.period, cut_address(&self.cut));
        Ok((facts, rows.len(), format!("/api/v1/metrics/{}/facts?{address}", self.metric.code)))
    }

    /// A reason without facts, to be filled in.
    fn blank(&self, title: String, figure: Figure, rule: Rule, arithmetic: Vec<ArithmeticLine>) -> Why {
        Why {
            title,
            subtitle: self.subtitle(),
            figure,
            status: None,
            rule: Some(rule),
            arithmetic,
            facts: Vec::new(),
            facts_are: ListOf::Facts,
            facts_total: 0,
            facts_href: None,
            records: Vec::new(),
            calculated_at: crate::time::rfc3339(self.context.now_ms),
        }
    }

    async fn with_facts(&self, why: Why) -> Result<Why, AppError> {
        if !self.asked.in_scope {
            return Ok(why);
        }
        let language = self.language();
        let (facts, facts_total, href) = self.facts().await?;
        let mut records: Vec<_> = facts.iter().map(|fact| fact.record(language)).collect();
        records.dedup();
        let facts = facts.iter().map(|fact| fact.view(language)).collect();
        Ok(Why { facts, facts_total, facts_href: Some(href), records, ..why })
    }

    async fn value(&self) -> Result<Why, AppError> {
        let value = self.evaluated();
        let language = self.language();
        let currency = self.snapshot.definitions.company.currency;
        let metric = self.metric;
        let address = self.address(Of::Value) + &self.part().map(days_address).unwrap_or_default();
        let figure = Figure::metric(value.value, metric.unit, currency, Some(address));
        let words = metric.formula.words(language, self.names);
        let rule = self.rule(format!("{} {words}", metric.description.get(language)).trim().to_owned());
        let expression = match value.denominator {
            None => match language {
                Language::Zh => format!("{} 条业务流水", value.facts),
                Language::En => format!("{} facts", value.facts),
            },
            Some(lower) => {
                let upper = if metric.unit == Unit::Money { Unit::Money } else { Unit::Count };
                format!("{} ÷ {}", self.text(value.numerator, upper), self.text(lower, Unit::Count))
            }
        };
        let total = value.value.map(|v| self.text(v, metric.unit));
        let mut lines =
            vec![ArithmeticLine::new(self.pick("合计", "Total"), expression, total, metric.unit.into(), "total")];
        lines.extend(self.attained(&value).filter(|_| self.part().is_none()).map(|line| {
            let why = self.address(Of::Attainment);
            ArithmeticLine { kind: "note", ..line }.because(why)
        }));
        self.with_facts(self.blank(metric.name.get(language).to_owned(), figure, rule, lines)).await
    }

    /// The line of the attainment; none without a target.
    fn attained(&self, value: &MetricValue) -> Option<ArithmeticLine> {
        let (found, value) = (self.found()?, value.value?);
        let reached = goals::attainment(value, Some(found.base), self.metric.direction)?;
        let unit = self.metric.unit;
        let quotient = |target: Decimal| format!("{} ÷ {}", self.text(value, unit), self.text(target, unit));
        let expression = match self.metric.direction {
            Direction::Higher => quotient(found.base),
            Direction::Lower => format!("2 − {}", quotient(found.base)),
            Direction::Range { low, high } => format!("{} – {}", self.text(low, unit), self.text(high, unit)),
        };
        let label = self.pick("达成率", "Attainment");
        Some(ArithmeticLine::new(label, expression, Some(rounded_share(reached)), FigureUnit::Percent, "total"))
    }

    async fn attainment(&self) -> Result<Why, AppError> {
        let value = self.evaluated();
        let (metric, found) = (self.metric, self.found());
        let unit = metric.unit;
        let text = |value: Option<Decimal>| value.map(|value| self.text(value, unit));
        let actual = ArithmeticLine::new(
            metric.name.get(self.language()),
            String::new(),
            text(value.value),
            unit.into(),
            "line",
        );
        let mut lines = vec![actual.because(self.address(Of::Value))];
        let base = ArithmeticLine::new(
            self.pick("基础目标", "Base target"),
            if found.is_some() { String::new() } else { self.pick("没有目标", "no target").to_owned() },
            text(found.as_ref().map(|found| found.base)),
            unit.into(),
            "line",
        );
        let base = if found.is_some() { base.because(self.address(Of::Target)) } else { base };
        lines.push(base);
        let reached = value
            .value
            .and_then(|value| goals::attainment(value, found.as_ref().map(|found| found.base), metric.direction));
        lines.extend(self.attained(&value));
        let rule = self.rule(self.attainment_rule());
        let figure = Figure::share(reached, Some(self.address(Of::Attainment)));
        let name = metric.name.get(self.language());
        let title = match self.language() {
            Language::Zh => format!("{name}达成率"),
            Language::En => format!("{name}: attainment"),
        };
        self.with_facts(self.blank(title, figure, rule, lines)).await
    }

    fn attainment_rule(&self) -> String {
        let unit = self.metric.unit;
        match (self.metric.direction, self.language()) {
            (Direction::Higher, Language::Zh) => "达成率 = 实际值 ÷ 基础目标；没有目标或目标为 0 时没有达成率。".into(),
            (Direction::Higher, Language::En) => {
                "Attainment = value ÷ base target; none where the target is absent or 0.".into()
            }
            (Direction::Lower, Language::Zh) => {
                "反向指标：达成率 = 2 − 实际值 ÷ 基础目标，最低为 0；没有目标或目标为 0 时没有达成率。".into()
            }
            (Direction::Lower, Language::En) => {
                "Lower is better: attainment = 2 − value ÷ base target, at least 0; none where the target is absent or 0.".into()
            }
            (Direction::Range { low, high }, language) => {
                let (low, high) = (self.text(low, unit), self.text(high, unit));
                match language {
                    Language::Zh => {
                        format!("区间指标：在 {low} 至 {high} 之间为 100 %；低于下限按实际值 ÷ 下限，高于上限按 2 − 实际值 ÷ 上限。")
                    }
                    Language::En => {
                        format!("A range: 100 % from {low} to {high}; below it value ÷ {low}, above it 2 − value ÷ {high}.")
                    }
                }
            }
        }
    }

    /// The reason of a target: the record of it, or of each month that it adds up from.
    async fn target(&self) -> Result<Why, AppError> {
        let found = self.found().ok_or(AppError::NotFound)?;
        let metric = self.metric;
        let currency = self.snapshot.definitions.company.currency;
        let line = |label: &str, note: String, value: Decimal, kind| {
            ArithmeticLine::new(label, note, Some(self.text(value, metric.unit)), metric.unit.into(), kind)
        };
        let (mut lines, mut version) = (Vec::new(), None);
        for part in &found.parts {
            let db = self.state.store().pool();
            let row = crate::goals::rules::stored(db, &metric.code, self.asked.subject, *part, &self.cut).await?;
            let Some(row) = row else { continue };
            let day = date_of(row.updated_at, self.context.company.timezone);
            let note = match self.language() {
                Language::Zh => format!("第 {} 版，{day} 设定", row.version),
                Language::En => format!("version {}, set on {day}", row.version),
            };
            version = u32::try_from(row.version).ok();
            lines.push(line(&part.to_string(), note, Decimal::new(row.base_micro, 6), "line"));
        }
        let base = self.pick("基础目标", "Base target");
        lines.push(line(base, String::new(), found.base, "total"));
        for (label, value) in [
            (self.pick("挑战目标", "Challenge target"), found.challenge),
            (self.pick("冲刺目标", "Stretch target"), found.stretch),
        ] {
            lines.extend(value.map(|value| line(label, String::new(), value, "note")));
        }
        let own = found.parts.len() == 1;
        let text = if own {
            self.pick("按设定的目标；只考核基础目标。", "The target as it was set; only the base is assessed.")
        } else {
            self.pick(
                "这个周期没有单独的目标，按各月目标相加；只考核基础目标。",
                "The period has no target of its own: the sum of its months'; only the base is assessed.",
            )
        };
        let rule = Rule {
            text: text.to_owned(),
            highlights: Vec::new(),
            name: metric.name.get(self.language()).to_owned(),
            version: version.filter(|_| own),
            from: None,
            href: None,
        };
        let figure = Figure::metric(Some(found.base), metric.unit, currency, Some(self.address(Of::Target)));
        let name = metric.name.get(self.language());
        let title = match self.language() {
            Language::Zh => format!("{name}目标"),
            Language::En => format!("{name}: target"),
        };
        Ok(self.blank(title, figure, rule, lines))
    }

    fn rule(&self, text: String) -> Rule {
        let metric = self.metric;
        Rule {
            text,
            highlights: Vec::new(),
            name: metric.name.get(self.language()).to_owned(),
            version: Some(metric.version),
            from: Some(metric.from.to_string()),
            href: Some(format!("/metrics/{}", metric.code)),
        }
    }
}
