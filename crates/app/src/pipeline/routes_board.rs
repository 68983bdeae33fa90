//! The board of a pipeline: its open deals by stage, and those that were closed this month.

use axum::extract::State;
use qiao_engine::dates::PeriodKind;
use qiao_engine::money::Currency;
use qiao_store::entities::stage;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::opportunities::{Opportunity, OpportunityEntry, OpportunityFilter, OpportunityView};
use super::queries::{self, Columns, Total};
use crate::context::Context;
use crate::entry::{Entry, Listed, Names, Paging};
use crate::error::AppError;
use crate::figures::Amount;
use crate::http::{Asker, Json, PathId, Problem, Query};
use crate::state::AppState;

/// The routes of boards.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_board))
}

/// Which deals, how many.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BoardQuery {
    /// Only this owner's.
    owner_id: Option<Uuid>,
    /// Only what this team's people own, those of the teams below it included.
    team_id: Option<Uuid>,
    /// The order of the cards, as in `GET /opportunities`; `stage_entered_at` where absent: who waits longest first.
    sort: Option<String>,
    /// Cards in a stage, 1 to 200, 30 by default.
    limit: Option<u64>,
}

/// A board.
#[derive(Debug, Serialize, ToSchema)]
struct BoardView {
    id: Uuid,
    name: String,
    /// The month whose won and lost deals are shown.
    month: String,
    /// In their order.
    stages: Vec<BoardStage>,
    /// What the cards name by id, by name.
    names: Names,
}

/// A stage with its deals.
#[derive(Debug, Serialize, ToSchema)]
struct BoardStage {
    id: Uuid,
    /// The word in plans and files.
    code: String,
    name: String,
    /// open, won or lost.
    kind: String,
    /// Every deal of the stage, shown or not.
    count: i64,
    /// What they are worth together.
    amount: Amount,
    /// The first of them.
    cards: Vec<OpportunityView>,
}

/// Get a pipeline's board
///
/// The open deals of each stage in the asker's scope; of the stages that close a deal those of the present month.
#[utoipa::path(get, path = "/pipelines/{id}/board", tag = "pipeline", params(("id" = Uuid, Path), BoardQuery),
    responses((status = 200, body = BoardView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_board(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<BoardQuery>,
) -> Result<Json<BoardView>, AppError> {
    Ok(Json(board(&state, &context, id, query).await?))
}

async fn board(state: &AppState, context: &Context, id: Uuid, query: BoardQuery) -> Result<BoardView, AppError> {
    let view = state.view(context).await?;
    let pipeline = view.catalog.pipelines.iter().find(|pipeline| pipeline.id == id).ok_or(AppError::NotFound)?;
    let sort = Some(query.sort.unwrap_or_else(|| "stage_entered_at".to_owned()));
    let paging = Paging { limit: Some(query.limit.unwrap_or(30)), sort, team: query.team_id, ..Paging::default() };
    let (page, mut listing) = paging.checked(state, context, &OpportunityEntry::sorts()).await?;
    listing.limit = page.limit;
    let calendar = &view.snapshot.definitions.company.calendar;
    let month = calendar.period_of(context.today(), PeriodKind::Month);
    let range = calendar.range(month);
    let wanted = Columns {
        pipeline: id,
        owner: query.owner_id,
        owners: listing.owners.clone(),
        closed: (range.start, range.end),
    };
    let totals = queries::totals(state.store().pool(), context, &wanted).await?;
    let currency = view.snapshot.definitions.company.currency;
    let (mut stages, mut shown) = (Vec::new(), Vec::<Opportunity>::new());
    for stage in view.catalog.stages_of(id) {
        let total = totals.iter().find(|total| total.stage == stage.id).cloned();
        let mut cards = Vec::new();
        // Where nothing is, nothing is read.
        if total.is_some() {
            let closed = stage.kind != "open";
            let filter = OpportunityFilter {
                stage_id: Some(stage.id),
                status: Some(stage.kind.clone()),
                owner_id: query.owner_id,
                closed_from: closed.then_some(range.start),
                closed_to: closed.then_some(range.end),
                ..OpportunityFilter::default()
            };
            let rows = OpportunityEntry::list(state, context, &filter, &listing).await?;
            cards = rows.iter().map(OpportunityView::from).collect();
            shown.extend(rows);
        }
        stages.push(column(stage, total, cards, currency));
    }
    let names = OpportunityEntry::names(state, &view, &shown).await?;
    Ok(BoardView { id, name: pipeline.name.clone(), month: month.to_string(), stages, names })
}

fn column(stage: &stage::Model, total: Option<Total>, cards: Vec<OpportunityView>, currency: Currency) -> BoardStage {
    let (count, minor) = total.map_or((0, 0), |total| (total.count, total.amount_minor));
    BoardStage {
        id: stage.id,
        code: stage.code.clone(),
        name: stage.name.clone(),
        kind: stage.kind.clone(),
        count,
        amount: Amount::minor(minor, currency),
        cards,
    }
}
