//! Leads: how they are written and read, and the facts that follow.

use chrono::NaiveDate;
use qiao_store::books::View;
use qiao_store::entities::{account, lead};
use qiao_store::{NewFact, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Permission;
use crate::customers::rules::{Accounts, mark};
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Written};
use crate::error::AppError;
use crate::forms::{NAME, NOTE};
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::inbox;
use crate::pipeline::rules::Opportunities;
use crate::state::AppState;
use crate::time::rfc3339;
use crate::{customers, facts, pipeline};

/// States of a lead.
const STATUSES: &[&str] = &["open", "working", "converted", "closed"];

/// A lead as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct LeadForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The person's name; required for a new one.
    name: Option<String>,
    /// Where they work.
    company_name: Option<String>,
    /// The position.
    title: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// Where the lead came from.
    source: Option<String>,
    /// The campaign that brought it.
    campaign: Option<String>,
    /// The region.
    region: Option<String>,
    /// open, working, converted or closed. A converted lead names the account or opportunity it became.
    status: Option<String>,
    /// The day of the first touch; today for a new one where absent.
    created_on: Option<String>,
    /// The day it was converted; today where it becomes converted without one.
    converted_on: Option<String>,
    /// The account it became.
    account_id: Option<String>,
    /// The opportunity it became.
    opportunity_id: Option<String>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
    /// A note.
    note: Option<String>,
}

entry::filter! {
    /// Which leads.
    owned LeadFilter {
        /// The owner.
        owner_id: Uuid,
        /// open, working, converted or closed.
        status: String,
        /// The id in another system.
        external_id: String,
        /// Part of the name or of the company's.
        text: String,
    }
}

/// A lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeadView {
    id: Uuid,
    external_id: Option<String>,
    name: String,
    company_name: Option<String>,
    title: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    source: Option<String>,
    campaign: Option<String>,
    region: Option<String>,
    /// open, working, converted or closed.
    status: String,
    created_on: Option<String>,
    converted_on: Option<String>,
    account_id: Option<Uuid>,
    opportunity_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    note: Option<String>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

impl From<&lead::Model> for LeadView {
    fn from(lead: &lead::Model) -> Self {
        let lead = lead.clone();
        Self {
            id: lead.id,
            external_id: lead.external_id,
            name: lead.name,
            company_name: lead.company_name,
            title: lead.title,
            phone: lead.phone,
            email: lead.email,
            source: lead.source,
            campaign: lead.campaign,
            region: lead.region,
            status: lead.status,
            created_on: lead.created_on.map(|day| day.to_string()),
            converted_on: lead.converted_on.map(|day| day.to_string()),
            account_id: lead.account_id,
            opportunity_id: lead.opportunity_id,
            owner_id: lead.owner_id,
            note: lead.note,
            version: lead.version,
            archived: lead.archived_at.is_some(),
            updated_at: rfc3339(lead.updated_at),
        }
    }
}

/// Leads as a kind of record.
#[derive(Debug)]
pub struct LeadEntry;

impl Entry for LeadEntry {
    type Whole = lead::Model;
    type View = LeadView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[lead::Model]) -> Result<Names, AppError> {
        let people = Names::of_people(&view.snapshot.definitions, page.iter().map(|row| row.owner_id));
        let customers = customers::rules::account_names(state, view, page.iter().map(|row| row.account_id)).await?;
        let deals = page.iter().map(|row| row.opportunity_id);
        Ok(people.and(customers).and(pipeline::rules::opportunity_names(state, deals).await?))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<lead::Model>>, AppError> {
        let accounts = Accounts::read(tx.conn(), chunk, &["account"]).await?;
        let deals = Opportunities::read(tx.conn(), chunk, &["opportunity"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(tx, chunk, row, before, (&accounts, &deals, &own))))
        })?;
        let standing = facts::standing(tx.conn(), &drafts.old()).await?;
        let became = drafts.changed().filter_map(|(_, after)| after.account_id).collect();
        let became = customers::rules::accounts(tx.conn(), became).await?;
        for (_, after) in drafts.changed() {
            let account = after.account_id.and_then(|id| became.get(&id));
            facts::restate(tx, standing.of(after.id), wanted(chunk, after, account))?;
        }
        let news = inbox::given(chunk.is_file(), drafts.changed(), |row| row.owner_id);
        inbox::tell(tx, &chunk.context, news).await?;
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for LeadEntry {
    const COLUMNS: &'static [&'static str] = &[
        "lead",
        "name",
        "company_name",
        "title",
        "phone",
        "email",
        "source",
        "campaign",
        "region",
        "status",
        "created_on",
        "converted_on",
        "account",
        "opportunity",
        "owner",
        "note",
    ];

    async fn cells(state: &AppState, view: &View, page: &[lead::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let db = state.store().pool();
        let accounts = customers::rules::accounts(db, page.iter().filter_map(|row| row.account_id).collect()).await?;
        let deals = page.iter().filter_map(|row| row.opportunity_id).collect();
        let deals = pipeline::rules::opportunities(db, deals).await?;
        let row = |row: &lead::Model| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let day = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
            let account = row.account_id.and_then(|id| accounts.get(&id));
            let deal = row.opportunity_id.and_then(|id| deals.get(&id));
            vec![
                entry::key(row),
                row.name.clone(),
                text(&row.company_name),
                text(&row.title),
                text(&row.phone),
                text(&row.email),
                text(&row.source),
                text(&row.campaign),
                text(&row.region),
                row.status.clone(),
                day(row.created_on),
                day(row.converted_on),
                account.map(entry::key).unwrap_or_default(),
                deal.map(entry::key).unwrap_or_default(),
                entry::person_key(&view.snapshot.definitions, row.owner_id),
                text(&row.note),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

/// A lead gives a fact on the day of its first touch, and another on the day it is converted.
fn wanted(chunk: &Chunk, lead: &lead::Model, account: Option<&account::Model>) -> Vec<NewFact> {
    let currency = chunk.view.snapshot.definitions.company.currency;
    let fact = |kind: &str, date: NaiveDate, account: Option<&account::Model>| {
        let mut fact = NewFact::new(kind, date, currency.code(), "lead", lead.id);
        mark(&mut fact, account);
        fact.region = lead.region.clone().or(fact.region);
        fact.source.clone_from(&lead.source);
        fact.credits = lead.owner_id.map(|owner| (owner, "owner".to_owned(), 1_000_000)).into_iter().collect();
        fact.attributes.extend(lead.campaign.clone().map(|campaign| ("campaign".to_owned(), campaign)));
        fact
    };
    let mut facts: Vec<NewFact> = lead.created_on.map(|day| fact("lead_created", day, None)).into_iter().collect();
    if let Some(day) = lead.converted_on {
        let mut converted = fact("lead_converted", day, account);
        converted.opportunity_id = lead.opportunity_id;
        facts.push(converted);
    }
    facts
}

fn read(
    tx: &Tx,
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&lead::Model>,
    (accounts, deals, own): (&Accounts, &Opportunities, &Own<lead::Model>),
) -> lead::Model {
    let today = chunk.context.today();
    let mut lead = before.cloned().unwrap_or_else(|| blank(tx));
    lead.external_id = own.external_id(row, before);
    lead.name = row.required_or("name", NAME, lead.name);
    lead.company_name = row.text_or("company_name", NAME, lead.company_name);
    lead.title = row.text_or("title", NAME, lead.title);
    lead.phone = row.text_or("phone", 50, lead.phone);
    lead.email = row.text_or("email", NAME, lead.email);
    lead.source = row.text_or("source", NAME, lead.source);
    lead.campaign = row.text_or("campaign", NAME, lead.campaign);
    lead.region = row.text_or("region", NAME, lead.region);
    lead.note = row.text_or("note", NOTE, lead.note);
    lead.owner_id = entry::owner(row, chunk, before.is_none(), lead.owner_id);
    let account = accounts.of(row, "account").map(|account| account.id);
    lead.account_id = row.or("account", account, lead.account_id);
    let deal = deals.of(row, "opportunity");
    lead.opportunity_id = row.or("opportunity", deal.as_ref().map(|deal| deal.id), lead.opportunity_id);
    lead.account_id = lead.account_id.or(deal.and_then(|deal| deal.account_id));
    if let Some(status) = row.choice("status", STATUSES) {
        lead.status = status;
    }
    // A file that names no day of the first touch has none: no date is made up.
    let first = (row.is_form() && before.is_none()).then_some(today);
    lead.created_on = row.date_or("created_on", lead.created_on.or(first));
    lead.converted_on = row.date_or("converted_on", lead.converted_on);
    if lead.status == "converted" {
        if lead.account_id.is_none() && lead.opportunity_id.is_none() {
            row.wrong("status", "converted_to_what", &[]);
        }
        if row.is_form() {
            lead.converted_on = lead.converted_on.or(Some(today));
        }
    } else {
        lead.converted_on = None;
    }
    if let (Some(created), Some(converted)) = (lead.created_on, lead.converted_on)
        && converted < created
    {
        row.wrong("converted_on", "before", &[&created.to_string()]);
    }
    lead
}

fn blank(tx: &Tx) -> lead::Model {
    lead::Model {
        id: Uuid::now_v7(),
        external_id: None,
        name: String::new(),
        company_name: None,
        title: None,
        phone: None,
        email: None,
        source: None,
        campaign: None,
        region: None,
        status: "open".to_owned(),
        first_touch_at: tx.now_ms(),
        owner_id: None,
        account_id: None,
        opportunity_id: None,
        note: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
        archived_at: None,
        created_on: None,
        converted_on: None,
    }
}

record_routes! {
    LeadEntry, form LeadForm, view LeadView, filter LeadFilter, tag "leads", path "/leads", one "/leads/{id}",
    list_leads "List leads", create_lead "Capture a lead", get_lead "Get a lead", change_lead "Change a lead"
}

archive_routes! {
    LeadEntry, view LeadView, tag "leads", one "/leads/{id}", back "/leads/{id}/restoration",
    archive_lead "Put a lead away", restore_lead "Bring a lead back"
}

bulk_routes! {
    LeadEntry, form LeadForm, view LeadView, tag "leads", path "/leads/bulk-edits", edit_leads "Edit several leads"
}
