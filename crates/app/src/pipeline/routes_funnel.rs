//! The funnel of a pipeline: what stands on each stage, how many deals entered it, and how many of them went on in time.

use axum::extract::State;
use chrono::{Days, NaiveDate};
use qiao_engine::Language;
use qiao_engine::dates::DateRange;
use qiao_engine::flow::{Flow, Station, Window, flow};
use qiao_engine::metrics::Unit;
use qiao_store::books::View;
use qiao_store::entities::{pipeline, stage};
use qiao_store::scope::RowScope;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::columns::{Column, Columns};
use crate::context::Context;
use crate::entry::list::narrowed;
use crate::error::AppError;
use crate::facts::named;
use crate::figures::{Amount, ArithmeticLine, Figure, FigureUnit, ListOf, Rule, Why, rounded_share};
use crate::http::{Asker, Json, PathId, Problem, Query};
use crate::people::rules::members_today;
use crate::state::AppState;

/// The routes of funnels.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_funnel)).routes(routes!(explain_funnel))
}

/// Days that are looked at where nobody says which.
const LOOKED_AT: u64 = 90;
/// Days that a deal has to go on where nobody says how many.
const IN_TIME: u64 = 30;
/// Facts shown in a reason.
const SHOWN: usize = 20;

/// Which deals, which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FunnelQuery {
    /// Only this owner's.
    owner_id: Option<Uuid>,
    /// Only what this team's people own, those of the teams below it included.
    team_id: Option<Uuid>,
    /// The first day of entering a stage; 90 days before the last one where absent.
    from: Option<NaiveDate>,
    /// The last day of entering a stage; today where absent.
    to: Option<NaiveDate>,
    /// Days that a deal has to go on to a later stage, 1 to 730, 30 by default.
    days: Option<u64>,
}

/// Which number of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FunnelNumber {
    /// The deals that entered.
    Entered,
    /// Those that went on in time.
    WentOn,
    /// Their share.
    Conversion,
}

/// Which number of which stage, of which deals, on which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FunnelWhyQuery {
    /// The stage.
    stage_id: Uuid,
    /// Which number of it.
    #[param(inline)]
    of: FunnelNumber,
    /// Only this owner's.
    owner_id: Option<Uuid>,
    /// Only what this team's people own.
    team_id: Option<Uuid>,
    /// The first day of entering.
    from: Option<NaiveDate>,
    /// The last day of entering.
    to: Option<NaiveDate>,
    /// Days that a deal has to go on.
    days: Option<u64>,
}

/// A funnel.
#[derive(Debug, Serialize, ToSchema)]
struct FunnelView {
    id: Uuid,
    name: String,
    /// The first day of entering a stage.
    from: String,
    /// The last one.
    to: String,
    /// Days that a deal has to go on.
    days: u64,
    /// In their order.
    stages: Vec<FunnelStage>,
}

/// A stage of a funnel.
#[derive(Debug, Serialize, ToSchema)]
struct FunnelStage {
    id: Uuid,
    /// The word in plans and files.
    code: String,
    name: String,
    /// open, won or lost.
    kind: String,
    /// Deals that stand on it now; of a stage that closes deals those closed on the days that are looked at.
    count: u64,
    /// What they are worth together.
    amount: Amount,
    /// Deals that entered on the days that are looked at.
    entered: Figure,
    /// Those of them that reached a later stage in time; none for a stage that closes deals.
    went_on: Option<Figure>,
    /// Their share.
    conversion: Option<Figure>,
    /// Deals that have not gone on and still have time.
    waiting: usize,
}

/// A funnel as it is asked for.
struct Asked<'a> {
    view: &'a View,
    pipeline: &'a pipeline::Model,
    owner: Option<Uuid>,
    team: Option<Uuid>,
    owners: Option<Vec<Uuid>>,
    window: Window,
}

impl<'a> Asked<'a> {
    fn of(view: &'a View, context: &Context, id: Uuid, query: &FunnelQuery) -> Result<Self, AppError> {
        let pipeline = view.catalog.pipelines.iter().find(|pipeline| pipeline.id == id).ok_or(AppError::NotFound)?;
        let today = context.today();
        let to = query.to.unwrap_or(today);
        let from = query.from.or_else(|| to.checked_sub_days(Days::new(LOOKED_AT - 1))).unwrap_or(to);
        if to < from {
            return Err(AppError::field("/to", "before", &[&from.to_string()]));
        }
        let days = query.days.unwrap_or(IN_TIME);
        if !(1..=730).contains(&days) {
            return Err(AppError::field("/days", "out_of_range", &[&days.to_string(), "1", "730"]));
        }
        let owners = match (query.team_id, query.owner_id) {
            (Some(team), owner) => {
                let members = members_today(&view.snapshot.definitions, context, team)
                    .ok_or_else(|| AppError::field("/team_id", "unknown_reference", &[&team.to_string()]))?;
                Some(members.into_iter().filter(|member| owner.is_none_or(|owner| owner == *member)).collect())
            }
            (None, Some(owner)) => Some(vec![owner]),
            (None, None) => None,
        };
        let window = Window { entered: DateRange { start: from, end: to }, days, today };
        Ok(Self { view, pipeline, owner: query.owner_id, team: query.team_id, owners, window })
    }

    fn stages(&self) -> Vec<&'a stage::Model> {
        self.view.catalog.stages_of(self.pipeline.id).collect()
    }

    fn flows(&self, context: &Context) -> Vec<Flow> {
        let station = |stage: &&stage::Model| Station { code: stage.code.clone(), is_end: stage.kind == "lost" };
        let stations: Vec<Station> = self.stages().iter().map(station).collect();
        let people = match (&context.rows, narrowed(&context.rows, self.owners.as_deref())) {
            (_, Some(people)) => Some(people),
            (RowScope::People(people), None) => Some(people.clone()),
            (RowScope::All, None) => None,
        };
        let people: Option<Vec<u128>> = people.map(|people| people.iter().map(Uuid::as_u128).collect());
        flow(&self.view.snapshot, &stations, people.as_deref(), self.window)
    }

    fn why(&self, stage: Uuid, of: &str) -> String {
        let Window { entered, days, .. } = self.window;
        let mut address = format!(
            "/api/v1/pipelines/{}/funnel/explanation?stage_id={stage}&of={of}&from={}&to={}&days={days}",
            self.pipeline.id, entered.start, entered.end
        );
        for (name, id) in [("owner_id", self.owner), ("team_id", self.team)] {
            if let Some(id) = id {
                address.push_str(&format!("&{name}={id}"));
            }
        }
        address
    }

    fn stage(&self, stage: &stage::Model, flow: &Flow, column: Option<&Column>) -> FunnelStage {
        let currency = self.view.snapshot.definitions.company.currency;
        let count = |facts: &[u32], of: &str| {
            Figure::metric(Some(Decimal::from(facts.len())), Unit::Count, currency, Some(self.why(stage.id, of)))
        };
        let is_open = stage.kind == "open";
        FunnelStage {
            id: stage.id,
            code: stage.code.clone(),
            name: stage.name.clone(),
            kind: stage.kind.clone(),
            count: column.map_or(0, |column| column.count),
            amount: Amount::minor(column.map_or(0, |column| column.amount_minor), currency),
            entered: count(&flow.entered, "entered"),
            went_on: is_open.then(|| count(&flow.went_on, "went_on")),
            conversion: is_open.then(|| Figure::share(share(flow), Some(self.why(stage.id, "conversion")))),
            waiting: if is_open { flow.waiting } else { 0 },
        }
    }
}

fn share(flow: &Flow) -> Option<Decimal> {
    Decimal::from(flow.went_on.len()).checked_div(Decimal::from(flow.entered.len()))
}

/// Get a pipeline's funnel
///
/// What stands on each stage in the asker's scope, how many deals entered it, and how many of them went on to a later
/// stage in time.
#[utoipa::path(get, path = "/pipelines/{id}/funnel", tag = "pipeline", params(("id" = Uuid, Path), FunnelQuery),
    responses((status = 200, body = FunnelView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_funnel(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<FunnelQuery>,
) -> Result<Json<FunnelView>, AppError> {
    let view = state.view(&context).await?;
    let asked = Asked::of(&view, &context, id, &query)?;
    let Window { entered, days, .. } = asked.window;
    let wanted = Columns { owner: None, owners: asked.owners.clone(), closed: (entered.start, entered.end) };
    let stages = asked.stages();
    let columns = wanted.of(&state, &context, &stages, None).await?;
    let flows = asked.flows(&context);
    let stages = stages.into_iter().zip(&flows).zip(&columns);
    let stages = stages.map(|((stage, flow), column)| asked.stage(stage, flow, Some(column)));
    Ok(Json(FunnelView {
        id,
        name: asked.pipeline.name.clone(),
        from: entered.start.to_string(),
        to: entered.end.to_string(),
        days,
        stages: stages.collect(),
    }))
}

/// Explain a number of a funnel
///
/// The rule, the arithmetic, the facts by which deals entered the stage.
#[utoipa::path(get, path = "/pipelines/{id}/funnel/explanation", tag = "pipeline",
    params(("id" = Uuid, Path), FunnelWhyQuery),
    responses((status = 200, body = Why), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn explain_funnel(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<FunnelWhyQuery>,
) -> Result<Json<Why>, AppError> {
    let view = state.view(&context).await?;
    let FunnelWhyQuery { stage_id, of, owner_id, team_id, from, to, days } = query;
    let asked = Asked::of(&view, &context, id, &FunnelQuery { owner_id, team_id, from, to, days })?;
    let flows = asked.flows(&context);
    let found = asked.stages().into_iter().zip(&flows).find(|(stage, _)| stage.id == stage_id);
    let (stage, flow) = found.ok_or(AppError::NotFound)?;
    let language = context.language();
    let whole = asked.stage(stage, flow, None);
    let (figure, sequences) = match of {
        FunnelNumber::Entered => (whole.entered, &flow.entered),
        FunnelNumber::WentOn => (whole.went_on.ok_or(AppError::NotFound)?, &flow.went_on),
        FunnelNumber::Conversion => (whole.conversion.ok_or(AppError::NotFound)?, &flow.entered),
    };
    let shown: Vec<u32> = sequences.iter().take(SHOWN).copied().collect();
    let mut facts = named(&state, &context, &shown).await?;
    let facts: Vec<_> = shown.iter().filter_map(|sequence| facts.remove(sequence)).collect();
    let mut records: Vec<_> = facts.iter().map(|fact| fact.record(language)).collect();
    records.dedup();
    let Window { entered, days, .. } = asked.window;
    Ok(Json(Why {
        title: title(&stage.name, of, language),
        subtitle: format!("{} · {} – {}", asked.pipeline.name, entered.start, entered.end),
        figure,
        status: None,
        rule: Some(Rule {
            text: rule(days, language),
            highlights: vec![days.to_string()],
            name: asked.pipeline.name.clone(),
            version: None,
            from: None,
            href: None,
        }),
        arithmetic: arithmetic(&asked, stage.id, flow, of, language),
        facts: facts.iter().map(|fact| fact.view(language)).collect(),
        facts_are: ListOf::Facts,
        facts_total: sequences.len(),
        facts_href: None,
        records,
        calculated_at: crate::time::rfc3339(context.now_ms),
    }))
}

fn title(stage: &str, of: FunnelNumber, language: Language) -> String {
    match (of, language) {
        (FunnelNumber::Entered, Language::Zh) => format!("进入“{stage}”的商机"),
        (FunnelNumber::Entered, Language::En) => format!("Deals that entered {stage}"),
        (FunnelNumber::WentOn, Language::Zh) => format!("从“{stage}”继续推进的商机"),
        (FunnelNumber::WentOn, Language::En) => format!("Deals that went on from {stage}"),
        (FunnelNumber::Conversion, Language::Zh) => format!("“{stage}”的阶段转化率"),
        (FunnelNumber::Conversion, Language::En) => format!("Conversion of {stage}"),
    }
}

fn rule(days: u64, language: Language) -> String {
    match language {
        Language::Zh => format!(
            "按“进入阶段”的业务流水计：每个商机取期间内首次进入该阶段的一条；{days} 天内进入后面任一阶段（输单除外）即为继续推进。"
        ),
        Language::En => format!(
            "By the facts of entering stages: of each deal the first entry in these days; it went on if it entered a later stage, lost ones excepted, within {days} days."
        ),
    }
}

fn arithmetic(
    asked: &Asked<'_>,
    stage: Uuid,
    flow: &Flow,
    of: FunnelNumber,
    language: Language,
) -> Vec<ArithmeticLine> {
    let count = |facts: &[u32]| Some(facts.len().to_string());
    let line = |label: &str, value, kind| ArithmeticLine::new(label, String::new(), value, FigureUnit::Count, kind);
    let entered = language.pick("进入该阶段", "Entered");
    if of == FunnelNumber::Entered {
        return vec![line(entered, count(&flow.entered), "total")];
    }
    let went_on = language.pick("期限内继续推进", "Went on in time");
    let mut lines = vec![line(entered, count(&flow.entered), "line").because(asked.why(stage, "entered"))];
    if of == FunnelNumber::WentOn {
        lines.push(line(went_on, count(&flow.went_on), "total"));
    } else {
        lines.push(line(went_on, count(&flow.went_on), "line").because(asked.why(stage, "went_on")));
        let expression = format!("{} ÷ {}", flow.went_on.len(), flow.entered.len());
        let label = language.pick("阶段转化率", "Conversion");
        let value = share(flow).map(rounded_share);
        lines.push(ArithmeticLine::new(label, expression, value, FigureUnit::Percent, "total"));
    }
    if flow.waiting > 0 {
        let label = language.pick("尚未推进、仍在期限内", "Not gone on, still in time");
        lines.push(line(label, Some(flow.waiting.to_string()), "note"));
    }
    lines
}
