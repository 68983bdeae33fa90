//! The desk of who leads: how far the team is, what would close the gap, what is stuck, who is behind and why.

use axum::extract::State;
use chrono::NaiveDate;
use qiao_engine::dates::{DateRange, PeriodKind};
use qiao_engine::goals;
use qiao_engine::metrics::{Cut, Subject, Unit};
use qiao_engine::money::{Currency, parse_minor};
use qiao_store::books::View;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::deals::{self, Deal, DeskDeal, STUCK_DAYS, fewest, views};
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::figures::Amount;
use crate::http::{Asker, Json, Problem, Query};
use crate::metrics::{
    Assessing, MetricRef, PaceView, Standings, direct_members, pace_view, rules as metrics, usual_metric,
};
use crate::people::{TeamRef, rules::members_today, sees_team};
use crate::state::AppState;

/// Open deals of a team that are looked at: those that are worth most.
const DEALS: u64 = 500;
/// Deals that are answered in each part.
const SHOWN: usize = 12;

/// Which team.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TeamDeskQuery {
    /// The team; the one that the asker leads where absent, the topmost for those who see all.
    team_id: Option<Uuid>,
}

/// A team's desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamDesk {
    team: TeamRef,
    period: String,
    pace: PaceView,
    metric: MetricRef,
    /// The team's standing.
    standing: Standings,
    gap: Gap,
    stuck: Stuck,
    /// The members, or, where there are teams below, those: who is furthest behind first.
    rows: Vec<DeskRow>,
    /// True where the rows are teams.
    by_team: bool,
}

/// What is missing to the target, and what would close it.
#[derive(Debug, Serialize, ToSchema)]
struct Gap {
    /// What is missing, 0 where nothing is; none without a target that money can close.
    missing: Option<Amount>,
    /// The fewest open deals that close it, the largest first, those that are expected in the period before others; none
    /// where all of them together do not.
    deals: Option<Vec<DeskDeal>>,
    /// What these bring, or all open deals where these are none.
    brings: Amount,
    /// Other open deals, those that are worth most first.
    others: Vec<DeskDeal>,
    /// How many open deals there are.
    open: usize,
}

/// Deals without movement.
#[derive(Debug, Serialize, ToSchema)]
struct Stuck {
    /// Days without movement from which a deal is stuck.
    days: i64,
    /// How many there are.
    count: usize,
    /// What they would bring.
    amount: Amount,
    /// Those that are worth most.
    deals: Vec<DeskDeal>,
}

/// A member, or a team below.
#[derive(Debug, Serialize, ToSchema)]
struct DeskRow {
    /// The person or the team.
    id: Uuid,
    name: String,
    #[serde(flatten)]
    standings: Standings,
    /// What is counted as the cause; none for who is not behind.
    cause: Option<Cause>,
}

/// A cause that can be counted, and where to begin.
#[derive(Debug, Serialize, ToSchema)]
struct Cause {
    /// stuck_deal: one deal that is stuck is at least half of what is missing. silent: deals without movement. thin: all
    /// open deals are less than what is missing. late: deals past their expected close. covered: deals
    /// that move and are worth what is missing. none_open: no open deal.
    code: &'static str,
    /// How many deals it is about.
    count: usize,
    /// What they would bring.
    amount: Amount,
    /// How much of what is missing that is, a fraction of one.
    share: Option<String>,
    /// Where to begin.
    deal: Option<DeskDeal>,
}

/// Get a team's desk
///
/// How far the team is in the present month, the fewest open deals that close the gap, the deals without movement, and who is
/// behind with a cause that can be counted. Of the team's open deals the 500 that are worth most are looked at.
#[utoipa::path(get, path = "/desk/team", tag = "desk", params(TeamDeskQuery),
    responses((status = 200, body = TeamDesk), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get_team_desk(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<TeamDeskQuery>,
) -> Result<Json<TeamDesk>, AppError> {
    context.require(Permission::ViewTeam)?;
    let view = state.view(&context).await?;
    let team = team(&view, &context, query.team_id).ok_or(AppError::NotFound)?;
    let owners = members_today(&view.snapshot.definitions, &context, team.id).ok_or(AppError::NotFound)?;
    let open = deals::read(&state, &context, &view, &owners, DEALS).await?;
    Ok(Json(desk(&context, &view, team, &open)?))
}

/// The team that is asked for, or the first of those that the asker sees and that has none above it in sight.
fn team(view: &View, context: &Context, asked: Option<Uuid>) -> Option<TeamRef> {
    let definitions = &view.snapshot.definitions;
    let seen = |id: u128| sees_team(definitions, context, id);
    if let Some(id) = asked {
        return TeamRef::of(definitions, id.as_u128()).filter(|team| seen(team.id.as_u128()));
    }
    let own = context.person_id.and_then(|id| TeamRef::on(definitions, id, context.today()));
    if let Some(own) = own.filter(|team| seen(team.id.as_u128())) {
        return Some(own);
    }
    let mut teams: Vec<TeamRef> =
        definitions.teams.keys().filter(|id| seen(**id)).filter_map(|id| TeamRef::of(definitions, *id)).collect();
    teams.sort_by_key(|team| (team.path.matches('/').count(), team.path.clone()));
    teams.into_iter().next()
}

fn desk(context: &Context, view: &View, team: TeamRef, open: &[Deal]) -> Result<TeamDesk, AppError> {
    let snapshot = &view.snapshot;
    let definitions = &snapshot.definitions;
    let calendar = &definitions.company.calendar;
    let period = calendar.period_of(context.today(), PeriodKind::Month);
    let (pace, ratio) = pace_view(snapshot, context, period);
    let metric = metrics::metric(snapshot, context, &usual_metric(snapshot, period))?;
    let assessing = Assessing { snapshot, context, metric, period, pace: ratio };
    let range = calendar.range(period);
    let counting = Counting { context, view, assessing: &assessing, range, currency: definitions.company.currency };
    let id = team.id.as_u128();
    let children: Vec<u128> =
        definitions.teams.values().filter(|child| child.parent == Some(id)).map(|c| c.id).collect();
    let by_team = !children.is_empty();
    let mut rows: Vec<DeskRow> = if by_team {
        children.into_iter().filter_map(|child| counting.team(child, open)).collect()
    } else {
        let members = direct_members(snapshot, id, range).into_iter();
        let members = members.filter(|person| context.rows.covers(Some(Uuid::from_u128(*person))));
        members.filter_map(|person| counting.person(person, open)).collect()
    };
    // Who has no target stands last.
    rows.sort_by_key(|row| {
        let gap = row.standings.gap_points.as_ref().and_then(|points| points.parse::<Decimal>().ok());
        (gap.is_none(), gap.unwrap_or_default(), row.name.clone())
    });
    let subject = Subject::Team(id);
    Ok(TeamDesk {
        period: period.to_string(),
        metric: MetricRef::of(metric, snapshot, context),
        standing: assessing.standings(subject, &format!("team:{}", team.id), None),
        gap: counting.gap(subject, open),
        stuck: counting.stuck(open),
        rows,
        by_team,
        pace,
        team,
    })
}

struct Counting<'a> {
    context: &'a Context,
    view: &'a View,
    assessing: &'a Assessing<'a>,
    range: DateRange,
    currency: Currency,
}

impl Counting<'_> {
    fn today(&self) -> NaiveDate {
        self.context.today()
    }

    fn is_stuck(&self, deal: &Deal) -> bool {
        (self.today() - deal.moved_on).num_days() >= STUCK_DAYS
    }

    fn money(&self, minor: i64) -> Amount {
        Amount::minor(minor, self.currency)
    }

    fn sum<'d>(&self, deals: impl IntoIterator<Item = &'d Deal>) -> Amount {
        self.money(deals.into_iter().map(Deal::amount_minor).sum())
    }

    /// What is missing to the target, minor units; none where the metric is no money or there is no target.
    fn missing(&self, subject: Subject) -> Option<i64> {
        let Assessing { snapshot, metric, period, .. } = self.assessing;
        if metric.unit != Unit::Money {
            return None;
        }
        let (value, found, _) = goals::assess(snapshot, metric, subject, *period, &Cut::default());
        let missing = found?.base.checked_sub(value.unwrap_or_default())?.max(Decimal::ZERO);
        let digits = self.currency.digits();
        parse_minor(&format!("{missing:.*}", digits as usize), self.currency).ok()
    }

    fn gap(&self, subject: Subject, open: &[Deal]) -> Gap {
        let missing = self.missing(subject);
        let chosen = missing.and_then(|missing| fewest(open, missing, self.range, Deal::amount_minor));
        let is_chosen = |deal: &&Deal| chosen.iter().flatten().any(|one| one.row.id == deal.row.id);
        let mut others: Vec<&Deal> = open.iter().filter(|deal| !is_chosen(deal)).collect();
        others.sort_by_key(|deal| (std::cmp::Reverse(deal.worth_minor()), deal.row.id));
        others.truncate(SHOWN);
        let brings = match &chosen {
            Some(chosen) => self.sum(chosen.iter().copied()),
            None => self.sum(open),
        };
        Gap {
            missing: missing.map(|missing| self.money(missing)),
            deals: chosen.as_ref().map(|chosen| views(self.context, self.view, chosen)),
            brings,
            others: views(self.context, self.view, &others),
            open: open.len(),
        }
    }

    fn stuck(&self, open: &[Deal]) -> Stuck {
        let mut stuck: Vec<&Deal> = open.iter().filter(|deal| self.is_stuck(deal)).collect();
        stuck.sort_by_key(|deal| (std::cmp::Reverse(deal.worth_minor()), deal.moved_on, deal.row.id));
        let (count, amount) = (stuck.len(), self.sum(stuck.iter().copied()));
        stuck.truncate(SHOWN);
        Stuck { days: STUCK_DAYS, count, amount, deals: views(self.context, self.view, &stuck) }
    }

    fn person(&self, person: u128, open: &[Deal]) -> Option<DeskRow> {
        let id = Uuid::from_u128(person);
        let name = self.view.snapshot.definitions.people.get(&person)?.name.clone();
        let own: Vec<&Deal> = open.iter().filter(|deal| deal.row.owner_id == Some(id)).collect();
        Some(self.row(id, name, Subject::Person(person), &format!("person:{id}"), &own))
    }

    fn team(&self, team: u128, open: &[Deal]) -> Option<DeskRow> {
        let found = TeamRef::of(&self.view.snapshot.definitions, team)?;
        let people = members_today(&self.view.snapshot.definitions, self.context, found.id)?;
        let own = open.iter().filter(|deal| deal.row.owner_id.is_some_and(|owner| people.contains(&owner)));
        let own: Vec<&Deal> = own.collect();
        Some(self.row(found.id, found.name, Subject::Team(team), &format!("team:{}", found.id), &own))
    }

    fn row(&self, id: Uuid, name: String, subject: Subject, address: &str, own: &[&Deal]) -> DeskRow {
        let standings = self.assessing.standings(subject, address, None);
        let cause = (standings.standing == "behind").then(|| self.cause(subject, own)).flatten();
        DeskRow { id, name, standings, cause }
    }

    /// The first that holds of what can be counted.
    fn cause(&self, subject: Subject, own: &[&Deal]) -> Option<Cause> {
        let missing = self.missing(subject).filter(|missing| *missing > 0)?;
        let share = |minor: i64| {
            let share = Decimal::from(minor).checked_div(Decimal::from(missing));
            share.map(crate::figures::rounded_share)
        };
        let minor = |deals: &[&Deal]| deals.iter().map(|deal| deal.amount_minor()).sum::<i64>();
        let cause = |code: &'static str, deals: &[&Deal]| {
            let first = deals.iter().max_by_key(|deal| (deal.worth_minor(), deal.row.id));
            Cause {
                code,
                count: deals.len(),
                amount: self.money(minor(deals)),
                share: share(minor(deals)),
                deal: first.and_then(|deal| views(self.context, self.view, &[*deal]).pop()),
            }
        };
        let stuck: Vec<&Deal> = own.iter().copied().filter(|deal| self.is_stuck(deal)).collect();
        let late = |deal: &&Deal| deal.row.expected_close_on.is_some_and(|day| day < self.today());
        let late: Vec<&Deal> = own.iter().copied().filter(late).collect();
        let large = stuck.iter().copied().filter(|deal| deal.amount_minor().saturating_mul(2) >= missing);
        if own.is_empty() {
            return Some(cause("none_open", &[]));
        }
        if let Some(large) = large.max_by_key(|deal| deal.amount_minor()) {
            return Some(cause("stuck_deal", &[large]));
        }
        if minor(own) < missing {
            return Some(cause("thin", own));
        }
        if !stuck.is_empty() {
            return Some(cause("silent", &stuck));
        }
        // Nothing is stuck and there is enough: it has to be brought home.
        Some(if late.is_empty() { cause("covered", own) } else { cause("late", &late) })
    }
}
