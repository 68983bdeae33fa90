//! Converting leads.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::convert::{ConversionView, convert};
use crate::customers::accounts::AccountForm;
use crate::customers::contacts::ContactForm;
use crate::error::AppError;
use crate::http::{Asker, Form, Json, PathId, Problem};
use crate::pipeline::opportunities::OpportunityForm;
use crate::state::AppState;

/// The routes of conversions.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(convert_lead))
}

/// What a lead is to become. What a part does not say is taken from the lead.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape of the form; its values are read as rows")]
struct ConversionForm {
    /// The customer that is there already; a new one is made where absent.
    account_id: Option<String>,
    /// The new customer.
    account: Option<AccountForm>,
    /// The new contact; null for none.
    contact: Option<ContactForm>,
    /// The new opportunity; null for none.
    opportunity: Option<OpportunityForm>,
}

/// Convert a lead
///
/// Makes the customer, unless one is named, the contact and the opportunity, all or nothing.
#[utoipa::path(post, path = "/leads/{id}/conversion", tag = "leads", request_body = ConversionForm,
    params(("id" = Uuid, Path)),
    responses((status = 201, body = ConversionView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn convert_lead(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    form: Form<ConversionForm>,
) -> Result<(StatusCode, Json<ConversionView>), AppError> {
    Ok((StatusCode::CREATED, Json(convert(&state, &context, id, form.fields()).await?)))
}
