//! People and teams in the asker's scope.

use axum::extract::State;
use chrono::NaiveDate;
use qiao_engine::books::Id;
use qiao_engine::dates::DateRange;
use qiao_engine::definitions::{Definitions, Team};
use qiao_store::scope::RowScope;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::LEADING;
use super::views::{PersonRef, PersonView, TeamView};
use crate::context::Context;
use crate::error::AppError;
use crate::http::{Asker, Json, Page, PageQuery, Problem, Query};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_people))
        .routes(routes!(list_teams))
        .merge(super::routes_person::router())
        .merge(super::routes_team::router())
}

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PeopleQuery {
    /// Part of the name, the address or the external id.
    q: Option<String>,
    /// Only who is in this team today, or in one below it.
    team_id: Option<Uuid>,
    /// True for those who are here today, false for those whose last day was before.
    active: Option<bool>,
    /// Rows per page, 1 to 200, 50 by default.
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List people
///
/// Those in the asker's row scope, by name.
#[utoipa::path(get, path = "/people", tag = "people", params(PeopleQuery),
    responses((status = 200, body = Page<PersonView>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_people(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<Page<PersonView>>, AppError> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.checked()?;
    let definitions = state.definitions(&context).await?;
    let today = context.today();
    let members = match query.team_id {
        Some(team) => {
            let unknown = || AppError::field("/team_id", "unknown_reference", &[&team.to_string()]);
            let members = super::rules::members_today(&definitions, &context, team).ok_or_else(unknown)?;
            Some(members.into_iter().collect::<std::collections::BTreeSet<_>>())
        }
        None => None,
    };
    let wanted = query.q.unwrap_or_default().to_lowercase();
    let mut rows: Vec<PersonView> = definitions
        .people
        .values()
        .filter(|person| context.rows.covers(Some(Uuid::from_u128(person.id))))
        .filter(|person| {
            let texts = [Some(&person.name), person.email.as_ref(), person.external_id.as_ref()];
            wanted.is_empty() || texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&wanted))
        })
        .filter(|person| members.as_ref().is_none_or(|ids| ids.contains(&Uuid::from_u128(person.id))))
        .map(|person| PersonView::on(&definitions, person, today))
        .filter(|person| query.active.is_none_or(|active| person.active == active))
        .collect();
    let key = |row: &PersonView| (row.name.clone(), row.id.to_string());
    rows.sort_by_key(key);
    if let Some(after) = &page.after {
        rows.retain(|row| key(row) > *after);
    }
    Ok(Json(page.page(rows, key)))
}

/// List teams
///
/// The part of the team tree whose figures the asker may see: all of it, or the teams led and below. A rep sees none,
/// unless the company opened attainment to everybody.
#[utoipa::path(get, path = "/teams", tag = "people",
    responses((status = 200, body = Page<TeamView>), (status = 401, body = Problem)))]
async fn list_teams(State(state): State<AppState>, Asker(context): Asker) -> Result<Json<Page<TeamView>>, AppError> {
    let definitions = state.definitions(&context).await?;
    let mut items: Vec<TeamView> = definitions
        .teams
        .values()
        .filter(|team| !team.archived && sees_attainment(&definitions, &context, team.id))
        .map(|team| view(&definitions, team, context.today()))
        .collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Json(Page::new(items, None)))
}

/// A team with who is in it on a day.
fn view(definitions: &Definitions, team: &Team, day: NaiveDate) -> TeamView {
    let range = DateRange { start: day, end: day };
    let own = definitions.members_of(&std::iter::once(team.id).collect(), range);
    let leads = |person: &&Id| {
        let membership = definitions.membership_on(**person, day);
        membership.is_some_and(|membership| LEADING.contains(&membership.role.as_str()))
    };
    let managers = own.iter().filter(leads).filter_map(|id| PersonRef::of(definitions, Uuid::from_u128(*id))).collect();
    TeamView {
        id: Uuid::from_u128(team.id),
        name: team.name.clone(),
        path: team.path.clone(),
        parent_id: team.parent.map(Uuid::from_u128),
        depth: team.path.matches('/').count(),
        managers,
        people: own.len(),
        people_below: definitions.members_of(&definitions.subtree(team.id), range).len(),
    }
}

/// True where the asker may see a team's attainment: its figures are in sight, or the company opened attainment to
/// everybody. Pay and records are another matter.
pub fn sees_attainment(definitions: &Definitions, context: &Context, team: Id) -> bool {
    definitions.company.attainment_visible_to_all || sees_team(definitions, context, team)
}

/// True where the asker may see a team's figures: everybody's rows, or every present member's are in the row scope.
pub fn sees_team(definitions: &Definitions, context: &Context, team: Id) -> bool {
    match &context.rows {
        RowScope::All => true,
        RowScope::People(_) => {
            let today = context.today();
            let range = DateRange { start: today, end: today };
            let members = definitions.members_of(&definitions.subtree(team), range);
            !members.is_empty() && members.iter().all(|id| context.rows.covers(Some(Uuid::from_u128(*id))))
        }
    }
}
