//! What an entry of the audit log changed, in words.

use std::collections::{BTreeMap, BTreeSet};

use qiao_engine::Language;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::audit;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::labels::{self, Holds};
use crate::error::AppError;
use crate::state::AppState;
use crate::{contracts, customers, pipeline};

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeView {
    /// The column.
    field: String,
    /// What it is called.
    label: String,
    /// What it was; none where it was empty.
    before: Option<String>,
    /// What it is; none where it is empty.
    after: Option<String>,
    /// ISO 4217, where both are amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

/// A column that differs.
struct Difference {
    column: &'static str,
    label: &'static str,
    holds: Holds,
    before: Option<String>,
    after: Option<String>,
    currency: String,
}

fn payload(text: Option<&String>) -> Map<String, Value> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The columns that an entry changed. Of a new record they are those that stand on it now: its page shows them.
fn differences(entry: &audit::Model, language: Language) -> Vec<Difference> {
    if entry.action != "updated" {
        return Vec::new();
    }
    let (before, after) = (payload(entry.before_payload.as_ref()), payload(entry.after_payload.as_ref()));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let currency = text(&after, "currency").unwrap_or_default();
    let mut all: Vec<Difference> = names
        .into_iter()
        .filter_map(|name| {
            let (column, zh, en, holds) = labels::column(name)?;
            let (before, after) = (text(&before, name), text(&after, name));
            let label = language.pick(zh, en);
            let currency = currency.clone();
            (before != after).then_some(Difference { column, label, holds: *holds, before, after, currency })
        })
        .collect();
    all.sort_by_key(|difference| labels::rank(difference.column));
    all
}

/// What some entries changed, in words, in their order.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn of(
    state: &AppState,
    view: &View,
    language: Language,
    entries: &[audit::Model],
) -> Result<Vec<Vec<ChangeView>>, AppError> {
    let all: Vec<Vec<Difference>> = entries.iter().map(|entry| differences(entry, language)).collect();
    let names = names(state, view, &all).await?;
    let company = view.snapshot.definitions.company.currency;
    let said = |difference: &Difference| {
        let currency: Currency = difference.currency.parse().unwrap_or(company);
        let say = |value: &Option<String>| {
            let value = value.as_ref()?;
            Some(match difference.holds {
                Holds::Text => value.clone(),
                Holds::Money => value.parse().map_or_else(|_| value.clone(), |minor| format_minor(minor, currency)),
                Holds::Word => labels::word(value, language).to_owned(),
                // Somebody or something that is no longer there has no name.
                _ => names
                    .get(value)
                    .cloned()
                    .unwrap_or_else(|| language.pick("（已不存在）", "(no longer there)").to_owned()),
            })
        };
        ChangeView {
            field: difference.column.to_owned(),
            label: difference.label.to_owned(),
            before: say(&difference.before),
            after: say(&difference.after),
            currency: (difference.holds == Holds::Money).then(|| currency.code().to_owned()),
        }
    };
    Ok(all.iter().map(|differences| differences.iter().map(said).collect()).collect())
}

/// The names of all that some differences name by id.
async fn names(state: &AppState, view: &View, all: &[Vec<Difference>]) -> Result<BTreeMap<String, String>, AppError> {
    let ids = |holds: Holds| {
        let those = all.iter().flatten().filter(move |difference| difference.holds == holds);
        let values = those.flat_map(|difference| [&difference.before, &difference.after]).flatten();
        values.filter_map(|value| Uuid::try_parse(value).ok()).map(Some).collect::<Vec<_>>()
    };
    let definitions = &view.snapshot.definitions;
    let person = |id: Uuid| Some((id, definitions.people.get(&id.as_u128())?.name.clone()));
    let stage = |id: Uuid| Some((id, view.catalog.stage(id)?.name.clone()));
    let product = |id: Uuid| Some((id, view.catalog.product(id)?.name.clone()));
    let mut found: Vec<(Uuid, String)> = Vec::new();
    found.extend(ids(Holds::Person).into_iter().flatten().filter_map(person));
    found.extend(ids(Holds::Stage).into_iter().flatten().filter_map(stage));
    found.extend(ids(Holds::Product).into_iter().flatten().filter_map(product));
    found.extend(customers::rules::account_names(state, view, ids(Holds::Account)).await?);
    found.extend(customers::rules::contact_names(state, ids(Holds::Contact).into_iter()).await?);
    found.extend(pipeline::rules::opportunity_names(state, ids(Holds::Opportunity).into_iter()).await?);
    found.extend(contracts::rules::contract_names(state, ids(Holds::Contract).into_iter()).await?);
    Ok(found.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}
