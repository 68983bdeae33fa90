//! What is found, in words.

use std::collections::HashSet;

use qiao_engine::Language;
use qiao_store::entities::{account, contact, contract, lead, opportunity};
use qiao_store::scope::RowScope;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::index::{Index, Within};
use super::queries::{Searched, fields, present};
use super::text::{squeezed, words};
use crate::context::Context;
use crate::customers;
use crate::error::AppError;
use crate::facts::rules::record_type_name;
use crate::state::AppState;

/// Records of each kind that are read at most to find enough that are there in the asker's scope.
const LOOKED_AT: usize = 400;

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hit {
    /// The kind.
    record_type: &'static str,
    /// The kind in words.
    type_name: String,
    id: Uuid,
    /// Its name or number.
    title: String,
    /// What tells it from others of that name: its customer, its telephone number, its region.
    detail: Option<String>,
}

/// What the index says of a kind: records of that very name first, then the newest that hold the words.
fn hits<M: Searched>(index: &Index, words: &[String], within: &Within) -> Vec<Uuid> {
    let mut ids = index.named(M::KIND, &words.concat(), within, LOOKED_AT);
    let holding = index.find(M::KIND, words, within, LOOKED_AT);
    let first: HashSet<Uuid> = ids.iter().copied().collect();
    ids.extend(holding.into_iter().filter(|id| !first.contains(id)));
    ids
}

/// A record that holds the words, with the former name by which it does, where its own names do not.
type Found<M> = (M, Option<String>);

/// Of what the index found the first records that are there in the asker's scope and still hold the words.
async fn found<M: Searched>(
    state: &AppState,
    context: &Context,
    ids: Vec<Uuid>,
    words: &[String],
    limit: usize,
) -> Result<Vec<Found<M>>, AppError> {
    let db = state.store().pool();
    let mut rows = Vec::new();
    for part in ids.chunks(limit.saturating_mul(2).max(20)) {
        let read = present::<M>(db, &context.rows, part).await?;
        let holds = |fields: &[String]| {
            let held = |word: &String| fields.iter().any(|field| field.contains(word.as_str()));
            words.iter().all(held) || fields.contains(&words.concat())
        };
        let (now, before): (Vec<M>, Vec<M>) = read.into_iter().partition(|row| holds(&fields(row)));
        rows.extend(now.into_iter().map(|row| (row, None)));
        let unclear: Vec<Uuid> = before.iter().map(M::key).collect();
        let former = M::former(db, &unclear).await?;
        rows.extend(before.into_iter().filter_map(|row| {
            let mut all = fields(&row);
            let by = former.iter().filter(|(id, _)| *id == row.key()).map(|(_, name)| name).find(|name| {
                all.push(squeezed(name));
                holds(&all)
            })?;
            Some((row, Some(by.clone())))
        }));
        if rows.len() >= limit {
            break;
        }
    }
    rows.truncate(limit);
    Ok(rows)
}

/// The records that hold every word of a question, customers first; of each kind `limit` at most.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn search(state: &AppState, context: &Context, question: &str, limit: usize) -> Result<Vec<Hit>, AppError> {
    let words = words(question);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let people = match &context.rows {
        RowScope::All => None,
        RowScope::People(people) => Some(people.as_slice()),
    };
    let [accounts, contacts, leads, deals, contracts] = {
        let following = state.search().fresh(state.store()).await?;
        let (index, within) = (&following.index, following.index.within(people));
        [
            hits::<account::Model>(index, &words, &within),
            hits::<contact::Model>(index, &words, &within),
            hits::<lead::Model>(index, &words, &within),
            hits::<opportunity::Model>(index, &words, &within),
            hits::<contract::Model>(index, &words, &within),
        ]
    };
    let (accounts, contacts, leads, deals, contracts) = tokio::try_join!(
        found::<account::Model>(state, context, accounts, &words, limit),
        found::<contact::Model>(state, context, contacts, &words, limit),
        found::<lead::Model>(state, context, leads, &words, limit),
        found::<opportunity::Model>(state, context, deals, &words, limit),
        found::<contract::Model>(state, context, contracts, &words, limit),
    )?;
    let view = state.view(context).await?;
    let named = contacts.iter().map(|(row, _)| row.account_id).chain(deals.iter().map(|(row, _)| row.account_id));
    let named = named.chain(contracts.iter().map(|(row, _)| Some(row.account_id)));
    let names = customers::rules::account_names(state, &view, named).await?;
    let customer =
        |id: Option<Uuid>| id.and_then(|id| names.iter().find(|(known, _)| *known == id)).map(|(_, name)| name);
    let hit = |record_type: &'static str, id: Uuid, title: String, details: [Option<&String>; 2]| {
        let details: Vec<&str> =
            details.into_iter().flatten().map(String::as_str).filter(|detail| *detail != title).collect();
        let type_name = record_type_name(record_type, context.language()).to_owned();
        let detail = (!details.is_empty()).then(|| details.join(" · "));
        Hit { record_type, type_name, id, title, detail }
    };
    let mut hits = Vec::new();
    hits.extend(accounts.iter().map(|(row, former)| {
        let former = former.as_ref().map(|name| match context.language() {
            Language::Zh => format!("曾用名：{name}"),
            Language::En => format!("former name {name}"),
        });
        hit("account", row.id, row.name.clone(), [former.as_ref().or(row.region.as_ref()), row.phone.as_ref()])
    }));
    hits.extend(
        contacts
            .iter()
            .map(|(row, _)| hit("contact", row.id, row.name.clone(), [customer(row.account_id), row.phone.as_ref()])),
    );
    hits.extend(
        leads
            .iter()
            .map(|(row, _)| hit("lead", row.id, row.name.clone(), [row.company_name.as_ref(), row.phone.as_ref()])),
    );
    let deal = |(row, _): &Found<opportunity::Model>| {
        hit("opportunity", row.id, row.name.clone(), [customer(row.account_id), None])
    };
    hits.extend(deals.iter().map(deal));
    hits.extend(contracts.iter().map(|(row, _)| {
        hit("contract", row.id, row.number.clone(), [customer(Some(row.account_id)), Some(&row.name)])
    }));
    Ok(hits)
}
