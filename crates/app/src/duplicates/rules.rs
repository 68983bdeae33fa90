//! What is the same.

use qiao_engine::definitions::Definitions;
use qiao_store::entities::{account, contact, lead};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{names, queries};
use crate::context::Context;
use crate::error::AppError;
use crate::facts::rules::record_type_name;
use crate::records;
use crate::search::text::squeezed;
use crate::state::AppState;

/// The most that are answered.
const MOST: usize = 10;
/// Records of each kind that are read at most because of one name or number.
const LOOKED_AT: usize = 200;

/// What somebody is about to write, as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// The company's name without its legal form.
    pub name: Option<String>,
    /// The digits of the telephone number.
    pub phone: Option<String>,
    /// The e-mail address, small.
    pub email: Option<String>,
    /// The social credit code.
    pub code: Option<String>,
}

impl Sought {
    /// What is compared of what was typed.
    #[must_use]
    pub fn of(name: Option<&str>, phone: Option<&str>, email: Option<&str>, code: Option<&str>) -> Self {
        let text = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            name: name.and_then(names::core),
            phone: phone.and_then(names::digits),
            email: text(email).map(|email| email.to_lowercase()).filter(|email| email.contains('@')),
            code: text(code).map(|code| code.to_uppercase()).filter(|code| code.len() == 18),
        }
    }

    /// By what a record is the same; none where it only looked like it.
    fn reason(
        &self,
        name: Option<&String>,
        phone: Option<&String>,
        email: Option<&String>,
        code: Option<&String>,
    ) -> Option<&'static str> {
        let same = |ours: &Option<String>, theirs: Option<String>| ours.is_some() && *ours == theirs;
        if same(&self.code, code.cloned()) {
            Some("social_credit_code")
        } else if same(&self.phone, phone.and_then(|phone| names::digits(phone))) {
            Some("phone")
        } else if same(&self.email, email.map(|email| email.trim().to_lowercase())) {
            Some("email")
        } else if same(&self.name, name.and_then(|name| names::core(name))) {
            Some("name")
        } else {
            None
        }
    }
}

/// A record that is perhaps the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Duplicate {
    /// account, contact or lead.
    record_type: &'static str,
    /// The kind in words.
    type_name: String,
    /// None for one that the asker may not see.
    id: Option<Uuid>,
    /// None for one that the asker may not see.
    name: Option<String>,
    /// Who owns it.
    owner: Option<String>,
    /// By what it is the same: social_credit_code, phone, email or name.
    reason: &'static str,
}

/// A record that is the same, before it is known whether the asker may see it.
struct Same {
    record_type: &'static str,
    id: Uuid,
    name: String,
    owner: Option<Uuid>,
    reason: &'static str,
}

/// The records that are perhaps the same as what somebody is about to write; `except` is the record at hand.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn duplicates(
    state: &AppState,
    context: &Context,
    sought: &Sought,
    except: Option<Uuid>,
) -> Result<Vec<Duplicate>, AppError> {
    if *sought == Sought::default() {
        return Ok(Vec::new());
    }
    let db = state.store().pool();
    let [accounts, leads, contacts] = candidates(state, sought).await?;
    let (accounts, leads, contacts) =
        tokio::try_join!(queries::accounts(db, accounts), queries::leads(db, leads), queries::contacts(db, contacts))?;
    let mut same: Vec<Same> = accounts.into_iter().filter_map(|row| of_account(sought, row)).collect();
    same.extend(contacts.into_iter().filter_map(|row| of_contact(sought, row)));
    same.extend(leads.into_iter().filter_map(|row| of_lead(sought, row)));
    same.retain(|same| Some(same.id) != except);
    same.truncate(MOST);
    let definitions = state.definitions(context).await?;
    let mut found = Vec::with_capacity(same.len());
    for same in same {
        let visible = records::sees(db, &context.rows, same.record_type, same.id).await?;
        found.push(told(same, visible, &definitions, context));
    }
    Ok(found)
}

/// The accounts, leads and contacts that may be meant, by the index of names and numbers: a few steps however many records
/// there are. What is found is read and compared once more.
async fn candidates(state: &AppState, sought: &Sought) -> Result<[Vec<Uuid>; 3], AppError> {
    let (search, store) = (state.search(), state.store());
    let email = sought.email.as_deref().map(squeezed);
    let code = sought.code.as_deref().map(squeezed);
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for (ids, kind) in all.iter_mut().zip(["account", "lead", "contact"]) {
        if let Some(name) = sought.name.as_deref().filter(|_| kind != "contact") {
            // A name begins with what is left of it without its legal form.
            let same = |field: &str| field.starts_with(name) && names::core_of(field) == Some(name);
            ids.extend(search.alike(store, kind, name, same, LOOKED_AT).await?);
        }
        if let Some(phone) = sought.phone.as_deref() {
            let same = |field: &str| names::digits(field).as_deref() == Some(phone);
            ids.extend(search.alike(store, kind, phone, same, LOOKED_AT).await?);
        }
        if let Some(email) = email.as_deref().filter(|_| kind != "account") {
            ids.extend(search.alike(store, kind, email, |field| field == email, LOOKED_AT).await?);
        }
        if let Some(code) = code.as_deref().filter(|_| kind == "account") {
            ids.extend(search.alike(store, kind, code, |field| field == code, LOOKED_AT).await?);
        }
        ids.sort_unstable();
        ids.dedup();
    }
    Ok(all)
}

fn told(same: Same, visible: bool, definitions: &Definitions, context: &Context) -> Duplicate {
    let owner = same.owner.and_then(|owner| definitions.people.get(&owner.as_u128()));
    Duplicate {
        record_type: same.record_type,
        type_name: record_type_name(same.record_type, context.language()).to_owned(),
        id: visible.then_some(same.id),
        name: visible.then_some(same.name),
        owner: owner.map(|person| person.name.clone()),
        reason: same.reason,
    }
}

fn of_account(sought: &Sought, row: account::Model) -> Option<Same> {
    let reason = sought.reason(Some(&row.name), row.phone.as_ref(), None, row.social_credit_code.as_ref())?;
    Some(Same { record_type: "account", id: row.id, name: row.name, owner: row.owner_id, reason })
}

fn of_contact(sought: &Sought, row: contact::Model) -> Option<Same> {
    let reason = sought.reason(None, row.phone.as_ref(), row.email.as_ref(), None)?;
    Some(Same { record_type: "contact", id: row.id, name: row.name, owner: row.owner_id, reason })
}

fn of_lead(sought: &Sought, row: lead::Model) -> Option<Same> {
    let reason = sought.reason(row.company_name.as_ref(), row.phone.as_ref(), row.email.as_ref(), None)?;
    let name = row.company_name.unwrap_or(row.name);
    Some(Same { record_type: "lead", id: row.id, name, owner: row.owner_id, reason })
}
