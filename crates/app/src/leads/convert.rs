//! Converting a lead: the customer, the contact and the opportunity it becomes are made, and the lead says so, in one
//! transaction.

use qiao_store::books::View;
use qiao_store::entities::lead;
use qiao_store::{Record, Tx};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::lead::{LeadEntry, LeadView};
use crate::context::{Context, Permission};
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::entry::queries::find;
use crate::entry::{Chunk, Entry, Place, Row, Whole};
use crate::error::{AppError, FieldError};
use crate::http::idempotent;
use crate::pipeline::opportunities::OpportunityEntry;
use crate::state::AppState;

/// What a lead became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConversionView {
    /// The lead, converted.
    lead: LeadView,
    /// The customer.
    account_id: Uuid,
    /// The contact; none where none was wanted.
    contact_id: Option<Uuid>,
    /// The opportunity; none where none was wanted.
    opportunity_id: Option<Uuid>,
}

/// A lead and the form of its conversion.
struct Wish {
    lead: Uuid,
    fields: Map<String, Value>,
    context: Context,
    view: View,
}

/// Converts a lead.
///
/// # Errors
/// 403 without the permission, 404, 409 where it is converted or put away, 422 with every wrong field of the first part
/// that is wrong.
pub async fn convert(
    state: &AppState,
    context: &Context,
    lead: Uuid,
    fields: Map<String, Value>,
) -> Result<ConversionView, AppError> {
    context.require(Permission::EditSales)?;
    let wish = Wish { lead, fields, context: context.clone(), view: state.view(context).await? };
    Ok(state.store().write(&context.write(), wish, |tx, wish| Box::pin(convert_in(tx, wish))).await?)
}

async fn convert_in(tx: &mut Tx, wish: &Wish) -> Result<ConversionView, AppError> {
    let lead: lead::Model = find(tx.conn(), &wish.context.rows, wish.lead).await?.ok_or(AppError::NotFound)?;
    if lead.archived_at.is_some() {
        return Err(AppError::Conflict("archived"));
    }
    if lead.status == "converted" {
        return Err(AppError::Conflict("already_converted"));
    }
    let account = match wish.fields.get("account_id") {
        Some(Value::String(id)) if !id.trim().is_empty() => id.trim().to_owned(),
        _ => made::<AccountEntry>(tx, wish, "account", of_lead(&lead, "account")).await?.to_string(),
    };
    let with_account = |part: &str| {
        let mut fields = of_lead(&lead, part);
        fields.insert("account_id".to_owned(), Value::from(account.clone()));
        fields
    };
    let contact = match wanted(wish, "contact") {
        true => Some(made::<ContactEntry>(tx, wish, "contact", with_account("contact")).await?),
        false => None,
    };
    let opportunity = match wanted(wish, "opportunity") {
        true => {
            let mut fields = with_account("opportunity");
            fields.extend(contact.map(|id| ("contact_id".to_owned(), Value::from(id.to_string()))));
            Some(made::<OpportunityEntry>(tx, wish, "opportunity", fields).await?)
        }
        false => None,
    };
    let mut fields = Map::new();
    fields.insert("status".to_owned(), Value::from("converted"));
    fields.insert("account_id".to_owned(), Value::from(account));
    fields.extend(opportunity.map(|id| ("opportunity_id".to_owned(), Value::from(id.to_string()))));
    let place = Place::At { id: lead.id, version: lead.version };
    let lead = written::<LeadEntry>(tx, wish, Row::of_form(&fields, place, "")).await?;
    let account_id = lead.account_id.ok_or(AppError::NotFound)?;
    let view =
        ConversionView { lead: LeadView::from(&lead), account_id, contact_id: contact, opportunity_id: opportunity };
    Ok(idempotent(tx, 201, view))
}

/// True unless the form says that the part is not wanted.
fn wanted(wish: &Wish, part: &str) -> bool {
    !matches!(wish.fields.get(part), Some(Value::Null))
}

/// What a part takes from the lead where the form does not say.
fn of_lead(lead: &lead::Model, part: &str) -> Map<String, Value> {
    let company = lead.company_name.clone().unwrap_or_else(|| lead.name.clone());
    let owner = lead.owner_id.map(|owner| owner.to_string());
    let fields = match part {
        "account" => vec![
            ("name", Some(company)),
            ("region", lead.region.clone()),
            ("source", lead.source.clone()),
            // A company's number; a person's is the contact's.
            ("phone", lead.phone.clone().filter(|_| lead.company_name.is_none())),
            ("owner_id", owner),
        ],
        "contact" => vec![
            ("name", Some(lead.name.clone())),
            ("title", lead.title.clone()),
            ("phone", lead.phone.clone()),
            ("email", lead.email.clone()),
            ("owner_id", owner),
        ],
        _ => vec![("name", Some(company)), ("source", lead.source.clone()), ("owner_id", owner)],
    };
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))).collect()
}

/// Makes a part: what the form says of it over what the lead gives.
async fn made<E: Entry>(
    tx: &mut Tx,
    wish: &Wish,
    part: &str,
    mut fields: Map<String, Value>,
) -> Result<Uuid, AppError> {
    if let Some(Value::Object(said)) = wish.fields.get(part) {
        fields.extend(said.clone());
    }
    let row = Row::of_form(&fields, Place::New, &format!("/{part}"));
    Ok(written::<E>(tx, wish, row).await?.record().key())
}

async fn written<E: Entry>(tx: &mut Tx, wish: &Wish, row: Row) -> Result<E::Whole, AppError> {
    let chunk = Chunk { rows: vec![row], context: wish.context.clone(), view: wish.view.clone() };
    let (outcome, whole) = E::write(tx, &chunk).await?.pop().ok_or(AppError::NotFound)?;
    if outcome.errors.is_empty() {
        whole.ok_or(AppError::NotFound)
    } else {
        Err(AppError::Invalid(named(outcome.errors)))
    }
}

/// The customer that the form names stands at its own place, whichever part did not find it.
fn named(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    for error in &mut errors {
        if error.code == "unknown_reference" && error.pointer.ends_with("/account_id") {
            error.pointer = "/account_id".to_owned();
        }
    }
    errors
}
