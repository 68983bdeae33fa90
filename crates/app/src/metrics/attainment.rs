//! Attainment beside pace, for a team and its people.

use axum::extract::State;
use qiao_engine::Snapshot;
use qiao_engine::dates::{DateRange, Period};
use qiao_engine::goals::{self, Standing};
use qiao_engine::metrics::{Cut, MetricVersion, Subject, evaluate};
use qiao_engine::pay::estimate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::routes_explain::{Of, days_address, why_address};
use super::routes_pace::{PaceView, pace_view};
use super::rules;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::figures::{Figure, FigureUnit, rounded_share};
use crate::http::{Asker, Json, PathId, Problem, Query};
use crate::pay::period_of;
use crate::people::{PersonRef, TeamRef, sees_attainment};
use crate::state::AppState;

/// The routes of attainment.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(super::routes_pace::get_pace))
        .routes(routes!(super::routes_pace::explain_pace))
        .routes(routes!(team_attainment))
}

/// For when, of which metric.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AttainmentQuery {
    /// A period like 2026-03 or 2026-Q1; the present month where absent.
    period: Option<String>,
    /// The metric's code; where absent the one with most targets in the period, else contract_amount.
    metric: Option<String>,
}

/// Attainment of a team.
#[derive(Debug, Serialize, ToSchema)]
struct TeamAttainment {
    team: TeamRef,
    period: String,
    metric: MetricRef,
    pace: PaceView,
    total: Standings,
    members: Vec<MemberStandings>,
    teams: Vec<TeamStandings>,
    /// True where the asker sees the estimates of others.
    can_see_pay: bool,
}

/// A metric, named.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricRef {
    code: String,
    name: String,
    unit: FigureUnit,
    currency: Option<String>,
}

impl MetricRef {
    /// A metric as the asker calls it.
    #[must_use]
    pub fn of(metric: &MetricVersion, snapshot: &Snapshot, context: &Context) -> Self {
        let money = metric.unit == qiao_engine::metrics::Unit::Money;
        Self {
            code: metric.code.clone(),
            name: metric.name.get(context.language()).to_owned(),
            unit: metric.unit.into(),
            currency: money.then(|| snapshot.definitions.company.currency.code().to_owned()),
        }
    }
}

/// Value, target, attainment, standing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standings {
    value: Figure,
    target: Option<Figure>,
    attainment: Option<Figure>,
    /// Attainment less pace, a fraction of one.
    pub gap_points: Option<String>,
    /// behind, on_pace, ahead or none.
    pub standing: &'static str,
    estimate: Option<Figure>,
}

/// A member's standing.
#[derive(Debug, Serialize, ToSchema)]
struct MemberStandings {
    person: PersonRef,
    #[serde(flatten)]
    standings: Standings,
    /// The days of the period that the person was in the team, where it is not all of it: the value is that of these days,
    /// and the target, which is the person's, is left out.
    days: Option<DaysInTeam>,
    /// True where the person's records are the asker's to see.
    in_scope: bool,
}

/// Days of a period.
#[derive(Debug, Serialize, ToSchema)]
struct DaysInTeam {
    from: String,
    to: String,
}

/// A team's standing.
#[derive(Debug, Serialize, ToSchema)]
struct TeamStandings {
    team: TeamRef,
    #[serde(flatten)]
    standings: Standings,
}

/// What standings are assessed by: a metric in a period, beside its pace.
pub struct Assessing<'a> {
    /// Facts and targets.
    pub snapshot: &'a Snapshot,
    /// Who asks.
    pub context: &'a Context,
    /// The metric.
    pub metric: &'a MetricVersion,
    /// The period.
    pub period: Period,
    /// The share of the working days that are gone.
    pub pace: Decimal,
}

impl Assessing<'_> {
    /// How a subject stands. `address` names it in the addresses of its reasons.
    pub fn standings(&self, subject: Subject, address: &str, estimate: Option<Figure>) -> Standings {
        let definitions = &self.snapshot.definitions;
        let currency = definitions.company.currency;
        let cut = Cut::default();
        let (value, found, attained) = goals::assess(self.snapshot, self.metric, subject, self.period, &cut);
        let tolerance = Decimal::new(definitions.company.on_pace_tolerance_ppm, 6);
        let why = |of| Some(why_address(&self.metric.code, address, self.period, &cut, of));
        let figure = |value, why| Figure::metric(value, self.metric.unit, currency, why);
        Standings {
            value: figure(value, why(Of::Value)),
            target: found.map(|found| figure(Some(found.base), why(Of::Target))),
            attainment: attained.map(|attained| Figure::share(Some(attained), why(Of::Attainment))),
            gap_points: attained.map(|attained| rounded_share(attained - self.pace)),
            standing: match goals::standing(attained, self.pace, tolerance) {
                Standing::Behind => "behind",
                Standing::OnPace => "on_pace",
                Standing::Ahead => "ahead",
                Standing::None => "none",
            },
            estimate,
        }
    }

    /// The days of a period that a person was in a team itself, from the first to the last of them.
    fn days_in(&self, team: u128, person: u128, period: DateRange) -> DateRange {
        let there = self.snapshot.definitions.memberships_of(person).iter();
        let there: Vec<_> = there.filter(|membership| membership.team == team && membership.meets(period)).collect();
        let start = there.iter().map(|membership| membership.from).min().unwrap_or(period.start);
        let last = |membership: &&qiao_engine::definitions::Membership| membership.to.unwrap_or(period.end);
        let end = there.iter().map(last).max().unwrap_or(period.end);
        DateRange { start: start.max(period.start), end: end.min(period.end) }
    }

    /// What a person brought on some days of the period: there is no target for it.
    fn part(&self, person: u128, days: DateRange, estimate: Option<Figure>) -> Standings {
        let subject = Subject::Person(person);
        let cut = Cut::default();
        let value = evaluate(self.snapshot, self.metric, subject, days, &cut).value;
        let address = format!("person:{}", Uuid::from_u128(person));
        let why = why_address(&self.metric.code, &address, self.period, &cut, Of::Value) + &days_address(days);
        let currency = self.snapshot.definitions.company.currency;
        Standings {
            value: Figure::metric(value, self.metric.unit, currency, Some(why)),
            target: None,
            attainment: None,
            gap_points: None,
            standing: "none",
            estimate,
        }
    }

    fn member(&self, team: u128, person: u128, own_pay_only: bool) -> Option<MemberStandings> {
        let id = Uuid::from_u128(person);
        // Where attainment is open to everybody, pay is not: the grant reaches as far as the row scope.
        let granted = !own_pay_only && self.context.rows.covers(Some(id));
        let visible = granted || self.context.person_id == Some(id);
        let estimate = visible.then(|| estimate(self.snapshot, person, self.period)).filter(|e| e.on_a_plan).map(|e| {
            let why = format!("/api/v1/people/{id}/estimate/explanation?period={}", self.period);
            Figure::money(e.total_minor(), self.snapshot.definitions.company.currency, Some(why))
        });
        let person_ref = PersonRef::of(&self.snapshot.definitions, id)?;
        let in_scope = self.context.rows.covers(Some(id));
        let period = self.snapshot.definitions.company.calendar.range(self.period);
        let days = self.days_in(team, person, period);
        // Who was elsewhere for a part of the period; who began or left in it has one team only, and the whole target.
        let elsewhere = self.snapshot.definitions.memberships_of(person).iter();
        if elsewhere.filter(|membership| membership.team != team).any(|membership| membership.meets(period)) {
            let standings = self.part(person, days, estimate);
            let days = Some(DaysInTeam { from: days.start.to_string(), to: days.end.to_string() });
            return Some(MemberStandings { person: person_ref, standings, days, in_scope });
        }
        let standings = self.standings(Subject::Person(person), &format!("person:{id}"), estimate);
        Some(MemberStandings { person: person_ref, standings, days: None, in_scope })
    }
}

/// The metric that a period is steered by: the one with most targets.
pub fn usual_metric(snapshot: &Snapshot, period: Period) -> String {
    let months = period.months();
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for target in snapshot.definitions.targets() {
        if target.period == period || months.contains(&target.period) {
            *counts.entry(target.metric.as_str()).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or_else(|| "contract_amount".to_owned(), |(code, _)| code.to_owned())
}

/// Get a team's attainment
///
/// Value, target, attainment beside pace for the team, the teams below and the people directly in it; the estimates of
/// others only with the pay grant. Where the company opened attainment to everybody, of every team.
#[utoipa::path(get, path = "/teams/{id}/attainment", tag = "goals", params(("id" = Uuid, Path), AttainmentQuery),
    responses((status = 200, body = TeamAttainment), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn team_attainment(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<AttainmentQuery>,
) -> Result<Json<TeamAttainment>, AppError> {
    let snapshot = state.snapshot(&context).await?;
    let definitions = &snapshot.definitions;
    let team = TeamRef::of(definitions, id.as_u128()).filter(|_| sees_attainment(definitions, &context, id.as_u128()));
    let team = team.ok_or(AppError::NotFound)?;
    let period = period_of(query.period.as_deref(), &snapshot, &context)?;
    let code = query.metric.unwrap_or_else(|| usual_metric(&snapshot, period));
    let metric = rules::metric(&snapshot, &context, &code)?;
    let (pace, ratio) = pace_view(&snapshot, &context, period);
    let assessing = Assessing { snapshot: &snapshot, context: &context, metric, period, pace: ratio };
    let can_see_pay = context.may(Permission::ViewPay);
    let range = definitions.company.calendar.range(period);
    let open = definitions.company.attainment_visible_to_all;
    let members = direct_members(&snapshot, id.as_u128(), range)
        .into_iter()
        .filter(|person| open || context.rows.covers(Some(Uuid::from_u128(*person))))
        .filter_map(|person| assessing.member(id.as_u128(), person, !can_see_pay))
        .collect();
    let children = definitions.teams.values().filter(|child| {
        let was_there = || !definitions.members_of(&definitions.subtree(child.id), range).is_empty();
        child.parent == Some(id.as_u128()) && (!child.archived || was_there())
    });
    let teams = children
        .filter_map(|child| {
            let address = format!("team:{}", Uuid::from_u128(child.id));
            let standings = assessing.standings(Subject::Team(child.id), &address, None);
            TeamRef::of(definitions, child.id).map(|team| TeamStandings { team, standings })
        })
        .collect();
    Ok(Json(TeamAttainment {
        team,
        period: period.to_string(),
        metric: MetricRef::of(metric, &snapshot, &context),
        pace,
        total: assessing.standings(Subject::Team(id.as_u128()), &format!("team:{id}"), None),
        members,
        teams,
        can_see_pay,
    }))
}

/// The people who were in the team itself, not in one below it, on a day of the range.
pub fn direct_members(snapshot: &Snapshot, team: u128, range: DateRange) -> Vec<u128> {
    let mut only = rustc_hash::FxHashSet::default();
    only.insert(team);
    snapshot.definitions.members_of(&only, range)
}
