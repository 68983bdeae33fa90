//! What is found, in words.

use qiao_store::entities::{account, contact, contract, lead, opportunity};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::found;
use crate::context::Context;
use crate::customers;
use crate::error::AppError;
use crate::facts::rules::record_type_name;
use crate::state::AppState;

/// The most words that are looked for: more are a sentence.
const WORDS: usize = 8;

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

/// The words of a question.
fn words(question: &str) -> Vec<String> {
    question.split_whitespace().take(WORDS).map(|word| word.chars().take(100).collect()).collect()
}

/// The records that hold every word of a question, customers first; of each kind `limit` at most.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn search(state: &AppState, context: &Context, question: &str, limit: u64) -> Result<Vec<Hit>, AppError> {
    let words = words(question);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let (db, scope) = (state.store().pool(), &context.rows);
    let (accounts, contacts, leads, deals, contracts) = tokio::try_join!(
        found::<account::Model>(db, scope, &words, limit),
        found::<contact::Model>(db, scope, &words, limit),
        found::<lead::Model>(db, scope, &words, limit),
        found::<opportunity::Model>(db, scope, &words, limit),
        found::<contract::Model>(db, scope, &words, limit),
    )?;
    let view = state.view(context).await?;
    let named = contacts.iter().map(|row| row.account_id).chain(deals.iter().map(|row| row.account_id));
    let named = named.chain(contracts.iter().map(|row| Some(row.account_id)));
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
    hits.extend(
        accounts.iter().map(|row| hit("account", row.id, row.name.clone(), [row.region.as_ref(), row.phone.as_ref()])),
    );
    hits.extend(
        contacts
            .iter()
            .map(|row| hit("contact", row.id, row.name.clone(), [customer(row.account_id), row.phone.as_ref()])),
    );
    hits.extend(
        leads.iter().map(|row| hit("lead", row.id, row.name.clone(), [row.company_name.as_ref(), row.phone.as_ref()])),
    );
    hits.extend(deals.iter().map(|row| hit("opportunity", row.id, row.name.clone(), [customer(row.account_id), None])));
    hits.extend(
        contracts
            .iter()
            .map(|row| hit("contract", row.id, row.number.clone(), [customer(Some(row.account_id)), Some(&row.name)])),
    );
    Ok(hits)
}
