//! Opportunities: how they are written and read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::{account, opportunity, stage};
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{Record, StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::history::Entered;
use super::{history, required, rules};
use crate::context::{Context, Permission};
use crate::customers;
use crate::customers::rules::{Accounts, Contacts, Signed};
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Whole, Written};
use crate::error::AppError;
use crate::facts;
use crate::figures::Amount;
use crate::forms::{Money, NAME, NOTE};
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::inbox;
use crate::splits::{SplitForm, SplitView, Splits};
use crate::state::AppState;
use crate::time::{midnight, rfc3339};

/// An opportunity as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct OpportunityForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The name; the customer's where absent.
    name: Option<String>,
    /// The customer.
    account_id: Option<String>,
    /// Who is talked to there.
    contact_id: Option<String>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
    /// The pipeline; the first where absent.
    pipeline_id: Option<String>,
    /// The stage, by id or code; the pipeline's first for a new one where absent. Moving a deal is changing its stage.
    stage_id: Option<String>,
    /// The product.
    product_id: Option<String>,
    /// What the deal is worth.
    amount: Option<Money>,
    /// The day it was opened; today for a new one where absent.
    opened_on: Option<String>,
    /// The day it is expected to close.
    expected_close_on: Option<String>,
    /// The day it was won or lost; the day of the move where absent.
    closed_on: Option<String>,
    /// Where the business came from.
    source: Option<String>,
    /// Why it was lost.
    lost_reason: Option<String>,
    /// Who else was asked.
    competitor: Option<String>,
    /// What is to be done next.
    next_step: Option<String>,
    /// Who is credited; the owner alone where there are none.
    splits: Option<Vec<SplitForm>>,
}

entry::filter! {
    /// Which opportunities.
    owned OpportunityFilter {
        /// The owner.
        owner_id: Uuid,
        /// The customer.
        account_id: Uuid,
        /// The stage.
        stage_id: Uuid,
        /// open, won or lost.
        status: String,
        /// The id in another system.
        external_id: String,
        /// The pipeline.
        pipeline_id: Uuid,
        /// The product.
        product_id: Uuid,
        /// The smallest amount, for example `1000.00`.
        amount_from: String,
        /// The largest amount.
        amount_to: String,
        /// The first day on which it is expected to close.
        expected_close_from: NaiveDate,
        /// The last day on which it is expected to close.
        expected_close_to: NaiveDate,
        /// The first day of winning or losing it.
        closed_from: NaiveDate,
        /// The last day of winning or losing it.
        closed_to: NaiveDate,
        /// Part of its name or of the customer's.
        text: String,
    }
}

/// An opportunity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpportunityView {
    id: Uuid,
    external_id: Option<String>,
    name: String,
    account_id: Option<Uuid>,
    contact_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    pipeline_id: Uuid,
    stage_id: Uuid,
    /// open, won or lost.
    status: String,
    product_id: Option<Uuid>,
    amount: Option<Amount>,
    opened_on: Option<String>,
    expected_close_on: Option<String>,
    closed_on: Option<String>,
    source: Option<String>,
    lost_reason: Option<String>,
    competitor: Option<String>,
    next_step: Option<String>,
    /// Who is credited; empty where it is the owner alone.
    splits: Vec<SplitView>,
    /// Since when it is in its stage.
    stage_entered_at: String,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

/// An opportunity with its splits.
#[derive(Clone, Debug)]
pub struct Opportunity {
    /// The opportunity.
    pub deal: opportunity::Model,
    /// Who is credited.
    pub splits: Splits,
    /// The stages that a file says it went through before it came here; of a deal that is read there are none.
    pub history: Vec<Entered>,
}

impl From<&Opportunity> for OpportunityView {
    fn from(whole: &Opportunity) -> Self {
        let deal = whole.deal.clone();
        let currency: Currency = deal.currency.parse().unwrap_or(Currency::CNY);
        let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
        Self {
            id: deal.id,
            external_id: deal.external_id,
            name: deal.name,
            account_id: deal.account_id,
            contact_id: deal.contact_id,
            owner_id: deal.owner_id,
            pipeline_id: deal.pipeline_id,
            stage_id: deal.stage_id,
            status: deal.status,
            product_id: deal.product_id,
            amount: deal.amount_minor.map(|minor| Amount::minor(minor, currency)),
            opened_on: day(deal.opened_on),
            expected_close_on: day(deal.expected_close_on),
            closed_on: day(deal.closed_on),
            source: deal.source,
            lost_reason: deal.lost_reason,
            competitor: deal.competitor,
            next_step: deal.next_step,
            splits: whole.splits.views(),
            stage_entered_at: rfc3339(deal.stage_entered_at),
            version: deal.version,
            archived: deal.archived_at.is_some(),
            updated_at: rfc3339(deal.updated_at),
        }
    }
}

/// Opportunities as a kind of record.
#[derive(Debug)]
pub struct OpportunityEntry;

impl Entry for OpportunityEntry {
    type Whole = Opportunity;
    type View = OpportunityView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[Opportunity]) -> Result<Names, AppError> {
        let credited = page.iter().flat_map(|row| row.splits.people());
        let people = page.iter().map(|row| row.deal.owner_id).chain(credited.map(Some));
        let customers = page.iter().map(|row| row.deal.account_id);
        let customers = customers::rules::account_names(state, view, customers).await?;
        let contacts = customers::rules::contact_names(state, page.iter().map(|row| row.deal.contact_id)).await?;
        Ok(Names::of_people(&view.snapshot.definitions, people).and(customers).and(contacts))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Opportunity>>, AppError> {
        let accounts = Accounts::read(tx.conn(), chunk, &["account"]).await?;
        let contacts = Contacts::read(tx.conn(), chunk, &["contact"]).await?;
        let own: Own<opportunity::Model> = Own::read(tx.conn(), chunk, &[]).await?;
        let befores = own.befores(chunk)?;
        let old = whole(tx.conn(), befores.iter().flatten().cloned().collect()).await?;
        let befores = entry::placed(&befores, old);
        let drafts = Drafts::read(chunk, befores, |row, before: Option<&Opportunity>| {
            let deal = read(chunk, row, before.map(|whole| &whole.deal), (&accounts, &contacts, &own), tx);
            let Some(mut deal) = deal else { return Ok(None) };
            let old = before.map(|whole| whole.splits.clone()).unwrap_or_default();
            let splits = Splits::read(row, ("opportunity", deal.id), &old, &chunk.view.snapshot.definitions);
            if before.is_some() && !splits.says(&old) {
                deal.touch();
            }
            // What a deal went through is taken over when it is made; from then on it is followed here.
            let history = if before.is_none() { history::read(chunk, row, &mut deal) } else { Vec::new() };
            Ok(Some(Opportunity { deal, splits, history }))
        })?;
        settle(tx, chunk, &accounts, &drafts).await?;
        let changes = drafts.changed().map(|(before, after)| (before.map(|whole| &whole.deal), &after.deal));
        let mut news = inbox::given(chunk.is_file(), changes, |row| row.owner_id);
        let closed = drafts.changed().map(|(before, after)| (before.map(|whole| &whole.deal), &after.deal));
        news.extend(rules::closed(chunk, closed));
        inbox::tell(tx, &chunk.context, news).await?;
        let drafts = drafts.save(tx).await?;
        for (before, after) in drafts.accepted() {
            let old = before.map(|whole| whole.splits.clone()).unwrap_or_default();
            after.splits.store(tx, ("opportunity", after.deal.id), &old).await?;
        }
        Ok(drafts.written())
    }
}

impl Whole for Opportunity {
    type Record = opportunity::Model;

    fn record(&self) -> &opportunity::Model {
        &self.deal
    }

    fn set_record(&mut self, record: opportunity::Model) {
        self.deal = record;
    }

    async fn gather(state: &AppState, _: &Context, rows: Vec<opportunity::Model>) -> Result<Vec<Self>, AppError> {
        Ok(whole(state.store().pool(), rows).await?)
    }
}

impl Exported for OpportunityEntry {
    const COLUMNS: &'static [&'static str] = &[
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
        "competitor",
        "next_step",
        "splits",
        "stages",
    ];

    async fn cells(state: &AppState, view: &View, page: &[Opportunity]) -> Result<Vec<Vec<String>>, AppError> {
        let accounts = page.iter().filter_map(|row| row.deal.account_id).collect();
        let accounts = customers::rules::accounts(state.store().pool(), accounts).await?;
        let ids: Vec<Uuid> = page.iter().map(|row| row.deal.id).collect();
        let standing = facts::standing(state.store().pool(), &ids).await?;
        let cells = |row: &Opportunity| {
            let mut cells = cells(view, &accounts, row);
            cells.push(history::cell(standing.of(row.deal.id)));
            cells
        };
        Ok(page.iter().map(cells).collect())
    }
}

fn cells(view: &View, accounts: &BTreeMap<Uuid, account::Model>, row: &Opportunity) -> Vec<String> {
    let Opportunity { deal, splits, .. } = row;
    let definitions = &view.snapshot.definitions;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let currency: Currency = deal.currency.parse().unwrap_or(definitions.company.currency);
    let account = deal.account_id.and_then(|id| accounts.get(&id));
    let pipeline = view.catalog.pipelines.iter().find(|p| p.id == deal.pipeline_id);
    vec![
        entry::key(deal),
        deal.name.clone(),
        account.map(entry::key).unwrap_or_default(),
        entry::person_key(definitions, deal.owner_id),
        deal.product_id.and_then(|id| view.catalog.product(id)).map(|p| p.code.clone()).unwrap_or_default(),
        pipeline.map(|p| p.name.clone()).unwrap_or_default(),
        view.catalog.stage(deal.stage_id).map(|stage| stage.code.clone()).unwrap_or_default(),
        deal.amount_minor.map(|minor| format_minor(minor, currency)).unwrap_or_default(),
        deal.currency.clone(),
        day(deal.opened_on),
        day(deal.expected_close_on),
        day(deal.closed_on),
        text(&deal.source),
        text(&deal.lost_reason),
        text(&deal.competitor),
        text(&deal.next_step),
        splits.cell(definitions),
    ]
}

async fn whole(db: &impl ConnectionTrait, rows: Vec<opportunity::Model>) -> Result<Vec<Opportunity>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut splits = Splits::of(db, "opportunity", &ids).await?;
    let whole = |deal: opportunity::Model| {
        let splits = splits.remove(&deal.id).unwrap_or_default();
        Opportunity { deal, splits, history: Vec::new() }
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Records the facts of what changed.
async fn settle(tx: &mut Tx, chunk: &Chunk, accounts: &Accounts, drafts: &Drafts<Opportunity>) -> Result<(), AppError> {
    let standing = facts::standing(tx.conn(), &drafts.old()).await?;
    // The customers of changed deals whose row did not name them.
    let unnamed = drafts.changed().filter_map(|(_, after)| after.deal.account_id);
    let unnamed = unnamed.filter(|id| accounts.at(*id).is_none()).collect();
    let others = customers::rules::accounts(tx.conn(), unnamed).await?;
    let account_of = |deal: &opportunity::Model| {
        let id = deal.account_id?;
        accounts.at(id).or_else(|| others.get(&id))
    };
    let won = drafts.changed().map(|(_, after)| &after.deal).filter(|deal| deal.status == "won");
    let groups = won.filter_map(account_of).map(|account| account.group_id).collect();
    let signed: Signed = customers::rules::signed_on(tx.conn(), groups).await?;
    for (before, Opportunity { deal, splits, history }) in drafts.changed() {
        let around = rules::Around {
            definitions: &chunk.view.snapshot.definitions,
            catalog: &chunk.view.catalog,
            account: account_of(deal),
            signed: &signed,
            splits,
            history,
        };
        let before = before.map(|whole| &whole.deal);
        rules::record(tx, before, deal, &around, standing.of(deal.id), chunk.context.today())?;
    }
    Ok(())
}

/// The opportunity that a row describes; none where its stage is not known.
fn read(
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&opportunity::Model>,
    (accounts, contacts, own): (&Accounts, &Contacts, &Own<opportunity::Model>),
    tx: &Tx,
) -> Option<opportunity::Model> {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let stage = stage_of(chunk, row, before)?;
    let blank = || rules::blank(stage, currency.code(), tx.now_ms(), tx.actor().user_id());
    let mut deal = before.cloned().unwrap_or_else(blank);
    deal.external_id = own.external_id(row, before);
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
    let account = accounts.of(row, "account");
    deal.account_id = row.or("account", account.as_ref().map(|account| account.id), deal.account_id);
    let contact = contacts.of(row, "contact").map(|contact| contact.id);
    deal.contact_id = row.or("contact", contact, deal.contact_id);
    deal.owner_id = entry::owner(row, chunk, before.is_none(), deal.owner_id);
    let product = row.product("product", &chunk.view.catalog);
    deal.product_id = row.or("product", product, deal.product_id);
    deal.amount_minor = row.money_or("amount", currency, deal.amount_minor);
    deal.source = row.text_or("source", NAME, deal.source);
    deal.lost_reason = row.text_or("lost_reason", NAME, deal.lost_reason);
    deal.competitor = row.text_or("competitor", NAME, deal.competitor);
    deal.next_step = row.text_or("next_step", NOTE, deal.next_step);
    let named = account.map(|account| account.name).or_else(|| (!row.is_form()).then(|| entry::key(&deal)));
    if let (true, Some(name)) = (deal.name.is_empty(), named) {
        deal.name = name;
    }
    deal.name = row.required_or("name", NAME, deal.name);
    dates(chunk, row, before, &mut deal);
    if before.is_none() && !row.is_form() {
        // A deal of a file stood there before it came here: since it closed, else since it began, as far as is known.
        let day = deal.closed_on.or(deal.opened_on);
        let since = day.and_then(|day| midnight(day, chunk.context.company.timezone));
        deal.stage_entered_at = since.map_or(tx.now_ms(), |since| since.min(tx.now_ms()));
    }
    let left = before.and_then(|before| chunk.view.catalog.stage(before.stage_id));
    required::check(row, before, &deal, (left, stage));
    Some(deal)
}

/// The stage that a row names; the present one, or a pipeline's first, where it names none.
fn stage_of<'a>(chunk: &'a Chunk, row: &mut Row, before: Option<&opportunity::Model>) -> Option<&'a stage::Model> {
    let catalog = &chunk.view.catalog;
    let (name, pipeline) = (row.text("stage", NAME), row.text("pipeline", NAME));
    let present = before.map(|deal| deal.pipeline_id);
    let Some(name) = name else {
        return match (before, &pipeline) {
            (Some(before), None) => catalog.stage(before.stage_id),
            _ if row.is_form() => {
                let found = catalog
                    .pipelines
                    .iter()
                    .find(|p| pipeline.as_ref().is_none_or(|word| p.id.to_string() == *word || p.name == *word));
                if found.is_none() {
                    row.wrong("pipeline", "unknown_reference", &[pipeline.as_deref().unwrap_or_default()]);
                }
                found.and_then(|pipeline| catalog.stages_of(pipeline.id).next())
            }
            _ => {
                row.wrong("stage", "required", &[]);
                None
            }
        };
    };
    match rules::find_stage(catalog, pipeline.as_deref(), present, &name) {
        Ok(stage) => Some(stage),
        Err("unknown_name") => {
            row.unknown("stage", &name, catalog.stages.iter().flat_map(|s| [s.name.as_str(), s.code.as_str()]));
            None
        }
        Err(code) => {
            row.wrong("stage", code, &[]);
            None
        }
    }
}

fn dates(chunk: &Chunk, row: &mut Row, before: Option<&opportunity::Model>, deal: &mut opportunity::Model) {
    let today = chunk.context.today();
    let opened = (row.is_form() && before.is_none()).then_some(today);
    deal.opened_on = row.date_or("opened_on", deal.opened_on.or(opened));
    deal.expected_close_on = row.date_or("expected_close_on", deal.expected_close_on);
    deal.closed_on = row.date_or("closed_on", deal.closed_on);
    if deal.status == "open" {
        deal.closed_on = None;
    } else if deal.closed_on.is_none() && row.get("closed_on").is_none() {
        // In a form the day of the move is the day it closed; a file knows when it was.
        if row.is_form() {
            deal.closed_on = Some(today);
        } else {
            row.wrong("closed_on", "required", &[]);
        }
    }
    if let (Some(opened), Some(closed)) = (deal.opened_on, deal.closed_on)
        && closed < opened
    {
        row.wrong("closed_on", "before", &[&opened.to_string()]);
    }
}

record_routes! {
    OpportunityEntry, form OpportunityForm, view OpportunityView, filter OpportunityFilter, tag "pipeline",
    path "/opportunities", one "/opportunities/{id}",
    list_opportunities "List opportunities", create_opportunity "Make an opportunity",
    get_opportunity "Get an opportunity", change_opportunity "Change or move an opportunity"
}

archive_routes! {
    OpportunityEntry, view OpportunityView, tag "pipeline", one "/opportunities/{id}", back "/opportunities/{id}/restoration",
    archive_opportunity "Put an opportunity away", restore_opportunity "Bring an opportunity back"
}

bulk_routes! {
    OpportunityEntry, form OpportunityForm, view OpportunityView, tag "pipeline", path "/opportunities/bulk-edits", edit_opportunities "Edit several opportunities"
}
