//! Publishing a plan.

use chrono::NaiveDate;
use qiao_engine::Language;
use qiao_engine::dates::DateRange;
use qiao_engine::plans::{Plan, PlanError, check, not_served, on_plan_in, parse};
use qiao_store::entities::{plan, plan_version};
use qiao_store::{AuditEntry, DefinitionKind, Tx};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::error::AppError;
use crate::inbox::{self, Data, Kind, News, To};
use crate::state::AppState;

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A first version, or a new one.
    Version {
        /// The plan.
        plan_id: Uuid,
        /// Its number.
        version: i32,
    },
    /// The newest version says the same.
    Unchanged {
        /// The plan.
        plan_id: Uuid,
        /// Its number.
        version: i32,
    },
}

/// Why a plan was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file is wrong; each mistake with its line.
    #[error("the plan has {} mistakes", .0.len())]
    Mistakes(Vec<PlanError>),
    /// Something else.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Publishes a plan file.
///
/// # Errors
/// [`PublishError::Mistakes`] where the file is wrong, 403 without the permission. Nothing is written then.
pub async fn publish(state: &AppState, context: &Context, text: &str) -> Result<Published, PublishError> {
    context.require(Permission::PublishPlans)?;
    let (plan, tree) = parse(text).map_err(|error| PublishError::Mistakes(vec![error]))?;
    let definitions = state.definitions(context).await?;
    let mut mistakes = check(&plan, &tree, &definitions);
    mistakes.extend(not_served(&plan, &tree));
    if !mistakes.is_empty() {
        return Err(PublishError::Mistakes(mistakes));
    }
    let today = context.today();
    let range = DateRange { start: today.max(plan.from), end: plan.to.unwrap_or(NaiveDate::MAX).max(today) };
    let people = definitions.people.keys().filter(|id| on_plan_in(&definitions, &plan.who, **id, range));
    let people = people.map(|id| Uuid::from_u128(*id)).collect();
    let input = Publishing { plan, source: text.to_owned(), people, context: context.clone() };
    let written = state.store().write(&context.write(), input, |tx, input| Box::pin(insert(tx, input))).await;
    written.map_err(|error| PublishError::App(error.into()))
}

/// A plan on its way.
struct Publishing {
    plan: Plan,
    source: String,
    /// Who is on it from now on.
    people: Vec<Uuid>,
    context: Context,
}

impl Publishing {
    fn news(&self, plan: Uuid, version: i32) -> Vec<News> {
        // Who reads it has a language of their own.
        let name = |language: Language| Some(self.plan.name.get(language).to_owned());
        let (name, name_en) = (name(Language::Zh), name(Language::En));
        let data = Data { name, name_en, version: Some(version), day: Some(self.plan.from), ..Data::default() };
        let one = |person: &Uuid| News {
            to: To::Person(*person),
            kind: Kind::Plan,
            record_type: "plan".to_owned(),
            record_id: Some(plan),
            data: data.clone(),
            bundled: false,
        };
        self.people.iter().map(one).collect()
    }
}

async fn insert(tx: &mut Tx, publishing: &Publishing) -> Result<Published, AppError> {
    let Publishing { plan, source, .. } = publishing;
    let body = serde_json::to_string(plan)
        .map_err(|error| AppError::Unreadable { code: "internal", detail: error.to_string() })?;
    let digest = Sha256::digest(body.as_bytes()).to_vec();
    let known = queries::by_key(tx.conn(), &plan.id).await?;
    let versions = match &known {
        Some(known) => queries::versions(tx.conn(), known.id).await?,
        None => Vec::new(),
    };
    if let (Some(known), Some(last)) = (&known, versions.last())
        && last.digest == digest
    {
        return Ok(Published::Unchanged { plan_id: known.id, version: last.version });
    }
    let name = plan.name.get(qiao_engine::Language::Zh).to_owned();
    let plan_id = match known {
        Some(known) => known.id,
        None => {
            let id = Uuid::now_v7();
            let created_by = tx.actor().user_id();
            let row = plan::Model { id, key: plan.id.clone(), name, created_at: tx.now_ms(), created_by };
            queries::insert_plan(tx.conn(), row).await?;
            id
        }
    };
    let version = versions.last().map_or(1, |last| last.version + 1);
    let id = Uuid::now_v7();
    let row = plan_version::Model {
        id,
        plan_id,
        version,
        from_date: plan.from,
        to_date: plan.to,
        digest,
        body: body.clone(),
        source: source.clone(),
        published_at: tx.now_ms(),
        published_by: tx.actor().user_id(),
    };
    queries::insert_version(tx.conn(), row).await?;
    tx.audit(AuditEntry {
        action: "published",
        record_type: "plan_version",
        record_id: Some(id),
        before: versions.last().map(|last| last.body.clone()),
        after: Some(body),
    });
    tx.definition_changed(DefinitionKind::Plans);
    inbox::tell(tx, &publishing.context, publishing.news(plan_id, version)).await?;
    Ok(Published::Version { plan_id, version })
}
