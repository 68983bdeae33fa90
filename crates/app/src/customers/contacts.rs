//! Contacts: the people at an account.

use qiao_store::Tx;
use qiao_store::books::View;
use qiao_store::entities::contact;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::Accounts;
use crate::context::Permission;
use crate::entry::{self, Chunk, Drafts, Entry, Exported, Names, Own, Row, Written};
use crate::error::AppError;
use crate::forms::NAME;
use crate::http::bulk::bulk_routes;
use crate::http::crud::{archive_routes, record_routes};
use crate::inbox;
use crate::state::AppState;
use crate::time::rfc3339;

/// What somebody has to say in a purchase.
const DECISION_ROLES: &[&str] = &["decider", "influencer", "user", "buyer", "gatekeeper"];

/// A contact as it is sent. Absent fields stay, null empties them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as a row")]
pub struct ContactForm {
    /// The id in another system.
    external_id: Option<String>,
    /// The name; required for a new one.
    name: Option<String>,
    /// Where they work.
    account_id: Option<String>,
    /// The position.
    title: Option<String>,
    /// decider, influencer, user, buyer or gatekeeper.
    decision_role: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// The WeChat name.
    wechat: Option<String>,
    /// The owner; the asker for a new one where absent.
    owner_id: Option<String>,
}

entry::filter! {
    /// Which contacts.
    owned ContactFilter {
        /// The owner.
        owner_id: Uuid,
        /// Where they work.
        account_id: Uuid,
        /// The id in another system.
        external_id: String,
        /// Part of the name or of the customer's.
        text: String,
    }
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactView {
    id: Uuid,
    external_id: Option<String>,
    name: String,
    account_id: Option<Uuid>,
    title: Option<String>,
    decision_role: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    wechat: Option<String>,
    owner_id: Option<Uuid>,
    /// How often it was written: what If-Match takes.
    version: i64,
    /// It was put away.
    archived: bool,
    /// When it was last written.
    updated_at: String,
}

impl From<&contact::Model> for ContactView {
    fn from(contact: &contact::Model) -> Self {
        let contact = contact.clone();
        Self {
            id: contact.id,
            external_id: contact.external_id,
            name: contact.name,
            account_id: contact.account_id,
            title: contact.title,
            decision_role: contact.decision_role,
            phone: contact.phone,
            email: contact.email,
            wechat: contact.wechat,
            owner_id: contact.owner_id,
            version: contact.version,
            archived: contact.archived_at.is_some(),
            updated_at: rfc3339(contact.updated_at),
        }
    }
}

/// Contacts as a kind of record.
#[derive(Debug)]
pub struct ContactEntry;

impl Entry for ContactEntry {
    type Whole = contact::Model;
    type View = ContactView;
    const PERMISSION: Permission = Permission::EditSales;

    async fn names(state: &AppState, view: &View, page: &[contact::Model]) -> Result<Names, AppError> {
        let people = Names::of_people(&view.snapshot.definitions, page.iter().map(|row| row.owner_id));
        Ok(people.and(super::rules::account_names(state, view, page.iter().map(|row| row.account_id)).await?))
    }

    async fn write(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Written<contact::Model>>, AppError> {
        let accounts = Accounts::read(tx.conn(), chunk, &["account"]).await?;
        let own = Own::read(tx.conn(), chunk, &[]).await?;
        let drafts = Drafts::read(chunk, own.befores(chunk)?, |row, before| {
            Ok(Some(read(chunk, row, before, &accounts, &own, tx)))
        })?;
        let news = inbox::given(chunk.is_file(), drafts.changed(), |row| row.owner_id);
        inbox::tell(tx, &chunk.context, news).await?;
        Ok(drafts.save(tx).await?.written())
    }
}

impl Exported for ContactEntry {
    const COLUMNS: &'static [&'static str] =
        &["contact", "name", "account", "title", "decision_role", "phone", "email", "wechat", "owner"];

    async fn cells(state: &AppState, view: &View, page: &[contact::Model]) -> Result<Vec<Vec<String>>, AppError> {
        let accounts = page.iter().filter_map(|row| row.account_id).collect();
        let accounts = super::rules::accounts(state.store().pool(), accounts).await?;
        let row = |row: &contact::Model| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let account = row.account_id.and_then(|id| accounts.get(&id));
            vec![
                entry::key(row),
                row.name.clone(),
                account.map(entry::key).unwrap_or_default(),
                text(&row.title),
                text(&row.decision_role),
                text(&row.phone),
                text(&row.email),
                text(&row.wechat),
                entry::person_key(&view.snapshot.definitions, row.owner_id),
            ]
        };
        Ok(page.iter().map(row).collect())
    }
}

fn read(
    chunk: &Chunk,
    row: &mut Row,
    before: Option<&contact::Model>,
    accounts: &Accounts,
    own: &Own<contact::Model>,
    tx: &Tx,
) -> contact::Model {
    let mut contact = before.cloned().unwrap_or_else(|| blank(tx));
    contact.external_id = own.external_id(row, before);
    contact.name = row.required_or("name", NAME, contact.name);
    let account = accounts.of(row, "account").map(|account| account.id);
    contact.account_id = row.or("account", account, contact.account_id);
    contact.title = row.text_or("title", NAME, contact.title);
    let role = row.choice("decision_role", DECISION_ROLES);
    contact.decision_role = row.or("decision_role", role, contact.decision_role);
    contact.phone = row.text_or("phone", 50, contact.phone);
    contact.email = row.text_or("email", NAME, contact.email);
    contact.wechat = row.text_or("wechat", 100, contact.wechat);
    contact.owner_id = entry::owner(row, chunk, before.is_none(), contact.owner_id);
    contact
}

fn blank(tx: &Tx) -> contact::Model {
    contact::Model {
        id: Uuid::now_v7(),
        external_id: None,
        account_id: None,
        name: String::new(),
        title: None,
        decision_role: None,
        phone: None,
        email: None,
        wechat: None,
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
    ContactEntry, form ContactForm, view ContactView, filter ContactFilter, tag "customers", path "/contacts",
    one "/contacts/{id}",
    list_contacts "List contacts", create_contact "Make a contact", get_contact "Get a contact",
    change_contact "Change a contact"
}

archive_routes! {
    ContactEntry, view ContactView, tag "customers", one "/contacts/{id}", back "/contacts/{id}/restoration",
    archive_contact "Put a contact away", restore_contact "Bring a contact back"
}

bulk_routes! {
    ContactEntry, form ContactForm, view ContactView, tag "customers", path "/contacts/bulk-edits", edit_contacts "Edit several contacts"
}
