//! Publishing a version of a metric. A published version is never changed; a newer one takes over from its first day.

use qiao_engine::facts::is_kind;
use qiao_engine::metrics::{Category, Combination, Direction, Formula, MetricVersion, Unit};
use qiao_engine::{Text, yaml};
use qiao_store::entities::metric_version;
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use serde::Deserialize;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::error::{AppError, FieldError};
use crate::forms::NAME;
use crate::state::AppState;

/// A metric as it is written: YAML or JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    code: String,
    from: chrono::NaiveDate,
    name: Text,
    description: Text,
    category: Category,
    direction: Direction,
    combination: Combination,
    unit: Unit,
    formula: Formula,
}

impl Source {
    /// The version that it describes.
    fn version(&self, version: u32) -> MetricVersion {
        MetricVersion {
            code: self.code.clone(),
            version,
            from: self.from,
            to: None,
            name: self.name.clone(),
            description: self.description.clone(),
            category: self.category,
            direction: self.direction,
            combination: self.combination,
            unit: self.unit,
            formula: self.formula.clone(),
        }
    }
}

/// A metric as it would be after its publication; nothing is written.
///
/// # Errors
/// 422 with the line where the source is wrong.
pub fn read(text: &str) -> Result<MetricVersion, AppError> {
    Ok(parse(text)?.version(0))
}

/// What a publication did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedMetric {
    /// The version in force from its day on.
    pub version: u32,
    /// True where it is the version that was there.
    pub unchanged: bool,
}

fn mistake(line: usize, message: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new("/source", "metric_mistake", &[&line.to_string(), message])])
}

fn parse(text: &str) -> Result<Source, AppError> {
    let tree = yaml::read(text).map_err(|error| mistake(error.line, &error.message))?;
    let source: Source = serde_path_to_error::deserialize(tree.value.clone()).map_err(|error| {
        let pointer = format!("/{}", error.path().to_string().replace('.', "/"));
        mistake(tree.line(&pointer), &format!("{}: {}", error.path(), error.inner()))
    })?;
    if !is_kind(&source.code) {
        return Err(mistake(tree.line("/code"), "code: a word in snake case, like contract_amount"));
    }
    for language in [qiao_engine::Language::Zh, qiao_engine::Language::En] {
        let name = source.name.get(language);
        if name.trim().is_empty() || name.chars().count() > NAME {
            return Err(mistake(tree.line("/name"), "name: a name in both languages, at most 200 characters"));
        }
    }
    let kinds = source.formula.kinds();
    if kinds.is_empty() || kinds.iter().any(|kind| !is_kind(kind)) {
        return Err(mistake(tree.line("/formula"), "formula: names kinds of fact, words in snake case"));
    }
    Ok(source)
}

/// Publishes a metric, or a new version of one that is there.
///
/// # Errors
/// 403 without the permission, 422 with the line where the source is wrong.
pub async fn publish(
    state: &AppState,
    context: &Context,
    text: &str,
    reason: Option<String>,
) -> Result<PublishedMetric, AppError> {
    context.require(Permission::ManageMetrics)?;
    let source = parse(text)?;
    let input = (source, reason);
    Ok(state
        .store()
        .write(&context.write(), input, |tx, (source, reason)| Box::pin(insert(tx, source, reason)))
        .await?)
}

async fn insert(tx: &mut Tx, source: &Source, reason: &Option<String>) -> Result<PublishedMetric, AppError> {
    let last = queries::last_version(tx.conn(), &source.code).await?;
    let version = last.as_ref().map_or(1, |last| last.version + 1);
    let number = u32::try_from(version).unwrap_or(1);
    let metric = source.version(number);
    if let Some(last) = &last {
        let have: Option<MetricVersion> = serde_json::from_str(&last.definition).ok();
        if have.as_ref().is_some_and(|have| MetricVersion { version: have.version, ..metric.clone() } == *have) {
            return Ok(PublishedMetric { version: number - 1, unchanged: true });
        }
        if source.from < last.from_date {
            return Err(AppError::field("/source", "before", &[&last.from_date.to_string()]));
        }
        if have.is_some_and(|have| have.unit != metric.unit) {
            return Err(mistake(1, "unit: it is that of the versions before; targets are written in it"));
        }
    }
    let id = Uuid::now_v7();
    let definition = serde_json::to_string(&metric).unwrap_or_default();
    queries::insert(
        tx.conn(),
        metric_version::Model {
            id,
            code: metric.code.clone(),
            version,
            from_date: metric.from,
            to_date: None,
            definition: definition.clone(),
            reason: reason.clone(),
            published_at: tx.now_ms(),
            published_by: tx.actor().user_id(),
        },
    )
    .await?;
    tx.audit(AuditEntry {
        action: "published",
        record_type: "metric_version",
        record_id: Some(id),
        before: last.map(|last| last.definition),
        after: Some(definition),
    });
    tx.definition_changed(DefinitionKind::Metrics);
    Ok(PublishedMetric { version: number, unchanged: false })
}
