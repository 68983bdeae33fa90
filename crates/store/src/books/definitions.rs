//! Reading everything that is not a fact.

use std::collections::BTreeMap;

use chrono::Weekday;
use qiao_engine::dates::{Calendar, DayKind};
use qiao_engine::definitions::{Company, Definitions, Membership, Person, Team};
use qiao_engine::goals::Target;
use qiao_engine::metrics::{Cut, MetricVersion, Subject};
use qiao_engine::plans::{PlanVersion, from_json};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{calendar_day, company, membership, metric_version, person, plan, plan_version, target, team};

fn damaged(what: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("{what}: {error}"))
}

/// Loads the definitions.
///
/// # Errors
/// [`StoreError::Damaged`] without a company or where a stored definition cannot be read.
pub async fn load(db: &impl ConnectionTrait) -> Result<Definitions, StoreError> {
    let mut definitions = Definitions::new(load_company(db).await?);
    let (people, teams, memberships) = load_people(db).await?;
    definitions.set_people(people, teams, memberships);
    let metrics = metric_version::Entity::find().order_by_asc(metric_version::Column::Code).all(db).await?;
    definitions.metrics = metrics
        .iter()
        .map(|row| {
            serde_json::from_str::<MetricVersion>(&row.definition)
                .map_err(|e| damaged(&format!("metric {}", row.code), e))
        })
        .collect::<Result<_, _>>()?;
    definitions.set_targets(load_targets(db).await?);
    definitions.plans = load_plans(db).await?;
    Ok(definitions)
}

async fn load_company(db: &impl ConnectionTrait) -> Result<Company, StoreError> {
    let row = company::Entity::find().one(db).await?;
    let row = row.ok_or_else(|| StoreError::Damaged("the database holds no company; run: qiao init".to_owned()))?;
    let days = calendar_day::Entity::find().all(db).await?;
    let exceptions: BTreeMap<_, _> = days
        .into_iter()
        .map(|day| (day.date, if day.kind == "working" { DayKind::Working } else { DayKind::Holiday }))
        .collect();
    let weekend = row.weekend.split(',').filter_map(|day| day.parse::<Weekday>().ok()).collect();
    let positive = |value: i32| u32::try_from(value).ok();
    Ok(Company {
        name: row.name,
        currency: row.currency.parse().map_err(|e| damaged("company currency", e))?,
        timezone: row.timezone,
        locale: row.locale,
        calendar: Calendar {
            fiscal_year_start_month: positive(row.fiscal_year_start_month).unwrap_or(1),
            month_closing_day: row.month_closing_day.and_then(positive),
            weekend,
            exceptions,
        },
        customer_rule: serde_json::from_str(&row.customer_rule).map_err(|e| damaged("customer rule", e))?,
        on_pace_tolerance_ppm: row.on_pace_tolerance_ppm,
        attainment_visible_to_all: row.attainment_visible_to_all,
    })
}

async fn load_people(db: &impl ConnectionTrait) -> Result<(Vec<Person>, Vec<Team>, Vec<Membership>), StoreError> {
    let people = person::Entity::find().all(db).await?.into_iter().map(|row| Person {
        id: row.id.as_u128(),
        external_id: row.external_id,
        name: row.name,
        email: row.email,
        start: row.start_date,
        end: row.end_date,
        attributes: serde_json::from_str(&row.attributes).unwrap_or_default(),
    });
    let rows = team::Entity::find().all(db).await?;
    let names: BTreeMap<Uuid, (String, Option<Uuid>)> =
        rows.iter().map(|row| (row.id, (row.name.clone(), row.parent_id))).collect();
    let teams = rows.iter().map(|row| Team {
        id: row.id.as_u128(),
        name: row.name.clone(),
        parent: row.parent_id.map(|id| id.as_u128()),
        path: path(&names, row.id),
        archived: row.archived_at.is_some(),
    });
    let memberships = membership::Entity::find().all(db).await?.into_iter().map(|row| Membership {
        person: row.person_id.as_u128(),
        team: row.team_id.as_u128(),
        role: row.role,
        manager: row.manager_id.map(|id| id.as_u128()),
        from: row.from_date,
        to: row.to_date,
    });
    Ok((people.collect(), teams.collect(), memberships.collect()))
}

/// `East/Team 3`; a tree that is damaged into a circle ends after as many steps as there are teams.
fn path(names: &BTreeMap<Uuid, (String, Option<Uuid>)>, id: Uuid) -> String {
    let mut parts = Vec::new();
    let mut at = Some(id);
    while let Some((name, parent)) = at.and_then(|id| names.get(&id)) {
        parts.push(name.as_str());
        if parts.len() > names.len() {
            break;
        }
        at = *parent;
    }
    parts.reverse();
    parts.join("/")
}

async fn load_targets(db: &impl ConnectionTrait) -> Result<Vec<Target>, StoreError> {
    let micro = |value: i64| Decimal::new(value, 6).normalize();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut targets = Vec::new();
    for row in target::Entity::find().all(db).await? {
        targets.push(Target {
            metric: row.metric,
            subject: match row.subject_type.as_str() {
                "person" => Subject::Person(row.subject_id.as_u128()),
                "team" => Subject::Team(row.subject_id.as_u128()),
                _ => Subject::Company,
            },
            period: row.period.parse().map_err(|e| damaged("target period", e))?,
            cut: Cut { product_line: some(row.product_line), region: some(row.region), tier: some(row.tier) },
            base: micro(row.base_micro),
            challenge: row.challenge_micro.map(micro),
            stretch: row.stretch_micro.map(micro),
        });
    }
    Ok(targets)
}

async fn load_plans(db: &impl ConnectionTrait) -> Result<Vec<PlanVersion>, StoreError> {
    let plans: BTreeMap<Uuid, String> =
        plan::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.key)).collect();
    let mut versions = Vec::new();
    for row in plan_version::Entity::find().order_by_asc(plan_version::Column::Version).all(db).await? {
        let key = plans.get(&row.plan_id).cloned().unwrap_or_default();
        let plan = from_json(&row.body).map_err(|e| damaged(&format!("plan {key} version {}", row.version), e))?;
        versions.push(PlanVersion {
            id: row.id.as_u128(),
            plan_id: row.plan_id.as_u128(),
            version: u32::try_from(row.version).unwrap_or_default(),
            plan,
        });
    }
    Ok(versions)
}
