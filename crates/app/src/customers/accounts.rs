//! Accounts: how they are written and read.

use std::collections::BTreeMap;

use qiao_engine::money::{Currency, format_minor};
use qiao_store::books::View;
use qiao_store::entities::account;
use qiao_store::sea_orm::ConnectionTrait;
use qiao_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::context::{Context, Permission};
use crate::entry::{self, Chunk, Draft, Drafts, Entry, Exported, Names, Own, Row, Whole, Words, Written};
use crate::error::AppError;
use crate::figures::Amount;
use crate::forms::{Money, NAME};
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::inbox;
use crate::state::AppState;
use crate::time::rfc3339;

/// An account as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct AccountForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The name; required for a new one. A former name is kept.
    name: Option<String>,
    /// The account above it in its group of companies.
    parent_id: Option<String>,
    /// The unified social credit code, 18 characters; it belongs to one group of companies.
    social_credit_code: Option<String>,
    /// The industry.
    industry: Option<String>,
    /// The region.
    region: Option<String>,
    /// The tier, for example A.
    tier: Option<String>,
    /// Where the customer came from.
    source: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The website.
    website: Option<String>,
    /// The address.
    address: Option<String>,
    /// The year of foundation.
    founded_year: Option<i32>,
    /// The number of employees.
    employees: Option<i64>,
    /// The yearly revenue.
    revenue: Option<Money>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
}

entry::filter! {
    /// Which accounts.
    owned AccountFilter {
        /// The owner.
        owner_id: Uuid,
        /// The account above.
        parent_id: Uuid,
        /// The region.
        region: String,
        /// The tier.
        tier: String,
        /// The whole name.
        name: String,
        /// The id in another system.
        external_id: String,
        /// Part of the name.
        text: String,
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    id: Uuid,
    external_id: Option<String>,
    name: String,
    /// Names it had before.
    former_names: Vec<String>,
    parent_id: Option<Uuid>,
    /// The root of its group of companies.
    group_id: Uuid,
    social_credit_code: Option<String>,
    industry: Option<String>,
    region: Option<String>,
    tier: Option<String>,
    source: Option<String>,
    phone: Option<String>,
    website: Option<String>,
    address: Option<String>,
    founded_year: Option<i32>,
    employees: Option<i64>,
    revenue: Option<Amount>,
    owner_id: Option<Uuid>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

/// An account with its former names.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account.
    pub account: account::Model,
    /// Names it had before, the oldest first.
    pub former_names: Vec<String>,
    currency: Currency,
}

impl From<&Account> for AccountView {
    fn from(whole: &Account) -> Self {
        let account = whole.account.clone();
        Self {
            id: account.id,
            external_id: account.external_id,
            name: account.name,
            former_names: whole.former_names.clone(),
            parent_id: account.parent_id,
            group_id: account.group_id,
            social_credit_code: account.social_credit_code,
            industry: account.industry,
            region: account.region,
            tier: account.tier,
            source: account.source,
            phone: account.phone,
            website: account.website,
            address: account.address,
            founded_year: account.founded_year,
            employees: account.employees,
            revenue: account.revenue_minor.map(|minor| Amount::minor(minor, whole.currency)),
            owner_id: account.owner_id,
            version: account.version,
            archived: account.archived_at.is_some(),
            updated_at: rfc3339(account.updated_at),
        }
    }
}

/// Accounts as a kind of record.
#[derive(Debug)]
pub struct AccountEntry;

impl Entry for AccountEntry {
    type Whole = Account;
    type View = AccountView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[Account]) -> Result<Names, AppError> {
        let people = Names::of_people(&view.snapshot.definitions, page.iter().map(|row| row.account.owner_id));
        let parents = page.iter().map(|row| row.account.parent_id);
        Ok(people.and(super::rules::account_names(state, view, parents).await?))
    }

    /// Writes rows of accounts. A parent is an account that is there; in a file rows are ordered so that it is.
    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<Account>>, AppError> {
        let mut own: Own<account::Model> = Own::read(tx.conn(), chunk, &["parent"]).await?;
        let codes = Words::of(&chunk.rows, &["social_credit_code"]).others;
        let mut groups: BTreeMap<String, Uuid> =
            queries::groups_of_codes(tx.conn(), &codes).await?.into_iter().collect();
        let currency = chunk.view.snapshot.definitions.company.currency;
        let whole = |account| Account { account, former_names: Vec::new(), currency };
        let befores = own.befores(chunk)?.into_iter().map(|before| before.map(whole)).collect();
        let mut drafts = Drafts::read(chunk, befores, |row, before| {
            let after = read(chunk, row, before.map(|whole| &whole.account), &own, tx);
            check_code(row, &after, &mut groups);
            if row.errors.is_empty() {
                own.known.put(after.clone());
            }
            Ok(Some(whole(after)))
        })?;
        beside(tx, chunk, &mut drafts).await?;
        let changes = drafts.changed().map(|(before, after)| (before.map(|whole| &whole.account), &after.account));
        let news = inbox::given(chunk.is_file(), changes, |row| row.owner_id);
        inbox::tell(tx, &chunk.context, news).await?;
        let mut drafts = drafts.save(tx).await?;
        if let Some(id) = chunk.patched() {
            // The answer of a form; nobody reads the names of a file's rows.
            let names = former_names(tx.conn(), &[id]).await?.remove(&id).unwrap_or_default();
            for whole in drafts.0.iter_mut().filter_map(|draft| draft.after.as_mut()) {
                whole.former_names.clone_from(&names);
            }
        }
        Ok(drafts.written())
    }
}

impl Whole for Account {
    type Record = account::Model;

    fn record(&self) -> &account::Model {
        &self.account
    }

    fn set_record(&mut self, record: account::Model) {
        self.account = record;
    }

    async fn gather(state: &AppState, context: &Context, rows: Vec<account::Model>) -> Result<Vec<Self>, AppError> {
        whole(state, context, rows).await
    }
}

impl Exported for AccountEntry {
    const COLUMNS: &'static [&'static str] = &[
        "account",
        "name",
        "parent",
        "social_credit_code",
        "industry",
        "region",
        "tier",
        "source",
        "phone",
        "website",
        "address",
        "founded_year",
        "employees",
        "revenue",
        "owner",
    ];

    async fn cells(state: &AppState, view: &View, page: &[Account]) -> Result<Vec<Vec<String>>, AppError> {
        let parents = page.iter().filter_map(|row| row.account.parent_id).collect();
        let parents = super::rules::accounts(state.store().pool(), parents).await?;
        let row = |Account { account: row, currency, .. }: &Account| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let parent = row.parent_id.and_then(|id| parents.get(&id));
            vec![
                entry::key(row),
                row.name.clone(),
                parent.map(entry::key).unwrap_or_default(),
                text(&row.social_credit_code),
                text(&row.industry),
                text(&row.region),
                text(&row.tier),
                text(&row.source),
                text(&row.phone),
                text(&row.website),
                text(&row.address),
                row.founded_year.map(|year| year.to_string()).unwrap_or_default(),
                row.employees.map(|count| count.to_string()).unwrap_or_default(),
                row.revenue_minor.map(|minor| format_minor(minor, *currency)).unwrap_or_default(),
                entry::person_key(&view.snapshot.definitions, row.owner_id),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

async fn whole(state: &AppState, context: &Context, rows: Vec<account::Model>) -> Result<Vec<Account>, AppError> {
    let currency = state.definitions(context).await?.company.currency;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut names = former_names(state.store().pool(), &ids).await?;
    Ok(rows
        .into_iter()
        .map(|account| {
            let former_names = names.remove(&account.id).unwrap_or_default();
            Account { account, former_names, currency }
        })
        .collect())
}

/// What accounts were called before, the oldest name first.
async fn former_names(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<String>>, StoreError> {
    let mut names: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in queries::former_names(db, ids).await? {
        names.entry(row.account_id).or_default().push(row.name);
    }
    Ok(names)
}

/// A credit code belongs to one group of companies.
fn check_code(row: &mut Row, account: &account::Model, groups: &mut BTreeMap<String, Uuid>) {
    let Some(code) = &account.social_credit_code else { return };
    if !row.names("social_credit_code") {
        return;
    }
    if code.len() != 18 || !code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return row.wrong("social_credit_code", "not_credit_code", &[code]);
    }
    let group = *groups.entry(code.clone()).or_insert(account.group_id);
    if group != account.group_id {
        row.wrong("social_credit_code", "already_used", &[code]);
    }
}

/// What changes beside an account: its former name, its code, the group of those below it.
async fn beside(tx: &mut Tx, chunk: &Chunk, drafts: &mut Drafts<Account>) -> Result<(), AppError> {
    let mut moved = Vec::new();
    for Draft { row, before, after, .. } in &mut drafts.0 {
        let Some(Account { account: after, .. }) = after.as_ref().filter(|_| row.errors.is_empty()) else { continue };
        let before = before.as_ref().map(|whole| &whole.account);
        if let Some(before) = before.filter(|before| before.parent_id != after.parent_id) {
            let group = queries::of_groups(tx.conn(), before.group_id).await?;
            let below = below(&group, after.id);
            if after.parent_id.is_some_and(|parent| below.iter().any(|account| account.id == parent)) {
                row.wrong("parent", "circle", &[]);
                continue;
            }
            let into = |account: &account::Model| account::Model { group_id: after.group_id, ..account.clone() };
            moved.extend(below.into_iter().map(|account| (Some(account.clone()), into(account))));
        }
        if let Some(code) = after.social_credit_code.as_ref()
            && before.and_then(|before| before.social_credit_code.as_ref()) != Some(code)
        {
            queries::put_code(tx.conn(), code, after.group_id).await?;
        }
        if let Some(before) = before.filter(|before| before.name != after.name) {
            queries::put_former_name(tx.conn(), after.id, &before.name, chunk.context.today()).await?;
        }
    }
    // Those below have no row to answer.
    tx.save_all(moved).await?;
    Ok(())
}

/// The accounts below one, itself left out.
fn below(group: &[account::Model], root: Uuid) -> Vec<&account::Model> {
    let mut found: Vec<&account::Model> = Vec::new();
    let mut above = vec![root];
    while let Some(id) = above.pop() {
        for account in group.iter().filter(|account| account.parent_id == Some(id) && account.id != root) {
            if !found.iter().any(|known| known.id == account.id) {
                above.push(account.id);
                found.push(account);
            }
        }
    }
    found
}

fn read(
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&account::Model>,
    own: &Own<account::Model>,
    tx: &Tx,
) -> account::Model {
    let definitions = &chunk.view.snapshot.definitions;
    let mut account = before.cloned().unwrap_or_else(|| blank(tx));
    account.external_id = own.external_id(row, before);
    if account.name.is_empty() && !row.is_form() {
        account.name = account.external_id.clone().unwrap_or_default();
    }
    account.name = row.required_or("name", NAME, account.name);
    let code = row.text("social_credit_code", 18).map(|code| code.to_uppercase());
    account.social_credit_code = row.or("social_credit_code", code, account.social_credit_code);
    account.industry = row.text_or("industry", NAME, account.industry);
    account.region = row.text_or("region", NAME, account.region);
    account.tier = row.text_or("tier", NAME, account.tier);
    account.source = row.text_or("source", NAME, account.source);
    account.phone = row.text_or("phone", 50, account.phone);
    account.website = row.text_or("website", 500, account.website);
    account.address = row.text_or("address", 500, account.address);
    let year = row.integer("founded_year", 1_000, 2_100).and_then(|year| i32::try_from(year).ok());
    account.founded_year = row.or("founded_year", year, account.founded_year);
    account.employees = row.integer_or("employees", 0, 100_000_000, account.employees);
    account.revenue_minor = row.money_or("revenue", definitions.company.currency, account.revenue_minor);
    account.owner_id = entry::owner(row, chunk, before.is_none(), account.owner_id);
    if row.names("parent") {
        let parent = own.known.of(row, "parent");
        if parent.as_ref().is_some_and(|parent| parent.id == account.id) {
            row.wrong("parent", "circle", &[]);
        }
        account.parent_id = parent.as_ref().map(|parent| parent.id);
        account.group_id = parent.map_or(account.id, |parent| parent.group_id);
    }
    account
}

fn blank(tx: &Tx) -> account::Model {
    let id = Uuid::now_v7();
    account::Model {
        id,
        external_id: None,
        name: String::new(),
        parent_id: None,
        group_id: id,
        social_credit_code: None,
        industry: None,
        region: None,
        tier: None,
        source: None,
        phone: None,
        website: None,
        address: None,
        founded_year: None,
        employees: None,
        revenue_minor: None,
        owner_id: None,
        attributes: "{}".to_owned(),
        version: 0,
        created_at: tx.now_ms(),
        created_by: tx.actor().user_id(),
        updated_at: tx.now_ms(),
        archived_at: None,
    }
}

record_routes! {
    AccountEntry, form AccountForm, view AccountView, filter AccountFilter, tag "customers", path "/accounts",
    one "/accounts/{id}",
    list_accounts "List accounts", create_account "Make an account", get_account "Get an account",
    change_account "Change an account"
}

archive_routes! {
    AccountEntry, view AccountView, tag "customers", one "/accounts/{id}", back "/accounts/{id}/restoration",
    archive_account "Put an account away", restore_account "Bring an account back"
}

bulk_routes! {
    AccountEntry, form AccountForm, view AccountView, tag "customers", path "/accounts/bulk-edits", edit_accounts "Edit several accounts"
}
