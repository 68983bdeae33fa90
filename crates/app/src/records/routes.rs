//! A record as its fields, credits and facts.

use axum::extract::{Path, State};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::fields::RecordView;
use super::{contracts, sales};
use crate::error::AppError;
use crate::facts::facts_of;
use crate::http::{Asker, Json, Problem};
use crate::state::AppState;

/// The routes of this capability.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_record))
}

/// Get a record
///
/// A record of any kind in the asker's scope, with the facts that came from it.
#[utoipa::path(get, path = "/records/{type}/{id}", tag = "records",
    params(("type" = String, Path, description = "account, contact, lead, opportunity, activity, contract, payment, invoice, sales_order or delivery"),
        ("id" = Uuid, Path)),
    responses((status = 200, body = RecordView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_record(
    State(state): State<AppState>,
    Asker(context): Asker,
    Path((record_type, id)): Path<(String, String)>,
) -> Result<Json<RecordView>, AppError> {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let (state, context) = (&state, &context);
    let drawn = async {
        match record_type.as_str() {
            "account" => sales::account(state, context, id).await,
            "contact" => sales::contact(state, context, id).await,
            "lead" => sales::lead(state, context, id).await,
            "opportunity" => sales::opportunity(state, context, id).await,
            "activity" => sales::activity(state, context, id).await,
            "contract" => contracts::contract(state, context, id).await,
            "payment" => contracts::payment(state, context, id).await,
            "invoice" => contracts::invoice(state, context, id).await,
            "sales_order" => contracts::order(state, context, id).await,
            "delivery" => contracts::delivery(state, context, id).await,
            _ => Err(AppError::NotFound),
        }
    };
    // The facts of a record that is out of sight are read for nothing: they leave with its 404.
    let (drawn, facts) = tokio::try_join!(drawn, async { Ok(facts_of(state.store(), id).await?) })?;
    Ok(Json(drawn.with(&facts)))
}
