//! How a file of opportunities goes in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use qiao_engine::definitions::Person;
use qiao_store::entities::{account, credit, fact, opportunity};
use qiao_store::{AuditEntry, Tx, ledger};
use uuid::Uuid;

use super::{queries, rules};
use crate::customers;
use crate::error::AppError;
use crate::forms::{NAME, NOTE};
use crate::imports::{Applied, Chunk, Row, RowOutcome, Verdict};

/// Columns of a file of opportunities.
pub const COLUMNS: &[&str] = &[
    "opportunity",
    "name",
    "account",
    "owner",
    "product",
    "pipeline",
    "stage",
    "amount",
    "currency",
    "opened_on",
    "expected_close_on",
    "closed_on",
    "source",
    "lost_reason",
    "next_step",
];

/// What a chunk is read against.
struct Known {
    accounts: customers::rules::ByName,
    signed: BTreeMap<Uuid, Vec<NaiveDate>>,
    existing: BTreeMap<String, opportunity::Model>,
    standing: BTreeMap<Uuid, Vec<(fact::Model, Vec<credit::Model>)>>,
    account_names: Option<Vec<String>>,
}

async fn known(tx: &Tx, chunk: &Chunk) -> Result<Known, AppError> {
    let conn = tx.conn();
    let names: BTreeSet<String> = chunk.rows.iter().filter_map(|row| row.get("account").map(str::to_owned)).collect();
    let names: Vec<String> = names.into_iter().collect();
    let accounts = customers::rules::ByName::read(conn, &names).await?;
    let groups: BTreeSet<Uuid> = names.iter().filter_map(|name| accounts.get(name)).map(|a| a.group_id).collect();
    let groups: Vec<Uuid> = groups.into_iter().collect();
    let signed = customers::rules::signed_on(conn, &groups).await?;
    let ids: Vec<String> = chunk.rows.iter().filter_map(|row| row.get("opportunity").map(str::to_owned)).collect();
    let rows = queries::by_external_ids(conn, &ids).await?;
    let deals: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut standing: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
    if !deals.is_empty() {
        for (fact, credits) in ledger::standing(conn, &deals).await? {
            standing.entry(fact.record_id).or_default().push((fact, credits));
        }
    }
    let existing = rows.into_iter().filter_map(|row| row.external_id.clone().map(|id| (id, row))).collect();
    Ok(Known { accounts, signed, existing, standing, account_names: None })
}

/// Imports rows of opportunities.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn import(tx: &mut Tx, chunk: &Chunk) -> Result<Applied, AppError> {
    let mut known = known(tx, chunk).await?;
    let mut outcomes = Vec::with_capacity(chunk.rows.len());
    let mut created = Vec::new();
    for row in &chunk.rows {
        let (outcome, deal) = import_row(tx, chunk, &mut known, row.clone()).await?;
        outcomes.push(outcome);
        created.extend(deal);
    }
    queries::insert_many(tx.conn(), created).await?;
    Ok(Applied { rows: outcomes, beside: BTreeMap::new() })
}

async fn import_row(
    tx: &mut Tx,
    chunk: &Chunk,
    known: &mut Known,
    mut row: Row,
) -> Result<(RowOutcome, Option<opportunity::Model>), AppError> {
    let key = row.required("opportunity", NAME);
    let existing = known.existing.get(&key).cloned();
    let account = account_of(tx, known, &mut row).await?;
    let deal = read(chunk, &mut row, &key, existing.as_ref(), account.as_ref(), tx);
    let Some(mut deal) = deal.filter(|_| row.errors.is_empty()) else {
        return Ok((row.outcome(Verdict::Rejected), None));
    };
    if existing.as_ref() == Some(&deal) {
        return Ok((row.outcome(Verdict::Unchanged), None));
    }
    deal.version += 1;
    deal.updated_at = tx.now_ms();
    let signed = account.as_ref().and_then(|a| known.signed.get(&a.group_id)).cloned().unwrap_or_default();
    let splits = if existing.is_some() { queries::shares(tx.conn(), deal.id).await? } else { Vec::new() };
    let around = rules::Around {
        definitions: &chunk.view.snapshot.definitions,
        catalog: &chunk.view.catalog,
        account: account.as_ref(),
        signed: &signed,
        splits: &splits,
    };
    let standing = known.standing.get(&deal.id).cloned().unwrap_or_default();
    rules::record(tx, existing.as_ref(), &deal, &around, &standing, chunk.context.today())?;
    tx.audit(AuditEntry {
        action: if existing.is_some() { "updated" } else { "created" },
        record_type: "opportunity",
        record_id: Some(deal.id),
        before: existing.as_ref().map(rules::json),
        after: Some(rules::json(&deal)),
    });
    if existing.is_some() {
        queries::save(tx.conn(), deal).await?;
        return Ok((row.outcome(Verdict::Updated), None));
    }
    Ok((row.outcome(Verdict::Created), Some(deal)))
}

async fn account_of(tx: &Tx, known: &mut Known, row: &mut Row) -> Result<Option<account::Model>, AppError> {
    let Some(name) = row.text("account", NAME) else { return Ok(None) };
    if let Some(account) = known.accounts.get(&name) {
        return Ok(Some(account.clone()));
    }
    if known.account_names.is_none() {
        known.account_names = Some(customers::rules::some_names(tx.conn()).await?);
    }
    let names = known.account_names.iter().flatten().map(String::as_str);
    row.unknown("account", &name, names);
    Ok(None)
}

/// The opportunity that a row describes; what an existing one has and the row does not name stays.
fn read(
    chunk: &Chunk,
    row: &mut Row,
    key: &str,
    existing: Option<&opportunity::Model>,
    account: Option<&account::Model>,
    tx: &Tx,
) -> Option<opportunity::Model> {
    let definitions = &chunk.view.snapshot.definitions;
    let catalog = &chunk.view.catalog;
    let stage_name = row.text("stage", NAME);
    let pipeline = row.text("pipeline", NAME);
    let stage = match (&stage_name, existing) {
        (None, Some(existing)) => catalog.stage(existing.stage_id),
        (None, None) => {
            row.wrong("stage", "required", &[]);
            None
        }
        (Some(name), _) => match rules::find_stage(catalog, pipeline.as_deref(), name) {
            Ok(stage) => Some(stage),
            Err("unknown_name") => {
                row.unknown("stage", name, catalog.stages.iter().flat_map(|s| [s.name.as_str(), s.code.as_str()]));
                None
            }
            Err(code) => {
                row.wrong("stage", code, &[]);
                None
            }
        },
    }?;
    let currency = definitions.company.currency;
    let blank = || rules::blank(stage, currency.code(), tx.now_ms(), tx.actor().user_id());
    let mut deal = existing.cloned().unwrap_or_else(blank);
    deal.external_id = Some(key.to_owned());
    if deal.stage_id != stage.id {
        deal.stage_entered_at = tx.now_ms();
    }
    deal.pipeline_id = stage.pipeline_id;
    deal.stage_id = stage.id;
    deal.status.clone_from(&stage.kind);
    if let Some(code) = row.text("currency", 3)
        && code != currency.code()
    {
        row.wrong("currency", "currency_mismatch", &[&code, currency.code()]);
    }
    if let Some(account) = account {
        deal.account_id = Some(account.id);
    }
    owner_and_product(chunk, row, &mut deal);
    deal.amount_minor = row.money("amount", currency).or(deal.amount_minor);
    deal.opened_on = row.date("opened_on").or(deal.opened_on);
    deal.expected_close_on = row.date("expected_close_on").or(deal.expected_close_on);
    deal.closed_on = row.date("closed_on").or(deal.closed_on);
    deal.source = row.text("source", NAME).or(deal.source);
    deal.lost_reason = row.text("lost_reason", NAME).or(deal.lost_reason);
    deal.next_step = row.text("next_step", NOTE).or(deal.next_step);
    let fallback = || account.map_or_else(|| key.to_owned(), |account| account.name.clone());
    deal.name =
        row.text("name", NAME).unwrap_or_else(|| if deal.name.is_empty() { fallback() } else { deal.name.clone() });
    if deal.status == "open" {
        deal.closed_on = None;
    } else if deal.closed_on.is_none() && row.get("closed_on").is_none() {
        row.wrong("closed_on", "required", &[]);
    }
    if let (Some(opened), Some(closed)) = (deal.opened_on, deal.closed_on)
        && closed < opened
    {
        row.wrong("closed_on", "before", &[&opened.to_string()]);
    }
    Some(deal)
}

fn owner_and_product(chunk: &Chunk, row: &mut Row, deal: &mut opportunity::Model) {
    let definitions = &chunk.view.snapshot.definitions;
    if let Some(owner) = row.text("owner", NAME) {
        match definitions.person_by_key(&owner) {
            Some(person) => deal.owner_id = Some(Uuid::from_u128(person.id)),
            None => row.unknown("owner", &owner, definitions.people.values().map(Person::key)),
        }
    }
    if let Some(name) = row.text("product", NAME) {
        let products = &chunk.view.catalog.products;
        match products.iter().find(|product| product.code == name || product.name == name) {
            Some(product) => deal.product_id = Some(product.id),
            None => row.unknown("product", &name, products.iter().map(|product| product.code.as_str())),
        }
    }
}
