//! How a file of targets goes in.

use std::collections::BTreeMap;

use qiao_engine::dates::Period;
use qiao_engine::definitions::{Definitions, Person};
use qiao_engine::metrics::{Cut, Subject, Unit};
use qiao_engine::money::Currency;
use qiao_store::entities::target;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use uuid::Uuid;

use super::queries;
use crate::error::AppError;
use crate::forms::NAME;
use crate::imports::{Applied, Chunk, Row, RowOutcome, Verdict};

/// Columns of a file of targets.
pub const COLUMNS: &[&str] =
    &["metric", "subject", "period", "base", "challenge", "stretch", "product_line", "region", "tier"];

/// What makes a target: metric, subject, period and cut.
type Key = (String, String, Uuid, String, String, String, String);

fn key(row: &target::Model) -> Key {
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

/// Imports rows of targets: metric x subject (a person, `team:PATH` or `company`) x period.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn import(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let mut known: BTreeMap<Key, target::Model> =
        queries::targets(tx.conn()).await?.into_iter().map(|row| (key(&row), row)).collect();
    let mut rows: Vec<RowOutcome> = Vec::with_capacity(chunk.rows.len());
    let mut created = Vec::new();
    for row in &chunk.rows {
        let mut row = row.clone();
        let read = read(chunk, &mut row, tx);
        let Some(mut wanted) = read.filter(|_| row.errors.is_empty()) else {
            rows.push(row.outcome(Verdict::Rejected));
            continue;
        };
        let existing = known.get(&key(&wanted)).cloned();
        let verdict = match &existing {
            None => {
                created.push(wanted.clone());
                Verdict::Created
            }
            Some(have) => {
                wanted = target::Model {
                    base_micro: wanted.base_micro,
                    challenge_micro: wanted.challenge_micro,
                    stretch_micro: wanted.stretch_micro,
                    ..have.clone()
                };
                if wanted == *have {
                    rows.push(row.outcome(Verdict::Unchanged));
                    continue;
                }
                wanted.version += 1;
                wanted.updated_at = tx.now_ms();
                queries::save(tx.conn(), wanted.clone()).await?;
                Verdict::Updated
            }
        };
        tx.audit(AuditEntry {
            action: if existing.is_some() { "updated" } else { "created" },
            record_type: "target",
            record_id: Some(wanted.id),
            before: existing.as_ref().map(json),
            after: Some(json(&wanted)),
        });
        known.insert(key(&wanted), wanted);
        rows.push(row.outcome(verdict));
    }
    queries::insert_many(tx.conn(), created).await?;
    if rows.iter().any(|row| matches!(row.verdict, Verdict::Created | Verdict::Updated)) {
        tx.definition_changed(DefinitionKind::Targets);
    }
    Ok(Applied { rows, beside: BTreeMap::new() })
}

/// The stored target of a metric, subject and cut in a period.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn find(
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

fn json(row: &target::Model) -> String {
    serde_json::json!({
        "metric": row.metric, "subject_type": row.subject_type, "subject_id": row.subject_id, "period": row.period,
        "product_line": row.product_line, "region": row.region, "tier": row.tier,
        "base_micro": row.base_micro, "challenge_micro": row.challenge_micro, "stretch_micro": row.stretch_micro,
    })
    .to_string()
}

fn read(chunk: &Chunk, row: &mut Row, tx: &Tx) -> Option<target::Model> {
    let definitions = &chunk.view.snapshot.definitions;
    let code = row.required("metric", NAME);
    let metric = definitions.metric_on(&code, chunk.context.today());
    if metric.is_none() && !code.is_empty() {
        row.unknown("metric", &code, definitions.metrics.iter().map(|metric| metric.code.as_str()));
    }
    let subject = subject(definitions, row);
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
        version: 1,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
    })
}

fn subject(definitions: &Definitions, row: &mut Row) -> Option<(&'static str, Uuid)> {
    let text = row.required("subject", 1_000);
    if text.is_empty() {
        return None;
    }
    if text == "company" {
        return Some(("company", Uuid::nil()));
    }
    if let Some(path) = text.strip_prefix("team:") {
        let team = definitions.team_by_path(path);
        if team.is_none() {
            row.unknown("subject", &text, definitions.teams.values().map(|team| team.path.as_str()));
        }
        return team.map(|team| ("team", Uuid::from_u128(team.id)));
    }
    let person = definitions.person_by_key(&text);
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
