//! Contracts: how they are written.

use qiao_engine::money::format_minor;
use qiao_store::entities::contract;
use qiao_store::{Record, Tx};
use uuid::Uuid;

use super::contract::Contract;
use super::facts::{self as contract_facts, Around};
use super::{lines, queries, rules};
use crate::customers::rules::Accounts;
use crate::entry::{self, Chunk, Drafts, Own, Row, Written};
use crate::error::AppError;
use crate::forms::NAME;
use crate::inbox;
use crate::pipeline::rules::Opportunities;
use crate::splits::Splits;
use crate::{customers, facts, pipeline};

/// Kinds of contract.
const KINDS: &[&str] = &["new", "add_on", "renewal", "repeat", "framework"];
/// States of a contract.
const STATUSES: &[&str] = &["draft", "signed", "ended", "cancelled"];

/// What rows are read against.
struct Known {
    accounts: Accounts,
    deals: Opportunities,
    own: Own<contract::Model>,
}

/// Writes rows of contracts.
pub async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Contract>>, AppError> {
    let known = Known {
        accounts: Accounts::read(tx.conn(), chunk, &["account"]).await?,
        deals: Opportunities::read(tx.conn(), chunk, &["opportunity"]).await?,
        own: Own::read(tx.conn(), chunk, &["parent"]).await?,
    };
    let befores = known.own.befores(chunk)?;
    let old = rules::whole(tx.conn(), befores.iter().flatten().cloned().collect()).await?;
    let befores = entry::placed(&befores, old);
    let drafts = Drafts::read(chunk, befores, |row, before| Ok(Some(read(tx, chunk, row, before, &known))))?;
    settle(tx, chunk, &drafts).await?;
    let changes = drafts.changed().map(|(before, after)| (before.map(|whole| &whole.contract), &after.contract));
    let news = inbox::given(chunk.is_file(), changes, |row| row.owner_id);
    inbox::tell(tx, &chunk.context, news).await?;
    let drafts = drafts.save(tx).await?;
    for (before, after) in drafts.accepted() {
        store_parts(tx, before, after).await?;
    }
    Ok(drafts.written())
}

/// Stores lines, schedule and splits where they differ.
async fn store_parts(tx: &mut Tx, before: Option<&Contract>, after: &Contract) -> Result<(), AppError> {
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
async fn settle(tx: &mut Tx, chunk: &Chunk, drafts: &Drafts<Contract>) -> Result<(), AppError> {
    let changed: Vec<&Contract> = drafts.changed().map(|(_, after)| after).collect();
    let standing = facts::standing(tx.conn(), &drafts.old()).await?;
    let accounts = changed.iter().map(|whole| whole.contract.account_id).collect();
    let accounts = customers::rules::accounts(tx.conn(), accounts).await?;
    let deals: Vec<Uuid> = changed.iter().filter_map(|whole| whole.contract.opportunity_id).collect();
    let shared = Splits::of(tx.conn(), "opportunity", &deals).await?;
    let deals = pipeline::rules::opportunities(tx.conn(), deals).await?;
    let groups = accounts.values().map(|account| account.group_id).collect();
    let mut signed = customers::rules::signed_on(tx.conn(), groups).await?;
    // What this chunk signs counts, too.
    for Contract { contract, .. } in &changed {
        if let (Some(account), Some(day)) = (accounts.get(&contract.account_id), rules::signed_day(contract)) {
            let days = signed.entry(account.group_id).or_default();
            days.retain(|(id, _)| *id != contract.id);
            days.push((contract.id, day));
        }
    }
    for whole in changed {
        let contract = &whole.contract;
        let deal = contract.opportunity_id.and_then(|id| deals.get(&id));
        let around = Around {
            definitions: &chunk.view.snapshot.definitions,
            catalog: &chunk.view.catalog,
            account: accounts.get(&contract.account_id),
            deal,
            deal_splits: contract.opportunity_id.and_then(|id| shared.get(&id)),
            signed: &signed,
        };
        facts::restate(tx, standing.of(contract.id), contract_facts::wanted(whole, &around))?;
    }
    Ok(())
}

fn read(tx: &Tx, chunk: &Chunk, row: &mut Row, before: Option<&Contract>, known: &Known) -> Contract {
    let definitions = &chunk.view.snapshot.definitions;
    let currency = definitions.company.currency;
    let blank = || rules::blank(currency.code(), tx.now_ms(), tx.actor().user_id());
    let mut contract = before.map_or_else(blank, |whole| whole.contract.clone());
    let old = before.map(|whole| &whole.contract);
    contract.external_id = known.own.external_id(row, old);
    if contract.number.is_empty() && !row.is_form() {
        contract.number = contract.external_id.clone().unwrap_or_default();
    }
    contract.number = known.own.number(row, old, contract.number);
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
    let parent = known.own.known.of(row, "parent").map(|parent| parent.id);
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
    whole
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
    entry::in_currency(row, currency);
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
