//! Trying a draft of a plan: what it says in words, what is wrong with it, whom it touches. And the structure of a
//! published version, from which a draft begins.

use axum::extract::State;
use qiao_engine::definitions::Definitions;
use qiao_engine::plans::{Plan, PlanVersion, check, not_served, on_plan_in, parse};
use qiao_engine::{Language, dates::DateRange};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::mistakes::in_words;
use super::routes::{ClauseView, clause_views, one};
use super::routes_curves::{CurveView, draft_curves};
use crate::catalog::names;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::http::{Asker, Json, PathId, Problem, Query};
use crate::people::PersonRef;
use crate::state::AppState;

/// A draft of a plan.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanDraft {
    /// The plan's file, YAML or JSON.
    source: String,
}

/// What a draft of a plan says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanCheckView {
    /// What keeps it from being published; nothing where it is empty.
    mistakes: Vec<MistakeView>,
    /// Its clauses in both languages; none while it cannot be read.
    clauses: Option<ClausesView>,
    /// What its components pay.
    curves: Vec<CurveView>,
    /// The plan of which it would be a new version; none for a new plan.
    plan_id: Option<Uuid>,
    /// The number that the version would have.
    version: u32,
    /// True where the newest version says the same.
    unchanged: bool,
    /// Whom it touches.
    touched: TouchedView,
}

/// A mistake of a draft.
#[derive(Debug, Serialize, ToSchema)]
struct MistakeView {
    /// A JSON pointer to the part that is wrong.
    pointer: String,
    /// The line in the source, from 1.
    line: usize,
    code: String,
    /// What is wrong and what would be right, in the asker's language.
    detail: String,
}

/// Clauses in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct ClausesView {
    zh: Vec<ClauseView>,
    en: Vec<ClauseView>,
}

/// The people that a draft touches, from its first day on.
#[derive(Debug, Default, Serialize, ToSchema)]
struct TouchedView {
    /// They come under the plan.
    joining: Vec<PersonRef>,
    /// They are under it and stay.
    staying: Vec<PersonRef>,
    /// They are under it and no longer will be.
    leaving: Vec<PersonRef>,
}

/// Try a draft of a plan
///
/// **Permissions**: publish_plans. Its clauses in both languages, its mistakes with their places, what it pays, and whom
/// it touches. Nothing is written.
#[utoipa::path(post, path = "/plans/checks", tag = "plans", request_body = PlanDraft,
    responses((status = 200, body = PlanCheckView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
pub async fn check_plan(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<PlanDraft>,
) -> Result<Json<PlanCheckView>, AppError> {
    context.require(Permission::PublishPlans)?;
    let view = state.view(&context).await?;
    let definitions = &view.snapshot.definitions;
    let mistake = |error: &qiao_engine::plans::PlanError| MistakeView {
        pointer: error.pointer.clone(),
        line: error.line,
        code: error.code.to_owned(),
        detail: in_words(error, context.language()),
    };
    let (plan, tree) = match parse(&body.source) {
        Ok(read) => read,
        Err(error) => {
            return Ok(Json(PlanCheckView {
                mistakes: vec![mistake(&error)],
                clauses: None,
                curves: Vec::new(),
                plan_id: None,
                version: 1,
                unchanged: false,
                touched: TouchedView::default(),
            }));
        }
    };
    let found = [check(&plan, &tree, definitions), not_served(&plan, &tree)].concat();
    let mistakes: Vec<MistakeView> = found.iter().map(mistake).collect();
    let names = names(&view.catalog);
    let newest = definitions.plans.iter().filter(|known| known.plan.id == plan.id).max_by_key(|known| known.version);
    let clauses = |language: Language| clause_views(definitions, &plan, &names, language);
    let draft =
        PlanVersion { id: 0, plan_id: newest.map_or(0, |newest| newest.plan_id), version: 0, plan: plan.clone() };
    // What is wrong with tiers would be drawn wrong.
    let curves = if mistakes.is_empty() { draft_curves(&view.snapshot, &context, &names, &draft) } else { Vec::new() };
    Ok(Json(PlanCheckView {
        clauses: Some(ClausesView { zh: clauses(Language::Zh), en: clauses(Language::En) }),
        curves,
        plan_id: newest.map(|newest| Uuid::from_u128(newest.plan_id)),
        version: newest.map_or(1, |newest| newest.version + 1),
        unchanged: newest.is_some_and(|newest| newest.plan == plan),
        touched: touched(definitions, &plan, newest, &context),
        mistakes,
    }))
}

/// Who comes under a plan, stays and leaves, from the draft's first day to the end of that period.
fn touched(definitions: &Definitions, plan: &Plan, newest: Option<&PlanVersion>, context: &Context) -> TouchedView {
    let calendar = &definitions.company.calendar;
    let first = calendar.range(calendar.period_of(plan.from.max(context.today()), plan.period));
    let start = plan.from.max(first.start);
    let range = DateRange { start, end: first.end.max(start) };
    let mut touched = TouchedView::default();
    for person in definitions.people.values() {
        let now = on_plan_in(definitions, &plan.who, person.id, range);
        let before = newest.is_some_and(|newest| on_plan_in(definitions, &newest.plan.who, person.id, range));
        match (before, now) {
            (false, true) => touched.joining.push(person.into()),
            (true, true) => touched.staying.push(person.into()),
            (true, false) => touched.leaving.push(person.into()),
            (false, false) => {}
        }
    }
    for list in [&mut touched.joining, &mut touched.staying, &mut touched.leaving] {
        list.sort_by(|a, b| a.name.cmp(&b.name));
    }
    touched
}

/// Which version.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SourceQuery {
    /// The number of a version; the newest where absent.
    version: Option<u32>,
}

/// The structure of a version of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSourceView {
    version: u32,
    /// The structure as JSON: what `POST /plans` takes as its source.
    source: String,
}

/// Get the structure of a plan
///
/// From which a new version begins.
#[utoipa::path(get, path = "/plans/{id}/source", tag = "plans", params(("id" = Uuid, Path), SourceQuery),
    responses((status = 200, body = PlanSourceView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn plan_source(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<SourceQuery>,
) -> Result<Json<PlanSourceView>, AppError> {
    let definitions = state.definitions(&context).await?;
    let newest =
        || definitions.plans.iter().filter(|known| known.plan_id == id.as_u128()).map(|known| known.version).max();
    let version = one(&definitions, &context, id, query.version.or_else(newest))?;
    let source = serde_json::to_string(&version.plan)
        .map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })?;
    Ok(Json(PlanSourceView { version: version.version, source }))
}
