//! Contracts: how they are written.

use std::collections::BTreeMap;

use qiao_engine::money::format_minor;
use qiao_store::entities::contract;
use qiao_store::{Change, Record, Tx};
use uuid::Uuid;

use super::contract::Contract;
use super::facts::{self as contract_facts, Around};
use super::rules::Contracts;
use super::{lines, queries, rules};
use crate::customers::rules::Accounts;
use crate::entry::{self, Chunk, Row, Written};
use crate::error::AppError;
use crate::forms::NAME;
use crate::pipeline::rules::Opportunities;
use crate::splits::Splits;
use crate::{customers, facts, pipeline};

/// Kinds of contract.
const KINDS: &[&str] = &["new", "add_on", "renewal", "repeat", "framework"];
/// States of a contract.
const STATUSES: &[&str] = &["draft", "signed", "ended", "cancelled"];

/// An accepted row.
struct Draft {
    before: Option<Contract>,
    after: Contract,
}

/// What rows are read against.
struct Known {
    accounts: Accounts,
    deals: Opportunities,
    contracts: Contracts,
}

/// Writes rows of contracts.
pub async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Contract>>, AppError> {
    let known = Known {
        accounts: Accounts::read(tx.conn(), chunk, &["account"]).await?,
        deals: Opportunities::read(tx.conn(), chunk, &["opportunity"]).await?,
        contracts: Contracts::read(tx.conn(), chunk, &["contract", "parent", "external_id", "number"]).await?,
    };
    let patched = match chunk.patched() {
        Some(id) => queries::find(tx.conn(), &chunk.context.rows, id).await?,
        None => None,
    };
    let mut befores = Vec::with_capacity(chunk.rows.len());
    for row in &chunk.rows {
        let by_key = row.get("contract").and_then(|key| known.contracts.get(key));
        befores.push(entry::present(row, by_key, patched.as_ref())?);
    }
    let old = rules::whole(tx.conn(), befores.iter().flatten().cloned().collect()).await?;
    let mut old: BTreeMap<Uuid, Contract> = old.into_iter().map(|whole| (whole.contract.id, whole)).collect();
    let mut rows: Vec<(Row, Option<usize>)> = Vec::with_capacity(chunk.rows.len());
    let mut drafts: Vec<Draft> = Vec::new();
    for (row, before) in chunk.rows.iter().zip(befores) {
        let mut row = row.clone();
        let before = before.and_then(|contract| old.remove(&contract.id));
        let after = read(tx, chunk, &mut row, before.as_ref(), &known);
        let after = after.filter(|_| row.errors.is_empty());
        rows.push((row, after.as_ref().map(|_| drafts.len())));
        drafts.extend(after.map(|after| Draft { before, after }));
    }
    let changes: Vec<Change<contract::Model>> = drafts
        .iter()
        .map(|draft| (draft.before.as_ref().map(|whole| whole.contract.clone()), draft.after.contract.clone()))
        .collect();
    settle(tx, chunk, &drafts).await?;
    let saved = tx.save_all(changes).await?;
    for draft in &drafts {
        store_parts(tx, draft).await?;
    }
    let mut whole: BTreeMap<Uuid, Contract> =
        drafts.into_iter().map(|draft| (draft.after.contract.id, draft.after)).collect();
    let outcomes = entry::outcomes(rows, saved).into_iter();
    Ok(outcomes
        .map(|(outcome, saved)| {
            let whole = saved.and_then(|saved| {
                let whole = whole.remove(&saved.id)?;
                Some(Contract { contract: saved, ..whole })
            });
            (outcome, whole)
        })
        .collect())
}

/// Stores lines, schedule and splits where they differ.
async fn store_parts(tx: &mut Tx, draft: &Draft) -> Result<(), AppError> {
    let (after, before) = (&draft.after, draft.before.as_ref());
    let id = after.contract.id;
    let none = (Vec::new(), Vec::new(), Splits::default());
    let old = before.map_or(none, |b| (b.lines.clone(), b.schedule.clone(), b.splits.clone()));
    if !rules::same_lines(&old.0, &after.lines) {
        queries::replace_lines(tx.conn(), id, !old.0.is_empty(), &after.lines).await?;
    }
    if old.1 != after.schedule {
        queries::replace_schedule(tx.conn(), &old.1, &after.schedule).await?;
    }
    after.splits.store(tx, ("contract", id), &old.2).await?;
    Ok(())
}

/// Records the facts of what changed.
async fn settle(tx: &mut Tx, chunk: &Chunk, drafts: &[Draft]) -> Result<(), AppError> {
    let changed = |draft: &&Draft| draft.before.as_ref().map(|b| &b.contract) != Some(&draft.after.contract);
    let changed: Vec<&Draft> = drafts.iter().filter(changed).collect();
    let old: Vec<Uuid> = changed.iter().filter_map(|draft| draft.before.as_ref()).map(|b| b.contract.id).collect();
    let standing = facts::standing(tx.conn(), &old).await?;
    let accounts = changed.iter().map(|draft| draft.after.contract.account_id).collect();
    let accounts = customers::rules::accounts(tx.conn(), accounts).await?;
    let deals: Vec<Uuid> = changed.iter().filter_map(|draft| draft.after.contract.opportunity_id).collect();
    let shared = Splits::of(tx.conn(), "opportunity", &deals).await?;
    let deals = pipeline::rules::opportunities(tx.conn(), deals).await?;
    let groups = accounts.values().map(|account| account.group_id).collect();
    let mut signed = customers::rules::signed_on(tx.conn(), groups).await?;
    // What this chunk signs counts, too.
    for draft in &changed {
        let contract = &draft.after.contract;
        if let (Some(account), Some(day)) = (accounts.get(&contract.account_id), rules::signed_day(contract)) {
            let days = signed.entry(account.group_id).or_default();
            days.retain(|(id, _)| *id != contract.id);
            days.push((contract.id, day));
        }
    }
    for draft in changed {
        let contract = &draft.after.contract;
        let deal = contract.opportunity_id.and_then(|id| deals.get(&id));
        let around = Around {
            definitions: &chunk.view.snapshot.definitions,
            catalog: &chunk.view.catalog,
            account: accounts.get(&contract.account_id),
            deal,
            deal_splits: contract.opportunity_id.and_then(|id| shared.get(&id)),
            signed: &signed,
        };
        let standing = standing.get(&contract.id).map(Vec::as_slice).unwrap_or_default();
        facts::restate(tx, standing, contract_facts::wanted(&draft.after, &around))?;
    }
    Ok(())
}

fn read(tx: &Tx, chunk: &Chunk, row: &mut Row, before: Option<&Contract>, known: &Known) -> Option<Contract> {
    let definitions = &chunk.view.snapshot.definitions;
    let currency = definitions.company.currency;
    let blank = || rules::blank(currency.code(), tx.now_ms(), tx.actor().user_id());
    let mut contract = before.map_or_else(blank, |whole| whole.contract.clone());
    contract.external_id = entry::external_id(row, "contract", before.map(|b| &b.contract.external_id));
    let other = contract.external_id.as_ref().and_then(|key| known.contracts.get(key));
    let other = other.map(|other| (other.id, other.external_id.as_deref()));
    entry::unique(row, contract.id, contract.external_id.as_deref(), other);
    if contract.number.is_empty() && !row.is_form() {
        contract.number = contract.external_id.clone().unwrap_or_default();
    }
    contract.number = row.required_or("number", 100, contract.number);
    if known.contracts.get(&contract.number).is_some_and(|c| c.id != contract.id && c.number == contract.number) {
        row.wrong("number", "already_used", &[&contract.number]);
    }
    let deal = known.deals.of(row, "opportunity");
    contract.opportunity_id = row.or("opportunity", deal.as_ref().map(|deal| deal.id), contract.opportunity_id);
    let account = known.accounts.of(row, "account");
    let account_id = account.as_ref().map(|a| a.id).or(before.map(|b| b.contract.account_id));
    let account_id = account_id.or(deal.as_ref().and_then(|deal| deal.account_id));
    match account_id.filter(|_| !row.names("account") || row.get("account").is_some()) {
        Some(id) => contract.account_id = id,
        None if row.get("account").is_none() => row.wrong("account", "required", &[]),
        None => {}
    }
    contract.owner_id = entry::owner(row, chunk, before.is_none(), contract.owner_id);
    if contract.owner_id.is_none() && !row.names("owner") {
        contract.owner_id = deal.as_ref().and_then(|deal| deal.owner_id);
    }
    if contract.name.is_empty() {
        let named = account.map(|account| account.name).or_else(|| deal.map(|deal| deal.name));
        contract.name = named.unwrap_or_else(|| contract.number.clone());
    }
    contract.name = row.required_or("name", NAME, contract.name);
    let parent = known.contracts.of(row, "parent").map(|parent| parent.id);
    contract.parent_id = row.or("parent", parent, contract.parent_id);
    if contract.parent_id == Some(contract.id) {
        row.wrong("parent", "circle", &[]);
    }
    if let Some(kind) = row.choice("contract_kind", KINDS) {
        contract.contract_kind = kind;
    }
    states(chunk, row, &mut contract);
    let mut whole = before.cloned().unwrap_or_else(|| Contract {
        contract: contract.clone(),
        lines: Vec::new(),
        splits: Splits::default(),
        schedule: Vec::new(),
    });
    whole.contract = contract;
    parts(chunk, row, before, &mut whole);
    Some(whole)
}

/// Status and days.
fn states(chunk: &Chunk, row: &mut Row, contract: &mut contract::Model) {
    let new = row.choice("status", STATUSES);
    contract.signed_on = row.date_or("signed_on", contract.signed_on);
    contract.filed_on = row.date_or("filed_on", contract.filed_on);
    contract.service_from = row.date_or("service_from", contract.service_from);
    contract.service_to = row.date_or("service_to", contract.service_to);
    match new {
        Some(status) => contract.status = status,
        // A day of signing says that it is signed.
        None if contract.status == "draft" && contract.signed_on.is_some() => "signed".clone_into(&mut contract.status),
        None => {}
    }
    if matches!(contract.status.as_str(), "signed" | "ended")
        && contract.signed_on.is_none()
        && row.get("signed_on").is_none()
    {
        if row.is_form() && !row.names("signed_on") {
            contract.signed_on = Some(chunk.context.today());
        } else {
            row.wrong("signed_on", "required", &[]);
        }
    }
    if let (Some(from), Some(to)) = (contract.service_from, contract.service_to)
        && to < from
    {
        row.wrong("service_to", "before", &[&from.to_string()]);
    }
}

/// Lines, amounts, schedule, splits.
fn parts(chunk: &Chunk, row: &mut Row, before: Option<&Contract>, whole: &mut Contract) {
    let definitions = &chunk.view.snapshot.definitions;
    let currency = definitions.company.currency;
    let id = whole.contract.id;
    if let Some(code) = row.text("currency", 3)
        && code != currency.code()
    {
        row.wrong("currency", "currency_mismatch", &[&code, currency.code()]);
    }
    if let Some(lines) = lines::read_lines(row, id, &chunk.view.catalog, currency)
        && !rules::same_lines(&lines, &whole.lines)
    {
        whole.lines = lines;
        whole.contract.touch();
    }
    amounts(row, before, whole, currency);
    if let Some(schedule) = lines::read_schedule(row, id, &whole.schedule, currency)
        && schedule != whole.schedule
    {
        let sum = schedule.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.amount_minor));
        if sum.is_none_or(|sum| sum > whole.contract.amount_minor) {
            row.wrong("schedule", "schedule_over_amount", &[&format_minor(whole.contract.amount_minor, currency)]);
        }
        whole.schedule = schedule;
        whole.contract.touch();
    }
    let splits = Splits::read(row, ("contract", id), &whole.splits, definitions);
    if !splits.says(&whole.splits) {
        whole.splits = splits;
        whole.contract.touch();
    }
}

/// The amounts: the sums of the lines where there are some, else what is stated.
fn amounts(row: &mut Row, before: Option<&Contract>, whole: &mut Contract, currency: qiao_engine::money::Currency) {
    let stated = row.positive_or("amount", currency, None);
    let excl = row.positive_or("amount_excl_tax", currency, None);
    let rate = row.share("tax_rate");
    let contract = &mut whole.contract;
    if !whole.lines.is_empty() {
        let Some((amount, net, list, cost)) = lines::sums(&whole.lines) else {
            return row.wrong("lines", "not_money", &[""]);
        };
        if stated.is_some_and(|minor| minor != amount) {
            row.wrong("amount", "differs_from_lines", &[&format_minor(amount, currency)]);
        }
        if excl.is_some_and(|minor| minor != net) {
            row.wrong("amount_excl_tax", "differs_from_lines", &[&format_minor(net, currency)]);
        }
        (contract.amount_minor, contract.amount_excl_tax_minor) = (amount, net);
        contract.list_amount_minor = list;
        contract.cost_minor = row.positive_or("cost", currency, cost.or(contract.cost_minor));
        return;
    }
    if stated.is_none() && before.is_none() && row.get("amount").is_none() {
        row.wrong("amount", "required", &[]);
    }
    let amount = stated.unwrap_or(contract.amount_minor);
    let net = match (excl, rate) {
        (Some(excl), _) => Some(excl),
        (None, Some(rate)) => lines::excl_tax(amount, rate),
        // An amount alone is without VAT what it was in proportion; a new one has none.
        (None, None) if before.is_none() => Some(amount),
        (None, None) if amount == contract.amount_minor => Some(contract.amount_excl_tax_minor),
        (None, None) => {
            super::allocation::proportional(contract.amount_minor, contract.amount_excl_tax_minor, amount, 0)
        }
    };
    match net {
        Some(net) if net <= amount => contract.amount_excl_tax_minor = net,
        _ => row.wrong("amount_excl_tax", "more_than", &[&format_minor(amount, currency)]),
    }
    contract.amount_minor = amount;
    contract.list_amount_minor = row.positive_or("list_amount", currency, contract.list_amount_minor);
    contract.cost_minor = row.positive_or("cost", currency, contract.cost_minor);
}
