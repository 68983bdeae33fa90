//! The metric dictionary and its values.

use axum::extract::{Path, State};
use chrono::NaiveDate;
use qiao_engine::Language;
use qiao_engine::dates::Period;
use qiao_engine::facts::kind_name;
use qiao_engine::goals;
use qiao_engine::metrics::{
    Category, Combination, Cut, Direction, Group, MetricValue, MetricVersion, contributions, evaluate, evaluate_by,
};
use qiao_store::books::View;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::routes_explain::{Of, days_address, why_address};
use super::rules::{self, Asked};
use crate::catalog::names;
use crate::error::AppError;
use crate::facts::named;
use crate::figures::{Amount, Figure, FigureUnit, RecordId, number};
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::pay::period_of;
use crate::people::PersonRef;
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_metrics))
        .routes(routes!(get_metric))
        .routes(routes!(metric_values))
        .routes(routes!(metric_facts))
        .routes(routes!(super::routes_explain::explain_metric))
}

/// A metric in the list.
#[derive(Debug, Serialize, ToSchema)]
struct MetricSummary {
    code: String,
    name: String,
    /// result, process, quality or behaviour.
    category: &'static str,
    unit: FigureUnit,
    /// higher, lower or range.
    direction: &'static str,
    version: u32,
    from: String,
}

fn summary(metric: &MetricVersion, language: Language) -> MetricSummary {
    MetricSummary {
        code: metric.code.clone(),
        name: metric.name.get(language).to_owned(),
        category: match metric.category {
            Category::Result => "result",
            Category::Process => "process",
            Category::Quality => "quality",
            Category::Behaviour => "behaviour",
        },
        unit: metric.unit.into(),
        direction: match metric.direction {
            Direction::Higher => "higher",
            Direction::Lower => "lower",
            Direction::Range { .. } => "range",
        },
        version: metric.version,
        from: metric.from.to_string(),
    }
}

/// List metrics
///
/// The versions in force today.
#[utoipa::path(get, path = "/metrics", tag = "metrics",
    responses((status = 200, body = Page<MetricSummary>), (status = 401, body = Problem)))]
async fn list_metrics(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<Page<MetricSummary>>, AppError> {
    let definitions = state.definitions(&context).await?;
    let mut codes: Vec<&str> = Vec::new();
    for metric in &definitions.metrics {
        if !codes.contains(&metric.code.as_str()) {
            codes.push(&metric.code);
        }
    }
    let items = codes
        .into_iter()
        .filter_map(|code| definitions.metric_on(code, context.today()))
        .map(|metric| summary(metric, context.language()))
        .collect();
    Ok(Json(Page::new(items, None)))
}

/// The card of a metric.
#[derive(Debug, Serialize, ToSchema)]
struct MetricCard {
    #[serde(flatten)]
    summary: MetricSummary,
    /// What is in and what is not.
    description: String,
    /// sum, average, ratio or latest.
    combination: &'static str,
    to: Option<String>,
    /// How it is made of facts.
    definition_text: String,
    kinds: Vec<KindView>,
    versions: Vec<MetricVersionView>,
}

/// A kind of fact.
#[derive(Debug, Serialize, ToSchema)]
struct KindView {
    kind: String,
    name: String,
}

/// A version of a metric.
#[derive(Debug, Serialize, ToSchema)]
struct MetricVersionView {
    version: u32,
    from: String,
    to: Option<String>,
}

/// Get a metric's card
#[utoipa::path(get, path = "/metrics/{code}", tag = "metrics", params(("code" = String, Path)),
    responses((status = 200, body = MetricCard), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_metric(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(code): Path<String>,
) -> Result<Json<MetricCard>, AppError> {
    let view = state.view(&context).await?;
    let snapshot = view.snapshot;
    let metric = rules::metric(&snapshot, &context, &code)?;
    let language = context.language();
    let kinds = metric.formula.kinds();
    let kinds = kinds.into_iter().map(|kind| KindView { name: kind_name(&kind, language).to_owned(), kind }).collect();
    let versions = snapshot.definitions.metrics.iter().filter(|other| other.code == code);
    Ok(Json(MetricCard {
        description: metric.description.get(language).to_owned(),
        combination: match metric.combination {
            Combination::Sum => "sum",
            Combination::Average => "average",
            Combination::Ratio => "ratio",
            Combination::Latest => "latest",
        },
        to: metric.to.map(|to| to.to_string()),
        definition_text: metric.formula.words(language, &names(&view.catalog)),
        kinds,
        versions: versions
            .map(|v| MetricVersionView {
                version: v.version,
                from: v.from.to_string(),
                to: v.to.map(|to| to.to_string()),
            })
            .collect(),
        summary: summary(metric, language),
    }))
}

/// Whose value, for when, cut by what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ValueQuery {
    /// `person:ID`, `team:ID` or `company`; oneself, or the company for those who see all, where absent.
    subject: Option<String>,
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
    /// Groups: month, product_line, region, tier or person.
    by: Option<String>,
    /// Only this product line.
    product_line: Option<String>,
    /// Only this region.
    region: Option<String>,
    /// Only this tier.
    tier: Option<String>,
    /// Only from this day of the period.
    from: Option<NaiveDate>,
    /// Only until this day of the period.
    to: Option<NaiveDate>,
    /// Rows per page, 1 to 200, 50 by default.
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl ValueQuery {
    fn cut(&self) -> Cut {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Cut { product_line: some(&self.product_line), region: some(&self.region), tier: some(&self.tier) }
    }
}

/// A subject, named.
#[derive(Debug, Serialize, ToSchema)]
struct SubjectView {
    /// person, team or company.
    #[serde(rename = "type")]
    kind: &'static str,
    id: Option<Uuid>,
    name: String,
}

impl From<&Asked> for SubjectView {
    fn from(asked: &Asked) -> Self {
        Self { kind: asked.kind, id: asked.id, name: asked.name.clone() }
    }
}

/// A metric's value and its groups.
#[derive(Debug, Serialize, ToSchema)]
struct ValuesView {
    subject: SubjectView,
    period: String,
    total: Figure,
    target: Option<AttainmentTargetView>,
    attainment: Option<Figure>,
    groups: Vec<GroupView>,
}

/// A target in its three steps.
#[derive(Debug, Serialize, ToSchema)]
struct AttainmentTargetView {
    base: Figure,
    challenge: Option<Figure>,
    stretch: Option<Figure>,
}

/// The value of a group.
#[derive(Debug, Serialize, ToSchema)]
struct GroupView {
    key: String,
    name: String,
    figure: Figure,
}

/// Get a metric's value
///
/// For a person, team or the company, in a period, in groups.
#[utoipa::path(get, path = "/metrics/{code}/values", tag = "metrics", params(("code" = String, Path), ValueQuery),
    responses((status = 200, body = ValuesView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn metric_values(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(code): Path<String>,
    Query(query): Query<ValueQuery>,
) -> Result<Json<ValuesView>, AppError> {
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let metric = rules::metric(snapshot, &context, &code)?;
    let asked = rules::subject(query.subject.as_deref(), &snapshot.definitions, &context)?;
    let period = period_of(query.period.as_deref(), snapshot, &context)?;
    let cut = query.cut();
    let currency = snapshot.definitions.company.currency;
    let whole = snapshot.definitions.company.calendar.range(period);
    let range = rules::days(whole, query.from, query.to)?;
    let (value, found, attained) = if range == whole {
        goals::assess(snapshot, metric, asked.subject, period, &cut)
    } else {
        // A target is for the whole period.
        (evaluate(snapshot, metric, asked.subject, range, &cut).value, None, None)
    };
    let part = if range == whole { String::new() } else { days_address(range) };
    let why = |of| Some(why_address(&code, &asked.address(), period, &cut, of));
    let figure = |value| Figure::metric(value, metric.unit, currency, why(Of::Target));
    Ok(Json(ValuesView {
        subject: (&asked).into(),
        period: period.to_string(),
        total: Figure::metric(value, metric.unit, currency, why(Of::Value).map(|why| why + &part)),
        target: found.map(|found| AttainmentTargetView {
            base: figure(Some(found.base)),
            challenge: found.challenge.map(|c| figure(Some(c))),
            stretch: found.stretch.map(|s| figure(Some(s))),
        }),
        attainment: attained.map(|attained| Figure::share(Some(attained), why(Of::Attainment))),
        groups: groups(&view, metric, &asked, period, &cut, query.by.as_deref(), context.language())?,
    }))
}

fn groups(
    view: &View,
    metric: &MetricVersion,
    asked: &Asked,
    period: Period,
    cut: &Cut,
    by: Option<&str>,
    language: Language,
) -> Result<Vec<GroupView>, AppError> {
    let snapshot = &view.snapshot;
    let calendar = &snapshot.definitions.company.calendar;
    let currency = snapshot.definitions.company.currency;
    let Some(by) = by else { return Ok(Vec::new()) };
    let row = |key: String, name: String, value: &MetricValue, period: Period, cut: &Cut, subject: &str| GroupView {
        figure: Figure::metric(
            value.value,
            metric.unit,
            currency,
            Some(why_address(&metric.code, subject, period, cut, Of::Value)),
        ),
        key,
        name,
    };
    if by == "month" {
        // The company's months, which may close on another day than the calendar's.
        let months = period.months();
        return Ok(months
            .into_iter()
            .map(|month| {
                let value = evaluate(snapshot, metric, asked.subject, calendar.range(month), cut);
                row(month.to_string(), month.to_string(), &value, month, cut, &asked.address())
            })
            .collect());
    }
    let group = match by {
        "product_line" => Group::ProductLine,
        "region" => Group::Region,
        "tier" => Group::Tier,
        "person" => Group::Person,
        other => {
            let choices = "month, product_line, region, tier, person";
            return Err(AppError::field("/by", "not_a_choice", &[other, choices]));
        }
    };
    let names = names(&view.catalog);
    let values = evaluate_by(snapshot, metric, asked.subject, calendar.range(period), cut, group);
    Ok(values
        .iter()
        .map(|(key, value)| {
            if group == Group::Person {
                let id = key.parse::<u128>().map(Uuid::from_u128).unwrap_or_default();
                let name = PersonRef::of(&snapshot.definitions, id).map(|person| person.name).unwrap_or_default();
                return row(id.to_string(), name, value, period, cut, &format!("person:{id}"));
            }
            let mut part = cut.clone();
            let some = Some(key.clone()).filter(|key| !key.is_empty());
            match group {
                Group::ProductLine => part.product_line = some,
                Group::Region => part.region = some,
                _ => part.tier = some,
            }
            row(key.clone(), names.of(by, key, language), value, period, &part, &asked.address())
        })
        .collect())
}

/// A fact behind a value.
#[derive(Debug, Serialize, ToSchema)]
struct MetricFact {
    id: Uuid,
    date: String,
    kind: String,
    kind_name: String,
    label: String,
    person: Option<PersonRef>,
    /// The person's share, a fraction of one.
    share: String,
    /// What it adds.
    value: String,
    amount: Amount,
    record: RecordId,
}

/// List the facts behind a value
///
/// By date, for the subject and period asked.
#[utoipa::path(get, path = "/metrics/{code}/facts", tag = "metrics", params(("code" = String, Path), ValueQuery),
    responses((status = 200, body = Page<MetricFact>), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn metric_facts(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(code): Path<String>,
    Query(query): Query<ValueQuery>,
) -> Result<Json<Page<MetricFact>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() }.checked()?;
    let snapshot = state.snapshot(&context).await?;
    let metric = rules::metric(&snapshot, &context, &code)?;
    let asked = rules::subject(query.subject.as_deref(), &snapshot.definitions, &context)?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let range = rules::days(snapshot.definitions.company.calendar.range(period), query.from, query.to)?;
    let mut rows = contributions(&snapshot, metric, asked.subject, range, &query.cut());
    // The key of a row: zero-padded, so that texts compare as numbers do.
    let key =
        |c: &qiao_engine::metrics::Contribution| (format!("{}{:010}", c.date, c.sequence), format!("{:039}", c.person));
    if let Some(after) = &page.after {
        rows.retain(|row| key(row) > *after);
    }
    rows.truncate(usize::try_from(page.limit + 1).unwrap_or(201));
    let listed = page.page(rows, key);
    let sequences: Vec<u32> = listed.items.iter().map(|c| c.sequence).collect();
    let facts = named(&state, &context, &sequences).await?;
    let currency = snapshot.definitions.company.currency;
    let items = listed
        .items
        .iter()
        .filter_map(|c| {
            let fact = facts.get(&c.sequence)?.view(context.language());
            Some(MetricFact {
                id: fact.id,
                date: fact.date,
                kind: fact.kind,
                kind_name: fact.kind_name,
                label: fact.label,
                person: PersonRef::of(&snapshot.definitions, Uuid::from_u128(c.person)),
                share: rust_decimal::Decimal::new(i64::from(c.share_ppm), 6).normalize().to_string(),
                value: number(c.value, metric.unit, currency),
                amount: fact.amount,
                record: fact.record?,
            })
        })
        .collect();
    Ok(Json(Page::new(items, listed.next_cursor)))
}
