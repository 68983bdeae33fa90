//! Targets as a table of people and teams by month.

use axum::extract::State;
use qiao_engine::dates::{DateRange, Period, PeriodKind};
use qiao_engine::metrics::Cut;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::matrix::{self, Cell, Line};
use super::rules::Target;
use crate::context::Permission;
use crate::error::AppError;
use crate::figures::FigureUnit;
use crate::http::{Asker, Json, Problem, Query};
use crate::state::AppState;

/// The routes of the table of targets.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_target_matrix)).routes(routes!(change_targets))
}

/// Which metric, year, team, cut.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MatrixQuery {
    /// The metric's code.
    metric: String,
    /// The year, for example 2026.
    year: String,
    /// The team whose parts stand in the rows; the company, or the first team the asker leads, where absent.
    team_id: Option<Uuid>,
    /// Only targets of this product line; those of none where absent.
    product_line: Option<String>,
    /// Only targets of this region.
    region: Option<String>,
    /// Only targets of this tier of customers.
    tier: Option<String>,
}

/// Targets of a team and its parts by month.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixView {
    metric: String,
    name: String,
    unit: FigureUnit,
    currency: Option<String>,
    /// The months.
    periods: Vec<String>,
    /// True where the asker may change the cells.
    editable: bool,
    /// The whole first, then its parts.
    rows: Vec<MatrixRow>,
}

/// A row of the table.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixRow {
    /// `person:ID`, `team:ID` or `company`.
    subject: String,
    /// person, team or company.
    #[serde(rename = "type")]
    kind: &'static str,
    id: Option<Uuid>,
    name: String,
    /// True for the row that the others are parts of.
    is_whole: bool,
    /// A cell for each month.
    cells: Vec<TargetCell>,
}

/// A target in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
struct TargetCell {
    /// What a change of it sends back; none where there is no target.
    version: Option<i64>,
    /// In the metric's unit.
    base: Option<String>,
    challenge: Option<String>,
    stretch: Option<String>,
}

impl From<Option<&Target>> for TargetCell {
    fn from(target: Option<&Target>) -> Self {
        let Some(target) = target else { return Self::default() };
        let row = &target.row;
        Self {
            version: Some(row.version),
            base: Some(target.text(row.base_micro)),
            challenge: row.challenge_micro.map(|micro| target.text(micro)),
            stretch: row.stretch_micro.map(|micro| target.text(micro)),
        }
    }
}

fn subject(line: &Line) -> String {
    if line.kind == "company" { "company".to_owned() } else { format!("{}:{}", line.kind, line.id) }
}

/// Get a table of targets
///
/// A team, or the company, with the teams and people just below it, by month, in the asker's scope.
#[utoipa::path(get, path = "/target-matrices", tag = "goals", params(MatrixQuery),
    responses((status = 200, body = MatrixView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_target_matrix(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<MatrixQuery>,
) -> Result<Json<MatrixView>, AppError> {
    let definitions = state.definitions(&context).await?;
    let metric = definitions
        .metric_on(&query.metric, context.today())
        .ok_or_else(|| AppError::field("/metric", "unknown_reference", &[&query.metric]))?;
    let year = query.year.parse::<Period>().ok().filter(|period| period.kind == PeriodKind::Year);
    let year = year.ok_or_else(|| AppError::field("/year", "not_period", &[&query.year]))?;
    let periods = year.months();
    let calendar = &definitions.company.calendar;
    let (first, last) = (periods.first().copied().unwrap_or(year), periods.last().copied().unwrap_or(year));
    let range = DateRange { start: calendar.range(first).start, end: calendar.range(last).end };
    let lines = matrix::lines(&definitions, &context, query.team_id, range)?;
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let cut = Cut { product_line: some(&query.product_line), region: some(&query.region), tier: some(&query.tier) };
    let cells = matrix::cells(&state, &context, &metric.code, &lines, &periods, &cut).await?;
    let row = |line: &Line| MatrixRow {
        subject: subject(line),
        kind: line.kind,
        id: (line.kind != "company").then_some(line.id),
        name: line.name.clone(),
        is_whole: line.is_whole,
        cells: periods.iter().map(|period| cells.get(&(line.id, period.to_string())).into()).collect(),
    };
    let unit = FigureUnit::from(metric.unit);
    Ok(Json(MatrixView {
        metric: metric.code.clone(),
        name: metric.name.get(context.language()).to_owned(),
        unit,
        currency: (unit == FigureUnit::Money).then(|| definitions.company.currency.code().to_owned()),
        periods: periods.iter().map(Period::to_string).collect(),
        editable: context.may(Permission::ManageTargets),
        rows: lines.iter().map(row).collect(),
    }))
}

/// Cells of a table of targets as they are to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TargetChanges {
    /// The metric's code.
    metric: String,
    /// Only this product line.
    #[serde(default)]
    product_line: Option<String>,
    /// Only this region.
    #[serde(default)]
    region: Option<String>,
    /// Only this tier of customers.
    #[serde(default)]
    tier: Option<String>,
    /// At most 200.
    cells: Vec<TargetCellForm>,
}

/// A cell as it is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TargetCellForm {
    /// `person:ID`, `team:ID` or `company`.
    subject: String,
    /// For example `2026-03`.
    period: String,
    /// The version that was read; absent where there was no target.
    #[serde(default)]
    version: Option<i64>,
    /// The base target in the metric's unit; absent where the target is to be taken away.
    #[serde(default)]
    base: Option<String>,
    /// The challenge.
    #[serde(default)]
    challenge: Option<String>,
    /// The stretch target.
    #[serde(default)]
    stretch: Option<String>,
}

impl TargetChanges {
    fn cell(&self, cell: &TargetCellForm) -> Cell {
        let named = [
            ("metric", Some(&self.metric)),
            ("product_line", self.product_line.as_ref()),
            ("region", self.region.as_ref()),
            ("tier", self.tier.as_ref()),
            ("subject", Some(&cell.subject)),
            ("period", Some(&cell.period)),
            ("base", cell.base.as_ref()),
            ("challenge", cell.challenge.as_ref()),
            ("stretch", cell.stretch.as_ref()),
        ];
        let fields: Map<String, Value> = named
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), Value::String(value.clone()))))
            .collect();
        Cell { fields, version: cell.version }
    }
}

/// The cells as they are now.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TargetChangesDone {
    /// In the order they were sent.
    cells: Vec<TargetCell>,
}

fn done(targets: &[Option<Target>]) -> TargetChangesDone {
    TargetChangesDone { cells: targets.iter().map(|target| TargetCell::from(target.as_ref())).collect() }
}

/// Change cells of a table of targets
///
/// All of them or none: each with the version that was read, so that nobody overwrites what somebody else set meanwhile
/// (412).
#[utoipa::path(post, path = "/target-changes", tag = "goals", request_body = TargetChanges,
    responses((status = 200, body = TargetChangesDone), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn change_targets(
    State(state): State<AppState>,
    Asker(context): Asker,
    Json(body): Json<TargetChanges>,
) -> Result<Json<TargetChangesDone>, AppError> {
    let cells = body.cells.iter().map(|cell| body.cell(cell)).collect();
    Ok(Json(matrix::change(&state, &context, cells, done).await?))
}
