//! Looking for duplicates.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::rules::{Duplicate, Sought, duplicates};
use crate::error::AppError;
use crate::http::{Asker, Json, Page, Problem, Query};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_duplicates))
}

/// What somebody is about to write.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DuplicatesQuery {
    /// The company's name; its legal form, blanks and punctuation do not matter.
    name: Option<String>,
    /// The telephone number, however it is written.
    phone: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// The unified social credit code.
    social_credit_code: Option<String>,
    /// The record at hand, which is no duplicate of itself.
    except: Option<Uuid>,
}

/// Find duplicates
///
/// Accounts, contacts and leads that are perhaps the same, whoever owns them. Of those the asker may not see only the kind
/// and the owner are told.
#[utoipa::path(get, path = "/duplicates", tag = "duplicates", params(DuplicatesQuery),
    responses((status = 200, body = Page<Duplicate>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn find_duplicates(
    State(state): State<AppState>,
    Asker(context): Asker,
    Query(query): Query<DuplicatesQuery>,
) -> Result<Json<Page<Duplicate>>, AppError> {
    let (name, phone) = (query.name.as_deref(), query.phone.as_deref());
    let sought = Sought::of(name, phone, query.email.as_deref(), query.social_credit_code.as_deref());
    Ok(Json(Page::new(duplicates(&state, &context, &sought, query.except).await?, None)))
}
