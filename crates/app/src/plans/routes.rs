//! Plans as readable clauses.

use axum::extract::State;
use axum::http::StatusCode;
use qiao_engine::dates::{DateRange, PeriodKind};
use qiao_engine::definitions::Definitions;
use qiao_engine::plans::{Axis, Component, Lookup, Mode, Plan, PlanVersion, Rate, Tiers, clauses, on_plan, people_on};
use qiao_engine::{Language, Names};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::mistakes::in_words;
use super::queries;
use super::rules::{PublishError, Published, publish};
use crate::catalog::names;
use crate::context::{Context, Permission};
use crate::error::{AppError, FieldError};
use crate::http::{Asker, Json, Page, PathId, Problem, Query};
use crate::people::{PersonRef, TeamRef};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_plans, publish_plan))
        .routes(routes!(get_plan))
        .routes(routes!(plan_people))
        .routes(routes!(super::routes_curves::plan_curves))
        .routes(routes!(super::routes_checks::check_plan))
        .routes(routes!(super::routes_checks::plan_source))
}

/// A plan in a list.
#[derive(Debug, Serialize, ToSchema)]
struct PlanSummary {
    id: Uuid,
    /// The stable name in the plan's file.
    key: String,
    name: String,
    /// The version in force today, or the newest.
    version: u32,
    from: String,
    to: Option<String>,
    currency: String,
    period: PeriodKindView,
    /// How many people are on it today, of those the asker sees.
    people: usize,
}

/// How long one reckoning is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PeriodKindView {
    Year,
    Half,
    Quarter,
    Month,
    Week,
}

impl From<PeriodKind> for PeriodKindView {
    fn from(kind: PeriodKind) -> Self {
        match kind {
            PeriodKind::Year => Self::Year,
            PeriodKind::Half => Self::Half,
            PeriodKind::Quarter => Self::Quarter,
            PeriodKind::Month => Self::Month,
            PeriodKind::Week => Self::Week,
        }
    }
}

/// A plan with its clauses.
#[derive(Debug, Serialize, ToSchema)]
struct PlanView {
    #[serde(flatten)]
    summary: PlanSummary,
    published_at: String,
    published_by: Option<String>,
    clauses: Vec<ClauseView>,
    versions: Vec<VersionView>,
}

/// A numbered clause.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClauseView {
    number: usize,
    title: String,
    text: String,
    highlights: Vec<String>,
    component: Option<String>,
    table: Option<RateTable>,
}

/// The figures of a clause as a table.
#[derive(Debug, Serialize, ToSchema)]
struct RateTable {
    /// tiers, lookup, flat or reward.
    kind: &'static str,
    columns: Vec<ColumnView>,
    rows: Vec<std::collections::BTreeMap<String, String>>,
}

/// A column of a table.
#[derive(Debug, Serialize, ToSchema)]
struct ColumnView {
    key: String,
    label: String,
    /// money, percent or text.
    unit: &'static str,
}

/// A published version.
#[derive(Debug, Serialize, ToSchema)]
struct VersionView {
    version: i32,
    from: String,
    published_at: String,
    published_by: Option<String>,
}

/// The versions of plans that the asker may see: all for those who publish, one's own and one's team's for others.
fn visible<'a>(definitions: &'a Definitions, context: &Context) -> Vec<&'a PlanVersion> {
    let everything = context.may(Permission::PublishPlans) || context.rows == qiao_store::scope::RowScope::All;
    let sees = |version: &&PlanVersion| {
        everything || {
            let end = chrono::NaiveDate::MAX;
            let whole = DateRange { start: version.plan.from, end };
            people_on(definitions, &version.plan.id, whole)
                .into_iter()
                .any(|person| context.rows.covers(Some(Uuid::from_u128(person))))
        }
    };
    definitions.plans.iter().filter(sees).collect()
}

/// The version to show: the one asked for, else the one in force today, else the newest.
fn chosen<'a>(versions: &[&'a PlanVersion], context: &Context, asked: Option<u32>) -> Option<&'a PlanVersion> {
    let today = context.today();
    match asked {
        Some(number) => versions.iter().find(|v| v.version == number).copied(),
        None => versions
            .iter()
            .filter(|v| v.holds_on(today))
            .max_by_key(|v| v.version)
            .or_else(|| versions.iter().max_by_key(|v| v.version))
            .copied(),
    }
}

fn summary(definitions: &Definitions, context: &Context, version: &PlanVersion) -> PlanSummary {
    let plan = &version.plan;
    let language = context.language();
    PlanSummary {
        id: Uuid::from_u128(version.plan_id),
        key: plan.id.clone(),
        name: plan.name.get(language).to_owned(),
        version: version.version,
        from: plan.from.to_string(),
        to: plan.to.map(|to| to.to_string()),
        currency: plan.currency.clone(),
        period: plan.period.into(),
        people: members(definitions, context, version).len(),
    }
}

/// The people on a version whom the asker sees: today, or on its last day where it has ended.
fn members(definitions: &Definitions, context: &Context, version: &PlanVersion) -> Vec<u128> {
    let today = context.today();
    let day = version.plan.to.map_or(today, |to| to.min(today)).max(version.plan.from);
    definitions
        .people
        .keys()
        .copied()
        .filter(|person| context.rows.covers(Some(Uuid::from_u128(*person))))
        .filter(|person| on_plan(definitions, &version.plan.who, *person, day))
        .collect()
}

/// List plans
///
/// Those the asker is on, or people in the asker's scope are; all for those who publish plans.
#[utoipa::path(get, path = "/plans", tag = "plans",
    responses((status = 200, body = Page<PlanSummary>), (status = 401, body = Problem)))]
async fn list_plans(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<Page<PlanSummary>>, AppError> {
    let definitions = state.definitions(&context).await?;
    let versions = visible(&definitions, &context);
    let mut keys: Vec<&str> = versions.iter().map(|v| v.plan.id.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let items = keys
        .into_iter()
        .filter_map(|key| {
            let own: Vec<&PlanVersion> = versions.iter().copied().filter(|v| v.plan.id == key).collect();
            chosen(&own, &context, None).map(|version| summary(&definitions, &context, version))
        })
        .collect();
    Ok(Json(Page::new(items, None)))
}

/// Which version.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PlanQuery {
    /// The number of a version; the one in force today where absent.
    version: Option<u32>,
}

/// Get a plan
///
/// Its clauses in the asker's language, generated from the structure that is computed.
#[utoipa::path(get, path = "/plans/{id}", tag = "plans", params(("id" = Uuid, Path), PlanQuery),
    responses((status = 200, body = PlanView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_plan(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<PlanQuery>,
) -> Result<Json<PlanView>, AppError> {
    let view = state.view(&context).await?;
    let definitions = &view.snapshot.definitions;
    let version = one(definitions, &context, id, query.version)?;
    let mut versions = Vec::new();
    for row in queries::versions(state.store().pool(), id).await? {
        let published_by = match row.published_by {
            Some(user) => queries::user_name(state.store().pool(), user).await?,
            None => None,
        };
        let published_at = crate::time::rfc3339(row.published_at);
        versions.push(VersionView {
            version: row.version,
            from: row.from_date.to_string(),
            published_at,
            published_by,
        });
    }
    let own = versions.iter().find(|v| u32::try_from(v.version) == Ok(version.version));
    let view = PlanView {
        published_at: own.map(|v| v.published_at.clone()).unwrap_or_default(),
        published_by: own.and_then(|v| v.published_by.clone()),
        clauses: clause_views(definitions, &version.plan, &names(&view.catalog), context.language()),
        summary: summary(definitions, &context, version),
        versions,
    };
    Ok(Json(view))
}

/// The version asked for of a plan that the asker may see.
///
/// # Errors
/// 404 where there is none.
pub fn one<'a>(
    definitions: &'a Definitions,
    context: &Context,
    id: Uuid,
    version: Option<u32>,
) -> Result<&'a PlanVersion, AppError> {
    let versions: Vec<&PlanVersion> =
        visible(definitions, context).into_iter().filter(|v| v.plan_id == id.as_u128()).collect();
    chosen(&versions, context, version).ok_or(AppError::NotFound)
}

pub(super) fn clause_views(
    definitions: &Definitions,
    plan: &Plan,
    names: &Names,
    language: Language,
) -> Vec<ClauseView> {
    clauses(plan, definitions, names, language)
        .into_iter()
        .zip(1..)
        .map(|(clause, number)| {
            let component = plan.components.iter().find(|c| Some(&c.id) == clause.component.as_ref());
            ClauseView {
                number,
                title: clause.title,
                text: clause.text,
                highlights: clause.highlights,
                component: clause.component,
                table: component.and_then(|component| table(component, names, language)),
            }
        })
        .collect()
}

fn column(key: &str, label: &str, unit: &'static str) -> ColumnView {
    ColumnView { key: key.to_owned(), label: label.to_owned(), unit }
}

/// A name at the head of a column begins with a capital.
fn heading(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn table(component: &Component, names: &Names, language: Language) -> Option<RateTable> {
    let rate = || column("rate", language.pick("提成比例", "Rate"), "percent");
    let row = |pairs: Vec<(&str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    match component.only_rate()? {
        Rate::Lookup(Lookup { by, rows, default }) => {
            let mut columns: Vec<ColumnView> = by
                .iter()
                .map(|field| column(field, &heading(&qiao_engine::conditions::field_name(field, language)), "text"))
                .collect();
            columns.push(rate());
            let mut out: Vec<_> = rows
                .iter()
                .map(|line| {
                    let named = line.values.iter().map(|(field, codes)| {
                        let words = codes.iter().map(|code| names.of(field, code, language));
                        (field.clone(), words.collect::<Vec<_>>().join(language.pick("、", ", ")))
                    });
                    let mut cells: std::collections::BTreeMap<String, String> = named.collect();
                    cells.insert("rate".to_owned(), line.rate.unwrap_or_default().0.normalize().to_string());
                    cells
                })
                .collect();
            let others = by.first().map(|field| (field.as_str(), language.pick("其他", "All others").to_owned()));
            out.push(row(others.into_iter().chain([("rate", default.0.normalize().to_string())]).collect()));
            Some(RateTable { kind: "lookup", columns, rows: out })
        }
        Rate::Tiers(Tiers { mode, on, rows, .. }) => {
            let unit = if matches!(on, Axis::Amount) { "money" } else { "percent" };
            let axis = match on {
                Axis::Amount => language.pick("累计（起）", "From"),
                Axis::Attainment(_) => language.pick("达成率（起）", "Attainment from"),
                Axis::Formula(formula) => formula.text(),
            };
            let mut columns = vec![column("from", axis, unit), column("to", language.pick("至", "To"), unit), rate()];
            if *mode == Mode::Marginal && matches!(on, Axis::Amount) {
                columns.push(column("top", language.pick("档顶累计提成", "Pay at the top"), "money"));
            }
            Some(RateTable { kind: "tiers", columns, rows: tier_rows(rows) })
        }
        Rate::Flat(_) | Rate::Reward(_) | Rate::Curve(_) | Rate::Each(_) | Rate::As(_) => None,
    }
}

fn tier_rows(rows: &[qiao_engine::plans::Band]) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut top = rust_decimal::Decimal::ZERO;
    let mut out = Vec::new();
    for (index, band) in rows.iter().enumerate() {
        let mut cells = std::collections::BTreeMap::new();
        cells.insert("from".to_owned(), band.from.0.normalize().to_string());
        cells.insert("rate".to_owned(), band.rate.0.normalize().to_string());
        if let Some(next) = rows.get(index + 1) {
            top += (next.from.0 - band.from.0) * band.rate.0;
            cells.insert("to".to_owned(), next.from.0.normalize().to_string());
            cells.insert("top".to_owned(), top.normalize().to_string());
        }
        out.push(cells);
    }
    out
}

/// A person on a plan.
#[derive(Debug, Serialize, ToSchema)]
struct Member {
    #[serde(flatten)]
    person: PersonRef,
    team: Option<TeamRef>,
}

/// Who is on a plan
///
/// Those whom the asker sees.
#[utoipa::path(get, path = "/plans/{id}/people", tag = "plans", params(("id" = Uuid, Path), PlanQuery),
    responses((status = 200, body = Page<Member>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn plan_people(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<PlanQuery>,
) -> Result<Json<Page<Member>>, AppError> {
    let definitions = state.definitions(&context).await?;
    let version = one(&definitions, &context, id, query.version)?;
    let mut items: Vec<Member> = members(&definitions, &context, version)
        .into_iter()
        .filter_map(|person| {
            let id = Uuid::from_u128(person);
            let team = TeamRef::on(&definitions, id, context.today());
            PersonRef::of(&definitions, id).map(|person| Member { person, team })
        })
        .collect();
    items.sort_by(|a, b| a.person.name.cmp(&b.person.name));
    Ok(Json(Page::new(items, None)))
}

/// A plan to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    /// The plan's file, YAML or JSON.
    source: String,
}

/// What publishing did.
#[derive(Debug, Serialize, ToSchema)]
struct PublishedPlanView {
    /// The plan.
    id: Uuid,
    /// The number of the version.
    version: i32,
    /// True where the newest version says the same.
    unchanged: bool,
}

/// Publish a plan
///
/// **Permissions**: publish_plans. A changed plan with a known id is a new version from its `from`.
#[utoipa::path(post, path = "/plans", tag = "plans", request_body = NewPlan,
    responses((status = 200, body = PublishedPlanView), (status = 201, body = PublishedPlanView), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn publish_plan(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<NewPlan>,
) -> Result<(StatusCode, Json<PublishedPlanView>), AppError> {
    match publish(&state, &context, &body.source).await {
        Ok(Published::Version { plan_id, version }) => {
            Ok((StatusCode::CREATED, Json(PublishedPlanView { id: plan_id, version, unchanged: false })))
        }
        Ok(Published::Unchanged { plan_id, version }) => {
            Ok((StatusCode::OK, Json(PublishedPlanView { id: plan_id, version, unchanged: true })))
        }
        Err(PublishError::App(error)) => Err(error),
        Err(PublishError::Mistakes(mistakes)) => Err(AppError::Invalid(
            mistakes
                .into_iter()
                .map(|m| {
                    let code = if m.code == "currency_mismatch" { "plan_currency_mismatch" } else { "plan_mistake" };
                    let message = in_words(&m, context.language());
                    FieldError::new(format!("/source{}", m.pointer), code, &[&m.line.to_string(), &message])
                })
                .collect(),
        )),
    }
}
