//! What somebody needs who edits a metric: its versions, what a draft of it says and comes to, what conditions can name.

use axum::extract::{Path, State};
use qiao_engine::conditions::{field_name, standard_fields};
use qiao_engine::facts::standard_kinds;
use qiao_engine::metrics::{Cut, MetricVersion, evaluate};
use qiao_engine::{Language, Names};
use qiao_store::books::Catalog;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::publish::read;
use super::routes_explain::{Of, why_address};
use super::{queries, rules};
use crate::catalog::names;
use crate::context::Permission;
use crate::error::AppError;
use crate::figures::Figure;
use crate::http::{Asker, Json, Page, Problem};
use crate::pay::period_of;
use crate::state::AppState;
use crate::time::rfc3339;

/// The routes of editing metrics.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_metric_versions))
        .routes(routes!(preview_metric))
        .routes(routes!(list_fact_fields))
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct BothView {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl BothView {
    /// A text made for each language.
    pub fn of(mut text: impl FnMut(Language) -> String) -> Self {
        Self { zh: text(Language::Zh), en: text(Language::En) }
    }
}

/// A version of a metric with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct MetricHistoryView {
    version: u32,
    from: String,
    published_at: String,
    published_by: Option<String>,
    /// Why it was published.
    reason: Option<String>,
    /// How it is made of facts.
    definition_text: String,
    /// The definition as JSON: what `POST /metrics` takes as its source.
    source: String,
}

/// List a metric's versions
///
/// The newest first.
#[utoipa::path(get, path = "/metrics/{code}/versions", tag = "metrics", params(("code" = String, Path)),
    responses((status = 200, body = Page<MetricHistoryView>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_metric_versions(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path(code): Path<String>,
) -> Result<Json<Page<MetricHistoryView>>, AppError> {
    let view = state.view(&context).await?;
    let names = names(&view.catalog);
    let db = state.store().pool();
    let rows = queries::versions(db, &code).await?;
    if rows.is_empty() {
        return Err(AppError::NotFound);
    }
    let people = queries::user_names(db, rows.iter().filter_map(|row| row.published_by).collect()).await?;
    let item = |row: qiao_store::entities::metric_version::Model| {
        let metric: MetricVersion = serde_json::from_str(&row.definition).ok()?;
        Some(MetricHistoryView {
            version: metric.version,
            from: metric.from.to_string(),
            published_at: rfc3339(row.published_at),
            published_by: row.published_by.and_then(|user| people.get(&user).cloned()),
            reason: row.reason,
            definition_text: metric.formula.words(context.language(), &names),
            source: source(&metric),
        })
    };
    Ok(Json(Page::new(rows.into_iter().filter_map(item).collect(), None)))
}

/// A version as it would be sent again.
fn source(metric: &MetricVersion) -> String {
    let mut value = serde_json::to_value(metric).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("version");
        fields.remove("to");
    }
    value.to_string()
}

/// A draft of a metric.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MetricDraft {
    /// The definition: YAML or JSON, as for publishing.
    source: String,
    /// `person:ID`, `team:ID` or `company`; oneself, or the company for those who see all, where absent.
    #[serde(default)]
    subject: Option<String>,
    /// A period like 2026-03; the present month where absent.
    #[serde(default)]
    period: Option<String>,
}

/// What a draft of a metric says and comes to.
#[derive(Debug, Serialize, ToSchema)]
struct MetricPreviewView {
    /// How it is made of facts, in both languages.
    definition: BothView,
    /// Whose value it is.
    subject: String,
    /// For when.
    period: String,
    /// The value by the version in force; none for a new metric.
    before: Option<Figure>,
    /// How many facts that is made of.
    facts_before: Option<usize>,
    /// The value by the draft. Its reason is there once it is published.
    after: Figure,
    /// How many facts that is made of.
    facts_after: usize,
    /// The number that the version would have.
    version: u32,
}

/// Try a draft of a metric
///
/// What it says in words, and what it comes to beside the version in force. Nothing is written.
#[utoipa::path(post, path = "/metrics/previews", tag = "metrics", request_body = MetricDraft,
    responses((status = 200, body = MetricPreviewView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn preview_metric(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<MetricDraft>,
) -> Result<Json<MetricPreviewView>, AppError> {
    context.require(Permission::ManageMetrics)?;
    let draft = read(&body.source)?;
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let definitions = &snapshot.definitions;
    let asked = rules::subject(body.subject.as_deref(), definitions, &context)?;
    let period = period_of(body.period.as_deref(), snapshot, &context)?;
    let range = definitions.company.calendar.range(period);
    let currency = definitions.company.currency;
    let value = |metric: &MetricVersion| evaluate(snapshot, metric, asked.subject, range, &Cut::default());
    let after = value(&draft);
    let before = definitions.metric_on(&draft.code, context.today()).map(|metric| (metric, value(metric)));
    let why = why_address(&draft.code, &asked.address(), period, &Cut::default(), Of::Value);
    let names = names(&view.catalog);
    let versions = definitions.metrics.iter().filter(|metric| metric.code == draft.code);
    Ok(Json(MetricPreviewView {
        definition: BothView::of(|language| draft.formula.words(language, &names)),
        subject: asked.name.clone(),
        period: period.to_string(),
        facts_before: before.as_ref().map(|(_, value)| value.facts),
        before: before.map(|(metric, value)| Figure::metric(value.value, metric.unit, currency, Some(why))),
        facts_after: after.facts,
        after: Figure::metric(after.value, draft.unit, currency, None),
        version: versions.map(|metric| metric.version).max().unwrap_or(0) + 1,
    }))
}

/// What conditions and formulas can name.
#[derive(Debug, Serialize, ToSchema)]
struct FactFieldsView {
    /// The kinds of fact: the standard ones and those that metrics name.
    kinds: Vec<WordView>,
    /// The fields of a fact.
    fields: Vec<FactFieldView>,
}

/// A word and what it is called.
#[derive(Debug, Serialize, ToSchema)]
struct WordView {
    value: String,
    name: String,
}

/// A field of a fact.
#[derive(Debug, Serialize, ToSchema)]
struct FactFieldView {
    field: String,
    name: String,
    /// True where it is compared as a number.
    is_number: bool,
    /// The values there are; empty where any text is possible.
    values: Vec<WordView>,
}

/// The words that are the same in every company.
fn fixed(field: &str) -> &'static [&'static str] {
    match field {
        "customer_kind" => &["new", "existing"],
        "contract_kind" => &["new", "add_on", "renewal", "repeat", "framework"],
        "activity_kind" => &["call", "visit", "demo", "message", "meeting"],
        "effective" => &["true", "false"],
        "role" => &["owner", "overlay", "mentor"],
        _ => &[],
    }
}

fn values(field: &str, catalog: &Catalog, names: &Names, language: Language) -> Vec<WordView> {
    let mut words: Vec<String> = match field {
        "stage" => catalog.stages.iter().filter(|s| s.archived_at.is_none()).map(|s| s.code.clone()).collect(),
        "product_line" => {
            catalog.product_lines.iter().filter(|l| l.archived_at.is_none()).map(|l| l.code.clone()).collect()
        }
        field => fixed(field).iter().map(|word| (*word).to_owned()).collect(),
    };
    let mut seen = std::collections::BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.into_iter().map(|value| WordView { name: names.of(field, &value, language), value }).collect()
}

/// List what conditions and formulas can name
///
/// Kinds of fact, fields, and the values of those that have few.
#[utoipa::path(get, path = "/fact-fields", tag = "metrics",
    responses((status = 200, body = FactFieldsView), (status = 401, body = Problem)))]
async fn list_fact_fields(
    State(state): State<AppState>,
    Asker(context): Asker,
) -> Result<Json<FactFieldsView>, AppError> {
    let view = state.view(&context).await?;
    let language = context.language();
    let names = names(&view.catalog);
    let word = |(value, name): (&str, &str)| WordView { value: value.to_owned(), name: name.to_owned() };
    let mut kinds: Vec<WordView> = standard_kinds(language).map(word).collect();
    let mut own: Vec<String> = view.snapshot.definitions.metrics.iter().flat_map(|m| m.formula.kinds()).collect();
    own.sort_unstable();
    own.dedup();
    own.retain(|kind| kinds.iter().all(|known| known.value != *kind));
    kinds.extend(own.into_iter().map(|kind| WordView { name: kind.clone(), value: kind }));
    let field = |(field, is_number): (&str, bool)| FactFieldView {
        field: field.to_owned(),
        name: field_name(field, language),
        is_number,
        values: values(field, &view.catalog, &names, language),
    };
    let fields = standard_fields().filter(|(field, _)| !matches!(*field, "kind" | "currency")).map(field);
    Ok(Json(FactFieldsView { kinds, fields: fields.collect() }))
}
