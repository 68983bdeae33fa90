//! The board of a pipeline: its open deals by stage, and those that were closed this month.

use axum::extract::State;
use qiao_engine::dates::PeriodKind;
use qiao_engine::money::Currency;
use qiao_store::entities::{opportunity, stage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::columns::{Column, Columns};
use super::opportunities::{Opportunity, OpportunityEntry, OpportunityView};
use crate::context::Context;
use crate::entry::list::queries::those;
use crate::entry::list::sheet;
use crate::entry::{Entry, Listed, Names, Paging, Whole};
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
    count: u64,
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
    let stages: Vec<&stage::Model> = view.catalog.stages_of(id).collect();
    let order = sheet::order(&listing);
    let wanted = Columns { owner: query.owner_id, owners: listing.owners.clone(), closed: (range.start, range.end) };
    let columns = wanted.of(state, context, &stages, order.as_ref()).await?;
    let currency = view.snapshot.definitions.company.currency;
    let ids: Vec<Uuid> = columns.iter().flat_map(|column| column.first.iter().copied()).collect();
    let rows = those::<opportunity::Model>(state, context, &ids).await?;
    let shown = Opportunity::gather(state, context, rows).await?;
    let stages = stages.into_iter().zip(&columns).map(|(stage, column)| {
        let cards = shown.iter().filter(|whole| column.first.contains(&whole.deal.id));
        board_stage(stage, column, cards.map(OpportunityView::from).collect(), currency)
    });
    let stages = stages.collect();
    let names = OpportunityEntry::names(state, &view, &shown).await?;
    Ok(BoardView { id, name: pipeline.name.clone(), month: month.to_string(), stages, names })
}

fn board_stage(stage: &stage::Model, column: &Column, cards: Vec<OpportunityView>, currency: Currency) -> BoardStage {
    BoardStage {
        id: stage.id,
        code: stage.code.clone(),
        name: stage.name.clone(),
        kind: stage.kind.clone(),
        count: column.count,
        amount: Amount::minor(column.amount_minor, currency),
        cards,
    }
}
