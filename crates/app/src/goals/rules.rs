//! Targets: how they are written and read.

use std::collections::BTreeMap;

use qiao_engine::dates::Period;
use qiao_engine::definitions::{Definitions, Person};
use qiao_engine::metrics::{Cut, Subject, Unit};
use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::target;
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{DefinitionKind, Tx};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::entry::Listing;
use crate::entry::{self, Chunk, Draft, Drafts, Entry, Exported, Listed, Place, Row, Verdict, Whole, Written};
use crate::error::AppError;
use crate::forms::NAME;
use crate::http::crud::record_routes;
use crate::inbox::{self, Data, Kind, News, To};
use crate::people::sees_team;
use crate::state::AppState;

/// A target as it is sent. A PATCH changes the values; what it is a target of is fixed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct TargetForm {
    /// The metric's code; required for a new one.
    metric: Option<String>,
    /// `person:ID`, `team:ID` or `company`; required for a new one.
    subject: Option<String>,
    /// For example `2026-03`; required for a new one.
    period: Option<String>,
    /// Only this product line.
    product_line: Option<String>,
    /// Only this region.
    region: Option<String>,
    /// Only this tier of customers.
    tier: Option<String>,
    /// The base target in the metric's unit, a decimal string; required for a new one.
    base: Option<String>,
    /// The challenge.
    challenge: Option<String>,
    /// The stretch target.
    stretch: Option<String>,
}

entry::filter! {
    /// Which targets.
    TargetFilter {
        /// The metric's code.
        metric: String,
        /// The period.
        period: String,
    }
}

/// A target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TargetView {
    id: Uuid,
    metric: String,
    /// `person:ID`, `team:ID` or `company`.
    subject: String,
    period: String,
    product_line: Option<String>,
    region: Option<String>,
    tier: Option<String>,
    /// In the metric's unit.
    base: String,
    challenge: Option<String>,
    stretch: Option<String>,
}

/// A target with the currency its money is in; none where its metric is no money.
#[derive(Clone, Debug)]
pub struct Target {
    pub(super) row: target::Model,
    currency: Option<Currency>,
}

impl Target {
    pub(super) fn of(row: target::Model, definitions: &Definitions) -> Self {
        let money = definitions.metrics.iter().any(|m| m.code == row.metric && m.unit == Unit::Money);
        Self { row, currency: money.then_some(definitions.company.currency) }
    }

    /// A value in the metric's unit: money with the currency's digits, other numbers as short as they are.
    pub(super) fn text(&self, micro: i64) -> String {
        match self.currency {
            Some(currency) => {
                let step = 10_i64.checked_pow(6_u32.saturating_sub(currency.digits())).unwrap_or(1);
                format_minor(micro / step, currency)
            }
            None => Decimal::new(micro, 6).normalize().to_string(),
        }
    }
}

impl From<&Target> for TargetView {
    fn from(whole: &Target) -> Self {
        let row = &whole.row;
        let cut = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let subject = match row.subject_type.as_str() {
            "company" => "company".to_owned(),
            kind => format!("{kind}:{}", row.subject_id),
        };
        Self {
            id: row.id,
            metric: row.metric.clone(),
            subject,
            period: row.period.clone(),
            product_line: cut(&row.product_line),
            region: cut(&row.region),
            tier: cut(&row.tier),
            base: whole.text(row.base_micro),
            challenge: row.challenge_micro.map(|micro| whole.text(micro)),
            stretch: row.stretch_micro.map(|micro| whole.text(micro)),
        }
    }
}

/// Targets as a kind of record.
#[derive(Debug)]
pub struct TargetEntry;

impl Entry for TargetEntry {
    type Whole = Target;
    type View = TargetView;
    const PERMISSION: Permission = Permission::ManageTargets;

    /// Writes rows of targets: metric x subject (a person, a team or the company) x period.
    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Target>>, AppError> {
        let definitions = &chunk.view.snapshot.definitions;
        let patched = match chunk.patched() {
            Some(id) => queries::find(tx.conn(), subjects(definitions, &chunk.context), id).await?,
            None => None,
        };
        let known = if patched.is_some() { Vec::new() } else { queries::targets(tx.conn()).await? };
        let known: BTreeMap<Key, target::Model> = known.into_iter().map(|row| (key(&row), row)).collect();
        let mut drafts = Drafts(Vec::with_capacity(chunk.rows.len()));
        for row in &chunk.rows {
            let mut row = row.clone();
            let (before, after) = if let Place::At { .. } = row.place {
                let before = entry::present(&row, None, patched.as_ref())?;
                let after = before.clone().and_then(|before| values(definitions, &mut row, before));
                (before, after)
            } else {
                let wanted = read(chunk, &mut row, tx);
                let have = wanted.as_ref().and_then(|wanted| known.get(&key(wanted))).cloned();
                if row.place == Place::New && have.is_some() {
                    row.wrong("period", "already_there", &[]);
                }
                let after = wanted.map(|wanted| match have.clone() {
                    None => wanted,
                    Some(have) => target::Model {
                        base_micro: wanted.base_micro,
                        challenge_micro: wanted.challenge_micro,
                        stretch_micro: wanted.stretch_micro,
                        ..have
                    },
                });
                (have, after)
            };
            let whole = |row| Target::of(row, definitions);
            drafts.0.push(Draft::new(row, before.map(whole), after.map(whole)));
        }
        let news = drafts.changed().filter_map(|(before, after)| told(chunk, before, after)).collect();
        inbox::tell(tx, &chunk.context, news).await?;
        let written = drafts.save(tx).await?.written();
        if written.iter().any(|(row, _)| matches!(row.verdict, Verdict::Created | Verdict::Updated)) {
            tx.definition_changed(DefinitionKind::Targets);
        }
        Ok(written)
    }
}

/// Whose target it is, is told of it; nobody is, whose target it is as a team.
fn told(chunk: &Chunk, before: Option<&Target>, after: &Target) -> Option<News> {
    let row = &after.row;
    if row.subject_type != "person" || before.is_some_and(|before| before.row.base_micro == row.base_micro) {
        return None;
    }
    Some(News {
        to: To::Person(row.subject_id),
        kind: Kind::Target,
        record_type: "target".to_owned(),
        record_id: Some(row.id),
        data: Data {
            metric: Some(row.metric.clone()),
            period: Some(row.period.clone()),
            before: before.map(|before| before.text(before.row.base_micro)),
            after: Some(after.text(row.base_micro)),
            ..Data::default()
        },
        bundled: chunk.is_file(),
    })
}

impl Whole for Target {
    type Record = target::Model;

    fn record(&self) -> &target::Model {
        &self.row
    }

    fn set_record(&mut self, record: target::Model) {
        self.row = record;
    }

    async fn gather(state: &AppState, context: &Context, rows: Vec<target::Model>) -> Result<Vec<Self>, AppError> {
        let definitions = state.definitions(context).await?;
        Ok(rows.into_iter().map(|row| Target::of(row, &definitions)).collect())
    }
}

/// A target is seen by its subject, a person or a team, not by an owner.
impl Listed for TargetEntry {
    type Filter = TargetFilter;

    async fn list(
        state: &AppState,
        context: &Context,
        filter: &TargetFilter,
        listing: &Listing,
    ) -> Result<Vec<Target>, AppError> {
        let subjects = subjects(&*state.definitions(context).await?, context);
        let rows = queries::page(state.store().pool(), subjects, filter, listing.by_id()).await?;
        Target::gather(state, context, rows).await
    }

    async fn count(state: &AppState, context: &Context, filter: &TargetFilter, _: &Listing) -> Result<u64, AppError> {
        let subjects = subjects(&*state.definitions(context).await?, context);
        Ok(queries::count(state.store().pool(), subjects, filter).await?)
    }

    async fn find(state: &AppState, context: &Context, id: Uuid) -> Result<Option<Target>, AppError> {
        let subjects = subjects(&*state.definitions(context).await?, context);
        let found = queries::find(state.store().pool(), subjects, id).await?;
        Ok(Target::gather(state, context, found.into_iter().collect()).await?.pop())
    }
}

/// The people and teams whose targets the asker sees; none where all are seen, the company's included.
fn subjects(definitions: &Definitions, context: &Context) -> Option<Vec<Uuid>> {
    let RowScope::People(people) = &context.rows else { return None };
    let teams = definitions.teams.keys().filter(|team| sees_team(definitions, context, **team));
    Some(people.iter().copied().chain(teams.map(|team| Uuid::from_u128(*team))).collect())
}

impl Exported for TargetEntry {
    const COLUMNS: &'static [&'static str] =
        &["metric", "subject", "period", "base", "challenge", "stretch", "product_line", "region", "tier"];

    async fn cells(_: &AppState, view: &View, page: &[Target]) -> Result<Vec<Vec<String>>, AppError> {
        let definitions = &view.snapshot.definitions;
        let row = |whole: &Target| {
            let row = &whole.row;
            let id = row.subject_id.as_u128();
            let subject = match row.subject_type.as_str() {
                "team" => definitions.teams.get(&id).map(|team| format!("team:{}", team.path)),
                "person" => definitions.people.get(&id).map(|person| person.key().to_owned()),
                _ => Some("company".to_owned()),
            };
            let optional = |micro: Option<i64>| micro.map(|micro| whole.text(micro)).unwrap_or_default();
            vec![
                row.metric.clone(),
                subject.unwrap_or_default(),
                row.period.clone(),
                whole.text(row.base_micro),
                optional(row.challenge_micro),
                optional(row.stretch_micro),
                row.product_line.clone(),
                row.region.clone(),
                row.tier.clone(),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

/// What makes a target: metric, subject, period and cut.
pub(super) type Key = (String, String, Uuid, String, String, String, String);

pub(super) fn key(row: &target::Model) -> Key {
    (
        row.metric.clone(),
        row.subject_type.clone(),
        row.subject_id,
        row.period.clone(),
        row.product_line.clone(),
        row.region.clone(),
        row.tier.clone(),
    )
}

/// The stored target of a metric, subject and cut in a period.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn stored(
    db: &impl ConnectionTrait,
    metric: &str,
    subject: Subject,
    period: Period,
    cut: &Cut,
) -> Result<Option<target::Model>, AppError> {
    let (subject_type, subject_id) = match subject {
        Subject::Person(id) => ("person", Uuid::from_u128(id)),
        Subject::Team(id) => ("team", Uuid::from_u128(id)),
        Subject::Company => ("company", Uuid::nil()),
    };
    let rows = queries::of_subject(db, metric, subject_type, subject_id, &period.to_string()).await?;
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let is_cut = |row: &target::Model| {
        row.product_line == text(&cut.product_line) && row.region == text(&cut.region) && row.tier == text(&cut.tier)
    };
    Ok(rows.into_iter().find(is_cut))
}

/// The values of a target after a row.
fn values(definitions: &Definitions, row: &mut Row, mut target: target::Model) -> Option<target::Model> {
    for fixed in ["metric", "subject", "period", "product_line", "region", "tier"] {
        if row.names(fixed) {
            row.wrong(fixed, "fixed", &[]);
        }
    }
    let unit = definitions.metrics.iter().find(|metric| metric.code == target.metric)?.unit;
    let currency = definitions.company.currency;
    let mut read = |column: &str, old: Option<i64>| {
        let new = value(row, column, unit, currency);
        row.or(column, new, old)
    };
    let base = read("base", Some(target.base_micro));
    target.challenge_micro = read("challenge", target.challenge_micro);
    target.stretch_micro = read("stretch", target.stretch_micro);
    match base {
        Some(base) => target.base_micro = base,
        None => row.wrong("base", "required", &[]),
    }
    Some(target)
}

pub(super) fn read(chunk: &Chunk, row: &mut Row, tx: &Tx) -> Option<target::Model> {
    let definitions = &chunk.view.snapshot.definitions;
    let code = row.required("metric", NAME);
    let metric = definitions.metric_on(&code, chunk.context.today());
    if metric.is_none() && !code.is_empty() {
        row.unknown("metric", &code, definitions.metrics.iter().map(|metric| metric.code.as_str()));
    }
    let subject = subject(definitions, &chunk.context, row);
    let period = row.required("period", 20);
    if !period.is_empty() && period.parse::<Period>().is_err() {
        row.wrong("period", "not_period", &[&period]);
    }
    let currency = definitions.company.currency;
    let unit = metric.map(|metric| metric.unit)?;
    let base = value(row, "base", unit, currency);
    if base.is_none() && row.get("base").is_none() {
        row.wrong("base", "required", &[]);
    }
    let (challenge, stretch) = (value(row, "challenge", unit, currency), value(row, "stretch", unit, currency));
    let cut = |row: &mut Row, column: &str| row.text(column, NAME).unwrap_or_default();
    let (product_line, region, tier) = (cut(row, "product_line"), cut(row, "region"), cut(row, "tier"));
    let (subject_type, subject_id) = subject?;
    Some(target::Model {
        id: Uuid::now_v7(),
        metric: code,
        subject_type: subject_type.to_owned(),
        subject_id,
        period,
        product_line,
        region,
        tier,
        base_micro: base?,
        challenge_micro: challenge,
        stretch_micro: stretch,
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
    })
}

/// The subject of a target, which must be in the asker's scope: `person:ID`, in files also a person's key; `team:ID` or
/// `team:PATH`; `company`.
pub(super) fn subject(definitions: &Definitions, context: &Context, row: &mut Row) -> Option<(&'static str, Uuid)> {
    let text = row.required("subject", 1_000);
    if text.is_empty() {
        return None;
    }
    if text == "company" && context.rows == RowScope::All {
        return Some(("company", Uuid::nil()));
    }
    if let Some(word) = text.strip_prefix("team:") {
        let by_id = Uuid::try_parse(word).ok().and_then(|id| definitions.teams.get(&id.as_u128()));
        let team = by_id.or_else(|| definitions.team_by_path(word));
        let team = team.filter(|team| sees_team(definitions, context, team.id));
        if team.is_none() {
            row.unknown("subject", &text, definitions.teams.values().map(|team| team.path.as_str()));
        }
        return team.map(|team| ("team", Uuid::from_u128(team.id)));
    }
    let word = text.strip_prefix("person:").unwrap_or(&text);
    let by_id = Uuid::try_parse(word).ok().and_then(|id| definitions.people.get(&id.as_u128()));
    let person = by_id.or_else(|| definitions.person_by_key(word));
    let person = person.filter(|person| context.rows.covers(Some(Uuid::from_u128(person.id))));
    if person.is_none() {
        row.unknown("subject", &text, definitions.people.values().map(Person::key));
    }
    person.map(|person| ("person", Uuid::from_u128(person.id)))
}

/// A target's value in millionths of the metric's unit: money in major units with the currency's digits, other numbers
/// with at most six decimals.
fn value(row: &mut Row, column: &str, unit: Unit, currency: Currency) -> Option<i64> {
    if unit == Unit::Money {
        let minor = row.money(column, currency)?;
        let micro = 10_i64.checked_pow(6_u32.saturating_sub(currency.digits()))?;
        let value = minor.checked_mul(micro);
        if value.is_none() {
            row.wrong(column, "not_money", &[&minor.to_string()]);
        }
        return value;
    }
    row.micro(column)
}

record_routes! {
    TargetEntry, form TargetForm, view TargetView, filter TargetFilter, tag "goals", path "/targets",
    one "/targets/{id}",
    list_targets "List targets", create_target "Set a target", get_target "Get a target",
    change_target "Change a target's values"
}
